//! What is said about one subject in one text.

use std::ops::Range;

use backsight_domain::instrument::Ticker;

use super::directory::{Kind, SubjectId};

/// The rung of the ladder on which a mention stands, the strongest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Evidence {
    /// The symbol behind an exchange, or in the notation of Reuters.
    Qualified,
    /// The symbol behind a `$`.
    Cashtag,
    /// The symbol in brackets.
    Bracketed,
    /// The legal name.
    LegalName,
    /// A distinctive shorter name.
    ShortName,
    /// A name, brand or product of our own list.
    Alias,
    /// A common word, with what stands around it.
    InContext,
    /// The bare symbol in capitals.
    Capitals,
}

/// What part a subject plays in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// The text is, or may be, about it.
    Subject,
    /// It stands behind another: owner, backer, former parent.
    Background,
    /// Its opinion about others is told.
    Source,
}

/// One subject named in a text.
#[derive(Clone, Debug, PartialEq)]
pub struct Mention {
    /// Who.
    pub subject: SubjectId,
    /// What kind of thing it is.
    pub kind: Kind,
    /// The share meant, on the day of the text; `None` where none is listed.
    pub ticker: Option<Ticker>,
    /// Bytes of the first place where it is named.
    pub span: Range<usize>,
    /// The strongest rung that it stands on.
    pub evidence: Evidence,
    /// How sure it is that something of this kind is named at all, 0 to 1.
    pub confidence: f64,
    /// How sure it is that this record is the one, 0 to 1.
    pub matched: f64,
    /// How much the text is about it, 0 to 1; 0 for a mere source.
    pub relevance: f64,
    /// Its part in the text.
    pub role: Role,
    /// How often it is named.
    pub count: u32,
}

impl Evidence {
    /// The name of the rung.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Qualified => "qualified symbol",
            Self::Cashtag => "cashtag",
            Self::Bracketed => "bracketed symbol",
            Self::LegalName => "legal name",
            Self::ShortName => "short name",
            Self::Alias => "alias",
            Self::InContext => "in context",
            Self::Capitals => "capitals",
        }
    }
}

impl Mention {
    /// The symbol, when the text is about the company or names it beside others.
    pub fn symbol(&self) -> Option<Ticker> {
        self.ticker.filter(|_| self.role != Role::Source)
    }
}
