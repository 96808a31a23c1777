//! Pages of text, 80 columns wide: headings, pairs and tables.

use std::fmt::Write;

/// The width that every page fits.
pub(crate) const WIDTH: usize = 80;

/// Whether a page has colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Paint {
    /// It has none.
    Plain,
    /// It uses the terminal's own.
    Colours,
}

/// What a piece of text says beside its words.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Tone {
    /// Nothing.
    #[default]
    Plain,
    /// It matters.
    Strong,
    /// It matters less.
    Dim,
    /// It is good.
    Good,
    /// It is bad.
    Bad,
    /// It deserves a look.
    Warn,
}

impl Paint {
    /// The text in its tone.
    pub(crate) fn text(self, tone: Tone, text: &str) -> String {
        let code = match tone {
            Tone::Plain => return text.to_owned(),
            Tone::Strong => "1",
            Tone::Dim => "2",
            Tone::Good => "32",
            Tone::Bad => "31",
            Tone::Warn => "33",
        };
        match self {
            Self::Plain => text.to_owned(),
            Self::Colours => format!("\x1b[{code}m{text}\x1b[0m"),
        }
    }
}

/// A text with its tone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Cell {
    text: String,
    tone: Tone,
}

impl Cell {
    /// A text in a tone.
    pub(crate) fn toned(tone: Tone, text: impl Into<String>) -> Self {
        Self { text: text.into(), tone }
    }

    /// The text.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// What it says beside its words.
    pub(crate) const fn tone(&self) -> Tone {
        self.tone
    }

    fn width(&self) -> usize {
        self.text.chars().filter(|letter| is_visible(*letter)).count()
    }
}

impl<T: Into<String>> From<T> for Cell {
    fn from(text: T) -> Self {
        Self::toned(Tone::Plain, text)
    }
}

/// On which side a column's cells stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    /// Words.
    Left,
    /// Numbers.
    Right,
}

/// Rows under named columns.
#[derive(Clone, Debug, Default)]
pub(crate) struct Table {
    columns: Vec<(String, Side)>,
    /// One cell stands below the row before it, and in no column.
    rows: Vec<Vec<Cell>>,
}

impl Table {
    /// A table; a column whose name starts with `>` stands on the right.
    pub(crate) fn new(columns: &[&str]) -> Self {
        let column = |name: &&str| match name.strip_prefix('>') {
            Some(name) => (name.to_owned(), Side::Right),
            None => ((*name).to_owned(), Side::Left),
        };
        Self { columns: columns.iter().map(column).collect(), rows: Vec::new() }
    }

    /// Adds a row of as many cells as there are columns.
    pub(crate) fn row<const N: usize>(&mut self, cells: [Cell; N]) {
        assert_eq!(N, self.columns.len(), "a row has a cell for each column");
        self.rows.push(cells.into());
    }

    /// Adds a line below the last row that says more of it.
    pub(crate) fn note(&mut self, text: impl Into<String>) {
        assert_ne!(self.columns.len(), 1, "a note is told from a row by its length");
        self.rows.push(vec![Cell::toned(Tone::Dim, text)]);
    }

    /// Adds a row of cells that are counted while the program runs.
    pub(crate) fn cells(&mut self, cells: Vec<Cell>) {
        assert_eq!(cells.len(), self.columns.len(), "a row has a cell for each column");
        self.rows.push(cells);
    }

    /// How wide it would like to be.
    pub(crate) fn wish(&self) -> usize {
        self.wishes().iter().sum::<usize>()
            + INDENT.len()
            + 2 * self.columns.len().saturating_sub(1)
    }

    /// The names of the columns, and the side on which each stands.
    pub(crate) fn columns(&self) -> &[(String, Side)] {
        &self.columns
    }

    /// The rows.
    pub(crate) fn rows(&self) -> &[Vec<Cell>] {
        &self.rows
    }

    /// Whether there are no rows.
    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Keeps the first rows, in so many lines at most, and tells how many are left of how many.
    pub(crate) fn keep(&mut self, lines: usize) -> (usize, usize) {
        let columns = self.columns.len();
        let is_row = |row: &&Vec<Cell>| row.len() == columns;
        let count = self.rows.iter().filter(is_row).count();
        // No row is kept without its note.
        let cuts = self.rows.get(lines).is_some_and(|row| !is_row(&row));
        self.rows.truncate(lines - usize::from(cuts));
        (self.rows.iter().filter(is_row).count(), count)
    }

    /// What each column would like to have.
    fn wishes(&self) -> Vec<usize> {
        let rows = || self.rows.iter().filter(|row| row.len() == self.columns.len());
        let width = |(index, (name, _)): (usize, &(String, Side))| {
            rows().map(|row| row[index].width()).fold(name.chars().count(), usize::max)
        };
        self.columns.iter().enumerate().map(width).collect()
    }

    fn widths(&self) -> Vec<usize> {
        let mut widths = self.wishes();
        let taken: usize = widths.iter().sum::<usize>() + INDENT.len() + 2 * (widths.len() - 1);
        // The widest column gives way; it holds words.
        for _ in WIDTH..taken {
            let widest = widths.iter_mut().max().filter(|widest| 8 < **widest);
            if let Some(widest) = widest {
                *widest -= 1;
            }
        }
        widths
    }
}

const INDENT: &str = "  ";

/// A page that grows from top to bottom.
#[derive(Debug)]
pub(crate) struct Page {
    paint: Paint,
    text: String,
}

impl Page {
    /// An empty page.
    pub(crate) const fn new(paint: Paint) -> Self {
        Self { paint, text: String::new() }
    }

    /// Adds a heading, after an empty line unless it is the first thing on the page.
    pub(crate) fn heading(&mut self, text: &str) {
        self.blank();
        self.line(Tone::Strong, text);
    }

    /// Adds a line, cut to the width.
    pub(crate) fn line(&mut self, tone: Tone, text: &str) {
        let text = self.paint.text(tone, &fit(text, WIDTH));
        self.push(&text);
    }

    /// Adds a line that is copied as it stands, however long it is.
    pub(crate) fn whole(&mut self, tone: Tone, text: &str) {
        let text = self.paint.text(tone, &fit(text, usize::MAX));
        self.push(&text);
    }

    /// Adds lines of running words, broken at spaces.
    pub(crate) fn words(&mut self, tone: Tone, text: &str) {
        let mut line = String::new();
        for word in text.split_whitespace() {
            if !line.is_empty() && WIDTH < line.chars().count() + 1 + word.chars().count() {
                self.line(tone, &line);
                line.clear();
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
        self.line(tone, &line);
    }

    /// Adds a line of pieces, each in its tone.
    pub(crate) fn pieces(&mut self, pieces: &[Cell]) {
        let mut left = WIDTH;
        let mut line = String::new();
        for piece in pieces {
            let text = fit(&piece.text, left);
            left -= text.chars().count();
            line.push_str(&self.paint.text(piece.tone, &text));
        }
        self.push(line.trim_end());
    }

    /// Adds a name and its value.
    pub(crate) fn pair(&mut self, name: &str, value: impl Into<Cell>) {
        let name = Cell::toned(Tone::Dim, format!("{INDENT}{name:<14} "));
        self.pieces(&[name, value.into()]);
    }

    /// Adds a name and a hash: 64 digits fit a line.
    pub(crate) fn hash(&mut self, name: &str, hash: &impl ToString) {
        self.pieces(&[
            Cell::toned(Tone::Dim, format!("{INDENT}{name:<13} ")),
            Cell::toned(Tone::Plain, hash.to_string()),
        ]);
    }

    /// How many lines there are.
    pub(crate) fn height(&self) -> usize {
        self.text.lines().count()
    }

    /// Adds an empty line, unless one is there or the page is empty.
    pub(crate) fn blank(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with("\n\n") {
            self.text.push('\n');
        }
    }

    /// Adds a table.
    pub(crate) fn table(&mut self, table: &Table) {
        let widths = table.widths();
        let names = table.columns.iter().map(|(name, _)| Cell::toned(Tone::Dim, name.clone()));
        self.row(table, &widths, &names.collect::<Vec<_>>());
        for row in &table.rows {
            match row.as_slice() {
                [note] if table.columns.len() != 1 => {
                    self.line(note.tone, &format!("{INDENT}{INDENT}{}", note.text));
                }
                cells => self.row(table, &widths, cells),
            }
        }
    }

    fn row(&mut self, table: &Table, widths: &[usize], cells: &[Cell]) {
        let mut line = INDENT.to_owned();
        for ((cell, width), (_, side)) in cells.iter().zip(widths).zip(&table.columns) {
            let text = fit(&cell.text, *width);
            let space = " ".repeat(width - text.chars().count());
            let text = self.paint.text(cell.tone, &text);
            let written = match side {
                Side::Left => write!(line, "{text}{space}  "),
                Side::Right => write!(line, "{space}{text}  "),
            };
            written.expect("writing to a string cannot fail");
        }
        self.push(line.trim_end());
    }

    fn push(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }
}

impl From<Page> for String {
    fn from(page: Page) -> Self {
        page.text
    }
}

/// The text without what a terminal would obey or hide, and with its end cut when it is wider.
///
/// Headlines and file names come from strangers: an escape sequence in one must stay a text.
fn fit(text: &str, width: usize) -> String {
    let text: String = text.chars().filter(|letter| is_visible(*letter)).collect();
    if text.chars().count() <= width {
        return text;
    }
    let Some(kept) = width.checked_sub(1) else { return String::new() };
    format!("{}…", text.chars().take(kept).collect::<String>())
}

/// Whether a character takes its place on the screen, where it stands.
pub(crate) const fn is_visible(letter: char) -> bool {
    !matches!(
        letter,
        '\0'..='\x1f'
            | '\x7f'..='\u{9f}'
            | '\u{ad}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}'
    )
}

#[cfg(test)]
mod tests;
