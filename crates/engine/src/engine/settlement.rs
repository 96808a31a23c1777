//! Contracts that leave an account without a trade: they expire, are exercised or are assigned.
//!
//! A settlement is applied once, whoever tells it first: the venue's message or a report. The
//! contract leaves at what exercising it pays at the share's last price, and the shares that change
//! hands come or go at that same price, so that together they move the strike's money:
//!
//! ```text
//! contract ──intrinsic──► cash ◄──last price── shares          sum: strike x shares
//! ```
//!
//! Shares that nobody wanted become a position of their own, which is left at the next chance. The
//! contracts of a vertical settle one by one, so its position falls apart into its legs first.

use backsight_domain::decision::{Ignored, Opening, Reason};
use backsight_domain::id::{AccountId, PositionId, SignalId};
use backsight_domain::instrument::{Contract, Instrument};
use backsight_domain::money::{Money, Rounding};
use backsight_domain::option::{Settlement, SettlementKind};
use backsight_domain::order::{ExitReason, Fill, OrderRef, Side};
use backsight_domain::price::Price;
use backsight_domain::quantity::Quantity;
use backsight_domain::signal::Direction;
use backsight_domain::time::Time;

use super::Engine;
use crate::exit::{Plan, Track};
use crate::ghost::opening_side;
use crate::position::{Leaving, Position, Traded, average, signed, worth};

type Key = (AccountId, Instrument);

impl Engine {
    pub(super) fn take_settlement(&mut self, settlement: &Settlement) {
        let index = usize::from(settlement.account.0);
        if self.accounts.len() <= index || settlement.at < self.settled_since {
            return self.ignore(Ignored::Outdated);
        }
        if self.settled.contains_key(&settlement.id) {
            return self.ignore(Ignored::RepeatedFill);
        }
        self.settled.insert(settlement.id, settlement.at);
        self.unbind(settlement.account, settlement.contract, settlement.underlying);
        let key = (settlement.account, Instrument::Option(settlement.contract));
        let held = self.positions.get(&key).map_or(Quantity::ZERO, |position| position.quantity);
        let ours = common(held, settlement.quantity);
        if !ours.is_zero() {
            self.settle(key, settlement, ours);
        }
        let rest = settlement.quantity - ours;
        if !rest.is_zero() {
            self.unfelt(settlement.account, |engine| engine.settle_foreign(settlement, rest));
        }
    }

    /// Takes contracts of ours off their position, and the shares that they move.
    fn settle(&mut self, key: Key, settlement: &Settlement, part: Quantity) {
        let Settlement { contract, underlying, .. } = *settlement;
        let paid = paid(settlement, part);
        let position = self.positions.get_mut(&key).expect("something is held");
        let (slot, signal) = (position.slot, position.signal);
        let released = position.cost_of(part.magnitude());
        position.quantity += -part;
        position.cost -= released;
        position.traded.closed += part.magnitude();
        position.traded.closed_value += paid.magnitude();
        let index = usize::from(key.0.0);
        self.accounts[index].ledger.fill(-paid, Some(released), Money::ZERO);
        let now = self.now;
        self.accounts[index].note_trade(slot, now);
        self.close_if_flat(key, ExitReason::Settled);
        let shares = moved(settlement, part);
        if shares.is_zero() {
            return;
        }
        // A contract that the venue used although it paid nothing: its loss has no other book.
        let strike = of(contract.strike, shares);
        let short = of(underlying, shares) - strike - paid;
        if short != Money::ZERO {
            self.accounts[index].ledger.outside(short, Money::ZERO);
        }
        self.deliver(settlement, shares, signal);
    }

    /// Shares come at the last price: what was held against them goes, the rest is a position.
    fn deliver(&mut self, settlement: &Settlement, shares: Quantity, signal: SignalId) {
        let key = (settlement.account, Instrument::Equity(settlement.contract.underlying));
        let index = usize::from(key.0.0);
        let held = self.positions.get(&key).map_or(Quantity::ZERO, |position| position.quantity);
        let against = -common(held, -shares);
        if !against.is_zero() {
            let fill = execution(settlement, against);
            let value = worth(&fill);
            let position = self.positions.get_mut(&key).expect("something is held");
            let released = position.reduce(&fill, value);
            self.accounts[index].ledger.fill(value, Some(released), Money::ZERO);
            self.wake_by(self.now);
            self.close_if_flat(key, ExitReason::Settled);
        }
        let rest = shares - against;
        let theirs = -common(self.accounts[index].foreign(key.1), -rest);
        if !theirs.is_zero() {
            // What covered it was somebody else's: their shares go, and their money comes.
            let value = of(settlement.underlying, theirs);
            self.unfelt(key.0, |engine| {
                engine.accounts[index].ledger.outside(-value, Money::ZERO);
                engine.accounts[index].add_foreign(key.1, theirs);
            });
        }
        let rest = rest - theirs;
        if !rest.is_zero() {
            let fill = execution(settlement, rest);
            let value = worth(&fill);
            self.accounts[index].ledger.fill(value, None, Money::ZERO);
            self.add_delivered(key, &fill, signal);
        }
        self.net_foreign(key);
    }

    /// Adds shares to what is held, or makes a position of them that is left at the next chance.
    fn add_delivered(&mut self, key: Key, fill: &Fill, signal: SignalId) {
        let value = worth(fill);
        if let Some(position) = self.positions.get_mut(&key) {
            return position.extend(fill, value);
        }
        let Some(slot) = self.slot_of(key.1) else { return };
        let id = PositionId(self.next_intent());
        let mut position = Position {
            id,
            account: key.0,
            instrument: key.1,
            slot,
            signal,
            quantity: Quantity::ZERO,
            cost: Money::ZERO,
            track: self.track(key.1, signed(fill), fill.price),
            traded: Traded::default(),
            guessed: false,
            leaving: Some(Leaving::begin(ExitReason::Delivered, Quantity::ZERO)),
        };
        position.extend(fill, value);
        self.because(Reason::Opened(Opening {
            position: id,
            account: key.0,
            instrument: key.1,
            quantity: position.quantity,
            price: fill.price,
        }));
        self.positions.insert(key, position);
        self.scratch.leaving.add(key);
        self.wake_by(self.now);
    }

    fn track(&self, instrument: Instrument, quantity: Quantity, entry: Price) -> Track {
        let direction = if quantity.is_positive() { Direction::Long } else { Direction::Short };
        let what = (instrument, opening_side(direction));
        Track::begin(direction, entry, self.now, Plan::general(&self.policy, what))
    }

    /// Contracts that are not ours: their cash and shares are not either.
    fn settle_foreign(&mut self, settlement: &Settlement, part: Quantity) {
        let contract = settlement.contract;
        let shares = moved(settlement, part);
        let account = &mut self.accounts[usize::from(settlement.account.0)];
        account.add_foreign(Instrument::Option(contract), -part);
        if shares.is_zero() {
            return;
        }
        let share = Instrument::Equity(contract.underlying);
        account.ledger.outside(-of(contract.strike, shares), Money::ZERO);
        account.add_foreign(share, shares);
        self.net_foreign((settlement.account, share));
    }

    /// Takes verticals apart that hold a contract: each leg becomes a position of its own. What was
    /// sold counts at what exercising it pays, the rest of the cost belongs to what was bought.
    pub(super) fn unbind(&mut self, account: AccountId, contract: Contract, underlying: Price) {
        let holds = |(owner, instrument): &&Key| match instrument {
            Instrument::Vertical(vertical) => {
                *owner == account && (vertical.bought() == contract || vertical.sold() == contract)
            }
            Instrument::Equity(_) | Instrument::Option(_) => false,
        };
        let bound: Vec<Key> = self.positions.keys().filter(holds).copied().collect();
        for key in bound {
            let Instrument::Vertical(vertical) = key.1 else { continue };
            let mut bought = self.positions.remove(&key).expect("it was just seen");
            let held = bought.quantity;
            let mark = vertical.sold().intrinsic(underlying);
            let worth = ticks_of(mark, held, vertical.sold().multiplier);
            let price = Price::from_ticks_clamped(mark);
            let sold = Position {
                id: PositionId(self.next_intent()),
                instrument: Instrument::Option(vertical.sold()),
                quantity: -held,
                cost: -worth,
                track: self.track(Instrument::Option(vertical.sold()), -held, price),
                traded: Traded {
                    opened: held.magnitude(),
                    opened_value: worth.magnitude(),
                    ..Traded::default()
                },
                leaving: None,
                ..bought.clone()
            };
            bought.instrument = Instrument::Option(vertical.bought());
            bought.cost += worth;
            bought.traded.opened_value += worth.magnitude();
            let Traded { opened, opened_value, .. } = bought.traded;
            bought.track.reprice(average(opened_value, opened, vertical.bought().multiplier));
            self.absorb(sold);
            self.absorb(bought);
        }
    }

    /// Adds a position to what is held of the same contract.
    fn absorb(&mut self, position: Position) {
        let key = (position.account, position.instrument);
        let is_left = position.leaving.is_some();
        if let Some(held) = self.positions.get_mut(&key) {
            held.quantity += position.quantity;
            held.cost += position.cost;
            held.traded.opened += position.traded.opened;
            held.traded.opened_value += position.traded.opened_value;
        } else {
            self.positions.insert(key, position);
        }
        if is_left {
            self.scratch.leaving.add(key);
        }
    }

    /// An execution was told after its contract had settled, which was then taken for foreign.
    pub(super) fn net_late(&mut self, fill: &Fill) {
        for (leg, _) in fill.instrument.legs() {
            let Instrument::Option(contract) = leg else { continue };
            if self.accounts[usize::from(fill.account.0)].foreign(leg).is_zero() {
                continue;
            }
            self.unbind(fill.account, contract, contract.strike);
            self.net_foreign((fill.account, leg));
        }
    }

    /// Whether an account holds a contract whose last session is over: the venue has settled it, or
    /// is about to.
    pub(super) fn awaits_settlement(&self, account: AccountId) -> bool {
        let Some(session) = self.market.session() else { return false };
        let is_over = |instrument: &Instrument| {
            instrument.expiry().is_some_and(|expiry| {
                expiry < session.date() || (expiry == session.date() && session.close() <= self.now)
            })
        };
        let held = self.positions.keys().filter(|(owner, _)| *owner == account);
        let foreign = self.accounts[usize::from(account.0)].foreign.keys();
        held.map(|(_, instrument)| instrument).chain(foreign).any(is_over)
    }

    /// Forgets settlements before an instant; what arrives of them later is outdated.
    pub(super) fn forget_settled(&mut self, horizon: Time) {
        self.settled_since = horizon;
        self.settled.retain(|_, at| horizon <= *at);
    }
}

/// What two signed quantities have in common: nothing when they point apart.
fn common(held: Quantity, wanted: Quantity) -> Quantity {
    if held.is_zero() || held.is_positive() != wanted.is_positive() {
        return Quantity::ZERO;
    }
    let part = held.magnitude().min(wanted.magnitude());
    if wanted.is_positive() { part } else { -part }
}

/// What contracts pay when they leave, signed like the holding.
fn paid(settlement: &Settlement, part: Quantity) -> Money {
    match settlement.kind {
        SettlementKind::Expired => Money::ZERO,
        SettlementKind::Exercised | SettlementKind::Assigned => {
            let ticks = settlement.contract.intrinsic(settlement.underlying);
            ticks_of(ticks, part, settlement.contract.multiplier)
        }
    }
}

/// The shares that contracts move when they leave.
fn moved(settlement: &Settlement, part: Quantity) -> Quantity {
    match settlement.kind {
        SettlementKind::Expired => Quantity::ZERO,
        SettlementKind::Exercised | SettlementKind::Assigned => settlement.contract.delivered(part),
    }
}

/// The value of a quantity at a number of ticks, which may be none.
fn ticks_of(ticks: i64, quantity: Quantity, multiplier: u16) -> Money {
    let price = Price::from_ticks(ticks);
    price.map_or(Money::ZERO, |price| Money::of(price, quantity, multiplier, Rounding::HalfEven))
}

/// The value of shares at a price.
fn of(price: Price, shares: Quantity) -> Money {
    Money::of(price, shares, 1, Rounding::HalfEven)
}

/// Shares that changed hands, told like an execution at the share's last price.
fn execution(settlement: &Settlement, shares: Quantity) -> Fill {
    Fill {
        execution: settlement.id,
        account: settlement.account,
        order: OrderRef::Foreign(backsight_domain::id::VenueId(settlement.id.0)),
        instrument: Instrument::Equity(settlement.contract.underlying),
        side: if shares.is_positive() { Side::Buy } else { Side::Sell },
        quantity: shares.magnitude(),
        price: settlement.underlying,
        fee: Money::ZERO,
        at: settlement.at,
    }
}

#[cfg(test)]
mod tests;
