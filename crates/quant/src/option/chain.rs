//! All options of one expiry at once, as columns.
//!
//! What the options share is computed once, and the rest in blocks of eight rows without branches,
//! which a compiler turns into vector instructions. A row's figures do not depend on its neighbours.

use super::american::Table;
use super::lane::{exp, ln, normal};
use super::{DAYS_PER_YEAR, Greeks, Right, Vanilla, european};

/// Rows that are computed together.
const LANES: usize = 8;
/// Standard deviations below this go the way of single options.
const DEVIATION_MIN: f64 = 1e-9;

/// What all options of an expiry share.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Expiry {
    /// The share's price in dollars.
    pub spot: f64,
    /// Time to expiry in years of 365 days; zero or less is expired.
    pub years: f64,
    /// The riskless rate, continuously compounded.
    pub rate: f64,
    /// What the share pays, continuously.
    pub dividend_yield: f64,
}

/// The options of an expiry; the columns are equally long.
#[derive(Clone, Copy, Debug)]
pub struct Rows<'a> {
    /// Dollars per share that exercise exchanges for the share.
    pub strikes: &'a [f64],
    /// The volatility of each strike.
    pub volatilities: &'a [f64],
    /// Calls and puts.
    pub rights: &'a [Right],
}

/// [`Greeks`] by column.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Columns {
    /// Dollars.
    pub price: Vec<f64>,
    /// Dollars per dollar of the share.
    pub delta: Vec<f64>,
    /// Delta per dollar of the share.
    pub gamma: Vec<f64>,
    /// Dollars per calendar day.
    pub theta: Vec<f64>,
    /// Dollars per 1.00 of volatility.
    pub vega: Vec<f64>,
    /// Dollars per 1.00 of rate.
    pub rho: Vec<f64>,
}

impl Expiry {
    fn option(&self, strike: f64, right: Right) -> Vanilla {
        let Self { spot, years, rate, dividend_yield } = *self;
        Vanilla { spot, strike, years, rate, dividend_yield, right }
    }
}

impl Rows<'_> {
    fn sound(&self, expiry: &Expiry) -> Option<&Self> {
        let count = self.strikes.len();
        let is_even = self.volatilities.len() == count && self.rights.len() == count;
        let is_sound = |(strike, volatility): (&f64, &f64)| {
            expiry.option(*strike, Right::Call).sound(*volatility).is_some()
        };
        (is_even && self.strikes.iter().zip(self.volatilities).all(is_sound)).then_some(self)
    }
}

impl Columns {
    /// Prices European options into these columns; `None`, and no rows, when a row is not sound.
    pub fn fill_european(&mut self, expiry: &Expiry, rows: &Rows<'_>) -> Option<()> {
        self.resize(0);
        let rows = rows.sound(expiry)?;
        let count = rows.strikes.len();
        self.resize(count);
        if expiry.years <= 0.0 {
            return self.fill_singly(expiry, rows, european::greeks);
        }
        for from in (0..count).step_by(LANES) {
            let to = count.min(from + LANES);
            let mut block = Block { strikes: [1.0; LANES], ..Block::default() };
            block.strikes[..to - from].copy_from_slice(&rows.strikes[from..to]);
            block.volatilities[..to - from].copy_from_slice(&rows.volatilities[from..to]);
            for (sign, right) in block.signs.iter_mut().zip(&rows.rights[from..to]) {
                *sign = if *right == Right::Call { 1.0 } else { -1.0 };
            }
            let figures = block.figures(expiry);
            let columns = [
                &mut self.price,
                &mut self.delta,
                &mut self.gamma,
                &mut self.theta,
                &mut self.vega,
                &mut self.rho,
            ];
            for (column, figures) in columns.into_iter().zip(&figures) {
                column[from..to].copy_from_slice(&figures[..to - from]);
            }
        }
        self.redo_certain(expiry, rows)
    }

    /// Prices American options into these columns; `None`, and no rows, when a row is not sound.
    pub fn fill_american(&mut self, table: &Table, expiry: &Expiry, rows: &Rows<'_>) -> Option<()> {
        self.resize(0);
        let rows = rows.sound(expiry)?;
        self.resize(rows.strikes.len());
        self.fill_singly(expiry, rows, |option, volatility| table.greeks(option, volatility))
    }

    fn resize(&mut self, count: usize) {
        let Self { price, delta, gamma, theta, vega, rho } = self;
        for column in [price, delta, gamma, theta, vega, rho] {
            column.resize(count, 0.0);
        }
    }

    fn fill_singly(
        &mut self,
        expiry: &Expiry,
        rows: &Rows<'_>,
        greeks: impl Fn(&Vanilla, f64) -> Option<Greeks>,
    ) -> Option<()> {
        for row in 0..rows.strikes.len() {
            let option = expiry.option(rows.strikes[row], rows.rights[row]);
            self.set(row, &greeks(&option, rows.volatilities[row])?);
        }
        Some(())
    }

    /// Rows without a deviation to speak of have no closed form in lanes.
    fn redo_certain(&mut self, expiry: &Expiry, rows: &Rows<'_>) -> Option<()> {
        let root = expiry.years.sqrt();
        for (row, volatility) in rows.volatilities.iter().enumerate() {
            if volatility * root < DEVIATION_MIN {
                let option = expiry.option(rows.strikes[row], rows.rights[row]);
                self.set(row, &european::greeks(&option, *volatility)?);
            }
        }
        Some(())
    }

    fn set(&mut self, row: usize, greeks: &Greeks) {
        let Greeks { price, delta, gamma, theta, vega, rho } = *greeks;
        self.price[row] = price;
        self.delta[row] = delta;
        self.gamma[row] = gamma;
        self.theta[row] = theta;
        self.vega[row] = vega;
        self.rho[row] = rho;
    }
}

/// Rows that are computed together.
#[derive(Clone, Copy, Debug, Default)]
struct Block {
    strikes: [f64; LANES],
    volatilities: [f64; LANES],
    /// One for calls, minus one for puts.
    signs: [f64; LANES],
}

impl Block {
    /// Price, delta, gamma, theta, vega and rho of each row.
    fn figures(&self, expiry: &Expiry) -> [[f64; LANES]; 6] {
        let Expiry { spot, years, rate, dividend_yield } = *expiry;
        let root = years.sqrt();
        let share = spot * exp(-dividend_yield * years);
        let discount = exp(-rate * years);
        let drift = libm::log(spot) + (rate - dividend_yield) * years;
        let mut figures = [[0.0; LANES]; 6];
        #[expect(clippy::needless_range_loop, reason = "several arrays in step, for vectors")]
        for lane in 0..LANES {
            let (sign, volatility) = (self.signs[lane], self.volatilities[lane]);
            let deviation = volatility * root + f64::MIN_POSITIVE;
            let middle = (drift - ln(self.strikes[lane])) / deviation;
            let (hedge, peak) = normal(sign * (middle + 0.5 * deviation));
            let (paid, _) = normal(sign * (middle - 0.5 * deviation));
            let cash = self.strikes[lane] * discount;
            let (held, owed) = (share * hedge, cash * paid);
            let spread = share * peak;
            let price = sign * (held - owed);
            let carried = sign * (dividend_yield * held - rate * owed);
            figures[0][lane] = if price < 0.0 { 0.0 } else { price };
            figures[1][lane] = sign * held / spot;
            figures[2][lane] = spread / (spot * spot * deviation);
            figures[3][lane] = (carried - 0.5 * spread * volatility / root) / DAYS_PER_YEAR;
            figures[4][lane] = spread * root;
            figures[5][lane] = sign * years * owed;
        }
        figures
    }
}
