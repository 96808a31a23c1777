//! How sure a Sharpe ratio is, given its length, its shape and how many were tried.
//!
//! After Bailey and López de Prado (*The Deflated Sharpe Ratio*, 2014). Ratios are per result, not
//! per year.

use crate::discovery::upper_tail;

/// Euler and Mascheroni's number.
const EULER: f64 = 0.577_215_664_901_532_9;

/// Mean, deviation, skewness and kurtosis of a series of results.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shape {
    /// How many.
    pub count: f64,
    /// Their mean.
    pub mean: f64,
    /// Their standard deviation.
    pub deviation: f64,
    /// Zero when both tails are alike.
    pub skewness: f64,
    /// Three for a normal series.
    pub kurtosis: f64,
}

impl Shape {
    /// The shape of results; `None` when there are fewer than three, or all are equal.
    #[expect(clippy::cast_precision_loss, reason = "nobody has 2^53 results")]
    pub fn of(results: &[f64]) -> Option<Self> {
        let count = results.len() as f64;
        let mean = results.iter().sum::<f64>() / count;
        let moment = |power: i32| {
            let powers = results.iter().map(|result| (result - mean).powi(power));
            powers.sum::<f64>() / count
        };
        let (second, third, fourth) = (moment(2), moment(3), moment(4));
        let deviation = (second * count / (count - 1.0)).sqrt();
        let is_told = 3 <= results.len() && 0.0 < second;
        is_told.then(|| Self {
            count,
            mean,
            deviation,
            skewness: third / second.powf(1.5),
            kurtosis: fourth / (second * second),
        })
    }

    /// Mean over deviation.
    pub fn sharpe(&self) -> f64 {
        self.mean / self.deviation
    }

    /// How sure it is that the true ratio is above a benchmark.
    pub fn above(&self, benchmark: f64) -> f64 {
        let sharpe = self.sharpe();
        let shape = 1.0 - self.skewness * sharpe + (self.kurtosis - 1.0) / 4.0 * sharpe * sharpe;
        let z = (sharpe - benchmark) * (self.count - 1.0).sqrt() / shape.max(1e-12).sqrt();
        1.0 - upper_tail(z)
    }

    /// How sure a positive ratio is when it is the best of many tried, whose ratios have this
    /// variance.
    pub fn deflated(&self, tried: u64, variance: f64) -> f64 {
        self.above(variance.max(0.0).sqrt() * best_of(tried))
    }
}

/// The largest of so many standard normal numbers, on average.
pub fn best_of(tried: u64) -> f64 {
    if tried < 2 {
        return 0.0;
    }
    #[expect(clippy::cast_precision_loss, reason = "nobody tries 2^53 things")]
    let tried = tried as f64;
    let quantile = |tail: f64| normal_quantile(1.0 - tail);
    (1.0 - EULER) * quantile(1.0 / tried) + EULER * quantile(1.0 / (tried * std::f64::consts::E))
}

/// The number that a standard normal one is below with this probability.
fn normal_quantile(probability: f64) -> f64 {
    let (mut low, mut high) = (-40.0, 40.0);
    for _ in 0..80 {
        let middle = f64::midpoint(low, high);
        if 1.0 - upper_tail(middle) < probability {
            low = middle;
        } else {
            high = middle;
        }
    }
    f64::midpoint(low, high)
}

#[cfg(test)]
mod tests;
