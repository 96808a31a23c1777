use proptest::prelude::*;

use super::*;

fn check(text: &str, expected: &str) {
    assert_eq!(Url::parse(text).map(|url| url.to_string()), Ok(expected.to_owned()), "{text}");
}

fn check_joined(from: &str, reference: &str, expected: &str) {
    let joined = Url::parse(from).unwrap().join(reference).unwrap();
    assert_eq!(joined.to_string(), expected, "{from} + {reference}");
}

#[test]
fn an_address_has_one_spelling() {
    check("HTTPS://Example.COM", "https://example.com/");
    check("http://example.com:80/a?b=c#d", "http://example.com/a?b=c");
    check("https://example.com.:8443/a/./b/../c", "https://example.com:8443/a/c");
    check("https://example.com/../../x", "https://example.com/x");
    check("https://example.com?q=1", "https://example.com/?q=1");
    check("https://xn--bcher-kva.example/é ü", "https://xn--bcher-kva.example/%C3%A9%20%C3%BC");
    check("http://[2001:DB8:0:0::1]:8080/", "http://[2001:db8::1]:8080/");
    check("http://127.0.0.1:9/", "http://127.0.0.1:9/");
}

#[test]
fn what_is_no_address_is_refused_by_name() {
    let refused = |text: &str| Url::parse(text).unwrap_err();
    assert_eq!(refused("ftp://example.com/"), BadUrl::Scheme("ftp://example.com/".into()));
    assert_eq!(refused("example.com"), BadUrl::Scheme("example.com".into()));
    assert_eq!(refused("https://user:word@example.com/"), BadUrl::User);
    assert_eq!(refused("https://example.com\\@evil.example/"), BadUrl::Characters);
    assert_eq!(refused("https://example.com/\r\nHost: evil"), BadUrl::Characters);
    assert_eq!(refused(" https://example.com/"), BadUrl::Characters);
    assert_eq!(refused("https://example.com:0/"), BadUrl::Port("0".into()));
    assert_eq!(refused("https://example.com:+80/"), BadUrl::Port("+80".into()));
    assert_eq!(refused(&format!("https://example.com/{}", "a".repeat(2_048))), BadUrl::Long);
    assert_eq!(refused(&format!("https://example.com/{}", "é".repeat(800))), BadUrl::Long);
}

#[test]
fn an_address_in_disguise_is_no_host() {
    for host in [
        "",
        "0x7f.1",
        "2130706433",
        "127.1",
        "0177.0.0.1",
        "1.2.3.4.5",
        "[::1",
        "a..b",
        "bücher.de",
    ] {
        let refused = Url::parse(&format!("http://{host}/"));
        assert!(matches!(refused, Err(BadUrl::Host(_))), "{host}: {refused:?}");
    }
}

#[test]
fn a_reference_is_read_from_where_it_was_found() {
    let from = "https://example.com/news/feed.xml?page=1";
    check_joined(from, "https://other.example/x", "https://other.example/x");
    check_joined(from, "//other.example/x", "https://other.example/x");
    check_joined(from, "/x", "https://example.com/x");
    check_joined(from, "next.xml", "https://example.com/news/next.xml");
    check_joined(from, "../up.xml", "https://example.com/up.xml");
    check_joined(from, "?page=2", "https://example.com/news/feed.xml?page=2");
    check_joined(from, "#top", from);
    assert!(Url::parse(from).unwrap().join("javascript:alert(1)").is_err());
    assert!(Url::parse(from).unwrap().join("file:///etc/passwd").is_err());
}

#[test]
fn this_machine_is_known_by_its_own_names_only() {
    for host in ["localhost", "LOCALHOST.", "127.0.0.1", "127.255.0.9", "[::1]", "[0:0::1]"] {
        assert!(Url::parse(&format!("http://{host}/")).unwrap().is_here(), "{host}");
    }
    for host in ["localhost.example", "example.com", "10.0.0.1", "[::2]", "[::ffff:127.0.0.1]"] {
        assert!(!Url::parse(&format!("http://{host}/")).unwrap().is_here(), "{host}");
    }
}

proptest! {
    #[test]
    fn prop_a_printed_address_reads_back_as_itself(text in "https?://[a-z]{1,5}(\\.[a-z]{2,3}){0,2}(:[0-9]{1,4})?[/?#][ -~é]{0,40}") {
        if let Ok(url) = Url::parse(&text) {
            prop_assert_eq!(Url::parse(&url.to_string()), Ok(url));
        }
    }

    #[test]
    fn prop_no_text_breaks_the_reader(text in "\\PC{0,80}") {
        let base = Url::parse("https://example.com/a/b").unwrap();
        for url in [Url::parse(&text), base.join(&text)].into_iter().flatten() {
            prop_assert!(url.to_string().bytes().all(|byte| byte.is_ascii_graphic()));
        }
    }
}
