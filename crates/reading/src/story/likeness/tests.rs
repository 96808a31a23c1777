use proptest::prelude::*;

use super::*;

/// The same majority, counted one bit after another.
fn counted(features: &[u64]) -> u64 {
    (0..64).fold(0, |sketch, bit| {
        let votes = features.iter().filter(|feature| *feature >> bit & 1 == 1).count();
        sketch | u64::from(features.len() < 2 * votes) << bit
    })
}

proptest! {
    #[test]
    fn prop_votes_at_once_equal_votes_counted(features in proptest::collection::vec(any::<u64>(), 0..700)) {
        prop_assert_eq!(simhash(&features), counted(&features));
    }

    #[test]
    fn prop_words_of_plain_letters_are_the_words_of_any_text(
        text in "([A-Za-z0-9]{1,20}[ -~]{0,3}|[ -~\u{0}-\u{1f}\u{7f}]{0,9}|[\u{2010}-\u{2070}\u{e9}]?){0,90}"
    ) {
        let text = &text[..text.floor_char_boundary(TEXT_BYTES_MAX)];
        if !has_foreign_letters(text) {
            prop_assert_eq!(ascii_words(text.as_bytes()), words(text));
        }
    }
}

#[test]
fn a_word_may_end_where_the_text_is_cut() {
    let text = "Harbour9 ".repeat(200);
    for length in [1, 63, 64, 65, 127, 128, 1000, 1023, 1024] {
        let text = &text[..length];
        assert_eq!(ascii_words(text.as_bytes()), words(text), "{length} bytes");
    }
}

#[test]
fn quotation_marks_and_dashes_part_words_of_plain_letters() {
    let text = "Harbour’s ferry — “late” again…";
    assert!(!has_foreign_letters(text));
    assert_eq!(ascii_words(text.as_bytes()), words(text));
    assert!(has_foreign_letters("caf\u{e9}"));
    assert!(has_foreign_letters("\u{2014}\u{b2}"));
}
