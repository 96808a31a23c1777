//! Prices: strictly positive integers in 1/10,000 dollar.

use std::fmt;

/// Price units in one dollar.
pub const TICKS_PER_DOLLAR: i64 = 10_000;

/// A price in 1/10,000 dollar. Zero, negative and absurd prices cannot be built.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Price(i64);

impl Price {
    /// The largest price a column of a minute can hold: a little over 214,000 dollars.
    pub const MAX: Self = Self(i32::MAX as i64);
    /// The smallest price there is.
    pub const MIN: Self = Self(1);

    /// The price of `ticks` 1/10,000 dollars; `None` unless `1 <= ticks <= MAX`.
    pub const fn from_ticks(ticks: i64) -> Option<Self> {
        if 1 <= ticks && ticks <= Self::MAX.0 { Some(Self(ticks)) } else { None }
    }

    /// The price of `cents` cents; `None` when out of range.
    pub const fn from_cents(cents: i64) -> Option<Self> {
        match cents.checked_mul(TICKS_PER_DOLLAR / 100) {
            Some(ticks) => Self::from_ticks(ticks),
            None => None,
        }
    }

    /// The price nearest to `ticks`, held between `MIN` and `MAX`.
    #[must_use]
    pub const fn from_ticks_clamped(ticks: i64) -> Self {
        if ticks < 1 {
            Self::MIN
        } else if Self::MAX.0 < ticks {
            Self::MAX
        } else {
            Self(ticks)
        }
    }

    /// Units of 1/10,000 dollar.
    pub const fn ticks(self) -> i64 {
        self.0
    }

    /// The price moved by `bps` basis points (1/100 %), rounded down to a tick.
    #[must_use]
    pub const fn moved_bps(self, bps: i64) -> Self {
        Self::from_ticks_clamped(self.0 + (self.0 * bps).div_euclid(10_000))
    }

    /// The price moved by `ticks`, held inside the valid range.
    #[must_use]
    pub const fn moved_ticks(self, ticks: i64) -> Self {
        Self::from_ticks_clamped(self.0 + ticks)
    }

    /// Rounds down to a whole cent, or to a tick below one dollar, as exchanges quote.
    #[must_use]
    pub const fn floor_to_quote(self) -> Self {
        if self.0 < TICKS_PER_DOLLAR { self } else { Self(self.0 - self.0 % 100) }
    }

    /// Rounds up to a whole cent, or to a tick below one dollar, as exchanges quote.
    #[must_use]
    pub const fn ceil_to_quote(self) -> Self {
        if self.0 < TICKS_PER_DOLLAR {
            return self;
        }
        Self::from_ticks_clamped((self.0 + 99) / 100 * 100)
    }

    /// Parses dollars such as `12.34`; at most four decimals.
    pub fn parse(text: &str) -> Option<Self> {
        parse_fixed(text, 4).and_then(Self::from_ticks)
    }

    /// The price as a number of dollars, for features and display only.
    #[expect(
        clippy::cast_precision_loss,
        clippy::float_arithmetic,
        reason = "prices stay far below 2^53 ticks, and the result is no money"
    )]
    pub fn dollars(self) -> f64 {
        self.0 as f64 / 10_000.0
    }
}

impl fmt::Display for Price {
    /// Dollars with two decimals, or four when the price is finer than a cent.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format_fixed(self.0))
    }
}

/// Formats 1/10,000 units with two decimals, or four when needed.
pub(crate) fn format_fixed(units: i64) -> String {
    let sign = if units < 0 { "-" } else { "" };
    let absolute = units.unsigned_abs();
    let (whole, rest) = (absolute / 10_000, absolute % 10_000);
    if rest % 100 == 0 {
        format!("{sign}{whole}.{:02}", rest / 100)
    } else {
        format!("{sign}{whole}.{rest:04}")
    }
}

/// Parses a plain decimal number into an integer with `decimals` implied decimals.
pub(crate) fn parse_fixed(text: &str, decimals: usize) -> Option<i64> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    if !all_digits(whole) || !all_digits(fraction) || decimals < fraction.len() {
        return None;
    }
    let scale = 10_i64.checked_pow(u32::try_from(decimals).ok()?)?;
    let fraction_scale = 10_i64.checked_pow(u32::try_from(decimals - fraction.len()).ok()?)?;
    let units = whole.parse::<i64>().ok()?.checked_mul(scale)?;
    let units = units.checked_add(fraction.parse::<i64>().ok()?.checked_mul(fraction_scale)?)?;
    Some(if negative { -units } else { units })
}

#[cfg(test)]
mod tests;
