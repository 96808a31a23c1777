//! Sketches: sixty-four bits, of which alike texts share nearly all.
//!
//! Each feature votes on each bit; the majority is the sketch (Charikar's simhash). Two sketches that differ in at most
//! seven bits have at least one of eight bands in common, so that an index of bands finds every such pair and looks at
//! few others.

use super::Told;
use crate::digest;

/// Bands of eight bits in a sketch.
pub(super) const BANDS: u32 = 8;
/// Words of one shingle of a long text.
const SHINGLE: usize = 3;
/// Shorter texts have too few shingles to be told apart.
const TEXT_WORDS_MIN: usize = 40;
/// Longer texts are compared by their start, where outlets cut least.
const TEXT_BYTES_MAX: usize = 1024;

/// A sketch, of one of the two kinds that are never compared with each other.
#[derive(Clone, Copy, Debug)]
pub(super) enum Sketch {
    Headline(u64),
    Text(u64),
}

impl Sketch {
    /// In how many bits a story's sketch of the same kind differs; `None` when it has none.
    pub(super) fn distance(self, told: &Told) -> Option<u32> {
        match self {
            Self::Headline(bits) => Some((bits ^ told.headline).count_ones()),
            Self::Text(bits) => told.text.map(|other| (bits ^ other).count_ones()),
        }
    }
}

/// The bands of a sketch: which one, and its bits.
pub(super) fn bands(sketch: Sketch) -> impl Iterator<Item = (u8, u8)> {
    let (first, bits) = match sketch {
        Sketch::Headline(bits) => (0, bits),
        Sketch::Text(bits) => (8, bits),
    };
    (first..).zip(bits.to_le_bytes())
}

/// Features that are counted in bytes before their counts are added up.
const ROUND: usize = 255;
/// The bits of a byte, each as the lowest of a byte of its own.
const SPREAD: [u64; 256] = spread();

const fn spread() -> [u64; 256] {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        let mut bit = 0;
        while bit < 8 {
            table[byte] |= (byte as u64 >> bit & 1) << (8 * bit);
            bit += 1;
        }
        byte += 1;
    }
    table
}

/// The majority of the features' bits; a tie is a zero.
pub(super) fn simhash(features: &[u64]) -> u64 {
    let mut votes = [0_u32; 64];
    for round in features.chunks(ROUND) {
        // Eight counts in each number; none exceeds the round.
        let mut counts = [0_u64; 8];
        for feature in round {
            for (count, byte) in counts.iter_mut().zip(feature.to_le_bytes()) {
                *count += SPREAD[usize::from(byte)];
            }
        }
        let counts = counts.into_iter().flat_map(u64::to_le_bytes);
        votes.iter_mut().zip(counts).for_each(|(vote, count)| *vote += u32::from(count));
    }
    let majority = |vote: u32| features.len() < 2 * vote as usize;
    (0..).zip(votes).fold(0, |sketch, (bit, vote)| sketch | u64::from(majority(vote)) << bit)
}

/// A simhash of the shingles of a long text; `None` for a short one.
pub(super) fn text_sketch(text: &str) -> Option<u64> {
    // Four letters and a space for each word is less than any language needs.
    if text.len() < 4 * TEXT_WORDS_MIN {
        return None;
    }
    let text = text[..text.floor_char_boundary(TEXT_BYTES_MAX)].to_lowercase();
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let words: Vec<u64> = words.map(|word| digest::digest(word.as_bytes())).collect();
    if words.len() < TEXT_WORDS_MIN {
        return None;
    }
    let shingle = |words: &[u64]| words.iter().copied().fold(0, digest::pair);
    let shingles: Vec<u64> = words.windows(SHINGLE).map(shingle).collect();
    Some(simhash(&shingles))
}
