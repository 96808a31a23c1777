//! The end of contracts: what the broker does on their last day, at their close, and before a
//! dividend.
//!
//! | When | What |
//! |---|---|
//! | 45 to 30 minutes before the close | contracts in the money that could not be settled are closed at the market |
//! | after the close | by a cent in the money and affordable: exercised; sold ones: assigned; the rest expires |
//! | the evening before an ex-date | covered calls worth less than the dividend beyond their intrinsic value may be assigned |
//! | the ex-date, half an hour after the open | the dividend is paid to who held the share the evening before, and taken from who was short |
//!
//! What the broker trades for an account are executions of orders of its own, like a person's. An
//! account that would end short of shares or of cash is bought in or sold out at the last price.

use backsight_domain::cover::{add, requirement};
use backsight_domain::event::Event;
use backsight_domain::id::{AccountId, ExecutionId, VenueId};
use backsight_domain::instrument::{Contract, Instrument, Right, Ticker};
use backsight_domain::money::{Money, Rounding};
use backsight_domain::notice::Payout;
use backsight_domain::option::{Settlement, SettlementKind};
use backsight_domain::order::{OrderKind, Side, TimeInForce};
use backsight_domain::price::Price;
use backsight_domain::quantity::Quantity;
use backsight_domain::time::{Date, Span, Time};

use super::account::Posting;
use super::order::{Manual, Order, OrderNo, Stage};
use super::tape::{Hours, Tape};
use super::{Exchange, Task};

/// When the broker begins to close what cannot be settled, before the close.
const LIQUIDATION: Span = Span::from_minutes(45);
/// When a dividend is paid, after the open of the ex-date.
const PAID_AFTER: Span = Span::from_minutes(30);
/// The least that a contract must pay to be exercised, in ticks.
const CENT: i64 = 100;
/// How likely a holder uses a right that it pays to use.
const EARLY: f64 = 0.7;

/// Contracts of one expiry on one share in one account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Expiring {
    pub(super) account: AccountId,
    pub(super) underlying: Ticker,
    pub(super) expiry: Date,
}

impl Exchange {
    /// Plans the last day of contracts that an account holds for the first time.
    pub(super) fn plan_expiry(&mut self, account: AccountId, what: Instrument, tape: &dyn Tape) {
        let Some(expiry) = what.expiry() else { return };
        let expiring = Expiring { account, underlying: what.underlying(), expiry };
        let Some(hours) = last_hours(expiry, tape) else { return };
        if !self.expiries.insert(expiring) {
            return;
        }
        let wait = i64::try_from(self.chance.below(15 * 60)).expect("a quarter of an hour");
        let liquidation = hours.close - LIQUIDATION + Span::from_seconds(wait);
        self.agenda.plan(liquidation, Task::Liquidate(expiring));
        let wait = 30 + i64::try_from(self.chance.below(90)).expect("a minute and a half");
        self.agenda.plan(hours.close + Span::from_seconds(wait), Task::Settle(expiring));
    }

    /// Tells the exchange of a dividend: on the evening before, calls may be assigned.
    pub fn announce_dividend(&mut self, ticker: Ticker, (eve, amount): (Time, Money)) {
        self.dividends.insert(ticker, amount);
        self.agenda.plan(eve, Task::Assign(ticker));
    }

    /// Closes what could not be settled at today's close.
    pub(super) fn liquidate(&mut self, at: Time, expiring: Expiring, tape: &dyn Tape) {
        let Some(share) = last(&Instrument::Equity(expiring.underlying), at, tape) else { return };
        let plan = Plan::of(self, expiring, share);
        if plan.unaffordable.is_empty() {
            return;
        }
        let concerns = |number: &OrderNo| {
            let legs = self.orders[number.0].terms.instrument.legs();
            legs.map(|(leg, _)| leg).any(|leg| leg.expiry() == Some(expiring.expiry))
        };
        let open: Vec<OrderNo> =
            self.accounts[&expiring.account].open.iter().copied().filter(concerns).collect();
        for number in open {
            self.end(at, number, Stage::Cancelled);
        }
        for (contract, count) in plan.unaffordable {
            let instrument = Instrument::Option(contract);
            let Some(touch) = tape.touch(&instrument, at) else { continue };
            if tape.is_halted(&instrument, at) {
                continue;
            }
            let (side, price) =
                if count < 0 { (Side::Buy, touch.ask) } else { (Side::Sell, touch.bid) };
            let mut after = self.accounts[&expiring.account].quantities();
            add(&mut after, instrument, Quantity::shares(-count));
            let is_worthless = side == Side::Sell && !touch.has_bid();
            if !is_worthless && requirement(&after).is_some() {
                let quantity = Quantity::shares(count.abs());
                self.force(at, expiring.account, (instrument, side), (quantity, price));
            }
        }
    }

    /// Settles what expires.
    pub(super) fn settle(&mut self, at: Time, expiring: Expiring, tape: &dyn Tape) {
        self.expiries.remove(&expiring);
        let share = Instrument::Equity(expiring.underlying);
        let Some(price) = last(&share, at, tape) else { return };
        let plan = Plan::of(self, expiring, price);
        let delivered: i64 = plan
            .settled
            .iter()
            .map(|(contract, count, kind)| {
                let is_used = *kind != SettlementKind::Expired;
                let shares = contract.delivered(Quantity::shares(*count)).whole();
                if is_used { shares } else { 0 }
            })
            .sum();
        let account = &self.accounts[&expiring.account];
        let short = -(account.held(&share).whole() + delivered);
        if 0 < short && delivered < 0 && !account.terms.shorting {
            let wanted = Quantity::shares(short.min(-delivered));
            self.force(at, expiring.account, (share, Side::Buy), (wanted, price));
        }
        for (contract, count, kind) in plan.settled {
            self.post_settlement(at, expiring.account, (contract, count, kind), price);
        }
        self.cancel_uncovered(at, expiring.account, share);
        let cash = self.accounts[&expiring.account].cash;
        if cash.units() < 0 && 0 < delivered {
            let missing = (-cash).buys(price, 1).whole() + 1;
            let held = self.accounts[&expiring.account].held(&share).whole();
            let quantity = Quantity::shares(missing.min(delivered).min(held));
            if quantity.is_positive() {
                self.force(at, expiring.account, (share, Side::Sell), (quantity, price));
            }
        }
    }

    /// Perhaps assigns calls whose holders want the dividend. Only calls covered by shares: who has
    /// sold a vertical would be short of them.
    pub(super) fn assign_early(
        &mut self,
        at: Time,
        (ticker, amount): (Ticker, Money),
        tape: &dyn Tape,
    ) {
        let share = Instrument::Equity(ticker);
        let Some(price) = last(&share, at, tape) else { return };
        let accounts: Vec<AccountId> = self.accounts.keys().copied().collect();
        for account in accounts {
            let held = self.accounts[&account].quantities();
            let mut shares = held.get(&share).map_or(0, |held| held.whole());
            for (instrument, quantity) in &held {
                let Instrument::Option(contract) = *instrument else { continue };
                let count = quantity.whole();
                let needed = -count * i64::from(contract.multiplier);
                let is_sold = contract.underlying == ticker && contract.right == Right::Call;
                if !is_sold || needed <= 0 || shares < needed {
                    continue;
                }
                let intrinsic = contract.intrinsic(price);
                let mid = tape.touch(instrument, at).map_or(intrinsic, |touch| touch.mid().ticks());
                let pays = CENT <= intrinsic && mid - intrinsic < amount.units();
                if pays && self.chance.happens(EARLY) {
                    shares -= needed;
                    let settled = (contract, count, SettlementKind::Assigned);
                    self.post_settlement(at, account, settled, price);
                    self.cancel_uncovered(at, account, share);
                }
            }
        }
    }

    /// Plans what a share pays tomorrow to who holds it now, and takes from who is short of it.
    pub(super) fn plan_payouts(
        &mut self,
        at: Time,
        (ticker, amount): (Ticker, Money),
        tape: &dyn Tape,
    ) {
        let Some(hours) = tape.hours(at) else { return };
        let share = Instrument::Equity(ticker);
        let held = self.accounts.iter().map(|(account, books)| (*account, books.held(&share)));
        let held: Vec<_> = held.filter(|(_, shares)| !shares.is_zero()).collect();
        for (account, shares) in held {
            let due = hours.open + PAID_AFTER;
            let id = ExecutionId(0);
            let payout = Payout { id, account, ticker, shares, amount, at: due };
            self.agenda.plan(due, Task::Pay(payout));
        }
    }

    /// Pays a dividend.
    pub(super) fn pay(&mut self, at: Time, payout: Payout) {
        let id = ExecutionId(self.stamp(self.payouts.len() + (1 << 61)));
        let payout = Payout { id, at, ..payout };
        self.payouts.push(payout);
        self.books(payout.account).post(Posting::Payout(payout));
        self.stream(at, payout.account, Event::Payout(payout));
    }

    fn post_settlement(
        &mut self,
        at: Time,
        account: AccountId,
        (contract, count, kind): (Contract, i64, SettlementKind),
        underlying: Price,
    ) {
        let number = self.settlements.len() + (1 << 62);
        let settlement = Settlement {
            id: ExecutionId(self.stamp(number)),
            account,
            contract,
            quantity: Quantity::shares(count),
            kind,
            underlying,
            at,
        };
        self.settlements.push(settlement);
        self.books(account).post(Posting::Settlement(settlement));
        self.stream(at, account, Event::Settlement(settlement));
    }

    /// Trades for an account at a price: an order of the broker's own, filled as it is taken.
    fn force(
        &mut self,
        at: Time,
        account: AccountId,
        (instrument, side): (Instrument, Side),
        (quantity, price): (Quantity, Price),
    ) {
        let (kind, lasts) = (OrderKind::Market, TimeInForce::Day);
        let terms = Manual { account, instrument, side, quantity, kind, lasts, closes: false };
        let number = OrderNo(self.orders.len());
        self.orders.push(Order {
            venue: VenueId(self.stamp(self.orders.len())),
            intent: None,
            terms,
            received: at,
            stage: Stage::Working,
            filled: Quantity::ZERO,
            reserve: price,
            live: kind,
            ahead: None,
        });
        self.books(account).open.push(number);
        self.fill(at, number, (quantity, price));
    }
}

/// What becomes of contracts that expire, at a price of their share.
#[derive(Debug, Default)]
struct Plan {
    settled: Vec<(Contract, i64, SettlementKind)>,
    /// In the money and not to be settled: sold ones without shares first, then bought ones without
    /// the money or shares to use them.
    unaffordable: Vec<(Contract, i64)>,
}

impl Plan {
    fn of(exchange: &Exchange, expiring: Expiring, price: Price) -> Self {
        let account = &exchange.accounts[&expiring.account];
        let share = Instrument::Equity(expiring.underlying);
        let is_expiring = |contract: &Contract| {
            (contract.underlying, contract.expiry) == (expiring.underlying, expiring.expiry)
        };
        let contracts = account.lots.iter().filter_map(|(instrument, lot)| match instrument {
            Instrument::Option(contract) if is_expiring(contract) => {
                Some((*contract, lot.quantity.whole()))
            }
            Instrument::Option(_) | Instrument::Equity(_) | Instrument::Vertical(_) => None,
        });
        let (paying, worthless): (Vec<_>, Vec<_>) =
            contracts.partition(|(contract, _)| CENT <= contract.intrinsic(price));
        let mut plan = Self::default();
        let expired = |(contract, count)| (contract, count, SettlementKind::Expired);
        plan.settled.extend(worthless.into_iter().map(expired));
        let mut shares = account.held(&share).whole();
        let mut cash = account.cash;
        // What others decide comes first, then what it leaves to the account.
        let (assigned, bought): (Vec<_>, Vec<_>) =
            paying.into_iter().partition(|(_, count)| *count < 0);
        for &(contract, count) in &assigned {
            let moved = contract.delivered(Quantity::shares(count));
            cash -= Money::of(contract.strike, moved, 1, Rounding::HalfEven);
            shares += moved.whole();
        }
        let mut used = Vec::new();
        for (contract, count) in bought {
            let each = i64::from(contract.multiplier);
            let cost = Money::of(contract.strike, Quantity::shares(each), 1, Rounding::HalfEven);
            let most = match contract.right {
                Right::Call => cash.units().max(0) / cost.units(),
                Right::Put => shares.max(0) / each,
            };
            let part = count.min(most);
            let moved = contract.delivered(Quantity::shares(part));
            cash -= Money::of(contract.strike, moved, 1, Rounding::HalfEven);
            shares += moved.whole();
            used.push((contract, part, SettlementKind::Exercised));
            used.push((contract, count - part, SettlementKind::Expired));
            plan.unaffordable.push((contract, count - part));
        }
        if shares < 0 && !account.terms.shorting {
            plan.buy_back(&assigned, -shares);
        }
        // Rights are used before they are used against the account, so that shares are there.
        plan.settled.extend(used);
        let assigned = assigned.iter().map(|&(c, count)| (c, count, SettlementKind::Assigned));
        plan.settled.extend(assigned);
        plan.settled.retain(|(_, count, _)| *count != 0);
        plan.unaffordable.retain(|(_, count)| *count != 0);
        plan.settled.sort_by_key(|(contract, count, _)| moves_away(contract, *count));
        plan
    }

    /// Calls that would take more shares than there will be.
    fn buy_back(&mut self, assigned: &[(Contract, i64)], mut missing: i64) {
        let mut back = Vec::new();
        for &(contract, count) in assigned {
            let each = i64::from(contract.multiplier);
            if contract.right == Right::Call && 0 < missing {
                let part = (-count).min((missing + each - 1) / each);
                missing -= part * each;
                back.push((contract, -part));
            }
        }
        back.append(&mut self.unaffordable);
        self.unaffordable = back;
    }
}

/// Whether shares go when such a contract is used: those that bring some are settled first.
fn moves_away(contract: &Contract, count: i64) -> bool {
    contract.delivered(Quantity::shares(count)).units() < 0
}

/// The session of an expiry.
fn last_hours(expiry: Date, tape: &dyn Tape) -> Option<Hours> {
    let morning = expiry.midnight_utc() + Span::from_minutes(13 * 60);
    tape.hours(morning).filter(|hours| hours.close.utc_date() == expiry)
}

fn last(share: &Instrument, at: Time, tape: &dyn Tape) -> Option<Price> {
    tape.last(share, at)
}
