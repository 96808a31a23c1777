//! Intervals by resampling whole blocks of sessions.
//!
//! Results of one session hang together: the same market, the same story, the same surge told by
//! three playbooks. Results of neighbouring sessions do too. So what is drawn again and again is
//! not results but runs of sessions, as long as the cube root of how many there are, and a session
//! without a result is drawn like any other (Künsch 1989; the circle of Politis and Romano 1992).
//!
//! The interval holds the middle 95 of a hundred resampled values. With few sessions it is too
//! narrow, as every interval of this kind is; below [`SESSIONS_MIN`], or two blocks, there is none.

use backsight_sim::chance::Chance;

/// Sessions below which there is no interval.
pub const SESSIONS_MIN: usize = 10;
/// How often sessions are drawn anew.
pub const RESAMPLES: usize = 1_000;

/// What one session adds: the sum of its results, and how many they are.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Session {
    /// The sum.
    pub sum: f64,
    /// How many.
    pub count: f64,
}

/// Where a number lies, 95 times of a hundred.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// Its lower end.
    pub low: f64,
    /// Its upper end.
    pub high: f64,
}

impl Interval {
    /// Whether the whole of it lies above zero, below it, or neither: +1, -1, 0.
    pub fn side(&self) -> i8 {
        if 0.0 < self.low {
            1
        } else if self.high < 0.0 {
            -1
        } else {
            0
        }
    }
}

/// The interval of the mean result.
///
/// Blocks have at least `span` sessions: as many as one result reaches over.
pub fn of_mean(sessions: &[Session], span: usize, chance: &Chance) -> Option<Interval> {
    interval(sessions, span, chance, |sum, count| (0.0 < count).then(|| sum / count))
}

/// The interval of the sum of results.
///
/// Blocks have at least `span` sessions: as many as one result reaches over.
pub fn of_sum(sessions: &[Session], span: usize, chance: &Chance) -> Option<Interval> {
    interval(sessions, span, chance, |sum, _| Some(sum))
}

/// The interval of a number that the sums of resampled sessions give.
fn interval(
    sessions: &[Session],
    span: usize,
    chance: &Chance,
    number: impl Fn(f64, f64) -> Option<f64>,
) -> Option<Interval> {
    let busy = sessions.iter().filter(|session| 0.0 < session.count).count();
    let block = block_length(sessions.len()).max(span);
    if sessions.len() < SESSIONS_MIN.max(2 * block) || busy < 2 {
        return None;
    }
    let mut chance = chance.branch("bootstrap");
    let mut numbers = Vec::with_capacity(RESAMPLES);
    for _ in 0..RESAMPLES {
        let (sum, count) = draw(sessions, block, &mut chance);
        numbers.extend(number(sum, count));
    }
    numbers.sort_by(f64::total_cmp);
    let at = |per_mille: usize| numbers.get(numbers.len() * per_mille / 1_000).copied();
    let last = numbers.len().checked_sub(1)?;
    Some(Interval { low: at(25)?, high: at(975).unwrap_or(numbers[last]) })
}

/// Sessions in a block: the cube root of all of them.
pub fn block_length(sessions: usize) -> usize {
    (1..=sessions).take_while(|length| length * length * length <= sessions).count().max(1)
}

/// As many sessions as there are, in blocks from random places of the circle they form.
fn draw(sessions: &[Session], block: usize, chance: &mut Chance) -> (f64, f64) {
    let (mut sum, mut count, mut left) = (0.0, 0.0, sessions.len());
    while 0 < left {
        let start = chance.below(sessions.len());
        for step in 0..block.min(left) {
            let session = sessions[(start + step) % sessions.len()];
            sum += session.sum;
            count += session.count;
        }
        left = left.saturating_sub(block);
    }
    (sum, count)
}

#[cfg(test)]
mod tests;
