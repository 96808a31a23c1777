//! What a person should know, and the channels through which people are told.

use axum::extract::State;
use backsight_domain::alert::Severity;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{Json, Page, Query, limit};
use crate::app::App;
use crate::problem::Problem;
use crate::shape::desk::Alert;

/// Which alerts.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(crate) struct WhichAlerts {
    /// At least so bad: `info`, `warning`, `critical` or `emergency`; `warning` when nothing is said.
    least: Option<String>,
    /// Only those that wait for somebody or for an end.
    open: Option<bool>,
    /// How many, 100 when nothing is said.
    limit: Option<usize>,
}

/// What a person should know, newest first.
#[utoipa::path(get, path = "/api/v1/alerts", tag = "alerts", params(WhichAlerts),
    responses((status = 200, body = Page<Alert>)))]
pub(crate) async fn alerts(
    State(app): State<App>,
    Query(which): Query<WhichAlerts>,
) -> Result<Json<Page<Alert>>, Problem> {
    let limit = limit(which.limit)?;
    let least = which.least.as_deref().map_or(Some(Severity::Warning), Severity::parse);
    let unknown = || Problem::bad("`least` is `info`, `warning`, `critical` or `emergency`");
    let least = least.ok_or_else(unknown)?;
    let mut items = app.mirror.ask(move |mirror| Alert::last(mirror, least, usize::MAX)).await?;
    items.retain(|alert| which.open.is_none_or(|open| open == alert.open));
    items.truncate(limit);
    Ok(Json(Page { items, next: None }))
}

/// A way to reach somebody, and how it does.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Channel {
    /// What it is called.
    pub name: String,
    /// `email`, `webhook`, `telegram`, `discord` or `slack`.
    pub kind: String,
    /// From which severity on it is told.
    pub least: String,
    /// Whether it gets the digests.
    pub digests: bool,
    /// Letters that wait.
    pub waiting: usize,
    /// When one was last delivered.
    pub sent: Option<String>,
    /// Since when every attempt failed.
    pub failing_since: Option<String>,
    /// Why the last attempt failed.
    pub fault: Option<String>,
    /// Letters that were given up.
    pub given_up: u64,
}

/// The channels and how they do; their secrets and addresses are not told.
#[utoipa::path(get, path = "/api/v1/alerts/channels", tag = "alerts",
    responses((status = 200, body = Page<Channel>)))]
pub(crate) async fn channels(State(app): State<App>) -> Result<Json<Page<Channel>>, Problem> {
    // The outbox may be waiting for the disk.
    let channels = app.channels.clone();
    let items = tokio::task::spawn_blocking(move || channels());
    Ok(Json(Page { items: items.await.map_err(|_| Problem::busy())?, next: None }))
}
