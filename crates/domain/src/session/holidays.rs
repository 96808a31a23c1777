//! Which days the New York Stock Exchange opens, and for how long: rules and dated exceptions.

use crate::time::{Date, Weekday};

/// What the exchange does on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Day {
    Closed,
    Half,
    Full,
}

/// Days on which the exchange departed from its rules, in order.
const EXCEPTIONS: [(Date, Day); 13] = [
    // The attacks on New York and Washington.
    (dated(2001, 9, 11), Day::Closed),
    (dated(2001, 9, 12), Day::Closed),
    (dated(2001, 9, 13), Day::Closed),
    (dated(2001, 9, 14), Day::Closed),
    // Independence Day on a Thursday: in 2002 the day after it was short, since 2013 the day before.
    (dated(2002, 7, 3), Day::Full),
    (dated(2002, 7, 5), Day::Half),
    (dated(2003, 12, 26), Day::Half),
    // Mourning for President Reagan.
    (dated(2004, 6, 11), Day::Closed),
    // Mourning for President Ford.
    (dated(2007, 1, 2), Day::Closed),
    // Hurricane Sandy.
    (dated(2012, 10, 29), Day::Closed),
    (dated(2012, 10, 30), Day::Closed),
    // Mourning for President Bush.
    (dated(2018, 12, 5), Day::Closed),
    // Mourning for President Carter.
    (dated(2025, 1, 9), Day::Closed),
];

const FIRST_JUNETEENTH: i32 = 2022;

/// What the exchange does on a date of the covered years.
pub(super) fn day(date: Date) -> Day {
    match EXCEPTIONS.iter().find(|(exception, _)| *exception == date) {
        Some((_, day)) => *day,
        None => by_rule(date),
    }
}

/// A holiday that falls on a Sunday is kept on Monday, one on a Saturday on Friday, except New
/// Year: the Friday before is the last trading day of its year and stays open (rule 7.2).
fn by_rule(date: Date) -> Day {
    use Weekday::{Friday, Monday, Saturday, Sunday, Thursday, Tuesday, Wednesday};
    let (year, month, day) = date.ymd();
    match (month, day, date.weekday()) {
        (_, _, Saturday | Sunday) => Day::Closed,
        // New Year.
        (1, 1, _) | (1, 2, Monday) => Day::Closed,
        // Martin Luther King Day.
        (1, 15..=21, Monday) => Day::Closed,
        // Presidents' Day.
        (2, 15..=21, Monday) => Day::Closed,
        // Good Friday.
        (3 | 4, _, Friday) if date == easter(year).plus_days(-2) => Day::Closed,
        // Memorial Day.
        (5, 25..=31, Monday) => Day::Closed,
        // Juneteenth.
        (6, 19, _) | (6, 20, Monday) | (6, 18, Friday) if FIRST_JUNETEENTH <= year => Day::Closed,
        // Independence Day.
        (7, 4, _) | (7, 5, Monday) | (7, 3, Friday) => Day::Closed,
        (7, 3, Monday | Tuesday | Wednesday | Thursday) => Day::Half,
        // Labor Day.
        (9, 1..=7, Monday) => Day::Closed,
        // Thanksgiving.
        (11, 22..=28, Thursday) => Day::Closed,
        (11, 23..=29, Friday) => Day::Half,
        // Christmas.
        (12, 25, _) | (12, 26, Monday) | (12, 24, Friday) => Day::Closed,
        (12, 24, Monday | Tuesday | Wednesday | Thursday) => Day::Half,
        _ => Day::Full,
    }
}

/// Easter Sunday, by Gauss's rule for the years 1900 to 2099. Its exceptions (1954, 1981, 2049,
/// 2076) lie outside the calendar.
fn easter(year: i32) -> Date {
    let moon = (19 * (year % 19) + 24) % 30;
    let sunday = (2 * (year % 4) + 4 * (year % 7) + 6 * moon + 5) % 7;
    dated(year, 3, 22).plus_days(moon + sunday)
}

const fn dated(year: i32, month: u8, day: u8) -> Date {
    Date::from_ymd(year, month, day).expect("a date of the calendar exists")
}
