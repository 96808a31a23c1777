//! The news playbook: a fresh story about a company, confirmed by its chart.
//!
//! Story and chart are added by their weights: a story never decides alone, and without a chart
//! there is no signal. A clear sum is traded at once, with its own entry, stop and two targets. A
//! weaker one sets two triggers around the price and waits for the market to choose. What the price
//! did since before the story counts against chasing it.

use backsight_domain::decision::HoldReason;
use backsight_domain::policy::NewsPolicy;
use backsight_domain::price::Price;
use backsight_domain::signal::{
    Direction, Factor, FactorName, Features, Horizon, Playbook, Signal, Terms,
};

use super::{Missing, Wish, confidence, factor};
use crate::fresh::FreshStory;

/// What the playbook makes of a story.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Opinion {
    /// Trade it now.
    Trade(Wish),
    /// Set two triggers around this price.
    Watch(Price),
    /// Wait: the triggers stand, or the chart is not there yet.
    Wait,
    /// There is nothing in it, and why.
    Hold(Missing),
}

/// What a signal of this playbook is called elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Category {
    /// Act.
    TradeAlert,
    /// Watch.
    WatchList,
    /// Know.
    MarketContext,
}

/// How urgent a signal of this playbook is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Priority {
    /// First.
    High,
    /// Then.
    Medium,
    /// Last.
    Low,
}

/// Category and priority of a news signal; `None` for signals of other playbooks.
pub fn rank(signal: &Signal) -> Option<(Category, Priority)> {
    if signal.playbook != Playbook::News {
        return None;
    }
    let combined: f64 =
        signal.breakdown.iter().filter(|part| part.name.is_part()).map(|part| part.value).sum();
    let category = if 0.6 < combined {
        Category::TradeAlert
    } else if 0.4 < combined {
        Category::WatchList
    } else {
        Category::MarketContext
    };
    let priority = if 0.7 < combined && 0.8 < signal.confidence {
        Priority::High
    } else if 0.5 < combined {
        Priority::Medium
    } else {
        Priority::Low
    };
    Some((category, priority))
}

/// What a chart says, -1 to 1, by rules older than this desk: strength against the trend,
/// convergence and means with it, volume for whatever the rest says. `None` without strength.
pub(crate) fn technical(features: &Features, price: f64) -> Option<f64> {
    let rsi = features.rsi?;
    let strength = if rsi < 30.0 {
        0.3
    } else if 70.0 < rsi {
        -0.3
    } else if (40.0..=60.0).contains(&rsi) {
        0.0
    } else {
        (50.0 - rsi) / 100.0
    };
    let sign = |value: Option<f64>, weight: f64| {
        value.filter(|value| *value != 0.0).map_or(0.0, |value| weight.copysign(value))
    };
    let score =
        strength + sign(features.macd, 0.2) + sign(features.sma50.map(|mean| price - mean), 0.15);
    let volume = if features.surge == Some(true) { sign(Some(score), 0.1) } else { 0.0 };
    Some((score + volume).clamp(-1.0, 1.0))
}

/// What the playbook makes of a fresh story at a price.
pub(crate) fn opinion(
    policy: &NewsPolicy,
    features: &Features,
    story: &FreshStory,
    price: Price,
) -> Opinion {
    let Some(chart) = technical(features, price.dollars()) else { return Opinion::Wait };
    let told = policy.weight_reading * story.sentiment;
    let shown = policy.weight_technical * chart;
    let combined = told + shown;
    if combined.abs() < policy.combined_min {
        let missing = (HoldReason::CombinedWeak, combined.abs(), policy.combined_min);
        return Opinion::Hold(missing);
    }
    let direction = match story.watched {
        None if combined.abs() < policy.trade_from => return Opinion::Watch(price),
        None if 0.0 < combined => Direction::Long,
        None => Direction::Short,
        Some(base) => match crossed(policy, base, price) {
            Some(direction) => direction,
            None => return Opinion::Wait,
        },
    };
    let most = f64::from(policy.reaction_max_bps) / 10_000.0;
    #[expect(clippy::cast_precision_loss, reason = "one or minus one")]
    let sign = direction.sign() as f64;
    let reaction = sign * (price.dollars() / story.before.dollars() - 1.0);
    if most < reaction {
        return Opinion::Hold((HoldReason::AlreadyMoved, reaction, most));
    }
    // Told from the side that is traded: against it, story and chart count against the signal.
    let mut breakdown =
        vec![factor(FactorName::Story, sign * told), factor(FactorName::Chart, sign * shown)];
    breakdown.push(if story.watched.is_some() {
        // The move that crossed the trigger is what was waited for.
        factor(FactorName::Trigger, policy.trigger_worth)
    } else {
        factor(FactorName::Reaction, 1.0 - (reaction / most).clamp(0.0, 1.0) / 2.0)
    });
    Opinion::Trade(traded(policy, direction, breakdown, (story, price)))
}

/// The direction in which a price crossed one of the two triggers around a base.
fn crossed(policy: &NewsPolicy, base: Price, price: Price) -> Option<Direction> {
    let away = i64::from(policy.trigger_bps);
    if base.moved_bps(away) <= price {
        Some(Direction::Long)
    } else if price <= base.moved_bps(-away) {
        Some(Direction::Short)
    } else {
        None
    }
}

fn traded(
    policy: &NewsPolicy,
    direction: Direction,
    breakdown: Vec<Factor>,
    (story, price): (&FreshStory, Price),
) -> Wish {
    let few = story.outlets < policy.outlets_full;
    Wish {
        direction,
        horizon: Horizon::Swing,
        confidence: confidence(&breakdown),
        breakdown,
        suits_options: false,
        terms: Terms { size_pct: few.then_some(50), ..terms(policy, direction, price) },
    }
}

/// The levels at which a story is traded at a price.
pub fn terms(policy: &NewsPolicy, direction: Direction, price: Price) -> Terms {
    let moved = |bps: u32| price.moved_bps(direction.sign() * i64::from(bps));
    Terms {
        entry: Some(moved(policy.entry_max_bps)),
        stop: Some(price.moved_bps(-direction.sign() * i64::from(policy.stop_bps))),
        target: Some(moved(policy.target_bps)),
        second_target: Some(moved(policy.second_target_bps)),
        sessions: Some(policy.hold_sessions),
        ..Terms::default()
    }
}

#[cfg(test)]
mod tests;
