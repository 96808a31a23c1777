//! Tags and text, in the order they stand, from markup that may be damaged.
//!
//! A strict reader would stop at the first mistake, and feeds are full of them. This one never stops before the end: a
//! `<` that opens nothing is text, a quote without a partner ends with its tag, a comment or a section without an end
//! is taken as if it had not begun. Names are not checked against each other; that is the caller's.
//!
//! It moves forward only. What a search for an end did not find is remembered, so that no document makes it search the
//! same bytes twice.

use std::borrow::Cow;

use super::entity;

/// The longest text an entity of a document may stand for.
const ENTITY_BYTES_MAX: usize = 256;

/// One piece of markup.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// Text in which references are not resolved.
    Text(&'a str),
    /// Text without references.
    Raw(&'a str),
    /// The start of an element; `empty` when it is also its end.
    Open { name: &'a str, attributes: &'a str, empty: bool },
    /// The end of an element.
    Close { name: &'a str },
}

/// A walk over a document.
#[derive(Debug)]
pub(super) struct Markup<'a> {
    text: &'a str,
    at: usize,
    entities_max: usize,
    entities: Vec<(&'a str, Cow<'a, str>)>,
    no_comment_ends: bool,
    no_section_ends: bool,
}

impl<'a> Markup<'a> {
    /// Starts at the beginning of `text`, which may declare up to `entities_max` entities.
    pub(super) const fn new(text: &'a str, entities_max: usize) -> Self {
        Self {
            text,
            at: 0,
            entities_max,
            entities: Vec::new(),
            no_comment_ends: false,
            no_section_ends: false,
        }
    }

    /// How many bytes were read.
    pub(super) const fn at(&self) -> usize {
        self.at
    }

    /// Appends `raw` with its references resolved, those that the document declares included.
    ///
    /// Once `out` has `bytes_max` bytes no reference is resolved any more: a short name may stand for a long text.
    pub(super) fn resolve(&self, raw: &str, bytes_max: usize, out: &mut String) {
        let mut rest = raw;
        while let Some(at) = memchr::memchr(b'&', rest.as_bytes())
            && out.len() + at < bytes_max
        {
            out.push_str(&rest[..at]);
            rest = &rest[at..];
            let taken = if let Some((c, length)) = entity::at(rest) {
                out.push(c);
                length
            } else if let Some((name, value)) = self.declared(rest) {
                out.push_str(value);
                name.len() + 2
            } else {
                out.push('&');
                1
            };
            rest = &rest[taken..];
        }
        out.push_str(rest);
    }

    /// A value with its references resolved.
    pub(super) fn resolved(&self, raw: &'a str) -> Cow<'a, str> {
        if memchr::memchr(b'&', raw.as_bytes()).is_none() {
            return Cow::Borrowed(raw);
        }
        let mut out = String::with_capacity(raw.len());
        self.resolve(raw, raw.len() + ENTITY_BYTES_MAX, &mut out);
        Cow::Owned(out)
    }

    fn declared(&self, rest: &str) -> Option<(&'a str, &str)> {
        let name = entity::name_at(rest)?;
        let (name, value) = self.entities.iter().find(|(it, _)| *it == name)?;
        Some((name, value))
    }

    /// Passes over text up to the next `<`.
    pub(super) fn skip_text(&mut self) {
        let rest = &self.text.as_bytes()[self.at..];
        // Between elements stands a line break, which needs no search.
        let blank = rest.iter().take(8).take_while(|byte| **byte <= b' ').count();
        let length = match rest.get(blank) {
            Some(b'<') => blank,
            _ => memchr::memchr(b'<', rest).unwrap_or(rest.len()),
        };
        self.at += length;
    }

    /// Takes the text of an element that was just opened, and its end, when nothing else stands in it.
    ///
    /// Most elements are like that, and to take them in one piece is half of the work.
    pub(super) fn leaf(&mut self, name: &str) -> Option<Token<'a>> {
        let rest = &self.text[self.at..];
        let (token, length) = match rest.strip_prefix("<![CDATA[") {
            Some(raw) if !self.no_section_ends => {
                let end = section_end(raw)?;
                (Token::Raw(&raw[..end]), end + 12)
            }
            _ => {
                let end = memchr::memchr(b'<', rest.as_bytes())?;
                (Token::Text(&rest[..end]), end)
            }
        };
        let tail = rest[length..].strip_prefix("</")?.strip_prefix(name)?.strip_prefix('>')?;
        self.at = self.text.len() - tail.len();
        Some(token)
    }

    fn take(&mut self, length: usize) -> &'a str {
        let taken = &self.text[self.at..self.at + length];
        self.at += length;
        taken
    }

    /// Takes what starts with `<`; `None` when it says nothing by itself.
    fn tag(&mut self) -> Option<Token<'a>> {
        let bytes = &self.text.as_bytes()[self.at..];
        match bytes.get(1) {
            Some(b'/') => {
                let Some(end) = tag_end(bytes, 1) else { return Some(Token::Text(self.take(1))) };
                let name = self.take(end + 1)[2..end].trim_ascii();
                Some(Token::Close { name })
            }
            Some(b'!') => self.declaration(),
            Some(b'?') => {
                let end = memchr::memchr(b'>', bytes).map_or(bytes.len(), |at| at + 1);
                self.take(end);
                None
            }
            Some(&byte) if starts_name(byte) => {
                let Some(end) = tag_end(bytes, 1) else { return Some(Token::Text(self.take(1))) };
                Some(opened(&self.take(end + 1)[1..end]))
            }
            _ => Some(Token::Text(self.take(1))),
        }
    }

    fn declaration(&mut self) -> Option<Token<'a>> {
        let rest = &self.text[self.at..];
        if rest.starts_with("<!--") {
            let end = if self.no_comment_ends { None } else { find(rest, "-->") };
            self.no_comment_ends |= end.is_none();
            self.take(end.map_or(4, |at| at + 3));
            return None;
        }
        if let Some(raw) = rest.strip_prefix("<![CDATA[") {
            self.take(9);
            let end = if self.no_section_ends { None } else { section_end(raw) };
            let Some(end) = end else {
                self.no_section_ends = true;
                return None;
            };
            let raw = self.take(end);
            self.take(3);
            return Some(Token::Raw(raw));
        }
        let length = doctype_length(rest);
        let doctype = self.take(length);
        self.declare(doctype);
        None
    }

    /// Reads `<!ENTITY name "value">`. A value that names another entity is left out: none is expanded within another.
    fn declare(&mut self, doctype: &'a str) {
        for part in doctype.split("<!ENTITY").skip(1) {
            if self.entities.len() == self.entities_max {
                return;
            }
            let Some((name, rest)) = part.trim_start().split_once(|c: char| c <= ' ') else {
                continue;
            };
            let rest = rest.trim_start();
            let Some(quote) = rest.chars().next().filter(|c| matches!(c, '"' | '\'')) else {
                continue;
            };
            let Some((value, _)) = rest[1..].split_once(quote) else { continue };
            let value = match entity::at(value) {
                Some((c, length)) if length == value.len() => Cow::Owned(c.to_string()),
                _ => Cow::Borrowed(value),
            };
            if value.len() <= ENTITY_BYTES_MAX && (!value.contains('&') || value == "&") {
                self.entities.push((name, value));
            }
        }
    }
}

impl<'a> Iterator for Markup<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        loop {
            let rest = &self.text.as_bytes()[self.at..];
            if rest.is_empty() {
                return None;
            }
            match memchr::memchr(b'<', rest) {
                Some(0) => {
                    if let Some(token) = self.tag() {
                        return Some(token);
                    }
                }
                Some(length) => return Some(Token::Text(self.take(length))),
                None => return Some(Token::Text(self.take(rest.len()))),
            }
        }
    }
}

/// The attributes of an element, as they stand: names and unresolved values.
pub(super) fn attributes(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let bytes = text.as_bytes();
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            at = skip(bytes, at, |byte| byte <= b' ' || byte == b'/' || byte == b'=');
            let name = at;
            at = skip(bytes, at, |byte| b' ' < byte && byte != b'=');
            let name = text.get(name..at).filter(|name| !name.is_empty())?;
            at = skip(bytes, at, |byte| byte <= b' ');
            if bytes.get(at) != Some(&b'=') {
                continue;
            }
            at = skip(bytes, at + 1, |byte| byte <= b' ');
            let quote = bytes.get(at).copied().filter(|byte| matches!(byte, b'"' | b'\''));
            let start = at + usize::from(quote.is_some());
            let end = match quote {
                Some(quote) => skip(bytes, start, |byte| byte != quote),
                None => skip(bytes, start, |byte| b' ' < byte),
            };
            at = (end + usize::from(quote.is_some())).min(bytes.len());
            return Some((name, &text[start..end]));
        }
    })
}

/// The place of the first byte from `at` on that is not skipped.
fn skip(bytes: &[u8], at: usize, skipped: impl Fn(u8) -> bool) -> usize {
    let length = bytes[at..].iter().position(|byte| !skipped(*byte));
    length.map_or(bytes.len(), |length| at + length)
}

/// The place of the `>` that ends the tag around `from`, unless the next tag starts before it.
///
/// A `>` within a quoted value does not count, except when the quote turns out to have no partner.
pub(super) fn tag_end(bytes: &[u8], from: usize) -> Option<usize> {
    let mut assigned = false;
    let mut at = from;
    loop {
        match bytes.get(at)? {
            b'>' => return Some(at),
            b'<' if bytes.get(at + 1).is_some_and(|byte| starts_tag(*byte)) => return None,
            quote @ (b'"' | b'\'') if assigned => match quote_end(bytes, at + 1, *quote) {
                Ok(end) => at = end,
                Err(stop) => {
                    return memchr::memchr(b'>', &bytes[at..stop]).map(|length| at + length);
                }
            },
            b'=' => {
                assigned = true;
                at += 1;
                continue;
            }
            byte => assigned &= *byte <= b' ',
        }
        at += 1;
    }
}

/// The place of the quote that ends a value, or of what shows that it has none: the next tag, or the end.
fn quote_end(bytes: &[u8], from: usize, quote: u8) -> Result<usize, usize> {
    let mut at = from;
    while let Some(length) = memchr::memchr2(quote, b'<', &bytes[at..]) {
        at += length;
        if bytes[at] == quote {
            return Ok(at);
        }
        if bytes.get(at + 1).is_some_and(|byte| starts_tag(*byte)) {
            return Err(at);
        }
        at += 1;
    }
    Err(bytes.len())
}

fn opened(inner: &str) -> Token<'_> {
    let (inner, empty) = match inner.strip_suffix('/') {
        Some(inner) => (inner, true),
        None => (inner, false),
    };
    let length = inner.bytes().position(|byte| byte <= b' ' || byte == b'/');
    let (name, attributes) = inner.split_at(length.unwrap_or(inner.len()));
    Token::Open { name, attributes, empty }
}

/// The length of a declaration, with the part in brackets when it has one.
fn doctype_length(rest: &str) -> usize {
    let end = find(rest, ">").map_or(rest.len(), |at| at + 1);
    if memchr::memchr(b'[', &rest.as_bytes()[..end]).is_none() {
        return end;
    }
    let Some(close) = find(rest, "]") else { return end };
    find(&rest[close..], ">").map_or(rest.len(), |at| close + at + 1)
}

/// The place of `]]>`. Texts have few brackets, so that looking for one is faster than looking for the three.
fn section_end(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    memchr::memchr_iter(b']', bytes).find(|at| bytes[*at..].starts_with(b"]]>"))
}

fn find(text: &str, what: &str) -> Option<usize> {
    memchr::memmem::find(text.as_bytes(), what.as_bytes())
}

const fn starts_name(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_' || byte == b':' || 0x80 <= byte
}

const fn starts_tag(byte: u8) -> bool {
    starts_name(byte) || matches!(byte, b'/' | b'!' | b'?')
}

#[cfg(test)]
mod tests;
