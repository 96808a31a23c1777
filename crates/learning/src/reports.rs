//! What the desk's results depend on: one question, one table, trades beside ghosts.
//!
//! Each row has the same sample of both (expectancy, payoff, interval, how many), so that what was
//! traded can be compared with what was declined. Nothing is said below thirty results, and a
//! difference between two rows is no finding: with this many rows some differ by chance. What is
//! proposed goes through trials, which count everything that was tried.

use std::collections::BTreeMap;
use std::fmt;

use backsight_domain::instrument::{Instrument, Right};
use backsight_domain::policy::Policy;
use backsight_domain::session::{covers, new_york};
use backsight_domain::signal::Direction;
use backsight_engine::regime::Level;

use crate::outcome::{Case, ghosts, trades};
use crate::past::Past;
use crate::sample::{Calendar, Sample};

/// What results may depend on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Question {
    /// The playbook that made the signal.
    Playbook,
    /// The confidence, in steps of 0.05.
    Confidence,
    /// Whether news and trend agree with the direction.
    Sentiment,
    /// How unusual the volume was.
    Volume,
    /// Shares, calls or puts.
    Instrument,
    /// The half hour in New York.
    TimeOfDay,
    /// Why it ended.
    Exit,
    /// The market's fear.
    Regime,
}

impl Question {
    /// Every question.
    pub const ALL: [Self; 8] = [
        Self::Playbook,
        Self::Confidence,
        Self::Sentiment,
        Self::Volume,
        Self::Instrument,
        Self::TimeOfDay,
        Self::Exit,
        Self::Regime,
    ];

    /// Its answer for one case: a place among the rows, and the row's name.
    fn answer(self, case: &Case<'_>, policy: &Policy) -> (i64, String) {
        let signal = &case.tale.signal;
        match self {
            Self::Playbook => (signal.playbook as i64, signal.playbook.to_string()),
            Self::Confidence => step(signal.confidence),
            Self::Sentiment => agreement(case),
            Self::Volume => volume(signal.features.volume_ratio),
            Self::Instrument => instrument(case.outcome.instrument),
            Self::TimeOfDay => half_hour(case),
            Self::Exit => (case.outcome.reason as i64, case.outcome.reason.to_string()),
            Self::Regime => regime(policy, case.tale.scene.fear),
        }
    }
}

/// One row of a report.
#[derive(Clone, Debug)]
pub struct ReportRow {
    /// What its cases have in common.
    pub name: String,
    /// Positions that ended, in units of the risk.
    pub trades: Sample,
    /// Ghosts that ended, one for each episode, in units of the risk.
    pub ghosts: Sample,
    /// What the positions gave back from their best, on average, in percent; `None` without any.
    pub give_back: Option<f64>,
    /// Whole minutes that the positions were held, on average; `None` without any.
    pub minutes: Option<f64>,
}

/// The report on one question.
pub fn report(past: &Past, calendar: &Calendar, question: Question) -> Vec<ReportRow> {
    let mut rows: BTreeMap<(i64, String), [Vec<Case<'_>>; 2]> = BTreeMap::new();
    let policy = past.policy();
    for case in trades(&past.history) {
        rows.entry(question.answer(&case, policy)).or_default()[0].push(case);
    }
    for case in ghosts(&past.history) {
        rows.entry(question.answer(&case, policy)).or_default()[1].push(case);
    }
    let sample = |cases: &[Case<'_>]| {
        calendar.sample(cases.iter().map(|case| (case.session(), case.outcome.r_multiple)))
    };
    let row = |((_, name), [trades, ghosts]): ((i64, String), [Vec<Case<'_>>; 2])| ReportRow {
        name,
        give_back: mean(trades.iter().map(|case| case.outcome.give_back_pct)),
        minutes: mean(trades.iter().map(|case| f64::from(case.outcome.minutes))),
        trades: sample(&trades),
        ghosts: sample(&ghosts),
    };
    rows.into_iter().map(row).collect()
}

fn mean(values: impl Iterator<Item = f64>) -> Option<f64> {
    let (mut sum, mut count) = (0.0, 0.0);
    for value in values {
        sum += value;
        count += 1.0;
    }
    (0.5 < count).then(|| sum / count)
}

/// Confidence in steps of a twentieth.
#[expect(clippy::cast_possible_truncation, reason = "a confidence lies between 0 and 1")]
fn step(confidence: f64) -> (i64, String) {
    // The smallest distance keeps 0.55 in the step that begins there.
    let step = ((confidence * 20.0 + 1e-9).floor() as i64).clamp(0, 19);
    let edge = |step: i64| format!("{}.{:02}", step / 20, step % 20 * 5);
    (step, format!("{} to {}", edge(step), edge(step + 1)))
}

/// Whether news and trend go the signal's way: `+` with it, `-` against it, `0` neither, `?` unknown.
fn agreement(case: &Case<'_>) -> (i64, String) {
    let signal = &case.tale.signal;
    let way = signal.direction.sign();
    let features = &signal.features;
    #[expect(clippy::cast_possible_truncation, reason = "a sign fits")]
    let news = features.sentiment.map(|it| if it == 0.0 { 0 } else { it.signum() as i64 } * way);
    let trend = features.trend.map(|trend| i64::from(trend) * way);
    let word = |it: Option<i64>| match it {
        None => "?",
        Some(1..) => "+",
        Some(0) => "0",
        Some(..0) => "-",
    };
    let place = |it: Option<i64>| it.map_or(3, |it| 1 - it);
    let side = match signal.direction {
        Direction::Long => "long",
        Direction::Short => "short",
    };
    let order = place(news) * 10 + place(trend) * 2 + i64::from(side == "short");
    (order, format!("{side} news {} trend {}", word(news), word(trend)))
}

fn volume(ratio: Option<f64>) -> (i64, String) {
    let bands = [(2.0, "surge, from 2"), (1.5, "strong, 1.5 to 2"), (1.0, "normal, 1 to 1.5")];
    let Some(ratio) = ratio else { return (9, "unknown".to_owned()) };
    let place = bands.iter().position(|(from, _)| *from <= ratio);
    let name = place.map_or("weak, below 1", |place| bands[place].1);
    (place.map_or(3, |place| i64::try_from(place).expect("there are three")), name.to_owned())
}

fn instrument(instrument: Instrument) -> (i64, String) {
    let (place, name) = match instrument {
        Instrument::Equity(_) => (0, "shares"),
        Instrument::Option(contract) => match contract.right {
            Right::Call => (1, "calls"),
            Right::Put => (2, "puts"),
        },
        Instrument::Vertical(_) => (3, "verticals"),
    };
    (place, name.to_owned())
}

fn half_hour(case: &Case<'_>) -> (i64, String) {
    let at = case.tale.signal.at;
    if !covers(at) {
        return (99, "outside the calendar".to_owned());
    }
    let (_, minute) = new_york(at);
    let from = minute / 30 * 30;
    let clock = |minute: u16| format!("{:02}:{:02}", minute / 60, minute % 60);
    (from.into(), format!("{} to {}", clock(from), clock(from + 30)))
}

fn regime(policy: &Policy, fear: Option<f64>) -> (i64, String) {
    let Some(fear) = fear else { return (9, "unknown".to_owned()) };
    let (place, name) = match Level::of(&policy.regime, fear) {
        Level::Complacent => (0, "complacent"),
        Level::Normal => (1, "normal"),
        Level::Elevated => (2, "elevated"),
        Level::High => (3, "high"),
        Level::Extreme => (4, "extreme"),
    };
    (place, name.to_owned())
}

impl fmt::Display for Question {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Playbook => "playbook",
            Self::Confidence => "confidence",
            Self::Sentiment => "sentiment",
            Self::Volume => "volume",
            Self::Instrument => "instrument",
            Self::TimeOfDay => "time",
            Self::Exit => "exit",
            Self::Regime => "regime",
        })
    }
}

#[cfg(test)]
mod tests;
