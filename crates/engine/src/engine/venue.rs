//! What the engine does with what the venue says: replies, updates, fills.
//!
//! The stream is a hint and a report is the audit. Fills are keyed by execution id and accepted in
//! every state of their order; fills, never submissions, move positions.

use backsight_domain::decision::{Effect, Ignored, Opening, OrderPhase, Reason};
use backsight_domain::desk::{Alarm, Command, WorldFault};
use backsight_domain::id::{AccountId, IntentId, PositionId, SignalId};
use backsight_domain::instrument::Instrument;
use backsight_domain::money::Money;
use backsight_domain::order::{
    Answer, Asked, ExitReason, Fill, Intent, OrderRef, OrderUpdate, Purpose, Refusal, Reply,
};
use backsight_domain::quantity::Quantity;
use backsight_domain::session::Session;

use super::Engine;
use crate::exit::{Plan, Track};
use crate::ghost::direction_of;
use crate::order::{Heard, Order};
use crate::position::{Position, Traded, signed, worth};

impl Engine {
    pub(super) fn take_reply(&mut self, reply: &Reply) {
        let Some(order) = self.orders.get(&reply.intent) else {
            return self.ignore(Ignored::Outdated);
        };
        let (account, now, fence) = (order.intent.account, self.now, self.fence());
        let heard = match (&reply.answer, reply.asked) {
            (Answer::Known(update), _) => Heard::Known(update),
            (Answer::Refused(refusal), Asked::Submit) => Heard::Refused(*refusal),
            (Answer::Refused(Refusal::RateLimited), _) => Heard::Nothing,
            (Answer::Refused(_), Asked::Cancel) => Heard::CancelRefused,
            (Answer::Refused(_), Asked::Lookup) => Heard::Nothing,
            (Answer::NotFound, Asked::Lookup) => Heard::NotFound,
            (Answer::NotFound, Asked::Cancel) => Heard::CancelRefused,
            (Answer::NotFound, Asked::Submit) => Heard::Nothing,
            (Answer::Unclear(_), _) => Heard::Nothing,
        };
        let was = order.phase();
        self.move_order(reply.intent, |order| order.hear(heard, now, fence));
        if matches!(heard, Heard::CancelRefused) {
            // It may have traded meanwhile: the venue knows.
            self.ask_about(reply.intent);
        }
        if let Answer::Refused(Refusal::Unauthorised) = reply.answer {
            self.lock(account);
        }
        self.after_move(reply.intent, was, matches!(reply.answer, Answer::NotFound));
    }

    pub(super) fn take_update(&mut self, update: &OrderUpdate) {
        match update.order {
            OrderRef::Ours(intent) if self.orders.contains_key(&intent) => {
                let (now, fence) = (self.now, self.fence());
                self.move_order(intent, |order| order.hear(Heard::Known(update), now, fence));
            }
            OrderRef::Ours(intent) if self.seq < intent.cause || !update.status.is_final() => {
                self.expel_orphan(update);
            }
            OrderRef::Ours(_) => self.ignore(Ignored::Outdated),
            OrderRef::Foreign(venue) => {
                self.ignore(Ignored::ForeignOrder);
                if update.status.is_final() {
                    self.note_foreign_end(update.account, venue);
                }
            }
        }
    }

    /// An order at the venue carries our id and no intent of ours: it must not live.
    fn expel_orphan(&mut self, update: &OrderUpdate) {
        self.effect(Effect::CancelForeign { account: update.account, venue: update.venue });
        self.halt_for(Alarm::OrphanOrder);
    }

    /// What follows when an order has moved: a person is called, or a vanished order is resent.
    fn after_move(&mut self, intent: IntentId, was: OrderPhase, venue_lacks_it: bool) {
        let phase = self.orders[&intent].phase();
        if phase == OrderPhase::Abandoned && was != phase {
            self.alarm(Alarm::OrderAbandoned);
        } else if venue_lacks_it && phase == OrderPhase::Unknown {
            self.resend_if_wanted(intent);
        }
    }

    /// The venue does not know the order: while the intent is valid and still wanted it is sent
    /// again, as itself.
    fn resend_if_wanted(&mut self, intent: IntentId) {
        let order = &self.orders[&intent];
        let traded = !order.filled.is_zero() || !order.reported.is_zero();
        let stale = order.intent.valid_until <= self.now || 2 <= order.sends || traded;
        if stale || !self.may_still(order) {
            return;
        }
        let again = order.intent;
        self.orders.get_mut(&intent).expect("it was just read").sends += 1;
        self.effect(Effect::Resubmit(again));
        self.scratch.approved.push(crate::gate::approve_again(again));
    }

    /// Whether what allowed an intent holds: an opening needs the desk, its account and its symbol
    /// open; an exit needs as much to be held.
    fn may_still(&self, order: &Order) -> bool {
        let intent = &order.intent;
        let account = &self.accounts[usize::from(intent.account.0)];
        let halted = self.slot_of(intent.instrument).is_none_or(|slot| self.market.is_halted(slot));
        match intent.purpose {
            Purpose::Open(_) => {
                self.state.allows_openings()
                    && account.is_reconciled()
                    && !account.loss_latched
                    && !halted
            }
            Purpose::Close { .. } => {
                let held = self.positions.get(&(intent.account, intent.instrument));
                held.is_some_and(|held| order.whole() <= held.quantity.magnitude()) && !halted
            }
        }
    }

    pub(super) fn take_fill(&mut self, fill: &Fill) {
        if self.executions.contains_key(&fill.execution) {
            return self.ignore(Ignored::RepeatedFill);
        }
        let OrderRef::Ours(intent) = fill.order else {
            return self.take_foreign_fill(fill);
        };
        let Some(order) = self.orders.get(&intent) else {
            return self.ignore(Ignored::Outdated);
        };
        if !is_for(fill, &order.intent) {
            // The next report shows what it really was.
            return self.ignore(Ignored::ForeignOrder);
        }
        self.executions.insert(fill.execution, fill.clone());
        self.book_fill(intent, fill);
        self.net_late(fill);
        let order = &self.orders[&intent];
        let alarmed = self.scratch.decision.effects.contains(&Effect::Alarm(Alarm::Overfill));
        if order.whole() < order.filled && !alarmed {
            self.halt_for(Alarm::Overfill);
        }
        // An order may have waited only for this fill.
        let (now, fence) = (self.now, self.fence());
        self.move_order(intent, |order| order.hear(Heard::Executed, now, fence));
        self.carry(intent, fill.quantity);
    }

    /// Books a fill. A position is extended in its own direction and reduced down to nothing; what
    /// an execution trades beyond that is not ours to manage: it is booked against the outside, the
    /// desk halts and a person is called.
    fn book_fill(&mut self, intent: IntentId, fill: &Fill) {
        let order = self.orders.get_mut(&intent).expect("the caller looked it up");
        order.filled += fill.quantity;
        let purpose = order.intent.purpose;
        let (quantity, execution) = (signed(fill), fill.execution);
        self.because(Reason::Filled { execution, intent, quantity, price: fill.price });
        let (account, key) = (usize::from(fill.account.0), (fill.account, fill.instrument));
        let held = self.positions.get(&key).map_or(Quantity::ZERO, |position| position.quantity);
        let reduces = !held.is_zero() && held.is_positive() != quantity.is_positive();
        let within = match purpose {
            _ if reduces => fill.quantity.min(held.magnitude()),
            Purpose::Open(_) => fill.quantity,
            Purpose::Close { .. } => Quantity::ZERO,
        };
        let ours = Fill { quantity: within, ..fill.clone() };
        let value = worth(&ours);
        match purpose {
            _ if reduces => {
                let position = self.positions.get_mut(&key).expect("something is held");
                let released = position.reduce(&ours, value);
                self.accounts[account].ledger.fill(value, Some(released), fill.fee);
            }
            Purpose::Open(signal) => {
                self.extend_position(intent, signal, &ours, value);
                self.accounts[account].ledger.fill(value, None, fill.fee);
            }
            Purpose::Close { .. } => {
                self.accounts[account].ledger.fill(value, None, fill.fee);
            }
        }
        if within < fill.quantity {
            self.accounts[account].ledger.outside(value - worth(fill), Money::ZERO);
            self.halt_for(Alarm::Overfill);
        }
        if let Some(slot) = self.slot_of(fill.instrument) {
            let now = self.now;
            self.accounts[account].note_trade(slot, now);
        }
        self.close_if_flat(key, self.leaving_reason(key, purpose));
    }

    fn leaving_reason(&self, key: (AccountId, Instrument), purpose: Purpose) -> ExitReason {
        let leaving = self.positions.get(&key).and_then(|position| position.leaving);
        match purpose {
            Purpose::Close { reason, .. } => reason,
            Purpose::Open(_) => leaving.map_or(ExitReason::Manual, |leaving| leaving.reason),
        }
    }

    /// Calls a person and stops openings until the operator resumes.
    fn halt_for(&mut self, alarm: Alarm) {
        self.alarm(alarm);
        self.latch = self.latch.max(Some(Command::Halt));
    }

    fn extend_position(&mut self, intent: IntentId, signal: SignalId, fill: &Fill, value: Money) {
        let key = (fill.account, fill.instrument);
        self.note_roll(intent, fill);
        if let Some(position) = self.positions.get_mut(&key) {
            return position.extend(fill, value);
        }
        let direction = direction_of(fill.side);
        let slot = self.slot_of(fill.instrument).expect("an intent names a watched symbol");
        let plan = self.orders.get(&intent).and_then(|order| order.plan.clone());
        let what = (fill.instrument, fill.side);
        let plan = plan.unwrap_or_else(|| Plan::general(&self.policy, what));
        let mut position = Position {
            id: PositionId(intent),
            account: fill.account,
            instrument: fill.instrument,
            slot,
            signal,
            quantity: Quantity::ZERO,
            cost: Money::ZERO,
            track: Track::begin(direction, fill.price, self.now, plan),
            traded: Traded::default(),
            guessed: false,
            leaving: None,
        };
        position.extend(fill, value);
        self.accounts[usize::from(fill.account.0)].note_opening(slot);
        let quantity = position.quantity;
        self.positions.insert(key, position);
        self.because(Reason::Opened(Opening {
            position: PositionId(intent),
            account: fill.account,
            instrument: fill.instrument,
            quantity,
            price: fill.price,
        }));
    }

    /// Ends a position of which nothing is held any more, or the sale of a part that is done.
    pub(super) fn close_if_flat(&mut self, key: (AccountId, Instrument), reason: ExitReason) {
        let Some(position) = self.positions.get_mut(&key) else { return };
        position.settle_part();
        if position.quantity.is_zero() {
            let position = self.positions.remove(&key).expect("it was just seen");
            if !position.traded.opened.is_zero() {
                let outcome = position.outcome(self.now, reason);
                let same_day = self.market.session().filter(|s| s.open() <= outcome.opened);
                let made = (outcome.pnl, position.traded.opened_value);
                self.accounts[usize::from(key.0.0)].note_closing(made, same_day.map(Session::date));
                self.note_result(&outcome, (position.signal, position.slot));
                let exit = outcome.exit;
                self.because(Reason::Closed(Box::new(outcome)));
                if reason == ExitReason::Roll {
                    self.roll(&position, exit);
                }
            }
            self.ended.push((self.now, position));
        }
    }

    fn lock(&mut self, account: AccountId) {
        let account = &mut self.accounts[usize::from(account.0)];
        if !account.locked {
            account.locked = true;
            self.alarm(Alarm::AccountLocked);
        }
    }

    pub(super) fn take_fault(&mut self, fault: WorldFault) {
        let index = |account: AccountId| usize::from(account.0);
        match fault {
            WorldFault::StreamLost(account) if index(account) < self.accounts.len() => {
                self.accounts[index(account)].streaming = false;
                self.accounts[index(account)].reconciled = false;
            }
            WorldFault::StreamBack(account) if index(account) < self.accounts.len() => {
                self.accounts[index(account)].streaming = true;
                // What the stream would have said meanwhile is only in a report from now on.
                self.accounts[index(account)].reconciled = false;
                self.ask_report(index(account));
            }
            WorldFault::Unauthorised(account) if index(account) < self.accounts.len() => {
                self.lock(account);
            }
            WorldFault::StreamLost(_) | WorldFault::StreamBack(_) | WorldFault::Unauthorised(_) => {
                self.ignore(Ignored::Outdated);
            }
            WorldFault::ClockSkew(milliseconds) => self.take_skew(milliseconds),
        }
    }

    /// A clock that disagrees with the venue's makes every freshness check a guess.
    fn take_skew(&mut self, milliseconds: i64) {
        const HALT_FROM_MS: i64 = 30_000;
        if HALT_FROM_MS < milliseconds.abs() {
            self.halt_for(Alarm::ClockSkewed);
        }
    }
}

/// Whether an execution is a possible one of an intent.
fn is_for(fill: &Fill, intent: &Intent) -> bool {
    (fill.account, fill.instrument, fill.side) == (intent.account, intent.instrument, intent.side)
        && fill.quantity.is_positive()
}
