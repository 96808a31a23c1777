//! Values of rows, as both databases hold them.
//!
//! | Kind | SQLite | PostgreSQL |
//! |---|---|---|
//! | time | text, UTC, `2024-01-05 15:42:00`, six digits behind the point when there are any | `TIMESTAMPTZ` |
//! | date | text | `DATE` |
//! | money, price, quantity | `REAL`, the nearest double | `NUMERIC`, exact |
//! | JSON | text | `JSONB` |
//! | yes or no | 1 or 0 | `BOOLEAN` |
//!
//! Text of times sorts like time and compares with what people write, and both databases read it
//! as a time. A microsecond is the finest that both can tell; the journal has the nanoseconds.

use std::borrow::Cow;
use std::fmt;

use backsight_domain::instrument::{Instrument, Ticker};
use backsight_domain::money::Money;
use backsight_domain::price::Price;
use backsight_domain::quantity::Quantity;
use backsight_domain::time::{Date, Time};

/// One value of a row.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Nothing is known.
    Null,
    /// Yes or no.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A number.
    Real(f64),
    /// A number with so many decimals.
    Decimal {
        /// The number without its point.
        units: i64,
        /// How many digits stand behind it.
        scale: u8,
    },
    /// A text.
    Text(Cow<'static, str>),
    /// A JSON value as text.
    Json(Box<str>),
    /// An instant.
    Time(Time),
    /// A date.
    Date(Date),
    /// Bytes.
    Bytes(Box<[u8]>),
}

/// Digits of money and prices behind the point.
const DOLLAR_SCALE: u8 = 4;
/// Digits of quantities behind the point.
const SHARE_SCALE: u8 = 9;

impl Value {
    /// The text of something that has one.
    pub fn text(value: impl fmt::Display) -> Self {
        Self::Text(value.to_string().into())
    }

    /// Whether nothing is known.
    pub const fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// The whole number.
    pub const fn as_int(&self) -> Option<i64> {
        if let Self::Int(value) = self { Some(*value) } else { None }
    }

    /// The number, whole or not.
    #[expect(clippy::cast_precision_loss, reason = "what is shown needs no sixteenth digit")]
    pub fn as_real(&self) -> Option<f64> {
        if let Self::Real(value) = self {
            Some(*value)
        } else if let Self::Decimal { units, scale } = self {
            Some(*units as f64 / 10_f64.powi(i32::from(*scale)))
        } else {
            self.as_int().map(|value| value as f64)
        }
    }

    /// The text, of JSON too.
    pub fn as_text(&self) -> Option<&str> {
        if let Self::Json(text) = self {
            return Some(text);
        }
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    /// The answer; where a database computed it, perhaps as a number.
    pub const fn as_bool(&self) -> Option<bool> {
        if let Self::Int(value) = self {
            return Some(*value != 0);
        }
        if let Self::Bool(value) = self { Some(*value) } else { None }
    }

    /// The instant; where a database computed it, perhaps as a text.
    pub fn as_time(&self) -> Option<Time> {
        if let Self::Time(time) = self { Some(*time) } else { parse_time(self.as_text()?) }
    }

    /// The date; where a database computed it, perhaps as a text.
    pub fn as_date(&self) -> Option<Date> {
        if let Self::Date(date) = self { Some(*date) } else { Date::parse(self.as_text()?) }
    }

    /// The bytes.
    pub fn as_bytes(&self) -> Option<&[u8]> {
        if let Self::Bytes(bytes) = self { Some(bytes) } else { None }
    }
}

/// Writes an instant as both databases read it.
pub(crate) fn time_text(time: Time) -> String {
    let nanos = time.utc_nanos_of_day();
    let (seconds, micros) = (nanos / 1_000_000_000, nanos / 1000 % 1_000_000);
    let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    let mut text = format!("{} {hour:02}:{minute:02}:{second:02}", time.utc_date());
    if micros != 0 {
        use fmt::Write;
        write!(text, ".{micros:06}").expect("a text can be written to");
    }
    text
}

/// Reads what [`time_text`] wrote.
pub(crate) fn parse_time(text: &str) -> Option<Time> {
    let (date, clock) = text.split_once(' ')?;
    Time::parse(&format!("{date}T{clock}Z"))
}

/// As a person reads it.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => Ok(()),
            Self::Bool(value) => f.write_str(if *value { "true" } else { "false" }),
            Self::Int(value) => value.fmt(f),
            Self::Real(value) => value.fmt(f),
            Self::Decimal { units, scale } => f.write_str(&decimal_text(*units, *scale)),
            Self::Text(text) => f.write_str(text),
            Self::Json(text) => f.write_str(text),
            Self::Time(time) => f.write_str(&time_text(*time)),
            Self::Date(date) => date.fmt(f),
            Self::Bytes(bytes) => write!(f, "{} bytes", bytes.len()),
        }
    }
}

/// A number with its point put in.
pub(crate) fn decimal_text(units: i64, scale: u8) -> String {
    let sign = if units < 0 { "-" } else { "" };
    let digits = format!("{:0width$}", units.unsigned_abs(), width = usize::from(scale) + 1);
    let (whole, part) = digits.split_at(digits.len() - usize::from(scale));
    let part = part.trim_end_matches('0');
    if part.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{part}") }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<u32> for Value {
    fn from(value: u32) -> Self {
        Self::Int(value.into())
    }
}

impl From<usize> for Value {
    fn from(value: usize) -> Self {
        Self::Int(i64::try_from(value).expect("nothing in memory is counted so high"))
    }
}

impl From<f64> for Value {
    fn from(value: f64) -> Self {
        Self::Real(value)
    }
}

impl From<&'static str> for Value {
    fn from(value: &'static str) -> Self {
        Self::Text(value.into())
    }
}

impl From<String> for Value {
    fn from(value: String) -> Self {
        Self::Text(value.into())
    }
}

impl From<&Box<str>> for Value {
    fn from(value: &Box<str>) -> Self {
        Self::Text(value.to_string().into())
    }
}

impl From<Ticker> for Value {
    fn from(value: Ticker) -> Self {
        Self::Text(value.as_str().to_owned().into())
    }
}

impl From<Instrument> for Value {
    fn from(value: Instrument) -> Self {
        Self::text(value)
    }
}

impl From<Price> for Value {
    fn from(value: Price) -> Self {
        Self::Decimal { units: value.ticks(), scale: DOLLAR_SCALE }
    }
}

impl From<Money> for Value {
    fn from(value: Money) -> Self {
        Self::Decimal { units: value.units(), scale: DOLLAR_SCALE }
    }
}

impl From<Quantity> for Value {
    fn from(value: Quantity) -> Self {
        Self::Decimal { units: value.units(), scale: SHARE_SCALE }
    }
}

impl From<Time> for Value {
    fn from(value: Time) -> Self {
        Self::Time(value)
    }
}

impl From<Date> for Value {
    fn from(value: Date) -> Self {
        Self::Date(value)
    }
}

impl<T: Into<Self>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

#[cfg(test)]
mod tests;
