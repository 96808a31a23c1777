use proptest::prelude::*;

use super::*;

#[test]
fn occ_symbols_parse_both_ways() {
    let contract = Contract::parse_occ("AAPL240621C00190000").unwrap();
    assert_eq!(contract.underlying.as_str(), "AAPL");
    assert_eq!(contract.expiry.to_string(), "2024-06-21");
    assert_eq!(contract.strike.to_string(), "190.00");
    assert_eq!(contract.occ(), "AAPL240621C00190000");
    assert_eq!(Contract::parse_occ("AAPL  240621C00190000").unwrap(), contract);
}

#[test]
fn a_symbol_with_digits_in_its_root_is_read_from_the_right() {
    // inbound 9.2: the old reconciler cut the ticker at the first `2`.
    let contract = Contract::parse_occ("B2ZZ1261218P00012500").unwrap();
    assert_eq!((contract.underlying.as_str(), contract.right), ("B2ZZ1", Right::Put));
    assert_eq!(contract.strike.to_string(), "12.50");
}

#[test]
fn damaged_symbols_are_refused() {
    for bad in [
        "",
        "AAPL",
        "AAPL240631C00190000",
        "AAPL240621X00190000",
        "AAPL240621C0019000A",
        "AAPL240621C00000000",
        "240621C00190000",
        "ABCDEFG240621C00190000",
        "ÄAPL240621C00190000",
    ] {
        assert!(Contract::parse_occ(bad).is_err(), "{bad}");
    }
    for bad in ["", "aapl", "1A", "TOOLONGXX", "A B", ".A"] {
        assert!(Ticker::parse(bad).is_err(), "{bad}");
    }
}

#[test]
fn one_unit_of_a_contract_is_a_hundred_shares() {
    let contract = Contract::parse_occ("AAPL240621C00190000").unwrap();
    assert_eq!(Instrument::Option(contract).multiplier(), 100);
    assert_eq!(Instrument::parse("BRK.B").unwrap().multiplier(), 1);
}

proptest! {
    #[test]
    fn prop_every_contract_survives_its_symbol(
        root in "[A-Z][A-Z0-9]{0,5}", days in 11_000_i32..30_000, mils in 1_i64..99_999_999,
        call in any::<bool>(),
    ) {
        let contract = Contract {
            underlying: Ticker::parse(&root).unwrap(),
            expiry: Date::from_days(days),
            right: if call { Right::Call } else { Right::Put },
            strike: Price::from_ticks(mils * 10).unwrap(),
            multiplier: 100,
            style: ExerciseStyle::American,
        };
        prop_assert_eq!(Contract::parse_occ(&contract.occ()), Ok(contract));
    }

    #[test]
    fn prop_any_text_is_an_instrument_or_an_error(text in ".{0,30}") {
        if let Ok(instrument) = Instrument::parse(&text) {
            prop_assert_eq!(Instrument::parse(&instrument.to_string()), Ok(instrument));
        }
    }
}
