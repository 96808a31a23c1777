//! The venue of a trial: it fills whole orders by the fill model, at the last price or the touch.
//!
//! An order that its limit keeps from trading rests until a bar reaches it.

use std::collections::BTreeMap;

use backsight_domain::decision::Effect;
use backsight_domain::event::Event;
use backsight_domain::id::{AccountId, ExecutionId, IntentId, VenueId};
use backsight_domain::instrument::Instrument;
use backsight_domain::money::{Money, Rounding};
use backsight_domain::order::{
    AccountReport, Answer, Asked, Fill, Holding, Intent, OrderKind, OrderRef, OrderStatus,
    OrderUpdate, Reply, Side,
};
use backsight_domain::policy::FillModelPolicy;
use backsight_domain::price::Price;
use backsight_domain::quantity::Quantity;
use backsight_domain::time::Time;
use backsight_engine::Engine;

/// What the accounts of a trial have, and the orders that rest.
#[derive(Clone, Debug)]
pub(super) struct Venue {
    model: FillModelPolicy,
    purses: Vec<Purse>,
    resting: BTreeMap<IntentId, Intent>,
    executions: u128,
}

#[derive(Clone, Debug, Default)]
struct Purse {
    cash: Money,
    held: BTreeMap<Instrument, Quantity>,
}

impl Venue {
    pub(super) fn new(model: FillModelPolicy, cash: &[Money]) -> Self {
        let purse = |cash: &Money| Purse { cash: *cash, held: BTreeMap::new() };
        let purses = cash.iter().map(purse).collect();
        Self { model, purses, resting: BTreeMap::new(), executions: 0 }
    }

    /// What the venue says about a request.
    pub(super) fn answer(&mut self, effect: &Effect, engine: &Engine) -> Vec<Event> {
        match *effect {
            Effect::Submit(intent) | Effect::Resubmit(intent) => {
                if let Some(price) = self.price(&intent, engine) {
                    return self.fill(&intent, price, engine.now());
                }
                self.resting.insert(intent.id, intent);
                vec![said(&intent, Asked::Submit, OrderStatus::New)]
            }
            Effect::Cancel { account, intent } => match self.resting.remove(&intent) {
                Some(intent) => vec![Event::Order(update(&intent, OrderStatus::Cancelled))],
                None => vec![unknown(account, intent, Asked::Cancel)],
            },
            Effect::Lookup { account, intent } => match self.resting.get(&intent) {
                Some(intent) => vec![said(intent, Asked::Lookup, OrderStatus::New)],
                None => vec![unknown(account, intent, Asked::Lookup)],
            },
            Effect::Report(account) => vec![Event::Report(self.report(account))],
            Effect::CancelForeign { .. }
            | Effect::AskChain(_)
            | Effect::AskQuote(_)
            | Effect::Alarm(_) => Vec::new(),
        }
    }

    /// Fills what rests and can be filled at the prices that the engine sees now.
    pub(super) fn look_again(&mut self, engine: &Engine) -> Vec<Event> {
        let due: Vec<_> = self
            .resting
            .values()
            .filter_map(|intent| Some((*intent, self.price(intent, engine)?)))
            .collect();
        let mut events = Vec::new();
        for (intent, price) in due {
            self.resting.remove(&intent.id);
            events.extend(self.fill(&intent, price, engine.now()));
        }
        events
    }

    pub(super) fn is_idle(&self) -> bool {
        self.resting.is_empty()
    }

    /// Where an order trades now: half a spread worse than the mark, if its limit allows that.
    fn price(&self, intent: &Intent, engine: &Engine) -> Option<Price> {
        let market = engine.market();
        let slot = market.slot_of(intent.instrument.underlying())?;
        let mark = market.mark(intent.instrument, slot)?;
        let worse = intent.side.sign() * i64::from(self.model.half_spread_bps);
        let price = mark.moved_bps(worse);
        let is_within = match (intent.kind, intent.side) {
            (OrderKind::Market, _) => true,
            (OrderKind::Limit(limit), Side::Buy) => price <= limit,
            (OrderKind::Limit(limit), Side::Sell) => limit <= price,
            (OrderKind::Stop(_) | OrderKind::StopLimit { .. }, _) => false,
        };
        is_within.then_some(price)
    }

    fn fill(&mut self, intent: &Intent, price: Price, at: Time) -> Vec<Event> {
        self.executions += 1;
        let fill = Fill {
            execution: ExecutionId(self.executions),
            account: intent.account,
            order: OrderRef::Ours(intent.id),
            instrument: intent.instrument,
            side: intent.side,
            quantity: intent.quantity,
            price,
            fee: self.model.fee,
            at,
        };
        let purse = &mut self.purses[usize::from(intent.account.0)];
        let signed = Quantity::from_units(fill.quantity.units() * fill.side.sign());
        let multiplier = fill.instrument.multiplier();
        purse.cash -= Money::of(price, signed, multiplier, Rounding::HalfEven) + fill.fee;
        *purse.held.entry(fill.instrument).or_default() += signed;
        purse.held.retain(|_, quantity| !quantity.is_zero());
        let filled = Event::Order(update(intent, OrderStatus::Filled));
        vec![said(intent, Asked::Submit, OrderStatus::New), Event::Fill(fill), filled]
    }

    fn report(&self, account: AccountId) -> AccountReport {
        let purse = &self.purses[usize::from(account.0)];
        let holding = |(instrument, quantity): (&Instrument, &Quantity)| Holding {
            instrument: *instrument,
            quantity: *quantity,
        };
        let ours = self.resting.values().filter(|intent| intent.account == account);
        AccountReport {
            account,
            cash: purse.cash,
            holdings: purse.held.iter().map(holding).collect(),
            open_orders: ours.map(|intent| update(intent, OrderStatus::New)).collect(),
            fills: Vec::new(),
            busts: Vec::new(),
            settlements: Vec::new(),
            payouts: Vec::new(),
        }
    }
}

fn said(intent: &Intent, asked: Asked, status: OrderStatus) -> Event {
    let answer = Answer::Known(update(intent, status));
    Event::Reply(Reply { account: intent.account, intent: intent.id, asked, answer })
}

fn unknown(account: AccountId, intent: IntentId, asked: Asked) -> Event {
    Event::Reply(Reply { account, intent, asked, answer: Answer::NotFound })
}

fn update(intent: &Intent, status: OrderStatus) -> OrderUpdate {
    let filled = match status {
        OrderStatus::Filled => intent.quantity,
        OrderStatus::Accepted
        | OrderStatus::New
        | OrderStatus::PartiallyFilled
        | OrderStatus::PendingCancel
        | OrderStatus::PendingReplace
        | OrderStatus::Cancelled
        | OrderStatus::Expired
        | OrderStatus::Rejected
        | OrderStatus::Replaced { .. }
        | OrderStatus::Other(_) => Quantity::ZERO,
    };
    let venue = VenueId(u128::from(intent.id.cause.0) << 16 | u128::from(intent.id.leg));
    OrderUpdate { account: intent.account, order: OrderRef::Ours(intent.id), venue, status, filled }
}
