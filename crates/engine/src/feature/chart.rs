//! What a chart shows beside the means and volatilities that every playbook needs: moving averages
//! by exponents, relative strength, bands, the opening range, the usual volume of each minute.
//!
//! All of it is one pass over rows for every completed minute. The numbers are floats by nature;
//! they use only additions, products and quotients in one order, so that every machine has the
//! same ones. Like all windows they restart at each open unless the policy lets them reach back.

use super::ring::{Ring, Rings, padded};

/// Sessions over which the usual volume is a mean; before that it is the mean of those there are.
const USUAL_SESSIONS: f64 = 20.0;

/// Sessions without which no volume is usual.
const USUAL_SESSIONS_MIN: u8 = 5;

/// Sessions over which the true range is a mean.
const RANGE_SESSIONS: f64 = 14.0;

/// Minutes of a full session.
const MINUTES: usize = 390;

/// The chart's state for all symbols, in ticks and shares.
#[derive(Clone, Debug, Default)]
pub(crate) struct Chart {
    pub(crate) averages: Averages,
    /// Volume times the square of the typical price, over the session.
    pub(crate) squares: Vec<f64>,
    /// The highest and lowest price of the session's first minutes; zero before a trade.
    pub(crate) range_high: Vec<i32>,
    pub(crate) range_low: Vec<i32>,
    /// The first price of the session before.
    pub(crate) previous_open: Vec<i32>,
    /// The session's highest and lowest price so far; zero before a trade.
    pub(crate) day_high: Vec<i32>,
    pub(crate) day_low: Vec<i32>,
    /// The mean true range of sessions.
    pub(crate) day_range: Vec<f64>,
    pub(crate) usual: Usual,
    /// Completed minutes of the session.
    pub(crate) minute: u32,
}

/// Moving averages by symbol, padded to whole packs.
#[derive(Clone, Debug, Default)]
pub(crate) struct Averages {
    pub(crate) ema9: Vec<f64>,
    pub(crate) ema12: Vec<f64>,
    pub(crate) ema20: Vec<f64>,
    pub(crate) ema26: Vec<f64>,
    /// Of the difference of the two before.
    pub(crate) signal: Vec<f64>,
    /// Of rises and of falls, both without sign.
    pub(crate) rises: Vec<f64>,
    pub(crate) falls: Vec<f64>,
}

/// How much of a session's volume is usual by each of its minutes.
#[derive(Clone, Debug, Default)]
pub(crate) struct Usual {
    /// One row of symbols for each minute: the session's volume so far.
    pub(crate) rows: Vec<f64>,
    /// Sessions behind the rows of each symbol.
    pub(crate) sessions: Vec<u8>,
    /// What was usual by the last minute, and by the one before, without this session.
    pub(crate) expected: Vec<f64>,
    pub(crate) expected_before: Vec<f64>,
}

/// What the board knows when a minute is complete.
pub(crate) struct Complete<'a> {
    pub(crate) rings: &'a Rings,
    /// Bars of the windows of each symbol with this one.
    pub(crate) bars: &'a [f64],
    /// Minutes since each symbol traded.
    pub(crate) silent: &'a [u32],
    /// Volume of the session so far.
    pub(crate) session_volume: &'a [f64],
    /// Minutes after the open that make the opening range.
    pub(crate) range_minutes: u32,
}

impl Chart {
    pub(crate) fn grow(&mut self, symbols: usize) {
        let lanes = padded(symbols);
        for column in self.averages.columns() {
            column.resize(lanes, 0.0);
        }
        self.squares.resize(lanes, 0.0);
        for column in self.prices() {
            column.resize(symbols, 0);
        }
        self.day_range.resize(symbols, 0.0);
        self.usual.grow(symbols, lanes);
    }

    fn prices(&mut self) -> [&mut Vec<i32>; 5] {
        [
            &mut self.range_high,
            &mut self.range_low,
            &mut self.previous_open,
            &mut self.day_high,
            &mut self.day_low,
        ]
    }

    /// Restarts what belongs to one session. `before` are the closes of the session before the one
    /// that is over.
    pub(crate) fn open_session(&mut self, first_prices: &[i32], before: &[i32], restart: bool) {
        self.usual.count_session(first_prices);
        self.close_ranges(before);
        self.previous_open.copy_from_slice(first_prices);
        for column in [&mut self.range_high, &mut self.range_low, &mut self.day_high] {
            column.fill(0);
        }
        self.day_low.fill(0);
        self.squares.fill(0.0);
        self.minute = 0;
        if restart {
            for column in self.averages.columns() {
                column.fill(0.0);
            }
        }
    }

    /// Adds the true ranges of the session that is over to their means.
    fn close_ranges(&mut self, before: &[i32]) {
        let days = self.day_high.iter().zip(&self.day_low).zip(before);
        let means = self.day_range.iter_mut().zip(&self.usual.sessions);
        for ((mean, &sessions), ((&high, &low), &before)) in means.zip(days) {
            if low == 0 {
                continue;
            }
            let (high, low) =
                if before == 0 { (high, low) } else { (high.max(before), low.min(before)) };
            let count = f64::from(sessions).clamp(1.0, RANGE_SESSIONS);
            *mean += (f64::from(high - low) - *mean) / count;
        }
    }

    /// The mean true range of earlier sessions, in ticks.
    pub(crate) fn session_range(&self, index: usize) -> Option<f64> {
        (USUAL_SESSIONS_MIN <= self.usual.sessions[index]).then(|| self.day_range[index])
    }

    /// Takes a completed minute.
    pub(crate) fn push(&mut self, complete: &Complete<'_>) {
        let rings = complete.rings;
        self.averages.push(&rings.close, complete.bars);
        add_squares(&mut self.squares, rings);
        if self.minute < complete.range_minutes {
            widen(&mut self.range_high, &mut self.range_low, complete);
        }
        widen(&mut self.day_high, &mut self.day_low, complete);
        self.usual.push(self.minute as usize, complete.session_volume);
        self.minute += 1;
    }

    /// Rescales a symbol for a split: prices by the first factor, volumes by its inverse.
    pub(crate) fn split(&mut self, index: usize, price: f64, scale: impl Fn(i32) -> i32) {
        for column in self.averages.columns() {
            column[index] *= price;
        }
        // Volume times a squared price grows with the price alone.
        self.squares[index] *= price;
        for column in self.prices() {
            column[index] = scale(column[index]);
        }
        self.day_range[index] *= price;
        self.usual.rescale(index, 1.0 / price);
    }

    /// Wilder's relative strength index.
    pub(crate) fn rsi(&self, index: usize) -> Option<f64> {
        let (rises, falls) = (self.averages.rises[index], self.averages.falls[index]);
        let total = rises + falls;
        (0.0 < total).then(|| 100.0 * rises / total)
    }

    /// The difference of two averages, less its own average, in ticks.
    pub(crate) fn macd(&self, index: usize) -> f64 {
        let Averages { ema12, ema26, signal, .. } = &self.averages;
        ema12[index] - ema26[index] - signal[index]
    }

    /// The standard deviation of the session's typical prices by volume, in ticks.
    pub(crate) fn deviation(&self, index: usize, volume: f64, mean: f64) -> f64 {
        (self.squares[index] / volume - mean * mean).max(0.0).sqrt()
    }

    /// The opening range in ticks, once its minutes are over.
    pub(crate) fn opening_range(&self, index: usize, minutes: u32) -> Option<(i32, i32)> {
        let (high, low) = (self.range_high[index], self.range_low[index]);
        (minutes <= self.minute && low != 0).then_some((high, low))
    }

    /// The session's volume against what is usual by now.
    pub(crate) fn relative_volume(&self, index: usize, session_volume: f64) -> Option<f64> {
        let expected = self.usual.expected(index)?;
        Some(session_volume / expected)
    }

    /// The last minute's volume against what is usual for this minute of the day.
    pub(crate) fn curve_ratio(&self, index: usize, volume: f64) -> Option<f64> {
        let expected = self.usual.expected(index)? - self.usual.expected_before[index];
        (0.0 < expected).then(|| volume / expected)
    }

    /// The session before's move from its first to its last price.
    pub(crate) fn previous_move(&self, index: usize, previous_close: i32) -> Option<f64> {
        let open = self.previous_open[index];
        let both = open != 0 && previous_close != 0;
        both.then(|| f64::from(previous_close - open) / f64::from(open))
    }
}

impl Averages {
    fn columns(&mut self) -> [&mut Vec<f64>; 7] {
        [
            &mut self.ema9,
            &mut self.ema12,
            &mut self.ema20,
            &mut self.ema26,
            &mut self.signal,
            &mut self.rises,
            &mut self.falls,
        ]
    }

    fn push(&mut self, close: &Ring, bars: &[f64]) {
        let last = close.last_wide();
        for (average, span) in [
            (&mut self.ema9, 9.0),
            (&mut self.ema12, 12.0),
            (&mut self.ema20, 20.0),
            (&mut self.ema26, 26.0),
        ] {
            approach(average, last.iter().map(|&close| f64::from(close)), bars, 2.0 / (span + 1.0));
        }
        let spread = self.ema12.iter().zip(&self.ema26).map(|(fast, slow)| fast - slow);
        approach(&mut self.signal, spread, bars, 2.0 / 10.0);
        let before = close.wide(close.row_ago(1));
        let change = || {
            let pairs = last.iter().zip(before).zip(bars);
            // The first bar of a window has nothing to change from.
            pairs.map(
                |((&now, &then), &bars)| {
                    if bars <= 1.0 { 0.0 } else { f64::from(now.wrapping_sub(then)) }
                },
            )
        };
        approach(&mut self.rises, change().map(|change| change.max(0.0)), bars, 1.0 / 14.0);
        approach(&mut self.falls, change().map(|change| (-change).max(0.0)), bars, 1.0 / 14.0);
    }
}

/// Moves averages toward new values: by plain means while there are few bars, then by `weight`.
fn approach(averages: &mut [f64], values: impl Iterator<Item = f64>, bars: &[f64], weight: f64) {
    for ((average, value), &bars) in averages.iter_mut().zip(values).zip(bars) {
        let weight = weight.max(1.0 / bars.max(1.0));
        *average += weight * (value - *average);
    }
}

/// Widens ranges by the last minute of those who traded in it.
fn widen(highs: &mut [i32], lows: &mut [i32], complete: &Complete<'_>) {
    let rows = complete.rings.high.last().iter().zip(complete.rings.low.last());
    let range = highs.iter_mut().zip(lows);
    for (((high, low), (&top, &bottom)), &silent) in range.zip(rows).zip(complete.silent) {
        if silent == 0 {
            *high = top.max(*high);
            *low = if *low == 0 { bottom } else { bottom.min(*low) };
        }
    }
}

fn add_squares(squares: &mut [f64], rings: &Rings) {
    let prices = rings.high.last_wide().iter().zip(rings.low.last_wide());
    let rows = prices.zip(rings.close.last_wide()).zip(rings.volume.last_wide());
    for (sum, (((&high, &low), &close), &volume)) in squares.iter_mut().zip(rows) {
        let typical = (f64::from(high) + f64::from(low) + f64::from(close)) / 3.0;
        *sum += typical * typical * f64::from(volume);
    }
}

impl Usual {
    fn grow(&mut self, symbols: usize, lanes: usize) {
        let before = self.expected.len();
        let mut rows = vec![0.0; MINUTES * lanes];
        if before != 0 {
            for (new, old) in rows.chunks_mut(lanes).zip(self.rows.chunks(before)) {
                new[..before].copy_from_slice(old);
            }
        }
        self.rows = rows;
        self.sessions.resize(symbols, 0);
        self.expected.resize(lanes, 0.0);
        self.expected_before.resize(lanes, 0.0);
    }

    /// A session is over: it counts for every symbol that traded in it.
    fn count_session(&mut self, first_prices: &[i32]) {
        for (sessions, &first) in self.sessions.iter_mut().zip(first_prices) {
            *sessions = sessions.saturating_add(u8::from(first != 0));
        }
        self.expected.fill(0.0);
        self.expected_before.fill(0.0);
    }

    fn push(&mut self, minute: usize, session_volume: &[f64]) {
        let lanes = self.expected.len();
        std::mem::swap(&mut self.expected, &mut self.expected_before);
        let Some(row) = self.rows.get_mut(minute * lanes..(minute + 1) * lanes) else {
            // No session is longer than a full one.
            self.expected.copy_from_slice(&self.expected_before);
            return;
        };
        self.expected.copy_from_slice(row);
        for ((usual, &volume), &sessions) in row.iter_mut().zip(session_volume).zip(&self.sessions)
        {
            let count = (f64::from(sessions) + 1.0).min(USUAL_SESSIONS);
            *usual += (volume - *usual) / count;
        }
    }

    fn expected(&self, index: usize) -> Option<f64> {
        let expected = self.expected[index];
        (USUAL_SESSIONS_MIN <= self.sessions[index] && 0.0 < expected).then_some(expected)
    }

    fn rescale(&mut self, index: usize, factor: f64) {
        let lanes = self.expected.len();
        for row in self.rows.chunks_mut(lanes) {
            row[index] *= factor;
        }
        self.expected[index] *= factor;
        self.expected_before[index] *= factor;
    }
}

/// The share of the last bars' band widths that the last one is at least as wide as.
///
/// A width is four standard deviations of 20 closes against their mean; `closes` come newest
/// first. `None` when there are fewer than 30 widths.
pub(crate) fn width_percentile(closes: impl Iterator<Item = i32>) -> Option<f64> {
    const WINDOW: usize = 20;
    const WIDTHS: usize = 120;
    const WIDTHS_MIN: usize = 30;
    let closes: Vec<f64> = closes.take(WINDOW + WIDTHS - 1).map(f64::from).collect();
    let origin = *closes.first()?;
    // Measured from the newest close the numbers are small integers, so that sums roll exactly.
    let apart = |index: usize| closes[index] - origin;
    let (mut sum, mut squares) = (0.0, 0.0);
    let mut widths = Vec::with_capacity(WIDTHS);
    for index in 0..closes.len() {
        let entering = apart(index);
        (sum, squares) = (sum + entering, squares + entering * entering);
        if let Some(old) = index.checked_sub(WINDOW) {
            let leaving = apart(old);
            (sum, squares) = (sum - leaving, squares - leaving * leaving);
        }
        if WINDOW <= index + 1 {
            widths.push(width(origin, sum, squares));
        }
    }
    let last = *widths.first()?;
    let within = widths.iter().filter(|&&width| width <= last).count();
    let share = |part: usize| u32::try_from(part).map_or(f64::NAN, f64::from);
    (WIDTHS_MIN <= widths.len()).then(|| share(within) / share(widths.len()))
}

/// Four standard deviations of 20 closes against their mean, from sums of their distances to an
/// origin.
fn width(origin: f64, sum: f64, squares: f64) -> f64 {
    let variance = (squares / 20.0 - (sum / 20.0) * (sum / 20.0)).max(0.0);
    4.0 * variance.sqrt() / (origin + sum / 20.0)
}

#[cfg(test)]
mod tests;
