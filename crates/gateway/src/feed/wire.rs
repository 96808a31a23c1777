//! The whole way in one call: ask, read, judge.
//!
//! A [`Wire`] works at the pace of the world, with threads that wait for servers. [`catch_up`] works
//! at the pace of whoever calls it, on this thread, while time stands still: for a simulated world,
//! in which the same day must bring the same stories at the same times.

use std::time::Duration;

use backsight_domain::time::Time;

use super::intake::{Edition, Intake};
use super::poller::Poller;
use super::schedule::{Errand, Schedule};
use super::{Outcome, PACKED_MAX, Turn};
use crate::http::client::Client;
use crate::http::fault::Fault;
use crate::http::{Answer, Ask};

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
        let turn = self.poller.poll(at_most)?;
        Some(judge(self.poller.schedule_mut(), &mut self.intake, turn))
    }

    /// What was read of the feeds.
    pub const fn intake(&self) -> &Intake {
        &self.intake
    }

    /// What is known of the feeds.
    pub const fn schedule(&self) -> &Schedule {
        self.poller.schedule()
    }
}

/// Asks for everything that is due by now, one after the other, and reads what came.
pub fn catch_up(
    schedule: &mut Schedule,
    intake: &mut Intake,
    client: &Client,
    now: Time,
) -> Vec<Report> {
    catch_up_through(schedule, intake, &mut |ask| client.get(ask, PACKED_MAX), now)
}

/// The same, with whoever brings an answer in the place of a client.
pub fn catch_up_through(
    schedule: &mut Schedule,
    intake: &mut Intake,
    line: &mut dyn FnMut(&Ask) -> Result<Answer, Fault>,
    now: Time,
) -> Vec<Report> {
    let mut reports = Vec::new();
    while let Some(Errand { feed, ask }) = schedule.next(now) {
        let turn = schedule.finish(feed, line(&ask), now);
        reports.push(judge(schedule, intake, turn));
    }
    reports
}

/// Reads a new body, and tells the schedule whether it could be read.
fn judge(schedule: &mut Schedule, intake: &mut Intake, mut turn: Turn) -> Report {
    let Outcome::Fetched(fetched) = &turn.outcome else {
        return Report { turn, edition: None };
    };
    let (feed, at) = (fetched.feed, fetched.received_at);
    match intake.read(fetched, &schedule.feed(feed).name) {
        Ok(edition) => {
            turn.alarm = schedule.accept(feed, at);
            Report { turn, edition: Some(edition) }
        }
        Err(fault) => Report { turn: schedule.reject(feed, fault, at), edition: None },
    }
}
