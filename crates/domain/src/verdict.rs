//! Gates and verdicts: what stood between a signal and an order.

use std::fmt;

use crate::desk::TradingState;
use crate::id::{AccountId, SignalId};
use crate::instrument::{Contract, Instrument};
use crate::money::Money;
use crate::price::Price;
use crate::quantity::Quantity;
use crate::time::{Span, Time};

/// All gates of one (signal, account).
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// The signal.
    pub signal: SignalId,
    /// The account.
    pub account: AccountId,
    /// Every gate that applies, in order of precedence, whatever the others said.
    pub checks: Vec<Check>,
    /// What the account would trade.
    pub instrument: Instrument,
    /// How much of it; zero when sizing found nothing to do.
    pub quantity: Quantity,
    /// At what price: the limit of its order, or the price it expects.
    pub price: Price,
    /// The contracts that were considered, when the signal suits options and the account too.
    pub choice: Option<Box<Choice>>,
}

/// How a contract was chosen, or why none was.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Choice {
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
    /// Bid in ticks.
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

impl Verdict {
    /// Whether every gate passed.
    pub fn is_approval(&self) -> bool {
        self.checks.iter().all(|check| check.outcome == CheckOutcome::Pass)
    }

    /// The gates that stopped the signal, in order of precedence.
    pub fn refusals(&self) -> impl Iterator<Item = &Check> {
        self.checks.iter().filter(|check| check.outcome != CheckOutcome::Pass)
    }
}

/// One gate's answer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Check {
    /// Which gate.
    pub gate: Gate,
    /// What it said.
    pub outcome: CheckOutcome,
    /// What it saw.
    pub observed: Observed,
    /// What it compared with.
    pub threshold: Observed,
}

/// What a gate said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CheckOutcome {
    /// The signal may go on.
    Pass,
    /// The observed value is beyond the threshold.
    Refuse,
    /// The gate's data is missing, stale or impossible: it fails closed.
    Missing,
}

/// A value that a gate saw or compares with.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Observed {
    /// Nothing: the data is missing.
    Nothing,
    /// A count.
    Count(i64),
    /// An amount of money.
    Money(Money),
    /// A share or a score.
    Ratio(f64),
    /// A length of time.
    Span(Span),
    /// A minute of the day in New York.
    MinuteOfDay(u16),
    /// A quantity.
    Quantity(Quantity),
    /// A trading state.
    State(TradingState),
    /// Yes or no.
    Flag(bool),
}

/// The gates, in order of precedence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Gate {
    /// The desk may open positions.
    TradingState,
    /// The account's loss today is within its budget.
    DailyLoss,
    /// The account's loss this week is within its budget.
    WeeklyLoss,
    /// The account did not lose too often in a row.
    LossStreak,
    /// The desk's order rate is within its limit.
    OrderRate,
    /// The market is not in panic.
    Regime,
    /// The session is open and not too late.
    SessionHours,
    /// The symbol trades: no halt, no unresolved order, no quarantine.
    SymbolOpen,
    /// No split or dividend changes what would be held.
    CorporateAction,
    /// No report of earnings is near.
    Earnings,
    /// The last bar is recent.
    BarFreshness,
    /// The features' inputs are recent and complete.
    FeatureFreshness,
    /// The signal has not expired.
    SignalFreshness,
    /// The quote of what would be traded is recent.
    QuoteFreshness,
    /// The quote of what would be traded can be believed.
    QuoteSanity,
    /// No position or order in the symbol.
    DuplicatePosition,
    /// What is only added to is held already.
    HoldingNeeded,
    /// No order of the account rests on the other side.
    WashTrade,
    /// The account has room for one more position.
    MaxPositions,
    /// The account has room for the exposure.
    MaxExposure,
    /// The sector has room for the exposure.
    SectorShare,
    /// The symbol was not opened too often today.
    SymbolDailyLimit,
    /// The symbol was not just traded.
    CoolDown,
    /// The confidence reaches the account's bar.
    Confidence,
    /// The account may trade this kind of instrument.
    ActionAllowed,
    /// Nothing is sold that is neither held nor lent.
    SellNeedsPosition,
    /// The account can pay for it.
    BuyingPower,
    /// Equity covers the margin after it, with a cushion.
    IntradayMargin,
    /// The old rule of day trades leaves room for one more.
    DayTrades,
    /// A contract has the score it needs.
    ContractQuality,
    /// A contract has the market it needs.
    Liquidity,
    /// Implied volatility is not too dear.
    IvRank,
    /// The contract lives as long as the horizon asks.
    DaysToExpiry,
    /// The contract does not expire too soon today.
    ExpiryClock,
    /// The order's price is near the market.
    PriceCollar,
    /// Sizing found something to do.
    Size,
}

impl Gate {
    /// Every gate in order of precedence.
    pub const ALL: [Self; 36] = [
        Self::TradingState,
        Self::DailyLoss,
        Self::WeeklyLoss,
        Self::LossStreak,
        Self::OrderRate,
        Self::Regime,
        Self::SessionHours,
        Self::SymbolOpen,
        Self::CorporateAction,
        Self::Earnings,
        Self::BarFreshness,
        Self::FeatureFreshness,
        Self::SignalFreshness,
        Self::QuoteFreshness,
        Self::QuoteSanity,
        Self::DuplicatePosition,
        Self::HoldingNeeded,
        Self::WashTrade,
        Self::MaxPositions,
        Self::MaxExposure,
        Self::SectorShare,
        Self::SymbolDailyLimit,
        Self::CoolDown,
        Self::Confidence,
        Self::ActionAllowed,
        Self::SellNeedsPosition,
        Self::BuyingPower,
        Self::IntradayMargin,
        Self::DayTrades,
        Self::ContractQuality,
        Self::Liquidity,
        Self::IvRank,
        Self::DaysToExpiry,
        Self::ExpiryClock,
        Self::PriceCollar,
        Self::Size,
    ];

    /// Whether it looks at option contracts, and is asked about nothing else.
    pub const fn is_about_options(self) -> bool {
        matches!(
            self,
            Self::ContractQuality
                | Self::Liquidity
                | Self::IvRank
                | Self::DaysToExpiry
                | Self::ExpiryClock
        )
    }

    /// The stable name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::TradingState => "trading_state",
            Self::DailyLoss => "daily_loss",
            Self::WeeklyLoss => "weekly_loss",
            Self::LossStreak => "loss_streak",
            Self::OrderRate => "order_rate",
            Self::Regime => "regime",
            Self::SessionHours => "session_hours",
            Self::SymbolOpen => "symbol_open",
            Self::CorporateAction => "corporate_action",
            Self::Earnings => "earnings",
            Self::BarFreshness => "bar_freshness",
            Self::FeatureFreshness => "feature_freshness",
            Self::SignalFreshness => "signal_freshness",
            Self::QuoteFreshness => "quote_freshness",
            Self::QuoteSanity => "quote_sanity",
            Self::DuplicatePosition => "duplicate_position",
            Self::HoldingNeeded => "holding_needed",
            Self::WashTrade => "wash_trade",
            Self::MaxPositions => "max_positions",
            Self::MaxExposure => "max_exposure",
            Self::SectorShare => "sector_share",
            Self::SymbolDailyLimit => "symbol_daily_limit",
            Self::CoolDown => "cool_down",
            Self::Confidence => "confidence",
            Self::ActionAllowed => "action_allowed",
            Self::SellNeedsPosition => "sell_needs_position",
            Self::BuyingPower => "buying_power",
            Self::IntradayMargin => "intraday_margin",
            Self::DayTrades => "day_trades",
            Self::ContractQuality => "contract_quality",
            Self::Liquidity => "liquidity",
            Self::IvRank => "iv_rank",
            Self::DaysToExpiry => "days_to_expiry",
            Self::ExpiryClock => "expiry_clock",
            Self::PriceCollar => "price_collar",
            Self::Size => "size",
        }
    }
}

impl fmt::Display for Gate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl fmt::Display for Observed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self {
            Self::Nothing => "missing".to_owned(),
            Self::Count(count) => count.to_string(),
            Self::Money(money) => format!("${money}"),
            Self::Ratio(ratio) => format!("{ratio:.4}"),
            Self::Span(span) => span.to_string(),
            Self::MinuteOfDay(minute) => format!("{:02}:{:02}", minute / 60, minute % 60),
            Self::Quantity(quantity) => quantity.to_string(),
            Self::State(state) => state.to_string(),
            Self::Flag(flag) => (if *flag { "yes" } else { "no" }).to_owned(),
        };
        f.pad(&text)
    }
}
