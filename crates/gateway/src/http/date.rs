//! Dates as HTTP writes them: `Sun, 06 Nov 1994 08:49:37 GMT`.

use backsight_domain::time::{Span, Time, Weekday};

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// More seconds than anybody waits for, and few enough to be counted in nanoseconds.
const SECONDS_MAX: i64 = 1_000_000_000;

/// Reads the one form that servers may send today; `None` when the text is anything else.
pub fn parse(text: &str) -> Option<Time> {
    let (_, rest) = text.trim().split_once(", ")?;
    let mut fields = rest.split(' ');
    let (day, month, year) = (fields.next()?, fields.next()?, fields.next()?);
    let (clock, zone) = (fields.next()?, fields.next()?);
    if zone != "GMT" || fields.next().is_some() {
        return None;
    }
    let month = MONTHS.iter().position(|name| *name == month)? + 1;
    let (day, year): (u8, u16) = (day.parse().ok()?, year.parse().ok()?);
    Time::parse(&format!("{year:04}-{month:02}-{day:02}T{clock}Z"))
}

/// Writes an instant, to the second below.
pub fn format(time: Time) -> String {
    let (year, month, day) = time.utc_date().ymd();
    let second = time.utc_nanos_of_day() / 1_000_000_000;
    let (hour, minute, second) = (second / 3_600, second / 60 % 60, second % 60);
    let weekday = match time.utc_date().weekday() {
        Weekday::Monday => "Mon",
        Weekday::Tuesday => "Tue",
        Weekday::Wednesday => "Wed",
        Weekday::Thursday => "Thu",
        Weekday::Friday => "Fri",
        Weekday::Saturday => "Sat",
        Weekday::Sunday => "Sun",
    };
    let month = MONTHS[usize::from(month) - 1];
    format!("{weekday}, {day:02} {month} {year:04} {hour:02}:{minute:02}:{second:02} GMT")
}

/// Reads a `Retry-After`: seconds, or a date; `None` when it is neither.
pub fn retry_after(text: &str, now: Time) -> Option<Span> {
    let text = text.trim();
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        let seconds = text.parse().unwrap_or(i64::MAX).min(SECONDS_MAX);
        return Some(Span::from_seconds(seconds));
    }
    parse(text).map(|time| (time - now).max(Span::ZERO))
}

#[cfg(test)]
mod tests;
