//! The normal distribution, accurate far into both tails.

use std::f64::consts::{FRAC_1_SQRT_2, PI};

/// One over the square root of two pi.
pub(super) const DENSITY_AT_ZERO: f64 = 0.398_942_280_401_432_7;

const _: () = assert!((DENSITY_AT_ZERO * DENSITY_AT_ZERO * 2.0 * PI - 1.0).abs() < 1e-15);

/// The probability below `x`.
pub(super) fn below(x: f64) -> f64 {
    0.5 * libm::erfc(-x * FRAC_1_SQRT_2)
}
