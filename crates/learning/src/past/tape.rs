//! What the market did: closes by session, and the minutes after moments worth a look.
//!
//! Bars are believed exactly when the desk believes them: they go through the engine's own
//! [`Market`], so that a surge is a surge by the same windows and the same rules.
//!
//! A [`Path`] is the way of one price after a moment: where it stood after some minutes of trading
//! and at the session's close, and the best and worst close until then. Outside sessions it begins
//! with the next one, so that the night belongs to it.

use std::collections::VecDeque;

use backsight_domain::decision::Hold;
use backsight_domain::event::{Entry, Event};
use backsight_domain::instrument::Ticker;
use backsight_domain::market::{Listing, Minute, Slot, Split};
use backsight_domain::notice::Dividend;
use backsight_domain::policy::Policy;
use backsight_domain::price::Price;
use backsight_domain::session::Session;
use backsight_domain::signal::Features;
use backsight_domain::time::{Date, Time};
use backsight_engine::feature::marked;
use backsight_engine::market::Market;

/// Sessions whose closes are remembered.
pub const SESSIONS_MAX: usize = 400;
/// Paths that are remembered, of surges, holds and readings together.
pub const PATHS_MAX: usize = 100_000;
/// Surges and holds that are remembered, each.
pub const MARKS_MAX: usize = 50_000;
/// The minutes of trading after which a path is looked at.
pub const CHECKPOINTS: [u16; 8] = [1, 2, 5, 10, 15, 30, 60, 120];

/// What the market did.
#[derive(Clone, Debug, Default)]
pub struct Tape {
    market: Market,
    /// The sessions, oldest first.
    pub days: VecDeque<Day>,
    /// Splits, in the order in which they were told.
    pub splits: Vec<ToldSplit>,
    /// Dividends that were announced.
    pub dividends: Vec<Dividend>,
    /// The first surge of each symbol in each hour.
    pub surges: VecDeque<Surge>,
    /// Every hold, with what the price did next.
    pub holds: VecDeque<MarkedHold>,
    paths: VecDeque<Path>,
    /// The number of the oldest path that is remembered.
    first_path: u64,
    /// Paths that still grow.
    growing: Vec<u64>,
    /// The hour of the last surge of each symbol.
    surged: Vec<Option<(Date, u16)>>,
    scratch: Vec<u8>,
}

/// A split, and from when on prices are new ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ToldSplit {
    /// When it was told; prices known from then on are new ones.
    pub at: Time,
    /// The first session in new prices.
    pub from: Date,
    /// The split.
    pub split: Split,
}

/// One session's bars.
#[derive(Clone, Debug)]
pub struct Day {
    /// The session.
    pub date: Date,
    /// One bar for each symbol; `None` when it did not trade.
    pub bars: Vec<Option<DayBar>>,
    /// Minutes that arrived.
    pub minutes: u16,
}

/// One symbol's session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the four prices of a bar, in ticks, and its shares")]
pub struct DayBar {
    pub open: i32,
    pub high: i32,
    pub low: i32,
    pub close: i32,
    pub volume: i64,
}

/// The name of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PathId(u64);

/// The way of one price after a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Path {
    /// The symbol.
    pub slot: Slot,
    /// The moment.
    pub at: Time,
    /// The last close then, in ticks.
    pub base: i32,
    /// Closes after [`CHECKPOINTS`] minutes of trading, in ticks; zero when not reached.
    marks: [i32; CHECKPOINTS.len()],
    /// The last close of the session, in ticks; zero until it ended.
    close: i32,
    /// The highest close until then.
    high: i32,
    /// The lowest close until then.
    low: i32,
    /// Shares traded in the first fifteen minutes.
    pub volume_15: i64,
    minutes: u16,
    /// The session's end; `None` until the first minute.
    until: Option<Time>,
}

/// Volume far above what was usual.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Surge {
    /// When its bar was complete.
    pub at: Time,
    /// The symbol.
    pub slot: Slot,
    /// The symbol.
    pub ticker: Ticker,
    /// Volume against the mean of the 20 bars before.
    pub ratio: f64,
    /// Which way its bar went: +1, 0, -1.
    pub way: i8,
    /// The features at that bar, without news.
    pub features: Features,
    /// What the price did next; `None` when there was no price.
    pub path: Option<PathId>,
}

/// A hold, and what the price did next.
#[derive(Clone, Copy, Debug)]
pub struct MarkedHold {
    /// When.
    pub at: Time,
    /// The hold.
    pub hold: Hold,
    /// What the price did next; `None` when there was no price.
    pub path: Option<PathId>,
}

impl Path {
    /// The return after a checkpoint, as a share; `None` when it was not reached.
    pub fn after(&self, checkpoint: usize) -> Option<f64> {
        self.return_at(*self.marks.get(checkpoint)?)
    }

    /// The return after as many minutes of trading as a checkpoint has.
    pub fn after_minutes(&self, minutes: u16) -> Option<f64> {
        let place = CHECKPOINTS.iter().position(|&checkpoint| checkpoint == minutes)?;
        self.after(place)
    }

    /// The return at the session's close.
    pub fn at_close(&self) -> Option<f64> {
        self.return_at(self.close)
    }

    /// The best and the worst return until then, for somebody who went a way; +1 or -1.
    pub fn extremes(&self, way: f64) -> (f64, f64) {
        let returns = [self.high, self.low].map(|ticks| way * self.return_at(ticks).unwrap_or(0.0));
        (returns[0].max(returns[1]).max(0.0), returns[0].min(returns[1]).min(0.0))
    }

    fn return_at(&self, ticks: i32) -> Option<f64> {
        let base = f64::from(self.base);
        (ticks != 0 && self.base != 0).then(|| (f64::from(ticks) - base) / base)
    }

    /// Takes one minute; `false` when the path ends with it.
    fn grow(&mut self, (close, volume): (i32, i32), end: Time, session: Session) -> bool {
        let until = *self.until.get_or_insert(session.close());
        if until != session.close() {
            return false;
        }
        self.minutes += 1;
        if let Some(place) = CHECKPOINTS.iter().position(|&minutes| minutes == self.minutes) {
            self.marks[place] = close;
        }
        if self.minutes <= 15 {
            self.volume_15 += i64::from(volume);
        }
        (self.high, self.low) = (self.high.max(close), self.low.min(close));
        self.close = close;
        end < until
    }
}

impl Tape {
    /// Takes what happened.
    pub fn happen(&mut self, entry: &Entry, policy: &Policy) {
        match &entry.event {
            Event::PolicyAdopted(adopted) => self.market.board.adopt(&adopted.policy),
            Event::Universe(universe) => {
                self.market.watch(universe);
                self.surged.resize(self.listings().len(), None);
            }
            Event::Minute(minute) => self.take_minute(minute, policy),
            Event::Split(split) => self.take_split(*split, entry.at),
            Event::Dividend(dividend) => self.dividends.push(*dividend),
            Event::Started(_)
            | Event::Quote(_)
            | Event::Halt(_)
            | Event::Chain(_)
            | Event::PastVolatility(_)
            | Event::Earnings(_)
            | Event::Regime(_)
            | Event::Discovery(_)
            | Event::Thesis(_)
            | Event::Story(_)
            | Event::Reading(_)
            | Event::Reader(_)
            | Event::Reply(_)
            | Event::Order(_)
            | Event::Fill(_)
            | Event::Bust(_)
            | Event::Settlement(_)
            | Event::Payout(_)
            | Event::Report(_)
            | Event::Operator(_)
            | Event::Learned(_)
            | Event::Fault(_)
            | Event::Tick => {}
        }
    }

    /// The symbols in column order.
    pub fn listings(&self) -> &[Listing] {
        &self.market.universe.listings
    }

    /// The column of a symbol.
    pub fn slot_of(&self, ticker: Ticker) -> Option<Slot> {
        self.market.slot_of(ticker)
    }

    /// The symbol of a column; `None` when the universe has no such column.
    pub fn ticker(&self, slot: Slot) -> Option<Ticker> {
        self.listings().get(slot.index()).map(|listing| listing.ticker)
    }

    /// A path; `None` when it was forgotten.
    pub fn path(&self, id: PathId) -> Option<&Path> {
        let place = id.0.checked_sub(self.first_path)?;
        self.paths.get(usize::try_from(place).ok()?)
    }

    /// Follows a symbol's price from its last close on; `None` before its first trade.
    pub fn follow(&mut self, slot: Slot, at: Time) -> Option<PathId> {
        let price = (slot.index() < self.listings().len()).then(|| self.market.last_price(slot))?;
        let base = i32::try_from(price?.ticks()).ok()?;
        if self.paths.len() == PATHS_MAX {
            self.paths.pop_front();
            self.first_path += 1;
        }
        let id = self.first_path + self.paths.len() as u64;
        let marks = [0; CHECKPOINTS.len()];
        self.paths.push_back(Path {
            slot,
            at,
            base,
            marks,
            close: 0,
            high: base,
            low: base,
            volume_15: 0,
            minutes: 0,
            until: None,
        });
        self.growing.push(id);
        Some(PathId(id))
    }

    /// Marks a hold.
    pub fn mark_hold(&mut self, at: Time, hold: Hold) {
        let path = self.slot_of(hold.ticker).and_then(|slot| self.follow(slot, at));
        self.holds.truncate(MARKS_MAX - 1);
        self.holds.push_front(MarkedHold { at, hold, path });
    }

    fn take_split(&mut self, split: Split, at: Time) {
        if !self.market.push_split(split, at) {
            return;
        }
        // Effective before the next session: a split told between sessions is of the next one.
        let next = Session::at(at).unwrap_or_else(|| Session::next_after(at));
        self.splits.push(ToldSplit { at, from: next.date(), split });
        let scale = |ticks: &mut i32| {
            let scaled = Price::from_ticks(i64::from(*ticks));
            *ticks = scaled
                .map_or(0, |price| i32::try_from(split.price(price).ticks()).unwrap_or(i32::MAX));
        };
        for id in &self.growing {
            let place =
                id.checked_sub(self.first_path).and_then(|place| usize::try_from(place).ok());
            if let Some(path) = place.and_then(|place| self.paths.get_mut(place))
                && path.slot == split.slot
            {
                let Path { base, marks, close, high, low, .. } = path;
                [base, close, high, low].into_iter().chain(marks).for_each(scale);
            }
        }
    }

    fn take_minute(&mut self, minute: &Minute, policy: &Policy) {
        let Ok(session) = self.market.push_minute(minute) else { return };
        self.note_day(minute, session);
        self.grow_paths(minute, session);
        self.note_surges(minute, session, policy);
    }

    /// The bar of a symbol, unless the desk does not believe it.
    fn believed(&self, minute: &Minute, slot: Slot) -> Option<DayBar> {
        let bar = minute.bar(slot)?;
        if self.market.last_price(slot) != Some(bar.close) {
            return None;
        }
        let [open, high, low, close] = [&minute.open, &minute.high, &minute.low, &minute.close]
            .map(|column| column[slot.index()]);
        Some(DayBar { open, high, low, close, volume: bar.volume.into() })
    }

    fn note_day(&mut self, minute: &Minute, session: Session) {
        let symbols = self.listings().len();
        if self.days.back().is_none_or(|day| day.date != session.date()) {
            if self.days.len() == SESSIONS_MAX {
                self.days.pop_front();
            }
            let day = Day { date: session.date(), bars: vec![None; symbols], minutes: 0 };
            self.days.push_back(day);
        }
        let bars: Vec<_> = (0..symbols)
            .filter_map(|index| u16::try_from(index).ok())
            .map(|index| self.believed(minute, Slot(index)))
            .collect();
        let day = self.days.back_mut().expect("a day was just pushed");
        day.minutes += 1;
        day.bars.resize(symbols, None);
        for (kept, bar) in day.bars.iter_mut().zip(bars) {
            let Some(bar) = bar else { continue };
            *kept = Some(kept.map_or(bar, |kept| DayBar {
                open: kept.open,
                high: kept.high.max(bar.high),
                low: kept.low.min(bar.low),
                close: bar.close,
                volume: kept.volume + bar.volume,
            }));
        }
    }

    fn grow_paths(&mut self, minute: &Minute, session: Session) {
        let (market, paths, first) = (&self.market, &mut self.paths, self.first_path);
        self.growing.retain(|id| {
            let place = id.checked_sub(first).and_then(|place| usize::try_from(place).ok());
            let Some(path) = place.and_then(|place| paths.get_mut(place)) else { return false };
            let price = market.last_price(path.slot).map_or(0, Price::ticks);
            let volume = minute.volume[path.slot.index()];
            let close = i32::try_from(price).expect("a column's price fits it");
            path.grow((close, volume), minute.end(), session)
        });
    }

    fn note_surges(&mut self, minute: &Minute, session: Session, policy: &Policy) {
        let mut marks = std::mem::take(&mut self.scratch);
        self.market.board.mark_volume(policy.features.surge_ratio, &mut marks);
        for slot in marked(&marks) {
            self.note_surge(slot, minute, session);
        }
        self.scratch = marks;
    }

    fn note_surge(&mut self, slot: Slot, minute: &Minute, session: Session) {
        let hour = (session.date(), session.minute_of_day(minute.start) / 60);
        let Some(ticker) = self.ticker(slot) else { return };
        if self.surged[slot.index()] == Some(hour) {
            return;
        }
        let features = self.market.board.features(slot);
        let (Some(true), Some(ratio)) = (features.surge, features.volume_ratio) else { return };
        let Some(bar) = self.believed(minute, slot) else { return };
        self.surged[slot.index()] = Some(hour);
        let at = minute.end();
        let path = self.follow(slot, at);
        if self.surges.len() == MARKS_MAX {
            self.surges.pop_front();
        }
        let way = i8::try_from((bar.close - bar.open).signum()).expect("a sign is small");
        self.surges.push_back(Surge { at, slot, ticker, ratio, way, features, path });
    }
}
