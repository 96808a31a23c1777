//! Numbers without a desk: option prices, volatility and statistics of results.
//!
//! Everything here is a pure function of numbers. It knows no event, no order and no policy, and
//! uses only operations whose result is the same on every machine.

pub mod discovery;
pub mod drift;
pub mod kelly;
pub mod option;
pub mod overfit;
pub mod rank;
pub mod record;
pub mod sharpe;
pub mod split;
pub mod surface;
