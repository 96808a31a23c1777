//! Instants, spans and civil dates as plain integers.
//!
//! There is deliberately no `now`: time arrives in the event. The shell owns the one clock.

use std::fmt;
use std::ops::{Add, Neg, Sub};

/// An instant: nanoseconds since the Unix epoch, UTC.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time(i64);

/// A length of time in nanoseconds; may be negative.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span(i64);

/// A civil date: days since 1970-01-01.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(i32);

/// A day of the week.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the names say everything")]
pub enum Weekday {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

const NANOS_PER_SECOND: i64 = 1_000_000_000;
const SECONDS_PER_DAY: i64 = 86_400;

impl Time {
    /// The instant `nanos` nanoseconds after the epoch.
    pub const fn from_nanos(nanos: i64) -> Self {
        Self(nanos)
    }

    /// The instant `seconds` seconds after the epoch.
    pub const fn from_seconds(seconds: i64) -> Self {
        Self(seconds * NANOS_PER_SECOND)
    }

    /// Nanoseconds since the epoch.
    pub const fn nanos(self) -> i64 {
        self.0
    }

    /// The UTC date of the instant.
    #[expect(clippy::cast_possible_truncation, reason = "64 bits of nanoseconds hold few days")]
    pub const fn utc_date(self) -> Date {
        Date(self.0.div_euclid(NANOS_PER_SECOND * SECONDS_PER_DAY) as i32)
    }

    /// Nanoseconds since midnight UTC.
    pub const fn utc_nanos_of_day(self) -> i64 {
        self.0.rem_euclid(NANOS_PER_SECOND * SECONDS_PER_DAY)
    }

    /// The later of two instants.
    #[must_use]
    pub fn later(self, other: Self) -> Self {
        self.max(other)
    }

    /// Parses `YYYY-MM-DDTHH:MM:SS[.fraction]Z` with one to nine digits of fraction; `None` when the
    /// text is anything else, or an instant that 64 bits of nanoseconds do not hold.
    pub fn parse(text: &str) -> Option<Self> {
        let (date, clock) = text.strip_suffix('Z')?.split_once('T')?;
        let date = Date::parse(date)?;
        let (whole, fraction) = clock.split_once('.').unwrap_or((clock, "0"));
        let mut fields = whole.split(':').map(|field| parse_digits(field, 2));
        let (hour, minute, second) = (fields.next()??, fields.next()??, fields.next()??);
        if fields.next().is_some() || hour > 23 || minute > 59 || second > 59 {
            return None;
        }
        let digits = parse_digits(fraction, fraction.len()).filter(|_| fraction.len() <= 9)?;
        let fraction = digits * 10_i64.pow(9 - u32::try_from(fraction.len()).ok()?);
        let days = i128::from(date.days()) * i128::from(SECONDS_PER_DAY);
        let seconds = days + i128::from(hour * 3600 + minute * 60 + second);
        let nanos = seconds * i128::from(NANOS_PER_SECOND) + i128::from(fraction);
        i64::try_from(nanos).ok().map(Self)
    }
}

impl Span {
    /// No time at all.
    pub const ZERO: Self = Self(0);

    /// A span of `nanos` nanoseconds.
    pub const fn from_nanos(nanos: i64) -> Self {
        Self(nanos)
    }

    /// A span of `millis` milliseconds.
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis * 1_000_000)
    }

    /// A span of `seconds` seconds.
    pub const fn from_seconds(seconds: i64) -> Self {
        Self(seconds * NANOS_PER_SECOND)
    }

    /// A span of `minutes` minutes.
    pub const fn from_minutes(minutes: i64) -> Self {
        Self::from_seconds(minutes * 60)
    }

    /// Nanoseconds.
    pub const fn nanos(self) -> i64 {
        self.0
    }

    /// Whole milliseconds, rounded toward negative infinity.
    pub const fn millis_floor(self) -> i64 {
        self.0.div_euclid(1_000_000)
    }

    /// Whole seconds, rounded toward negative infinity.
    pub const fn seconds_floor(self) -> i64 {
        self.0.div_euclid(NANOS_PER_SECOND)
    }

    /// Whole minutes, rounded toward negative infinity.
    pub const fn minutes_floor(self) -> i64 {
        self.seconds_floor().div_euclid(60)
    }
}

impl Date {
    /// The date `days` days after 1970-01-01.
    pub const fn from_days(days: i32) -> Self {
        Self(days)
    }

    /// Days since 1970-01-01.
    pub const fn days(self) -> i32 {
        self.0
    }

    /// The date of a proleptic Gregorian year, month (1-12) and day; `None` when there is none.
    pub const fn from_ymd(year: i32, month: u8, day: u8) -> Option<Self> {
        if month < 1 || 12 < month || day < 1 || days_in_month(year, month) < day {
            return None;
        }
        Some(Self(days_from_civil(year, month, day)))
    }

    /// Year, month (1-12) and day.
    pub const fn ymd(self) -> (i32, u8, u8) {
        civil_from_days(self.0)
    }

    /// The day of the week.
    pub const fn weekday(self) -> Weekday {
        // 1970-01-01 was a Thursday.
        match (self.0 + 3).rem_euclid(7) {
            0 => Weekday::Monday,
            1 => Weekday::Tuesday,
            2 => Weekday::Wednesday,
            3 => Weekday::Thursday,
            4 => Weekday::Friday,
            5 => Weekday::Saturday,
            _ => Weekday::Sunday,
        }
    }

    /// The date `days` later (earlier when negative).
    #[must_use]
    pub const fn plus_days(self, days: i32) -> Self {
        Self(self.0 + days)
    }

    /// Midnight UTC at the start of the date.
    pub const fn midnight_utc(self) -> Time {
        Time(self.0 as i64 * SECONDS_PER_DAY * NANOS_PER_SECOND)
    }

    /// Parses `YYYY-MM-DD`; `None` when the text is anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let mut fields = text.split('-');
        let year = parse_digits(fields.next()?, 4)?;
        let month = parse_digits(fields.next()?, 2)?;
        let day = parse_digits(fields.next()?, 2)?;
        if fields.next().is_some() {
            return None;
        }
        Self::from_ymd(
            i32::try_from(year).ok()?,
            u8::try_from(month).ok()?,
            u8::try_from(day).ok()?,
        )
    }
}

impl Add<Span> for Time {
    type Output = Self;
    fn add(self, span: Span) -> Self {
        Self(self.0 + span.0)
    }
}

impl Sub<Span> for Time {
    type Output = Self;
    fn sub(self, span: Span) -> Self {
        Self(self.0 - span.0)
    }
}

impl Sub for Time {
    type Output = Span;
    fn sub(self, earlier: Self) -> Span {
        Span(self.0 - earlier.0)
    }
}

impl Add for Span {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl Neg for Span {
    type Output = Self;
    fn neg(self) -> Self {
        Self(-self.0)
    }
}

impl fmt::Display for Time {
    /// RFC 3339 in UTC, with a fraction only when there is one.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let nanos = self.utc_nanos_of_day();
        let (seconds, fraction) = (nanos / NANOS_PER_SECOND, nanos % NANOS_PER_SECOND);
        let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        write!(f, "{}T{hour:02}:{minute:02}:{second:02}", self.utc_date())?;
        if fraction != 0 {
            let digits = format!("{fraction:09}");
            write!(f, ".{}", digits.trim_end_matches('0'))?;
        }
        f.write_str("Z")
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.ymd();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

impl fmt::Display for Span {
    /// Seconds with millisecond precision, or minutes when long.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let millis = self.millis_floor().unsigned_abs();
        if millis < 60_000 {
            write!(f, "{sign}{}.{:03} s", millis / 1000, millis % 1000)
        } else {
            let seconds = self.seconds_floor().unsigned_abs();
            write!(f, "{sign}{} min {} s", seconds / 60, seconds % 60)
        }
    }
}

const fn is_leap(year: i32) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

const fn days_in_month(year: i32, month: u8) -> u8 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if is_leap(year) => 29,
        2 => 28,
        _ => 31,
    }
}

/// Days from 1970-01-01, by counting 400-year eras from a March-based year.
const fn days_from_civil(year: i32, month: u8, day: u8) -> i32 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let month_from_march = (month as i32 + 9) % 12;
    let day_of_year = (153 * month_from_march + 2) / 5 + day as i32 - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "months and days are small and positive by construction"
)]
const fn civil_from_days(days: i32) -> (i32, u8, u8) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = (day_of_year - (153 * month_from_march + 2) / 5 + 1) as u8;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = year_of_era + era * 400 + if month <= 2 { 1 } else { 0 };
    (year, month as u8, day)
}

fn parse_digits(text: &str, length: usize) -> Option<i64> {
    let fits = text.len() == length && text.bytes().all(|b| b.is_ascii_digit());
    if fits { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests;
