//! Sessions of the New York Stock Exchange: which days trade, from when to when.
//!
//! | Kind of day | New York | Minutes |
//! |---|---|---|
//! | full | 09:30 to 16:00 | 390 |
//! | half | 09:30 to 13:00 | 210 |
//! | weekend, holiday, closure | - | - |
//!
//! Days follow from rules and dated exceptions, New York's clock from the law; nothing is loaded
//! and nothing is allocated. "Today" in limits and reports is a session date, never a UTC date.
//!
//! The calendar covers the years 2000 to 2035. Outside them "no session" would be a guess that
//! looks like a holiday, so every question asserts that it lies inside: the process stops and
//! names the date. Whoever lets a time in from outside asks [`covers`] first. Halts and late
//! opens within a session are events, not calendar. A closure decided after this program was
//! built is found by comparing with the broker's calendar ([`check_broker_days`]).

mod broker;
mod holidays;
mod new_york;

pub use broker::{BrokerDay, Disagreement, check_broker_days};
pub use new_york::{at_new_york, is_dst, new_york};

use crate::time::{Date, Span, Time};
use holidays::Day;

const FIRST: Date = Date::from_ymd(2000, 1, 1).expect("the date exists");
const LAST: Date = Date::from_ymd(2035, 12, 31).expect("the date exists");

const OPEN_MINUTE: u16 = 9 * 60 + 30;
const FULL_MINUTES: u16 = 390;
const HALF_MINUTES: u16 = 210;

/// One trading day: its date in New York, and the instants between which the exchange trades.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Session {
    date: Date,
    open: Time,
    close: Time,
}

/// Whether the calendar knows the date in New York at an instant: the years 2000 to 2035.
pub fn covers(time: Time) -> bool {
    covers_date(new_york::local(time).utc_date())
}

/// Whether the calendar knows a date: the years 2000 to 2035.
pub fn covers_date(date: Date) -> bool {
    FIRST <= date && date <= LAST
}

fn assert_covered(date: Date) {
    assert!(covers_date(date), "the calendar covers `{FIRST}` to `{LAST}`, not `{date}`");
}

/// The date in New York; the UTC date where the calendar ends.
pub fn trading_date(time: Time) -> Date {
    if covers(time) { new_york(time).0 } else { time.utc_date() }
}

impl Session {
    /// The session on a date; `None` when the exchange is closed all day.
    pub fn on(date: Date) -> Option<Self> {
        assert_covered(date);
        let minutes = minutes_on(date)?;
        let open = at_new_york(date, 9, 30);
        Some(Self { date, open, close: open + Span::from_minutes(i64::from(minutes)) })
    }

    /// The session in progress at an instant: it has opened and not yet closed.
    pub fn at(time: Time) -> Option<Self> {
        let (date, minute) = new_york(time);
        let within_the_longest_day = (OPEN_MINUTE..OPEN_MINUTE + FULL_MINUTES).contains(&minute);
        if !within_the_longest_day {
            return None;
        }
        Self::on(date).filter(|session| session.contains(time))
    }

    /// The first session after a date.
    pub fn next(date: Date) -> Self {
        Self::nearest(date, 1)
    }

    /// The last session before a date.
    pub fn previous(date: Date) -> Self {
        Self::nearest(date, -1)
    }

    /// The first session that opens after an instant.
    pub fn next_after(time: Time) -> Self {
        let (date, _) = new_york(time);
        Self::on(date).filter(|today| time < today.open).unwrap_or_else(|| Self::next(date))
    }

    /// The `n`-th session after a date, before it when `n` is negative.
    pub fn plus_sessions(date: Date, n: i32) -> Self {
        assert_ne!(n, 0, "a date need not be a session, so there is no session at distance `0`");
        let first = Self::nearest(date, n.signum());
        (1..n.abs()).fold(first, |session, _| Self::nearest(session.date, n.signum()))
    }

    /// The sessions from one date to another, both included.
    pub fn between(from: Date, to: Date) -> impl Iterator<Item = Self> {
        (from.days()..=to.days()).filter_map(|day| Self::on(Date::from_days(day)))
    }

    /// How many sessions lie after one date and up to another, that one included.
    ///
    /// This is the age in sessions: the session `n` after a date is `n` sessions elapsed.
    pub fn elapsed(since: Date, until: Date) -> usize {
        Self::between(since.plus_days(1), until).count()
    }

    /// The date in New York.
    pub const fn date(self) -> Date {
        self.date
    }

    /// The instant at which trading opens.
    pub const fn open(self) -> Time {
        self.open
    }

    /// The instant at which trading closes; it is no longer in the session.
    pub const fn close(self) -> Time {
        self.close
    }

    /// Whether trading closes at 13:00.
    pub fn is_half_day(self) -> bool {
        self.minutes() == HALF_MINUTES
    }

    /// The length of the session: 390 minutes, or 210 on a half day.
    pub fn minutes(self) -> u16 {
        whole_minutes(self.close - self.open)
    }

    /// Whether an instant lies in the session.
    pub fn contains(self, time: Time) -> bool {
        self.open <= time && time < self.close
    }

    /// Whole minutes since the open, from 0; `None` outside the session.
    pub fn minute_at(self, time: Time) -> Option<u16> {
        self.contains(time).then(|| whole_minutes(time - self.open))
    }

    /// The minute of the day in New York. Clocks never change on a session's date, so there it is
    /// counted from the open.
    pub fn minute_of_day(self, time: Time) -> u16 {
        let minute = i64::from(OPEN_MINUTE) + (time - self.open).minutes_floor();
        let same_day = (0..24 * 60).contains(&minute);
        let minute = u16::try_from(minute).ok().filter(|_| same_day);
        minute.unwrap_or_else(|| new_york(time).1)
    }

    /// Whole minutes left until the close, 0 in the last one; `None` outside the session.
    pub fn minutes_to_close(self, time: Time) -> Option<u16> {
        self.contains(time).then(|| whole_minutes(self.close - time))
    }

    /// The closest session to a date in one direction. The calendar's edge ends the search.
    fn nearest(date: Date, step: i32) -> Self {
        let mut date = date.plus_days(step);
        loop {
            match Self::on(date) {
                Some(session) => return session,
                None => date = date.plus_days(step),
            }
        }
    }
}

fn minutes_on(date: Date) -> Option<u16> {
    match holidays::day(date) {
        Day::Closed => None,
        Day::Half => Some(HALF_MINUTES),
        Day::Full => Some(FULL_MINUTES),
    }
}

fn whole_minutes(span: Span) -> u16 {
    u16::try_from(span.minutes_floor()).expect("a session has at most 390 minutes")
}

#[cfg(test)]
mod tests;
