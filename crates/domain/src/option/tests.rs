use super::*;

fn contract(right: Right) -> Contract {
    Contract { right, ..Contract::parse_occ("AAPL240621C00190000").unwrap() }
}

#[test]
fn a_contract_is_worth_what_exercising_it_would_win() {
    let price = |cents| Price::from_cents(cents).unwrap();
    assert_eq!(contract(Right::Call).intrinsic(price(19_100)), 10_000);
    assert_eq!(contract(Right::Call).intrinsic(price(18_900)), 0);
    assert_eq!(contract(Right::Put).intrinsic(price(18_900)), 10_000);
    assert_eq!(contract(Right::Put).intrinsic(price(19_100)), 0);
}

#[test]
fn exercise_and_assignment_move_shares_by_right_and_by_side() {
    let two = Quantity::shares(2);
    assert_eq!(contract(Right::Call).delivered(two), Quantity::shares(200));
    assert_eq!(contract(Right::Put).delivered(two), Quantity::shares(-200));
    // Assigned on sold contracts.
    assert_eq!(contract(Right::Call).delivered(-two), Quantity::shares(-200));
    assert_eq!(contract(Right::Put).delivered(-two), Quantity::shares(200));
}
