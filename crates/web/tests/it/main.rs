//! A real site on a socket of this machine, over the journal of a real simulated desk.

#![expect(clippy::unwrap_used, reason = "what a test needs is there, or the test fails")]

mod browser;
mod described;
mod doors;
mod matrix;
mod reads;
mod stand;
mod wire;
