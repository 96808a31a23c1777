//! The whole way: schedule, threads, sockets, and back.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use backsight_domain::time::{Span, Time};
use backsight_gateway::feed::poller::Poller;
use backsight_gateway::feed::schedule::{Manners, Schedule};
use backsight_gateway::feed::{Feed, Fetched, Outcome, Turn};
use backsight_gateway::newsstand::paper::{Format, Item, Paper};
use backsight_gateway::newsstand::{Manner, Newsstand, Page};

use crate::shop::{HASTY, client};

/// A second of the test passes each time somebody looks at the clock.
fn clock() -> Time {
    static SECONDS: AtomicI64 = AtomicI64::new(1_700_000_000);
    Time::from_seconds(SECONDS.fetch_add(1, Ordering::SeqCst))
}

fn paper(number: usize) -> Paper {
    let items = (0..number).map(|at| Item {
        id: format!("urn:{at}"),
        title: format!("Headline {at} & more"),
        link: format!("https://outlet.example/{at}"),
        summary: "In short".to_owned(),
        published: None,
    });
    Paper { title: "Outlet".into(), link: "https://outlet.example/".into(), items: items.collect() }
}

fn poller(stand: &Newsstand, paths: &[&str]) -> Poller {
    let feeds = paths.iter().map(|path| Feed {
        name: path.trim_start_matches('/').into(),
        url: stand.url(path),
        every: Span::from_minutes(1),
    });
    let manners = Manners {
        gap: Span::ZERO,
        first_round: Span::ZERO,
        back_off_max: Span::from_minutes(2),
        ..Manners::default()
    };
    let schedule = Schedule::new(feeds.collect(), manners, 7, clock());
    Poller::start(schedule, &client(HASTY), clock)
}

/// Polls until there were so many turns, judging every body as good.
fn turns(poller: &mut Poller, count: usize) -> Vec<(String, Turn)> {
    let mut turns = Vec::new();
    for _ in 0..20_000 {
        if turns.len() == count {
            break;
        }
        let Some(turn) = poller.poll(Duration::from_millis(2)) else { continue };
        if let Outcome::Fetched(Fetched { feed, received_at, .. }) = turn.outcome {
            poller.schedule_mut().accept(feed, received_at);
        }
        turns.push((poller.schedule().feed(turn.feed).name.to_string(), turn));
    }
    assert_eq!(turns.len(), count, "{turns:?}");
    turns
}

#[test]
fn every_format_arrives_as_it_was_printed_and_then_costs_a_validation_only() {
    let stand = Newsstand::open().unwrap();
    let paths = ["/rss2", "/rss1", "/atom", "/json"];
    for (path, format) in paths.iter().zip(Format::ALL) {
        stand.put(path, paper(30).print(format));
    }
    let mut poller = poller(&stand, &paths);
    for (name, turn) in turns(&mut poller, 4) {
        let Outcome::Fetched(fetched) = turn.outcome else { panic!("{turn:?}") };
        let format = paths.iter().position(|path| path.ends_with(&name)).unwrap();
        let printed = paper(30).print(Format::ALL[format]);
        assert_eq!(fetched.bytes, printed.body);
        assert_eq!(fetched.content_type, Some(printed.content_type));
    }
    for (name, turn) in turns(&mut poller, 4) {
        assert_eq!(turn.outcome, Outcome::Unchanged, "{name}");
    }
    stand.put("/atom", paper(31).print(Format::Atom));
    let (mut news, mut old) = (0, 0);
    for (name, turn) in turns(&mut poller, 4) {
        match turn.outcome {
            Outcome::Fetched(_) if name == "atom" => news += 1,
            Outcome::Unchanged => old += 1,
            Outcome::Fetched(_) | Outcome::Redirected(_) | Outcome::Failed(_) => panic!("{name}"),
        }
    }
    assert!(news == 1 && old == 3);
    let log = stand.log();
    assert!(log[4..].iter().all(|request| request.header("if-none-match").is_some()));
}

#[test]
fn a_redirect_is_followed_and_a_bad_feed_stops_nobody() {
    let stand = Newsstand::open().unwrap();
    stand.put("/good", paper(3).print(Format::Rss2));
    stand.put("/moved", Page::behaving(Manner::Moved { status: 308, to: "/good?x".into() }));
    stand.put("/good?x", paper(3).print(Format::Rss2));
    stand.put("/circle", Page::behaving(Manner::Moved { status: 302, to: "/circle?".into() }));
    stand.put("/circle?", Page::behaving(Manner::Moved { status: 302, to: "/circle".into() }));
    let bad = [
        ("/silent", Manner::Silent),
        ("/bomb", Manner::Bomb(64)),
        ("/endless", Manner::Endless),
        ("/torn", Manner::TornPacking),
        ("/broken", Manner::BreaksOff(5)),
        ("/gibberish", Manner::Gibberish),
        ("/gone", Manner::Status(410)),
    ];
    let mut paths = vec!["/good", "/moved", "/circle"];
    for (path, manner) in bad {
        stand.put(path, paper(5).print(Format::Rss2).served(manner));
        paths.push(path);
    }
    let mut poller = poller(&stand, &paths);
    // Three redirects are followed beside one turn for each feed.
    let turns = turns(&mut poller, paths.len() + 2);
    let (mut good, mut failed) = (Vec::new(), Vec::new());
    for (name, turn) in &turns {
        match &turn.outcome {
            Outcome::Fetched(_) => good.push(name.as_str()),
            Outcome::Failed(fault) => failed.push((name.as_str(), fault.to_string())),
            Outcome::Redirected(_) => {}
            Outcome::Unchanged => panic!("{name}"),
        }
    }
    good.sort_unstable();
    assert_eq!(good, ["good", "moved"]);
    assert_eq!(failed.len(), 8, "{failed:?}");
    let moved = poller.schedule().feeds().find(|(_, feed)| &*feed.name == "moved").unwrap().0;
    assert_eq!(poller.schedule().memory(moved).moved, Some(stand.url("/good?x")));
}
