//! Stories as the API tells them.

use std::collections::{BTreeMap, BTreeSet};

use backsight_domain::instrument::Ticker;
use backsight_domain::time::{Span, Time};
use backsight_learning::past::press::{Read, Told};
use serde::Serialize;
use utoipa::ToSchema;

use crate::mirror::Mirror;

/// How far before a signal its news is looked for.
const BEFORE: Span = Span::from_minutes(24 * 60);
/// Stories that are told with a signal.
const TOLD: usize = 10;

/// A story and what was understood of it. Its text is data: it is shown as text and never run.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Story {
    /// Its identity, shared by every copy.
    pub id: String,
    /// When the desk first had it.
    pub at: String,
    /// What the outlet says about its time.
    pub published: Option<String>,
    /// The outlet that the desk had it from first.
    pub outlet: String,
    /// The headline.
    pub headline: String,
    /// Where it can be read; may be empty.
    pub url: String,
    /// Copies that came later.
    pub copies: u32,
    /// The companies it is about.
    pub companies: Vec<Company>,
}

/// What was understood of a story about one company.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Company {
    /// The symbol.
    pub symbol: String,
    /// From -1 (bad) to +1 (good).
    pub sentiment: f64,
    /// How sure the reader was, 0 to 1.
    pub confidence: f64,
    /// Who read it.
    pub rung: Option<String>,
}

impl Story {
    /// Tells a story with the readings of it.
    pub fn of<'a>(told: &Told, readings: impl IntoIterator<Item = &'a Read>) -> Self {
        // A story that is read again, by another reader, is told by the last reading.
        let mut companies: BTreeMap<Ticker, Company> = BTreeMap::new();
        for read in readings {
            let company = Company {
                symbol: read.reading.ticker.as_str().to_owned(),
                sentiment: read.reading.sentiment,
                confidence: read.reading.confidence,
                rung: read.rung.map(|rung| rung.to_string()),
            };
            companies.insert(read.reading.ticker, company);
        }
        Self {
            id: format!("{:016x}", told.story.id),
            at: told.at.to_string(),
            published: told.story.published.map(|at| at.to_string()),
            outlet: told.story.source.to_string(),
            headline: told.story.headline.to_string(),
            url: told.story.link.to_string(),
            copies: told.copies,
            companies: companies.into_values().collect(),
        }
    }

    /// The stories that a filter lets through, newest first.
    pub fn list(
        mirror: &Mirror,
        until: Time,
        limit: usize,
        mut wanted: impl FnMut(&Told, &[&Read]) -> bool,
    ) -> Vec<Self> {
        let readings = Readings::of(mirror);
        let stories = mirror.past.press.stories.values();
        let mut told: Vec<&Told> = stories.filter(|told| told.at < until).collect();
        told.sort_by_key(|told| std::cmp::Reverse((told.at, told.story.id)));
        let with = told.into_iter().map(|told| (told, readings.about(told.story.id)));
        let stories = with.filter(|(told, reads)| wanted(told, reads)).take(limit);
        stories.map(|(told, reads)| Self::of(told, reads.iter().copied())).collect()
    }

    /// The stories of some identities, newest first.
    pub(crate) fn some(mirror: &Mirror, ids: &BTreeSet<u64>, limit: usize) -> Vec<Self> {
        let end = Time::from_nanos(i64::MAX);
        Self::list(mirror, end, limit, |told, _| ids.contains(&told.story.id))
    }

    /// News about a symbol within a day before a signal, newest first.
    pub(crate) fn before(mirror: &Mirror, ticker: Ticker, at: Time) -> Vec<Self> {
        let about = |reads: &[&Read]| reads.iter().any(|read| read.reading.ticker == ticker);
        let recent = |told: &Told| at - told.at <= BEFORE;
        let until = at + Span::from_nanos(1);
        Self::list(mirror, until, TOLD, |told, reads| recent(told) && about(reads))
    }
}

/// Readings by story.
struct Readings<'m>(BTreeMap<u64, Vec<&'m Read>>);

impl<'m> Readings<'m> {
    fn of(mirror: &'m Mirror) -> Self {
        let mut readings: BTreeMap<u64, Vec<&Read>> = BTreeMap::new();
        for read in &mirror.past.press.readings {
            readings.entry(read.reading.story).or_default().push(read);
        }
        Self(readings)
    }

    fn about(&self, story: u64) -> &[&'m Read] {
        self.0.get(&story).map_or(&[], Vec::as_slice)
    }
}
