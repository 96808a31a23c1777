//! Dates as outlets write them.
//!
//! Two families: digits joined by dashes (RFC 3339 and its relatives) and words in any order (RFC 822 and what people
//! take for it). A time without a zone is UTC, which is what most of them mean. A zone that is named and not known makes
//! the whole date unreadable: to be wrong by hours is worse than to be undated.

use backsight_domain::time::{Date, Span, Time};

/// Years outside of these are mistakes.
const YEARS: std::ops::RangeInclusive<i64> = 1900..=2199;
/// Longer texts are no dates.
const LENGTH_MAX: usize = 80;

/// Offsets in minutes by name. A name that several zones share is the one that news is dated in.
const ZONES: &[(&str, i64)] = &[
    ("gmt", 0),
    ("utc", 0),
    ("ut", 0),
    ("z", 0),
    ("wet", 0),
    ("est", -300),
    ("edt", -240),
    ("et", -300),
    ("cst", -360),
    ("cdt", -300),
    ("ct", -360),
    ("mst", -420),
    ("mdt", -360),
    ("mt", -420),
    ("pst", -480),
    ("pdt", -420),
    ("pt", -480),
    ("akst", -540),
    ("akdt", -480),
    ("hst", -600),
    ("ast", -240),
    ("adt", -180),
    ("at", -240),
    ("bst", 60),
    ("west", 60),
    ("cet", 60),
    ("met", 60),
    ("cest", 120),
    ("mest", 120),
    ("eet", 120),
    ("sast", 120),
    ("eest", 180),
    ("msk", 180),
    ("ist", 330),
    ("hkt", 480),
    ("sgt", 480),
    ("awst", 480),
    ("jst", 540),
    ("kst", 540),
    ("aest", 600),
    ("aedt", 660),
    ("nzst", 720),
    ("nzdt", 780),
];

const MONTHS: [&[u8; 3]; 12] = [
    b"jan", b"feb", b"mar", b"apr", b"may", b"jun", b"jul", b"aug", b"sep", b"oct", b"nov", b"dec",
];
const DAYS: [&[u8; 3]; 7] = [b"mon", b"tue", b"wed", b"thu", b"fri", b"sat", b"sun"];

/// Reads a date in any of the usual forms.
pub(super) fn parse(text: &str) -> Option<Time> {
    let text = text.trim_ascii();
    if text.is_empty() || LENGTH_MAX < text.len() || !text.is_ascii() {
        return None;
    }
    if let Some(time) = usual(text.as_bytes()) {
        return Some(time);
    }
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    if digits == 8 || (digits == 4 && text[4..].bytes().next().is_none_or(|it| it != b' ')) {
        numeric(text, digits)
    } else {
        wordy(text)
    }
}

/// `Fri, 20 Nov 2026 14:05:00 GMT` and `... +0000`, as nearly all feeds write: every byte has its place.
fn usual(text: &[u8]) -> Option<Time> {
    let (rest, zone) = text.split_at_checked(25)?;
    let pattern = b"aaa, 00 aaa 0000 00:00:00";
    let fits = rest.iter().zip(pattern).all(|(byte, pattern)| match pattern {
        b'a' => byte.is_ascii_alphabetic(),
        b'0' => byte.is_ascii_digit(),
        _ => byte == pattern,
    });
    if !fits || !matches!(zone, b" GMT" | b" +0000" | b" UTC") {
        return None;
    }
    let digits = |from: usize, to: usize| {
        rest[from..to].iter().fold(0, |number, byte| number * 10 + i64::from(byte - b'0'))
    };
    let month = MONTHS.iter().position(|month| rest[8..11].eq_ignore_ascii_case(*month))?;
    let month = i64::try_from(month + 1).ok()?;
    let (hour, minute, second) = (digits(17, 19), digits(20, 22), digits(23, 25));
    if 23 < hour || 59 < minute || 59 < second {
        return None;
    }
    let nanos = Span::from_seconds(hour * 3600 + minute * 60 + second).nanos();
    instant([digits(12, 16), month, digits(5, 7)], nanos, 0)
}

/// `2026-11-20T14:05:00.5Z`, `20261120`, `2026-11`, `2026/11/20 14:05 +0100`.
fn numeric(text: &str, digits: usize) -> Option<Time> {
    let end = text.find(['T', 't', ' ']).unwrap_or(text.len());
    let (date, clock) = (&text[..end], text[end..].get(1..).unwrap_or_default().trim_start());
    let (year, month, day) = if digits == 8 {
        (number(&date[..4])?, number(&date[4..6])?, number(date.get(6..)?)?)
    } else {
        let mut fields = date.split(['-', '/']);
        let mut field = || fields.next().map_or(Some(1), number);
        let fields = (field()?, field()?, field()?);
        if date.split(['-', '/']).nth(3).is_some() {
            return None;
        }
        fields
    };
    let place = clock.find(['Z', 'z', '+', '-', ' ']).unwrap_or(clock.len());
    let (clock, zone) = clock.split_at(place);
    let nanos = if clock.is_empty() { 0 } else { clock_nanos(clock)? };
    instant([year, month, day], nanos, zone_minutes(zone.trim())?)
}

/// `Fri, 20 Nov 2026 14:05:00 GMT`, `November 20, 2026 2:05 PM EST`, `Fri Nov 20 14:05:00 2026`.
fn wordy(text: &str) -> Option<Time> {
    let (mut day, mut month, mut year) = (None, None, None);
    let (mut nanos, mut zone, mut half) = (None, None, None);
    for word in text.split(|c: char| c <= ' ' || c == ',').filter(|word| !word.is_empty()) {
        let first = word.as_bytes()[0];
        if first == b'(' {
            continue;
        }
        if word.contains(':') && first.is_ascii_digit() && nanos.is_none() {
            let end = word.find(['+', '-', 'Z']).unwrap_or(word.len());
            nanos = Some(clock_nanos(&word[..end])?);
            zone = Some(&word[end..]).filter(|zone| !zone.is_empty());
        } else if first == b'+' || first == b'-' {
            zone = Some(word);
        } else if first.is_ascii_digit() {
            for part in word.split(['-', '/']).filter(|part| !part.is_empty()) {
                calendar_word(part, &mut day, &mut month, &mut year)?;
            }
        } else if month.is_none() && month_of(word).is_some() {
            month = month_of(word);
        } else if word.eq_ignore_ascii_case("am") || word.eq_ignore_ascii_case("pm") {
            half = Some(word.eq_ignore_ascii_case("pm"));
        } else if !is_weekday(word) && word.len() > 1 && !word.eq_ignore_ascii_case("at") {
            zone = zone.filter(|it| it.starts_with(['+', '-'])).or(Some(word));
        }
    }
    let nanos = half_day(nanos.unwrap_or(0), half)?;
    instant([year?, month?, day?], nanos, zone_minutes(zone.unwrap_or_default())?)
}

/// Takes a number or a month's name as the part of a date that is still open.
fn calendar_word(
    part: &str,
    day: &mut Option<i64>,
    month: &mut Option<i64>,
    year: &mut Option<i64>,
) -> Option<()> {
    if let Some(named) = month_of(part) {
        *month = month.or(Some(named));
        return Some(());
    }
    let digits = part.bytes().take_while(u8::is_ascii_digit).count();
    let value = number(&part[..digits])?;
    match digits {
        4 if year.is_none() => *year = Some(value),
        // A year in front makes it year, month, day.
        1 | 2 if year.is_some() && month.is_none() && day.is_none() => *month = Some(value),
        1 | 2 if day.is_none() => *day = Some(value),
        // RFC 822 had two digits for a year; feedparser draws the line at 90, and so do we.
        2 if year.is_none() => *year = Some(value + if value < 90 { 2000 } else { 1900 }),
        _ => return None,
    }
    Some(())
}

/// Nanoseconds since midnight of `14:05`, `14:05:09`, `14:05:09.25` or `140509`.
fn clock_nanos(text: &str) -> Option<i64> {
    if text.len() == 6
        && let Some(digits) = number(text)
    {
        return clock_nanos(&format!(
            "{}:{}:{}",
            digits / 10_000,
            digits / 100 % 100,
            digits % 100
        ));
    }
    let mut fields = text.split(':');
    let hour = number(fields.next()?)?;
    let minute = fields.next().map_or(Some(0), number)?;
    let (second, fraction) = match fields.next() {
        Some(field) => field.split_once(['.', ',']).unwrap_or((field, "")),
        None => ("0", ""),
    };
    // A leap second is the last second of its minute.
    let second = number(second)?.min(if second == "60" { 59 } else { i64::MAX });
    if fields.next().is_some() || 23 < hour || 59 < minute || 59 < second {
        return None;
    }
    let digits = &fraction[..fraction.len().min(9)];
    let scale = 10_i64.pow(u32::try_from(9 - digits.len()).expect("at most nine digits"));
    let fraction = if digits.is_empty() { 0 } else { number(digits)? * scale };
    Some(Span::from_seconds(hour * 3600 + minute * 60 + second).nanos() + fraction)
}

fn half_day(nanos: i64, afternoon: Option<bool>) -> Option<i64> {
    let Some(afternoon) = afternoon else { return Some(nanos) };
    let hour = Span::from_minutes(60).nanos();
    let twelfth = nanos / hour;
    if !(1..=12).contains(&twelfth) {
        return None;
    }
    let morning = if twelfth == 12 { nanos - 12 * hour } else { nanos };
    Some(if afternoon { morning + 12 * hour } else { morning })
}

/// Minutes east of Greenwich: `+0530`, `-05:00`, `GMT+2`, `EST`, or nothing, which is UTC.
fn zone_minutes(zone: &str) -> Option<i64> {
    if zone.is_empty() {
        return Some(0);
    }
    let letters = zone.bytes().take_while(u8::is_ascii_alphabetic).count();
    let (name, offset) = zone.split_at(letters);
    let named = match name {
        "" => 0,
        _ => ZONES.iter().find(|(it, _)| it.eq_ignore_ascii_case(name))?.1,
    };
    if offset.is_empty() {
        return Some(named);
    }
    let sign = match offset.as_bytes()[0] {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let digits = &offset[1..];
    let (hours, minutes) = match digits.split_once(':') {
        Some(pair) => pair,
        None if digits.len() <= 2 => (digits, "0"),
        None => digits.split_at(2),
    };
    let (hours, minutes) = (number(hours)?, number(minutes)?);
    let known = hours <= 14 && minutes <= 59;
    known.then_some(named + sign * (hours * 60 + minutes))
}

fn instant([year, month, day]: [i64; 3], nanos: i64, zone_minutes: i64) -> Option<Time> {
    if !YEARS.contains(&year) {
        return None;
    }
    let narrow = |value: i64| u8::try_from(value).ok();
    let date = Date::from_ymd(i32::try_from(year).ok()?, narrow(month)?, narrow(day)?)?;
    Some(date.midnight_utc() + Span::from_nanos(nanos) - Span::from_minutes(zone_minutes))
}

fn month_of(word: &str) -> Option<i64> {
    let start = word.as_bytes().get(..3)?;
    let place = MONTHS.iter().position(|month| start.eq_ignore_ascii_case(*month))?;
    i64::try_from(place + 1).ok()
}

fn is_weekday(word: &str) -> bool {
    let start = word.as_bytes().get(..3);
    start.is_some_and(|start| DAYS.iter().any(|day| start.eq_ignore_ascii_case(*day)))
}

fn number(text: &str) -> Option<i64> {
    let plain = !text.is_empty() && text.len() <= 9 && text.bytes().all(|b| b.is_ascii_digit());
    if plain { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests;
