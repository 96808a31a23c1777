//! Fresh stories: what was read a short while ago, is strong enough, and was not acted upon yet.
//!
//! They belong to the desk and not to its market: one desk has traded on a story that another still
//! watches.

use std::collections::BTreeMap;

use backsight_domain::market::{Slot, Split};
use backsight_domain::price::Price;
use backsight_domain::story::Reading;
use backsight_domain::time::Time;

/// The strongest fresh story of each symbol that has one.
pub(crate) type FreshStories = BTreeMap<Slot, FreshStory>;

/// A story about a symbol that may still be traded.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FreshStory {
    /// The story.
    pub story: u64,
    /// When its reading was received.
    pub at: Time,
    /// Signed, from -1 to +1.
    pub sentiment: f64,
    /// How sure the reader is.
    pub confidence: f64,
    /// The last price before it.
    pub before: Price,
    /// Outlets that carry it by now.
    pub outlets: u32,
    /// The price around which triggers stand.
    pub watched: Option<Price>,
}

impl FreshStory {
    /// A story that was read at a time, at a price, when so many outlets carried it.
    pub(crate) fn new(reading: &Reading, (at, before): (Time, Price), outlets: u32) -> Self {
        let Reading { story, sentiment, confidence, .. } = *reading;
        Self { story, at, sentiment, confidence, before, outlets, watched: None }
    }

    fn strength(&self) -> f64 {
        self.sentiment.abs() * self.confidence
    }

    /// Takes the place of what is fresh about a symbol, unless that is as strong.
    pub(crate) fn replace(self, slot: Slot, fresh: &mut FreshStories) {
        if !fresh.get(&slot).is_some_and(|known| self.strength() <= known.strength()) {
            fresh.insert(slot, self);
        }
    }

    /// Rescales prices of a share that was split.
    pub(crate) fn split(&mut self, split: Split) {
        self.before = split.price(self.before);
        self.watched = self.watched.map(|price| split.price(price));
    }
}
