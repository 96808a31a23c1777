use proptest::prelude::*;

use super::*;

fn tokens(text: &str) -> Vec<String> {
    let shown = |token| match token {
        Token::Text(text) => format!("text {text}"),
        Token::Raw(text) => format!("raw {text}"),
        Token::Open { name, attributes, empty } => {
            format!("open {name}{attributes}{}", if empty { " /" } else { "" })
        }
        Token::Close { name } => format!("close {name}"),
    };
    Markup::new(text, 8).map(shown).collect()
}

#[test]
fn whole_markup_is_taken_apart() {
    let text = "<?xml version='1.0'?><!-- c --><a x='1'>t<b/><![CDATA[<r>]]></a >";
    let expected = ["open a x='1'", "text t", "open b /", "raw <r>", "close a"];
    assert_eq!(tokens(text), expected);
}

#[test]
fn broken_markup_is_taken_as_text_where_it_opens_nothing() {
    assert_eq!(tokens("1 < 2 <3>"), ["text 1 ", "text <", "text  2 ", "text <", "text 3>"]);
    assert_eq!(tokens("<a <b>x"), ["text <", "text a ", "open b", "text x"]);
    assert_eq!(tokens("<a x='1>t</a>"), ["open a x='1", "text t", "close a"]);
    assert_eq!(tokens("<a x='1 > 2'>t"), ["open a x='1 > 2'", "text t"]);
    assert_eq!(tokens("a<!-- b <c>"), ["text a", "text  b ", "open c"]);
    assert_eq!(tokens("<![CDATA[a<b>c"), ["text a", "open b", "text c"]);
    assert_eq!(tokens("<li"), ["text <", "text li"]);
}

#[test]
fn attributes_are_found_however_they_are_quoted() {
    let found: Vec<(&str, &str)> = attributes(" a=\"1 2\" b='3' c=4 d e = 5 f='6").collect();
    assert_eq!(found, [("a", "1 2"), ("b", "3"), ("c", "4"), ("e", "5"), ("f", "6")]);
}

#[test]
fn declared_entities_are_expanded_once_and_never_within_each_other() {
    let doctype = "<!DOCTYPE r [<!ENTITY a \"one\"><!ENTITY b '&a;&a;'><!ENTITY c '&#38;'><!ENTITY d SYSTEM 'x'>]>";
    let mut markup = Markup::new(doctype, 8);
    assert_eq!(markup.next(), None);
    assert_eq!(markup.resolved("&a;-&b;-&c;-&d;-&amp;a;"), "one-&b;-&-&d;-&a;");
    let mut markup = Markup::new(doctype, 0);
    assert_eq!(markup.next(), None);
    assert_eq!(markup.resolved("&a;"), "&a;");
}

#[test]
fn a_leaf_is_taken_in_one_piece() {
    let mut markup = Markup::new("<t>one</t><t><![CDATA[<two>]]></t><t>a<b/></t>", 8);
    for expected in [Some(Token::Text("one")), Some(Token::Raw("<two>")), None] {
        assert!(matches!(markup.next(), Some(Token::Open { name: "t", .. })));
        assert_eq!(markup.leaf("t"), expected);
    }
    assert_eq!(markup.next(), Some(Token::Text("a")));
}

proptest! {
    #[test]
    fn prop_any_text_is_walked_to_its_end(text in "(<|>|/|!|-|\\[|\\]|&|;|\\?|'|\"|=|a|CDATA|<!ENTITY|<!--|\\PC){0,80}") {
        let mut markup = Markup::new(&text, 8);
        let tokens = markup.by_ref().count();
        prop_assert!(tokens <= text.len());
        prop_assert_eq!(markup.at(), text.len());
        prop_assert!(attributes(&text).count() <= text.len());
    }
}
