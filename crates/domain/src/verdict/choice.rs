//! How contracts were chosen for a signal, and what was wrong with the others.

use std::fmt;

use crate::instrument::{Contract, Instrument, Vertical};
use crate::order::Side;
use crate::price::Price;
use crate::time::Time;

/// How a contract was chosen, or why none was.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Choice {
    /// What was looked for.
    pub structure: Structure,
    /// When the chain was quoted; `None` when there was none.
    pub quoted: Option<Time>,
    /// Contracts in the chain.
    pub seen: u32,
    /// Contracts of the right kind, expiry and strike.
    pub suited: u32,
    /// Those of them with the best scores, the best first.
    pub tried: Vec<Tried>,
    /// Rank of implied volatility over the last year, 0 to 1.
    pub iv_rank: Option<f64>,
}

/// One contract that was considered.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tried {
    /// The contract.
    pub contract: Contract,
    /// The strike of the contract that is traded against it, when two are traded as one.
    pub other: Option<Price>,
    /// Bid in ticks, of two contracts as one; zero or less when nobody pays for them.
    pub bid: i64,
    /// Offer in ticks.
    pub ask: i64,
    /// What its price gains when the share gains a dollar.
    pub delta: Option<f64>,
    /// Implied volatility for a year.
    pub iv: Option<f64>,
    /// 0 to 100.
    pub score: f64,
    /// Why it was passed over; `None` for the one that was chosen, and for those behind it.
    pub flaw: Option<Flaw>,
}

/// How contracts stand for a signal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Structure {
    /// A call or a put is bought.
    #[default]
    Bought,
    /// A contract is bought and a cheaper one sold against it.
    DebitVertical,
    /// A contract is sold and a cheaper one bought against it.
    CreditVertical,
    /// A put is sold, and its strike is kept in cash.
    SecuredPut,
    /// A call is sold on shares that are held.
    CoveredCall,
}

impl Structure {
    /// Whether it earns what time costs, rather than paying it.
    pub const fn is_sold(self) -> bool {
        match self {
            Self::Bought | Self::DebitVertical => false,
            Self::CreditVertical | Self::SecuredPut | Self::CoveredCall => true,
        }
    }

    /// Whether two contracts are traded as one.
    pub const fn is_vertical(self) -> bool {
        matches!(self, Self::DebitVertical | Self::CreditVertical)
    }

    /// The side of the order that opens it.
    pub const fn side(self) -> Side {
        if self.is_sold() { Side::Sell } else { Side::Buy }
    }
}

impl Tried {
    /// What would be traded: the contract, or both as one.
    pub fn instrument(&self) -> Instrument {
        let single = Instrument::Option(self.contract);
        let Some(strike) = self.other else { return single };
        let other = Contract { strike, ..self.contract };
        let both = Vertical::of(self.contract, other).or(Vertical::of(other, self.contract));
        both.map_or(single, Instrument::Vertical)
    }
}

/// Why a contract was passed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Flaw {
    /// Bid or offer is missing, or they are crossed.
    NoMarket,
    /// Bid and offer are too far apart.
    WideSpread,
    /// The premium is too small for its costs.
    SmallPremium,
    /// Too little of it is traded, or nobody knows.
    LowVolume,
    /// Too little of it is open, or nobody knows.
    LowInterest,
    /// No volatility explains its price.
    NoVolatility,
    /// Its score is too low.
    LowScore,
}

impl Choice {
    /// The contract that was chosen.
    pub fn chosen(&self) -> Option<&Tried> {
        self.tried.iter().find(|tried| tried.flaw.is_none())
    }
}

impl fmt::Display for Structure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Bought => "bought",
            Self::DebitVertical => "debit vertical",
            Self::CreditVertical => "credit vertical",
            Self::SecuredPut => "cash-secured put",
            Self::CoveredCall => "covered call",
        })
    }
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::NoMarket => "no market",
            Self::WideSpread => "wide spread",
            Self::SmallPremium => "small premium",
            Self::LowVolume => "low volume",
            Self::LowInterest => "low interest",
            Self::NoVolatility => "no volatility",
            Self::LowScore => "low score",
        })
    }
}
