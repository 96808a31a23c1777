use super::*;

fn spelled(text: &str) -> Vec<(&str, Gap)> {
    pieces(text).map(|piece| (piece.text, piece.gap)).collect()
}

#[test]
fn what_stands_between_words_is_told() {
    assert_eq!(
        spelled("AT&T's Amazon.com, (up)"),
        [
            ("AT", Gap::Stop),
            ("&", Gap::Joined),
            ("T", Gap::Joined),
            ("'s", Gap::Joined),
            ("Amazon", Gap::Space),
            ("com", Gap::Dot),
            ("up", Gap::Open),
        ]
    );
}

#[test]
fn an_abbreviation_ends_no_sentence() {
    assert_eq!(spelled("Apple Inc. said. So")[2], ("said", Gap::Space));
    assert_eq!(spelled("Apple Inc. said. So")[3], ("So", Gap::Stop));
    assert_eq!(spelled("J. P. Morgan")[2].1, Gap::Space);
}

#[test]
fn addresses_of_pages_are_skipped() {
    assert_eq!(spelled("see https://t.co/Tesla now"), [("see", Gap::Stop), ("now", Gap::Space)]);
}

#[test]
fn names_fold_to_plain_letters() {
    assert_eq!(words("Nestlé S.A."), ["nestle", "s", "a"]);
    assert_eq!(words("McDonald\u{2019}s"), ["mcdonald", "'s"]);
}

#[test]
fn any_text_is_walked_to_its_end() {
    for text in ["", "'", "$", "’s", "é's", "\u{0}\u{202e}a", "https://", "&&&", "ß\u{301}"] {
        assert!(pieces(text).all(|piece| !piece.text.is_empty()), "`{text}`");
    }
}
