//! What an outlet sent, as items of plain text.
//!
//! ```text
//! bytes ─► encoding ─► text ─┬─ markup ─► xml ──┐
//!                            └──────────► json ─┴─► harvest ─► Feed
//! ```
//!
//! [`parse`] reads RSS 0.9x, 1.0 and 2.0, Atom 0.3 and 1.0, and JSON Feed, and it always answers: a document that is
//! damaged gives the items that are whole and a list of [`Problem`]s. An item is text, never markup: what an outlet
//! wrote as HTML has become words by the time anyone else sees it.
//!
//! Nothing here trusts the sender. Every loop moves forward through the document, and all that is kept lies in one
//! string whose growth [`Limits`] bounds; so a hostile document costs a little more than its own size, in time
//! proportional to its length. Entities that a document declares are expanded once and never within each other.
//!
//! Time is what the item says about itself. An item without a readable date is undated, and stays so.

mod date;
mod encoding;
mod entity;
mod harvest;
mod html;
mod json;
mod limits;
mod markup;
mod problem;
mod recent;
mod vocabulary;
mod xml;

use backsight_domain::time::Time;

use harvest::{Harvest, Record, Slice};

pub use limits::Limits;
pub use problem::{Problem, ProblemKind};
pub use recent::{Recent, fingerprint};

/// The feeds that the desk reads unless told otherwise, and those of earlier systems, as TOML.
pub const LISTED: &str = include_str!("../feeds.toml");

/// What came with the bytes.
#[derive(Clone, Copy, Debug, Default)]
pub struct Envelope<'a> {
    /// The `Content-Type` that the server named.
    pub content_type: Option<&'a str>,
    /// Where the document was found; relative links are resolved against it.
    pub address: Option<&'a str>,
}

/// The language that a document is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say everything")]
pub enum Format {
    Rss09,
    Rss10,
    Rss20,
    Atom03,
    Atom10,
    JsonFeed,
    /// No feed that we know.
    Unknown,
}

/// Everything that one document says.
#[derive(Clone, Debug)]
pub struct Feed {
    format: Format,
    title: Slice,
    records: Vec<Record>,
    categories: Vec<Slice>,
    problems: Vec<Problem>,
    problems_unlisted: usize,
    text: String,
}

/// One entry of a feed. Texts are plain, with single spaces; a field that the outlet left out is empty.
#[derive(Clone, Copy, Debug)]
pub struct Item<'a> {
    /// What the outlet calls the item, as it stands.
    pub id: &'a str,
    /// Where the item can be read.
    pub link: &'a str,
    /// The headline.
    pub title: &'a str,
    /// Who wrote it.
    pub author: &'a str,
    /// The short text.
    pub summary: &'a str,
    /// The long text.
    pub body: &'a str,
    /// What the outlet says about its time; `None` when it says nothing that can be read.
    pub published: Option<Time>,
    categories: &'a [Slice],
    text: &'a str,
}

/// Reads a document of any format within the default limits.
pub fn parse(bytes: &[u8], envelope: &Envelope<'_>) -> Feed {
    parse_within(bytes, envelope, &Limits::default())
}

/// Reads a document of any format within `limits`.
pub fn parse_within(bytes: &[u8], envelope: &Envelope<'_>, limits: &Limits) -> Feed {
    let decoded = encoding::decode(bytes, envelope.content_type, limits.document_bytes);
    let mut harvest = Harvest::new(*limits, decoded.text.len());
    if decoded.cut {
        harvest.note(decoded.text.len(), ProblemKind::DocumentTooLong);
    }
    if decoded.mended {
        harvest.note(0, ProblemKind::WrongEncoding);
    }
    let text = decoded.text.trim_start();
    let skipped = decoded.text.len() - text.len();
    if text.starts_with('{') {
        json::read(text, skipped, envelope.address.unwrap_or_default(), &mut harvest);
    } else {
        xml::read(&decoded.text, envelope.address.unwrap_or_default(), &mut harvest);
    }
    harvest.finish()
}

impl Feed {
    /// The language that the document is written in.
    pub const fn format(&self) -> Format {
        self.format
    }

    /// The name of the feed.
    pub fn title(&self) -> &str {
        self.title.of(&self.text)
    }

    /// How many items were whole.
    pub fn len(&self) -> usize {
        self.records.len()
    }

    /// Says whether no item was whole.
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// The items in the order of the document.
    pub fn items(&self) -> impl Iterator<Item = Item<'_>> {
        self.records.iter().map(|record| self.item(record))
    }

    /// What was not as it should be, in the order of the document.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// How many problems were found beyond those that are listed.
    pub const fn problems_unlisted(&self) -> usize {
        self.problems_unlisted
    }

    fn item(&self, record: &Record) -> Item<'_> {
        let text = self.text.as_str();
        Item {
            id: record.id.of(text),
            link: record.link.of(text),
            title: record.title.of(text),
            author: record.author.of(text),
            summary: record.summary.of(text),
            body: record.body.of(text),
            published: record.published,
            categories: &self.categories[record.categories.clone()],
            text,
        }
    }
}

impl<'a> Item<'a> {
    /// What the outlet filed the item under.
    pub fn categories(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        let text = self.text;
        self.categories.iter().map(move |slice| slice.of(text))
    }

    /// The longer of the two texts.
    pub fn text(&self) -> &'a str {
        if self.body.len() < self.summary.len() { self.summary } else { self.body }
    }
}

#[cfg(test)]
mod tests;
