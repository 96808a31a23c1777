//! Asking another machine for one resource, with bounds on everything it may cost.
//!
//! ```text
//! Ask ──► Client ──► Names (look up) ──► Guard (vet) ──► connect to the vetted address ──► Answer
//! ```
//!
//! One call is one request: nothing is followed, tried again or decoded in passing. Redirects go
//! through [`trail::Trail`], which the asker advances, so that every hop is looked up and vetted like
//! a first request; content codings go through [`coding`]. What was asked and what came back are
//! plain values, so that everything above can be tested without a socket.

pub mod client;
pub mod coding;
pub mod date;
pub mod fault;
pub mod names;
pub mod trail;

use crate::url::Url;

/// What is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask {
    /// Where.
    pub url: Url,
    /// The validators of the copy we have.
    pub validators: Validators,
    /// The first byte that is wanted, when a part is there already.
    pub from: Option<u64>,
}

/// Something that is handed over.
#[derive(Clone, PartialEq, Eq)]
pub struct Post {
    /// To whom.
    pub url: Url,
    /// What stands before it.
    pub headers: Vec<(&'static str, String)>,
    /// It.
    pub body: Vec<u8>,
}

/// What a server said to recognise a version of a resource by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Validators {
    /// Its `ETag`, as it was sent.
    pub etag: Option<Box<str>>,
    /// Its `Last-Modified`, as it was sent.
    pub last_modified: Option<Box<str>>,
}

/// What an answer says before its body.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Head {
    /// The status.
    pub status: u16,
    /// The validators of what was sent.
    pub validators: Validators,
    /// When to come back.
    pub retry_after: Option<Box<str>>,
    /// Where the resource is.
    pub location: Option<Box<str>>,
    /// What the body is said to be.
    pub content_type: Option<Box<str>>,
    /// How it is packed.
    pub content_encoding: Option<Box<str>>,
    /// Which part of the resource it is.
    pub content_range: Option<Box<str>>,
    /// How many bytes it is said to have.
    pub length: Option<u64>,
}

/// A whole answer, its body still packed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// What stands before the body.
    pub head: Head,
    /// The body, as it was sent.
    pub body: Vec<u8>,
}

impl Ask {
    /// Asks for the whole of a resource that we have no copy of.
    pub fn whole(url: Url) -> Self {
        Self { url, validators: Validators::default(), from: None }
    }
}

impl Post {
    /// Hands over a value as JSON.
    pub fn json(url: Url, value: &serde_json::Value) -> Self {
        let headers = vec![("content-type", "application/json".to_owned())];
        Self { url, headers, body: value.to_string().into_bytes() }
    }
}

/// Its path may be a secret, and so may what it carries.
impl std::fmt::Debug for Post {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Post").field("to", &self.url.place()).finish_non_exhaustive()
    }
}

impl Validators {
    /// Whether there are none.
    pub const fn is_empty(&self) -> bool {
        self.etag.is_none() && self.last_modified.is_none()
    }
}
