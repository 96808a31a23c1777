//! Money in 1/10,000 dollar, and the one function that turns a price into money.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Neg, Sub, SubAssign};

use crate::price::{Price, format_fixed, parse_fixed};
use crate::quantity::{Quantity, UNITS_PER_SHARE};

/// An amount of money in 1/10,000 dollar.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Money(i64);

/// How an inexact division becomes an integer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rounding {
    /// Toward negative infinity.
    Floor,
    /// Toward positive infinity.
    Ceil,
    /// To the nearest, halves to even.
    HalfEven,
}

impl Money {
    /// No money.
    pub const ZERO: Self = Self(0);

    /// Whole dollars.
    pub const fn dollars(dollars: i64) -> Self {
        Self(dollars * 10_000)
    }

    /// Whole cents.
    pub const fn cents(cents: i64) -> Self {
        Self(cents * 100)
    }

    /// Units of 1/10,000 dollar.
    pub const fn from_units(units: i64) -> Self {
        Self(units)
    }

    /// Units of 1/10,000 dollar.
    pub const fn units(self) -> i64 {
        self.0
    }

    /// The value of `quantity` at `price`: the product with the instrument's multiplier.
    ///
    /// This is the only way from a price to money, so a contract's multiplier cannot be forgotten.
    pub fn of(price: Price, quantity: Quantity, multiplier: u16, rounding: Rounding) -> Self {
        // Almost every value fits 64 bits, and a division by a constant is then no division.
        let narrow_product = price.ticks().checked_mul(quantity.units());
        if let Some(product) = narrow_product.and_then(|p| p.checked_mul(i64::from(multiplier))) {
            let floor = product.div_euclid(UNITS_PER_SHARE);
            let rest = product - floor * UNITS_PER_SHARE;
            // Whole shares leave nothing to round.
            let is_up =
                rest != 0 && rounding.is_up(rest.into(), UNITS_PER_SHARE.into(), floor % 2 != 0);
            return Self(floor + i64::from(is_up));
        }
        let product =
            i128::from(price.ticks()) * i128::from(quantity.units()) * i128::from(multiplier);
        Self(narrow(divide(product, i128::from(UNITS_PER_SHARE), rounding)))
    }

    /// The share `numerator / denominator` of the amount.
    #[must_use]
    pub fn share(self, numerator: i64, denominator: i64, rounding: Rounding) -> Self {
        let product = i128::from(self.0) * i128::from(numerator);
        Self(narrow(divide(product, i128::from(denominator), rounding)))
    }

    /// The share of `bps` basis points (1/100 %), rounded down.
    #[must_use]
    pub fn bps(self, bps: i64) -> Self {
        self.share(bps, 10_000, Rounding::Floor)
    }

    /// How much can be bought for this amount at `price`, rounded down; zero for no money.
    pub fn buys(self, price: Price, multiplier: u16) -> Quantity {
        if self.0 <= 0 {
            return Quantity::ZERO;
        }
        let unit_cost = i128::from(price.ticks()) * i128::from(multiplier.max(1));
        let units = i128::from(self.0) * i128::from(UNITS_PER_SHARE) / unit_cost;
        Quantity::from_units(i64::try_from(units).unwrap_or(i64::MAX))
    }

    /// The amount without its sign.
    #[must_use]
    pub const fn magnitude(self) -> Self {
        Self(self.0.abs())
    }

    /// Parses dollars such as `-12.34`; at most four decimals.
    pub fn parse(text: &str) -> Option<Self> {
        parse_fixed(text, 4).map(Self)
    }

    /// The amount as a number of dollars, for statistics and display only.
    #[expect(
        clippy::cast_precision_loss,
        clippy::float_arithmetic,
        reason = "amounts stay far below 2^53 units, and the result is no money"
    )]
    pub fn as_dollars(self) -> f64 {
        self.0 as f64 / 10_000.0
    }
}

impl Rounding {
    /// Whether a floor with this rest is one too low.
    const fn is_up(self, rest: i128, divisor: i128, floor_is_odd: bool) -> bool {
        match self {
            Self::Floor => false,
            Self::Ceil => rest != 0,
            Self::HalfEven => divisor < rest * 2 || (rest * 2 == divisor && floor_is_odd),
        }
    }
}

/// Divides with a named rounding.
///
/// # Panics
/// Panics when `divisor` is not positive: every caller divides by a scale.
pub fn divide(dividend: i128, divisor: i128, rounding: Rounding) -> i128 {
    assert!(0 < divisor, "a scale is positive");
    let (floor, rest) = match (i64::try_from(dividend), i64::try_from(divisor)) {
        // Almost every amount fits 64 bits, where a division is an instruction and not a call.
        (Ok(dividend), Ok(divisor)) => {
            (dividend.div_euclid(divisor).into(), dividend.rem_euclid(divisor).into())
        }
        _ => (dividend.div_euclid(divisor), dividend.rem_euclid(divisor)),
    };
    floor + i128::from(rounding.is_up(rest, divisor, floor % 2 != 0))
}

fn narrow(wide: i128) -> i64 {
    i64::try_from(wide).expect("an amount of money fits 64 bits: limits cap quantity and price")
}

impl Add for Money {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl AddAssign for Money {
    fn add_assign(&mut self, other: Self) {
        self.0 += other.0;
    }
}

impl Sub for Money {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

impl SubAssign for Money {
    fn sub_assign(&mut self, other: Self) {
        self.0 -= other.0;
    }
}

impl Neg for Money {
    type Output = Self;
    fn neg(self) -> Self {
        Self(-self.0)
    }
}

impl Sum for Money {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::ZERO, Add::add)
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format_fixed(self.0))
    }
}

#[cfg(test)]
mod tests;
