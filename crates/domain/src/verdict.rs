//! Gates and verdicts: what stood between a signal and an order.

use std::fmt;

use crate::desk::TradingState;
use crate::id::{AccountId, SignalId};
use crate::money::Money;
use crate::quantity::Quantity;
use crate::time::Span;

/// All gates of one (signal, account).
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// The signal.
    pub signal: SignalId,
    /// The account.
    pub account: AccountId,
    /// Every gate, in order of precedence, whatever the others said.
    pub checks: Vec<Check>,
    /// What the account would have bought or sold; zero when sizing found nothing to do.
    pub quantity: Quantity,
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
    /// The desk's order rate is within its limit.
    OrderRate,
    /// The session is open and not too late.
    SessionHours,
    /// The symbol trades: no halt, no unresolved order, no quarantine.
    SymbolOpen,
    /// The last bar is recent.
    BarFreshness,
    /// The features' inputs are recent and complete.
    FeatureFreshness,
    /// The signal has not expired.
    SignalFreshness,
    /// No position or order in the symbol.
    DuplicatePosition,
    /// The account has room for one more position.
    MaxPositions,
    /// The account has room for the exposure.
    MaxExposure,
    /// The symbol was not just traded.
    CoolDown,
    /// The confidence reaches the account's bar.
    Confidence,
    /// The account may trade this direction.
    DirectionAllowed,
    /// The order's price is near the market.
    PriceCollar,
    /// Sizing found something to do.
    Size,
}

impl Gate {
    /// Every gate in order of precedence.
    pub const ALL: [Self; 16] = [
        Self::TradingState,
        Self::DailyLoss,
        Self::OrderRate,
        Self::SessionHours,
        Self::SymbolOpen,
        Self::BarFreshness,
        Self::FeatureFreshness,
        Self::SignalFreshness,
        Self::DuplicatePosition,
        Self::MaxPositions,
        Self::MaxExposure,
        Self::CoolDown,
        Self::Confidence,
        Self::DirectionAllowed,
        Self::PriceCollar,
        Self::Size,
    ];

    /// The stable name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::TradingState => "trading_state",
            Self::DailyLoss => "daily_loss",
            Self::OrderRate => "order_rate",
            Self::SessionHours => "session_hours",
            Self::SymbolOpen => "symbol_open",
            Self::BarFreshness => "bar_freshness",
            Self::FeatureFreshness => "feature_freshness",
            Self::SignalFreshness => "signal_freshness",
            Self::DuplicatePosition => "duplicate_position",
            Self::MaxPositions => "max_positions",
            Self::MaxExposure => "max_exposure",
            Self::CoolDown => "cool_down",
            Self::Confidence => "confidence",
            Self::DirectionAllowed => "direction_allowed",
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
