//! One account: cash, holdings, open orders, and the history that explains them.

use std::collections::BTreeMap;

use backsight_domain::cover::requirement;
use backsight_domain::id::AccountId;
use backsight_domain::instrument::{Instrument, Ticker};
use backsight_domain::market::Split;
use backsight_domain::money::{Money, Rounding};
use backsight_domain::notice::Payout;
use backsight_domain::option::{Settlement, SettlementKind};
use backsight_domain::order::{Fill, Holding, Side};
use backsight_domain::price::Price;
use backsight_domain::quantity::Quantity;
use backsight_domain::time::{Span, Time};

use super::order::OrderNo;

/// How an account begins and what it may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AccountTerms {
    /// Its identity.
    pub id: AccountId,
    /// Its first cash.
    pub cash: Money,
    /// How many times its equity it may hold: 1 for a cash account.
    pub leverage: u8,
    /// Whether it may sell short.
    pub shorting: bool,
}

/// An account as the exchange keeps it.
#[derive(Clone, Debug)]
pub(super) struct Account {
    pub(super) terms: AccountTerms,
    pub(super) cash: Money,
    /// What it held before anything happened.
    pub(super) given: Vec<Holding>,
    pub(super) lots: BTreeMap<Instrument, Lot>,
    pub(super) open: Vec<OrderNo>,
    pub(super) history: Vec<Posting>,
    pub(super) requests: RequestBudget,
    /// When the last message of its stream arrives: a stream keeps its order.
    pub(super) stream_clock: Time,
}

/// What is held of one instrument.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Lot {
    pub(super) quantity: Quantity,
    /// Its last execution's price, for when the tape has none.
    pub(super) last: Price,
}

/// What changed an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Posting {
    Fill(Fill),
    Bust(Fill),
    Settlement(Settlement),
    Payout(Payout),
    Split(Ticker, Split),
}

/// Requests of the running minute.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct RequestBudget {
    minute: i64,
    used: u32,
}

impl RequestBudget {
    /// Takes one request out of the minute's budget; false when there is none left.
    pub(super) fn take(&mut self, at: Time, per_minute: u32) -> bool {
        let minute = (at - Time::default()).minutes_floor();
        if minute != self.minute {
            *self = Self { minute, used: 0 };
        }
        self.used += 1;
        self.used <= per_minute
    }
}

impl Account {
    pub(super) fn new(terms: AccountTerms, given: Vec<Holding>) -> Self {
        Self {
            terms,
            cash: terms.cash,
            lots: lots_of(&given),
            given,
            open: Vec::new(),
            history: Vec::new(),
            requests: RequestBudget::default(),
            stream_clock: Time::default(),
        }
    }

    /// What is held; of a vertical, as many as both legs make.
    pub(super) fn held(&self, instrument: &Instrument) -> Quantity {
        if let Instrument::Vertical(vertical) = instrument {
            let bought = self.held(&Instrument::Option(vertical.bought()));
            let sold = -self.held(&Instrument::Option(vertical.sold()));
            return match (bought.units().signum(), sold.units().signum()) {
                (1, 1) => bought.min(sold),
                (-1, -1) => bought.max(sold),
                _ => Quantity::ZERO,
            };
        }
        self.lots.get(instrument).map_or(Quantity::ZERO, |lot| lot.quantity)
    }

    /// How much is held of everything.
    pub(super) fn quantities(&self) -> BTreeMap<Instrument, Quantity> {
        self.lots.iter().map(|(&instrument, lot)| (instrument, lot.quantity)).collect()
    }

    /// Whether it has anything to do with options.
    pub(super) fn has_contracts(&self) -> bool {
        self.lots.keys().any(|instrument| matches!(instrument, Instrument::Option(_)))
    }

    /// What secures its contracts; `None` when one of them is covered by nothing.
    pub(super) fn requirement(&self) -> Option<Money> {
        if self.has_contracts() { requirement(&self.quantities()) } else { Some(Money::ZERO) }
    }

    pub(super) fn holdings(&self) -> Vec<Holding> {
        let holding = |(&instrument, lot): (&Instrument, &Lot)| Holding {
            instrument,
            quantity: lot.quantity,
        };
        self.lots.iter().map(holding).collect()
    }

    /// Books what happened. The only place where cash and holdings change.
    pub(super) fn post(&mut self, posting: Posting) {
        let instrument = match &posting {
            Posting::Fill(fill) | Posting::Bust(fill) => Some(fill.instrument),
            Posting::Settlement(settlement) => {
                Some(Instrument::Equity(settlement.contract.underlying))
            }
            Posting::Split(..) | Posting::Payout(_) => None,
        };
        self.cash += cash_of(&posting);
        apply(&mut self.lots, &posting);
        if let Some(share @ Instrument::Equity(_)) = instrument {
            let covered = self.terms.shorting || Quantity::ZERO <= self.held(&share);
            assert!(covered, "account {:?} is short of {share}", self.terms.id);
        }
        self.history.push(posting);
    }

    /// Recomputes cash and holdings from the history and asserts that they are the same.
    pub(super) fn audit(&self) {
        let flows = self.history.iter().map(cash_of);
        assert_eq!(self.cash, self.terms.cash + flows.sum(), "cash is explained by executions");
        let mut lots = lots_of(&self.given);
        for posting in &self.history {
            apply(&mut lots, posting);
        }
        assert_eq!(self.lots, lots, "holdings are explained by executions and splits");
    }
}

fn lots_of(given: &[Holding]) -> BTreeMap<Instrument, Lot> {
    let lot = |holding: &Holding| Lot { quantity: holding.quantity, last: Price::MIN };
    given.iter().map(|holding| (holding.instrument, lot(holding))).collect()
}

fn apply(lots: &mut BTreeMap<Instrument, Lot>, posting: &Posting) {
    match posting {
        Posting::Fill(fill) => change_legs(lots, fill, signed(fill)),
        Posting::Bust(fill) => change_legs(lots, fill, -signed(fill)),
        Posting::Settlement(settlement) => {
            let (contract, price) = (settlement.contract, settlement.underlying);
            change(lots, Instrument::Option(contract), (-settlement.quantity, price));
            let shares = shares_of(settlement);
            change(lots, Instrument::Equity(contract.underlying), (shares, price));
        }
        Posting::Payout(_) => {}
        Posting::Split(ticker, split) => {
            for (before, lot) in std::mem::take(lots) {
                let (after, lot) = adjusted((*ticker, *split), before, lot);
                lots.insert(after, lot);
            }
            lots.retain(|_, lot| !lot.quantity.is_zero());
        }
    }
}

/// What a lot becomes when a share is split: contracts on it get another name.
fn adjusted((ticker, split): (Ticker, Split), before: Instrument, lot: Lot) -> (Instrument, Lot) {
    if before.underlying() != ticker {
        return (before, lot);
    }
    let (after, count) = split.instrument(before);
    let quantity = match before {
        Instrument::Equity(_) => split.quantity(lot.quantity),
        Instrument::Option(_) | Instrument::Vertical(_) => lot.quantity.times(count),
    };
    (after, Lot { quantity, last: split.price(lot.last) })
}

fn change_legs(lots: &mut BTreeMap<Instrument, Lot>, fill: &Fill, quantity: Quantity) {
    for (leg, count) in fill.instrument.legs() {
        change(lots, leg, (quantity.times(count), fill.price));
    }
}

fn change(
    lots: &mut BTreeMap<Instrument, Lot>,
    instrument: Instrument,
    (quantity, last): (Quantity, Price),
) {
    let lot = lots.entry(instrument).or_insert(Lot { quantity: Quantity::ZERO, last });
    lot.quantity += quantity;
    lot.last = last;
    if lot.quantity.is_zero() {
        lots.remove(&instrument);
    }
}

/// The shares that a settlement brings.
fn shares_of(settlement: &Settlement) -> Quantity {
    match settlement.kind {
        SettlementKind::Expired => Quantity::ZERO,
        SettlementKind::Exercised | SettlementKind::Assigned => {
            settlement.contract.delivered(settlement.quantity)
        }
    }
}

/// What a posting adds to cash.
fn cash_of(posting: &Posting) -> Money {
    match posting {
        Posting::Fill(fill) => cash_flow(fill),
        Posting::Bust(fill) => -cash_flow(fill),
        Posting::Settlement(settlement) => {
            let shares = shares_of(settlement);
            -Money::of(settlement.contract.strike, shares, 1, Rounding::HalfEven)
        }
        Posting::Payout(payout) => payout.cash(),
        Posting::Split(..) => Money::ZERO,
    }
}

/// What the account holds more of through an execution.
pub(super) fn signed(fill: &Fill) -> Quantity {
    match fill.side {
        Side::Buy => fill.quantity,
        Side::Sell => -fill.quantity,
    }
}

/// What an execution adds to cash: its value, to the nearest 1/10,000 dollar, less its fee.
pub fn cash_flow(fill: &Fill) -> Money {
    let multiplier = fill.instrument.multiplier();
    let value = Money::of(fill.price, fill.quantity, multiplier, Rounding::HalfEven);
    let gained = match fill.side {
        Side::Buy => -value,
        Side::Sell => value,
    };
    gained - fill.fee
}

/// The least time between two messages of one stream.
pub(super) const STREAM_STEP: Span = Span::from_nanos(1);
