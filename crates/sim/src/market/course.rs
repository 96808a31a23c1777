//! Prices within the current minute: four trades per symbol, each in force for a quarter of it.
//!
//! The path is drawn forward in time, so nothing in an earlier quarter knows a later one. The bar
//! is its summary: open is the first point, close the last, high and low the extremes.

use backsight_domain::market::{Minute, Slot};
use backsight_domain::price::Price;
use backsight_domain::time::{Span, Time};

use crate::chance::Chance;

/// The number of points of a path.
pub const POINTS: usize = 4;
/// How long each point is in force.
pub const POINT: Span = Span::from_seconds(15);

const CENT: i32 = 100;

/// What an exchange knows about the minute in progress.
#[derive(Clone, Debug)]
pub struct Course {
    start: Time,
    sizes: Chance,
    pub(super) paths: Vec<Path>,
}

/// The minute of one symbol.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Path {
    /// Prices in ticks.
    pub(super) points: [i32; POINTS],
    /// Shares traded; zero in a silent minute.
    pub(super) volume: i32,
    /// Cents between bid and offer.
    pub(super) spread: i32,
    /// Shares that one level of the book usually shows.
    pub(super) depth: i32,
    /// Whether trading is halted.
    pub(super) halted: bool,
}

/// The best bid and offer with the shares shown there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Book {
    /// The best bid.
    pub bid: Price,
    /// The best offer; above the bid.
    pub ask: Price,
    /// Shares shown at the bid.
    pub bid_shares: i32,
    /// Shares shown at the offer.
    pub ask_shares: i32,
}

impl Course {
    pub(super) fn new(symbols: usize, chance: &Chance) -> Self {
        let sizes = chance.branch("sizes");
        Self { start: Time::default(), sizes, paths: vec![Path::default(); symbols] }
    }

    pub(super) fn begin(&mut self, start: Time) {
        self.start = start;
    }

    /// When the minute began.
    pub fn start(&self) -> Time {
        self.start
    }

    /// Which point of a path is in force at an offset into the minute.
    pub fn point_at(offset: Span) -> usize {
        let place = offset.nanos().clamp(0, Minute::LENGTH.nanos() - 1) / POINT.nanos();
        usize::try_from(place).expect("a minute has four quarters")
    }

    /// The prices of the minute's trades; in a silent or halted minute the last close.
    pub fn path(&self, slot: Slot) -> [Price; POINTS] {
        let tick = |ticks: i32| Price::from_ticks(i64::from(ticks)).expect("paths hold prices");
        self.paths[slot.index()].points.map(tick)
    }

    /// Whether the symbol is halted for the whole minute.
    pub fn is_halted(&self, slot: Slot) -> bool {
        self.paths[slot.index()].halted
    }

    /// Shares that trade while one point is in force.
    pub fn shares(&self, slot: Slot, point: usize) -> i32 {
        let volume = self.paths[slot.index()].volume;
        let part = volume / 4;
        if point == POINTS - 1 { volume - 3 * part } else { part }
    }

    /// The best bid and offer at an offset into the minute; `None` while halted.
    pub fn quote_at(&self, slot: Slot, offset: Span) -> Option<Book> {
        let path = &self.paths[slot.index()];
        if path.halted {
            return None;
        }
        let point = Self::point_at(offset);
        let trade = path.points[point];
        let mut sizes = self.sizes_of(slot, point);
        // The last trade was at one of the two sides, or in the middle of an even spread.
        let odd = path.spread % 2;
        let at_the_ask = odd * i32::from(sizes.below(2) == 1);
        let bid = (trade - (path.spread / 2 + at_the_ask) * CENT).max(CENT);
        let ask = bid + path.spread * CENT;
        let shown = |chance: &mut Chance| path.depth * [1, 1, 2, 3][chance.below(4)];
        Some(Book {
            bid: Price::from_ticks_clamped(i64::from(bid)),
            ask: Price::from_ticks_clamped(i64::from(ask)),
            bid_shares: shown(&mut sizes),
            ask_shares: shown(&mut sizes),
        })
    }

    /// Sizes are a function of the instant, so that asking twice answers the same.
    fn sizes_of(&self, slot: Slot, point: usize) -> Chance {
        let place = u64::from(slot.0) * POINTS as u64 + point as u64;
        self.sizes.branch_n(self.start.nanos().cast_unsigned()).branch_n(place)
    }
}
