use super::*;

#[test]
fn a_high_win_rate_does_not_hide_a_losing_desk() {
    // inbound L61: 57 % wins, yet the mean loser was thirteen times the mean winner.
    let record = Record::of([4.0, 4.0, 4.0, 4.0, -58.0, -58.0, -58.0]);
    assert_eq!((record.count, record.wins), (7, 4));
    assert!(record.expectancy.unwrap() < -20.0);
    assert!(record.payoff.unwrap() < 0.1);
}

#[test]
fn nothing_is_said_about_nothing() {
    assert_eq!(Record::of([]), Record::default());
    assert_eq!(Record::of([1.0]).payoff, None, "there is no loss to compare with");
}

#[test]
fn a_result_of_zero_is_neither_won_nor_lost() {
    let record = Record::of([0.0, 2.0, -1.0]);
    assert_eq!((record.count, record.wins, record.payoff), (3, 1, Some(2.0)));
}

#[test]
fn what_was_given_back_is_told_beside_the_record() {
    // inbound L61: peaks of +23.6 % were closed at +4.5 %, and nobody was told.
    let record = Record::of([4.5, 4.5]).giving_back([19.0, 19.2]);
    assert!((record.give_back.unwrap() - 19.1).abs() < 1e-9);
    assert_eq!(Record::of([1.0]).giving_back([]).give_back, None);
}
