//! What a command gives back: a page and the same as JSON, or why there is none.
//!
//! Commands do not print. They return an [`Answer`] or a [`Failure`], and `main` hands either to
//! [`crate::output`].

use std::io;

use anyhow::Error;
use backsight_journal::ReadFault;
use backsight_journal::log::{LogFault, StorageFault};
use serde_json::{Value, json};

/// How the process ends. The numbers are part of the interface: `docs/COMMANDS.md`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Exit {
    /// It was done.
    Fine = 0,
    /// Two things that must be equal differ, or something failed that has no number of its own.
    Different = 1,
    /// The command line makes no sense.
    Usage = 2,
    /// The journal is damaged.
    Damaged = 65,
    /// The desk runs in another process, or there is no desk.
    Unavailable = 69,
    /// The disk failed.
    Storage = 74,
    /// The configuration is bad.
    Configuration = 78,
}

impl Exit {
    /// The stable name.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Fine => "fine",
            Self::Different => "different",
            Self::Usage => "usage",
            Self::Damaged => "damaged",
            Self::Unavailable => "unavailable",
            Self::Storage => "storage",
            Self::Configuration => "configuration",
        }
    }
}

/// What a command found.
#[derive(Debug)]
pub(crate) struct Answer {
    /// For a person.
    pub(crate) page: String,
    /// For a program.
    pub(crate) json: Value,
    /// How the process ends.
    pub(crate) exit: Exit,
}

impl Answer {
    /// An answer with nothing wrong.
    pub(crate) fn fine(page: impl Into<String>, json: Value) -> Self {
        Self { page: page.into(), json, exit: Exit::Fine }
    }
}

/// Why a command has no answer.
#[derive(Debug)]
pub(crate) struct Failure {
    /// How the process ends.
    pub(crate) exit: Exit,
    error: Error,
}

impl Failure {
    /// A failure whose message says what to do.
    pub(crate) fn new(exit: Exit, message: impl Into<String>) -> Self {
        Self { exit, error: Error::msg(message.into()) }
    }

    /// A failure with its whole chain of causes.
    pub(crate) fn caused(
        exit: Exit,
        cause: impl std::error::Error + Send + Sync + 'static,
    ) -> Self {
        Self { exit, error: cause.into() }
    }

    /// What a person reads: the whole chain of causes.
    pub(crate) fn message(&self) -> String {
        format!("{:#}", self.error)
    }

    /// What a program reads.
    pub(crate) fn json(&self) -> Value {
        json!({
            "error": self.message(),
            "exit": self.exit as u8,
            "name": self.exit.name(),
        })
    }

    /// Says what was attempted.
    pub(crate) fn context(self, attempt: impl Into<String>) -> Self {
        Self { exit: self.exit, error: self.error.context(attempt.into()) }
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self { exit: exit_of(&error), error: error.into() }
    }
}

impl From<StorageFault> for Failure {
    fn from(fault: StorageFault) -> Self {
        Self { exit: exit_of(&fault.source), error: fault.into() }
    }
}

impl From<ReadFault> for Failure {
    fn from(fault: ReadFault) -> Self {
        match fault {
            ReadFault::Storage(fault) => fault.into(),
            ReadFault::Damage(damage) => Self { exit: Exit::Damaged, error: damage.into() },
        }
    }
}

impl From<LogFault> for Failure {
    fn from(fault: LogFault) -> Self {
        match fault {
            LogFault::Storage(fault) => fault.into(),
            LogFault::Diverged { .. } => {
                let advice = "nothing was written: desk.toml or the build is not the one that wrote \
                              this journal; take that one, or begin another desk with `--home DIR`";
                Self { exit: Exit::Different, error: Error::new(fault).context(advice) }
            }
            LogFault::TooLarge { .. } | LogFault::Halted(_) => {
                Self { exit: Exit::Storage, error: fault.into() }
            }
        }
    }
}

/// A journal that somebody else writes is no failing disk.
fn exit_of(error: &io::Error) -> Exit {
    if error.kind() == io::ErrorKind::ResourceBusy { Exit::Unavailable } else { Exit::Storage }
}
