//! The words that feeds are written in: name spaces, and what the elements within them mean.

use super::harvest::DateRank;
use crate::word::{packed, packed_lower};

/// A name space, as far as it matters here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Space {
    /// All versions of RSS and Atom, and no name space at all: feeds mix them freely.
    Feed,
    DublinCore,
    DublinTerms,
    Content,
    Rdf,
    Other,
}

/// What an element means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tag {
    Rss,
    Rdf,
    AtomFeed,
    Channel,
    Item,
    Title,
    Link,
    Id,
    /// A text that is HTML unless it says otherwise.
    Description,
    /// A text of Atom, which says how it is written.
    Summary,
    Content,
    /// The long text of an RSS item, always HTML.
    Encoded,
    Date(DateRank),
    Category,
    Author,
    Name,
    /// How an author can be reached, which is not what they are called.
    Contact,
    /// Has a title and links of its own, which are not those of what it stands in.
    Shield,
    Other,
}

/// The words of RSS and Atom, the frequent ones first.
const FEED_WORDS: &[(u128, Tag)] = &[
    (packed(b"title"), Tag::Title),
    (packed(b"link"), Tag::Link),
    (packed(b"description"), Tag::Description),
    (packed(b"category"), Tag::Category),
    (packed(b"pubdate"), Tag::Date(DateRank::Published)),
    (packed(b"guid"), Tag::Id),
    (packed(b"item"), Tag::Item),
    (packed(b"entry"), Tag::Item),
    (packed(b"id"), Tag::Id),
    (packed(b"published"), Tag::Date(DateRank::Published)),
    (packed(b"updated"), Tag::Date(DateRank::Modified)),
    (packed(b"author"), Tag::Author),
    (packed(b"name"), Tag::Name),
    (packed(b"email"), Tag::Contact),
    (packed(b"uri"), Tag::Contact),
    (packed(b"url"), Tag::Contact),
    (packed(b"summary"), Tag::Summary),
    (packed(b"content"), Tag::Content),
    (packed(b"source"), Tag::Shield),
    (packed(b"image"), Tag::Shield),
    (packed(b"keywords"), Tag::Category),
    (packed(b"issued"), Tag::Date(DateRank::Published)),
    (packed(b"modified"), Tag::Date(DateRank::Modified)),
    (packed(b"created"), Tag::Date(DateRank::Created)),
    (packed(b"abstract"), Tag::Summary),
    (packed(b"fullitem"), Tag::Encoded),
    (packed(b"textinput"), Tag::Shield),
    (packed(b"contributor"), Tag::Shield),
    (packed(b"channel"), Tag::Channel),
    (packed(b"rss"), Tag::Rss),
    (packed(b"rdf"), Tag::Rdf),
    (packed(b"feed"), Tag::AtomFeed),
];

/// The words of the Dublin Core.
const DUBLIN_CORE_WORDS: &[(u128, Tag)] = &[
    (packed(b"creator"), Tag::Author),
    (packed(b"date"), Tag::Date(DateRank::Dated)),
    (packed(b"subject"), Tag::Category),
    (packed(b"title"), Tag::Title),
    (packed(b"description"), Tag::Description),
    (packed(b"author"), Tag::Author),
];

/// The words of its terms.
const DUBLIN_TERMS_WORDS: &[(u128, Tag)] = &[
    (packed(b"issued"), Tag::Date(DateRank::Published)),
    (packed(b"created"), Tag::Date(DateRank::Created)),
    (packed(b"modified"), Tag::Date(DateRank::Modified)),
];

/// The word of the content module.
const CONTENT_WORDS: &[(u128, Tag)] = &[(packed(b"encoded"), Tag::Encoded)];

/// The word of RDF.
const RDF_WORDS: &[(u128, Tag)] = &[(packed(b"rdf"), Tag::Rdf)];

impl Space {
    /// The space that a document names.
    pub(super) fn of_uri(uri: &str) -> Self {
        let uri = uri.trim().trim_end_matches(['/', '#']).to_ascii_lowercase();
        match uri.strip_prefix("https").map_or(uri.clone(), |rest| format!("http{rest}")).as_str() {
            "http://www.w3.org/2005/atom" | "http://purl.org/atom/ns" => Self::Feed,
            "http://purl.org/rss/1.0" | "http://my.netscape.com/rdf/simple/0.9" => Self::Feed,
            "" | "http://backend.userland.com/rss" | "http://blogs.law.harvard.edu/tech/rss" => {
                Self::Feed
            }
            "http://backend.userland.com/rss2" | "http://purl.org/net/rss1.1" => Self::Feed,
            "http://purl.org/dc/elements/1.1" => Self::DublinCore,
            "http://purl.org/dc/terms" => Self::DublinTerms,
            "http://purl.org/rss/1.0/modules/content" => Self::Content,
            "http://www.w3.org/1999/02/22-rdf-syntax-ns" => Self::Rdf,
            _ => Self::Other,
        }
    }

    /// The space that a prefix nearly always stands for, where a document forgot to say it.
    pub(super) fn of_prefix(prefix: &str) -> Self {
        match prefix {
            "" | "atom" | "atom10" | "a10" | "rss" => Self::Feed,
            "dc" => Self::DublinCore,
            "dcterms" => Self::DublinTerms,
            "content" => Self::Content,
            "rdf" => Self::Rdf,
            _ => Self::Other,
        }
    }
}

impl Tag {
    /// What `name` means in `space`; capitals do not matter, because feeds do not agree on them.
    pub(super) fn of(space: Space, name: &str) -> Self {
        let words = match space {
            Space::Feed => FEED_WORDS,
            Space::DublinCore => DUBLIN_CORE_WORDS,
            Space::DublinTerms => DUBLIN_TERMS_WORDS,
            Space::Content => CONTENT_WORDS,
            Space::Rdf => RDF_WORDS,
            Space::Other => return Self::Other,
        };
        let word = packed_lower(name.as_bytes());
        words.iter().find(|(it, _)| *it == word).map_or(Self::Other, |(_, tag)| *tag)
    }

    /// Says whether an element that is one line long cannot hold this one, so that it must have ended before.
    pub(super) const fn ends_line(self) -> bool {
        match self {
            Self::Item | Self::Title | Self::Link | Self::Id | Self::Description => true,
            Self::Summary | Self::Content | Self::Encoded | Self::Date(_) => true,
            Self::Category | Self::Author | Self::Shield => true,
            Self::Rss | Self::Rdf | Self::AtomFeed | Self::Channel => false,
            Self::Name | Self::Contact | Self::Other => false,
        }
    }

    /// Says whether a text with tags of its own cannot hold this one. HTML has titles and summaries too.
    pub(super) const fn ends_prose(self) -> bool {
        match self {
            Self::Item | Self::Id | Self::Encoded | Self::Date(_) => true,
            Self::Title | Self::Link | Self::Description | Self::Summary | Self::Content => false,
            Self::Category | Self::Author | Self::Shield | Self::Name => false,
            Self::Contact | Self::Other => false,
            Self::Rss | Self::Rdf | Self::AtomFeed | Self::Channel => false,
        }
    }
}
