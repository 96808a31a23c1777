//! Options that can be exercised on any day, on a share that pays a continuous yield.
//!
//! A call on the share is a put on the strike: with spot and strike, rate and yield changing places
//! it has the same price. So there is one case, a put with a positive rate, and its early exercise
//! is an integral over the boundary at which it is exercised. When the rate (of calls the yield) is
//! not positive, waiting costs nothing and the price is the European one, unless the other is lower
//! still: then there may be two boundaries, and the grid prices it.

mod boundary;
mod premium;
mod table;

use std::sync::LazyLock;

use super::lane::exp;
use super::quadrature::Nodes;
use super::{DAYS_PER_YEAR, Greeks, LEAST_TIME_VALUE, Right, Vanilla, cash, european, implied};
use boundary::{Boundary, Market};
use premium::{Edge, Moving, Turned, premium};

/// Nodes of the premium's integral.
const WIDTH: usize = 48;
/// Below this standard deviation to expiry the share is taken as certain.
const DEVIATION_MIN: f64 = 1e-6;
/// Below this volatility too.
const VOLATILITY_MIN: f64 = 1e-3;
/// Where the search for a volatility begins when the European price says nothing.
const GUESS: f64 = 0.5;
/// How far volatility and rates are moved, as a part of themselves, to see the boundary move.
const NUDGE: f64 = 1e-4;

static NODES: LazyLock<Nodes<WIDTH>> = LazyLock::new(Nodes::new);

/// Returns the price; `None` for terms that are not sound or a volatility outside 0 to 10.
pub fn price(option: &Vanilla, volatility: f64) -> Option<f64> {
    exact(option, volatility, Boundaries::alone).map(|greeks| greeks.price)
}

/// Returns the price and its sensitivities; `None` as for [`price`].
pub fn greeks(option: &Vanilla, volatility: f64) -> Option<Greeks> {
    exact(option, volatility, Boundaries::solve)
}

/// Returns the volatility at which the option is worth `price`.
///
/// `None` when there is none from 0 to 10: at or below what exercise pays now, above what any
/// volatility gives, or for terms that are not sound or expired.
pub fn implied_volatility(option: &Vanilla, price: f64) -> Option<f64> {
    implied_by(option, price, greeks)
}

fn exact(option: &Vanilla, volatility: f64, solve: fn(&Put) -> Boundaries) -> Option<Greeks> {
    let option = option.sound(volatility)?;
    if option.is_expired() {
        return Some(option.exercised());
    }
    let put = Put::of(option, volatility);
    if put.market.rate <= 0.0 {
        if put.market.rate <= put.market.dividend_yield {
            return european::greeks(option, volatility);
        }
        return cash::greeks(option, &[], volatility);
    }
    if volatility < VOLATILITY_MIN || volatility * put.root < DEVIATION_MIN {
        return european::greeks(option, volatility).map(|held| put.certain(option, held));
    }
    Some(put.greeks(option, &solve(&put).edge(&put, &NODES), &NODES))
}

fn implied_by(
    option: &Vanilla,
    price: f64,
    greeks: impl Fn(&Vanilla, f64) -> Option<Greeks>,
) -> Option<f64> {
    if !option.is_sound() || option.is_expired() || !price.is_finite() {
        return None;
    }
    // At or below the price of a certain share there is no volatility, or only rounding.
    let certain = european::price(option, 0.0)?.max(option.intrinsic());
    if price - certain <= LEAST_TIME_VALUE * price {
        return None;
    }
    // Early exercise only adds to a price, so that this is not below the answer.
    let guess = european::implied_volatility(option, price).unwrap_or(GUESS);
    implied::volatility(price, guess, |volatility| {
        greeks(option, volatility).map(|it| (it.price, it.vega))
    })
}

/// Boundaries of one rate and yield, for pricing many options on one share.
///
/// Costs some thousand solved boundaries once and then answers in about a microsecond, to a millionth
/// of the strike. What lies outside it is priced as without it: other rates, less than half a minute
/// or more than three years to expiry, volatility below 1.3 % or above 470 %.
#[derive(Debug)]
pub struct Table {
    puts: Option<table::Table>,
    calls: Option<table::Table>,
}

impl Table {
    /// Tabulates the boundaries at `rate` and `dividend_yield`.
    pub fn new(rate: f64, dividend_yield: f64) -> Self {
        let sound = |rate: f64| 0.0 < rate && rate <= super::RATE_MAX;
        Self {
            puts: sound(rate).then(|| table::Table::new(rate, dividend_yield, Turned::Rate)),
            calls: sound(dividend_yield)
                .then(|| table::Table::new(dividend_yield, rate, Turned::Yield)),
        }
    }

    /// Returns the price and its sensitivities; `None` as for [`price`].
    pub fn greeks(&self, option: &Vanilla, volatility: f64) -> Option<Greeks> {
        let side = match option.right {
            Right::Put => &self.puts,
            Right::Call => &self.calls,
        };
        let Some(table) = side else { return greeks(option, volatility) };
        let option = option.sound(volatility)?;
        if option.is_expired() {
            return Some(option.exercised());
        }
        let put = Put::of(option, volatility);
        match table.edge(&put) {
            Some(edge) => Some(put.greeks(option, &edge, table.nodes())),
            None => greeks(option, volatility),
        }
    }

    /// Returns the volatility at which the option is worth `price`; `None` as for
    /// [`implied_volatility`].
    pub fn implied_volatility(&self, option: &Vanilla, price: f64) -> Option<f64> {
        implied_by(option, price, |option, volatility| self.greeks(option, volatility))
    }
}

/// Any option as a put with strike 1.
#[derive(Clone, Copy, Debug)]
struct Put {
    market: Market,
    /// The root of the years to expiry.
    root: f64,
    /// The logarithm of spot over strike.
    x: f64,
    turned: Turned,
}

impl Put {
    fn of(option: &Vanilla, volatility: f64) -> Self {
        let Vanilla { spot, strike, years, rate, dividend_yield, right } = *option;
        let root = years.sqrt();
        match right {
            Right::Put => Self {
                market: Market { rate, dividend_yield, volatility },
                root,
                x: libm::log(spot / strike),
                turned: Turned::Rate,
            },
            Right::Call => Self {
                market: Market { rate: dividend_yield, dividend_yield: rate, volatility },
                root,
                x: libm::log(strike / spot),
                turned: Turned::Yield,
            },
        }
    }

    /// The Greeks when the share is certain: the best of waiting, exercise, and exercise between.
    fn certain(&self, option: &Vanilla, held: Greeks) -> Greeks {
        let Market { rate, dividend_yield, .. } = self.market;
        let scale =
            option.strike * libm::exp(if option.right == Right::Put { 0.0 } else { -self.x });
        let pays = |years: f64| 1.0 * exp(-rate * years) - exp(self.x - dividend_yield * years);
        // Waiting ends when the yield lost is the interest gained.
        let turn = self.x + libm::log((dividend_yield / rate).max(f64::MIN_POSITIVE));
        let best = turn / (dividend_yield - rate);
        let between = if best.is_finite() && 0.0 < best {
            pays(best.min(self.root * self.root))
        } else {
            0.0
        };
        let waiting = held.price.max(scale * between);
        if waiting <= option.intrinsic() {
            option.exercised()
        } else {
            Greeks { price: waiting, ..held }
        }
    }

    /// The Greeks of the option that this put stands for.
    fn greeks<const N: usize>(&self, option: &Vanilla, edge: &Edge<N>, nodes: &Nodes<N>) -> Greeks {
        if self.x <= edge.now.value {
            return option.exercised();
        }
        let Some(held) = european::greeks(option, self.market.volatility) else {
            return Greeks::default();
        };
        let early = premium(&self.market, self.root, self.x, edge, (nodes, self.turned));
        let Vanilla { spot, strike, rate, dividend_yield, .. } = *option;
        let (price, delta, gamma) = match option.right {
            Right::Put => (
                strike * early.value,
                strike * early.by_x / spot,
                strike * (early.by_x_twice - early.by_x) / (spot * spot),
            ),
            // The put's share is our strike: by Euler's theorem its price moves with its strike.
            Right::Call => (
                spot * early.value,
                early.value - early.by_x,
                (early.by_x_twice - early.by_x) / spot,
            ),
        };
        let scale = match option.right {
            Right::Put => strike,
            Right::Call => spot,
        };
        let price = held.price + price;
        if price <= option.intrinsic() {
            return option.exercised();
        }
        let (delta, gamma) = (held.delta + delta, held.gamma + gamma);
        let volatility = self.market.volatility;
        let spread = 0.5 * volatility * volatility * spot * spot * gamma;
        let theta =
            (rate * price - (rate - dividend_yield) * spot * delta - spread) / DAYS_PER_YEAR;
        Greeks {
            price,
            delta,
            gamma,
            theta,
            vega: held.vega + scale * early.by_volatility,
            rho: held.rho + scale * early.by_rate,
        }
    }
}

/// The boundary of a market, and of four markets beside it.
struct Boundaries {
    here: Boundary,
    volatility: [Boundary; 2],
    rate: [Boundary; 2],
    volatility_nudge: f64,
    rate_nudge: f64,
}

impl Boundaries {
    /// The boundary of the market itself, for a price without sensitivities.
    fn alone(put: &Put) -> Self {
        let here = Boundary::solve(&put.market, put.root * put.root);
        let pair = [here, here];
        Self { here, volatility: pair, rate: pair, volatility_nudge: 1.0, rate_nudge: 1.0 }
    }

    fn solve(put: &Put) -> Self {
        let market = put.market;
        let years = put.root * put.root;
        let volatility_nudge = NUDGE * market.volatility;
        let rate_nudge = NUDGE * market.rate;
        let with = |volatility: f64, turn: f64| {
            let moved = Market { volatility: market.volatility + volatility, ..market };
            Boundary::solve(&moved.turned(put.turned, turn), years)
        };
        Self {
            here: with(0.0, 0.0),
            volatility: [with(-volatility_nudge, 0.0), with(volatility_nudge, 0.0)],
            rate: [with(0.0, -rate_nudge), with(0.0, rate_nudge)],
            volatility_nudge,
            rate_nudge,
        }
    }

    fn edge<const N: usize>(&self, put: &Put, nodes: &Nodes<N>) -> Edge<N> {
        let moving = |of: &dyn Fn(&Boundary) -> f64| Moving {
            value: of(&self.here),
            by_volatility: (of(&self.volatility[1]) - of(&self.volatility[0]))
                / (2.0 * self.volatility_nudge),
            by_rate: (of(&self.rate[1]) - of(&self.rate[0])) / (2.0 * self.rate_nudge),
        };
        let root = put.root;
        let logs: [Moving; N] =
            std::array::from_fn(|k| moving(&|it| it.at(root * nodes.left[k]).0));
        Edge {
            now: moving(&|it| it.at(root).0),
            slope: moving(&|it| -it.at(root).1 / (2.0 * root)),
            logs: logs.map(|it| it.value),
            logs_by_volatility: logs.map(|it| it.by_volatility),
            logs_by_rate: logs.map(|it| it.by_rate),
        }
    }
}
