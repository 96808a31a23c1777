use proptest::prelude::*;

use super::*;

#[test]
fn exposure_of_an_option_counts_the_multiplier() {
    // inbound X6: exposure was understated a hundredfold.
    let premium = Price::parse("2.50").unwrap();
    let value = Money::of(premium, Quantity::shares(3), 100, Rounding::HalfEven);
    assert_eq!(value, Money::dollars(750));
}

#[test]
fn rounding_is_named_and_exact() {
    let check = |dividend, rounding, expected| assert_eq!(divide(dividend, 10, rounding), expected);
    check(25, Rounding::HalfEven, 2);
    check(35, Rounding::HalfEven, 4);
    check(-25, Rounding::HalfEven, -2);
    check(-21, Rounding::Floor, -3);
    check(-21, Rounding::Ceil, -2);
}

#[test]
fn money_buys_never_more_than_it_pays_for() {
    assert_eq!(Money::dollars(-5).buys(Price::MIN, 1), Quantity::ZERO);
    let quantity = Money::dollars(100).buys(Price::parse("33.33").unwrap(), 1);
    assert_eq!(quantity.to_string(), "3.00030003");
}

proptest! {
    #[test]
    fn prop_what_money_buys_costs_at_most_that_money(
        cents in 0_i64..10_000_000, ticks in 1_i64..2_000_000_000, multiplier in 1_u16..=1000,
    ) {
        let (money, price) = (Money::cents(cents), Price::from_ticks(ticks).unwrap());
        let bought = money.buys(price, multiplier);
        prop_assert!(Money::of(price, bought, multiplier, Rounding::Floor) <= money);
    }

    #[test]
    fn prop_text_round_trips(units in -1_000_000_000_000_i64..1_000_000_000_000) {
        let money = Money::from_units(units);
        prop_assert_eq!(Money::parse(&money.to_string()), Some(money));
    }
}
