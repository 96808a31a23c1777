//! Two ways through one session: as recorded, and with a venue that fills at once.

use std::collections::{BTreeMap, BTreeSet};

use backsight_domain::decision::{Decision, Effect, Reason};
use backsight_domain::event::{Entry, Event, Source};
use backsight_domain::id::{AccountId, ExecutionId, IntentId};
use backsight_domain::instrument::{Instrument, Ticker};
use backsight_domain::market::Slot;
use backsight_domain::money::Money;
use backsight_domain::order::{
    AccountReport, Answer, Asked, Fill, Holding, Intent, OrderKind, OrderRef, Purpose, Refusal,
    Reply, Side,
};
use backsight_domain::price::Price;
use backsight_domain::quantity::Quantity;
use backsight_domain::time::Time;
use backsight_engine::Engine;

/// Executions of the back-test are numbered from here on: no venue counts as far.
const EXECUTIONS_FROM: u128 = 1 << 127;
/// Ticks that one recorded entry may be preceded by: an engine that wants more is wrong.
const TICKS_MAX: u32 = 10_000;

/// One way through the session.
#[derive(Debug)]
pub(super) struct Lane {
    pub(super) engine: Engine,
    /// Equity of each account when the session began.
    pub(super) start: Vec<Money>,
    /// What was held then, at which mark.
    pub(super) held: BTreeMap<(AccountId, Instrument), (Quantity, Price)>,
    pub(super) trades: Vec<Trade>,
    /// Who wanted to open what, and how much.
    pub(super) wanted: BTreeMap<(AccountId, Instrument), Quantity>,
    /// Symbols that an account had an approved signal of.
    pub(super) approved: BTreeSet<(AccountId, Ticker)>,
}

/// One execution.
#[derive(Clone, Copy, Debug)]
pub(super) struct Trade {
    pub(super) account: AccountId,
    pub(super) instrument: Instrument,
    /// Bought above zero, sold below.
    pub(super) quantity: Quantity,
    pub(super) price: Price,
    pub(super) fee: Money,
    /// Where the market stood.
    pub(super) mark: Price,
}

impl Lane {
    pub(super) fn new(engine: Engine) -> Self {
        let start = equities(&engine);
        let held = holdings(&engine).collect();
        Self {
            engine,
            start,
            held,
            trades: Vec::new(),
            wanted: BTreeMap::new(),
            approved: BTreeSet::new(),
        }
    }

    pub(super) fn step(&mut self, entry: &Entry) -> Decision {
        let decision = self.engine.step(entry).decision;
        for effect in &decision.effects {
            if let Effect::Submit(intent) = effect
                && matches!(intent.purpose, Purpose::Open(_))
            {
                let key = (intent.account, intent.instrument);
                *self.wanted.entry(key).or_default() += intent.quantity;
            }
        }
        for reason in &decision.because {
            match reason {
                Reason::Filled { execution, intent, quantity, price } => {
                    self.note((*execution, *intent), *quantity, *price);
                }
                Reason::Verdict(verdict) if verdict.is_approval() => {
                    let ticker = verdict.instrument.underlying();
                    self.approved.insert((verdict.account, ticker));
                }
                Reason::Verdict(_)
                | Reason::Signal(_)
                | Reason::Held(_)
                | Reason::Opened(_)
                | Reason::Rolled(_)
                | Reason::Haunted(_)
                | Reason::Closed(_)
                | Reason::Stage(_)
                | Reason::Order(_)
                | Reason::State { .. }
                | Reason::Proposal(_)
                | Reason::Ignored(_)
                | Reason::Closing { .. } => {}
            }
        }
        decision
    }

    fn note(&mut self, of: (ExecutionId, IntentId), quantity: Quantity, price: Price) {
        let (execution, intent) = of;
        let engine = &self.engine;
        let Some(order) = engine.order(intent) else { return };
        let (account, instrument) = (order.intent.account, order.intent.instrument);
        let fee = engine.executions().find(|fill| fill.execution == execution);
        self.trades.push(Trade {
            account,
            instrument,
            quantity,
            price,
            fee: fee.map_or(Money::ZERO, |fill| fill.fee),
            mark: mark(engine, instrument).unwrap_or(price),
        });
    }
}

/// The back-test of one session.
#[derive(Debug)]
pub(super) struct Rerun {
    pub(super) lane: Lane,
    orders: u128,
}

impl Rerun {
    pub(super) fn new(engine: Engine) -> Self {
        Self { lane: Lane::new(engine), orders: EXECUTIONS_FROM }
    }

    /// Hears what the market and people say; what the recorded venue said is not heard.
    pub(super) fn hear(&mut self, entry: &Entry) {
        let is_heard = match entry.event.source() {
            Source::Market | Source::Clock => true,
            // The lane was started on its own.
            Source::House => !matches!(entry.event, Event::Started(_)),
            Source::Venue | Source::Line => false,
        };
        self.wake_until(entry.at);
        if is_heard {
            self.take(entry.at, entry.event.clone());
        }
    }

    /// Gives the engine the ticks it asked for.
    fn wake_until(&mut self, until: Time) {
        for _ in 0..TICKS_MAX {
            let engine = &self.lane.engine;
            let Some(wake) = engine.next_wake().filter(|wake| *wake < until) else { return };
            let at = wake.later(engine.now());
            self.take(at, Event::Tick);
            if self.lane.engine.next_wake() == Some(wake) {
                return;
            }
        }
    }

    /// Takes an event, and whatever the venue answers to what follows from it.
    fn take(&mut self, at: Time, event: Event) {
        let mut waiting = vec![event];
        while let Some(event) = waiting.pop() {
            let seq = self.lane.engine.seq().next();
            let at = at.later(self.lane.engine.now());
            let decision = self.lane.step(&Entry { seq, at, event });
            for effect in decision.effects.iter().rev() {
                waiting.extend(self.answer(effect, at));
            }
        }
    }

    fn answer(&mut self, effect: &Effect, at: Time) -> Option<Event> {
        let reply = |account, intent, asked, answer| {
            Some(Event::Reply(Reply { account, intent, asked, answer }))
        };
        match *effect {
            Effect::Submit(intent) | Effect::Resubmit(intent) => {
                let fill = self.fill(&intent, at).map(Event::Fill);
                let refused = Answer::Refused(Refusal::NotTradable);
                fill.or_else(|| reply(intent.account, intent.id, Asked::Submit, refused))
            }
            Effect::Cancel { account, intent } => {
                let refused = Answer::Refused(Refusal::NotCancelable);
                reply(account, intent, Asked::Cancel, refused)
            }
            Effect::Lookup { account, intent } => {
                reply(account, intent, Asked::Lookup, Answer::NotFound)
            }
            Effect::Report(account) => Some(Event::Report(self.report(account))),
            // Chains and quotes come when they came.
            Effect::CancelForeign { .. }
            | Effect::AskChain(_)
            | Effect::AskQuote(_)
            | Effect::Alarm(_) => None,
        }
    }

    /// Fills an order at once and whole; `None` when nobody knows a price.
    fn fill(&mut self, intent: &Intent, at: Time) -> Option<Fill> {
        let engine = &self.lane.engine;
        let mark = mark(engine, intent.instrument)?;
        let half = i64::from(engine.policy().fill_model.half_spread_bps);
        let model = mark.moved_bps(intent.side.sign() * half);
        let price = match intent.kind {
            OrderKind::Market | OrderKind::Stop(_) => model,
            OrderKind::Limit(limit) | OrderKind::StopLimit { limit, .. } => match intent.side {
                Side::Buy => model.min(limit),
                Side::Sell => model.max(limit),
            },
        };
        self.orders += 1;
        Some(Fill {
            execution: ExecutionId(self.orders),
            account: intent.account,
            order: OrderRef::Ours(intent.id),
            instrument: intent.instrument,
            side: intent.side,
            quantity: intent.quantity,
            price,
            fee: engine.policy().fill_model.fee,
            at,
        })
    }

    /// The venue's view of an account: exactly what the engine believes.
    fn report(&self, account: AccountId) -> AccountReport {
        let engine = &self.lane.engine;
        let of = &engine.accounts()[usize::from(account.0)];
        let held = engine.positions().filter(|position| position.account == account);
        let holding = |position: &backsight_engine::position::Position| Holding {
            instrument: position.instrument,
            quantity: position.quantity + of.foreign(position.instrument),
        };
        AccountReport {
            account,
            cash: of.cash(),
            holdings: held.map(holding).collect(),
            open_orders: Vec::new(),
            fills: Vec::new(),
            busts: Vec::new(),
            settlements: Vec::new(),
            payouts: Vec::new(),
        }
    }
}

pub(super) fn equities(engine: &Engine) -> Vec<Money> {
    let accounts = engine.accounts().iter();
    accounts.map(|account| engine.equity(account.id).unwrap_or_default()).collect()
}

fn slot_of(engine: &Engine, instrument: Instrument) -> Option<Slot> {
    engine.market().slot_of(instrument.underlying())
}

fn mark(engine: &Engine, instrument: Instrument) -> Option<Price> {
    engine.market().mark(instrument, slot_of(engine, instrument)?)
}

/// What each account holds, and where the market stands.
pub(super) fn holdings(
    engine: &Engine,
) -> impl Iterator<Item = ((AccountId, Instrument), (Quantity, Price))> + '_ {
    engine.positions().map(|position| {
        let mark = engine.market().mark(position.instrument, position.slot);
        let at = mark.unwrap_or(position.track.entry);
        ((position.account, position.instrument), (position.quantity, at))
    })
}
