//! The gap fade playbook: an opening gap in the direction of the session before is traded back.
//!
//! The gap is between the session before's last price and this one's first, the direction of the
//! session before is from its first price to its last: both are real sessions of the calendar, so
//! that Mondays, holidays and summer time need no rule of their own.

use backsight_domain::policy::GapFadePolicy;
use backsight_domain::price::Price;
use backsight_domain::signal::{Direction, FactorName, Features, Horizon, Terms};

use super::{Wish, bps, confidence, factor};

/// What the playbook wants at a price some minutes after the open; `None` to hold.
pub(crate) fn wish(
    policy: &GapFadePolicy,
    features: &Features,
    price: Price,
    minutes_open: i64,
) -> Option<Wish> {
    let (gap, before) = (features.gap?, features.previous_move?);
    let late = i64::from(policy.window_minutes) < minutes_open;
    let large = policy.gap_min <= gap.abs() && policy.direction_min <= before.abs();
    if late || !large || (0.0 < gap) != (0.0 < before) {
        return None;
    }
    let up = 0.0 < gap;
    // The price before the gap follows from the first price, which the gap was measured from.
    let last = price.dollars();
    let from = features.session_open? / (1.0 + gap);
    let left = (last - from) / from;
    if (0.0 < left) != up || left.abs() < policy.gap_min {
        // Most of it was faded already.
        return None;
    }
    let direction = if up { Direction::Short } else { Direction::Long };
    let stop = -direction.sign() * bps(policy.stop_gap_share * gap.abs());
    let breakdown = vec![factor(FactorName::Gap, policy.confidence)];
    Some(Wish {
        direction,
        horizon: Horizon::Day,
        confidence: confidence(&breakdown),
        breakdown,
        suits_options: true,
        terms: Terms {
            stop: Some(price.moved_bps(stop)),
            target: Some(price.moved_bps(bps(from / last - 1.0))),
            minutes: Some(policy.hold_minutes),
            ..Terms::default()
        },
    })
}

#[cfg(test)]
mod tests;
