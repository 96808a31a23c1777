//! From bytes to text: no byte sequence is refused.
//!
//! A byte order mark outranks the server's word, which outranks the document's own. Text that claims to be UTF-8 and is
//! not, is nearly always Windows-1252 in places; so what is valid UTF-8 stays, and each other byte is read in that.

use std::borrow::Cow;

use encoding_rs::{CoderResult, Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// How far into a document its own word about its encoding is looked for.
const PROLOG_BYTES: usize = 256;

/// A document as text.
#[derive(Debug)]
pub(super) struct Decoded<'a> {
    pub(super) text: Cow<'a, str>,
    /// Says whether the end was left out.
    pub(super) cut: bool,
    /// Says whether bytes were not what they claim to be.
    pub(super) mended: bool,
}

/// Decodes at most `limit` bytes into at most `limit` bytes of text.
pub(super) fn decode<'a>(bytes: &'a [u8], content_type: Option<&str>, limit: usize) -> Decoded<'a> {
    let cut = limit < bytes.len();
    let (encoding, mark) = encoding_of(bytes, content_type);
    let bytes = &bytes[mark..bytes.len().min(limit).max(mark)];
    let decoded =
        if encoding == UTF_8 { utf8(bytes, limit) } else { foreign(encoding, bytes, limit) };
    Decoded { cut: cut || decoded.cut, ..decoded }
}

/// The encoding, and the length of its byte order mark.
fn encoding_of(bytes: &[u8], content_type: Option<&str>) -> (&'static Encoding, usize) {
    if let Some((encoding, length)) = Encoding::for_bom(bytes) {
        return (encoding, length);
    }
    match bytes {
        [b'<', 0, ..] => return (UTF_16LE, 0),
        [0, b'<', ..] => return (UTF_16BE, 0),
        _ => {}
    }
    let told = content_type.and_then(charset).and_then(for_label);
    let encoding = told.or_else(|| prolog(bytes).and_then(for_label)).unwrap_or(UTF_8);
    // A document whose first bytes were read as ASCII is not in an encoding of two bytes.
    let wide = encoding == UTF_16LE || encoding == UTF_16BE;
    (if wide { UTF_8 } else { encoding }, 0)
}

/// ASCII is read as UTF-8, of which it is a part; the standard behind `encoding_rs` would read Windows-1252.
fn for_label(label: &str) -> Option<&'static Encoding> {
    if label.to_ascii_lowercase().contains("ascii") {
        return Some(UTF_8);
    }
    Encoding::for_label(label.as_bytes())
}

fn charset(content_type: &str) -> Option<&str> {
    let mut parameters = content_type.split(';').skip(1).filter_map(|it| it.split_once('='));
    let (_, value) = parameters.find(|(name, _)| name.trim().eq_ignore_ascii_case("charset"))?;
    Some(value.trim().trim_matches(['"', '\'']))
}

/// The value behind `encoding=` in the XML declaration.
fn prolog(bytes: &[u8]) -> Option<&str> {
    let head = &bytes[..bytes.len().min(PROLOG_BYTES)];
    let start = memchr::memmem::find(head, b"<?xml")?;
    let end = start + memchr::memchr(b'>', &head[start..])?;
    let declaration = str::from_utf8(&head[start..end]).ok()?;
    let (_, value) = declaration.split_once("encoding")?;
    let value = value.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    value[1..].split(quote).next()
}

fn utf8(bytes: &[u8], limit: usize) -> Decoded<'_> {
    let error = match str::from_utf8(bytes) {
        Ok(text) => return Decoded { text: Cow::Borrowed(text), cut: false, mended: false },
        Err(error) => error,
    };
    let mut text = String::with_capacity(bytes.len().min(limit) + 16);
    let (valid, rest) = bytes.split_at(error.valid_up_to());
    text.push_str(str::from_utf8(valid).expect("the error says so"));
    for chunk in rest.utf8_chunks() {
        if limit <= text.len() + chunk.valid().len() + 3 * chunk.invalid().len() {
            return Decoded { text: Cow::Owned(text), cut: true, mended: true };
        }
        text.push_str(chunk.valid());
        let (mended, _) = WINDOWS_1252.decode_without_bom_handling(chunk.invalid());
        text.push_str(&mended);
    }
    Decoded { text: Cow::Owned(text), cut: false, mended: true }
}

fn foreign<'a>(encoding: &'static Encoding, bytes: &[u8], limit: usize) -> Decoded<'a> {
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let room = decoder.max_utf8_buffer_length(bytes.len()).unwrap_or(limit).min(limit.max(16));
    let mut text = String::with_capacity(room);
    // The decoder writes into the room that the string has and never makes it larger.
    let (result, _, mended) = decoder.decode_to_string(bytes, &mut text, true);
    Decoded { text: Cow::Owned(text), cut: result == CoderResult::OutputFull, mended }
}

#[cfg(test)]
mod tests;
