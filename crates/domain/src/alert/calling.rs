//! When an alert may leave, and when it is told again.

use super::{Alert, Severity};
use crate::session::{covers, new_york};
use crate::time::{Span, Time};

/// Minutes of a day.
const DAY: i64 = 1_440;

/// How people are called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Calling {
    /// When people are left alone.
    pub quiet: Option<Quiet>,
    /// After how long an alert that nobody acknowledged is told again; never when absent.
    pub escalate_after: Option<Span>,
    /// How often it is told again.
    pub escalations: u32,
}

/// Hours of the day in which people are left alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quiet {
    /// The first minute of the day that is quiet.
    pub from: u16,
    /// The first minute of the day that is not; before `from` when midnight lies between.
    pub until: u16,
    /// Whose day.
    pub zone: Zone,
    /// From which severity on people are called all the same.
    pub broken_by: Severity,
}

/// Whose clocks a time of day means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Zone {
    /// New York's, summer time included.
    NewYork,
    /// So many minutes before UTC.
    Offset(i16),
}

impl Calling {
    /// When a message of a severity may leave that is there now.
    pub fn release(&self, severity: Severity, now: Time) -> Time {
        match self.quiet {
            Some(quiet) if severity < quiet.broken_by => quiet.end(now).unwrap_or(now),
            Some(_) | None => now,
        }
    }

    /// When an alert that was told so often is told again; `None` when it is not.
    pub fn again(&self, alert: &Alert, told: u32, last: Time) -> Option<Time> {
        let after = self.escalate_after?;
        let wanted = alert.wants_acknowledgement() && told <= self.escalations;
        wanted.then_some(last + after)
    }
}

impl Quiet {
    /// The end of the quiet hours that an instant lies in; `None` outside of them.
    pub fn end(&self, now: Time) -> Option<Time> {
        let (from, until) = (i64::from(self.from), i64::from(self.until));
        let minute = self.zone.minute_of_day(now);
        let since = (minute - from).rem_euclid(DAY);
        let length = (until - from).rem_euclid(DAY);
        let left = length - since;
        // Whole minutes: the seconds of the running one have passed already.
        let seconds = now.nanos().rem_euclid(60_000_000_000);
        (since < length).then(|| now + Span::from_minutes(left) - Span::from_nanos(seconds))
    }
}

impl Zone {
    /// Parses `New York`, `UTC`, or an offset such as `+01:00`.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "New York" => return Some(Self::NewYork),
            "UTC" => return Some(Self::Offset(0)),
            _ => {}
        }
        let (sign, rest) = match text.split_at_checked(1)? {
            ("+", rest) => (1, rest),
            ("-", rest) => (-1, rest),
            _ => return None,
        };
        let minutes = i16::try_from(parse_time(rest)?).ok()?;
        (minutes <= 14 * 60).then_some(Self::Offset(sign * minutes))
    }

    fn minute_of_day(self, now: Time) -> i64 {
        match self {
            Self::NewYork if covers(now) => i64::from(new_york(now).1),
            // Beyond the calendar the law is not known; winter time is the nearest guess.
            Self::NewYork => Self::Offset(-5 * 60).minute_of_day(now),
            Self::Offset(minutes) => {
                let local = now + Span::from_minutes(i64::from(minutes));
                local.utc_nanos_of_day() / 60_000_000_000
            }
        }
    }
}

/// The minute of the day that `HH:MM` means.
pub(super) fn parse_time(text: &str) -> Option<u16> {
    let (hour, minute) = text.split_once(':').filter(|_| text.len() == 5)?;
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let (hour, minute): (u16, u16) = (
        hour.parse().ok().filter(|_| is_number(hour))?,
        minute.parse().ok().filter(|_| is_number(minute))?,
    );
    (hour < 24 && minute < 60).then_some(60 * hour + minute)
}

impl Quiet {
    /// Parses `HH:MM-HH:MM`; `None` when it is none, or covers nothing.
    pub fn parse(text: &str, zone: Zone, broken_by: Severity) -> Option<Self> {
        let (from, until) = text.split_once('-')?;
        let (from, until) = (parse_time(from.trim())?, parse_time(until.trim())?);
        (from != until).then_some(Self { from, until, zone, broken_by })
    }
}
