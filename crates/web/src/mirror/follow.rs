//! The mirror's thread: reads the journal as it grows, answers questions, tells the hub.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

use backsight_journal::{ReadFault, Reader, RealDisk};

use super::Mirror;
use super::mailbox::Question;
use crate::clock::Stopwatch;
use crate::hub::Hub;

/// How long records are read before questions are looked at.
const STRETCH: Duration = Duration::from_millis(4);
/// How often the journal is looked at when it does not grow.
const POLL: Duration = Duration::from_millis(20);
/// A write that is under way can look like damage. It is damage when it still is after so many
/// looks.
const LOOKS: u32 = 50;

/// What the thread tells about itself.
#[derive(Debug, Default)]
pub(crate) struct Progress {
    /// The last record that was read.
    pub(crate) seq: AtomicU64,
    /// Whether everything that was written was read at the last look.
    pub(crate) is_current: AtomicBool,
    /// Whether the journal could not be read on.
    pub(crate) is_stuck: AtomicBool,
}

/// Follows a journal until nobody asks any more.
pub(crate) fn run(
    journal: &Path,
    questions: &Receiver<Question<Mirror>>,
    hub: &mut Hub,
    progress: &Arc<Progress>,
) {
    let disk = RealDisk::new(journal);
    let mut mirror = Mirror::new();
    let mut reader: Option<Reader<'_, RealDisk>> = None;
    let mut looks = 0;
    loop {
        let read = read_on(&disk, &mut reader, &mut mirror);
        looks = if read.is_ok() { 0 } else { looks + 1 };
        let more = read.unwrap_or(false);
        progress.seq.store(mirror.seq.0, Ordering::Relaxed);
        progress.is_current.store(!more, Ordering::Relaxed);
        progress.is_stuck.store(LOOKS < looks, Ordering::Relaxed);
        hub.tell(&mirror);
        let wait = if more { Duration::ZERO } else { POLL };
        if !answer(questions, &mirror, wait) {
            return;
        }
    }
}

/// Reads for one stretch; whether there is more.
fn read_on<'d>(
    disk: &'d RealDisk,
    reader: &mut Option<Reader<'d, RealDisk>>,
    mirror: &mut Mirror,
) -> Result<bool, ReadFault> {
    let reader = match reader {
        Some(reader) => {
            reader.resume()?;
            reader
        }
        None => reader.insert(Reader::open(disk)?),
    };
    let watch = Stopwatch::start();
    for stamped in reader.by_ref() {
        mirror.take(&stamped?);
        if STRETCH <= watch.elapsed() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Answers what was asked, and waits a little for the next question; false when nobody can ask.
fn answer(questions: &Receiver<Question<Mirror>>, mirror: &Mirror, wait: Duration) -> bool {
    match questions.recv_timeout(wait) {
        Ok(question) => question(mirror),
        Err(RecvTimeoutError::Timeout) => return true,
        Err(RecvTimeoutError::Disconnected) => return false,
    }
    for question in questions.try_iter().take(super::mailbox::QUESTIONS_MAX) {
        question(mirror);
    }
    true
}
