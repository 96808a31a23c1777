use std::collections::BTreeMap;

use super::*;
use crate::time::Weekday;
use proptest::prelude::*;

/// Facts from outside sources; `docs/reference-data/calendar.md` says where they come from.
const VECTORS: &str = include_str!("vectors.txt");

fn date(text: &str) -> Date {
    Date::parse(text).expect("the test names a date")
}

fn time(text: &str) -> Time {
    Time::parse(text).expect("the test names an instant")
}

fn session(text: &str) -> Session {
    Session::on(date(text)).expect("the test names a session")
}

fn days(from: Date, to: Date) -> impl Iterator<Item = Date> {
    (from.days()..=to.days()).map(Date::from_days)
}

fn is_weekend(date: Date) -> bool {
    matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday)
}

/// What the calendar says of a day, in the words of the vector file.
fn told(date: Date) -> &'static str {
    let Some(session) = Session::on(date) else { return "closed" };
    assert_eq!(new_york(session.open()), (date, 570), "{date} opens at 9:30");
    match new_york(session.close()) {
        (on, 960) if on == date && session.minutes() == 390 => "16:00",
        (on, 780) if on == date && session.minutes() == 210 => "13:00",
        other => panic!("{date} closes at {other:?}"),
    }
}

fn vectors() -> (Date, Date, BTreeMap<Date, &'static str>) {
    let mut lines = VECTORS.lines().map(|line| line.split_once(' ').unwrap());
    let (first, last) = lines.next().unwrap();
    (date(first), date(last), lines.map(|(day, what)| (date(day), what)).collect())
}

#[test]
fn every_weekday_of_the_vectors_is_as_they_say() {
    let (first, last, vectors) = vectors();
    for day in days(first, last) {
        let expected = match vectors.get(&day) {
            Some(&("summer" | "winter")) => "closed",
            Some(what) => what,
            None if is_weekend(day) => "closed",
            None => "16:00",
        };
        assert_eq!(told(day), expected, "{day}");
    }
    let weekdays = vectors.values().filter(|what| ["closed", "13:00"].contains(what)).count();
    assert_eq!(weekdays, 336, "the file is whole");
}

#[test]
fn rules_hold_after_the_vectors_end() {
    let closed = [
        "2029-01-01 2029-01-15 2029-02-19 2029-03-30 2029-05-28 2029-06-19 2029-07-04 2029-09-03",
        "2029-11-22 2029-12-25 2030-01-01 2030-01-21 2030-02-18 2030-04-19 2030-05-27 2030-06-19",
        "2030-07-04 2030-09-02 2030-11-28 2030-12-25 2031-01-01 2031-01-20 2031-02-17 2031-04-11",
        "2031-05-26 2031-06-19 2031-07-04 2031-09-01 2031-11-27 2031-12-25 2032-01-01 2032-01-19",
        "2032-02-16 2032-03-26 2032-05-31 2032-06-18 2032-07-05 2032-09-06 2032-11-25 2032-12-24",
        "2033-01-17 2033-02-21 2033-04-15 2033-05-30 2033-06-20 2033-07-04 2033-09-05 2033-11-24",
        "2033-12-26 2034-01-02 2034-01-16 2034-02-20 2034-04-07 2034-05-29 2034-06-19 2034-07-04",
        "2034-09-04 2034-11-23 2034-12-25 2035-01-01 2035-01-15 2035-02-19 2035-03-23 2035-05-28",
        "2035-06-19 2035-07-04 2035-09-03 2035-11-22 2035-12-25",
    ];
    let half = [
        "2029-07-03 2029-11-23 2029-12-24 2030-07-03 2030-11-29 2030-12-24 2031-07-03 2031-11-28",
        "2031-12-24 2032-11-26 2033-11-25 2034-07-03 2034-11-24 2035-07-03 2035-11-23 2035-12-24",
    ];
    let listed = |lines: &[&str]| -> Vec<Date> {
        lines.iter().flat_map(|line| line.split(' ')).map(date).collect()
    };
    let found = |what: &str| -> Vec<Date> {
        days(date("2029-01-01"), LAST).filter(|d| !is_weekend(*d) && told(*d) == what).collect()
    };
    assert_eq!(found("closed"), listed(&closed));
    assert_eq!(found("13:00"), listed(&half));
}

#[test]
fn a_monday_holiday_is_not_a_data_outage() {
    let presidents_day = date("2026-02-16");
    assert_eq!(presidents_day.weekday(), Weekday::Monday);
    assert_eq!(Session::on(presidents_day), None);
    assert_eq!(Session::at(time("2026-02-16T15:00:00Z")), None);
    assert_eq!(Session::previous(date("2026-02-17")), session("2026-02-13"));
    assert_eq!(Session::elapsed(date("2026-02-13"), date("2026-02-17")), 1);
}

#[test]
fn half_day_closes_at_13() {
    let half = session("2025-11-28");
    assert!(half.is_half_day());
    assert_eq!((half.minutes(), half.close()), (210, time("2025-11-28T18:00:00Z")));
    assert_eq!(Session::at(time("2025-11-28T17:59:59.999999999Z")), Some(half));
    assert_eq!(Session::at(time("2025-11-28T18:00:00Z")), None);
    assert!(!session("2025-11-26").is_half_day());
}

#[test]
fn winter_and_summer_sessions_open_at_14_30_and_13_30_utc() {
    assert_eq!(session("2026-01-15").open(), time("2026-01-15T14:30:00Z"));
    assert_eq!(session("2026-01-15").close(), time("2026-01-15T21:00:00Z"));
    assert_eq!(session("2026-07-15").open(), time("2026-07-15T13:30:00Z"));
    assert_eq!(session("2026-07-15").close(), time("2026-07-15T20:00:00Z"));
    let around_the_switch = ["2026-03-06", "2026-03-09", "2026-10-30", "2026-11-02"];
    let opens = around_the_switch.map(|day| session(day).open() - date(day).midnight_utc());
    assert_eq!(opens.map(Span::minutes_floor), [870, 810, 810, 870]);
}

#[test]
fn new_year_on_a_saturday_is_not_made_up() {
    for friday in ["2004-12-31", "2010-12-31", "2021-12-31", "2027-12-31", "2032-12-31"] {
        assert_eq!(session(friday).minutes(), 390, "{friday}");
        assert_eq!(told(Session::next(date(friday)).date()), "16:00");
    }
}

#[test]
fn mourning_for_a_president_closes_the_exchange() {
    for day in ["2004-06-11", "2007-01-02", "2018-12-05", "2025-01-09"] {
        assert_eq!(Session::on(date(day)), None, "{day}");
    }
}

/// Walks the days and counts Sundays, where the calendar computes; the vectors hold the changes
/// as the IANA database has them.
#[test]
fn clocks_change_on_the_days_a_walk_and_the_vectors_name() {
    let (_, _, vectors) = vectors();
    let (mut sundays, mut summer, mut changes) = (0, false, 0);
    for day in days(FIRST, LAST) {
        let (year, month, of_month) = day.ymd();
        if of_month == 1 {
            sundays = 0;
        }
        let was_summer = summer;
        if day.weekday() == Weekday::Sunday {
            sundays += 1;
            let next_sunday_is_in_the_month = day.plus_days(7).ymd().1 == month;
            summer = match (year < 2007, month, sundays) {
                (true, 4, 1) | (false, 3, 2) => true,
                (true, 10, _) if !next_sunday_is_in_the_month => false,
                (false, 11, 1) => false,
                _ => summer,
            };
        }
        let change = (was_summer != summer).then_some(if summer { "summer" } else { "winter" });
        let expected =
            vectors.get(&day).copied().filter(|what| ["summer", "winter"].contains(what));
        assert_eq!(change, expected, "{day}");
        changes += usize::from(change.is_some());
        check_clock(day, was_summer, summer);
    }
    assert_eq!(changes, 72);
}

/// Every hour of a New York day that begins in `was_summer` and ends in `summer`.
fn check_clock(day: Date, was_summer: bool, summer: bool) {
    for hour in 0..24 {
        let dst = if hour < 2 { was_summer } else { summer };
        let offset = if dst { 4 } else { 5 };
        let skipped = summer && !was_summer && hour == 2;
        let instant = day.midnight_utc() + Span::from_minutes((i64::from(hour) + offset) * 60);
        if skipped {
            assert_eq!(at_new_york(day, 2, 30), at_new_york(day, 3, 30), "{day}");
            continue;
        }
        assert_eq!(is_dst(instant), dst, "{day} {hour}:00");
        assert_eq!(at_new_york(day, hour, 0), instant, "{day} {hour}:00");
        assert_eq!(new_york(instant), (day, u16::from(hour) * 60), "{day} {hour}:00");
    }
}

#[test]
fn the_hour_that_autumn_repeats_means_its_first_pass() {
    let day = date("2025-11-02");
    assert_eq!(at_new_york(day, 1, 30), time("2025-11-02T05:30:00Z"));
    assert_eq!(new_york(time("2025-11-02T05:30:00Z")), (day, 90));
    assert_eq!(new_york(time("2025-11-02T06:30:00Z")), (day, 90));
    assert!(is_dst(time("2025-11-02T05:59:59.999999999Z")));
    assert!(!is_dst(time("2025-11-02T06:00:00Z")));
}

#[test]
fn the_evening_in_new_york_belongs_to_the_date_there() {
    assert_eq!(new_york(time("2026-02-18T01:15:00Z")), (date("2026-02-17"), 20 * 60 + 15));
    assert_eq!(Session::next_after(time("2026-02-18T01:15:00Z")), session("2026-02-18"));
}

#[test]
fn minutes_count_from_the_open_and_to_the_close() {
    let full = session("2026-01-15");
    let checks = [
        ("2026-01-15T14:29:59Z", None, None),
        ("2026-01-15T14:30:00Z", Some(0), Some(390)),
        ("2026-01-15T14:30:00.000000001Z", Some(0), Some(389)),
        ("2026-01-15T20:59:00Z", Some(389), Some(1)),
        ("2026-01-15T20:59:59.999Z", Some(389), Some(0)),
        ("2026-01-15T21:00:00Z", None, None),
    ];
    for (at, since, left) in checks {
        assert_eq!((full.minute_at(time(at)), full.minutes_to_close(time(at))), (since, left));
        assert_eq!(Session::at(time(at)), since.map(|_| full), "{at}");
    }
}

#[test]
fn next_after_an_instant_has_not_opened_yet() {
    let checks = [
        ("2026-01-15T14:29:59.999999999Z", "2026-01-15"),
        ("2026-01-15T14:30:00Z", "2026-01-16"),
        ("2026-01-16T21:00:00Z", "2026-01-20"),
        ("2026-01-17T12:00:00Z", "2026-01-20"),
    ];
    for (at, next) in checks {
        assert_eq!(Session::next_after(time(at)), session(next), "{at}");
    }
}

#[test]
fn sessions_are_counted_without_weekends_and_holidays() {
    let christmas_eve = date("2025-12-24");
    assert_eq!(Session::plus_sessions(christmas_eve, 1), session("2025-12-26"));
    assert_eq!(Session::plus_sessions(christmas_eve, 5), session("2026-01-02"));
    assert_eq!(Session::plus_sessions(christmas_eve, -2), session("2025-12-22"));
    assert_eq!(Session::between(date("2001-09-10"), date("2001-09-17")).count(), 2);
    assert_eq!(Session::between(date("2001-09-17"), date("2001-09-10")).count(), 0);
    let yearly = [2000, 2001, 2012, 2020, 2025].map(|year| {
        let (first, last) = (Date::from_ymd(year, 1, 1), Date::from_ymd(year, 12, 31));
        Session::between(first.unwrap(), last.unwrap()).count()
    });
    assert_eq!(yearly, [252, 248, 250, 253, 250]);
}

#[test]
fn coverage_begins_and_ends_at_midnight_in_new_york() {
    assert!(!covers(time("2000-01-01T04:59:59Z")));
    assert!(covers(time("2000-01-01T05:00:00Z")));
    assert!(covers(time("2036-01-01T04:59:59Z")));
    assert!(!covers(time("2036-01-01T05:00:00Z")));
    assert_eq!(Session::next(FIRST), session("2000-01-03"));
    assert_eq!(Session::previous(LAST), session("2035-12-28"));
    assert_eq!(told(LAST), "16:00");
}

#[test]
#[should_panic(expected = "the calendar covers `2000-01-01` to `2035-12-31`, not `2036-01-01`")]
fn a_date_after_the_calendar_is_not_a_holiday() {
    Session::on(date("2036-01-01"));
}

#[test]
#[should_panic(expected = "not `1999-12-31`")]
fn a_date_before_the_calendar_is_not_a_holiday() {
    Session::on(date("1999-12-31"));
}

#[test]
#[should_panic(expected = "not `1970-01-01`")]
fn an_instant_outside_the_calendar_is_not_night() {
    Session::at(Time::from_seconds(60 * 60 * 12));
}

#[test]
#[should_panic(expected = "not `2036-01-01`")]
fn nothing_follows_the_last_session() {
    Session::next(LAST);
}

#[test]
#[should_panic(expected = "no session at distance `0`")]
fn distance_zero_is_no_session() {
    Session::plus_sessions(date("2026-01-17"), 0);
}

fn row(day: &str, close: u16) -> BrokerDay {
    BrokerDay { date: date(day), open: 570, close }
}

fn differences(from: &str, to: &str, rows: &[BrokerDay]) -> Vec<String> {
    let found = check_broker_days(date(from), date(to), rows);
    found.iter().map(ToString::to_string).collect()
}

#[test]
fn a_broker_that_agrees_leaves_nothing_to_say() {
    let rows = [row("2025-11-26", 960), row("2025-11-28", 780), row("2025-12-01", 960)];
    assert_eq!(differences("2025-11-26", "2025-11-30", &rows), [""; 0]);
}

#[test]
fn every_disagreement_with_the_broker_is_named() {
    let late = BrokerDay { date: date("2025-12-02"), open: 720, close: 960 };
    let rows = [late, row("2025-11-28", 960), row("2025-11-27", 960)];
    let expected = [
        "`2025-11-27`: ours is closed, the broker's is `09:30-16:00`",
        "`2025-11-28`: ours is `09:30-13:00`, the broker's is `09:30-16:00`",
        "`2025-12-01`: ours is `09:30-16:00`, the broker is closed",
        "`2025-12-02`: ours is `09:30-16:00`, the broker's is `12:00-16:00`",
    ];
    assert_eq!(differences("2025-11-27", "2025-12-02", &rows), expected);
}

#[test]
fn an_empty_answer_of_the_broker_is_not_agreement() {
    let found = check_broker_days(date("2026-02-14"), date("2026-02-17"), &[]);
    assert_eq!(found, [Disagreement::Missing(session("2026-02-17"))]);
}

fn covered_date() -> impl Strategy<Value = Date> {
    // A year inside the edges, so that every neighbour exists.
    (FIRST.days() + 366..LAST.days() - 366).prop_map(Date::from_days)
}

proptest! {
    #[test]
    fn prop_counting_undoes_stepping(day in covered_date(), n in 1_i32..200) {
        let later = Session::plus_sessions(day, n);
        prop_assert_eq!(Session::elapsed(day, later.date()), usize::try_from(n).unwrap());
        let back = Session::plus_sessions(later.date(), -n);
        prop_assert!(back.date() <= day);
        prop_assert_eq!(Session::plus_sessions(back.date(), n), later);
    }

    #[test]
    fn prop_neighbours_enclose_no_other_session(day in covered_date()) {
        let (previous, next) = (Session::previous(day), Session::next(day));
        prop_assert!(previous.date() < day && day < next.date());
        let within = Session::between(previous.date(), next.date()).count();
        prop_assert_eq!(within, 2 + usize::from(Session::on(day).is_some()));
    }

    #[test]
    fn prop_instants_lie_in_the_session_of_their_date(
        day in covered_date(),
        nanos in 0_i64..86_400_000_000_000,
    ) {
        let instant = day.midnight_utc() + Span::from_nanos(nanos);
        let (local, minute) = new_york(instant);
        let today = Session::on(local);
        let open = today.filter(|s| (570..570 + s.minutes()).contains(&minute));
        prop_assert_eq!(Session::at(instant), open);
        prop_assert!(instant < Session::next_after(instant).open());
        if let Some(session) = open {
            prop_assert_eq!(session.minute_at(instant), Some(minute - 570));
        }
    }

    #[test]
    fn prop_new_york_round_trips_but_for_the_repeated_hour(
        day in covered_date(),
        minute in 0_u16..1440,
    ) {
        let (hour, past) = (u8::try_from(minute / 60).unwrap(), u8::try_from(minute % 60).unwrap());
        let there = new_york(at_new_york(day, hour, past));
        let spring_gap = at_new_york(day, 2, 0) == at_new_york(day, 3, 0) && hour == 2;
        prop_assert_eq!(there, (day, if spring_gap { minute + 60 } else { minute }));
    }
}
