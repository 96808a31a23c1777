//! Back in time: the desk at a past minute, and what it would have decided under other rules.
//!
//! Both begin at the anchor before the session, an engine that the mirror kept, and take the
//! journal's own records from there. Nothing is guessed and nothing is written.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use backsight_domain::decision::Reason;
use backsight_domain::event::{Entry, Event, PolicyAdopted};
use backsight_domain::id::{PolicyVersion, Seq, SignalId};
use backsight_domain::policy::Policy;
use backsight_domain::signal::Signal;
use backsight_domain::time::Time;
use backsight_domain::verdict::Verdict;
use backsight_engine::Engine;
use backsight_engine::replay::Replay;
use backsight_journal::{ReadFault, Reader, RealDisk, Record, Stamped};

use super::{Anchor, Mirror};

/// Records behind a signal in which its verdicts are looked for: it may wait for quotes.
const BEHIND_MAX: usize = 400;

impl Mirror {
    /// The anchor from which an instant is reached; `None` before the first session.
    pub(crate) fn anchor_before(&self, at: Time) -> Option<Anchor> {
        let place = self.anchors.partition_point(|anchor| anchor.start <= at);
        self.anchors.get(place.checked_sub(1)?).cloned()
    }

    /// A mirror that goes on from an anchor and stops before the first record that is too late.
    pub(crate) fn rebuilt(
        journal: &Path,
        anchor: Anchor,
        is_late: impl Fn(&Stamped) -> bool,
    ) -> Result<Self, ReadFault> {
        let disk = RealDisk::new(journal);
        let mut reader = Reader::after(&disk, anchor.seq)?;
        let replay = Replay::from_snapshot(anchor.engine);
        let mut mirror = Self { replay, seq: anchor.seq, ..Self::default() };
        mirror.day_start = mirror.equities();
        for stamped in reader.by_ref() {
            let stamped = stamped?;
            if is_late(&stamped) {
                break;
            }
            mirror.take(&stamped);
        }
        Ok(mirror)
    }
}

/// The engine before the signal that was asked about last: whoever tries one value tries another.
#[derive(Debug, Default)]
pub(crate) struct Fork(Mutex<Option<(SignalId, Arc<Engine>)>>);

/// What a desk would have decided under other rules.
#[derive(Debug)]
pub(crate) struct Decided {
    /// The signal; `None` when there would have been none.
    pub(crate) signal: Option<Box<Signal>>,
    /// What the gates would have said.
    pub(crate) verdicts: Vec<Verdict>,
    /// The engine that decided.
    pub(crate) engine: Engine,
}

impl Fork {
    /// The engine before a signal's entry.
    pub(crate) fn before(
        &self,
        journal: &Path,
        anchor: Anchor,
        id: SignalId,
    ) -> Result<Arc<Engine>, ReadFault> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((_, engine)) = known.filter(|(known, _)| *known == id) {
            return Ok(engine);
        }
        let mirror = Mirror::rebuilt(journal, anchor, |stamped| id.cause <= stamped.seq)?;
        let engine = Arc::new(mirror.engine().clone());
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((id, engine.clone()));
        Ok(engine)
    }
}

/// Decides a signal's entry again under a policy, on a copy of the engine before it.
pub(crate) fn decide_again(
    journal: &Path,
    before: &Engine,
    (signal, policy): (&Signal, Policy),
) -> Result<Decided, ReadFault> {
    let mut engine = before.clone();
    let cause = signal.id.cause;
    let version = PolicyVersion(engine.policy_version().0 + 1);
    let adopted = PolicyAdopted { version, policy, who: "what if".into() };
    let event = Event::PolicyAdopted(Box::new(adopted));
    engine.step(&Entry { seq: cause, at: engine.now(), event });
    let disk = RealDisk::new(journal);
    let accounts = engine.accounts().len();
    let mut decided = Decided { signal: None, verdicts: Vec::new(), engine };
    for stamped in Reader::after(&disk, Seq(cause.0 - 1))?.take(BEHIND_MAX) {
        let Record::Entry(entry) = stamped?.record else { continue };
        // The policy took the place of the signal's entry, so that all others move on by one.
        let entry = Entry { seq: entry.seq.next(), ..entry };
        let decision = decided.engine.step(&entry).decision;
        for reason in decision.because {
            if let Reason::Verdict(verdict) = reason {
                decided.take(*verdict);
            } else if let Reason::Signal(made) = reason
                && made.id.cause == cause.next()
                && is_same(&made, signal)
            {
                decided.signal = Some(made);
            }
        }
        // A signal that waits for quotes is told with its verdicts, before it expires.
        if accounts <= decided.verdicts.len() || signal.expires < entry.at {
            break;
        }
    }
    Ok(decided)
}

impl Decided {
    fn take(&mut self, verdict: Verdict) {
        if self.signal.as_ref().is_some_and(|signal| signal.id == verdict.signal) {
            self.verdicts.push(verdict);
        }
    }
}

fn is_same(one: &Signal, other: &Signal) -> bool {
    (one.ticker, one.playbook, one.direction) == (other.ticker, other.playbook, other.direction)
}
