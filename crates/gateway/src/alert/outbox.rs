//! What is still to be sent: a file that only grows, and the rules of trying again.
//!
//! A line says that a letter was put in for a channel, or what came of an attempt. A letter counts
//! once its line is on the disk; a line that a crash tore is no line. What was delivered or given up
//! is remembered for a while, so that the same letter is not put in again, and forgotten when the
//! file is next opened.
//!
//! An attempt that failed is followed by a longer pause each time, spread by a draw that depends on
//! the letter alone, so that channels that failed together do not come back together. What is
//! refused for good, or was tried for as long as the list allows, is given up, and whoever put it in
//! is told.

use std::collections::{BTreeMap, VecDeque};
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, ErrorKind, Write};
use std::path::Path;

use backsight_domain::alert::Severity;
use backsight_domain::time::{Span, Time};
use backsight_reading::feed::fingerprint;
use serde_json::{Value, json};

use super::{Letter, Sent};
use crate::file;

/// Letters that wait for one channel; of more, the mildest and oldest are given up.
pub const WAITING_MAX: usize = 500;
/// Letters that are remembered after their end.
pub const ENDED_MAX: usize = 1_000;
/// The pause after the first failure, and the longest.
const PAUSE: (i64, i64) = (5, 30 * 60);
/// Bytes of the longest text of a fault.
const WHY_MAX: usize = 300;
const FILE: &str = "outbox.jsonl";

/// A letter on its way through one channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// The letter.
    pub letter: Letter,
    /// The channel's name.
    pub channel: Box<str>,
    /// 0 the first time a letter is told, then the number of the escalation.
    pub round: u32,
    /// When it was put in.
    pub put: Time,
    /// When it is tried next.
    pub due: Time,
    /// How often it was tried.
    pub tries: u32,
    /// What came of it.
    pub fate: Fate,
}

/// What came of a letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// Nothing yet.
    Waiting,
    /// It was delivered.
    Delivered(Time),
    /// It was given up, and why.
    GivenUp(Time, String),
}

/// How a channel does.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// Letters that wait.
    pub waiting: usize,
    /// When one was last delivered.
    pub sent: Option<Time>,
    /// Since when every attempt failed.
    pub failing_since: Option<Time>,
    /// Why the last attempt failed.
    pub fault: Option<String>,
    /// Letters that were given up.
    pub given_up: u64,
}

/// Which letter, in which round, through which channel.
type Key = (String, u32, Box<str>);

/// What only one process has.
#[derive(Debug)]
struct Own {
    file: File,
    #[expect(dead_code, reason = "held as long as the outbox is open, and never read")]
    lock: File,
}

/// Everything that is to be sent, and what lately was.
#[derive(Debug)]
pub struct Outbox {
    /// Where lines go, when this is the one outbox of the folder.
    own: Option<Own>,
    waiting: BTreeMap<Key, Item>,
    ended: VecDeque<Item>,
    standings: BTreeMap<Box<str>, Standing>,
    patience: Span,
    /// The last record of the journal whose alerts are in here.
    seen: Option<u64>,
    /// Lines that could not be read.
    damaged: u64,
}

impl Outbox {
    /// Opens the outbox of a folder for this process alone.
    ///
    /// # Errors
    /// Fails when the disk does, or another process has it open.
    pub fn open(folder: &Path, patience: Span) -> io::Result<Self> {
        fs::create_dir_all(folder)?;
        let lock = File::create(folder.join("lock"))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(ErrorKind::ResourceBusy.into()),
            Err(TryLockError::Error(fault)) => return Err(fault),
        }
        let mut outbox = Self::read(folder, patience)?;
        // What is left of the last time, without what is forgotten and without a torn line.
        file::write_whole(&folder.join(FILE), outbox.lines())?;
        let file = OpenOptions::new().append(true).open(folder.join(FILE))?;
        outbox.own = Some(Own { file, lock });
        Ok(outbox)
    }

    /// Reads the outbox of a folder, to look at it.
    ///
    /// # Errors
    /// Fails when the disk does.
    pub fn read(folder: &Path, patience: Span) -> io::Result<Self> {
        let mut outbox = Self {
            own: None,
            waiting: BTreeMap::new(),
            ended: VecDeque::new(),
            standings: BTreeMap::new(),
            patience,
            seen: None,
            damaged: 0,
        };
        let bytes = match fs::read(folder.join(FILE)) {
            Ok(bytes) => bytes,
            Err(fault) if fault.kind() == ErrorKind::NotFound => return Ok(outbox),
            Err(fault) => return Err(fault),
        };
        let whole = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |last| last + 1);
        for line in bytes[..whole].split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
            let told = serde_json::from_slice(line).ok().and_then(|line| outbox.hear(&line));
            outbox.damaged += u64::from(told.is_none());
        }
        Ok(outbox)
    }

    /// Puts a letter in for a channel, to leave at `due`; false when it was put in before.
    ///
    /// # Errors
    /// Fails when it could not be made durable. It is not in then.
    pub fn put(
        &mut self,
        (letter, round): (&Letter, u32),
        channel: &str,
        (now, due): (Time, Time),
    ) -> io::Result<bool> {
        let key = (letter.id.clone(), round, channel.into());
        let is_known = |item: &Item| {
            item.letter.id == letter.id && item.round == round && *item.channel == *channel
        };
        if self.waiting.contains_key(&key) || self.ended.iter().any(is_known) {
            return Ok(false);
        }
        let item = Item {
            letter: letter.clone(),
            channel: channel.into(),
            round,
            put: now,
            due,
            tries: 0,
            fate: Fate::Waiting,
        };
        self.append(&put_line(&item))?;
        self.waiting.insert(key, item);
        self.make_room(channel, now)?;
        Ok(true)
    }

    /// The letter that a channel sends next, when it is due by now: the worst first, then the oldest.
    pub fn next<'a>(&'a self, channel: &'a str, now: Time) -> Option<&'a Item> {
        let due = self.of(channel).filter(|item| item.due <= now);
        due.min_by_key(|item| (std::cmp::Reverse(item.letter.severity), item.put))
    }

    /// When a channel has something to do; `None` when nothing waits.
    pub fn wake(&self, channel: &str) -> Option<Time> {
        self.of(channel).map(|item| item.due).min()
    }

    /// Takes what came of an attempt; returns the letter when it was given up.
    ///
    /// # Errors
    /// Fails when it could not be made durable. The letter may be sent once more then.
    pub fn finish(&mut self, item: &Item, sent: Sent, now: Time) -> io::Result<Option<Item>> {
        let line = match sent {
            Sent::Taken => end_line(item, "delivered", now, None),
            Sent::Never { why } => end_line(item, "given_up", now, Some(&why)),
            Sent::Later { why, after } => {
                let due = now + pause(item, after);
                if item.put + self.patience <= due {
                    let hours = self.patience.minutes_floor() / 60;
                    let why = format!("tried for {hours} h in vain: {why}");
                    end_line(item, "given_up", now, Some(&why))
                } else {
                    try_line(item, now, due, &why)
                }
            }
        };
        self.append(&line)?;
        self.hear(&line);
        let last = self.ended.back().filter(|ended| is_same(ended, item));
        Ok(last.filter(|ended| matches!(ended.fate, Fate::GivenUp(..))).cloned())
    }

    /// How often a letter was told, and when last; `None` when it never was put in.
    pub fn told(&self, id: &str) -> Option<(u32, Time)> {
        let items = self.waiting.values().chain(&self.ended).filter(|item| item.letter.id == id);
        let last = items.max_by_key(|item| item.round)?;
        Some((last.round + 1, last.put))
    }

    /// The last record of the journal whose alerts are in here.
    pub const fn seen(&self) -> Option<u64> {
        self.seen
    }

    /// Takes note that the alerts of the journal are in here up to a record.
    ///
    /// # Errors
    /// Fails when it could not be made durable.
    pub fn see(&mut self, seq: u64) -> io::Result<()> {
        self.append(&json!({ "seen": seq }))?;
        self.seen = Some(seq);
        Ok(())
    }

    /// How a channel does.
    pub fn standing(&self, channel: &str) -> Standing {
        let known = self.standings.get(channel).cloned().unwrap_or_default();
        Standing { waiting: self.of(channel).count(), ..known }
    }

    /// Everything that waits or ended lately, in the order in which it was put in.
    pub fn items(&self) -> Vec<&Item> {
        let mut items: Vec<&Item> = self.ended.iter().chain(self.waiting.values()).collect();
        items.sort_by_key(|item| item.put);
        items
    }

    /// Lines of the file that could not be read and were left out.
    pub const fn damaged(&self) -> u64 {
        self.damaged
    }

    fn of<'a>(&'a self, channel: &'a str) -> impl Iterator<Item = &'a Item> {
        self.waiting.values().filter(move |item| *item.channel == *channel)
    }

    /// Gives up what a channel cannot hold.
    fn make_room(&mut self, channel: &str, now: Time) -> io::Result<()> {
        while WAITING_MAX < self.of(channel).count() {
            let least = self.of(channel).min_by_key(|item| (item.letter.severity, item.put));
            let least = least.expect("some wait").clone();
            let line = end_line(&least, "given_up", now, Some("too many letters wait"));
            self.append(&line)?;
            self.hear(&line);
        }
        Ok(())
    }

    fn append(&mut self, line: &Value) -> io::Result<()> {
        let Some(Own { file, .. }) = &mut self.own else {
            return Err(ErrorKind::PermissionDenied.into());
        };
        file.write_all(format!("{line}\n").as_bytes())?;
        file.sync_data()
    }

    fn lines(&self) -> String {
        let mut lines = Vec::new();
        for (channel, it) in &self.standings {
            lines.push(json!({ "standing": {
                "channel": channel,
                "sent": it.sent.map(|at| at.to_string()),
                "failing_since": it.failing_since.map(|at| at.to_string()),
                "fault": it.fault,
                "given_up": it.given_up,
            }}));
        }
        for item in self.ended.iter().chain(self.waiting.values()) {
            lines.push(put_line(item));
            let mut kept = json!({ "kept": key_json(item) });
            match &item.fate {
                Fate::Waiting if item.tries == 0 => continue,
                Fate::Waiting => {
                    (kept["due"], kept["tries"]) = (item.due.to_string().into(), item.tries.into());
                }
                Fate::Delivered(at) => kept["delivered"] = at.to_string().into(),
                Fate::GivenUp(at, why) => {
                    (kept["given_up"], kept["why"]) = (at.to_string().into(), why.as_str().into());
                }
            }
            lines.push(kept);
        }
        if let Some(seen) = self.seen {
            lines.push(json!({ "seen": seen }));
        }
        lines.iter().map(|line| line.to_string() + "\n").collect()
    }

    /// Takes a line of the file; nothing when it makes no sense.
    fn hear(&mut self, line: &Value) -> Option<()> {
        if let Some(seen) = line.get("seen") {
            self.seen = Some(seen.as_u64()?);
        } else if let Some(standing) = line.get("standing") {
            let known = Standing {
                waiting: 0,
                sent: optional_time(standing, "sent").ok()?,
                failing_since: optional_time(standing, "failing_since").ok()?,
                fault: standing["fault"].as_str().map(ToOwned::to_owned),
                given_up: standing["given_up"].as_u64()?,
            };
            self.standings.insert(standing["channel"].as_str()?.into(), known);
        } else if let Some(put) = line.get("put") {
            let item = read_item(put)?;
            self.waiting.insert(key_of(&item), item);
        } else if let Some(kept) = line.get("kept") {
            self.end(kept, line)?;
        } else {
            let tried = line.get("tried")?;
            self.stand(tried, line)?;
            self.end(tried, line)?;
        }
        Some(())
    }

    /// What an attempt says about its channel.
    fn stand(&mut self, tried: &Value, line: &Value) -> Option<()> {
        let standing = self.standings.entry(tried["channel"].as_str()?.into()).or_default();
        if let Some(at) = optional_time(line, "delivered").ok()? {
            let given_up = standing.given_up;
            *standing = Standing { sent: Some(at), given_up, ..Standing::default() };
            return Some(());
        }
        let at = optional_time(line, "at").ok()?.or(optional_time(line, "given_up").ok()?)?;
        standing.given_up += u64::from(line.get("given_up").is_some());
        standing.failing_since = standing.failing_since.or(Some(at));
        standing.fault = Some(line["why"].as_str()?.to_owned());
        Some(())
    }

    /// What a line says about its letter.
    fn end(&mut self, key: &Value, line: &Value) -> Option<()> {
        let key = read_key(key)?;
        let item = self.waiting.get_mut(&key)?;
        if let Some(due) = optional_time(line, "due").ok()? {
            (item.due, item.tries) = (due, line["tries"].as_u64()?.try_into().ok()?);
            return Some(());
        }
        let fate =
            match (optional_time(line, "delivered").ok()?, optional_time(line, "given_up").ok()?) {
                (Some(at), _) => Fate::Delivered(at),
                (None, Some(at)) => Fate::GivenUp(at, line["why"].as_str()?.to_owned()),
                (None, None) => return None,
            };
        let item = self.waiting.remove(&key)?;
        if self.ended.len() == ENDED_MAX {
            self.ended.pop_front();
        }
        self.ended.push_back(Item { fate, tries: item.tries + 1, ..item });
        Some(())
    }
}

/// How long to wait after an attempt that failed.
fn pause(item: &Item, asked: Option<Span>) -> Span {
    let (first, most) = PAUSE;
    let longest = first.saturating_mul(1 << item.tries.min(20)).min(most);
    // Half of it is sure, the rest is drawn.
    let draw =
        fingerprint(format!("{}/{}/{}", item.letter.id, item.channel, item.tries).as_bytes());
    let share = i64::try_from(draw % 1_000).expect("a remainder is small");
    let own = Span::from_millis(500 * longest + longest * share / 2);
    let most = Span::from_seconds(2 * most);
    asked.map_or(own, |asked| own.max(asked.min(most)))
}

fn is_same(one: &Item, other: &Item) -> bool {
    key_of(one) == key_of(other)
}

fn key_of(item: &Item) -> Key {
    (item.letter.id.clone(), item.round, item.channel.clone())
}

fn key_json(item: &Item) -> Value {
    json!({ "id": item.letter.id, "round": item.round, "channel": item.channel })
}

fn read_key(value: &Value) -> Option<Key> {
    let round = value["round"].as_u64()?.try_into().ok()?;
    Some((value["id"].as_str()?.to_owned(), round, value["channel"].as_str()?.into()))
}

fn put_line(item: &Item) -> Value {
    let Letter { id, kind, severity, subject, text, html, at } = &item.letter;
    json!({ "put": {
        "id": id,
        "round": item.round,
        "channel": item.channel,
        "kind": kind,
        "severity": severity.to_string(),
        "subject": subject,
        "text": text,
        "html": html,
        "at": at.to_string(),
        "put": item.put.to_string(),
        "due": item.due.to_string(),
    }})
}

fn try_line(item: &Item, now: Time, due: Time, why: &str) -> Value {
    json!({
        "tried": key_json(item),
        "at": now.to_string(),
        "due": due.to_string(),
        "tries": item.tries + 1,
        "why": super::cut(why, WHY_MAX),
    })
}

fn end_line(item: &Item, how: &str, now: Time, why: Option<&str>) -> Value {
    let mut line = json!({ "tried": key_json(item), how: now.to_string() });
    if let Some(why) = why {
        line["why"] = super::cut(why, WHY_MAX).into();
    }
    line
}

fn read_item(put: &Value) -> Option<Item> {
    let text = |name: &str| put[name].as_str().map(ToOwned::to_owned);
    let time = |name: &str| Time::parse(put[name].as_str()?);
    let (id, round, channel) = read_key(put)?;
    Some(Item {
        letter: Letter {
            id,
            kind: text("kind")?,
            severity: Severity::parse(put["severity"].as_str()?)?,
            subject: text("subject")?,
            text: text("text")?,
            html: text("html"),
            at: time("at")?,
        },
        channel,
        round,
        put: time("put")?,
        due: time("due")?,
        tries: 0,
        fate: Fate::Waiting,
    })
}

/// A time that may be missing or null; a failure when it is something else.
fn optional_time(value: &Value, name: &str) -> Result<Option<Time>, ()> {
    match value.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(text) => text.as_str().and_then(Time::parse).map(Some).ok_or(()),
    }
}

#[cfg(test)]
mod tests;
