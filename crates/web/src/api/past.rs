//! Back in time: any past minute, a decision under other rules, who did what.

use axum::extract::{Path, State};
use backsight_domain::id::SignalId;
use backsight_domain::session::Session;
use backsight_domain::time::Span;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use super::policy::{Trial, changes};
use super::{Json, Page, Query, instant, limit};
use crate::app::App;
use crate::diary::Visit;
use crate::mirror::back::decide_again;
use crate::mirror::{Deed, Mirror};
use crate::problem::Problem;
use crate::shape::chart::Symbol;
use crate::shape::desk::Desk;
use crate::shape::feature::features;
use crate::shape::position::Position;
use crate::shape::signal::{Factor, Signal, Verdict};

/// A session that can be looked at again.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct ReplaySession {
    date: String,
    opens: String,
    closes: String,
    minutes: u16,
}

/// The desk at a past minute.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Moment {
    /// The desk; what it says of commands and calls counts from the session's start.
    desk: Desk,
    /// What it held.
    positions: Vec<Position>,
    /// What it knew about each symbol.
    watched: Vec<Watched>,
}

/// What a desk knew about a symbol.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Watched {
    symbol: String,
    price: Option<f64>,
    #[schema(value_type = std::collections::BTreeMap<String, Option<f64>>)]
    features: Value,
}

/// Sessions that can be looked at again, newest first.
#[utoipa::path(get, path = "/api/v1/replay/sessions", tag = "past",
    responses((status = 200, body = Page<ReplaySession>)))]
pub(crate) async fn sessions(State(app): State<App>) -> Result<Json<Page<ReplaySession>>, Problem> {
    let rows = app.mirror.ask(|mirror| {
        let days = mirror.bars.days().iter().rev();
        let sessions = days.filter_map(|day| Session::on(day.date));
        let row = |session: Session| ReplaySession {
            date: session.date().to_string(),
            opens: session.open().to_string(),
            closes: session.close().to_string(),
            minutes: session.minutes(),
        };
        sessions.map(row).collect()
    });
    Ok(Json(Page { items: rows.await?, next: None }))
}

/// Which minute.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(crate) struct At {
    /// The minute, such as `2024-01-05T15:42:00Z`.
    at: String,
}

/// The desk at a past minute, exactly as its engine was after the last entry up to then.
#[utoipa::path(get, path = "/api/v1/replay", tag = "past", params(At),
    responses((status = 200, body = Moment), (status = 404, body = Problem)))]
pub(crate) async fn replay(
    State(app): State<App>,
    Query(At { at }): Query<At>,
) -> Result<Json<Moment>, Problem> {
    let minute = instant("at", &at)?;
    // All of the minute: a bar that ends with it arrives a moment later.
    let end = minute + Span::from_seconds(59);
    let anchor = app.mirror.ask(move |mirror| mirror.anchor_before(minute)).await?;
    let anchor = anchor.ok_or_else(|| {
        Problem::not_found("session at", &at).hint("`GET /api/v1/replay/sessions` lists them")
    })?;
    let journal = app.journal.clone();
    let task = tokio::task::spawn_blocking(move || {
        Mirror::rebuilt(&journal, anchor, |stamped| end < stamped.at).map(|mirror| moment(&mirror))
    });
    let moment = task.await.map_err(|_| Problem::busy())?;
    Ok(Json(moment.map_err(|fault| Problem::ours(fault.to_string()))?))
}

fn moment(mirror: &Mirror) -> Moment {
    let (engine, market) = (mirror.engine(), mirror.engine().market());
    let watched = Symbol::all(mirror).into_iter().filter_map(|symbol| {
        let ticker = backsight_domain::instrument::Ticker::parse(&symbol.symbol).ok()?;
        let slot = market.slot_of(ticker)?;
        let known = market.features(slot, engine.policy(), engine.now());
        Some(Watched { price: symbol.last, features: features(&known), symbol: symbol.symbol })
    });
    Moment {
        desk: Desk::of(mirror),
        positions: engine.positions().map(|held| Position::of(held, mirror)).collect(),
        watched: watched.collect(),
    }
}

/// What a desk would have decided.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct WhatIf {
    /// Whether there would have been a signal at all.
    signalled: bool,
    /// Its confidence; 0 when there would have been none.
    confidence: f64,
    /// How that would have come about.
    factors: Vec<Factor>,
    /// What the gates would have said.
    verdicts: Vec<Verdict>,
}

/// Decides a signal's entry again under other settings, on a copy of the engine as it was just
/// before. Nothing is written.
#[utoipa::path(post, path = "/api/v1/signals/{id}/what-if", tag = "decisions", request_body = Trial,
    params(("id" = String, Path, description = "As `s1042:0`")),
    responses((status = 200, body = WhatIf), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn what_if(
    State(app): State<App>,
    Path(id): Path<String>,
    Json(trial): Json<Trial>,
) -> Result<Json<WhatIf>, Problem> {
    let unknown = || Problem::not_found("signal", &id).hint("`GET /api/v1/signals` lists them");
    let parsed = SignalId::parse(&id).ok_or_else(unknown)?;
    let found = app.mirror.ask(move |mirror| {
        let signal = mirror.past.history.signals.get(&parsed)?.signal.clone();
        // The bar that made it began a minute before it ended.
        let anchor = mirror.anchor_before(signal.at - Span::from_minutes(1))?;
        Some((signal, anchor))
    });
    let (signal, anchor) = found.await?.ok_or_else(unknown)?;
    let own = app.clone();
    let task = tokio::task::spawn_blocking(move || {
        let ours = |fault: backsight_journal::ReadFault| Problem::ours(fault.to_string());
        let before = own.fork.before(&own.journal, anchor, signal.id).map_err(ours)?;
        let policy = before.policy();
        let policy = policy.with(&changes(policy, &trial.settings))?;
        let decided = decide_again(&own.journal, &before, (&signal, policy)).map_err(ours)?;
        let engine = &decided.engine;
        let made = decided.signal.as_deref().map(Signal::of);
        Ok(Json(WhatIf {
            signalled: made.is_some(),
            confidence: made.as_ref().map_or(0.0, |made| made.confidence),
            factors: made.map(|made| made.factors).unwrap_or_default(),
            verdicts: decided.verdicts.iter().map(|it| Verdict::of(it, engine)).collect(),
        }))
    });
    task.await.map_err(|_| Problem::busy())?
}

/// Something that a person did.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct DeedRow {
    /// The record of it; of a visit, the last record that there was.
    seq: u64,
    /// When; of a visit, by the clock of the wall.
    at: String,
    /// Who; `nobody` when a log-in was refused.
    who: String,
    /// A command, `policy`, or a visit: `log in`, `log-in refused`, `log out`, `first operator`,
    /// `set-up refused`.
    what: String,
    /// A proposal, a position, an alarm, the policy's version, or where a visit came from.
    target: Option<String>,
    /// Why.
    why: Option<String>,
}

/// Which deeds.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(crate) struct WhichDeeds {
    /// Only those before this record.
    before: Option<u64>,
    /// How many, 100 when nothing is said.
    limit: Option<usize>,
}

/// What people did: commands, policies, answers to proposals, log-ins. Newest first.
#[utoipa::path(get, path = "/api/v1/audit", tag = "past", params(WhichDeeds),
    responses((status = 200, body = Page<DeedRow>)))]
pub(crate) async fn audit(
    State(app): State<App>,
    Query(which): Query<WhichDeeds>,
) -> Result<Json<Page<DeedRow>>, Problem> {
    let limit = limit(which.limit)?;
    let before = which.before.unwrap_or(u64::MAX);
    let own = app.clone();
    let visits = tokio::task::spawn_blocking(move || own.diary.visits());
    let mut rows: Vec<DeedRow> =
        visits.await.map_err(|_| Problem::busy())?.iter().map(DeedRow::visit).collect();
    let deeds = |mirror: &Mirror| mirror.deeds.iter().map(DeedRow::of).collect::<Vec<_>>();
    rows.extend(app.mirror.ask(deeds).await?);
    rows.retain(|row| row.seq < before);
    // What was written down last stands first, also among those of one record.
    rows.sort_by_key(|row| row.seq);
    Ok(Json(newest(rows, limit)))
}

/// The last rows, newest first; those of one record stay on one page.
fn newest(rows: Vec<DeedRow>, limit: usize) -> Page<DeedRow> {
    let mut page = Page { items: Vec::new(), next: None };
    for row in rows.into_iter().rev() {
        let last = page.items.last().map(|row: &DeedRow| row.seq);
        if limit <= page.items.len() && last != Some(row.seq) {
            page.next = last;
            break;
        }
        page.items.push(row);
    }
    page
}

impl DeedRow {
    fn visit(visit: &Visit) -> Self {
        Self {
            seq: visit.seq,
            at: visit.at.clone(),
            who: visit.who.clone().unwrap_or_else(|| "nobody".to_owned()),
            what: visit.what().to_owned(),
            target: Some(visit.peer.clone()).filter(|peer| !peer.is_empty()),
            why: None,
        }
    }

    fn of(deed: &Deed) -> Self {
        Self {
            seq: deed.seq.0,
            at: deed.at.to_string(),
            who: deed.who.to_string(),
            what: deed.what.clone(),
            target: deed.target.clone(),
            why: Some(deed.why.to_string()).filter(|why| !why.is_empty()),
        }
    }
}
