//! American options on a share that pays dividends of cash on known dates.
//!
//! Between the dates the share is lognormal; on a date it falls by the amount paid. A call may be
//! exercised just before it falls. A dividend larger than 99 % of the share pays that much.

use super::{Dividend, Greeks, Vanilla, european, grid, implied};

/// Below this standard deviation to expiry the grid would be one point.
const DEVIATION_MIN: f64 = 1e-6;
const BUMP: f64 = 1e-4;
/// Where the search for a volatility begins.
const GUESS: f64 = 0.5;

/// Returns the price; `None` for terms or dividends that are not sound, or a volatility outside
/// 0 to 10. Dividends stand in the order of their dates.
pub fn price(option: &Vanilla, dividends: &[Dividend], volatility: f64) -> Option<f64> {
    let option = checked(option, dividends, volatility)?;
    if option.is_expired() {
        return Some(option.intrinsic());
    }
    Some(value(option, dividends, volatility).price)
}

/// Returns the price and its sensitivities; `None` as for [`price`].
pub fn greeks(option: &Vanilla, dividends: &[Dividend], volatility: f64) -> Option<Greeks> {
    let option = checked(option, dividends, volatility)?;
    if option.is_expired() {
        return Some(option.exercised());
    }
    let middle = value(option, dividends, volatility);
    if middle.price <= option.intrinsic() {
        return Some(middle);
    }
    let moved = |rate: f64, volatility: f64| {
        value(&Vanilla { rate: option.rate + rate, ..*option }, dividends, volatility).price
    };
    let vega = (moved(0.0, volatility + BUMP) - moved(0.0, (volatility - BUMP).max(0.0)))
        / (volatility + BUMP - (volatility - BUMP).max(0.0));
    let rho = (moved(BUMP, volatility) - moved(-BUMP, volatility)) / (2.0 * BUMP);
    Some(Greeks { vega, rho, ..middle })
}

/// Returns the volatility at which the option is worth `price`.
///
/// `None` when there is none from 0 to 10: at or below what exercise pays now, above what any
/// volatility gives, or for terms or dividends that are not sound.
pub fn implied_volatility(option: &Vanilla, dividends: &[Dividend], price: f64) -> Option<f64> {
    let option = checked(option, dividends, 0.0)?;
    if option.is_expired() || !price.is_finite() || price <= option.intrinsic() {
        return None;
    }
    implied::volatility(price, GUESS, |volatility| {
        let at = |volatility: f64| value(option, dividends, volatility).price;
        let slope = (at(volatility + BUMP) - at(volatility)) / BUMP;
        Some((at(volatility), slope))
    })
}

fn checked<'a>(
    option: &'a Vanilla,
    dividends: &[Dividend],
    volatility: f64,
) -> Option<&'a Vanilla> {
    let sound = dividends.iter().all(|it| it.years.is_finite() && 0.0 <= it.amount)
        && dividends.iter().all(|it| it.amount.is_finite())
        && dividends.is_sorted_by(|one, other| one.years < other.years);
    if sound { option.sound(volatility) } else { None }
}

fn value(option: &Vanilla, dividends: &[Dividend], volatility: f64) -> Greeks {
    if volatility * option.years.sqrt() < DEVIATION_MIN {
        let held = european::price(option, volatility).unwrap_or_default();
        return Greeks { price: held.max(option.intrinsic()), ..option.exercised() };
    }
    grid::value(option, dividends, volatility)
}
