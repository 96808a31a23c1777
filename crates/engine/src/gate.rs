//! Gates: every check between a signal and an order, and the approval only they can give.
//!
//! All gates are evaluated and recorded for each (signal, account), whatever the others said.
//! Each fails closed: missing, stale or impossible data is a named refusal, never a pass. Orders
//! that reduce a position are never blocked by an entry gate; they have a check of their own that
//! an order can only reduce what is held.

mod event;
mod money;
mod option;

use backsight_domain::desk::TradingState;
use backsight_domain::instrument::{Instrument, Right};
use backsight_domain::money::Money;
use backsight_domain::order::{Intent, Purpose, Side};
use backsight_domain::policy::{AccountPolicy, Policy};
use backsight_domain::price::Price;
use backsight_domain::quantity::Quantity;
use backsight_domain::session::Session;
use backsight_domain::signal::{Horizon, Playbook, Signal};
use backsight_domain::time::{Span, Time};
use backsight_domain::verdict::{Answer, CheckOutcome, Checks, Gate, Observed, Structure, Verdict};

use crate::account::Account;
use crate::market::Market;
use crate::order::Order;
use crate::plan::{self, Plan};
use crate::position::Position;
use crate::regime::{self, Level};

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
#[expect(clippy::struct_excessive_bools, reason = "four facts that hold independently")]
pub(crate) struct Load {
    /// Positions and opening orders, by instrument, without those that add to a holding.
    pub(crate) instruments: u32,
    /// Whether one of them is in the signal's symbol.
    pub(crate) duplicate: bool,
    /// Whether an order in the signal's symbol has an unknown outcome.
    pub(crate) unresolved: bool,
    /// Whether an order of the account could trade with the planned one.
    pub(crate) crosses: bool,
    /// Whether one of them is in the signal's symbol and no holding of shares.
    pub(crate) beside_shares: bool,
    /// Shares of the signal's symbol that the account holds, ours and others.
    pub(crate) held: Quantity,
    /// Those of them that cover no sold call and are not to be sold.
    pub(crate) free_shares: Quantity,
    /// Money in positions and opening orders.
    pub(crate) exposure: Money,
    /// The part of it in the signal's sector.
    pub(crate) in_sector: Money,
    /// Money promised to opening orders.
    pub(crate) promised: Money,
    /// Cash that secures contracts that were sold.
    pub(crate) bound: Money,
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
    /// The price an order for shares would carry or expect.
    pub(crate) price: Price,
}

impl View<'_> {
    /// Cash that is neither promised to opening orders nor secures what was sold.
    pub(crate) fn free_cash(&self) -> Money {
        self.account.cash() - self.load.promised - self.load.bound
    }
}

/// Judges one signal for one account: every gate that applies, in order of precedence. What an
/// account `before` was told about the same trade in the same market is not found out again.
pub(crate) fn judge(
    view: &View<'_>,
    signal: &Signal,
    plan: Plan,
    before: Option<&Verdict>,
) -> Box<Verdict> {
    // Shares that stand in for a contract are judged as shares.
    let about_options = plan.choice.is_some() && !(plan.is_of_shares() && view.limits.shares);
    let mut verdict = Box::new(Verdict {
        signal: signal.id,
        account: view.account.id,
        checks: Checks::default(),
        instrument: plan.instrument,
        side: plan.side,
        quantity: plan.quantity,
        price: plan.price,
        choice: None,
    });
    let checks = &mut verdict.checks;
    match before.filter(|before| is_same_trade(before, &plan)) {
        Some(before) => checks.repeat(&before.checks, MARKET),
        None => ask_market(checks, view, signal, &plan),
    }
    ask_account(checks, view, signal, &plan);
    if about_options {
        ask_contract(checks, view, signal, &plan);
    }
    let asked = Gate::ALL.into_iter().filter(|gate| about_options || !gate.is_about_options());
    debug_assert!(checks.iter().map(|check| check.gate).eq(asked), "every gate is asked");
    verdict.choice = plan.choice;
    verdict
}

/// Whether a gate that needs no plan refuses, so that what the others say changes nothing but what
/// is recorded. Never when the order rate is at its limit: a desk that wants too much is stopped.
pub(crate) fn refuses_at_once(view: &View<'_>, signal: &Signal) -> bool {
    let refuses = |answer: Answer| answer.outcome() != CheckOutcome::Pass;
    let is_of_shares = !(signal.suits_options && plan::trades_options(view.limits));
    !refuses(order_rate(view))
        && (is_of_shares && signal.confidence < view.limits.confidence_min
            || refuses(max_positions(view, signal))
            || refuses(session_hours(view, signal))
            || refuses(cool_down(view, signal))
            || refuses(symbol_daily_limit(view, signal)))
}

/// Whether a verdict was about the trade that is planned, and no contracts were looked at.
fn is_same_trade(verdict: &Verdict, plan: &Plan) -> bool {
    verdict.choice.is_none()
        && plan.choice.is_none()
        && (verdict.instrument, verdict.side) == (plan.instrument, plan.side)
        && verdict.price == plan.price
}

/// Turns an intent into an approved one, if its verdict allows it.
///
/// # Panics
/// Panics when the intent is not what the verdict judged: that is a defect, not a market.
pub(crate) fn approve_opening(verdict: &Verdict, intent: Intent) -> Option<Approved> {
    assert_eq!(intent.purpose, Purpose::Open(verdict.signal), "an approval is for its signal");
    assert_eq!(intent.account, verdict.account, "an approval is for its account");
    let planned = (verdict.instrument, verdict.side);
    assert_eq!((intent.instrument, intent.side), planned, "an approval is for what was judged");
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

/// The gates that look at the market, the signal and what would be traded alone, so that they say
/// the same to every account that would trade the same.
const MARKET: [Gate; 10] = [
    Gate::Regime,
    Gate::SessionHours,
    Gate::CorporateAction,
    Gate::Earnings,
    Gate::BarFreshness,
    Gate::FeatureFreshness,
    Gate::SignalFreshness,
    Gate::QuoteFreshness,
    Gate::QuoteSanity,
    Gate::PriceCollar,
];

fn ask_market(checks: &mut Checks, view: &View<'_>, signal: &Signal, plan: &Plan) {
    let bar_age = view.market.bar_age(signal.slot, view.now);
    checks.note(Gate::Regime, panic_free(view));
    checks.note(Gate::SessionHours, session_hours(view, signal));
    checks.note(Gate::CorporateAction, event::corporate_action(view, signal, plan));
    checks.note(Gate::Earnings, event::earnings(view, signal));
    checks.note(Gate::BarFreshness, within(bar_age, view.policy.gates.bar_age_max_s));
    checks.note(Gate::FeatureFreshness, feature_freshness(view, signal));
    checks.note(Gate::SignalFreshness, signal_freshness(view, signal));
    checks.note(Gate::QuoteFreshness, quote_freshness(view, signal, plan));
    checks.note(Gate::QuoteSanity, quote_sanity(view, signal, plan));
    checks.note(Gate::PriceCollar, price_collar(view, signal, plan));
}

fn ask_account(checks: &mut Checks, view: &View<'_>, signal: &Signal, plan: &Plan) {
    let (load, limits) = (&view.load, view.limits);
    checks.note(Gate::TradingState, trading_state(view));
    checks.note(Gate::DailyLoss, daily_loss(view));
    checks.note(Gate::WeeklyLoss, weekly_loss(view));
    checks.note(Gate::LossStreak, loss_streak(view));
    checks.note(Gate::OrderRate, order_rate(view));
    checks.note(Gate::SymbolOpen, symbol_open(view, signal, plan));
    checks.note(Gate::DuplicatePosition, duplicate(view, signal, plan));
    checks.note(Gate::HoldingNeeded, holding_needed(view, signal));
    checks.note(Gate::WashTrade, wash_trade(view));
    checks.note(Gate::MaxPositions, max_positions(view, signal));
    let exposure = money::within(load.exposure, plan.value(), limits.max_exposure);
    checks.note(Gate::MaxExposure, exposure);
    checks.note(Gate::SectorShare, money::sector_share(view, plan));
    checks.note(Gate::SymbolDailyLimit, symbol_daily_limit(view, signal));
    checks.note(Gate::CoolDown, cool_down(view, signal));
    checks.note(Gate::Confidence, confidence(view, signal, plan));
    checks.note(Gate::ActionAllowed, action_allowed(view, plan));
    checks.note(Gate::SellNeedsPosition, sell_needs_position(view, signal, plan));
    checks.note(Gate::BuyingPower, money::buying_power(view, plan));
    checks.note(Gate::IntradayMargin, money::intraday_margin(view, plan));
    checks.note(Gate::DayTrades, day_trades(view, signal));
    checks.note(Gate::Size, size_found(view, plan.quantity));
}

fn ask_contract(checks: &mut Checks, view: &View<'_>, signal: &Signal, plan: &Plan) {
    checks.note(Gate::ContractQuality, option::quality(view, plan));
    checks.note(Gate::Liquidity, option::liquidity(plan));
    checks.note(Gate::IvRank, option::iv_rank(view, plan));
    checks.note(Gate::DaysToExpiry, option::days_to_expiry(view, signal, plan));
    checks.note(Gate::ExpiryClock, option::expiry_clock(view, plan));
}

const fn pass(passes: bool) -> CheckOutcome {
    if passes { CheckOutcome::Pass } else { CheckOutcome::Refuse }
}

fn missing(threshold: Observed) -> Answer {
    Answer::new(CheckOutcome::Missing, Observed::Nothing, threshold)
}

fn within(age: Option<Span>, most_s: u32) -> Answer {
    let most = Span::from_seconds(i64::from(most_s));
    let threshold = Observed::Span(most);
    age.map_or(missing(threshold), |age| {
        Answer::new(pass(age <= most), Observed::Span(age), threshold)
    })
}

fn trading_state(view: &View<'_>) -> Answer {
    let ours =
        if view.account.is_reconciled() { TradingState::Active } else { TradingState::Reconciling };
    let state = view.state.max(ours);
    let threshold = Observed::State(TradingState::Active);
    Answer::new(pass(state.allows_openings()), Observed::State(state), threshold)
}

fn daily_loss(view: &View<'_>) -> Answer {
    let most = -view.limits.max_daily_loss;
    let threshold = Observed::Money(most);
    let Some((equity, start)) = view.load.equity.zip(view.account.session_start) else {
        return missing(threshold);
    };
    let result = equity - start;
    let within = most < result && !view.account.loss_latched;
    Answer::new(pass(within), Observed::Money(result), threshold)
}

fn order_rate(view: &View<'_>) -> Answer {
    let (pace, gates) = (view.pace, &view.policy.gates);
    if gates.orders_per_session <= pace.session {
        let most = Observed::Count(gates.orders_per_session.into());
        return Answer::new(CheckOutcome::Refuse, Observed::Count(pace.session.into()), most);
    }
    let most = gates.orders_per_minute;
    let passes = pass(pace.last_minute < most);
    Answer::new(passes, Observed::Count(pace.last_minute.into()), Observed::Count(most.into()))
}

fn wash_trade(view: &View<'_>) -> Answer {
    let crosses = view.load.crosses;
    Answer::new(pass(!crosses), Observed::Flag(crosses), Observed::Flag(false))
}

/// What adds to a holding needs no place of its own; how much it may add is for other gates.
fn max_positions(view: &View<'_>, signal: &Signal) -> Answer {
    let (held, most) = (view.load.instruments, view.limits.max_positions);
    let most = Observed::Count(most.into());
    if signal.playbook == Playbook::Dip {
        return Answer::new(CheckOutcome::Pass, Observed::Nothing, most);
    }
    Answer::new(pass(held < view.limits.max_positions), Observed::Count(held.into()), most)
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
    Answer::new(pass(first <= view.now && view.now < last), observed, threshold)
}

fn symbol_open(view: &View<'_>, signal: &Signal, plan: &Plan) -> Answer {
    // A dip adds to what somebody holds, and a call is sold on it.
    let adds = signal.playbook == Playbook::Dip || plan.structure() == Some(Structure::CoveredCall);
    let share = Instrument::Equity(signal.ticker);
    let ours = if adds {
        !view.account.unexplained.contains(&share)
    } else {
        view.account.is_ours_alone(share)
    };
    let open = !view.market.is_halted(signal.slot) && !view.load.unresolved && ours;
    Answer::new(pass(open), Observed::Flag(open), Observed::Flag(true))
}

fn feature_freshness(view: &View<'_>, signal: &Signal) -> Answer {
    let gates = &view.policy.gates;
    let least = match signal.playbook {
        Playbook::Trend | Playbook::Dip => gates.feature_bars_min,
        // Strength needs its bars; what is found or gapped needs the session's first.
        Playbook::News => gates.feature_bars_min.min(15),
        Playbook::GapFade | Playbook::Explosive => 1,
    };
    let bars = signal.features.bars;
    if bars < least {
        return Answer::new(
            CheckOutcome::Missing,
            Observed::Count(bars.into()),
            Observed::Count(least.into()),
        );
    }
    within(view.market.last_minute().map(|end| view.now - end), gates.feature_age_max_s)
}

fn cool_down(view: &View<'_>, signal: &Signal) -> Answer {
    let least = Span::from_minutes(i64::from(view.policy.gates.cool_down_minutes));
    let threshold = Observed::Span(least);
    // What is rolled was traded just now.
    let last = view.account.last_trade(signal.slot).filter(|_| signal.terms.rolls.is_none());
    let Some(last) = last else {
        return Answer::new(CheckOutcome::Pass, Observed::Nothing, threshold);
    };
    let since = view.now - last;
    Answer::new(pass(least <= since), Observed::Span(since), threshold)
}

/// Selling shares that are not held needs an account that may, and a share that can be lent. A call
/// needs shares that nothing else rests on, a put its strike in cash; a vertical brings its cover.
fn sell_needs_position(view: &View<'_>, signal: &Signal, plan: &Plan) -> Answer {
    let borrowable = view.market.universe.listings[signal.slot.index()].shortable;
    let one = plan.quantity.max(Quantity::shares(1));
    let allowed = match (plan.instrument, plan.side) {
        (Instrument::Vertical(_), _) | (_, Side::Buy) => true,
        (Instrument::Equity(_), Side::Sell) => view.limits.shorting && borrowable,
        (Instrument::Option(contract), Side::Sell) => match contract.right {
            Right::Call => {
                let (free, needed) = (view.load.free_shares, one.times(contract.multiplier.into()));
                let (has, wants) = (Observed::Quantity(free), Observed::Quantity(needed));
                return Answer::new(pass(needed <= free), has, wants);
            }
            Right::Put => {
                let needed = plan::tied((plan.instrument, plan.side), plan.price, one);
                let free = view.free_cash();
                return Answer::new(
                    pass(needed <= free),
                    Observed::Money(free),
                    Observed::Money(needed),
                );
            }
        },
    };
    Answer::new(pass(allowed), Observed::Flag(allowed), Observed::Flag(true))
}

fn action_allowed(view: &View<'_>, plan: &Plan) -> Answer {
    let allowed = match plan.instrument {
        Instrument::Equity(_) => view.limits.shares,
        Instrument::Vertical(_) => view.limits.verticals,
        Instrument::Option(contract) => match (plan.side, contract.right) {
            (Side::Buy, _) => view.limits.options,
            (Side::Sell, Right::Put) => view.limits.secured_puts,
            (Side::Sell, Right::Call) => view.limits.covered_calls,
        },
    };
    Answer::new(pass(allowed), Observed::Flag(allowed), Observed::Flag(true))
}

fn weekly_loss(view: &View<'_>) -> Answer {
    let most = -view.limits.max_weekly_loss;
    let threshold = Observed::Money(most);
    let Some((equity, start)) = view.load.equity.zip(view.account.week_start) else {
        return missing(threshold);
    };
    let result = equity - start;
    Answer::new(pass(most < result), Observed::Money(result), threshold)
}

fn loss_streak(view: &View<'_>) -> Answer {
    let (lost, most) = (view.account.losses_in_row, view.policy.gates.loss_streak_max);
    let within = most == 0 || lost < most;
    Answer::new(pass(within), Observed::Count(lost.into()), Observed::Count(most.into()))
}

fn panic_free(view: &View<'_>) -> Answer {
    let policy = &view.policy.regime;
    let threshold = Observed::Ratio(policy.extreme_from);
    match regime::level(view.market, policy, view.now).zip(view.market.outlook.regime()) {
        Some((level, regime)) => {
            Answer::new(pass(level < Level::Extreme), Observed::Ratio(regime.index), threshold)
        }
        None if policy.required => missing(threshold),
        None => Answer::new(CheckOutcome::Pass, Observed::Nothing, threshold),
    }
}

fn signal_freshness(view: &View<'_>, signal: &Signal) -> Answer {
    let (age, allowed) = (view.now - signal.at, signal.expires - signal.at);
    let fresh = Span::ZERO <= age && age <= allowed;
    Answer::new(pass(fresh), Observed::Span(age), Observed::Span(allowed))
}

/// The age of the quote that the order is priced by.
fn quote_freshness(view: &View<'_>, signal: &Signal, plan: &Plan) -> Answer {
    if let Some(choice) = plan.choice.as_deref().filter(|_| !plan.is_of_shares()) {
        return within(
            choice.quoted.map(|at| view.now - at),
            view.policy.contracts.chain_age_max_s,
        );
    }
    let gates = &view.policy.gates;
    let threshold = Observed::Span(Span::from_seconds(i64::from(gates.quote_age_max_s)));
    let quote = view.market.quotes.get(signal.slot.index()).copied().flatten();
    match quote.map(|quote| view.now - quote.at) {
        Some(age) if gates.quotes_required => within(Some(age), gates.quote_age_max_s),
        None if gates.quotes_required => missing(threshold),
        // The last close prices the order, and has gates of its own.
        age => Answer::new(
            CheckOutcome::Pass,
            age.map_or(Observed::Nothing, Observed::Span),
            threshold,
        ),
    }
}

/// The spread of the quote that the order is priced by, as a share of its bid.
fn quote_sanity(view: &View<'_>, signal: &Signal, plan: &Plan) -> Answer {
    let gates = &view.policy.gates;
    if !plan.is_of_shares() {
        return option::quote_sanity(view, plan);
    }
    let most = f64::from(gates.spread_max_bps) / 10_000.0;
    match view.market.fresh_quote(signal.slot, gates, view.now) {
        Some((bid, ask)) => {
            let spread = (ask.dollars() - bid.dollars()) / bid.dollars();
            Answer::new(pass(spread <= most), Observed::Ratio(spread), Observed::Ratio(most))
        }
        None if gates.quotes_required => missing(Observed::Ratio(most)),
        None => Answer::new(CheckOutcome::Pass, Observed::Nothing, Observed::Ratio(most)),
    }
}

/// A dip adds to what is there, and a call is sold on shares; nothing else does.
fn duplicate(view: &View<'_>, signal: &Signal, plan: &Plan) -> Answer {
    let covered = plan.structure() == Some(Structure::CoveredCall);
    let there = if covered { view.load.beside_shares } else { view.load.duplicate };
    let adds = signal.playbook == Playbook::Dip;
    Answer::new(pass(!there || adds), Observed::Flag(there), Observed::Flag(adds))
}

fn holding_needed(view: &View<'_>, signal: &Signal) -> Answer {
    let held = view.load.held;
    let least = Quantity::from_units(i64::from(signal.playbook == Playbook::Dip));
    Answer::new(
        pass(least <= held.max(Quantity::ZERO)),
        Observed::Quantity(held),
        Observed::Quantity(least),
    )
}

fn symbol_daily_limit(view: &View<'_>, signal: &Signal) -> Answer {
    let opened = view.account.opened_today.get(&signal.slot).copied().unwrap_or(0);
    let most = view.policy.gates.symbol_daily_max;
    Answer::new(pass(opened < most), Observed::Count(opened.into()), Observed::Count(most.into()))
}

fn confidence(view: &View<'_>, signal: &Signal, plan: &Plan) -> Answer {
    let limits = view.limits;
    let needs = match (plan.instrument, signal.horizon) {
        (Instrument::Equity(_), _) => limits.confidence_min,
        (_, Horizon::Day) => limits.confidence_min_day_option,
        (_, Horizon::Swing) => limits.confidence_min_swing_option,
    };
    let has = signal.confidence;
    Answer::new(pass(needs <= has), Observed::Ratio(has), Observed::Ratio(needs))
}

/// Fewer than four day trades in five sessions below 25,000 dollars, where that rule still holds.
fn day_trades(view: &View<'_>, signal: &Signal) -> Answer {
    const MOST: i64 = 3;
    let threshold = Observed::Count(MOST);
    let applies = view.policy.gates.legacy_day_trades && signal.horizon == Horizon::Day;
    if !applies {
        return Answer::new(CheckOutcome::Pass, Observed::Nothing, threshold);
    }
    let Some((equity, session)) = view.load.equity.zip(view.market.session()) else {
        return missing(threshold);
    };
    let since = Session::plus_sessions(session.date(), -4).date();
    let done = i64::try_from(view.account.day_trades_since(since)).unwrap_or(i64::MAX);
    let exempt = Money::dollars(25_000) <= equity;
    Answer::new(pass(exempt || done < MOST), Observed::Count(done), threshold)
}

/// The order's price against the last close, and against a fresh quote when there is one.
fn price_collar(view: &View<'_>, signal: &Signal, plan: &Plan) -> Answer {
    if !plan.is_of_shares() {
        let threshold = Observed::Ratio(1.0);
        let chosen = plan.chosen();
        return chosen.map_or(missing(threshold), |tried| option::price_collar(plan, tried));
    }
    let most = f64::from(view.policy.gates.collar_bps);
    let threshold = Observed::Ratio(most);
    let Some(last) = view.market.last_price(signal.slot) else { return missing(threshold) };
    let away =
        |mark: Price| 10_000.0 * (plan.price.dollars() - mark.dollars()).abs() / mark.dollars();
    let quote = view.market.fresh_quote(signal.slot, &view.policy.gates, view.now);
    let by_quote = quote.map_or(0.0, |(bid, ask)| away(bid).min(away(ask)));
    let distance = away(last).max(by_quote);
    Answer::new(pass(distance <= most), Observed::Ratio(distance), threshold)
}

fn size_found(view: &View<'_>, quantity: Quantity) -> Answer {
    let threshold = Observed::Quantity(Quantity::from_units(1));
    if view.load.equity.is_none() {
        return missing(threshold);
    }
    Answer::new(pass(quantity.is_positive()), Observed::Quantity(quantity), threshold)
}

#[cfg(test)]
pub(crate) mod tests;
