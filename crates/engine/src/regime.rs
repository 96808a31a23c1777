//! What the market's fear index says: how much to trust a signal, how much to trade, whether at all.

use backsight_domain::policy::RegimePolicy;
use backsight_domain::signal::{Factor, FactorName};
use backsight_domain::time::{Span, Time};

use crate::market::Market;
use crate::playbook;

/// The market's state by its fear index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Too calm to be trusted.
    Complacent,
    /// As usual.
    Normal,
    /// Volatile.
    Elevated,
    /// Very volatile.
    High,
    /// Nothing is opened.
    Extreme,
}

impl Level {
    /// The level of an index.
    pub fn of(policy: &RegimePolicy, index: f64) -> Self {
        if policy.extreme_from <= index {
            Self::Extreme
        } else if policy.high_from <= index {
            Self::High
        } else if policy.elevated_from <= index {
            Self::Elevated
        } else if policy.normal_from <= index {
            Self::Normal
        } else {
            Self::Complacent
        }
    }

    /// The share of a usual size that it leaves, in percent.
    pub fn size_pct(self, policy: &RegimePolicy) -> u32 {
        match self {
            Self::Complacent => policy.complacent_size_pct,
            Self::Normal => 100,
            Self::Elevated => policy.elevated_size_pct,
            Self::High => policy.high_size_pct,
            Self::Extreme => 0,
        }
    }

    fn confidence(self, policy: &RegimePolicy) -> f64 {
        match self {
            Self::Complacent => policy.complacent_confidence,
            Self::Normal => 1.0,
            Self::Elevated => policy.elevated_confidence,
            Self::High => policy.high_confidence,
            Self::Extreme => 0.0,
        }
    }
}

/// The level now; `None` when no index is known or the last one is too old.
pub fn level(market: &Market, policy: &RegimePolicy, now: Time) -> Option<Level> {
    let regime = market.outlook.regime()?;
    let oldest = Span::from_minutes(60 * i64::from(policy.age_max_hours));
    (now - regime.at <= oldest).then(|| Level::of(policy, regime.index))
}

/// What the level leaves of a confidence; nothing to say when there is none.
pub(crate) fn factor(market: &Market, policy: &RegimePolicy, now: Time) -> Option<Factor> {
    let level = level(market, policy, now)?;
    Some(playbook::factor(FactorName::Regime, level.confidence(policy)))
}

#[cfg(test)]
mod tests;
