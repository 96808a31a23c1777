//! Short words as numbers, so that one is told from a hundred others without comparing letters.

/// The longest word that has a number.
pub(crate) const LENGTH_MAX: usize = 16;

/// The number of a word of at most [`LENGTH_MAX`] bytes, none of which is zero.
pub(crate) const fn packed(word: &[u8]) -> u128 {
    let mut number = 0;
    let mut at = 0;
    while at < word.len() {
        number = number << 8 | word[at] as u128;
        at += 1;
    }
    number
}

/// A fixed list of words in which a word is looked up without reading through it.
#[derive(Debug)]
pub(crate) struct WordSet {
    slots: [u128; Self::SLOTS],
}

impl WordSet {
    const SLOTS: usize = 256;

    /// The set of the numbers of some words.
    ///
    /// # Panics
    /// When there are too many, which is seen when the program is built.
    pub(crate) const fn of(words: &[u128]) -> Self {
        assert!(2 * words.len() < Self::SLOTS, "half of the slots stay free");
        let mut slots = [0; Self::SLOTS];
        let mut next = 0;
        while next < words.len() {
            let mut slot = Self::slot(words[next]);
            while slots[slot] != 0 {
                slot = (slot + 1) % Self::SLOTS;
            }
            slots[slot] = words[next];
            next += 1;
        }
        Self { slots }
    }

    /// Says whether the word with this number is in it; zero, which stands for a long word, is not.
    pub(crate) const fn contains(&self, word: u128) -> bool {
        let mut slot = Self::slot(word);
        while self.slots[slot] != 0 {
            if self.slots[slot] == word {
                return true;
            }
            slot = (slot + 1) % Self::SLOTS;
        }
        false
    }

    #[expect(clippy::cast_possible_truncation, reason = "the halves are mixed into a few bits")]
    const fn slot(word: u128) -> usize {
        let halves = word as u64 ^ (word >> 64) as u64;
        (halves.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 56) as usize
    }
}

/// The number of a word in small letters; zero, which no word has, for one that is too long.
pub(crate) fn packed_lower(word: &[u8]) -> u128 {
    if LENGTH_MAX < word.len() {
        return 0;
    }
    word.iter().fold(0, |number, byte| number << 8 | u128::from(byte.to_ascii_lowercase()))
}
