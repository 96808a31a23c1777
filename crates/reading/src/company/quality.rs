//! How well texts are read: found companies against labelled ones.
//!
//! The unit is a text. What counts is the set of issuers, share classes merged, that a text has
//! a symbol for; brokers as sources and unlisted companies count as none. One half of a set, by a
//! hash of the text, is for development, the other is held out.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use backsight_domain::instrument::Ticker;
use backsight_domain::time::Date;

use super::directory::SubjectId;
use super::resolver::Resolver;

/// One labelled text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Labelled {
    /// The text.
    pub text: String,
    /// The symbols expected, one for each issuer.
    pub expected: Vec<Ticker>,
    /// What it is hard for.
    pub class: String,
    /// The day of the text.
    pub date: Date,
}

/// Hits, false alarms and misses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Score {
    /// Texts.
    pub texts: usize,
    /// Texts that name no listed company.
    pub empty: usize,
    /// Issuers expected and found.
    pub found: usize,
    /// Issuers found and not expected.
    pub wrong: usize,
    /// Issuers expected and not found.
    pub missed: usize,
    /// Issuers found in texts that name none.
    pub wrong_in_empty: usize,
}

/// Scores by class, for one half of a set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Quality {
    /// By class.
    pub classes: BTreeMap<String, Score>,
}

/// Which half of a set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Half {
    /// Seen while rules are written.
    Development,
    /// Not looked at.
    HeldOut,
}

impl Labelled {
    /// Reads lines of `text<TAB>symbols<TAB>class[<TAB>date]`; symbols are divided by commas, `-` is none.
    ///
    /// # Errors
    /// Names the first line that has another form.
    pub fn parse_all(table: &str, date: Date) -> Result<Vec<Self>, String> {
        let rows =
            (1..).zip(table.lines()).filter(|(_, row)| !row.is_empty() && !row.starts_with('#'));
        rows.map(|(line, row)| {
            Self::parse(row, date).ok_or_else(|| format!("line {line}: `{row}`"))
        })
        .collect()
    }

    fn parse(row: &str, date: Date) -> Option<Self> {
        let mut fields = row.split('\t');
        let text = fields.next()?.to_owned();
        let expected = match fields.next()? {
            "-" => Vec::new(),
            symbols => {
                let parse = |symbol| Ticker::parse(symbol).ok();
                symbols.split(',').map(parse).collect::<Option<_>>()?
            }
        };
        let class = fields.next()?.to_owned();
        let date = fields.next().map_or(Some(date), Date::parse)?;
        Some(Self { text, expected, class, date })
    }

    /// The half to which the text belongs.
    pub fn half(&self) -> Half {
        let mut state = 0xcbf2_9ce4_8422_2325_u64;
        for byte in self.text.bytes() {
            state = (state ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
        if (state >> 32).is_multiple_of(2) { Half::Development } else { Half::HeldOut }
    }

    /// The issuers found but not expected, and those expected but not found.
    pub fn compare(&self, resolver: &Resolver) -> (Vec<SubjectId>, Vec<SubjectId>, usize) {
        let issuer = |&ticker: &Ticker| Some(resolver.directory().by_ticker(ticker, self.date)?.0);
        let expected: BTreeSet<SubjectId> = self.expected.iter().filter_map(issuer).collect();
        let mentions = resolver.read(&self.text, self.date);
        let named = mentions.iter().filter(|it| it.symbol().is_some());
        let named: BTreeSet<SubjectId> = named.map(|it| it.subject).collect();
        let wrong = named.difference(&expected).copied().collect();
        let missed = expected.difference(&named).copied().collect();
        (wrong, missed, named.intersection(&expected).count())
    }
}

impl Score {
    /// Of what was found, the share that was expected.
    pub fn precision(&self) -> f64 {
        share(self.found, self.found + self.wrong)
    }

    /// Of what was expected, the share that was found.
    pub fn recall(&self) -> f64 {
        share(self.found, self.found + self.missed)
    }

    /// The harmonic mean of both.
    pub fn f1(&self) -> f64 {
        share(2 * self.found, 2 * self.found + self.wrong + self.missed)
    }

    /// False symbols for each hundred texts that name no listed company.
    pub fn wrong_per_hundred_empty(&self) -> f64 {
        if self.empty == 0 { 0.0 } else { 100.0 * share(self.wrong_in_empty, self.empty) }
    }

    fn add(&mut self, other: &Self) {
        self.texts += other.texts;
        self.empty += other.empty;
        self.found += other.found;
        self.wrong += other.wrong;
        self.missed += other.missed;
        self.wrong_in_empty += other.wrong_in_empty;
    }
}

impl Quality {
    /// Reads every text and compares.
    pub fn measure<'a>(resolver: &Resolver, texts: impl IntoIterator<Item = &'a Labelled>) -> Self {
        let mut quality = Self::default();
        for labelled in texts {
            let (wrong, missed, found) = labelled.compare(resolver);
            let empty = labelled.expected.is_empty();
            let one = Score {
                texts: 1,
                empty: usize::from(empty),
                found,
                wrong: wrong.len(),
                missed: missed.len(),
                wrong_in_empty: if empty { wrong.len() } else { 0 },
            };
            quality.classes.entry(labelled.class.clone()).or_default().add(&one);
        }
        quality
    }

    /// All classes together.
    pub fn total(&self) -> Score {
        let mut total = Score::default();
        for score in self.classes.values() {
            total.add(score);
        }
        total
    }
}

impl fmt::Display for Quality {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "| class | texts | found | wrong | missed | precision | recall | F1 |")?;
        writeln!(f, "|---|---|---|---|---|---|---|---|")?;
        let total = ("all".to_owned(), self.total());
        for (class, it) in self.classes.iter().chain([(&total.0, &total.1)]) {
            let (precision, recall, f1) = (it.precision(), it.recall(), it.f1());
            let counts = format!("{} | {} | {} | {}", it.texts, it.found, it.wrong, it.missed);
            if it.found + it.missed == 0 {
                writeln!(f, "| {class} | {counts} | - | - | - |")?;
            } else {
                writeln!(f, "| {class} | {counts} | {precision:.3} | {recall:.3} | {f1:.3} |")?;
            }
        }
        let total = total.1;
        let (empty, rate) = (total.empty, total.wrong_per_hundred_empty());
        write!(
            f,
            "False symbols per 100 of the {empty} texts that name no listed company: {rate:.2}"
        )
    }
}

/// A share of a whole; of nothing, all.
#[expect(clippy::cast_precision_loss, reason = "counts of texts are small")]
fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 1.0 } else { part as f64 / whole as f64 }
}
