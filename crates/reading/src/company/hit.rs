//! Places where something may be named, before it is weighed.

use backsight_domain::instrument::Ticker;
use backsight_domain::time::Date;

use super::cue::Traits;
use super::directory::{Directory, Kind, SubjectId};
use super::mention::Evidence;
use super::names::Names;
use super::seen::{Seen, Style};
use super::symbol::{self, Symbol, SymbolForm};
use super::token::{Gap, Shape};
use super::trie::UNKNOWN;

/// One place where a subject may be named.
#[derive(Clone, Copy, Debug)]
pub(super) struct Hit {
    /// Its first word.
    pub first: usize,
    /// The word behind it.
    pub end: usize,
    /// Who may be named.
    pub subject: SubjectId,
    /// The name, unless it is a symbol.
    pub name: Option<u32>,
    /// The symbol as written.
    pub ticker: Option<Ticker>,
    /// The rung.
    pub evidence: Evidence,
    /// Whether the legal form follows.
    pub legal: bool,
    /// Log-odds that it is named.
    pub score: f64,
}

/// Log-odds of a symbol that is marked as one.
const MARKED: f64 = 4.0;

/// Finds every place where something may be named, from left to right, none inside another.
pub(super) fn find(names: &Names, directory: &Directory, seen: &Seen<'_>, date: Date) -> Vec<Hit> {
    let finder = Finder { names, directory, seen, date };
    let mut hits: Vec<Hit> = Vec::new();
    let mut place = 0;
    while place < seen.tokens.len() {
        place = finder.step(place, &mut hits);
    }
    hits
}

/// What one search needs to know.
struct Finder<'a> {
    names: &'a Names,
    directory: &'a Directory,
    seen: &'a Seen<'a>,
    date: Date,
}

impl Finder<'_> {
    /// Looks at one place and says which one to look at next.
    fn step(&self, place: usize, hits: &mut Vec<Hit>) -> usize {
        if let Some(symbol) = symbol::marked(self.seen, place) {
            if let Some(hit) = self.marked(place, symbol) {
                correct(hits, &hit, self.seen);
                hits.push(hit);
                return hit.end;
            }
            if symbol.form != SymbolForm::Bracketed {
                return symbol.end;
            }
        }
        let longest = longest(self.names, self.seen, place);
        if let Some((end, value)) = longest.filter(|it| !self.is_crossed((place, it.0), it.1)) {
            hits.extend(named(self.names, self.seen, (place, end), value));
            return end;
        }
        hits.extend(self.bare(place));
        place + 1
    }

    fn marked(&self, first: usize, symbol: Symbol) -> Option<Hit> {
        let evidence = match symbol.form {
            SymbolForm::Cashtag => Evidence::Cashtag,
            SymbolForm::Qualified => Evidence::Qualified,
            SymbolForm::Bracketed => Evidence::Bracketed,
            SymbolForm::Bare => Evidence::Capitals,
            SymbolForm::Elsewhere => return None,
        };
        let hit = Hit { score: MARKED, ..Hit::of_symbol(first, symbol.end, evidence) };
        let other = self.coin_or_index(first).filter(|_| evidence != Evidence::Qualified);
        if let Some(subject) = other {
            return Some(Hit { subject, ..hit });
        }
        let (subject, line) = self.directory.by_ticker(symbol.ticker, self.date)?;
        let fits = evidence != Evidence::Bracketed || fits_brackets(self.seen, first);
        fits.then_some(Hit { subject, ticker: Some(line.ticker), ..hit })
    }

    /// `$BTC` and `$SPX` are a coin and an index, whatever fund has that symbol.
    fn coin_or_index(&self, place: usize) -> Option<SubjectId> {
        let node = self.names.trie.root(self.seen.tokens[place].word)?;
        let value = *self.names.trie.values(node).first()?;
        let subject = self.names.name(value).subject?;
        let kind = self.directory.subject(subject).kind;
        matches!(kind, Kind::Crypto | Kind::Index).then_some(subject)
    }

    /// Whether a phrase that means nobody has a name in it: `cuts Target to sell`.
    fn is_crossed(&self, (first, end): (usize, usize), value: u32) -> bool {
        let tokens = &self.seen.tokens[first..end];
        self.names.name(value).subject.is_none()
            && self.seen.style == Style::Sentence
            && tokens[0].shape == Shape::Lower
            && tokens.iter().any(|token| token.shape == Shape::Capital)
    }

    fn bare(&self, first: usize) -> Option<Hit> {
        let symbol = symbol::bare(self.seen, first)?;
        let (subject, line) = self.directory.by_ticker(symbol.ticker, self.date)?;
        let hit = Hit::of_symbol(first, symbol.end, Evidence::Capitals);
        let valid = line.is_valid(self.date) && line.exchange.is_listed();
        valid.then_some(Hit { subject, ticker: Some(line.ticker), ..hit })
    }
}

impl Hit {
    /// A symbol whose issuer is still to be found.
    fn of_symbol(first: usize, end: usize, evidence: Evidence) -> Self {
        let (subject, name, ticker) = (SubjectId(0), None, None);
        Self { first, end, subject, name, ticker, evidence, legal: false, score: 0.0 }
    }
}

/// Brackets also hold abbreviations of the words before them.
fn fits_brackets(seen: &Seen<'_>, place: usize) -> bool {
    let word = seen.word(place);
    let initials = word.len();
    let spelled = place.checked_sub(initials).is_some_and(|from| {
        (from..place)
            .zip(word.bytes())
            .all(|(at, letter)| seen.word(at).as_bytes()[0].eq_ignore_ascii_case(&letter))
    });
    let acronym = seen.traits(place).any(Traits::ACRONYM);
    let after_a_name = place.checked_sub(1).is_some_and(|before| {
        matches!(seen.tokens[before].shape, Shape::Capital | Shape::Mixed | Shape::Upper)
    });
    after_a_name && !(spelled && 2 < initials) && !acronym
}

/// A symbol in brackets directly behind a name says who is meant.
fn correct(hits: &mut Vec<Hit>, marked: &Hit, seen: &Seen<'_>) {
    let Some(last) = hits.last_mut() else {
        return;
    };
    let adjacent = last.end == marked.first && seen.tokens[marked.first].gap == Gap::Open;
    if !adjacent || marked.evidence == Evidence::Cashtag {
        return;
    }
    if last.subject == marked.subject {
        last.score = MARKED;
    } else if last.name.is_some() && !last.legal {
        hits.pop();
    }
}

/// The longest name that begins at a place.
fn longest(names: &Names, seen: &Seen<'_>, place: usize) -> Option<(usize, u32)> {
    let mut node = names.trie.root(seen.tokens[place].word)?;
    let mut found = None;
    let mut at = place;
    loop {
        at += 1;
        if let Some(&value) = names.trie.values(node).first() {
            found = Some((at, value));
        }
        let Some(next) = seen.tokens.get(at) else {
            return found;
        };
        let inside = matches!(next.gap, Gap::Joined | Gap::Hyphen | Gap::Dot | Gap::Space);
        if !inside || next.word == UNKNOWN {
            return found;
        }
        match names.trie.child(node, next.word) {
            Some(child) => node = child,
            None => return found,
        }
    }
}

fn named(names: &Names, seen: &Seen<'_>, (first, end): (usize, usize), value: u32) -> Option<Hit> {
    let name = names.name(value);
    let subject = name.subject?;
    let legal_end = legal_end(seen, end);
    let last = &seen.tokens[end - 1];
    let within = first + 1 < end && last.shape != Shape::Lower && last.traits.any(Traits::LEGAL);
    let legal = within || end < legal_end;
    let evidence = super::weigh::evidence(name, legal);
    Some(Hit {
        first,
        end: legal_end,
        subject,
        name: Some(value),
        ticker: None,
        evidence,
        legal,
        score: 0.0,
    })
}

/// The word behind a legal form that follows a name.
fn legal_end(seen: &Seen<'_>, end: usize) -> usize {
    let mut at = end;
    while at < end + 2 && at < seen.tokens.len() {
        let token = &seen.tokens[at];
        let near = matches!(token.gap, Gap::Space | Gap::Comma | Gap::Dot);
        let written = token.shape != Shape::Lower;
        if !near || !written || !token.traits.any(Traits::LEGAL) {
            break;
        }
        at += 1;
    }
    at
}
