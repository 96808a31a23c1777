//! What the engine does when the venue's books are read: reports, executions taken back, and what
//! others do in the same accounts.
//!
//! Position truth is the venue's, reason truth is ours. The venue holds what we opened plus what is
//! *foreign*: traded by a person or another program, counted for cash and holdings, and never
//! managed. A settled report that still differs is believed after three in a row: what is missing
//! of ours is gone, what we once opened and the venue still holds is ours again, and the rest is
//! foreign. A difference is never hidden; it is always an alarm.

use std::collections::BTreeMap;

use backsight_domain::decision::{Ignored, Opening, Reason};
use backsight_domain::desk::Alarm;
use backsight_domain::event::Bust;
use backsight_domain::id::AccountId;
use backsight_domain::instrument::Instrument;
use backsight_domain::money::{Money, Rounding};
use backsight_domain::order::{AccountReport, ExitReason, Fill, OrderRef, Purpose};
use backsight_domain::quantity::Quantity;
use backsight_domain::signal::Direction;
use backsight_domain::time::Time;

use super::Engine;

use crate::order::OrderState;
use crate::position::{signed, worth};

/// Reports in a row that must disagree, with nothing under way, before a difference is believed.
const DISAGREEMENTS: u32 = 3;

type Key = (AccountId, Instrument);

impl Engine {
    /// Takes the venue's whole view of an account. Nothing is inferred from an answer that failed:
    /// a failed answer is never a report.
    pub(super) fn take_report(&mut self, report: &AccountReport) {
        let index = usize::from(report.account.0);
        if self.accounts.len() <= index {
            return self.ignore(Ignored::Outdated);
        }
        for fill in &report.fills {
            if !self.executions.contains_key(&fill.execution) {
                self.take_fill(fill);
            }
        }
        for settlement in &report.settlements {
            if !self.settled.contains_key(&settlement.id) && self.settled_since <= settlement.at {
                self.take_settlement(settlement);
            }
        }
        for payout in &report.payouts {
            if !self.settled.contains_key(&payout.id) && self.settled_since <= payout.at {
                self.take_payout(payout);
            }
        }
        for &execution in &report.busts {
            if self.executions.get(&execution).is_some_and(|fill| !fill.quantity.is_zero()) {
                self.take_bust(Bust { execution });
            }
        }
        self.compare_orders(report);
        let account = &mut self.accounts[index];
        account.locked = false;
        account.reported = Some(self.now);
        if !account.known {
            account.known = true;
            let missing = report.cash - account.cash();
            account.ledger.outside(missing, Money::ZERO);
            account.session_start = Some(report.cash);
            account.week_start = Some(report.cash);
            // What was there before the desk is somebody else's: counted, never managed.
            for (instrument, found) in self.differences(report) {
                self.accounts[index].add_foreign(instrument, found);
            }
        }
        if !self.is_settled(report.account) {
            return;
        }
        let account = &self.accounts[index];
        if self.differences(report).is_empty() && report.cash == account.cash() {
            self.accounts[index].reconciled = true;
            self.accounts[index].disagreements = 0;
        } else {
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
                matches!(
                    order.state,
                    OrderState::Working(_) | OrderState::Cancelling(_) | OrderState::Replacing(_)
                )
            })
            .map(|order| order.intent.id)
            .filter(|intent| !open.contains(&OrderRef::Ours(*intent)))
            .collect();
        for intent in missing {
            self.ask_about(intent);
        }
        self.miss_displaced(report);
    }

    /// Whether every order of the account is final, known to be working, or somebody else's.
    fn is_settled(&self, account: AccountId) -> bool {
        self.live_orders(account).all(|order| {
            let is_known = matches!(order.state, OrderState::Working(_) | OrderState::Displaced(_));
            is_known && !order.lacks_fills()
        })
    }

    /// Held at the venue minus what is ours and what is foreign, where they differ.
    fn differences(&self, report: &AccountReport) -> BTreeMap<Instrument, Quantity> {
        let mut differences: BTreeMap<Instrument, Quantity> = BTreeMap::new();
        for holding in &report.holdings {
            *differences.entry(holding.instrument).or_default() += holding.quantity;
        }
        for position in self.positions.values().filter(|p| p.account == report.account) {
            for (leg, count) in position.instrument.legs() {
                *differences.entry(leg).or_default() += -position.quantity.times(count);
            }
        }
        for (instrument, quantity) in &self.accounts[usize::from(report.account.0)].foreign {
            *differences.entry(*instrument).or_default() += -*quantity;
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
            // While in doubt a report is asked for again, at the pace of answers.
            return;
        }
        self.accounts[index].disagreements = 0;
        self.unfelt(report.account, |engine| engine.believe(report));
        self.accounts[index].reconciled = true;
    }

    fn believe(&mut self, report: &AccountReport) {
        let index = usize::from(report.account.0);
        for (instrument, difference) in self.differences(report) {
            self.alarm(Alarm::PositionDrift);
            self.take_drift((report.account, instrument), difference);
            self.accounts[index].unexplained.insert(instrument);
        }
        let missing = report.cash - self.accounts[index].cash();
        if missing != Money::ZERO {
            self.alarm(Alarm::CashDrift);
            self.accounts[index].ledger.outside(missing, Money::ZERO);
        }
    }

    /// Takes the venue's word on a holding: missing shares of ours are gone, shares we once opened
    /// are ours again, and everything else is foreign.
    fn take_drift(&mut self, key: Key, difference: Quantity) {
        let account = usize::from(key.0.0);
        let held = self.positions.get(&key).map_or(Quantity::ZERO, |position| position.quantity);
        let shrinks = !held.is_zero() && held.is_positive() != difference.is_positive();
        let ours = if shrinks { self.lose(key, difference) } else { self.regain(key, difference) };
        self.accounts[account].add_foreign(key.1, difference - ours);
    }

    /// Gives up what the venue does not hold of a position; returns the part of the change that is
    /// the position's.
    fn lose(&mut self, key: Key, change: Quantity) -> Quantity {
        let position = &self.positions[&key];
        let gone = change.magnitude().min(position.quantity.magnitude());
        let cost = position.cost_of(gone);
        let change = if position.quantity.is_positive() { -gone } else { gone };
        self.accounts[usize::from(key.0.0)].ledger.outside(Money::ZERO, -cost);
        self.shrink(key, change, cost);
        change
    }

    /// Takes shares of a position back that the venue still holds; returns how many were ours.
    fn regain(&mut self, key: Key, change: Quantity) -> Quantity {
        let Some(position) = self.revived(key, change) else { return Quantity::ZERO };
        let open = self.positions[&position].quantity.magnitude();
        let traded = self.positions[&position].traded;
        let most = (traded.opened - open).min(traded.closed).max(Quantity::ZERO);
        let back = change.magnitude().min(most);
        let change = if change.is_positive() { back } else { -back };
        let price =
            crate::position::average(traded.closed_value, traded.closed, key.1.multiplier());
        let fill_value = Money::of(price, back, key.1.multiplier(), Rounding::HalfEven);
        let cost = self.grow(key, change, fill_value);
        self.accounts[usize::from(key.0.0)].ledger.outside(Money::ZERO, cost);
        change
    }

    // Executions taken back.

    /// Takes an execution back.
    pub(super) fn take_bust(&mut self, bust: Bust) {
        let Some(fill) = self.executions.get(&bust.execution).cloned() else {
            return self.ignore(Ignored::UnknownExecution);
        };
        if fill.quantity.is_zero() {
            return self.ignore(Ignored::RepeatedFill);
        }
        // The id stays known: a busted execution that arrives again must not be applied.
        let voided = Fill { quantity: Quantity::ZERO, fee: Money::ZERO, ..fill.clone() };
        self.executions.insert(bust.execution, voided);
        self.alarm(Alarm::FillBusted);
        self.undo_fill(&fill);
        // What the desk now believes is checked against the venue before anything is opened.
        let account = usize::from(fill.account.0);
        self.accounts[account].reconciled = false;
        self.ask_report(account);
    }

    /// Money and shares go back to where they were; a position that the execution ended is ours
    /// again. What was realised through it cannot be told apart any more, so the books take the
    /// difference from the outside.
    fn undo_fill(&mut self, fill: &Fill) {
        let key = (fill.account, fill.instrument);
        let (index, back) = (usize::from(fill.account.0), -signed(fill));
        self.accounts[index].ledger.outside(worth(fill) + fill.fee, Money::ZERO);
        let OrderRef::Ours(intent) = fill.order else {
            self.accounts[index].add_foreign(fill.instrument, back);
            return;
        };
        let closed = self
            .orders
            .get(&intent)
            .is_some_and(|order| matches!(order.intent.purpose, Purpose::Close { .. }));
        if closed && self.revived(key, back).is_some() {
            let cost = self.grow(key, back, worth(fill).magnitude());
            self.accounts[index].ledger.outside(Money::ZERO, cost);
        } else if let Some(position) = self.positions.get_mut(&key) {
            let gone = fill.quantity.min(position.quantity.magnitude());
            let cost = position.cost_of(gone);
            let change = if position.quantity.is_positive() { -gone } else { gone };
            self.accounts[index].ledger.outside(Money::ZERO, -cost);
            self.shrink_unopened(key, (change, cost), fill);
        }
    }

    /// The key of the position that a change would add to: one that is held, or one that ended in
    /// this or the last session and is brought back, empty.
    fn revived(&mut self, key: Key, change: Quantity) -> Option<Key> {
        let points = |direction| (direction == Direction::Long) == change.is_positive();
        if let Some(position) = self.positions.get(&key) {
            return points(position.track.direction).then_some(key);
        }
        let ended = self.ended.iter().enumerate().filter(|(_, (_, position))| {
            // What was never opened, or never closed, has nothing to give back.
            let traded = position.traded.opened.min(position.traded.closed).is_positive();
            (position.account, position.instrument) == key
                && points(position.track.direction)
                && traded
        });
        let (last, _) = ended.max_by_key(|(_, (_, position))| position.id)?;
        let (_, mut position) = self.ended.remove(last);
        let id = position.id;
        position.leaving = None;
        self.because(Reason::Opened(Opening {
            position: id,
            account: key.0,
            instrument: key.1,
            quantity: change,
            price: position.track.entry,
        }));
        self.positions.insert(key, position);
        Some(key)
    }

    /// Adds shares back to a position at what it paid for them; returns their cost. What it never
    /// closed itself came from an earlier position in the same instrument and counts as opened.
    fn grow(&mut self, key: Key, change: Quantity, closed_value: Money) -> Money {
        let multiplier = key.1.multiplier();
        let position = self.positions.get_mut(&key).expect("the caller revived it");
        let entry = position.track.entry;
        let value = |quantity| Money::of(entry, quantity, multiplier, Rounding::HalfEven);
        let traded = &mut position.traded;
        let reopened = change.magnitude().min(traded.closed);
        let inherited = change.magnitude() - reopened;
        if inherited.is_zero() {
            traded.closed_value -= closed_value.min(traded.closed_value);
        } else {
            traded.closed_value = Money::ZERO;
        }
        traded.closed = traded.closed - reopened;
        traded.opened += inherited;
        traded.opened_value += value(inherited);
        position.quantity += change;
        position.cost += value(change);
        value(change)
    }

    /// Takes shares off a position as if they had been closed at the last price.
    fn shrink(&mut self, key: Key, change: Quantity, cost: Money) {
        let Some(position) = self.positions.get_mut(&key) else { return };
        let mark = self.market.mark(position.instrument, position.slot);
        let mark = mark.unwrap_or(position.track.entry);
        let gone = change.magnitude();
        let multiplier = key.1.multiplier();
        position.quantity += change;
        position.cost -= cost;
        position.guessed = true;
        position.traded.closed += gone;
        position.traded.closed_value += Money::of(mark, gone, multiplier, Rounding::HalfEven);
        self.after_shrinking(key);
    }

    /// Takes shares off a position that, it turned out, were never bought or sold.
    fn shrink_unopened(&mut self, key: Key, (change, cost): (Quantity, Money), fill: &Fill) {
        let Some(position) = self.positions.get_mut(&key) else { return };
        position.quantity += change;
        position.cost -= cost;
        position.traded.opened = position.traded.opened - fill.quantity;
        position.traded.opened_value -= worth(fill).magnitude();
        position.traded.fees -= fill.fee;
        self.after_shrinking(key);
    }

    fn after_shrinking(&mut self, key: Key) {
        // An exit that is out may want more than is left.
        self.wake_by(self.now);
        self.close_if_flat(key, ExitReason::Manual);
    }

    // What others do in the same account.

    /// An execution that is not ours: it moves cash, and shares that are foreign. Whatever it takes
    /// from a position of ours is gone.
    pub(super) fn take_foreign_fill(&mut self, fill: &Fill) {
        let index = usize::from(fill.account.0);
        if self.accounts.len() <= index {
            return self.ignore(Ignored::Outdated);
        }
        self.ignore(Ignored::ForeignOrder);
        self.executions.insert(fill.execution, fill.clone());
        self.unfelt(fill.account, |engine| engine.book_foreign(fill));
    }

    fn book_foreign(&mut self, fill: &Fill) {
        let index = usize::from(fill.account.0);
        self.accounts[index].ledger.outside(-worth(fill) - fill.fee, Money::ZERO);
        for (leg, count) in fill.instrument.legs() {
            self.accounts[index].add_foreign(leg, signed(fill).times(count));
            if let Instrument::Option(contract) = leg {
                let slot = self.slot_of(leg);
                let last = slot.and_then(|slot| self.market.last_price(slot));
                self.unbind(fill.account, contract, last.unwrap_or(contract.strike));
            }
            self.net_foreign((fill.account, leg));
        }
    }

    /// Gives up what somebody else's trades took from a position of ours.
    pub(super) fn net_foreign(&mut self, key: Key) {
        let index = usize::from(key.0.0);
        let foreign = self.accounts[index].foreign(key.1);
        let held = self.positions.get(&key).map_or(Quantity::ZERO, |position| position.quantity);
        let takes =
            !held.is_zero() && !foreign.is_zero() && held.is_positive() != foreign.is_positive();
        if takes {
            let ours = self.lose(key, foreign);
            self.accounts[index].add_foreign(key.1, -ours);
        }
    }

    /// Takes money or shares that came or went without us; the day's result does not feel it.
    pub(super) fn unfelt(&mut self, account: AccountId, change: impl FnOnce(&mut Self)) {
        let before = self.equity(account);
        change(self);
        let moved = self.equity(account).zip(before).map_or(Money::ZERO, |(now, then)| now - then);
        let account = &mut self.accounts[usize::from(account.0)];
        account.session_start = account.session_start.map(|start| start + moved);
        account.week_start = account.week_start.map(|start| start + moved);
    }

    /// Forgets positions that ended before a time.
    pub(crate) fn forget_ended(&mut self, horizon: Time) {
        self.ended.retain(|(at, _)| horizon <= *at);
    }
}
