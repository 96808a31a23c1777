//! BERT's tokenizer: text to pieces of words, by its rules to the letter.
//!
//! Clean control characters away, set Chinese characters apart, strip accents and fold case (uncased vocabularies),
//! part at spaces and punctuation, then take the longest known piece again and again. One difference is meant: a special
//! token that is written out in a text, such as `[SEP]`, is text here, because text has no authority.

use std::collections::BTreeMap;

use unicode_normalization::UnicodeNormalization as _;

use super::character::{is_control, is_mark, is_punctuation};

/// Letters of the longest word that is taken apart; a longer one is unknown.
const WORD_CHARS_MAX: usize = 100;

/// The pieces, and the rules that depend on the model.
#[derive(Debug)]
pub struct WordPiece {
    starts: BTreeMap<Box<str>, u32>,
    continuations: BTreeMap<Box<str>, u32>,
    special: Special,
    lower_case: bool,
    size: usize,
}

#[derive(Clone, Copy, Debug)]
struct Special {
    unknown: u32,
    start: u32,
    end: u32,
}

impl WordPiece {
    /// Reads a `vocab.txt`: one piece for each line, its number is the line's.
    ///
    /// # Errors
    /// Names the special piece that is missing.
    pub fn parse(vocabulary: &str, lower_case: bool) -> Result<Self, String> {
        let (mut starts, mut continuations) = (BTreeMap::new(), BTreeMap::new());
        let mut size = 0;
        for (number, line) in (0..).zip(vocabulary.lines()) {
            let piece = line.trim_end();
            match piece.strip_prefix("##").filter(|rest| !rest.is_empty()) {
                Some(rest) => continuations.insert(rest.into(), number),
                None => starts.insert(piece.into(), number),
            };
            size += 1;
        }
        let find = |piece: &str| {
            let missing = || format!("the vocabulary has no `{piece}`");
            starts.get(piece).copied().ok_or_else(missing)
        };
        let special =
            Special { unknown: find("[UNK]")?, start: find("[CLS]")?, end: find("[SEP]")? };
        Ok(Self { starts, continuations, special, lower_case, size })
    }

    /// Counts the pieces.
    pub fn size(&self) -> usize {
        self.size
    }

    /// Turns a text into at most `limit` numbers, with the pieces that start and end it.
    pub fn encode(&self, text: &str, limit: usize) -> Vec<u32> {
        let room = limit.saturating_sub(1);
        let mut numbers = vec![self.special.start];
        let mut word = String::new();
        for c in self.normalized(text) {
            if room <= numbers.len() {
                break;
            }
            if c.is_whitespace() {
                self.flush(&mut word, &mut numbers);
            } else if is_punctuation(c) {
                self.flush(&mut word, &mut numbers);
                word.push(c);
                self.flush(&mut word, &mut numbers);
            } else {
                word.push(c);
            }
        }
        self.flush(&mut word, &mut numbers);
        numbers.truncate(room);
        numbers.push(self.special.end);
        numbers
    }

    fn normalized(&self, text: &str) -> impl Iterator<Item = char> {
        let cleaned = text.chars().filter_map(clean);
        let apart: String = cleaned.flat_map(|c| set_apart(c).into_iter().flatten()).collect();
        if !self.lower_case {
            return apart.chars().collect::<Vec<_>>().into_iter();
        }
        let bare = apart.nfd().filter(|c| !is_mark(*c));
        bare.flat_map(char::to_lowercase).collect::<Vec<_>>().into_iter()
    }

    /// Takes the word apart and leaves it empty.
    fn flush(&self, word: &mut String, numbers: &mut Vec<u32>) {
        if word.is_empty() {
            return;
        }
        let before = numbers.len();
        let mut rest = word.as_str();
        let mut pieces = &self.starts;
        if WORD_CHARS_MAX < word.chars().count() {
            rest = "";
            numbers.push(self.special.unknown);
        }
        while !rest.is_empty() {
            let Some((number, length)) = longest(pieces, rest) else {
                numbers.truncate(before);
                numbers.push(self.special.unknown);
                break;
            };
            numbers.push(number);
            rest = &rest[length..];
            pieces = &self.continuations;
        }
        word.clear();
    }
}

/// The longest piece at the start of a word, and its bytes.
fn longest(pieces: &BTreeMap<Box<str>, u32>, word: &str) -> Option<(u32, usize)> {
    let ends = word.char_indices().map(|(at, c)| at + c.len_utf8()).rev();
    ends.into_iter().find_map(|end| pieces.get(&word[..end]).map(|number| (*number, end)))
}

/// Leaves control characters out, and makes every space a plain one.
fn clean(c: char) -> Option<char> {
    match c {
        '\t' | '\n' | '\r' => Some(' '),
        '\0' | '\u{fffd}' => None,
        _ if c.is_whitespace() => Some(' '),
        _ => Some(c).filter(|c| !is_control(*c)),
    }
}

/// Puts spaces around a Chinese character.
fn set_apart(c: char) -> [Option<char>; 3] {
    let space = is_chinese(c).then_some(' ');
    [space, Some(c), space]
}

/// The blocks that BERT counts as Chinese; Hangul and Kana are written with spaces or parted otherwise.
fn is_chinese(c: char) -> bool {
    matches!(u32::from(c),
        0x4e00..=0x9fff | 0x3400..=0x4dbf | 0x20000..=0x2a6df | 0x2a700..=0x2b73f
        | 0x2b740..=0x2b81f | 0x2b820..=0x2ceaf | 0xf900..=0xfaff | 0x2f800..=0x2fa1f)
}

#[cfg(test)]
mod tests;
