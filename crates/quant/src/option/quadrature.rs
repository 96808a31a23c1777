//! Gauss and Legendre's rule, laid over a time to expiry.

use std::f64::consts::{FRAC_PI_4, PI};

/// Nodes that divide a time τ in two, what has passed and what is left.
///
/// The node at angle θ has passed τ sin² θ and has τ cos² θ left: an integrand that is smooth in
/// the roots of both, as those of early exercise are, is smooth in θ from 0 to a right angle.
#[derive(Clone, Copy, Debug)]
pub(super) struct Nodes<const N: usize> {
    /// The root of what has passed, over the root of the whole.
    pub passed: [f64; N],
    /// The root of what is left, over the root of the whole.
    pub left: [f64; N],
    /// The weight of the node, over the whole time.
    pub weights: [f64; N],
}

impl<const N: usize> Nodes<N> {
    pub(super) fn new() -> Self {
        let mut nodes = Self { passed: [0.0; N], left: [0.0; N], weights: [0.0; N] };
        for node in 0..N {
            let (x, weight) = legendre(N, node);
            let angle = FRAC_PI_4 * (1.0 - x);
            let (sin, cos) = libm::sincos(angle);
            nodes.passed[node] = sin;
            nodes.left[node] = cos;
            nodes.weights[node] = 2.0 * sin * cos * FRAC_PI_4 * weight;
        }
        nodes
    }
}

/// Returns a root of the Legendre polynomial of degree `n` and its weight, the largest root first.
#[expect(clippy::cast_precision_loss, reason = "small counts")]
fn legendre(n: usize, root: usize) -> (f64, f64) {
    let mut x = libm::cos(PI * (root as f64 + 0.75) / (n as f64 + 0.5));
    let mut slope = 0.0;
    for _ in 0..10 {
        let (mut before, mut value) = (1.0, x);
        for degree in 2..=n {
            let k = degree as f64;
            (before, value) = (value, ((2.0 * k - 1.0) * x * value - (k - 1.0) * before) / k);
        }
        slope = n as f64 * (x * value - before) / (x * x - 1.0);
        x -= value / slope;
    }
    (x, 2.0 / ((1.0 - x * x) * slope * slope))
}
