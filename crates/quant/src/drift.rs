//! When a steady effect has gone: a one-sided cumulative sum with a stated rate of false alarms.
//!
//! Page's test adds up how far each result falls short of half the expected effect, in standard
//! deviations, and starts again whenever the sum would be below zero. Siegmund's approximation
//! (*Sequential Analysis*, 1985, section 2.6) says how long the sum takes to a limit.

/// How much further a sum of steps gets than a line would: the overshoot on both ends.
const OVERSHOOT: f64 = 1.166;

/// The next value of the sum, `half` being half the expected effect.
pub fn next(sum: f64, result: f64, half: f64, spread: f64) -> f64 {
    let step = if 0.0 < spread { (half - result) / spread } else { 0.0 };
    (sum + step).max(0.0)
}

/// The limit of the sum at which a steady effect gives one false alarm in `between` results.
///
/// `half` is half the expected effect in standard deviations.
pub fn limit(half: f64, between: f64) -> f64 {
    let (mut low, mut high) = (0.0, 1.0);
    while wait(-half, high) < between && high < 1_000_000.0 {
        high *= 2.0;
    }
    for _ in 0..64 {
        let middle = f64::midpoint(low, high);
        if wait(-half, middle) < between {
            low = middle;
        } else {
            high = middle;
        }
    }
    f64::midpoint(low, high)
}

/// How many results pass until the alarm, on average, once the effect is zero.
pub fn delay(half: f64, between: f64) -> f64 {
    wait(half, limit(half, between))
}

/// The mean number of steps to a limit when a step is `mean` on average and has variance one.
fn wait(mean: f64, limit: f64) -> f64 {
    let reach = limit + OVERSHOOT;
    let bend = 2.0 * mean * reach;
    // A random walk without a drift takes the square of the way.
    if bend.abs() < 1e-4 {
        return reach * reach;
    }
    (libm::exp(-bend) - 1.0 + bend) / (2.0 * mean * mean)
}

#[cfg(test)]
mod tests;
