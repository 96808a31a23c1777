use super::*;

#[test]
fn stretches_follow_each_other_and_learn_from_before_the_gap() {
    let splits = walk_forward(20, 4, 2);
    let hand = [(0..3, 5..10), (0..8, 10..15), (0..13, 15..20)];
    assert_eq!(splits.len(), 3);
    for (split, (learn, judge)) in splits.iter().zip(hand) {
        assert_eq!((&split.learn, &split.judge), (&learn, &judge));
        assert!(split.learn.end + 2 <= split.judge.start);
    }
}

#[test]
fn nothing_is_learned_from_nothing() {
    assert_eq!(walk_forward(3, 2, 0), []);
    assert_eq!(walk_forward(20, 1, 0), []);
    assert_eq!(walk_forward(10, 5, 2).len(), 3);
}
