//! The rules once more, in plain loops over one symbol after the other: nothing is incremental,
//! nothing is shared with the engine, and every comparison is in integers.

use backsight_domain::market::Minute;
use backsight_sim::backtest::{Column, Tape, Trade};

use crate::rules::{FEE, Rules, SHARES};

/// One trade, by the minutes at whose closes it was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Deal {
    pub(crate) symbol: usize,
    pub(crate) entered: usize,
    pub(crate) left: usize,
    /// Prices in 1/10,000 dollar.
    pub(crate) entry: i64,
    pub(crate) exit: i64,
}

impl Deal {
    /// Result in 1/10,000 dollar after both fees.
    pub(crate) fn pnl(&self) -> i64 {
        (self.exit - self.entry) * SHARES - 2 * FEE.units()
    }
}

/// Every trade of the rules on a tape, by symbol and time.
pub(crate) fn deals(tape: &Tape, rules: &Rules) -> Vec<Deal> {
    (0..tape.symbols()).flat_map(|symbol| Walker { tape, rules, symbol }.deals()).collect()
}

/// The engine's trades in the same words and order.
pub(crate) fn deals_of(tape: &Tape, trades: &[Trade]) -> Vec<Deal> {
    let minute_of = |time| tape.starts().partition_point(|&s| s + Minute::LENGTH <= time) - 1;
    let mut deals: Vec<_> = trades
        .iter()
        .map(|trade| Deal {
            symbol: symbol_of(trade),
            entered: minute_of(trade.opened),
            left: minute_of(trade.closed),
            entry: trade.entry.ticks(),
            exit: trade.exit.ticks(),
        })
        .collect();
    deals.sort_unstable();
    deals
}

fn symbol_of(trade: &Trade) -> usize {
    let ticker = trade.instrument.underlying();
    let number = ticker.as_str().strip_prefix('S').and_then(|number| number.parse().ok());
    number.expect("a back-test's symbols are `S` and a number")
}

struct Walker<'a> {
    tape: &'a Tape,
    rules: &'a Rules,
    symbol: usize,
}

impl Walker<'_> {
    fn deals(&self) -> Vec<Deal> {
        let mut deals = Vec::new();
        let mut held: Option<(usize, i64)> = None;
        let mut leaving = false;
        for minute in 0..self.tape.starts().len() {
            // The exchange is closed when the last minute is complete: nothing can be sent.
            let can_send = !self.ends_session(minute);
            let close = self.at(minute, Column::Close);
            if let Some((entered, entry)) = held {
                leaving |= self.wants_out(entered, entry, minute);
                if leaving && can_send {
                    deals.push(Deal {
                        symbol: self.symbol,
                        entered,
                        left: minute,
                        entry,
                        exit: close,
                    });
                    (held, leaving) = (None, false);
                }
            } else if can_send && self.wants_in(minute) {
                held = Some((minute, close));
            }
        }
        deals
    }

    fn wants_out(&self, entered: usize, entry: i64, minute: usize) -> bool {
        let gain = self.at(minute, Column::Close) - entry;
        let share = |bps: u32| entry * i64::from(bps) / 10_000;
        let starts = self.tape.starts();
        let minutes_held = (starts[minute] - starts[entered]).minutes_floor();
        gain <= -share(self.rules.stop_bps)
            || share(self.rules.target_bps) <= gain
            || i64::from(self.rules.minutes) <= minutes_held
    }

    fn wants_in(&self, minute: usize) -> bool {
        let rules = self.rules;
        let longest = [50, 20, rules.baseline, rules.breakout].into_iter().max().unwrap_or(0);
        if minute < longest as usize {
            return false;
        }
        self.volume_surges(minute)
            && self.trends(minute)
            && self.breaks_out(minute)
            && self.is_awake(minute)
    }

    /// volume >= quarters / 4 × mean of the 20 volumes before.
    fn volume_surges(&self, minute: usize) -> bool {
        let before = self.sum(minute - 20..minute, Column::Volume);
        let volume = self.at(minute, Column::Volume);
        0 < before && i64::from(self.rules.volume_quarters) * before <= 4 * 20 * volume
    }

    /// mean of 20 closes > mean of 50 closes.
    fn trends(&self, minute: usize) -> bool {
        let mean20_times_100 = 5 * self.sum(minute - 19..minute + 1, Column::Close);
        let mean50_times_100 = 2 * self.sum(minute - 49..minute + 1, Column::Close);
        mean50_times_100 < mean20_times_100
    }

    /// close > highest high of the bars before.
    fn breaks_out(&self, minute: usize) -> bool {
        let bars = minute - self.rules.breakout as usize..minute;
        let highest = bars.map(|bar| self.at(bar, Column::High)).max();
        highest.is_none_or(|highest| highest < self.at(minute, Column::Close))
    }

    /// deviation(recent) / deviation(baseline) >= tenths / 10, squared and multiplied out.
    fn is_awake(&self, minute: usize) -> bool {
        let (recent, baseline) = (self.rules.recent, self.rules.baseline);
        let pairs = |n: u32| i128::from(n) * i128::from(n - 1);
        let tenths = i128::from(self.rules.vol_tenths);
        let of_recent = self.scatter(minute, recent) * pairs(baseline);
        let of_baseline = self.scatter(minute, baseline) * pairs(recent);
        0 < of_baseline && tenths * tenths * of_baseline <= 100 * of_recent
    }

    /// n² times the population variance of the last n returns.
    fn scatter(&self, minute: usize, window: u32) -> i128 {
        let bars = minute + 1 - window as usize..=minute;
        let returns = bars.map(|bar| self.one_return(bar));
        let (sum, squares) = returns.fold((0, 0), |(sum, squares), r| (sum + r, squares + r * r));
        i128::from(window) * squares - sum * sum
    }

    /// The return in 1e-7, ties to even.
    fn one_return(&self, minute: usize) -> i128 {
        let (before, close) = (self.at(minute - 1, Column::Close), self.at(minute, Column::Close));
        #[expect(clippy::cast_precision_loss, reason = "prices are below 2^31")]
        let exact = (close - before) as f64 / before as f64 * 1e7;
        #[expect(clippy::cast_possible_truncation, reason = "returns are below 1")]
        let rounded = exact.round_ties_even() as i128;
        rounded
    }

    fn sum(&self, minutes: std::ops::Range<usize>, column: Column) -> i64 {
        minutes.map(|minute| self.at(minute, column)).sum()
    }

    fn at(&self, minute: usize, column: Column) -> i64 {
        self.tape.at(minute, column, self.symbol).into()
    }

    fn ends_session(&self, minute: usize) -> bool {
        let starts = self.tape.starts();
        starts.get(minute + 1) != Some(&(starts[minute] + Minute::LENGTH))
    }
}
