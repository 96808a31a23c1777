use std::sync::LazyLock;

use proptest::prelude::*;

use super::*;

static LEXICON: LazyLock<Lexicon> = LazyLock::new(Lexicon::new);

/// Reads a text as a whole.
fn score(text: &str) -> f64 {
    LEXICON.read_one(&Passage::whole(text)).score
}

/// Says whether no term of a text weighs anything.
fn is_silent(text: &str) -> bool {
    score(text).abs() < 1e-9
}

/// Reads what a text says of one company beside another.
fn score_of(text: &str, company: &str, other: &str) -> f64 {
    let span = |name: &str| text.find(name).map(|at| at..at + name.len()).unwrap();
    let others = [span(other)];
    LEXICON.read_one(&Passage { text, about: Some(span(company)), others: &others }).score
}

#[test]
fn more_than_a_thousand_terms_are_known() {
    assert!(1_000 <= Lexicon::new().terms());
}

#[test]
fn news_of_results_has_its_sign() {
    for text in [
        "Chipmaker beats estimates",
        "Retailer raises guidance",
        "Price target raised to $50",
        "Drug wins FDA approval",
        "Stock hits 52-week high",
        "Airline returns to profit",
    ] {
        assert!(0.4 < score(text), "{text}: {}", score(text));
    }
    for text in [
        "Chipmaker misses estimates",
        "Retailer cuts guidance",
        "Price target cut to $50",
        "FDA rejects drug",
        "Stock hits 52-week low",
        "Airline swings to loss",
    ] {
        assert!(score(text) < -0.4, "{text}: {}", score(text));
    }
}

#[test]
fn text_without_terms_is_neutral() {
    assert!(is_silent("") && is_silent("The board will meet in Oslo on Thursday"));
    assert_eq!(Lexicon::label(Tone::new(0.0, 0.5)), Label::Neutral);
}

#[test]
fn directions_turn_beside_burdens() {
    assert!(score("Costs rise") < 0.0);
    assert!(0.0 < score("Costs fall"));
    assert!(0.0 < score("Loss narrows"));
    assert!(score("Loss widens") < 0.0);
    assert!(0.0 < score("Bank reduces debt"));
    assert!(0.0 < score("Sales rise") && score("Sales fall") < 0.0);
}

#[test]
fn burdens_of_another_clause_turn_nothing() {
    assert!(0.0 < score("Shares rise; costs unchanged") - score("Costs unchanged"));
}

#[test]
fn negation_turns_what_follows() {
    assert!(score("Plan is not good") < 0.0);
    assert!(score("No improvement in sales") < 0.0);
    assert!(0.0 < score("Bank denies fraud"));
    assert!(score("Good plan, not new") > 0.0);
}

#[test]
fn adverbs_strengthen_and_weaken() {
    assert!(score("Sales rise") < score("Sales rise sharply"));
    assert!(score("Sales rise slightly") < score("Sales rise"));
    assert!(score("Sales may rise") < score("Sales rise"));
}

#[test]
fn what_follows_but_outweighs() {
    assert!(score("Strong sales but weak outlook") < 0.0);
    assert!(0.0 < score("Weak sales but strong outlook"));
}

#[test]
fn questions_count_for_less() {
    assert!(score("Will shares rally?") < score("Shares will rally"));
}

#[test]
fn compared_numbers_have_a_direction() {
    assert!(0.0 < score("Operating profit was EUR 13.1 mn compared to EUR 8.7 mn"));
    assert!(score("Operating profit was EUR 8.7 mn compared to EUR 13.1 mn") < 0.0);
    assert!(0.0 < score("Operating loss was EUR 0.6 mn compared to EUR 2.4 mn"));
    assert!(is_silent("The firm moved from 12 High Street to 14 Low Road"));
}

#[test]
fn each_company_is_read_by_what_stands_near_it() {
    let text = "Alphasoft gains; Betacorp slides";
    assert!(0.0 < score_of(text, "Alphasoft", "Betacorp"));
    assert!(score_of(text, "Betacorp", "Alphasoft") < 0.0);
}

#[test]
fn lists_with_unreadable_lines_are_refused() {
    let check = |text: &str| Table::parse(text).unwrap_err();
    assert_eq!(check("[fine 2]"), "line 1 of the lexicon is unreadable: `[fine 2]`");
    assert_eq!(check("[good 9]"), "line 1 of the lexicon is unreadable: `[good 9]`");
    assert_eq!(check("orphan"), "line 1 of the lexicon is unreadable: `orphan`");
    assert_eq!(check("[good 1]\na//b"), "line 2 of the lexicon is unreadable: `a//b`");
    assert_eq!(
        check("[good 1]\na b c d e f g"),
        "line 2 of the lexicon is unreadable: `a b c d e f g`"
    );
}

proptest! {
    #[test]
    fn prop_every_text_has_a_tone(text in any::<String>(), start in 0_usize..40, length in 0_usize..40) {
        let lexicon = &LEXICON;
        let after = start + length;
        let others = [after..after + 3, 0..1];
        let passage = Passage { text: &text, about: Some(start..start + length), others: &others };
        lexicon.read_one(&passage);
        lexicon.read_one(&Passage::whole(&text));
    }
}
