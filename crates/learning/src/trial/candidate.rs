//! Which candidate policies are tried: one setting at a time, in bounded steps both ways.

use backsight_domain::policy::Policy;
use backsight_domain::proposal::Change;
use backsight_engine::proposal::{LEARNABLE, is_possible, number};

/// Steps that are tried, as shares of the largest one that may be proposed.
const STEPS: [f64; 4] = [-1.0, -0.5, 0.5, 1.0];

/// Whether a setting is worth a look under a policy.
type Worth = fn(&Policy) -> bool;

/// The settings of a look back, each with whether it is worth a look under a policy. The rest of
/// what may be learned can be asked for by name; whatever is tried costs certainty everywhere.
const LOOKED_AT: &[(&str, Worth)] = &[
    ("trend.volume_min", |policy| policy.trend.enabled),
    ("trend.volume_factor_weak", |policy| policy.trend.enabled),
    ("trend.no_breakout_factor", |policy| policy.trend.enabled),
    ("trend.sentiment_boost", |policy| policy.trend.enabled),
    ("trend.sentiment_penalty", |policy| policy.trend.enabled),
    ("trend.vol_ratio_min", |policy| policy.trend.enabled),
    ("trend.rearm_minutes", |policy| policy.trend.enabled),
    ("gap_fade.gap_min", |policy| policy.gap_fade.enabled),
    ("gap_fade.hold_minutes", |policy| policy.gap_fade.enabled),
    ("news.combined_min", |policy| policy.news.enabled),
    ("news.reaction_max_bps", |policy| policy.news.enabled),
    ("news.stop_bps", |policy| policy.news.enabled),
    ("explosive.score_min", |policy| policy.explosive.enabled),
    ("explosive.stop_ranges", |policy| policy.explosive.enabled),
    ("dip.strength_min", |policy| policy.dip.enabled),
    ("gates.open_delay_minutes", |_| true),
    ("gates.day_cutoff_minutes", |_| true),
    ("gates.cool_down_minutes", |_| true),
    ("gates.symbol_daily_max", |_| true),
    ("exits.stop_bps", |_| true),
    ("exits.target_bps", |_| true),
    ("exits.trail_from_bps", |policy| policy.exits.trail_from_bps != 0),
    ("exits.trail_keep_pct", |policy| policy.exits.trail_from_bps != 0),
    ("exits.time_stop_minutes", |policy| policy.exits.time_stop_minutes != 0),
    ("option_exits.stop_pct", trades_options),
    ("option_exits.target_pct", trades_options),
    ("option_exits.trail_keep_pct", trades_options),
    ("accounts.*.confidence_min", |_| true),
    ("accounts.*.confidence_min_day_option", trades_options),
];

fn trades_options(policy: &Policy) -> bool {
    policy.accounts.values().any(|account| account.options)
}

/// The candidates of one setting: other values of it, one of which may turn out to be better.
#[derive(Clone, Debug, PartialEq)]
pub struct Family {
    /// The setting; a star stands for every account.
    pub path: &'static str,
    /// What each candidate changes.
    pub candidates: Vec<Vec<Change>>,
}

/// Every family that is looked at under a policy.
pub fn families(policy: &Policy) -> Vec<Family> {
    let looked = LOOKED_AT.iter().filter(|(_, is_worth)| is_worth(policy));
    looked.filter_map(|(path, _)| family(policy, path)).collect()
}

/// The family of a setting that may be learned; nothing when no other value of it is possible.
pub fn family(policy: &Policy, path: &str) -> Option<Family> {
    let (path, step) = *LEARNABLE.iter().find(|(pattern, _)| *pattern == path)?;
    let candidate = |share: f64| {
        let paths: Vec<String> = match path.split_once('*') {
            None => vec![path.to_owned()],
            Some((head, tail)) => {
                policy.accounts.keys().map(|name| format!("{head}{name}{tail}")).collect()
            }
        };
        let changes: Option<Vec<Change>> =
            paths.iter().map(|path| moved(policy, path, step * share)).collect();
        changes.filter(|changes| is_possible(policy, changes))
    };
    let mut candidates: Vec<_> = STEPS.into_iter().filter_map(candidate).collect();
    candidates.dedup();
    (!candidates.is_empty()).then_some(Family { path, candidates })
}

fn moved(policy: &Policy, path: &str, by: f64) -> Option<Change> {
    let from = policy.setting(path)?;
    let value = number(&from)? + by;
    let to = match from.as_str() {
        "true" | "false" => (if value < 0.5 { "false" } else { "true" }).to_owned(),
        text if text.contains('.') || text.contains('e') => {
            // Four digits behind the point: nobody can tell finer settings apart.
            format!("{:?}", (value * 10_000.0).round() / 10_000.0)
        }
        _ => format!("{:.0}", value.round()),
    };
    Some(Change { path: path.into(), from: from.into(), to: to.into() })
}

#[cfg(test)]
mod tests;
