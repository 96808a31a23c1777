//! How fast prices react to news: the mean move after a reading, by kind of story.
//!
//! The move is counted in the reading's way, so that a fall after bad news is a reaction like a rise
//! after good. The half-life is the minute of trading at which the mean has come half of the way to
//! its largest value; between two looks it is a straight line. What is read at night is counted from
//! the last close, so the opening jump is part of the first minute.
//!
//! A story's kind is told from words of its headline, by a short list: text chooses a row of this
//! table and nothing else.

use std::collections::BTreeSet;
use std::fmt;

use backsight_domain::time::Date;

use crate::past::tape::CHECKPOINTS;
use crate::past::{Past, trading_date};
use crate::sample::{Calendar, Sample, Saying};

/// A kind of story.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum StoryKind {
    /// Somebody who is paid for opinions changed one.
    Analyst,
    /// What the company expects.
    Guidance,
    /// What the company earned.
    Earnings,
    /// One company wants another.
    Takeover,
    /// Courts and authorities.
    Legal,
    /// What the company makes.
    Product,
    /// What it was asked to make.
    Contract,
    /// Dividends, offerings, buybacks, splits.
    Capital,
    /// Who runs it.
    People,
    /// Anything else.
    Other,
}

/// Words that tell a kind, the first that is found counts.
const WORDS: [(StoryKind, &[&str]); 9] = [
    (
        StoryKind::Analyst,
        &["upgrade", "downgrade", "overweight", "underweight", "price target", "rating"],
    ),
    (StoryKind::Guidance, &["guidance", "outlook", "forecast", "full-year", "warns"]),
    (StoryKind::Earnings, &["earnings", "quarterly", "profit", "revenue", "estimates"]),
    (StoryKind::Takeover, &["merger", "takeover", "acquire", "buyout", "bid for", "stake"]),
    (
        StoryKind::Legal,
        &["sued", "lawsuit", "class action", "court", "jury", "patent", "probe", "regulator"],
    ),
    (StoryKind::Product, &["recall", "approval", "approves", "trial", "launch", "shipments"]),
    (StoryKind::Contract, &["contract", "awarded", "wins", "picks", "order", "deal"]),
    (StoryKind::Capital, &["dividend", "buyback", "offering", "split", "repurchase", "debt"]),
    (StoryKind::People, &["chief", "ceo", "cfo", "resign", "appoint", "steps down", "staff"]),
];

impl StoryKind {
    /// The kind that a headline tells.
    pub fn of(headline: &str) -> Self {
        let headline = headline.to_lowercase();
        let told = WORDS.iter().find(|(_, words)| words.iter().any(|it| headline.contains(it)));
        told.map_or(Self::Other, |(kind, _)| *kind)
    }
}

/// How prices reacted to one kind of story.
#[derive(Clone, Debug)]
pub struct Reaction {
    /// The kind; `None` for all of them.
    pub kind: Option<StoryKind>,
    /// The mean move in percent after each of the minutes that a path is looked at.
    pub curve: [Sample; CHECKPOINTS.len()],
    /// The move until the close.
    pub close: Sample,
    /// Minutes until half of the largest mean move; `None` unless that move can be told from chance.
    pub half_life: Option<f64>,
}

/// One reading with its way.
struct Move {
    session: Date,
    kind: StoryKind,
    after: [Option<f64>; CHECKPOINTS.len()],
    close: Option<f64>,
}

/// Reactions to all stories, and to each kind that was read.
pub fn reactions(past: &Past, calendar: &Calendar) -> Vec<Reaction> {
    let moves = moves(past);
    let kinds: BTreeSet<StoryKind> = moves.iter().map(|it| it.kind).collect();
    let groups = std::iter::once(None).chain(kinds.into_iter().map(Some));
    let all = groups.map(|kind| {
        let members: Vec<&Move> =
            moves.iter().filter(|it| kind.is_none_or(|kind| it.kind == kind)).collect();
        react(kind, &members, calendar)
    });
    all.filter(|reaction| 0 < reaction.curve[0].record.count).collect()
}

/// The first reading of each story about each company, with the way it says.
fn moves(past: &Past) -> Vec<Move> {
    let mut seen = BTreeSet::new();
    let mut moves = Vec::new();
    for read in &past.press.readings {
        let key = (read.reading.story, read.reading.ticker);
        if read.reading.sentiment == 0.0 || !seen.insert(key) {
            continue;
        }
        let Some(path) = read.path.and_then(|id| past.tape.path(id)) else { continue };
        let way = read.reading.sentiment.signum();
        let headline = past.press.stories.get(&read.reading.story);
        let kind = headline.map_or(StoryKind::Other, |told| StoryKind::of(&told.story.headline));
        let percent = |result: Option<f64>| result.map(|result| 100.0 * way * result);
        moves.push(Move {
            session: trading_date(read.at),
            kind,
            after: std::array::from_fn(|place| percent(path.after(place))),
            close: percent(path.at_close()),
        });
    }
    moves
}

fn react(kind: Option<StoryKind>, moves: &[&Move], calendar: &Calendar) -> Reaction {
    let sample = |value: &dyn Fn(&Move) -> Option<f64>| {
        calendar.sample(moves.iter().filter_map(|it| Some((it.session, value(it)?))))
    };
    let curve: [Sample; CHECKPOINTS.len()] =
        std::array::from_fn(|place| sample(&|it| it.after[place]));
    let mean = |sample: &Sample| sample.record.expectancy.unwrap_or(0.0);
    let largest = curve.iter().max_by(|a, b| mean(a).total_cmp(&mean(b)));
    let gains = largest.is_some_and(|sample| sample.says() == Saying::Gains);
    let half_life = gains.then(|| half_life(&curve.each_ref().map(mean))).flatten();
    Reaction { kind, curve, close: sample(&|it| it.close), half_life }
}

/// When a curve from zero comes half of the way to its largest value.
pub fn half_life(means: &[f64; CHECKPOINTS.len()]) -> Option<f64> {
    let half = means.iter().copied().fold(0.0, f64::max) / 2.0;
    if half <= 0.0 {
        return None;
    }
    let (mut minute, mut mean) = (0.0, 0.0);
    for (next_minute, next) in CHECKPOINTS.iter().map(|&it| f64::from(it)).zip(means) {
        if half <= *next {
            return Some(minute + (next_minute - minute) * (half - mean) / (next - mean));
        }
        (minute, mean) = (next_minute, *next);
    }
    None
}

impl fmt::Display for StoryKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Analyst => "analyst",
            Self::Guidance => "guidance",
            Self::Earnings => "earnings",
            Self::Takeover => "takeover",
            Self::Legal => "legal",
            Self::Product => "product",
            Self::Contract => "contract",
            Self::Capital => "capital",
            Self::People => "people",
            Self::Other => "other",
        })
    }
}

#[cfg(test)]
mod tests;
