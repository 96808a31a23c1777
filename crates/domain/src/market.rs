//! What a market shows: minutes of bars in integer columns, quotes, halts, listings.

use crate::instrument::{Contract, Instrument, Ticker, Vertical};
use crate::money::Money;
use crate::price::Price;
use crate::quantity::Quantity;
use crate::time::{Span, Time};

/// The place of a symbol in the universe, and so in every column of a minute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slot(pub u16);

impl Slot {
    /// The index into a column.
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// The symbols a desk watches, in column order. A later universe may only append symbols.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Universe {
    /// The symbols by slot.
    pub listings: Vec<Listing>,
}

/// One symbol of the universe.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listing {
    /// The symbol.
    pub ticker: Ticker,
    /// The sector's name, for concentration limits.
    pub sector: Box<str>,
    /// Whether fractions of a share can be traded.
    pub fractionable: bool,
    /// Whether the share can be borrowed and sold short.
    pub shortable: bool,
}

/// One completed minute of bars for the whole universe, as integer columns.
///
/// Prices are in 1/10,000 dollar and volumes in shares, both 32 bits wide, so that the dense
/// features run across symbols. A symbol that did not trade has its bit cleared in `traded` and
/// carries its last close in all four prices (zero before its first trade) with no volume.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Minute {
    /// When the minute began; its bars are complete one minute later.
    pub start: Time,
    /// First trade of the minute, by slot.
    pub open: Vec<i32>,
    /// Highest trade.
    pub high: Vec<i32>,
    /// Lowest trade.
    pub low: Vec<i32>,
    /// Last trade.
    pub close: Vec<i32>,
    /// Shares traded.
    pub volume: Vec<i32>,
    /// One bit per slot, lowest first: whether the symbol traded in this minute.
    pub traded: Vec<u64>,
}

/// One bar of one symbol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bar {
    /// First trade.
    pub open: Price,
    /// Highest trade.
    pub high: Price,
    /// Lowest trade.
    pub low: Price,
    /// Last trade.
    pub close: Price,
    /// Shares traded.
    pub volume: i32,
}

/// Why a minute cannot be used at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MinuteFlaw {
    /// Its columns have different lengths, or not the universe's.
    Ragged,
    /// It is not later than the last one.
    OutOfOrder,
    /// It lies outside every session.
    OutsideSession,
    /// It ends later than now.
    Unfinished,
}

impl Minute {
    /// The length of every minute.
    pub const LENGTH: Span = Span::from_minutes(1);

    /// An empty minute for `symbols` symbols.
    pub fn of_length(start: Time, symbols: usize) -> Self {
        let column = || vec![0; symbols];
        Self {
            start,
            open: column(),
            high: column(),
            low: column(),
            close: column(),
            volume: column(),
            traded: vec![0; symbols.div_ceil(64)],
        }
    }

    /// The number of symbols.
    pub fn symbols(&self) -> usize {
        self.close.len()
    }

    /// When the bars are complete.
    pub fn end(&self) -> Time {
        self.start + Self::LENGTH
    }

    /// Whether the symbol traded.
    pub fn has_traded(&self, slot: Slot) -> bool {
        let word = self.traded.get(slot.index() / 64).copied().unwrap_or(0);
        word >> (slot.index() % 64) & 1 == 1
    }

    /// Stores a bar and marks the symbol as traded.
    pub fn set(&mut self, slot: Slot, bar: Bar) {
        let narrow =
            |price: Price| i32::try_from(price.ticks()).expect("`Price::MAX` fits a column");
        let index = slot.index();
        self.open[index] = narrow(bar.open);
        self.high[index] = narrow(bar.high);
        self.low[index] = narrow(bar.low);
        self.close[index] = narrow(bar.close);
        self.volume[index] = bar.volume;
        self.traded[index / 64] |= 1 << (index % 64);
    }

    /// Carries `close` forward for a symbol that did not trade.
    pub fn carry(&mut self, slot: Slot, close: i32) {
        let index = slot.index();
        self.open[index] = close;
        self.high[index] = close;
        self.low[index] = close;
        self.close[index] = close;
        self.volume[index] = 0;
        self.traded[index / 64] &= !(1 << (index % 64));
    }

    /// The bar of a symbol; `None` when it did not trade or the bar is impossible.
    ///
    /// A bar is impossible when a price is not positive, the volume is negative, or open and
    /// close do not lie between low and high.
    pub fn bar(&self, slot: Slot) -> Option<Bar> {
        if !self.has_traded(slot) {
            return None;
        }
        let price = |column: &[i32]| {
            column.get(slot.index()).and_then(|&ticks| Price::from_ticks(i64::from(ticks)))
        };
        let bar = Bar {
            open: price(&self.open)?,
            high: price(&self.high)?,
            low: price(&self.low)?,
            close: price(&self.close)?,
            volume: *self.volume.get(slot.index())?,
        };
        let inside = bar.low <= bar.open.min(bar.close) && bar.open.max(bar.close) <= bar.high;
        (inside && 0 <= bar.volume).then_some(bar)
    }

    /// Whether all columns have the same length.
    pub fn is_rectangular(&self) -> bool {
        let symbols = self.symbols();
        [&self.open, &self.high, &self.low, &self.volume].iter().all(|c| c.len() == symbols)
            && self.traded.len() == symbols.div_ceil(64)
    }
}

/// The best bid and offer of one symbol, as the feed sent it: it may be wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quote {
    /// The symbol.
    pub slot: Slot,
    /// Bid in ticks; zero when there is none.
    pub bid: i64,
    /// Offer in ticks; zero when there is none.
    pub ask: i64,
    /// When the venue made it.
    pub at: Time,
}

impl Quote {
    /// Bid and offer when both are prices and the bid lies below the offer.
    pub fn sane(&self) -> Option<(Price, Price)> {
        let (bid, ask) = (Price::from_ticks(self.bid)?, Price::from_ticks(self.ask)?);
        (bid < ask).then_some((bid, ask))
    }
}

/// Trading in a symbol stopped or resumed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Halt {
    /// The symbol.
    pub slot: Slot,
    /// Whether it is halted from now on.
    pub halted: bool,
}

/// A split: `numerator` new shares for `denominator` old ones, effective before the next session.
///
/// Of nothing, or into nothing, it is no split and changes nothing: as a journal entry it may say
/// anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Split {
    /// The symbol.
    pub slot: Slot,
    /// New shares.
    pub numerator: u16,
    /// Old shares.
    pub denominator: u16,
}

impl Split {
    /// The price after the split, to the nearest tick.
    pub fn price(&self, before: Price) -> Price {
        let Some((numerator, denominator)) = self.ratio() else { return before };
        let scaled = i128::from(before.ticks()) * denominator;
        let ticks = crate::money::divide(scaled, numerator, crate::money::Rounding::HalfEven);
        Price::from_ticks_clamped(i64::try_from(ticks).unwrap_or(i64::MAX))
    }

    /// What one share pays after the split, to the nearest 1/10,000 dollar.
    pub fn amount(&self, before: Money) -> Money {
        self.ratio().map_or(before, |_| {
            let (numerator, denominator) = (self.numerator.into(), self.denominator.into());
            before.share(denominator, numerator, crate::money::Rounding::HalfEven)
        })
    }

    /// The quantity after the split, rounded down to a billionth of a share.
    /// What no quantity can hold ends at the largest.
    pub fn quantity(&self, before: Quantity) -> Quantity {
        let Some((numerator, denominator)) = self.ratio() else { return before };
        let most = i128::from(i64::MAX);
        let units = (i128::from(before.units()) * numerator).div_euclid(denominator);
        let units = i64::try_from(units.clamp(-most, most));
        Quantity::from_units(units.expect("it was held within 64 bits"))
    }

    /// What an instrument on the share becomes, and how many of them for one.
    ///
    /// A split into whole shares gives as many contracts at lower strikes; any other changes how many
    /// shares one contract stands for.
    pub fn instrument(&self, before: Instrument) -> (Instrument, i64) {
        match before {
            Instrument::Equity(_) => (before, 1),
            Instrument::Option(contract) => {
                let (contract, count) = self.contract(contract);
                (Instrument::Option(contract), count)
            }
            Instrument::Vertical(vertical) => {
                let (bought, count) = self.contract(vertical.bought());
                let (sold, _) = self.contract(vertical.sold());
                (Vertical::of(bought, sold).map_or(before, Instrument::Vertical), count)
            }
        }
    }

    fn contract(self, before: Contract) -> (Contract, i64) {
        let Some((numerator, denominator)) = self.ratio() else { return (before, 1) };
        // Strikes have three digits behind the point.
        let ticks = (self.price(before.strike).ticks() + 5) / 10 * 10;
        let strike = Price::from_ticks_clamped(ticks);
        if numerator % denominator == 0 {
            let count = i64::try_from(numerator / denominator).expect("shares have 16 bits");
            return (Contract { strike, ..before }, count);
        }
        let shares = i128::from(before.multiplier) * numerator / denominator;
        let multiplier = u16::try_from(shares).unwrap_or(u16::MAX).max(1);
        (Contract { strike, multiplier, ..before }, 1)
    }

    /// New and old shares, both of which a split has.
    fn ratio(self) -> Option<(i128, i128)> {
        let ratio = (i128::from(self.numerator), i128::from(self.denominator));
        (0 < ratio.0 && 0 < ratio.1).then_some(ratio)
    }
}

#[cfg(test)]
mod tests;
