//! Character references: `&amp;`, `&#8217;`, `&#x2019;`, `&rsquo;`.

mod names;

use encoding_rs::WINDOWS_1252;
use names::NAMES;

use crate::word::{LENGTH_MAX, packed};

/// What a reference stands for, and its length including `&` and `;`; `None` when `text` starts with none.
pub(super) fn at(text: &str) -> Option<(char, usize)> {
    // These three are most of those that come.
    match text.as_bytes() {
        [_, b'a', b'm', b'p', b';', ..] => return Some(('&', 5)),
        [_, b'l', b't', b';', ..] => return Some(('<', 4)),
        [_, b'g', b't', b';', ..] => return Some(('>', 4)),
        _ => {}
    }
    let name = name_at(text)?;
    let length = name.len() + 2;
    let c = match name.strip_prefix('#') {
        Some(digits) => numbered(digits)?,
        None => named(name)?,
    };
    Some((c, length))
}

/// The text between `&` and `;` when it could be the name of a reference; longer ones than the names we know are none.
pub(super) fn name_at(text: &str) -> Option<&str> {
    let bytes = text.as_bytes();
    let window = &bytes[1..bytes.len().min(LENGTH_MAX + 2)];
    let end = window.iter().position(|byte| !byte.is_ascii_alphanumeric() && *byte != b'#')?;
    (0 < end && window[end] == b';').then(|| &text[1..=end])
}

fn named(name: &str) -> Option<char> {
    let word = (name.len() <= LENGTH_MAX).then(|| packed(name.as_bytes()))?;
    let place = NAMES.binary_search_by_key(&word, |(word, _)| *word).ok()?;
    Some(NAMES[place].1)
}

fn numbered(digits: &str) -> Option<char> {
    let number = match digits.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16),
        None => digits.parse(),
    };
    // A number too large for 32 bits is as impossible as one too large for a character.
    let number = match number {
        Ok(number) => number,
        Err(error) if *error.kind() == std::num::IntErrorKind::PosOverflow => u32::MAX,
        Err(_) => return None,
    };
    Some(match number {
        0x80..=0x9f => windows(number),
        0 => char::REPLACEMENT_CHARACTER,
        _ => char::from_u32(number).unwrap_or(char::REPLACEMENT_CHARACTER),
    })
}

/// Numbers that Unicode gives to controls are meant as Windows-1252, as every browser reads them.
fn windows(number: u32) -> char {
    let byte = [u8::try_from(number).expect("below 0xa0")];
    let (text, _) = WINDOWS_1252.decode_without_bom_handling(&byte);
    text.chars().next().unwrap_or(char::REPLACEMENT_CHARACTER)
}

#[cfg(test)]
mod tests;
