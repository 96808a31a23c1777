//! Text as a reader meant it to look: one spelling, nothing hidden, a bounded length.
//!
//! A headline may carry letters that look like others, marks that turn the direction of what follows, and characters of
//! no width that part a name for a machine and not for an eye. [`text`] removes what cannot be seen and spells what
//! looks alike alike (NFKC). [`suspicion`] says how much a text looks as if somebody wanted it to be misread.

use std::borrow::Cow;

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfkc_quick};

/// Marks on one letter beyond this number are decoration.
const MARKS_MAX: usize = 4;

/// Cleans a text: NFKC, nothing invisible, single spaces, at most `bytes_max` bytes.
pub fn text(raw: &str, bytes_max: usize) -> String {
    cleaned(raw, bytes_max).into_owned()
}

/// The same; a part of the text itself when nothing has to change.
pub(crate) fn cleaned(raw: &str, bytes_max: usize) -> Cow<'_, str> {
    // NFKC may make a text longer, by eighteen times for one character; what cannot be kept is not looked at.
    let raw = &raw[..raw.floor_char_boundary(bytes_max.saturating_mul(4))];
    let raw = raw.trim_ascii();
    let ascii = raw.is_ascii();
    if ascii && is_tidy(raw.as_bytes()) && memchr::memchr(0x7f, raw.as_bytes()).is_none() {
        return Cow::Borrowed(raw[..raw.len().min(bytes_max)].trim_ascii_end());
    }
    let mut out = String::with_capacity(raw.len().min(bytes_max));
    if ascii {
        keep(raw.chars(), bytes_max, &mut out);
    } else {
        let visible = raw.chars().filter(|c| !is_invisible(*c));
        match is_nfkc_quick(visible.clone()) {
            IsNormalized::Yes => keep(visible, bytes_max, &mut out),
            IsNormalized::No | IsNormalized::Maybe => keep(visible.nfkc(), bytes_max, &mut out),
        }
    }
    Cow::Owned(out)
}

/// Says whether a text has no white space but single spaces.
///
/// It looks at every byte, because a loop without a way out is one that runs over many bytes at once.
pub(crate) fn is_tidy(bytes: &[u8]) -> bool {
    let Some((last, _)) = bytes.split_last() else { return true };
    let pairs = bytes.iter().zip(&bytes[1..]);
    let odd = pairs.fold(0, |odd, (&one, &next)| {
        odd | u8::from(one < b' ') | (u8::from(one == b' ') & u8::from(next == b' '))
    });
    odd == 0 && b' ' <= *last
}

fn keep(chars: impl Iterator<Item = char>, bytes_max: usize, out: &mut String) {
    let mut marks = 0;
    let mut gap = false;
    for c in chars {
        if c.is_whitespace() || c.is_control() {
            gap = !out.is_empty();
            continue;
        }
        marks = if is_mark(c) { marks + 1 } else { 0 };
        if MARKS_MAX < marks || is_invisible(c) {
            continue;
        }
        if bytes_max < out.len() + usize::from(gap) + c.len_utf8() {
            return;
        }
        if gap {
            out.push(' ');
            gap = false;
        }
        out.push(c);
    }
}

/// How much a text looks as if it was made to be misread, from 0 (not at all) to 1.
///
/// It is the share of words that are. A word of several scripts counts fully when one of its letters looks like a Latin
/// one, and half otherwise; one that is made up of letters that look Latin counts half. What is invisible within a word
/// counts fully, and so does a mark that turns the direction of the text.
pub fn suspicion(raw: &str) -> f64 {
    if raw.is_ascii() {
        return 0.0;
    }
    let (mut words, mut halves) = (0_u32, 0_u32);
    for word in raw.split(char::is_whitespace).filter(|word| word.chars().any(char::is_alphabetic))
    {
        words += 1;
        halves += word_halves(word);
    }
    if words == 0 { 0.0 } else { f64::from(halves) / f64::from(2 * words) }
}

fn word_halves(word: &str) -> u32 {
    if word.trim_matches(is_invisible).contains(is_invisible) || word.contains(is_turning) {
        return 2;
    }
    let mut scripts = [false; 6];
    let (mut lookalikes, mut letters) = (0, 0);
    for c in word.chars().filter(|c| c.is_alphabetic()) {
        scripts[Script::of(c) as usize] = true;
        lookalikes += u32::from(looks_latin(c));
        letters += 1;
    }
    // Japanese mixes its own scripts, and everybody mixes them with Latin.
    let mixed =
        1 < scripts.iter().filter(|present| **present).count() && !scripts[Script::East as usize];
    match (mixed, lookalikes) {
        (true, 1..) => 2,
        (true, 0) => 1,
        (false, 2..) if lookalikes == letters => 1,
        (false, _) => 0,
    }
}

#[derive(Clone, Copy)]
enum Script {
    Latin,
    Greek,
    Cyrillic,
    Armenian,
    East,
    Other,
}

impl Script {
    const fn of(c: char) -> Self {
        match c {
            'a'..='z' | 'A'..='Z' | '\u{aa}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}' => Self::Latin,
            '\u{ff21}'..='\u{ff3a}' | '\u{ff41}'..='\u{ff5a}' => Self::Latin,
            '\u{370}'..='\u{3ff}' | '\u{1f00}'..='\u{1fff}' => Self::Greek,
            '\u{400}'..='\u{52f}' => Self::Cyrillic,
            '\u{530}'..='\u{58f}' => Self::Armenian,
            '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' => {
                Self::East
            }
            _ => Self::Other,
        }
    }
}

/// Letters of other scripts that most fonts draw like a Latin one.
const fn looks_latin(c: char) -> bool {
    matches!(
        c,
        'а' | 'с'
            | 'е'
            | 'о'
            | 'р'
            | 'х'
            | 'у'
            | 'і'
            | 'ј'
            | 'ѕ'
            | 'һ'
            | 'ԁ'
            | 'ԛ'
            | 'ԝ'
            | 'ӏ'
            | 'А'
            | 'В'
            | 'С'
            | 'Е'
            | 'Н'
            | 'І'
            | 'Ј'
            | 'К'
            | 'М'
            | 'О'
            | 'Р'
            | 'Ѕ'
            | 'Т'
            | 'Х'
            | 'У'
            | 'ο'
            | 'ν'
            | 'ι'
            | 'κ'
            | 'ρ'
            | 'υ'
            | 'α'
            | 'Α'
            | 'Β'
            | 'Ε'
            | 'Ζ'
            | 'Η'
            | 'Ι'
            | 'Κ'
            | 'Μ'
            | 'Ν'
            | 'Ο'
            | 'Ρ'
            | 'Τ'
            | 'Υ'
            | 'Χ'
            | 'օ'
            | 'ս'
            | 'ց'
            | 'հ'
            | 'ո'
            | 'ѵ'
    )
}

/// Characters without width or ink: joiners, direction marks, tags, soft hyphens, selectors.
const fn is_invisible(c: char) -> bool {
    is_turning(c)
        || matches!(
            c,
            '\u{ad}' | '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
                | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}' | '\u{206a}'..='\u{206f}' | '\u{3164}'
                | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e0fff}'
        )
}

/// Marks that turn the direction of what follows.
const fn is_turning(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn is_mark(c: char) -> bool {
    unicode_normalization::char::is_combining_mark(c)
}

#[cfg(test)]
mod tests;
