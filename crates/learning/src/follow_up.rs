//! What became of every name that discovery found, and of names that it did not.
//!
//! | Stage | Who | Why it is followed |
//! |---|---|---|
//! | `picked` | candidates whose score reached the playbook's bar | the picks |
//! | `scored` | candidates below it | the rejects of the last stage |
//! | `control` | names drawn from the watched symbols that were no candidates | what chance finds |
//!
//! A name is followed once while it is found again and again: the next episode begins a week of
//! sessions later. Whether it was bought comes from openings of positions; when it was not, the
//! gates that refused its signals say why, or that the score was too low, or that no playbook made
//! a signal. Only cohorts that are old enough are told: a mark of 30 sessions exists when these
//! have closed.
//!
//! A find's category is by the larger of its return at the end and the kept share of its best, which
//! is what a trailing exit would have had: a name that tripled and came back did not fail.

use std::collections::BTreeMap;
use std::fmt;

use backsight_domain::instrument::Ticker;
use backsight_domain::market::Slot;
use backsight_domain::notice::Discovery;
use backsight_domain::policy::LookbackPolicy;
use backsight_domain::price::Price;
use backsight_domain::session::Session;
use backsight_domain::time::{Date, Time};
use backsight_sim::chance::Chance;

use crate::course::{Course, Courses, HORIZONS, session_from};
use crate::outcome::Category;
use crate::past::Past;
use crate::sample::{Calendar, Sample};

/// Names drawn as control for each run of discovery.
const CONTROLS: usize = 3;
/// Sessions after which a name that is found again is a find again.
const EPISODE: i32 = 5;
/// Where the horizon of a find ends.
const LAST: usize = HORIZONS.len() - 1;

/// How far a name came in discovery.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FunnelStage {
    /// Its score reached the bar.
    Picked,
    /// It had a score below the bar.
    Scored,
    /// It was no candidate, and was drawn by chance.
    Control,
}

impl FunnelStage {
    /// Every stage, the furthest first.
    pub const ALL: [Self; 3] = [Self::Picked, Self::Scored, Self::Control];
}

/// What became of one name.
#[derive(Clone, Debug)]
pub struct FollowUp {
    /// When it was found, or drawn.
    pub at: Time,
    /// The session then in progress, or the next.
    pub session: Date,
    /// The symbol.
    pub ticker: Ticker,
    /// How far it came.
    pub stage: FunnelStage,
    /// Its score; `None` for a control.
    pub score: Option<f64>,
    /// Its price then.
    pub price: Price,
    /// How it went on.
    pub course: Course,
    /// How good it turned out to be; `None` until the last horizon.
    pub category: Option<Category>,
    /// Whether it was bought, or why not.
    pub bought: Bought,
    /// Whether it was not bought and made the policy's share by the last horizon.
    pub is_missed: bool,
}

/// Whether a name was bought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Bought {
    /// A position was opened on a signal of it.
    Yes,
    /// Gates refused its signals; the first one of each account, most frequent first.
    Refused(Vec<String>),
    /// Its score did not reach the bar.
    ScoreTooLow,
    /// No playbook made a signal of it.
    NoSignal,
    /// Nobody was to buy it.
    NotWanted,
}

/// Everything that was found and drawn, oldest first.
pub fn follow_ups(past: &Past) -> Vec<FollowUp> {
    let follower = Follower {
        past,
        courses: Courses::of(&past.tape),
        chance: Chance::root(past.seed()).branch("control"),
    };
    let mut all = Vec::new();
    let mut episodes: BTreeMap<(FunnelStage, Slot), Date> = BTreeMap::new();
    let runs = &past.notices.discoveries;
    for (place, (at, discovery)) in runs.iter().enumerate() {
        let until = runs.get(place + 1).map_or(past.history.at, |(next, _)| *next);
        for name in follower.names(*at, discovery) {
            let session = session_from(*at).date();
            let key = (name.stage, name.slot);
            if episodes.get(&key).is_some_and(|until| session < *until) {
                continue;
            }
            episodes.insert(key, Session::plus_sessions(session, EPISODE).date());
            all.extend(follower.follow(&name, *at, until));
        }
    }
    all
}

struct Follower<'p> {
    past: &'p Past,
    courses: Courses<'p>,
    chance: Chance,
}

/// A name at a stage.
#[derive(Clone, Copy, Debug)]
struct Name {
    slot: Slot,
    stage: FunnelStage,
    score: Option<f64>,
    price: Price,
}

impl Follower<'_> {
    /// Every candidate of a run, and controls of the same run.
    fn names(&self, at: Time, discovery: &Discovery) -> Vec<Name> {
        let bar = self.past.policy().explosive.score_min;
        let mut names: Vec<Name> = discovery
            .candidates
            .iter()
            .map(|candidate| Name {
                slot: candidate.slot,
                stage: if bar <= candidate.score {
                    FunnelStage::Picked
                } else {
                    FunnelStage::Scored
                },
                score: Some(candidate.score),
                price: candidate.price,
            })
            .collect();
        let mut others: Vec<(Slot, Price)> = (0..)
            .map(Slot)
            .zip(self.past.tape.listings())
            .filter(|(slot, _)| discovery.candidates.iter().all(|found| found.slot != *slot))
            .filter_map(|(slot, _)| Some((slot, self.close_before(slot, at)?)))
            .collect();
        let number = u64::try_from(at.nanos()).unwrap_or_default();
        self.chance.branch_n(number).shuffle(&mut others);
        let drawn = others.into_iter().take(CONTROLS);
        names.extend(drawn.map(|(slot, price)| Name {
            slot,
            stage: FunnelStage::Control,
            score: None,
            price,
        }));
        names
    }

    /// The last close of a session that had ended.
    fn close_before(&self, slot: Slot, at: Time) -> Option<Price> {
        let session = session_from(at).date();
        let mut days = self.past.tape.days.iter().rev().filter(|day| day.date < session);
        let bar = days.find_map(|day| day.bars.get(slot.index()).copied().flatten())?;
        Price::from_ticks(bar.close.into())
    }

    fn follow(&self, name: &Name, at: Time, until: Time) -> Option<FollowUp> {
        let ticker = self.past.tape.ticker(name.slot)?;
        let course = self.courses.follow(name.slot, at, name.price);
        let policy = &self.past.policy().lookback;
        let end = course.marks[LAST];
        let category = end.map(|end| Category::of(policy, reached(policy, &course, end.result)));
        let bought = self.bought(name.stage, ticker, (at, until));
        let missed_from = f64::from(policy.missed_bps) / 10_000.0;
        let is_missed = name.stage != FunnelStage::Control
            && bought != Bought::Yes
            && end.is_some_and(|end| missed_from <= end.result);
        Some(FollowUp {
            at,
            session: session_from(at).date(),
            ticker,
            stage: name.stage,
            score: name.score,
            price: name.price,
            course,
            category,
            bought,
            is_missed,
        })
    }

    /// Whether a position was opened on the symbol before the next run, or what stood in the way.
    fn bought(&self, stage: FunnelStage, ticker: Ticker, (from, until): (Time, Time)) -> Bought {
        let tales = self.past.history.signals.values().filter(|tale| {
            tale.signal.ticker == ticker && from <= tale.signal.at && tale.signal.at <= until
        });
        let mut counts: BTreeMap<String, u32> = BTreeMap::new();
        for tale in tales {
            if !tale.opened.is_empty() {
                return Bought::Yes;
            }
            let firsts = tale.verdicts.iter().filter_map(|verdict| verdict.refusals().next());
            for check in firsts {
                *counts.entry(check.gate.name().to_owned()).or_default() += 1;
            }
        }
        let mut gates: Vec<(String, u32)> = counts.into_iter().collect();
        gates.sort_by_key(|(name, count)| (std::cmp::Reverse(*count), name.clone()));
        match stage {
            _ if !gates.is_empty() => {
                Bought::Refused(gates.into_iter().map(|(name, _)| name).collect())
            }
            FunnelStage::Picked => Bought::NoSignal,
            FunnelStage::Scored => Bought::ScoreTooLow,
            FunnelStage::Control => Bought::NotWanted,
        }
    }
}

/// What counts as reached: the end, or the kept share of the best when that is more.
fn reached(policy: &LookbackPolicy, course: &Course, end: f64) -> f64 {
    let kept = f64::from(policy.kept_pct) / 100.0;
    course.peak.map_or(end, |peak| end.max(kept * peak.result))
}

/// What the names of one stage made by one horizon, in percent.
#[derive(Clone, Debug)]
pub struct Cohort {
    /// The stage.
    pub stage: FunnelStage,
    /// Sessions after the find.
    pub horizon: i32,
    /// How many names were followed, old enough or not.
    pub followed: usize,
    /// What those that are old enough made.
    pub result: Sample,
    /// The same beyond the benchmark.
    pub excess: Sample,
    /// The same beyond their sectors.
    pub sector_excess: Sample,
}

/// Every stage at every horizon; only names that are old enough count.
pub fn cohorts(all: &[FollowUp], calendar: &Calendar) -> Vec<Cohort> {
    let mut rows = Vec::new();
    for stage in FunnelStage::ALL {
        let names: Vec<&FollowUp> = all.iter().filter(|name| name.stage == stage).collect();
        for horizon in HORIZONS {
            // Results over thirty sessions overlap for thirty.
            let calendar = calendar.spanning(usize::try_from(horizon).unwrap_or(1));
            let marks = names
                .iter()
                .filter_map(|name| name.course.after(horizon).map(|mark| (name.session, *mark)));
            let marks: Vec<_> = marks.collect();
            let sample = |value: fn(&crate::course::Mark) -> Option<f64>| {
                let values = marks.iter().filter_map(|(session, mark)| {
                    value(mark).map(|value| (*session, 100.0 * value))
                });
                calendar.sample(values.collect::<Vec<_>>())
            };
            rows.push(Cohort {
                stage,
                horizon,
                followed: names.len(),
                result: sample(|mark| Some(mark.result)),
                excess: sample(|mark| mark.excess),
                sector_excess: sample(|mark| mark.sector_excess),
            });
        }
    }
    rows
}

impl fmt::Display for FunnelStage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Picked => "picked",
            Self::Scored => "scored",
            Self::Control => "control",
        })
    }
}

impl fmt::Display for Bought {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Yes => f.pad("bought"),
            Self::Refused(gates) => f.pad(&gates.join(", ")),
            Self::ScoreTooLow => f.pad("score too low"),
            Self::NoSignal => f.pad("no signal"),
            Self::NotWanted => f.pad("not wanted"),
        }
    }
}

#[cfg(test)]
mod tests;
