//! Rings of integer rows: one row per minute, one lane per symbol.
//!
//! Rows are padded to whole packs of lanes, so that the dense loops, which run over the padding
//! too, have no remainder. What is in the padding is never looked at.

use std::ops::Range;

use backsight_domain::market::Minute;

use super::{RETURN_LIMIT, RETURN_SCALE};

/// Rows a ring keeps: more than the longest window any policy can name.
const ROWS: usize = 256;

/// Lanes of a pack.
pub(crate) const PACK: usize = 16;

/// Room for as many lanes as there are symbols, in whole packs.
pub(crate) const fn padded(symbols: usize) -> usize {
    symbols.next_multiple_of(PACK)
}

/// One column's history, plus one row of zeros for windows that are not full yet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Ring {
    pub(crate) cells: Vec<i32>,
    pub(crate) lanes: usize,
    /// The row of the last minute.
    pub(crate) head: usize,
}

/// The columns' histories.
#[derive(Clone, Debug, Default)]
pub(crate) struct Rings {
    pub(crate) close: Ring,
    pub(crate) high: Ring,
    pub(crate) low: Ring,
    pub(crate) volume: Ring,
    /// One-minute returns in 1e-7.
    pub(crate) returns: Ring,
    /// Opens of the last minute only.
    pub(crate) open: Vec<i32>,
}

impl Ring {
    fn stride(&self) -> usize {
        padded(self.lanes)
    }

    pub(crate) fn row(&self, row: usize) -> &[i32] {
        &self.cells[row * self.stride()..][..self.lanes]
    }

    fn row_mut(&mut self, row: usize) -> &mut [i32] {
        let from = row * self.stride();
        &mut self.cells[from..from + self.lanes]
    }

    /// A row with its padding.
    pub(crate) fn wide(&self, row: usize) -> &[i32] {
        let stride = self.stride();
        &self.cells[row * stride..][..stride]
    }

    pub(crate) fn last(&self) -> &[i32] {
        self.row(self.head)
    }

    pub(crate) fn last_wide(&self) -> &[i32] {
        self.wide(self.head)
    }

    pub(crate) fn zero_row(&self) -> usize {
        debug_assert!(
            self.row(ROWS).iter().all(|&cell| cell == 0),
            "the zero row is never written"
        );
        ROWS
    }

    pub(crate) fn row_ago(&self, minutes: u32) -> usize {
        // The number of rows divides the word, so wrapping keeps the row.
        self.head.wrapping_sub(minutes as usize) % ROWS
    }

    /// The cells of a lane so many minutes ago, newest first.
    pub(crate) fn lane(&self, lane: usize, minutes: Range<u32>) -> impl Iterator<Item = i32> {
        let (stride, cells) = (self.stride(), &self.cells[lane..]);
        let mut next = self.row_ago(minutes.start) * stride;
        minutes.map(move |_| {
            let place = next;
            next = place.checked_sub(stride).unwrap_or((ROWS - 1) * stride);
            cells[place]
        })
    }

    /// The cell of a lane some minutes ago; 0 is the last minute.
    pub(crate) fn at(&self, minutes: u32, lane: usize) -> i32 {
        self.cells[self.row_ago(minutes) * self.stride() + lane]
    }

    fn advance(&mut self, row: &[i32]) {
        self.head = (self.head + 1) % ROWS;
        let head = self.head;
        self.row_mut(head).copy_from_slice(row);
    }

    fn grow(&mut self, lanes: usize) {
        let (new, old) = (padded(lanes).max(1), self.stride().max(1));
        let mut cells = vec![0; (ROWS + 1) * new];
        for (new, old) in cells.chunks_mut(new).zip(self.cells.chunks(old)) {
            new[..old.len()].copy_from_slice(old);
        }
        self.cells = cells;
        self.lanes = lanes;
    }

    /// Puts zero into a lane of the last row.
    pub(crate) fn clear_last(&mut self, lane: usize) {
        let (head, stride) = (self.head, self.stride());
        self.cells[head * stride + lane] = 0;
    }

    pub(crate) fn map_lane(&mut self, lane: usize, change: impl Fn(i32) -> i32) {
        let stride = self.stride();
        for cell in self.cells.iter_mut().skip(lane).step_by(stride) {
            *cell = change(*cell);
        }
    }
}

impl Rings {
    pub(super) fn grow(&mut self, lanes: usize) {
        for ring in self.columns() {
            ring.grow(lanes);
        }
        self.open.resize(padded(lanes), 0);
    }

    pub(crate) fn columns(&mut self) -> [&mut Ring; 5] {
        [&mut self.close, &mut self.high, &mut self.low, &mut self.volume, &mut self.returns]
    }

    /// Appends a minute's rows as they came.
    pub(super) fn begin(&mut self, minute: &Minute) {
        self.close.advance(&minute.close);
        self.high.advance(&minute.high);
        self.low.advance(&minute.low);
        self.volume.advance(&minute.volume);
        self.open[..minute.open.len()].copy_from_slice(&minute.open);
    }

    pub(super) fn open_row(&self) -> &[i32] {
        &self.open[..self.close.lanes]
    }

    pub(super) fn previous_close(&self, lane: usize) -> i32 {
        self.close.at(1, lane)
    }

    /// Whether every lane of the last row is surely a possible bar near the close before it. One
    /// that is doubtful here is looked at more closely by itself.
    #[expect(
        clippy::needless_bitwise_bool,
        reason = "a branch would keep lanes from running side by side"
    )]
    pub(super) fn last_row_is_sound(&self) -> bool {
        let before = self.close.wide(self.close.row_ago(1));
        let (high, low) = (self.high.last_wide(), self.low.last_wide());
        let prices = self.close.last_wide().iter().zip(high).zip(low).zip(&self.open).zip(before);
        let rows = prices.zip(self.volume.last_wide());
        let doubts = rows.fold(0_u32, |doubts, (prices, &volume)| {
            let ((((&close, &high), &low), &open), &before) = prices;
            let above = (0 < low) & (low <= open) & (low <= close);
            let below = (open <= high) & (close <= high);
            // An eighth is less than any share of the price that counts as a jump.
            let near = close.wrapping_sub(before).wrapping_abs() <= before >> 3;
            doubts.wrapping_add(u32::from(!(above & below & near & (0 <= volume))))
        });
        // A lane of the padding has no price, so it is always in doubt.
        doubts as usize == padded(self.close.lanes) - self.close.lanes
    }

    /// Whether the last row holds a possible bar in a lane.
    pub(super) fn is_possible(&self, lane: usize) -> bool {
        let (close, high, low) =
            (self.close.last()[lane], self.high.last()[lane], self.low.last()[lane]);
        let open = self.open[lane];
        0 < low
            && low <= open.min(close)
            && open.max(close) <= high
            && 0 <= self.volume.last()[lane]
    }

    /// Puts the close before into the last row, with no volume.
    pub(super) fn carry(&mut self, lane: usize) {
        let before = self.close.at(1, lane);
        for ring in [&mut self.close, &mut self.high, &mut self.low] {
            let head = ring.head;
            ring.row_mut(head)[lane] = before;
        }
        let head = self.volume.head;
        self.volume.row_mut(head)[lane] = 0;
        self.open[lane] = before;
    }

    /// Appends the returns of the last minute; zero for a first bar.
    pub(super) fn write_returns(&mut self) {
        let before = self.close.wide(self.close.row_ago(1));
        let rows = self.close.last_wide().iter().zip(before);
        let returns = &mut self.returns;
        returns.head = (returns.head + 1) % ROWS;
        let stride = returns.stride();
        let row = &mut returns.cells[returns.head * stride..][..stride];
        for (cell, (&close, &before)) in row.iter_mut().zip(rows) {
            *cell = one_return(close, before);
        }
    }
}

/// The return in 1e-7, rounded to even, held to half the price; zero without a price before.
///
/// Adding and reading back 1.5 * 2^52 rounds without a branch, so the loop over lanes vectorises
/// and gives the same bits everywhere.
fn one_return(close: i32, before: i32) -> i32 {
    const ROUNDER: f64 = 6_755_399_441_055_744.0;
    // All ones when there is a price before: masks instead of branches. Prices are positive, so
    // their difference fits.
    let known = -i32::from(before != 0);
    let divisor = f64::from(before | (!known & 1));
    let exact = f64::from(close.wrapping_sub(before) & known) / divisor * RETURN_SCALE;
    let limit = f64::from(RETURN_LIMIT);
    let held = if exact < -limit { -limit } else { exact };
    let held = if limit < held { limit } else { held };
    #[expect(clippy::cast_possible_truncation, reason = "the low half is the rounded integer")]
    let rounded = (held + ROUNDER).to_bits() as u32;
    rounded.cast_signed()
}
