//! Who can be named: issuers with dated tickers, and the things that are named like them.
//!
//! One subject is one issuer, however many share classes it lists; the first line is its main
//! share. Subjects stand in order of size as the lists give it, so that a position is a prior.

use std::collections::BTreeMap;

use backsight_domain::instrument::Ticker;
use backsight_domain::time::Date;

/// The place of a subject in its directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SubjectId(pub(super) u32);

/// What a subject is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// An issuer whose shares are, or were, listed in the United States.
    Company,
    /// A fund that trades like a share.
    Fund,
    /// A company without listed shares.
    Private,
    /// A company whose shares are listed elsewhere, or here over the counter only.
    Foreign,
    /// An index.
    Index,
    /// A commodity.
    Commodity,
    /// A crypto-currency.
    Crypto,
}

/// Where a line trades.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exchange {
    /// Nasdaq.
    Nasdaq,
    /// New York Stock Exchange.
    Nyse,
    /// NYSE American.
    American,
    /// NYSE Arca.
    Arca,
    /// Cboe BZX.
    Cboe,
    /// NYSE Texas, formerly Chicago.
    Texas,
    /// IEX.
    Iex,
    /// Over the counter.
    Otc,
    /// The list does not say.
    Unknown,
}

/// One listed share class under one symbol, and when that symbol was its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    /// The symbol.
    pub ticker: Ticker,
    /// Where it trades.
    pub exchange: Exchange,
    /// The first day, where known.
    pub from: Option<Date>,
    /// The first day on which it is no longer valid.
    pub until: Option<Date>,
}

/// One thing that a text can name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// What it is.
    pub kind: Kind,
    /// The number the SEC gave its issuer.
    pub cik: Option<u32>,
    /// Its name as lists write it.
    pub name: Box<str>,
    /// Other legal names in the lists.
    pub other_names: Vec<Box<str>>,
    /// Its symbols, the main share first.
    pub lines: Vec<Line>,
}

/// Every subject, with an index by symbol.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Directory {
    subjects: Vec<Subject>,
    by_ticker: BTreeMap<Ticker, Vec<SubjectId>>,
}

impl Exchange {
    const LETTERS: [(Self, u8); 9] = [
        (Self::Nasdaq, b'Q'),
        (Self::Nyse, b'N'),
        (Self::American, b'A'),
        (Self::Arca, b'P'),
        (Self::Cboe, b'Z'),
        (Self::Texas, b'M'),
        (Self::Iex, b'V'),
        (Self::Otc, b'O'),
        (Self::Unknown, b'U'),
    ];

    pub(super) fn letter(self) -> char {
        let found = Self::LETTERS.iter().find(|(exchange, _)| *exchange == self);
        char::from(found.expect("every exchange has a letter").1)
    }

    pub(super) fn from_letter(letter: u8) -> Option<Self> {
        Self::LETTERS.iter().find(|(_, it)| *it == letter).map(|(exchange, _)| *exchange)
    }

    /// Whether the line trades on an exchange, as far as the lists say.
    pub fn is_listed(self) -> bool {
        !matches!(self, Self::Otc)
    }
}

impl Line {
    /// A line that the lists show and whose dates they do not tell.
    pub fn undated(ticker: Ticker, exchange: Exchange) -> Self {
        Self { ticker, exchange, from: None, until: None }
    }

    /// Whether the symbol is the line's own on a day.
    pub fn is_valid(&self, date: Date) -> bool {
        self.from.is_none_or(|from| from <= date) && self.until.is_none_or(|until| date < until)
    }
}

impl Subject {
    /// A subject without symbols.
    pub fn unlisted(kind: Kind, name: &str) -> Self {
        let (cik, other_names, lines) = (None, Vec::new(), Vec::new());
        Self { kind, cik, name: name.into(), other_names, lines }
    }

    /// The symbol of the main share on a day, where it trades on an exchange.
    pub fn ticker(&self, date: Date) -> Option<Ticker> {
        let listed = |line: &&Line| line.exchange.is_listed() && line.is_valid(date);
        self.lines.iter().find(listed).map(|line| line.ticker)
    }

    /// Whether any line ever traded on an exchange, as far as the lists say.
    pub fn is_listed(&self) -> bool {
        self.lines.iter().any(|line| line.exchange.is_listed())
    }
}

impl Directory {
    /// A directory of these subjects.
    pub fn new(subjects: Vec<Subject>) -> Self {
        let mut directory = Self::default();
        for subject in subjects {
            directory.add(subject);
        }
        directory
    }

    /// Adds a subject at the end.
    pub fn add(&mut self, subject: Subject) -> SubjectId {
        let id = SubjectId(u32::try_from(self.subjects.len()).expect("subjects fit 32 bits"));
        for line in &subject.lines {
            self.by_ticker.entry(line.ticker).or_default().push(id);
        }
        self.subjects.push(subject);
        id
    }

    /// Adds a symbol to a subject.
    ///
    /// A line that is valid today goes first, so that it is the main share.
    pub fn add_line(&mut self, id: SubjectId, line: Line) {
        let lines = &mut self.subjects[id.0 as usize].lines;
        if lines.iter().any(|it| it.ticker == line.ticker) {
            return;
        }
        lines.push(line);
        self.by_ticker.entry(line.ticker).or_default().push(id);
    }

    /// Takes a symbol away from a subject that never carried it alone.
    pub(super) fn remove_line(&mut self, id: SubjectId, ticker: Ticker) {
        self.subjects[id.0 as usize].lines.retain(|line| line.ticker != ticker);
        if let Some(holders) = self.by_ticker.get_mut(&ticker) {
            holders.retain(|&holder| holder != id);
        }
    }

    /// Sets since when, or until when, a subject carried a symbol.
    pub(super) fn limit(&mut self, id: SubjectId, ticker: Ticker, limits: [Option<Date>; 2]) {
        let lines = &mut self.subjects[id.0 as usize].lines;
        if let Some(line) = lines.iter_mut().find(|line| line.ticker == ticker) {
            line.from = limits[0].or(line.from);
            line.until = limits[1].or(line.until);
        }
    }

    /// The subject with an identity.
    pub fn subject(&self, id: SubjectId) -> &Subject {
        &self.subjects[id.0 as usize]
    }

    /// Every subject with its identity, larger issuers first.
    pub fn subjects(&self) -> impl Iterator<Item = (SubjectId, &Subject)> {
        (0..).map(SubjectId).zip(&self.subjects)
    }

    /// How many subjects there are.
    pub fn len(&self) -> usize {
        self.subjects.len()
    }

    /// Whether there is no subject.
    pub fn is_empty(&self) -> bool {
        self.subjects.is_empty()
    }

    /// Who carried a symbol on a day, or else who carried it last.
    pub fn by_ticker(&self, ticker: Ticker, date: Date) -> Option<(SubjectId, Line)> {
        let holders = self.by_ticker.get(&ticker)?;
        let lines = holders.iter().flat_map(|&id| {
            let lines = self.subject(id).lines.iter();
            lines.filter(|line| line.ticker == ticker).map(move |line| (id, *line))
        });
        let rank = |line: &Line| (line.is_valid(date), line.until.is_none(), line.until);
        lines.fold(None, |best: Option<(SubjectId, Line)>, (id, line)| match best {
            Some((_, best_line)) if rank(&line) <= rank(&best_line) => best,
            _ => Some((id, line)),
        })
    }
}

#[cfg(test)]
mod tests;
