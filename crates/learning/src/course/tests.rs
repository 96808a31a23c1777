use backsight_domain::event::Event;
use backsight_domain::market::{Slot, Split};
use backsight_domain::money::Money;
use backsight_domain::notice::Dividend;
use backsight_domain::price::Price;
use backsight_domain::session::Session;
use backsight_domain::time::Date;

use super::{Course, Courses};
use crate::told::{Teller, at, date};

/// The session `n` after 2 January 2024.
fn day(n: i32) -> Date {
    if n == 0 { date(1, 2) } else { Session::plus_sessions(date(1, 2), n).date() }
}

/// The course of the first symbol, found at 100 dollars before the open of 3 January.
fn course(teller: &Teller) -> Course {
    let past = teller.past();
    let courses = Courses::of(&past.tape);
    courses.follow(Slot(0), at((1, 3), -60), Price::from_cents(10_000).unwrap())
}

fn near(value: Option<f64>, wanted: f64) {
    assert!(value.is_some_and(|value| (value - wanted).abs() < 1e-9), "{value:?} {wanted}");
}

#[test]
fn a_mark_is_the_close_of_its_session_and_no_other() {
    // amc P11: "the previous close" of whenever the job ran was taken.
    let mut teller = Teller::new(1);
    teller.close(day(0), &[100.0]);
    for n in 1..=40 {
        teller.close(day(n), &[100.0 + f64::from(n)]);
    }
    let course = course(&teller);
    // Found before the session of day 1: the mark after n sessions is the close of day n + 1.
    for (sessions, dollars) in [(1, 102.0), (3, 104.0), (5, 106.0), (7, 108.0), (14, 115.0)] {
        near(course.after(sessions).map(|mark| mark.result), dollars / 100.0 - 1.0);
    }
    let last = course.after(30).unwrap();
    near(Some(last.result), 0.31);
    assert_eq!((last.session, last.on, last.is_stale), (day(31), day(31), false));
}

#[test]
fn sessions_are_counted_and_not_days() {
    // amc P2 and P10: days were now less now, and exact days of the week were skipped.
    let mut teller = Teller::new(1);
    for n in 0..=3 {
        teller.close(day(n), &[100.0]);
    }
    let course = course(&teller);
    // 3 January 2024 is a Wednesday; one session later is Thursday, three later the next Monday.
    assert_eq!(course.after(1).map(|mark| mark.on), Some(date(1, 4)));
    assert_eq!(course.after(3), None, "Monday has not closed");
    assert_eq!(course.sessions, 3);
    teller.close(day(4), &[104.0]);
    assert_eq!(self::course(&teller).after(3).map(|mark| mark.on), Some(date(1, 8)));
}

#[test]
fn late_data_catches_up_with_the_first_close_on_or_after() {
    // amc P1 and P10: a restart lost what slept, and a missed day was missed for ever.
    let mut teller = Teller::new(2);
    teller.close(day(0), &[100.0, 10.0]);
    teller.close(day(1), &[101.0, 10.0]);
    teller.close(day(2), &[0.0, 10.0]);
    let course = course(&teller);
    let stale = course.after(1).unwrap();
    assert_eq!((stale.is_stale, stale.on), (true, day(1)), "it did not trade since");
    teller.close(day(9), &[120.0, 10.0]);
    let course = self::course(&teller);
    for sessions in [1, 3, 5, 7] {
        let mark = course.after(sessions).unwrap();
        assert_eq!((mark.on, mark.is_stale), (day(9), false));
        near(Some(mark.result), 0.2);
    }
    assert_eq!(course.after(14), None);
}

#[test]
fn the_path_gives_peak_days_to_peak_and_drawdown() {
    // amc P4: peak, days to peak and drawdown were columns that nothing filled.
    let mut teller = Teller::new(1);
    for (n, dollars) in [(0, 100.0), (1, 90.0), (2, 120.0), (3, 150.0), (4, 75.0), (5, 100.0)] {
        teller.close(day(n), &[dollars]);
    }
    let course = course(&teller);
    let peak = course.peak.unwrap();
    near(Some(peak.result), 0.5);
    assert_eq!(peak.sessions, 2);
    near(Some(course.drawdown), -0.5);
}

#[test]
fn splits_and_dividends_are_no_loss() {
    let mut teller = Teller::new(2);
    teller.close(day(0), &[100.0, 10.0]);
    teller.close(day(1), &[100.0, 10.0]);
    let split = Split { slot: Slot(0), numerator: 4, denominator: 1 };
    teller.happen(at((1, 4), -60), Event::Split(split));
    let dividend = Dividend { slot: Slot(0), ex: day(4), amount: Money::dollars(1) };
    teller.happen(at((1, 4), -59), Event::Dividend(dividend));
    for n in 2..=8 {
        teller.close(day(n), &[if n < 4 { 25.0 } else { 24.0 }, 10.0]);
    }
    let course = course(&teller);
    near(course.after(1).map(|mark| mark.result), 0.0);
    near(course.after(5).map(|mark| mark.result), 0.0);
    near(course.after(5).and_then(|mark| mark.excess), 0.0);
}

#[test]
fn the_benchmark_is_everything_and_the_sector_the_others_of_it() {
    // amc P26: without a benchmark a rising market made every find a good one.
    let mut teller = Teller::new(4);
    teller.close(day(0), &[100.0, 100.0, 100.0, 100.0]);
    for n in 1..=3 {
        // AAA and CCC are of one sector, BBB and DDD of the other.
        teller.close(day(n), &[110.0, 100.0, 104.0, 106.0]);
    }
    let mark = *course(&teller).after(1).unwrap();
    near(Some(mark.result), 0.10);
    near(mark.excess, 0.10 - 0.05);
    near(mark.sector_excess, 0.10 - 0.04);
}
