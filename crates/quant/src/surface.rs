//! The implied volatilities of one share's options, in order, and what lies between them.
//!
//! A snapshot of a chain becomes one smile for each expiry: points of log-moneyness
//! k = ln(strike / forward) and total variance w = volatility² · years, the quantity that adds up
//! over time. Within a smile w is joined by straight lines in k, and flat beyond the outermost
//! strikes. Between expiries w is joined by straight lines in time at the same k. Before the first
//! expiry and after the last there is no answer: nothing is made up.
//!
//! A point belongs to one contract. Of a strike's put and call the one out of the money is taken, as
//! the one in the money says the same with more noise; two quotes for the same contract are an
//! error of the caller and the later one is dropped. Contracts of different shares never meet, as a
//! surface is built from one share's market and quotes of its options alone.

use crate::option::{Right, Vanilla, european};

/// The share and money around the options.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Underlying {
    /// The share's price in dollars.
    pub spot: f64,
    /// The riskless rate, continuously compounded.
    pub rate: f64,
    /// What the share pays, continuously.
    pub dividend_yield: f64,
}

/// One contract's implied volatility.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// Time to expiry in years of 365 days.
    pub years: f64,
    /// The strike in dollars.
    pub strike: f64,
    /// A call or a put.
    pub right: Right,
    /// The volatility that its price implies.
    pub volatility: f64,
}

/// Total variance over log-moneyness at one expiry.
#[derive(Clone, Debug, PartialEq)]
pub struct Smile {
    years: f64,
    forward: f64,
    /// Log-moneyness, rising, and total variance.
    points: Vec<(f64, f64)>,
}

/// The smiles of one share, by expiry.
#[derive(Clone, Debug, PartialEq)]
pub struct Surface {
    underlying: Underlying,
    smiles: Vec<Smile>,
}

/// Years of the constant maturity in which volatility is compared from day to day.
pub const CONSTANT_MATURITY: f64 = 30.0 / 365.0;

/// Expiries within a minute of each other are the same.
const SAME_YEARS: f64 = 1.0 / (365.0 * 24.0 * 60.0);
/// Rounds in which the strike of a delta is found.
const ROUNDS: usize = 60;

impl Surface {
    /// Builds the surface from the options of one share; what cannot be a quote is left out.
    pub fn new(underlying: Underlying, points: &[Point]) -> Self {
        let mut points: Vec<Point> =
            points.iter().filter(|point| is_quote(&underlying, point)).copied().collect();
        points.sort_by(|one, other| one.years.total_cmp(&other.years));
        let smiles = points
            .chunk_by(|one, other| other.years - one.years < SAME_YEARS)
            .filter_map(|expiry| Smile::new(&underlying, expiry))
            .collect();
        Self { underlying, smiles }
    }

    /// The smiles, the nearest expiry first.
    pub fn smiles(&self) -> &[Smile] {
        &self.smiles
    }

    /// Returns the volatility at a log-moneyness and time; `None` before the first expiry and after
    /// the last.
    pub fn volatility(&self, log_moneyness: f64, years: f64) -> Option<f64> {
        let variance = self.total_variance(log_moneyness, years)?;
        (0.0 < years).then(|| (variance / years).sqrt())
    }

    /// Returns the volatility at the forward 30 days from now.
    pub fn constant_maturity(&self) -> Option<f64> {
        self.volatility(0.0, CONSTANT_MATURITY)
    }

    /// Returns the volatility of the option with a European delta, below zero for puts.
    pub fn volatility_at_delta(&self, delta: f64, years: f64) -> Option<f64> {
        let right = if delta < 0.0 { Right::Put } else { Right::Call };
        let Underlying { spot, rate, dividend_yield } = self.underlying;
        let forward = spot * libm::exp((rate - dividend_yield) * years);
        let delta_at = |log_moneyness: f64| {
            let strike = forward * libm::exp(log_moneyness);
            let option = Vanilla { spot, strike, years, rate, dividend_yield, right };
            let volatility = self.volatility(log_moneyness, years)?;
            Some(european::greeks(&option, volatility)?.delta)
        };
        // The delta of calls and of puts falls with the strike.
        let reach = 8.0 * self.volatility(0.0, years)? * years.sqrt() + 0.1;
        let (mut low, mut high) = (-reach, reach);
        if delta_at(low)? < delta || delta < delta_at(high)? {
            return None;
        }
        for _ in 0..ROUNDS {
            let middle = 0.5 * (low + high);
            *(if delta < delta_at(middle)? { &mut low } else { &mut high }) = middle;
        }
        self.volatility(0.5 * (low + high), years)
    }

    fn total_variance(&self, log_moneyness: f64, years: f64) -> Option<f64> {
        if !log_moneyness.is_finite() {
            return None;
        }
        let after = self.smiles.iter().position(|smile| years <= smile.years + SAME_YEARS)?;
        let later = &self.smiles[after];
        if (years - later.years).abs() <= SAME_YEARS {
            // The variance of the expiry, over the time that was asked for.
            return Some(later.total_variance(log_moneyness) * years / later.years);
        }
        let earlier = &self.smiles[after.checked_sub(1)?];
        let ends = [earlier, later].map(|it| (it.years, it.total_variance(log_moneyness)));
        Some(between(ends[0], ends[1], years))
    }
}

impl Smile {
    fn new(underlying: &Underlying, expiry: &[Point]) -> Option<Self> {
        let Underlying { spot, rate, dividend_yield } = *underlying;
        let years = expiry.first()?.years;
        let forward = spot * libm::exp((rate - dividend_yield) * years);
        let mut points: Vec<(f64, f64)> = Vec::new();
        let mut rows: Vec<&Point> = expiry.iter().collect();
        // Of one strike the contract out of the money comes first.
        rows.sort_by(|one, other| {
            let order = one.strike.total_cmp(&other.strike);
            order.then(is_inside(one, forward).cmp(&is_inside(other, forward)))
        });
        rows.dedup_by(|later, first| later.strike.total_cmp(&first.strike).is_eq());
        for point in rows {
            let variance = point.volatility * point.volatility * years;
            points.push((libm::log(point.strike / forward), variance));
        }
        Some(Self { years, forward, points })
    }

    /// Time to expiry in years.
    pub fn years(&self) -> f64 {
        self.years
    }

    /// The share's forward price at expiry.
    pub fn forward(&self) -> f64 {
        self.forward
    }

    /// Log-moneyness and total variance of each strike, rising.
    pub fn points(&self) -> &[(f64, f64)] {
        &self.points
    }

    fn total_variance(&self, log_moneyness: f64) -> f64 {
        let after = self.points.partition_point(|point| point.0 < log_moneyness);
        let last = self.points.len() - 1;
        match after {
            0 => self.points[0].1,
            after if last < after => self.points[last].1,
            after => between(self.points[after - 1], self.points[after], log_moneyness),
        }
    }
}

/// The straight line through two points, at `x`.
fn between(one: (f64, f64), other: (f64, f64), x: f64) -> f64 {
    one.1 + (other.1 - one.1) * (x - one.0) / (other.0 - one.0)
}

/// Whether exercise at the forward would pay.
fn is_inside(point: &Point, forward: f64) -> bool {
    match point.right {
        Right::Call => point.strike < forward,
        Right::Put => forward < point.strike,
    }
}

fn is_quote(underlying: &Underlying, point: &Point) -> bool {
    let Underlying { spot, rate, dividend_yield } = *underlying;
    let Point { years, strike, right, volatility } = *point;
    let option = Vanilla { spot, strike, years, rate, dividend_yield, right };
    0.0 < years && 0.0 < volatility && european::price(&option, volatility).is_some()
}

#[cfg(test)]
mod tests;
