//! Options that are exercised at expiry or never: Black, Scholes and Merton in closed form.

mod implied;

use super::lane::{exp, normal};
use super::{DAYS_PER_YEAR, Greeks, Vanilla};

/// Below this standard deviation of the return to expiry the share is taken as certain.
const DEVIATION_MIN: f64 = 1e-12;

/// Returns the price; `None` for terms that are not sound or a volatility outside 0 to 10.
pub fn price(option: &Vanilla, volatility: f64) -> Option<f64> {
    Some(greeks(option, volatility)?.price)
}

/// Returns the price and its sensitivities; `None` as for [`price`].
pub fn greeks(option: &Vanilla, volatility: f64) -> Option<Greeks> {
    let option = option.sound(volatility)?;
    Some(if option.is_expired() { option.exercised() } else { closed_form(option, volatility) })
}

/// Returns the volatility at which the option is worth `price`.
///
/// `None` when there is none from 0 to 10: the price is at or below what a certain share would
/// give, at or above what a boundless volatility would, or so close to the former that what is left
/// is rounding; and for terms that are not sound or expired.
pub fn implied_volatility(option: &Vanilla, price: f64) -> Option<f64> {
    implied::volatility(option, price)
}

fn closed_form(option: &Vanilla, volatility: f64) -> Greeks {
    let Vanilla { spot, strike, years, rate, dividend_yield, .. } = *option;
    let sign = option.sign();
    let root = years.sqrt();
    let deviation = volatility * root;
    let drift = libm::log(spot / strike) + (rate - dividend_yield) * years;
    let (d1, d2) = if deviation < DEVIATION_MIN {
        let certain = if drift == 0.0 { 0.0 } else { f64::INFINITY.copysign(drift) };
        (certain, certain)
    } else {
        (drift / deviation + 0.5 * deviation, drift / deviation - 0.5 * deviation)
    };
    let share = spot * exp(-dividend_yield * years);
    let cash = strike * exp(-rate * years);
    let ((hedge, peak), (paid, _)) = (normal(sign * d1), normal(sign * d2));

    let decay = 0.5 * share * peak * volatility / root;
    let carried = sign * (dividend_yield * share * hedge - rate * cash * paid);
    let curvature = share * peak / deviation.max(DEVIATION_MIN);
    Greeks {
        price: (sign * (share * hedge - cash * paid)).max(0.0),
        delta: sign * share * hedge / spot,
        gamma: if deviation < DEVIATION_MIN { 0.0 } else { curvature / (spot * spot) },
        theta: (carried - decay) / DAYS_PER_YEAR,
        vega: share * peak * root,
        rho: sign * years * cash * paid,
    }
}
