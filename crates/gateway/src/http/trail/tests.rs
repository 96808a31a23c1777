use super::*;

fn url(text: &str) -> Url {
    Url::parse(text).unwrap()
}

fn head(status: u16, location: &str) -> Head {
    Head { status, location: Some(location.into()), ..Head::default() }
}

#[test]
fn only_hops_that_are_permanent_from_the_start_move_a_feed() {
    let mut trail = Trail::new(url("https://a.example/feed"));
    assert_eq!(trail.moved(), None);
    assert_eq!(trail.advance(&head(301, "/rss")), Ok(true));
    assert_eq!(trail.advance(&head(308, "https://b.example/rss")), Ok(true));
    assert_eq!(trail.moved(), Some(&url("https://b.example/rss")));
    assert_eq!(trail.advance(&head(302, "/today")), Ok(true));
    assert_eq!(trail.advance(&head(301, "/cache")), Ok(true));
    assert_eq!(trail.moved(), Some(&url("https://b.example/rss")), "the rest is for today");
    assert_eq!(trail.last(), &url("https://b.example/cache"));
    assert_eq!(trail.advance(&head(200, "/ignored")), Ok(false));
}

#[test]
fn a_circle_and_a_long_way_end() {
    let mut trail = Trail::new(url("https://a.example/0"));
    assert_eq!(trail.advance(&head(302, "/1")), Ok(true));
    let circle = trail.advance(&head(302, "/0"));
    assert_eq!(circle, Err(TrailFault::Circle(Box::new(url("https://a.example/0")))));
    for hop in 2..=HOPS_MAX {
        assert_eq!(trail.advance(&head(302, &format!("/{hop}"))), Ok(true), "{hop}");
    }
    assert_eq!(trail.advance(&head(302, "/further")), Err(TrailFault::Long));
}

#[test]
fn an_encrypted_channel_is_not_left() {
    let mut trail = Trail::new(url("http://a.example/"));
    assert_eq!(trail.advance(&head(301, "https://a.example/")), Ok(true));
    let fault = trail.advance(&head(301, "http://b.example/"));
    assert_eq!(fault, Err(TrailFault::Downgrade(Box::new(url("http://b.example/")))));
}

#[test]
fn a_redirect_must_say_where_to() {
    let mut trail = Trail::new(url("https://a.example/"));
    let blank = Head { status: 301, ..Head::default() };
    assert_eq!(trail.advance(&blank), Err(TrailFault::Blank));
    assert!(matches!(trail.advance(&head(302, "file:///etc/passwd")), Err(TrailFault::Bad(_))));
}

#[test]
fn no_other_machine_sends_us_to_our_own() {
    for here in ["http://127.0.0.1:8080/", "http://localhost/", "http://[::1]/"] {
        let mut trail = Trail::new(url("http://a.example/"));
        assert_eq!(trail.advance(&head(302, here)), Err(TrailFault::Inward(Box::new(url(here)))));
        let mut own = Trail::new(url("http://127.0.0.1:9/"));
        assert_eq!(own.advance(&head(302, here)), Ok(true), "our own server may");
    }
}
