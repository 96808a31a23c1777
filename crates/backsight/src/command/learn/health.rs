//! Whether the pipeline works as it usually does.

use backsight_domain::alert::{Alert, Severity};
use backsight_domain::time::Span;
use backsight_learning::health::{SessionHealth, StationHealth, health};
use serde_json::{Value, json};

use super::Look;
use crate::page::{Cell, Page, Table, Tone};
use crate::words;

/// Alerts that are shown.
const ALERTS: usize = 8;

/// Tells the stations of the last session, and the alerts.
pub(super) fn write(page: &mut Page, look: &Look<'_>) -> Value {
    let sessions = health(look.past);
    let alerts: Vec<&Alert> = troubles(look).collect();
    if let Some(last) = sessions.last() {
        write_stations(page, last);
    }
    write_alerts(page, &alerts);
    json!({
        "sessions": sessions.iter().map(session_json).collect::<Vec<_>>(),
        "alerts": alerts.iter().copied().map(alert_json).collect::<Vec<_>>(),
    })
}

/// The alerts alone.
pub(super) fn write_short(page: &mut Page, look: &Look<'_>) {
    write_alerts(page, &troubles(look).collect::<Vec<_>>());
}

/// Alerts about what is wrong, oldest first.
fn troubles<'a>(look: &Look<'a>) -> impl Iterator<Item = &'a Alert> {
    look.past.alerts.iter().filter(|alert| Severity::Info < alert.notice.severity)
}

fn write_stations(page: &mut Page, session: &SessionHealth) {
    let health = session.health.map_or("no baseline yet".to_owned(), |it| format!("{it:.2}"));
    page.heading(&format!("Pipeline on {}, health {health}", session.session));
    let mut table =
        Table::new(&["station", ">took", ">gave", ">usually", ">mean", ">longest", "component"]);
    for it in &session.stations {
        let usual = it.compared.first().map(|compared| compared.usual);
        let durations = &it.flow.durations;
        let longest = Some(durations.longest).filter(|_| 0 < durations.count);
        table.row([
            it.station.to_string().into(),
            words::count(it.flow.taken).into(),
            words::count(it.flow.given).into(),
            usual.map_or("-".into(), |usual| format!("{usual:.0}").into()),
            durations.mean().map_or("-".into(), |mean| words::span(mean).into()),
            longest.map_or("-".into(), |longest| words::span(longest).into()),
            component(it),
        ]);
    }
    page.table(&table);
}

fn component(it: &StationHealth) -> Cell {
    match it.component {
        None => Cell::toned(Tone::Dim, "no baseline"),
        Some(component) if component < 0.25 => Cell::toned(Tone::Bad, "critical"),
        Some(component) if component < 0.75 => Cell::toned(Tone::Warn, "unusual"),
        Some(_) => Cell::toned(Tone::Good, "as usual"),
    }
}

fn write_alerts(page: &mut Page, alerts: &[&Alert]) {
    page.heading("Alerts");
    if alerts.is_empty() {
        page.line(Tone::Dim, "  None.");
        return;
    }
    let mut table = Table::new(&["at", "severity", "what"]);
    for alert in alerts.iter().rev().take(ALERTS) {
        let tone = match alert.notice.severity {
            Severity::Info => Tone::Dim,
            Severity::Warning => Tone::Warn,
            Severity::Critical | Severity::Emergency => Tone::Bad,
        };
        table.row([
            words::minute(alert.notice.at).into(),
            Cell::toned(tone, alert.notice.severity.to_string()),
            match alert.repeats {
                0 => alert.notice.text.clone(),
                repeats => format!("{}, {repeats} more", alert.notice.text),
            }
            .into(),
        ]);
    }
    page.table(&table);
}

fn session_json(session: &SessionHealth) -> Value {
    let stations = session.stations.iter().map(|it| {
        let compared = it.compared.iter().map(|one| {
            json!({
                "metric": one.metric.to_string(),
                "value": one.value,
                "usual": one.usual,
                "deviations": one.deviations,
            })
        });
        json!({
            "station": it.station.to_string(),
            "taken": it.flow.taken,
            "given": it.flow.given,
            "mean_ms": it.flow.durations.mean().map(Span::millis_floor),
            "longest_ms": it.flow.durations.longest.millis_floor(),
            "component": it.component,
            "compared": compared.collect::<Vec<_>>(),
        })
    });
    json!({
        "session": session.session.to_string(),
        "health": session.health,
        "stations": stations.collect::<Vec<_>>(),
    })
}

/// An alert as JSON.
pub(crate) fn alert_json(alert: &Alert) -> Value {
    let seen = alert.acknowledged.as_ref();
    json!({
        "id": alert.id(),
        "key": alert.notice.key.to_string(),
        "at": alert.notice.at.to_string(),
        "severity": alert.notice.severity.to_string(),
        "text": alert.notice.text,
        "repeats": alert.repeats,
        "last": alert.last.to_string(),
        "open": alert.is_open(),
        "wants_acknowledgement": alert.wants_acknowledgement(),
        "acknowledged": seen.map(|seen| json!({ "at": seen.at.to_string(), "who": seen.who })),
        "resolved": alert.resolved.map(|at| at.to_string()),
    })
}
