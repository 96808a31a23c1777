//! How much of a document is read.

/// Bounds on what one document may cost. Beyond a bound the rest is left out and a problem says so.
///
/// With the defaults a document costs at most its own bytes, a decoded copy, the kept text and the records: less than
/// 32 MiB in all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the document, and of its decoded copy.
    pub document_bytes: usize,
    /// Items of one document.
    pub items: usize,
    /// Elements within each other.
    pub depth: usize,
    /// Bytes of one title, link, identifier, author or category.
    pub line_bytes: usize,
    /// Bytes of one summary or body, once it is plain text.
    pub body_bytes: usize,
    /// Bytes of one element's content while it is still markup.
    pub element_bytes: usize,
    /// Bytes of the attributes of one element; more are not looked at.
    pub attribute_bytes: usize,
    /// Bytes of all texts that are kept.
    pub text_bytes: usize,
    /// Categories of one item.
    pub categories: usize,
    /// Entities that the document declares.
    pub entities: usize,
    /// Problems that are listed one by one.
    pub problems: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            document_bytes: 8 << 20,
            items: 5_000,
            depth: 64,
            line_bytes: 4 << 10,
            body_bytes: 64 << 10,
            element_bytes: 1 << 20,
            attribute_bytes: 16 << 10,
            text_bytes: 8 << 20,
            categories: 32,
            entities: 64,
            problems: 64,
        }
    }
}
