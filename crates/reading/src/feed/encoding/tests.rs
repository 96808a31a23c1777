use proptest::prelude::*;

use super::*;

fn text(bytes: &[u8], content_type: Option<&str>) -> String {
    decode(bytes, content_type, 1 << 20).text.into_owned()
}

#[test]
fn the_mark_outranks_the_server_and_the_server_the_document() {
    let prolog = "<?xml version='1.0' encoding='koi8-r'?>";
    let says = |bytes: &[u8], content_type| encoding_of(bytes, content_type).0.name();
    assert_eq!(says(prolog.as_bytes(), None), "KOI8-R");
    assert_eq!(says(prolog.as_bytes(), Some("text/xml; charset=\"iso-8859-2\"")), "ISO-8859-2");
    let marked = [b"\xef\xbb\xbf", prolog.as_bytes()].concat();
    assert_eq!(says(&marked, Some("text/xml;charset=iso-8859-2")), "UTF-8");
    assert_eq!(says(prolog.as_bytes(), Some("text/xml; charset=nonsense")), "KOI8-R");
    assert_eq!(says(b"<rss>", None), "UTF-8");
}

#[test]
fn sixteen_bits_are_seen_without_a_mark() {
    let little: Vec<u8> = "<é>".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = "<é>".encode_utf16().flat_map(u16::to_be_bytes).collect();
    assert_eq!((text(&little, None), text(&big, None)), ("<é>".to_owned(), "<é>".to_owned()));
    // A document that can be read as ASCII is not what it claims.
    assert_eq!(text(b"<?xml version='1.0' encoding='utf-16'?>", None).len(), 39);
}

#[test]
fn bad_bytes_are_windows_1252_and_good_ones_stay() {
    let decoded = decode(b"Z\xc3\xbcrich \x93bad\x94 \x80", None, 100);
    assert_eq!((&*decoded.text, decoded.mended), ("Zürich “bad” €", true));
    assert_eq!(text(b"\xe9", Some("text/xml; charset=us-ascii")), "é");
}

#[test]
fn the_limit_holds_for_bytes_and_for_text() {
    let decoded = decode(&[b'a'; 100], None, 10);
    assert_eq!((decoded.text.len(), decoded.cut), (10, true));
    let decoded = decode(&[0xe9; 100], Some("x; charset=latin1"), 40);
    assert!(decoded.cut && decoded.text.len() <= 40, "{}", decoded.text.len());
    let decoded = decode(&[0xe9; 100], None, 40);
    assert!(decoded.cut && decoded.text.len() <= 40, "{}", decoded.text.len());
}

proptest! {
    #[test]
    fn prop_any_bytes_become_text(
        bytes in proptest::collection::vec(any::<u8>(), 0..300),
        label in proptest::option::of(proptest::sample::select(vec!["utf-16", "koi8-r", "gb18030", "shift_jis", "iso-2022-jp", "replacement", "x"])),
        limit in 0_usize..200,
    ) {
        let content_type = label.map(|label| format!("text/xml; charset={label}"));
        let decoded = decode(&bytes, content_type.as_deref(), limit);
        prop_assert!(decoded.text.len() <= limit.max(16));
    }
}
