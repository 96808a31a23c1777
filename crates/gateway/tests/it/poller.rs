//! The whole way: schedule, threads, sockets, and back.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use backsight_domain::time::{Span, Time};
use backsight_gateway::feed::intake::{Intake, News};
use backsight_gateway::feed::poller::Poller;
use backsight_gateway::feed::schedule::{Manners, Schedule};
use backsight_gateway::feed::wire::{Report, Wire, catch_up};
use backsight_gateway::feed::{Feed, Fetched, Outcome, Turn};
use backsight_gateway::http::client::Patience;
use backsight_gateway::http::fault::Fault;
use backsight_gateway::newsstand::paper::{Format, Item, Paper};
use backsight_gateway::newsstand::{Manner, Newsstand, Page};
use backsight_reading::story::Settings;

use crate::shop::{CALM, HASTY, client};

/// A second of the test passes each time somebody looks at the clock.
fn clock() -> Time {
    static SECONDS: AtomicI64 = AtomicI64::new(1_700_000_000);
    Time::from_seconds(SECONDS.fetch_add(1, Ordering::SeqCst))
}

fn paper(number: usize) -> Paper {
    let items = (0..number).map(|at| Item {
        id: format!("urn:{at}"),
        title: format!("Outlet {at} raises its yearly dividend & more"),
        link: format!("https://outlet.example/{at}"),
        summary: "In short".to_owned(),
        published: None,
    });
    Paper { title: "Outlet".into(), link: "https://outlet.example/".into(), items: items.collect() }
}

fn poller(stand: &Newsstand, paths: &[&str], patience: Patience) -> Poller {
    Poller::start(schedule(stand, paths, clock()), &client(patience), clock)
}

fn schedule(stand: &Newsstand, paths: &[&str], now: Time) -> Schedule {
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
    Schedule::new(feeds.collect(), manners, 7, now)
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
    let mut poller = poller(&stand, &paths, CALM);
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
    let mut poller = poller(&stand, &paths, HASTY);
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

#[test]
fn a_story_is_told_once_however_many_feeds_carry_it() {
    let stand = Newsstand::open().unwrap();
    let mut other = paper(8);
    other.items.truncate(2);
    for item in &mut other.items {
        item.id = format!("other {}", item.id);
        item.link = item.link.replace("outlet", "other");
        item.published = Some(Time::parse("2024-03-01T12:00:00Z").unwrap());
    }
    stand.put("/one", paper(8).print(Format::Rss2));
    stand.put("/two", other.print(Format::Json));
    stand.put("/page", Page::new("<html><body>Subscribe!</body></html>", "text/html"));
    let poller = poller(&stand, &["/one", "/two", "/page"], CALM);
    let mut wire = Wire::new(poller, Intake::new(Settings::default()));
    let mut news = Vec::new();
    let mut failed = 0;
    for _ in 0..20_000 {
        let Some(Report { turn, edition }) = wire.poll(Duration::from_millis(2)) else { continue };
        match (turn.outcome, edition) {
            (Outcome::Fetched(_), Some(edition)) => news.extend(edition.news),
            (Outcome::Failed(fault), None) => {
                assert!(matches!(fault, Fault::Unreadable { .. }), "{fault}");
                failed += 1;
            }
            (outcome, edition) => assert!(edition.is_none() && outcome == Outcome::Unchanged),
        }
        if news.len() == 10 && failed == 1 {
            break;
        }
    }
    assert_eq!((news.len(), failed), (10, 1));
    let stories: BTreeSet<u64> = news.iter().map(|news| news.story.id).collect();
    assert_eq!(stories.len(), 8, "two items were copies");
    let copies = news.iter().filter(|news| news.placed.sightings == 2);
    assert_eq!(copies.filter(|news| news.placed.confirms).count(), 2);
    for News { story, received_at, .. } in &news {
        let is_dated = &*story.source == "two";
        assert_eq!(story.published.is_some(), is_dated, "undated stays undated");
        assert_ne!(story.published, Some(*received_at));
    }
}

/// Plays a simulated hour in which an outlet prints a story every ten minutes.
fn simulated_hour() -> Vec<(u64, Time, String)> {
    let stand = Newsstand::open().unwrap_or_else(|fault| panic!("{fault}"));
    let mut now = Time::parse("2024-03-01T14:30:00Z").unwrap_or_default();
    let paths = ["/wire", "/copy", "/gone"];
    let mut schedule = schedule(&stand, &paths, now);
    let mut intake = Intake::new(Settings::default());
    let client = client(CALM);
    let mut told = Vec::new();
    for minute in 0..60 {
        let paper = paper(1 + minute / 10);
        stand.put("/wire", paper.print(Format::Rss2));
        stand.put("/copy", paper.print(Format::Atom));
        for Report { edition, .. } in catch_up(&mut schedule, &mut intake, &client, now) {
            for news in edition.into_iter().flat_map(|edition| edition.news) {
                assert_eq!(news.received_at, now, "time stands still");
                told.push((news.story.id, now, news.story.source.to_string()));
            }
        }
        now = now + Span::from_minutes(1);
    }
    told
}

#[test]
fn a_simulated_hour_brings_the_same_stories_at_the_same_times() {
    let hour = simulated_hour();
    assert_eq!(hour.len(), 12, "six stories, told by two");
    let stories: BTreeSet<u64> = hour.iter().map(|(story, ..)| *story).collect();
    assert_eq!(stories.len(), 6);
    assert_eq!(hour, simulated_hour());
}
