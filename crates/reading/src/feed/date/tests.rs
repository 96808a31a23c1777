use proptest::prelude::*;

use super::*;

fn check(text: &str, expected: &str) {
    let found = parse(text).map(|time| time.to_string());
    assert_eq!(found.as_deref(), Some(expected), "{text}");
}

#[test]
fn mail_dates_are_read_with_all_their_sins() {
    for text in [
        "Fri, 20 Nov 2026 14:05:00 GMT",
        "Fri, 20 Nov 2026 14:05:00 +0000",
        "Fri,20 Nov 2026 14:05 GMT",
        "20 nov 26 14:05:00 z",
        "Fri, 20 November 2026 09:05:00 EST",
        "Fri, 20 Nov 2026 09:05:00 -0500 (EST)",
        "Fri, 20 Nov 2026 14:05:00 GMT+0000",
        "Fri, 20 Nov 2026 19:35:00 +05:30",
        "Fri, 20 Nov 2026 16:05:00 UTC+2",
        "Nov 20, 2026 2:05 PM",
        "November 20, 2026 at 2:05pm".replace("2:05pm", "2:05 pm").as_str(),
        "Fri Nov 20 14:05:00 2026",
        "Fri Nov 20 14:05:00 UTC 2026",
        "20-Nov-2026 14:05:00",
        "Monday, 20 Nov 2026 14:05:00 GMT",
    ] {
        check(text, "2026-11-20T14:05:00Z");
    }
}

#[test]
fn numeric_dates_are_read_with_all_their_gaps() {
    for text in [
        "2026-11-20T14:05:00Z",
        "2026-11-20t14:05:00z",
        "2026-11-20 14:05",
        "2026-11-20T15:05+01:00",
        "2026-11-20T09:05:00-0500",
        "2026-11-20 09:05:00 EST",
        "20261120T140500Z",
        "2026/11/20 14:05:00",
    ] {
        check(text, "2026-11-20T14:05:00Z");
    }
    check("2026-11-20", "2026-11-20T00:00:00Z");
    check("2026-11", "2026-11-01T00:00:00Z");
    check("2026", "2026-01-01T00:00:00Z");
    check("2026-11-20T14:05:00.250Z", "2026-11-20T14:05:00.25Z");
    check("2026-11-20T14:05:00.1234567891Z", "2026-11-20T14:05:00.123456789Z");
}

#[test]
fn two_digits_of_a_year_are_of_this_century_before_ninety() {
    check("20 Nov 89 00:00:00 GMT", "2089-11-20T00:00:00Z");
    check("20 Nov 90 00:00:00 GMT", "1990-11-20T00:00:00Z");
}

#[test]
fn noon_and_midnight_have_halves() {
    check("Nov 20 2026 12:00 AM", "2026-11-20T00:00:00Z");
    check("Nov 20 2026 12:00 PM", "2026-11-20T12:00:00Z");
    assert_eq!(parse("Nov 20 2026 13:00 PM"), None);
}

#[test]
fn what_is_no_date_stays_undated() {
    for text in [
        "",
        "   ",
        "yesterday",
        "N/A",
        "14:05",
        "Fri, 31 Feb 2026 14:05:00 GMT",
        "Fri, 20 Foo 2026 14:05:00 GMT",
        "Fri, 20 Nov 2026 25:05:00 GMT",
        "Fri, 20 Nov 2026 14:05:00 XYZT",
        "Fri, 20 Nov 2026 14:61:00 GMT",
        "0000-00-00T00:00:00Z",
        "1066-10-14",
        "20 Nov 2026 2027",
        "2026-11-20-01",
        "2026-11-20T14:05:00+99:00",
        "11/20/2026",
        "二〇二六",
    ] {
        assert_eq!(parse(text), None, "{text}");
    }
}

proptest! {
    #[test]
    fn prop_any_text_is_a_date_or_none(text in "\\PC{0,90}") {
        let _date = parse(&text);
    }

    #[test]
    fn prop_the_usual_path_says_what_the_general_one_says(
        day in 1_i64..=31, month in 0_usize..12, year in 1970_i64..2100, clock in 0_i64..86_400,
    ) {
        let name = String::from_utf8(MONTHS[month].to_vec()).unwrap();
        let (hour, minute, second) = (clock / 3600, clock / 60 % 60, clock % 60);
        let text = format!("Fri, {day:02} {name} {year:04} {hour:02}:{minute:02}:{second:02} GMT");
        prop_assert_eq!(usual(text.as_bytes()), wordy(&text));
    }
}
