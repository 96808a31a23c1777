//! Whether a desk's past speaks for trading with real money: a list of checks, each with what was
//! seen and what is asked for. It decides nothing; a person does.
//!
//! Trades, their expectancy and the fall of the equity come from the past alone. How far a session
//! is from its back-test and what fault drills came to is handed in by whoever played them; what was
//! not played is unknown, and unknown is not ready.

use std::fmt;

use backsight_domain::money::Money;

use crate::divergence::SessionDivergence;
use crate::outcome;
use crate::past::Past;
use crate::past::history::Closing;
use crate::sample::{Calendar, Sample, Saying};

/// Closed trades that are asked for.
pub const TRADES_MIN: usize = 150;
/// The deepest fall of the equity that is borne, in percent of its peak.
pub const FALL_MAX_PCT: f64 = 10.0;
/// How far a session may be from its back-test, in basis points of the equity.
pub const DIVERGENCE_MAX_BPS: f64 = 25.0;

/// Whether what is asked for is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It is.
    Met,
    /// It is not.
    Unmet,
    /// Nobody can tell yet.
    Unknown,
}

/// One thing that is asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Check {
    /// What it is about.
    pub name: &'static str,
    /// Whether it is there.
    pub standing: Standing,
    /// What was seen.
    pub seen: String,
    /// What is asked for.
    pub asked: String,
}

/// What fault drills of this build came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Drills {
    /// How many were played.
    pub played: u32,
    /// Those that failed, with the command that plays each again.
    pub failed: Vec<String>,
}

/// Everything that is asked for, in the order in which it is told.
pub fn readiness(
    past: &Past,
    calendar: &Calendar,
    divergence: Option<&SessionDivergence>,
    drills: &Drills,
) -> Vec<Check> {
    let results = outcome::trades(&past.history);
    let results: Vec<_> = results.map(|case| (case.session(), case.outcome.r_multiple)).collect();
    let sample = calendar.sample(results);
    let closings = &past.history.closings;
    vec![
        trades(&sample),
        expectancy(&sample),
        fall(closings),
        diverged(divergence, closings.last()),
        drilled(drills),
    ]
}

/// Whether everything that is asked for is there.
pub fn is_ready(checks: &[Check]) -> bool {
    checks.iter().all(|check| check.standing == Standing::Met)
}

fn trades(sample: &Sample) -> Check {
    let closed = sample.record.count;
    let seen = match TRADES_MIN.checked_sub(closed) {
        Some(missing) if 0 < missing => format!("{closed} closed, {missing} more must close"),
        _ => format!("{closed} closed"),
    };
    let standing = if TRADES_MIN <= closed { Standing::Met } else { Standing::Unmet };
    Check { name: "trades", standing, seen, asked: format!("at least {TRADES_MIN}") }
}

fn expectancy(sample: &Sample) -> Check {
    let standing = match sample.says() {
        Saying::Nothing(_) | Saying::FewSessions => Standing::Unknown,
        Saying::Unclear | Saying::Loses => Standing::Unmet,
        Saying::Gains => Standing::Met,
    };
    let seen = match (sample.says(), sample.record.expectancy.zip(sample.interval)) {
        (Saying::Nothing(missing), _) => format!("{missing} more trades before it can be said"),
        (_, Some((mean, interval))) => {
            format!("{mean:+.2} R each, 95 in 100: {:+.2} to {:+.2}", interval.low, interval.high)
        }
        (_, None) => "too few sessions".to_owned(),
    };
    Check { name: "expectancy", standing, seen, asked: "an interval above zero".to_owned() }
}

/// The deepest fall of all accounts together, from the highest close before.
fn fall(closings: &[Closing]) -> Check {
    let asked = format!("at most {FALL_MAX_PCT:.0} % below the peak");
    let total = |closing: &Closing| closing.equity.iter().copied().sum::<Money>().as_dollars();
    let (mut peak, mut deepest) = (0.0_f64, 0.0_f64);
    for equity in closings.iter().map(total) {
        peak = peak.max(equity);
        if 0.0 < peak {
            deepest = deepest.max(100.0 * (peak - equity) / peak);
        }
    }
    let (standing, seen) = if closings.len() < 2 {
        (Standing::Unknown, "fewer than two closings".to_owned())
    } else {
        let standing = if deepest <= FALL_MAX_PCT { Standing::Met } else { Standing::Unmet };
        (standing, format!("{deepest:.2} % over {} sessions", closings.len()))
    };
    Check { name: "drawdown", standing, seen, asked }
}

fn diverged(divergence: Option<&SessionDivergence>, last: Option<&Closing>) -> Check {
    let asked = format!("within {DIVERGENCE_MAX_BPS:.0} bps of the equity");
    let equity = last.map(|closing| closing.equity.iter().copied().sum::<Money>());
    let equity = equity.filter(|equity| Money::ZERO < *equity);
    let Some((divergence, equity)) = divergence.zip(equity) else {
        let (standing, seen) = (Standing::Unknown, "no closed session to compare".to_owned());
        return Check { name: "divergence", standing, seen, asked };
    };
    let parts = divergence.accounts.iter().map(|account| account.recorded - account.rerun);
    let away = parts.sum::<Money>().as_dollars();
    let bps = 10_000.0 * away.abs() / equity.as_dollars();
    let standing = if bps <= DIVERGENCE_MAX_BPS { Standing::Met } else { Standing::Unmet };
    let seen = format!("{:+.2} dollars on {}, {bps:.1} bps", away, divergence.session);
    Check { name: "divergence", standing, seen, asked }
}

fn drilled(drills: &Drills) -> Check {
    let (played, failed) = (drills.played, drills.failed.len());
    let standing = match (played, failed) {
        (0, _) => Standing::Unknown,
        (_, 0) => Standing::Met,
        _ => Standing::Unmet,
    };
    let seen = match standing {
        Standing::Unknown => "none was played".to_owned(),
        Standing::Met => format!("{played} played by this build, none failed"),
        Standing::Unmet => format!("{failed} of {played} failed: {}", drills.failed.join(", ")),
    };
    Check { name: "fault drills", standing, seen, asked: "played, and none failed".to_owned() }
}

impl fmt::Display for Standing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Met => "met",
            Self::Unmet => "unmet",
            Self::Unknown => "unknown",
        })
    }
}

#[cfg(test)]
mod tests;
