//! Log in, log out, who am I, and the first operator.

use axum::Extension;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Json;
use crate::access::{Role, Via, Who, csrf_of};
use crate::app::App;
use crate::guard::{Entered, cookie, cookie_name};
use crate::problem::Problem;

/// Who is logged in.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Me {
    /// The name.
    pub name: String,
    /// What the person may do.
    pub role: Role,
    /// What `X-CSRF-Token` must say with whatever changes something; nothing for a token.
    pub csrf: Option<String>,
}

/// A name and a password.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LogIn {
    /// The name.
    pub name: String,
    /// The password.
    pub password: String,
}

/// The first operator.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SetUp {
    /// The word of the link that the first start printed.
    pub token: String,
    /// The name that the operator wants.
    pub name: String,
    /// A password of at least 10 characters.
    pub password: String,
}

/// Says who is logged in.
#[utoipa::path(get, path = "/api/v1/session", tag = "access",
    responses((status = 200, body = Me), (status = 401, body = Problem)))]
pub(crate) async fn who(who: Option<Extension<Who>>) -> Result<Json<Me>, Problem> {
    let Extension(Who { name, role, via }) = who.ok_or_else(Problem::nobody)?;
    let csrf = match via {
        Via::Session { csrf } => Some(csrf),
        Via::Token { .. } => None,
    };
    Ok(Json(Me { name, role, csrf }))
}

/// Logs in: the answer sets the session's cookie.
#[utoipa::path(post, path = "/api/v1/session", tag = "access", request_body = LogIn,
    responses((status = 200, body = Me), (status = 401, body = Problem), (status = 429, body = Problem)))]
pub(crate) async fn log_in(
    State(app): State<App>,
    Json(it): Json<LogIn>,
) -> Result<Response, Problem> {
    let _turn = app.checks.acquire().await.map_err(|_| Problem::busy())?;
    let (own, name) = (app.clone(), it.name.clone());
    let task = tokio::task::spawn_blocking(move || own.access.log_in(&it.name, &it.password));
    let secret = task.await.map_err(|_| Problem::busy())??;
    welcome(&app, &name, &secret)
}

/// Logs out.
#[utoipa::path(delete, path = "/api/v1/session", tag = "access",
    responses((status = 204), (status = 401, body = Problem)))]
pub(crate) async fn log_out(
    State(app): State<App>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let name = cookie_name(&app);
    if let Some(secret) = cookie(&headers, &name) {
        app.access.log_out(secret)?;
    }
    let gone = format!("{name}=; HttpOnly; SameSite=Strict; Path=/; Max-Age=0");
    Ok((StatusCode::NO_CONTENT, AppendHeaders([(header::SET_COOKIE, gone)])).into_response())
}

/// Makes the first operator with the word of the link that the first start printed.
#[utoipa::path(post, path = "/api/v1/setup", tag = "access", request_body = SetUp,
    responses((status = 200, body = Me), (status = 400, body = Problem), (status = 403, body = Problem)))]
pub(crate) async fn set_up(
    State(app): State<App>,
    Json(it): Json<SetUp>,
) -> Result<Response, Problem> {
    let _turn = app.checks.acquire().await.map_err(|_| Problem::busy())?;
    let (own, name) = (app.clone(), it.name.clone());
    let task = tokio::task::spawn_blocking(move || {
        own.access.set_up(&it.token, &it.name, &it.password)?;
        own.access.log_in(&it.name, &it.password)
    });
    let secret = task.await.map_err(|_| Problem::busy())??;
    welcome(&app, &name, &secret)
}

/// Who is logged in now, with the session's cookie.
fn welcome(app: &App, name: &str, secret: &str) -> Result<Response, Problem> {
    let who = app.access.by_session(secret).ok_or_else(Problem::nobody)?;
    // Plain HTTP is spoken on this machine only, so that `Secure` would keep the cookie from us.
    let cookie = format!("{}={secret}; HttpOnly; SameSite=Strict; Path=/", cookie_name(app));
    let me = Me { name: name.to_owned(), role: who.role, csrf: Some(csrf_of(secret)) };
    let mut response = (AppendHeaders([(header::SET_COOKIE, cookie)]), Json(me)).into_response();
    response.extensions_mut().insert(Entered(name.to_owned()));
    Ok(response)
}
