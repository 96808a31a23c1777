use backsight_domain::instrument::{Contract, Ticker};
use backsight_domain::price::Price;

use super::*;

fn option(occ: &str) -> Instrument {
    Instrument::Option(Contract::parse_occ(occ).unwrap())
}

fn split(numerator: u16, denominator: u16, text: &str, held: i64) -> (String, u16, i64) {
    let split = Split { slot: Slot(0), numerator, denominator };
    let (after, quantity) = of(split, Instrument::parse(text).unwrap(), Quantity::shares(held));
    (after.to_string(), after.multiplier(), quantity.whole())
}

#[test]
fn a_split_into_whole_shares_gives_more_contracts_at_lower_strikes() {
    let after = split(4, 1, "ACME260320C00101000", 2);
    assert_eq!(after, ("ACME260320C00025250".to_owned(), 100, 8));
    // A third of 100 ends at the nearest thousandth of a dollar.
    assert_eq!(split(3, 1, "ACME260320P00100000", -1).0, "ACME260320P00033333");
}

#[test]
fn any_other_split_changes_what_a_contract_stands_for() {
    let after = split(1, 10, "ACME260320C00005000", 3);
    assert_eq!(after, ("ACME260320C00050000".to_owned(), 10, 3));
    assert_eq!(split(3, 2, "ACME260320C00150000", 1), ("ACME260320C00100000".into(), 150, 1));
}

#[test]
fn two_contracts_as_one_stay_one() {
    let (after, multiplier, held) = split(2, 1, "ACME260320P00100000/ACME260320P00096000", -5);
    assert_eq!(after, "ACME260320P00050000/ACME260320P00048000");
    assert_eq!((multiplier, held), (100, -10));
}

#[test]
fn a_split_leaves_what_is_secured_as_it_was() {
    let before = option("ACME260320P00100000");
    let secured = |what: Instrument, quantity: Quantity| {
        let each = Price::from_ticks(backsight_domain::cover::secured_by(what)).unwrap();
        Money::of(each, quantity, what.multiplier(), Rounding::Ceil)
    };
    for (numerator, denominator) in [(2, 1), (10, 1), (1, 4), (3, 2)] {
        let split = Split { slot: Slot(0), numerator, denominator };
        let (after, quantity) = of(split, before, Quantity::shares(3));
        let lost = secured(before, Quantity::shares(3)) - secured(after, quantity);
        assert!(lost.magnitude() < Money::dollars(1), "{numerator}:{denominator} moves {lost}");
    }
    assert_eq!(before.underlying(), Ticker::parse("ACME").unwrap());
}
