//! Playbooks: named rule sets that turn features and readings into signals.
//!
//! Each is a pure function of what it looks at. None of them knows accounts, orders or positions:
//! who may act on a signal is for the gates to say.

pub(crate) mod dip;
pub(crate) mod explosive;
pub(crate) mod gap_fade;
pub mod news;
pub(crate) mod trend;

use backsight_domain::decision::HoldReason;
use backsight_domain::signal::{Direction, Factor, FactorName, Horizon, Terms};

/// What a playbook wants, before it is a signal.
#[derive(Clone, Debug, PartialEq)]
pub struct Wish {
    /// Which way.
    pub direction: Direction,
    /// For how long.
    pub horizon: Horizon,
    /// How sure it is, 0 to 1.
    pub confidence: f64,
    /// How that came about.
    pub breakdown: Vec<Factor>,
    /// Whether calls or puts suit it better than shares.
    pub suits_options: bool,
    /// What it asks for instead of the policy's general rules.
    pub terms: Terms,
}

/// What was missing for a wish, with the number that was seen and the one that was wanted.
pub(crate) type Missing = (HoldReason, f64, f64);

pub(crate) const fn factor(name: FactorName, value: f64) -> Factor {
    Factor { name, value }
}

/// A share in whole basis points, so that prices are moved by integers only.
#[expect(clippy::cast_possible_truncation, reason = "held to what a price can be moved by")]
pub(crate) fn bps(share: f64) -> i64 {
    (share * 10_000.0).round_ties_even().clamp(-10_000.0, 1_000_000.0) as i64
}

/// The confidence of a breakdown: parts are added, then factors multiply.
pub(crate) fn confidence(breakdown: &[Factor]) -> f64 {
    let (parts, factors) = (
        breakdown.iter().filter(|part| part.name.is_part()),
        breakdown.iter().filter(|factor| !factor.name.is_part()),
    );
    let sum: f64 = parts.map(|part| part.value).sum();
    factors.fold(sum, |product, factor| product * factor.value).clamp(0.0, 1.0)
}
