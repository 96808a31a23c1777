//! What was learned: gates, misses, reports, discovery, proposals.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use backsight_domain::id::ProposalId;
use backsight_learning::past::Past;
use backsight_learning::sample::Calendar;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::commands::{Accepted, NewCommand, give};
use super::desk::is;
use super::{Json, Page, Query, limit};
use crate::access::Who;
use crate::app::App;
use crate::problem::Problem;
use crate::shape::flow::{Discovery, discovery as find};
use crate::shape::learned::{
    self, GateValue, LearningReport, Missed, Proposal, gates as worth, missed_signals,
};

/// Asks the thread that looks back.
async fn study<T: Serialize>(
    app: &App,
    name: impl Into<String>,
    look: impl FnOnce(&Past, &Calendar) -> T + Send + 'static,
) -> Result<Response, Problem> {
    let name = name.into();
    let text: Arc<str> = app.study.ask(move |study| study.say(&name, look)).await?;
    Ok(([(header::CONTENT_TYPE, "application/json")], text.to_string()).into_response())
}

/// What the refusals of each gate were worth, with intervals.
#[utoipa::path(get, path = "/api/v1/gates", tag = "learning",
    responses((status = 200, body = Page<GateValue>)))]
pub(crate) async fn gates(State(app): State<App>) -> Result<Response, Problem> {
    study(&app, "gates", worth).await
}

/// Which refused signals.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(crate) struct WhichMissed {
    /// In one symbol.
    symbol: Option<String>,
    /// Of one rule set, such as `trend`.
    playbook: Option<String>,
    /// Refused by this gate.
    gate: Option<String>,
    /// `missed`, `even` or `spared`.
    verdict: Option<String>,
    /// Only those that were made before this record.
    before: Option<u64>,
    /// How many, 100 when nothing is said.
    limit: Option<usize>,
}

/// Refused signals whose end is known, newest first.
#[utoipa::path(get, path = "/api/v1/missed", tag = "learning", params(WhichMissed),
    responses((status = 200, body = Page<Missed>)))]
pub(crate) async fn missed(
    State(app): State<App>,
    Query(which): Query<WhichMissed>,
) -> Result<Response, Problem> {
    let limit = limit(which.limit)?;
    let fits = {
        let which = which.clone();
        move |row: &Missed| {
            is(which.symbol.as_ref(), &row.symbol)
                && is(which.playbook.as_ref(), &row.playbook)
                && is(which.verdict.as_ref(), &row.verdict)
                && (which.gate.is_none()
                    || row.gates.iter().any(|gate| is(which.gate.as_ref(), gate)))
        }
    };
    let before = which.before.unwrap_or(u64::MAX);
    let page = move |past: &Past, _: &Calendar| missed_signals(past, (before, limit), fits);
    study(&app, format!("missed {which:?}"), page).await
}

/// Whether confidence is what it says, and results by what signals have in common.
#[utoipa::path(get, path = "/api/v1/learning", tag = "learning",
    responses((status = 200, body = LearningReport)))]
pub(crate) async fn report(State(app): State<App>) -> Result<Response, Problem> {
    study(&app, "learning", learned::learning).await
}

/// Where candidates come from, where the others fall out, and how all of them went on.
#[utoipa::path(get, path = "/api/v1/discovery", tag = "learning",
    responses((status = 200, body = Discovery)))]
pub(crate) async fn discovery(State(app): State<App>) -> Result<Response, Problem> {
    study(&app, "discovery", find).await
}

/// Proposals, those that wait for a person first.
#[utoipa::path(get, path = "/api/v1/proposals", tag = "learning",
    responses((status = 200, body = Page<Proposal>)))]
pub(crate) async fn proposals(State(app): State<App>) -> Result<Json<Page<Proposal>>, Problem> {
    let items = app.mirror.ask(Proposal::all).await?;
    Ok(Json(Page { items, next: None }))
}

/// One proposal.
#[utoipa::path(get, path = "/api/v1/proposals/{id}", tag = "learning",
    params(("id" = String, Path, description = "As `GET /api/v1/proposals` tells it")),
    responses((status = 200, body = Proposal), (status = 404, body = Problem)))]
pub(crate) async fn proposal(
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Json<Proposal>, Problem> {
    let unknown = || Problem::not_found("proposal", &id);
    let parsed = ProposalId::parse(&id).ok_or_else(unknown)?;
    let found = app.mirror.ask(move |mirror| {
        let filed = mirror.engine().lessons().proposal(parsed)?;
        Some(Proposal::of(filed, mirror))
    });
    found.await?.map(Json).ok_or_else(unknown)
}

/// Why somebody answers a proposal.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Reason {
    /// In a person's words.
    why: String,
    /// The word under which it is obeyed once; made from the rest when nobody says.
    key: Option<String>,
}

/// Answers a proposal: `approve`, `reject` or `withdraw`.
#[utoipa::path(post, path = "/api/v1/proposals/{id}/{answer}", tag = "learning", request_body = Reason,
    params(("id" = String, Path, description = "The proposal"),
        ("answer" = String, Path, description = "`approve`, `reject` or `withdraw`")),
    responses((status = 202, body = Accepted), (status = 400, body = Problem)))]
pub(crate) async fn answer(
    State(app): State<App>,
    Extension(who): Extension<Who>,
    Path((id, answer)): Path<(String, String)>,
    Json(reason): Json<Reason>,
) -> Result<Response, Problem> {
    if !["approve", "reject", "withdraw"].contains(&answer.as_str()) {
        return Err(Problem::not_found("answer", &answer));
    }
    // A person who answers the same again for another reason means it.
    let key = reason.key.unwrap_or_else(|| format!("{answer}-{id}-{}", reason.why.len()));
    let order = NewCommand { command: answer, target: Some(id), why: reason.why, key };
    give(&app, &who, order).await
}
