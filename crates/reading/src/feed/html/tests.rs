use proptest::prelude::*;

use super::*;

fn words(html: &str) -> String {
    shown(html, Tags::All, 1 << 20).0
}

fn shown(html: &str, tags: Tags, limit: usize) -> (String, bool) {
    let mut out = String::from("before ");
    let mut flow = Flow::new(&mut out, limit);
    append_html(html, tags, &mut flow);
    let cut = flow.finish();
    (out.strip_prefix("before ").unwrap().to_owned(), cut)
}

#[test]
fn tags_part_or_join_the_words_around_them() {
    let checks = [
        ("<p>One</p><p>two</p>", "One two"),
        ("b<b>ol</b>d <I>it</I>", "bold it"),
        ("a<br>b<BR/>c<hr class='x'>d", "a b c d"),
        ("<ul>\n <li>x</li>\n <li>y</li></ul>", "x y"),
        ("<a href=\"x>y\">link</a>", "link"),
        ("<a title='it is > that'>link</a>", "link"),
        ("<unknown>kept</unknown>", "kept"),
        ("  lots \n\t of\u{1} space  ", "lots of space"),
        ("<xhtml:p>a</xhtml:p>b", "a b"),
    ];
    for (html, expected) in checks {
        assert_eq!(words(html), expected, "{html}");
    }
}

#[test]
fn what_no_reader_sees_goes_with_its_content() {
    let checks = [
        ("a<script>if (x < 1) {}</script>b", "a b"),
        ("a<STYLE>p > a {}</style >b", "a b"),
        ("a<script>never ends", "a"),
        ("a<!-- c > d -->b", "ab"),
        ("a<!-- never ends", "a"),
        ("a<![CDATA[ raw <b> ]]>b", "a raw <b> b"),
        ("a<?php echo ?>b", "ab"),
        ("a<script/>b", "ab"),
    ];
    for (html, expected) in checks {
        assert_eq!(words(html), expected, "{html}");
    }
}

#[test]
fn references_are_read_once() {
    assert_eq!(
        words("&amp;lt;b&amp;gt; &#8217;s&nbsp;&bogus; AT&T"),
        "&lt;b&gt; ’s\u{a0}&bogus; AT&T"
    );
}

#[test]
fn angles_that_open_nothing_are_text() {
    assert_eq!(words("1 < 2 <3 <- <"), "1 < 2 <3 <- <");
    assert_eq!(words("a <b c <i>d</i>"), "a <b c d");
    assert_eq!(shown("x <y and y> z <b>w</b>", Tags::Known, 99).0, "x <y and y> z w");
}

#[test]
fn a_text_ends_at_its_limit_and_between_letters() {
    assert_eq!(shown("<p>éééé</p>", Tags::All, 5), ("éé".to_owned(), true));
    assert_eq!(shown("<p>abc</p>  ", Tags::All, 3), ("abc".to_owned(), false));
    assert_eq!(shown("abc def", Tags::All, 4), ("abc".to_owned(), true));
}

proptest! {
    #[test]
    fn prop_any_html_becomes_tidy_words(html in "(<|>|/|!|-|\\[|\\]|&|;|#|'|\"|=|a|b|script|CDATA| |\n|é|\\PC){0,60}") {
        for tags in [Tags::All, Tags::Known] {
            let (text, _) = shown(&html, tags, 40);
            prop_assert!(text.len() <= 40);
            prop_assert!(!text.contains("  ") && text.trim_matches(' ') == text, "{text:?}");
        }
    }
}
