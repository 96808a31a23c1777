use super::*;

#[test]
fn fractional_shares_survive_text_both_ways() {
    for text in ["0.34", "-0.000000001", "12", "7.5"] {
        assert_eq!(Quantity::parse(text).unwrap().to_string(), text);
    }
    assert_eq!(Quantity::parse("0.0000000001"), None);
}

#[test]
fn flooring_goes_toward_zero() {
    let lot = Quantity::shares(1);
    assert_eq!(Quantity::parse("2.9").unwrap().floor_to(lot), Quantity::shares(2));
    assert_eq!(Quantity::parse("-2.9").unwrap().floor_to(lot), Quantity::shares(-2));
}
