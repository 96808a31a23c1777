//! Replay: stepping a journal's entries through a fresh engine and holding it to what was decided.
//!
//! Recovery after a stop, `replay --check` and every reader of past states use this one loop, so a
//! desk that cannot be reproduced is found by the first of them.

use backsight_domain::decision::Decision;
use backsight_domain::id::Seq;
use backsight_journal::{Log, LogFault, Record, Stamped};

use crate::engine::Engine;

/// An engine on its way through a journal.
#[derive(Debug, Default)]
pub struct Replay {
    engine: Engine,
    /// Decided by the engine and not yet seen in the journal.
    pending: Option<Decision>,
}

/// The journal and the engine disagree about one decision.
#[derive(Clone, Debug, PartialEq)]
pub struct Divergence {
    /// The entry that was decided about.
    pub cause: Seq,
    /// What the journal says; `None` when it holds no decision.
    pub recorded: Option<Decision>,
    /// What this build decides; `None` when it decides nothing.
    pub decided: Option<Decision>,
}

impl Replay {
    /// A replay from the first entry.
    pub fn new() -> Self {
        Self::default()
    }

    /// A replay that goes on from a snapshot.
    pub fn from_snapshot(engine: Engine) -> Self {
        Self { engine, pending: None }
    }

    /// Takes the next record.
    ///
    /// # Errors
    /// Returns the first decision that differs. The engine is then past it.
    pub fn take(&mut self, stamped: &Stamped) -> Result<(), Box<Divergence>> {
        match &stamped.record {
            Record::Entry(entry) => {
                if let Some(decided) = self.pending.take() {
                    let cause = decided.cause;
                    return Err(Divergence::boxed(cause, None, Some(decided)));
                }
                let decision = self.engine.step(entry).decision;
                self.pending = (!decision.is_empty()).then_some(decision);
            }
            Record::Decision(recorded) => {
                let decided = self.pending.take();
                if decided.as_ref() != Some(recorded) {
                    let cause = recorded.cause;
                    return Err(Divergence::boxed(cause, Some(recorded.clone()), decided));
                }
            }
        }
        Ok(())
    }

    /// The engine so far.
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// Ends the replay. A last decision that a stop kept out of the journal is appended; it was
    /// never sent, and whatever it wanted is asked about like everything else after a start.
    ///
    /// # Errors
    /// Returns why the journal cannot be written.
    pub fn finish(self, log: &mut impl Log) -> Result<Engine, LogFault> {
        if let Some(decision) = &self.pending {
            log.append_decision(log.next_seq(), decision)?;
            log.flush(backsight_journal::Flush::A)?;
        }
        Ok(self.engine)
    }
}

impl Divergence {
    fn boxed(cause: Seq, recorded: Option<Decision>, decided: Option<Decision>) -> Box<Self> {
        Box::new(Self { cause, recorded, decided })
    }
}
