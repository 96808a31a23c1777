//! What the desk holds of proposals: which there are, how far each has come, and what it brought.
//!
//! The policy in force is the one that was adopted last with the changes of every adopted proposal
//! on top of it, in the order of their adoption. So taking a proposal back gives the policy that
//! would be there without it, to the last bit. A canary's policy is one more change on top of that,
//! and a signal goes by it when the hash of the proposal, the entry and the symbol says so.

use std::collections::BTreeMap;

use backsight_domain::decision::Outcome;
use backsight_domain::id::{ProposalId, Seq};
use backsight_domain::instrument::Instrument;
use backsight_domain::market::Slot;
use backsight_domain::policy::{AccountPolicy, LearningPolicy, Policy};
use backsight_domain::proposal::{
    Cadence, Change, Cycle, Evidence, Finding, Measured, ProposalStage, Trigger,
};
use backsight_domain::time::{Date, Time};
use backsight_quant::drift;

/// Proposals that are open at the same time.
pub const OPEN_MAX: usize = 32;
/// Ended proposals that are remembered, so that they are not made again the next day.
pub const ENDED_MAX: usize = 32;
/// Settings that one proposal changes.
pub const CHANGES_MAX: usize = 4;
/// Sessions that must be measured before anything is said about harm.
const HARM_SESSIONS: u32 = 3;

/// Which settings may be learned, and how far one proposal may move each. What keeps a desk safe
/// (losses, sizes, order rates, freshness, margins) is not among them.
pub const LEARNABLE: &[(&str, f64)] = &[
    ("trend.shorts", 1.0),
    ("trend.stretched", 0.02),
    ("trend.weight_trend", 0.15),
    ("trend.weight_setup", 0.15),
    ("trend.weight_volatility", 0.15),
    ("trend.vol_low", 0.3),
    ("trend.vol_high", 0.3),
    ("trend.vol_ratio_min", 0.5),
    ("trend.volume_min", 1.0),
    ("trend.volume_factor_weak", 0.3),
    ("trend.volume_factor_normal", 0.3),
    ("trend.volume_factor_surge", 0.3),
    ("trend.volume_factor_strong", 0.3),
    ("trend.volume_factor_extreme", 0.3),
    ("trend.no_breakout_factor", 0.25),
    ("trend.urgent_factor", 0.25),
    ("trend.brisk_factor", 0.25),
    ("trend.sentiment_boost", 0.25),
    ("trend.sentiment_penalty", 0.25),
    ("trend.day_confidence", 0.1),
    ("trend.recording_floor", 0.1),
    ("trend.rearm_minutes", 30.0),
    ("gap_fade.gap_min", 0.004),
    ("gap_fade.direction_min", 0.005),
    ("gap_fade.window_minutes", 30.0),
    ("gap_fade.hold_minutes", 60.0),
    ("gap_fade.stop_gap_share", 0.25),
    ("news.reading_confidence_min", 0.15),
    ("news.sentiment_min", 0.15),
    ("news.weight_reading", 0.2),
    ("news.combined_min", 0.15),
    ("news.trade_from", 0.15),
    ("news.reaction_max_bps", 250.0),
    ("news.stop_bps", 150.0),
    ("news.target_bps", 250.0),
    ("news.second_target_bps", 500.0),
    ("news.hold_sessions", 3.0),
    ("news.hold_off_s", 120.0),
    ("explosive.score_min", 0.1),
    ("explosive.stop_ranges", 1.0),
    ("explosive.target_risks", 1.0),
    ("explosive.hold_sessions", 5.0),
    ("dip.strength_min", 0.1),
    ("dip.stop_bps", 500.0),
    ("dip.target_bps", 500.0),
    ("dip.hold_sessions", 10.0),
    ("gates.open_delay_minutes", 30.0),
    ("gates.day_cutoff_minutes", 120.0),
    ("gates.swing_cutoff_minutes", 120.0),
    ("gates.cool_down_minutes", 60.0),
    ("gates.symbol_daily_max", 4.0),
    ("gates.earnings_sessions", 1.0),
    ("regime.complacent_confidence", 0.2),
    ("regime.elevated_confidence", 0.2),
    ("regime.high_confidence", 0.2),
    ("contracts.score_min", 10.0),
    ("contracts.iv_rank_max_pct", 20.0),
    ("exits.stop_bps", 50.0),
    ("exits.target_bps", 100.0),
    ("exits.trail_from_bps", 60.0),
    ("exits.trail_keep_pct", 25.0),
    ("exits.time_stop_minutes", 120.0),
    ("exits.first_target_pct", 25.0),
    ("option_exits.stop_pct", 20.0),
    ("option_exits.target_pct", 40.0),
    ("option_exits.trail_from_pct", 20.0),
    ("option_exits.trail_keep_pct", 20.0),
    ("option_exits.partial_from_pct", 20.0),
    ("option_exits.hold_min_minutes", 30.0),
    ("option_exits.time_stop_minutes", 120.0),
    ("accounts.*.confidence_min", 0.15),
    ("accounts.*.confidence_min_day_option", 0.15),
    ("accounts.*.confidence_min_swing_option", 0.15),
];

/// What the desk holds of learning.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Lessons {
    /// Every proposal that is remembered, oldest first.
    pub proposals: Vec<Proposal>,
    /// Candidate policies that were ever tried.
    pub trials: u64,
    /// The last look back of each kind.
    pub cycles: BTreeMap<Cadence, Cycle>,
}

/// A finding and what became of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Proposal {
    /// Its identity: the entry that filed it.
    pub id: ProposalId,
    /// What would change, and why.
    pub finding: Finding,
    /// How far it has come.
    pub stage: ProposalStage,
    /// Since when.
    pub since: Time,
    /// Sessions that opened at this stage.
    pub waited: u32,
    /// How often it was found.
    pub found: u32,
    /// Who approved it.
    pub approvals: Vec<Box<str>>,
    /// Share of the signals that goes by it as a canary, in percent.
    pub share_pct: u32,
    /// What it added since it is followed, compared with the same entries without it.
    pub gains: Gains,
    /// What was traded under it.
    pub under: Lane,
    /// What was traded beside it while it was a canary.
    pub beside: Lane,
}

/// What a proposal added, session by session.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Gains {
    /// The last session that was measured.
    pub last: Option<Date>,
    /// Sessions in all.
    pub sessions: u32,
    /// Sessions at this stage.
    pub here: u32,
    /// Trades that differed.
    pub trades: u32,
    /// What was added in all, in R.
    pub total: f64,
    /// How far it falls short of what was promised: see [`drift`].
    pub missing: f64,
}

/// What closed positions came to, in R.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Lane {
    /// How many.
    pub trades: u32,
    /// Their sum.
    pub total: f64,
    /// The highest the sum ever was.
    pub peak: f64,
}

/// The proposal of which a share of the signals goes by.
#[derive(Clone, Debug)]
pub(crate) struct Canary {
    pub(crate) id: ProposalId,
    pub(crate) policy: Policy,
    pub(crate) limits: Vec<AccountPolicy>,
    share_pct: u32,
}

impl Lessons {
    /// A proposal.
    pub fn proposal(&self, id: ProposalId) -> Option<&Proposal> {
        self.proposals.iter().find(|proposal| proposal.id == id)
    }

    pub(crate) fn proposal_mut(&mut self, id: ProposalId) -> Option<&mut Proposal> {
        self.proposals.iter_mut().find(|proposal| proposal.id == id)
    }

    /// The proposals of a stage, in the order in which they came to it.
    pub fn at(&self, stage: ProposalStage) -> Vec<&Proposal> {
        let mut found: Vec<_> = self.proposals.iter().filter(|p| p.stage == stage).collect();
        found.sort_by_key(|proposal| (proposal.since, proposal.id));
        found
    }

    /// The policy in force: a base and everything adopted on top of it.
    pub(crate) fn over(&self, base: &Policy) -> Policy {
        self.at(ProposalStage::Adopted).into_iter().fold(base.clone(), |policy, proposal| {
            policy.with(&proposal.finding.changes).unwrap_or(policy)
        })
    }

    /// The canary on top of the policy in force.
    pub(crate) fn canary(&self, in_force: &Policy) -> Option<Canary> {
        let proposal = self.at(ProposalStage::Canary).into_iter().next()?;
        let policy = in_force.with(&proposal.finding.changes).ok()?;
        let limits = policy.accounts.values().cloned().collect();
        Some(Canary { id: proposal.id, policy, limits, share_pct: proposal.share_pct })
    }

    /// Makes room: what ended long ago is forgotten first.
    pub(crate) fn forget(&mut self) {
        let is_final = |proposal: &Proposal| proposal.stage.is_final();
        let ended = self.proposals.iter().filter(|p| is_final(p)).count();
        for _ in ENDED_MAX..ended {
            let oldest = self.proposals.iter().enumerate().filter(|(_, p)| is_final(p));
            if let Some((index, _)) = oldest.min_by_key(|(_, p)| (p.since, p.id)) {
                self.proposals.remove(index);
            }
        }
    }

    pub(crate) fn is_full(&self) -> bool {
        OPEN_MAX <= self.proposals.iter().filter(|p| !p.stage.is_final()).count()
    }
}

impl Canary {
    /// Whether what an entry shows of a symbol goes by the canary.
    pub(crate) fn takes(&self, cause: Seq, slot: Slot) -> bool {
        is_in_share((self.id, self.share_pct), cause, slot)
    }
}

impl Proposal {
    pub(crate) fn new(id: ProposalId, finding: Finding, since: Time) -> Self {
        Self {
            id,
            finding,
            stage: ProposalStage::Pending,
            since,
            waited: 0,
            found: 1,
            approvals: Vec::new(),
            share_pct: 0,
            gains: Gains::default(),
            under: Lane::default(),
            beside: Lane::default(),
        }
    }

    pub(crate) fn enter(&mut self, stage: ProposalStage, now: Time) {
        (self.stage, self.since, self.waited) = (stage, now, 0);
        self.gains.here = 0;
    }

    /// Counts a session that was followed; what it makes of the proposal.
    pub(crate) fn measure(
        &mut self,
        measured: &Measured,
        policy: &LearningPolicy,
    ) -> Option<Trigger> {
        let Evidence { effect, spread, .. } = self.finding.evidence;
        let limit = self.drift_limit(policy);
        let gains = &mut self.gains;
        gains.last = Some(measured.session);
        gains.sessions += 1;
        gains.here += 1;
        gains.trades += measured.trades;
        gains.total += measured.gained;
        gains.missing = drift::next(gains.missing, measured.gained, effect / 2.0, spread);
        let error = spread * f64::from(gains.sessions).sqrt();
        if HARM_SESSIONS <= gains.sessions && gains.total < -policy.harm_errors * error {
            return Some(Trigger::Harm);
        }
        (limit < gains.missing).then_some(Trigger::Drift)
    }

    /// The sum of what is missing at which it is withdrawn.
    pub fn drift_limit(&self, policy: &LearningPolicy) -> f64 {
        let Evidence { effect, spread, .. } = self.finding.evidence;
        let half = if 0.0 < spread { effect / (2.0 * spread) } else { 0.0 };
        drift::limit(half, f64::from(policy.drift_sessions))
    }

    /// Whether what was followed agrees with what was promised, as far as so few sessions can tell.
    pub(crate) fn agrees(&self) -> bool {
        let Evidence { effect, spread, .. } = self.finding.evidence;
        let sessions = f64::from(self.gains.sessions);
        effect * sessions - 2.0 * spread * sessions.sqrt() <= self.gains.total
    }

    /// Counts a position that was opened at this stage and has ended.
    pub(crate) fn note(&mut self, outcome: &Outcome, (cause, slot): (Seq, Slot)) {
        let is_canary = self.stage == ProposalStage::Canary;
        let is_under = !is_canary || is_in_share((self.id, self.share_pct), cause, slot);
        if outcome.opened < self.since || !(is_canary || self.stage == ProposalStage::Adopted) {
            return;
        }
        if is_under {
            let result = self.in_old_risk(outcome);
            self.under.add(result);
        } else {
            self.beside.add(outcome.r_multiple);
        }
    }

    /// A result in units of the risk that was taken before: a nearer stop makes no trade better.
    fn in_old_risk(&self, outcome: &Outcome) -> f64 {
        let stop = match outcome.instrument {
            Instrument::Equity(_) => "exits.stop_bps",
            Instrument::Option(_) | Instrument::Vertical(_) => "option_exits.stop_pct",
        };
        let change = self.finding.changes.iter().find(|change| &*change.path == stop);
        let moved = change.and_then(|change| Some(number(&change.to)? / number(&change.from)?));
        outcome.r_multiple * moved.unwrap_or(1.0)
    }
}

impl Lane {
    pub(crate) fn add(&mut self, result: f64) {
        self.trades += 1;
        self.total += result;
        self.peak = self.peak.max(self.total);
    }

    /// How far the sum is below its highest.
    pub fn fall(&self) -> f64 {
        self.peak - self.total
    }

    /// The mean result; nothing without trades.
    pub fn mean(&self) -> Option<f64> {
        (0 < self.trades).then(|| self.total / f64::from(self.trades))
    }
}

/// Whether something is in the share of a proposal: the same on every machine, and for ever.
fn is_in_share((id, share_pct): (ProposalId, u32), cause: Seq, slot: Slot) -> bool {
    let mut hasher = blake3::Hasher::new();
    hasher.update(&id.0.0.to_le_bytes());
    hasher.update(&cause.0.to_le_bytes());
    hasher.update(&slot.0.to_le_bytes());
    let first = hasher.finalize().as_bytes()[..4].try_into().expect("a hash has 32 bytes");
    u64::from(u32::from_le_bytes(first)) * 100 < u64::from(share_pct) << 32
}

/// Whether a policy may be changed so: settings that may be learned, by bounded steps, from the
/// values in force.
pub fn is_possible(policy: &Policy, changes: &[Change]) -> bool {
    let is_bounded = |change: &Change| {
        let (Some(from), Some(to)) = (number(&change.from), number(&change.to)) else {
            return false;
        };
        let step = (to - from).abs();
        let in_force = policy.setting(&change.path);
        in_force.as_deref() == Some(&*change.from)
            && largest_step(&change.path)
                .is_some_and(|largest| 0.0 < step && step <= largest * 1.000_001)
    };
    (1..=CHANGES_MAX).contains(&changes.len())
        && changes.iter().all(is_bounded)
        && changes.is_sorted_by(|a, b| a.path < b.path)
        && policy.with(changes).is_ok()
}

/// How far one proposal may move a setting; nothing when it may not be learned.
pub fn largest_step(path: &str) -> Option<f64> {
    let fits = |pattern: &str| match pattern.split_once('*') {
        None => pattern == path,
        Some((head, tail)) => path
            .strip_prefix(head)
            .and_then(|rest| rest.strip_suffix(tail))
            .is_some_and(|name| !name.is_empty() && !name.contains('.')),
    };
    LEARNABLE.iter().find(|(pattern, _)| fits(pattern)).map(|(_, step)| *step)
}

/// A setting's value as a number; switches are 0 and 1.
pub fn number(text: &str) -> Option<f64> {
    match text {
        "true" => Some(1.0),
        "false" => Some(0.0),
        _ => text.parse::<f64>().ok().filter(|value| value.is_finite()),
    }
}

/// Whether evidence is strong enough for a person's time, given everything that was ever tried.
pub fn is_strong(evidence: &Evidence, policy: &LearningPolicy, trials: u64) -> bool {
    let numbers = [
        evidence.effect,
        evidence.low,
        evidence.high,
        evidence.spread,
        evidence.out_of_time,
        evidence.stressed,
        evidence.q,
    ];
    numbers.iter().all(|number| number.is_finite())
        && policy.adopt_min <= evidence.sample
        && policy.sessions_min <= evidence.sessions
        && evidence.trials == trials
        && 0.0 < evidence.low
        && evidence.low <= evidence.effect
        && 0.0 < evidence.spread
        && 0.0 < evidence.out_of_time
        && 0.0 < evidence.stressed
        && evidence.q * 100.0 <= f64::from(policy.false_discovery_pct)
}

#[cfg(test)]
mod tests;
