//! The dashboard's files, which are part of the binary.

use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::problem::Problem;

/// The bundle that was there when this was built: names and bytes.
const BUNDLE: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/bundle.rs"));
/// What is shown when there was none.
const PLAIN: &[u8] = include_bytes!("../assets/plain.html");

/// The page that reads the description of the API, and its files.
const READER: &[u8] = include_bytes!("../assets/reader.html");
const OWN: &[(&str, &[u8])] = &[
    ("reader.js", include_bytes!("../assets/reader.js")),
    ("reader.css", include_bytes!("../assets/reader.css")),
];

/// Files whose names hold a hash of what is in them never change.
const FOR_EVER: &str = "public, max-age=31536000, immutable";

/// The first page.
pub(crate) async fn index() -> Response {
    page()
}

/// The page that reads the description of the API.
pub(crate) async fn reader() -> Response {
    ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], READER).into_response()
}

/// A file of the dashboard, or its first page for the address of one of its pages.
pub(crate) async fn file(Path(path): Path<String>) -> Response {
    let found = OWN.iter().chain(BUNDLE).find(|(name, _)| *name == path);
    match found {
        Some((name, bytes)) => {
            let kept = if name.starts_with("assets/") { FOR_EVER } else { "no-cache" };
            let headers = [(header::CONTENT_TYPE, kind(name)), (header::CACHE_CONTROL, kept)];
            (headers, *bytes).into_response()
        }
        None if path.starts_with("api/") => Problem::not_found("route", &format!("/{path}"))
            .hint("`/api/v1/openapi.json` lists them")
            .into_response(),
        None if path.contains('.') => StatusCode::NOT_FOUND.into_response(),
        None => page(),
    }
}

fn page() -> Response {
    let index = BUNDLE.iter().find(|(name, _)| *name == "index.html");
    let bytes = index.map_or(PLAIN, |(_, bytes)| *bytes);
    ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], bytes).into_response()
}

fn kind(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, ending)| ending) {
        Some("html") => "text/html; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("ico") => "image/x-icon",
        Some("json" | "webmanifest" | "map") => "application/json",
        Some("woff2") => "font/woff2",
        Some("txt") => "text/plain; charset=utf-8",
        Some(_) | None => "application/octet-stream",
    }
}
