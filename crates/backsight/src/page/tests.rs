use super::*;

fn rows_of(table: &Table) -> Vec<String> {
    let mut page = Page::new(Paint::Plain);
    page.table(table);
    String::from(page).lines().map(str::to_owned).collect()
}

#[test]
fn a_table_never_exceeds_the_width() {
    let mut table = Table::new(&["name", "words", ">number"]);
    table.row(["a".into(), "word ".repeat(40).into(), "12.5".into()]);
    let rows = rows_of(&table);
    assert!(rows.iter().all(|row| row.chars().count() <= WIDTH), "{rows:?}");
    assert!(rows[1].ends_with("12.5"), "the number is not what is cut: {rows:?}");
}

#[test]
fn numbers_stand_under_each_other() {
    let mut table = Table::new(&["name", ">number"]);
    table.row(["a".into(), "1.00".into()]);
    table.row(["b".into(), "100.00".into()]);
    assert_eq!(rows_of(&table), ["  name  number", "  a       1.00", "  b     100.00"]);
}

#[test]
fn colours_do_not_move_columns() {
    let mut table = Table::new(&["name", ">number"]);
    table.row([Cell::toned(Tone::Good, "a"), Cell::toned(Tone::Bad, "1")]);
    let mut page = Page::new(Paint::Colours);
    page.table(&table);
    let text = String::from(page);
    assert!(text.contains("\x1b[32ma\x1b[0m   "), "{text:?}");
}

#[test]
fn running_words_break_at_spaces() {
    let mut page = Page::new(Paint::Plain);
    page.words(Tone::Plain, &"word ".repeat(30));
    let text = String::from(page);
    assert_eq!(text.lines().count(), 2);
    assert!(text.lines().all(|line| line.chars().count() <= WIDTH && !line.contains('…')));
}

#[test]
fn a_strangers_text_cannot_steer_the_terminal() {
    let mut page = Page::new(Paint::Plain);
    page.line(Tone::Plain, "\u{feff}Mo\u{200b}trane\x1b[2J\u{202e} surges\r\n");
    assert_eq!(String::from(page), "Motrane[2J surges\n");
}
