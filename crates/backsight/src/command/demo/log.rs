//! The demo's journal: resumed from the disk, written in batches, listened to.

use std::time::Duration;

use backsight_domain::decision::Decision;
use backsight_domain::event::{Entry, Event};
use backsight_domain::id::Seq;
use backsight_domain::time::Time;
use backsight_journal::{
    Chain, FileLog, Flush, Log, LogFault, Opening, ReadFault, Reader, RealDisk, Settings,
};
use backsight_sim::resume::Resuming;

use crate::answer::{Exit, Failure};
use crate::build;
use crate::clock::{self, Stopwatch};
use crate::home::{Home, show};
use backsight_learning::past::history::History;
use backsight_learning::trial::beside::Beside;

/// How often the lock is tried when nobody seems to hold it.
const LOCK_TRIES: u32 = 10;

/// Opens the journal of a desk, for this process alone.
pub(super) fn open(home: &Home) -> Result<DemoLog, Failure> {
    let (log, opening) = lock(home)?;
    // The records are compared while the run plays them again, one by one, so the disk must live
    // as long as the run: until the process ends.
    let disk: &'static RealDisk = Box::leak(Box::new(home.disk()));
    let records = usize::try_from(opening.records).unwrap_or(usize::MAX);
    let recorded = Reader::open(disk)?.take(records);
    let recorded = recorded.map(|stamped| stamped.expect("the journal was read a moment ago"));
    let log = Batched { log, since: Stopwatch::start() };
    Ok(DemoLog { log: Resuming::new(log, recorded), history: History::default(), beside: None })
}

/// Becomes the journal's writer. Who asks whether the desk runs holds its lock for an instant, so
/// a lock that no desk holds is tried again.
fn lock(home: &Home) -> Result<(FileLog<RealDisk>, Opening), Failure> {
    let mut tries = 0;
    loop {
        match FileLog::open(home.disk(), Settings::new(build::NAME), |_| {}) {
            Ok(opened) => return Ok(opened),
            Err(fault) => {
                let failure = refusal(home, fault);
                tries += 1;
                let is_gone = failure.exit == Exit::Unavailable && home.running().is_none();
                if !is_gone || LOCK_TRIES <= tries {
                    return Err(failure);
                }
                clock::pause(Duration::from_millis(20));
            }
        }
    }
}

fn refusal(home: &Home, fault: ReadFault) -> Failure {
    let root = show(home.root());
    match home.running() {
        None => Failure::from(fault).context(format!("cannot open the desk in `{root}`")),
        Some(process) => Failure::new(
            Exit::Unavailable,
            format!(
                "the desk in `{root}` is run by process `{process}`; end that, or choose another `--home`"
            ),
        ),
    }
}

/// A journal on the disk whose flushes wait for each other.
///
/// A simulated venue ends with the process and is played again from the journal. An order that
/// left before its intent was durable is then an order that never was, so no flush needs to be
/// waited for and a crash costs the last batch only. What a person ordered is settled at once.
#[derive(Debug)]
struct Batched {
    log: FileLog<RealDisk>,
    since: Stopwatch,
}

impl Batched {
    const EVERY: Duration = Duration::from_millis(200);
}

impl Log for Batched {
    fn next_seq(&self) -> Seq {
        self.log.next_seq()
    }

    fn append_entry(&mut self, entry: &Entry) -> Result<(), LogFault> {
        self.log.append_entry(entry)
    }

    fn append_decision(&mut self, seq: Seq, decision: &Decision) -> Result<(), LogFault> {
        self.log.append_decision(seq, decision)
    }

    fn flush(&mut self, _class: Flush) -> Result<(), LogFault> {
        if self.since.elapsed() < Self::EVERY {
            return Ok(());
        }
        self.since = Stopwatch::start();
        self.log.flush(Flush::A)
    }

    fn maintain(&mut self, _now: Time) -> Result<(), LogFault> {
        Ok(())
    }

    fn due(&self) -> Option<Time> {
        None
    }

    fn chain(&self) -> Chain {
        self.log.chain()
    }
}

/// The demo's journal, and the history of what passed through it.
#[derive(Debug)]
pub(super) struct DemoLog {
    log: Resuming<Batched>,
    history: History,
    /// The shadow desks of what is followed; none before something is.
    beside: Option<Beside>,
}

impl DemoLog {
    /// The shadow desks of what is followed.
    pub(super) fn beside(&self) -> Option<&Beside> {
        self.beside.as_ref()
    }

    /// Lets shadow desks hear what the desk hears from now on.
    pub(super) fn follow(&mut self, beside: Beside) {
        self.beside = Some(beside);
    }

    /// Everything that was decided, recorded before or not.
    pub(super) fn history(&self) -> &History {
        &self.history
    }

    /// The last record.
    pub(super) fn last(&self) -> Seq {
        Seq(self.log.next_seq().0 - 1)
    }

    /// Whether recorded entries are still being compared.
    pub(super) fn is_behind(&self) -> bool {
        self.log.is_behind()
    }

    /// The person's act that the journal holds next.
    pub(super) fn next_act(&self) -> Option<&Event> {
        self.log.next_act()
    }

    /// Makes everything durable that was appended.
    pub(super) fn settle(&mut self) -> Result<(), LogFault> {
        self.log.inner_mut().log.flush(Flush::A)
    }
}

impl Log for DemoLog {
    fn next_seq(&self) -> Seq {
        self.log.next_seq()
    }

    fn append_entry(&mut self, entry: &Entry) -> Result<(), LogFault> {
        self.log.append_entry(entry)?;
        self.history.happen(entry);
        if let Some(beside) = &mut self.beside {
            beside.take(entry);
        }
        Ok(())
    }

    fn append_decision(&mut self, seq: Seq, decision: &Decision) -> Result<(), LogFault> {
        self.log.append_decision(seq, decision)?;
        self.history.decide(decision);
        Ok(())
    }

    fn flush(&mut self, class: Flush) -> Result<(), LogFault> {
        self.log.flush(class)
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
