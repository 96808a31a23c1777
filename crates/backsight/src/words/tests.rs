use super::*;

#[test]
fn money_is_grouped_and_signed() {
    for (units, text) in [(0, "0.00"), (12_345_600, "1,234.56"), (-99, "-0.01"), (-9, "0.00")] {
        assert_eq!(money(Money::from_units(units)), text);
    }
    assert_eq!(money(Money::dollars(-1_234_567)), "-1,234,567.00");
}

#[test]
fn a_time_is_told_in_new_york() {
    let time = Time::parse("2024-01-05T15:42:07Z").unwrap();
    assert_eq!(stamp(time), "2024-01-05 10:42:07 New York");
}

#[test]
fn a_span_is_told_in_its_two_largest_units() {
    for (millis, text) in [
        (0, "0 s"),
        (250, "0.250 s"),
        (120_000, "2 min"),
        (125_900, "2 min 5 s"),
        (-7_200_000, "-2 h 0 min"),
        (700_000_000, "8 d 2 h"),
    ] {
        assert_eq!(span(Span::from_millis(millis)), text);
    }
}

#[test]
fn a_long_path_keeps_its_end() {
    let text = path(Path::new(&format!("/{}/journal", "x".repeat(80))));
    assert!(text.ends_with("/journal") && text.chars().count() == 60);
}

#[test]
fn sizes_have_a_unit_that_fits() {
    assert_eq!(bytes(1_023), "1023 B");
    assert_eq!(bytes(5 << 10), "5 KiB");
    assert_eq!(bytes((3 << 20) + (1 << 19)), "3.5 MiB");
    assert_eq!(bytes(58 << 30), "58.0 GiB");
}
