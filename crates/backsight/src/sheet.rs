//! A sheet: headings, words, pairs and tables, which become a page of a terminal or a mail.
//!
//! One content, two forms: whoever makes a sheet cannot say more to one reader than to the other.

mod html;

use crate::page::{Cell, Page, Paint, Table, Tone};

/// A sheet that grows from top to bottom.
#[derive(Clone, Debug)]
pub(crate) struct Sheet {
    /// What it is, in a line.
    pub(crate) title: String,
    /// What else belongs to the title: when, and what of it is simulated.
    pub(crate) note: Option<(Tone, String)>,
    blocks: Vec<Block>,
}

/// A part of a sheet.
#[derive(Clone, Debug)]
enum Block {
    Heading(String),
    Words(Tone, String),
    Pair(String, Cell),
    Table(Table),
}

impl Sheet {
    /// An empty sheet.
    pub(crate) fn new(title: impl Into<String>) -> Self {
        Self { title: title.into(), note: None, blocks: Vec::new() }
    }

    /// Adds a heading.
    pub(crate) fn heading(&mut self, text: impl Into<String>) {
        self.blocks.push(Block::Heading(text.into()));
    }

    /// Adds running words.
    pub(crate) fn words(&mut self, tone: Tone, text: impl Into<String>) {
        self.blocks.push(Block::Words(tone, text.into()));
    }

    /// Adds a name and its value.
    pub(crate) fn pair(&mut self, name: impl Into<String>, value: impl Into<Cell>) {
        self.blocks.push(Block::Pair(name.into(), value.into()));
    }

    /// Adds a table, or words in its place when it is empty.
    pub(crate) fn table(&mut self, table: Table, otherwise: &str) {
        if table.is_empty() {
            self.words(Tone::Dim, otherwise);
        } else {
            self.blocks.push(Block::Table(table));
        }
    }

    /// The sheet as a page of 80 columns.
    pub(crate) fn page(&self, paint: Paint) -> Page {
        let mut page = Page::new(paint);
        page.line(Tone::Strong, &self.title);
        if let Some((tone, note)) = &self.note {
            page.words(*tone, note);
        }
        for block in &self.blocks {
            match block {
                Block::Heading(text) => page.heading(text),
                Block::Words(tone, text) => page.words(*tone, text),
                Block::Pair(name, value) => page.pair(name, value.clone()),
                Block::Table(table) => page.table(table),
            }
        }
        page
    }

    /// The sheet as text.
    pub(crate) fn text(&self) -> String {
        self.page(Paint::Plain).into()
    }

    /// The sheet as a mail: a whole document that loads nothing.
    pub(crate) fn html(&self) -> String {
        html::document(self)
    }
}

#[cfg(test)]
mod tests;
