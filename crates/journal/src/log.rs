//! Where a desk writes what happened and what it decided.
//!
//! Records are numbered without gaps over entries and decisions together; an entry's own sequence
//! is its record's. Writing has three steps: `append` encodes into memory, `flush` asks for
//! durability in a class, `maintain` performs the flushes that were allowed to wait.
//!
//! | Class | For | Durable |
//! |---|---|---|
//! | A | intents, cancels, operator commands, policies | before `flush` returns |
//! | B | order updates and fills | 5 ms after the last record, at the next `maintain` |
//! | C | market data and news, which can be read again | 200 ms after it |
//!
//! After the first failed write or sync every later call fails: what is on the disk is then not
//! known, and a second try could succeed without the data.

use std::io;
use std::sync::Arc;

use backsight_domain::decision::Decision;
use backsight_domain::event::Entry;
use backsight_domain::id::Seq;
use backsight_domain::time::{Span, Time};

use crate::frame::Chain;

/// What a journal holds.
#[derive(Clone, Debug, PartialEq)]
pub enum Record {
    /// What happened.
    Entry(Entry),
    /// What was decided about the entry just before it.
    Decision(Decision),
}

/// A record read from a journal, with its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Stamped {
    /// Its place.
    pub seq: Seq,
    /// When it was received; a decision carries the time of its entry.
    pub at: Time,
    /// The chain after it.
    pub chain: Chain,
    /// The record.
    pub record: Record,
}

/// How soon records must be durable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Flush {
    /// Before the call returns.
    A,
    /// Within 5 ms.
    B,
    /// Within 200 ms.
    C,
}

impl Flush {
    /// How long a flush of this class may wait.
    pub const fn patience(self) -> Span {
        match self {
            Self::A => Span::ZERO,
            Self::B => Span::from_millis(5),
            Self::C => Span::from_millis(200),
        }
    }
}

/// A journal that is being written.
pub trait Log {
    /// The sequence that the next record must have.
    fn next_seq(&self) -> Seq;

    /// Appends what happened; `entry.seq` must be [`Self::next_seq`].
    ///
    /// # Errors
    /// Returns why the journal stands still.
    fn append_entry(&mut self, entry: &Entry) -> Result<(), LogFault>;

    /// Appends what was decided about the last entry; `seq` must be [`Self::next_seq`].
    ///
    /// # Errors
    /// Returns why the journal stands still.
    fn append_decision(&mut self, seq: Seq, decision: &Decision) -> Result<(), LogFault>;

    /// Asks that everything appended so far becomes durable.
    ///
    /// # Errors
    /// Returns why the journal stands still.
    fn flush(&mut self, class: Flush) -> Result<(), LogFault>;

    /// Performs the flushes that are due at `now`.
    ///
    /// # Errors
    /// Returns why the journal stands still.
    fn maintain(&mut self, now: Time) -> Result<(), LogFault>;

    /// When [`Self::maintain`] has to be called next; `None` when nothing waits.
    fn due(&self) -> Option<Time>;

    /// The chain after the last record: the journal's receipt.
    fn chain(&self) -> Chain;
}

/// Why a journal cannot be written.
#[derive(Clone, Debug, thiserror::Error)]
pub enum LogFault {
    /// The disk failed.
    #[error(transparent)]
    Storage(#[from] StorageFault),
    /// A record does not fit a frame.
    #[error("record `{seq}` takes `{bytes}` bytes, more than a frame holds")]
    TooLarge {
        /// The record.
        seq: Seq,
        /// Bytes of its payload.
        bytes: usize,
    },
    /// A run that is being re-executed does not produce what is recorded.
    #[error("the run does not produce record `{seq}` of the journal again")]
    Diverged {
        /// The first record that differs.
        seq: Seq,
    },
    /// An earlier fault stands.
    #[error("the journal stands still since an earlier fault")]
    Halted(#[source] Arc<Self>),
}

/// What was attempted on a disk, and how it failed.
#[derive(Clone, Debug, thiserror::Error)]
#[error("cannot {attempt} `{file}`")]
pub struct StorageFault {
    /// What was attempted.
    pub attempt: &'static str,
    /// On which file.
    pub file: Box<str>,
    /// How it failed.
    #[source]
    pub source: Arc<io::Error>,
}

impl StorageFault {
    pub(crate) fn new(attempt: &'static str, file: &str, source: io::Error) -> Self {
        Self { attempt, file: file.into(), source: Arc::new(source) }
    }
}

/// The first fault of a log; it stands for ever.
#[derive(Clone, Debug)]
pub(crate) struct Latch(Option<Arc<LogFault>>);

impl Latch {
    pub(crate) const OPEN: Self = Self(None);

    /// Refuses to go on after a fault.
    pub(crate) fn check(&self) -> Result<(), LogFault> {
        self.0.as_ref().map_or(Ok(()), |fault| Err(LogFault::Halted(Arc::clone(fault))))
    }

    /// Passes an outcome on and remembers a fault.
    pub(crate) fn keep<E: Into<LogFault>>(
        &mut self,
        outcome: Result<(), E>,
    ) -> Result<(), LogFault> {
        outcome.map_err(|fault| {
            let fault = fault.into();
            self.0 = Some(Arc::new(fault.clone()));
            fault
        })
    }
}
