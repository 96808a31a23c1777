//! Playbooks: named rule sets that turn features and readings into signals.

pub(crate) mod trend;

use backsight_domain::signal::{Direction, Factor, Horizon};

/// What a playbook wants, before it is a signal.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Wish {
    pub(crate) direction: Direction,
    pub(crate) horizon: Horizon,
    pub(crate) confidence: f64,
    pub(crate) breakdown: Vec<Factor>,
}
