use super::*;

fn bar(open: i64, high: i64, low: i64, close: i64) -> Bar {
    let price = |ticks| Price::from_ticks(ticks).unwrap();
    Bar { open: price(open), high: price(high), low: price(low), close: price(close), volume: 10 }
}

#[test]
fn a_bar_survives_the_columns_and_silence_is_not_a_bar() {
    let mut minute = Minute::of_length(Time::from_seconds(0), 70);
    let traded = bar(10, 12, 9, 11);
    minute.set(Slot(66), traded);
    assert_eq!(minute.bar(Slot(66)), Some(traded));
    assert_eq!(minute.bar(Slot(65)), None);
    minute.carry(Slot(66), 11);
    assert_eq!((minute.bar(Slot(66)), minute.close[66]), (None, 11));
    assert_eq!(minute.bar(Slot(700)), None);
}

#[test]
fn an_impossible_bar_is_not_a_bar() {
    let mut minute = Minute::of_length(Time::from_seconds(0), 1);
    minute.set(Slot(0), bar(10, 12, 9, 13));
    assert_eq!(minute.bar(Slot(0)), None);
    minute.set(Slot(0), bar(10, 12, 9, 11));
    minute.low[0] = 0;
    assert_eq!(minute.bar(Slot(0)), None);
}

#[test]
fn zero_crossed_and_locked_quotes_are_not_quotes() {
    let quote = |bid, ask| Quote { slot: Slot(0), bid, ask, at: Time::from_seconds(0) }.sane();
    assert!(quote(100, 101).is_some());
    for (bid, ask) in [(0, 101), (100, 0), (101, 100), (100, 100), (-5, 100)] {
        assert_eq!(quote(bid, ask), None, "{bid} {ask}");
    }
}

#[test]
fn a_split_keeps_the_value() {
    let split = Split { slot: Slot(0), numerator: 10, denominator: 1 };
    assert_eq!(split.price(Price::parse("1185.00").unwrap()).to_string(), "118.50");
    assert_eq!(split.quantity(Quantity::shares(5)), Quantity::shares(50));
}

#[test]
fn a_split_of_nothing_changes_nothing() {
    let (price, held) = (Price::parse("118.50").unwrap(), Quantity::shares(-5));
    for (numerator, denominator) in [(0, 1), (1, 0), (0, 0)] {
        let split = Split { slot: Slot(0), numerator, denominator };
        assert_eq!((split.price(price), split.quantity(held)), (price, held));
    }
}

#[test]
fn a_split_beyond_every_holding_ends_at_the_largest() {
    let split = Split { slot: Slot(0), numerator: u16::MAX, denominator: 1 };
    let most = Quantity::from_units(i64::MAX);
    assert_eq!(split.quantity(Quantity::shares(1_000_000)), most);
    assert_eq!(split.quantity(Quantity::shares(-1_000_000)), -most);
}
