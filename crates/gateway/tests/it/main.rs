//! Real sockets on this machine: what servers do, and what it costs us.

mod client;
mod model;
mod poller;
mod pull;
mod shop;
