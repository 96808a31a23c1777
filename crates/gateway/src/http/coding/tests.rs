use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use proptest::prelude::*;

use super::*;

const LIMIT: usize = 1 << 20;

/// A feed of 40 items, as Brotli's own encoder packs it.
const FEED: &[u8] = include_bytes!("../../../tests/packed/feed.br");
/// A GiB of spaces, as the same encoder packs it with its widest window.
const BOMB: &[u8] = include_bytes!("../../../tests/packed/bomb.br");

fn packed(plain: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(plain).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn a_packed_body_comes_out_as_it_went_in() {
    let plain = b"one headline, two headlines".repeat(1_000);
    for name in ["gzip", "x-gzip", " GZip "] {
        assert_eq!(unpack(Some(name), packed(&plain), LIMIT), Ok(plain.clone()), "{name}");
    }
    for name in [None, Some(""), Some("identity")] {
        assert_eq!(unpack(name, plain.clone(), LIMIT), Ok(plain.clone()), "{name:?}");
    }
}

#[test]
fn a_body_in_two_members_is_one_body() {
    let both = [packed(b"one "), packed(b"two")].concat();
    assert_eq!(unpack(Some("gzip"), both, LIMIT), Ok(b"one two".to_vec()));
}

#[test]
fn a_bomb_is_cut_at_the_limit() {
    let bomb = packed(&vec![b' '; 4 * LIMIT]);
    assert!(bomb.len() < 8_192, "it is small while packed");
    assert_eq!(unpack(Some("gzip"), bomb, LIMIT), Err(CodingFault::Large(LIMIT)));
    assert_eq!(unpack(None, vec![b' '; LIMIT + 1], LIMIT), Err(CodingFault::Large(LIMIT)));
    let exact = vec![b' '; LIMIT];
    assert_eq!(unpack(Some("gzip"), packed(&exact), LIMIT), Ok(exact));
}

#[test]
fn what_was_not_asked_for_is_refused() {
    for name in ["zstd", "deflate", "gzip, gzip", "br, gzip", "br;q=1"] {
        let refused = unpack(Some(name), packed(b"x"), LIMIT);
        assert_eq!(refused, Err(CodingFault::Unknown(name.into())));
    }
}

#[test]
fn a_torn_archive_gives_nothing() {
    let whole = packed(&b"headline ".repeat(500));
    for length in [0, 5, whole.len() / 2, whole.len() - 1] {
        let torn = unpack(Some("gzip"), whole[..length].to_vec(), LIMIT);
        // An empty body is no archive that could be torn.
        assert!(matches!(torn, Err(CodingFault::Torn { .. })) || length == 0, "{length}: {torn:?}");
    }
    assert!(unpack(Some("gzip"), b"<rss></rss>".to_vec(), LIMIT).is_err());
}

#[test]
fn brotli_comes_out_as_it_went_in() {
    for name in ["br", " BR "] {
        let feed = String::from_utf8(unpack(Some(name), FEED.to_vec(), LIMIT).unwrap()).unwrap();
        assert!(feed.starts_with("<rss ") && feed.ends_with("</rss>\n"), "{feed}");
        assert_eq!(feed.matches("<item>").count(), 40);
    }
}

#[test]
fn a_brotli_bomb_is_cut_at_the_limit() {
    assert!(BOMB.len() < 8_192, "it is small while packed");
    for limit in [0, 1, STEP - 1, STEP, STEP + 1, LIMIT] {
        assert_eq!(unpack(Some("br"), BOMB.to_vec(), limit), Err(CodingFault::Large(limit)));
    }
}

#[test]
fn torn_brotli_gives_nothing() {
    for length in 0..FEED.len() {
        let torn = unpack(Some("br"), FEED[..length].to_vec(), LIMIT);
        assert!(matches!(torn, Err(CodingFault::Torn { coding: "br", .. })), "{length}: {torn:?}");
    }
    for other in [b"<rss></rss>".to_vec(), packed(b"gzip")] {
        assert!(unpack(Some("br"), other.clone(), LIMIT).is_err(), "{other:?}");
    }
}

#[test]
fn a_window_beyond_those_of_the_web_is_refused() {
    // The first byte of a stream with a large window, which would ask for up to a GiB.
    for first in [0x11_u8, 0x91] {
        let wide = [&[first, 0x1e], FEED].concat();
        assert!(matches!(unpack(Some("br"), wide, LIMIT), Err(CodingFault::Torn { .. })));
    }
}

proptest! {
    #[test]
    fn prop_damaged_brotli_is_bounded(at in 0..FEED.len(), byte: u8, cut in 0..FEED.len()) {
        let mut bytes = FEED.to_vec();
        bytes[at] = byte;
        bytes.truncate(cut);
        if let Ok(plain) = unpack(Some("br"), bytes, 4_096) {
            prop_assert!(plain.len() <= 4_096);
        }
    }

    #[test]
    fn prop_no_bytes_are_brotli_beyond_the_limit(bytes: Vec<u8>) {
        if let Ok(plain) = unpack(Some("br"), bytes, 64) {
            prop_assert!(plain.len() <= 64);
        }
    }

    #[test]
    fn prop_no_bytes_unpack_to_more_than_the_limit(bytes: Vec<u8>) {
        if let Ok(plain) = unpack(Some("gzip"), bytes, 64) {
            prop_assert!(plain.len() <= 64);
        }
    }

    #[test]
    fn prop_packing_loses_nothing(plain: Vec<u8>) {
        prop_assert_eq!(unpack(Some("gzip"), packed(&plain), LIMIT), Ok(plain));
    }
}
