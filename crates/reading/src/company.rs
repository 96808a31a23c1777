//! Which companies a text names, and how sure that is.
//!
//! A text is divided into words; the longest name that begins at a word is looked up in a trie,
//! and symbols are read by their form. Each find stands on a rung of a ladder ([`Evidence`]):
//!
//! | Rung | Example |
//! |---|---|
//! | qualified symbol | `(NASDAQ: AAPL)`, `<AAPL.O>` |
//! | cashtag | `$AAPL` |
//! | bracketed symbol | `Apple (AAPL)` |
//! | legal name | `Apple Inc.` |
//! | short name | `Micron` |
//! | alias | `iPhone`, `BofA`, `Facebook` |
//! | in context | `Target posts record profit`, but no price target |
//! | capitals | `NVDA shares` |
//!
//! What is found is weighed by its capitals and its neighbours, and gets three numbers apart from
//! each other: how sure it is that a company is named at all, that it is this one, and how much
//! the text is about it. Companies without listed shares, indices, commodities and coins are found
//! as what they are and have no symbol; newspapers, people and places swallow their words and mean
//! nobody. The same text on the same date is always read the same.

mod cue;
mod curated;
mod directory;
mod hit;
mod import;
mod mention;
mod names;
mod naming;
mod packed;
pub mod quality;
mod resolver;
mod role;
mod seen;
mod symbol;
mod token;
mod trie;
mod weigh;

pub use directory::{Directory, Exchange, Kind, Line, Subject, SubjectId};
pub use import::{ImportError, List, Report};
pub use mention::{Evidence, Mention, Role};
pub use packed::PackError;
pub use resolver::Resolver;
