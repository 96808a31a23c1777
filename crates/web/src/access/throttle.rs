//! How often a log-in may fail.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use backsight_domain::time::{Span, Time};

use crate::problem::Problem;

/// Failures within [`WINDOW`] after which a name is closed, until the oldest of them is forgotten.
const FAILURES: usize = 5;
const WINDOW: Span = Span::from_minutes(15);
/// Names that are watched; the one that failed longest ago is forgotten first.
const NAMES: usize = 1000;
/// Failures over all names within [`WINDOW`] after which every name is closed.
const FAILURES_IN_ALL: usize = 60;

/// Failed log-ins by name.
#[derive(Debug, Default)]
pub(super) struct Throttle {
    failures: BTreeMap<String, Vec<Time>>,
}

impl Throttle {
    /// Refuses a name that failed too often. The wait doubles with each failure.
    pub(super) fn admit(&mut self, name: &str, now: Time) -> Result<(), Problem> {
        for times in self.failures.values_mut() {
            times.retain(|at| now - *at < WINDOW);
        }
        self.failures.retain(|_, times| !times.is_empty());
        let in_all: usize = self.failures.values().map(Vec::len).sum();
        let times = self.failures.get(name).map_or(&[][..], Vec::as_slice);
        let until = if FAILURES <= times.len() || FAILURES_IN_ALL <= in_all {
            let oldest = self.failures.values().flatten().min().copied();
            let oldest = times.first().copied().or(oldest);
            oldest.map(|oldest| oldest + WINDOW)
        } else {
            let wait = Span::from_seconds((1_i64 << times.len()) / 2);
            times.last().map(|last| *last + wait)
        };
        match until.filter(|until| now < *until) {
            Some(until) => {
                let seconds = (until - now).seconds_floor() + 1;
                let seconds = u64::try_from(seconds).unwrap_or(1);
                let problem = Problem::new(
                    StatusCode::TOO_MANY_REQUESTS,
                    "too-many-tries",
                    format!("too many log-ins failed; wait {seconds} s"),
                );
                Err(problem.retry_after(seconds))
            }
            None => Ok(()),
        }
    }

    /// Notes how a log-in went.
    pub(super) fn note(&mut self, name: &str, was_right: bool, now: Time) {
        if was_right {
            self.failures.remove(name);
            return;
        }
        if NAMES <= self.failures.len() {
            let oldest = self.failures.iter().min_by_key(|(_, times)| times.last().copied());
            let oldest = oldest.map(|(name, _)| name.clone());
            oldest.and_then(|name| self.failures.remove(&name));
        }
        self.failures.entry(name.to_owned()).or_default().push(now);
    }
}
