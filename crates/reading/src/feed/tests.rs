use proptest::prelude::*;

use super::*;

fn check(document: &str, envelope: &Envelope<'_>, check: impl FnOnce(&[Item<'_>])) {
    let feed = parse(document.as_bytes(), envelope);
    check(&feed.items().collect::<Vec<_>>());
}

fn kinds(feed: &Feed) -> Vec<ProblemKind> {
    feed.problems().iter().map(|problem| problem.kind).collect()
}

#[test]
fn relative_links_start_from_where_the_document_was_found() {
    let rss = "<rss version='2.0'><channel><item><title>t</title><link>../n/1?a=1</link></item></channel></rss>";
    let envelope =
        Envelope { address: Some("https://a.example/feeds/rss.xml"), ..Envelope::default() };
    check(rss, &envelope, |items| assert_eq!(items[0].link, "https://a.example/n/1?a=1"));
    let json = r#"{"version":"https://jsonfeed.org/version/1","items":[{"id":"1","title":"t","url":"/n/1"}]}"#;
    check(json, &envelope, |items| assert_eq!(items[0].link, "https://a.example/n/1"));
}

#[test]
fn texts_authors_and_categories_are_plain_words() {
    let rss = "<rss version='2.0'><channel><item><title>t</title><author>Mara <b>Quill</b></author>\
               <category>a &amp; b</category><category>c</category><description>&lt;p&gt;short&lt;/p&gt;</description>\
               <content:encoded><![CDATA[<h1>long</h1>text]]></content:encoded></item></channel></rss>";
    check(rss, &Envelope::default(), |items| {
        let item = items[0];
        assert_eq!((item.author, item.summary, item.body), ("Mara Quill", "short", "long text"));
        assert_eq!(item.categories().collect::<Vec<_>>(), ["a & b", "c"]);
        assert_eq!(item.text(), "long text");
    });
}

#[test]
fn every_bound_is_a_problem_and_not_a_failure() {
    let limits = Limits { items: 2, depth: 4, line_bytes: 8, body_bytes: 10, ..Limits::default() };
    let item = |title: &str, text: &str| {
        format!("<item><title>{title}</title><description>{text}</description></item>")
    };
    let items =
        [item("a title too long", "x"), item("b", "a text that is too long"), item("c", "")];
    let rss = format!("<rss><channel>{}</channel></rss>", items.concat());
    let feed = parse_within(rss.as_bytes(), &Envelope::default(), &limits);
    let found: Vec<(&str, &str)> = feed.items().map(|item| (item.title, item.summary)).collect();
    assert_eq!(found, [("a title", "x"), ("b", "a text tha")]);
    let expected = [ProblemKind::TextTooLong, ProblemKind::TextTooLong, ProblemKind::TooManyItems];
    assert_eq!(kinds(&feed), expected);
    assert_eq!(feed.problems()[1].item, Some(1));

    let deep = "<rss><channel><item><x><y><z><title>lost</title></z></y></x><title>kept</title></item></channel></rss>";
    let feed = parse_within(deep.as_bytes(), &Envelope::default(), &limits);
    assert_eq!(feed.items().map(|item| item.title).collect::<Vec<_>>(), ["kept"]);
    assert!(kinds(&feed).contains(&ProblemKind::TooDeep));

    let tight = Limits { text_bytes: 3, ..Limits::default() };
    let feed = parse_within(rss.as_bytes(), &Envelope::default(), &tight);
    assert_eq!((feed.len(), kinds(&feed)), (0, vec![ProblemKind::TooMuchText]));
    let short = Limits { document_bytes: 60, ..Limits::default() };
    let feed = parse_within(rss.as_bytes(), &Envelope::default(), &short);
    assert_eq!(kinds(&feed), [ProblemKind::DocumentTooLong, ProblemKind::Truncated]);
    let quiet = Limits { problems: 1, ..limits };
    let feed = parse_within(rss.as_bytes(), &Envelope::default(), &quiet);
    assert_eq!((feed.problems().len(), feed.problems_unlisted()), (1, 2));
}

#[test]
fn one_bad_item_loses_itself_only() {
    let good = |n: u32| format!("<item><title>good {n}</title></item>");
    for bad in [
        "<item>",
        "<item><title>",
        "<item><title><![CDATA[",
        "<item><!-- ",
        "<item><description><p><b></item>",
        "<item><title>x</title></nonsense></item>",
        "<item><link href='></item>",
        "</item></item>",
        "<item><title>&#xffffffff;&&&;</title><pubDate>?</pubDate></item>",
        "<item><source><title>",
    ] {
        let rss = format!("<rss><channel>{}{bad}{}</channel></rss>", good(1), good(2));
        let feed = parse(rss.as_bytes(), &Envelope::default());
        let titles: Vec<&str> = feed.items().map(|item| item.title).collect();
        assert!(titles.contains(&"good 1") && titles.contains(&"good 2"), "{bad}: {titles:?}");
        assert_ne!(feed.problems(), [], "{bad}");
    }
}

#[test]
fn a_short_name_for_a_long_text_is_not_multiplied() {
    let (long, names) = ("x".repeat(250), "&e;".repeat(10_000));
    let doctype = format!("<!DOCTYPE rss [<!ENTITY e \"{long}\">]>");
    let rss = format!("{doctype}<rss><channel><item><title>{names}</title></item></channel></rss>");
    let limits = Limits { line_bytes: 1 << 20, ..Limits::default() };
    let feed = parse_within(rss.as_bytes(), &Envelope::default(), &limits);
    let length = feed.items().next().map_or(0, |item| item.title.len());
    assert!(length <= limits.element_bytes + names.len(), "{length}");
}

#[test]
fn problems_say_where_they_are() {
    let rss = "<rss><channel><item><title>t</title><pubDate>?</pubDate></item></channel></rss>";
    let feed = parse(rss.as_bytes(), &Envelope::default());
    let words: Vec<String> = feed.problems().iter().map(ToString::to_string).collect();
    assert_eq!(words, ["byte 45, item 0: a date that cannot be read"]);
}

#[test]
fn the_listed_feeds_can_be_read_and_are_listed_once() {
    let table: toml::Table = LISTED.parse().unwrap();
    let feeds = table["feed"].as_array().unwrap();
    let mut addresses = std::collections::BTreeSet::new();
    let mut defaults = 0;
    for feed in feeds {
        let text = |name: &str| feed[name].as_str().unwrap();
        assert!(
            crate::url::is_web(text("url")) && addresses.insert(text("url")),
            "{}",
            text("name")
        );
        assert!(!text("name").is_empty() && !text("category").is_empty());
        let lists = feed["lists"].as_array().unwrap();
        assert!(!lists.is_empty(), "{}", text("name"));
        defaults += usize::from(lists.iter().any(|list| list.as_str() == Some("default")));
    }
    assert!(5 <= defaults);
}

/// Pieces that feeds are made of, so that chance finds the places where they meet.
fn soup(pieces: &'static [&'static str]) -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        9 => proptest::sample::select(pieces).prop_map(str::to_owned),
        1 => "\\PC{0,6}",
    ];
    proptest::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

const RSS: &[&str] = &[
    "<rss version=\"2.0\">",
    "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" xmlns=\"http://purl.org/rss/1.0/\">",
    "<channel>",
    "</channel>",
    "<item>",
    "</item>",
    "<item rdf:about=\"u\">",
    "<title>",
    "</title>",
    "<link>",
    "</link>",
    "<link/>",
    "<guid isPermaLink='false'>",
    "<guid>",
    "</guid>",
    "<pubDate>",
    "</pubDate>",
    "<dc:date>",
    "</dc:date>",
    "<description>",
    "</description>",
    "<content:encoded>",
    "</content:encoded>",
    "<category>",
    "</category>",
    "<source url='x'>",
    "</source>",
    "<image>",
    "</image>",
    "<![CDATA[",
    "]]>",
    "<!--",
    "-->",
    "<p>",
    "</p>",
    "<script>",
    "&amp;",
    "&lt;b&gt;",
    "&",
    "<",
    ">",
    "\"",
    "'",
    "Fri, 20 Nov 2026 14:05:00 GMT",
    "word ",
    "https://a.example/1",
    "<!DOCTYPE rss [",
    "<!ENTITY a \"b\">",
    "]>",
    "&a;",
    " xml:base='x/'",
    "é",
];
const ATOM: &[&str] = &[
    "<feed xmlns=\"http://www.w3.org/2005/Atom\">",
    "<feed version='0.3' xml:base='https://a.example/'>",
    "</feed>",
    "<entry>",
    "<entry xml:base='b/'>",
    "</entry>",
    "<title type='html'>",
    "<title type='xhtml'>",
    "<title>",
    "</title>",
    "<link href='a'/>",
    "<link rel='alternate' href='b'>",
    "</link>",
    "<id>",
    "</id>",
    "<published>",
    "</published>",
    "<updated>",
    "</updated>",
    "2026-11-20T14:05:00Z",
    "<author>",
    "<name>",
    "</name>",
    "</author>",
    "<summary>",
    "</summary>",
    "<content type='xhtml'>",
    "<content type='html'>",
    "<content type='image/png'>",
    "</content>",
    "<div xmlns='http://www.w3.org/1999/xhtml'>",
    "</div>",
    "<category term='x'/>",
    "<source>",
    "</source>",
    "<a:entry xmlns:a='http://www.w3.org/2005/Atom'>",
    "</a:entry>",
    "<![CDATA[",
    "]]>",
    "&lt;",
    "&",
    "<",
    ">",
    "word ",
];
const JSON: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    "\"",
    "\\",
    ",",
    ":",
    "null",
    "1",
    "\"version\":\"https://jsonfeed.org/version/1.1\",",
    "\"items\":[",
    "{\"id\":\"1\",",
    "\"title\":\"t\"",
    "\"url\":\"u\"",
    "\"content_html\":\"<p>x\"",
    "\"tags\":[\"a\"]",
    "\"authors\":[{\"name\":\"n\"}]",
    "\"author\":",
    "\"date_published\":\"2026-11-20\"",
    "\\u12",
    "\\ud83d",
    " ",
    "},{",
];

/// What holds for every document: order, bounds, tidy texts.
fn sound(document: &[u8], limits: &Limits) -> Result<(), TestCaseError> {
    let feed = parse_within(document, &Envelope::default(), limits);
    prop_assert!(feed.len() <= limits.items);
    prop_assert!(feed.problems().len() <= limits.problems);
    for item in feed.items() {
        for text in [item.title, item.author, item.summary, item.body] {
            prop_assert!(!text.contains("  ") && text.trim_matches(' ') == text, "{text:?}");
        }
        prop_assert!(!(item.title.is_empty() && item.text().is_empty()));
        prop_assert!(item.title.len() <= limits.line_bytes && item.link.len() <= limits.line_bytes);
        prop_assert!(
            item.summary.len() <= limits.body_bytes && item.body.len() <= limits.body_bytes
        );
        prop_assert!(item.categories().count() <= limits.categories);
        prop_assert!(item.link.is_empty() || !item.link.contains("javascript:"));
    }
    Ok(())
}

fn tight() -> Limits {
    Limits {
        items: 3,
        depth: 5,
        line_bytes: 20,
        body_bytes: 30,
        element_bytes: 60,
        text_bytes: 120,
        categories: 2,
        problems: 4,
        ..Limits::default()
    }
}

proptest! {
    #[test]
    fn prop_any_rss_is_read(document in soup(RSS)) {
        sound(document.as_bytes(), &Limits::default())?;
        sound(document.as_bytes(), &tight())?;
    }

    #[test]
    fn prop_any_atom_is_read(document in soup(ATOM)) {
        sound(document.as_bytes(), &Limits::default())?;
        sound(document.as_bytes(), &tight())?;
    }

    #[test]
    fn prop_any_json_is_read(document in soup(JSON)) {
        let document = format!("{{{document}");
        sound(document.as_bytes(), &Limits::default())?;
        sound(document.as_bytes(), &tight())?;
    }

    #[test]
    fn prop_any_bytes_are_read(document in proptest::collection::vec(any::<u8>(), 0..400)) {
        sound(&document, &tight())?;
    }

    #[test]
    fn prop_whole_items_survive_what_stands_between_them(soup in soup(&["<p>", "</b>", "&", "<br/>", "text", "<x:y/>", "]]>", "</nothing>"])) {
        let item = |n: u32| format!("<item><title>good {n}</title></item>");
        let rss = format!("<rss><channel>{}{soup}{}</channel></rss>", item(1), item(2));
        let feed = parse(rss.as_bytes(), &Envelope::default());
        prop_assert_eq!(feed.items().map(|item| item.title).collect::<Vec<_>>(), ["good 1", "good 2"]);
    }
}
