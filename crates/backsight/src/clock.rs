//! The clock of the wall, and waiting for it. Everything else is told the time.

use std::time::Duration;

pub(crate) use backsight_web::clock::{Stopwatch, now};

/// Lets time pass.
#[expect(clippy::disallowed_methods, reason = "the one place that waits for the clock of the wall")]
pub(crate) fn pause(length: Duration) {
    std::thread::sleep(length);
}
