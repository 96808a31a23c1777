//! Why: signals, and everything about one.

use axum::extract::{Path, State};
use backsight_domain::id::{Seq, SignalId};
use backsight_domain::session::Session;
use backsight_learning::past::history::Tale;
use serde::Deserialize;
use utoipa::IntoParams;

use super::desk::is;
use super::{Json, Page, Query, limit, session_on};
use crate::app::App;
use crate::mirror::Mirror;
use crate::problem::Problem;
use crate::shape::signal::{SignalLine, SignalTale};

/// Which signals.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(crate) struct WhichSignals {
    /// In one symbol.
    symbol: Option<String>,
    /// Of one rule set, such as `trend`.
    playbook: Option<String>,
    /// Refused by this gate, in some account.
    gate: Option<String>,
    /// Judged for this account.
    account: Option<String>,
    /// Of one session, such as `2024-01-05`.
    session: Option<String>,
    /// Taken by some account, or by none.
    taken: Option<bool>,
    /// Only those that were made before this record.
    before: Option<u64>,
    /// How many, 100 when nothing is said.
    limit: Option<usize>,
}

/// Signals, newest first, each with what became of it.
#[utoipa::path(get, path = "/api/v1/signals", tag = "decisions", params(WhichSignals),
    responses((status = 200, body = Page<SignalLine>)))]
pub(crate) async fn signals(
    State(app): State<App>,
    Query(which): Query<WhichSignals>,
) -> Result<Json<Page<SignalLine>>, Problem> {
    let limit = limit(which.limit)?;
    let session = which.session.as_deref().map(session_on).transpose()?;
    let page = app.mirror.ask(move |mirror| list(mirror, &which, session, limit));
    Ok(Json(page.await?))
}

fn list(
    mirror: &Mirror,
    which: &WhichSignals,
    session: Option<Session>,
    limit: usize,
) -> Page<SignalLine> {
    let end = SignalId { cause: Seq(which.before.unwrap_or(u64::MAX)), index: 0 };
    let older = mirror.past.history.signals.range(..end).rev();
    let fits = |tale: &&Tale| {
        session.is_none_or(|session| {
            session.contains(tale.signal.at) || tale.signal.at == session.close()
        }) && suits(mirror, which, tale)
    };
    let mut page = Page { items: Vec::new(), next: None };
    let mut last = None;
    for tale in older.map(|(_, tale)| tale).filter(fits) {
        let line = SignalLine::of(tale, mirror);
        if which.taken.is_some_and(|taken| taken != (line.outcome == "taken")) {
            continue;
        }
        // Signals of one record stay on one page.
        if limit <= page.items.len() && last != Some(line.seq) {
            page.next = last;
            break;
        }
        last = Some(line.seq);
        page.items.push(line);
    }
    page
}

fn suits(mirror: &Mirror, which: &WhichSignals, tale: &Tale) -> bool {
    let signal = &tale.signal;
    let of_account = tale.verdicts.iter().filter(|verdict| {
        is(which.account.as_ref(), mirror.engine().account_name(verdict.account))
    });
    let mut of_account = of_account.peekable();
    let has_account = which.account.is_none() || of_account.peek().is_some();
    let has_gate = which.gate.is_none()
        || of_account
            .any(|verdict| verdict.refusals().any(|it| is(which.gate.as_ref(), it.gate.name())));
    is(which.symbol.as_ref(), signal.ticker.as_str())
        && is(which.playbook.as_ref(), &signal.playbook.to_string())
        && has_account
        && has_gate
}

/// Everything about one signal: what was known, every factor, every gate, contracts, orders, the
/// end, and the ghost beside it.
#[utoipa::path(get, path = "/api/v1/signals/{id}", tag = "decisions",
    params(("id" = String, Path, description = "As `s1042:0`")),
    responses((status = 200, body = SignalTale), (status = 404, body = Problem)))]
pub(crate) async fn signal(
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Json<SignalTale>, Problem> {
    let unknown = || Problem::not_found("signal", &id).hint("`GET /api/v1/signals` lists them");
    let parsed = SignalId::parse(&id).ok_or_else(unknown)?;
    let tale = app.mirror.ask(move |mirror| {
        let tale = mirror.past.history.signals.get(&parsed)?;
        Some(SignalTale::of(tale, mirror))
    });
    tale.await?.map(Json).ok_or_else(unknown)
}
