use backsight_domain::session::at_new_york;
use backsight_domain::story::Rung;
use backsight_domain::time::Date;
use backsight_reading::sentiment::linear::Linear;
use backsight_sim::market::company::companies;

use super::*;

fn press(stand: Option<Newsstand>) -> Press {
    let mut ladder = Ladder::new();
    drop(ladder.install(Box::new(Linear::new())));
    let (model, version, why) = ("backsight-linear".into(), "1".into(), "a test".into());
    let word = Reader { rung: Rung::Linear, model, version, instead_of: None, why };
    Press::open(stand, (&companies(20), 7), (ladder, word))
}

fn printed(outlet: &str, headline: &str, number: u32) -> Printed {
    let link = format!("https://outlet.demo.example/{number}").into();
    Printed { outlet: outlet.into(), headline: headline.into(), link, published: None }
}

/// What reaches the desk of a morning, look by look.
fn morning(press: &mut Press) -> Vec<Event> {
    let open = at_new_york(Date::from_ymd(2024, 1, 5).unwrap(), 9, 30);
    let looks = [
        vec![
            printed("Tapeline", "Orvanta Systems Inc. beats quarterly profit estimates", 1),
            printed("MarketBeacon", "Regulator opens probe into Mabelon accounting", 2),
        ],
        vec![
            printed("Street Ledger", "ORVANTA SYSTEMS INC. BEATS QUARTERLY PROFIT ESTIMATES", 3),
            printed("Tapeline", "<script>alert(1)</script>Scientists detect faint signal", 4),
        ],
        vec![printed("Quorum Newswire", "", 5), printed("Tapeline", "A \u{0} & \u{202E}b", 6)],
    ];
    let mut events = Vec::new();
    for (minute, look) in (0..).zip(looks) {
        events.extend(press.carry(look, open + Span::from_minutes(minute)));
    }
    events
}

fn readings(events: &[Event]) -> Vec<Reading> {
    let reading = |event: &Event| if let Event::Reading(it) = event { Some(*it) } else { None };
    events.iter().filter_map(reading).collect()
}

#[test]
fn news_is_the_same_over_the_socket_and_without_it() {
    let stand = Newsstand::open().unwrap_or_else(|fault| panic!("{fault}"));
    let mut over_http = press(Some(stand));
    let told = morning(&mut over_http);
    assert_eq!(told, morning(&mut press(None)));
    let asked = over_http.carrier.stand.as_ref().map(|stand| stand.log().len());
    assert_eq!(asked, Some(3 * OUTLETS.len()), "every feed is asked at each look");
}

#[test]
fn companies_and_tone_come_from_the_words_and_a_copy_is_read_once() {
    let mut press = press(None);
    let told = morning(&mut press);
    let found: Vec<_> = readings(&told)
        .iter()
        .map(|it| (it.ticker.to_string(), 0.0 < it.sentiment, it.story))
        .collect();
    let [(good, is_good, story), (bad, is_bad_good, _)] = found.as_slice() else {
        panic!("{found:?}");
    };
    // Good news is good and bad news is bad, whatever order a model's labels have.
    assert_eq!((good.as_str(), *is_good), ("OQ", true));
    assert_eq!((bad.as_str(), *is_bad_good), ("MBQ", false));
    let copies = told.iter().filter(|it| matches!(it, Event::Story(it) if it.id == *story));
    assert_eq!(copies.count(), 2, "the copy counts towards the same story");
    let copied = press.coverage()["Street Ledger"];
    assert_eq!((copied.copies, copied.with_company, copied.readings), (1, 1, 0));
}

#[test]
fn every_story_of_a_demo_says_that_it_is_one() {
    let told = morning(&mut press(None));
    let stories =
        told.iter().filter_map(|it| if let Event::Story(it) = it { Some(it) } else { None });
    for story in stories {
        assert!(story.source.ends_with(" (demo)"), "{}", story.source);
        assert!(story.link.contains(".demo.example/"), "{}", story.link);
    }
}
