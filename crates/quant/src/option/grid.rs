//! Finite differences: slow, and the only method that asks nothing of the exercise region.
//!
//! The logarithm of the share's price is cut into even steps around today's, six standard deviations
//! to either side. Time runs back from expiry: implicit steps after every kink (expiry, dividends),
//! then Crank and Nicolson's. Exercise is a constraint on each step with a multiplier that is carried
//! over to the next (Ikonen and Toivanen), which keeps the error of second order. A dividend of cash
//! lowers the share by its amount, so that the value before it is the value after it at the lower
//! price, or what exercise pays if that is more.

use super::{DAYS_PER_YEAR, Dividend, Greeks, Vanilla};

/// Nodes on either side of today's price.
const HALF: usize = 240;
const NODES: usize = 2 * HALF + 1;
/// Steps over the whole time to expiry, shared among the stretches between dividends.
const STEPS: usize = 240;
const STEPS_MIN: usize = 8;
/// Implicit steps after a kink, each half as long as the others.
const DAMPED: usize = 4;
/// Standard deviations from today's price to the edge.
const REACH: f64 = 6.0;
/// The part of a share's price that cannot be paid out at once.
const KEPT: f64 = 0.01;

/// The value at three neighbouring nodes, and in the middle one a moment earlier.
#[derive(Clone, Copy, Debug)]
struct Centre {
    step: f64,
    values: [f64; 3],
}

/// Returns price, delta, gamma and theta; vega and rho are left at zero.
pub(super) fn value(option: &Vanilla, dividends: &[Dividend], volatility: f64) -> Greeks {
    let centre = Grid::new(option, volatility).roll_back(dividends);
    let [low, price, high] = centre.values;
    let spot = option.spot;
    let slope = (high - low) / (2.0 * centre.step);
    let bend = (high - 2.0 * price + low) / (centre.step * centre.step);
    let delta = slope / spot;
    let gamma = (bend - slope) / (spot * spot);
    let intrinsic = option.intrinsic();
    if price <= intrinsic {
        return option.exercised();
    }
    let Vanilla { rate, dividend_yield, .. } = *option;
    let spread = 0.5 * volatility * volatility * spot * spot * gamma;
    let theta = (rate * price - (rate - dividend_yield) * spot * delta - spread) / DAYS_PER_YEAR;
    Greeks { price, delta, gamma, theta, vega: 0.0, rho: 0.0 }
}

struct Grid<'a> {
    option: &'a Vanilla,
    variance: f64,
    step: f64,
    /// The share's price at each node.
    shares: Vec<f64>,
    /// What exercise pays at each node.
    pays: Vec<f64>,
    values: Vec<f64>,
    /// The rate at which the right to exercise adds value.
    multipliers: Vec<f64>,
}

impl<'a> Grid<'a> {
    fn new(option: &'a Vanilla, volatility: f64) -> Self {
        let reach = REACH * volatility * option.years.sqrt();
        let drift = (option.rate - option.dividend_yield) * option.years;
        #[expect(clippy::cast_precision_loss, reason = "a small count")]
        let step = (reach + drift.abs()) / HALF as f64;
        #[expect(clippy::cast_precision_loss, reason = "a small count")]
        let place = |node: usize| step * (node as f64 - HALF as f64);
        let shares: Vec<f64> =
            (0..NODES).map(|node| option.spot * libm::exp(place(node))).collect();
        let pays: Vec<f64> =
            shares.iter().map(|share| (option.sign() * (share - option.strike)).max(0.0)).collect();
        let values = shares.iter().map(|&share| averaged(option, share, step)).collect();
        let variance = volatility * volatility;
        Self { option, variance, step, shares, pays, values, multipliers: vec![0.0; NODES] }
    }

    fn roll_back(mut self, dividends: &[Dividend]) -> Centre {
        let years = self.option.years;
        let mut left = years;
        let due = |it: &&Dividend| 0.0 < it.years && it.years < years;
        for dividend in dividends.iter().rev().filter(due) {
            self.stretch(left - dividend.years);
            self.pay_out(dividend.amount);
            left = dividend.years;
        }
        self.stretch(left);
        let values = [HALF - 1, HALF, HALF + 1].map(|node| self.values[node]);
        Centre { step: self.step, values }
    }

    /// Goes back over a time without dividends.
    fn stretch(&mut self, years: f64) {
        let share = years / self.option.years;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to 1")]
        #[expect(clippy::cast_precision_loss, reason = "a small count")]
        let steps = ((share * STEPS as f64) as usize).max(STEPS_MIN);
        #[expect(clippy::cast_precision_loss, reason = "a small count")]
        let step = years / steps as f64;
        for _ in 0..DAMPED {
            self.step_back(0.5 * step, 1.0);
        }
        for _ in DAMPED / 2..steps {
            self.step_back(step, 0.5);
        }
    }

    /// One step: `weight` is 1 for an implicit one and one half for Crank and Nicolson's.
    fn step_back(&mut self, years: f64, weight: f64) {
        let Vanilla { rate, dividend_yield, .. } = *self.option;
        let spread = 0.5 * self.variance / (self.step * self.step);
        let drift = 0.5 * (rate - dividend_yield - 0.5 * self.variance) / self.step;
        let (down, up, stay) = (spread - drift, spread + drift, -2.0 * spread - rate);
        let (known, unknown) = ((1.0 - weight) * years, weight * years);

        let mut right = vec![0.0; NODES];
        let values = &self.values;
        for node in 1..NODES - 1 {
            let moved = down * values[node - 1] + stay * values[node] + up * values[node + 1];
            right[node] = values[node] + known * moved + years * self.multipliers[node];
        }
        right[0] = self.edge(0, years);
        right[NODES - 1] = self.edge(NODES - 1, years);
        solve(&mut right, -unknown * down, 1.0 - unknown * stay, -unknown * up);

        for (node, right) in right.into_iter().enumerate() {
            let free = right - years * self.multipliers[node];
            let value = free.max(self.pays[node]);
            self.multipliers[node] = ((value - free) / years).max(0.0);
            self.values[node] = value;
        }
    }

    /// The value at an edge a step earlier, where the option is a forward, exercised, or nothing.
    fn edge(&self, node: usize, years: f64) -> f64 {
        let Vanilla { rate, dividend_yield, strike, .. } = *self.option;
        if self.values[node] <= 0.0 {
            return 0.0;
        }
        let share = self.shares[node];
        let carried = self.option.sign() * (dividend_yield * share - rate * strike);
        (self.values[node] - carried * years).max(self.pays[node])
    }

    /// The share falls by `amount` when time runs forward.
    fn pay_out(&mut self, amount: f64) {
        let after = |share: f64| (share - amount).max(KEPT * share);
        let values: Vec<f64> =
            self.shares.iter().map(|&share| self.interpolated(after(share))).collect();
        for (node, value) in values.into_iter().enumerate() {
            self.values[node] = value.max(self.pays[node]);
        }
        self.multipliers.fill(0.0);
    }

    /// The value at a share's price between nodes, by the cubic through the four around it.
    fn interpolated(&self, share: f64) -> f64 {
        let place = libm::log(share / self.shares[0]) / self.step;
        if place < 0.0 {
            // Below the grid an option is a straight line of the share.
            let slope = (self.values[1] - self.values[0]) / (self.shares[1] - self.shares[0]);
            return (self.values[0] + slope * (share - self.shares[0])).max(0.0);
        }
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "on the grid")]
        let first = (place as usize).saturating_sub(1).min(NODES - 4);
        #[expect(clippy::cast_precision_loss, reason = "a small count")]
        let t = place - first as f64;
        let weights = [
            -(t - 1.0) * (t - 2.0) * (t - 3.0) / 6.0,
            t * (t - 2.0) * (t - 3.0) / 2.0,
            -t * (t - 1.0) * (t - 3.0) / 2.0,
            t * (t - 1.0) * (t - 2.0) / 6.0,
        ];
        weights.iter().zip(&self.values[first..]).map(|(weight, value)| weight * value).sum()
    }
}

/// The mean of what exercise pays over the step around a node, so that the kink costs no order.
fn averaged(option: &Vanilla, share: f64, step: f64) -> f64 {
    let (low, high) = (share * libm::exp(-0.5 * step), share * libm::exp(0.5 * step));
    let strike = option.strike;
    let (from, to) = match option.right {
        super::Right::Call => (strike.max(low), high),
        super::Right::Put => (low, strike.min(high)),
    };
    if to <= from {
        return 0.0;
    }
    let width = libm::log(to / from);
    (option.sign() * (to - from - strike * width) / step).max(0.0)
}

/// Solves the system with three constant diagonals and fixed values at both ends, in place.
fn solve(right: &mut [f64], below: f64, middle: f64, above: f64) {
    let last = right.len() - 1;
    let mut ratios = vec![0.0; right.len()];
    for node in 1..last {
        let pivot = middle - below * ratios[node - 1];
        ratios[node] = above / pivot;
        right[node] = (right[node] - below * right[node - 1]) / pivot;
    }
    for node in (1..last).rev() {
        right[node] -= ratios[node] * right[node + 1];
    }
}
