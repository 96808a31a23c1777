//! The shapes of answers: what the API gives and the command line prints with `--json`.
//!
//! Money and prices are numbers of dollars, quantities numbers of shares or contracts, times text
//! in UTC, identities text as `why` prints them. Enumerations are the words of the command line.

pub mod chart;
pub mod desk;
pub mod feature;
pub(crate) mod flow;
pub(crate) mod learned;
pub mod news;
pub mod order;
pub mod position;
pub mod signal;

use backsight_domain::money::Money;
use backsight_domain::price::Price;
use backsight_domain::quantity::Quantity;

/// Dollars.
pub(crate) fn dollars(amount: Money) -> f64 {
    amount.as_dollars()
}

/// Dollars.
pub(crate) fn price(price: Price) -> f64 {
    price.dollars()
}

/// Shares or contracts.
pub(crate) fn shares(quantity: Quantity) -> f64 {
    quantity.to_string().parse().unwrap_or_default()
}

/// A number in percent with two decimals.
pub(crate) fn percent(share: f64) -> f64 {
    (share * 10_000.0).round() / 100.0
}
