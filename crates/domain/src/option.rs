//! Option chains as a feed sends them, and what becomes of contracts without a trade.

use crate::id::{AccountId, ExecutionId};
use crate::instrument::{Contract, ExerciseStyle, Right, Ticker};
use crate::market::Slot;
use crate::price::Price;
use crate::quantity::Quantity;
use crate::time::{Date, Time};

/// Quotes of contracts on one share, all of them or those that were asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chain {
    /// The share.
    pub slot: Slot,
    /// When the venue made the quotes.
    pub at: Time,
    /// One row for each contract.
    pub quotes: Vec<ContractQuote>,
}

/// The market in one contract, as the feed sent it: it may be wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ContractQuote {
    /// The last day it can be exercised.
    pub expiry: Date,
    /// Call or put.
    pub right: Right,
    /// The exercise price.
    pub strike: Price,
    /// Shares for one contract; 100 unless adjusted.
    pub multiplier: u16,
    /// Bid in ticks; zero when there is none.
    pub bid: i64,
    /// Offer in ticks; zero when there is none.
    pub ask: i64,
    /// Contracts traded in the session; `None` when the feed does not say. Missing is not zero.
    pub volume: Option<u32>,
    /// Contracts open; `None` when the feed does not say.
    pub open_interest: Option<u32>,
}

/// A contract left an account without a trade: it expired, was exercised or was assigned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settlement {
    /// The venue's name for it; applied once however often it arrives.
    pub id: ExecutionId,
    /// The account.
    pub account: AccountId,
    /// The contract.
    pub contract: Contract,
    /// Contracts that left, signed like the holding was.
    pub quantity: Quantity,
    /// How it ended.
    pub kind: SettlementKind,
    /// The share's price at which the contract's worth is told: its last one.
    pub underlying: Price,
    /// When the venue did it.
    pub at: Time,
}

/// How a contract leaves an account without a trade.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SettlementKind {
    /// Worthless.
    Expired,
    /// We used our right: shares and the strike's money change hands.
    Exercised,
    /// The other side used its right against us.
    Assigned,
}

impl ContractQuote {
    /// The contract, as an option of its share.
    pub const fn contract(&self, underlying: Ticker) -> Contract {
        Contract {
            underlying,
            expiry: self.expiry,
            right: self.right,
            strike: self.strike,
            multiplier: self.multiplier,
            style: ExerciseStyle::American,
        }
    }

    /// Bid and offer when both are prices and the bid does not exceed the offer.
    pub fn sane(&self) -> Option<(Price, Price)> {
        let (bid, ask) = (Price::from_ticks(self.bid)?, Price::from_ticks(self.ask)?);
        (bid <= ask).then_some((bid, ask))
    }
}

impl Contract {
    /// What exercising one share of it now would win, in ticks; never below zero.
    pub fn intrinsic(&self, underlying: Price) -> i64 {
        let above = underlying.ticks() - self.strike.ticks();
        match self.right {
            Right::Call => above.max(0),
            Right::Put => (-above).max(0),
        }
    }

    /// Shares that change hands when contracts held with this sign are exercised or assigned.
    pub fn delivered(&self, held: Quantity) -> Quantity {
        let shares = held.times(i64::from(self.multiplier));
        match self.right {
            Right::Call => shares,
            Right::Put => -shares,
        }
    }
}

#[cfg(test)]
mod tests;
