use super::Judgement::{self, Even, Missed, Open, Spared};

#[test]
fn a_label_is_a_verdict() {
    assert_eq!([1, 0, -1].map(Judgement::of_label), [Missed, Even, Spared]);
}

#[test]
fn a_move_counts_from_the_least_on_in_both_ways() {
    let check = |pct, verdict| assert_eq!(Judgement::of_move(pct, 1.5), verdict, "{pct}");
    check(1.5, Missed);
    check(1.49, Even);
    check(-1.49, Even);
    check(-1.5, Spared);
}

#[test]
fn a_surge_that_faded_was_not_missed() {
    assert_eq!(Judgement::of_surge(3.0, 1.0, true), Missed);
    assert_eq!(Judgement::of_surge(3.0, 1.0, false), Even);
    assert_eq!(Judgement::of_surge(-3.0, 1.0, false), Spared);
    assert_eq!(Open.to_string(), "open");
}
