//! One request: what comes back, and what is refused.

use std::net::SocketAddr;
use std::sync::Mutex;

use backsight_domain::time::{Span, Time};
use backsight_gateway::feed::{BODY_MAX, PACKED_MAX};
use backsight_gateway::guard::{Guard, Place, Refusal};
use backsight_gateway::http::client::{Client, Patience};
use backsight_gateway::http::coding::{CodingFault, unpack};
use backsight_gateway::http::fault::Fault;
use backsight_gateway::http::{Ask, Validators};
use backsight_gateway::newsstand::{Manner, Newsstand, Page};

use crate::shop::{CALM, HASTY, Script, client, get, stand, url};

const BODY: &[u8] = b"<rss><channel><item><title>Acme rises</title></item></channel></rss>";

fn page() -> Page {
    Page::new(BODY, "application/rss+xml")
}

/// Serves the page in a manner and takes the fault that comes of it.
fn fault_of(manner: Manner, patience: Patience) -> Fault {
    let result = get(&stand(page().served(manner)), patience, PACKED_MAX);
    result.expect_err("such an answer is none")
}

#[test]
fn a_good_server_is_asked_for_changes_only() {
    let changed = Time::parse("2024-03-01T12:00:00Z").unwrap();
    let stand = stand(page().modified(changed));
    let first = get(&stand, CALM, PACKED_MAX).unwrap();
    assert_eq!(first.head.status, 200);
    assert_eq!(first.head.content_encoding.as_deref(), Some("gzip"));
    assert_eq!(first.head.content_type.as_deref(), Some("application/rss+xml"));
    assert_eq!(unpack(Some("gzip"), first.body, BODY_MAX).unwrap(), BODY);

    let validators = first.head.validators;
    let ask = Ask { validators: validators.clone(), ..Ask::whole(stand.url("/feed")) };
    let second = client(CALM).get(&ask, PACKED_MAX).unwrap();
    assert_eq!((second.head.status, second.body.len()), (304, 0));
    let only_date = Validators { etag: None, ..validators };
    let ask = Ask { validators: only_date, ..Ask::whole(stand.url("/feed")) };
    assert_eq!(client(CALM).get(&ask, PACKED_MAX).unwrap().head.status, 304);

    stand.put("/feed", Page::new("other", "text/xml"));
    let ask = Ask { from: None, ..ask };
    assert_eq!(client(CALM).get(&ask, PACKED_MAX).unwrap().head.status, 200);

    let log = stand.log();
    assert!(log[1].header("if-none-match").is_some());
    assert_eq!(log[2].header("if-none-match"), None);
    assert_eq!(log[2].header("if-modified-since"), Some("Fri, 01 Mar 2024 12:00:00 GMT"));
    let agent = log[0].header("user-agent").unwrap();
    assert!(agent.starts_with("backsight/") && !agent.contains('@'), "{agent}");
    let named = client(CALM).with_contact(Some("a@b.example"));
    named.get(&Ask::whole(stand.url("/feed")), PACKED_MAX).unwrap();
    let log = stand.log();
    assert!(log[4].header("user-agent").unwrap().ends_with(" (a@b.example)"));
}

#[test]
fn a_body_in_chunks_and_a_plain_one_are_the_same() {
    let long = Page::new(BODY.repeat(100), "text/xml");
    for manner in [Manner::Chunked, Manner::Plain] {
        let answer = get(&stand(long.clone().served(manner)), CALM, PACKED_MAX).unwrap();
        assert_eq!(answer.body, BODY.repeat(100));
        assert!(answer.head.validators.is_empty());
    }
}

#[test]
fn a_body_that_breaks_off_is_no_body() {
    let is_broken = |fault: &Fault| matches!(fault, Fault::Broken { .. });
    let fault = fault_of(Manner::BreaksOff(20), CALM);
    assert!(is_broken(&fault), "{fault}");
    assert!(fault.to_string().ends_with("it ends before it is complete"), "{fault}");
    let fault = fault_of(Manner::Gibberish, CALM);
    assert!(is_broken(&fault), "{fault}");
    let fault = fault_of(Manner::EndlessHead, CALM);
    assert!(is_broken(&fault), "{fault}");
}

#[test]
fn a_body_is_no_longer_than_its_server_says() {
    let answer = get(&stand(page().served(Manner::Understates(10))), CALM, PACKED_MAX).unwrap();
    assert_eq!(answer.body, &BODY[..BODY.len() - 10]);
}

#[test]
fn a_server_that_keeps_us_waiting_is_left() {
    for manner in [Manner::Silent, Manner::Dripping] {
        let fault = fault_of(manner.clone(), HASTY);
        assert!(matches!(fault, Fault::Late { .. }), "{manner:?}: {fault}");
    }
}

#[test]
fn no_body_is_larger_than_the_limit() {
    let limit = 100_000;
    let fault = get(&stand(page().served(Manner::Endless)), CALM, limit).unwrap_err();
    assert!(matches!(fault, Fault::Large { limit: 100_000, .. }), "{fault}");
    let large = Page::new(vec![b'x'; limit + 1], "text/plain");
    for manner in [Manner::Plain, Manner::Chunked] {
        let fault = get(&stand(large.clone().served(manner)), CALM, limit).unwrap_err();
        assert!(matches!(fault, Fault::Large { .. }), "{fault}");
    }
    let exact = Page::new(vec![b'x'; limit], "text/plain").served(Manner::Plain);
    assert_eq!(get(&stand(exact), CALM, limit).unwrap().body.len(), limit);
}

#[test]
fn a_bomb_costs_no_more_than_a_body() {
    let bomb = get(&stand(page().served(Manner::Bomb(256))), CALM, PACKED_MAX).unwrap();
    assert!(bomb.body.len() < 512 << 10, "{} bytes on the way", bomb.body.len());
    let plain = unpack(bomb.head.content_encoding.as_deref(), bomb.body, BODY_MAX);
    assert_eq!(plain, Err(CodingFault::Large(BODY_MAX)));
}

#[test]
fn brotli_is_asked_for_and_unpacked() {
    let feed = include_bytes!("../packed/feed.br").as_slice();
    let stand = stand(Page::new(feed, "text/xml").served(Manner::Packed("br")));
    let answer = get(&stand, CALM, PACKED_MAX).unwrap();
    let plain = unpack(answer.head.content_encoding.as_deref(), answer.body, BODY_MAX).unwrap();
    assert!(plain.starts_with(b"<rss ") && plain.ends_with(b"</rss>\n"));
    assert_eq!(stand.log()[0].header("accept-encoding"), Some("gzip, br"));

    let bomb = include_bytes!("../packed/bomb.br").as_slice();
    stand.put("/feed", Page::new(bomb, "text/xml").served(Manner::Packed("br")));
    let answer = get(&stand, CALM, PACKED_MAX).unwrap();
    let plain = unpack(answer.head.content_encoding.as_deref(), answer.body, BODY_MAX);
    assert_eq!(plain, Err(CodingFault::Large(BODY_MAX)));
}

#[test]
fn a_torn_archive_is_a_named_fault() {
    let torn = get(&stand(page().served(Manner::TornPacking)), CALM, PACKED_MAX).unwrap();
    let plain = unpack(torn.head.content_encoding.as_deref(), torn.body, BODY_MAX);
    assert!(matches!(plain, Err(CodingFault::Torn { .. })), "{plain:?}");
}

#[test]
fn a_redirect_and_a_wish_are_told_and_not_followed() {
    let moved = Manner::Moved { status: 301, to: "/elsewhere".into() };
    let answer = get(&stand(page().served(moved)), CALM, PACKED_MAX).unwrap();
    assert_eq!((answer.head.status, answer.head.location.as_deref()), (301, Some("/elsewhere")));
    let busy = Manner::Busy { status: 429, retry_after: Span::from_minutes(2) };
    let answer = get(&stand(page().served(busy)), CALM, PACKED_MAX).unwrap();
    assert_eq!((answer.head.status, answer.head.retry_after.as_deref()), (429, Some("120")));
}

#[test]
fn a_part_is_asked_for_unpacked() {
    let stand = stand(page());
    let ask = Ask { from: Some(10), ..Ask::whole(stand.url("/feed")) };
    let answer = client(CALM).get(&ask, PACKED_MAX).unwrap();
    assert_eq!((answer.head.status, answer.body.as_slice()), (206, &BODY[10..]));
    let range = format!("bytes 10-{}/{}", BODY.len() - 1, BODY.len());
    assert_eq!(answer.head.content_range, Some(range.into()));
    let ask = Ask { from: Some(1_000), ..ask };
    assert_eq!(client(CALM).get(&ask, PACKED_MAX).unwrap().head.status, 416);
}

#[test]
fn this_machine_is_refused_under_every_name_unless_it_is_allowed() {
    let stand = stand(page());
    let port = stand.address().port();
    let client = Client::new(Guard::public(), CALM);
    for host in ["127.0.0.1", "localhost", "[::1]", "127.8.9.10", "[::ffff:127.0.0.1]", "0.0.0.0"] {
        let ask = Ask::whole(url(&format!("http://{host}:{port}/feed")));
        let fault = client.get(&ask, PACKED_MAX).unwrap_err();
        let is_refused = matches!(fault, Fault::Refused { refusal: Refusal::Place { .. }, .. });
        // A machine without version 6 may not know its name.
        assert!(is_refused || matches!(fault, Fault::NoAddress { .. }), "{host}: {fault}");
    }
    assert!(stand.log().is_empty(), "nobody was asked");
}

#[test]
fn a_name_is_vetted_after_it_was_looked_up_and_asked_where_it_was_vetted() {
    let stand = stand(page());
    let ours = stand.address();
    let private: SocketAddr = "10.0.0.1:80".parse().unwrap();
    let metadata: SocketAddr = "169.254.169.254:80".parse().unwrap();
    // The second look-up would lead elsewhere: there must be one for each request.
    let answers = vec![vec![private, ours], vec![metadata], vec![]];
    let names = Script(Mutex::new(answers));
    let client = Client::with_names(Guard::with_loopback(), CALM, names);
    let ask = Ask::whole(url(&format!("http://localhost:{}/feed", ours.port())));
    assert_eq!(client.get(&ask, PACKED_MAX).unwrap().head.status, 200, "one address is admitted");
    assert_eq!(stand.log()[0].header("host"), Some(&*format!("localhost:{}", ours.port())));

    let fault = client.get(&ask, PACKED_MAX).unwrap_err();
    let refusal = Refusal::Place { address: metadata.ip(), place: Place::LinkLocal };
    assert_eq!(fault, Fault::Refused { host: "localhost".into(), refusal });
    for _ in 0..2 {
        let fault = client.get(&ask, PACKED_MAX).unwrap_err();
        assert!(matches!(fault, Fault::NoAddress { .. }), "{fault}");
    }
    assert_eq!(stand.log().len(), 1);
}

#[test]
fn a_strangers_name_that_leads_here_is_refused() {
    let stand = stand(page());
    let names = Script(Mutex::new(vec![vec![stand.address()]]));
    let client = Client::with_names(Guard::with_loopback(), CALM, names);
    let ask = Ask::whole(url(&format!("http://news.example:{}/feed", stand.address().port())));
    let fault = client.get(&ask, PACKED_MAX).unwrap_err();
    assert!(matches!(fault, Fault::Refused { .. }), "{fault}");
    assert!(stand.log().is_empty());
}

#[test]
fn nobody_at_home_is_said_in_words() {
    let stand = Newsstand::open().unwrap();
    let gone = stand.url("/feed");
    drop(stand);
    let fault = client(CALM).get(&Ask::whole(gone), PACKED_MAX).unwrap_err();
    assert!(matches!(fault, Fault::Unreachable { .. }), "{fault}");
    assert!(fault.to_string().contains("check whether this machine is online"), "{fault}");
}

#[test]
fn a_server_without_an_encrypted_channel_is_not_trusted() {
    let stand = stand(page());
    let secure = url(&stand.url("/feed").to_string().replacen("http", "https", 1));
    let fault = client(CALM).get(&Ask::whole(secure), PACKED_MAX).unwrap_err();
    assert!(matches!(fault, Fault::Untrusted { .. }), "{fault:?}");
}
