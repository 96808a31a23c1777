use backsight_domain::alert::{Alert, AlertKey, Metric, Severity, Station};
use backsight_domain::decision::{Effect, Fingerprint, Reason};
use backsight_domain::desk::Alarm;
use backsight_domain::event::Event;
use backsight_domain::session::Session;
use backsight_domain::story::Reading;
use backsight_domain::time::{Date, Span};

use super::{SessionHealth, health};
use crate::told::{Teller, date, played, story, ticker};

fn day(n: i32) -> Date {
    if n == 0 { date(1, 2) } else { Session::plus_sessions(date(1, 2), n).date() }
}

/// One session with so many stories, each read so many seconds later; then it closes.
fn session(teller: &mut Teller, n: i32, stories: u64, seconds: Option<i64>) {
    let session = Session::on(day(n)).unwrap();
    for number in 0..stories {
        let at = session.open() + Span::from_minutes(i64::try_from(number).unwrap());
        let id = u64::try_from(n).unwrap() * 1_000 + number;
        let story = story(id, "AAA");
        teller.happen(at, Event::Story(story));
        if let Some(seconds) = seconds {
            let reading =
                Reading { story: id, ticker: ticker("AAA"), sentiment: 0.5, confidence: 0.5 };
            teller.happen(at + Span::from_seconds(seconds), Event::Reading(reading));
        }
    }
    for minute in 200..203 {
        teller.minute(session.open() + Span::from_minutes(minute), &[100.0], 10);
    }
    let cause = teller.happen(session.close(), Event::Tick);
    let closing = Reason::Closing { fingerprint: Fingerprint::default(), equity: Vec::new() };
    teller.decide(cause, vec![closing], Vec::new());
}

fn judged(last: impl FnOnce(&mut Teller)) -> (Vec<SessionHealth>, Vec<Alert>) {
    let mut teller = Teller::new(1);
    for n in 0..8 {
        session(&mut teller, n, 20 + u64::try_from(n % 3).unwrap(), Some(2));
    }
    last(&mut teller);
    let past = teller.past();
    (health(&past), past.alerts.iter().cloned().collect())
}

fn keys(alerts: &[Alert]) -> Vec<(AlertKey, Severity)> {
    alerts.iter().map(|alert| (alert.notice.key, alert.notice.severity)).collect()
}

#[test]
fn a_session_as_usual_is_healthy_and_the_first_ones_are_not_judged() {
    let (sessions, alerts) = judged(|teller| session(teller, 8, 21, Some(2)));
    assert_eq!(alerts, []);
    let seen: Vec<_> = sessions.iter().map(|session| session.health).collect();
    assert_eq!(seen[..5], [None; 5], "five sessions make a baseline");
    assert_eq!(seen[5..], [Some(1.0); 4]);
    let news = sessions[8].stations.iter().find(|it| it.station == Station::News).unwrap();
    assert_eq!((news.flow.taken, news.flow.given, news.flow.durations.count), (21, 21, 21));
    assert_eq!(news.flow.durations.mean(), Some(Span::from_seconds(2)));
}

#[test]
fn slower_is_unusual_and_faster_is_not() {
    let (sessions, alerts) = judged(|teller| session(teller, 8, 21, Some(5)));
    assert_eq!(
        keys(&alerts),
        [(AlertKey::Unusual(Station::News, Metric::Duration), Severity::Critical)]
    );
    assert!(alerts[0].notice.text.starts_with("news took 5.000 s, usually 2.000 s"), "{alerts:?}");
    // Bars and news had something to do; news is critical.
    assert_eq!(sessions[8].health, Some(2.0 / 3.0), "{:?}", sessions[8]);
    let (_, alerts) = judged(|teller| session(teller, 8, 21, Some(0)));
    assert_eq!(alerts, []);
}

#[test]
fn a_source_that_fails_and_a_flood_are_both_unusual() {
    // amc P23: no check for zero, for staleness, for an upper bound or for a source that failed.
    let (_, alerts) = judged(|teller| session(teller, 8, 21, None));
    assert!(keys(&alerts).contains(&(AlertKey::Silent(Station::News), Severity::Warning)));
    let (_, alerts) = judged(|teller| session(teller, 8, 300, Some(2)));
    assert_eq!(
        keys(&alerts),
        [(AlertKey::Unusual(Station::News, Metric::Given), Severity::Critical)]
    );
}

#[test]
fn a_session_without_bars_is_an_emergency() {
    let mut teller = Teller::new(1);
    let session = Session::on(day(0)).unwrap();
    let cause = teller.happen(session.open(), Event::Tick);
    teller.decide(cause, Vec::new(), vec![Effect::Alarm(Alarm::ExitStuck)]);
    let story = story(1, "AAA");
    teller.happen(session.open() + Span::from_minutes(1), Event::Story(story));
    let cause = teller.happen(session.close(), Event::Tick);
    let closing = Reason::Closing { fingerprint: Fingerprint::default(), equity: Vec::new() };
    teller.decide(cause, vec![closing], Vec::new());
    let alerts: Vec<Alert> = teller.past().alerts.iter().cloned().collect();
    let wanted = [
        (AlertKey::Called(Alarm::ExitStuck), Severity::Emergency),
        (AlertKey::Silent(Station::Bars), Severity::Emergency),
        (AlertKey::Silent(Station::News), Severity::Warning),
    ];
    assert_eq!(keys(&alerts), wanted);
}

#[test]
fn components_are_named_and_never_shift() {
    // amc P22: scores stood in a list whose places moved when one was missing.
    let sessions = health(&played());
    assert_eq!(sessions.len(), 3);
    let names: Vec<_> = sessions[0].stations.iter().map(|it| it.station.to_string()).collect();
    assert_eq!(names.first().map(String::as_str), Some("bars"));
    assert!(names.contains(&"gates".to_owned()) && names.contains(&"fills".to_owned()));
}
