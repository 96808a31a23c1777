//! What an option is worth, how its worth moves, and which volatility a price implies.
//!
//! | Module | Exercise | Dividends | Method |
//! |---|---|---|---|
//! | [`european`] | at expiry | a yield | closed form |
//! | [`american`] | any day | a yield | the integral over the exercise boundary |
//! | [`chain`] | both | a yield | the same, for all options of an expiry |
//! | [`cash`] | any day | amounts on dates | finite differences between the dates |
//!
//! The share is lognormal with constant rate, yield and volatility. Every function is total: terms
//! outside the [bounds](Vanilla::is_sound) have no answer (`None`), an expired option is worth what
//! exercise pays, and no answer is infinite or not a number. Arithmetic is plain IEEE and
//! transcendental functions are our own or `libm`'s, so that every machine gives the same bits.

pub mod american;
pub mod cash;
pub mod chain;
pub mod european;
mod grid;
mod implied;
mod lane;
mod normal;
mod quadrature;

pub use backsight_domain::instrument::Right;

/// Calendar days of a year, for theta.
pub const DAYS_PER_YEAR: f64 = 365.0;

/// The terms of one option on one share, and the market around it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Vanilla {
    /// The share's price in dollars.
    pub spot: f64,
    /// Dollars per share that exercise exchanges for the share.
    pub strike: f64,
    /// Time to expiry in years of 365 days; zero or less is expired.
    pub years: f64,
    /// The riskless rate, continuously compounded: 0.04 is 4 % a year.
    pub rate: f64,
    /// What the share pays, continuously: 0.015 is 1.5 % a year.
    pub dividend_yield: f64,
    /// A call or a put.
    pub right: Right,
}

/// A price and its sensitivities, each for one share.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Greeks {
    /// Dollars.
    pub price: f64,
    /// Dollars per dollar of the share.
    pub delta: f64,
    /// Delta per dollar of the share.
    pub gamma: f64,
    /// Dollars per calendar day that passes, negative when waiting costs.
    pub theta: f64,
    /// Dollars per 1.00 of volatility; divide by 100 for one point.
    pub vega: f64,
    /// Dollars per 1.00 of rate; divide by 10,000 for a basis point.
    pub rho: f64,
}

/// Cash that the share pays to whoever holds it the moment before.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Dividend {
    /// Time until it is paid, in years of 365 days.
    pub years: f64,
    /// Dollars per share.
    pub amount: f64,
}

/// The lowest and highest price of a share and strike.
const DOLLARS: (f64, f64) = (1e-6, 1e9);
const YEARS_MAX: f64 = 50.0;
/// The largest rate and yield, either sign.
const RATE_MAX: f64 = 2.0;
/// The highest volatility that is priced or implied: 1,000 %.
pub const VOLATILITY_MAX: f64 = 10.0;

/// Time value that is less than this part of a price in the money is rounding.
const LEAST_TIME_VALUE: f64 = 16.0 * f64::EPSILON;

impl Vanilla {
    /// Returns whether all terms are finite and within what is priced.
    ///
    /// Prices from 1e-6 to 1e9 dollars, up to 50 years, rates and yields up to 200 % either sign.
    pub fn is_sound(&self) -> bool {
        let dollars = DOLLARS.0..=DOLLARS.1;
        let rates = -RATE_MAX..=RATE_MAX;
        dollars.contains(&self.spot)
            && dollars.contains(&self.strike)
            && self.years.is_finite()
            && self.years <= YEARS_MAX
            && rates.contains(&self.rate)
            && rates.contains(&self.dividend_yield)
    }

    /// Returns what exercise pays now.
    pub fn intrinsic(&self) -> f64 {
        (self.sign() * (self.spot - self.strike)).max(0.0)
    }

    /// Returns the terms when they and the volatility can be priced.
    fn sound(&self, volatility: f64) -> Option<&Self> {
        (self.is_sound() && (0.0..=VOLATILITY_MAX).contains(&volatility)).then_some(self)
    }

    /// One for calls, minus one for puts.
    fn sign(&self) -> f64 {
        match self.right {
            Right::Call => 1.0,
            Right::Put => -1.0,
        }
    }

    fn is_expired(&self) -> bool {
        self.years <= 0.0
    }

    /// An option that is exercised now: it is worth what that pays, and moves with the share.
    fn exercised(&self) -> Greeks {
        let price = self.intrinsic();
        let delta = if 0.0 < price { self.sign() } else { 0.0 };
        Greeks { price, delta, ..Greeks::default() }
    }
}

#[cfg(test)]
mod tests;
#[cfg(test)]
mod vectors;
