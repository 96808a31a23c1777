use super::*;

#[test]
fn every_line_is_read() {
    let headlines = own();
    assert_eq!(headlines.len(), LINES.lines().filter(|line| !line.starts_with('#')).count());
    let asked = headlines.iter().filter(|it| it.about.is_some());
    assert!(15 <= asked.count());
}

#[test]
fn names_are_found_in_the_text() {
    let headline = parse("-[B co|A co] A co gains as B co slides").unwrap();
    assert_eq!(&headline.text[headline.about.unwrap()], "B co");
    assert_eq!(&headline.text[headline.others[0].clone()], "A co");
    assert!(parse("-[C co] A co gains").is_none());
    assert!(parse("? A co gains").is_none());
}
