//! Which contracts are listed on a day: expiries by the calendar, strikes around the price.

use std::ops::RangeInclusive;

use backsight_domain::instrument::Right;
use backsight_domain::price::Price;
use backsight_domain::session::Session;
use backsight_domain::time::{Date, Weekday};

/// Which contracts of a share are asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChainFilter {
    /// The first and the last expiry.
    pub expiries: RangeInclusive<Date>,
    /// How far a strike may lie from the share's price, in basis points.
    pub strikes_bps: i64,
    /// Calls or puts only.
    pub right: Option<Right>,
}

/// Weeks whose last session is an expiry.
const WEEKS: i32 = 5;
/// Months whose third Friday is an expiry.
const MONTHS: i32 = 4;
/// Sessions that are an expiry of shares with daily ones.
const DAYS: i32 = 5;
/// Every strike is a multiple of this many ticks.
const STRIKE_STEP: i64 = 5_000;

impl ChainFilter {
    /// What a desk usually looks at: strikes within a tenth of the price, expiries within 45 days.
    pub fn usual(date: Date) -> Self {
        Self { expiries: date..=date.plus_days(45), strikes_bps: 1_000, right: None }
    }

    pub(super) fn covers(&self, expiry: Date) -> bool {
        self.expiries.contains(&expiry)
    }
}

/// The expiries that are listed on a date, that date included, in order.
pub(super) fn expiries(date: Date, is_daily: bool) -> Vec<Date> {
    let this_week = friday_of(date);
    let weeks = (0..WEEKS).map(|week| this_week.plus_days(7 * week));
    let (year, month, _) = date.ymd();
    let months = (0..=MONTHS).map(|count| third_friday(year, i32::from(month) - 1 + count));
    let mut expiries: Vec<Date> = weeks.chain(months).map(last_session).collect();
    if is_daily {
        let mut day = date.plus_days(-1);
        for _ in 0..DAYS {
            day = Session::next(day).date();
            expiries.push(day);
        }
    }
    expiries.retain(|expiry| date <= *expiry);
    expiries.sort_unstable();
    expiries.dedup();
    expiries
}

/// Whether an expiry is the month's.
pub(super) fn is_monthly(expiry: Date) -> bool {
    let (year, month, _) = expiry.ymd();
    last_session(third_friday(year, i32::from(month) - 1)) == expiry
}

/// Strikes within a part of the price, in order.
pub(super) fn strikes(spot: f64, bps: i64) -> impl Iterator<Item = Price> {
    let step = strike_step(spot);
    let spot = ticks(spot);
    let (low, high) = (spot - spot * bps / 10_000, spot + spot * bps / 10_000);
    let first = (low + step - 1) / step;
    (first.max(1)..=high / step).filter_map(move |count| Price::from_ticks(count * step))
}

/// Half a dollar up to $25, then $1, $2.50 from $150 and $5 from $300 on.
const fn strike_step(spot: f64) -> i64 {
    match spot {
        spot if spot < 25.0 => STRIKE_STEP,
        spot if spot < 150.0 => 2 * STRIKE_STEP,
        spot if spot < 300.0 => 5 * STRIKE_STEP,
        _ => 10 * STRIKE_STEP,
    }
}

#[expect(clippy::cast_possible_truncation, reason = "a price in ticks fits")]
fn ticks(dollars: f64) -> i64 {
    (dollars * 10_000.0) as i64
}

fn friday_of(date: Date) -> Date {
    let passed = match date.weekday() {
        Weekday::Saturday => -6,
        Weekday::Sunday => -5,
        Weekday::Monday => -4,
        Weekday::Tuesday => -3,
        Weekday::Wednesday => -2,
        Weekday::Thursday => -1,
        Weekday::Friday => 0,
    };
    date.plus_days(-passed)
}

/// The third Friday of a month, counted from January of `year` and perhaps beyond its end.
fn third_friday(year: i32, month: i32) -> Date {
    let (year, month) = (year + month / 12, month % 12 + 1);
    let month = u8::try_from(month).expect("a month is below 13");
    let fifteenth = Date::from_ymd(year, month, 15).expect("every month has a 15th");
    friday_of(fifteenth)
}

/// The date itself when it is a session, or the session before it.
fn last_session(date: Date) -> Date {
    Session::on(date).map_or_else(|| Session::previous(date).date(), Session::date)
}
