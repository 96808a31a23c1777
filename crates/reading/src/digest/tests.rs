use std::collections::BTreeSet;

use super::*;

#[test]
fn every_length_and_every_bit_counts() {
    let bytes = [0_u8; 300];
    let mut seen = BTreeSet::new();
    for length in 0..=bytes.len() {
        assert!(seen.insert(digest(&bytes[..length])), "length {length}");
    }
    for word in ["a", "b", "q2", "q3", "beats", "misses"] {
        assert!(seen.insert(digest(word.as_bytes())), "{word}");
    }
    for number in 0_u32..100_000 {
        let text = format!("https://a.example/{number}");
        assert!(seen.insert(digest(text.as_bytes())), "{text}");
    }
    for bit in 0..8 * bytes.len() {
        let mut changed = bytes;
        changed[bit / 8] ^= 1 << (bit % 8);
        assert!(seen.insert(digest(&changed)), "bit {bit}");
    }
}

#[test]
fn digests_are_the_same_everywhere() {
    // A change of these numbers is a change of what is kept.
    let found = [&b""[..], b"ACME beats estimates, shares rise"].map(digest);
    assert_eq!(found, [10_246_090_986_885_661_580, 5_230_279_513_909_905_074]);
    assert_ne!(pair(1, 2), pair(2, 1));
}
