//! The simulated world: a market with known truth, its press, an exchange, faults and a virtual clock.
//!
//! Everything is drawn from one seed through a tree of streams ([`chance`]), with integers, the four
//! basic operations and `libm`, so that a world is the same bytes on every machine.

pub mod chance;
pub mod exchange;
pub mod faults;
pub mod market;
pub mod newsroom;
