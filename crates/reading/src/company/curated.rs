//! Our own list: short names, brands, renamed and vanished issuers, and what only sounds like one.
//!
//! The list speaks before everything that is derived from legal names. Its form is explained in
//! its own first lines.

use backsight_domain::instrument::Ticker;
use backsight_domain::time::Date;

use super::directory::{Directory, Exchange, Kind, Line, Subject, SubjectId};

const LIST: &str = include_str!("../../lists/companies_names.txt");

/// How much a name says by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Weight {
    /// Distinctive in any case.
    Sure,
    /// A name when it is written like one.
    Firm,
    /// Ordinary words in a row.
    Phrase,
    /// A common word that mostly means the company.
    Likely,
    /// A common word that mostly does not.
    Unlikely,
    /// A common word of an issuer that few know.
    Rare,
    /// Capitals, and only these.
    Exact,
}

/// One name of our list.
#[derive(Clone, Debug)]
pub(super) struct Told {
    /// Whose; nobody's when it only swallows words.
    pub subject: Option<SubjectId>,
    /// The name.
    pub name: String,
    /// What the list says of its weight.
    pub weight: Option<Weight>,
    /// Whether it is a brand or a product.
    pub product: bool,
    /// Words that speak for it (`true`) or against it.
    pub cues: Vec<(String, bool)>,
}

/// What the list says.
#[derive(Clone, Debug, Default)]
pub(super) struct Curated {
    /// Names in the list's order.
    pub names: Vec<Told>,
    /// Subjects whose analysts are quoted.
    pub houses: Vec<SubjectId>,
    /// Symbols of `share` rows that the directory does not have.
    pub unknown: Vec<Ticker>,
}

/// Far behind every date of a list.
const LATEST: Date = Date::from_ymd(9999, 12, 31).expect("the date exists");

impl Curated {
    /// Reads the built-in list into a directory.
    pub(super) fn read(directory: &mut Directory) -> Self {
        Self::parse(LIST, directory).expect("the built-in list is well formed: a test reads it")
    }

    fn parse(list: &str, directory: &mut Directory) -> Result<Self, String> {
        let mut curated = Self::default();
        // Symbols first, so that every name finds its issuer whatever the order of rows.
        for pass in [Pass::Symbols, Pass::Names] {
            for (number, row) in (1..).zip(list.lines()) {
                let row = row.trim();
                if !row.is_empty() && !row.starts_with('#') {
                    let read = curated.row(row, pass, directory);
                    read.ok_or_else(|| format!("line {number}: `{row}`"))?;
                }
            }
        }
        Ok(curated)
    }

    fn row(&mut self, row: &str, pass: Pass, directory: &mut Directory) -> Option<()> {
        let mut fields = row.split(" | ").map(str::trim);
        let word = fields.next()?;
        let mut field = || fields.next();
        match (pass, word) {
            (Pass::Symbols, "renamed") => {
                let (old, new) = (Ticker::parse(field()?).ok()?, Ticker::parse(field()?).ok()?);
                rename(directory, old, new, Date::parse(field()?)?);
            }
            (Pass::Symbols, "gone") => {
                let (ticker, day) = (Ticker::parse(field()?).ok()?, Date::parse(field()?)?);
                let names = field()?;
                let subject = vanish(directory, ticker, day, first_name(names));
                self.tell(Some(subject), names, field().unwrap_or_default());
            }
            (Pass::Names, "share") => {
                let ticker = Ticker::parse(field()?).ok()?;
                let names = field()?;
                match directory.by_ticker(ticker, LATEST) {
                    Some((subject, _)) => {
                        self.tell(Some(subject), names, field().unwrap_or_default());
                    }
                    None => self.unknown.push(ticker),
                }
            }
            (Pass::Names, "broker") => {
                let tickers = field()?.split(' ').map(|it| Ticker::parse(it).ok());
                for ticker in tickers {
                    let found = directory.by_ticker(ticker?, LATEST);
                    self.houses.extend(found.map(|(subject, _)| subject));
                }
            }
            (Pass::Names, "outlet" | "nothing") => self.tell(None, field()?, ""),
            (Pass::Symbols, "share" | "broker" | "outlet" | "nothing") => {}
            (Pass::Names, "renamed" | "gone") => {}
            (Pass::Symbols, other) => return kind(other).map(|_| ()),
            (Pass::Names, other) => {
                let names = field()?;
                let subject = directory.add(Subject::unlisted(kind(other)?, first_name(names)));
                if other == "house" {
                    self.houses.push(subject);
                }
                self.tell(Some(subject), names, field().unwrap_or_default());
            }
        }
        Some(())
    }

    fn tell(&mut self, subject: Option<SubjectId>, names: &str, cues: &str) {
        // Cues may follow the last name without a bar.
        let (names, cues) = match names.find([' ']).and_then(|_| cue_start(names)) {
            Some(at) if cues.is_empty() => names.split_at(at),
            _ => (names, cues),
        };
        let cues: Vec<(String, bool)> = cues
            .split_whitespace()
            .filter_map(|cue| {
                let word = cue.strip_prefix(['+', '-'])?;
                Some((word.to_owned(), cue.starts_with('+')))
            })
            .collect();
        for name in names.split(", ") {
            let name = name.trim();
            let bare = name.trim_end_matches(['~', '?', '*', '!', '=']);
            let marks = &name[bare.len()..];
            let weight = marks.chars().find_map(|mark| match mark {
                '~' => Some(Weight::Likely),
                '?' => Some(Weight::Unlikely),
                '!' => Some(Weight::Sure),
                '=' => Some(Weight::Exact),
                _ => None,
            });
            let (name, product) = (bare.trim().to_owned(), marks.contains('*'));
            self.names.push(Told { subject, name, weight, product, cues: cues.clone() });
        }
    }
}

#[derive(Clone, Copy, Debug)]
enum Pass {
    Symbols,
    Names,
}

fn cue_start(names: &str) -> Option<usize> {
    [" +", " -"].iter().filter_map(|cue| names.find(cue)).min()
}

fn first_name(names: &str) -> &str {
    let first = names.split(", ").next().unwrap_or(names);
    first.trim().trim_end_matches(['~', '?', '*', '!', '='])
}

fn kind(word: &str) -> Option<Kind> {
    Some(match word {
        "private" | "house" => Kind::Private,
        "foreign" => Kind::Foreign,
        "index" => Kind::Index,
        "commodity" => Kind::Commodity,
        "crypto" => Kind::Crypto,
        _ => return None,
    })
}

/// Gives the issuer of `new` the symbol `old` until a day; who carries `old` later began then.
fn rename(directory: &mut Directory, old: Ticker, new: Ticker, day: Date) {
    let Some((subject, line)) = directory.by_ticker(new, LATEST) else {
        return;
    };
    directory.limit(subject, new, [Some(day), None]);
    match directory.by_ticker(old, LATEST).filter(|found| found.0 != subject) {
        // The lists know the same issuer under a number of its predecessor.
        Some((before, line)) if line.until.is_some() => directory.remove_line(before, old),
        Some((holder, _)) => directory.limit(holder, old, [Some(day), None]),
        None => {}
    }
    let before = Line { ticker: old, exchange: line.exchange, from: None, until: Some(day) };
    directory.add_line(subject, before);
    directory.limit(subject, old, [None, Some(day)]);
}

/// An issuer that lost its listing; who carries its symbol later began then.
fn vanish(directory: &mut Directory, ticker: Ticker, day: Date, name: &str) -> SubjectId {
    if let Some((holder, line)) = directory.by_ticker(ticker, LATEST) {
        if line.until.is_some() {
            directory.limit(holder, ticker, [None, Some(day)]);
            return holder;
        }
        directory.limit(holder, ticker, [Some(day), None]);
    }
    let mut subject = Subject::unlisted(Kind::Company, name);
    let exchange = Exchange::Unknown;
    subject.lines.push(Line { ticker, exchange, from: None, until: Some(day) });
    directory.add(subject)
}

#[cfg(test)]
mod tests;
