//! A month of polling without a socket: the tests are the server.

use proptest::prelude::*;

use super::*;
use crate::guard::{Place, Refusal};
use crate::http::coding::CodingFault;

const START: Time = Time::from_seconds(1_700_000_000);
const EVERY: Span = Span::from_minutes(5);

fn url(text: &str) -> Url {
    Url::parse(text).unwrap()
}

fn feed(name: &str, text: &str) -> Feed {
    Feed { name: name.into(), url: url(text), every: EVERY }
}

fn schedule(urls: &[&str]) -> Schedule {
    let feeds = urls.iter().enumerate().map(|(at, text)| feed(&format!("feed-{at}"), text));
    Schedule::new(feeds.collect(), Manners::default(), 7, START)
}

/// The next errand, and when it may begin.
fn next(schedule: &mut Schedule) -> (Errand, Time) {
    let wake = schedule.wake().expect("something waits");
    assert_eq!(schedule.clone().next(wake + Span::from_nanos(-1)), None, "nothing is early");
    (schedule.next(wake).expect("the schedule wakes when there is something to do"), wake)
}

fn answer(status: u16, body: &str) -> Answer {
    let head = Head { status, length: Some(body.len() as u64), ..Head::default() };
    Answer { head, body: body.into() }
}

fn with_validators(body: &str, etag: &str) -> Answer {
    let mut answer = answer(200, body);
    answer.head.validators.etag = Some(etag.into());
    answer.head.validators.last_modified = Some("yesterday".into());
    answer
}

fn redirect(status: u16, to: &str) -> Answer {
    let mut answer = answer(status, "");
    answer.head.location = Some(to.into());
    answer
}

fn late() -> Fault {
    Fault::Late { host: "a.example:443".into(), phase: "an answer".into() }
}

fn fetched(turn: &Turn) -> &Fetched {
    let Outcome::Fetched(fetched) = &turn.outcome else { panic!("{turn:?}") };
    fetched
}

#[test]
fn a_body_is_read_once_and_asked_for_with_what_the_server_gave() {
    let mut schedule = schedule(&["https://a.example/feed"]);
    let (errand, at) = next(&mut schedule);
    assert!(errand.ask.validators.is_empty() && errand.ask.from.is_none());
    let turn = schedule.finish(errand.feed, Ok(with_validators("one", "\"1\"")), at);
    assert_eq!(fetched(&turn).bytes, b"one");
    assert_eq!(fetched(&turn).received_at, at, "when it came, whatever it says");
    assert_eq!(schedule.accept(errand.feed, at), None);

    let (errand, at) = next(&mut schedule);
    assert_eq!(errand.ask.validators.etag.as_deref(), Some("\"1\""));
    assert_eq!(errand.ask.validators.last_modified.as_deref(), Some("yesterday"));
    let turn = schedule.finish(errand.feed, Ok(answer(304, "")), at);
    assert_eq!(turn.outcome, Outcome::Unchanged);

    let (errand, at) = next(&mut schedule);
    assert!(!errand.ask.validators.is_empty(), "a copy that did not change keeps its validators");
    let turn = schedule.finish(errand.feed, Ok(with_validators("two", "\"2\"")), at);
    assert_eq!(fetched(&turn).bytes, b"two");
}

#[test]
fn the_same_body_is_nothing_new_without_any_validators() {
    let mut schedule = schedule(&["https://a.example/feed"]);
    for (round, body) in ["one", "one", "two", "one"].into_iter().enumerate() {
        let (errand, at) = next(&mut schedule);
        assert!(errand.ask.validators.is_empty());
        let turn = schedule.finish(errand.feed, Ok(answer(200, body)), at);
        assert_eq!(turn.outcome == Outcome::Unchanged, round == 1, "{round}");
    }
}

#[test]
fn unchanged_without_a_copy_is_a_failure() {
    let mut schedule = schedule(&["https://a.example/feed"]);
    let (errand, at) = next(&mut schedule);
    let turn = schedule.finish(errand.feed, Ok(answer(304, "")), at);
    assert!(matches!(turn.outcome, Outcome::Failed(Fault::Status { status: 304, .. })));
}

#[test]
fn validators_are_told_only_to_the_address_that_gave_them() {
    let mut schedule = schedule(&["https://a.example/feed"]);
    let (errand, at) = next(&mut schedule);
    schedule.finish(errand.feed, Ok(redirect(302, "https://b.example/today")), at);
    let (errand, at) = next(&mut schedule);
    schedule.finish(errand.feed, Ok(with_validators("one", "\"b\"")), at);
    let (errand, at) = next(&mut schedule);
    assert_eq!(errand.ask.url, url("https://a.example/feed"));
    assert!(errand.ask.validators.is_empty(), "a does not hear of what b said");
    schedule.finish(errand.feed, Ok(redirect(302, "https://b.example/today")), at);
    let (errand, _) = next(&mut schedule);
    assert_eq!(errand.ask.validators.etag.as_deref(), Some("\"b\""));
}

#[test]
fn a_permanent_move_is_remembered_as_long_as_it_works() {
    let mut schedule = schedule(&["http://a.example/feed"]);
    let (errand, at) = next(&mut schedule);
    let turn = schedule.finish(errand.feed, Ok(redirect(301, "https://a.example/feed")), at);
    assert_eq!(turn.outcome, Outcome::Redirected(url("https://a.example/feed")));
    assert_eq!(turn.due, None);
    let (errand, at) = next(&mut schedule);
    let turn = schedule.finish(errand.feed, Ok(answer(200, "one")), at);
    assert_eq!(fetched(&turn).url, url("https://a.example/feed"));
    let (errand, at) = next(&mut schedule);
    assert_eq!(errand.ask.url, url("https://a.example/feed"), "the old address is spared");
    schedule.finish(errand.feed, Ok(answer(500, "")), at);
    let (errand, _) = next(&mut schedule);
    assert_eq!(errand.ask.url, url("http://a.example/feed"), "back to what the person wrote");
}

#[test]
fn a_redirect_of_the_same_host_goes_on_at_once_and_another_host_has_its_own_turn() {
    let mut schedule = schedule(&["https://a.example/feed", "https://b.example/feed"]);
    let (first, at) = next(&mut schedule);
    let other = if first.feed == FeedId(0) { "https://b.example/x" } else { "https://a.example/x" };
    let (second, _) = next(&mut schedule);
    let turn = schedule.finish(first.feed, Ok(redirect(302, other)), at);
    assert!(matches!(turn.outcome, Outcome::Redirected(_)));
    assert_eq!(schedule.wake(), None, "that host is being asked by the other feed");
    let later = at + Span::from_seconds(9);
    schedule.finish(second.feed, Ok(answer(200, "x")), later);
    let (hop, begins) = next(&mut schedule);
    assert_eq!(hop.feed, first.feed);
    assert_eq!(begins, later + Manners::default().gap);
    schedule.finish(hop.feed, Ok(redirect(302, "/y")), begins);
    let (_, again) = next(&mut schedule);
    assert_eq!(again, begins, "the same turn goes on");
}

#[test]
fn redirects_in_a_circle_and_without_an_end_fail() {
    let mut schedule = schedule(&["https://a.example/0"]);
    let (errand, at) = next(&mut schedule);
    schedule.finish(errand.feed, Ok(redirect(302, "/1")), at);
    let (errand, at) = next(&mut schedule);
    let turn = schedule.finish(errand.feed, Ok(redirect(302, "/0")), at);
    assert!(matches!(turn.outcome, Outcome::Failed(Fault::Trail { .. })), "{turn:?}");

    for hop in 1..=6 {
        let (errand, at) = next(&mut schedule);
        let turn = schedule.finish(errand.feed, Ok(redirect(301, &format!("/{hop}"))), at);
        let is_end = matches!(turn.outcome, Outcome::Failed(Fault::Trail { .. }));
        assert_eq!(is_end, hop == 6, "{hop}");
    }
    assert_eq!(schedule.memory(FeedId(0)).moved, None);
}

#[test]
fn a_host_is_asked_one_thing_at_a_time_with_a_gap_between() {
    let urls = ["https://a.example/1", "https://a.example/2", "https://a.example:8443/3"];
    let mut schedule = schedule(&urls);
    let soon = START + Span::from_minutes(1);
    let first = schedule.next(soon).unwrap();
    let second = schedule.next(soon).unwrap();
    assert_ne!(first.ask.url.place(), second.ask.url.place());
    assert_eq!(schedule.next(soon), None, "the third waits for the first");
    let one = if first.ask.url.port() == 443 { first } else { second };
    schedule.finish(one.feed, Ok(answer(200, "x")), soon);
    let (third, begins) = next(&mut schedule);
    assert_eq!(third.ask.url.port(), 443);
    assert_eq!(begins, soon + Manners::default().gap);
}

#[test]
fn a_server_that_wants_to_be_left_alone_is_and_so_is_its_other_feed() {
    let mut schedule = schedule(&["https://a.example/1", "https://a.example/2"]);
    let (errand, at) = next(&mut schedule);
    let mut busy = answer(503, "");
    busy.head.retry_after = Some("3600".into());
    let turn = schedule.finish(errand.feed, Ok(busy), at);
    assert!(at + Span::from_minutes(60) <= turn.due.unwrap());
    let (other, begins) = next(&mut schedule);
    assert_ne!(other.feed, errand.feed);
    assert_eq!(begins, at + Span::from_minutes(60));
}

#[test]
fn no_server_silences_a_feed_for_longer_than_a_day() {
    let mut schedule = schedule(&["https://a.example/1"]);
    let (errand, at) = next(&mut schedule);
    let mut busy = answer(429, "");
    busy.head.retry_after = Some("999999999999".into());
    schedule.finish(errand.feed, Ok(busy), at);
    let (_, begins) = next(&mut schedule);
    assert_eq!(begins, at + Span::from_minutes(24 * 60));
}

#[test]
fn a_feed_that_fails_is_asked_less_and_less_and_called_dead_once() {
    let mut schedule = schedule(&["https://a.example/feed"]);
    let (errand, at) = next(&mut schedule);
    schedule.finish(errand.feed, Ok(answer(200, "one")), at);
    schedule.accept(errand.feed, at);
    let mut pauses = Vec::new();
    let mut alarms = Vec::new();
    for _ in 0..12 {
        let (errand, now) = next(&mut schedule);
        let turn = schedule.finish(errand.feed, Err(late()), now);
        pauses.push((turn.due.unwrap() - now).minutes_floor());
        alarms.extend(turn.alarm);
    }
    assert_eq!(alarms, [Alarm::Dead { failures: 6, heard: Some(at) }], "a person hears it once");
    assert!(pauses[0] < pauses[1] && pauses[1] < pauses[2] && pauses[2] < pauses[3], "{pauses:?}");
    assert!((9..=11).contains(&pauses[0]), "{pauses:?}");
    assert!(pauses[6..].iter().all(|pause| (324..=396).contains(pause)), "{pauses:?}");

    let (errand, now) = next(&mut schedule);
    let turn = schedule.finish(errand.feed, Ok(answer(200, "two")), now);
    assert_eq!(turn.alarm, None, "it may still be nonsense");
    assert_eq!(schedule.accept(errand.feed, now), Some(Alarm::Alive { failures: 12 }));
    assert_eq!(schedule.memory(errand.feed).heard, Some(now));
}

#[test]
fn a_feed_that_was_taken_away_is_dead_at_once() {
    let mut schedule = schedule(&["https://a.example/feed"]);
    let (errand, at) = next(&mut schedule);
    let turn = schedule.finish(errand.feed, Ok(answer(410, "")), at);
    assert_eq!(turn.alarm, Some(Alarm::Dead { failures: 1, heard: None }));
    assert!(Span::from_minutes(300) < turn.due.unwrap() - at);
}

#[test]
fn a_body_that_nobody_can_read_is_a_failure_each_time() {
    let mut schedule = schedule(&["https://a.example/feed"]);
    let mut alarms = Vec::new();
    for round in 1..=8 {
        let (errand, at) = next(&mut schedule);
        assert!(errand.ask.validators.is_empty(), "nonsense is not worth validating");
        let turn = schedule.finish(errand.feed, Ok(with_validators("<html>", "\"1\"")), at);
        let url = Box::new(fetched(&turn).url.clone());
        let turn =
            schedule.reject(errand.feed, Fault::Unreadable { url, cause: "no feed".into() }, at);
        assert_eq!(schedule.memory(errand.feed).failures, round);
        alarms.extend(turn.alarm);
    }
    assert_eq!(alarms, [Alarm::Dead { failures: 6, heard: None }]);
}

#[test]
fn a_torn_body_is_not_remembered() {
    let mut schedule = schedule(&["https://a.example/feed"]);
    let (errand, at) = next(&mut schedule);
    let mut torn = with_validators("no archive", "\"1\"");
    torn.head.content_encoding = Some("gzip".into());
    let turn = schedule.finish(errand.feed, Ok(torn), at);
    let Outcome::Failed(Fault::Coding { source: CodingFault::Torn { .. }, .. }) = turn.outcome
    else {
        panic!("{turn:?}");
    };
    assert_eq!(schedule.memory(errand.feed).validators, None);
    assert_eq!(schedule.memory(errand.feed).hash, None);
}

#[test]
fn one_bad_feed_stops_no_other() {
    let urls: Vec<String> = (0..8).map(|at| format!("https://host-{at}.example/")).collect();
    let urls: Vec<&str> = urls.iter().map(String::as_str).collect();
    let mut schedule = schedule(&urls);
    let end = START + Span::from_minutes(24 * 60);
    let mut good = 0;
    while let Some(wake) = schedule.wake().filter(|wake| *wake < end) {
        let errand = schedule.next(wake).unwrap();
        let bad = errand.feed == FeedId(3);
        let result = if bad { Err(late()) } else { Ok(answer(200, &wake.to_string())) };
        let turn = schedule.finish(errand.feed, result, wake);
        if !bad {
            assert!(matches!(turn.outcome, Outcome::Fetched(_)));
            schedule.accept(errand.feed, wake);
            good += 1;
        }
    }
    // Seven feeds, a day of five minutes each.
    assert!((7 * 280..=7 * 296).contains(&good), "{good}");
}

#[test]
fn feeds_do_not_march_in_step() {
    let urls: Vec<String> = (0..50).map(|at| format!("https://host-{at}.example/")).collect();
    let urls: Vec<&str> = urls.iter().map(String::as_str).collect();
    let mut schedule = schedule(&urls);
    let mut first = Vec::new();
    let mut second = Vec::new();
    for _ in 0..50 {
        let (errand, at) = next(&mut schedule);
        let turn = schedule.finish(errand.feed, Ok(answer(200, "x")), at);
        first.push(at.nanos() / 1_000_000_000);
        second.push((turn.due.unwrap() - at).seconds_floor());
    }
    first.dedup();
    second.sort_unstable();
    second.dedup();
    assert!(15 < first.len(), "the first round is spread: {first:?}");
    assert!(25 < second.len() && second.iter().all(|pause| (270..=330).contains(pause)));
}

#[test]
fn the_same_seed_makes_the_same_schedule() {
    let run = |seed| {
        let feeds = vec![feed("a", "https://a.example/"), feed("b", "https://b.example/")];
        let mut schedule = Schedule::new(feeds, Manners::default(), seed, START);
        let mut story = Vec::new();
        for _ in 0..40 {
            let (errand, at) = next(&mut schedule);
            story.push((errand.feed, at));
            schedule.finish(errand.feed, Ok(answer(200, "x")), at);
        }
        story
    };
    assert_eq!(run(1), run(1));
    assert_ne!(run(1), run(2));
}

#[test]
fn a_refused_address_says_why_and_the_feed_goes_on() {
    let mut schedule = schedule(&["https://a.example/feed"]);
    let (errand, at) = next(&mut schedule);
    let refusal =
        Refusal::Place { address: "169.254.169.254".parse().unwrap(), place: Place::LinkLocal };
    let fault = Fault::Refused { host: "a.example".into(), refusal };
    assert_eq!(
        fault.to_string(),
        "`a.example` may not be asked: `169.254.169.254` is link-local, and only public addresses \
         may be asked"
    );
    let turn = schedule.finish(errand.feed, Err(fault), at);
    assert!(turn.due.is_some());
}

#[test]
fn what_is_kept_outlives_the_schedule() {
    let mut schedule = schedule(&["https://a.example/feed"]);
    let (errand, at) = next(&mut schedule);
    schedule.finish(errand.feed, Ok(with_validators("one", "\"1\"")), at);
    let kept = vec![(schedule.feed(FeedId(0)).clone(), schedule.memory(FeedId(0)).clone())];
    let mut schedule = Schedule::resume(kept, Manners::default(), 9, at);
    let (errand, _) = next(&mut schedule);
    assert_eq!(errand.ask.validators.etag.as_deref(), Some("\"1\""));
}

/// What a server of a property test may do.
#[derive(Clone, Debug)]
enum Act {
    Body(u8),
    Same,
    Fault,
    Status(u16),
    Busy(u32),
    To(u8, bool),
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        any::<u8>().prop_map(Act::Body),
        Just(Act::Same),
        Just(Act::Fault),
        (100_u16..600).prop_map(Act::Status),
        any::<u32>().prop_map(Act::Busy),
        (any::<u8>(), any::<bool>()).prop_map(|(to, permanent)| Act::To(to, permanent)),
    ]
}

proptest! {
    #[test]
    fn prop_whatever_servers_do_every_feed_is_asked_again_within_a_day_and_no_host_twice_at_once(
        acts in prop::collection::vec(act(), 1..120),
        seed: u64,
    ) {
        let urls = ["http://a.example/", "http://a.example/b", "http://b.example/"];
        let feeds = urls.iter().map(|text| feed("x", text)).collect();
        let mut schedule = Schedule::new(feeds, Manners::default(), seed, START);
        let mut now = START;
        let mut under_way: Vec<Errand> = Vec::new();
        for act in acts {
            while let Some(errand) = schedule.next(now) {
                let place = errand.ask.url.place();
                prop_assert!(under_way.iter().all(|other| other.ask.url.place() != place));
                under_way.push(errand);
            }
            if under_way.is_empty() {
                let wake = schedule.wake().expect("somebody is due");
                prop_assert!(now < wake && wake <= now + Span::from_minutes(25 * 60));
                now = wake;
                continue;
            }
            now = now + Span::from_seconds(1);
            let errand = under_way.remove(0);
            let result = match act {
                Act::Body(body) => Ok(with_validators(&body.to_string(), "\"x\"")),
                Act::Same => Ok(answer(304, "")),
                Act::Fault => Err(late()),
                Act::Status(status) => Ok(answer(status, "")),
                Act::Busy(seconds) => {
                    let mut busy = answer(429, "");
                    busy.head.retry_after = Some(seconds.to_string().into());
                    Ok(busy)
                }
                Act::To(to, permanent) => {
                    let to = format!("http://{}.example/{to}", char::from(b'a' + to % 4));
                    Ok(redirect(if permanent { 301 } else { 302 }, &to))
                }
            };
            let turn = schedule.finish(errand.feed, result, now);
            prop_assert!(turn.due.is_none_or(|due| now < due));
            prop_assert!(schedule.hosts.len() <= 10);
        }
    }
}
