//! The whole way in one place: poll, read, judge.

use std::time::Duration;

use super::intake::{Edition, Intake};
use super::poller::Poller;
use super::schedule::Schedule;
use super::{Outcome, Turn};

/// Feeds at work, and what was read of them.
#[derive(Debug)]
pub struct Wire {
    poller: Poller,
    intake: Intake,
}

/// One turn of a feed, and what was read in it.
#[derive(Clone, Debug)]
pub struct Report {
    /// What came of the turn.
    pub turn: Turn,
    /// What a new body said.
    pub edition: Option<Edition>,
}

impl Wire {
    /// Reads what a poller brings.
    pub const fn new(poller: Poller, intake: Intake) -> Self {
        Self { poller, intake }
    }

    /// Sends out what is due and reads the next answer, but waits no longer than this for it.
    pub fn poll(&mut self, at_most: Duration) -> Option<Report> {
        let mut turn = self.poller.poll(at_most)?;
        let Outcome::Fetched(fetched) = &turn.outcome else {
            return Some(Report { turn, edition: None });
        };
        let (feed, at) = (fetched.feed, fetched.received_at);
        let source = self.poller.schedule().feed(feed).name.clone();
        match self.intake.read(fetched, &source) {
            Ok(edition) => {
                turn.alarm = self.poller.schedule_mut().accept(feed, at);
                Some(Report { turn, edition: Some(edition) })
            }
            Err(fault) => {
                let turn = self.poller.schedule_mut().reject(feed, fault, at);
                Some(Report { turn, edition: None })
            }
        }
    }

    /// What is known of the feeds.
    pub const fn schedule(&self) -> &Schedule {
        self.poller.schedule()
    }
}
