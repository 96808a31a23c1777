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

/// The number of a word in small letters; zero, which no word has, for one that is too long.
pub(crate) fn packed_lower(word: &[u8]) -> u128 {
    if LENGTH_MAX < word.len() {
        return 0;
    }
    word.iter().fold(0, |number, byte| number << 8 | u128::from(byte.to_ascii_lowercase()))
}
