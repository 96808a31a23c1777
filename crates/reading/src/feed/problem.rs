//! What was not as it should be.

use std::fmt;

/// One thing in a document that is not as it should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where in the decoded document, in bytes.
    pub at: usize,
    /// Which item, counted from zero as the document counts them.
    pub item: Option<usize>,
    /// What is wrong.
    pub kind: ProblemKind,
}

/// What can be wrong with a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ProblemKind {
    /// It is no feed that we know.
    NotAFeed,
    /// It is longer than the limit; the rest was not read.
    DocumentTooLong,
    /// Some bytes are not in the encoding that it names; they were read as Windows-1252.
    WrongEncoding,
    /// It ends in the middle; an item that was not finished is left out.
    Truncated,
    /// An element ends that is not open, or ends with its parent.
    Misnested,
    /// An item says neither a title nor a text; it is left out.
    EmptyItem,
    /// A date cannot be read.
    UnreadableDate,
    /// A link is longer than the limit, or leads nowhere a reader could go; it is left out.
    UnusableLink,
    /// A text is longer than the limit; its end is left out.
    TextTooLong,
    /// There are more items than the limit; the rest was not read.
    TooManyItems,
    /// There is more text than the limit; the rest was not read.
    TooMuchText,
    /// Elements lie deeper within each other than the limit; they are passed over.
    TooDeep,
    /// A value has another type than the format asks for, or no value can be read.
    Malformed,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { at, item, kind } = self;
        match item {
            Some(item) => write!(f, "byte {at}, item {item}: {kind}"),
            None => write!(f, "byte {at}: {kind}"),
        }
    }
}

impl fmt::Display for ProblemKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotAFeed => "no feed that we know",
            Self::DocumentTooLong => "the document is longer than the limit",
            Self::WrongEncoding => "some bytes are not in the encoding it names",
            Self::Truncated => "the document ends in the middle",
            Self::Misnested => "elements do not end where they should",
            Self::EmptyItem => "an item without title and text",
            Self::UnreadableDate => "a date that cannot be read",
            Self::UnusableLink => "a link that cannot be followed",
            Self::TextTooLong => "a text longer than the limit",
            Self::TooManyItems => "more items than the limit",
            Self::TooMuchText => "more text than the limit",
            Self::TooDeep => "elements deeper than the limit",
            Self::Malformed => "a value that cannot be read",
        })
    }
}
