//! Option chains and announcements.

use backsight_domain::notice::{
    Candidate, Claim, ClaimSide, Discovery, Dividend, Earnings, EarningsHour, Metric,
    PastVolatility, Payout, Regime, Thesis,
};
use backsight_domain::option::{Chain, ContractQuote, Settlement, SettlementKind};

use crate::{wire_enum, wire_struct};

wire_struct!(Chain { slot, at, quotes });
wire_struct!(ContractQuote { expiry, right, strike, multiplier, bid, ask, volume, open_interest });
wire_struct!(Settlement { id, account, contract, quantity, kind, underlying, at });
wire_enum!(SettlementKind { 0 => Expired, 1 => Exercised, 2 => Assigned });
wire_struct!(Regime { index, at });
wire_struct!(Earnings { slot, date, hour });
wire_enum!(EarningsHour { 0 => BeforeOpen, 1 => AfterClose });
wire_struct!(Dividend { slot, ex, amount });
wire_struct!(PastVolatility { slot, until, values });
wire_struct!(Payout { id, account, ticker, shares, amount, at });
wire_struct!(Discovery { candidates });
wire_struct!(Candidate { slot, score, price });
wire_struct!(Thesis { slot, price, claims });
wire_struct!(Claim { metric, side, threshold, until, decisive });
wire_enum!(ClaimSide { 0 => AtLeast, 1 => AtMost });
wire_enum!(Metric {
    0 => Return,
    1 => RelativeVolume,
    2 => DistanceSma50,
    3 => Rsi,
    4 => Sentiment,
    5 => Readings,
});
