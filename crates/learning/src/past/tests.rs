use backsight_domain::event::Event;
use backsight_domain::market::{Slot, Split};
use backsight_domain::signal::Playbook;
use backsight_domain::story::Reading;
use backsight_domain::verdict::Gate;
use backsight_engine::Engine;
use backsight_journal::Record;

use super::stations::Station;
use super::tape::DayBar;
use crate::told::{Fate, Teller, at, date, played, records, story, ticker};

#[test]
fn a_signal_keeps_what_was_known_when_it_was_made() {
    let mut teller = Teller::new(1);
    let refused = [(Gate::Confidence, 0.5, 0.55), (Gate::CoolDown, 1.0, 15.0)];
    let first = teller.signal(at((1, 2), 60), |_| (), &Fate::Refused(&refused), (1.5, 20));
    teller.adopt(at((1, 2), 120), 2, backsight_domain::policy::Policy::default());
    let second = teller.signal(
        at((1, 2), 180),
        |signal| signal.playbook = Playbook::News,
        &Fate::Taken,
        (-1.0, -10),
    );
    let past = teller.past();
    let [one, two] = [first, second].map(|id| past.history.signals[&id].clone());
    assert_eq!((one.scene.policy.0, two.scene.policy.0), (1, 2));
    assert_eq!(one.verdicts[0].checks.len(), 2);
    assert_eq!(one.ghost.as_ref().map(|ghost| ghost.r_multiple), Some(1.5));
    assert!(one.trades.is_empty() && one.opened.is_empty());
    assert_eq!(two.opened[0].0, at((1, 2), 180));
    assert_eq!(two.trades[0].label, -1);
    assert_eq!(past.account_name(backsight_domain::id::AccountId(1)), "tiny");
}

#[test]
fn a_day_is_what_traded_in_it() {
    let mut teller = Teller::new(2);
    teller.minute(at((1, 2), 1), &[100.0, 0.0], 10);
    teller.minute(at((1, 2), 2), &[103.0, 0.0], 10);
    teller.minute(at((1, 2), 3), &[101.0, 0.0], 10);
    teller.close(date(1, 3), &[0.0, 50.0]);
    let past = teller.past();
    let ticks = |dollars: i32| dollars * 10_000;
    let bar = DayBar {
        open: ticks(100),
        high: ticks(103),
        low: ticks(100),
        close: ticks(101),
        volume: 30,
    };
    assert_eq!(past.tape.days[0].bars, [Some(bar), None]);
    assert_eq!(past.tape.days[1].bars[0], None);
    assert_eq!(past.tape.days[1].date, date(1, 3));
}

#[test]
fn a_path_counts_minutes_of_trading_and_ends_with_the_session() {
    let mut teller = Teller::new(1);
    teller.minute(at((1, 2), 389), &[100.0], 10);
    teller.minute(at((1, 2), 390), &[101.0], 10);
    let story = story(5, "AAA wins");
    // The night belongs to the path: it begins at the last close and goes on in the morning.
    teller.happen(at((1, 2), 400), Event::Story(story.clone()));
    teller.happen(at((1, 2), 401), Event::Story(story));
    let reading = Reading { story: 5, ticker: ticker("AAA"), sentiment: 0.8, confidence: 0.9 };
    teller.happen(at((1, 2), 402), Event::Reading(reading));
    for (minute, dollars) in [(1, 102.01), (2, 99.99), (5, 101.0)] {
        teller.minute(at((1, 3), minute), &[dollars], 10);
    }
    teller.close(date(1, 3), &[111.1]);
    let past = teller.past();
    let read = past.press.readings[0];
    let path = past.tape.path(read.path.expect("it has a price")).expect("it is kept");
    let near = |value: Option<f64>, wanted: f64| {
        assert!(value.is_some_and(|value| (value - wanted).abs() < 1e-9), "{value:?} {wanted}");
    };
    near(path.after_minutes(1), 0.01);
    near(path.after_minutes(2), -0.01);
    assert_eq!(path.after_minutes(5), None, "only four minutes came");
    near(path.at_close(), 0.1);
    assert!((path.extremes(1.0).0 - 0.1).abs() < 1e-9);
    assert!((path.extremes(-1.0).1 + 0.1).abs() < 1e-9);
    assert_eq!(past.press.stories[&5].copies, 1);
}

#[test]
fn a_split_is_told_with_the_first_session_in_new_prices() {
    let mut teller = Teller::new(1);
    teller.close(date(1, 2), &[100.0]);
    let split = Split { slot: Slot(0), numerator: 2, denominator: 1 };
    teller.happen(at((1, 3), -60), Event::Split(split));
    teller.close(date(1, 3), &[50.0]);
    let past = teller.past();
    let told = past.tape.splits[0];
    assert_eq!((told.at, told.from, told.split), (at((1, 3), -60), date(1, 3), split));
    assert_eq!(past.tape.days[1].bars[0].map(|bar| bar.close), Some(500_000));
}

#[test]
fn a_surge_is_one_by_the_rules_of_the_desk() {
    // The engine says at every minute which symbols surge; the tape marks the first of each hour.
    let past = played();
    let mut engine = Engine::new();
    let mut seen = 0;
    let mut told = past.tape.surges.iter().peekable();
    for stamped in records() {
        let Record::Entry(entry) = &stamped.record else { continue };
        engine.step(entry);
        if !matches!(entry.event, Event::Minute(_)) {
            continue;
        }
        let now = engine.market().last_minute().expect("a minute was taken");
        while let Some(surge) = told.next_if(|surge| surge.at == now) {
            let features = engine.market().features(surge.slot, engine.policy(), now);
            assert_eq!(features.surge, Some(true), "{surge:?}");
            assert_eq!(features.volume_ratio, Some(surge.ratio));
            seen += 1;
        }
    }
    assert_eq!(seen, past.tape.surges.len());
    assert!(10 < seen, "the world surges: {seen}");
}

#[test]
fn every_duration_comes_from_two_times_of_the_journal() {
    let past = played();
    let day = &past.stations.sessions[0];
    let bars = day.flow(Station::Bars);
    assert_eq!((bars.taken, bars.given, bars.durations.count), (390, 390, 390));
    let (signals, gates) = (day.flow(Station::Signals), day.flow(Station::Gates));
    assert!(0 < signals.given && signals.given < signals.taken);
    assert!(gates.given < gates.taken, "some are refused");
    let (orders, fills) = (day.flow(Station::Orders), day.flow(Station::Fills));
    assert_eq!(fills.taken, orders.given);
    assert!(orders.given <= orders.taken && fills.given <= fills.taken);
    assert!(fills.durations.longest.nanos() > 0, "a fill takes time");
}

#[test]
fn the_same_journal_gives_the_same_past() {
    let (one, two) = (played(), played());
    assert_eq!(one.seed(), two.seed());
    assert_eq!(format!("{one:?}"), format!("{two:?}"));
}
