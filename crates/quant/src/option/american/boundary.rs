//! Where a put is exercised: the share's price B(τ), as a part of the strike, with τ to expiry.
//!
//! The holder of a put with strike 1 is indifferent at B, which gives for every τ (Andersen, Lake
//! and Offengenden, "High-performance American option pricing", equation B)
//!
//! ```text
//! B(τ) = P(τ) / Q(τ),   d±(v) = (ln B(τ) - ln B(τ-v) + (r - q ± σ²/2) v) / (σ √v)
//! P(τ) = e^(-rτ) N(d- to the strike) + ∫ r e^(-rv) N(d-(v)) dv     v from 0 to τ
//! Q(τ) = e^(-qτ) N(d+ to the strike) + ∫ q e^(-qv) N(d+(v)) dv
//! ```
//!
//! B falls from X = min(1, r/q) at expiry. The square of ln(B/X) is nearly a polynomial of √τ: it is
//! kept at Chebyshev's nodes, and the equation is iterated there until it stands still. There is
//! one boundary when r is positive; there is none, or there are two, when it is not.

use std::f64::consts::PI;
use std::sync::LazyLock;

use super::super::lane::{exp, normal};
use super::super::quadrature::Nodes;
use super::premium::Turned;

/// Nodes in √τ; the one at zero is known.
const DEGREE: usize = 20;
/// Nodes of each integral.
const WIDTH: usize = 32;
const ROUNDS_MAX: usize = 60;
/// Rounds that use the slope of the equation.
const NEWTON_ROUNDS: usize = 1;
/// The largest move of the logarithm at which the boundary stands still.
const PRECISION: f64 = 1e-8;

/// The share and the money around a put.
#[derive(Clone, Copy, Debug)]
pub(super) struct Market {
    pub rate: f64,
    pub dividend_yield: f64,
    pub volatility: f64,
}

/// The logarithm of the exercise boundary over the strike, up to a horizon.
#[derive(Clone, Copy, Debug)]
pub(super) struct Boundary {
    /// The root of the horizon in years.
    root: f64,
    /// ln X, at expiry.
    start: f64,
    /// Chebyshev's coefficients of ln²(B/X).
    coefficients: [f64; DEGREE + 1],
}

/// What the equation needs and no market changes.
struct Mesh {
    nodes: Nodes<WIDTH>,
    /// The Chebyshev nodes from 1 down to 0, without the last.
    roots: [f64; DEGREE],
    /// For each node and each part of the integral, what the values at all nodes weigh.
    weights: Vec<[[f64; WIDTH]; DEGREE]>,
}

static MESH: LazyLock<Mesh> = LazyLock::new(Mesh::new);

impl Mesh {
    #[expect(clippy::cast_precision_loss, reason = "small counts")]
    fn new() -> Self {
        let place = |node: usize| 0.5 + 0.5 * libm::cos(PI * node as f64 / DEGREE as f64);
        let roots = std::array::from_fn(place);
        let nodes = Nodes::<WIDTH>::new();
        let all: [f64; DEGREE + 1] = std::array::from_fn(place);
        let mut weights = vec![[[0.0; WIDTH]; DEGREE]; DEGREE];
        for (of, &root) in weights.iter_mut().zip(&roots) {
            for (part, left) in nodes.left.iter().enumerate() {
                let lagrange = barycentric(&all, root * left);
                for (node, row) in of.iter_mut().enumerate() {
                    row[part] = lagrange[node];
                }
            }
        }
        Self { nodes, roots, weights }
    }
}

/// What the values at the Chebyshev nodes weigh at `x`, which is none of them.
fn barycentric(nodes: &[f64; DEGREE + 1], x: f64) -> [f64; DEGREE + 1] {
    let weights: [f64; DEGREE + 1] = std::array::from_fn(|node| {
        let sign = if node % 2 == 0 { 1.0 } else { -1.0 };
        let end = if node == 0 || node == DEGREE { 0.5 } else { 1.0 };
        sign * end / (x - nodes[node])
    });
    let sum: f64 = weights.iter().sum();
    weights.map(|weight| weight / sum)
}

impl Market {
    /// The market with one of its rates moved.
    pub(super) fn turned(&self, turned: Turned, by: f64) -> Self {
        match turned {
            Turned::Rate => Self { rate: self.rate + by, ..*self },
            Turned::Yield => Self { dividend_yield: self.dividend_yield + by, ..*self },
        }
    }

    /// ln X: the boundary at expiry.
    pub(super) fn start(&self) -> f64 {
        if self.rate < self.dividend_yield {
            libm::log(self.rate / self.dividend_yield)
        } else {
            0.0
        }
    }

    /// Bjerksund and Stensland's boundary of 1993, as a logarithm: a first guess.
    fn guess(&self, years: f64) -> f64 {
        // They write for calls; rate and yield change places and the boundary is inverted.
        let Self { rate, dividend_yield, volatility } = *self;
        let variance = volatility * volatility;
        let carry = dividend_yield - rate;
        let half = 0.5 - carry / variance;
        let beta = half + (half * half + 2.0 * dividend_yield / variance).max(0.0).sqrt();
        let low = exp(-self.start());
        let high = (beta / (beta - 1.0)).max(low * (1.0 + 1e-9));
        let growth =
            (carry * years + 2.0 * volatility * years.sqrt()).max(volatility * years.sqrt()) * low
                / (high - low);
        -libm::log(low + (high - low) * (1.0 - exp(-growth)))
    }
}

impl Boundary {
    /// Solves for the boundary up to `years`; the rate is positive.
    pub(super) fn solve(market: &Market, years: f64) -> Self {
        let mesh = &*MESH;
        let start = market.start();
        let root = years.sqrt();
        let mut logs: [f64; DEGREE] = std::array::from_fn(|node| {
            let root = root * mesh.roots[node];
            market.guess(root * root)
        });
        let terms: Vec<Terms> =
            mesh.roots.iter().map(|part| Terms::new(market, root * part)).collect();
        for round in 0..ROUNDS_MAX {
            let squares = logs.map(|log| (log - start) * (log - start));
            let mut moved: f64 = 0.0;
            for (node, terms) in terms.iter().enumerate() {
                let later = interpolated(&squares, &mesh.weights[node]);
                let next = terms.next(logs[node], &later, start, round < NEWTON_ROUNDS).min(start);
                moved = moved.max((next - logs[node]).abs());
                logs[node] = next;
            }
            if moved < PRECISION {
                break;
            }
        }
        Self { root, start, coefficients: coefficients(&logs.map(|log| (log - start).powi(2))) }
    }

    /// Returns the boundary's logarithm with `root` squared years to expiry, and its slope by √τ.
    pub(super) fn at(&self, root: f64) -> (f64, f64) {
        let x = 2.0 * root / self.root - 1.0;
        let (mut value, mut value_before, mut slope, mut slope_before) = (0.0, 0.0, 0.0, 0.0);
        for coefficient in self.coefficients[1..].iter().rev() {
            let next = 2.0 * x * slope - slope_before + 2.0 * value;
            (slope_before, slope) = (slope, next);
            let next = 2.0 * x * value - value_before + coefficient;
            (value_before, value) = (value, next);
        }
        let square = x * value - value_before + self.coefficients[0];
        let square_slope = value + x * slope - slope_before;
        let distance = square.max(f64::MIN_POSITIVE).sqrt();
        (self.start - distance, -square_slope / (self.root * distance))
    }
}

/// The squares at every part of one node's integral.
fn interpolated(squares: &[f64; DEGREE], weights: &[[f64; WIDTH]; DEGREE]) -> [f64; WIDTH] {
    let mut sums = [0.0; WIDTH];
    for (square, weights) in squares.iter().zip(weights) {
        for (sum, weight) in sums.iter_mut().zip(weights) {
            *sum += square * weight;
        }
    }
    sums
}

/// Chebyshev's coefficients of a polynomial known at its nodes, zero at the last.
#[expect(clippy::cast_precision_loss, reason = "small counts")]
fn coefficients(values: &[f64; DEGREE]) -> [f64; DEGREE + 1] {
    let ends = |k: usize| if k == 0 || k == DEGREE { 0.5 } else { 1.0 };
    std::array::from_fn(|degree| {
        let sum: f64 = (0..DEGREE)
            .map(|node| {
                let angle = PI * (degree * node % (2 * DEGREE)) as f64 / DEGREE as f64;
                ends(node) * values[node] * libm::cos(angle)
            })
            .sum();
        2.0 * ends(degree) * sum / DEGREE as f64
    })
}

/// What stays the same at one node from round to round.
struct Terms {
    rate: f64,
    dividend_yield: f64,
    /// Discounts to the node's time, and the distance to the strike without the boundary.
    cash: f64,
    share: f64,
    drift: f64,
    deviation: f64,
    drifts: [f64; WIDTH],
    deviations: [f64; WIDTH],
    /// Discount times weight at each part of the integral.
    cash_weights: [f64; WIDTH],
    share_weights: [f64; WIDTH],
}

impl Terms {
    fn new(market: &Market, root: f64) -> Self {
        let Market { rate, dividend_yield, volatility } = *market;
        let nodes = &MESH.nodes;
        let years = root * root;
        let passed: [f64; WIDTH] = std::array::from_fn(|k| nodes.passed[k] * root);
        Self {
            rate,
            dividend_yield,
            cash: exp(-rate * years),
            share: exp(-dividend_yield * years),
            drift: (rate - dividend_yield) * years,
            deviation: volatility * root,
            drifts: passed.map(|root| (rate - dividend_yield) * root * root),
            deviations: passed.map(|root| volatility * root),
            cash_weights: std::array::from_fn(|k| {
                years * nodes.weights[k] * exp(-rate * passed[k] * passed[k])
            }),
            share_weights: std::array::from_fn(|k| {
                years * nodes.weights[k] * exp(-dividend_yield * passed[k] * passed[k])
            }),
        }
    }

    /// One round of the equation at this node.
    fn next(&self, log: f64, squares: &[f64; WIDTH], start: f64, newton: bool) -> f64 {
        let (mut cash, mut share, mut cash_slope, mut share_slope) =
            ([0.0; WIDTH], [0.0; WIDTH], [0.0; WIDTH], [0.0; WIDTH]);
        for k in 0..WIDTH {
            let square = if squares[k] < 0.0 { 0.0 } else { squares[k] };
            let deviation = self.deviations[k];
            let middle = (log - start + square.sqrt() + self.drifts[k]) / deviation;
            let (below, density) = normal(middle - 0.5 * deviation);
            cash[k] = self.cash_weights[k] * below;
            cash_slope[k] = self.cash_weights[k] * density / deviation;
            let (below, density) = normal(middle + 0.5 * deviation);
            share[k] = self.share_weights[k] * below;
            share_slope[k] = self.share_weights[k] * density / deviation;
        }
        let sum = |parts: &[f64; WIDTH]| parts.iter().sum::<f64>();
        let middle = (log + self.drift) / self.deviation;
        let (cash_below, cash_density) = normal(middle - 0.5 * self.deviation);
        let (share_below, share_density) = normal(middle + 0.5 * self.deviation);
        let above = self.cash * cash_below + self.rate * sum(&cash);
        let under = self.share * share_below + self.dividend_yield * sum(&share);
        let value = libm::log(above / under);
        if !newton {
            return value;
        }
        let above_slope = self.cash * cash_density / self.deviation + self.rate * sum(&cash_slope);
        let under_slope =
            self.share * share_density / self.deviation + self.dividend_yield * sum(&share_slope);
        let slope = (above_slope / above - under_slope / under).min(0.5);
        log - (log - value) / (1.0 - slope)
    }
}
