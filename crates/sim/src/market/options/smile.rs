//! How implied variance depends on the strike: the surface of Gatheral and Jacquier (2014).
//!
//! With `theta` the variance at the money to expiry and `k` the logarithm of strike over forward,
//!
//! ```text
//! w(k) = theta/2 * (1 + rho*phi*k + sqrt((phi*k + rho)^2 + 1 - rho^2))
//! phi  = eta / sqrt(theta * (1 + theta))
//! ```
//!
//! It holds no arbitrage between strikes or expiries as long as `eta * (1 + |rho|) <= 2` and `theta`
//! grows with time. A negative `rho` makes puts below the market dearer than calls above it.

use crate::chance::Chance;

/// The smile of one share.
#[derive(Clone, Copy, Debug)]
pub(super) struct Smile {
    rho: f64,
    eta: f64,
}

/// The steepest smile that is drawn.
const RHO_MAX: f64 = 0.65;
const ETA_MAX: f64 = 0.9;
const _: () = assert!(ETA_MAX * (1.0 + RHO_MAX) <= 2.0);

impl Smile {
    pub(super) fn draw(traits: &mut Chance) -> Self {
        Self { rho: -traits.between(0.25, RHO_MAX), eta: traits.between(0.5, ETA_MAX) }
    }

    /// The variance to expiry that a strike implies.
    pub(super) fn variance(&self, theta: f64, k: f64) -> f64 {
        let Self { rho, eta } = *self;
        let scaled = eta / (theta * (1.0 + theta)).sqrt() * k;
        let wing = (scaled + rho) * (scaled + rho) + 1.0 - rho * rho;
        0.5 * theta * (1.0 + rho * scaled + wing.sqrt())
    }
}
