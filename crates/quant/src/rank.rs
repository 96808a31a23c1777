//! Where today's volatility stands among those of the past year.
//!
//! *Rank* is the place between the lowest and the highest: one spike a year ago holds it down for a
//! year. *Percentile* is the part of the sessions that were lower: it asks how often, not how far.
//! Both are from 0 to 1 and look at no more than the last 252 sessions; from fewer than 60 neither
//! says anything. Today itself is not part of its own past.

/// Sessions that are looked back at: a year.
pub const SESSIONS_MAX: usize = 252;
/// Sessions below which there is no answer: a quarter.
pub const SESSIONS_MIN: usize = 60;

/// Where a number stands among those before it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Standing {
    /// How far it is from the lowest to the highest: 0 at or below the lowest, 1 at or above the
    /// highest, one half where all were equal to it.
    pub rank: f64,
    /// The part of the sessions that were lower, equal ones counted half.
    pub percentile: f64,
    /// How many sessions that is among.
    pub sessions: usize,
}

impl Standing {
    /// Returns where `today` stands among the last of `past`, the latest of which stands last.
    ///
    /// Past values that are not finite are no sessions. `None` with fewer than [`SESSIONS_MIN`] of
    /// them, or when today is not finite.
    #[expect(clippy::cast_precision_loss, reason = "at most 252")]
    pub fn of(today: f64, past: &[f64]) -> Option<Self> {
        let known = past.iter().copied().filter(|value| value.is_finite());
        let past: Vec<f64> = known.rev().take(SESSIONS_MAX).collect();
        let sessions = past.len();
        if !today.is_finite() || sessions < SESSIONS_MIN {
            return None;
        }
        let lowest = past.iter().copied().fold(f64::INFINITY, f64::min);
        let highest = past.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let rank = match today {
            _ if lowest < highest => ((today - lowest) / (highest - lowest)).clamp(0.0, 1.0),
            _ if today < lowest => 0.0,
            _ if highest < today => 1.0,
            _ => 0.5,
        };
        let lower = past.iter().filter(|&&value| value < today).count();
        let equal = past.iter().filter(|&&value| value <= today).count() - lower;
        let percentile = (lower as f64 + 0.5 * equal as f64) / sessions as f64;
        Some(Self { rank, percentile, sessions })
    }
}

#[cfg(test)]
mod tests;
