//! What the board says about one symbol: sums and rings turned into features.

use backsight_domain::market::Slot;
use backsight_domain::signal::Features;

use super::chart::width_percentile;
use super::{Board, Rings, ratio_of, to_dollars};

impl Board {
    /// Everything that is known about a symbol now, news apart.
    pub fn features(&self, slot: Slot) -> Features {
        let index = slot.index();
        let bars = self.bars(slot);
        let full = |window: u32| (window <= bars).then_some(());
        let close = f64::from(self.rings.close.last()[index]);
        let mean = |sum: f64, window: f64| sum / window;
        let sma20 = full(20).map(|()| mean(self.sums.close20[index], 20.0));
        let sma50 = full(50).map(|()| mean(self.sums.close50[index], 50.0));
        let distance = |sma: Option<f64>| sma.map(|sma| (close - sma) / sma);
        let (recent_vol, baseline_vol) = self.volatilities(slot);
        let volume = u32::try_from(self.rings.volume.last()[index]).unwrap_or(0);
        let before = self.sums.volume_before[index];
        let volume_mean = full(21).filter(|()| 0.0 < before).map(|()| mean(before, 20.0));
        let extremes = full(self.windows.breakout + 1).map(|()| self.extremes(index));
        Features {
            bars,
            sma20: sma20.map(to_dollars),
            sma50: sma50.map(to_dollars),
            distance_sma20: distance(sma20),
            distance_sma50: distance(sma50),
            trend: self.trend(slot),
            recent_vol,
            baseline_vol,
            vol_ratio: ratio_of(recent_vol, baseline_vol),
            volume,
            volume_mean,
            volume_ratio: volume_mean.map(|mean| f64::from(volume) / mean),
            surge: volume_mean.map(|_| self.volume_reaches(slot, self.windows.surge)),
            atr: full(14).map(|()| self.true_range(index)),
            vwap: self.vwap(index),
            gap: self.gap(index),
            breakout_high: extremes.map(|(high, _)| to_dollars(f64::from(high))),
            breakout_low: extremes.map(|(_, low)| to_dollars(f64::from(low))),
            ..self.chart_features(slot)
        }
    }

    /// Whether the range of a session is known.
    pub(crate) fn has_session_range(&self, slot: Slot) -> bool {
        self.windows.chart && self.chart.session_range(slot.index()).is_some()
    }

    /// What only some playbooks look at; nothing when the policy does not want it.
    fn chart_features(&self, slot: Slot) -> Features {
        let (index, bars) = (slot.index(), self.bars(slot));
        if !self.windows.chart || bars == 0 {
            return Features::default();
        }
        let (chart, windows) = (&self.chart, &self.windows);
        let full = |window: u32, ticks: f64| (window <= bars).then(|| to_dollars(ticks));
        let volume = f64::from(self.rings.volume.last()[index]);
        let session_volume = self.sums.session_volume[index];
        let bands = self.bands(index);
        let range = chart.opening_range(index, windows.range);
        let slow = (windows.slow_breakout < bars).then(|| {
            let window = 1..windows.slow_breakout + 1;
            let high = self.rings.high.lane(index, window.clone()).fold(0, i32::max);
            (high, self.rings.low.lane(index, window).fold(i32::MAX, i32::min))
        });
        let dollars = |ticks: i32| to_dollars(f64::from(ticks));
        Features {
            ema9: full(9, chart.averages.ema9[index]),
            ema20: full(20, chart.averages.ema20[index]),
            macd: full(35, chart.macd(index)),
            rsi: if 15 <= bars { chart.rsi(index) } else { None },
            vwap_upper: bands.map(|(upper, _)| to_dollars(upper)),
            vwap_lower: bands.map(|(_, lower)| to_dollars(lower)),
            range_high: range.map(|(high, _)| dollars(high)),
            range_low: range.map(|(_, low)| dollars(low)),
            slow_high: slow.map(|(high, _)| dollars(high)),
            slow_low: slow.map(|(_, low)| dollars(low)),
            width_percentile: width_percentile(self.rings.close.lane(index, 0..bars.min(139))),
            relative_volume: chart.relative_volume(index, session_volume),
            curve_ratio: chart.curve_ratio(index, volume),
            session_range: chart.session_range(index).map(to_dollars),
            session_open: Some(dollars(self.session_open[index])).filter(|open| 0.0 < *open),
            previous_move: chart.previous_move(index, self.previous_close[index]),
            ..Features::default()
        }
    }

    /// The bands around the session's price by volume, in ticks.
    fn bands(&self, index: usize) -> Option<(f64, f64)> {
        let volume = self.sums.session_volume[index];
        if volume <= 0.0 {
            return None;
        }
        let mean = self.sums.session_value[index] / (3.0 * volume);
        let width = self.windows.band * self.chart.deviation(index, volume, mean);
        Some((mean + width, mean - width))
    }

    fn true_range(&self, index: usize) -> f64 {
        let Rings { close, high, low, .. } = &self.rings;
        let extremes = high.lane(index, 0..14).zip(low.lane(index, 0..14));
        let ranges = extremes.zip(close.lane(index, 1..15)).map(|((high, low), before)| {
            let reach = if before == 0 { (high, low) } else { (high.max(before), low.min(before)) };
            i64::from(reach.0 - reach.1)
        });
        let total: i64 = ranges.sum();
        to_dollars(f64::from(i32::try_from(total).unwrap_or(i32::MAX)) / 14.0)
    }

    fn vwap(&self, index: usize) -> Option<f64> {
        let volume = self.sums.session_volume[index];
        let value = self.sums.session_value[index];
        (0.0 < volume).then(|| to_dollars(value / (3.0 * volume)))
    }

    /// The session's first price against the session before's last, as a share.
    pub(crate) fn gap(&self, index: usize) -> Option<f64> {
        let (open, before) = (self.session_open[index], self.previous_close[index]);
        let both = open != 0 && before != 0;
        both.then(|| f64::from(open - before) / f64::from(before))
    }
}
