//! The volatility behind a price that has no closed form.

use super::VOLATILITY_MAX;

const STEPS_MAX: usize = 80;
/// A step that is this part of the volatility is the last.
const PRECISION: f64 = 1e-9;
/// How far the answer's price may lie from the one asked for, as a part of the latter.
const RESIDUAL: f64 = 1e-8;

/// Finds the volatility at which `value` is `price`, from a guess; `value` also returns its slope.
///
/// Newton's steps, each kept within what earlier ones left possible. Where an option is exercised
/// at once there is no slope, and the bracket is halved.
pub(super) fn volatility(
    price: f64,
    guess: f64,
    value: impl Fn(f64) -> Option<(f64, f64)>,
) -> Option<f64> {
    let (mut low, mut high) = (0.0, VOLATILITY_MAX);
    let mut at = guess;
    for _ in 0..STEPS_MAX {
        let (here, slope) = value(at)?;
        let missing = price - here;
        *(if 0.0 < missing { &mut low } else { &mut high }) = at;
        let step = at + missing / slope;
        let is_inside = low <= step && step <= high;
        if is_inside && (step - at).abs() <= PRECISION * at {
            let settled = missing.abs() <= RESIDUAL * price;
            return settled.then_some(step.min(VOLATILITY_MAX));
        }
        let next = if is_inside { step } else { 0.5 * (low + high) };
        if (next - at).abs() <= f64::EPSILON * at || high <= low {
            return (missing.abs() <= RESIDUAL * price).then_some(at);
        }
        at = next;
    }
    None
}
