//! Real sockets on this machine: what servers do, and what it costs us.

mod alert;
mod client;
mod model;
#[cfg(feature = "onnxruntime")]
mod onnx;
mod poller;
mod pull;
mod shop;
