//! Everything that was decided, by signal and by order.
//!
//! A signal's tale begins with what was known when it was made and is never corrected afterwards:
//! the policy, who read the news, how fearful the market was. What came of it is added as it comes.

use std::collections::{BTreeMap, VecDeque};

use backsight_domain::decision::{
    Decision, Effect, Fingerprint, Haunting, Hold, Opening, OrderMove, OrderPhase, Outcome, Reason,
    Subject,
};
use backsight_domain::desk::{Alarm, OperatorCommand, TradingState};
use backsight_domain::event::{Entry, Event, Mode, PolicyAdopted};
use backsight_domain::id::{IntentId, PolicyVersion, PositionId, ProposalId, SignalId};
use backsight_domain::money::Money;
use backsight_domain::order::{Intent, Purpose};
use backsight_domain::price::Price;
use backsight_domain::proposal::{Finding, Lesson, ProposalMove, ProposalStage};
use backsight_domain::quantity::Quantity;
use backsight_domain::signal::Signal;
use backsight_domain::story::{Rung, Story};
use backsight_domain::time::Time;
use backsight_domain::verdict::Verdict;
use backsight_journal::Record;

/// Stories that are remembered for the screen.
const STORIES: usize = 8;
/// Signals that are remembered; each takes about four kilobytes.
pub const SIGNALS_MAX: usize = 50_000;
/// Holds that are remembered.
pub const HOLDS_MAX: usize = 50_000;

/// Findings that are remembered.
pub const FINDINGS_MAX: usize = 1_000;

/// Everything that was decided.
#[derive(Clone, Debug, Default)]
pub struct History {
    /// Entries so far.
    pub events: u64,
    /// Every signal and what became of it.
    pub signals: BTreeMap<SignalId, Tale>,
    /// Every order and what became of it.
    pub orders: BTreeMap<IntentId, OrderTale>,
    /// Every position that was closed, in order.
    pub trades: Vec<Outcome>,
    /// Every ghost that ended, in order.
    pub ghosts: Vec<Outcome>,
    /// The end of each session.
    pub closings: Vec<Closing>,
    /// Calls for a person.
    pub alarms: Vec<(Time, Alarm)>,
    /// Changes of the trading state.
    pub states: Vec<(Time, TradingState)>,
    /// What operators ordered.
    pub commands: Vec<(Time, OperatorCommand)>,
    /// Every policy that was adopted, in order.
    pub adoptions: Vec<Adoption>,
    /// When a playbook looked closely and wanted nothing; the last of them.
    pub holds: VecDeque<Held>,
    /// How many signals were forgotten because there were more than [`SIGNALS_MAX`].
    pub forgotten: u64,
    /// How many lessons were told.
    pub learned: u64,
    /// What was found, by the proposal that it became; the last of them.
    pub findings: BTreeMap<ProposalId, Finding>,
    /// Where orders go; `None` before the desk started.
    pub mode: Option<Mode>,
    /// How proposals moved.
    pub moves: Vec<(Time, ProposalMove)>,
    /// The proposals that were adopted and not taken back.
    adopted: Vec<ProposalId>,
    /// The last stories.
    pub stories: VecDeque<(Time, Story)>,
    /// The time of the last entry.
    pub at: Time,
    /// What is known beside the chart and goes into every tale that begins.
    scene: Scene,
}

/// A policy that took effect.
#[derive(Clone, Debug)]
pub struct Adoption {
    /// When.
    pub at: Time,
    /// Which, and by whom.
    pub adopted: PolicyAdopted,
}

/// A hold, and when.
#[derive(Clone, Copy, Debug)]
pub struct Held {
    /// When.
    pub at: Time,
    /// The hold.
    pub hold: Hold,
}

/// What was known beside the chart when a signal was made.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Scene {
    /// The policy it was made and judged under.
    pub policy: PolicyVersion,
    /// Who read the news; `None` when nobody was named.
    pub rung: Option<Rung>,
    /// The market's fear index; `None` when none was told.
    pub fear: Option<f64>,
}

/// The end of one session.
#[derive(Clone, Debug)]
pub struct Closing {
    /// When.
    pub at: Time,
    /// BLAKE3 of the engine's whole state.
    pub fingerprint: Fingerprint,
    /// Equity by account.
    pub equity: Vec<Money>,
}

/// A signal and what became of it.
#[derive(Clone, Debug)]
pub struct Tale {
    /// The signal.
    pub signal: Signal,
    /// What was known beside the chart.
    pub scene: Scene,
    /// The proposals that were adopted by then.
    pub lessons: Vec<ProposalId>,
    /// What the gates said, by account.
    pub verdicts: Vec<Verdict>,
    /// The ghost that follows it, if an account refused.
    pub haunting: Option<Haunting>,
    /// How the ghost ended.
    pub ghost: Option<Outcome>,
    /// Orders that open or close its positions.
    pub orders: Vec<IntentId>,
    /// Positions that were opened on it, and when.
    pub opened: Vec<(Time, Opening)>,
    /// How its positions ended.
    pub trades: Vec<Outcome>,
    /// What it cost to take another position's place, if it did.
    pub roll_cost: Money,
}

/// An order and what became of it.
#[derive(Clone, Debug)]
pub struct OrderTale {
    /// What was wanted.
    pub intent: Intent,
    /// When it was decided.
    pub decided: Time,
    /// Where it stands.
    pub phase: OrderPhase,
    /// When it got there.
    pub since: Time,
    /// What was executed, without sign.
    pub filled: Quantity,
    /// The price of the last execution.
    pub price: Option<Price>,
}

impl History {
    /// Takes one record.
    pub fn take(&mut self, record: &Record) {
        match record {
            Record::Entry(entry) => self.happen(entry),
            Record::Decision(decision) => self.decide(decision),
        }
    }

    /// Takes what happened.
    pub fn happen(&mut self, entry: &Entry) {
        self.events += 1;
        self.at = entry.at;
        match &entry.event {
            Event::Operator(command) => self.commands.push((entry.at, command.clone())),
            Event::Started(started) => self.mode = Some(started.mode),
            Event::Learned(lesson) => {
                self.learned += 1;
                if let Lesson::Found(finding) = lesson {
                    self.findings.insert(ProposalId(entry.seq), (**finding).clone());
                }
                if FINDINGS_MAX < self.findings.len() {
                    self.findings.pop_first();
                }
            }
            Event::PolicyAdopted(adopted) => {
                self.scene.policy = adopted.version;
                self.adoptions.push(Adoption { at: entry.at, adopted: (**adopted).clone() });
            }
            Event::Story(story) => {
                self.stories.truncate(STORIES - 1);
                self.stories.push_front((entry.at, story.clone()));
            }
            Event::Reader(reader) => self.scene.rung = Some(reader.rung),
            Event::Regime(regime) => self.scene.fear = Some(regime.index),
            Event::Universe(_)
            | Event::Minute(_)
            | Event::Quote(_)
            | Event::Halt(_)
            | Event::Chain(_)
            | Event::PastVolatility(_)
            | Event::Split(_)
            | Event::Dividend(_)
            | Event::Earnings(_)
            | Event::Discovery(_)
            | Event::Thesis(_)
            | Event::Reading(_)
            | Event::Reply(_)
            | Event::Order(_)
            | Event::Fill(_)
            | Event::Bust(_)
            | Event::Settlement(_)
            | Event::Payout(_)
            | Event::Report(_)
            | Event::Fault(_)
            | Event::Tick => {}
        }
    }

    /// Takes what was decided about the last entry.
    pub fn decide(&mut self, decision: &Decision) {
        // Signals first: the orders among the effects belong to them.
        for reason in &decision.because {
            if let Reason::Signal(signal) = reason {
                let tale = Tale::new(signal, self.scene, self.adopted.clone());
                self.signals.insert(signal.id, tale);
            }
        }
        while SIGNALS_MAX < self.signals.len() {
            self.signals.pop_first();
            self.forgotten += 1;
        }
        for effect in &decision.effects {
            match effect {
                Effect::Submit(intent) => self.submit(intent),
                Effect::Alarm(alarm) => self.alarms.push((self.at, *alarm)),
                Effect::Resubmit(_)
                | Effect::Cancel { .. }
                | Effect::CancelForeign { .. }
                | Effect::Lookup { .. }
                | Effect::Report(_)
                | Effect::AskChain(_)
                | Effect::AskQuote(_) => {}
            }
        }
        for reason in &decision.because {
            self.explain(reason);
        }
    }

    fn submit(&mut self, intent: &Intent) {
        let tale = OrderTale {
            intent: *intent,
            decided: self.at,
            phase: OrderPhase::Sent,
            since: self.at,
            filled: Quantity::ZERO,
            price: None,
        };
        self.orders.insert(intent.id, tale);
        if let Some(tale) = self.signal_of(intent.purpose).and_then(|id| self.signals.get_mut(&id))
        {
            tale.orders.push(intent.id);
        }
    }

    fn explain(&mut self, reason: &Reason) {
        match reason {
            Reason::Verdict(verdict) => {
                if let Some(tale) = self.signals.get_mut(&verdict.signal) {
                    tale.verdicts.push((**verdict).clone());
                }
            }
            Reason::Haunted(haunting) => {
                if let Some(tale) = self.signals.get_mut(&haunting.ghost.0) {
                    tale.haunting = Some(*haunting);
                }
            }
            Reason::Rolled(rolling) => {
                let signal = self.signal_behind(rolling.to);
                if let Some(tale) = signal.and_then(|id| self.signals.get_mut(&id)) {
                    tale.roll_cost += rolling.cost;
                }
            }
            Reason::Closed(outcome) => self.close(outcome),
            Reason::Order(OrderMove { intent, to, .. }) => {
                if let Some(order) = self.orders.get_mut(intent) {
                    (order.phase, order.since) = (*to, self.at);
                }
            }
            Reason::Filled { intent, quantity, price, .. } => {
                if let Some(order) = self.orders.get_mut(intent) {
                    order.filled += quantity.magnitude();
                    order.price = Some(*price);
                }
            }
            Reason::Proposal(step) => {
                self.adopted.retain(|id| *id != step.proposal);
                if step.to == ProposalStage::Adopted {
                    self.adopted.push(step.proposal);
                }
                self.moves.push((self.at, (**step).clone()));
            }
            Reason::State { to, .. } => self.states.push((self.at, *to)),
            Reason::Closing { fingerprint, equity } => {
                let (at, equity) = (self.at, equity.clone());
                self.closings.push(Closing { at, fingerprint: *fingerprint, equity });
            }
            Reason::Held(hold) => {
                self.holds.truncate(HOLDS_MAX - 1);
                self.holds.push_front(Held { at: self.at, hold: *hold });
            }
            Reason::Opened(opening) => {
                let signal = self.signal_behind(opening.position);
                if let Some(tale) = signal.and_then(|id| self.signals.get_mut(&id)) {
                    tale.opened.push((self.at, *opening));
                }
            }
            Reason::Signal(_) | Reason::Ignored(_) | Reason::Stage(_) => {}
        }
    }

    fn close(&mut self, outcome: &Outcome) {
        match &outcome.subject {
            Subject::Position { position, .. } => {
                let signal = self.signal_behind(*position);
                if let Some(tale) = signal.and_then(|id| self.signals.get_mut(&id)) {
                    tale.trades.push(outcome.clone());
                }
                self.trades.push(outcome.clone());
            }
            Subject::Ghost { ghost, .. } => {
                if let Some(tale) = self.signals.get_mut(&ghost.0) {
                    tale.ghost = Some(outcome.clone());
                }
                self.ghosts.push(outcome.clone());
            }
        }
    }

    /// The policy in force, and since when.
    pub fn policy(&self) -> (Time, PolicyVersion) {
        let last = self.adoptions.last();
        last.map_or((self.at, PolicyVersion(0)), |last| (last.at, last.adopted.version))
    }

    /// The signal that a position was opened on; `None` when it was adopted.
    pub fn signal_behind(&self, position: PositionId) -> Option<SignalId> {
        match self.orders.get(&position.0)?.intent.purpose {
            Purpose::Open(signal) => Some(signal),
            Purpose::Close { .. } => None,
        }
    }

    fn signal_of(&self, purpose: Purpose) -> Option<SignalId> {
        match purpose {
            Purpose::Open(signal) => Some(signal),
            Purpose::Close { position, .. } => self.signal_behind(position),
        }
    }
}

impl Tale {
    fn new(signal: &Signal, scene: Scene, lessons: Vec<ProposalId>) -> Self {
        Self {
            signal: signal.clone(),
            scene,
            lessons,
            verdicts: Vec::new(),
            haunting: None,
            ghost: None,
            orders: Vec::new(),
            opened: Vec::new(),
            trades: Vec::new(),
            roll_cost: Money::ZERO,
        }
    }
}

#[cfg(test)]
mod tests;
