//! RSS and Atom: which element says what about which item.
//!
//! The stack of open elements holds structure only. What stands within a field (a headline, a text) is collected as it
//! comes until the field ends, so that HTML that somebody forgot to escape does no harm. A field or an item that is
//! never ended ends where the next one begins, or with its parent.

use std::borrow::Cow;

use super::harvest::{DateRank, Harvest, Line, Prose, Written};
use super::markup::{Markup, Token, attributes};
use super::vocabulary::{Space, Tag};
use super::{Format, ProblemKind};
use crate::url;

/// Name spaces that may be in force at once.
const BINDINGS_MAX: usize = 64;

/// Reads a whole document; `address` is where it was found.
pub(super) fn read(text: &str, address: &str, harvest: &mut Harvest) {
    let mut reader = Reader {
        markup: Markup::new(text, harvest.limits.entities),
        harvest,
        open: Vec::new(),
        bindings: Vec::new(),
        starts: vec![(0, Cow::Borrowed(address))],
        item: None,
        field: None,
        content: String::new(),
        too_deep: 0,
    };
    loop {
        if reader.field.is_none() {
            reader.markup.skip_text();
        }
        let Some(token) = reader.markup.next() else { break };
        match token {
            Token::Text(raw) => reader.text(raw),
            Token::Raw(raw) => reader.raw(raw),
            Token::Open { name, attributes, empty } => reader.begin(name, attributes, empty),
            Token::Close { name } => reader.end(name),
        }
        if reader.harvest.is_full() {
            return;
        }
    }
    reader.finish();
}

/// An element whose end has not come.
#[derive(Debug)]
struct Open<'a> {
    name: &'a str,
    tag: Tag,
    /// How many name spaces were in force before it.
    bindings: usize,
}

/// What is being collected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    FeedTitle,
    Line(Line),
    Prose(Prose),
    Id { permalink: bool },
    Link,
    Date(DateRank),
}

/// A field whose end has not come; its element is the last of those that are open.
#[derive(Clone, Copy, Debug)]
struct Field {
    kind: Kind,
    written: Written,
    /// Says whether tags within it are its content, as in XHTML, so that its text keeps its references.
    inline: bool,
    /// Says whether what comes does not belong to it.
    closed: bool,
    too_long: bool,
    at: usize,
}

struct Reader<'a, 'h> {
    markup: Markup<'a>,
    harvest: &'h mut Harvest,
    open: Vec<Open<'a>>,
    bindings: Vec<(&'a str, Space)>,
    /// What relative links start from, each with the number of elements that were open outside of it.
    starts: Vec<(usize, Cow<'a, str>)>,
    /// The number of elements outside of the item.
    item: Option<usize>,
    field: Option<Field>,
    content: String,
    too_deep: usize,
}

impl<'a> Reader<'a, '_> {
    fn text(&mut self, raw: &'a str) {
        let Some(field) = self.field else { return };
        let raw = clip(raw, self.room_for(raw.len()));
        if field.inline {
            self.content.push_str(raw);
        } else {
            let bytes_max = self.harvest.limits.element_bytes;
            self.markup.resolve(raw, bytes_max, &mut self.content);
        }
    }

    fn raw(&mut self, raw: &'a str) {
        let Some(field) = self.field else { return };
        let raw = clip(raw, self.room_for(raw.len()));
        if field.inline {
            self.content.push_str(&raw.replace('&', "&amp;").replace('<', "&lt;"));
        } else {
            self.content.push_str(raw);
        }
    }

    fn tag(&mut self, pieces: [&str; 3]) {
        let length = pieces.iter().map(|piece| piece.len()).sum();
        if self.room_for(length) == length {
            self.content.extend(pieces);
        }
    }

    /// How many of so many bytes the field may still take; the first time it is not all, a problem says so.
    fn room_for(&mut self, length: usize) -> usize {
        let Some(field) = self.field.as_mut().filter(|field| !field.closed) else { return 0 };
        let room = self.harvest.limits.element_bytes.saturating_sub(self.content.len());
        if room < length && !field.too_long {
            field.too_long = true;
            self.harvest.note(field.at, ProblemKind::TextTooLong);
        }
        room.min(length)
    }

    fn begin(&mut self, name: &'a str, attributes: &'a str, empty: bool) {
        let attributes = clip(attributes, self.harvest.limits.attribute_bytes);
        let bindings = self.bindings.len();
        if self.field.is_none() && !attributes.is_empty() {
            self.bind(attributes);
        }
        let tag = self.tag_of(name);
        if self.field.is_some_and(|field| field.ends_at(tag)) {
            self.note(ProblemKind::Misnested);
            let parent = self.open.len() - 1;
            self.close_to(parent);
        }
        if let Some(field) = &mut self.field {
            let author = field.kind == Kind::Line(Line::Author);
            if author && tag == Tag::Name {
                self.content.clear();
            }
            field.closed = author && (field.closed && tag != Tag::Name || tag == Tag::Contact);
            if !author {
                self.tag(["<", name, ">"]);
                self.mark_up();
            }
            return;
        }
        if self.harvest.limits.depth <= self.open.len() {
            self.bindings.truncate(bindings);
            if self.too_deep == 0 {
                self.note(ProblemKind::TooDeep);
            }
            self.too_deep += usize::from(!empty);
            return;
        }
        if tag == Tag::Item
            && let Some(outside) = self.item
        {
            self.note(ProblemKind::Misnested);
            self.close_to(outside);
        }
        self.open.push(Open { name, tag, bindings });
        if !attributes.is_empty() {
            self.start_from(attributes);
        }
        self.enter(tag, attributes);
        if empty || self.take_leaf(name) {
            let parent = self.open.len() - 1;
            self.close_to(parent);
        }
    }

    /// Takes back that a text is plain: it holds tags that nobody escaped.
    fn mark_up(&mut self) {
        if let Some(field) = &mut self.field
            && field.written == Written::Plain
            && matches!(field.kind, Kind::FeedTitle | Kind::Line(_) | Kind::Prose(_))
        {
            field.written = Written::Html;
        }
    }

    /// Takes a whole field at once when it holds nothing but text.
    fn take_leaf(&mut self, name: &str) -> bool {
        let leaf = if self.field.is_some() { self.markup.leaf(name) } else { None };
        match leaf {
            Some(Token::Text(raw)) if memchr::memchr(b'&', raw.as_bytes()).is_none() => {
                self.finish_field_with(raw);
            }
            Some(Token::Text(raw)) => self.text(raw),
            Some(Token::Raw(raw)) if self.field.is_some_and(|field| !field.inline) => {
                self.finish_field_with(raw);
            }
            Some(Token::Raw(raw)) => self.raw(raw),
            Some(Token::Open { .. } | Token::Close { .. }) | None => return false,
        }
        true
    }

    /// Ends a field whose whole content is this text.
    fn finish_field_with(&mut self, content: &str) {
        let content = clip(content, self.room_for(content.len()));
        if let Some(field) = self.field.take_if(|field| !field.closed) {
            self.keep(&field, content);
        }
    }

    fn enter(&mut self, tag: Tag, attributes: &'a str) {
        match tag {
            Tag::Rss | Tag::Rdf | Tag::AtomFeed | Tag::Channel => self.root(tag, attributes),
            Tag::Item => {
                self.harvest.set_format(Format::Rss20);
                self.item = Some(self.open.len() - 1);
                let at = self.markup.at();
                self.harvest.begin_item(at);
                if let Some(about) = self.attribute(attributes, "rdf:about") {
                    self.harvest.set_id(at, &about);
                }
            }
            _ if self.is_shielded() => {}
            Tag::Title if self.item.is_none() => self.collect(Kind::FeedTitle, tag, attributes),
            _ if self.item.is_none() => {}
            Tag::Link => self.link(attributes),
            Tag::Id => {
                let said = self.attribute(attributes, "isPermaLink");
                let permalink = said.is_none_or(|said| said.trim().eq_ignore_ascii_case("true"));
                self.collect(Kind::Id { permalink }, tag, attributes);
            }
            Tag::Title => self.collect(Kind::Line(Line::Title), tag, attributes),
            Tag::Author => self.collect(Kind::Line(Line::Author), tag, attributes),
            Tag::Category => self.category(attributes),
            Tag::Description | Tag::Summary => {
                self.collect(Kind::Prose(Prose::Summary), tag, attributes);
            }
            Tag::Content | Tag::Encoded => self.collect(Kind::Prose(Prose::Body), tag, attributes),
            Tag::Date(rank) => self.collect(Kind::Date(rank), tag, attributes),
            Tag::Name | Tag::Contact | Tag::Shield | Tag::Other => {}
        }
    }

    fn root(&mut self, tag: Tag, attributes: &'a str) {
        let version = self.attribute(attributes, "version").unwrap_or_default();
        let declares = |uri: &str| attributes.to_ascii_lowercase().contains(uri);
        let old = version.trim().starts_with("0.9") || declares("my.netscape.com/rdf/simple/0.9");
        self.harvest.set_format(if tag == Tag::AtomFeed {
            let old = version.starts_with("0.") || declares("purl.org/atom/ns#");
            if old { Format::Atom03 } else { Format::Atom10 }
        } else if old {
            Format::Rss09
        } else if tag == Tag::Rdf || version.trim().starts_with("1.") {
            Format::Rss10
        } else {
            Format::Rss20
        });
    }

    /// Starts to collect; what an Atom feed says about how a text is written is believed.
    fn collect(&mut self, kind: Kind, tag: Tag, attributes: &'a str) {
        let atom = matches!(self.harvest.format(), Format::Atom03 | Format::Atom10);
        let prose = matches!(kind, Kind::Prose(_));
        let written = match (tag, atom) {
            (Tag::Title, false) => Written::Maybe,
            (Tag::Summary | Tag::Content, true) => Written::Plain,
            _ if prose => Written::Html,
            _ => Written::Plain,
        };
        let mut field = Field {
            kind,
            written,
            inline: false,
            closed: false,
            too_long: false,
            at: self.markup.at(),
        };
        let said = if tag == Tag::Id { None } else { self.attribute(attributes, "type") };
        match said.as_deref().map(str::trim) {
            Some("html" | "text/html" | "HTML") => field.written = Written::Html,
            Some("xhtml" | "application/xhtml+xml") => {
                field.written = Written::Html;
                field.inline = true;
            }
            Some(said) if atom && said.contains('/') && !said.starts_with("text/") => {
                field.closed = true;
            }
            _ => {}
        }
        self.content.clear();
        self.field = Some(field);
    }

    /// A link of Atom is an attribute, one of RSS is a text.
    fn link(&mut self, attributes: &'a str) {
        let href = self.attribute(attributes, "href").or_else(|| self.attribute(attributes, "url"));
        let Some(href) = href else { return self.collect(Kind::Link, Tag::Link, attributes) };
        let rel = self.attribute(attributes, "rel");
        let medium = self.attribute(attributes, "type");
        let alternate = rel.is_none_or(|rel| rel == "alternate");
        let readable = medium.is_none_or(|medium| {
            matches!(medium.trim(), "text/html" | "application/xhtml+xml" | "html" | "xhtml")
        });
        if alternate && readable {
            let start = self.starts.last().map_or("", |(_, start)| start);
            self.harvest.set_link(self.markup.at(), start, &href);
        }
    }

    fn category(&mut self, attributes: &'a str) {
        if let Some(term) = self.attribute(attributes, "term") {
            self.harvest.set_line(self.markup.at(), Line::Category, &term, Written::Plain);
        }
        self.collect(Kind::Line(Line::Category), Tag::Category, attributes);
    }

    fn end(&mut self, name: &'a str) {
        let same = |it: &Open<'_>| it.name == name || it.name.eq_ignore_ascii_case(name);
        let Some(place) = self.open.iter().rposition(same) else {
            if let Some(field) = &mut self.field {
                let author = field.kind == Kind::Line(Line::Author);
                field.closed |= author && name.ends_with("name");
                if !author {
                    self.tag(["</", name, ">"]);
                }
            } else if 0 < self.too_deep {
                self.too_deep -= 1;
            } else {
                self.note(ProblemKind::Misnested);
            }
            return;
        };
        if 0 < self.too_deep && self.open[place].tag == Tag::Other {
            self.too_deep -= 1;
            return;
        }
        self.too_deep = 0;
        if place + 1 < self.open.len() {
            self.note(ProblemKind::Misnested);
        }
        self.close_to(place);
    }

    /// Ends all elements but the first `count`.
    fn close_to(&mut self, count: usize) {
        self.finish_field();
        if let Some(last) = self.open.get(count) {
            self.bindings.truncate(last.bindings);
        }
        self.open.truncate(count);
        while self.starts.last().is_some_and(|(outside, _)| count < *outside) {
            self.starts.pop();
        }
        if self.item.is_some_and(|outside| count <= outside) {
            self.item = None;
            self.harvest.end_item(self.markup.at());
        }
    }

    fn finish_field(&mut self) {
        let Some(field) = self.field.take() else { return };
        let content = std::mem::take(&mut self.content);
        self.keep(&field, &content);
        self.content = content;
    }

    fn keep(&mut self, field: &Field, content: &str) {
        let Field { kind, written, at, .. } = *field;
        let start = self.starts.last().map_or("", |(_, start)| start);
        match kind {
            Kind::FeedTitle => self.harvest.set_feed_title(at, content, written),
            Kind::Line(line) => self.harvest.set_line(at, line, content, written),
            Kind::Prose(prose) => self.harvest.set_prose(at, prose, content, written),
            Kind::Id { permalink } => {
                self.harvest.set_id(at, content);
                if permalink && url::is_web(content.trim_ascii()) {
                    self.harvest.set_permalink(at, start, content);
                }
            }
            Kind::Link => self.harvest.set_link(at, start, content),
            Kind::Date(rank) => self.harvest.set_date(at, rank, content),
        }
    }

    fn finish(&mut self) {
        if self.open.is_empty() {
            return;
        }
        let at = self.markup.at();
        if self.harvest.in_item() {
            self.harvest.leave_item(at, ProblemKind::Truncated);
        } else {
            self.harvest.note(at, ProblemKind::Truncated);
        }
    }

    /// Says whether something between the item, or the feed, and here has fields of its own.
    fn is_shielded(&self) -> bool {
        let outside = self.item.unwrap_or(0);
        let above = self.open[outside..].split_last().map_or(&[][..], |(_, above)| above);
        above.iter().any(|it| it.tag == Tag::Shield)
    }

    fn tag_of(&self, name: &str) -> Tag {
        let colon = name.bytes().position(|byte| byte == b':');
        let (prefix, local) = colon.map_or(("", name), |at| (&name[..at], &name[at + 1..]));
        let bound = self.bindings.iter().rev().find(|(it, _)| *it == prefix);
        let space = bound.map_or_else(|| Space::of_prefix(prefix), |(_, space)| *space);
        Tag::of(space, local)
    }

    fn bind(&mut self, text: &'a str) {
        if memchr::memmem::find(text.as_bytes(), b"xmlns").is_none() {
            return;
        }
        for (name, uri) in attributes(text) {
            let Some(prefix) = name.strip_prefix("xmlns") else { continue };
            let prefix = prefix.strip_prefix(':').unwrap_or(prefix);
            if self.bindings.len() < BINDINGS_MAX {
                self.bindings.push((prefix, Space::of_uri(uri)));
            }
        }
    }

    fn start_from(&mut self, attributes: &'a str) {
        if memchr::memmem::find(attributes.as_bytes(), b"xml:base").is_none() {
            return;
        }
        let Some(said) = self.attribute(attributes, "xml:base") else { return };
        let start = self.starts.last().map_or("", |(_, start)| start);
        let joined = url::join(start, said.trim());
        if let Some(start) = joined.filter(|it| it.len() <= self.harvest.limits.line_bytes) {
            let start = start.into_owned();
            self.starts.push((self.open.len(), Cow::Owned(start)));
        }
    }

    fn attribute(&self, text: &'a str, name: &str) -> Option<Cow<'a, str>> {
        if text.is_empty() {
            return None;
        }
        let (_, raw) = attributes(text).find(|(it, _)| it.eq_ignore_ascii_case(name))?;
        Some(self.markup.resolved(raw))
    }

    fn note(&mut self, kind: ProblemKind) {
        self.harvest.note(self.markup.at(), kind);
    }
}

impl Field {
    /// Says whether the start of `tag` shows that the field's end was forgotten.
    const fn ends_at(&self, tag: Tag) -> bool {
        match self.kind {
            _ if self.inline => false,
            Kind::Prose(_) => tag.ends_prose(),
            Kind::Line(_) | Kind::FeedTitle | Kind::Id { .. } | Kind::Link | Kind::Date(_) => {
                tag.ends_line()
            }
        }
    }
}

/// The start of `text`, at most `limit` bytes.
fn clip(text: &str, limit: usize) -> &str {
    if text.len() <= limit {
        return text;
    }
    &text[..text.floor_char_boundary(limit)]
}
