//! The outside: what other machines say, fetched within bounds.
//!
//! Everything that decides here is a plain state machine that is told the time and what came back;
//! [`http::client`] and [`alert::mail`] alone open connections, [`feed::poller`] and
//! [`alert::post`] alone keep threads. What arrives is
//! data of strangers: it is counted, bounded and handed on as bytes, and nothing in it is obeyed.

pub mod alert;
pub mod feed;
pub mod file;
pub mod guard;
pub mod http;
pub mod model;
pub mod newsstand;
#[cfg(feature = "onnxruntime")]
pub mod onnx;
pub mod pull;
pub mod secret;
pub mod settings;
pub mod url;
