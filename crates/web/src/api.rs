//! The handlers, by page.

pub(crate) mod alerts;
pub(crate) mod commands;
pub(crate) mod desk;
pub(crate) mod health;
pub(crate) mod learning;
pub(crate) mod market;
pub(crate) mod options;
pub(crate) mod past;
pub(crate) mod policy;
pub(crate) mod session;
pub(crate) mod signals;

use axum::extract::rejection::{JsonRejection, QueryRejection};
use axum::extract::{FromRequest, FromRequestParts, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use backsight_domain::instrument::Ticker;
use backsight_domain::market::Slot;
use backsight_domain::session::{Session, covers_date};
use backsight_domain::time::{Date, Time};
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::mirror::Mirror;
use crate::problem::Problem;

/// A part of a list, newest first.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Page<T: ToSchema> {
    /// The rows.
    pub items: Vec<T>,
    /// What to send as `before` to get the rows behind them; `null` at the end.
    pub next: Option<u64>,
}

/// Rows of a page when nobody says how many, and the most there can be.
const LIMIT: usize = 100;
const LIMIT_MAX: usize = 1000;

/// How many rows are wanted.
fn limit(wanted: Option<usize>) -> Result<usize, Problem> {
    match wanted {
        None => Ok(LIMIT),
        Some(count) if (1..=LIMIT_MAX).contains(&count) => Ok(count),
        Some(count) => {
            Err(Problem::bad(format!("`limit` lies between 1 and {LIMIT_MAX}, got `{count}`")))
        }
    }
}

/// A JSON body; what is wrong with one is told as a problem.
#[derive(Clone, Copy, Debug, FromRequest)]
#[from_request(via(axum::Json), rejection(Problem))]
pub(crate) struct Json<T>(pub(crate) T);

/// A query; what is wrong with one is told as a problem.
#[derive(Clone, Copy, Debug, FromRequestParts)]
#[from_request(via(axum::extract::Query), rejection(Problem))]
pub(crate) struct Query<T>(pub(crate) T);

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        axum::Json(self.0).into_response()
    }
}

impl From<JsonRejection> for Problem {
    fn from(rejection: JsonRejection) -> Self {
        let status = rejection.status();
        Self::new(status, "body", rejection.body_text()).hint(
            "send JSON with `Content-Type: application/json`; `/api/v1/openapi.json` has the shape",
        )
    }
}

impl From<QueryRejection> for Problem {
    fn from(rejection: QueryRejection) -> Self {
        Self::bad(rejection.body_text()).hint("`/api/v1/openapi.json` lists what can be asked for")
    }
}

/// The description of the API.
pub(crate) async fn describe(State(app): State<App>) -> Response {
    let kind = [(header::CONTENT_TYPE, "application/json")];
    (kind, app.description.clone()).into_response()
}

/// The column of a symbol that is watched.
fn slot_of(mirror: &Mirror, symbol: &str) -> Result<(Ticker, Slot), Problem> {
    let unknown = || Problem::not_found("symbol", symbol).hint("`GET /api/v1/symbols` lists them");
    let ticker = Ticker::parse(&symbol.to_ascii_uppercase()).map_err(|_| unknown())?;
    let slot = mirror.engine().market().slot_of(ticker).ok_or_else(unknown)?;
    Ok((ticker, slot))
}

/// The session of a date.
fn session_on(text: &str) -> Result<Session, Problem> {
    let date = Date::parse(text)
        .ok_or_else(|| Problem::bad(format!("`{text}` is no date; write it as `2024-01-05`")))?;
    let session = covers_date(date).then(|| Session::on(date)).flatten();
    session.ok_or_else(|| Problem::bad(format!("no session takes place on {date}")))
}

/// An instant.
fn instant(name: &str, text: &str) -> Result<Time, Problem> {
    Time::parse(text).ok_or_else(|| {
        Problem::bad(format!(
            "`{name}` must be a time such as `2024-01-05T15:42:00Z`, got `{text}`"
        ))
    })
}
