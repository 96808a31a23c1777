//! The engine: one entry in, one decision out.
//!
//! [`Engine::step`] is the only way to change it. The work is spread by what an entry is about:
//! `engine/minute.rs` follows the market (exits, ghosts, signals), `engine/venue.rs` listens to the
//! venue (orders, fills), `engine/audit.rs` reads its books (reports, busts, what is foreign),
//! `engine/replace.rs` knows orders that take another's place, `engine/settlement.rs` books
//! contracts that leave without a trade, `engine/exits.rs` sends the orders of exits,
//! `engine/load.rs` counts what is under way, `engine/corporate.rs` splits and dividends,
//! `engine/roll.rs` opens what takes the place of a rolled contract, `engine/clock.rs` does what
//! time asks for, `engine/command.rs` obeys the operator, `engine/lessons.rs` lets what
//! was learned in and out.

mod audit;
mod chains;
mod clock;
mod command;
mod corporate;
mod exits;
mod ideas;
mod lessons;
mod load;
mod minute;
mod options;
mod replace;
mod rest;
mod roll;
mod settlement;
mod venue;
mod worth;

use std::collections::{BTreeMap, VecDeque};

use backsight_domain::decision::{Decision, Effect, Ignored, OrderMove, OrderPhase, Reason};
use backsight_domain::desk::{Alarm, Command, TradingState};
use backsight_domain::event::{Entry, Event, Started};
use backsight_domain::id::{AccountId, ExecutionId, IntentId, PolicyVersion, Seq};
use backsight_domain::instrument::Instrument;
use backsight_domain::market::Slot;
use backsight_domain::order::{Fill, Purpose};
use backsight_domain::policy::{AccountPolicy, Policy};
use backsight_domain::quantity::Quantity;
use backsight_domain::signal::Signal;
use backsight_domain::time::{Span, Time};
use backsight_domain::verdict::Verdict;

pub(crate) use self::chains::Pending;
use self::ideas::Signalled;
pub(crate) use self::worth::Worth;
use crate::account::Account;
use crate::fresh::FreshStories;
use crate::gate::{Approved, Pace};
use crate::ghost::Ghost;
use crate::market::Market;
use crate::order::{Heard, Order};
use crate::outlook::Outlook;
use crate::position::Position;
use crate::proposal::{Canary, Lessons};
use crate::sorted::{Sorted, SortedSet};

/// A desk's whole state. It changes only through [`Engine::step`].
#[derive(Clone, Debug)]
pub struct Engine {
    pub(crate) seq: Seq,
    pub(crate) now: Time,
    pub(crate) started: Option<Started>,
    /// The policy in force: the base and what was adopted on top of it.
    pub(crate) policy: Policy,
    /// The policy that was adopted last.
    pub(crate) base: Policy,
    pub(crate) version: PolicyVersion,
    pub(crate) market: Box<Market>,
    pub(crate) accounts: Vec<Account>,
    pub(crate) orders: Sorted<IntentId, Order>,
    /// Orders that are not done, or lack fills the venue spoke of.
    pub(crate) live: SortedSet<IntentId>,
    pub(crate) positions: BTreeMap<(AccountId, Instrument), Position>,
    pub(crate) ghosts: Vec<Ghost>,
    pub(crate) executions: Sorted<ExecutionId, Fill>,
    /// Settlements applied since [`Self::settled_since`], and when the venue made them.
    pub(crate) settled: Sorted<ExecutionId, Time>,
    /// Settlements before this are forgotten.
    pub(crate) settled_since: Time,
    /// Positions that ended in this or the last session, the last one last: an execution may be
    /// taken back.
    pub(crate) ended: Vec<(Time, Position)>,
    /// When the session in progress began.
    pub(crate) session_began: Time,
    /// When opening orders of the last minute were decided.
    pub(crate) recent_orders: VecDeque<Time>,
    pub(crate) session_orders: u32,
    /// When each symbol was last signalled, and by which playbook.
    pub(crate) signalled: Vec<Signalled>,
    /// Stories that may still be traded.
    pub(crate) fresh: FreshStories,
    /// Signals that wait for quotes of contracts.
    pub(crate) pending: Vec<Pending>,
    /// What was learned.
    pub(crate) lessons: Lessons,
    /// The operator's latched command.
    pub(crate) latch: Option<Command>,
    /// Keys of commands that were applied.
    pub(crate) obeyed: VecDeque<u64>,
    pub(crate) state: TradingState,
    /// When something is due next.
    pub(crate) wake: Option<Time>,
    scratch: Scratch,
}

/// The signals of a minute while they are put in order.
pub(crate) type Signals = Vec<Box<Signal>>;

/// The verdicts about a signal, on their way to the decision.
pub(crate) type Verdicts = Vec<Box<Verdict>>;

/// What does not outlive a step, kept to spare allocations.
#[derive(Clone, Debug, Default)]
pub(crate) struct Scratch {
    decision: Decision,
    approved: Vec<Approved>,
    /// Symbols with enough volume in the last minute.
    marks: Vec<u8>,
    signals: Signals,
    verdicts: Verdicts,
    intents: u16,
    /// Rolls that became signals in this step.
    rolls: u16,
    /// Derived from the policy: see `trend::least_volume`.
    least_volume: f64,
    limits: Vec<AccountPolicy>,
    /// The proposal that a share of the signals goes by.
    canary: Option<Box<Canary>>,
    /// The base policy as a snapshot holds it.
    policy_bytes: Vec<u8>,
    /// BLAKE3 of these bytes.
    policy_hash: [u8; 32],
    /// What each account's positions are worth; valid while a minute is being taken.
    worth: Vec<Worth>,
    /// Whether nobody reads what is refused.
    brief: bool,
    /// The positions that are being left and have no order out, and perhaps some more.
    leaving: SortedSet<(AccountId, Instrument)>,
}

/// A decision, and the approvals for the orders in it, in the order of its submit effects.
#[derive(Debug, Default)]
pub struct Step {
    /// What is journaled.
    pub decision: Decision,
    /// What only the gates can give. A replay has no use for it.
    pub approved: Vec<Approved>,
}

impl Default for Engine {
    fn default() -> Self {
        Self::new()
    }
}

impl Engine {
    /// An engine that has seen nothing. Until it is told otherwise it holds no account, watches no
    /// symbol and opens nothing.
    pub fn new() -> Self {
        let mut engine = Self {
            seq: Seq(0),
            now: Time::default(),
            started: None,
            policy: Policy::default(),
            base: Policy::default(),
            version: PolicyVersion(0),
            market: Box::default(),
            accounts: Vec::new(),
            orders: Sorted::default(),
            live: SortedSet::default(),
            positions: BTreeMap::new(),
            ghosts: Vec::new(),
            executions: Sorted::default(),
            settled: Sorted::default(),
            settled_since: Time::default(),
            ended: Vec::new(),
            session_began: Time::default(),
            recent_orders: VecDeque::new(),
            session_orders: 0,
            signalled: Vec::new(),
            fresh: FreshStories::new(),
            pending: Vec::new(),
            lessons: Lessons::default(),
            latch: None,
            obeyed: VecDeque::new(),
            state: TradingState::Reconciling,
            wake: None,
            scratch: Scratch::default(),
        };
        engine.derive();
        engine
    }

    /// Takes one entry and decides. Total: every entry has an answer.
    ///
    /// # Panics
    /// Panics when entries do not come in order: the journal guarantees it.
    pub fn step(&mut self, entry: &Entry) -> Step {
        assert!(self.seq < entry.seq, "entries come in order: {} after {}", entry.seq, self.seq);
        assert!(self.now <= entry.at, "time never runs backward");
        (self.seq, self.now) = (entry.seq, entry.at);
        self.scratch.decision.cause = entry.seq;
        (self.scratch.intents, self.scratch.rolls) = (0, 0);
        self.forget_pace();
        self.hear(&entry.event);
        self.attend();
        self.settle_state();
        Step {
            decision: std::mem::take(&mut self.scratch.decision),
            approved: std::mem::take(&mut self.scratch.approved),
        }
    }

    /// Spares the records of what is refused, for desks whose trades alone are looked at. The state
    /// is the same, entry by entry, as long as no ghosts are followed. There are no closings either.
    pub fn be_brief(&mut self) {
        self.scratch.brief = true;
    }

    /// Takes back a decision that everybody is done with, for the room in it.
    pub fn reuse(&mut self, mut decision: Decision) {
        decision.effects.clear();
        decision.because.clear();
        self.scratch.decision = decision;
    }

    fn hear(&mut self, event: &Event) {
        match event {
            Event::Started(started) => self.start(started),
            Event::PolicyAdopted(adopted) => self.adopt(adopted),
            Event::Universe(universe) => {
                self.see(Ignored::UniverseShrinks, |market, _| market.watch(universe));
                self.signalled.resize(self.market.board.symbols(), Signalled::default());
            }
            Event::Minute(minute) => self.take_minute(minute),
            Event::Quote(quote) => {
                let now = self.now;
                self.see(Ignored::ImpossibleQuote, |market, policy| {
                    market.push_quote(quote, &policy.gates, now)
                });
            }
            Event::Halt(halt) => {
                self.see(Ignored::UnknownSymbol, |market, _| market.push_halt(*halt));
            }
            Event::Split(split) => self.take_split(*split),
            Event::Chain(chain) => {
                let taken = self.take_chain(chain);
                self.heed(taken);
            }
            Event::Dividend(dividend) => self.learn_of(|outlook| outlook.push_dividend(*dividend)),
            Event::Earnings(earnings) => self.learn_of(|outlook| outlook.push_earnings(*earnings)),
            Event::Regime(regime) => self.learn_of(|outlook| outlook.push_regime(*regime)),
            Event::PastVolatility(past) => self.take_past(past),
            Event::Discovery(discovery) => {
                self.learn_of(|outlook| outlook.push_discovery(discovery));
            }
            Event::Thesis(thesis) => self.learn_of(|outlook| outlook.push_thesis(thesis)),
            Event::Story(story) => self.take_story(story),
            Event::Reading(reading) => {
                let taken = self.take_reading(reading);
                self.heed(taken);
            }
            Event::Reader(reader) => {
                if reader.is_fall() {
                    self.alarm(Alarm::ReaderFellBack);
                }
            }
            Event::Reply(reply) => self.take_reply(reply),
            Event::Order(update) => self.take_update(update),
            Event::Fill(fill) => self.take_fill(fill),
            Event::Bust(bust) => self.take_bust(*bust),
            Event::Settlement(settlement) => self.take_settlement(settlement),
            Event::Payout(payout) => self.take_payout(payout),
            Event::Report(report) => self.take_report(report),
            Event::Operator(command) => self.obey(command),
            Event::Learned(lesson) => self.learn(lesson),
            Event::Fault(fault) => self.take_fault(*fault),
            Event::Tick => {}
        }
    }

    /// A process opened the desk: nothing that was true at the venue is taken for granted.
    fn start(&mut self, started: &Started) {
        self.started = Some(started.clone());
        for index in 0..self.accounts.len() {
            self.accounts[index].reconciled = false;
            self.accounts[index].streaming = true;
            self.ask_report(index);
        }
        let fence = self.fence();
        for &intent in self.live.clone().keys() {
            let now = self.now;
            self.move_order(intent, |order| order.hear(Heard::Nothing, now, fence));
            self.ask_about(intent);
        }
    }

    /// Lets the market take what the entry says of it, unless it took the entry already.
    pub(crate) fn see(
        &mut self,
        otherwise: Ignored,
        take: impl FnOnce(&mut Market, &Policy) -> bool,
    ) -> bool {
        let (seq, policy) = (self.seq, &self.policy);
        let taken = self
            .market
            .once(seq, |market| if take(market, policy) { Ok(()) } else { Err(otherwise) });
        self.heed(taken);
        taken.is_ok()
    }

    fn learn_of(&mut self, take: impl FnOnce(&mut Outlook) -> Result<(), Ignored>) {
        let taken = self.market.once(self.seq, |market| take(&mut market.outlook));
        self.heed(taken);
    }

    // What a step produces.

    fn because(&mut self, reason: Reason) {
        self.scratch.decision.because.push(reason);
    }

    fn ignore(&mut self, why: Ignored) {
        self.because(Reason::Ignored(why));
    }

    fn heed(&mut self, taken: Result<(), Ignored>) {
        if let Err(why) = taken {
            self.ignore(why);
        }
    }

    fn effect(&mut self, effect: Effect) {
        self.scratch.decision.effects.push(effect);
    }

    fn alarm(&mut self, alarm: Alarm) {
        self.effect(Effect::Alarm(alarm));
    }

    /// Sends an approved intent: it becomes an order and an effect in the same step.
    fn submit(&mut self, approved: Approved) {
        let intent = *approved.intent();
        let replaced = intent.replaces.and_then(|old| self.orders.get(&old));
        let carried = replaced.map_or(Quantity::ZERO, |order| order.filled);
        self.orders.insert(intent.id, Order { carried, ..Order::send(intent, self.now) });
        self.live.add(intent.id);
        if matches!(intent.purpose, Purpose::Open(_)) {
            self.recent_orders.push_back(self.now);
            self.session_orders += 1;
        }
        self.effect(Effect::Submit(intent));
        self.scratch.approved.push(approved);
        self.wake_by(self.now + Span::from_seconds(i64::from(self.policy.orders.answer_s)));
    }

    /// Wanting more openings than a session allows stops the desk: no sane day comes near it.
    pub(crate) fn stop_runaway(&mut self) {
        let spent = self.policy.gates.orders_per_session <= self.session_orders;
        if spent && self.latch.is_none() {
            self.alarm(Alarm::RunawayStopped);
            self.latch = Some(Command::Halt);
        }
    }

    fn next_intent(&mut self) -> IntentId {
        let leg = self.scratch.intents;
        self.scratch.intents += 1;
        IntentId { cause: self.seq, leg }
    }

    /// Moves an order and records the move when its state's name changed.
    fn move_order(&mut self, intent: IntentId, change: impl FnOnce(&mut Order)) {
        let Some(order) = self.orders.get_mut(&intent) else { return };
        let from = order.phase();
        change(order);
        let to = order.phase();
        if order.is_done() && matches!(order.intent.purpose, Purpose::Close { .. }) {
            self.scratch.leaving.add((order.intent.account, order.intent.instrument));
        }
        if order.is_done() && !order.lacks_fills() {
            self.live.remove(&intent);
        } else {
            self.live.add(intent);
            // Something may be due for it at once; `attend` finds out when.
            self.wake = Some(self.now);
        }
        if from != to {
            self.because(Reason::Order(OrderMove { intent, from, to }));
            if from == OrderPhase::Abandoned {
                self.alarm(Alarm::OrderReturned);
            }
            self.follow_replacement(intent, to);
        }
    }

    fn wake_by(&mut self, at: Time) {
        self.wake = Some(self.wake.map_or(at, |wake| wake.min(at)));
    }

    fn fence(&self) -> Span {
        Span::from_seconds(i64::from(self.policy.orders.fence_s))
    }

    /// Changes the market for another one. Desks that are told the same of the market and see it by
    /// the same settings ([`Market::is_shared`]) may share one: it takes each entry once.
    pub fn swap_market(&mut self, market: &mut Box<Market>) {
        std::mem::swap(&mut self.market, market);
    }

    // What others may see.

    /// The last entry taken.
    pub fn seq(&self) -> Seq {
        self.seq
    }

    /// The time of the last entry.
    pub fn now(&self) -> Time {
        self.now
    }

    /// When the engine wants to hear a tick, if nothing else comes first.
    pub fn next_wake(&self) -> Option<Time> {
        self.wake
    }

    /// What is believed about the market.
    pub fn market(&self) -> &Market {
        &self.market
    }

    /// The policy in force.
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// The version of the policy in force.
    pub fn policy_version(&self) -> PolicyVersion {
        self.version
    }

    /// The process that runs the desk.
    pub fn started(&self) -> Option<&Started> {
        self.started.as_ref()
    }

    /// Whether and how the desk may trade.
    pub fn state(&self) -> TradingState {
        self.state
    }

    /// The accounts.
    pub fn accounts(&self) -> &[Account] {
        &self.accounts
    }

    /// The name of an account.
    pub fn account_name(&self, account: AccountId) -> &str {
        self.policy.accounts.keys().nth(account.0.into()).map_or("?", AsRef::as_ref)
    }

    /// Every order of this and the last session, oldest first.
    pub fn orders(&self) -> impl Iterator<Item = &Order> {
        self.orders.values()
    }

    /// One order.
    pub fn order(&self, intent: IntentId) -> Option<&Order> {
        self.orders.get(&intent)
    }

    /// What is held.
    pub fn positions(&self) -> impl Iterator<Item = &Position> {
        self.positions.values()
    }

    /// The ghosts that are being followed.
    pub fn ghosts(&self) -> &[Ghost] {
        &self.ghosts
    }

    /// The executions applied in this and the last session.
    pub fn executions(&self) -> impl Iterator<Item = &Fill> {
        self.executions.values()
    }

    pub(crate) fn policy_bytes(&self) -> &[u8] {
        &self.scratch.policy_bytes
    }

    pub(crate) fn policy_hash(&self) -> &[u8] {
        &self.scratch.policy_hash
    }

    pub(crate) fn live_orders(&self, account: AccountId) -> impl Iterator<Item = &Order> {
        let live = self.live.keys().filter_map(|intent| self.orders.get(intent));
        live.filter(move |order| order.intent.account == account)
    }

    pub(crate) fn pace(&self) -> Pace {
        let count = u32::try_from(self.recent_orders.len()).unwrap_or(u32::MAX);
        Pace { last_minute: count, session: self.session_orders }
    }

    pub(crate) fn limits(&self, account: AccountId) -> &AccountPolicy {
        &self.scratch.limits[usize::from(account.0)]
    }

    pub(crate) fn slot_of(&self, instrument: Instrument) -> Option<Slot> {
        self.market.slot_of(instrument.underlying())
    }
}
