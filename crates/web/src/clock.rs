//! The one clock of the wall: sessions end, buckets fill, requests and commands are timed by it. No
//! decision of the desk ever sees it.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use backsight_domain::time::Time;

/// The time on the wall.
#[expect(clippy::disallowed_methods, reason = "log-ins end by the clock of the wall")]
pub fn now() -> Time {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Time::from_nanos(i64::try_from(since.as_nanos()).unwrap_or(i64::MAX))
}

/// Measures how long something takes.
#[derive(Clone, Copy, Debug)]
pub struct Stopwatch(Instant);

impl Stopwatch {
    /// Starts at zero.
    #[expect(clippy::disallowed_methods, reason = "measures the program, decides nothing")]
    pub fn start() -> Self {
        Self(Instant::now())
    }

    /// The time since the start.
    pub fn elapsed(self) -> Duration {
        self.0.elapsed()
    }
}
