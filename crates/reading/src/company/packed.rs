//! The list that ships in the binary: our own command's output, as lines of text.
//!
//! ```text
//! backsight companies 1
//! C|320193|AAPL:Q|Apple Inc.
//! C|1512673|XYZ:N:2025-01-21,SQ:N::2025-01-21|Block, Inc.
//! F|SPY:P QQQ:Q
//! ```
//!
//! A symbol is followed by the letter of its exchange and, where known, by its first day and by
//! the first day on which it no longer holds. Further legal names follow the first one.

use std::fmt;
use std::fmt::Write as _;

use backsight_domain::instrument::Ticker;
use backsight_domain::time::Date;

use super::directory::{Directory, Exchange, Kind, Line, Subject};

const BUILTIN: &str = include_str!("../../lists/companies.txt");
const HEADER: &str = "backsight companies 1";
const FUNDS_PER_LINE: usize = 200;

/// Why a packed list was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackError {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong there.
    pub what: String,
}

impl fmt::Display for PackError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "packed list line {}: {}", self.line, self.what)
    }
}

impl std::error::Error for PackError {}

impl Directory {
    /// The list that ships in the binary.
    pub fn builtin() -> Self {
        Self::unpack(BUILTIN).expect("the built-in list was packed by this program")
    }

    /// The directory's issuers and funds as lines of text.
    pub fn pack(&self) -> String {
        let mut text = format!("{HEADER}\n");
        for (_, it) in self.subjects().filter(|(_, it)| it.kind == Kind::Company) {
            let cik = it.cik.map_or_else(String::new, |cik| cik.to_string());
            let lines: Vec<String> = it.lines.iter().map(write_line).collect();
            let names: Vec<&str> = it.names().collect();
            writeln!(text, "C|{cik}|{}|{}", lines.join(","), names.join("|"))
                .expect("a string takes every line");
        }
        let funds = self.subjects().filter(|(_, it)| it.kind == Kind::Fund);
        let funds: Vec<String> = funds.map(|(_, it)| write_line(&it.lines[0])).collect();
        for some in funds.chunks(FUNDS_PER_LINE) {
            writeln!(text, "F|{}", some.join(" ")).expect("a string takes every line");
        }
        text
    }

    /// Reads what [`Directory::pack`] wrote.
    ///
    /// # Errors
    /// Names the first line that has another form.
    pub fn unpack(text: &str) -> Result<Self, PackError> {
        let mut lines = (1..).zip(text.lines());
        if lines.next().is_none_or(|(_, line)| line != HEADER) {
            let what = format!("the header is not `{HEADER}`");
            return Err(PackError { line: 1, what });
        }
        let mut directory = Self::default();
        for (line, text) in lines {
            let subjects = read(text).map_err(|what| PackError { line, what })?;
            for subject in subjects {
                directory.add(subject);
            }
        }
        Ok(directory)
    }
}

fn write_line(line: &Line) -> String {
    let mut text = format!("{}:{}", line.ticker, line.exchange.letter());
    let day = |date: Option<Date>| date.map_or_else(String::new, |date| date.to_string());
    if line.from.is_some() || line.until.is_some() {
        text.push(':');
        text.push_str(&day(line.from));
    }
    if line.until.is_some() {
        text.push(':');
        text.push_str(&day(line.until));
    }
    text
}

fn read(text: &str) -> Result<Vec<Subject>, String> {
    if let Some(funds) = text.strip_prefix("F|") {
        let fund = |text: &str| {
            let line = read_line(text)?;
            let mut subject = Subject::unlisted(Kind::Fund, line.ticker.as_str());
            subject.lines.push(line);
            Ok(subject)
        };
        return funds.split(' ').map(fund).collect();
    }
    let rest = text.strip_prefix("C|").ok_or_else(|| "neither `C|` nor `F|`".to_owned())?;
    let mut fields = rest.split('|');
    let [cik, lines, name] = [fields.next(), fields.next(), fields.next()];
    let (Some(cik), Some(lines), Some(name)) = (cik, lines, name) else {
        return Err("an issuer needs a number, symbols and a name".to_owned());
    };
    let mut subject = Subject::unlisted(Kind::Company, name);
    if !cik.is_empty() {
        subject.cik = Some(cik.parse().map_err(|_| format!("`{cik}` is no number"))?);
    }
    subject.lines = lines.split(',').map(read_line).collect::<Result<_, _>>()?;
    subject.other_names = fields.map(Into::into).collect();
    Ok(vec![subject])
}

fn read_line(text: &str) -> Result<Line, String> {
    let mut fields = text.split(':');
    let ticker = fields.next().unwrap_or_default();
    let ticker = Ticker::parse(ticker).map_err(|_| format!("`{ticker}` is no symbol"))?;
    let letter = fields.next().unwrap_or_default();
    let exchange = match letter.as_bytes() {
        [one] => Exchange::from_letter(*one),
        _ => None,
    };
    let exchange = exchange.ok_or_else(|| format!("`{letter}` is no exchange"))?;
    let mut day = || match fields.next().unwrap_or_default() {
        "" => Ok(None),
        text => Date::parse(text).map(Some).ok_or_else(|| format!("`{text}` is no date")),
    };
    Ok(Line { ticker, exchange, from: day()?, until: day()? })
}

#[cfg(test)]
mod tests;
