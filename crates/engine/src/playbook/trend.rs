//! The trend playbook: price and trend agree, and volume confirms.
//!
//! Direction comes from where the price stands to its 20-bar mean and from the trend of the means;
//! confidence is a weighted base times factors for news, volume, breakout and momentum. News alone
//! never makes a signal and its absence never blocks one.

use backsight_domain::market::Slot;
use backsight_domain::policy::TrendPolicy;
use backsight_domain::signal::{Direction, FactorName, Features, Horizon, Terms};

use super::{Wish, confidence, factor};
use crate::feature::Board;

/// Everything the playbook looks at.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sight<'a> {
    pub(crate) features: &'a Features,
    /// The last close in dollars.
    pub(crate) close: f64,
    /// The volume factor's band, found by exact comparison.
    pub(crate) volume: VolumeBand,
}

/// How unusual the last minute's volume is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum VolumeBand {
    TooLow,
    Weak,
    Normal,
    Surge,
    Brisk,
    Strong,
    Extreme,
}

impl VolumeBand {
    /// The bands with the smallest volume ratio of each, richest first.
    pub(crate) fn floors(policy: &TrendPolicy) -> [(Self, f64); 6] {
        [
            (Self::Extreme, 5.0),
            (Self::Strong, 3.0),
            (Self::Brisk, 2.5),
            (Self::Surge, 2.0),
            (Self::Normal, 1.5),
            (Self::Weak, policy.volume_min),
        ]
    }

    /// The richest band whose floor `reaches` accepts.
    pub(crate) fn find(policy: &TrendPolicy, reaches: impl Fn(f64) -> bool) -> Self {
        if !reaches(policy.volume_min) {
            return Self::TooLow;
        }
        let mut bands = Self::floors(policy).into_iter();
        bands.find(|(_, floor)| reaches(*floor)).map_or(Self::TooLow, |(band, _)| band)
    }

    fn factor(self, policy: &TrendPolicy) -> f64 {
        match self {
            Self::TooLow => 0.0,
            Self::Weak => policy.volume_factor_weak,
            Self::Normal => policy.volume_factor_normal,
            Self::Surge | Self::Brisk => policy.volume_factor_surge,
            Self::Strong => policy.volume_factor_strong,
            Self::Extreme => policy.volume_factor_extreme,
        }
    }
}

/// The volume ratio below which no confidence can reach the recording floor, whatever the rest.
///
/// The dense pass skips every symbol below it, so it must never be too high.
pub(crate) fn least_volume(policy: &TrendPolicy) -> f64 {
    let base =
        policy.weight_trend + policy.weight_setup + policy.weight_volatility + policy.weight_start;
    let best_news = 1.0 + policy.sentiment_boost;
    let can_reach = |band: VolumeBand| {
        let momentum = match band {
            VolumeBand::TooLow | VolumeBand::Weak | VolumeBand::Normal => 1.0,
            VolumeBand::Surge => policy.brisk_factor,
            VolumeBand::Brisk | VolumeBand::Strong | VolumeBand::Extreme => policy.urgent_factor,
        };
        policy.recording_floor <= base * best_news * band.factor(policy) * momentum
    };
    let floors = VolumeBand::floors(policy);
    let reachable = floors.into_iter().filter(|(band, _)| can_reach(*band));
    let least = reachable.map(|(_, floor)| floor).fold(f64::INFINITY, f64::min);
    least.max(policy.volume_min)
}

/// The only direction in which [`wish`] could go; `None` when it is sure to hold. Most symbols with
/// volume fail on one of these few numbers, which spares them the others.
pub(crate) fn hope(policy: &TrendPolicy, board: &Board, slot: Slot) -> Option<Direction> {
    let direction = match board.trend(slot)? {
        1 => Direction::Long,
        -1 if policy.shorts => Direction::Short,
        _ => return None,
    };
    // Volatilities are not asked here: most symbols that come this far have enough of it, and would
    // have their returns added up twice.
    let rising = direction == Direction::Long;
    let is_hopeless = policy.no_breakout_factor <= 0.0 && !board.breaks_out(slot, rising);
    (!is_hopeless).then_some(direction)
}

/// What the playbook wants; `None` to hold.
pub(crate) fn wish(policy: &TrendPolicy, sight: Sight<'_>) -> Option<Wish> {
    let wish = weigh(policy, sight)?;
    (policy.recording_floor <= wish.confidence).then_some(wish)
}

/// How sure the playbook would be, however little that is; `None` without a direction.
pub(crate) fn weigh(policy: &TrendPolicy, sight: Sight<'_>) -> Option<Wish> {
    let features = sight.features;
    let distance = features.distance_sma20?;
    let vol_ratio = features.vol_ratio?;
    let trend = features.trend?;
    if sight.volume == VolumeBand::TooLow || vol_ratio < policy.vol_ratio_min {
        return None;
    }
    let direction = direction(policy, distance, trend)?;
    let breakdown = vec![
        factor(FactorName::Setup, setup(policy, direction, (distance, trend, vol_ratio))),
        factor(FactorName::Sentiment, sentiment(policy, direction, features)),
        factor(FactorName::Volume, sight.volume.factor(policy)),
        factor(FactorName::Move, breakout(policy, direction, &sight)?),
        factor(FactorName::Momentum, momentum(policy, sight.volume, (direction, distance, trend))),
    ];
    let confidence = confidence(&breakdown);
    let surges = VolumeBand::Surge <= sight.volume;
    let is_day = surges && day_confidence(policy, vol_ratio) <= confidence;
    let horizon = if is_day { Horizon::Day } else { Horizon::Swing };
    let calm = vol_ratio <= policy.vol_high;
    let suits_options = calm && (is_day || policy.swing_confidence <= confidence);
    let terms = Terms::default();
    Some(Wish { direction, horizon, confidence, breakdown, suits_options, terms })
}

/// First match of the direction table.
fn direction(policy: &TrendPolicy, distance: f64, trend: i8) -> Option<Direction> {
    let calm = distance.abs() < policy.stretched;
    let above_or_at = -policy.band <= distance;
    let below_or_at = distance <= policy.band;
    if above_or_at && calm && trend == 1 {
        Some(Direction::Long)
    } else if policy.shorts && below_or_at && calm && trend == -1 {
        Some(Direction::Short)
    } else {
        None
    }
}

fn setup(policy: &TrendPolicy, direction: Direction, seen: (f64, i8, f64)) -> f64 {
    let (distance, trend, vol_ratio) = seen;
    let aligned = i64::from(trend) == direction.sign();
    let trend_alignment = if aligned { 1.0 } else { 0.5 };
    let closeness = 1.0 - (distance.abs() / policy.stretched).min(1.0);
    let calm = if vol_ratio < policy.vol_low {
        0.7
    } else if vol_ratio <= policy.vol_high {
        1.0
    } else {
        0.5
    };
    policy.weight_trend * trend_alignment
        + policy.weight_setup * closeness
        + policy.weight_volatility * calm
        + policy.weight_start
}

fn sentiment(policy: &TrendPolicy, direction: Direction, features: &Features) -> f64 {
    let Some(average) = features.sentiment else { return 1.0 };
    let full = f64::from(policy.sentiment_full_readings);
    let weight = average.abs() * (f64::from(features.readings) / full).min(1.0);
    let up = 0.0 < average;
    if average == 0.0 {
        1.0
    } else if up == (direction == Direction::Long) {
        1.0 + policy.sentiment_boost * weight
    } else {
        1.0 - policy.sentiment_penalty * weight
    }
}

fn breakout(policy: &TrendPolicy, direction: Direction, sight: &Sight<'_>) -> Option<f64> {
    let beyond = match direction {
        Direction::Long => sight.features.breakout_high? < sight.close,
        Direction::Short => sight.close < sight.features.breakout_low?,
    };
    Some(if beyond { 1.0 } else { policy.no_breakout_factor })
}

fn momentum(policy: &TrendPolicy, volume: VolumeBand, seen: (Direction, f64, i8)) -> f64 {
    let (direction, distance, trend) = seen;
    let aligned = i64::from(trend) == direction.sign();
    if VolumeBand::Brisk <= volume && policy.urgent_distance <= distance.abs() && aligned {
        policy.urgent_factor
    } else if VolumeBand::Surge <= volume && policy.brisk_distance <= distance.abs() {
        policy.brisk_factor
    } else {
        1.0
    }
}

/// The bar for a day trade, which rises with volatility.
fn day_confidence(policy: &TrendPolicy, vol_ratio: f64) -> f64 {
    let excess = ((vol_ratio - policy.day_adapts_from) / 0.2).max(0.0);
    let risen = policy.day_confidence + policy.day_adapts_by * excess;
    risen.min(policy.day_confidence_max.max(policy.day_confidence))
}

#[cfg(test)]
mod tests;
