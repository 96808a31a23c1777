use super::{ALERTS_MAX, Zone};
use super::{Alert, AlertKey, Alerts, Calling, CoolDown, Metric, Notice, Quiet, Severity, Station};
use crate::desk::{Alarm, TradingState};
use crate::id::{IntentId, PositionId, ProposalId, Seq};
use crate::session::Session;
use crate::time::{Date, Span, Time};

const PIPELINE: AlertKey = AlertKey::Unusual(Station::News, Metric::Given);
const CALL: AlertKey = AlertKey::Called(Alarm::ExitStuck);
const COOL_DOWN: CoolDown = CoolDown { span: Span::from_minutes(60), sessions: 5 };

/// The close of a session, counted from one in January.
fn close(n: i32) -> Time {
    let first = Date::from_ymd(2024, 1, 2).unwrap();
    let session = if n == 0 { Session::on(first) } else { Some(Session::plus_sessions(first, n)) };
    session.unwrap().close()
}

fn minute(n: i64) -> Time {
    close(0) + Span::from_minutes(n)
}

fn notice(at: Time, key: AlertKey, severity: Severity) -> Notice {
    Notice { at, key, severity, text: String::new() }
}

/// Alerts after notices and acknowledgements, in the order of their times.
fn raised(key: AlertKey, told: &[(Time, Severity)], seen: &[Time]) -> Alerts {
    let mut alerts = Alerts::default();
    let mut seen = seen.iter().copied().peekable();
    for &(at, severity) in told {
        while let Some(at) = seen.next_if(|seen| *seen < at) {
            alerts.acknowledge(key, at, "ann");
        }
        alerts.notice(notice(at, key, severity), COOL_DOWN);
    }
    for at in seen {
        alerts.acknowledge(key, at, "ann");
    }
    alerts
}

fn times(alerts: &Alerts) -> Vec<(Time, u32)> {
    alerts.iter().map(|alert| (alert.notice.at, alert.repeats)).collect()
}

#[test]
fn the_same_trouble_is_one_alert_until_its_cool_down_is_over() {
    // amc P31: dedupe was promised and not there.
    let daily: Vec<_> = (0..8).map(|n| (close(n), Severity::Warning)).collect();
    assert_eq!(times(&raised(PIPELINE, &daily, &[])), [(close(0), 5), (close(6), 1)]);
    let calls = [0, 10, 60, 61].map(|n| (minute(n), Severity::Emergency));
    assert_eq!(times(&raised(CALL, &calls, &[])), [(minute(0), 2), (minute(61), 0)]);
}

#[test]
fn trouble_that_becomes_worse_is_told_at_once() {
    let worse = [(0, Severity::Warning), (1, Severity::Critical), (2, Severity::Warning)];
    let alerts = raised(PIPELINE, &worse.map(|(n, severity)| (close(n), severity)), &[]);
    assert_eq!(times(&alerts), [(close(0), 0), (close(1), 1)]);
    let wants: Vec<_> = alerts.iter().map(Alert::wants_acknowledgement).collect();
    assert_eq!(wants, [false, true]);
}

#[test]
fn what_somebody_has_seen_is_silent_until_it_was_gone() {
    let daily: Vec<_> = (0..12).map(|n| (close(n), Severity::Critical)).collect();
    let alerts = raised(PIPELINE, &daily, &[close(2) + Span::from_minutes(1)]);
    assert_eq!(times(&alerts), [(close(0), 11)]);
    assert_eq!(&*alerts.iter().next().unwrap().acknowledged.as_ref().unwrap().who, "ann");
    let back = [0, 1, 3].map(|n| (close(n), Severity::Critical));
    let alerts = raised(PIPELINE, &back, &[close(1) + Span::from_minutes(1)]);
    assert_eq!(times(&alerts), [(close(0), 1), (close(3), 0)], "it came back");
    let calls = [0, 50, 100, 200].map(|n| (minute(n), Severity::Emergency));
    let alerts = raised(CALL, &calls, &[minute(5)]);
    assert_eq!(times(&alerts), [(minute(0), 2), (minute(200), 0)], "gone for a cool-down");
}

#[test]
fn different_troubles_do_not_hide_each_other() {
    let mut alerts = Alerts::default();
    for key in [PIPELINE, AlertKey::Silent(Station::News)] {
        assert!(alerts.notice(notice(close(0), key, Severity::Warning), COOL_DOWN).is_some());
    }
    assert!(alerts.acknowledge(PIPELINE, close(0), "ann"));
    assert!(!alerts.acknowledge(PIPELINE, close(0), "ann"), "there is nothing left to see");
    assert_eq!(alerts.open().count(), 1);
}

#[test]
fn an_end_closes_an_alert_and_what_only_wants_to_be_known_is_closed_at_once() {
    let halted = AlertKey::State(TradingState::Halted);
    let mut alerts = Alerts::default();
    alerts.notice(notice(minute(0), halted, Severity::Warning), COOL_DOWN);
    alerts.resolve(halted, minute(1));
    alerts.notice(notice(minute(2), halted, Severity::Warning), COOL_DOWN);
    let opened = AlertKey::Opened(PositionId(IntentId { cause: Seq(3), leg: 0 }));
    alerts.notice(notice(minute(3), opened, Severity::Info), COOL_DOWN);
    let open: Vec<_> = alerts.open().map(|alert| alert.notice.at).collect();
    assert_eq!((open, alerts.count()), (vec![minute(2)], 3), "a second halt is news");
}

#[test]
fn what_is_forgotten_leaves_the_rest_in_its_place() {
    let mut alerts = Alerts::default();
    let closed = |n| AlertKey::Closed(PositionId(IntentId { cause: Seq(n), leg: 0 }));
    alerts.notice(notice(minute(0), CALL, Severity::Emergency), COOL_DOWN);
    for n in 0..ALERTS_MAX as u64 {
        alerts.notice(notice(minute(1), closed(n), Severity::Info), COOL_DOWN);
    }
    assert_eq!((alerts.iter().count(), alerts.count()), (ALERTS_MAX, ALERTS_MAX + 1));
    assert_eq!(alerts.since(ALERTS_MAX).count(), 1);
    // The forgotten call is news again; the last one is the same.
    assert!(alerts.notice(notice(minute(2), CALL, Severity::Emergency), COOL_DOWN).is_some());
    assert!(alerts.notice(notice(minute(3), CALL, Severity::Emergency), COOL_DOWN).is_none());
}

#[test]
fn a_key_is_read_as_it_is_written() {
    let position = PositionId(IntentId { cause: Seq(12), leg: 1 });
    let mut keys = vec![
        AlertKey::Proposed(ProposalId(Seq(9))),
        AlertKey::Opened(position),
        AlertKey::Closed(position),
    ];
    keys.extend(Alarm::ALL.map(AlertKey::Called));
    keys.extend(TradingState::ALL.map(AlertKey::State));
    keys.extend(Station::ALL.map(AlertKey::Silent));
    keys.extend(Station::ALL.map(|station| AlertKey::Unusual(station, Metric::Duration)));
    for key in keys {
        assert_eq!(AlertKey::parse(&key.to_string()), Some(key), "{key}");
    }
    for text in ["", "desk", "desk.", "desk.nothing", "news.given.more", "opened.x", "tea.silent"] {
        assert_eq!(AlertKey::parse(text), None, "{text}");
    }
}

fn quiet(hours: &str, zone: &str) -> Calling {
    let zone = Zone::parse(zone).unwrap();
    let quiet = Quiet::parse(hours, zone, Severity::Emergency);
    let escalate_after = Some(Span::from_minutes(15));
    Calling { quiet: Some(quiet.unwrap()), escalate_after, escalations: 2 }
}

fn time(text: &str) -> Time {
    Time::parse(text).unwrap()
}

#[test]
fn quiet_hours_hold_a_message_until_they_end_but_not_an_emergency() {
    let calling = quiet("22:00-07:00", "New York");
    // 23:30:20 in New York, in winter; seven is noon in UTC.
    let (late, morning) = (time("2024-01-06T04:30:20Z"), time("2024-01-06T12:00:00Z"));
    assert_eq!(calling.release(Severity::Critical, late), morning);
    assert_eq!(calling.release(Severity::Emergency, late), late);
    assert_eq!(calling.release(Severity::Info, morning), morning, "the end is not quiet");
    let summer = time("2024-07-06T03:00:00Z");
    assert_eq!(calling.release(Severity::Info, summer), time("2024-07-06T11:00:00Z"));
    let noon = quiet("12:00-13:30", "+05:30");
    let then = time("2024-01-06T07:00:00Z");
    assert_eq!(noon.release(Severity::Info, then), time("2024-01-06T08:00:00Z"));
    assert_eq!(
        noon.release(Severity::Info, time("2024-01-06T06:29:59Z")),
        time("2024-01-06T06:29:59Z")
    );
}

#[test]
fn hours_and_zones_that_are_none_are_refused() {
    let parse = |text| Quiet::parse(text, Zone::NewYork, Severity::Emergency);
    for text in
        ["", "22:00", "24:00-07:00", "22:00-22:00", "2:00-07:00", "22:60-07:00", "+2:00-07:00"]
    {
        assert_eq!(parse(text), None, "{text}");
    }
    for text in ["", "Berlin", "+25:00", "01:00", "+1:00", "+14:01"] {
        assert_eq!(Zone::parse(text), None, "{text}");
    }
}

#[test]
fn nobody_is_called_again_who_has_seen_it_or_was_called_often_enough() {
    let calling = quiet("22:00-07:00", "UTC");
    let mut alerts = raised(CALL, &[(minute(0), Severity::Emergency)], &[]);
    let again =
        |alerts: &Alerts, told| calling.again(alerts.iter().next().unwrap(), told, minute(0));
    assert_eq!(again(&alerts, 1), Some(minute(15)));
    assert_eq!(again(&alerts, 2), Some(minute(15)));
    assert_eq!(again(&alerts, 3), None, "the first time and two escalations");
    alerts.acknowledge(CALL, minute(1), "ann");
    assert_eq!(again(&alerts, 1), None);
    let mild = raised(PIPELINE, &[(close(0), Severity::Warning)], &[]);
    assert_eq!(again(&mild, 1), None, "only what nobody may overlook");
}
