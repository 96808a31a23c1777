//! HTML as the words a reader would see.
//!
//! One pass over the tags: those that part a text become a space, those within a line vanish, and what no reader sees
//! (scripts, styles, comments) goes with its content. Each reference is decoded once. Nothing is ever built from it, so
//! it needs no tree and no recursion.

use super::entity;
use super::markup::tag_end;
use crate::clean::is_tidy;
use crate::word::{packed, packed_lower};

/// Which tags are taken as such.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tags {
    /// Everything that looks like one.
    All,
    /// Those whose names HTML knows, so that `x <y and y> z` stays.
    Known,
}

/// Plain text at the end of a string: single spaces, none at either end, a bounded length.
#[derive(Debug)]
pub(super) struct Flow<'a> {
    out: &'a mut String,
    start: usize,
    end_max: usize,
    /// Says whether a space would be one too many.
    spaced: bool,
    cut: bool,
}

/// What a tag does to the words around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Effect {
    Parts,
    Joins,
    Hides,
    Unknown,
}

/// The tags that HTML knows, the frequent ones first.
const TAGS: &[(u128, Effect)] = &[
    (packed(b"p"), Effect::Parts),
    (packed(b"a"), Effect::Joins),
    (packed(b"br"), Effect::Parts),
    (packed(b"b"), Effect::Joins),
    (packed(b"strong"), Effect::Joins),
    (packed(b"li"), Effect::Parts),
    (packed(b"em"), Effect::Joins),
    (packed(b"i"), Effect::Joins),
    (packed(b"span"), Effect::Joins),
    (packed(b"div"), Effect::Parts),
    (packed(b"img"), Effect::Joins),
    (packed(b"h3"), Effect::Parts),
    (packed(b"h2"), Effect::Parts),
    (packed(b"ul"), Effect::Parts),
    (packed(b"u"), Effect::Joins),
    (packed(b"figure"), Effect::Parts),
    (packed(b"script"), Effect::Hides),
    (packed(b"s"), Effect::Joins),
    (packed(b"font"), Effect::Joins),
    (packed(b"small"), Effect::Joins),
    (packed(b"sub"), Effect::Joins),
    (packed(b"sup"), Effect::Joins),
    (packed(b"code"), Effect::Joins),
    (packed(b"big"), Effect::Joins),
    (packed(b"tt"), Effect::Joins),
    (packed(b"abbr"), Effect::Joins),
    (packed(b"acronym"), Effect::Joins),
    (packed(b"cite"), Effect::Joins),
    (packed(b"q"), Effect::Joins),
    (packed(b"del"), Effect::Joins),
    (packed(b"ins"), Effect::Joins),
    (packed(b"strike"), Effect::Joins),
    (packed(b"mark"), Effect::Joins),
    (packed(b"time"), Effect::Joins),
    (packed(b"kbd"), Effect::Joins),
    (packed(b"var"), Effect::Joins),
    (packed(b"samp"), Effect::Joins),
    (packed(b"dfn"), Effect::Joins),
    (packed(b"wbr"), Effect::Joins),
    (packed(b"label"), Effect::Joins),
    (packed(b"input"), Effect::Joins),
    (packed(b"button"), Effect::Joins),
    (packed(b"embed"), Effect::Joins),
    (packed(b"video"), Effect::Joins),
    (packed(b"audio"), Effect::Joins),
    (packed(b"picture"), Effect::Joins),
    (packed(b"param"), Effect::Joins),
    (packed(b"map"), Effect::Joins),
    (packed(b"area"), Effect::Joins),
    (packed(b"ol"), Effect::Parts),
    (packed(b"td"), Effect::Parts),
    (packed(b"tr"), Effect::Parts),
    (packed(b"h1"), Effect::Parts),
    (packed(b"h4"), Effect::Parts),
    (packed(b"h5"), Effect::Parts),
    (packed(b"h6"), Effect::Parts),
    (packed(b"table"), Effect::Parts),
    (packed(b"blockquote"), Effect::Parts),
    (packed(b"hr"), Effect::Parts),
    (packed(b"th"), Effect::Parts),
    (packed(b"tbody"), Effect::Parts),
    (packed(b"thead"), Effect::Parts),
    (packed(b"pre"), Effect::Parts),
    (packed(b"section"), Effect::Parts),
    (packed(b"article"), Effect::Parts),
    (packed(b"aside"), Effect::Parts),
    (packed(b"header"), Effect::Parts),
    (packed(b"footer"), Effect::Parts),
    (packed(b"main"), Effect::Parts),
    (packed(b"nav"), Effect::Parts),
    (packed(b"figcaption"), Effect::Parts),
    (packed(b"dl"), Effect::Parts),
    (packed(b"dt"), Effect::Parts),
    (packed(b"dd"), Effect::Parts),
    (packed(b"form"), Effect::Parts),
    (packed(b"option"), Effect::Parts),
    (packed(b"caption"), Effect::Parts),
    (packed(b"body"), Effect::Parts),
    (packed(b"html"), Effect::Parts),
    (packed(b"center"), Effect::Parts),
    (packed(b"address"), Effect::Parts),
    (packed(b"iframe"), Effect::Parts),
    (packed(b"style"), Effect::Hides),
    (packed(b"head"), Effect::Hides),
    (packed(b"noscript"), Effect::Hides),
    (packed(b"template"), Effect::Hides),
    (packed(b"object"), Effect::Hides),
    (packed(b"svg"), Effect::Hides),
];

impl<'a> Flow<'a> {
    /// Starts a text of at most `limit` bytes behind what `out` holds.
    pub(super) const fn new(out: &'a mut String, limit: usize) -> Self {
        let start = out.len();
        Self { out, start, end_max: start + limit, spaced: true, cut: false }
    }

    /// Appends text; white space and controls within it become single spaces.
    pub(super) fn push(&mut self, text: &str) {
        if is_tidy(text.as_bytes()) {
            self.push_tidy(text);
            return;
        }
        for (index, word) in text.split(|c: char| c <= ' ').enumerate() {
            if 0 < index {
                self.space();
            }
            self.push_tidy(word);
        }
    }

    /// Parts what follows from what stands.
    pub(super) fn space(&mut self) {
        if !self.spaced && self.out.len() < self.end_max {
            self.push_tidy(" ");
        }
    }

    fn push_char(&mut self, c: char) {
        if c <= ' ' {
            self.space();
        } else {
            self.push_tidy(c.encode_utf8(&mut [0; 4]));
        }
    }

    fn push_tidy(&mut self, text: &str) {
        let text = if self.spaced { text.strip_prefix(' ').unwrap_or(text) } else { text };
        let Some(last) = text.as_bytes().last() else { return };
        let room = self.end_max - self.out.len();
        if text.len() <= room {
            self.out.push_str(text);
            self.spaced = *last == b' ';
        } else {
            self.cut = true;
            self.out.push_str(&text[..text.floor_char_boundary(room)]);
            self.end_max = self.out.len();
        }
    }

    /// Ends the text; says whether its end was left out.
    pub(super) fn finish(self) -> bool {
        if self.start < self.out.len() && self.out.ends_with(' ') {
            self.out.pop();
        }
        self.cut
    }
}

/// Appends the words of `html`.
pub(super) fn append_html(html: &str, tags: Tags, flow: &mut Flow<'_>) {
    let mut rest = html;
    while let Some(at) = memchr::memchr2(b'<', b'&', rest.as_bytes()) {
        if flow.cut {
            return;
        }
        if 0 < at {
            flow.push(&rest[..at]);
            rest = &rest[at..];
        }
        let taken =
            if rest.starts_with('&') { reference(rest, flow) } else { tag(rest, tags, flow) };
        rest = &rest[taken..];
    }
    flow.push(rest);
}

/// Takes a reference, or the bare `&`.
fn reference(rest: &str, flow: &mut Flow<'_>) -> usize {
    let (c, length) = entity::at(rest).unwrap_or(('&', 1));
    flow.push_char(c);
    length
}

/// Takes a tag with what it hides, or the bare `<`; returns the length.
fn tag(rest: &str, tags: Tags, flow: &mut Flow<'_>) -> usize {
    let bytes = rest.as_bytes();
    let inner = bytes.get(1).copied().unwrap_or_default();
    match inner {
        b'!' | b'?' if tags == Tags::All => return declaration(rest, flow),
        b'/' if bytes.get(2).is_some_and(u8::is_ascii_alphabetic) => {}
        _ if inner.is_ascii_alphabetic() => {}
        _ => return literal(flow),
    }
    let Some(end) = tag_end(bytes, 1) else { return literal(flow) };
    let opens = inner != b'/';
    let name = &bytes[if opens { 1 } else { 2 }..end];
    let length = name.iter().position(|b| !b.is_ascii_alphanumeric() && *b != b':');
    let name = &name[..length.unwrap_or(name.len())];
    match effect(name) {
        Effect::Unknown if tags == Tags::Known => return literal(flow),
        Effect::Parts => flow.space(),
        Effect::Hides if opens && bytes[end - 1] != b'/' => {
            flow.space();
            return end + 1 + hidden(&rest[end + 1..], name);
        }
        Effect::Hides | Effect::Joins | Effect::Unknown => {}
    }
    end + 1
}

fn literal(flow: &mut Flow<'_>) -> usize {
    flow.push_tidy("<");
    1
}

/// Takes a comment, a section of raw text or a declaration; one without an end hides the rest.
fn declaration(rest: &str, flow: &mut Flow<'_>) -> usize {
    let find = |end: &str| memchr::memmem::find(rest.as_bytes(), end.as_bytes());
    if rest.starts_with("<!--") {
        return find("-->").map_or(rest.len(), |at| at + 3);
    }
    if let Some(raw) = rest.strip_prefix("<![CDATA[") {
        let end = find("]]>").map_or(raw.len(), |at| at - 9);
        flow.push(&raw[..end]);
        return (9 + end + 3).min(rest.len());
    }
    find(">").map_or(rest.len(), |at| at + 1)
}

/// The length of what an element hides up to its end tag, which is left to be read; without one, all the rest.
fn hidden(rest: &str, name: &[u8]) -> usize {
    let bytes = rest.as_bytes();
    let ends = memchr::memmem::find_iter(bytes, b"</").find(|at| {
        let tail = &bytes[at + 2..];
        name.len() <= tail.len() && tail[..name.len()].eq_ignore_ascii_case(name)
    });
    ends.unwrap_or(rest.len())
}

fn effect(name: &[u8]) -> Effect {
    let word = packed_lower(name);
    if let Some((_, effect)) = TAGS.iter().find(|(it, _)| *it == word) {
        return *effect;
    }
    match name.iter().position(|byte| *byte == b':') {
        Some(colon) => effect(&name[colon + 1..]),
        None => Effect::Unknown,
    }
}

#[cfg(test)]
mod tests;
