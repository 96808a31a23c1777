//! New York's clock, by the law instead of a time-zone database.
//!
//! A database differs between machines and changes under a running one. The same journal would
//! then open its sessions an hour apart on two computers, which breaks replay. Two rules cover
//! every year of the calendar, and both change the clock at 2:00 in the night to a Sunday:
//!
//! | Years | Summer time begins | and ends |
//! |---|---|---|
//! | 1987 to 2006 | first Sunday of April | last Sunday of October |
//! | since 2007 | second Sunday of March | first Sunday of November |

use super::assert_covered;
use crate::time::{Date, Span, Time, Weekday};

const SUMMER_OFFSET: Span = Span::from_minutes(-4 * 60);
const WINTER_OFFSET: Span = Span::from_minutes(-5 * 60);
const FIRST_YEAR_OF_THE_LONGER_SUMMER: i32 = 2007;

/// Whether New York keeps daylight-saving (summer) time at an instant.
pub fn is_dst(time: Time) -> bool {
    assert_covered(local(time).utc_date());
    is_summer(time)
}

/// The date and the minute of the day that New York's clocks show at an instant.
pub fn new_york(time: Time) -> (Date, u16) {
    let local = local(time);
    assert_covered(local.utc_date());
    let minute = Span::from_nanos(local.utc_nanos_of_day()).minutes_floor();
    (local.utc_date(), u16::try_from(minute).expect("a day has 1440 minutes"))
}

/// The instant at which New York's clocks show `hour:minute` on a date.
///
/// The hour that autumn repeats means its first pass; a time in the hour that spring skips is
/// counted on from the old clock (2:30 is 3:30 summer time).
pub fn at_new_york(date: Date, hour: u8, minute: u8) -> Time {
    assert!(hour < 24 && minute < 60, "no clock shows `{hour}:{minute}`");
    assert_covered(date);
    let clock = date.midnight_utc() + Span::from_minutes(i64::from(hour) * 60 + i64::from(minute));
    let summer = clock - SUMMER_OFFSET;
    if is_summer(summer) { summer } else { clock - WINTER_OFFSET }
}

/// The instant shifted so that its UTC reading is New York's.
pub(super) fn local(time: Time) -> Time {
    time + if is_summer(time) { SUMMER_OFFSET } else { WINTER_OFFSET }
}

/// Both changes lie months away from New Year, so the UTC year serves as the local one.
fn is_summer(time: Time) -> bool {
    let (year, _, _) = time.utc_date().ymd();
    let (begin, end) = if FIRST_YEAR_OF_THE_LONGER_SUMMER <= year {
        (sunday_from(year, 3, 8), sunday_from(year, 11, 1))
    } else {
        (sunday_from(year, 4, 1), sunday_from(year, 10, 25))
    };
    let two_in_the_night = Span::from_minutes(2 * 60);
    let begin = begin.midnight_utc() + two_in_the_night - WINTER_OFFSET;
    let end = end.midnight_utc() + two_in_the_night - SUMMER_OFFSET;
    begin <= time && time < end
}

/// The first Sunday on or after a day of the year.
fn sunday_from(year: i32, month: u8, day: u8) -> Date {
    let date = Date::from_ymd(year, month, day).expect("every year has these days");
    date.plus_days(Weekday::Sunday as i32 - date.weekday() as i32)
}
