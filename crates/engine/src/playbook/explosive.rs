//! The explosive playbook: what discovery found, with size by score and stop by range.

use backsight_domain::notice::Candidate;
use backsight_domain::policy::ExplosivePolicy;
use backsight_domain::price::Price;
use backsight_domain::signal::{Direction, FactorName, Features, Horizon, Terms};

use super::{Wish, bps, confidence, factor};

/// What the playbook wants of a candidate at a price; `None` to hold.
pub(crate) fn wish(
    policy: &ExplosivePolicy,
    features: &Features,
    candidate: &Candidate,
    price: Price,
) -> Option<Wish> {
    let highest = candidate.price.moved_bps(i64::from(policy.chase_max_bps));
    if candidate.score < policy.score_min || highest < price {
        return None;
    }
    let share = |bps: u32| f64::from(bps) / 10_000.0;
    let range = features.session_range? / price.dollars();
    let risk =
        (policy.stop_ranges * range).clamp(share(policy.stop_min_bps), share(policy.stop_max_bps));
    let moved = |share: f64| Some(price.moved_bps(bps(share)));
    let size = f64::from(policy.size_bps) * (1.0 + candidate.score);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a size is above zero and no larger than twice a setting"
    )]
    let size_bps = (size as u32).min(policy.size_max_bps);
    let breakdown = vec![factor(FactorName::Score, candidate.score)];
    Some(Wish {
        direction: Direction::Long,
        horizon: Horizon::Swing,
        confidence: confidence(&breakdown),
        breakdown,
        suits_options: false,
        terms: Terms {
            entry: Some(highest),
            stop: moved(-risk),
            target: moved(policy.target_risks * risk),
            sessions: Some(policy.hold_sessions),
            size_bps: Some(size_bps),
            ..Terms::default()
        },
    })
}

#[cfg(test)]
mod tests;
