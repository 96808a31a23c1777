//! Everything that was decided, by signal and by order.

use std::collections::{BTreeMap, VecDeque};

use backsight_domain::decision::{
    Decision, Effect, Haunting, OrderMove, OrderPhase, Outcome, Reason, Subject,
};
use backsight_domain::desk::{Alarm, OperatorCommand, TradingState};
use backsight_domain::event::{Entry, Event};
use backsight_domain::id::{IntentId, PolicyVersion, PositionId, SignalId};
use backsight_domain::money::Money;
use backsight_domain::order::{Intent, Purpose};
use backsight_domain::price::Price;
use backsight_domain::quantity::Quantity;
use backsight_domain::signal::Signal;
use backsight_domain::story::Story;
use backsight_domain::time::Time;
use backsight_domain::verdict::Verdict;
use backsight_journal::Record;

/// Stories that are remembered for the screen.
const STORIES: usize = 8;

/// Everything that was decided.
#[derive(Clone, Debug, Default)]
pub(crate) struct History {
    /// Entries so far.
    pub(crate) events: u64,
    /// Every signal and what became of it.
    pub(crate) signals: BTreeMap<SignalId, Tale>,
    /// Every order and what became of it.
    pub(crate) orders: BTreeMap<IntentId, OrderTale>,
    /// Every position that was closed, in order.
    pub(crate) trades: Vec<Outcome>,
    /// Every ghost that ended, in order.
    pub(crate) ghosts: Vec<Outcome>,
    /// The end of each session.
    pub(crate) closings: Vec<Closing>,
    /// Calls for a person.
    pub(crate) alarms: Vec<(Time, Alarm)>,
    /// Changes of the trading state.
    pub(crate) states: Vec<(Time, TradingState)>,
    /// What operators ordered.
    pub(crate) commands: Vec<(Time, OperatorCommand)>,
    /// The policy in force, and since when.
    pub(crate) policy: (Time, PolicyVersion),
    /// The last stories.
    pub(crate) stories: VecDeque<(Time, Story)>,
    /// The time of the last entry.
    at: Time,
}

/// The end of one session.
#[derive(Clone, Debug)]
pub(crate) struct Closing {
    /// When.
    pub(crate) at: Time,
    /// Equity by account.
    pub(crate) equity: Vec<Money>,
}

/// A signal and what became of it.
#[derive(Clone, Debug)]
pub(crate) struct Tale {
    /// The signal.
    pub(crate) signal: Signal,
    /// The policy it was made and judged under.
    pub(crate) policy: PolicyVersion,
    /// What the gates said, by account.
    pub(crate) verdicts: Vec<Verdict>,
    /// The ghost that follows it, if an account refused.
    pub(crate) haunting: Option<Haunting>,
    /// How the ghost ended.
    pub(crate) ghost: Option<Outcome>,
    /// Orders that open or close its positions.
    pub(crate) orders: Vec<IntentId>,
    /// How its positions ended.
    pub(crate) trades: Vec<Outcome>,
}

/// An order and what became of it.
#[derive(Clone, Debug)]
pub(crate) struct OrderTale {
    /// What was wanted.
    pub(crate) intent: Intent,
    /// When it was decided.
    pub(crate) decided: Time,
    /// Where it stands.
    pub(crate) phase: OrderPhase,
    /// When it got there.
    pub(crate) since: Time,
    /// What was executed, without sign.
    pub(crate) filled: Quantity,
    /// The price of the last execution.
    pub(crate) price: Option<Price>,
}

impl History {
    /// Takes one record.
    pub(crate) fn take(&mut self, record: &Record) {
        match record {
            Record::Entry(entry) => self.happen(entry),
            Record::Decision(decision) => self.decide(decision),
        }
    }

    /// Takes what happened.
    pub(crate) fn happen(&mut self, entry: &Entry) {
        self.events += 1;
        self.at = entry.at;
        if let Event::Operator(command) = &entry.event {
            self.commands.push((entry.at, command.clone()));
        }
        if let Event::PolicyAdopted(adopted) = &entry.event {
            self.policy = (entry.at, adopted.version);
        }
        if let Event::Story(story) = &entry.event {
            self.stories.truncate(STORIES - 1);
            self.stories.push_front((entry.at, story.clone()));
        }
    }

    /// Takes what was decided about the last entry.
    pub(crate) fn decide(&mut self, decision: &Decision) {
        // Signals first: the orders among the effects belong to them.
        for reason in &decision.because {
            if let Reason::Signal(signal) = reason {
                self.signals.insert(signal.id, Tale::new(signal, self.policy.1));
            }
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
            Reason::State { to, .. } => self.states.push((self.at, *to)),
            Reason::Closing { equity, .. } => {
                self.closings.push(Closing { at: self.at, equity: equity.clone() });
            }
            Reason::Signal(_)
            | Reason::Held(_)
            | Reason::Opened(_)
            | Reason::Ignored(_)
            | Reason::Stage(_) => {}
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

    /// The signal that a position was opened on; `None` when it was adopted.
    pub(crate) fn signal_behind(&self, position: PositionId) -> Option<SignalId> {
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
    fn new(signal: &Signal, policy: PolicyVersion) -> Self {
        Self {
            signal: signal.clone(),
            policy,
            verdicts: Vec::new(),
            haunting: None,
            ghost: None,
            orders: Vec::new(),
            trades: Vec::new(),
        }
    }
}
