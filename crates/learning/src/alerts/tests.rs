use backsight_domain::session::Session;
use backsight_domain::time::Date;

use super::{Acknowledgement, Alert, AlertKey, Metric, Notice, Severity, raise};
use crate::past::stations::Station;
use crate::told::date;

const KEY: AlertKey = AlertKey::Unusual(Station::News, Metric::Given);

fn day(n: i32) -> Date {
    if n == 0 { date(1, 2) } else { Session::plus_sessions(date(1, 2), n).date() }
}

fn raised(notices: &[(i32, Severity)], seen: &[i32]) -> Vec<Alert> {
    let notices: Vec<Notice> = notices
        .iter()
        .map(|&(n, severity)| Notice { session: day(n), key: KEY, severity, text: String::new() })
        .collect();
    let seen: Vec<_> =
        seen.iter().map(|&n| Acknowledgement { key: KEY, session: day(n) }).collect();
    raise(&notices, &seen, 5)
}

fn days(alerts: &[Alert]) -> Vec<(Date, u32)> {
    alerts.iter().map(|alert| (alert.notice.session, alert.repeats)).collect()
}

#[test]
fn the_same_trouble_is_one_alert_until_its_cool_down_is_over() {
    // amc P31: dedupe was promised and not there.
    let daily: Vec<_> = (0..8).map(|n| (n, Severity::Warning)).collect();
    assert_eq!(days(&raised(&daily, &[])), [(day(0), 5), (day(6), 1)]);
}

#[test]
fn trouble_that_becomes_worse_is_told_at_once() {
    let worse = [(0, Severity::Warning), (1, Severity::Critical), (2, Severity::Warning)];
    let alerts = raised(&worse, &[]);
    assert_eq!(days(&alerts), [(day(0), 0), (day(1), 1)]);
    assert!(alerts[1].notice.severity.needs_acknowledgement());
    assert!(!alerts[0].notice.severity.needs_acknowledgement());
}

#[test]
fn what_somebody_has_seen_is_silent_until_it_was_gone_for_a_session() {
    let daily: Vec<_> = (0..12).map(|n| (n, Severity::Critical)).collect();
    let alerts = raised(&daily, &[2]);
    assert_eq!(days(&alerts), [(day(0), 11)]);
    assert_eq!(alerts[0].acknowledged, Some(day(2)));
    let back = [(0, Severity::Critical), (1, Severity::Critical), (3, Severity::Critical)];
    assert_eq!(days(&raised(&back, &[1])), [(day(0), 1), (day(3), 0)], "it came back");
}

#[test]
fn different_troubles_do_not_hide_each_other() {
    let other = AlertKey::Silent(Station::News);
    let notice =
        |key| Notice { session: day(0), key, severity: Severity::Warning, text: String::new() };
    assert_eq!(raise(&[notice(KEY), notice(other)], &[], 5).len(), 2);
}
