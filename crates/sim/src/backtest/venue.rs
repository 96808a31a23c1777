//! The venue of a back-test: market orders trade at the close of the minute that decided them.

use std::collections::VecDeque;

use backsight_domain::event::Event;
use backsight_domain::id::{AccountId, ExecutionId};
use backsight_domain::instrument::Instrument;
use backsight_domain::market::Slot;
use backsight_domain::money::{Money, Rounding};
use backsight_domain::order::{
    AccountReport, Answer, Asked, Fill, Holding, Intent, OrderKind, OrderRef, Refusal, Reply, Side,
};
use backsight_domain::price::Price;
use backsight_domain::quantity::Quantity;
use backsight_domain::time::Time;
use backsight_engine::desk::{Request, Venue};

/// A venue that fills every market order whole, at once, for one fee.
#[derive(Clone, Debug)]
pub struct CloseVenue {
    fee: Money,
    purses: Vec<Purse>,
    waiting: VecDeque<Waiting>,
    /// Orders taken so far; their numbers are their names.
    orders: u128,
}

/// A request that was not answered.
#[derive(Clone, Copy, Debug)]
pub(super) struct Waiting {
    pub(super) request: Request,
    pub(super) at: Time,
}

/// What one account has at the venue.
#[derive(Clone, Debug)]
struct Purse {
    cash: Money,
    /// By slot, with the instrument's name.
    held: Vec<Option<Holding>>,
}

impl CloseVenue {
    /// A venue with this cash in each account.
    pub fn new(fee: Money, cash: &[Money], symbols: usize) -> Self {
        let purse = |&cash| Purse { cash, held: vec![None; symbols] };
        let purses = cash.iter().map(purse).collect();
        Self { fee, purses, waiting: VecDeque::new(), orders: 0 }
    }

    /// Cash of an account.
    pub fn cash(&self, account: AccountId) -> Money {
        self.purses[usize::from(account.0)].cash
    }

    /// The oldest request that waits for an answer.
    pub(super) fn next_request(&mut self) -> Option<Waiting> {
        self.waiting.pop_front()
    }

    /// Answers a request; `mark` is where its instrument stands and what that last traded at.
    pub(super) fn answer(
        &mut self,
        waiting: Waiting,
        mark: Option<(Slot, Price)>,
    ) -> Option<Event> {
        let reply = |account, intent, asked, answer| {
            Some(Event::Reply(Reply { account, intent, asked, answer }))
        };
        match waiting.request {
            Request::Submit(approved) => {
                let intent = *approved.intent();
                let mark = mark.filter(|_| intent.kind == OrderKind::Market);
                let refused = Answer::Refused(Refusal::NotTradable);
                mark.map_or_else(
                    || reply(intent.account, intent.id, Asked::Submit, refused),
                    |mark| Some(self.fill(&intent, waiting.at, mark)),
                )
            }
            Request::Cancel { account, intent } => {
                let refused = Answer::Refused(Refusal::NotCancelable);
                reply(account, intent, Asked::Cancel, refused)
            }
            Request::Lookup { account, intent } => {
                reply(account, intent, Asked::Lookup, Answer::NotFound)
            }
            Request::CancelForeign { .. } | Request::Chain(_) | Request::Quote(_) => None,
            Request::Report { account } => Some(Event::Report(self.report(account))),
        }
    }

    /// The one execution of a market order, which ends it.
    fn fill(&mut self, intent: &Intent, at: Time, (slot, price): (Slot, Price)) -> Event {
        self.orders += 1;
        let account = intent.account;
        let fill = Fill {
            execution: ExecutionId(self.orders),
            account,
            order: OrderRef::Ours(intent.id),
            instrument: intent.instrument,
            side: intent.side,
            quantity: intent.quantity,
            price,
            fee: self.fee,
            at,
        };
        self.purses[usize::from(account.0)].book(slot, &fill);
        Event::Fill(fill)
    }

    fn report(&self, account: AccountId) -> AccountReport {
        let purse = &self.purses[usize::from(account.0)];
        let holdings = purse.held.iter().flatten().filter(|held| !held.quantity.is_zero());
        AccountReport {
            account,
            cash: purse.cash,
            holdings: holdings.copied().collect(),
            open_orders: Vec::new(),
            fills: Vec::new(),
            busts: Vec::new(),
            settlements: Vec::new(),
            payouts: Vec::new(),
        }
    }
}

impl Waiting {
    /// What a submitted order is about.
    pub(super) fn instrument(&self) -> Option<Instrument> {
        match &self.request {
            Request::Submit(approved) => Some(approved.intent().instrument),
            Request::Cancel { .. }
            | Request::CancelForeign { .. }
            | Request::Lookup { .. }
            | Request::Report { .. }
            | Request::Chain(_)
            | Request::Quote(_) => None,
        }
    }
}

impl Purse {
    fn book(&mut self, slot: Slot, fill: &Fill) {
        let signed = match fill.side {
            Side::Buy => fill.quantity,
            Side::Sell => -fill.quantity,
        };
        let multiplier = fill.instrument.multiplier();
        let value = Money::of(fill.price, signed, multiplier, Rounding::HalfEven);
        self.cash -= value + fill.fee;
        let empty = Holding { instrument: fill.instrument, quantity: Quantity::ZERO };
        self.held[slot.index()].get_or_insert(empty).quantity += signed;
    }
}

impl Venue for CloseVenue {
    fn send(&mut self, request: Request, at: Time) {
        self.waiting.push_back(Waiting { request, at });
    }
}
