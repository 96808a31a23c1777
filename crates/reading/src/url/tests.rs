use proptest::prelude::*;

use super::*;

#[test]
fn spellings_of_one_page_are_one() {
    let same = [
        "https://wire.example/news/tern",
        "http://WIRE.example:80/news/tern/",
        "https://www.wire.example/news/tern?utm_source=x&utm_medium=rss#top",
        "https://m.wire.example/news/tern/amp/",
        "https://amp.wire.example/news/./x/../tern?fbclid=1&gclid=2",
        "https://user:secret@wire.example:443/news/%74ern?",
        "  https://wire.example/news/\ntern ",
        "https://wire.example./news/tern?utm%5Fsource=x",
        "https://www.google.com/amp/s/wire.example/news/tern",
        "https://wire-example.cdn.ampproject.org/c/s/wire.example/news/tern",
    ];
    for address in same {
        assert_eq!(normalise(address).as_deref(), Some(same[0]), "{address}");
    }
}

#[test]
fn different_pages_stay_apart() {
    let pages = [
        "https://wire.example/news/tern",
        "https://wire.example/news/Tern",
        "https://wire.example/news/tern2",
        "https://wire.example/news/tern?id=1",
        "https://wire.example/news/tern?id=2",
        "https://wire.example:8080/news/tern",
        "https://other.example/news/tern",
        "https://example/news/tern",
    ];
    let normal: std::collections::BTreeSet<String> =
        pages.iter().filter_map(|it| normalise(it)).collect();
    assert_eq!(normal.len(), pages.len());
}

#[test]
fn parameters_are_sorted_and_those_that_track_are_dropped() {
    let normal = normalise("https://a.example/?b=2&a=1&utm_x=3&ref=rss&b=2");
    assert_eq!(normal.as_deref(), Some("https://a.example?a=1&b=2"));
}

#[test]
fn what_is_no_address_of_the_web_has_no_spelling() {
    for address in [
        "",
        "news",
        "mailto:a@b.example",
        "javascript:x",
        "ftp://a.example",
        "https://",
        "http:///x",
    ] {
        assert_eq!(normalise(address), None, "{address}");
    }
    assert_eq!(normalise(&format!("https://a.example/{}", "x".repeat(5000))), None);
    for blank in ["http:// #", "https://a b.example/", "https://\u{a0}/x"] {
        assert_eq!(normalise(blank), None, "a host has no blanks: {blank:?}");
    }
}

#[test]
fn links_are_resolved_as_the_standard_does() {
    let start = "http://a.example/b/c/d;p?q";
    let checks = [
        ("g", "http://a.example/b/c/g"),
        ("./g/", "http://a.example/b/c/g/"),
        ("/g", "http://a.example/g"),
        ("//g.example", "http://g.example"),
        ("?y", "http://a.example/b/c/d;p?y"),
        ("g?y#s", "http://a.example/b/c/g?y#s"),
        ("#s", "http://a.example/b/c/d;p?q#s"),
        (";x", "http://a.example/b/c/;x"),
        ("..", "http://a.example/b/"),
        ("../../g", "http://a.example/g"),
        ("../../../g", "http://a.example/g"),
        ("g/./h/../i", "http://a.example/b/c/g/i"),
        ("https://other.example/x", "https://other.example/x"),
    ];
    for (link, expected) in checks {
        assert_eq!(join(start, link).as_deref(), Some(expected), "{link}");
    }
    assert_eq!(join(start, "javascript:alert(1)"), None);
    assert_eq!(join(start, ""), None);
    assert_eq!(join("", "/news/1").as_deref(), Some("/news/1"));
    assert_eq!(join("http://a.example", "x").as_deref(), Some("http://a.example/x"));
}

#[test]
fn sites_and_front_pages_are_known() {
    assert_eq!(site("https://www.Wire.example:443/x"), "wire.example");
    assert_eq!(site("news"), "");
    assert!(!has_place(&normalise("https://wire.example/?utm_source=a").unwrap()));
    assert!(has_place(&normalise("https://wire.example/a").unwrap()));
}

proptest! {
    #[test]
    fn prop_a_normal_spelling_is_its_own(address in "(https?://)?(\\PC|[./?&=#%:@a-c]|amp|www|utm_|%2e|%41){0,40}") {
        if let Some(normal) = normalise(&address) {
            prop_assert_eq!(normalise(&normal), Some(normal.clone()), "{}", address);
        }
    }

    #[test]
    fn prop_joining_never_leaves_the_web(start in "(https://a.example/)?\\PC{0,20}", link in "\\PC{0,20}") {
        if let Some(joined) = join(&start, &link) {
            prop_assert!(is_web(&joined) || !is_web(&start));
        }
    }
}
