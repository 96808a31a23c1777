//! The simulated world: a market with known truth, its press, an exchange, faults and a virtual clock.
//!
//! Everything is drawn from one seed through a tree of streams ([`chance`]), with integers, the four
//! basic operations and `libm`, so that a world is the same bytes on every machine.

pub mod backtest;
pub mod careless;
pub mod chance;
pub mod drill;
pub mod exchange;
pub mod faults;
mod floor;
pub mod market;
pub mod newsroom;
pub mod newswire;
pub mod oracle;
pub mod planted;
pub mod resume;
pub mod run;
pub mod shared_disk;
