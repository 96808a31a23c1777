//! The board against a plain recomputation from each symbol's whole history.

use backsight_domain::instrument::Ticker;
use backsight_domain::market::{Bar, Listing, Split, Universe};
use backsight_domain::price::Price;
use backsight_domain::session::Session;
use backsight_domain::signal::Features;
use backsight_domain::time::{Date, Span, Time};
use proptest::prelude::*;

use super::*;
use crate::market::Market;

/// One completed minute of one symbol.
#[derive(Clone, Copy, Debug)]
struct Row {
    high: i32,
    low: i32,
    close: i32,
    volume: i32,
    gain: i32,
}

/// Everything that ever happened to one symbol, kept as it came.
#[derive(Clone, Debug, Default)]
struct History {
    rows: Vec<Row>,
    /// The row at which the windows began.
    begin: usize,
    silent: u32,
    suspect: i32,
    session_open: i32,
    previous_close: i32,
    session_volume: i64,
    session_value: i64,
}

/// A bar as a feed might send it: open, high, low, close, volume.
type Sent = (i32, i32, i32, i32, i32);

impl History {
    fn last(&self) -> i32 {
        self.rows.last().map_or(0, |row| row.close)
    }

    fn open_session(&mut self, across: bool) {
        self.previous_close = self.last();
        (self.session_open, self.session_volume, self.session_value) = (0, 0, 0);
        if !across {
            self.begin = self.rows.len();
        }
    }

    fn push(&mut self, sent: Option<Sent>, across: bool) {
        let last = self.last();
        let sound = sent.filter(|sent| is_possible(*sent) && self.is_confirmed(sent.3));
        if let Some((open, high, low, close, volume)) = sound {
            let first = self.session_open == 0;
            if self.rows.is_empty() {
                self.begin = 0;
            }
            let gain = if last == 0 || (first && !across) { 0 } else { gain(last, close) };
            self.rows.push(Row { high, low, close, volume, gain });
            self.session_open = if first { open } else { self.session_open };
            (self.silent, self.suspect) = (0, 0);
            self.session_volume += i64::from(volume);
            self.session_value +=
                (i64::from(high) + i64::from(low) + i64::from(close)) * i64::from(volume);
        } else if !self.rows.is_empty() {
            self.rows.push(Row { high: last, low: last, close: last, volume: 0, gain: 0 });
            self.silent += 1;
        }
    }

    fn is_confirmed(&mut self, close: i32) -> bool {
        let far = |from: i32| from / 5 < (close - from).abs();
        if self.last() == 0 || self.session_open == 0 || !far(self.last()) {
            return true;
        }
        let confirmed = self.suspect != 0 && !far(self.suspect);
        self.suspect = close;
        confirmed
    }

    fn split(&mut self, split: Split) {
        let (up, down) = (i64::from(split.numerator), i64::from(split.denominator));
        let price = |ticks: i32| i32::try_from(i64::from(ticks) * down / up).unwrap();
        for row in &mut self.rows {
            (row.high, row.low, row.close) = (price(row.high), price(row.low), price(row.close));
            row.volume = i32::try_from(i64::from(row.volume) * up / down).unwrap();
        }
        for ticks in [&mut self.suspect, &mut self.session_open, &mut self.previous_close] {
            *ticks = price(*ticks);
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "sums of windows stay far below 2^53")]
    fn features(&self, policy: &FeaturePolicy) -> Features {
        let rows = &self.rows[self.begin..];
        let bars = u32::try_from(rows.len()).unwrap();
        let tail = |from_end: usize, count: usize| {
            (from_end + count <= rows.len())
                .then(|| &rows[rows.len() - from_end - count..rows.len() - from_end])
        };
        let sum =
            |rows: &[Row], of: fn(&Row) -> i32| rows.iter().map(|r| i64::from(of(r))).sum::<i64>();
        let close = f64::from(self.last());
        let mean = |count: u32| {
            tail(0, count as usize).map(|rows| sum(rows, |row| row.close) as f64 / f64::from(count))
        };
        let (sma20, sma50) = (mean(20), mean(50));
        let vol = |window: u32| tail(0, window as usize + 1).map(|rows| deviation(&rows[1..]));
        let (recent, baseline) = (vol(policy.vol_recent), vol(policy.vol_baseline));
        let volume = u32::try_from(self.rows.last().map_or(0, |row| row.volume)).unwrap();
        let before = tail(1, 20).map(|rows| sum(rows, |row| row.volume)).filter(|sum| 0 < *sum);
        let volume_mean = before.map(|sum| sum as f64 / 20.0);
        let breakout = tail(1, policy.breakout_bars as usize);
        let dollars = |ticks: f64| ticks / 10_000.0;
        let extreme = |ticks: Option<i32>| ticks.map(|ticks| dollars(f64::from(ticks)));
        Features {
            bars,
            sma20: sma20.map(dollars),
            sma50: sma50.map(dollars),
            distance_sma20: sma20.map(|sma| (close - sma) / sma),
            distance_sma50: sma50.map(|sma| (close - sma) / sma),
            trend: tail(0, 50).map(|rows| {
                let (slow, fast) = (sum(rows, |row| row.close), sum(&rows[30..], |row| row.close));
                i8::try_from((5 * fast - 2 * slow).signum()).unwrap()
            }),
            recent_vol: recent,
            baseline_vol: baseline,
            vol_ratio: recent.zip(baseline).filter(|(_, b)| 0.0 < *b).map(|(r, b)| r / b),
            volume,
            volume_mean,
            volume_ratio: volume_mean.map(|mean| f64::from(volume) / mean),
            atr: tail(0, 14).map(|_| self.true_range()),
            vwap: (0 < self.session_volume)
                .then(|| dollars(self.session_value as f64 / (3.0 * self.session_volume as f64))),
            gap: (self.session_open != 0 && self.previous_close != 0).then(|| {
                f64::from(self.session_open - self.previous_close) / f64::from(self.previous_close)
            }),
            breakout_high: extreme(breakout.and_then(|rows| rows.iter().map(|r| r.high).max())),
            breakout_low: extreme(breakout.and_then(|rows| rows.iter().map(|r| r.low).min())),
            surge: volume_mean.map(|mean| policy.surge_ratio * mean <= f64::from(volume)),
            ..Features::default()
        }
    }

    fn true_range(&self) -> f64 {
        let count = self.rows.len();
        let range = |index: usize| {
            let (row, before) =
                (self.rows[index], index.checked_sub(1).map(|i| self.rows[i].close));
            let (high, low) =
                before.map_or((row.high, row.low), |b| (row.high.max(b), row.low.min(b)));
            high - low
        };
        f64::from((count - 14..count).map(range).sum::<i32>()) / 14.0 / 10_000.0
    }
}

fn is_possible((open, high, low, close, volume): Sent) -> bool {
    0 < low && low <= open.min(close) && open.max(close) <= high && 0 <= volume
}

fn gain(before: i32, close: i32) -> i32 {
    let exact = f64::from(close - before) / f64::from(before) * 1e7;
    #[expect(clippy::cast_possible_truncation, reason = "held to half the price")]
    let rounded = exact.clamp(-5e6, 5e6).round_ties_even() as i32;
    rounded
}

#[expect(clippy::cast_precision_loss, reason = "sums of windows stay far below 2^53")]
fn deviation(rows: &[Row]) -> f64 {
    let n = i64::try_from(rows.len()).unwrap();
    let sum: i64 = rows.iter().map(|row| i64::from(row.gain)).sum();
    let squares: i64 = rows.iter().map(|row| i64::from(row.gain) * i64::from(row.gain)).sum();
    let window = rows.len() as f64;
    ((n * squares - sum * sum) as f64 / (window * (window - 1.0))).sqrt() / 1e7
}

/// A small seeded stream, so that a case is one number.
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }

    fn ticks(&mut self, bound: u64) -> i32 {
        i32::try_from(self.below(bound)).unwrap()
    }
}

/// The market and the histories side by side.
struct Twins {
    market: Market,
    plain: Vec<History>,
    policy: Policy,
    chance: Chance,
}

impl Twins {
    fn new(seed: u64, across: bool) -> Self {
        let mut policy = Policy::default();
        policy.features.across_sessions = across;
        // The chart has twins of its own.
        policy.features.chart = false;
        (policy.features.vol_recent, policy.features.vol_baseline) = (6, 25);
        let mut market = Market::default();
        market.board.adopt(&policy);
        Self { market, plain: Vec::new(), policy, chance: Chance(seed) }
    }

    fn watch(&mut self, symbols: usize) {
        let listing = |index: usize| Listing {
            ticker: Ticker::parse(&format!("S{index}")).unwrap(),
            sector: "any".into(),
            fractionable: false,
            shortable: false,
        };
        let universe = Universe { listings: (0..symbols).map(listing).collect() };
        assert!(self.market.watch(&universe));
        self.plain.resize(symbols, History::default());
    }

    /// What a feed sends for a symbol: mostly bars near the last, sometimes none, sometimes junk.
    fn draw(&mut self, index: usize) -> Option<Sent> {
        let last = match self.plain[index].last() {
            0 => 500_000 + self.chance.ticks(500_000),
            last => last,
        };
        let open = last + self.chance.ticks(2_001) - 1_000;
        let mut close = open + self.chance.ticks(2_001) - 1_000;
        let kind = self.chance.below(100);
        if kind < 10 {
            return None;
        }
        if kind < 14 {
            close = open / 10 * (7 + self.chance.ticks(8));
        }
        let high = open.max(close) + self.chance.ticks(500);
        let low = open.min(close) - self.chance.ticks(500);
        let volume = self.chance.ticks(5_000);
        Some(match kind {
            14 => (open, low - 1, high + 1, close, volume),
            15 => (open, high, 0, close, volume),
            16 => (open, high, low, close, -1),
            _ => (open, high, low, close, volume),
        })
    }

    fn minute(&mut self, start: Time) {
        let symbols = self.plain.len();
        let mut minute = Minute::of_length(start, symbols);
        let asleep = self.chance.below(4) == 0;
        for index in 0..symbols {
            // The last symbol begins to trade late, and sometimes all but one are silent.
            let late = index + 1 == symbols && self.plain[index].last() == 0;
            let silent = (late && self.chance.below(40) != 0) || (asleep && index != 0);
            let sent = self.draw(index).filter(|_| !silent);
            if let Some((open, high, low, close, volume)) = sent {
                let price = Price::MIN;
                let slot = Slot(u16::try_from(index).unwrap());
                minute
                    .set(slot, Bar { open: price, high: price, low: price, close: price, volume });
                (minute.open[index], minute.high[index]) = (open, high);
                (minute.low[index], minute.close[index]) = (low, close);
            }
            self.plain[index].push(sent, self.policy.features.across_sessions);
        }
        self.market.push_minute(&minute).expect("the minute lies in its session");
    }

    fn compare(&self) {
        for (index, plain) in self.plain.iter().enumerate() {
            let slot = Slot(u16::try_from(index).unwrap());
            assert_eq!(
                self.market.board.features(slot),
                plain.features(&self.policy.features),
                "symbol {index} after {} rows",
                plain.rows.len()
            );
            let silent = (!plain.rows.is_empty()).then_some(plain.silent);
            assert_eq!(self.market.board.minutes_silent(slot), silent);
        }
    }
}

fn play(seed: u64, across: bool) {
    let mut twins = Twins::new(seed, across);
    twins.watch(3);
    let mut session = Session::next(Date::from_ymd(2026, 3, 1).unwrap());
    for day in 0..3 {
        let across = twins.policy.features.across_sessions;
        twins.plain.iter_mut().for_each(|plain| plain.open_session(across));
        let length = 20 + twins.chance.below(60);
        for minute in 0..length {
            match twins.chance.below(60) {
                0 if twins.plain.len() < 6 => twins.watch(twins.plain.len() + 1),
                1 => {
                    let features = &mut twins.policy.features;
                    features.vol_recent = 5 + u32::try_from(twins.chance.below(15)).unwrap();
                    features.vol_baseline = 20 + u32::try_from(twins.chance.below(30)).unwrap();
                    features.breakout_bars = 2 + u32::try_from(twins.chance.below(20)).unwrap();
                    twins.market.board.adopt(&twins.policy);
                }
                2 if minute != 0 => {
                    let slot = Slot(u16::try_from(twins.chance.below(3)).unwrap());
                    let numerator = 1 + u16::try_from(twins.chance.below(3)).unwrap();
                    let split = Split { slot, numerator, denominator: 2 };
                    assert!(twins.market.push_split(split, Time::from_seconds(0)));
                    twins.plain[slot.index()].split(split);
                    twins.compare();
                }
                _ => {}
            }
            twins.minute(session.open() + Span::from_minutes(i64::try_from(minute).unwrap()));
            twins.compare();
        }
        session = Session::plus_sessions(session.date(), 1 + day % 2);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn prop_the_board_equals_a_plain_recomputation(seed: u64, across: bool) {
        play(seed, across);
    }
}
