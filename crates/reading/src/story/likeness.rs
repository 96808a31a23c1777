//! Sketches: sixty-four bits, of which alike texts share nearly all.
//!
//! Each feature votes on each bit; the majority is the sketch (Charikar's simhash).

use crate::digest;

/// Words of one shingle of a long text.
const SHINGLE: usize = 3;
/// Shorter texts have too few shingles to be told apart.
const TEXT_WORDS_MIN: usize = 40;
/// Longer texts are compared by their start, where outlets cut least.
const TEXT_BYTES_MAX: usize = 1024;

/// Features that are counted at once: as many as three planes can hold.
const ROUND: usize = 7;
/// Planes of votes; there are fewer features than they can count.
const PLANES: usize = 12;

/// The majority of the features' bits; a tie is a zero.
///
/// Votes are counted for all bits at once: the planes hold the digits of sixty-four counts, the lowest first.
pub(super) fn simhash(features: &[u64]) -> u64 {
    assert!(features.len() < 1 << PLANES, "a text has fewer features");
    let mut planes = [0_u64; PLANES];
    for round in features.chunks(ROUND) {
        let mut seven = [0; ROUND];
        seven[..round.len()].copy_from_slice(round);
        let [first, second, third, fourth, fifth, sixth, seventh] = seven;
        let ((one, two), (other, three)) = (add(first, second, third), add(fourth, fifth, sixth));
        let (one, four) = add(one, other, seventh);
        let (two, four) = add(two, three, four);
        let mut carry = 0;
        for (plane, digit) in planes.iter_mut().zip([one, two, four]) {
            (*plane, carry) = add(*plane, digit, carry);
        }
        for plane in &mut planes[3..] {
            (*plane, carry) = (*plane ^ carry, *plane & carry);
        }
    }
    over(&planes, features.len() / 2)
}

/// The sum and the carry of three digits, for each of sixty-four counts.
const fn add(a: u64, b: u64, c: u64) -> (u64, u64) {
    let either = a ^ b;
    (either ^ c, a & b | either & c)
}

/// Which of sixty-four counts exceed a number.
fn over(planes: &[u64; PLANES], number: usize) -> u64 {
    let (mut over, mut equal) = (0, u64::MAX);
    for (digit, plane) in planes.iter().enumerate().rev() {
        if number >> digit & 1 == 0 {
            over |= equal & plane;
            equal &= !plane;
        } else {
            equal &= plane;
        }
    }
    over
}

/// A simhash of the shingles of a long text; `None` for a short one.
pub(super) fn text_sketch(text: &str) -> Option<u64> {
    // Four letters and a space for each word is less than any language needs.
    if text.len() < 4 * TEXT_WORDS_MIN {
        return None;
    }
    let text = &text[..text.floor_char_boundary(TEXT_BYTES_MAX)];
    let words = if has_foreign_letters(text) { words(text) } else { ascii_words(text.as_bytes()) };
    if words.len() < TEXT_WORDS_MIN {
        return None;
    }
    let shingle = |words: &[u64]| words.iter().copied().fold(0, digest::pair);
    let shingles: Vec<u64> = words.windows(SHINGLE).map(shingle).collect();
    Some(simhash(&shingles))
}

/// Says whether a letter or digit is none of ASCII; quotation marks and dashes are neither.
fn has_foreign_letters(text: &str) -> bool {
    let mut rest = text;
    while let Some(place) = rest.bytes().position(|byte| !byte.is_ascii()) {
        let mut letters = rest[place..].chars();
        if letters.next().is_some_and(char::is_alphanumeric) {
            return true;
        }
        rest = letters.as_str();
    }
    false
}

/// The digests of the words of a text in small letters.
fn words(text: &str) -> Vec<u64> {
    let text = text.to_lowercase();
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(|word| digest::digest(word.as_bytes())).collect()
}

/// Bytes whose words are found at once.
const BLOCK: usize = 64;

/// The same for a text without letters beyond ASCII: many bytes at a time, and without a copy of each word.
fn ascii_words(text: &[u8]) -> Vec<u64> {
    // What is no part of a word is a zero. A block of zeros ends the last word.
    let mut folded = [0; TEXT_BYTES_MAX + BLOCK];
    for (small, byte) in folded.iter_mut().zip(text) {
        let lower = byte | u8::from(byte.is_ascii_uppercase()) << 5;
        // A byte of a longer character is no letter either.
        *small = if lower.is_ascii_lowercase() || lower.is_ascii_digit() { lower } else { 0 };
    }
    let mut words = Vec::with_capacity(text.len() / 4);
    let (mut start, mut before) = (None, 0);
    let (blocks, _) = folded.as_chunks::<BLOCK>();
    for (block, at) in blocks.iter().zip((0..).step_by(BLOCK)).take(text.len() / BLOCK + 1) {
        let letters = letters(block);
        // Where a word begins or ends, a letter's bit differs from the one before.
        let mut edges = letters ^ (letters << 1 | before);
        before = letters >> 63;
        while edges != 0 {
            let edge = at + edges.trailing_zeros() as usize;
            edges &= edges - 1;
            start = match start {
                None => Some(edge),
                Some(start) => {
                    words.push(word(&folded, start, edge));
                    None
                }
            };
        }
    }
    words
}

/// One bit for each byte of a block that is no zero.
fn letters(block: &[u8; BLOCK]) -> u64 {
    let (eights, _) = block.as_chunks::<8>();
    let bits = |eight: &[u8; 8]| {
        // The highest bit of a byte is set when something was in the others; then the eight of them are gathered.
        let some = (u64::from_le_bytes(*eight) + 0x7f7f_7f7f_7f7f_7f7f) >> 7;
        (some & 0x0101_0101_0101_0101).wrapping_mul(0x0102_0408_1020_4080) >> 56
    };
    eights.iter().rev().fold(0, |letters, eight| letters << 8 | bits(eight))
}

/// The digest of one word.
fn word(folded: &[u8; TEXT_BYTES_MAX + BLOCK], start: usize, end: usize) -> u64 {
    let length = end - start;
    match folded[start..].first_chunk() {
        Some(bytes) if length <= digest::SHORT_MAX => {
            let behind = u128::MAX << (8 * length);
            digest::digest_short(u128::from_le_bytes(*bytes) & !behind, length)
        }
        _ => digest::digest(&folded[start..end]),
    }
}

#[cfg(test)]
mod tests;
