//! What signals like this one came to: winners and losers, beside what signals come to anyway.
//!
//! Likeness is distance between features, each in standard deviations of all remembered signals,
//! over the features that both have. Only outcomes that were known before a signal was made are
//! asked, so that the memory could have been asked then. The nearest [`NEIGHBOURS`] say how often
//! the like of it won; the base rate says how often everything before it did.
//!
//! Whether that helps is measured by itself: every signal with enough memory is asked about in its
//! order, and the answers are scored against the base rate's (Brier). A memory with no skill says so.

use backsight_domain::signal::{Direction, Signal};
use backsight_domain::time::{Date, Time};

use crate::outcome::{Case, ghosts, trades};
use crate::past::history::History;
use crate::sample::{Calendar, Sample};

/// How many of the nearest are asked.
pub const NEIGHBOURS: usize = 30;
/// Outcomes that must be known before anything is said of the like of a signal.
pub const KNOWN_MIN: usize = 2 * NEIGHBOURS;
/// Signals that must have been asked about before the memory's skill is told.
pub const ASKED_MIN: usize = 30;
/// Outcomes that are remembered; the last of them.
pub const REMEMBERED_MAX: usize = 4_000;

/// The features by which signals are like each other.
pub const FEATURES: [&str; 9] = [
    "volume_ratio",
    "relative_volume",
    "distance_sma20",
    "vol_ratio",
    "rsi",
    "gap",
    "trend",
    "sentiment",
    "confidence",
];

/// What is remembered of one signal.
#[derive(Clone, Debug)]
struct Remembered {
    /// When it was made.
    at: Time,
    /// When its outcome was known.
    known: Time,
    session: Date,
    direction: Direction,
    features: [Option<f64>; FEATURES.len()],
    r: f64,
}

/// Every outcome with the features its signal was made on.
#[derive(Clone, Debug)]
pub struct Memory {
    all: Vec<Remembered>,
    /// One over the standard deviation of each feature.
    scales: [f64; FEATURES.len()],
}

/// What signals like one came to, as it could be known then.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Likeness {
    /// Share of the nearest that won.
    pub won: f64,
    /// What the nearest made on average, in units of the risk.
    pub expectancy: f64,
    /// Share of all that won.
    pub base_won: f64,
    /// What all made on average.
    pub base_expectancy: f64,
    /// How many were known.
    pub known: usize,
}

/// Whether the memory tells winners from losers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Skill {
    /// Signals that could be asked about.
    pub asked: usize,
    /// The memory's Brier score.
    pub memory: f64,
    /// The base rate's.
    pub base: f64,
}

impl Skill {
    /// What the memory gains on the base rate; `None` when that needed no help.
    pub fn gain(&self) -> Option<f64> {
        (0.0 < self.base).then(|| 1.0 - self.memory / self.base)
    }
}

/// How winners and losers differ in one feature.
#[derive(Clone, Debug)]
pub struct Contrast {
    /// The feature.
    pub feature: &'static str,
    /// Its mean among winners, in its own units.
    pub winners: f64,
    /// Its mean among losers.
    pub losers: f64,
    /// The difference in standard deviations of all.
    pub distance: f64,
    /// How many outcomes had it.
    pub count: usize,
    /// R of the half with more of it.
    pub upper: Sample,
    /// R of the half with less of it.
    pub lower: Sample,
}

impl Memory {
    /// The memory of trades, and of ghosts one for each episode.
    pub fn of(history: &History) -> Self {
        let mut cases: Vec<Case<'_>> = trades(history).chain(ghosts(history)).collect();
        cases.sort_by_key(|case| (case.tale.signal.at, case.tale.signal.id));
        let skip = cases.len().saturating_sub(REMEMBERED_MAX);
        let all: Vec<Remembered> = cases[skip..].iter().map(Remembered::of).collect();
        let scales = std::array::from_fn(|place| {
            let deviation = deviation(all.iter().filter_map(|it| it.features[place]));
            if 0.0 < deviation { 1.0 / deviation } else { 0.0 }
        });
        Self { all, scales }
    }

    /// What signals like one came to, by what was known when it was made; `None` with too few.
    pub fn like(&self, signal: &Signal) -> Option<Likeness> {
        self.ask(signal.at, signal.direction, &features(signal))
    }

    fn ask(
        &self,
        at: Time,
        direction: Direction,
        features: &[Option<f64>; FEATURES.len()],
    ) -> Option<Likeness> {
        let known: Vec<&Remembered> =
            self.all.iter().filter(|it| it.known <= at && it.direction == direction).collect();
        if known.len() < KNOWN_MIN {
            return None;
        }
        let distance = |it: &&Remembered| self.distance(features, &it.features);
        let mut near: Vec<(f64, &Remembered)> =
            known.iter().filter_map(|it| Some((distance(it)?, *it))).collect();
        if near.len() < NEIGHBOURS {
            return None;
        }
        near.select_nth_unstable_by(NEIGHBOURS - 1, |(a, one), (b, other)| {
            a.total_cmp(b).then(one.at.cmp(&other.at)).then(one.r.total_cmp(&other.r))
        });
        let near: Vec<&Remembered> = near.into_iter().take(NEIGHBOURS).map(|(_, it)| it).collect();
        let ((won, expectancy), (base_won, base_expectancy)) = (rates(&near), rates(&known));
        Some(Likeness { won, expectancy, base_won, base_expectancy, known: known.len() })
    }

    /// The mean squared distance over the features that both have, which must be half of them.
    fn distance(
        &self,
        one: &[Option<f64>; FEATURES.len()],
        other: &[Option<f64>; FEATURES.len()],
    ) -> Option<f64> {
        let (mut sum, mut count) = (0.0, 0.0);
        for ((one, other), scale) in one.iter().zip(other).zip(&self.scales) {
            if let (Some(one), Some(other)) = (one, other) {
                sum += ((one - other) * scale).powi(2);
                count += 1.0;
            }
        }
        (4.5 < count).then(|| sum / count)
    }

    /// Asks about every signal in its order and scores the answers; `None` below thirty.
    #[expect(clippy::cast_precision_loss, reason = "a few thousand are remembered")]
    pub fn skill(&self) -> Option<Skill> {
        let (mut asked, mut memory, mut base) = (0_usize, 0.0, 0.0);
        for it in &self.all {
            let Some(likeness) = self.ask(it.at, it.direction, &it.features) else { continue };
            let won = f64::from(u8::from(0.0 < it.r));
            asked += 1;
            memory += (likeness.won - won).powi(2);
            base += (likeness.base_won - won).powi(2);
        }
        let count = asked as f64;
        let skill = Skill { asked, memory: memory / count, base: base / count };
        (ASKED_MIN <= asked).then_some(skill)
    }

    /// How winners and losers differ, the feature that tells them apart best first.
    pub fn contrasts(&self, calendar: &Calendar) -> Vec<Contrast> {
        let mut all: Vec<Contrast> = FEATURES
            .into_iter()
            .enumerate()
            .filter_map(|(place, feature)| self.contrast(place, feature, calendar))
            .collect();
        all.sort_by(|a, b| b.distance.abs().total_cmp(&a.distance.abs()));
        all
    }

    fn contrast(
        &self,
        place: usize,
        feature: &'static str,
        calendar: &Calendar,
    ) -> Option<Contrast> {
        let mut values: Vec<(f64, &Remembered)> =
            self.all.iter().filter_map(|it| Some((it.features[place]?, it))).collect();
        values.sort_by(|(a, one), (b, other)| a.total_cmp(b).then(one.at.cmp(&other.at)));
        let of = |won: bool| {
            let members = values.iter().filter(|(_, it)| (0.0 < it.r) == won);
            mean(members.map(|(value, _)| *value))
        };
        let (winners, losers) = (of(true)?, of(false)?);
        let middle = values.get(values.len() / 2)?.0;
        let half = |upper: bool| {
            let members = values.iter().filter(|(value, _)| (middle <= *value) == upper);
            calendar.sample(members.map(|(_, it)| (it.session, it.r)))
        };
        Some(Contrast {
            feature,
            winners,
            losers,
            distance: (winners - losers) * self.scales[place],
            count: values.len(),
            upper: half(true),
            lower: half(false),
        })
    }
}

impl Remembered {
    fn of(case: &Case<'_>) -> Self {
        let signal = &case.tale.signal;
        Self {
            at: signal.at,
            known: case.outcome.closed,
            session: case.session(),
            direction: signal.direction,
            features: features(signal),
            r: case.outcome.r_multiple,
        }
    }
}

/// The features of a signal; those with a way are counted in the signal's.
#[expect(clippy::cast_precision_loss, reason = "a sign is small")]
fn features(signal: &Signal) -> [Option<f64>; FEATURES.len()] {
    let it = &signal.features;
    let way = signal.direction.sign() as f64;
    let log = |value: Option<f64>| value.filter(|it| 0.0 < *it).map(libm::log);
    [
        log(it.volume_ratio),
        log(it.relative_volume),
        it.distance_sma20.map(|it| way * it),
        it.vol_ratio,
        it.rsi.map(|it| 50.0 + way * (it - 50.0)),
        it.gap.map(|it| way * it),
        it.trend.map(|it| way * f64::from(it)),
        it.sentiment.map(|it| way * it),
        Some(signal.confidence),
    ]
}

/// Share of wins, and the mean.
#[expect(clippy::cast_precision_loss, reason = "a few thousand are remembered")]
fn rates(all: &[&Remembered]) -> (f64, f64) {
    let count = all.len() as f64;
    let won = all.iter().filter(|it| 0.0 < it.r).count() as f64;
    (won / count, all.iter().map(|it| it.r).sum::<f64>() / count)
}

fn mean(values: impl Iterator<Item = f64>) -> Option<f64> {
    let (mut sum, mut count) = (0.0, 0.0);
    for value in values {
        sum += value;
        count += 1.0;
    }
    (0.5 < count).then(|| sum / count)
}

fn deviation(values: impl Iterator<Item = f64> + Clone) -> f64 {
    let Some(middle) = mean(values.clone()) else { return 0.0 };
    mean(values.map(|value| (value - middle).powi(2))).map_or(0.0, libm::sqrt)
}

#[cfg(test)]
mod tests;
