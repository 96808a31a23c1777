//! Gates and verdicts: what stood between a signal and an order.

mod choice;

use std::fmt;

pub use self::choice::{Choice, Flaw, Structure, Tried};
use crate::desk::TradingState;
use crate::id::{AccountId, SignalId};
use crate::instrument::Instrument;
use crate::money::Money;
use crate::order::Side;
use crate::price::Price;
use crate::quantity::Quantity;
use crate::time::Span;

/// All gates of one (signal, account).
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// The signal.
    pub signal: SignalId,
    /// The account.
    pub account: AccountId,
    /// Every gate that applies, in order of precedence, whatever the others said.
    pub checks: Checks,
    /// What the account would trade.
    pub instrument: Instrument,
    /// Whether it would buy or sell it.
    pub side: Side,
    /// How much of it; zero when sizing found nothing to do.
    pub quantity: Quantity,
    /// At what price: the limit of its order, or the price it expects.
    pub price: Price,
    /// The contracts that were considered, when the signal suits options and the account too.
    pub choice: Option<Box<Choice>>,
}

impl Verdict {
    /// Whether every gate passed.
    pub fn is_approval(&self) -> bool {
        self.checks.stopped == 0
    }

    /// The gates that stopped the signal, in order of precedence.
    pub fn refusals(&self) -> impl Iterator<Item = Check> {
        self.checks.of(self.checks.stopped)
    }
}

/// What gates said, each at its own place.
#[derive(Clone, PartialEq)]
pub struct Checks {
    /// A bit for each gate that was asked.
    asked: u64,
    /// A bit for each gate that did not pass.
    stopped: u64,
    /// By gate; whoever was not asked has the answer that says nothing.
    answers: [Answer; Gate::ALL.len()],
}

impl Checks {
    /// Notes the answer of a gate that was not asked before.
    #[inline]
    pub fn note(&mut self, gate: Gate, answer: Answer) {
        debug_assert!(!self.holds(gate), "each gate is asked once");
        self.asked |= gate.bit();
        self.stopped |= if answer.outcome == CheckOutcome::Pass { 0 } else { gate.bit() };
        self.answers[gate as usize] = answer;
    }

    /// Notes what some gates said before.
    pub fn repeat(&mut self, before: &Self, gates: impl IntoIterator<Item = Gate>) {
        gates.into_iter().for_each(|gate| self.note(gate, before.answers[gate as usize]));
    }

    /// Whether a gate was asked.
    pub const fn holds(&self, gate: Gate) -> bool {
        self.asked & gate.bit() != 0
    }

    /// The gates that were asked: a bit for each place in [`Gate::ALL`].
    pub const fn asked(&self) -> u64 {
        self.asked
    }

    /// Those of them that say what they said before.
    pub fn repeated(&self, before: &Self) -> u64 {
        let pairs = self.answers.iter().zip(&before.answers).enumerate();
        let same =
            pairs.fold(0, |set, (place, (one, other))| set | u64::from(one == other) << place);
        same & self.asked & before.asked
    }

    /// What a gate said, if it was asked.
    pub fn get(&self, gate: Gate) -> Option<&Answer> {
        self.holds(gate).then(|| &self.answers[gate as usize])
    }

    /// How many gates were asked.
    pub const fn len(&self) -> usize {
        self.asked.count_ones() as usize
    }

    /// Whether no gate was asked.
    pub const fn is_empty(&self) -> bool {
        self.asked == 0
    }

    /// What each gate of [`Gate::ALL`] said; of no meaning where it was not asked.
    pub const fn answers(&self) -> &[Answer; Gate::ALL.len()] {
        &self.answers
    }

    /// What each gate said that was asked, in order of precedence.
    pub fn iter(&self) -> impl Iterator<Item = Check> {
        self.of(self.asked)
    }

    fn of(&self, gates: u64) -> impl Iterator<Item = Check> {
        let answers = Gate::ALL.into_iter().zip(&self.answers);
        answers.filter(move |(gate, _)| gates & gate.bit() != 0).map(|(gate, it)| it.by(gate))
    }
}

impl fmt::Debug for Checks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

impl Default for Checks {
    fn default() -> Self {
        Self { asked: 0, stopped: 0, answers: [Answer::NONE; Gate::ALL.len()] }
    }
}

impl FromIterator<Check> for Checks {
    fn from_iter<I: IntoIterator<Item = Check>>(answers: I) -> Self {
        let mut checks = Self::default();
        for Check { gate, outcome, observed, threshold } in answers {
            checks.note(gate, Answer::new(outcome, observed, threshold));
        }
        checks
    }
}

/// What a gate says, in three words of the machine: there are dozens for each signal and account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answer {
    outcome: CheckOutcome,
    saw: Kind,
    wanted: Kind,
    observed: i64,
    threshold: i64,
}

/// What a value counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the variants of `Observed`, which are documented there")]
pub enum Kind {
    Nothing,
    Count,
    Money,
    Ratio,
    Span,
    MinuteOfDay,
    Quantity,
    State,
    Flag,
}

impl Answer {
    const NONE: Self = Self {
        outcome: CheckOutcome::Pass,
        saw: Kind::Nothing,
        wanted: Kind::Nothing,
        observed: 0,
        threshold: 0,
    };

    /// What a gate says, and why.
    #[inline]
    pub fn new(outcome: CheckOutcome, observed: Observed, threshold: Observed) -> Self {
        let ((saw, observed), (wanted, threshold)) = (observed.packed(), threshold.packed());
        Self { outcome, saw, wanted, observed, threshold }
    }

    /// What it says.
    pub const fn outcome(&self) -> CheckOutcome {
        self.outcome
    }

    /// What it saw, as a kind and 64 bits.
    pub const fn observed(&self) -> (Kind, i64) {
        (self.saw, self.observed)
    }

    /// What it compared with, as a kind and 64 bits.
    pub const fn threshold(&self) -> (Kind, i64) {
        (self.wanted, self.threshold)
    }

    /// The same with the gate's name, to be read.
    fn by(&self, gate: Gate) -> Check {
        Check {
            gate,
            outcome: self.outcome,
            observed: Observed::unpacked(self.saw, self.observed),
            threshold: Observed::unpacked(self.wanted, self.threshold),
        }
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
    /// Nothing is sold that is neither held, lent nor covered.
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
    /// Implied volatility is not too dear to buy, or dear enough to sell.
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

    const fn bit(self) -> u64 {
        1 << self as u8
    }

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

impl Observed {
    #[inline]
    fn packed(self) -> (Kind, i64) {
        match self {
            Self::Nothing => (Kind::Nothing, 0),
            Self::Count(count) => (Kind::Count, count),
            Self::Money(money) => (Kind::Money, money.units()),
            Self::Ratio(ratio) => (Kind::Ratio, ratio.to_bits().cast_signed()),
            Self::Span(span) => (Kind::Span, span.nanos()),
            Self::MinuteOfDay(minute) => (Kind::MinuteOfDay, minute.into()),
            Self::Quantity(quantity) => (Kind::Quantity, quantity.units()),
            Self::State(state) => (Kind::State, state as i64),
            Self::Flag(flag) => (Kind::Flag, flag.into()),
        }
    }

    fn unpacked(kind: Kind, bits: i64) -> Self {
        match kind {
            Kind::Nothing => Self::Nothing,
            Kind::Count => Self::Count(bits),
            Kind::Money => Self::Money(Money::from_units(bits)),
            Kind::Ratio => Self::Ratio(f64::from_bits(bits.cast_unsigned())),
            Kind::Span => Self::Span(Span::from_nanos(bits)),
            Kind::MinuteOfDay => {
                Self::MinuteOfDay(u16::try_from(bits).expect("it was packed as one"))
            }
            Kind::Quantity => Self::Quantity(Quantity::from_units(bits)),
            Kind::State => Self::State(TradingState::ALL[usize::from(bits.to_le_bytes()[0])]),
            Kind::Flag => Self::Flag(bits != 0),
        }
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
