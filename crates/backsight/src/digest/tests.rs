use std::sync::OnceLock;

use backsight_domain::event::{Entry, Event};
use backsight_domain::id::DeskName;
use backsight_domain::instrument::Ticker;
use backsight_domain::money::Money;
use backsight_domain::policy::Policy;
use backsight_domain::story::{Reading, Story};
use backsight_domain::time::Span;
use backsight_journal::{MemoryLog, Record, Stamped};
use backsight_learning::past::{Past, trading_date};
use backsight_sim::faults::FaultProfile;
use backsight_sim::market::World;
use backsight_sim::run::{Run, Setup};

use super::{Digest, Half};

/// What a stranger wrote into a headline.
const HOSTILE: &str = "<script>alert('x')</script> \"Nova\" & \u{202e}Sons\u{1b}[31m";

/// Three sessions of a simulated desk.
fn records() -> &'static [Stamped] {
    static RECORDS: OnceLock<Vec<Stamped>> = OnceLock::new();
    RECORDS.get_or_init(|| {
        let setup = Setup {
            world: World { symbols: 8, surges: 3.0, ..World::standard(7) },
            sessions: 3,
            faults: FaultProfile::none(),
            policy: Policy::default(),
            cash: vec![Money::dollars(100_000), Money::dollars(2_000)],
            held_bps: 0,
            desk: DeskName(Ticker::parse("TEST").unwrap()),
            build: "test".into(),
        };
        let mut run = Run::new(setup, MemoryLog::new());
        while run.advance().unwrap().is_some() {}
        run.log().records().collect()
    })
}

/// The three sessions, and a story after them with a headline about the first symbol.
fn past(headline: &str) -> Past {
    let mut past = Past::default();
    for stamped in records() {
        past.take(stamped);
    }
    let ticker = past.tape.listings()[0].ticker;
    let story = Story {
        id: 1_000_000,
        source: headline.into(),
        headline: headline.into(),
        link: "javascript:alert(1)".into(),
        summary: headline.into(),
        published: None,
    };
    let reading = Reading { story: story.id, ticker, sentiment: 0.9, confidence: 0.9 };
    for event in [Event::Story(story), Event::Reading(reading)] {
        let last = records().last().unwrap();
        let (seq, at) = (last.seq.next(), last.at + Span::from_minutes(30));
        let record = Record::Entry(Entry { seq, at, event });
        past.take(&Stamped { seq, at, record, ..last.clone() });
    }
    past
}

#[test]
fn a_review_says_what_was_made_traded_and_missed() {
    let past = past("plain");
    let digest = Digest::of(&past, Half::Post, None).unwrap();
    let closing = past.history.closings.last().unwrap();
    assert_eq!(digest.session, trading_date(closing.at));
    let accounts = digest.json["accounts"].as_array().unwrap();
    let before = past.history.closings[past.history.closings.len() - 2].equity[0];
    let made = (closing.equity[0] - before).as_dollars();
    assert_eq!(accounts[0]["made"].as_f64(), Some(made));
    let ended = past.history.trades.iter().filter(|it| trading_date(it.closed) == digest.session);
    assert_eq!(digest.json["trades"].as_array().unwrap().len(), ended.count());
    assert!(!digest.json["gates"].as_array().unwrap().is_empty());
    assert_eq!(digest.json["simulated"], true);
    let first = Digest::of(&past, Half::Post, Some(trading_date(past.history.closings[0].at)));
    assert!(first.unwrap().sheet.text().contains("first session"));
}

#[test]
fn an_idea_has_its_story_its_price_and_its_levels() {
    let digest = Digest::of(&past("Nova wins a contract"), Half::Pre, None).unwrap();
    let idea = &digest.json["ideas"][0];
    let level = |name: &str| idea[name].as_f64().unwrap();
    assert_eq!(
        (&idea["headline"], &idea["direction"]),
        (&"Nova wins a contract".into(), &"long".into())
    );
    assert!(level("stop") < level("price") && level("price") < level("entry"), "{idea}");
    assert!(level("entry") < level("target") && level("target") < level("second_target"), "{idea}");
    assert!(digest.sheet.text().contains("Nova wins a contract"));
}

#[test]
fn both_say_what_is_simulated_fit_a_terminal_and_are_small_enough_for_a_mail() {
    for half in [Half::Pre, Half::Post] {
        let digest = Digest::of(&past("plain"), half, None).unwrap();
        let (text, html) = (digest.sheet.text(), digest.sheet.html());
        assert!(text.contains("SIMULATED") && html.contains("SIMULATED"));
        assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
        // Beyond about 102 KB a client that many use shows the beginning only.
        assert!(html.len() < 100_000, "{} bytes", html.len());
    }
}

#[test]
fn a_headline_of_a_stranger_stays_a_headline() {
    let digest = Digest::of(&past(HOSTILE), Half::Pre, None).unwrap();
    let (text, html) = (digest.sheet.text(), digest.sheet.html());
    assert!(
        html.contains(
            "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &quot;Nova&quot; &amp; Sons[31m"
        ),
        "{html}"
    );
    assert!(!html.contains("<script") && !html.contains("javascript:"));
    for form in [&text, &html] {
        assert!(!form.contains(['\u{202e}', '\u{1b}']));
    }
    let letter = digest.letter(past(HOSTILE).history.at);
    assert_eq!(letter.id, format!("digest.pre@{}", digest.session));
}

#[test]
fn there_is_no_digest_of_what_did_not_happen() {
    let past = past("plain");
    assert!(Digest::of(&Past::default(), Half::Post, None).is_none());
    let sunday = backsight_domain::time::Date::from_ymd(2024, 1, 7);
    assert!(Digest::of(&past, Half::Pre, sunday).is_none());
    let later = backsight_domain::time::Date::from_ymd(2024, 6, 3);
    assert!(Digest::of(&past, Half::Post, later).is_none());
}
