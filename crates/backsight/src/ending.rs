//! Being told to end by a signal: the first one ends in order, the second at once.
//!
//! In order means: the event at hand is finished and durable, the site says farewell, the tables
//! catch up. A desk that is killed instead loses nothing either; it only has to find its end again.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use signal_hook::consts::TERM_SIGNALS;
use signal_hook::flag::{register, register_conditional_shutdown};

/// How a process ends that was told twice, as shells know it from Ctrl-C.
const AT_ONCE: i32 = 130;

/// Whether somebody wants the process to end.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ending(Arc<AtomicBool>);

impl Ending {
    /// Begins to listen for Ctrl-C and its kin.
    pub(crate) fn listen() -> Self {
        let ending = Self::default();
        for signal in TERM_SIGNALS {
            // Where a signal cannot be listened to it ends the process at once, as it would have.
            // The second one is looked for first, or the first would be taken for it.
            register_conditional_shutdown(*signal, AT_ONCE, ending.0.clone()).ok();
            register(*signal, ending.0.clone()).ok();
        }
        ending
    }

    /// Whether the end is wanted.
    pub(crate) fn is_wanted(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}
