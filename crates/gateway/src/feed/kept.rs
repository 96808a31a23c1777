//! What is kept of feeds over a restart, as text.
//!
//! A desk that starts again asks for changes only, leaves alone whom it left alone, and takes no item
//! for news twice. What is kept belongs to a name and an address: a feed whose address was changed
//! begins anew. Stories are kept beside this, as bytes ([`Stories::encode`]).

use std::collections::BTreeMap;

use backsight_domain::time::Time;
use backsight_reading::story::{Settings, Stories};
use serde_json::{Value, json};

use super::intake::Intake;
use super::schedule::{Manners, Memory, Schedule};
use super::{Feed, FeedId};
use crate::http::Validators;
use crate::url::Url;

/// The shape of the text.
const VERSION: u64 = 1;

/// What is kept of all feeds, by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Kept(BTreeMap<Box<str>, KeptFeed>);

/// What is kept of one feed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptFeed {
    /// Its address in the list.
    pub address: Url,
    /// What its schedule knows.
    pub memory: Memory,
    /// Which items it sent, oldest first.
    pub recent: Vec<u64>,
    /// What came of its headlines.
    pub tally: Tally,
}

/// What came of a feed's headlines, since its address was first asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// How many items were new.
    pub headlines: u64,
    /// How many of them told a story that was known.
    pub copies: u64,
    /// How many of them name a listed company.
    pub with_company: u64,
}

impl Kept {
    /// What is kept of a feed, when its address is still the same.
    pub fn of(&self, feed: &Feed) -> Option<&KeptFeed> {
        self.0.get(&feed.name).filter(|kept| kept.address == feed.url)
    }

    /// A schedule and an intake that go on where the last ones ended.
    pub fn resume(
        &self,
        feeds: Vec<Feed>,
        stories: Option<Stories>,
        (manners, seed): (Manners, u64),
        now: Time,
    ) -> (Schedule, Intake) {
        let stories = stories.unwrap_or_else(|| Stories::new(Settings::default()));
        let mut intake = Intake::resume(stories);
        let mut known = Vec::with_capacity(feeds.len());
        for (number, feed) in (0_u16..).zip(feeds) {
            let kept = self.of(&feed);
            if let Some(kept) = kept {
                intake.restore(FeedId(number), &kept.recent);
            }
            let memory = kept.map(|kept| kept.memory.clone()).unwrap_or_default();
            known.push((feed, memory));
        }
        (Schedule::resume(known, manners, seed, now), intake)
    }

    /// Takes note of where a schedule and an intake are, with more of each feed's headlines. Feeds
    /// that left the list are forgotten.
    pub fn update(&mut self, schedule: &Schedule, intake: &Intake, more: &BTreeMap<FeedId, Tally>) {
        let mut kept = BTreeMap::new();
        for (id, feed) in schedule.feeds() {
            let before = self.of(feed).map(|kept| kept.tally).unwrap_or_default();
            let more = more.get(&id).copied().unwrap_or_default();
            let tally = Tally {
                headlines: before.headlines + more.headlines,
                copies: before.copies + more.copies,
                with_company: before.with_company + more.with_company,
            };
            let memory = schedule.memory(id).clone();
            let (address, recent) = (feed.url.clone(), intake.recent(id));
            kept.insert(feed.name.clone(), KeptFeed { address, memory, recent, tally });
        }
        self.0 = kept;
    }

    /// Everything, as text for [`Self::parse`].
    pub fn to_json(&self) -> String {
        let feeds: BTreeMap<&str, Value> =
            self.0.iter().map(|(name, kept)| (&**name, kept.json())).collect();
        format!("{}\n", json!({ "version": VERSION, "feeds": feeds }))
    }

    /// Reads what [`Self::to_json`] wrote.
    ///
    /// # Errors
    /// Says which feed cannot be read.
    pub fn parse(text: &str) -> Result<Self, String> {
        let value: Value = serde_json::from_str(text).map_err(|fault| fault.to_string())?;
        if value["version"].as_u64() != Some(VERSION) {
            return Err(format!("it is no text of version {VERSION}"));
        }
        let feeds = value["feeds"].as_object().ok_or("it has no feeds")?;
        let read = |(name, value): (&String, &Value)| {
            let kept = KeptFeed::read(value);
            let kept = kept.ok_or_else(|| format!("what it says of `{name}` is malformed"));
            kept.map(|kept| (name.as_str().into(), kept))
        };
        feeds.iter().map(read).collect::<Result<_, _>>().map(Self)
    }
}

impl KeptFeed {
    fn json(&self) -> Value {
        let Self { address, memory, recent, tally } = self;
        let Memory { moved, validators, hash, heard, failures, is_dead, due } = memory;
        let time = |time: &Option<Time>| time.map(|time| time.to_string());
        let validators = validators.as_ref().map(|(url, it)| {
            json!({ "url": url.to_string(), "etag": it.etag, "last_modified": it.last_modified })
        });
        json!({
            "address": address.to_string(),
            "moved": moved.as_ref().map(ToString::to_string),
            "validators": validators,
            "hash": hash,
            "heard": time(heard),
            "failures": failures,
            "dead": is_dead,
            "due": time(due),
            "headlines": tally.headlines,
            "copies": tally.copies,
            "with_company": tally.with_company,
            "recent": recent,
        })
    }

    fn read(value: &Value) -> Option<Self> {
        // What is null is absent; what is there must be what it claims.
        let part = |name: &str| value.get(name).filter(|it| !it.is_null());
        let url = |value: &Value| Url::parse(value.as_str()?).ok();
        let time = |value: &Value| Time::parse(value.as_str()?);
        let number = |name: &str| part(name).and_then(Value::as_u64);
        let validators = |value: &Value| {
            let text = |name: &str| value[name].as_str().map(Into::into);
            let validators =
                Validators { etag: text("etag"), last_modified: text("last_modified") };
            Some((url(&value["url"])?, validators))
        };
        Some(Self {
            address: url(part("address")?)?,
            memory: Memory {
                moved: optional(part("moved"), url).ok()?,
                validators: optional(part("validators"), validators).ok()?,
                hash: optional(part("hash"), Value::as_u64).ok()?,
                heard: optional(part("heard"), time).ok()?,
                failures: number("failures")?.try_into().ok()?,
                is_dead: part("dead")?.as_bool()?,
                due: optional(part("due"), time).ok()?,
            },
            recent: part("recent")?.as_array()?.iter().map(Value::as_u64).collect::<Option<_>>()?,
            tally: Tally {
                headlines: number("headlines")?,
                copies: number("copies")?,
                with_company: number("with_company")?,
            },
        })
    }
}

/// Nothing where nothing stands, a value where one does; fails where it is malformed.
fn optional<T>(value: Option<&Value>, read: impl Fn(&Value) -> Option<T>) -> Result<Option<T>, ()> {
    value.map(|value| read(value).ok_or(())).transpose()
}

#[cfg(test)]
mod tests;
