use super::*;

#[test]
fn times_are_written_as_both_databases_read_them() {
    let text = |text: &str| time_text(Time::parse(text).unwrap());
    assert_eq!(text("2024-01-05T15:42:00Z"), "2024-01-05 15:42:00");
    assert_eq!(text("2024-01-05T15:42:00.0005Z"), "2024-01-05 15:42:00.000500");
    assert_eq!(text("2024-01-05T15:42:00.000000999Z"), "2024-01-05 15:42:00");
    assert_eq!(parse_time("2024-01-05 15:42:00.5"), Time::parse("2024-01-05T15:42:00.5Z"));
}

#[test]
fn decimals_have_no_digits_that_say_nothing() {
    for (units, scale, text) in [
        (0, 4, "0"),
        (1, 4, "0.0001"),
        (-12_500, 4, "-1.25"),
        (70_000, 4, "7"),
        (-3, 9, "-0.000000003"),
    ] {
        assert_eq!(decimal_text(units, scale), text);
    }
    assert_eq!(decimal_text(i64::MIN, 4), "-922337203685477.5808");
}
