//! A sheet as a mail that common clients show: tables and styles in their own tags, 600 pixels at
//! most, no script, no image, nothing from elsewhere. Colours are said on every tag, since clients
//! drop style sheets, and say the same in the dark: clients that know the scheme get their own set,
//! others invert what is explicit. Every text is a text: what strangers wrote cannot be markup.

use std::fmt::Write;

use super::{Block, Sheet};
use crate::page::{Cell, Side, Table, Tone};

/// Colours of a light mail; a dark one replaces them by class.
const INK: &str = "#1b2430";
const FAINT: &str = "#5a6675";
const LINE: &str = "#d9dfe7";
const GOOD: &str = "#1f5fbf";
const BAD: &str = "#a8420a";
const WARN: &str = "#7a5a00";
const FONT: &str = "font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;";

/// What clients that read style sheets show in the dark. The others keep what the tags say.
const DARK: &str = "@media (prefers-color-scheme:dark){\
    .b{background:#12171d!important}.p{background:#1a212a!important;border-color:#303a46!important}\
    .i{color:#e8edf3!important}.f{color:#9aa7b5!important}.g{color:#7fb0ff!important}\
    .r{color:#ff9d66!important}.w{color:#e6c35c!important}.l{border-color:#303a46!important}}";

/// A whole document.
pub(super) fn document(sheet: &Sheet) -> String {
    let mut out = Html(String::new());
    let title = escape(&sheet.title);
    out.add(&format!(
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <meta name=\"color-scheme\" content=\"light dark\">\
         <meta name=\"supported-color-schemes\" content=\"light dark\">\
         <title>{title}</title><style>{DARK}</style></head>\n\
         <body class=\"b\" style=\"margin:0;padding:0;background:#eef1f5;\">\n\
         <table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\">\
         <tr><td align=\"center\" style=\"padding:16px 8px;\">\n\
         <table role=\"presentation\" class=\"p\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" \
         border=\"0\" style=\"max-width:600px;background:#ffffff;border:1px solid {LINE};\
         border-radius:8px;\">\n\
         <tr><td style=\"padding:20px 16px 24px;{FONT}\">\n\
         <h1 class=\"i\" style=\"margin:0 0 4px;font-size:20px;line-height:26px;color:{INK};\">\
         {title}</h1>\n"
    ));
    if let Some((tone, note)) = &sheet.note {
        out.paragraph(*tone, note);
    }
    let mut blocks = sheet.blocks.iter().peekable();
    while let Some(block) = blocks.next() {
        match block {
            Block::Heading(text) => out.add(&format!(
                "<h2 class=\"i l\" style=\"margin:22px 0 6px;padding-top:14px;font-size:15px;\
                 line-height:20px;color:{INK};border-top:1px solid {LINE};\">{}</h2>\n",
                escape(text)
            )),
            Block::Words(tone, text) => out.paragraph(*tone, text),
            Block::Pair(name, value) => {
                let mut pairs = vec![(name, value)];
                while let Some(Block::Pair(name, value)) = blocks.peek() {
                    pairs.push((name, value));
                    blocks.next();
                }
                out.pairs(&pairs);
            }
            Block::Table(table) => out.table(table),
        }
    }
    out.add("</td></tr></table>\n</td></tr></table>\n</body></html>\n");
    out.0
}

/// A document in the making.
struct Html(String);

impl Html {
    fn add(&mut self, text: &str) {
        self.0.push_str(text);
    }

    fn paragraph(&mut self, tone: Tone, text: &str) {
        let (class, style) = look(tone);
        let text = escape(text);
        self.add(&format!(
            "<p class=\"{class}\" style=\"margin:4px 0;font-size:13px;line-height:19px;{style}\">\
             {text}</p>\n"
        ));
    }

    fn pairs(&mut self, pairs: &[(&String, &Cell)]) {
        self.add(OPEN_TABLE);
        for (name, value) in pairs {
            self.add("<tr>");
            self.cell(Side::Left, &Cell::toned(Tone::Dim, name.as_str()));
            self.cell(Side::Right, value);
            self.add("</tr>\n");
        }
        self.add("</table>\n");
    }

    fn table(&mut self, table: &Table) {
        self.add(OPEN_TABLE);
        self.add("<tr>");
        for (name, side) in table.columns() {
            let (side, name) = (align(*side), escape(name));
            self.add(&format!(
                "<th class=\"f l\" align=\"{side}\" style=\"padding:4px 6px 4px 0;font-size:11px;\
                 line-height:15px;font-weight:600;color:{FAINT};text-align:{side};\
                 border-bottom:1px solid {LINE};\">{name}</th>"
            ));
        }
        self.add("</tr>\n");
        for row in table.rows() {
            self.add("<tr>");
            for (cell, (_, side)) in row.iter().zip(table.columns()) {
                self.cell(*side, cell);
            }
            self.add("</tr>\n");
        }
        self.add("</table>\n");
    }

    fn cell(&mut self, side: Side, cell: &Cell) {
        let (class, style) = look(cell.tone());
        // Names of ours may break behind their lines.
        let (text, name) = (escape(cell.text()).replace('_', "_<wbr>"), align(side));
        let mut words = cell.text().split([' ', '_']);
        let is_long = words.any(|word| WORD_MAX < word.chars().count());
        // A number that breaks is no number any more; a word breaks when nothing else helps.
        let flow = match side {
            Side::Left if is_long => "word-break:break-word;",
            Side::Left => "",
            Side::Right => "white-space:nowrap;font-variant-numeric:tabular-nums;",
        };
        let cell = write!(
            self.0,
            "<td class=\"{class}\" align=\"{name}\" valign=\"top\" style=\"padding:4px 6px 4px 0;\
             font-size:12px;line-height:17px;text-align:{name};{flow}{style}\">{text}</td>"
        );
        cell.expect("writing to a string cannot fail");
    }
}

/// Letters of a word that fits a narrow column.
const WORD_MAX: usize = 12;

const OPEN_TABLE: &str = "<table width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\" \
    style=\"border-collapse:collapse;margin:4px 0;\">\n";

const fn align(side: Side) -> &'static str {
    match side {
        Side::Left => "left",
        Side::Right => "right",
    }
}

/// The class and the style of a tone.
fn look(tone: Tone) -> (&'static str, String) {
    let (class, colour, more) = match tone {
        Tone::Plain => ("i", INK, ""),
        Tone::Strong => ("i", INK, "font-weight:600;"),
        Tone::Dim => ("f", FAINT, ""),
        Tone::Good => ("g", GOOD, "font-weight:600;"),
        Tone::Bad => ("r", BAD, "font-weight:600;"),
        Tone::Warn => ("w", WARN, "font-weight:600;"),
    };
    (class, format!("color:{colour};{more}"))
}

/// A text that is nothing else, and without what would hide or turn it.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars().filter(|letter| crate::page::is_visible(*letter)) {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(letter),
        }
    }
    out
}
