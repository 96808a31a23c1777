//! Whether the site and the desk live, for people and for machines.

use std::fmt::Write;
use std::sync::atomic::Ordering;

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use backsight_domain::desk::TradingState;
use serde::Serialize;
use utoipa::ToSchema;

use super::{Json, Page};
use crate::app::App;
use crate::mirror::Mirror;
use crate::problem::Problem;
use crate::shape::desk::{Account, Alert, Today};
use crate::shape::flow::{Station, pipeline as stations, unknown_orders};

/// One word for whoever watches processes: `ok`, or what is wrong.
pub(crate) async fn healthz(State(app): State<App>) -> Response {
    if app.progress.is_stuck.load(Ordering::Relaxed) {
        return (StatusCode::SERVICE_UNAVAILABLE, "the journal cannot be read\n").into_response();
    }
    "ok\n".into_response()
}

/// What came in and went on at each station of the pipeline in this session.
#[utoipa::path(get, path = "/api/v1/pipeline", tag = "health",
    responses((status = 200, body = Page<Station>)))]
pub(crate) async fn pipeline(State(app): State<App>) -> Result<Json<Page<Station>>, Problem> {
    Ok(Json(app.mirror.ask(stations).await?))
}

/// Something that was looked at.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Finding {
    /// What.
    name: String,
    /// `ok`, `warning` or `critical`.
    severity: String,
    /// What was seen.
    value: String,
    /// What is wrong, or what it means.
    says: Option<String>,
}

/// How the desk and the site do.
#[utoipa::path(get, path = "/api/v1/health", tag = "health",
    responses((status = 200, body = Page<Finding>)))]
pub(crate) async fn health(State(app): State<App>) -> Result<Json<Page<Finding>>, Problem> {
    let is_current = app.progress.is_current.load(Ordering::Relaxed);
    let is_stuck = app.progress.is_stuck.load(Ordering::Relaxed);
    let mut items = app.mirror.ask(findings).await?;
    let (severity, value) = match (is_stuck, is_current) {
        (true, _) => ("critical", "stuck"),
        (false, true) => ("ok", "up to date"),
        (false, false) => ("info", "reading"),
    };
    let says = "what pages show is read from the journal as it grows";
    items.insert(1, finding("journal", severity, value, says));
    items.insert(2, tables(&app));
    Ok(Json(Page { items, next: None }))
}

/// Records that tables may lack before somebody is told.
const TABLES_BEHIND: u64 = 20_000;

/// Whether the tables that people ask with SQL follow the journal.
fn tables(app: &App) -> Finding {
    let tables = (app.tables)();
    let behind = app.progress.seq.load(Ordering::Relaxed).saturating_sub(tables.applied);
    let value = if behind == 0 { "up to date".to_owned() } else { format!("{behind} behind") };
    match tables.fault {
        Some(fault) => finding("tables", "warning", format!("stand still, {value}"), &fault),
        None if TABLES_BEHIND < behind => {
            finding("tables", "warning", value, "they catch up; no decision waits for them")
        }
        None => finding("tables", "ok", value, "what SQL is asked, as of the journal's end"),
    }
}

fn finding(name: &str, severity: &str, value: impl Into<String>, says: &str) -> Finding {
    let says = Some(says.to_owned()).filter(|says| !says.is_empty());
    Finding { name: name.to_owned(), severity: severity.to_owned(), value: value.into(), says }
}

fn findings(mirror: &Mirror) -> Vec<Finding> {
    let (engine, history) = (mirror.engine(), &mirror.past.history);
    let state = engine.state();
    let severity = match state {
        TradingState::Active => "ok",
        TradingState::Reconciling | TradingState::Reducing => "warning",
        TradingState::Halted | TradingState::Flattening => "critical",
    };
    let mut rows = vec![finding("desk", severity, state.to_string(), "")];
    rows.push(match mirror.diverged {
        None => finding("replay", "ok", "equal", "every decision was made again and compared"),
        Some(seq) => {
            let says = "another build wrote this journal, or promise 1 is broken";
            finding("replay", "critical", format!("differs at {seq}"), says)
        }
    });
    for account in engine.accounts() {
        let name = format!("account {}", engine.account_name(account.id));
        rows.push(if account.is_reconciled() {
            finding(&name, "ok", "reconciled", "")
        } else {
            finding(&name, "warning", "not reconciled", "the desk and the venue do not agree yet")
        });
    }
    let unknown = unknown_orders(mirror);
    let severity = if unknown == 0 { "ok" } else { "warning" };
    rows.push(finding("unknown orders", severity, unknown.to_string(), ""));
    let open = Alert::count_open(mirror);
    let severity = if open == 0 { "ok" } else { "warning" };
    rows.push(finding("open alerts", severity, open.to_string(), ""));
    let rung = mirror.past.press.rung().map_or("nobody".to_owned(), |rung| rung.to_string());
    rows.push(finding("reader of news", "ok", rung, ""));
    let forgotten = history.forgotten;
    let severity = if forgotten == 0 { "ok" } else { "info" };
    rows.push(finding("forgotten signals", severity, forgotten.to_string(), ""));
    rows
}

/// Counters and gauges in the text form of Prometheus.
pub(crate) async fn metrics(State(app): State<App>) -> Result<Response, Problem> {
    let mut text = String::new();
    app.meters.write(&mut text);
    let (behind, sockets) = (
        u8::from(!app.progress.is_current.load(Ordering::Relaxed)),
        crate::site::SOCKETS_MAX - app.sockets.available_permits(),
    );
    let gauges = app.mirror.ask(gauges).await?;
    let tables = (app.tables)();
    let lag = app.progress.seq.load(Ordering::Relaxed).saturating_sub(tables.applied);
    let failing = u8::from(tables.fault.is_some());
    for (name, help, value) in [
        ("backsight_tables_behind", "Records that tables lack.", lag.to_string()),
        ("backsight_tables_failing", "Whether tables stand still.", failing.to_string()),
        ("backsight_sockets", "Sockets that are open.", sockets.to_string()),
        ("backsight_mirror_behind", "Whether records wait to be read.", behind.to_string()),
    ] {
        gauge(&mut text, name, help, &[(String::new(), value)]);
    }
    text += &gauges;
    let kind = [(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")];
    Ok((kind, text).into_response())
}

fn gauge(text: &mut String, name: &str, help: &str, rows: &[(String, String)]) {
    let written = (|| {
        writeln!(text, "# HELP {name} {help}\n# TYPE {name} gauge")?;
        rows.iter().try_for_each(|(labels, value)| writeln!(text, "{name}{labels} {value}"))
    })();
    written.expect("writing to a string cannot fail");
}

fn gauges(mirror: &Mirror) -> String {
    let (engine, mut text) = (mirror.engine(), String::new());
    let one = |value: String| vec![(String::new(), value)];
    let today = Today::of(mirror);
    let accounts: Vec<Account> =
        engine.accounts().iter().map(|account| Account::of(account.id, mirror)).collect();
    let by_account = |value: &dyn Fn(&Account) -> Option<f64>| -> Vec<(String, String)> {
        let rows = accounts.iter();
        rows.filter_map(|it| Some((format!("{{account=\"{}\"}}", it.name), value(it)?.to_string())))
            .collect()
    };
    let halted = u8::from(engine.state() != TradingState::Active);
    let open = Alert::count_open(mirror);
    for (name, help, rows) in [
        ("backsight_seq", "The last record that was read.", one(mirror.seq.0.to_string())),
        ("backsight_not_active", "Whether the desk may not open.", one(halted.to_string())),
        ("backsight_diverged", "Whether a decision differs.", {
            one(u8::from(mirror.diverged.is_some()).to_string())
        }),
        (
            "backsight_alerts_open",
            "Alerts that wait for somebody or for an end.",
            one(open.to_string()),
        ),
        ("backsight_signals_today", "Signals of the session.", one(today.signals.to_string())),
        ("backsight_signals_taken_today", "Taken ones.", one(today.taken.to_string())),
        ("backsight_trades_today", "Positions that ended.", one(today.trades.to_string())),
        ("backsight_ghosts", "Ghosts that are followed.", one(today.ghosts.to_string())),
        ("backsight_stories_today", "Stories.", one(today.stories.to_string())),
        ("backsight_equity_dollars", "Equity.", by_account(&|it| it.equity)),
        ("backsight_day_result_dollars", "Result of the session.", by_account(&|it| it.day_result)),
        ("backsight_exposure_dollars", "In the market.", by_account(&|it| Some(it.exposure))),
    ] {
        gauge(&mut text, name, help, &rows);
    }
    text
}
