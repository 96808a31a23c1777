//! What is announced about the market and its companies: fear index, earnings, dividends, finds.

use crate::id::{AccountId, ExecutionId};
use crate::instrument::Ticker;
use crate::market::Slot;
use crate::money::{Money, Rounding};
use crate::price::Price;
use crate::quantity::{Quantity, UNITS_PER_SHARE};
use crate::time::{Date, Time};

/// The market's fear index.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Regime {
    /// Its level, such as 17.5.
    pub index: f64,
    /// When it was that.
    pub at: Time,
}

/// A company will report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Earnings {
    /// The symbol.
    pub slot: Slot,
    /// The session date.
    pub date: Date,
    /// Before that session's open or after its close.
    pub hour: EarningsHour,
}

/// When in a day a company reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EarningsHour {
    /// Before the open.
    BeforeOpen,
    /// After the close.
    AfterClose,
}

/// A company will pay its shareholders.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dividend {
    /// The symbol.
    pub slot: Slot,
    /// The first session without the right to it.
    pub ex: Date,
    /// For one share.
    pub amount: Money,
}

/// Implied volatilities over thirty days of sessions before the desk watched, as a vendor sells them.
#[derive(Clone, Debug, PartialEq)]
pub struct PastVolatility {
    /// The symbol.
    pub slot: Slot,
    /// The last of the sessions.
    pub until: Date,
    /// One for each session, the last one at the end.
    pub values: Vec<f64>,
}

/// A dividend that was paid to an account, or taken from it for shares that it had sold short.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Payout {
    /// The venue's name for it; applied once however often it arrives.
    pub id: ExecutionId,
    /// The account.
    pub account: AccountId,
    /// The share.
    pub ticker: Ticker,
    /// The shares that were held when it fell due; below zero when short.
    pub shares: Quantity,
    /// What one share pays.
    pub amount: Money,
    /// When the venue booked it.
    pub at: Time,
}

impl Payout {
    /// What it adds to cash, to the nearest 1/10,000 dollar.
    pub fn cash(&self) -> Money {
        self.amount.share(self.shares.units(), UNITS_PER_SHARE, Rounding::HalfEven)
    }
}

/// What discovery found, the best first; it replaces what it found before.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Discovery {
    /// The candidates.
    pub candidates: Vec<Candidate>,
}

/// One candidate of discovery.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Candidate {
    /// The symbol.
    pub slot: Slot,
    /// How good it is, 0 to 1.
    pub score: f64,
    /// Its price when it was found.
    pub price: Price,
}

/// Why a holding is held: claims that can be checked. It replaces the symbol's last one.
#[derive(Clone, Debug, PartialEq)]
pub struct Thesis {
    /// The symbol.
    pub slot: Slot,
    /// The price it was written at.
    pub price: Price,
    /// The claims; all of them should hold.
    pub claims: Vec<Claim>,
}

/// One claim of a thesis: a number that should stay on one side of a threshold.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Claim {
    /// What is looked at.
    pub metric: Metric,
    /// Which side of the threshold it should be on.
    pub side: ClaimSide,
    /// The threshold.
    pub threshold: f64,
    /// The last session date on which it is looked at; afterwards it neither helps nor harms.
    pub until: Date,
    /// Whether the whole thesis falls when it does not hold.
    pub decisive: bool,
}

/// What a claim looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Metric {
    /// The last price against the thesis' price, as a share.
    Return,
    /// Volume of the session so far against what is usual by now.
    RelativeVolume,
    /// The distance to the 50-bar mean, as a share.
    DistanceSma50,
    /// Relative strength index.
    Rsi,
    /// Mean signed sentiment of recent readings.
    Sentiment,
    /// Recent readings.
    Readings,
}

/// On which side of its threshold a claim's number should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ClaimSide {
    /// At or above it.
    AtLeast,
    /// At or below it.
    AtMost,
}

impl Claim {
    /// Whether the claim holds for a number.
    pub fn holds(&self, value: f64) -> bool {
        match self.side {
            ClaimSide::AtLeast => self.threshold <= value,
            ClaimSide::AtMost => value <= self.threshold,
        }
    }
}
