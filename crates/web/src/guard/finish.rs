//! What every answer gets on its way out: a tag, gzip, and the headers that keep a browser honest.

use std::io::Write;

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::Response;
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::problem::Problem;

/// Bytes below which gzip does not pay.
const WORTH_PACKING: usize = 1024;
/// Bytes of the largest answer.
const ANSWER_MAX: usize = 64 << 20;

/// Only our own files, no frames, no plug-ins, nothing inline.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// What a request said about the answer it wants.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    may_be_tagged: bool,
    known: Option<HeaderValue>,
    takes_gzip: bool,
}

impl Asked {
    pub(crate) fn of(request: &Request) -> Self {
        let headers = request.headers();
        let takes = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok());
        Self {
            may_be_tagged: matches!(*request.method(), Method::GET | Method::HEAD),
            known: headers.get(header::IF_NONE_MATCH).cloned(),
            takes_gzip: takes.is_some_and(|takes| takes.contains("gzip")),
        }
    }
}

/// Dresses an answer.
pub(crate) async fn finish(asked: &Asked, response: Response) -> Response {
    let is_upgrade = response.status() == StatusCode::SWITCHING_PROTOCOLS;
    let response = if is_upgrade { response } else { pack(asked, response).await };
    protect(response)
}

async fn pack(asked: &Asked, response: Response) -> Response {
    let (mut parts, body) = response.into_parts();
    let Ok(bytes) = to_bytes(body, ANSWER_MAX).await else {
        return axum::response::IntoResponse::into_response(Problem::ours(
            "the answer is too long",
        ));
    };
    if asked.may_be_tagged && parts.status == StatusCode::OK {
        // Weak: the same answer with and without gzip has the same tag.
        let hash = blake3::hash(&bytes).to_hex();
        let tag = format!("W/\"{}\"", &hash[..24]);
        let tag = HeaderValue::from_str(&tag).expect("a tag is plain text");
        if asked.known.as_ref() == Some(&tag) {
            parts.status = StatusCode::NOT_MODIFIED;
            parts.headers.remove(header::CONTENT_TYPE);
            parts.headers.insert(header::ETAG, tag);
            return Response::from_parts(parts, Body::empty());
        }
        parts.headers.insert(header::ETAG, tag);
        parts.headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-cache"));
    }
    parts.headers.insert(header::VARY, HeaderValue::from_static("Accept-Encoding, Cookie"));
    let worth = WORTH_PACKING <= bytes.len() && is_text(&parts.headers);
    match (asked.takes_gzip && worth).then(|| gzip(&bytes)).flatten() {
        Some(packed) => {
            parts.headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
            parts.headers.remove(header::CONTENT_LENGTH);
            Response::from_parts(parts, Body::from(packed))
        }
        None => Response::from_parts(parts, Body::from(bytes)),
    }
}

fn gzip(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(bytes.len() / 4), Compression::fast());
    encoder.write_all(bytes).and_then(|()| encoder.finish()).ok()
}

fn is_text(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let texts = ["json", "text/", "javascript", "svg"];
    kind.is_some_and(|kind| texts.iter().any(|text| kind.contains(text)))
}

fn protect(mut response: Response) -> Response {
    let headers = response.headers_mut();
    for (name, value) in [
        ("content-security-policy", POLICY),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("x-frame-options", "DENY"),
        ("permissions-policy", "camera=(), microphone=(), geolocation=(), payment=()"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}
