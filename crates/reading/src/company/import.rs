//! From the public lists to a directory: the SEC's tickers and the two exchange directories.
//!
//! | File | Says |
//! |---|---|
//! | `company_tickers_exchange.json` or `company_tickers.json` | issuer number, title, symbol; larger issuers first |
//! | `nasdaqlisted.txt`, `otherlisted.txt` | symbol, name of the security, market, fund or not, test or not |
//!
//! Symbols are joined by issuer number. Warrants, units, rights, notes, preferred shares and test
//! issues are counted and left out. Funds keep their symbols only: their names name others.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use backsight_domain::instrument::Ticker;
use backsight_domain::time::Date;
use serde_json::Value;

use super::directory::{Directory, Exchange, Kind, Line, Subject};
use super::naming;

/// One of the three lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum List {
    /// The SEC's file, with or without exchanges.
    Sec,
    /// `nasdaqlisted.txt`.
    NasdaqListed,
    /// `otherlisted.txt`.
    OtherListed,
}

/// Why a list was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportError {
    /// Which list.
    pub list: List,
    /// The line, from 1.
    pub line: usize,
    /// What is wrong there.
    pub what: String,
}

/// What an import read, kept and left out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Rows of the SEC's file.
    pub sec_rows: usize,
    /// Rows of both exchange directories.
    pub exchange_rows: usize,
    /// Issuers kept.
    pub issuers: usize,
    /// Symbols of issuers kept.
    pub tickers: usize,
    /// Funds kept.
    pub funds: usize,
    /// Test issues left out.
    pub test_issues: usize,
    /// Warrants, units, rights, notes and preferred shares left out.
    pub other_securities: usize,
    /// Symbols that are no symbol of a share here.
    pub unreadable_symbols: usize,
    /// Rows whose symbol another issuer already carried.
    pub contested_symbols: usize,
}

/// A row of an exchange directory.
#[derive(Clone, Debug)]
struct Listing {
    name: String,
    exchange: Exchange,
    fund: bool,
    share: bool,
}

/// A row of the SEC's file.
struct Filing {
    cik: u32,
    title: String,
    symbol: String,
    exchange: Exchange,
}

impl fmt::Display for ImportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = match self.list {
            List::Sec => "company_tickers_exchange.json",
            List::NasdaqListed => "nasdaqlisted.txt",
            List::OtherListed => "otherlisted.txt",
        };
        write!(f, "`{name}` line {}: {}", self.line, self.what)
    }
}

impl std::error::Error for ImportError {}

impl Directory {
    /// Builds a directory from the SEC's file and the two exchange directories.
    ///
    /// # Errors
    /// Names the list, the line and what is wrong there; a page of HTML and a cut download are
    /// refused.
    pub fn import(sec: &str, nasdaq: &str, other: &str) -> Result<(Self, Report), ImportError> {
        let mut report = Report::default();
        let filings = read_sec(sec)?;
        let mut listings = BTreeMap::new();
        NASDAQ_LISTED.read(nasdaq, &mut listings, &mut report)?;
        OTHER_LISTED.read(other, &mut listings, &mut report)?;
        report.sec_rows = filings.len();
        let subjects = join(filings, &listings, &mut report);
        Ok((Self::new(subjects), report))
    }

    /// This directory continued by a newer one: what the newer no longer lists ended by `day`.
    ///
    /// An issuer that changed its symbol in between keeps both, divided at `day`.
    #[must_use]
    pub fn succeeded_by(&self, newer: &Self, day: Date) -> Self {
        let mut subjects: Vec<Subject> = newer.subjects().map(|(_, it)| it.clone()).collect();
        let places: BTreeMap<u32, usize> = (0..)
            .zip(&subjects)
            .filter_map(|(place, subject)| Some((subject.cik?, place)))
            .collect();
        let funds: BTreeSet<Ticker> = newer.tickers_of(Kind::Fund);
        for (_, old) in self.subjects() {
            match old.cik.and_then(|cik| places.get(&cik)) {
                Some(&place) => continue_subject(&mut subjects[place], old, day),
                None if old.kind == Kind::Fund && funds.contains(&old.lines[0].ticker) => {}
                None => subjects.push(ended(old, day)),
            }
        }
        subjects.sort_by_key(|subject| subject.kind == Kind::Fund);
        Self::new(subjects)
    }

    fn tickers_of(&self, kind: Kind) -> BTreeSet<Ticker> {
        let subjects = self.subjects().filter(|(_, it)| it.kind == kind);
        subjects.flat_map(|(_, it)| it.lines.iter().map(|line| line.ticker)).collect()
    }
}

fn continue_subject(newer: &mut Subject, old: &Subject, day: Date) {
    let shares_one =
        newer.lines.iter().any(|line| old.lines.iter().any(|it| it.ticker == line.ticker));
    for line in &mut newer.lines {
        match old.lines.iter().find(|it| it.ticker == line.ticker) {
            Some(before) if line.exchange == Exchange::Unknown => line.exchange = before.exchange,
            Some(_) => {}
            None if !shares_one => {
                line.from = Some(day);
                if line.exchange == Exchange::Unknown {
                    line.exchange = old.lines[0].exchange;
                }
            }
            None => {}
        }
    }
    let gone =
        old.lines.iter().filter(|it| newer.lines.iter().all(|line| line.ticker != it.ticker));
    let gone: Vec<Line> =
        gone.map(|line| Line { until: line.until.or(Some(day)), ..*line }).collect();
    newer.lines.extend(gone);
    let names = old.other_names.iter().chain([&old.name]);
    let new: Vec<Box<str>> =
        names.filter(|name| !newer.names().any(|it| naming::same(it, name))).cloned().collect();
    newer.other_names.extend(new);
}

fn ended(old: &Subject, day: Date) -> Subject {
    let mut subject = old.clone();
    for line in &mut subject.lines {
        line.until = line.until.or(Some(day));
    }
    subject
}

impl Subject {
    /// Its names as the lists write them.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        [&self.name].into_iter().chain(&self.other_names).map(AsRef::as_ref)
    }
}

fn join(
    filings: Vec<Filing>,
    listings: &BTreeMap<Ticker, Listing>,
    report: &mut Report,
) -> Vec<Subject> {
    let mut subjects: Vec<Subject> = Vec::new();
    let mut places: BTreeMap<u32, usize> = BTreeMap::new();
    let mut seen: BTreeSet<Ticker> = BTreeSet::new();
    for filing in filings {
        let Some(ticker) = symbol(&filing.symbol) else {
            report.unreadable_symbols += 1;
            continue;
        };
        let listing = listings.get(&ticker);
        if listing.is_some_and(|it| !it.share) || is_derived(&filing.symbol) {
            report.other_securities += 1;
            continue;
        }
        if listing.is_some_and(|it| it.fund) {
            continue;
        }
        if !seen.insert(ticker) {
            report.contested_symbols += 1;
            continue;
        }
        let exchange = exchange(&filing, listing);
        let place = *places.entry(filing.cik).or_insert_with(|| {
            let mut subject =
                Subject::unlisted(Kind::Company, naming::tidy(&filing.title).as_ref());
            subject.cik = Some(filing.cik);
            subjects.push(subject);
            subjects.len() - 1
        });
        let subject = &mut subjects[place];
        if listing.is_none() && is_right_on(subject, ticker) {
            report.other_securities += 1;
            continue;
        }
        subject.lines.push(Line::undated(ticker, exchange));
        if let Some(listing) = listing {
            adopt_name(subject, &listing.name);
        }
        report.tickers += 1;
    }
    for subject in &mut subjects {
        // What trades on an exchange is the main share before what trades over the counter.
        subject.lines.sort_by_key(|line| !line.exchange.is_listed());
    }
    report.issuers = subjects.len();
    for (&ticker, _) in listings.iter().filter(|(ticker, it)| it.fund && !seen.contains(ticker)) {
        let mut fund = Subject::unlisted(Kind::Fund, ticker.as_str());
        fund.lines.push(Line::undated(ticker, listings[&ticker].exchange));
        subjects.push(fund);
        report.funds += 1;
    }
    subjects
}

/// Takes the exchange's spelling, which keeps case and order of words, before the SEC's.
fn adopt_name(subject: &mut Subject, listed: &str) {
    if subject.names().any(|name| name == listed) {
        return;
    }
    if subject.other_names.is_empty() && subject.lines.len() == 1 {
        let title = std::mem::replace(&mut subject.name, listed.into());
        if !naming::same(&title, listed) {
            subject.other_names.push(title);
        }
    }
}

fn exchange(filing: &Filing, listing: Option<&Listing>) -> Exchange {
    let symbol = filing.symbol.as_bytes();
    let foreign_form = symbol.len() == 5 && matches!(symbol[4], b'F' | b'Y' | b'Q' | b'X');
    match (listing, filing.exchange) {
        (Some(listing), _) => listing.exchange,
        (None, Exchange::Unknown) if foreign_form => Exchange::Otc,
        (None, exchange) => exchange,
    }
}

/// A symbol with its share class after a full stop.
fn symbol(text: &str) -> Option<Ticker> {
    match text.split_once(['-', '.']) {
        Some((root, class)) if class.len() == 1 => Ticker::parse(&format!("{root}.{class}")).ok(),
        Some(_) => None,
        None => Ticker::parse(text).ok(),
    }
}

/// Whether a symbol is that of the issuer's share with a letter for warrant, unit or right.
fn is_right_on(subject: &Subject, ticker: Ticker) -> bool {
    let root = ticker.as_str().strip_suffix(['W', 'U', 'R']);
    root.is_some_and(|root| subject.lines.iter().any(|line| line.ticker.as_str() == root))
}

fn is_derived(symbol: &str) -> bool {
    symbol.split_once('-').is_some_and(|(_, class)| class.len() != 1)
}

fn read_sec(text: &str) -> Result<Vec<Filing>, ImportError> {
    let refuse = |line, what| ImportError { list: List::Sec, line, what };
    let value: Value = serde_json::from_str(text)
        .map_err(|error| refuse(error.line().max(1), format!("not JSON: {error}")))?;
    let (rows, by_field) = match (value.get("data").and_then(Value::as_array), value.as_object()) {
        (Some(rows), _) => (rows.iter().collect::<Vec<_>>(), true),
        (None, Some(object)) => (numbered(object), false),
        (None, None) => return Err(refuse(1, "neither an object nor a table".to_owned())),
    };
    if rows.is_empty() {
        return Err(refuse(1, "no row".to_owned()));
    }
    let read = if by_field { filing_of_array } else { filing_of_object };
    // Both files are one line of JSON, so that the number of the row says more than the line.
    let one = |(index, row): (usize, &Value)| {
        read(row).ok_or_else(|| refuse(1, format!("row {} is no issuer: `{row}`", index + 1)))
    };
    rows.into_iter().enumerate().map(one).collect()
}

/// Rows keyed `0`, `1`, ... in the order of these numbers, which is the order of size.
fn numbered(object: &serde_json::Map<String, Value>) -> Vec<&Value> {
    let mut rows: Vec<(usize, &Value)> =
        object.iter().map(|(key, row)| (key.parse().unwrap_or(usize::MAX), row)).collect();
    rows.sort_by_key(|(number, _)| *number);
    rows.into_iter().map(|(_, row)| row).collect()
}

fn filing_of_array(row: &Value) -> Option<Filing> {
    let row = row.as_array()?;
    let text = |index: usize| row.get(index)?.as_str().map(str::to_owned);
    let cik = u32::try_from(row.first()?.as_u64()?).ok()?;
    let exchange = match row.get(3)?.as_str() {
        Some("Nasdaq") => Exchange::Nasdaq,
        Some("NYSE") => Exchange::Nyse,
        Some("CBOE") => Exchange::Cboe,
        Some("OTC") => Exchange::Otc,
        Some(_) | None => Exchange::Unknown,
    };
    Some(Filing { cik, title: text(1)?, symbol: text(2)?, exchange })
}

fn filing_of_object(row: &Value) -> Option<Filing> {
    let text = |key: &str| row.get(key)?.as_str().map(str::to_owned);
    let cik = u32::try_from(row.get("cik_str")?.as_u64()?).ok()?;
    let exchange = Exchange::Unknown;
    Some(Filing { cik, title: text("title")?, symbol: text("ticker")?, exchange })
}

/// Where the columns of an exchange directory are.
struct Layout {
    list: List,
    header: &'static str,
    exchange: Option<usize>,
    fund: usize,
    test: usize,
}

const FIELDS: usize = 8;
const NASDAQ_LISTED: Layout = Layout {
    list: List::NasdaqListed,
    header: "Symbol|Security Name|",
    exchange: None,
    fund: 6,
    test: 3,
};
const OTHER_LISTED: Layout = Layout {
    list: List::OtherListed,
    header: "ACT Symbol|Security Name|",
    exchange: Some(2),
    fund: 4,
    test: 6,
};

impl Layout {
    fn read(
        &self,
        text: &str,
        listings: &mut BTreeMap<Ticker, Listing>,
        report: &mut Report,
    ) -> Result<(), ImportError> {
        let refuse = |line, what| ImportError { list: self.list, line, what };
        let mut lines = (1..).zip(text.lines());
        if !lines.next().is_some_and(|(_, line)| line.starts_with(self.header)) {
            return Err(refuse(1, format!("the header does not begin with `{}`", self.header)));
        }
        let mut last = 1;
        for (number, line) in lines {
            if line.starts_with("File Creation Time:") {
                return Ok(());
            }
            last = number;
            let row: Vec<&str> = line.split('|').collect();
            if row.len() != FIELDS {
                let what = format!("expected {FIELDS} fields, found {}", row.len());
                return Err(refuse(number, what));
            }
            report.exchange_rows += 1;
            self.keep(&row, listings, report);
        }
        Err(refuse(last, "the line `File Creation Time:` is missing".to_owned()))
    }

    fn keep(&self, row: &[&str], listings: &mut BTreeMap<Ticker, Listing>, report: &mut Report) {
        let flag = |column: usize| row[column] == "Y";
        if flag(self.test) {
            report.test_issues += 1;
            return;
        }
        let Some(ticker) = symbol(row[0]) else {
            report.unreadable_symbols += 1;
            return;
        };
        let letter = |column: usize| row[column].bytes().next().and_then(Exchange::from_letter);
        let exchange = self.exchange.map_or(Some(Exchange::Nasdaq), letter);
        let fund = flag(self.fund);
        listings.insert(
            ticker,
            Listing {
                name: naming::issuer_of_security(row[1]).to_owned(),
                exchange: exchange.unwrap_or(Exchange::Unknown),
                fund,
                share: fund || naming::is_share(row[1]),
            },
        );
    }
}

#[cfg(test)]
mod tests;
