//! Functions that PostgreSQL has, defined for SQLite.

use backsight_domain::time::{Date, Span, Time};
use rusqlite::functions::{Aggregate, Context, FunctionFlags};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Error, Result};

use crate::value::{parse_time, time_text};

const PURE: FunctionFlags = FunctionFlags::SQLITE_UTF8.union(FunctionFlags::SQLITE_DETERMINISTIC);
const DAY_S: i64 = 86_400;

/// A function of one number.
type Plain = fn(f64) -> f64;

/// Defines them on a connection.
pub(crate) fn define(connection: &Connection) -> Result<()> {
    connection.create_scalar_function("i32_at", 2, PURE, |context| {
        let index = usize::try_from(context.get::<i64>(1)?).ok();
        Ok(blob(context).and_then(|bytes| i32_at(bytes, index?)))
    })?;
    connection.create_scalar_function("bit_at", 2, PURE, |context| {
        let index = usize::try_from(context.get::<i64>(1)?).ok();
        let byte =
            blob(context).zip(index).and_then(|(bytes, index)| bytes.get(index / 8).copied());
        Ok(byte.zip(index).map(|(byte, index)| i64::from(byte >> (index % 8) & 1)))
    })?;
    connection.create_scalar_function("shifted", 3, PURE, |context| {
        let (from, sign): (Option<String>, String) = (context.get(0)?, context.get(1)?);
        let seconds = interval(&context.get::<String>(2)?)?;
        let seconds = if sign == "-" { -seconds } else { seconds };
        Ok(from.and_then(|from| shifted(&from, seconds)))
    })?;
    connection.create_scalar_function("seconds_between", 2, PURE, |context| {
        let (later, earlier): (Option<String>, Option<String>) = (context.get(0)?, context.get(1)?);
        let span = instant(later.as_deref()).zip(instant(earlier.as_deref()));
        Ok(span.map(|(later, earlier)| seconds(later - earlier)))
    })?;
    connection.create_scalar_function("extracted", 2, PURE, extracted)?;
    connection.create_scalar_function("date_trunc", 2, PURE, |context| {
        let (field, text): (String, Option<String>) = (context.get(0)?, context.get(1)?);
        Ok(text.and_then(|text| truncated(&field, &text)))
    })?;
    for (name, is_better) in
        [("greatest", (|a, b| b < a) as fn(f64, f64) -> bool), ("least", |a, b| a < b)]
    {
        connection
            .create_scalar_function(name, -1, PURE, move |context| best(context, is_better))?;
    }
    let plain: [(&str, Plain); 5] = [
        ("sqrt", f64::sqrt),
        ("floor", f64::floor),
        ("ceil", f64::ceil),
        ("ln", f64::ln),
        ("exp", f64::exp),
    ];
    for (name, function) in plain {
        connection.create_scalar_function(name, 1, PURE, move |context| {
            Ok(context.get::<Option<f64>>(0)?.map(function))
        })?;
    }
    for name in ["stddev", "stddev_samp"] {
        connection.create_aggregate_function(name, 1, PURE, Spread)?;
    }
    Ok(())
}

fn blob<'a>(context: &'a Context<'_>) -> Option<&'a [u8]> {
    match context.get_raw(0) {
        ValueRef::Blob(bytes) => Some(bytes),
        ValueRef::Null | ValueRef::Integer(_) | ValueRef::Real(_) | ValueRef::Text(_) => None,
    }
}

/// A number of a packed column.
fn i32_at(bytes: &[u8], index: usize) -> Option<i64> {
    let bytes = bytes.get(index * 4..)?.first_chunk()?;
    Some(i64::from(i32::from_le_bytes(*bytes)))
}

fn instant(text: Option<&str>) -> Option<Time> {
    let text = text?;
    let text = text.trim_end_matches("+00").trim_end_matches("+00:00").trim_end_matches('Z');
    let text = text.replace('T', " ");
    parse_time(&text).or_else(|| Date::parse(&text).map(Date::midnight_utc))
}

#[expect(clippy::cast_precision_loss, reason = "a span in seconds needs no sixteenth digit")]
fn seconds(span: Span) -> f64 {
    span.nanos() as f64 / 1e9
}

/// A date stays one when whole days are added.
fn shifted(text: &str, by_s: i64) -> Option<String> {
    let time = instant(Some(text))? + Span::from_seconds(by_s);
    let is_date = Date::parse(text).is_some() && by_s % DAY_S == 0;
    Some(if is_date { time.utc_date().to_string() } else { time_text(time) })
}

/// The seconds of an interval such as `7 days` or `1 hour 30 minutes`.
fn interval(text: &str) -> Result<i64> {
    let bad = || {
        let text = format!("`{text}` is no interval; write it like `7 days` or `90 minutes`");
        Error::UserFunctionError(text.into())
    };
    let mut words = text.split_whitespace();
    let mut total = 0;
    while let Some(count) = words.next() {
        let count: i64 = count.parse().map_err(|_| bad())?;
        let unit = words.next().ok_or_else(bad)?.to_ascii_lowercase();
        total += count
            * match unit.trim_end_matches('s') {
                "second" | "sec" => 1,
                "minute" | "min" => 60,
                "hour" | "h" => 3600,
                "day" | "d" => DAY_S,
                "week" => 7 * DAY_S,
                "month" | "mon" => 30 * DAY_S,
                "year" => 365 * DAY_S,
                _ => return Err(bad()),
            };
    }
    Ok(total)
}

fn extracted(context: &Context<'_>) -> Result<Option<f64>> {
    let field: String = context.get(0)?;
    let text = match context.get_raw(1) {
        ValueRef::Null | ValueRef::Blob(_) => return Ok(None),
        #[expect(clippy::cast_precision_loss, reason = "a span of seconds is small")]
        ValueRef::Integer(value) => return Ok(Some(part_of_span(&field, value as f64))),
        ValueRef::Real(value) => return Ok(Some(part_of_span(&field, value))),
        ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned(),
    };
    let Some(time) = instant(Some(&text)) else { return Ok(None) };
    let (year, month, day) = time.utc_date().ymd();
    let second = time.utc_nanos_of_day() / 1_000_000_000;
    let whole = |value: i64| i32::try_from(value).map(f64::from).ok();
    Ok(match field.as_str() {
        "epoch" => Some(seconds(time - Time::from_nanos(0))),
        "year" => Some(f64::from(year)),
        "month" => Some(f64::from(month)),
        "day" => Some(f64::from(day)),
        "hour" => whole(second / 3600),
        "minute" => whole(second / 60 % 60),
        "second" => whole(second % 60),
        // Sunday is zero.
        "dow" => Some(f64::from((time.utc_date().days() + 4).rem_euclid(7))),
        _ => {
            let text = format!("`EXTRACT({field} FROM ...)` is not understood here");
            return Err(Error::UserFunctionError(text.into()));
        }
    })
}

fn part_of_span(field: &str, span_s: f64) -> f64 {
    match field {
        "day" => (span_s / 86_400.0).trunc(),
        "hour" => (span_s / 3600.0).trunc() % 24.0,
        "minute" => (span_s / 60.0).trunc() % 60.0,
        _ => span_s,
    }
}

fn truncated(field: &str, text: &str) -> Option<String> {
    let time = instant(Some(text))?;
    let date = time.utc_date();
    let (year, month, _) = date.ymd();
    let within = |unit_s: i64| {
        let nanos = time.nanos();
        Time::from_nanos(nanos - nanos.rem_euclid(unit_s * 1_000_000_000))
    };
    let start = match field.to_ascii_lowercase().as_str() {
        "second" => within(1),
        "minute" => within(60),
        "hour" => within(3600),
        "day" => date.midnight_utc(),
        // The first of January 1970 was a Thursday.
        "week" => date.plus_days(-(date.days() + 3).rem_euclid(7)).midnight_utc(),
        "month" => Date::from_ymd(year, month, 1)?.midnight_utc(),
        "year" => Date::from_ymd(year, 1, 1)?.midnight_utc(),
        _ => return None,
    };
    Some(time_text(start))
}

fn best(context: &Context<'_>, is_better: fn(f64, f64) -> bool) -> Result<Option<f64>> {
    let mut best: Option<f64> = None;
    for index in 0..context.len() {
        let value: Option<f64> = context.get(index)?;
        best = match (best, value) {
            (Some(best), Some(value)) if !is_better(value, best) => Some(best),
            (best, value) => value.or(best),
        };
    }
    Ok(best)
}

/// The standard deviation of a sample, with running sums that lose nothing of note.
struct Spread;

impl Aggregate<(f64, f64, f64), Option<f64>> for Spread {
    fn init(&self, _: &mut Context<'_>) -> Result<(f64, f64, f64)> {
        Ok((0.0, 0.0, 0.0))
    }

    fn step(&self, context: &mut Context<'_>, sums: &mut (f64, f64, f64)) -> Result<()> {
        if let Some(value) = context.get::<Option<f64>>(0)? {
            let (count, mean, squares) = (sums.0 + 1.0, sums.1, sums.2);
            let delta = value - mean;
            let mean = mean + delta / count;
            *sums = (count, mean, squares + delta * (value - mean));
        }
        Ok(())
    }

    fn finalize(&self, _: &mut Context<'_>, sums: Option<(f64, f64, f64)>) -> Result<Option<f64>> {
        Ok(sums
            .filter(|sums| 1.0 < sums.0)
            .map(|(count, _, squares)| (squares / (count - 1.0)).sqrt()))
    }
}
