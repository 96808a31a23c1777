//! Trials: what another policy would have made of the recorded past.
//!
//! ```text
//! journal ──► Course (what the market did) ──► Runner (engine + simple venue) ──► trades by session
//!                                              once for each candidate policy
//! ```
//!
//! A candidate is run through the real engine over the recorded entries of the market, with a venue
//! that fills by the policy's fill model. The policy in force is run the same way: what is compared
//! is two runs of the same kind, never a run with what really happened. Quotes of contracts are
//! there as far as the desk asked for them.

pub mod beside;
pub mod candidate;
pub mod course;
pub mod cycle;
pub mod fleet;
pub mod judge;
pub mod known;
pub mod runner;
pub mod shadow;
mod venue;
