//! Options that can be exercised on any day, on a share that pays a continuous yield.

use super::{Greeks, Vanilla, cash};

/// Returns the price; `None` for terms that are not sound or a volatility outside 0 to 10.
pub fn price(option: &Vanilla, volatility: f64) -> Option<f64> {
    cash::price(option, &[], volatility)
}

/// Returns the price and its sensitivities; `None` as for [`price`].
pub fn greeks(option: &Vanilla, volatility: f64) -> Option<Greeks> {
    cash::greeks(option, &[], volatility)
}

/// Returns the volatility at which the option is worth `price`.
///
/// `None` when there is none from 0 to 10: at or below what exercise pays now, above what any
/// volatility gives, or for terms that are not sound or expired.
pub fn implied_volatility(option: &Vanilla, price: f64) -> Option<f64> {
    cash::implied_volatility(option, &[], price)
}
