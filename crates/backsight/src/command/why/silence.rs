//! Why a symbol made no signal: the first thing that was missing, and everything else.

use backsight_domain::instrument::Ticker;
use backsight_domain::policy::Policy;
use backsight_domain::signal::{Direction, Features};
use backsight_domain::time::{Span, Time};
use backsight_engine::playbook::Wish;
use serde_json::{Value, json};

use crate::answer::Answer;
use crate::command::Context;
use crate::json;
use crate::page::{Cell, Table, Tone};
use crate::view::View;
use crate::words;

/// One thing that a signal needs.
struct Need {
    name: &'static str,
    /// Whether it was there; `None` when an earlier one leaves the question open.
    met: Option<bool>,
    saw: String,
    wanted: String,
}

/// Tells why nothing was signalled, as of a view's last entry.
pub(super) fn tell(context: &Context, view: &View, ticker: Ticker) -> Answer {
    let engine = &view.engine;
    let market = engine.market();
    let slot = market.slot_of(ticker).filter(|_| market.last_minute().is_some());
    let mut page = context.page();
    let at = words::stamp(engine.now());
    page.line(Tone::Strong, &format!("{ticker}: no signal at {at}"));
    let Some(slot) = slot else {
        page.line(Tone::Plain, "No minute of it had been seen by then.");
        let json = json!({ "symbol": ticker.as_str(), "signal": Value::Null, "needs": [] });
        return Answer::fine(page, json);
    };
    let features = market.features(slot, engine.policy(), engine.now());
    let wish = engine.weigh(slot);
    let needs = needs(view, ticker, &features, wish.as_ref());
    let mut table = Table::new(&["needed", "", ">saw", "wanted"]);
    for need in &needs {
        let (tone, word) = match need.met {
            Some(true) => (Tone::Good, "yes"),
            Some(false) => (Tone::Bad, "no"),
            None => (Tone::Dim, "-"),
        };
        table.row([
            need.name.into(),
            Cell::toned(tone, word),
            need.saw.as_str().into(),
            Cell::toned(Tone::Dim, need.wanted.as_str()),
        ]);
    }
    page.table(&table);
    let first = needs.iter().find(|need| need.met == Some(false));
    if let Some(wish) = &wish {
        page.line(Tone::Dim, &format!("  {}", factors(wish)));
    }
    if let Some(first) = first {
        page.line(Tone::Plain, &format!("  First to fail: {}", first.name));
    }
    page.line(Tone::Dim, &format!("The last signal of it: backsight why {ticker}"));
    let rows = needs.iter().map(|need| {
        json!({ "name": need.name, "met": need.met, "saw": need.saw, "wanted": need.wanted })
    });
    let json = json!({
        "symbol": ticker.as_str(),
        "at": engine.now().to_string(),
        "signal": Value::Null,
        "first_missing": first.map(|need| need.name),
        "needs": rows.collect::<Vec<Value>>(),
        "features": json::features(&features),
    });
    Answer::fine(page, json)
}

fn need(name: &'static str, met: Option<bool>, saw: impl Into<String>, wanted: String) -> Need {
    Need { name, met, saw: saw.into(), wanted }
}

/// Everything the trend playbook needs, in the order in which it looks.
fn needs(view: &View, ticker: Ticker, features: &Features, wish: Option<&Wish>) -> Vec<Need> {
    let market = view.engine.market();
    let slot = market.slot_of(ticker);
    let silent = slot.and_then(|slot| market.board.minutes_silent(slot));
    let policy = view.engine.policy();
    let trend = &policy.trend;
    let nearby = features.distance_sma20.is_some_and(|distance| is_near(policy, distance));
    let direction = agreement(policy, features).filter(|_| nearby);
    let rested = direction.map(|direction| rested(view, ticker, direction));
    let mut needs = market_needs(view, silent);
    needs.extend([
        need(
            "means and trend known",
            Some(features.trend.is_some() && features.distance_sma20.is_some()),
            format!("{} bars", features.bars),
            "50 bars in the windows".to_owned(),
        ),
        need(
            "volatility known",
            Some(features.vol_ratio.is_some_and(|ratio| trend.vol_ratio_min <= ratio)),
            known(features.vol_ratio),
            format!("at least {}, over {} bars", trend.vol_ratio_min, volatility_bars(policy)),
        ),
        need(
            "volume",
            Some(features.volume_ratio.is_some_and(|ratio| trend.volume_min <= ratio)),
            known(features.volume_ratio),
            format!("at least {} times the mean", trend.volume_min),
        ),
        need(
            "price near its mean",
            Some(nearby),
            known(features.distance_sma20),
            format!("under {} away", trend.stretched),
        ),
        need(
            "price and trend agree",
            Some(agreement(policy, features).is_some()),
            format!("{}, {}", words_of(features.trend), known(features.distance_sma20)),
            format!("up from -{}, {}", trend.band, down(policy)),
        ),
        need(
            "breakout window full",
            Some(features.breakout_high.is_some()),
            format!("{} bars", features.bars),
            format!("{} bars", policy.features.breakout_bars + 1),
        ),
        need(
            "not signalled just now",
            rested.map(|rested| rested.is_none()),
            rested.flatten().map_or("-".to_owned(), words::time_of_day),
            format!("{} min between two", trend.rearm_minutes),
        ),
    ]);
    let met = wish.map(|wish| trend.recording_floor <= wish.confidence);
    let saw = wish.map_or("-".to_owned(), |wish| format!("{:.4}", wish.confidence));
    let floor = format!("at least {}", trend.recording_floor);
    needs.push(need("confidence", met, saw, floor));
    needs
}

/// The factors of a confidence, by name.
fn factors(wish: &Wish) -> String {
    let parts = wish.breakdown.iter();
    let parts: Vec<String> =
        parts.map(|factor| format!("{:.2} {}", factor.value, factor.name)).collect();
    parts.join(" x ")
}

/// What must be there before a playbook looks at a symbol at all.
fn market_needs(view: &View, silent: Option<u32>) -> Vec<Need> {
    let enabled = view.engine.policy().trend.enabled;
    let last = view.engine.market().last_minute();
    let is_fresh = last.is_some_and(|end| view.engine.now() - end < Span::from_minutes(1));
    vec![
        need("playbook enabled", Some(enabled), enabled.to_string(), "trend.enabled".to_owned()),
        need(
            "a minute just ended",
            Some(is_fresh),
            last.map_or("never".to_owned(), words::time_of_day),
            "while the market is open".to_owned(),
        ),
        need(
            "traded in it",
            Some(silent == Some(0)),
            silent.map_or("never".to_owned(), |minutes| format!("{minutes} min ago")),
            "0 min ago".to_owned(),
        ),
    ]
}

/// How many bars the longer window of the volatilities needs.
fn volatility_bars(policy: &Policy) -> u32 {
    // The first bar of a window has no return.
    policy.features.vol_recent.max(policy.features.vol_baseline) + 1
}

/// Where the price may stand to its mean in a downward trend.
fn down(policy: &Policy) -> String {
    let trend = &policy.trend;
    if trend.shorts { format!("down to {}", trend.band) } else { "no shorts".to_owned() }
}

fn known(value: Option<f64>) -> String {
    value.map_or("missing".to_owned(), |value| format!("{value:.4}"))
}

fn words_of(trend: Option<i8>) -> &'static str {
    match trend {
        Some(1) => "up",
        Some(-1) => "down",
        Some(_) => "flat",
        None => "missing",
    }
}

/// The direction in which price and trend agree.
fn agreement(policy: &Policy, features: &Features) -> Option<Direction> {
    let (distance, trend) = features.distance_sma20.zip(features.trend)?;
    let policy = &policy.trend;
    match trend {
        1 if -policy.band <= distance => Some(Direction::Long),
        -1 if policy.shorts && distance <= policy.band => Some(Direction::Short),
        _ => None,
    }
}

/// Whether the price has not run away from its mean.
fn is_near(policy: &Policy, distance: f64) -> bool {
    distance.abs() < policy.trend.stretched
}

/// The last signal of the symbol in a direction that is too recent for another.
fn rested(view: &View, ticker: Ticker, direction: Direction) -> Option<Time> {
    let rearm = Span::from_minutes(view.engine.policy().trend.rearm_minutes.into());
    let signals = view.history.signals.values().map(|tale| &tale.signal);
    signals
        .filter(|signal| signal.ticker == ticker && signal.direction == direction)
        .map(|signal| signal.at)
        .filter(|at| view.engine.now() - *at < rearm)
        .max()
}
