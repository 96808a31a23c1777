//! Collects what a reader finds: one string for all texts, slices into it for the fields.

use std::ops::Range;

use backsight_domain::time::Time;

use super::html::{Flow, Tags, append_html};
use super::{Feed, Format, Limits, Problem, ProblemKind};
use crate::url;

/// A part of the string that holds all texts of a feed.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Slice {
    start: u32,
    end: u32,
}

/// One item, as slices.
#[derive(Clone, Debug, Default)]
pub(super) struct Record {
    pub(super) id: Slice,
    pub(super) link: Slice,
    pub(super) title: Slice,
    pub(super) author: Slice,
    pub(super) summary: Slice,
    pub(super) body: Slice,
    pub(super) published: Option<Time>,
    pub(super) categories: Range<usize>,
}

/// A field whose text is one line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Line {
    Title,
    Author,
    Category,
}

/// A field whose text may be long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Prose {
    Summary,
    Body,
}

/// How a text is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Written {
    /// As it is meant.
    Plain,
    /// As HTML.
    Html,
    /// As text in which well-known tags and entities are meant as such.
    Maybe,
}

/// How much a date says about when the item came out; the better one stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum DateRank {
    Modified,
    Created,
    Dated,
    Published,
}

/// What is known about the item that is being read.
#[derive(Debug, Default)]
struct Draft {
    record: Record,
    text_start: usize,
    rank: Option<DateRank>,
    /// Where the identifier stands as a link, when it is one.
    permalink: Slice,
}

/// A feed that is being read.
#[derive(Debug)]
pub(super) struct Harvest {
    pub(super) limits: Limits,
    format: Format,
    title: Slice,
    records: Vec<Record>,
    categories: Vec<Slice>,
    problems: Vec<Problem>,
    problems_unlisted: usize,
    text: String,
    draft: Option<Draft>,
    items_begun: usize,
    full: bool,
}

impl Slice {
    pub(super) fn of(self, text: &str) -> &str {
        &text[self.start as usize..self.end as usize]
    }

    fn is_empty(self) -> bool {
        self.start == self.end
    }
}

impl Harvest {
    /// Starts with room for the texts of a document of so many bytes, most of which are markup.
    pub(super) fn new(limits: Limits, document_bytes: usize) -> Self {
        Self {
            limits,
            format: Format::Unknown,
            title: Slice::default(),
            records: Vec::new(),
            categories: Vec::new(),
            problems: Vec::new(),
            problems_unlisted: 0,
            text: String::with_capacity((document_bytes / 2).min(limits.text_bytes)),
            draft: None,
            items_begun: 0,
            full: false,
        }
    }

    pub(super) fn finish(mut self) -> Feed {
        if self.format == Format::Unknown {
            self.note(0, ProblemKind::NotAFeed);
        }
        Feed {
            format: self.format,
            title: self.title,
            records: self.records,
            categories: self.categories,
            problems: self.problems,
            problems_unlisted: self.problems_unlisted,
            text: self.text,
        }
    }

    /// Names the format; the first word counts.
    pub(super) fn set_format(&mut self, format: Format) {
        if self.format == Format::Unknown {
            self.format = format;
        }
    }

    pub(super) const fn format(&self) -> Format {
        self.format
    }

    pub(super) fn note(&mut self, at: usize, kind: ProblemKind) {
        if self.problems.len() < self.limits.problems {
            let item = self.draft.as_ref().map(|_| self.items_begun - 1);
            self.problems.push(Problem { at, item, kind });
        } else {
            self.problems_unlisted += 1;
        }
    }

    /// Says whether nothing more is kept, so that reading on is of no use.
    pub(super) const fn is_full(&self) -> bool {
        self.full
    }

    pub(super) const fn in_item(&self) -> bool {
        self.draft.is_some()
    }

    pub(super) fn begin_item(&mut self, at: usize) {
        if self.records.len() == self.limits.items {
            self.note(at, ProblemKind::TooManyItems);
            self.full = true;
            return;
        }
        self.items_begun += 1;
        let mut draft = Draft { text_start: self.text.len(), ..Draft::default() };
        draft.record.categories = self.categories.len()..self.categories.len();
        self.draft = Some(draft);
    }

    /// Keeps the item when it says anything.
    pub(super) fn end_item(&mut self, at: usize) {
        let Some(draft) = &mut self.draft else { return };
        let record = &mut draft.record;
        if record.title.is_empty() && record.summary.is_empty() && record.body.is_empty() {
            self.leave_item(at, ProblemKind::EmptyItem);
            return;
        }
        if record.link.is_empty() {
            record.link = draft.permalink;
        }
        record.categories.end = self.categories.len();
        self.records.extend(self.draft.take().map(|draft| draft.record));
    }

    /// Leaves the item out.
    pub(super) fn leave_item(&mut self, at: usize, kind: ProblemKind) {
        self.note(at, kind);
        if let Some(draft) = self.draft.take() {
            self.text.truncate(draft.text_start);
            self.categories.truncate(draft.record.categories.start);
        }
    }

    pub(super) fn set_feed_title(&mut self, at: usize, text: &str, written: Written) {
        if self.title.is_empty() {
            self.title = self.keep(at, text, written, self.limits.line_bytes);
        }
    }

    pub(super) fn set_line(&mut self, at: usize, line: Line, text: &str, written: Written) {
        let slice = self.keep(at, text, written, self.limits.line_bytes);
        let Some(draft) = &mut self.draft else { return };
        if slice.is_empty() {
            return;
        }
        match line {
            Line::Title if draft.record.title.is_empty() => draft.record.title = slice,
            Line::Author if draft.record.author.is_empty() => draft.record.author = slice,
            Line::Title | Line::Author => {}
            Line::Category => {
                let count = self.categories.len() - draft.record.categories.start;
                if count < self.limits.categories {
                    self.categories.push(slice);
                }
            }
        }
    }

    /// Keeps the first text of each kind; a second summary is the long text in some dialects.
    pub(super) fn set_prose(&mut self, at: usize, prose: Prose, text: &str, written: Written) {
        let slice = self.keep(at, text, written, self.limits.body_bytes);
        let Some(draft) = &mut self.draft else { return };
        let record = &mut draft.record;
        match prose {
            Prose::Summary if record.summary.is_empty() => record.summary = slice,
            Prose::Summary | Prose::Body if record.body.is_empty() => record.body = slice,
            Prose::Summary | Prose::Body => {}
        }
    }

    pub(super) fn set_id(&mut self, at: usize, id: &str) {
        let id = id.trim_ascii();
        if self.limits.line_bytes < id.len() {
            self.note(at, ProblemKind::TextTooLong);
            return;
        }
        let slice = self.push(at, id);
        if let Some(draft) = &mut self.draft {
            draft.record.id = slice;
        }
    }

    /// Resolves the identifier against `start` and keeps it as the link of an item that has no other.
    pub(super) fn set_permalink(&mut self, at: usize, start: &str, id: &str) {
        let slice = self.link(at, start, id);
        if let Some(draft) = &mut self.draft {
            draft.permalink = slice;
        }
    }

    /// Resolves a link against `start`; the last usable one stays.
    pub(super) fn set_link(&mut self, at: usize, start: &str, link: &str) {
        let slice = self.link(at, start, link);
        if let Some(draft) = &mut self.draft
            && !slice.is_empty()
        {
            draft.record.link = slice;
        }
    }

    pub(super) fn set_date(&mut self, at: usize, rank: DateRank, text: &str) {
        let date = super::date::parse(text);
        if date.is_none() && !text.trim_ascii().is_empty() {
            self.note(at, ProblemKind::UnreadableDate);
        }
        if let (Some(draft), Some(date)) = (&mut self.draft, date)
            && draft.rank <= Some(rank)
        {
            draft.rank = Some(rank);
            draft.record.published = Some(date);
        }
    }

    fn link(&mut self, at: usize, start: &str, link: &str) -> Slice {
        let link = link.trim_ascii();
        let usable = url::join(start, link).filter(|it| it.len() <= self.limits.line_bytes);
        if let Some(link) = usable {
            return self.push(at, &link);
        }
        if !link.is_empty() {
            self.note(at, ProblemKind::UnusableLink);
        }
        Slice::default()
    }

    /// Turns a text into plain words and keeps at most `limit` bytes of them.
    fn keep(&mut self, at: usize, text: &str, written: Written, limit: usize) -> Slice {
        let start = self.text.len();
        let room = self.limits.text_bytes.saturating_sub(start);
        let mut flow = Flow::new(&mut self.text, limit.min(room));
        let has_markup = memchr::memchr2(b'<', b'&', text.as_bytes()).is_some();
        match written {
            Written::Html if has_markup => append_html(text, Tags::All, &mut flow),
            Written::Maybe if has_markup => append_html(text, Tags::Known, &mut flow),
            Written::Plain | Written::Html | Written::Maybe => flow.push(text),
        }
        let cut = flow.finish();
        if cut && room <= limit {
            self.fill(at);
        } else if cut {
            self.note(at, ProblemKind::TextTooLong);
        }
        self.slice_from(start)
    }

    fn push(&mut self, at: usize, text: &str) -> Slice {
        let start = self.text.len();
        if self.limits.text_bytes < start + text.len() {
            self.fill(at);
            return Slice::default();
        }
        self.text.push_str(text);
        self.slice_from(start)
    }

    fn fill(&mut self, at: usize) {
        if !self.full {
            self.note(at, ProblemKind::TooMuchText);
            self.full = true;
        }
    }

    fn slice_from(&self, start: usize) -> Slice {
        let place = |at: usize| u32::try_from(at).expect("texts are bounded far below 4 GiB");
        Slice { start: place(start), end: place(self.text.len()) }
    }
}
