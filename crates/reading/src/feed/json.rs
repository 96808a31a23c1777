//! JSON Feed 1 and 1.1.
//!
//! Values are slices of the document that are looked into when somebody asks; nothing is built. So an item whose inside
//! is damaged costs only itself, a document that ends in the middle gives the items before, and a document of a million
//! brackets is a long text and no more.

use std::borrow::Cow;

use super::harvest::{DateRank, Harvest, Line, Prose, Written};
use super::{Format, ProblemKind};

/// One value as it stands; `whole` when its end was found.
#[derive(Clone, Copy, Debug)]
struct Value<'a> {
    raw: &'a str,
    at: usize,
    whole: bool,
}

/// Reads a document that begins `at` bytes into what was sent; `address` is where it was found.
pub(super) fn read(text: &str, at: usize, address: &str, harvest: &mut Harvest) {
    let document = Value::first(text, at);
    if !document.whole {
        harvest.note(at + text.len(), ProblemKind::Truncated);
    }
    for (name, value) in document.members() {
        match &*name {
            "version" if value.string().is_some_and(|it| it.contains("jsonfeed.org/version/1")) => {
                harvest.set_format(Format::JsonFeed);
            }
            "title" => {
                if let Some(title) = value.string() {
                    harvest.set_feed_title(value.at, &title, Written::Plain);
                }
            }
            "items" => {
                harvest.set_format(Format::JsonFeed);
                read_items(&value, address, harvest);
            }
            _ => {}
        }
    }
}

fn read_items(items: &Value<'_>, address: &str, harvest: &mut Harvest) {
    for item in items.elements() {
        harvest.begin_item(item.at);
        if harvest.is_full() {
            return;
        }
        if !item.whole {
            return harvest.leave_item(item.at, ProblemKind::Truncated);
        }
        if !item.raw.starts_with('{') {
            harvest.leave_item(item.at, ProblemKind::Malformed);
            continue;
        }
        read_item(&item, address, harvest);
        harvest.end_item(item.at);
        if harvest.is_full() {
            return;
        }
    }
}

fn read_item(item: &Value<'_>, address: &str, harvest: &mut Harvest) {
    let mut elsewhere = None;
    let mut linked = false;
    for (name, value) in item.members() {
        let at = value.at;
        // `null` is the same as nothing.
        if value.raw == "null" {
            continue;
        }
        match (&*name, value.string()) {
            ("id", Some(id)) => harvest.set_id(at, &id),
            ("id", None) => harvest.set_id(at, value.raw),
            ("url", Some(link)) => {
                linked = true;
                harvest.set_link(at, address, &link);
            }
            ("external_url", Some(link)) => elsewhere = Some((at, link)),
            ("title", Some(title)) => harvest.set_line(at, Line::Title, &title, Written::Plain),
            ("content_html", Some(html)) => {
                harvest.set_prose(at, Prose::Body, &html, Written::Html);
            }
            ("content_text", Some(text)) => {
                harvest.set_prose(at, Prose::Body, &text, Written::Plain);
            }
            ("summary", Some(text)) => {
                harvest.set_prose(at, Prose::Summary, &text, Written::Plain);
            }
            ("date_published", Some(date)) => harvest.set_date(at, DateRank::Published, &date),
            ("date_modified", Some(date)) => harvest.set_date(at, DateRank::Modified, &date),
            ("author", None) => read_author(&value, harvest),
            ("authors", None) => value.elements().take(1).for_each(|it| read_author(&it, harvest)),
            ("tags", None) => read_tags(&value, harvest),
            ("url" | "title" | "content_html" | "content_text" | "summary", None) => {
                harvest.note(at, ProblemKind::Malformed);
            }
            ("date_published" | "date_modified", None) => {
                harvest.note(at, ProblemKind::UnreadableDate);
            }
            _ => {}
        }
    }
    if let (false, Some((at, link))) = (linked, elsewhere) {
        harvest.set_link(at, address, &link);
    }
}

fn read_author(author: &Value<'_>, harvest: &mut Harvest) {
    for (name, value) in author.members().filter(|(name, _)| name == "name") {
        debug_assert_eq!(name, "name", "the filter lets nothing else through");
        if let Some(text) = value.string() {
            harvest.set_line(value.at, Line::Author, &text, Written::Plain);
        }
    }
}

fn read_tags(tags: &Value<'_>, harvest: &mut Harvest) {
    for tag in tags.elements() {
        if let Some(text) = tag.string() {
            harvest.set_line(tag.at, Line::Category, &text, Written::Plain);
        }
    }
}

impl<'a> Value<'a> {
    /// The value that `text` starts with.
    fn first(text: &'a str, at: usize) -> Self {
        let bytes = text.as_bytes();
        let end = match bytes.first() {
            Some(b'"') => string_end(bytes, 0),
            Some(b'{' | b'[') => container_end(bytes),
            _ => Some(bytes.iter().position(|b| ends_scalar(*b)).unwrap_or(bytes.len())),
        };
        Self { raw: &text[..end.unwrap_or(text.len())], at, whole: end.is_some() }
    }

    /// The members of an object; none when it is something else.
    fn members(self) -> impl Iterator<Item = (Cow<'a, str>, Self)> {
        let mut walk = self.inside('{');
        std::iter::from_fn(move || {
            loop {
                let name = walk.next_value()?;
                if !walk.skip_colon() {
                    continue;
                }
                let value = walk.next_value()?;
                if let Some(name) = name.string() {
                    return Some((name, value));
                }
            }
        })
    }

    /// The elements of an array; none when it is something else.
    fn elements(self) -> impl Iterator<Item = Self> {
        let mut walk = self.inside('[');
        std::iter::from_fn(move || walk.next_value())
    }

    /// A string with its escapes resolved.
    fn string(&self) -> Option<Cow<'a, str>> {
        let inner = self.raw.strip_prefix('"')?;
        let inner = if self.whole { inner.strip_suffix('"')? } else { return None };
        if memchr::memchr(b'\\', inner.as_bytes()).is_none() {
            return Some(Cow::Borrowed(inner));
        }
        Some(Cow::Owned(unescaped(inner)))
    }

    fn inside(&self, opening: char) -> Walk<'a> {
        Walk { rest: self.raw.strip_prefix(opening).unwrap_or_default(), at: self.at + 1 }
    }
}

/// A walk over what stands between two brackets.
#[derive(Clone, Copy, Debug)]
struct Walk<'a> {
    rest: &'a str,
    at: usize,
}

impl<'a> Walk<'a> {
    fn next_value(&mut self) -> Option<Value<'a>> {
        self.skip(|byte| byte <= b' ' || byte == b',' || byte == b':');
        if self.rest.is_empty() || self.rest.starts_with([']', '}']) {
            return None;
        }
        let value = Value::first(self.rest, self.at);
        self.advance(value.raw.len());
        Some(value)
    }

    fn skip_colon(&mut self) -> bool {
        self.skip(|byte| byte <= b' ');
        let found = self.rest.starts_with(':');
        self.advance(usize::from(found));
        found
    }

    fn skip(&mut self, skipped: impl Fn(u8) -> bool) {
        let length = self.rest.bytes().position(|byte| !skipped(byte));
        self.advance(length.unwrap_or(self.rest.len()));
    }

    fn advance(&mut self, length: usize) {
        self.rest = &self.rest[length..];
        self.at += length;
    }
}

/// The place behind the quote that ends the string whose first quote is at `start`.
fn string_end(bytes: &[u8], start: usize) -> Option<usize> {
    let mut at = start + 1;
    loop {
        let hit = at + memchr::memchr2(b'"', b'\\', bytes.get(at..)?)?;
        if bytes[hit] == b'"' {
            return Some(hit + 1);
        }
        at = hit + 2;
    }
}

/// The place behind the bracket that closes the first one. It counts brackets and does not care which.
fn container_end(bytes: &[u8]) -> Option<usize> {
    let mut depth = 0_usize;
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => {
                at = string_end(bytes, at)?;
                continue;
            }
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth -= 1,
            _ => {}
        }
        at += 1;
        if depth == 0 {
            return Some(at);
        }
    }
    None
}

const fn ends_scalar(byte: u8) -> bool {
    byte <= b' ' || matches!(byte, b',' | b']' | b'}' | b':' | b'"' | b'{' | b'[')
}

fn unescaped(inner: &str) -> String {
    let mut out = String::with_capacity(inner.len());
    let mut rest = inner;
    while let Some(at) = memchr::memchr(b'\\', rest.as_bytes()) {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let Some(letter) = rest.chars().next() else { break };
        rest = &rest[letter.len_utf8()..];
        match letter {
            'n' => out.push('\n'),
            't' => out.push('\t'),
            'r' => out.push('\r'),
            'b' => out.push('\u{8}'),
            'f' => out.push('\u{c}'),
            'u' => {
                let (c, taken) = code_point(rest);
                out.push(c);
                rest = &rest[taken..];
            }
            other => out.push(other),
        }
    }
    out.push_str(rest);
    out
}

/// The character behind `\u`, from one unit or from a pair, and how many bytes it took.
fn code_point(rest: &str) -> (char, usize) {
    let Some(high) = unit(rest) else { return (char::REPLACEMENT_CHARACTER, 0) };
    if let Some(c) = char::from_u32(high) {
        return (c, 4);
    }
    let low = rest[4..].strip_prefix("\\u").and_then(unit);
    match low.filter(|low| high < 0xdc00 && (0xdc00..0xe000).contains(low)) {
        Some(low) => {
            let c = 0x1_0000 + ((high - 0xd800) << 10) + (low - 0xdc00);
            (char::from_u32(c).unwrap_or(char::REPLACEMENT_CHARACTER), 10)
        }
        None => (char::REPLACEMENT_CHARACTER, 4),
    }
}

fn unit(text: &str) -> Option<u32> {
    let digits = text.get(..4).filter(|it| it.bytes().all(|b| b.is_ascii_hexdigit()))?;
    u32::from_str_radix(digits, 16).ok()
}

#[cfg(test)]
mod tests;
