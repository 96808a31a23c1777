//! What the trials of one look back come to: findings, or the sentence that nothing can be said.
//!
//! For each setting the sessions are cut by [`walk_forward`]. In each stretch the value that was
//! best before it is judged; so every number of a finding comes from sessions that did not choose
//! it. The value that is proposed is the one chosen for the last stretch, which no other choice saw.
//! What chance explains is told by the mean of the added results against their own spread, with
//! neighbouring sessions allowed to hang together, and adjusted for everything that was ever tried.

use std::collections::{BTreeMap, BTreeSet};

use backsight_domain::id::Seq;
use backsight_domain::policy::Policy;
use backsight_domain::proposal::{Cadence, Change, Cycle, Evidence, Finding, TrialId};
use backsight_domain::time::Date;
use backsight_engine::proposal::{Lessons, is_strong};
use backsight_quant::discovery::{benjamini_yekutieli, mean_tail};
use backsight_quant::overfit;
use backsight_quant::sharpe::Shape;
use backsight_quant::split::{Split, walk_forward};
use backsight_sim::chance::Chance;

use super::candidate::{self, Family};
use super::course::Course;
use super::runner::{Terms, Trade};
use crate::bootstrap::{self, Session, block_length};

/// Stretches into which sessions are cut; the first is only learned from.
const FOLDS: usize = 5;
/// Points of the curve of a finding.
const CURVE: usize = 24;
/// The layout of what a trial is named by.
const METHOD: &[u8] = b"trial-1";

/// What a look back found.
#[derive(Clone, Debug)]
pub struct Look {
    /// What is told the desk about it.
    pub cycle: Cycle,
    /// The changes that the past speaks for, the surest first.
    pub findings: Vec<Finding>,
    /// What each setting came to, the surest first.
    pub views: Vec<View>,
    /// How many closed trades are missing before anything can be said.
    pub missing: u32,
    /// What a trade made under the policy in force; nothing without trades.
    pub expectancy: Option<f64>,
}

/// What the trials of one setting came to.
#[derive(Clone, Debug)]
pub struct View {
    /// The setting.
    pub path: &'static str,
    /// The change that was chosen last; empty when none was better.
    pub changes: Vec<Change>,
    /// What speaks for it.
    pub evidence: Evidence,
    /// Candidates that traded differently.
    pub trials: u32,
}

/// One candidate's results beside those of the policy in force.
struct Tried {
    changes: Vec<Change>,
    /// What it added, by session.
    added: Vec<f64>,
    /// Trades that it concerns, by session.
    concerned: Vec<u32>,
    trades: Vec<Trade>,
}

/// Looks back: tries every family on a course.
pub fn look(
    course: &Course,
    (policy, lessons): (&Policy, &Lessons),
    (cadence, through): (Cadence, Seq),
) -> Look {
    let judge = Judge::new(course, policy);
    let closed = u32::try_from(judge.base.len()).unwrap_or(u32::MAX);
    let missing = policy.learning.sample_min.saturating_sub(closed);
    let session = course.sessions().last().copied().unwrap_or_default();
    let mut cycle = Cycle { cadence, session, through, closed, trials: 0 };
    let expectancy = mean(judge.base.iter().map(|trade| trade.result));
    if 0 < missing {
        return Look { cycle, findings: Vec::new(), views: Vec::new(), missing, expectancy };
    }
    let tried = judge.try_all(&candidate::families(policy));
    cycle.trials = tried.iter().map(|(_, tried)| count(tried)).sum();
    let trials = lessons.trials + u64::from(cycle.trials);
    let mut views: Vec<View> =
        tried.iter().filter_map(|(path, tried)| judge.view(path, tried, trials)).collect();
    let p: Vec<f64> = views.iter().map(|view| view.evidence.p).collect();
    for (view, q) in views.iter_mut().zip(benjamini_yekutieli(&p, trials)) {
        (view.evidence.q, view.evidence.through) = (q, through);
    }
    views.sort_by(|a, b| a.evidence.p.total_cmp(&b.evidence.p));
    let findings = views.iter_mut().filter(|view| !view.changes.is_empty());
    let findings = findings.filter_map(|view| judge.finding(view, trials)).collect();
    Look { cycle, findings, views, missing, expectancy }
}

fn count(tried: &[Tried]) -> u32 {
    u32::try_from(tried.len()).unwrap_or(u32::MAX)
}

struct Judge<'c> {
    course: &'c Course,
    policy: &'c Policy,
    terms: Terms,
    base: Vec<Trade>,
    digest: [u8; 32],
}

impl<'c> Judge<'c> {
    fn new(course: &'c Course, policy: &'c Policy) -> Self {
        let terms = course.terms(policy);
        let base = course.run(policy, &terms);
        Self { course, policy, terms, base, digest: course.digest() }
    }

    /// The candidates of each family that trade differently, all of them run as one fleet.
    fn try_all(&self, families: &[Family]) -> Vec<(&'static str, Vec<Tried>)> {
        let candidates: Vec<_> =
            families.iter().flat_map(|family| family.candidates.iter()).collect();
        let policies = candidates.iter().map(|changes| self.policy.with(changes));
        let policies: Vec<Policy> =
            policies.map(|policy| policy.expect("a candidate is a possible change")).collect();
        let runs = self.course.run_all(&policies, &self.terms);
        let mut tried = candidates.into_iter().zip(runs);
        let mut of_family = |family: &Family| {
            let tried = tried.by_ref().take(family.candidates.len());
            let tried = tried.filter_map(|(changes, trades)| self.tried(changes, trades));
            (family.path, tried.collect())
        };
        families.iter().map(&mut of_family).collect()
    }

    /// What a run of a candidate came to; nothing when it traded no differently.
    fn tried(&self, changes: &[Change], trades: Vec<Trade>) -> Option<Tried> {
        let added = self.added(&self.base, &trades);
        let concerned = self.concerned(&trades);
        let differs = concerned.iter().any(|count| *count != 0);
        differs.then(|| Tried { changes: changes.to_vec(), added, concerned, trades })
    }

    /// What one run's trades made more than another's, by session, for the average account.
    fn added(&self, base: &[Trade], trades: &[Trade]) -> Vec<f64> {
        let sums = |trades: &[Trade]| {
            let mut sums: BTreeMap<Date, f64> = BTreeMap::new();
            for trade in trades {
                *sums.entry(trade.session).or_default() += trade.result;
            }
            sums
        };
        let (before, after) = (sums(base), sums(trades));
        #[expect(clippy::cast_precision_loss, reason = "a desk has at most 32 accounts")]
        let accounts = self.terms.cash.len().max(1) as f64;
        let of = |sums: &BTreeMap<Date, f64>, date| sums.get(date).copied().unwrap_or(0.0);
        let sessions = self.course.sessions().iter();
        sessions.map(|date| (of(&after, date) - of(&before, date)) / accounts).collect()
    }

    /// Trades that are in one run only, or end differently, by session.
    fn concerned(&self, trades: &[Trade]) -> Vec<u32> {
        let key = |trade: &Trade| {
            let Trade { session, account, instrument, opened, closed, result } = *trade;
            (session, account, instrument, opened, closed, result.to_bits())
        };
        let base: BTreeSet<_> = self.base.iter().map(key).collect();
        let other: BTreeSet<_> = trades.iter().map(key).collect();
        let mut signals = BTreeSet::new();
        for (session, account, instrument, opened, ..) in base.symmetric_difference(&other) {
            signals.insert((*session, *account, *instrument, *opened));
        }
        let mut counts: BTreeMap<Date, u32> = BTreeMap::new();
        for (session, ..) in signals {
            *counts.entry(session).or_default() += 1;
        }
        let sessions = self.course.sessions().iter();
        sessions.map(|date| counts.get(date).copied().unwrap_or(0)).collect()
    }

    /// Sessions after which the longest trade had ended.
    fn gap(&self) -> usize {
        let sessions = self.course.sessions();
        let place = |date: Date| sessions.partition_point(|session| *session < date);
        let held = |trade: &Trade| {
            let closed = crate::past::trading_date(trade.closed);
            place(closed).saturating_sub(place(trade.session))
        };
        let longest = self.base.iter().map(held).max().unwrap_or(0);
        (longest + 1).min(sessions.len() / 10)
    }

    /// What a family came to; nothing when the sessions do not suffice.
    fn view(&self, path: &'static str, tried: &[Tried], trials: u64) -> Option<View> {
        let sessions = self.course.sessions().len();
        let splits = walk_forward(sessions, FOLDS, self.gap());
        let last = splits.last()?;
        let chosen: Vec<Option<&Tried>> =
            splits.iter().map(|split| best_before(tried, split)).collect();
        let series = judged(&splits, &chosen);
        let evidence = self.evidence(tried, (&splits, &chosen), &series, trials);
        let final_choice = best_before(tried, last);
        let changes = final_choice.map_or(Vec::new(), |tried| tried.changes.clone());
        let evidence = Evidence { trial: self.name(&changes), ..evidence };
        Some(View { path, changes, evidence, trials: count(tried) })
    }

    fn evidence(
        &self,
        tried: &[Tried],
        (splits, chosen): (&[Split], &[Option<&Tried>]),
        series: &[f64],
        trials: u64,
    ) -> Evidence {
        let effect = mean(series.iter().copied()).unwrap_or(0.0);
        let (spread, error) = spread_and_error(series);
        let blocks: Vec<_> = series.iter().map(|sum| Session { sum: *sum, count: 1.0 }).collect();
        let chance = Chance::root(self.seed());
        let interval = bootstrap::of_mean(&blocks, 1, &chance);
        let last = splits.last().zip(chosen.last().copied().flatten());
        let part = |range: std::ops::Range<usize>, tried: &Tried| {
            mean(tried.added[range].iter().copied()).unwrap_or(0.0)
        };
        let sums =
            splits.iter().zip(chosen).filter_map(|(split, chosen)| Some((split, (*chosen)?)));
        let sample = sums.clone().flat_map(|(split, tried)| &tried.concerned[split.judge.clone()]);
        let best = series.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let rows: Vec<Vec<f64>> = tried.iter().map(|tried| tried.added.clone()).collect();
        let rest = u32::try_from(series.len().max(2) - 1).unwrap_or(u32::MAX);
        let without_best = (series.iter().sum::<f64>() - best) / f64::from(rest);
        Evidence {
            sessions: u32::try_from(self.course.sessions().len()).unwrap_or(u32::MAX),
            sample: sample.sum(),
            effect,
            low: interval.map_or(f64::NEG_INFINITY, |interval| interval.low),
            high: interval.map_or(f64::INFINITY, |interval| interval.high),
            spread,
            in_sample: last.map_or(0.0, |(split, tried)| part(split.learn.clone(), tried)),
            out_of_time: last.map_or(0.0, |(split, tried)| part(split.judge.clone(), tried)),
            without_best,
            before: mean(self.base.iter().map(|trade| trade.result)).unwrap_or(0.0),
            after: last
                .and_then(|(_, tried)| mean(tried.trades.iter().map(|trade| trade.result)))
                .unwrap_or(0.0),
            drawdown: deepest_fall(series),
            trials,
            p: if 0.0 < error { mean_tail(effect / error, series.len()) } else { 1.0 },
            q: 1.0,
            deflated_sharpe: Shape::of(series)
                .map_or(0.0, |shape| shape.deflated(trials, variance_of_ratios(&rows))),
            overfitting: overfit::probability(&rows).unwrap_or(1.0),
            curve: curve(series),
            ..Evidence::default()
        }
    }

    /// A finding, when its evidence is strong also at twice the costs.
    fn finding(&self, view: &mut View, trials: u64) -> Option<Finding> {
        let might = Evidence { stressed: 1.0, ..view.evidence.clone() };
        if !is_strong(&might, &self.policy.learning, trials) {
            return None;
        }
        view.evidence.stressed = self.stressed(&view.changes);
        let (changes, evidence) = (view.changes.clone(), view.evidence.clone());
        is_strong(&evidence, &self.policy.learning, trials).then_some(Finding {
            changes,
            evidence,
            commentary: None,
        })
    }

    /// What a change adds to a session at twice the costs, in the sessions that judge it.
    fn stressed(&self, changes: &[Change]) -> f64 {
        let terms = Terms { costs: 2, ..self.terms.clone() };
        let Ok(policy) = self.policy.with(changes) else { return f64::NEG_INFINITY };
        let runs = self.course.run_all(&[self.policy.clone(), policy], &terms);
        let added = self.added(&runs[0], &runs[1]);
        let from = added.len() / FOLDS;
        mean(added[from..].iter().copied()).unwrap_or(0.0)
    }

    fn seed(&self) -> u64 {
        u64::from_le_bytes(*self.digest.first_chunk().expect("a hash has 32 bytes"))
    }

    fn name(&self, changes: &[Change]) -> TrialId {
        let mut hasher = blake3::Hasher::new();
        hasher.update(METHOD).update(&self.digest);
        hasher.update(self.policy.to_bare_toml().as_bytes());
        for change in changes {
            hasher.update(change.to_string().as_bytes());
        }
        let hash = hasher.finalize();
        TrialId(*hash.as_bytes().first_chunk().expect("a hash has 32 bytes"))
    }
}

/// The candidate that added most before a stretch; nothing when none added anything.
fn best_before<'t>(tried: &'t [Tried], split: &Split) -> Option<&'t Tried> {
    let sum = |tried: &Tried| tried.added[split.learn.clone()].iter().sum::<f64>();
    let best = tried.iter().max_by(|a, b| sum(a).total_cmp(&sum(b)))?;
    (0.0 < sum(best)).then_some(best)
}

/// What was added in each judged session by the candidate chosen for it.
fn judged(splits: &[Split], chosen: &[Option<&Tried>]) -> Vec<f64> {
    let stretch = |(split, chosen): (&Split, Option<&Tried>)| match chosen {
        Some(tried) => tried.added[split.judge.clone()].to_vec(),
        None => vec![0.0; split.judge.len()],
    };
    splits.iter().zip(chosen.iter().copied()).flat_map(stretch).collect()
}

#[expect(clippy::cast_precision_loss, reason = "nobody has 2^53 results")]
fn mean(results: impl IntoIterator<Item = f64>) -> Option<f64> {
    let (mut sum, mut count) = (0.0, 0_usize);
    for result in results {
        (sum, count) = (sum + result, count + 1);
    }
    (0 < count).then(|| sum / count as f64)
}

/// The standard deviation of a series, and the standard error of its mean when neighbours may hang
/// together (Newey and West 1987). Never smaller than without that.
#[expect(clippy::cast_precision_loss, reason = "nobody has 2^53 results")]
fn spread_and_error(series: &[f64]) -> (f64, f64) {
    if series.len() < 2 {
        return (0.0, 0.0);
    }
    let count = series.len() as f64;
    let centre = series.iter().sum::<f64>() / count;
    let covariance = |lag: usize| {
        let pairs = series.iter().zip(&series[lag..]);
        pairs.map(|(a, b)| (a - centre) * (b - centre)).sum::<f64>() / (count - 1.0)
    };
    let lags = block_length(series.len());
    let weight = |lag: usize| 1.0 - lag as f64 / (lags + 1) as f64;
    let own = covariance(0);
    let with_neighbours: f64 = (1..=lags).map(|lag| 2.0 * weight(lag) * covariance(lag)).sum();
    (own.sqrt(), ((own + with_neighbours.max(0.0)) / count).sqrt())
}

fn deepest_fall(series: &[f64]) -> f64 {
    let (mut sum, mut peak, mut deepest) = (0.0, 0.0, 0.0);
    for added in series {
        sum += added;
        peak = f64::max(peak, sum);
        deepest = f64::max(deepest, peak - sum);
    }
    deepest
}

fn variance_of_ratios(rows: &[Vec<f64>]) -> f64 {
    let ratios: Vec<f64> = rows.iter().filter_map(|row| Some(Shape::of(row)?.sharpe())).collect();
    Shape::of(&ratios).map_or(0.0, |shape| shape.deviation * shape.deviation)
}

fn curve(series: &[f64]) -> Vec<f64> {
    let points = CURVE.min(series.len());
    let end = |point: usize| series.len() * (point + 1) / points;
    (0..points).map(|point| series[..end(point)].iter().sum()).collect()
}

#[cfg(test)]
mod tests;
