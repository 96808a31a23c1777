//! Values as a person reads them.

use std::path::Path;

use backsight_domain::instrument::{Instrument, Right};
use backsight_domain::money::{Money, Rounding};
use backsight_domain::session::{covers, new_york};
use backsight_domain::time::{Date, Span, Time};
use backsight_domain::verdict::Observed;

use backsight_learning::bootstrap::Interval;
use backsight_learning::sample::{Sample, Saying};

use crate::page::{Cell, Tone};

/// The date in New York; the UTC date where the calendar ends.
pub(crate) fn trading_date(time: Time) -> Date {
    if covers(time) { new_york(time).0 } else { time.utc_date() }
}

/// Date and time in New York, to the second.
pub(crate) fn stamp(time: Time) -> String {
    format!("{} {} New York", trading_date(time), clock(time))
}

/// Date and minute in New York.
pub(crate) fn minute(time: Time) -> String {
    format!("{} {}", trading_date(time), time_of_day(time))
}

/// Month, day and minute in New York, where the year goes without saying.
pub(crate) fn short_minute(time: Time) -> String {
    minute(time).chars().skip("2024-".len()).collect()
}

/// Hour and minute in New York.
pub(crate) fn time_of_day(time: Time) -> String {
    let minute = minute_of_day(time);
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

/// Hour, minute and second in New York.
pub(crate) fn clock(time: Time) -> String {
    let second = time.utc_nanos_of_day() / 1_000_000_000 % 60;
    format!("{}:{second:02}", time_of_day(time))
}

fn minute_of_day(time: Time) -> i64 {
    let utc = time.utc_nanos_of_day() / 60_000_000_000;
    if covers(time) { new_york(time).1.into() } else { utc }
}

/// Dollars with cents and thousands.
pub(crate) fn money(amount: Money) -> String {
    let cents = (amount.magnitude().units() + 50) / 100;
    let sign = if amount < Money::ZERO && 0 < cents { "-" } else { "" };
    format!("{sign}{}.{:02}", grouped(cents / 100), cents % 100)
}

/// Dollars with their sign, in the tone of a result.
pub(crate) fn result(amount: Money) -> Cell {
    let text = money(amount);
    let sign = if Money::ZERO < amount { "+" } else { "" };
    Cell::toned(tone_of(amount.units()), format!("{sign}{text}"))
}

/// Whole dollars with their sign, in the tone of a result.
pub(crate) fn dollars(amount: Money) -> Cell {
    let dollars = amount.magnitude().share(1, 10_000, Rounding::HalfEven).units();
    let sign = if dollars == 0 {
        ""
    } else if amount < Money::ZERO {
        "-"
    } else {
        "+"
    };
    Cell::toned(tone_of(amount.units()), format!("{sign}{}", grouped(dollars)))
}

/// What a gate saw or wanted.
pub(crate) fn observed(observed: Observed) -> String {
    match observed {
        Observed::Money(amount) => money(amount),
        Observed::Span(length) => span(length),
        Observed::Nothing
        | Observed::Count(_)
        | Observed::Ratio(_)
        | Observed::MinuteOfDay(_)
        | Observed::Quantity(_)
        | Observed::State(_)
        | Observed::Flag(_) => observed.to_string(),
    }
}

/// A length of time in its two largest units.
pub(crate) fn span(length: Span) -> String {
    let sign = if length < Span::ZERO { "-" } else { "" };
    let millis = length.millis_floor().unsigned_abs();
    let seconds = millis / 1000;
    let (minutes, hours, days) = (seconds / 60, seconds / 3_600, seconds / 86_400);
    let text = match seconds {
        0..60 if millis.is_multiple_of(1000) => format!("{seconds} s"),
        0..60 => format!("{seconds}.{:03} s", millis % 1000),
        60..3_600 if seconds.is_multiple_of(60) => format!("{minutes} min"),
        60..3_600 => format!("{minutes} min {} s", seconds % 60),
        3_600..86_400 => format!("{hours} h {} min", minutes % 60),
        _ => format!("{days} d {} h", hours % 24),
    };
    format!("{sign}{text}")
}

/// A multiple of the risk, with its sign, in the tone of a result.
pub(crate) fn multiple(r: f64) -> Cell {
    let text = format!("{r:+.2}");
    let tone = if text.ends_with("0.00") {
        Tone::Plain
    } else if r < 0.0 {
        Tone::Bad
    } else {
        Tone::Good
    };
    Cell::toned(tone, text)
}

/// What a sample lets one say.
pub(crate) fn saying(sample: &Sample) -> String {
    match sample.says() {
        Saying::Nothing(more) => format!("{more} more"),
        Saying::FewSessions => "few days".to_owned(),
        Saying::Unclear => "unclear".to_owned(),
        Saying::Gains => "gains".to_owned(),
        Saying::Loses => "loses".to_owned(),
    }
}

/// What a sample lets one say, in the tone of it.
pub(crate) fn saying_cell(sample: &Sample) -> Cell {
    let tone = match sample.says() {
        Saying::Nothing(_) | Saying::FewSessions | Saying::Unclear => Tone::Dim,
        Saying::Gains => Tone::Good,
        Saying::Loses => Tone::Bad,
    };
    Cell::toned(tone, saying(sample))
}

/// Both ends of an interval; a dash when there is none.
pub(crate) fn interval(interval: Option<Interval>) -> String {
    interval.map_or_else(|| "-".to_owned(), |it| format!("{:+.2} {:+.2}", it.low, it.high))
}

/// A count as a share of another, in percent; a dash of nothing.
pub(crate) fn share(count: usize, of: usize) -> String {
    (100 * count).checked_div(of).map_or("-".to_owned(), |share| format!("{share} %"))
}

/// A ratio; a dash when there is none.
pub(crate) fn ratio(ratio: Option<f64>) -> String {
    ratio.map_or("-".to_owned(), |ratio| format!("{ratio:.2}"))
}

/// An expectancy of which something can be said; a dash below the sample that needs.
pub(crate) fn sayable(sample: &Sample) -> Cell {
    match sample.says() {
        Saying::Nothing(_) => Cell::toned(Tone::Dim, "-"),
        Saying::FewSessions | Saying::Unclear | Saying::Gains | Saying::Loses => expectancy(sample),
    }
}

/// An expectancy in units of the risk; a dash when there is none.
pub(crate) fn expectancy(sample: &Sample) -> Cell {
    sample.record.expectancy.map_or("-".into(), multiple)
}

const fn tone_of(units: i64) -> Tone {
    match units {
        ..0 => Tone::Bad,
        0 => Tone::Plain,
        1.. => Tone::Good,
    }
}

/// A whole number with thousands.
pub(crate) fn grouped(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index != 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if number < 0 { format!("-{text}") } else { text }
}

/// A count with thousands.
pub(crate) fn count(number: impl TryInto<i64>) -> String {
    grouped(number.try_into().unwrap_or(i64::MAX))
}

/// An instrument in a table: of two contracts as one, the second by its strike alone.
pub(crate) fn instrument(instrument: Instrument) -> String {
    match instrument {
        Instrument::Equity(_) | Instrument::Option(_) => instrument.to_string(),
        Instrument::Vertical(both) => format!("{}/{}", both.bought().occ(), both.sold().strike),
    }
}

/// What a contract or two as one are, in words beside their ticker; nothing for shares.
pub(crate) fn terms(instrument: Instrument) -> Option<String> {
    let (contract, strikes) = match instrument {
        Instrument::Equity(_) => return None,
        Instrument::Option(contract) => (contract, contract.strike.to_string()),
        Instrument::Vertical(both) => {
            (both.bought(), format!("{}/{}", both.bought().strike, both.sold().strike))
        }
    };
    let shares = match contract.multiplier {
        100 => String::new(),
        other => format!(", {other} shares each"),
    };
    let right = match contract.right {
        Right::Call => "call",
        Right::Put => "put",
    };
    Some(format!("{right} {strikes}, {}{shares}", contract.expiry))
}

/// Bytes in the largest unit of which there is at least one.
pub(crate) fn bytes(bytes: u64) -> String {
    let tenths = |shift: u32, unit| {
        let rest = (bytes >> (shift - 10)) & 0x3ff;
        format!("{}.{} {unit}", bytes >> shift, (rest * 10) >> 10)
    };
    match bytes {
        0..1_024 => format!("{bytes} B"),
        1_024..1_048_576 => format!("{} KiB", bytes >> 10),
        1_048_576..1_073_741_824 => tenths(20, "MiB"),
        _ => tenths(30, "GiB"),
    }
}

/// A path, shortened at its beginning when it is long.
pub(crate) fn path(path: &Path) -> String {
    let text = path.display().to_string();
    let length = text.chars().count();
    if length <= 60 {
        return text;
    }
    format!("…{}", text.chars().skip(length - 59).collect::<String>())
}

#[cfg(test)]
mod tests;
