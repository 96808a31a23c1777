//! Sketches: sixty-four bits, of which alike texts share nearly all.
//!
//! Each feature votes on each bit; the majority is the sketch (Charikar's simhash). Two sketches that differ in at most
//! seven bits have at least one of eight bands in common, so that an index of bands finds every such pair and looks at
//! few others.

use super::Told;
use crate::{clean, digest};

/// Bands of eight bits in a sketch.
pub(super) const BANDS: u32 = 8;
/// Words of one shingle of a long text.
const SHINGLE: usize = 3;
/// Shorter texts have too few shingles to be told apart.
const TEXT_WORDS_MIN: usize = 40;
/// Longer texts are compared by their start, where outlets cut least.
const TEXT_BYTES_MAX: usize = 2048;

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

/// The majority of the features' bits; a tie is a zero.
pub(super) fn simhash(features: impl Iterator<Item = u64>) -> u64 {
    let mut votes = [0_i32; 64];
    for feature in features {
        for (bit, vote) in votes.iter_mut().enumerate() {
            *vote += if feature >> bit & 1 == 1 { 1 } else { -1 };
        }
    }
    votes.iter().enumerate().fold(0, |sketch, (bit, vote)| sketch | u64::from(0 < *vote) << bit)
}

/// A simhash of the shingles of a long text; `None` for a short one.
pub(super) fn text_sketch(text: &str) -> Option<u64> {
    // Four letters and a space for each word is less than any language needs.
    if text.len() < 4 * TEXT_WORDS_MIN {
        return None;
    }
    let text = clean::text(text, TEXT_BYTES_MAX).to_lowercase();
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let words: Vec<u64> = words.map(|word| digest::digest(word.as_bytes())).collect();
    if words.len() < TEXT_WORDS_MIN {
        return None;
    }
    let shingles = words.windows(SHINGLE).map(|words| words.iter().copied().fold(0, digest::pair));
    Some(simhash(shingles))
}
