//! Signals, and everything that was known when they were made.

use std::fmt;

use crate::id::{AccountId, PositionId, ProposalId, SignalId};
use crate::instrument::{Instrument, Ticker};
use crate::market::Slot;
use crate::price::Price;
use crate::quantity::Quantity;
use crate::time::Time;

/// A wish to trade. It expires.
#[derive(Clone, Debug, PartialEq)]
pub struct Signal {
    /// Its identity.
    pub id: SignalId,
    /// When it was made: the end of the bar that made it.
    pub at: Time,
    /// The symbol.
    pub ticker: Ticker,
    /// The symbol's column.
    pub slot: Slot,
    /// The rule set that made it.
    pub playbook: Playbook,
    /// Which way.
    pub direction: Direction,
    /// For how long.
    pub horizon: Horizon,
    /// 0 to 1.
    pub confidence: f64,
    /// How the confidence came about: parts are added, then factors multiply, and the result is
    /// held in 0 to 1.
    pub breakdown: Vec<Factor>,
    /// The last close it was made on.
    pub price: Price,
    /// The features as they were.
    pub features: Features,
    /// From when on it must not be acted on.
    pub expires: Time,
    /// Whether calls or puts suit it better than shares.
    pub suits_options: bool,
    /// What its playbook asks for instead of the policy's general rules.
    pub terms: Terms,
    /// The proposal by which it was made and is judged, when it is one of a canary's share.
    pub canary: Option<ProposalId>,
}

/// What a playbook asks for instead of the policy's general rules. `None` asks for nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Terms {
    /// The worst price to enter at.
    pub entry: Option<Price>,
    /// Where to give up.
    pub stop: Option<Price>,
    /// Where to take the gain, or half of it when there is a second target.
    pub target: Option<Price>,
    /// Where to take the rest of the gain.
    pub second_target: Option<Price>,
    /// Minutes after which to leave.
    pub minutes: Option<u32>,
    /// Sessions after which to leave.
    pub sessions: Option<u32>,
    /// How much of the equity to use, in basis points.
    pub size_bps: Option<u32>,
    /// How much of the usual size to take, in percent.
    pub size_pct: Option<u32>,
    /// The position whose place it takes. Only its account judges the signal.
    pub rolls: Option<Rolled>,
}

/// A position that was closed so that a later expiry takes its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rolled {
    /// The position.
    pub position: PositionId,
    /// The account that held it.
    pub account: AccountId,
    /// What was held.
    pub instrument: Instrument,
    /// How many contracts were opened.
    pub quantity: Quantity,
    /// What closing one share of it brought, or cost when it was sold.
    pub exit: Price,
}

/// A named rule set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Playbook {
    /// Price and trend agree, and volume confirms.
    Trend,
    /// An opening gap is traded back.
    GapFade,
    /// A fresh story, confirmed by the chart.
    News,
    /// What discovery found.
    Explosive,
    /// More of a holding that fell while its thesis stands.
    Dip,
}

impl Playbook {
    /// Every playbook.
    pub const ALL: [Self; 5] = [Self::Trend, Self::GapFade, Self::News, Self::Explosive, Self::Dip];
}

/// Which way a signal points.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    /// Up.
    Long,
    /// Down.
    Short,
}

/// For how long a signal wants to hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Horizon {
    /// Out by the close.
    Day,
    /// May stay overnight.
    Swing,
}

/// One part or factor of a confidence.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Factor {
    /// Its name.
    pub name: FactorName,
    /// What was added or multiplied.
    pub value: f64,
}

/// The names of confidence factors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FactorName {
    /// The weighted sum of trend, setup and volatility.
    Setup,
    /// What the news says.
    Sentiment,
    /// How unusual the volume is.
    Volume,
    /// Whether the price breaks out in the direction.
    Move,
    /// Whether volume and move are both urgent.
    Momentum,
    /// What every gap in the direction of the session before is worth.
    Gap,
    /// What a story says, by the weight of stories.
    Story,
    /// What the chart says, by the weight of charts.
    Chart,
    /// What a crossed trigger is worth.
    Trigger,
    /// How much of a story the price has already told.
    Reaction,
    /// What discovery gave a candidate.
    Score,
    /// How much of a thesis still holds.
    Thesis,
    /// How far the price has fallen.
    Drawdown,
    /// What the market's fear leaves of it.
    Regime,
    /// What the signal of a rolled position had.
    Carried,
}

impl FactorName {
    /// Whether it is added, before the others multiply.
    pub const fn is_part(self) -> bool {
        match self {
            Self::Setup
            | Self::Gap
            | Self::Story
            | Self::Chart
            | Self::Trigger
            | Self::Score
            | Self::Thesis
            | Self::Drawdown
            | Self::Carried => true,
            Self::Sentiment
            | Self::Volume
            | Self::Move
            | Self::Momentum
            | Self::Reaction
            | Self::Regime => false,
        }
    }
}

/// The features of one symbol at one completed bar. `None` is missing, never a default.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Features {
    /// Completed bars behind the windows since they were last restarted.
    pub bars: u32,
    /// Mean of the last 20 closes, dollars.
    pub sma20: Option<f64>,
    /// Mean of the last 50 closes, dollars.
    pub sma50: Option<f64>,
    /// (close - sma20) / sma20.
    pub distance_sma20: Option<f64>,
    /// (close - sma50) / sma50.
    pub distance_sma50: Option<f64>,
    /// +1, 0, -1: sma20 above, at, below sma50.
    pub trend: Option<i8>,
    /// Standard deviation of one-minute returns over the recent window.
    pub recent_vol: Option<f64>,
    /// The same over the baseline window.
    pub baseline_vol: Option<f64>,
    /// `recent_vol / baseline_vol`.
    pub vol_ratio: Option<f64>,
    /// Shares traded in the bar.
    pub volume: u32,
    /// Mean volume of the 20 bars before this one.
    pub volume_mean: Option<f64>,
    /// `volume / volume_mean`.
    pub volume_ratio: Option<f64>,
    /// Mean true range of the last 14 bars, dollars.
    pub atr: Option<f64>,
    /// Mean true range of the last 14 sessions before this one, dollars.
    pub session_range: Option<f64>,
    /// Volume-weighted average price of the session so far, dollars.
    pub vwap: Option<f64>,
    /// The session's first price, dollars.
    pub session_open: Option<f64>,
    /// Session open against the previous session's close, as a share.
    pub gap: Option<f64>,
    /// The highest high of the bars before this one within the breakout window, dollars.
    pub breakout_high: Option<f64>,
    /// The lowest low of the same window, dollars.
    pub breakout_low: Option<f64>,
    /// Whether the bar's volume is a surge.
    pub surge: Option<bool>,
    /// Means of closes by exponents over 9 and 20 bars, dollars.
    pub ema9: Option<f64>,
    /// See [`Self::ema9`].
    pub ema20: Option<f64>,
    /// Convergence of the means over 12 and 26 bars, less its own mean over 9, dollars.
    pub macd: Option<f64>,
    /// Relative strength over 14 bars, 0 to 100.
    pub rsi: Option<f64>,
    /// The band above `vwap`, dollars.
    pub vwap_upper: Option<f64>,
    /// The band below `vwap`, dollars.
    pub vwap_lower: Option<f64>,
    /// The highest price of the session's first minutes, once they are over, dollars.
    pub range_high: Option<f64>,
    /// The lowest price of the same minutes, dollars.
    pub range_low: Option<f64>,
    /// The highest high of the slow breakout window, dollars.
    pub slow_high: Option<f64>,
    /// The lowest low of the slow breakout window, dollars.
    pub slow_low: Option<f64>,
    /// The share of recent Bollinger bands that were no wider than the last, 0 to 1.
    pub width_percentile: Option<f64>,
    /// Volume of the session so far against what is usual by now.
    pub relative_volume: Option<f64>,
    /// Volume of the bar against what is usual for this minute of the day.
    pub curve_ratio: Option<f64>,
    /// The session before's move from its first to its last price, as a share.
    pub previous_move: Option<f64>,
    /// Mean signed sentiment of recent readings; `None` when there is none.
    pub sentiment: Option<f64>,
    /// How many recent readings there are.
    pub readings: u32,
}

impl Direction {
    /// +1 for up, -1 for down.
    pub const fn sign(self) -> i64 {
        match self {
            Self::Long => 1,
            Self::Short => -1,
        }
    }
}

impl fmt::Display for Playbook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Trend => "trend",
            Self::GapFade => "gap_fade",
            Self::News => "news",
            Self::Explosive => "explosive",
            Self::Dip => "dip",
        })
    }
}

impl fmt::Display for Direction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Long => "long",
            Self::Short => "short",
        })
    }
}

impl fmt::Display for Horizon {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Day => "day",
            Self::Swing => "swing",
        })
    }
}

impl fmt::Display for FactorName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Setup => "setup",
            Self::Sentiment => "sentiment",
            Self::Volume => "volume",
            Self::Move => "move",
            Self::Momentum => "momentum",
            Self::Gap => "gap",
            Self::Story => "story",
            Self::Chart => "chart",
            Self::Trigger => "trigger",
            Self::Reaction => "reaction",
            Self::Score => "score",
            Self::Thesis => "thesis",
            Self::Drawdown => "drawdown",
            Self::Regime => "regime",
            Self::Carried => "carried",
        })
    }
}
