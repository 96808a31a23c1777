//! A text as words, in one pass over its bytes.
//!
//! A word is known by a hash of its lower-case letters, which is all that the lexicon and the linear model ask for.
//! Links, user names and the names of money do not matter to sentiment: links and users are left out, a cashtag and a
//! number become one word each, whatever they say. Punctuation parts a text into clauses.

use std::ops::Range;

use super::Passage;

/// Words kept of one text; what follows them is not read.
pub(crate) const WORDS_MAX: usize = 512;

/// What a word is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Letters, or letters and digits that start with a letter.
    Word,
    /// Digits, with separators.
    Number,
    /// A dollar sign and letters.
    Cashtag,
    /// A question mark, an exclamation mark or a percent sign.
    Mark,
}

/// One word of a text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Word {
    pub(crate) hash: u64,
    pub(crate) start: u32,
    pub(crate) end: u32,
    /// Number of the clause it stands in.
    pub(crate) clause: u16,
    pub(crate) kind: Kind,
    /// Value of a number, 0 of anything else.
    pub(crate) value: f32,
}

impl Word {
    /// Says whether it stands for a company.
    pub(crate) fn is_company(&self) -> bool {
        matches!(self.hash, COMPANY | OTHER)
    }

    /// The bytes it covers.
    pub(crate) fn span(&self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// Hash of every plain number.
pub(crate) const NUMBER: u64 = hash_of("0");
/// Hash of every number with a plus sign.
pub(crate) const NUMBER_PLUS: u64 = hash_of("+0");
/// Hash of every number with a minus sign.
pub(crate) const NUMBER_MINUS: u64 = hash_of("-0");
/// Hash of every cashtag.
pub(crate) const CASHTAG: u64 = hash_of("$");
/// Hash of the company that is asked about, whatever it is called.
pub(crate) const COMPANY: u64 = hash_of("<company>");
/// Hash of every other company.
pub(crate) const OTHER: u64 = hash_of("<other>");
/// Hash of a question mark.
pub(crate) const QUESTION: u64 = hash_of("?");

const SEED: u64 = 0xcbf2_9ce4_8422_2325;
const PRIME: u64 = 0x0000_0100_0000_01b3;

/// The lower case of a letter or digit, 0 of every other byte.
const LOWER: [u8; 256] = {
    let mut lower = [0; 256];
    let mut byte = 0_u8;
    while byte < 0x80 {
        if byte.is_ascii_alphanumeric() {
            lower[byte as usize] = byte.to_ascii_lowercase();
        }
        byte += 1;
    }
    lower
};

/// Hashes the letters of one lower-case word.
pub(crate) const fn hash_of(word: &str) -> u64 {
    let bytes = word.as_bytes();
    let mut hash = SEED;
    let mut at = 0;
    while at < bytes.len() {
        hash = step(hash, bytes[at]);
        at += 1;
    }
    hash
}

/// Hashes two neighbours as one.
pub(crate) const fn join(first: u64, second: u64) -> u64 {
    (first.rotate_left(23) ^ second).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

const fn step(hash: u64, byte: u8) -> u64 {
    (hash ^ byte as u64).wrapping_mul(PRIME)
}

/// Parts a text into words.
pub(crate) fn words(text: &str) -> Vec<Word> {
    let words = Vec::with_capacity((text.len() / 4 + 4).min(WORDS_MAX));
    let mut reader = Reader { text, bytes: text.as_bytes(), at: 0, clause: 0, words };
    while reader.at < reader.bytes.len() && reader.words.len() < WORDS_MAX {
        reader.advance();
    }
    reader.words
}

/// Parts a passage into words, with one word for each company: a name says nothing about the news.
pub(crate) fn words_about(passage: &Passage<'_>) -> Vec<Word> {
    let mut words = words(passage.text);
    if passage.about.is_none() && passage.others.is_empty() {
        return words;
    }
    for word in &mut words {
        let inside = |span: &Range<usize>| {
            (word.start as usize) < span.end && span.start < word.end as usize
        };
        if passage.about.as_ref().is_some_and(inside) {
            word.hash = COMPANY;
        } else if passage.others.iter().any(inside) {
            word.hash = OTHER;
        }
    }
    words.dedup_by(|word, before| {
        let same = word.is_company() && word.hash == before.hash;
        if same {
            before.end = word.end;
        }
        same
    });
    words
}

struct Reader<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    clause: u16,
    words: Vec<Word>,
}

impl Reader<'_> {
    fn advance(&mut self) {
        let byte = self.bytes[self.at];
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' => self.letters(),
            b'0'..=b'9' => self.number(NUMBER),
            b'+' | b'-' => self.sign(byte),
            b'$' => self.dollar(),
            b'@' => self.skip_to_space(),
            b'?' | b'!' | b'%' => self.mark(byte),
            b',' | b';' | b':' | b'.' | b'|' | b'(' | b')' => self.part(),
            0..=0x7f => self.at += 1,
            _ => self.foreign(),
        }
    }

    fn letters(&mut self) {
        let start = self.at;
        let rest = &self.bytes[start..];
        if rest[0] == b'h' && (rest.starts_with(b"http://") || rest.starts_with(b"https://")) {
            return self.skip_to_space();
        }
        let mut hash = SEED;
        while let Some(&byte) = self.bytes.get(self.at) {
            let lower = LOWER[usize::from(byte)];
            if lower != 0 {
                hash = step(hash, lower);
                self.at += 1;
                continue;
            }
            match byte {
                b'\'' if self.followed_by_possessive(1) => return self.possessive(start, hash, 2),
                b'\'' if self.follows(1, u8::is_ascii_alphabetic) => {}
                0xe2 if self.bytes[self.at..].starts_with("’".as_bytes()) => {
                    if self.followed_by_possessive(3) {
                        return self.possessive(start, hash, 4);
                    }
                    if !self.follows(3, u8::is_ascii_alphabetic) {
                        break;
                    }
                    self.at += 2;
                }
                0..=0x7f => break,
                _ => {
                    let Some(c) = self.text[self.at..].chars().next().filter(|c| c.is_alphabetic())
                    else {
                        break;
                    };
                    hash = step_foreign(hash, c);
                    self.at += c.len_utf8() - 1;
                }
            }
            self.at += 1;
        }
        self.push(start, hash, Kind::Word, 0.0);
    }

    /// Says whether an apostrophe of `width` bytes here is followed by a lone `s`.
    fn followed_by_possessive(&self, width: usize) -> bool {
        self.follows(width, |byte| matches!(byte, b's' | b'S'))
            && !self.follows(width + 1, u8::is_ascii_alphanumeric)
    }

    fn possessive(&mut self, start: usize, hash: u64, width: usize) {
        self.push(start, hash, Kind::Word, 0.0);
        self.at += width;
    }

    fn follows(&self, offset: usize, is: impl Fn(&u8) -> bool) -> bool {
        self.bytes.get(self.at + offset).is_some_and(is)
    }

    fn number(&mut self, hash: u64) {
        let start = self.at;
        let (mut value, mut unit) = (0.0_f32, 0.0_f32);
        while let Some(&byte) = self.bytes.get(self.at) {
            match byte {
                b'0'..=b'9' if unit == 0.0 => value = value * 10.0 + f32::from(byte - b'0'),
                b'0'..=b'9' => {
                    value += f32::from(byte - b'0') * unit;
                    unit /= 10.0;
                }
                b'.' if unit == 0.0 && self.follows(1, u8::is_ascii_digit) => unit = 0.1,
                b',' if self.follows(1, u8::is_ascii_digit) => {}
                _ => break,
            }
            self.at += 1;
        }
        self.push(start, hash, Kind::Number, value);
    }

    fn sign(&mut self, byte: u8) {
        let spaced = self.at == 0 || self.bytes[self.at - 1].is_ascii_whitespace();
        let number = |this: &Self, offset| this.follows(offset, u8::is_ascii_digit);
        let before = number(self, 1) || (self.follows(1, |it| *it == b'$') && number(self, 2));
        if spaced && before {
            self.at += if number(self, 1) { 1 } else { 2 };
            return self.number(if byte == b'+' { NUMBER_PLUS } else { NUMBER_MINUS });
        }
        if spaced && self.follows(1, u8::is_ascii_whitespace) {
            return self.part();
        }
        self.at += 1;
    }

    fn dollar(&mut self) {
        let start = self.at;
        self.at += 1;
        if !self.bytes.get(self.at).is_some_and(u8::is_ascii_alphabetic) {
            return;
        }
        while self.bytes.get(self.at).is_some_and(|it| it.is_ascii_alphanumeric() || *it == b'.') {
            self.at += 1;
        }
        self.push(start, CASHTAG, Kind::Cashtag, 0.0);
    }

    fn mark(&mut self, byte: u8) {
        self.at += 1;
        self.push(self.at - 1, step(SEED, byte), Kind::Mark, 0.0);
        if byte != b'%' {
            self.clause = self.clause.saturating_add(1);
        }
    }

    fn part(&mut self) {
        self.at += 1;
        self.clause = self.clause.saturating_add(1);
    }

    fn foreign(&mut self) {
        let c = self.text[self.at..].chars().next().expect("inside the text, at a boundary");
        if c.is_alphabetic() {
            return self.letters();
        }
        if matches!(c, '–' | '—' | '…') {
            self.clause = self.clause.saturating_add(1);
        }
        self.at += c.len_utf8();
    }

    fn skip_to_space(&mut self) {
        let rest = &self.bytes[self.at..];
        self.at += rest.iter().position(u8::is_ascii_whitespace).unwrap_or(rest.len());
    }

    fn push(&mut self, start: usize, hash: u64, kind: Kind, value: f32) {
        let narrow = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        let (start, end) = (narrow(start), narrow(self.at));
        self.words.push(Word { hash, start, end, clause: self.clause, kind, value });
    }
}

fn step_foreign(hash: u64, c: char) -> u64 {
    c.to_lowercase().fold(hash, |hash, c| {
        let mut buffer = [0; 4];
        c.encode_utf8(&mut buffer).bytes().fold(hash, step)
    })
}

#[cfg(test)]
mod tests;
