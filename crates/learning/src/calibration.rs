//! Confidence against outcome: does 0.6 win six times of ten?
//!
//! A confidence is read as the probability that the trade ends above zero. The Brier score is the
//! mean squared distance between the two; lower is better, and a quarter is what "one half" always
//! scores. It is the sum of three (Murphy 1973):
//!
//! ```text
//! score = reliability - resolution + uncertainty       (by bins)
//! ```
//!
//! *Reliability* is how far each bin's share of wins is from its confidence (zero is perfect),
//! *resolution* how far the bins' shares are from the share of all, *uncertainty* that share times
//! what is missing to one. *Skill* is what the score gains on always saying the share of all.
//!
//! Nothing is recalibrated here: that is a proposal like any other.

use backsight_domain::signal::Playbook;
use backsight_domain::story::Rung;
use backsight_domain::time::Date;

use crate::bootstrap::Interval;
use crate::outcome::{Case, ghosts, trades};
use crate::past::Past;
use crate::sample::{Calendar, Sample};

/// Bins of confidence, of equal width from 0 to 1.
const BINS: usize = 10;

/// Whose confidence is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// Every signal.
    All,
    /// The signals of one playbook.
    Playbook(Playbook),
    /// Signals that weighed news read on one rung.
    Rung(Rung),
}

/// How well confidence and outcome agree in one group.
#[derive(Clone, Debug)]
pub struct Calibration {
    /// Whose.
    pub group: Group,
    /// Outcomes compared: of trades, and of ghosts one for each episode.
    pub count: usize,
    /// How many there must be before anything is said.
    pub needed: usize,
    /// Mean confidence.
    pub confidence: f64,
    /// Share of wins.
    pub won: f64,
    /// The Brier score.
    pub brier: f64,
    /// What is lost by bins whose wins are not their confidence.
    pub reliability: f64,
    /// What is gained by bins that differ.
    pub resolution: f64,
    /// What nobody can do without telling trades apart.
    pub uncertainty: f64,
    /// One less the score over the uncertainty; `None` when everything won or lost.
    pub skill: Option<f64>,
    /// The bins that have outcomes, lowest confidence first.
    pub curve: Vec<Bin>,
}

/// One bin of a reliability curve.
#[derive(Clone, Debug)]
pub struct Bin {
    /// Its lower edge.
    pub from: f64,
    /// Its upper edge.
    pub to: f64,
    /// Mean confidence of its outcomes.
    pub confidence: f64,
    /// Share of wins, and where it lies.
    pub won: f64,
    /// The interval of the share; `None` with too few sessions.
    pub interval: Option<Interval>,
    /// How many outcomes.
    pub count: usize,
    /// What they made, in units of the risk.
    pub sample: Sample,
}

impl Calibration {
    /// How many more outcomes are needed before anything is said; zero when there are enough.
    pub fn missing(&self) -> usize {
        self.needed.saturating_sub(self.count)
    }
}

/// The calibration of every group that has an outcome.
pub fn calibrations(past: &Past, calendar: &Calendar) -> Vec<Calibration> {
    let ghosts = ghosts(&past.history);
    let cases: Vec<Case<'_>> = trades(&past.history).chain(ghosts).collect();
    let rungs = [Rung::Finbert, Rung::Linear, Rung::Lexicon, Rung::None];
    let groups = std::iter::once(Group::All)
        .chain(Playbook::ALL.map(Group::Playbook))
        .chain(rungs.map(Group::Rung));
    groups
        .filter_map(|group| {
            let members = cases.iter().filter(|case| belongs(case, group));
            let points: Vec<Point> = members.map(Point::of).collect();
            (!points.is_empty()).then(|| calibrate(group, &points, calendar))
        })
        .collect()
}

fn belongs(case: &Case<'_>, group: Group) -> bool {
    let signal = &case.tale.signal;
    match group {
        Group::All => true,
        Group::Playbook(playbook) => signal.playbook == playbook,
        Group::Rung(rung) => 0 < signal.features.readings && case.tale.scene.rung == Some(rung),
    }
}

/// One outcome beside its confidence.
#[derive(Clone, Copy, Debug)]
struct Point {
    session: Date,
    confidence: f64,
    won: f64,
    r: f64,
}

impl Point {
    fn of(case: &Case<'_>) -> Self {
        let r = case.outcome.r_multiple;
        let won = if 0.0 < r { 1.0 } else { 0.0 };
        Self { session: case.session(), confidence: case.tale.signal.confidence, won, r }
    }
}

#[expect(clippy::cast_precision_loss, reason = "nobody has 2^53 outcomes")]
fn mean(points: &[Point], value: impl Fn(&Point) -> f64) -> f64 {
    points.iter().map(value).sum::<f64>() / (points.len().max(1) as f64)
}

#[expect(clippy::cast_precision_loss, reason = "nobody has 2^53 outcomes")]
fn calibrate(group: Group, points: &[Point], calendar: &Calendar) -> Calibration {
    let won = mean(points, |point| point.won);
    let curve = curve(points, calendar);
    let weighted = |distance: &dyn Fn(&Bin) -> f64| {
        let parts = curve.iter().map(|bin| bin.count as f64 * distance(bin).powi(2));
        parts.sum::<f64>() / points.len() as f64
    };
    let brier = mean(points, |point| (point.confidence - point.won).powi(2));
    let uncertainty = won * (1.0 - won);
    Calibration {
        group,
        count: points.len(),
        needed: calendar.needed(),
        confidence: mean(points, |point| point.confidence),
        won,
        brier,
        reliability: weighted(&|bin| bin.confidence - bin.won),
        resolution: weighted(&|bin| bin.won - won),
        uncertainty,
        skill: (0.0 < uncertainty).then(|| 1.0 - brier / uncertainty),
        curve,
    }
}

#[expect(clippy::cast_precision_loss, reason = "there are ten bins")]
fn curve(points: &[Point], calendar: &Calendar) -> Vec<Bin> {
    let edge = |bin: usize| bin as f64 / BINS as f64;
    let bins = (0..BINS).filter_map(|bin| {
        let (from, to) = (edge(bin), edge(bin + 1));
        let is_last = bin + 1 == BINS;
        let inside =
            |point: &&Point| from <= point.confidence && (point.confidence < to || is_last);
        let members: Vec<Point> = points.iter().filter(inside).copied().collect();
        if members.is_empty() {
            return None;
        }
        let of = |value: fn(&Point) -> f64| {
            calendar.sample(members.iter().map(|point| (point.session, value(point))))
        };
        Some(Bin {
            from,
            to,
            confidence: mean(&members, |point| point.confidence),
            won: mean(&members, |point| point.won),
            interval: of(|point| point.won).interval,
            count: members.len(),
            sample: of(|point| point.r),
        })
    });
    bins.collect()
}

impl std::fmt::Display for Group {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::All => f.pad("all"),
            Self::Playbook(playbook) => f.pad(&playbook.to_string()),
            Self::Rung(rung) => f.pad(&format!("read by {rung}")),
        }
    }
}

#[cfg(test)]
mod tests;
