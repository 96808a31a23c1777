//! Quantities in 1e-9 units, so that a 0.34-share position can be held and sold.

use std::fmt;
use std::ops::{Add, AddAssign, Neg, Sub};

use crate::price::parse_fixed;

/// Quantity units in one share or contract.
pub const UNITS_PER_SHARE: i64 = 1_000_000_000;

/// A quantity of shares or contracts in 1e-9 units. Negative means short or sold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Quantity(i64);

impl Quantity {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// A number of whole shares or contracts.
    pub const fn shares(shares: i64) -> Self {
        Self(shares * UNITS_PER_SHARE)
    }

    /// A quantity of `units` 1e-9 shares.
    pub const fn from_units(units: i64) -> Self {
        Self(units)
    }

    /// Units of 1e-9 shares.
    pub const fn units(self) -> i64 {
        self.0
    }

    /// Whole shares, toward zero.
    pub const fn whole(self) -> i64 {
        self.0 / UNITS_PER_SHARE
    }

    /// Rounds toward zero to a multiple of `lot`.
    #[must_use]
    pub const fn floor_to(self, lot: Self) -> Self {
        assert!(0 < lot.0, "a lot is positive");
        Self(self.0 - self.0 % lot.0)
    }

    /// The quantity without its sign.
    #[must_use]
    pub const fn magnitude(self) -> Self {
        Self(self.0.abs())
    }

    /// Whether nothing is there.
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// Whether the quantity is above zero.
    pub const fn is_positive(self) -> bool {
        0 < self.0
    }

    /// This many times as much.
    #[must_use]
    pub const fn times(self, count: i64) -> Self {
        Self(self.0 * count)
    }

    /// Parses a decimal number of shares with at most nine decimals.
    pub fn parse(text: &str) -> Option<Self> {
        parse_fixed(text, 9).map(Self)
    }
}

impl Add for Quantity {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl AddAssign for Quantity {
    fn add_assign(&mut self, other: Self) {
        self.0 += other.0;
    }
}

impl Sub for Quantity {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

impl Neg for Quantity {
    type Output = Self;
    fn neg(self) -> Self {
        Self(-self.0)
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let absolute = self.0.unsigned_abs();
        let (whole, rest) = (absolute / 1_000_000_000, absolute % 1_000_000_000);
        if rest == 0 {
            f.pad(&format!("{sign}{whole}"))
        } else {
            let digits = format!("{rest:09}");
            f.pad(&format!("{sign}{whole}.{}", digits.trim_end_matches('0')))
        }
    }
}

#[cfg(test)]
mod tests;
