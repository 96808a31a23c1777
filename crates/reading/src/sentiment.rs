//! What a text says about the prospects of what it names.
//!
//! A *tone* is signed, with a separate confidence. Who reads is a *rung* of a ladder, best first:
//!
//! | Rung | Needs | Answers |
//! |---|---|---|
//! | `finbert` | weights in the model folder | in some tens of milliseconds |
//! | `linear` | nothing, its weights are in the binary | in some microseconds |
//! | `lexicon` | nothing, a list of words | in less than a microsecond |
//! | `none` | nothing | never |
//!
//! Every tone is published with the rung that gave it. A change of rung is a value that the caller journals and shows:
//! a desk that reads worse than yesterday has to say so.

mod feature;
pub mod finbert;
pub mod headlines;
mod ladder;
pub mod lexicon;
pub mod linear;
pub mod manifest;
pub mod train;
mod words;

use std::fmt;
use std::ops::Range;

pub use ladder::{Ladder, RungChange};

/// A text, and whom to read it about.
#[derive(Clone, Debug)]
pub struct Passage<'a> {
    /// The words, cleaned of markup.
    pub text: &'a str,
    /// Bytes that name the company asked about; `None` asks about the text as a whole.
    pub about: Option<Range<usize>>,
    /// Bytes that name other companies.
    pub others: &'a [Range<usize>],
}

impl<'a> Passage<'a> {
    /// Asks about a text as a whole.
    pub fn whole(text: &'a str) -> Self {
        Self { text, about: None, others: &[] }
    }
}

/// How good or bad a text is, and how sure the reader is of that.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tone {
    /// From -1 (bad) to +1 (good).
    pub score: f64,
    /// From 0 to 1, the estimated chance that the most likely label is right. It has no direction.
    pub confidence: f64,
}

impl Tone {
    /// Makes a tone.
    ///
    /// # Panics
    /// When a number is out of its range: a model that says so is broken.
    pub fn new(score: f64, confidence: f64) -> Self {
        assert!((-1.0..=1.0).contains(&score), "a score of `{score}`");
        assert!((0.0..=1.0).contains(&confidence), "a confidence of `{confidence}`");
        Self { score, confidence }
    }

    /// Makes a tone of three chances that add to one: the score is the good less the bad.
    pub fn of_chances(chances: Chances) -> Self {
        let Chances { good, bad, neutral } = chances;
        let confidence = f64::from(good.max(bad).max(neutral)).clamp(0.0, 1.0);
        Self::new(f64::from(good - bad).clamp(-1.0, 1.0), confidence)
    }
}

/// The chances of the three labels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Chances {
    /// That the text is good news.
    pub good: f32,
    /// That the text is bad news.
    pub bad: f32,
    /// That the text is neither.
    pub neutral: f32,
}

/// The three labels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Label {
    /// Good news.
    Good,
    /// Bad news.
    Bad,
    /// Neither.
    Neutral,
}

impl Chances {
    /// The most likely label.
    pub fn label(self) -> Label {
        if self.good.max(self.bad) < self.neutral {
            return Label::Neutral;
        }
        if self.bad < self.good { Label::Good } else { Label::Bad }
    }
}

/// The kinds of rung, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RungKind {
    /// A BERT classifier in this process.
    Finbert,
    /// The linear model in the binary.
    Linear,
    /// The list of words.
    Lexicon,
    /// Nobody reads.
    None,
}

impl fmt::Display for RungKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Finbert => "finbert",
            Self::Linear => "linear",
            Self::Lexicon => "lexicon",
            Self::None => "none",
        })
    }
}

/// Who reads: written on every reading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rung {
    /// Its place on the ladder.
    pub kind: RungKind,
    /// The model's name.
    pub name: Box<str>,
    /// The model's version.
    pub version: Box<str>,
}

impl Rung {
    /// Names a reader.
    pub fn new(kind: RungKind, name: &str, version: &str) -> Self {
        Self { kind, name: name.into(), version: version.into() }
    }
}

impl fmt::Display for Rung {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}@{}", self.kind, self.name, self.version)
    }
}

/// Reads the tone of texts.
///
/// Reading is total and has no memory: a passage has one tone, whatever was read before.
pub trait Sentiment: fmt::Debug + Send + Sync {
    /// Says who reads.
    fn rung(&self) -> &Rung;

    /// Reads one passage.
    fn read_one(&self, passage: &Passage<'_>) -> Tone;

    /// Reads many passages, in the order given.
    fn read(&self, passages: &[Passage<'_>]) -> Vec<Tone> {
        passages.iter().map(|passage| self.read_one(passage)).collect()
    }
}
