use proptest::prelude::*;

use super::*;

fn sum(ledger: &Ledger) -> Money {
    ledger.balances.iter().copied().sum()
}

#[test]
fn a_round_trip_leaves_its_result_in_cash() {
    let mut ledger = Ledger::default();
    ledger.outside(Money::dollars(1_000), Money::ZERO);
    ledger.fill(Money::dollars(300), None, Money::dollars(1));
    assert_eq!(ledger.balance(Book::Cash), Money::dollars(699));
    assert_eq!(ledger.balance(Book::Holdings), Money::dollars(300));
    ledger.fill(Money::dollars(-330), Some(Money::dollars(300)), Money::dollars(1));
    assert_eq!(ledger.balance(Book::Cash), Money::dollars(1_028));
    assert_eq!(ledger.balance(Book::Holdings), Money::ZERO);
    assert_eq!(ledger.realised(), Money::dollars(28));
}

#[test]
fn a_short_round_trip_has_the_right_sign() {
    let mut ledger = Ledger::default();
    ledger.fill(Money::dollars(-300), None, Money::ZERO);
    assert_eq!(ledger.balance(Book::Holdings), Money::dollars(-300));
    ledger.fill(Money::dollars(270), Some(Money::dollars(-300)), Money::ZERO);
    assert_eq!(ledger.realised(), Money::dollars(30));
    assert_eq!(ledger.balance(Book::Cash), Money::dollars(30));
}

#[test]
#[should_panic(expected = "postings sum to zero")]
fn money_cannot_appear() {
    Ledger::default().post(&[(Book::Cash, Money::dollars(1))]);
}

proptest! {
    #[test]
    fn prop_books_always_balance(steps in prop::collection::vec((-9_000_i64..9_000, 0_i64..90), 1..40)) {
        let mut ledger = Ledger::default();
        for (value, fee) in steps {
            ledger.fill(Money::cents(value), None, Money::cents(fee));
            ledger.fill(Money::cents(-value + 7), Some(Money::cents(value)), Money::cents(fee));
            ledger.outside(Money::cents(value / 3), Money::cents(fee));
            prop_assert_eq!(sum(&ledger), Money::ZERO);
        }
    }
}
