//! Words of a text, with what stands between them and how they are written.
//!
//! A word is a run of letters and digits, folded to lower-case ASCII where it is Latin. `&` and a
//! possessive `'s` are words of their own. Addresses of pages are skipped: what they spell is no
//! sentence.

use std::iter;

/// What stands between a word and the one before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Gap {
    /// Nothing at all.
    Joined,
    /// A hyphen without spaces.
    Hyphen,
    /// A full stop without spaces, as in `Amazon.com`.
    Dot,
    /// Blanks only, also after the full stop of an abbreviation.
    Space,
    /// A comma.
    Comma,
    /// A colon.
    Colon,
    /// A dash with spaces, or a bar.
    Dash,
    /// An opening bracket.
    Open,
    /// A closing bracket.
    Close,
    /// A quotation mark.
    Quote,
    /// A slash.
    Slash,
    /// The end of a sentence, or the beginning of the text.
    Stop,
}

/// How a word is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// No capital.
    Lower,
    /// A capital, then lower case; also a capital alone.
    Capital,
    /// Capitals only, at least two.
    Upper,
    /// Another mixture, as in `iPhone`.
    Mixed,
    /// It begins with a digit, or is no word.
    Number,
}

/// One word as it stands in the text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece<'a> {
    /// The word.
    pub text: &'a str,
    /// Its first byte.
    pub start: usize,
    /// What stands before it.
    pub gap: Gap,
    /// Whether a `$` stands directly before it.
    pub cash: bool,
}

/// Walks over the words of a text.
#[derive(Debug)]
pub(super) struct Pieces<'a> {
    text: &'a str,
    at: usize,
    last: &'a str,
}

/// Abbreviations whose full stop ends no sentence.
const ABBREVIATIONS: &[&str] = &[
    "inc", "corp", "co", "ltd", "bros", "mr", "ms", "mrs", "dr", "st", "jr", "sr", "vs", "no",
    "cos",
];

/// Walks over the words of a text.
pub(super) fn pieces(text: &str) -> Pieces<'_> {
    Pieces { text, at: 0, last: "" }
}

/// The folded words of a name.
pub(super) fn words(name: &str) -> Vec<String> {
    let mut folded = Folded::default();
    pieces(name)
        .filter_map(|piece| folded.fold(piece.text).map(|bytes| (bytes.to_vec(), piece)))
        .filter_map(|(bytes, _)| String::from_utf8(bytes).ok())
        .collect()
}

impl<'a> Iterator for Pieces<'a> {
    type Item = Piece<'a>;

    fn next(&mut self) -> Option<Piece<'a>> {
        let bytes = self.text.as_bytes();
        let mut from = self.at;
        while let Some(&byte) = bytes.get(self.at) {
            let rest = &self.text[self.at..];
            if byte == b'&' {
                return Some(self.take(from, 1));
            }
            if let Some(length) = possessive(rest, from == self.at && 0 < from) {
                return Some(self.take(from, length));
            }
            let length = word_length(rest);
            if length == 0 {
                self.at += rest.chars().next().map_or(1, char::len_utf8);
            } else if is_address(rest) {
                self.at += rest.find(char::is_whitespace).unwrap_or(rest.len());
                from = self.at;
            } else {
                return Some(self.take(from, length));
            }
        }
        None
    }
}

impl<'a> Pieces<'a> {
    fn take(&mut self, from: usize, length: usize) -> Piece<'a> {
        let start = self.at;
        self.at += length;
        let between = &self.text[from..start];
        let gap = if from == 0 { leading_gap(between) } else { gap(between, self.last) };
        let text = &self.text[start..self.at];
        self.last = text;
        Piece { text, start, gap, cash: between.ends_with('$') }
    }
}

fn word_length(rest: &str) -> usize {
    let ascii = rest.bytes().take_while(u8::is_ascii_alphanumeric).count();
    if rest.as_bytes().get(ascii).is_none_or(u8::is_ascii) {
        return ascii;
    }
    rest.find(|c: char| !c.is_alphanumeric()).unwrap_or(rest.len())
}

fn possessive(rest: &str, follows_a_word: bool) -> Option<usize> {
    if !follows_a_word {
        return None;
    }
    let mark = ['\'', '\u{2019}'].into_iter().find(|&mark| rest.starts_with(mark))?.len_utf8();
    let tail = rest.as_bytes().get(mark..)?;
    let is_s = tail.first().is_some_and(|s| s.eq_ignore_ascii_case(&b's'));
    let ends = tail.get(1).is_none_or(|next| !next.is_ascii_alphanumeric());
    (is_s && ends).then_some(mark + 1)
}

fn is_address(rest: &str) -> bool {
    let starts = |prefix: &str| {
        rest.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix))
    };
    starts("http://") || starts("https://") || starts("www.") || starts("t.co/")
}

fn leading_gap(between: &str) -> Gap {
    if between.contains(['(', '[', '<']) { Gap::Open } else { Gap::Stop }
}

fn gap(between: &str, last: &str) -> Gap {
    match between {
        "" => return Gap::Joined,
        " " => return Gap::Space,
        _ => {}
    }
    let mut blank = false;
    let mut found = None;
    for mark in between.chars() {
        let kind = match mark {
            '.' | ';' | '!' | '?' | '\u{2026}' | '\u{2022}' => Gap::Stop,
            ',' => Gap::Comma,
            ':' => Gap::Colon,
            '-' | '\u{2010}' | '\u{2011}' => Gap::Hyphen,
            '\u{2013}' | '\u{2014}' | '|' | '~' => Gap::Dash,
            '(' | '[' | '<' | '{' => Gap::Open,
            ')' | ']' | '>' | '}' => Gap::Close,
            '"' | '\u{201c}' | '\u{201d}' | '\u{2018}' => Gap::Quote,
            '/' => Gap::Slash,
            blank_mark if blank_mark.is_whitespace() => {
                blank = true;
                continue;
            }
            _ => continue,
        };
        // A bracket says more than the comma or the stop beside it.
        if !matches!(found, Some(Gap::Open | Gap::Stop)) || kind == Gap::Open {
            found = Some(kind);
        }
    }
    let abbreviated =
        last.len() == 1 || ABBREVIATIONS.iter().any(|it| it.eq_ignore_ascii_case(last));
    match (found, blank) {
        (Some(Gap::Hyphen), true) => Gap::Dash,
        (Some(Gap::Stop), false) if between == "." => Gap::Dot,
        (Some(Gap::Stop), true) if abbreviated && between.starts_with('.') => Gap::Space,
        (Some(kind), _) => kind,
        (None, true) => Gap::Space,
        (None, false) => Gap::Joined,
    }
}

/// How a word is written.
pub(super) fn shape(word: &str) -> Shape {
    let (mut upper, mut lower) = (0_usize, 0_usize);
    let mut first_is_upper = false;
    for (index, letter) in word.chars().enumerate() {
        if letter.is_uppercase() {
            upper += 1;
            first_is_upper |= index == 0;
        } else if letter.is_lowercase() {
            lower += 1;
        } else if index == 0 {
            return Shape::Number;
        }
    }
    match (upper, lower) {
        (0, 0) => Shape::Number,
        (0, _) => Shape::Lower,
        (1, _) if first_is_upper => Shape::Capital,
        (_, 0) => Shape::Upper,
        _ => Shape::Mixed,
    }
}

/// A buffer that folds one word after the other.
#[derive(Debug)]
pub(super) struct Folded {
    bytes: [u8; Self::ROOM],
}

impl Default for Folded {
    fn default() -> Self {
        Self { bytes: [0; Self::ROOM] }
    }
}

impl Folded {
    /// Longer words are no names.
    const ROOM: usize = 40;

    /// The word in lower case without Latin diacritics; `None` when it is too long.
    pub(super) fn fold(&mut self, word: &str) -> Option<&[u8]> {
        if word.is_ascii() {
            let room = self.bytes.get_mut(..word.len())?;
            room.copy_from_slice(word.as_bytes());
            room.make_ascii_lowercase();
            return self.bytes.get(..word.len());
        }
        let mut length = 0;
        for letter in word.chars().flat_map(char::to_lowercase) {
            for plain in plain(letter) {
                let end = length + plain.len_utf8();
                plain.encode_utf8(self.bytes.get_mut(length..end)?);
                length = end;
            }
        }
        self.bytes.get(..length)
    }
}

/// The letters that stand for one with a diacritic; a curly apostrophe becomes the straight one.
fn plain(letter: char) -> impl Iterator<Item = char> {
    let (first, second) = match letter {
        'à'..='å' | 'ā' | 'ă' | 'ą' => ('a', None),
        'ç' | 'ć' | 'č' => ('c', None),
        'è'..='ë' | 'ē' | 'ę' | 'ě' => ('e', None),
        'ì'..='ï' | 'ī' => ('i', None),
        'ñ' | 'ń' | 'ň' => ('n', None),
        'ò'..='ö' | 'ø' | 'ō' | 'ő' => ('o', None),
        'ù'..='ü' | 'ū' | 'ů' | 'ű' => ('u', None),
        'ý' | 'ÿ' => ('y', None),
        'ś' | 'š' | 'ş' => ('s', None),
        'ź' | 'ż' | 'ž' => ('z', None),
        'ł' => ('l', None),
        'ğ' => ('g', None),
        'ß' => ('s', Some('s')),
        'æ' => ('a', Some('e')),
        '\u{2019}' => ('\'', None),
        other => (other, None),
    };
    iter::once(first).chain(second)
}

#[cfg(test)]
mod tests;
