//! What the engine does with what the venue says: replies, updates, fills, busts, reports.
//!
//! The stream is a hint and a report is the audit. Fills are keyed by execution id and accepted in
//! every state of their order; fills, never submissions, move positions.

use std::collections::BTreeMap;

use backsight_domain::decision::{Effect, Ignored, Opening, OrderPhase, Reason};
use backsight_domain::desk::{Alarm, Command, WorldFault};
use backsight_domain::event::Bust;
use backsight_domain::id::{AccountId, IntentId, PositionId};
use backsight_domain::instrument::Instrument;
use backsight_domain::money::{Money, Rounding};
use backsight_domain::order::{
    AccountReport, Answer, Asked, ExitReason, Fill, Intent, OrderRef, OrderUpdate, Purpose,
    Refusal, Reply,
};
use backsight_domain::quantity::Quantity;
use backsight_domain::signal::Direction;

use super::Engine;
use crate::exit::Track;
use crate::order::{Heard, OrderState};
use crate::position::{Position, Traded, signed, worth};

/// Reports in a row that must disagree, with nothing under way, before a difference is believed.
const DISAGREEMENTS: u32 = 3;

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
            OrderRef::Foreign(_) => self.ignore(Ignored::ForeignOrder),
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
        if stale || !self.may_still(&order.intent) {
            return;
        }
        let again = order.intent;
        self.orders.get_mut(&intent).expect("it was just read").sends += 1;
        self.effect(Effect::Resubmit(again));
        self.scratch.approved.push(crate::gate::approve_again(again));
    }

    /// Whether what allowed an intent holds: an opening needs the desk, its account and its symbol
    /// open; an exit needs as much to be held.
    fn may_still(&self, intent: &Intent) -> bool {
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
                held.is_some_and(|held| intent.quantity <= held.quantity.magnitude()) && !halted
            }
        }
    }

    pub(super) fn take_fill(&mut self, fill: &Fill) {
        if self.executions.contains_key(&fill.execution) {
            return self.ignore(Ignored::RepeatedFill);
        }
        let OrderRef::Ours(intent) = fill.order else {
            return self.ignore(Ignored::ForeignOrder);
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
        let order = &self.orders[&intent];
        let alarmed = self.scratch.decision.effects.contains(&Effect::Alarm(Alarm::Overfill));
        if order.intent.quantity < order.filled && !alarmed {
            self.halt_for(Alarm::Overfill);
        }
        // An order may have waited only for this fill; its state says whether it is still live.
        self.move_order(intent, |_| {});
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

    fn extend_position(
        &mut self,
        intent: IntentId,
        signal: backsight_domain::id::SignalId,
        fill: &Fill,
        value: Money,
    ) {
        let key = (fill.account, fill.instrument);
        if let Some(position) = self.positions.get_mut(&key) {
            return position.extend(fill, value);
        }
        let direction = match fill.side {
            backsight_domain::order::Side::Buy => Direction::Long,
            backsight_domain::order::Side::Sell => Direction::Short,
        };
        let slot = self.slot_of(fill.instrument).expect("an intent names a watched symbol");
        let plan = self.policy.exits.clone();
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
            leaving: None,
        };
        position.extend(fill, value);
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

    fn close_if_flat(&mut self, key: (AccountId, Instrument), reason: ExitReason) {
        let flat = self.positions.get(&key).is_some_and(|position| position.quantity.is_zero());
        if flat {
            let position = self.positions.remove(&key).expect("it was just seen");
            let outcome = position.outcome(self.now, reason);
            self.because(Reason::Closed(Box::new(outcome)));
        }
    }

    /// Takes an execution back, exactly as it was booked.
    pub(super) fn take_bust(&mut self, bust: Bust) {
        let Some(fill) = self.executions.get(&bust.execution).cloned() else {
            return self.ignore(Ignored::UnknownExecution);
        };
        // The id stays known: a busted execution that arrives again must not be applied.
        let voided = Fill { quantity: Quantity::ZERO, fee: Money::ZERO, ..fill.clone() };
        if fill.quantity.is_zero() {
            return self.ignore(Ignored::RepeatedFill);
        }
        self.executions.insert(bust.execution, voided);
        self.alarm(Alarm::FillBusted);
        self.undo_fill(&fill);
        // What the desk now believes is checked against the venue before anything is opened.
        let account = usize::from(fill.account.0);
        self.accounts[account].reconciled = false;
        self.ask_report(account);
    }

    /// The venue's money and shares go back to where they were. What a position realised through
    /// the fill cannot be told apart any more, so the books take the difference from the outside.
    fn undo_fill(&mut self, fill: &Fill) {
        let key = (fill.account, fill.instrument);
        let back = -signed(fill);
        let multiplier = fill.instrument.multiplier();
        let cash = worth(fill) + fill.fee;
        if let OrderRef::Ours(intent) = fill.order
            && let Some(order) = self.orders.get_mut(&intent)
        {
            order.filled = order.filled - fill.quantity;
            order.reported = order.reported - fill.quantity;
        }
        let held = self.positions.get(&key);
        let shrinks = held.is_some_and(|p| p.quantity.is_positive() != back.is_positive());
        let cost = match held {
            None => Money::ZERO,
            Some(position) if shrinks => -position.cost_of(fill.quantity),
            Some(_) => Money::of(fill.price, back, multiplier, Rounding::HalfEven),
        };
        self.accounts[usize::from(fill.account.0)].ledger.outside(cash, cost);
        self.adjust_holding(key, back, cost);
    }

    // Reports.

    /// Takes the venue's whole view of an account. Nothing is inferred from an answer that failed:
    /// a failed answer is never a report.
    pub(super) fn take_report(&mut self, report: &AccountReport) {
        let index = usize::from(report.account.0);
        if self.accounts.len() <= index {
            return self.ignore(Ignored::Outdated);
        }
        for fill in &report.fills {
            let foreign = matches!(fill.order, OrderRef::Foreign(_));
            if !foreign && !self.executions.contains_key(&fill.execution) {
                self.take_fill(fill);
            }
        }
        self.compare_orders(report);
        if !self.accounts[index].known {
            self.accounts[index].known = true;
            self.accounts[index].ledger.outside(report.cash, Money::ZERO);
            self.accounts[index].session_start = Some(report.cash);
        }
        let settled = self.is_settled(report.account);
        let differences = self.differences(report);
        let agrees = self.agrees(report, &differences);
        let account = &mut self.accounts[index];
        account.locked = false;
        if agrees && settled {
            account.reconciled = true;
            account.disagreements = 0;
            account.unexplained.retain(|instrument| differences.contains_key(instrument));
        } else if settled {
            self.disagree(report);
        }
    }

    fn compare_orders(&mut self, report: &AccountReport) {
        for update in &report.open_orders {
            if matches!(update.order, OrderRef::Ours(_)) {
                self.take_update(update);
            }
        }
        let open: Vec<_> = report.open_orders.iter().map(|update| update.order).collect();
        let missing: Vec<_> = self
            .live_orders(report.account)
            .filter(|order| {
                matches!(order.state, OrderState::Working(_) | OrderState::Cancelling(_))
            })
            .map(|order| order.intent.id)
            .filter(|intent| !open.contains(&OrderRef::Ours(*intent)))
            .collect();
        for intent in missing {
            self.ask_about(intent);
        }
    }

    /// Whether every order of the account is final or known to be working.
    fn is_settled(&self, account: AccountId) -> bool {
        self.live_orders(account)
            .all(|order| matches!(order.state, OrderState::Working(_)) && !order.lacks_fills())
    }

    /// Whether the cash is ours to the cent and every difference is a holding beyond ours that a
    /// person was already called about.
    fn agrees(&self, report: &AccountReport, differences: &BTreeMap<Instrument, Quantity>) -> bool {
        let account = &self.accounts[usize::from(report.account.0)];
        let known = |(instrument, difference): (&Instrument, &Quantity)| {
            account.unexplained.contains(instrument)
                && !self.lacks((report.account, *instrument), *difference)
        };
        report.cash == account.cash() && differences.iter().all(known)
    }

    /// Whether a difference means that the venue holds less of a position than we do.
    fn lacks(&self, key: (AccountId, Instrument), difference: Quantity) -> bool {
        let held = self.positions.get(&key);
        held.is_some_and(|held| held.quantity.is_positive() != difference.is_positive())
    }

    /// Held at the venue minus held by us, where they differ.
    fn differences(&self, report: &AccountReport) -> BTreeMap<Instrument, Quantity> {
        let mut differences = BTreeMap::new();
        for holding in &report.holdings {
            *differences.entry(holding.instrument).or_insert(Quantity::ZERO) += holding.quantity;
        }
        for position in self.positions.values().filter(|p| p.account == report.account) {
            *differences.entry(position.instrument).or_insert(Quantity::ZERO) += -position.quantity;
        }
        differences.retain(|_, difference| !difference.is_zero());
        differences
    }

    /// A settled report differs from us. A late message may explain it, so it must be seen several
    /// times in a row; then the venue's truth is taken and a person is called.
    fn disagree(&mut self, report: &AccountReport) {
        let index = usize::from(report.account.0);
        self.accounts[index].reconciled = false;
        self.accounts[index].disagreements += 1;
        if self.accounts[index].disagreements < DISAGREEMENTS {
            return self.ask_report(index);
        }
        self.accounts[index].disagreements = 0;
        let differences = self.differences(report);
        for (instrument, difference) in &differences {
            self.alarm(Alarm::PositionDrift);
            self.take_drift((report.account, *instrument), *difference);
        }
        let account = &mut self.accounts[index];
        let missing = report.cash - account.cash();
        account.ledger.outside(missing, Money::ZERO);
        account.session_start = account.session_start.map(|start| start + missing);
        account.unexplained = differences.into_keys().collect();
        if missing != Money::ZERO {
            self.alarm(Alarm::CashDrift);
        }
        self.accounts[index].reconciled = true;
    }

    /// The venue holds less of a position of ours than we think: the rest is gone. What it holds
    /// beyond ours is somebody else's and is not managed.
    fn take_drift(&mut self, key: (AccountId, Instrument), difference: Quantity) {
        let Some(position) = self.positions.get(&key).filter(|_| self.lacks(key, difference))
        else {
            return;
        };
        let gone = difference.magnitude().min(position.quantity.magnitude());
        let cost = position.cost_of(gone);
        let signed = if position.quantity.is_positive() { -gone } else { gone };
        self.accounts[usize::from(key.0.0)].ledger.outside(Money::ZERO, -cost);
        self.adjust_holding(key, signed, -cost);
    }

    /// Changes what we believe is held, outside any fill: it grows, or shrinks down to nothing.
    fn adjust_holding(&mut self, key: (AccountId, Instrument), change: Quantity, cost: Money) {
        let Some(position) = self.positions.get_mut(&key) else { return };
        let shrinks = position.quantity.is_positive() != change.is_positive();
        if shrinks {
            let (gone, multiplier) =
                (change.magnitude().min(position.quantity.magnitude()), key.1.multiplier());
            let mark = self.market.last_price(position.slot).unwrap_or(position.track.entry);
            let kept = position.quantity.magnitude() - gone;
            position.quantity = if position.quantity.is_positive() { kept } else { -kept };
            position.traded.closed += gone;
            position.traded.closed_value += Money::of(mark, gone, multiplier, Rounding::HalfEven);
        } else {
            position.quantity += change;
        }
        position.cost += cost;
        // An exit that is out may want more than is left.
        self.wake_by(self.now);
        self.close_if_flat(key, ExitReason::Manual);
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
                self.ignore(Ignored::Outdated)
            }
            WorldFault::ClockSkew(milliseconds) => self.take_skew(milliseconds),
        }
    }

    /// A clock that disagrees with the venue's makes every freshness check a guess.
    fn take_skew(&mut self, milliseconds: i64) {
        const HALT_FROM_MS: i64 = 30_000;
        if HALT_FROM_MS < milliseconds.abs() {
            self.latch = self.latch.max(Some(Command::Halt));
        }
    }
}

/// Whether an execution is a possible one of an intent.
fn is_for(fill: &Fill, intent: &Intent) -> bool {
    (fill.account, fill.instrument, fill.side) == (intent.account, intent.instrument, intent.side)
        && fill.quantity.is_positive()
}
