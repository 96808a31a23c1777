use proptest::prelude::*;

use super::*;

#[test]
fn the_date_of_the_standard_reads_and_writes() {
    let text = "Sun, 06 Nov 1994 08:49:37 GMT";
    let time = Time::parse("1994-11-06T08:49:37Z").unwrap();
    assert_eq!(parse(text), Some(time));
    assert_eq!(format(time), text);
}

#[test]
fn another_form_is_no_date() {
    for text in [
        "",
        "Sunday, 06-Nov-94 08:49:37 GMT",
        "Sun Nov  6 08:49:37 1994",
        "Sun, 06 Nov 1994 08:49:37 PST",
        "Sun, 31 Feb 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 25:49:37 GMT",
    ] {
        assert_eq!(parse(text), None, "{text}");
    }
}

#[test]
fn a_server_says_when_to_come_back_in_seconds_or_as_a_date() {
    let now = Time::parse("1994-11-06T08:49:37Z").unwrap();
    assert_eq!(retry_after("120", now), Some(Span::from_seconds(120)));
    assert_eq!(retry_after("Sun, 06 Nov 1994 08:50:37 GMT", now), Some(Span::from_minutes(1)));
    assert_eq!(retry_after("Sun, 06 Nov 1994 08:00:00 GMT", now), Some(Span::ZERO));
    assert_eq!(retry_after("99999999999999999999", now), Some(Span::from_seconds(1_000_000_000)));
    for text in ["", "-5", "soon", "1.5"] {
        assert_eq!(retry_after(text, now), None, "{text}");
    }
}

proptest! {
    #[test]
    fn prop_a_written_date_reads_back(seconds in 0_i64..4_000_000_000) {
        let time = Time::from_seconds(seconds);
        prop_assert_eq!(parse(&format(time)), Some(time));
    }
}
