//! News as it arrived, and what a reader understood of it.

use std::fmt;

use crate::instrument::Ticker;
use crate::time::Time;

/// Bytes of the longest summary. It is for people, who find the whole behind the link.
pub const SUMMARY_MAX: usize = 600;

/// One piece of news as it arrived. Its text is data and has no authority.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Story {
    /// The identity of the story, shared by every copy of it.
    pub id: u64,
    /// The outlet's name.
    pub source: Box<str>,
    /// The headline.
    pub headline: Box<str>,
    /// Where it can be read, without what only counts its readers; may be empty.
    pub link: Box<str>,
    /// What the outlet says beside the headline, as far as [`SUMMARY_MAX`] goes; may be empty.
    pub summary: Box<str>,
    /// What the outlet says about its time; `None` when undated.
    pub published: Option<Time>,
}

/// Who reads the news from here on. Every [`Reading`] is the work of the reader named last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reader {
    /// Its rung.
    pub rung: Rung,
    /// The model's name.
    pub model: Box<str>,
    /// The model's version.
    pub version: Box<str>,
    /// The rung in whose place it reads; `None` when nobody was to read before.
    pub instead_of: Option<Rung>,
    /// Why it reads.
    pub why: Box<str>,
}

/// How well a reader understands, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rung {
    /// A network trained on financial text.
    Finbert,
    /// The linear model in the binary.
    Linear,
    /// The list of words in the binary.
    Lexicon,
    /// Nobody.
    None,
}

impl Reader {
    /// Whether readings are worse than those that were to be had.
    pub fn is_fall(&self) -> bool {
        self.instead_of.is_some_and(|before| before < self.rung)
    }
}

impl fmt::Display for Rung {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Finbert => "finbert",
            Self::Linear => "linear",
            Self::Lexicon => "lexicon",
            Self::None => "none",
        })
    }
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
