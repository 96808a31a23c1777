//! The dip playbook: more of a holding that fell while its thesis still stands.
//!
//! A thesis is a list of claims that can be looked at. Its strength is the share of them that hold;
//! one decisive claim that does not hold ends it. A claim whose number is missing does not hold, one
//! whose time is over is not looked at, and a thesis without a claim to look at is none.

use backsight_domain::decision::HoldReason;
use backsight_domain::notice::{Claim, Metric, Thesis};
use backsight_domain::policy::DipPolicy;
use backsight_domain::price::Price;
use backsight_domain::signal::{Direction, FactorName, Features, Horizon, Terms};
use backsight_domain::time::Date;

use super::{Missing, Wish, confidence, factor};

/// Beyond this fall a thesis is doubted, whatever its claims say.
const DOUBTED: f64 = 0.20;

/// What that doubt costs.
const DOUBT: f64 = 0.2;

/// What the playbook wants at a price. `None`: there is no dip; `Err`: there is one, but something
/// is missing.
pub(crate) fn wish(
    policy: &DipPolicy,
    features: &Features,
    thesis: &Thesis,
    (price, today): (Price, Date),
) -> Option<Result<Wish, Missing>> {
    let fall = 1.0 - price.dollars() / thesis.price.dollars();
    let share = |bps: u32| f64::from(bps) / 10_000.0;
    if fall < share(policy.dip_bps) {
        return None;
    }
    Some(considered(policy, features, thesis, (price, today, fall)))
}

fn considered(
    policy: &DipPolicy,
    features: &Features,
    thesis: &Thesis,
    (price, today, fall): (Price, Date, f64),
) -> Result<Wish, Missing> {
    let share = |bps: u32| f64::from(bps) / 10_000.0;
    if share(policy.broken_bps) < fall {
        return Err((HoldReason::FellTooFar, fall, share(policy.broken_bps)));
    }
    let holding = strength(features, thesis, -fall, today)?;
    let doubt = if fall <= DOUBTED { 0.0 } else { -DOUBT };
    let breakdown = vec![factor(FactorName::Thesis, holding), factor(FactorName::Drawdown, doubt)];
    let strength = confidence(&breakdown);
    let deep = share(policy.deep_dip_bps) <= fall && policy.strength_deep <= strength;
    if !deep && strength < policy.strength_min {
        return Err((HoldReason::ThesisWeak, strength, policy.strength_min));
    }
    let moved = |bps: i64| Some(price.moved_bps(bps));
    Ok(Wish {
        direction: Direction::Long,
        horizon: Horizon::Swing,
        confidence: strength,
        breakdown,
        suits_options: false,
        terms: Terms {
            entry: moved(policy.entry_max_bps.into()),
            stop: moved(-i64::from(policy.stop_bps)),
            target: moved(policy.target_bps.into()),
            second_target: moved(policy.second_target_bps.into()),
            sessions: Some(policy.hold_sessions),
            size_bps: Some(if deep { policy.deep_size_bps } else { policy.size_bps }),
            ..Terms::default()
        },
    })
}

/// The share of a thesis' claims that hold.
fn strength(
    features: &Features,
    thesis: &Thesis,
    change: f64,
    today: Date,
) -> Result<f64, Missing> {
    let current = || thesis.claims.iter().filter(|claim| today <= claim.until);
    let holds =
        |claim: &&Claim| value(features, claim.metric, change).is_some_and(|v| claim.holds(v));
    let count = |number: usize| u32::try_from(number).map_or(f64::MAX, f64::from);
    let (all, held) = (count(current().count()), count(current().filter(holds).count()));
    if all == 0.0 {
        return Err((HoldReason::ThesisUntestable, 0.0, 1.0));
    }
    if let Some(broken) = current().find(|claim| claim.decisive && !holds(claim)) {
        let seen = value(features, broken.metric, change).unwrap_or(0.0);
        return Err((HoldReason::ThesisBroken, seen, broken.threshold));
    }
    Ok(held / all)
}

fn value(features: &Features, metric: Metric, change: f64) -> Option<f64> {
    match metric {
        Metric::Return => Some(change),
        Metric::RelativeVolume => features.relative_volume,
        Metric::DistanceSma50 => features.distance_sma50,
        Metric::Rsi => features.rsi,
        Metric::Sentiment => features.sentiment,
        Metric::Readings => Some(f64::from(features.readings)),
    }
}

#[cfg(test)]
mod tests;
