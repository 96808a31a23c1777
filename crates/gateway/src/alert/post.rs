//! The post: a thread for each channel, so that one that hangs delays no other.
//!
//! The threads hold the outbox only while they look for work and while they note what came of it,
//! never while they wait for somebody. Whoever puts a letter in waits for the disk at most.

use std::io;
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use backsight_domain::alert::Severity;
use backsight_domain::time::Time;

use super::list::{Channel, ChannelList};
use super::outbox::{Fate, Item, Outbox, Standing};
use super::{Letter, Sent, send};
use crate::secret::{Secret, Variables};

/// How long a thread sleeps at most before it looks whether it is to end.
const NAP: Duration = Duration::from_millis(500);

/// Tells the time; the binary's own clock, or a test's.
pub type Clock = fn() -> Time;

/// Letters on their way.
#[derive(Debug)]
pub struct Post {
    shared: Arc<Shared>,
    threads: Vec<JoinHandle<()>>,
}

#[derive(Debug)]
struct Shared {
    list: ChannelList,
    secrets: Vec<Result<Option<Secret>, String>>,
    clock: Clock,
    state: Mutex<State>,
    /// Something was put in, or it is over.
    news: Condvar,
}

#[derive(Debug)]
struct State {
    outbox: Outbox,
    is_over: bool,
    /// Why the outbox could not be written.
    fault: Option<String>,
}

impl Post {
    /// Opens the outbox of a folder and begins to send what is in it. Files of secrets that have no
    /// root lie in the folder above.
    ///
    /// # Errors
    /// Fails when the disk does, or another process has the outbox open.
    pub fn open(
        folder: &Path,
        list: ChannelList,
        variables: Variables,
        clock: Clock,
    ) -> io::Result<Self> {
        let outbox = Outbox::open(folder, list.patience)?;
        let above = folder.parent().unwrap_or(folder);
        let secret = |channel: &Channel| {
            channel.secret.as_ref().map(|place| place.read(above, variables)).transpose()
        };
        let secrets = list.channels.iter().map(secret).collect();
        let state = Mutex::new(State { outbox, is_over: false, fault: None });
        let shared = Arc::new(Shared { list, secrets, clock, state, news: Condvar::new() });
        let mut threads = Vec::new();
        for index in 0..shared.list.channels.len() {
            let theirs = shared.clone();
            let thread = thread::Builder::new().name(format!("channel {index}"));
            threads.push(thread.spawn(move || theirs.work(index))?);
        }
        Ok(Self { shared, threads })
    }

    /// The list that it works by.
    pub fn list(&self) -> &ChannelList {
        &self.shared.list
    }

    /// Puts a letter in for every channel that a round of it concerns; how many those were.
    pub fn tell(&self, letter: &Letter, round: u32) -> usize {
        let fits = |channel: &Channel| {
            channel.least <= letter.severity && (0 < round || !channel.escalated_only)
        };
        self.shared.put(letter, round, fits)
    }

    /// Puts a digest in for every channel that gets them.
    pub fn digest(&self, letter: &Letter) -> usize {
        self.shared.put(letter, 0, |channel| channel.digests)
    }

    /// How often a letter was told, and when last.
    pub fn told(&self, id: &str) -> Option<(u32, Time)> {
        self.shared.state().outbox.told(id)
    }

    /// The last record of the journal whose alerts are in the outbox.
    pub fn seen(&self) -> Option<u64> {
        self.shared.state().outbox.seen()
    }

    /// Takes note that the alerts of the journal are in the outbox up to a record.
    pub fn see(&self, seq: u64) {
        let mut state = self.shared.state();
        let seen = state.outbox.see(seq);
        state.note(seen);
    }

    /// Every channel and how it does.
    pub fn standings(&self) -> Vec<(&Channel, Standing)> {
        let state = self.shared.state();
        let channels = self.shared.list.channels.iter();
        channels.map(|channel| (channel, state.outbox.standing(&channel.name))).collect()
    }

    /// Why the outbox could not be written; nothing while it can.
    pub fn fault(&self) -> Option<String> {
        self.shared.state().fault.clone()
    }
}

/// A letter under way is not waited for: it is sent again at the next start.
impl Drop for Post {
    fn drop(&mut self) {
        self.shared.state().is_over = true;
        self.shared.news.notify_all();
        for thread in self.threads.drain(..).filter(JoinHandle::is_finished) {
            thread.join().ok();
        }
    }
}

impl State {
    fn note<T>(&mut self, result: io::Result<T>) -> Option<T> {
        match result {
            Ok(value) => {
                self.fault = None;
                Some(value)
            }
            Err(fault) => {
                self.fault = Some(format!("the outbox cannot be written: {fault}"));
                None
            }
        }
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn put(&self, letter: &Letter, round: u32, fits: impl Fn(&Channel) -> bool) -> usize {
        let now = (self.clock)();
        let due = self.list.calling.release(letter.severity, now);
        let mut count = 0;
        for channel in self.list.channels.iter().filter(|channel| fits(channel)) {
            let mut state = self.state();
            let put = state.outbox.put((letter, round), &channel.name, (now, due));
            count += usize::from(state.note(put).unwrap_or(false));
        }
        self.news.notify_all();
        count
    }

    /// Sends what is due through one channel, until it is over.
    fn work(&self, index: usize) {
        let channel = &self.list.channels[index];
        while let Some(item) = self.wait_for(&channel.name) {
            let sent = match &self.secrets[index] {
                Ok(secret) => {
                    send(&self.list.guard, channel, secret.as_ref(), &item.letter, (self.clock)())
                }
                Err(why) => Sent::Later { why: why.clone(), after: None },
            };
            let ended = {
                let mut state = self.state();
                let ended = state.outbox.finish(&item, sent, (self.clock)());
                state.note(ended)
            };
            match ended {
                Some(Some(lost)) => self.lament(&lost),
                Some(None) => {}
                // A disk that fails must not make a machine gun of a channel.
                None => drop(self.news.wait_timeout(self.state(), NAP)),
            }
        }
    }

    /// The next letter of a channel; nothing when it is over.
    fn wait_for(&self, channel: &str) -> Option<Item> {
        let mut state = self.state();
        loop {
            if state.is_over {
                return None;
            }
            let now = (self.clock)();
            if let Some(item) = state.outbox.next(channel, now) {
                return Some(item.clone());
            }
            let until = state.outbox.wake(channel).map_or(i64::MAX, |due| (due - now).nanos());
            let nap = Duration::from_nanos(until.max(0).unsigned_abs()).min(NAP);
            let woken = self.news.wait_timeout(state, nap);
            (state, _) = woken.unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Tells the other channels that one gave a letter up: once a day, and not about such a word.
    fn lament(&self, lost: &Item) {
        const KIND: &str = "channel.given_up";
        let Fate::GivenUp(at, why) = &lost.fate else { return };
        if lost.letter.kind == KIND {
            return;
        }
        let channel = &lost.channel;
        let letter = Letter {
            id: format!("{KIND}.{channel}@{}", at.utc_date()),
            kind: KIND.to_owned(),
            severity: lost.letter.severity.max(Severity::Warning),
            subject: format!("Channel {channel} gave up a letter"),
            text: format!("`{}` did not reach `{channel}`: {why}", lost.letter.subject),
            html: None,
            at: *at,
        };
        self.put(&letter, 0, |other| other.name != *channel && other.least <= letter.severity);
    }
}

#[cfg(test)]
mod tests;
