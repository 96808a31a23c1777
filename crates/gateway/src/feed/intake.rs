//! From a body to stories: parsed, told apart from what the feed sent before, and placed among the
//! stories that other outlets told.
//!
//! What is known of a story's time comes in two kinds that are never mixed: when it reached us,
//! which is what a desk acts on, and what the outlet says, which may be nothing.

use std::collections::BTreeMap;

use backsight_domain::story::{SUMMARY_MAX, Story};
use backsight_domain::time::Time;
use backsight_reading::feed::{Envelope, Format, Item, Problem, Recent, parse};
use backsight_reading::story::{Placed, Settings, Sighting, Stories};
use backsight_reading::{clean, url};

use super::{FeedId, Fetched};
use crate::http::fault::Fault;

/// Items of one feed that are remembered, so that they are not news again.
const RECENT_MAX: usize = 4_096;

/// What was read of every feed so far.
#[derive(Clone, Debug)]
pub struct Intake {
    stories: Stories,
    recent: BTreeMap<FeedId, Recent>,
}

/// What one body of a feed said.
#[derive(Clone, Debug)]
pub struct Edition {
    /// Which feed.
    pub feed: FeedId,
    /// The language of the document.
    pub format: Format,
    /// What the feed calls itself.
    pub title: Box<str>,
    /// How many items it has.
    pub items: usize,
    /// What in it was not as it should be.
    pub problems: Vec<Problem>,
    /// The items that it did not have before, oldest first as far as the document tells.
    pub news: Vec<News>,
}

/// An item that its feed did not have before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct News {
    /// The story that it tells, first or again.
    pub story: Story,
    /// Where it stands among the stories.
    pub placed: Placed,
    /// Where it can be read; may be empty.
    pub link: Box<str>,
    /// The longer of its texts; may be empty.
    pub text: Box<str>,
    /// When it reached us.
    pub received_at: Time,
}

impl Intake {
    /// Knows no story.
    pub fn new(settings: Settings) -> Self {
        Self::resume(Stories::new(settings))
    }

    /// Knows these stories.
    pub const fn resume(stories: Stories) -> Self {
        Self { stories, recent: BTreeMap::new() }
    }

    /// The stories that are known.
    pub const fn stories(&self) -> &Stories {
        &self.stories
    }

    /// Which items a feed sent, oldest first; [`Self::restore`] takes them back.
    pub fn recent(&self, feed: FeedId) -> Vec<u64> {
        self.recent.get(&feed).map(|recent| recent.keys().collect()).unwrap_or_default()
    }

    /// Takes items of a feed as sent before.
    pub fn restore(&mut self, feed: FeedId, keys: &[u64]) {
        let recent = self.recent.entry(feed).or_insert_with(|| Recent::new(RECENT_MAX));
        recent.restore(keys.iter().copied());
    }

    /// Reads a body of a feed whose stories bear this source.
    ///
    /// # Errors
    /// Fails when it is no feed at all. One bad item is a problem of the edition.
    pub fn read(&mut self, fetched: &Fetched, source: &str) -> Result<Edition, Fault> {
        let Fetched { feed, url, bytes, content_type, received_at } = fetched;
        let address = url.to_string();
        let envelope = Envelope { content_type: content_type.as_deref(), address: Some(&address) };
        let document = parse(bytes, &envelope);
        if document.format() == Format::Unknown {
            let problem = document.problems().first().map(|problem| problem.kind.to_string());
            let cause = problem.unwrap_or_else(|| "it is empty".to_owned()).into();
            return Err(Fault::Unreadable { url: Box::new(url.clone()), cause });
        }
        let recent = self.recent.entry(*feed).or_insert_with(|| Recent::new(RECENT_MAX));
        // Outlets put the newest first.
        let mut fresh: Vec<Item<'_>> = document.items().filter(|it| recent.admit(it)).collect();
        fresh.reverse();
        let news = fresh.iter().map(|item| self.place(item, source, *received_at)).collect();
        Ok(Edition {
            feed: *feed,
            format: document.format(),
            title: document.title().into(),
            items: document.len(),
            problems: document.problems().to_vec(),
            news,
        })
    }

    fn place(&mut self, item: &Item<'_>, source: &str, at: Time) -> News {
        let headline = if item.title.is_empty() { item.text() } else { item.title };
        let (link, text) = (item.link, item.text());
        let placed = self.stories.place(&Sighting { source, headline, link, text, at });
        let (id, published) = (placed.story, item.published);
        let normal = url::normalise(link).unwrap_or_default().into();
        let summary = if headline == text { String::new() } else { clean::text(text, SUMMARY_MAX) };
        let (source, headline) = (source.into(), headline.into());
        let story =
            Story { id, source, headline, link: normal, summary: summary.into(), published };
        News { story, placed, link: link.into(), text: text.into(), received_at: at }
    }
}
