//! The mirror: a second engine that follows the journal and answers everything about *now*.
//!
//! ```text
//! desk ──► journal's files ──► mirror (one thread) ◄── questions ── requests
//! ```
//!
//! The desk is never asked. Its journal is read as it grows, and each record goes through an engine
//! of our own; the same records make the same state, so the mirror shows what the desk knew at the
//! record it has come to. Each decision is held to the one that the journal holds, and a difference
//! is told ([`Mirror::diverged`]). It shares no lock, no queue and no memory with the desk, and when it is
//! slow it is late, and says so.
//!
//! One thread owns it. A request sends a question, which is a function of the mirror, and waits for
//! its answer: see `mailbox`.

pub(crate) mod back;
pub(crate) mod bars;
pub(crate) mod follow;
pub(crate) mod mailbox;
pub(crate) mod touched;

use std::collections::{BTreeMap, VecDeque};

use backsight_domain::decision::{Decision, Effect, OrderPhase, Reason, Subject};
use backsight_domain::desk::{Command, OperatorCommand};
use backsight_domain::event::{Entry, Event, PolicyAdopted};
use backsight_domain::id::{IntentId, Seq, SignalId};
use backsight_domain::money::Money;
use backsight_domain::time::Time;
use backsight_engine::Engine;
use backsight_engine::replay::Replay;
use backsight_journal::{Chain, Record, Stamped};
use backsight_learning::past::Past;

use self::bars::Bars;
use self::touched::{Topic, Touched};

/// Minutes of equity that are kept: two sessions.
const EQUITY_MINUTES: usize = 2 * 390;

/// Engines that are kept; each holds the whole state of a desk.
const ANCHORS_MAX: usize = 64;

/// Something that a person did.
#[derive(Clone, Debug)]
pub struct Deed {
    /// The record of it.
    pub seq: Seq,
    /// When.
    pub at: Time,
    /// Who.
    pub who: Box<str>,
    /// What.
    pub what: String,
    /// What it was done to, where it was not the whole desk.
    pub target: Option<String>,
    /// Why.
    pub why: Box<str>,
}

impl Deed {
    fn of_command(entry: &Entry, command: &OperatorCommand) -> Self {
        let target = match command.command {
            Command::Approve(id) | Command::Reject(id) | Command::Withdraw(id) => {
                Some(id.to_string())
            }
            Command::Close(position) => Some(position.0.to_string()),
            Command::Acknowledge(key) => Some(key.to_string()),
            Command::Halt | Command::Reduce | Command::Flatten | Command::Resume => None,
        };
        Self {
            seq: entry.seq,
            at: entry.at,
            who: command.who.clone(),
            what: command.command.to_string(),
            target,
            why: command.why.clone(),
        }
    }

    fn of_policy(entry: &Entry, adopted: &PolicyAdopted) -> Self {
        // Who wants a policy through the site gives the reason behind the name.
        let (who, why) = adopted.who.split_once(": ").unwrap_or((&adopted.who, ""));
        Self {
            seq: entry.seq,
            at: entry.at,
            who: who.into(),
            what: "policy".to_owned(),
            target: Some(adopted.version.0.to_string()),
            why: why.into(),
        }
    }
}

/// An engine as it was before a session.
#[derive(Clone, Debug)]
pub(crate) struct Anchor {
    /// The last record that it took.
    pub(crate) seq: Seq,
    /// When the session's first minute began.
    pub(crate) start: Time,
    /// The engine.
    pub(crate) engine: Engine,
}

/// A desk as its journal tells it, up to the last record that was read.
#[derive(Debug)]
pub struct Mirror {
    replay: Replay,
    /// The first decision that the journal holds and our engine did not make.
    pub diverged: Option<Seq>,
    /// Everything that was decided, and what came of it.
    pub past: Past,
    /// Equity of each account when the session began.
    pub day_start: Vec<Option<Money>>,
    /// What the market did, for charts.
    pub bars: Bars,
    /// The states each order was in, and since when.
    pub moves: BTreeMap<IntentId, Vec<(Time, OrderPhase)>>,
    /// Equity by account at the end of recent minutes.
    pub equity: VecDeque<(Time, Vec<Option<Money>>)>,
    /// What people did.
    pub deeds: Vec<Deed>,
    /// Engines as they were before each session, the oldest first.
    pub(crate) anchors: Vec<Anchor>,
    /// The last record that was read.
    pub seq: Seq,
    /// What changed lately.
    pub(crate) touched: Touched,
}

impl Default for Mirror {
    fn default() -> Self {
        Self {
            replay: Replay::new(),
            diverged: None,
            past: Past::default(),
            day_start: Vec::new(),
            bars: Bars::default(),
            moves: BTreeMap::new(),
            equity: VecDeque::new(),
            deeds: Vec::new(),
            anchors: Vec::new(),
            seq: Seq(0),
            touched: Touched::default(),
        }
    }
}

impl Mirror {
    /// A mirror of a desk that has done nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes the next record of the journal.
    pub fn take(&mut self, stamped: &Stamped) {
        self.drop_anchor(stamped);
        self.seq = stamped.seq;
        let alerts = self.past.alerts.changes();
        self.past.take(stamped);
        if alerts != self.past.alerts.changes() {
            self.touched.touch(Topic::Alerts, self.seq);
        }
        let session = self.engine().market().session();
        if let Err(divergence) = self.replay.take(stamped) {
            self.diverged = self.diverged.or(Some(divergence.cause));
        }
        match &stamped.record {
            Record::Entry(entry) => {
                let is_new_session = session != self.engine().market().session();
                self.happen(entry, is_new_session);
            }
            Record::Decision(decision) => self.decide(decision, stamped.at),
        }
    }

    fn happen(&mut self, entry: &Entry, is_new_session: bool) {
        self.bars.happen(entry);
        match &entry.event {
            Event::Minute(_) => {
                let equity = self.equities();
                if is_new_session {
                    self.day_start.clone_from(&equity);
                }
                if self.equity.len() == EQUITY_MINUTES {
                    self.equity.pop_front();
                }
                self.equity.push_back((entry.at, equity));
                for topic in [Topic::Prices, Topic::Positions, Topic::Desk] {
                    self.touched.touch(topic, entry.seq);
                }
            }
            Event::Story(story) => self.touched.story(story.id, entry.seq),
            Event::Reading(reading) => self.touched.story(reading.story, entry.seq),
            Event::Operator(command) => {
                self.deeds.push(Deed::of_command(entry, command));
                self.touched.touch(Topic::Desk, entry.seq);
            }
            Event::PolicyAdopted(adopted) => {
                self.deeds.push(Deed::of_policy(entry, adopted));
                self.touched.touch(Topic::Desk, entry.seq);
            }
            Event::Started(_) | Event::Report(_) | Event::Payout(_) | Event::Fault(_) => {
                self.touched.touch(Topic::Desk, entry.seq);
            }
            Event::Halt(_) | Event::Quote(_) | Event::Split(_) | Event::Universe(_) => {
                self.touched.touch(Topic::Prices, entry.seq);
            }
            Event::Chain(_)
            | Event::Dividend(_)
            | Event::Earnings(_)
            | Event::Regime(_)
            | Event::PastVolatility(_)
            | Event::Discovery(_)
            | Event::Thesis(_)
            | Event::Reader(_)
            | Event::Reply(_)
            | Event::Order(_)
            | Event::Fill(_)
            | Event::Bust(_)
            | Event::Settlement(_)
            | Event::Tick => {}
            Event::Learned(_) => self.touched.touch(Topic::Learning, entry.seq),
        }
    }

    fn decide(&mut self, decision: &Decision, at: Time) {
        for effect in &decision.effects {
            match effect {
                Effect::Submit(intent) => self.move_order(intent.id, at, OrderPhase::Sent),
                Effect::Alarm(_)
                | Effect::Resubmit(_)
                | Effect::Cancel { .. }
                | Effect::CancelForeign { .. }
                | Effect::Lookup { .. }
                | Effect::Report(_)
                | Effect::AskChain(_)
                | Effect::AskQuote(_) => {}
            }
        }
        for reason in &decision.because {
            self.explain(reason, at);
        }
    }

    fn explain(&mut self, reason: &Reason, at: Time) {
        match reason {
            Reason::Signal(signal) => self.touched.signal(signal.id, self.seq),
            Reason::Verdict(verdict) => self.touched.signal(verdict.signal, self.seq),
            Reason::Haunted(haunting) => self.touched.signal(haunting.ghost.0, self.seq),
            Reason::Closed(outcome) => {
                if let Some(signal) = self.signal_of(&outcome.subject) {
                    self.touched.signal(signal, self.seq);
                }
                self.touched.touch(Topic::Positions, self.seq);
                self.touched.touch(Topic::Desk, self.seq);
            }
            Reason::Order(moved) => self.move_order(moved.intent, at, moved.to),
            Reason::Filled { intent, .. } => {
                self.touched.order(*intent, self.seq);
                self.touched.touch(Topic::Positions, self.seq);
            }
            Reason::Opened(_) | Reason::Rolled(_) | Reason::Stage(_) => {
                self.touched.touch(Topic::Positions, self.seq);
            }
            Reason::State { .. } | Reason::Closing { .. } => {
                self.touched.touch(Topic::Desk, self.seq);
            }
            Reason::Proposal(_) => {
                self.touched.touch(Topic::Learning, self.seq);
                self.touched.touch(Topic::Desk, self.seq);
            }
            Reason::Held(_) | Reason::Ignored(_) => {}
        }
    }

    /// Keeps the engine as it is before a session, so that any minute of it is soon reached again.
    fn drop_anchor(&mut self, stamped: &Stamped) {
        let Record::Entry(Entry { event: Event::Minute(minute), .. }) = &stamped.record else {
            return;
        };
        let last = self.engine().market().session();
        if last.is_some_and(|session| minute.start < session.close()) {
            return;
        }
        if ANCHORS_MAX <= self.anchors.len() {
            let mut place = 0;
            // Every second one goes: what is long ago is reached a little slower.
            self.anchors.retain(|_| {
                place += 1;
                place % 2 == 1
            });
        }
        let anchor = Anchor { seq: self.seq, start: minute.start, engine: self.engine().clone() };
        self.anchors.push(anchor);
    }

    fn move_order(&mut self, intent: IntentId, at: Time, to: OrderPhase) {
        self.moves.entry(intent).or_default().push((at, to));
        self.touched.order(intent, self.seq);
    }

    fn signal_of(&self, subject: &Subject) -> Option<SignalId> {
        match subject {
            Subject::Position { position, .. } => self.past.history.signal_behind(*position),
            Subject::Ghost { ghost, .. } => Some(ghost.0),
        }
    }

    /// Equity of each account.
    pub fn equities(&self) -> Vec<Option<Money>> {
        let accounts = self.engine().accounts().iter();
        accounts.map(|account| self.engine().equity(account.id)).collect()
    }

    /// The engine after the last entry.
    pub fn engine(&self) -> &Engine {
        self.replay.engine()
    }

    /// The chain after the last record: the receipt.
    pub fn chain(&self) -> Chain {
        self.past.chain
    }
}
