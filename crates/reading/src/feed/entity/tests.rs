use super::*;

#[test]
fn references_of_all_kinds_are_known() {
    let checks = [
        ("&amp; x", Some(('&', 5))),
        ("&apos;", Some(('\'', 6))),
        ("&eacute;", Some(('é', 8))),
        ("&thetasym;", Some(('ϑ', 10))),
        ("&#8217;", Some(('’', 7))),
        ("&#x2019;", Some(('’', 8))),
        ("&#146;", Some(('’', 6))),
        ("&#0;", Some(('\u{fffd}', 4))),
        ("&#xd800;", Some(('\u{fffd}', 8))),
        ("&#99999999999;", Some(('\u{fffd}', 14))),
        ("&copy=3", None),
        ("&bogus;", None),
        ("&Eacute;", Some(('É', 8))),
        ("&EACUTE;", None),
        ("&#;", None),
        ("&#xyz;", None),
        ("& amp;", None),
        ("&", None),
        ("&;", None),
        ("&aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa;", None),
    ];
    for (text, expected) in checks {
        assert_eq!(at(text), expected, "{text}");
    }
}

#[test]
fn names_stand_in_the_order_of_their_numbers() {
    assert!(NAMES.is_sorted_by(|one, other| one.0 < other.0));
}
