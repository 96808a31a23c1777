//! What stands between a socket and a handler, in this order: the name the site was asked under,
//! the rate, where the request comes from, who it is, what the route asks for, and the word that
//! only our own pages know. Nothing reaches a handler before all of it agreed.

pub(crate) mod finish;
pub(crate) mod rate;

use std::net::SocketAddr;
use std::sync::atomic::Ordering;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::access::{Via, Who};
use crate::app::App;
use crate::clock::Stopwatch;
use crate::diary::Line;
use crate::problem::Problem;
use crate::routes::Least;

/// The header that carries the word that only our own pages know.
pub(crate) const CSRF: &str = "x-csrf-token";

/// Who a log-in let in; it goes with the answer.
#[derive(Clone, Debug)]
pub(crate) struct Entered(pub(crate) String);

/// The other end of a connection.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Peer(pub(crate) SocketAddr);

/// Lets a request through, or says why not; dresses the answer.
pub(crate) async fn guard(
    State(app): State<App>,
    matched: Option<MatchedPath>,
    mut request: Request,
    next: Next,
) -> Response {
    let route = matched.map(|path| path.as_str().to_owned()).unwrap_or_default();
    let asked = finish::Asked::of(&request);
    let watch = Stopwatch::start();
    let method = request.method().clone();
    let peer = request.extensions().get::<Peer>().map(|peer| peer.0.ip().to_string());
    let admitted = admit(&app, &route, &mut request);
    let known = request.extensions().get::<Who>().map(|who| who.name.clone());
    let response = match admitted {
        Ok(()) => next.run(request).await,
        Err(problem) => problem.into_response(),
    };
    let who = known.or_else(|| response.extensions().get::<Entered>().map(|it| it.0.clone()));
    let response = finish::finish(&asked, response).await;
    let (status, took) = (response.status().as_u16(), watch.elapsed());
    app.meters.note(status, took);
    let line = Line {
        method: method.as_str(),
        route: &route,
        status,
        who: who.as_deref(),
        peer: peer.as_deref().unwrap_or_default(),
        seq: app.progress.seq.load(Ordering::Relaxed),
    };
    app.diary.note(&line, took);
    response
}

fn admit(app: &App, route: &str, request: &mut Request) -> Result<(), Problem> {
    expect_host(app, request.headers())?;
    let peer = request.extensions().get::<Peer>().copied();
    let client = peer.map_or_else(String::new, |peer| peer.0.ip().to_string());
    app.rates.admit(&client)?;
    let who = recognise(app, request.headers());
    expect_origin(app, request, who.as_ref())?;
    expect_role(app, route, request, who.as_ref())?;
    if let Some(who) = &who {
        app.rates.admit(&who.name)?;
        expect_word(request, who)?;
    }
    if let Some(who) = who {
        request.extensions_mut().insert(who);
    }
    Ok(())
}

/// The site answers under its own names only: a page of somebody else whose name was made to point
/// here asks under that name.
fn expect_host(app: &App, headers: &HeaderMap) -> Result<(), Problem> {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    if is_ours(app, host) {
        return Ok(());
    }
    let problem = Problem::new(
        StatusCode::MISDIRECTED_REQUEST,
        "host",
        format!("this site does not answer to the name `{}`", printable(host)),
    );
    Err(problem.hint("use the address that `backsight demo` printed"))
}

fn is_ours(app: &App, host: &str) -> bool {
    let port = app.address.port().to_string();
    let (name, given) = match host.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((name, rest)) => (name, rest.strip_prefix(':')),
        None => host.split_once(':').map_or((host, None), |(name, port)| (name, Some(port))),
    };
    let local = ["localhost", "127.0.0.1", "::1"].contains(&name) && given == Some(port.as_str());
    let named = app.hosts.iter().any(|known| known == host || known == name);
    local || named
}

/// Requests that change something, and sockets, come from our own pages or with a token.
fn expect_origin(app: &App, request: &Request, who: Option<&Who>) -> Result<(), Problem> {
    let headers = request.headers();
    let is_socket = headers.contains_key(header::UPGRADE);
    if is_safe(request.method()) && !is_socket {
        return Ok(());
    }
    let refused = |why: &str| Err(Problem::new(StatusCode::FORBIDDEN, "origin", why));
    if headers.get("sec-fetch-site").is_some_and(|site| site == "cross-site") {
        return refused("the request comes from the page of another site");
    }
    let origin = headers.get(header::ORIGIN).and_then(|origin| origin.to_str().ok());
    let by_token = who.is_some_and(|who| matches!(who.via, Via::Token { .. }));
    match origin {
        Some(origin) => match origin.split_once("://") {
            Some(("http" | "https", host)) if is_ours(app, host) => Ok(()),
            _ => refused("the request comes from the page of another site"),
        },
        None if by_token => Ok(()),
        None => refused("a request that changes something needs an `Origin` or a token"),
    }
}

fn expect_role(
    app: &App,
    route: &str,
    request: &Request,
    who: Option<&Who>,
) -> Result<(), Problem> {
    let method = if request.method() == Method::HEAD { &Method::GET } else { request.method() };
    let least = app.matrix.get(&(method.to_string(), route.to_owned()));
    match (least, who) {
        (Some(Least::Nobody), _) => Ok(()),
        (Some(Least::Role(least)), Some(who)) => {
            if who.may(*least, request.uri().path()) {
                return Ok(());
            }
            let (name, role) = (&who.name, who.role.name());
            let detail = format!("`{name}` is {role}, and this asks for {}", least.name());
            Err(Problem::new(StatusCode::FORBIDDEN, "role", detail))
        }
        (Some(Least::Role(_)), None) => Err(Problem::nobody()),
        // The router knows the path and not the method: it answers itself.
        (None, _) if is_known(app, route) => Ok(()),
        (None, _) => Err(Problem::new(
            StatusCode::FORBIDDEN,
            "closed",
            "this route is in no table of access",
        )),
    }
}

/// Whether the route is there, for some other method.
fn is_known(app: &App, route: &str) -> bool {
    app.matrix.keys().any(|(_, path)| path == route)
}

fn expect_word(request: &Request, who: &Who) -> Result<(), Problem> {
    let Via::Session { csrf } = &who.via else { return Ok(()) };
    if is_safe(request.method()) {
        return Ok(());
    }
    let given = request.headers().get(CSRF).map(HeaderValue::as_bytes).unwrap_or_default();
    if blake3::hash(given) == blake3::hash(csrf.as_bytes()) {
        return Ok(());
    }
    let problem =
        Problem::new(StatusCode::FORBIDDEN, "csrf", format!("`{CSRF}` is missing or wrong"));
    Err(problem.hint("`GET /api/v1/session` tells it"))
}

fn is_safe(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

/// Who a request comes from, by its token or else its cookie.
pub(crate) fn recognise(app: &App, headers: &HeaderMap) -> Option<Who> {
    let given = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    if let Some(token) = given.and_then(|value| value.strip_prefix("Bearer ")) {
        return app.access.by_token(token);
    }
    app.access.by_session(cookie(headers, &cookie_name(app))?)
}

/// The name of the cookie. Cookies do not know ports, and two desks of one machine have two names.
pub(crate) fn cookie_name(app: &App) -> String {
    format!("backsight-{}", app.address.port())
}

/// The value of a cookie.
pub(crate) fn cookie<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs =
        cookies.flat_map(|value| value.split(';')).filter_map(|pair| pair.split_once('='));
    pairs.find(|(key, _)| key.trim() == name).map(|(_, value)| value.trim())
}

/// A text of a stranger, as a message may show it.
fn printable(text: &str) -> String {
    text.chars().filter(char::is_ascii_graphic).take(60).collect()
}
