//! What a number of results lets one say: never a win rate alone, and nothing from a few.
//!
//! A sample carries expectancy, payoff, how many results of how many sessions it rests on, and the
//! interval of its expectancy. Below as many as the policy asks for it says how many are missing, and
//! nothing else.

use std::collections::BTreeMap;

use backsight_domain::time::Date;
use backsight_quant::record::Record;
use backsight_sim::chance::Chance;

use crate::bootstrap::{self, Interval, Session};
use crate::past::{Past, trading_date};

/// A number of results and what they come to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sample {
    /// Expectancy, payoff, wins and how many.
    pub record: Record,
    /// How many there must be before anything is said.
    pub needed: usize,
    /// Sessions with a result.
    pub sessions: usize,
    /// The interval of the expectancy; `None` with too few sessions.
    pub interval: Option<Interval>,
    /// The interval of the sum; `None` with too few sessions.
    pub sum_interval: Option<Interval>,
}

/// What a sample lets one say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Saying {
    /// Nothing yet: so many more results are needed.
    Nothing(usize),
    /// Nothing yet: results came on too few sessions.
    FewSessions,
    /// The interval holds zero.
    Unclear,
    /// The whole interval lies above zero.
    Gains,
    /// The whole interval lies below zero.
    Loses,
}

/// The sessions that results are spread over, oldest first.
#[derive(Clone, Debug, Default)]
pub struct Calendar {
    dates: Vec<Date>,
    /// Sessions that one result reaches over.
    span: usize,
    /// Results below which nothing is said.
    needed: usize,
    chance: Option<Chance>,
}

impl Calendar {
    /// The sessions that a past closed, how much its policy asks for, and its seed.
    pub fn of(past: &Past) -> Self {
        let history = &past.history;
        let closings = history.closings.iter().map(|closing| trading_date(closing.at));
        let mut dates: Vec<Date> = closings.collect();
        let last = trading_date(history.at);
        if dates.last().is_none_or(|date| *date < last) && !history.signals.is_empty() {
            dates.push(last);
        }
        dates.dedup();
        let needed = past.policy().learning.sample_min as usize;
        Self { dates, span: 1, needed, chance: Some(Chance::root(past.seed())) }
    }

    /// The same sessions, for results that reach over `span` of them.
    #[must_use]
    pub fn spanning(&self, span: usize) -> Self {
        Self { span, ..self.clone() }
    }

    /// How many sessions there are.
    pub fn len(&self) -> usize {
        self.dates.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.dates.is_empty()
    }

    /// Results below which nothing is said.
    pub fn needed(&self) -> usize {
        self.needed
    }

    /// A sample of results, each with the session it belongs to.
    pub fn sample(&self, results: impl IntoIterator<Item = (Date, f64)>) -> Sample {
        let results: Vec<(Date, f64)> = results.into_iter().collect();
        let mut by_session: BTreeMap<Date, Session> = BTreeMap::new();
        for (date, result) in &results {
            let session = by_session.entry(*date).or_default();
            session.sum += result;
            session.count += 1.0;
        }
        // A result of a day that the calendar does not know is a session of its own.
        let mut axis: BTreeMap<Date, Session> =
            self.dates.iter().map(|date| (*date, Session::default())).collect();
        let sessions = by_session.len();
        axis.extend(by_session);
        let axis: Vec<Session> = axis.into_values().collect();
        let interval = |of: fn(&[Session], usize, &Chance) -> Option<Interval>| {
            self.chance.as_ref().and_then(|chance| of(&axis, self.span, chance))
        };
        Sample {
            record: Record::of(results.into_iter().map(|(_, result)| result)),
            needed: self.needed,
            sessions,
            interval: interval(bootstrap::of_mean),
            sum_interval: interval(bootstrap::of_sum),
        }
    }
}

impl Sample {
    /// What it lets one say.
    pub fn says(&self) -> Saying {
        if self.record.count < self.needed {
            return Saying::Nothing(self.needed - self.record.count);
        }
        match self.interval.map(|interval| interval.side()) {
            None => Saying::FewSessions,
            Some(1) => Saying::Gains,
            Some(-1) => Saying::Loses,
            Some(_) => Saying::Unclear,
        }
    }

    /// The sum of the results.
    #[expect(clippy::cast_precision_loss, reason = "nobody has 2^53 results")]
    pub fn sum(&self) -> f64 {
        self.record.expectancy.unwrap_or(0.0) * self.record.count as f64
    }
}

#[cfg(test)]
mod tests;
