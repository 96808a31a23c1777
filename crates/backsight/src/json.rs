//! The domain's values as JSON. Names and shapes are part of the interface: `docs/COMMANDS.md`.
//!
//! Money and prices are numbers of dollars with at most four decimals, quantities numbers of
//! shares, times text in UTC.

use backsight_domain::decision::{Outcome, Subject};
use backsight_domain::money::Money;
use backsight_domain::price::Price;
use backsight_domain::quantity::Quantity;
use backsight_domain::signal::{Features, Signal};
use backsight_domain::verdict::{Check, CheckOutcome, Choice, Observed, Verdict};
use backsight_engine::Engine;
use backsight_learning::bootstrap::Interval;
use backsight_learning::sample::Sample;
use serde_json::{Value, json};

use crate::words;

use backsight_learning::past::history::{OrderTale, Tale};

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
        "signal": self::signal(signal),
        "policy": tale.scene.policy.0,
        "lessons": tale.lessons.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "canary": signal.canary.map(|id| id.to_string()),
        "rolls": signal.terms.rolls.map(|rolls| json!({
            "position": rolls.position.0.to_string(),
            "instrument": rolls.instrument.to_string(),
            "closed_at": price(rolls.exit),
            "cost": money(tale.roll_cost),
        })),
        "verdicts": tale.verdicts.iter().map(|v| verdict(v, engine)).collect::<Vec<_>>(),
        "orders": orders.iter().map(|(_, json)| json.clone()).collect::<Vec<_>>(),
        "trades": tale.trades.iter().map(|o| outcome(o, engine)).collect::<Vec<_>>(),
        "ghost": tale.haunting.map(|haunting| json!({
            "entry": price(haunting.price),
            "pricing": haunting.pricing.to_string(),
            "outcome": tale.ghost.as_ref().map(|ghost| outcome(ghost, engine)),
        })),
    })
}

/// A signal and what was known when it was made.
pub(crate) fn signal(signal: &Signal) -> Value {
    let factors = signal.breakdown.iter();
    json!({
        "id": signal.id.to_string(),
        "at": signal.at.to_string(),
        "symbol": signal.ticker.as_str(),
        "playbook": signal.playbook.to_string(),
        "direction": signal.direction.to_string(),
        "horizon": signal.horizon.to_string(),
        "confidence": signal.confidence,
        "price": price(signal.price),
        "expires": signal.expires.to_string(),
        "factors": factors.map(|factor| json!({
            "name": factor.name.to_string(),
            "adds": factor.name.is_part(),
            "value": factor.value,
        })).collect::<Vec<_>>(),
        "features": features(&signal.features),
    })
}

/// Every feature; null is missing.
pub(crate) fn features(features: &Features) -> Value {
    let rows = feature_rows(features);
    rows.into_iter().map(|(name, value)| (name.to_owned(), Value::from(value))).collect()
}

/// Names the features that are numbers by themselves, and takes every field of them all.
macro_rules! feature_rows {
    ($features:ident: $($number:ident)+) => {{
        let Features { bars, trend, volume, surge, sentiment, readings, $($number),+ } = *$features;
        // How many readings there are only matters when there is one.
        let sentiment = sentiment.filter(|_| 0 < readings);
        let mut rows = vec![
            ("bars", Some(f64::from(bars))),
            ("trend", trend.map(f64::from)),
            ("volume", Some(f64::from(volume))),
            ("surge", surge.map(|surge| f64::from(u8::from(surge)))),
        ];
        rows.extend([$((stringify!($number), $number)),+]);
        rows.push(("sentiment", sentiment));
        rows
    }};
}

/// Every feature by name.
pub(crate) fn feature_rows(features: &Features) -> Vec<(&'static str, Option<f64>)> {
    feature_rows!(features:
        sma20 sma50 distance_sma20 distance_sma50 recent_vol baseline_vol vol_ratio volume_mean volume_ratio atr session_range vwap session_open gap breakout_high breakout_low ema9 ema20 macd rsi vwap_upper vwap_lower range_high range_low slow_high slow_low width_percentile relative_volume curve_ratio previous_move)
}

/// Every gate's answer for one account.
pub(crate) fn verdict(verdict: &Verdict, engine: &Engine) -> Value {
    json!({
        "account": engine.account_name(verdict.account),
        "approved": verdict.is_approval(),
        "instrument": verdict.instrument.to_string(),
        "side": verdict.side.to_string(),
        "quantity": quantity(verdict.quantity),
        "price": price(verdict.price),
        "contracts": verdict.choice.as_deref().map(choice),
        "first_refusal": verdict.refusals().next().map(|check| check.gate.name()),
        "gates": verdict.checks.iter().map(|it| check(&it)).collect::<Vec<_>>(),
    })
}

/// The contracts that were considered for a verdict.
fn choice(choice: &Choice) -> Value {
    let tried = choice.tried.iter().map(|tried| {
        json!({
            "contract": tried.instrument().to_string(),
            "score": tried.score,
            "delta": tried.delta,
            "implied_volatility": tried.iv,
            "bid": Price::from_ticks(tried.bid).map(price),
            "ask": Price::from_ticks(tried.ask).map(price),
            "flaw": tried.flaw.map(|flaw| flaw.to_string()),
        })
    });
    json!({
        "structure": choice.structure.to_string(),
        "quoted": choice.quoted.map(|at| at.to_string()),
        "seen": choice.seen,
        "suited": choice.suited,
        "iv_rank": choice.iv_rank,
        "chosen": choice.chosen().map(|tried| tried.instrument().to_string()),
        "tried": tried.collect::<Vec<_>>(),
    })
}

fn check(check: &Check) -> Value {
    json!({
        "gate": check.gate.name(),
        "outcome": outcome_name(check.outcome),
        "observed": observed(check.observed),
        "threshold": observed(check.threshold),
    })
}

/// The stable name of a gate's answer.
pub(crate) const fn outcome_name(outcome: CheckOutcome) -> &'static str {
    match outcome {
        CheckOutcome::Pass => "pass",
        CheckOutcome::Refuse => "refuse",
        CheckOutcome::Missing => "missing",
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "spans of a session are far below 2^53 milliseconds"
)]
pub(crate) fn observed(observed: Observed) -> Value {
    match observed {
        Observed::Nothing => Value::Null,
        Observed::Count(count) => count.into(),
        Observed::Money(amount) => money(amount),
        Observed::Ratio(ratio) => ratio.into(),
        Observed::Span(span) => (span.millis_floor() as f64 / 1000.0).into(),
        Observed::MinuteOfDay(_) | Observed::State(_) => observed.to_string().into(),
        Observed::Quantity(shares) => quantity(shares),
        Observed::Flag(flag) => flag.into(),
    }
}

/// What became of a position or a ghost.
pub(crate) fn outcome(outcome: &Outcome, engine: &Engine) -> Value {
    let account = match &outcome.subject {
        Subject::Position { account, .. } => Some(engine.account_name(*account)),
        Subject::Ghost { .. } => None,
    };
    json!({
        "account": account,
        "instrument": outcome.instrument.to_string(),
        "direction": outcome.direction.to_string(),
        "quantity": quantity(outcome.quantity),
        "opened": outcome.opened.to_string(),
        "closed": outcome.closed.to_string(),
        "entry": price(outcome.entry),
        "exit": price(outcome.exit),
        "pricing": outcome.pricing.to_string(),
        "reason": outcome.reason.to_string(),
        "normalised": outcome.reason.normalised(),
        "pnl": money(outcome.pnl),
        "r_multiple": outcome.r_multiple,
        "mfe_pct": outcome.mfe_pct,
        "mae_pct": outcome.mae_pct,
        "give_back_pct": outcome.give_back_pct,
        "stage": outcome.stage.to_string(),
        "minutes": outcome.minutes,
        "label": outcome.label,
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
        "purpose": crate::command::orders::purpose(intent.purpose),
        "replaces": intent.replaces.map(|old| old.to_string()),
        "policy": intent.policy.0,
        "decided": tale.decided.to_string(),
        "state": tale.phase.to_string(),
        "since": tale.since.to_string(),
        "filled": quantity(tale.filled),
        "last_price": tale.price.map(price),
    })
}
