use proptest::prelude::*;

use super::*;

/// The words of a text as they stand in it, with the clause of each.
fn check(text: &str, expected: &[(&str, u16)]) {
    let words = words(text);
    let found: Vec<(&str, u16)> = words.iter().map(|it| (&text[it.span()], it.clause)).collect();
    assert_eq!(found, expected, "{text}");
}

#[test]
fn punctuation_parts_clauses() {
    check("Profit up, sales down", &[("Profit", 0), ("up", 0), ("sales", 1), ("down", 1)]);
    check("A - b: c", &[("A", 0), ("b", 1), ("c", 2)]);
    check("year-on-year – flat", &[("year", 0), ("on", 0), ("year", 0), ("flat", 1)]);
    check("Buy? Sell", &[("Buy", 0), ("?", 0), ("Sell", 1)]);
}

#[test]
fn links_and_users_are_left_out() {
    check("see https://t.co/x now", &[("see", 0), ("now", 0)]);
    check("by @someone today", &[("by", 0), ("today", 0)]);
    check("http://only", &[]);
}

#[test]
fn possessives_and_apostrophes_are_no_letters() {
    assert_eq!(words("Apple's")[0].hash, hash_of("apple"));
    assert_eq!(words("Apple’s")[0].hash, hash_of("apple"));
    assert_eq!(words("don't")[0].hash, hash_of("dont"));
    assert_eq!(words("DON’T")[0].hash, hash_of("dont"));
    check("users' data", &[("users", 0), ("data", 0)]);
}

#[test]
fn numbers_are_one_word_with_a_value() {
    let words = words("rose 12.5% to $1,234 or -3");
    let numbers: Vec<(u64, f32)> =
        words.iter().filter(|it| it.kind == Kind::Number).map(|it| (it.hash, it.value)).collect();
    assert_eq!(numbers, [(NUMBER, 12.5), (NUMBER, 1234.0), (NUMBER_MINUS, 3.0)]);
}

#[test]
fn cashtags_are_alike() {
    let words = words("$AAPL and $BRK.B");
    assert_eq!((words[0].hash, words[2].hash), (CASHTAG, CASHTAG));
    assert_eq!(words[2].kind, Kind::Cashtag);
}

#[test]
fn letters_of_other_scripts_are_folded() {
    assert_eq!(words("MÜNCHEN")[0].hash, words("münchen")[0].hash);
    assert_ne!(words("MÜNCHEN")[0].hash, words("manchen")[0].hash);
    check("Ørsted åpner", &[("Ørsted", 0), ("åpner", 0)]);
}

#[test]
fn long_texts_are_cut() {
    assert_eq!(words(&"word ".repeat(WORDS_MAX + 10)).len(), WORDS_MAX);
}

proptest! {
    #[test]
    fn prop_spans_are_in_order_and_cut_no_letter(text in any::<String>()) {
        let mut end = 0;
        for word in words(&text) {
            prop_assert!(end <= word.span().start && word.span().start < word.span().end);
            prop_assert!(text.get(word.span()).is_some());
            end = word.span().end;
        }
    }
}
