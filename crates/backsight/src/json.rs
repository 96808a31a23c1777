//! The domain's values as JSON. Names and shapes are part of the interface: `docs/COMMANDS.md`. What
//! the API tells too has the API's shape.
//!
//! Money and prices are numbers of dollars with at most four decimals, quantities numbers of
//! shares, times text in UTC.

use backsight_domain::money::Money;
use backsight_domain::price::Price;
use backsight_domain::quantity::Quantity;
use backsight_engine::Engine;
use backsight_learning::bootstrap::Interval;
use backsight_learning::past::history::{OrderTale, Tale};
use backsight_learning::sample::Sample;
use backsight_web::shape::order::purpose;
use backsight_web::shape::signal::{Outcome, Signal, Verdict};
use serde_json::{Value, json};

use crate::words;

pub(crate) use backsight_web::shape::feature::{feature_rows, features};
pub(crate) use backsight_web::shape::signal::{outcome_name, scalar as observed};

/// Dollars.
pub(crate) fn money(amount: Money) -> Value {
    amount.as_dollars().into()
}

/// Dollars.
pub(crate) fn price(price: Price) -> Value {
    price.dollars().into()
}

/// Shares.
pub(crate) fn quantity(quantity: Quantity) -> Value {
    quantity.to_string().parse::<f64>().unwrap_or_default().into()
}

/// A sample: how much, what it comes to, where that lies, and what it lets one say.
pub(crate) fn sample(sample: &Sample) -> Value {
    let record = &sample.record;
    json!({
        "count": record.count,
        "sessions": sample.sessions,
        "wins": record.wins,
        "expectancy_r": record.expectancy,
        "payoff": record.payoff,
        "interval_r": sample.interval.map(interval),
        "says": words::saying(sample),
    })
}

/// Both ends of an interval.
pub(crate) fn interval(interval: Interval) -> Value {
    json!([interval.low, interval.high])
}

/// A signal with everything that is known of it.
pub(crate) fn tale(tale: &Tale, engine: &Engine, orders: &[(&OrderTale, Value)]) -> Value {
    let signal = &tale.signal;
    json!({
        "signal": Signal::of(signal),
        "policy": tale.scene.policy.0,
        "lessons": tale.lessons.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "canary": signal.canary.map(|id| id.to_string()),
        "rolls": signal.terms.rolls.map(|rolls| json!({
            "position": rolls.position.0.to_string(),
            "instrument": rolls.instrument.to_string(),
            "closed_at": price(rolls.exit),
            "cost": money(tale.roll_cost),
        })),
        "verdicts": tale.verdicts.iter().map(|it| Verdict::of(it, engine)).collect::<Vec<_>>(),
        "orders": orders.iter().map(|(_, json)| json.clone()).collect::<Vec<_>>(),
        "trades": tale.trades.iter().map(|it| Outcome::of(it, engine)).collect::<Vec<_>>(),
        "ghost": tale.haunting.map(|haunting| json!({
            "entry": price(haunting.price),
            "pricing": haunting.pricing.to_string(),
            "outcome": tale.ghost.as_ref().map(|ghost| Outcome::of(ghost, engine)),
        })),
    })
}

/// An order and where it stands.
pub(crate) fn order(tale: &OrderTale, engine: &Engine) -> Value {
    let intent = &tale.intent;
    json!({
        "id": intent.id.to_string(),
        "account": engine.account_name(intent.account),
        "instrument": intent.instrument.to_string(),
        "side": intent.side.to_string(),
        "quantity": quantity(intent.quantity),
        "kind": intent.kind.to_string(),
        "purpose": purpose(intent.purpose),
        "replaces": intent.replaces.map(|old| old.to_string()),
        "policy": intent.policy.0,
        "decided": tale.decided.to_string(),
        "state": tale.phase.to_string(),
        "since": tale.since.to_string(),
        "filled": quantity(tale.filled),
        "last_price": tale.price.map(price),
    })
}
