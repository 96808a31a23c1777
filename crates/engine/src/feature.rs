//! Features of every symbol, updated once per completed minute.
//!
//! The board keeps rings of integer columns (one row per minute, one lane per symbol) and running
//! sums beside them. The dense pass touches whole rows, so it runs across symbols; whatever only a
//! candidate needs is read from the rings on demand. Sums are exact: the order of
//! additions, the width of a lane and the machine cannot change a decision.
//!
//! Windows are aligned in time. A symbol that did not trade in a minute carries its close with no
//! volume, so twenty bars are always twenty minutes. Unless the policy lets windows reach across
//! sessions, they restart at each open, and no return ever spans a night.

use backsight_domain::market::{Minute, Slot};
use backsight_domain::policy::{FeaturePolicy, Policy};

mod chart;
mod read;
mod ring;

use self::chart::Complete;
pub(crate) use self::chart::{Averages, Chart, Usual};
use self::ring::padded;
pub(crate) use self::ring::{Ring, Rings};

/// Returns are kept in 1e-7 and held to half the price either way.
const RETURN_SCALE: f64 = 1e7;
const RETURN_LIMIT: i32 = 5_000_000;

/// A close this far from the last one, as a share 1/n, needs a second bar to be believed.
const JUMP_DIVISOR: i32 = 5;

/// The features' state for all symbols.
#[derive(Clone, Debug, Default)]
pub struct Board {
    pub(crate) rings: Rings,
    pub(crate) sums: Sums,
    /// Minutes seen since the start.
    pub(crate) minutes: u32,
    /// The minute at which the windows of each symbol began.
    pub(crate) since: Vec<u32>,
    /// Minutes since each symbol last traded; `u32::MAX` before its first trade.
    pub(crate) silent: Vec<u32>,
    /// A close that jumped and waits for a second bar, in ticks; zero when none does.
    pub(crate) suspect: Vec<i32>,
    /// The session's first price and the previous session's last close.
    pub(crate) session_open: Vec<i32>,
    pub(crate) previous_close: Vec<i32>,
    pub(crate) windows: Windows,
    /// What only some playbooks look at; it stands still unless the policy wants it.
    pub(crate) chart: Chart,
    /// Bars in the windows of each symbol, padded. Derived.
    pub(crate) ages: Vec<f64>,
    /// Whether the last minute left nothing to tidy up: all traded, none suspect. Derived.
    pub(crate) tidy: bool,
}

/// The last minute's rows that positions and ghosts are followed by.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LastBars<'a> {
    high: &'a [i32],
    low: &'a [i32],
    close: &'a [i32],
}

impl LastBars<'_> {
    /// High, low and close of a symbol in ticks.
    #[inline]
    pub(crate) fn of(&self, slot: Slot) -> (i64, i64, i64) {
        let index = slot.index();
        (self.high[index].into(), self.low[index].into(), self.close[index].into())
    }
}

/// Running sums by symbol, padded to whole packs.
///
/// They are integers, held in floats: below 2^53 every integer is one, and adding and subtracting
/// them is exact in any order. Vectors of the oldest machine convert and multiply floats, but no
/// 64-bit integers. Closes and volumes have 31 bits and no window has more than 50 minutes: nothing
/// reaches 2^53. Only a session's value would, at 300 billion dollars in one symbol; it feeds the
/// average price alone. Returns have no running sums: few symbols are asked for their volatility,
/// and for those the returns are added up.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sums {
    pub(crate) close20: Vec<f64>,
    pub(crate) close50: Vec<f64>,
    /// Volume of the 20 minutes before the last one.
    pub(crate) volume_before: Vec<f64>,
    pub(crate) session_volume: Vec<f64>,
    pub(crate) session_value: Vec<f64>,
}

/// The policy's windows, ready for use.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Windows {
    pub(crate) recent: u32,
    pub(crate) baseline: u32,
    pub(crate) breakout: u32,
    pub(crate) slow_breakout: u32,
    pub(crate) range: u32,
    /// Volume ratio from which a bar is a surge.
    pub(crate) surge: f64,
    /// Deviations between the price by volume and its bands.
    pub(crate) band: f64,
    pub(crate) across_sessions: bool,
    pub(crate) chart: bool,
}

impl Board {
    /// Takes the policy's windows.
    pub fn adopt(&mut self, policy: &Policy) {
        self.windows = Windows::of(&policy.features);
    }

    /// Makes room for symbols appended to the universe.
    pub(crate) fn grow(&mut self, symbols: usize) {
        debug_assert!(self.symbols() <= symbols, "a universe only grows");
        self.tidy = false;
        self.rings.grow(symbols);
        self.sums.grow(padded(symbols));
        self.chart.grow(symbols);
        self.ages.resize(padded(symbols), 0.0);
        self.since.resize(symbols, self.minutes);
        self.silent.resize(symbols, u32::MAX);
        for column in [&mut self.suspect, &mut self.session_open, &mut self.previous_close] {
            column.resize(symbols, 0);
        }
    }

    /// The number of symbols.
    pub fn symbols(&self) -> usize {
        self.since.len()
    }

    /// Restarts what belongs to one session.
    pub(crate) fn open_session(&mut self) {
        self.tidy = false;
        let restart = !self.windows.across_sessions;
        self.chart.open_session(&self.session_open, &self.previous_close, restart);
        self.previous_close.copy_from_slice(self.rings.close.last());
        self.session_open.fill(0);
        self.sums.session_volume.fill(0.0);
        self.sums.session_value.fill(0.0);
        if !self.windows.across_sessions {
            self.since.fill(self.minutes);
            self.sums.restart();
        }
    }

    /// Takes a completed minute. Impossible and unconfirmed bars count as silence.
    pub(crate) fn push(&mut self, minute: &Minute) {
        self.rings.begin(minute);
        let woken = self.mend(minute);
        self.rings.write_returns();
        if !self.windows.across_sessions {
            // The first trade of a session has nothing to return from but the night.
            for index in woken {
                self.rings.returns.clear_last(index);
            }
        }
        self.update_sums();
        self.minutes += 1;
        if self.windows.chart {
            self.draw_chart();
        }
    }

    fn draw_chart(&mut self) {
        for (age, since) in self.ages.iter_mut().zip(&self.since) {
            *age = f64::from(self.minutes.saturating_sub(*since));
        }
        self.chart.push(&Complete {
            rings: &self.rings,
            bars: &self.ages,
            silent: &self.silent,
            session_volume: &self.sums.session_volume,
            range_minutes: self.windows.range,
        });
    }

    /// Replaces what is no bar by the carried close, and notes who traded; gives those that traded
    /// for the first time in the session.
    fn mend(&mut self, minute: &Minute) -> Vec<usize> {
        let symbols = self.symbols();
        let all_traded = all_bits(&minute.traded, symbols);
        if all_traded && self.rings.last_row_is_sound() {
            return self.note_quiet_minute();
        }
        self.tidy = false;
        let mut woken = Vec::new();
        for index in 0..symbols {
            let sound = minute.has_traded(Slot(u16::try_from(index).expect("slots are 16 bits")))
                && self.rings.is_possible(index)
                && self.is_confirmed(index);
            if sound {
                if self.session_open[index] == 0 {
                    woken.push(index);
                }
                self.note_trade(index);
            } else {
                self.rings.carry(index);
                self.silent[index] = self.silent[index].saturating_add(1);
                if self.silent[index] == u32::MAX {
                    // Before its first trade a symbol has no windows.
                    self.since[index] = self.minutes + 1;
                }
            }
        }
        woken
    }

    /// The whole row is sound and traded: the dense case.
    fn note_quiet_minute(&mut self) -> Vec<usize> {
        if self.tidy {
            return Vec::new();
        }
        self.tidy = true;
        self.silent.fill(0);
        self.suspect.fill(0);
        let mut woken = Vec::new();
        let opens = self.session_open.iter_mut().zip(self.rings.open_row());
        for (index, (open, &first)) in opens.enumerate().filter(|(_, (open, _))| **open == 0) {
            *open = first;
            woken.push(index);
        }
        woken
    }

    fn note_trade(&mut self, index: usize) {
        if self.silent[index] == u32::MAX {
            self.since[index] = self.minutes;
        }
        self.silent[index] = 0;
        self.suspect[index] = 0;
        if self.session_open[index] == 0 {
            self.session_open[index] = self.rings.open_row()[index];
        }
    }

    /// Whether a close is near the last one, or near the suspect that came before it.
    fn is_confirmed(&mut self, index: usize) -> bool {
        let (last, close) = (self.rings.previous_close(index), self.rings.close.last()[index]);
        let first_of_session = self.session_open[index] == 0;
        if last == 0 || first_of_session || !is_jump(last, close) {
            return true;
        }
        let suspect = self.suspect[index];
        let confirmed = suspect != 0 && !is_jump(suspect, close);
        self.suspect[index] = close;
        confirmed
    }

    fn update_sums(&mut self) {
        let rings = &self.rings;
        let age = self.minutes - self.window_start() + 1;
        let ago = |column: &Ring, window: u32| -> usize {
            if age <= window { column.zero_row() } else { column.row_ago(window) }
        };
        let (close, volume) = (&rings.close, &rings.volume);
        let Sums { close20, close50, volume_before, session_volume, session_value } =
            &mut self.sums;
        let (new, old20, old50) =
            (close.last_wide(), close.wide(ago(close, 20)), close.wide(ago(close, 50)));
        roll(close20, new, old20);
        roll(close50, new, old50);
        let entering = if age == 1 { volume.zero_row() } else { volume.row_ago(1) };
        roll(volume_before, volume.wide(entering), volume.wide(ago(volume, 21)));
        accumulate(session_volume, session_value, rings);
    }

    /// The minute at which the oldest windows began.
    fn window_start(&self) -> u32 {
        self.since.iter().copied().min().unwrap_or(self.minutes).min(self.minutes)
    }

    /// Completed bars in the windows of a symbol.
    pub fn bars(&self, slot: Slot) -> u32 {
        self.minutes.saturating_sub(self.since[slot.index()])
    }

    /// Minutes since the symbol last traded; `None` before its first trade.
    pub fn minutes_silent(&self, slot: Slot) -> Option<u32> {
        Some(self.silent[slot.index()]).filter(|&silent| silent != u32::MAX)
    }

    /// The last close in ticks; zero before the first trade.
    pub(crate) fn last_close(&self, slot: Slot) -> i32 {
        self.rings.close.last().get(slot.index()).copied().unwrap_or(0)
    }

    /// High, low and close of the last minute.
    #[inline]
    pub(crate) fn last_bars(&self) -> LastBars<'_> {
        let Rings { close, high, low, .. } = &self.rings;
        // Cut to one length, so that a slot is compared with it once.
        let symbols = self.symbols();
        LastBars {
            high: &high.last()[..symbols],
            low: &low.last()[..symbols],
            close: &close.last()[..symbols],
        }
    }

    /// Marks symbols whose last volume is at least `ratio` times the mean of the 20 before.
    pub fn mark_volume(&self, ratio: f64, marks: &mut Vec<u8>) {
        marks.clear();
        let volumes = self.rings.volume.last_wide().iter().zip(&self.sums.volume_before);
        marks.extend(
            volumes.map(|(&volume, &before)| {
                u8::from((0.0 < before) & reaches(volume, before, ratio))
            }),
        );
    }

    /// Whether the symbol's last volume is at least `ratio` times the mean of the 20 before.
    pub(crate) fn volume_reaches(&self, slot: Slot, ratio: f64) -> bool {
        let index = slot.index();
        let before = self.sums.volume_before[index];
        0.0 < before && reaches(self.rings.volume.last()[index], before, ratio)
    }

    /// +1, 0, -1: the 20-bar mean above, at, below the 50-bar mean. Exact.
    pub(crate) fn trend(&self, slot: Slot) -> Option<i8> {
        let index = slot.index();
        let (fast, slow) = (5.0 * self.sums.close20[index], 2.0 * self.sums.close50[index]);
        (50 <= self.bars(slot)).then_some(i8::from(slow < fast) - i8::from(fast < slow))
    }

    fn volatilities(&self, slot: Slot) -> (Option<f64>, Option<f64>) {
        let (index, bars) = (slot.index(), self.bars(slot));
        let (recent, baseline) = (self.windows.recent, self.windows.baseline);
        let short = recent.min(baseline);
        let common = self.return_sums(index, 0..short);
        let volatility = |window: u32| {
            // The first bar of a fresh window has no return.
            (window < bars).then(|| {
                let rest = self.return_sums(index, short..window);
                deviation(window, common.0 + rest.0, common.1 + rest.1)
            })
        };
        (volatility(recent), volatility(baseline))
    }

    /// The sum of a lane's returns so many minutes ago, and that of their squares.
    fn return_sums(&self, index: usize, minutes: std::ops::Range<u32>) -> (i64, i64) {
        let returns = self.rings.returns.lane(index, minutes).map(i64::from);
        returns.fold((0, 0), |(sum, squares), r| (sum + r, squares + r * r))
    }

    /// Whether the last close lies beyond every bar of the breakout window before it.
    pub(crate) fn breaks_out(&self, slot: Slot, rising: bool) -> bool {
        let (index, close) = (slot.index(), self.last_close(slot));
        let window = self.windows.breakout;
        let beyond = || {
            if rising {
                self.rings.high.lane(index, 1..window + 1).all(|high| high < close)
            } else {
                self.rings.low.lane(index, 1..window + 1).all(|low| close < low)
            }
        };
        window < self.bars(slot) && beyond()
    }

    /// Highest high and lowest low, in ticks, of the breakout window before the last bar.
    pub(crate) fn extremes(&self, index: usize) -> (i32, i32) {
        let window = 1..self.windows.breakout + 1;
        let high = self.rings.high.lane(index, window.clone()).fold(0, i32::max);
        (high, self.rings.low.lane(index, window).fold(i32::MAX, i32::min))
    }

    /// Rescales a symbol's history for a split.
    pub(crate) fn split(&mut self, slot: Slot, numerator: u16, denominator: u16) {
        let index = slot.index();
        let scale = |ticks: i32, up: u16, down: u16| {
            let scaled = i64::from(ticks) * i64::from(up) / i64::from(down);
            i32::try_from(scaled).unwrap_or(i32::MAX)
        };
        for column in [&mut self.rings.close, &mut self.rings.high, &mut self.rings.low] {
            column.map_lane(index, |ticks| scale(ticks, denominator, numerator));
        }
        self.rings.volume.map_lane(index, |volume| scale(volume, numerator, denominator));
        for column in [&mut self.suspect, &mut self.session_open, &mut self.previous_close] {
            column[index] = scale(column[index], denominator, numerator);
        }
        self.chart.split(index, f64::from(denominator) / f64::from(numerator), |ticks| {
            scale(ticks, denominator, numerator)
        });
        self.recompute_price_sums(index);
    }

    fn recompute_price_sums(&mut self, index: usize) {
        let age = self.minutes - self.window_start();
        let sum = |column: &Ring, minutes: std::ops::Range<u32>| -> f64 {
            let within = minutes.start..minutes.end.min(age);
            within.map(|ago| f64::from(column.at(ago, index))).sum()
        };
        self.sums.close20[index] = sum(&self.rings.close, 0..20);
        self.sums.close50[index] = sum(&self.rings.close, 0..50);
        self.sums.volume_before[index] = sum(&self.rings.volume, 1..21);
    }
}

impl Windows {
    fn of(policy: &FeaturePolicy) -> Self {
        Self {
            recent: policy.vol_recent,
            baseline: policy.vol_baseline,
            breakout: policy.breakout_bars,
            slow_breakout: policy.slow_breakout_bars,
            range: policy.opening_range_minutes,
            surge: policy.surge_ratio,
            band: policy.vwap_band,
            across_sessions: policy.across_sessions,
            chart: policy.chart,
        }
    }
}

impl Sums {
    fn columns(&mut self) -> [&mut Vec<f64>; 5] {
        [
            &mut self.close20,
            &mut self.close50,
            &mut self.volume_before,
            &mut self.session_volume,
            &mut self.session_value,
        ]
    }

    fn grow(&mut self, symbols: usize) {
        for column in self.columns() {
            column.resize(symbols, 0.0);
        }
    }

    fn restart(&mut self) {
        for column in self.columns() {
            column.fill(0.0);
        }
    }
}

/// Recent volatility against the baseline's, unless nothing moved.
fn ratio_of(recent: Option<f64>, baseline: Option<f64>) -> Option<f64> {
    recent.zip(baseline).filter(|(_, baseline)| 0.0 < *baseline).map(|(recent, b)| recent / b)
}

/// Sample standard deviation of so many returns, from their sum and the sum of their squares.
///
/// The scatter is n² times the population variance, an integer of fewer than 64 bits: returns have
/// 23, and no window has more than 200.
#[expect(clippy::cast_precision_loss, reason = "rounded the same way on every machine")]
fn deviation(window: u32, sum: i64, squares: i64) -> f64 {
    let scatter = i64::from(window) * squares - sum * sum;
    let variance = scatter as f64 / (f64::from(window) * f64::from(window - 1));
    variance.sqrt() / RETURN_SCALE
}

/// Whether 20 volumes reach `ratio` times the sum of the 20 before: the one such comparison.
fn reaches(volume: i32, before: f64, ratio: f64) -> bool {
    ratio * before <= f64::from(volume) * 20.0
}

fn roll(sums: &mut [f64], new: &[i32], old: &[i32]) {
    for ((sum, &new), &old) in sums.iter_mut().zip(new).zip(old) {
        // What is neither negative nor beyond 31 bits differs by what fits them.
        *sum += f64::from(new.wrapping_sub(old));
    }
}

/// Adds the last minute to the session's volume and three times its value at typical prices.
fn accumulate(volumes: &mut [f64], values: &mut [f64], rings: &Rings) {
    let (high, low) = (rings.high.last_wide(), rings.low.last_wide());
    let prices = high.iter().zip(low).zip(rings.close.last_wide());
    let rows = prices.zip(rings.volume.last_wide());
    for ((total, value), (((&high, &low), &close), &volume)) in
        volumes.iter_mut().zip(values).zip(rows)
    {
        let volume = f64::from(volume);
        *total += volume;
        *value += (f64::from(high) + f64::from(low) + f64::from(close)) * volume;
    }
}

/// The slots of symbols that are marked with a one, in order.
pub fn marked(marks: &[u8]) -> impl Iterator<Item = Slot> {
    marks.as_chunks::<8>().0.iter().enumerate().flat_map(|(pack, marks)| {
        // Eight marks are one word, whose lowest bit that is set is the next mark.
        let mut word = u64::from_le_bytes(*marks);
        std::iter::from_fn(move || {
            let lane = word.trailing_zeros() as usize / 8;
            let next = (word != 0).then_some(8 * pack + lane)?;
            word &= word - 1;
            Some(Slot(u16::try_from(next).expect("slots are 16 bits")))
        })
    })
}

fn is_jump(from: i32, to: i32) -> bool {
    from / JUMP_DIVISOR < (to - from).abs()
}

fn all_bits(words: &[u64], count: usize) -> bool {
    let (whole, rest) = (count / 64, count % 64);
    words.iter().take(whole).all(|&word| word == u64::MAX)
        && (rest == 0 || words.get(whole).is_some_and(|word| rest <= word.trailing_ones() as usize))
}

fn to_dollars(ticks: f64) -> f64 {
    ticks / 10_000.0
}

#[cfg(test)]
mod tests;
