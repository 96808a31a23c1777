use backsight_domain::time::Span;
use proptest::prelude::*;

use super::*;
use crate::feed::wire::catch_up_through;
use crate::feed::{Alarm, Outcome};
use crate::http::fault::Fault;
use crate::http::{Answer, Ask, Head};

const BODY: &str = "<rss version='2.0'><channel>\
    <item><title>Acme raises its forecast for the year</title><guid>1</guid></item>\
    <item><title>Bolt cuts a tenth of its jobs in Ohio</title><guid>2</guid></item>\
    </channel></rss>";

fn feed(path: &str) -> Feed {
    let url = Url::parse(&format!("https://{path}.example/feed")).unwrap();
    Feed { name: path.into(), url, every: Span::from_minutes(5) }
}

fn at(second: i64) -> Time {
    Time::from_seconds(1_700_000_000 + second)
}

fn manners() -> (Manners, u64) {
    (Manners { first_round: Span::ZERO, ..Manners::default() }, 7)
}

/// A server with validators for `good`, and none at all for the rest.
fn serve(ask: &Ask, log: &mut Vec<Validators>) -> Result<Answer, Fault> {
    log.push(ask.validators.clone());
    if ask.url.host() != "good.example" {
        return Err(Fault::NoAddress { host: ask.url.place().into() });
    }
    let validators = Validators { etag: Some("\"1\"".into()), last_modified: None };
    let status = if ask.validators.etag.is_some() { 304 } else { 200 };
    let body = if status == 200 { BODY.as_bytes().to_vec() } else { Vec::new() };
    Ok(Answer { head: Head { status, validators, ..Head::default() }, body })
}

/// Asks whoever is due, and keeps what is known then.
fn round(kept: &Kept, feeds: &[Feed], now: Time) -> (Kept, Vec<Validators>, Vec<Outcome>, usize) {
    let stories = None;
    let (mut schedule, mut intake) = kept.resume(feeds.to_vec(), stories, manners(), now);
    let mut log = Vec::new();
    let line = &mut |ask: &Ask| serve(ask, &mut log);
    let reports = catch_up_through(&mut schedule, &mut intake, line, now);
    let news = reports.iter().filter_map(|it| it.edition.as_ref()).map(|it| it.news.len()).sum();
    let mut kept = kept.clone();
    kept.update(&schedule, &intake, &BTreeMap::new());
    let again = Kept::parse(&kept.to_json()).unwrap();
    assert_eq!(again, kept);
    (again, log, reports.into_iter().map(|it| it.turn.outcome).collect(), news)
}

#[test]
fn a_restart_asks_for_changes_only_and_repeats_nothing() {
    let feeds = [feed("good")];
    let (kept, log, _, news) = round(&Kept::default(), &feeds, at(0));
    assert_eq!((log[0].is_empty(), news), (true, 2));
    let (kept, log, outcomes, news) = round(&kept, &feeds, at(600));
    assert_eq!(log[0].etag.as_deref(), Some("\"1\""));
    assert_eq!((outcomes, news), (vec![Outcome::Unchanged], 0));

    // Even when the validators are gone, what was seen is no news.
    let mut forgotten = kept;
    for kept in forgotten.0.values_mut() {
        kept.memory.validators = None;
        kept.memory.hash = None;
    }
    assert_eq!(round(&forgotten, &feeds, at(1_200)).3, 0);
}

#[test]
fn whoever_was_left_alone_is_left_alone_after_a_restart() {
    let feeds = [feed("bad")];
    let mut kept = Kept::default();
    let mut asked = 0;
    for minute in 0..60 {
        let (next, log, _, _) = round(&kept, &feeds, at(60 * minute));
        asked += log.len();
        kept = next;
    }
    assert_eq!(asked, 3, "after 5 minutes, then 10, 20 and 40");
    assert_eq!(kept.of(&feeds[0]).unwrap().memory.failures, 3);
}

#[test]
fn a_person_hears_of_a_dead_feed_once_over_restarts() {
    let (feeds, mut kept, mut told) = ([feed("bad")], Kept::default(), 0);
    for hour in 0..80 {
        let now = at(3_600 * hour);
        let (mut schedule, mut intake) = kept.resume(feeds.to_vec(), None, manners(), now);
        let line = &mut |ask: &Ask| serve(ask, &mut Vec::new());
        let reports = catch_up_through(&mut schedule, &mut intake, line, now);
        told +=
            reports.iter().filter(|it| matches!(it.turn.alarm, Some(Alarm::Dead { .. }))).count();
        kept.update(&schedule, &intake, &BTreeMap::new());
    }
    assert_eq!(told, 1);
}

#[test]
fn another_address_begins_anew_and_a_feed_off_the_list_is_forgotten() {
    let (kept, ..) = round(&Kept::default(), &[feed("good"), feed("bad")], at(0));
    let moved = Feed { name: "good".into(), ..feed("other") };
    assert!(kept.of(&feed("good")).is_some() && kept.of(&moved).is_none());
    let (kept, ..) = round(&kept, &[feed("good")], at(600));
    assert!(kept.of(&feed("bad")).is_none());
}

#[test]
fn a_text_that_is_another_is_refused_by_name() {
    let (kept, ..) = round(&Kept::default(), &[feed("good")], at(0));
    let text = kept.to_json();
    for (from, to, what) in [
        ("\"version\":1", "\"version\":2", "version 1"),
        ("\"failures\":0", "\"failures\":-1", "`good` is malformed"),
        ("\"dead\":false", "\"dead\":null", "`good` is malformed"),
        ("{", "[", ""),
    ] {
        assert!(text.contains(from), "{text}");
        let fault = Kept::parse(&text.replacen(from, to, 1)).unwrap_err();
        assert!(fault.contains(what), "{fault}");
    }
}

proptest! {
    #[test]
    fn prop_any_text_is_read_or_refused(text in "(\\{|\\}|\"|:|,|version|1|feeds|address|null|\\PC){0,40}") {
        if let Ok(kept) = Kept::parse(&text) {
            prop_assert_eq!(Kept::parse(&kept.to_json()), Ok(kept));
        }
    }
}
