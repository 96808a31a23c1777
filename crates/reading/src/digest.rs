//! Sixty-four bits that stand for some bytes.
//!
//! The same on every machine and in every build, so that it may be kept. It is made for speed and for spreading, not
//! against somebody who wants two texts to look alike; nothing that matters hangs on such a pair.

/// Numbers with bits all over: the digits of pi behind the point.
const KEYS: [u64; 8] = [
    0x243f_6a88_85a3_08d3,
    0x1319_8a2e_0370_7345,
    0xa409_3822_299f_31d1,
    0x082e_fa98_ec4e_6c89,
    0x4528_21e6_38d0_1377,
    0xbe54_66cf_34e9_0c6d,
    0xc0ac_29b7_c97c_50dd,
    0x3f84_d5b5_b547_0917,
];

/// The longest run of bytes that [`digest_short`] takes.
pub(crate) const SHORT_MAX: usize = 15;

/// Digests up to [`SHORT_MAX`] bytes that stand in a number, the first one lowest and zeros behind the last.
pub(crate) fn digest_short(bytes: u128, length: usize) -> u64 {
    debug_assert!(length <= SHORT_MAX);
    finish(KEYS[1], &bytes.to_le_bytes(), length)
}

/// Digests any number of bytes.
pub(crate) fn digest(bytes: &[u8]) -> u64 {
    // A lane that starts with its own key would not tell the two halves of a pair apart.
    let mut lanes = KEYS;
    lanes.rotate_left(1);
    let (blocks, rest) = bytes.as_chunks::<128>();
    for block in blocks {
        // Lanes that do not wait for each other keep the multiplier busy.
        let (words, _) = block.as_chunks::<16>();
        for ((lane, pair), key) in lanes.iter_mut().zip(words).zip(KEYS) {
            *lane = mix(*lane, pair, key);
        }
    }
    let mut joined = lanes[0];
    if !blocks.is_empty() {
        let (pairs, _) = lanes.as_chunks::<2>();
        for (pair, key) in pairs.iter().zip(&KEYS[4..]) {
            joined = joined.wrapping_add(fold(pair[0] ^ key, pair[1] ^ KEYS[0])).rotate_left(7);
        }
    }
    let (pairs, tail) = rest.as_chunks::<16>();
    for pair in pairs {
        joined = mix(joined, pair, KEYS[0]);
    }
    let mut last = [0; 16];
    last[..tail.len()].copy_from_slice(tail);
    finish(joined, &last, bytes.len())
}

fn finish(joined: u64, last: &[u8; 16], length: usize) -> u64 {
    let length = u64::try_from(length).expect("lengths fit 64 bits");
    fold(mix(joined, last, KEYS[3]) ^ KEYS[2], length ^ KEYS[1])
}

/// Digests two digests.
pub(crate) fn pair(one: u64, other: u64) -> u64 {
    fold(one ^ KEYS[0], other ^ KEYS[2])
}

fn mix(lane: u64, bytes: &[u8; 16], key: u64) -> u64 {
    let (words, _) = bytes.as_chunks::<8>();
    let [low, high] = [u64::from_le_bytes(words[0]), u64::from_le_bytes(words[1])];
    // A factor of zero takes the other with it, but not what was mixed before.
    fold(low ^ key, high ^ lane).wrapping_add(lane)
}

/// The two halves of a product, one over the other.
#[expect(clippy::cast_possible_truncation, reason = "both halves are taken")]
fn fold(a: u64, b: u64) -> u64 {
    let product = u128::from(a) * u128::from(b);
    product as u64 ^ (product >> 64) as u64
}

#[cfg(test)]
mod tests;
