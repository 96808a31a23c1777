//! HTML as the words a reader would see.
//!
//! One pass over the tags: those that part a text become a space, those within a line vanish, and what no reader sees
//! (scripts, styles, comments) goes with its content. Each reference is decoded once. Nothing is ever built from it, so
//! it needs no tree and no recursion.

use super::entity;
use super::markup::tag_end;
use super::word::{packed, packed_lower};

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

/// Tags within a line, the frequent ones first.
const JOINING: &[u128] = &[
    packed(b"a"),
    packed(b"b"),
    packed(b"i"),
    packed(b"em"),
    packed(b"strong"),
    packed(b"span"),
    packed(b"img"),
    packed(b"u"),
    packed(b"s"),
    packed(b"font"),
    packed(b"small"),
    packed(b"sub"),
    packed(b"sup"),
    packed(b"code"),
    packed(b"big"),
    packed(b"tt"),
    packed(b"abbr"),
    packed(b"acronym"),
    packed(b"cite"),
    packed(b"q"),
    packed(b"del"),
    packed(b"ins"),
    packed(b"strike"),
    packed(b"mark"),
    packed(b"time"),
    packed(b"kbd"),
    packed(b"var"),
    packed(b"samp"),
    packed(b"dfn"),
    packed(b"wbr"),
    packed(b"label"),
    packed(b"input"),
    packed(b"button"),
    packed(b"embed"),
    packed(b"video"),
    packed(b"audio"),
    packed(b"picture"),
    packed(b"param"),
    packed(b"map"),
    packed(b"area"),
];

/// Tags between lines.
const PARTING: &[u128] = &[
    packed(b"p"),
    packed(b"br"),
    packed(b"div"),
    packed(b"li"),
    packed(b"ul"),
    packed(b"ol"),
    packed(b"td"),
    packed(b"tr"),
    packed(b"h1"),
    packed(b"h2"),
    packed(b"h3"),
    packed(b"h4"),
    packed(b"h5"),
    packed(b"h6"),
    packed(b"table"),
    packed(b"blockquote"),
    packed(b"hr"),
    packed(b"th"),
    packed(b"tbody"),
    packed(b"thead"),
    packed(b"pre"),
    packed(b"section"),
    packed(b"article"),
    packed(b"aside"),
    packed(b"header"),
    packed(b"footer"),
    packed(b"main"),
    packed(b"nav"),
    packed(b"figure"),
    packed(b"figcaption"),
    packed(b"dl"),
    packed(b"dt"),
    packed(b"dd"),
    packed(b"form"),
    packed(b"option"),
    packed(b"caption"),
    packed(b"body"),
    packed(b"html"),
    packed(b"center"),
    packed(b"address"),
    packed(b"iframe"),
];

/// Tags whose content no reader sees.
const HIDING: &[u128] = &[
    packed(b"script"),
    packed(b"style"),
    packed(b"head"),
    packed(b"noscript"),
    packed(b"template"),
    packed(b"object"),
    packed(b"svg"),
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

/// Says whether a text has no white space but single spaces.
///
/// It looks at every byte, because a loop without a way out is one that runs over many bytes at once.
fn is_tidy(bytes: &[u8]) -> bool {
    let Some((last, _)) = bytes.split_last() else { return true };
    let pairs = bytes.iter().zip(&bytes[1..]);
    let odd = pairs.fold(0, |odd, (&one, &next)| {
        odd | u8::from(one < b' ') | (u8::from(one == b' ') & u8::from(next == b' '))
    });
    odd == 0 && b' ' <= *last
}

/// Appends the words of `html`.
pub(super) fn append_html(html: &str, tags: Tags, flow: &mut Flow<'_>) {
    let mut rest = html;
    while let Some(at) = memchr::memchr2(b'<', b'&', rest.as_bytes()) {
        if flow.cut {
            return;
        }
        flow.push(&rest[..at]);
        rest = &rest[at..];
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
    if JOINING.contains(&word) {
        Effect::Joins
    } else if PARTING.contains(&word) {
        Effect::Parts
    } else if HIDING.contains(&word) {
        Effect::Hides
    } else {
        match name.iter().position(|byte| *byte == b':') {
            Some(colon) => effect(&name[colon + 1..]),
            None => Effect::Unknown,
        }
    }
}

#[cfg(test)]
mod tests;
