//! Carrying out what the schedule says, with a few threads.
//!
//! The schedule stays on the thread of whoever polls; the threads only wait for servers. A request
//! that hangs keeps one of them for as long as the client's patience, and no feed of another host.

use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use backsight_domain::time::Time;

use super::schedule::{Errand, Schedule};
use super::{FeedId, PACKED_MAX, Turn};
use crate::http::Answer;
use crate::http::client::Client;
use crate::http::fault::Fault;

/// Requests under way at once.
pub const THREADS: usize = 4;

/// Tells the time; the binary's own clock, or a test's.
pub type Clock = fn() -> Time;

/// A schedule at work.
#[derive(Debug)]
pub struct Poller {
    schedule: Schedule,
    clock: Clock,
    errands: Sender<Errand>,
    answers: Receiver<Returned>,
    under_way: usize,
}

#[derive(Debug)]
struct Returned {
    feed: FeedId,
    result: Result<Answer, Fault>,
    at: Time,
}

impl Poller {
    /// Starts the threads. They end after their request when the poller is gone.
    pub fn start(schedule: Schedule, client: &Client, clock: Clock) -> Self {
        let (errands, queue) = mpsc::channel::<Errand>();
        let (returned, answers) = mpsc::channel();
        let queue = Arc::new(Mutex::new(queue));
        for _ in 0..THREADS {
            let (queue, returned, client) = (queue.clone(), returned.clone(), client.clone());
            thread::spawn(move || carry_out(&queue, &returned, &client, clock));
        }
        Self { schedule, clock, errands, answers, under_way: 0 }
    }

    /// Sends out what is due and waits for the next answer, but no longer than this.
    pub fn poll(&mut self, at_most: Duration) -> Option<Turn> {
        self.send_out();
        match self.answers.recv_timeout(self.pause(at_most)) {
            Ok(Returned { feed, result, at }) => {
                self.under_way -= 1;
                let turn = self.schedule.finish(feed, result, at);
                self.send_out();
                Some(turn)
            }
            Err(RecvTimeoutError::Timeout) => None,
            Err(RecvTimeoutError::Disconnected) => {
                unreachable!("the threads live as long as the poller")
            }
        }
    }

    /// What is known of the feeds.
    pub const fn schedule(&self) -> &Schedule {
        &self.schedule
    }

    /// Where bodies are judged.
    pub const fn schedule_mut(&mut self) -> &mut Schedule {
        &mut self.schedule
    }

    fn send_out(&mut self) {
        while self.under_way < THREADS
            && let Some(errand) = self.schedule.next((self.clock)())
        {
            self.errands.send(errand).expect("the threads live as long as the poller");
            self.under_way += 1;
        }
    }

    /// Until something is due, unless all threads are busy.
    fn pause(&self, at_most: Duration) -> Duration {
        let wake = self.schedule.wake().filter(|_| self.under_way < THREADS);
        let Some(wake) = wake else { return at_most };
        let nanos = (wake - (self.clock)()).nanos();
        at_most.min(Duration::from_nanos(u64::try_from(nanos).unwrap_or(0)))
    }
}

fn carry_out(
    queue: &Mutex<Receiver<Errand>>,
    returned: &Sender<Returned>,
    client: &Client,
    clock: Clock,
) {
    loop {
        let errand = queue.lock().expect("no thread panics with the queue in its hand").recv();
        let Ok(Errand { feed, ask }) = errand else { return };
        let result = client.get(&ask, PACKED_MAX);
        if returned.send(Returned { feed, result, at: clock() }).is_err() {
            return;
        }
    }
}
