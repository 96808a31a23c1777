//! The volatility behind a European price.
//!
//! Puts and calls in the money are turned into the option out of the money on the same strike, whose
//! price is all time value, and that is divided by the discount and the root of forward times strike.
//! What is left depends on two numbers: x, minus the distance between forward and strike in
//! logarithms, and s, the standard deviation to expiry:
//!
//! ```text
//! b(s) = e^(x/2) N(x/s + s/2) - e^(-x/2) N(x/s - s/2)
//! ```
//!
//! b rises from 0 to e^(x/2), convex below s = sqrt(2|x|) and concave above. Newton's steps are
//! taken where b is nearly a straight line: the logarithm of b over 1/s² below, the logarithm of
//! what is missing to e^(x/2) above. A bracket around the answer catches steps that leave it.

use super::super::normal::{DENSITY_AT_ZERO, below};
use super::super::{LEAST_TIME_VALUE, VOLATILITY_MAX, Vanilla};

const STEPS_MAX: usize = 64;
const PRECISION: f64 = 4.0 * f64::EPSILON;

pub(super) fn volatility(option: &Vanilla, price: f64) -> Option<f64> {
    if !option.is_sound() || option.is_expired() || !price.is_finite() {
        return None;
    }
    let Vanilla { spot, strike, years, rate, dividend_yield, .. } = *option;
    let share = spot * libm::exp(-dividend_yield * years);
    let cash = strike * libm::exp(-rate * years);
    let certain = (option.sign() * (share - cash)).max(0.0);
    let time_value = price - certain;
    let scaled = time_value / (share * cash).sqrt();
    let x = -libm::fabs(libm::log(spot / strike) + (rate - dividend_yield) * years);
    let boundless = libm::exp(0.5 * x);
    if time_value <= LEAST_TIME_VALUE * certain.max(price) || scaled <= f64::MIN_POSITIVE {
        return None;
    }
    if boundless <= scaled {
        return None;
    }
    let deviation = Curve { x, boundless }.solve(scaled, VOLATILITY_MAX * years.sqrt())?;
    Some(deviation / years.sqrt())
}

/// The price b as a function of the deviation s, for one distance x.
struct Curve {
    x: f64,
    boundless: f64,
}

impl Curve {
    /// Finds the deviation up to `highest` at which the curve is at `target`.
    fn solve(&self, target: f64, highest: f64) -> Option<f64> {
        if self.at(highest).0 < target {
            return None;
        }
        let bend = (-2.0 * self.x).sqrt();
        let below_bend = 0.0 < bend && target < self.at(bend).0;
        let (mut low, mut high) = (0.0, highest);
        let mut s = self.guess(target, bend, below_bend).min(highest);
        for _ in 0..STEPS_MAX {
            let (b, slope) = self.at(s);
            *(if b < target { &mut low } else { &mut high }) = s;
            let step = if below_bend {
                self.step_below(s, b, slope, target)
            } else {
                self.step_above(s, b, slope, target)
            };
            // Also refuses a step that is not a number.
            let next = if low < step && step < high { step } else { 0.5 * (low + high) };
            if (next - s).abs() <= PRECISION * s || high <= low {
                return Some(next);
            }
            s = next;
        }
        Some(s)
    }

    /// A first deviation: from the tail's exponent below the bend, by a straight line at the money.
    fn guess(&self, target: f64, bend: f64, below_bend: bool) -> f64 {
        if below_bend {
            let exponent = -libm::log(target / self.at(bend).0) + 0.125 * bend * bend;
            return -self.x / (2.0 * exponent).sqrt();
        }
        (target / DENSITY_AT_ZERO).max(bend)
    }

    /// The curve and its slope.
    fn at(&self, s: f64) -> (f64, f64) {
        let (h, t) = (self.x / s, 0.5 * s);
        let b = self.boundless * below(h + t) - below(h - t) / self.boundless;
        (b, DENSITY_AT_ZERO * libm::exp(-0.5 * (h * h + t * t)))
    }

    /// Newton's step for ln b as a function of w = x²/(2 s²).
    fn step_below(&self, s: f64, b: f64, slope: f64, target: f64) -> f64 {
        let steepness = self.x * self.x / (s * s * s);
        let w = 0.5 * self.x * self.x / (s * s);
        let next = w + libm::log(b / target) * b / slope * steepness;
        -self.x / (2.0 * next).sqrt()
    }

    /// Newton's step for ln(boundless - b) as a function of s.
    fn step_above(&self, s: f64, b: f64, slope: f64, target: f64) -> f64 {
        let missing = self.boundless - b;
        s + libm::log(missing / (self.boundless - target)) * missing / slope
    }
}
