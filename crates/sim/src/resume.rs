//! Resuming a simulated desk: the world is re-executed from its seed and held to the journal.
//!
//! A simulated world ends with the process that played it, so there is nothing to reconnect to. A
//! [`Resuming`] log therefore lets the run start again from nothing: as long as the journal holds
//! records, every record that the run produces is compared with the recorded one and nothing is
//! written; behind the last recorded one it appends. The result is the journal that an
//! uninterrupted run would have written, to the last byte.

use std::fmt;

use backsight_domain::decision::Decision;
use backsight_domain::event::{Entry, Event, Source};
use backsight_domain::id::{PolicyVersion, Seq};
use backsight_domain::time::Time;
use backsight_journal::{Chain, Flush, Log, LogFault, Record, Stamped};

/// The policy that a desk starts with; the setup gives it again.
const FIRST: PolicyVersion = PolicyVersion(1);

/// A log that holds a re-executed run to its journal before it goes on with it.
pub struct Resuming<L> {
    log: L,
    recorded: Box<dyn Iterator<Item = Stamped>>,
    next: Option<Stamped>,
    /// Latched by the first record that the run did not produce again.
    has_diverged: bool,
}

impl<L: Log> Resuming<L> {
    /// A log that expects what is recorded first.
    pub fn new(log: L, recorded: impl Iterator<Item = Stamped> + 'static) -> Self {
        let mut recorded: Box<dyn Iterator<Item = Stamped>> = Box::new(recorded);
        let next = recorded.next();
        Self { log, recorded, next, has_diverged: false }
    }

    /// The person's act that the journal holds next, if it is one (a command, or a policy after the
    /// first): nothing in the world would give it again.
    pub fn next_act(&self) -> Option<&Event> {
        let Record::Entry(Entry { event, .. }) = &self.next.as_ref()?.record else { return None };
        let is_first_word = matches!(event, Event::Started(_))
            || matches!(event, Event::PolicyAdopted(adopted) if adopted.version == FIRST);
        (event.source() == Source::House && !is_first_word).then_some(event)
    }

    /// Whether recorded entries are still being compared.
    pub fn is_behind(&self) -> bool {
        self.next.is_some()
    }

    /// The log itself.
    pub fn inner_mut(&mut self) -> &mut L {
        &mut self.log
    }

    /// Compares with the recorded record, if there is one left. `true`: it must be appended.
    fn compare(&mut self, produced: impl FnOnce() -> Record) -> Result<bool, LogFault> {
        let Some(stamped) = self.next.take() else { return Ok(true) };
        if stamped.record == produced() && !self.has_diverged {
            self.next = self.recorded.next();
            return Ok(false);
        }
        self.has_diverged = true;
        let seq = stamped.seq;
        self.next = Some(stamped);
        Err(LogFault::Diverged { seq })
    }
}

impl<L: Log> Log for Resuming<L> {
    fn next_seq(&self) -> Seq {
        self.next.as_ref().map_or_else(|| self.log.next_seq(), |stamped| stamped.seq)
    }

    fn append_entry(&mut self, entry: &Entry) -> Result<(), LogFault> {
        if self.compare(|| Record::Entry(entry.clone()))? {
            self.log.append_entry(entry)?;
        }
        Ok(())
    }

    fn append_decision(&mut self, seq: Seq, decision: &Decision) -> Result<(), LogFault> {
        if self.compare(|| Record::Decision(decision.clone()))? {
            self.log.append_decision(seq, decision)?;
        }
        Ok(())
    }

    fn flush(&mut self, class: Flush) -> Result<(), LogFault> {
        if self.is_behind() { Ok(()) } else { self.log.flush(class) }
    }

    fn maintain(&mut self, now: Time) -> Result<(), LogFault> {
        self.log.maintain(now)
    }

    fn due(&self) -> Option<Time> {
        self.log.due()
    }

    fn chain(&self) -> Chain {
        self.log.chain()
    }
}

impl<L: fmt::Debug> fmt::Debug for Resuming<L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let next = self.next.as_ref().map(|stamped| stamped.seq);
        f.debug_struct("Resuming")
            .field("log", &self.log)
            .field("next", &next)
            .finish_non_exhaustive()
    }
}
