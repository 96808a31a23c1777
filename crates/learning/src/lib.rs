//! Looking back: what every decision and every refusal was worth, from the journal alone.
//!
//! ```text
//! journal ──► past ──► outcomes, missed, gates, follow-up, calibration, reports, health
//!             (read once)              each a pure function of the past
//! ```
//!
//! A journal is read once into a [`past::Past`]; everything else is a function of it, so that whoever
//! doubts a number can compute it again. Nothing here changes a rule: a finding is a number with its
//! sample and its interval, and what follows from it is somebody else's decision.
//!
//! It reads no clock and draws chance only from a seed that the journal itself gives, so that the
//! same journal gives the same page.

pub mod alerts;
pub mod bootstrap;
pub mod calibration;
pub mod course;
pub mod dips;
pub mod divergence;
pub mod follow_up;
pub mod gates;
pub mod health;
pub mod memory;
pub mod missed;
pub mod outcome;
pub mod past;
pub mod reaction;
pub mod readiness;
pub mod reports;
pub mod sample;
pub mod trial;

#[cfg(test)]
mod told;
