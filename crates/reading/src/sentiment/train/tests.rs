use super::super::headlines::{Headline, own};
use super::*;

const RECIPE: Recipe = Recipe { rounds: 6, step: 0.1, decay: 1e-5, seed: 7 };

#[test]
fn the_same_seed_gives_the_same_bytes() {
    let headlines = own();
    let examples: Vec<_> = headlines.iter().map(Headline::example).collect();
    let bytes = |recipe| train(&examples, &examples, recipe).to_bytes();
    assert_eq!(bytes(RECIPE), bytes(RECIPE));
    assert_ne!(bytes(RECIPE), bytes(Recipe { seed: 8, ..RECIPE }));
}

#[test]
fn what_was_seen_is_remembered() {
    let headlines = own();
    let examples: Vec<_> = headlines.iter().map(Headline::example).collect();
    let linear = Linear::with_weights(train(&examples, &examples, RECIPE));
    let right = examples.iter().filter(|it| linear.chances(&it.passage).label() == it.label);
    assert!(examples.len() * 9 <= 10 * right.count());
}

#[test]
fn calibration_softens_sums_that_are_too_sure() {
    let sums = |label, good| Point { sums: [good, -4.0], label };
    // Three of four are right, so a sum of 4 is far too sure.
    let points = [
        sums(Label::Good, 4.0),
        sums(Label::Good, 4.0),
        sums(Label::Good, 4.0),
        sums(Label::Neutral, 4.0),
    ];
    let calibration = calibrate(&points);
    let chance = calibration.chances([4.0, -4.0]).good;
    assert!((chance - 0.75).abs() < 0.02, "{chance}");
}
