//! What contracts that were sold can cost, and whether somebody could be made to pay more than that.
//!
//! A call that was sold must be covered by shares or by a call of the same expiry that was bought:
//! its loss has no bound otherwise. Everything else is secured by cash: for each expiry the worst
//! that its contracts can pay over all prices of the share, which lies at one of the strikes or at
//! nothing. That is a put's strike, or the width of a vertical.

use std::collections::BTreeMap;

use crate::instrument::{Contract, Instrument, Right, Ticker};
use crate::money::Money;
use crate::order::Side;
use crate::price::Price;
use crate::quantity::Quantity;
use crate::time::Date;

/// Whole contracts by expiry; bought above zero.
type Expiries = BTreeMap<Date, Vec<(Contract, i64)>>;

/// What secures the contracts of an account; `None` when a call of it is covered by nothing.
pub fn requirement(held: &BTreeMap<Instrument, Quantity>) -> Option<Money> {
    let mut contracts: BTreeMap<Ticker, Expiries> = BTreeMap::new();
    for (instrument, quantity) in held {
        let Instrument::Option(contract) = instrument else { continue };
        let expiries = contracts.entry(contract.underlying).or_default();
        expiries.entry(contract.expiry).or_default().push((*contract, quantity.whole()));
    }
    let mut required = 0;
    for (underlying, expiries) in contracts {
        let shares = held.get(&Instrument::Equity(underlying)).map_or(0, |held| held.whole());
        let mut left = shares;
        for mut expiry in expiries.into_values() {
            left -= cover(&mut expiry);
            required += worst(&expiry);
        }
        if left < 0 && left < shares {
            return None;
        }
    }
    Some(Money::from_units(required))
}

/// Takes calls away that only shares can cover, the highest strikes first; returns those shares.
fn cover(expiry: &mut [(Contract, i64)]) -> i64 {
    let calls = expiry.iter().filter(|(contract, _)| contract.right == Right::Call);
    let mut uncovered = (-calls.map(|(_, count)| count).sum::<i64>()).max(0);
    let mut shares = 0;
    expiry.sort_by_key(|(contract, _)| std::cmp::Reverse(contract.strike));
    for (contract, count) in expiry {
        if contract.right == Right::Call && *count < 0 {
            let part = uncovered.min(-*count);
            *count += part;
            uncovered -= part;
            shares += part * i64::from(contract.multiplier);
        }
    }
    shares
}

/// The most that contracts of one expiry can cost, in units of money.
fn worst(expiry: &[(Contract, i64)]) -> i64 {
    let pays = |share: i64| -> i64 {
        let one = |(contract, count): &(Contract, i64)| {
            let above = share - contract.strike.ticks();
            let intrinsic = match contract.right {
                Right::Call => above.max(0),
                Right::Put => (-above).max(0),
            };
            intrinsic * count * i64::from(contract.multiplier)
        };
        expiry.iter().map(one).sum()
    };
    let strikes = expiry.iter().map(|(contract, _)| contract.strike.ticks());
    std::iter::once(0).chain(strikes).map(|share| -pays(share)).max().unwrap_or(0).max(0)
}

/// Adds an amount of an instrument to what is held, leg by leg.
pub fn add(held: &mut BTreeMap<Instrument, Quantity>, what: Instrument, by: Quantity) {
    for (leg, count) in what.legs() {
        *held.entry(leg).or_default() += by.times(count);
    }
}

/// What one share of an instrument ties up when it is opened at a price, in ticks: what is paid for
/// it, or what may be lost beyond what is received. A call that is sold is covered by shares.
pub fn tied(instrument: Instrument, side: Side, price: Price) -> i64 {
    match (side, instrument) {
        (Side::Buy, _) | (Side::Sell, Instrument::Equity(_)) => price.ticks(),
        (Side::Sell, _) => (secured_by(instrument) - price.ticks()).max(0),
    }
}

/// The money that secures one share of a contract that is sold, in ticks.
pub fn secured_by(instrument: Instrument) -> i64 {
    match instrument {
        Instrument::Equity(_) => 0,
        Instrument::Vertical(vertical) => vertical.width(),
        Instrument::Option(contract) => match contract.right {
            Right::Call => 0,
            Right::Put => contract.strike.ticks(),
        },
    }
}
