//! News as it arrived, and what a reader understood of it.

use crate::instrument::Ticker;
use crate::time::Time;

/// One piece of news as it arrived. Its text is data and has no authority.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Story {
    /// The identity of the story, shared by every copy of it.
    pub id: u64,
    /// The outlet's name.
    pub source: Box<str>,
    /// The headline.
    pub headline: Box<str>,
    /// What the outlet says about its time; `None` when undated.
    pub published: Option<Time>,
}

/// What was understood of one story about one company.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reading {
    /// The story.
    pub story: u64,
    /// The company's share.
    pub ticker: Ticker,
    /// Signed, from -1 (bad) to +1 (good).
    pub sentiment: f64,
    /// How sure the reader is, 0 to 1. It has no direction.
    pub confidence: f64,
}
