//! The life of an order: taken, opened, looked at, executed, cancelled, ended.

use backsight_domain::event::Event;
use backsight_domain::id::{ExecutionId, VenueId};
use backsight_domain::order::{Answer, Fill, Intent, OrderKind, Refusal, TimeInForce};
use backsight_domain::price::Price;
use backsight_domain::quantity::Quantity;
use backsight_domain::time::{Span, Time};

use super::account::Posting;
use super::matching::{Act, act, is_no_worse};
use super::order::{Manual, Order, OrderNo, Stage};
use super::refusal::{Taken, buying_power};
use super::tape::{Tape, Touch};
use super::truth::Execution;
use super::{Exchange, Task};

/// A good-till-cancelled order ends after this long.
const LONGEST_REST: Span = Span::from_minutes(90 * 24 * 60);

impl Exchange {
    /// Books an order that passed every check, and plans its life.
    pub(super) fn take(
        &mut self,
        at: Time,
        intent: Option<Intent>,
        terms: &Manual,
        taken: Taken,
    ) -> OrderNo {
        let is_open = taken.hours.contains(at);
        let stage = if is_open { Stage::Working } else { Stage::Accepted };
        let number = self.enter(at, stage, (intent, terms), taken);
        if is_open {
            self.agenda.plan(at, Task::Look(number));
        } else {
            self.agenda.plan(taken.hours.open, Task::Open(number));
        }
        number
    }

    /// Books an order and plans its end.
    pub(super) fn enter(
        &mut self,
        at: Time,
        stage: Stage,
        (intent, terms): (Option<Intent>, &Manual),
        taken: Taken,
    ) -> OrderNo {
        let number = OrderNo(self.orders.len());
        let expires = match terms.lasts {
            TimeInForce::Day => taken.hours.close,
            TimeInForce::UntilCancelled => at + LONGEST_REST,
        };
        self.orders.push(Order {
            venue: VenueId(self.stamp(self.orders.len())),
            intent,
            terms: *terms,
            received: at,
            stage,
            filled: Quantity::ZERO,
            reserve: taken.reserve,
            live: terms.kind,
            ahead: None,
        });
        self.books(terms.account).open.push(number);
        self.tell(at, number);
        self.agenda.plan(expires, Task::Expire(number));
        number
    }

    /// A waiting order starts to work, unless its account can no longer pay for it.
    pub(super) fn open(&mut self, at: Time, number: OrderNo, tape: &dyn Tape) {
        let order = &self.orders[number.0];
        if order.stage != Stage::Accepted {
            return;
        }
        let account = &self.accounts[&order.terms.account];
        let open = self.promises(account, None);
        let leverage = account.terms.leverage;
        let is_closing =
            order.terms.side.sign() * account.held(&order.terms.instrument).units() < 0;
        let free = buying_power(account, &open, leverage, (tape, at));
        if !is_closing && free.units() < 0 {
            return self.end(at, number, Stage::Rejected);
        }
        self.orders[number.0].stage = Stage::Working;
        self.tell(at, number);
        self.agenda.plan(at, Task::Look(number));
    }

    pub(super) fn cancel(&mut self, at: Time, number: OrderNo) -> Answer {
        let order = &mut self.orders[number.0];
        let is_swapped = matches!(order.stage, Stage::PendingReplace | Stage::Pending);
        if order.stage.is_final() || is_swapped {
            return Answer::Refused(Refusal::NotCancelable);
        }
        if order.stage != Stage::PendingCancel {
            order.stage = Stage::PendingCancel;
            self.tell(at, number);
            let done = at + self.config.latency_to.draw(&mut self.chance);
            self.agenda.plan(done, Task::Cancel(number));
        }
        Answer::Known(self.orders[number.0].update())
    }

    /// Lets an order meet the market once, and plans its next look.
    pub(super) fn look(&mut self, at: Time, number: OrderNo, tape: &dyn Tape) {
        let order = &self.orders[number.0];
        if order.stage.is_final() {
            return;
        }
        let instrument = order.terms.instrument;
        let is_open = tape.hours(at).is_some_and(|hours| hours.contains(at));
        if is_open && !tape.is_halted(&instrument, at) {
            if let Some(touch) = tape.touch(&instrument, at) {
                self.meet(at, number, touch);
                if !self.orders[number.0].filled.is_zero() {
                    self.plan_expiry(self.orders[number.0].terms.account, instrument, tape);
                }
            }
        } else {
            // What rested through a pause is first in line, at the price of the reopening.
            self.orders[number.0].ahead = None;
        }
        if self.orders[number.0].stage.is_final() {
            return;
        }
        if let Some(next) = tape.next_move(&instrument, at) {
            assert!(at < next, "a tape moves forward");
            self.agenda.plan(next, Task::Look(number));
        }
    }

    fn meet(&mut self, at: Time, number: OrderNo, touch: Touch) {
        loop {
            let order = &mut self.orders[number.0];
            match act(order.terms.side, order.live, order.ahead, touch) {
                Act::Rest if order.ahead.is_none() => {
                    let places = usize::from(self.config.queue_longest) + 1;
                    let place = self.chance.below(places);
                    order.ahead = Some(u8::try_from(place).expect("a place is a small number"));
                }
                Act::Rest => {}
                Act::Queue => order.ahead = order.ahead.map(|ahead| ahead - 1),
                Act::Trigger(kind) => {
                    order.live = kind;
                    order.ahead = None;
                    continue;
                }
                Act::Trade(price) => self.execute(at, number, price),
            }
            return;
        }
    }

    fn execute(&mut self, at: Time, number: OrderNo, price: Price) {
        let order = &self.orders[number.0];
        let terms = order.terms;
        let is_limit_kept = match order.live {
            OrderKind::Limit(limit) => is_no_worse(terms.side, price, limit),
            OrderKind::Market | OrderKind::Stop(_) | OrderKind::StopLimit { .. } => true,
        };
        assert!(is_limit_kept, "an execution is never worse than the limit");
        let quantity = self.share_of(order.rest());
        self.fill(at, number, (quantity, price));
    }

    /// Books an execution.
    pub(super) fn fill(&mut self, at: Time, number: OrderNo, (quantity, price): (Quantity, Price)) {
        let terms = self.orders[number.0].terms;
        let fill = Fill {
            execution: ExecutionId(self.stamp(self.executions.len())),
            account: terms.account,
            order: self.orders[number.0].name(),
            instrument: terms.instrument,
            side: terms.side,
            quantity,
            price,
            fee: self.config.fees.fee(
                at.utc_date(),
                &terms.instrument,
                terms.side,
                (quantity, price),
            ),
            at,
        };
        let order = &mut self.orders[number.0];
        order.filled += quantity;
        assert!(order.filled <= terms.quantity, "no more is filled than was ordered");
        self.executions.push(Execution { fill: fill.clone(), order: order.venue, busted: false });
        self.books(terms.account).post(Posting::Fill(fill.clone()));
        self.stream(at, terms.account, Event::Fill(fill));
        if self.orders[number.0].rest().is_zero() {
            self.end(at, number, Stage::Filled);
        } else {
            self.tell(at, number);
        }
    }

    /// All of it, or now and then a random part of the whole shares.
    fn share_of(&mut self, rest: Quantity) -> Quantity {
        if rest.whole() < 2 || !self.chance.happens(self.config.partial) {
            return rest;
        }
        let fewer = usize::try_from(rest.whole() - 1).expect("a count of shares is positive");
        let part = 1 + self.chance.below(fewer);
        Quantity::shares(i64::try_from(part).expect("a part is less than the whole"))
    }

    pub(super) fn end(&mut self, at: Time, number: OrderNo, stage: Stage) {
        let order = &mut self.orders[number.0];
        if order.stage.is_final() {
            return;
        }
        order.stage = stage;
        let account = order.terms.account;
        self.books(account).open.retain(|open| *open != number);
        self.tell(at, number);
    }
}
