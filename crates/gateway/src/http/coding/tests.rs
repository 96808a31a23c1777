use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use proptest::prelude::*;

use super::*;

const LIMIT: usize = 1 << 20;

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
    for name in ["br", "zstd", "deflate", "gzip, gzip"] {
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

proptest! {
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
