//! Playbooks: named rule sets that turn features and readings into signals.

pub(crate) mod trend;

use backsight_domain::signal::{Direction, Factor, Horizon};

/// What a playbook wants, before it is a signal.
#[derive(Clone, Debug, PartialEq)]
pub struct Wish {
    /// Which way.
    pub direction: Direction,
    /// For how long.
    pub horizon: Horizon,
    /// How sure it is, 0 to 1.
    pub confidence: f64,
    /// How that came about.
    pub breakdown: Vec<Factor>,
}
