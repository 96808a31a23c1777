//! Exercise boundaries of one rate and yield, tabulated for all volatilities and times.
//!
//! A boundary solved afresh costs a hundred microseconds; a chain asks for thousands that differ only
//! in volatility and time. The table holds ln(B/X)/(σ√τ), which varies slowly, at every node of the
//! premium's integral: seen from τ a node lies at a fixed part of τ, so that one weighting of
//! neighbours serves all nodes at once. Neighbours are six by six on even steps of ln τ and ln σ,
//! joined by polynomials; the derivative by volatility is that of the polynomials, the one by rate
//! is tabulated beside the boundary.

use super::boundary::{Boundary, Market};
use super::premium::{Edge, Moving, Turned};
use super::{NUDGE, Nodes, Put};

/// Nodes of the premium's integral.
pub(super) const WIDTH: usize = 14;
/// Those, the boundary now, and its slope.
const LANES: usize = WIDTH + 2;
/// Neighbours in each direction.
const ORDER: usize = 6;
const TIME_COUNT: usize = 44;
const VOLATILITY_COUNT: usize = 18;
/// Half a minute to about four years.
const TIMES: Axis<TIME_COUNT> = Axis { first: -13.9, step: 0.35 };
/// Two percent to 600 %, with room for neighbours.
const VOLATILITIES: Axis<VOLATILITY_COUNT> = Axis { first: -4.4, step: 0.35 };
/// Rate and yield that differ by less than this part are close.
const CLOSE: f64 = 0.35;
/// A boundary is solved for a time and used down to this part of its root.
const REACH: f64 = 0.3;

/// Even steps of a logarithm.
struct Axis<const N: usize> {
    first: f64,
    step: f64,
}

/// Neighbours of a place and what they weigh.
struct Weights {
    first: usize,
    values: [f64; ORDER],
    /// The weights of the derivative by the logarithm.
    slopes: [f64; ORDER],
}

impl<const N: usize> Axis<N> {
    #[expect(clippy::cast_precision_loss, reason = "a small count")]
    fn at(&self, place: usize) -> f64 {
        self.first + self.step * place as f64
    }

    /// Returns the weights at the logarithm `x`; `None` outside the axis.
    fn weights(&self, x: f64) -> Option<Weights> {
        let place = (x - self.first) / self.step;
        let middle = ORDER / 2;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped")]
        let first = (place.max(0.0) as usize).saturating_sub(middle - 1).min(N - ORDER);
        #[expect(clippy::cast_precision_loss, reason = "a small count")]
        let t = place - first as f64;
        #[expect(clippy::cast_precision_loss, reason = "a small count")]
        let inside = 0.0 <= place && place <= (N - 1) as f64;
        inside.then(|| {
            let (values, slopes) = lagrange(t);
            Weights { first, values, slopes: slopes.map(|slope| slope / self.step) }
        })
    }
}

/// The polynomials that are one at one of 0 to 5 and zero at the others, and their slopes, at `t`.
fn lagrange(t: f64) -> ([f64; ORDER], [f64; ORDER]) {
    const SCALES: [f64; ORDER] =
        [-1.0 / 120.0, 1.0 / 24.0, -1.0 / 12.0, 1.0 / 12.0, -1.0 / 24.0, 1.0 / 120.0];
    let gaps = [t, t - 1.0, t - 2.0, t - 3.0, t - 4.0, t - 5.0];
    // Products of the gaps before and after each, with their slopes.
    let (mut before, mut after) = ([(1.0, 0.0); ORDER], [(1.0, 0.0); ORDER]);
    for k in 1..ORDER {
        let (value, slope) = before[k - 1];
        before[k] = (value * gaps[k - 1], slope * gaps[k - 1] + value);
        let (value, slope) = after[ORDER - k];
        after[ORDER - k - 1] = (value * gaps[ORDER - k], slope * gaps[ORDER - k] + value);
    }
    let values = std::array::from_fn(|k| SCALES[k] * before[k].0 * after[k].0);
    let slopes =
        std::array::from_fn(|k| SCALES[k] * (before[k].1 * after[k].0 + before[k].0 * after[k].1));
    (values, slopes)
}

/// The boundaries of puts, or of calls as puts, at one rate and yield.
#[derive(Debug)]
pub(super) struct Table {
    rate: f64,
    dividend_yield: f64,
    turned: Turned,
    nodes: Nodes<WIDTH>,
    /// ln X and its derivative by the rate in question.
    start: (f64, f64),
    /// For each volatility and time: the boundary, and its derivative by the rate's logarithm.
    cells: Vec<[[f64; LANES]; 2]>,
}

impl Table {
    /// Tabulates the boundaries of puts at a positive rate.
    pub(super) fn new(rate: f64, dividend_yield: f64, turned: Turned) -> Self {
        let nodes = Nodes::new();
        let market = Market { rate, dividend_yield, volatility: 1.0 };
        let turned_rate = match turned {
            Turned::Rate => rate,
            Turned::Yield => dividend_yield,
        };
        let start = base(&market);
        let mut cells = vec![[[0.0; LANES]; 2]; TIME_COUNT * VOLATILITY_COUNT];
        for (place, row) in cells.chunks_exact_mut(TIME_COUNT).enumerate() {
            let volatility = libm::exp(VOLATILITIES.at(place));
            fill(row, &Market { volatility, ..market }, (turned, turned_rate), &nodes);
        }
        let nudge = NUDGE * turned_rate;
        let [low, high] = [-nudge, nudge].map(|turn| base(&market.turned(turned, turn)));
        let start = (start, (high - low) / (2.0 * nudge));
        Self { rate, dividend_yield, turned, nodes, start, cells }
    }

    pub(super) fn nodes(&self) -> &Nodes<WIDTH> {
        &self.nodes
    }

    /// Returns the boundary for `put`; `None` when it lies outside the table.
    pub(super) fn edge(&self, put: &Put) -> Option<Edge<WIDTH>> {
        let Market { rate, dividend_yield, volatility } = put.market;
        let same = |one: f64, other: f64| one.to_bits() == other.to_bits();
        let here = same(rate, self.rate) && same(dividend_yield, self.dividend_yield);
        if !here || put.turned != self.turned {
            return None;
        }
        let times = TIMES.weights(2.0 * libm::log(put.root))?;
        let volatilities = VOLATILITIES.weights(libm::log(volatility))?;
        let [values, slopes, by_rate] = self.joined(&times, &volatilities);
        Some(self.scaled(put, &values, &slopes, &by_rate))
    }

    /// The boundary, its derivative by the volatility's logarithm, and the one by the rate's.
    fn joined(&self, times: &Weights, volatilities: &Weights) -> [[f64; LANES]; 3] {
        let mut sums = [[0.0; LANES]; 3];
        for place in 0..ORDER {
            let from = (volatilities.first + place) * TIME_COUNT + times.first;
            let (mut value, mut rate) = ([0.0; LANES], [0.0; LANES]);
            for (cell, weight) in self.cells[from..from + ORDER].iter().zip(&times.values) {
                for lane in 0..LANES {
                    value[lane] += weight * cell[0][lane];
                    rate[lane] += weight * cell[1][lane];
                }
            }
            for lane in 0..LANES {
                sums[0][lane] += volatilities.values[place] * value[lane];
                sums[1][lane] += volatilities.slopes[place] * value[lane];
                sums[2][lane] += volatilities.values[place] * rate[lane];
            }
        }
        sums
    }

    fn scaled(
        &self,
        put: &Put,
        values: &[f64; LANES],
        slopes: &[f64; LANES],
        by_rate: &[f64; LANES],
    ) -> Edge<WIDTH> {
        let (root, volatility) = (put.root, put.market.volatility);
        let (start, start_slope) = self.start;
        let deviation = volatility * root;
        let rate = match self.turned {
            Turned::Rate => self.rate,
            Turned::Yield => self.dividend_yield,
        };
        let years = root * root;
        let moving = |lane: usize, over: f64, start: f64, start_slope: f64| Moving {
            value: start + deviation * values[lane] / over,
            by_volatility: root * (values[lane] + slopes[lane]) / over,
            by_rate: start_slope + deviation * by_rate[lane] / (over * rate),
        };
        let mut edge = Edge {
            now: moving(WIDTH, 1.0, start, start_slope),
            slope: moving(WIDTH + 1, years, 0.0, 0.0),
            logs: [0.0; WIDTH],
            logs_by_volatility: [0.0; WIDTH],
            logs_by_rate: [0.0; WIDTH],
        };
        for lane in 0..WIDTH {
            edge.logs[lane] = start + deviation * values[lane];
            edge.logs_by_volatility[lane] = root * (values[lane] + slopes[lane]);
            edge.logs_by_rate[lane] = start_slope + deviation / rate * by_rate[lane];
        }
        edge
    }
}

/// What is taken off the boundary's logarithm before it is tabulated: where it starts.
///
/// When rate and yield are close the boundary leaves that start at once, and nothing is taken off.
fn base(market: &Market) -> f64 {
    let close = (market.dividend_yield - market.rate).abs() < CLOSE * market.rate;
    if close { 0.0 } else { market.start() }
}

/// Fills the row of one volatility, the longest time first.
fn fill(
    row: &mut [[[f64; LANES]; 2]],
    market: &Market,
    (turned, rate): (Turned, f64),
    nodes: &Nodes<WIDTH>,
) {
    let nudge = NUDGE * rate;
    let markets = [0.0, -nudge, nudge].map(|turn| market.turned(turned, turn));
    let mut horizon = 0.0;
    let mut boundaries = Vec::new();
    for (place, cell) in row.iter_mut().enumerate().rev() {
        let root = libm::exp(0.5 * TIMES.at(place));
        if root < REACH * horizon || horizon == 0.0 {
            horizon = root;
            boundaries = markets.iter().map(|it| Boundary::solve(it, root * root)).collect();
        }
        let deviation = market.volatility * root;
        let lanes = |which: usize| -> [f64; LANES] {
            let boundary: &Boundary = &boundaries[which];
            let start = base(&markets[which]);
            std::array::from_fn(|lane| match lane {
                WIDTH => (boundary.at(root).0 - start) / deviation,
                lane if lane == WIDTH + 1 => -0.5 * root * boundary.at(root).1 / deviation,
                lane => (boundary.at(root * nodes.left[lane]).0 - start) / deviation,
            })
        };
        let [here, low, high] = [lanes(0), lanes(1), lanes(2)];
        *cell = [here, std::array::from_fn(|lane| (high[lane] - low[lane]) / (2.0 * NUDGE))];
    }
}
