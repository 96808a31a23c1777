//! The exponential, the logarithm and the normal distribution without branches, for loops over arrays.
//!
//! A compiler can run such a loop several numbers at a time, and every step is one IEEE operation
//! in a fixed order, so that any number of lanes gives the same bits. Errors are below 2e-15 of the
//! result.

use std::f64::consts::{LN_2, LOG2_E, SQRT_2};

use super::normal::DENSITY_AT_ZERO;

/// Adding this to a small number leaves its nearest integer in the lowest bits.
const ROUNDER: f64 = 6_755_399_441_055_744.0;
/// The natural logarithm of two: its first 32 bits, and the rest.
const LN_2_HIGH: f64 = 0.693_147_180_369_123_8;
const LN_2_LOW: f64 = 1.908_214_929_270_587_7e-10;
const _: () = assert!(LN_2_HIGH + LN_2_LOW == LN_2);

/// Beyond this the exponential is taken as that of this.
const EXPONENT_MAX: f64 = 700.0;
/// Beyond this the density, about 1e-298 there, is zero.
const DISTANCE_MAX: f64 = 37.0;

/// One over the factorials of 12 down to 0.
const EXPONENTIAL: [f64; 13] = [
    1.0 / 479_001_600.0,
    1.0 / 39_916_800.0,
    1.0 / 3_628_800.0,
    1.0 / 362_880.0,
    1.0 / 40_320.0,
    1.0 / 5_040.0,
    1.0 / 720.0,
    1.0 / 120.0,
    1.0 / 24.0,
    1.0 / 6.0,
    0.5,
    1.0,
    1.0,
];

const TWO_TO_52: f64 = 4_503_599_627_370_496.0;
/// The bits of a number behind its binary point.
const FRACTION: u64 = (1 << 52) - 1;

/// Two over the odd numbers from 21 down to 1.
const ARTANH: [f64; 11] = [
    2.0 / 21.0,
    2.0 / 19.0,
    2.0 / 17.0,
    2.0 / 15.0,
    2.0 / 13.0,
    2.0 / 11.0,
    2.0 / 9.0,
    2.0 / 7.0,
    2.0 / 5.0,
    2.0 / 3.0,
    2.0,
];

/// (1 + z) times the probability beyond z over the density at z, as a polynomial of
/// (z - 5) / (z + 5), highest power first: interpolation at 22 Chebyshev nodes, made with 50 digits.
const MILLS: [f64; 22] = [
    5.771_413_037_482_369e-9,
    5.197_901_681_300_54e-9,
    -6.509_384_678_110_472e-8,
    -5.662_983_329_887_868e-8,
    4.752_407_763_733_034e-7,
    3.081_000_686_371_554e-7,
    -3.263_339_861_314_698_4e-6,
    -1.659_489_110_129_548_9e-7,
    2.270_216_107_211_578_6e-5,
    -2.481_140_521_369_043e-5,
    -1.343_717_258_070_062_8e-4,
    4.570_458_404_706_102_6e-4,
    1.953_009_468_583_369_5e-5,
    -4.201_290_740_758_25e-3,
    1.634_823_134_821_019e-2,
    -3.802_659_213_427_906e-2,
    6.150_504_583_598_427e-2,
    -6.617_760_078_241_02e-2,
    2.507_217_930_173_700_7e-2,
    7.778_159_886_882_007e-2,
    -2.294_875_382_521_134e-1,
    1.156_848_628_291_894_2,
];

/// Returns e to the `x`.
#[inline]
pub(super) fn exp(x: f64) -> f64 {
    let x = if x < -EXPONENT_MAX { -EXPONENT_MAX } else { x };
    let x = if EXPONENT_MAX < x { EXPONENT_MAX } else { x };
    let shifted = x * LOG2_E + ROUNDER;
    let whole = shifted - ROUNDER;
    let rest = (x - whole * LN_2_HIGH) - whole * LN_2_LOW;
    let mut sum = EXPONENTIAL[0];
    for coefficient in &EXPONENTIAL[1..] {
        sum = sum * rest + coefficient;
    }
    // The lowest bits of `shifted` are the power of two: they are added to the exponent.
    f64::from_bits(sum.to_bits().wrapping_add(shifted.to_bits() << 52))
}

/// Returns the natural logarithm of `x`, which is positive and not subnormal.
#[inline]
pub(super) fn ln(x: f64) -> f64 {
    let bits = x.to_bits();
    // The exponent becomes the lowest bits of a number with the value 2^52 and more.
    let exponent = f64::from_bits((bits >> 52) | TWO_TO_52.to_bits()) - (TWO_TO_52 + 1023.0);
    let fraction = f64::from_bits((bits & FRACTION) | 1f64.to_bits());
    let is_high = SQRT_2 < fraction;
    let fraction = if is_high { 0.5 * fraction } else { fraction };
    let exponent = if is_high { exponent + 1.0 } else { exponent };
    // ln f = 2 artanh((f - 1) / (f + 1)), as a series.
    let t = (fraction - 1.0) / (fraction + 1.0);
    let square = t * t;
    let mut sum = ARTANH[0];
    for coefficient in &ARTANH[1..] {
        sum = sum * square + coefficient;
    }
    exponent * LN_2_HIGH + (exponent * LN_2_LOW + t * sum)
}

/// Returns the normal distribution's probability below `x` and its density at `x`.
#[inline]
pub(super) fn normal(x: f64) -> (f64, f64) {
    let z = x.abs();
    let scale = if DISTANCE_MAX < z { 0.0 } else { DENSITY_AT_ZERO };
    let z = if DISTANCE_MAX < z { DISTANCE_MAX } else { z };
    let density = scale * exp(-0.5 * z * z);
    let beyond = density * mills(z);
    (if x < 0.0 { beyond } else { 1.0 - beyond }, density)
}

/// Returns the probability beyond `z` over the density at `z`, for `z` not below zero.
#[inline]
pub(super) fn mills(z: f64) -> f64 {
    let t = (z - 5.0) / (z + 5.0);
    let mut sum = MILLS[0];
    for coefficient in &MILLS[1..] {
        sum = sum * t + coefficient;
    }
    sum / (1.0 + z)
}

#[cfg(test)]
mod tests;
