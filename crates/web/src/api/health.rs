//! Whether the site lives.

use std::sync::atomic::Ordering;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use crate::app::App;

/// One word for whoever watches processes: `ok`, or what is wrong.
pub(crate) async fn healthz(State(app): State<App>) -> Response {
    if app.progress.is_stuck.load(Ordering::Relaxed) {
        return (StatusCode::SERVICE_UNAVAILABLE, "the journal cannot be read\n").into_response();
    }
    "ok\n".into_response()
}
