//! How long messages travel.

use backsight_domain::time::Span;

use crate::chance::Chance;

/// A log-normal time of travel, cut at its longest.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Latency {
    /// Half of all messages are faster.
    pub median: Span,
    /// The standard deviation of the logarithm; zero makes every message take the median.
    pub spread: f64,
    /// None is slower.
    pub longest: Span,
}

impl Latency {
    /// The same for every message.
    pub const fn fixed(span: Span) -> Self {
        Self { median: span, spread: 0.0, longest: span }
    }

    /// Around `millis` milliseconds, one in a thousand more than six times as long.
    pub const fn around_millis(millis: i64) -> Self {
        let median = Span::from_millis(millis);
        Self { median, spread: 0.6, longest: Span::from_millis(millis * 40) }
    }

    /// One message's travel.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_precision_loss,
        reason = "latencies are far below 2^53 nanoseconds"
    )]
    pub fn draw(&self, chance: &mut Chance) -> Span {
        if self.spread == 0.0 {
            return self.median;
        }
        let factor = libm::exp(self.spread * chance.normal());
        let nanos = (self.median.nanos() as f64 * factor) as i64;
        Span::from_nanos(nanos.clamp(1, self.longest.nanos()))
    }
}
