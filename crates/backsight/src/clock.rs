//! The one clock of the wall. Everything else is told the time.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use backsight_domain::time::Time;

/// The time on the wall.
#[expect(clippy::disallowed_methods, reason = "the one place that reads the clock of the wall")]
pub(crate) fn now() -> Time {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Time::from_nanos(i64::try_from(since.as_nanos()).unwrap_or(i64::MAX))
}

/// Lets time pass.
#[expect(clippy::disallowed_methods, reason = "the one place that waits for the clock of the wall")]
pub(crate) fn pause(length: Duration) {
    std::thread::sleep(length);
}

/// Measures how long something takes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stopwatch(Instant);

impl Stopwatch {
    /// Starts at zero.
    #[expect(clippy::disallowed_methods, reason = "measures the program, decides nothing")]
    pub(crate) fn start() -> Self {
        Self(Instant::now())
    }

    /// The time since the start.
    pub(crate) fn elapsed(self) -> Duration {
        self.0.elapsed()
    }
}
