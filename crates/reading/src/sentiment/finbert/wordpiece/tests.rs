use proptest::prelude::*;

use super::super::tests::{VOCABULARY, cases};
use super::*;

const LIMIT: usize = 128;

fn tiny(lower_case: bool) -> WordPiece {
    WordPiece::parse(VOCABULARY, lower_case).unwrap()
}

#[test]
fn pieces_equal_the_reference() {
    for case in cases().iter().filter(|case| !case.text.contains("[SEP]")) {
        assert_eq!(tiny(true).encode(&case.text, LIMIT), case.pieces, "{:?}", case.text);
        assert_eq!(tiny(false).encode(&case.text, LIMIT), case.cased, "cased {:?}", case.text);
    }
}

#[test]
fn special_pieces_in_a_text_are_text() {
    let pieces = tiny(true);
    let encoded = pieces.encode("[SEP]", LIMIT);
    let inner = &encoded[1..encoded.len() - 1];
    assert!(inner.iter().all(|it| *it != pieces.special.end));
    assert!(2 < inner.len());
}

#[test]
fn a_vocabulary_without_special_pieces_is_refused() {
    let fault = WordPiece::parse("[UNK]\n[CLS]\na\n", true).unwrap_err();
    assert_eq!(fault, "the vocabulary has no `[SEP]`");
}

proptest! {
    #[test]
    fn prop_every_text_has_pieces_within_the_limit(text in any::<String>(), limit in 2_usize..40) {
        let pieces = tiny(true);
        let encoded = pieces.encode(&text, limit);
        prop_assert!((2..=limit).contains(&encoded.len()));
        prop_assert_eq!(encoded[0], pieces.special.start);
        prop_assert_eq!(encoded[encoded.len() - 1], pieces.special.end);
    }
}
