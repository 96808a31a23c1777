//! Gates: every check between a signal and an order, and the approval only they can give.
//!
//! All gates are evaluated and recorded for each (signal, account), whatever the others said.
//! Each fails closed: missing, stale or impossible data is a named refusal, never a pass. Orders
//! that reduce a position are never blocked by an entry gate; they have a check of their own that
//! an order can only reduce what is held.

use backsight_domain::desk::TradingState;
use backsight_domain::instrument::Instrument;
use backsight_domain::market::Slot;
use backsight_domain::money::{Money, Rounding};
use backsight_domain::order::{Intent, Purpose, Side};
use backsight_domain::policy::{AccountPolicy, Policy};
use backsight_domain::price::Price;
use backsight_domain::quantity::Quantity;
use backsight_domain::signal::{Direction, Horizon, Signal};
use backsight_domain::time::{Span, Time};
use backsight_domain::verdict::{Check, CheckOutcome, Gate, Observed, Verdict};

use crate::account::Account;
use crate::market::Market;
use crate::order::Order;
use crate::position::Position;
use crate::size::{self, Purse};

/// An intent that passed the gates. Only this module can make one, and a venue takes nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Approved {
    intent: Intent,
}

impl Approved {
    /// What was approved.
    pub const fn intent(&self) -> &Intent {
        &self.intent
    }
}

/// What an account has under way, counted once per judgement.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Load {
    /// Positions and opening orders, by instrument.
    pub(crate) instruments: u32,
    /// Whether one of them is in the signal's instrument.
    pub(crate) duplicate: bool,
    /// Whether an order in the signal's instrument has an unknown outcome.
    pub(crate) unresolved: bool,
    /// Money in positions and opening orders.
    pub(crate) exposure: Money,
    /// Money promised to opening orders.
    pub(crate) promised: Money,
    /// Equity, if the venue ever told what is in the account.
    pub(crate) equity: Option<Money>,
}

/// Orders of the whole desk.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Pace {
    pub(crate) last_minute: u32,
    pub(crate) session: u32,
}

/// Everything the gates look at for one account.
#[derive(Clone, Copy, Debug)]
pub(crate) struct View<'a> {
    pub(crate) now: Time,
    pub(crate) state: TradingState,
    pub(crate) policy: &'a Policy,
    pub(crate) limits: &'a AccountPolicy,
    pub(crate) account: &'a Account,
    pub(crate) market: &'a Market,
    pub(crate) load: Load,
    pub(crate) pace: Pace,
    /// The price the order would carry or expect.
    pub(crate) price: Price,
}

/// Judges one signal for one account: every gate, in order of precedence.
pub(crate) fn judge(view: &View<'_>, signal: &Signal) -> Verdict {
    let quantity = wanted(view, signal);
    let checks = Gate::ALL.iter().map(|gate| check(*gate, view, signal, quantity)).collect();
    Verdict { signal: signal.id, account: view.account.id, checks, quantity }
}

/// Turns an intent into an approved one, if its verdict allows it.
///
/// # Panics
/// Panics when the intent is not what the verdict judged: that is a defect, not a market.
pub(crate) fn approve_opening(verdict: &Verdict, intent: Intent) -> Option<Approved> {
    assert_eq!(intent.purpose, Purpose::Open(verdict.signal), "an approval is for its signal");
    assert_eq!(intent.account, verdict.account, "an approval is for its account");
    assert!(intent.quantity <= verdict.quantity, "an approval never grows");
    (verdict.is_approval() && intent.quantity.is_positive()).then_some(Approved { intent })
}

/// Approves an order that closes a position or a part of it.
///
/// # Panics
/// Panics when the order would not reduce exactly what is held: nothing may turn a close into a
/// new position.
pub(crate) fn approve_closing(position: &Position, intent: Intent) -> Approved {
    let held = position.quantity;
    assert_eq!(intent.instrument, position.instrument, "a close is for the exact instrument");
    assert_eq!(intent.account, position.account, "a close is for the account that holds");
    let reduces = intent.side == if held.is_positive() { Side::Sell } else { Side::Buy };
    assert!(reduces && intent.quantity <= held.magnitude(), "a close only reduces");
    assert!(intent.quantity.is_positive(), "a close closes something");
    Approved { intent }
}

/// Approves an order that replaces another closing one. What that one fills counts towards it, so
/// that both together close no more than is held.
///
/// # Panics
/// Panics as [`approve_closing`] does.
pub(crate) fn approve_replacing(position: &Position, old: &Order, intent: Intent) -> Approved {
    assert_eq!(intent.replaces, Some(old.intent.id), "an approval is for its order");
    assert_eq!(intent.side, old.intent.side, "a replacement keeps the side");
    let quantity = intent.quantity - old.filled;
    approve_closing(position, Intent { quantity, ..intent });
    Approved { intent }
}

/// Approves sending a journaled intent again under its own id.
pub(crate) const fn approve_again(intent: Intent) -> Approved {
    Approved { intent }
}

fn wanted(view: &View<'_>, signal: &Signal) -> Quantity {
    let purse = Purse {
        equity: view.load.equity,
        free_cash: view.account.cash() - view.load.promised,
        room: view.limits.max_exposure - view.load.exposure,
    };
    let stop = Price::from_ticks_clamped(
        view.price.ticks() * i64::from(view.policy.exits.stop_bps) / 10_000,
    );
    let fractionable = view.market.universe.listings[signal.slot.index()].fractionable;
    // Fractions of a share cannot be sold short.
    let fractionable = fractionable && signal.direction == Direction::Long;
    size::quantity(&view.policy.sizing, view.limits, purse, (view.price, stop), fractionable)
}

fn check(gate: Gate, view: &View<'_>, signal: &Signal, quantity: Quantity) -> Check {
    let (outcome, observed, threshold) = match gate {
        Gate::TradingState => trading_state(view),
        Gate::DailyLoss => daily_loss(view),
        Gate::OrderRate => order_rate(view),
        Gate::SessionHours => session_hours(view, signal),
        Gate::SymbolOpen => symbol_open(view, signal),
        Gate::BarFreshness => {
            within(view.market.bar_age(signal.slot, view.now), view.policy.gates.bar_age_max_s)
        }
        Gate::FeatureFreshness => feature_freshness(view, signal),
        Gate::SignalFreshness => {
            let (age, allowed) = (view.now - signal.at, signal.expires - signal.at);
            (
                pass(Span::ZERO <= age && age <= allowed),
                Observed::Span(age),
                Observed::Span(allowed),
            )
        }
        Gate::DuplicatePosition => {
            let there = view.load.duplicate;
            (pass(!there), Observed::Flag(there), Observed::Flag(false))
        }
        Gate::MaxPositions => {
            let (held, most) = (view.load.instruments, view.limits.max_positions);
            (pass(held < most), Observed::Count(held.into()), Observed::Count(most.into()))
        }
        Gate::MaxExposure => max_exposure(view, quantity),
        Gate::CoolDown => cool_down(view, signal.slot),
        Gate::Confidence => {
            let (has, needs) = (signal.confidence, view.limits.confidence_min);
            (pass(needs <= has), Observed::Ratio(has), Observed::Ratio(needs))
        }
        Gate::DirectionAllowed => direction_allowed(view, signal),
        Gate::PriceCollar => price_collar(view, signal),
        Gate::Size => size_found(view, quantity),
    };
    Check { gate, outcome, observed, threshold }
}

type Answer = (CheckOutcome, Observed, Observed);

const fn pass(passes: bool) -> CheckOutcome {
    if passes { CheckOutcome::Pass } else { CheckOutcome::Refuse }
}

const fn missing(threshold: Observed) -> Answer {
    (CheckOutcome::Missing, Observed::Nothing, threshold)
}

fn within(age: Option<Span>, most_s: u32) -> Answer {
    let most = Span::from_seconds(i64::from(most_s));
    let threshold = Observed::Span(most);
    age.map_or(missing(threshold), |age| (pass(age <= most), Observed::Span(age), threshold))
}

fn trading_state(view: &View<'_>) -> Answer {
    let ours =
        if view.account.is_reconciled() { TradingState::Active } else { TradingState::Reconciling };
    let state = view.state.max(ours);
    let threshold = Observed::State(TradingState::Active);
    (pass(state.allows_openings()), Observed::State(state), threshold)
}

fn daily_loss(view: &View<'_>) -> Answer {
    let most = -view.limits.max_daily_loss;
    let threshold = Observed::Money(most);
    let Some((equity, start)) = view.load.equity.zip(view.account.session_start) else {
        return missing(threshold);
    };
    let result = equity - start;
    let within = most < result && !view.account.loss_latched;
    (pass(within), Observed::Money(result), threshold)
}

fn order_rate(view: &View<'_>) -> Answer {
    let (pace, gates) = (view.pace, &view.policy.gates);
    if gates.orders_per_session <= pace.session {
        let most = Observed::Count(gates.orders_per_session.into());
        return (CheckOutcome::Refuse, Observed::Count(pace.session.into()), most);
    }
    let most = gates.orders_per_minute;
    let passes = pass(pace.last_minute < most);
    (passes, Observed::Count(pace.last_minute.into()), Observed::Count(most.into()))
}

fn session_hours(view: &View<'_>, signal: &Signal) -> Answer {
    let gates = &view.policy.gates;
    let cutoff = match signal.horizon {
        Horizon::Day => gates.day_cutoff_minutes,
        Horizon::Swing => gates.swing_cutoff_minutes,
    };
    let Some(session) = view.market.session() else {
        return missing(Observed::Nothing);
    };
    let observed = Observed::MinuteOfDay(session.minute_of_day(view.now));
    let first = session.open() + Span::from_minutes(i64::from(gates.open_delay_minutes));
    let last = session.close() - Span::from_minutes(i64::from(cutoff));
    let bound = if view.now < first { first } else { last };
    let threshold = Observed::MinuteOfDay(session.minute_of_day(bound));
    (pass(first <= view.now && view.now < last), observed, threshold)
}

fn symbol_open(view: &View<'_>, signal: &Signal) -> Answer {
    let ours = view.account.is_ours_alone(Instrument::Equity(signal.ticker));
    let open = !view.market.is_halted(signal.slot) && !view.load.unresolved && ours;
    (pass(open), Observed::Flag(open), Observed::Flag(true))
}

fn feature_freshness(view: &View<'_>, signal: &Signal) -> Answer {
    let gates = &view.policy.gates;
    let (bars, least) = (signal.features.bars, gates.feature_bars_min);
    if bars < least {
        return (
            CheckOutcome::Missing,
            Observed::Count(bars.into()),
            Observed::Count(least.into()),
        );
    }
    within(view.market.last_minute().map(|end| view.now - end), gates.feature_age_max_s)
}

fn max_exposure(view: &View<'_>, quantity: Quantity) -> Answer {
    let most = view.limits.max_exposure;
    let after = view.load.exposure + Money::of(view.price, quantity, 1, Rounding::Ceil);
    let passes = view.load.exposure < most && after <= most;
    (pass(passes), Observed::Money(after), Observed::Money(most))
}

fn cool_down(view: &View<'_>, slot: Slot) -> Answer {
    let least = Span::from_minutes(i64::from(view.policy.gates.cool_down_minutes));
    let threshold = Observed::Span(least);
    let Some(last) = view.account.last_trade(slot) else {
        return (CheckOutcome::Pass, Observed::Nothing, threshold);
    };
    let since = view.now - last;
    (pass(least <= since), Observed::Span(since), threshold)
}

fn direction_allowed(view: &View<'_>, signal: &Signal) -> Answer {
    let borrowable = view.market.universe.listings[signal.slot.index()].shortable;
    let allowed = match signal.direction {
        Direction::Long => true,
        Direction::Short => view.limits.shorting && borrowable,
    };
    (pass(allowed), Observed::Flag(allowed), Observed::Flag(true))
}

/// The order's price against the last close, and against a fresh quote when there is one.
fn price_collar(view: &View<'_>, signal: &Signal) -> Answer {
    let most = f64::from(view.policy.gates.collar_bps);
    let threshold = Observed::Ratio(most);
    let Some(last) = view.market.last_price(signal.slot) else { return missing(threshold) };
    let away =
        |mark: Price| 10_000.0 * (view.price.dollars() - mark.dollars()).abs() / mark.dollars();
    let quote = view.market.fresh_quote(signal.slot, &view.policy.gates, view.now);
    let by_quote = quote.map_or(0.0, |(bid, ask)| away(bid).min(away(ask)));
    let distance = away(last).max(by_quote);
    (pass(distance <= most), Observed::Ratio(distance), threshold)
}

fn size_found(view: &View<'_>, quantity: Quantity) -> Answer {
    let threshold = Observed::Quantity(Quantity::from_units(1));
    if view.load.equity.is_none() {
        return missing(threshold);
    }
    (pass(quantity.is_positive()), Observed::Quantity(quantity), threshold)
}

#[cfg(test)]
mod tests;
