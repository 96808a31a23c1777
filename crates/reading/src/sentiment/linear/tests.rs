use std::ops::Range;
use std::sync::LazyLock;

use proptest::prelude::*;

use super::super::headlines::{Headline, own};
use super::super::train::Example;
use super::*;

static LINEAR: LazyLock<Linear> = LazyLock::new(Linear::new);

#[test]
fn shipped_weights_survive_a_round_trip() {
    let weights = Weights::parse(Cow::Borrowed(WEIGHTS)).unwrap();
    assert_eq!(weights.to_bytes(), WEIGHTS);
    assert!(weights.table.iter().any(|byte| *byte != 0));
}

#[test]
fn damaged_weights_are_refused() {
    let refused = |bytes: Vec<u8>| Weights::parse(Cow::Owned(bytes)).unwrap_err();
    assert_eq!(refused(vec![0; 10]), "`10` bytes are no weights of the linear model");
    let mut bytes = WEIGHTS.to_vec();
    bytes[8] = 9;
    assert_eq!(refused(bytes), "weights of format `9`, this build reads `1`");
    let mut bytes = WEIGHTS.to_vec();
    bytes[12..16].copy_from_slice(&f32::NAN.to_le_bytes());
    assert_eq!(refused(bytes), "number `0` of the weights' header is not finite");
}

#[test]
fn headlines_that_nobody_fitted_are_read_right_in_three_of_four() {
    let linear = &LINEAR;
    let headlines = own();
    let examples: Vec<_> = headlines.iter().map(Headline::example).collect();
    let right = |it: &&Example<'_>| linear.chances(&it.passage).label() == it.label;
    let count = examples.iter().filter(right).count();
    assert!(3 * examples.len() <= 4 * count, "`{count}` of `{}` are right", examples.len());
}

#[test]
fn a_headline_has_a_tone_for_each_company() {
    let linear = &LINEAR;
    let text = "Airvia rises 4%; Skyjet falls 3%";
    let (first, second) = (0..6, 17..23);
    let score = |about: &Range<usize>, other: &Range<usize>| {
        let others = std::slice::from_ref(other);
        linear.read_one(&Passage { text, about: Some(about.clone()), others }).score
    };
    assert!(0.3 < score(&first, &second));
    assert!(score(&second, &first) < -0.3);
}

#[test]
fn a_companys_name_changes_nothing() {
    let linear = &LINEAR;
    let score =
        |text: &str, end| linear.read_one(&Passage { text, about: Some(0..end), others: &[] });
    assert_eq!(score("Acme beats estimates", 4), score("Good Profit Corp beats estimates", 16));
}

#[test]
fn chances_add_to_one() {
    let linear = &LINEAR;
    for text in ["", "Profit rises", "Fraud probe sinks shares of lender"] {
        let Chances { good, bad, neutral } = linear.chances(&Passage::whole(text));
        assert!((good + bad + neutral - 1.0).abs() < 1e-6, "{text}");
    }
}

proptest! {
    #[test]
    fn prop_every_text_has_a_tone(text in any::<String>(), start in 0_usize..40, length in 0_usize..40) {
        let linear = &LINEAR;
        let after = start + length;
        let others = [after..after + 3, 0..1];
        linear.read_one(&Passage { text: &text, about: Some(start..start + length), others: &others });
        linear.read_one(&Passage::whole(&text));
    }
}
