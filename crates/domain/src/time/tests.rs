use super::*;
use proptest::prelude::*;

#[test]
fn dates_count_from_the_epoch() {
    let checks = [
        ("1970-01-01", 0, Weekday::Thursday),
        ("1969-12-31", -1, Weekday::Wednesday),
        ("2000-02-29", 11_016, Weekday::Tuesday),
        ("2000-03-01", 11_017, Weekday::Wednesday),
        ("2026-02-16", 20_500, Weekday::Monday),
        ("0000-03-01", -719_468, Weekday::Wednesday),
        ("9999-12-31", 2_932_896, Weekday::Friday),
    ];
    for (text, days, weekday) in checks {
        let date = Date::from_days(days);
        assert_eq!((date.to_string().as_str(), date.weekday()), (text, weekday));
        assert_eq!(Date::parse(text), Some(date));
    }
}

#[test]
fn impossible_dates_do_not_exist() {
    for (year, month, day) in [(2023, 2, 29), (1900, 2, 29), (2024, 0, 1), (2024, 13, 1)] {
        assert_eq!(Date::from_ymd(year, month, day), None);
    }
    for (year, month, day) in [(2024, 4, 31), (2024, 1, 0), (2024, 12, 32)] {
        assert_eq!(Date::from_ymd(year, month, day), None);
    }
    assert!(Date::from_ymd(2000, 2, 29).is_some());
}

#[test]
fn other_spellings_of_dates_are_refused() {
    for text in
        ["", "2024-1-01", "24-01-01", "2024-01-01-", "2024/01/01", "+024-01-01", " 2024-01-01"]
    {
        assert_eq!(Date::parse(text), None, "{text}");
    }
}

#[test]
fn instants_read_and_print_in_utc() {
    let checks = [
        ("1970-01-01T00:00:00Z", 0),
        ("1969-12-31T23:59:59.999999999Z", -1),
        ("2026-02-16T14:30:00Z", 1_771_252_200_000_000_000),
        ("2026-02-16T14:30:00.05Z", 1_771_252_200_050_000_000),
    ];
    for (text, nanos) in checks {
        assert_eq!(Time::parse(text), Some(Time::from_nanos(nanos)), "{text}");
        assert_eq!(Time::from_nanos(nanos).to_string(), text);
    }
}

#[test]
fn other_spellings_of_instants_are_refused() {
    let wrong = [
        "2026-02-16T14:30:00",
        "2026-02-16 14:30:00Z",
        "2026-02-16T14:30Z",
        "2026-02-16T14:30:00+00:00",
        "2026-02-16T24:00:00Z",
        "2026-02-16T14:60:00Z",
        "2026-02-16T14:30:60Z",
        "2026-02-16T14:30:00:00Z",
        "2026-02-16T14:30:00.1234567891Z",
        "2026-02-16T14:30:00.-5Z",
        "2026-02-16T14:30:00.Z",
        "2026-02-30T14:30:00Z",
    ];
    for text in wrong {
        assert_eq!(Time::parse(text), None, "{text}");
    }
}

#[test]
fn instants_reach_as_far_as_their_nanoseconds() {
    let (first, last) = (Time::from_nanos(i64::MIN), Time::from_nanos(i64::MAX));
    assert_eq!(Time::parse("1677-09-21T00:12:43.145224192Z"), Some(first));
    assert_eq!(Time::parse("2262-04-11T23:47:16.854775807Z"), Some(last));
    let beyond = [
        "1677-09-21T00:12:43.145224191Z",
        "2262-04-11T23:47:16.854775808Z",
        "0000-01-01T00:00:00Z",
        "9999-01-01T00:00:00Z",
    ];
    for text in beyond {
        assert_eq!(Time::parse(text), None, "{text}");
    }
}

#[test]
fn spans_round_toward_the_past() {
    let span = Span::from_nanos(-1);
    assert_eq!((span.millis_floor(), span.seconds_floor(), span.minutes_floor()), (-1, -1, -1));
    let span = Span::from_minutes(2) + Span::from_millis(1999);
    assert_eq!(
        (span.millis_floor(), span.seconds_floor(), span.minutes_floor()),
        (121_999, 121, 2)
    );
    assert_eq!(Time::from_seconds(-1).utc_date(), Date::from_days(-1));
}

#[test]
fn spans_print_for_people() {
    assert_eq!(Span::ZERO.to_string(), "0.000 s");
    assert_eq!(Span::from_millis(59_999).to_string(), "59.999 s");
    assert_eq!(Span::from_seconds(150).to_string(), "2 min 30 s");
}

#[test]
fn negative_spans_print_their_sign_and_length() {
    let checks = [
        (Span::from_nanos(-1), "-0.001 s"),
        (Span::from_millis(-500), "-0.500 s"),
        (Span::from_millis(-1500), "-1.500 s"),
        (Span::from_seconds(-60), "-1 min 0 s"),
        (Span::from_seconds(-90), "-1 min 30 s"),
    ];
    for (span, text) in checks {
        assert_eq!(span.to_string(), text);
    }
    assert_eq!(Span::from_nanos(i64::MIN).to_string(), "-153722867 min 17 s");
}

proptest! {
    #[test]
    fn prop_dates_round_trip(days in -3_000_000_i32..3_000_000) {
        let date = Date::from_days(days);
        let (year, month, day) = date.ymd();
        prop_assert_eq!(Date::from_ymd(year, month, day), Some(date));
        if (0..=9999).contains(&year) {
            prop_assert_eq!(Date::parse(&date.to_string()), Some(date));
        }
    }

    #[test]
    fn prop_the_next_day_follows(days in -3_000_000_i32..3_000_000) {
        let (today, tomorrow) = (Date::from_days(days), Date::from_days(days + 1));
        let ((year, month, day), next) = (today.ymd(), tomorrow.ymd());
        let steps = [(year, month, day + 1), (year, month + 1, 1), (year + 1, 1, 1)];
        let exists = |step: &&(i32, u8, u8)| Date::from_ymd(step.0, step.1, step.2).is_some();
        prop_assert_eq!(steps.iter().find(exists), Some(&next));
        prop_assert_eq!((today.weekday() as u8 + 1) % 7, tomorrow.weekday() as u8);
        prop_assert!(today < tomorrow);
    }

    #[test]
    fn prop_instants_round_trip(nanos in any::<i64>()) {
        let time = Time::from_nanos(nanos);
        prop_assert_eq!(Time::parse(&time.to_string()), Some(time));
        // The first day of the range began before it.
        prop_assume!(nanos.checked_sub(86_400_000_000_000).is_some());
        prop_assert_eq!(time.utc_date().midnight_utc() + Span::from_nanos(time.utc_nanos_of_day()), time);
    }

    #[test]
    fn prop_differences_add_up(a in -1_i64 << 62..1_i64 << 62, b in -1_i64 << 62..1_i64 << 62) {
        let (a, b) = (Time::from_nanos(a), Time::from_nanos(b));
        prop_assert_eq!(b + (a - b), a);
        prop_assert_eq!(a - (a - b), b);
        prop_assert_eq!(a.later(b), b.later(a));
    }

    #[test]
    fn prop_any_text_is_read_or_refused(text in "\\PC{0,32}") {
        prop_assert_eq!(Date::parse(&text).map(|date| date.to_string()).unwrap_or(text.clone()), text);
    }
}
