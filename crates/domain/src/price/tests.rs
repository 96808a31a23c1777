use super::*;

#[test]
fn zero_negative_and_absurd_prices_cannot_be_built() {
    assert_eq!(Price::from_ticks(0), None);
    assert_eq!(Price::from_ticks(-1), None);
    assert_eq!(Price::from_ticks(i64::MAX), None);
    assert_eq!(Price::from_cents(i64::MAX), None);
    assert_eq!(Price::parse("0"), None);
}

#[test]
fn dollars_parse_and_print_exactly() {
    let check = |text: &str, ticks: i64, shown: &str| {
        let price = Price::parse(text).unwrap();
        assert_eq!((price.ticks(), price.to_string().as_str()), (ticks, shown));
    };
    check("12.34", 123_400, "12.34");
    check("12.3456", 123_456, "12.3456");
    check("0.0001", 1, "0.0001");
    check("7", 70_000, "7.00");
    for bad in ["", ".", "1.", ".5", "1.23456", "1e3", "+1", "1,000", "--1"] {
        assert_eq!(Price::parse(bad), None, "{bad}");
    }
}

#[test]
fn quotes_are_whole_cents_from_one_dollar_up() {
    let price = Price::from_ticks(123_456).unwrap();
    assert_eq!(price.floor_to_quote().ticks(), 123_400);
    assert_eq!(price.ceil_to_quote().ticks(), 123_500);
    let penny_stock = Price::from_ticks(5_001).unwrap();
    assert_eq!(penny_stock.floor_to_quote(), penny_stock);
}
