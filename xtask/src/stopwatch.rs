//! The one place that reads a clock.

use std::time::Instant;

/// Measures how long a step took.
pub(crate) struct Stopwatch(Instant);

impl Stopwatch {
    /// Starts to measure.
    #[expect(
        clippy::disallowed_methods,
        reason = "seconds are shown to a person and decide nothing"
    )]
    pub(crate) fn start() -> Self {
        Self(Instant::now())
    }

    /// Returns the seconds since the start.
    pub(crate) fn seconds(&self) -> f64 {
        self.0.elapsed().as_secs_f64()
    }
}
