//! What early exercise adds to a European put, and how that moves: one pass over a few nodes.
//!
//! With x = ln S, strike 1, v the time that passes and b(τ-v) the logarithm of the boundary then,
//! the holder gains interest on the strike and loses the share's yield while the share is below:
//!
//! ```text
//! premium = ∫ r e^(-rv) N(-d-(v)) - q e^(x-qv) N(-d+(v)) dv        v from 0 to τ
//! d±(v)   = (x - b(τ-v) + (r - q ± σ²/2) v) / (σ √v)
//! ```
//!
//! Close above the boundary the integrand rises from zero within the first moments, which no few
//! nodes can see. The boundary is therefore first taken as the straight line b(τ) + λv that touches
//! it at v = 0: for that the integral has a closed form. The nodes add the difference, which is
//! smooth. Sensitivities are the derivatives of both, so that all come from the same exponentials.
//! The boundary moves with volatility and rates as well; its derivatives come with it.

use super::super::lane::{exp, mills, normal};
use super::super::quadrature::Nodes;
use super::boundary::Market;

/// A number and its derivatives by volatility and by the rate in question.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Moving {
    pub value: f64,
    pub by_volatility: f64,
    pub by_rate: f64,
}

/// The exercise boundary of one market as seen from one time to expiry.
#[derive(Clone, Copy, Debug)]
pub(super) struct Edge<const N: usize> {
    /// The boundary's logarithm now.
    pub now: Moving,
    /// What the logarithm gains per year that passes.
    pub slope: Moving,
    /// The logarithm at each node.
    pub logs: [f64; N],
    pub logs_by_volatility: [f64; N],
    pub logs_by_rate: [f64; N],
}

/// Which of the two rates `by_rate` is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Turned {
    /// The rate on money.
    Rate,
    /// The yield of the share.
    Yield,
}

/// The premium over the strike, and its derivatives by x, volatility and the rate in question.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Premium {
    pub value: f64,
    pub by_x: f64,
    pub by_x_twice: f64,
    pub by_volatility: f64,
    pub by_rate: f64,
}

/// Returns the premium at `x`, the logarithm of spot over strike, which is above the boundary.
pub(super) fn premium<const N: usize>(
    market: &Market,
    root: f64,
    x: f64,
    edge: &Edge<N>,
    (nodes, turned): (&Nodes<N>, Turned),
) -> Premium {
    // Below zero a rate turns the closed form's roots imaginary; the nodes then carry everything.
    let is_lined = 0.0 <= market.rate.min(market.dividend_yield);
    let touching =
        if is_lined { touching(market, root, x, edge, turned) } else { Premium::default() };
    let rest = rest(market, root, x, edge, (nodes, turned, f64::from(u8::from(is_lined))));
    Premium {
        value: touching.value + rest.value,
        by_x: touching.by_x + rest.by_x,
        by_x_twice: touching.by_x_twice + rest.by_x_twice,
        by_volatility: touching.by_volatility + rest.by_volatility,
        by_rate: touching.by_rate + rest.by_rate,
    }
}

/// The closed form is even in its root c, which may therefore be this instead of less.
const ROOT_MIN: f64 = 1e-8;

/// The integral of ρ e^(-ρv) N(a/√v + b √v) over a time, for a below zero, and its derivatives.
#[derive(Clone, Copy, Debug, Default)]
struct Flow {
    value: f64,
    by_a: f64,
    by_a_twice: f64,
    by_b: f64,
    by_rho: f64,
}

/// The premium if the boundary were the straight line that touches it now.
fn touching<const N: usize>(
    market: &Market,
    root: f64,
    x: f64,
    edge: &Edge<N>,
    turned: Turned,
) -> Premium {
    let Market { rate, dividend_yield, volatility } = *market;
    let share = exp(x);
    let a = -(x - edge.now.value) / volatility;
    let middle = (edge.slope.value - rate + dividend_yield) / volatility;
    let [cash_b, share_b] = [middle + 0.5 * volatility, middle - 0.5 * volatility];
    let [cash, yielded] = flows(a, [cash_b, share_b], [rate, dividend_yield], root);

    let a_by_volatility = (edge.now.by_volatility - a) / volatility;
    let bend = edge.slope.by_volatility / volatility;
    let b_by_volatility = [bend + 1.0 - cash_b / volatility, bend - 1.0 - share_b / volatility];
    let along = |flow: &Flow, a: f64, b: f64| flow.by_a * a + flow.by_b * b;
    let by_volatility = along(&cash, a_by_volatility, b_by_volatility[0])
        - share * along(&yielded, a_by_volatility, b_by_volatility[1]);

    let (sign, rho) = match turned {
        Turned::Rate => (-1.0, cash.by_rho),
        Turned::Yield => (1.0, -share * yielded.by_rho),
    };
    let a_by_rate = edge.now.by_rate / volatility;
    let b_by_rate = (edge.slope.by_rate + sign) / volatility;
    let by_rate =
        rho + along(&cash, a_by_rate, b_by_rate) - share * along(&yielded, a_by_rate, b_by_rate);

    let x_by_a = -1.0 / volatility;
    let second = (cash.by_a_twice - share * yielded.by_a_twice) * x_by_a * x_by_a;
    Premium {
        value: cash.value - share * yielded.value,
        by_x: (cash.by_a - share * yielded.by_a) * x_by_a - share * yielded.value,
        by_x_twice: second - share * (2.0 * yielded.by_a * x_by_a + yielded.value),
        by_volatility,
        by_rate,
    }
}

/// The two flows of [`touching`] together, so that one vector holds their probabilities.
fn flows(a: f64, b: [f64; 2], rho: [f64; 2], root: f64) -> [Flow; 2] {
    let years = root * root;
    let near = a / root;
    let c = [0, 1].map(|k| (b[k] * b[k] + 2.0 * rho[k]).sqrt().max(ROOT_MIN));
    let places = [near + b[0] * root, near + b[1] * root, near + c[0] * root, near + c[1] * root];
    let exponents = [-rho[0] * years, -rho[1] * years, a * (c[0] - b[0]), a * (c[1] - b[1])];
    let (mut below, mut density, mut factors) = ([0.0; 4], [0.0; 4], [0.0; 4]);
    for k in 0..4 {
        (below[k], density[k]) = normal(places[k]);
        factors[k] = exp(exponents[k]);
    }
    [0, 1].map(|k| {
        let ended = factors[k] * density[k];
        let rising = factors[2 + k] * below[2 + k];
        // e^(-a(c+b)) N(near - c√τ), whose first factor would overflow by itself.
        let falling = ended * mills(c[k] * root - near);
        // Integrals of the density, discounted, over v^(3/2) (times -a/2), √v (halved), and times √v.
        let first = 0.5 * (rising + falling);
        let second = 0.5 * (rising - falling) / c[k];
        let third = 2.0 / (c[k] * c[k]) * (second - a * first - root * ended);
        Flow {
            value: first + b[k] * second - factors[k] * below[k],
            by_a: 2.0 * rho[k] * second,
            by_a_twice: 2.0 * rho[k] * (first - b[k] * second),
            by_b: rho[k] * third,
            by_rho: years * factors[k] * below[k] + a * second - 0.5 * b[k] * third,
        }
    })
}

/// What the true boundary adds to the straight line, or to nothing when `lined` is zero.
fn rest<const N: usize>(
    market: &Market,
    root: f64,
    x: f64,
    edge: &Edge<N>,
    (nodes, turned, lined): (&Nodes<N>, Turned, f64),
) -> Premium {
    let Market { rate, dividend_yield, volatility } = *market;
    let spot = exp(x);
    let carry = rate - dividend_yield;
    let (turn, cash_turned, share_turned) = match turned {
        Turned::Rate => (-1.0, 1.0, 0.0),
        Turned::Yield => (1.0, 0.0, 1.0),
    };
    let mut parts = [[0.0; N]; 5];
    #[expect(clippy::needless_range_loop, reason = "several arrays in step, for vectors")]
    for k in 0..N {
        let passed = nodes.passed[k] * root;
        let years = passed * passed;
        let deviation = volatility * passed;
        let line = edge.now.value + edge.slope.value * years;
        let true_middle = (x - edge.logs[k] + carry * years) / deviation;
        let line_middle = (x - line + carry * years) / deviation;
        let half = 0.5 * deviation;
        let (true_minus, true_plus) = (true_middle - half, true_middle + half);
        let (line_minus, line_plus) = (line_middle - half, line_middle + half);
        let discount = exp(-rate * years);
        let (cash, share) = (rate * discount, spot * exp(-dividend_yield * years));
        let paid = dividend_yield * share;
        let (true_cash, true_cash_peak) = normal(-true_minus);
        let (true_share, true_share_peak) = normal(-true_plus);
        let (line_cash, line_cash_peak) = normal(-line_minus);
        let (line_share, line_share_peak) = normal(-line_plus);

        let (cash_gap, share_gap) =
            (true_cash - lined * line_cash, true_share - lined * line_share);
        let (true_cash_flow, true_share_flow) = (cash * true_cash_peak, paid * true_share_peak);
        let (line_cash_flow, line_share_flow) =
            (lined * cash * line_cash_peak, lined * paid * line_share_peak);
        let true_net = true_cash_flow - true_share_flow;
        let line_net = line_cash_flow - line_share_flow;
        let net = true_net - line_net;
        let share_peaks = (true_share_flow - line_share_flow) / deviation;
        let bent =
            true_cash_flow * true_minus - true_share_flow * true_plus - line_cash_flow * line_minus
                + line_share_flow * line_plus;
        let spread =
            true_cash_flow * true_plus - true_share_flow * true_minus - line_cash_flow * line_plus
                + line_share_flow * line_minus;
        let line_by_volatility = edge.now.by_volatility + edge.slope.by_volatility * years;
        let line_by_rate = edge.now.by_rate + edge.slope.by_rate * years;
        let by_volatility = true_net * edge.logs_by_volatility[k] - line_net * line_by_volatility;
        let by_rate = true_net * edge.logs_by_rate[k] - line_net * line_by_rate;

        let weight = nodes.weights[k] * root * root;
        parts[0][k] = weight * (cash * cash_gap - paid * share_gap);
        parts[1][k] = weight * (-net / deviation - paid * share_gap);
        parts[2][k] =
            weight * (bent / (deviation * deviation) + 2.0 * share_peaks - paid * share_gap);
        parts[3][k] = weight * (spread / volatility + by_volatility / deviation);
        parts[4][k] = weight
            * (cash_turned * discount * (1.0 - rate * years) * cash_gap
                - share_turned * share * (1.0 - dividend_yield * years) * share_gap
                + turn * net * passed / volatility
                + by_rate / deviation);
    }
    let [value, by_x, by_x_twice, by_volatility, by_rate] =
        parts.map(|parts| parts.iter().sum::<f64>());
    Premium { value, by_x, by_x_twice, by_volatility, by_rate }
}
