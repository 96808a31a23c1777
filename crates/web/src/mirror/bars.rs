//! Bars for charts: recent minutes as they came, and one bar a session for ever.

use std::collections::VecDeque;

use backsight_domain::event::{Entry, Event};
use backsight_domain::market::{Bar, Minute, Slot, Split};
use backsight_domain::price::Price;
use backsight_domain::session::{Session, covers};
use backsight_domain::time::{Date, Time};

/// Bars of single minutes that are kept, over all symbols; twenty bytes each.
const BARS_MAX: usize = 4 << 20;

/// What the market did.
#[derive(Clone, Debug, Default)]
pub struct Bars {
    minutes: VecDeque<Minute>,
    /// Bars in `minutes`.
    count: usize,
    days: Vec<Day>,
    splits: Vec<(Time, Split)>,
}

/// One session of all symbols.
#[derive(Clone, Debug)]
pub struct Day {
    /// Its date.
    pub date: Date,
    /// When it opened.
    pub open: Time,
    bars: Vec<Option<Candle>>,
}

/// One bar of any length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Candle {
    /// When it begins.
    pub at: Time,
    /// First trade.
    pub open: Price,
    /// Highest trade.
    pub high: Price,
    /// Lowest trade.
    pub low: Price,
    /// Last trade.
    pub close: Price,
    /// Shares traded.
    pub volume: i64,
}

impl Candle {
    fn of(at: Time, bar: Bar) -> Self {
        let Bar { open, high, low, close, volume } = bar;
        Self { at, open, high, low, close, volume: volume.into() }
    }

    fn join(&mut self, next: &Self) {
        self.high = self.high.max(next.high);
        self.low = self.low.min(next.low);
        self.close = next.close;
        self.volume += next.volume;
    }

    fn split(self, split: Split) -> Self {
        let price = |before| split.price(before);
        let volume = i128::from(self.volume) * i128::from(split.numerator)
            / i128::from(split.denominator.max(1));
        Self {
            open: price(self.open),
            high: price(self.high),
            low: price(self.low),
            close: price(self.close),
            volume: i64::try_from(volume).unwrap_or(i64::MAX),
            ..self
        }
    }
}

impl Bars {
    /// Takes what happened.
    pub(crate) fn happen(&mut self, entry: &Entry) {
        if let Event::Split(split) = &entry.event {
            self.splits.push((entry.at, *split));
        }
        if let Event::Minute(minute) = &entry.event
            && minute.is_rectangular()
            && self.minutes.back().is_none_or(|last| last.start < minute.start)
        {
            self.push(minute);
        }
    }

    fn push(&mut self, minute: &Minute) {
        let session = covers(minute.start).then(|| Session::at(minute.start)).flatten();
        let Some(session) = session else { return };
        if self.days.last().is_none_or(|day| day.date != session.date()) {
            self.days.push(Day { date: session.date(), open: session.open(), bars: Vec::new() });
        }
        let day = self.days.last_mut().expect("it was just pushed");
        day.bars.resize(minute.symbols().max(day.bars.len()), None);
        for (slot, known) in (0..).map(Slot).zip(&mut day.bars) {
            let Some(bar) = minute.bar(slot) else { continue };
            let candle = Candle::of(session.open(), bar);
            match known {
                Some(known) => known.join(&candle),
                None => *known = Some(candle),
            }
        }
        self.count += minute.symbols();
        self.minutes.push_back(minute.clone());
        while BARS_MAX < self.count {
            self.count -= self.minutes.pop_front().map_or(self.count, |oldest| oldest.symbols());
        }
    }

    /// Sessions of which something is known, the oldest first.
    pub fn days(&self) -> &[Day] {
        &self.days
    }

    /// Bars of a symbol within a time, each of so many minutes, at today's count of shares.
    pub fn candles(&self, slot: Slot, (from, to): (Time, Time), minutes: i64) -> Vec<Candle> {
        let first = self.minutes.partition_point(|minute| minute.start < from);
        let wanted = self.minutes.range(first..).take_while(|minute| minute.start < to);
        let mut candles: Vec<Candle> = Vec::new();
        let mut session: Option<Session> = None;
        for minute in wanted {
            let Some(bar) = minute.bar(slot) else { continue };
            session = session.filter(|known| known.contains(minute.start));
            session = session.or_else(|| Session::at(minute.start));
            let Some(session) = session else { continue };
            let since = (minute.start - session.open()).minutes_floor();
            let begin = session.open()
                + backsight_domain::time::Span::from_minutes(since - since % minutes);
            let candle = self.adjusted(slot, Candle::of(begin, bar), minute.start);
            match candles.last_mut().filter(|last| last.at == begin) {
                Some(last) => last.join(&candle),
                None => candles.push(candle),
            }
        }
        candles
    }

    /// The price of a symbol when something was said about it: the close of its last minute before,
    /// at today's count of shares.
    pub fn price_at(&self, slot: Slot, at: Time) -> Option<Price> {
        let known = self.minutes.partition_point(|minute| minute.end() <= at);
        let mut before = self.minutes.range(..known).rev();
        let (start, bar) = before.find_map(|it| Some((it.start, it.bar(slot)?)))?;
        Some(self.adjusted(slot, Candle::of(start, bar), start).close)
    }

    /// Bars of a symbol by session, at today's count of shares.
    pub fn daily(&self, slot: Slot) -> Vec<Candle> {
        let bar = |day: &Day| {
            let candle = day.bars.get(slot.index()).copied().flatten()?;
            Some(self.adjusted(slot, candle, day.open))
        };
        self.days.iter().filter_map(bar).collect()
    }

    /// The last price of the session before the last one.
    pub fn previous_close(&self, slot: Slot) -> Option<Price> {
        let day = self.days.len().checked_sub(2).and_then(|index| self.days.get(index))?;
        let candle = day.bars.get(slot.index()).copied().flatten()?;
        Some(self.adjusted(slot, candle, day.open).close)
    }

    /// The last session's bar of a symbol.
    pub fn today(&self, slot: Slot) -> Option<Candle> {
        self.days.last()?.bars.get(slot.index()).copied().flatten()
    }

    fn adjusted(&self, slot: Slot, candle: Candle, at: Time) -> Candle {
        let later = self.splits.iter().filter(|(when, split)| at < *when && split.slot == slot);
        later.fold(candle, |candle, (_, split)| candle.split(*split))
    }
}

#[cfg(test)]
mod tests;
