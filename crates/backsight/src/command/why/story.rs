//! A signal from its snapshot to its end.

use std::collections::BTreeSet;

use backsight_domain::decision::{Outcome, Subject};
use backsight_domain::instrument::Instrument;
use backsight_domain::money::Money;
use backsight_domain::price::Price;
use backsight_domain::signal::{Factor, Signal};
use backsight_domain::verdict::{Check, CheckOutcome, Choice, Gate, Observed, Verdict};
use backsight_engine::Engine;

use crate::answer::Answer;
use crate::command::{Context, orders};
use crate::json;
use crate::page::{Cell, Page, Table, Tone};
use crate::view::View;
use crate::words;
use backsight_learning::past::history::{OrderTale, Tale};

/// Tells a signal's story.
pub(super) fn tell(context: &Context, view: &View, tale: &Tale) -> Answer {
    let engine = &view.engine;
    let found: Vec<&OrderTale> =
        tale.orders.iter().filter_map(|id| view.history.orders.get(id)).collect();
    let mut page = context.page();
    write_head(&mut page, tale);
    write_factors(&mut page, &tale.signal);
    write_features(&mut page, &tale.signal);
    for verdict in &tale.verdicts {
        write_verdict(&mut page, verdict, engine);
    }
    page.heading("What happened next");
    if !found.is_empty() {
        page.table(&orders::table(&found, engine));
        write_later_policies(&mut page, tale, &found);
    }
    for trade in &tale.trades {
        write_outcome(&mut page, "trade", (trade, engine));
    }
    write_ghost(&mut page, tale, engine);
    if found.is_empty() && tale.haunting.is_none() {
        page.line(Tone::Dim, "  Nothing: no order, and no room for another ghost.");
    }
    let rows: Vec<_> = found.iter().map(|order| (*order, json::order(order, engine))).collect();
    Answer::fine(page, json::tale(tale, engine, &rows))
}

fn write_head(page: &mut Page, tale: &Tale) {
    let signal = &tale.signal;
    let (ticker, direction) = (signal.ticker, signal.direction);
    let (id, horizon, playbook) = (signal.id, signal.horizon, signal.playbook);
    page.pieces(&[
        Cell::toned(Tone::Strong, format!("{ticker} {direction}")),
        Cell::toned(Tone::Plain, format!("  {id}  {playbook}, {horizon}")),
    ]);
    page.pair("made", words::stamp(signal.at));
    page.pair("at price", signal.price.to_string());
    page.pair("confidence", Cell::toned(Tone::Strong, format!("{:.4}", signal.confidence)));
    page.pair("expired", words::stamp(signal.expires));
    page.pair("policy", tale.scene.policy.0.to_string());
    if !tale.lessons.is_empty() {
        let lessons: Vec<_> = tale.lessons.iter().map(ToString::to_string).collect();
        page.pair("with lessons", lessons.join(", "));
    }
    if let Some(canary) = signal.canary {
        page.pair("as a canary of", canary.to_string());
    }
    if let Some(rolls) = signal.terms.rolls {
        let before = words::instrument(rolls.instrument);
        page.pair("takes the place", format!("of {before}, closed at {}", rolls.exit));
        if tale.roll_cost != Money::ZERO {
            page.pair("roll cost", format!("{} before fees", words::money(tale.roll_cost)));
        }
    }
}

/// The policies of orders that were decided after an edit.
fn write_later_policies(page: &mut Page, tale: &Tale, orders: &[&OrderTale]) {
    let versions = orders.iter().map(|order| order.intent.policy);
    let later: BTreeSet<_> = versions.filter(|version| *version != tale.scene.policy).collect();
    for version in later {
        page.line(Tone::Dim, &format!("  Some were decided under policy {}.", version.0));
    }
}

/// Each part and factor, and the confidence so far.
fn write_factors(page: &mut Page, signal: &Signal) {
    page.heading("How the confidence came about");
    let mut table = Table::new(&["factor", "", ">value", ">so far", ""]);
    let mut sum = 0.0;
    for Factor { name, value } in &signal.breakdown {
        let (sign, lowers) = if name.is_part() { ("+", *value < 0.0) } else { ("x", *value < 1.0) };
        sum = if name.is_part() { sum + value } else { sum * value };
        let tone = if lowers { Tone::Warn } else { Tone::Good };
        table.row([
            name.to_string().into(),
            sign.into(),
            format!("{value:.4}").into(),
            format!("{sum:.4}").into(),
            Cell::toned(tone, bar(sum)),
        ]);
    }
    page.table(&table);
    page.line(Tone::Dim, "  The result is held in 0 to 1.");
}

/// A bar of at most forty columns for a share.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the value was clamped to a few columns"
)]
fn bar(share: f64) -> String {
    "█".repeat((share.clamp(0.0, 1.0) * 40.0).round() as usize)
}

/// The snapshot in three columns.
fn write_features(page: &mut Page, signal: &Signal) {
    page.heading("What was known");
    let rows = json::feature_rows(&signal.features);
    for row in rows.chunks(3) {
        let cells = row.iter().flat_map(|(name, value)| {
            let value = value.map_or("missing".to_owned(), number);
            [Cell::toned(Tone::Dim, format!("  {name:<15}")), format!("{value:>9}").into()]
        });
        page.pieces(&cells.collect::<Vec<_>>());
    }
}

/// A number with about five digits that matter.
fn number(value: f64) -> String {
    if value.fract() == 0.0 {
        return format!("{value}");
    }
    let decimals = match value.abs() {
        1000.0.. => 0,
        10.0.. => 2,
        0.1.. => 4,
        _ => 6,
    };
    format!("{value:.decimals$}")
}

fn write_verdict(page: &mut Page, verdict: &Verdict, engine: &Engine) {
    let name = engine.account_name(verdict.account);
    let is_option = !matches!(verdict.instrument, Instrument::Equity(_));
    match verdict.refusals().next() {
        None => page.heading(&format!(
            "Account {name}: approved, {} {} {} at {}",
            verdict.side,
            verdict.quantity,
            words::instrument(verdict.instrument),
            verdict.price
        )),
        Some(first) => page.heading(&format!("Account {name}: refused by {}", first.gate)),
    }
    let sold = verdict.choice.as_deref().is_some_and(|choice| choice.structure.is_sold());
    let mut table = Table::new(&["gate", "verdict", ">saw", "wanted"]);
    for check in verdict.checks.iter() {
        let Check { gate, outcome, observed, .. } = check;
        let tone = match outcome {
            CheckOutcome::Pass => Tone::Good,
            CheckOutcome::Refuse => Tone::Bad,
            CheckOutcome::Missing => Tone::Warn,
        };
        table.row([
            gate.name().into(),
            Cell::toned(tone, json::outcome_name(outcome)),
            saw(outcome, observed).into(),
            wanted(&check, (is_option, sold)).into(),
        ]);
    }
    page.table(&table);
    if let Some(choice) = &verdict.choice {
        write_choice(page, choice);
    }
}

/// The contracts that were considered, the best first, each with why it was passed over.
fn write_choice(page: &mut Page, choice: &Choice) {
    let Some(quoted) = choice.quoted.filter(|_| 0 < choice.seen) else {
        return page.line(Tone::Warn, "  No recent quotes of contracts; shares were considered.");
    };
    let seen = format!(
        "  {}: {} quoted at {}, {} of the right kind; the best:",
        choice.structure,
        choice.seen,
        words::clock(quoted),
        choice.suited
    );
    page.line(Tone::Dim, &seen);
    let mut table = Table::new(&["contract", ">score", ">delta", ">vol", ">bid", ">ask", ""]);
    let chosen = choice.chosen().map(|tried| tried.contract);
    let number = |value: Option<f64>| value.map_or("-".to_owned(), |value| format!("{value:.2}"));
    let dollars = |ticks: i64| match Price::from_ticks(ticks) {
        Some(price) => price.to_string(),
        None if ticks < 0 => "below 0".to_owned(),
        None => "-".to_owned(),
    };
    for tried in &choice.tried {
        let end = match tried.flaw {
            Some(flaw) => Cell::toned(Tone::Warn, flaw.to_string()),
            None if chosen == Some(tried.contract) => Cell::toned(Tone::Good, "chosen"),
            None => "".into(),
        };
        table.row([
            words::instrument(tried.instrument()).into(),
            format!("{:.0}", tried.score).into(),
            number(tried.delta).into(),
            number(tried.iv).into(),
            dollars(tried.bid).into(),
            dollars(tried.ask).into(),
            end,
        ]);
    }
    page.table(&table);
}

/// Whether a contract lives too long, not too short.
fn is_beyond(check: &Check) -> bool {
    let (Observed::Count(saw), Observed::Count(bound)) = (check.observed, check.threshold) else {
        return false;
    };
    check.outcome == CheckOutcome::Refuse && bound < saw
}

/// What a gate saw; some pass when there is nothing to see, as a cool-down does before a trade.
fn saw(outcome: CheckOutcome, observed: Observed) -> String {
    if outcome == CheckOutcome::Pass && observed == Observed::Nothing {
        return "nothing".to_owned();
    }
    words::observed(observed)
}

/// What would have passed.
fn wanted(check: &Check, (of_options, sold): (bool, bool)) -> String {
    let limit = words::observed(check.threshold);
    match check.gate {
        _ if check.threshold == Observed::Nothing => limit,
        Gate::TradingState
        | Gate::SymbolOpen
        | Gate::CorporateAction
        | Gate::DuplicatePosition
        | Gate::WashTrade
        | Gate::ActionAllowed => limit,
        Gate::SellNeedsPosition if matches!(check.threshold, Observed::Flag(_)) => limit,
        Gate::IvRank if sold => format!("at least {limit}"),
        Gate::LossStreak if check.threshold == Observed::Count(0) => "any".to_owned(),
        Gate::DailyLoss | Gate::WeeklyLoss => format!("above {limit}"),
        Gate::LossStreak
        | Gate::OrderRate
        | Gate::Regime
        | Gate::MaxPositions
        | Gate::SymbolDailyLimit
        | Gate::DayTrades => format!("below {limit}"),
        Gate::SessionHours if is_early(check) => format!("from {limit}"),
        Gate::SessionHours => format!("before {limit}"),
        // Too few bars to compute features from, or features that are too old.
        Gate::FeatureFreshness if matches!(check.threshold, Observed::Count(_)) => {
            format!("at least {limit}")
        }
        Gate::BarFreshness
        | Gate::FeatureFreshness
        | Gate::SignalFreshness
        | Gate::QuoteFreshness
        | Gate::QuoteSanity
        | Gate::MaxExposure
        | Gate::SectorShare
        | Gate::IvRank => format!("at most {limit}"),
        Gate::DaysToExpiry if is_beyond(check) => format!("at most {limit}"),
        Gate::Earnings
        | Gate::SellNeedsPosition
        | Gate::HoldingNeeded
        | Gate::CoolDown
        | Gate::Confidence
        | Gate::BuyingPower
        | Gate::IntradayMargin
        | Gate::ContractQuality
        | Gate::Liquidity
        | Gate::DaysToExpiry => format!("at least {limit}"),
        Gate::ExpiryClock => format!("more than {limit}"),
        Gate::PriceCollar if of_options => format!("at most {limit} half spreads"),
        Gate::PriceCollar => format!("at most {limit} bps"),
        Gate::Size => "above 0".to_owned(),
    }
}

/// Whether the threshold is the first minute that was allowed, not the last.
fn is_early(check: &Check) -> bool {
    let (Observed::MinuteOfDay(saw), Observed::MinuteOfDay(bound)) =
        (check.observed, check.threshold)
    else {
        return false;
    };
    check.outcome == CheckOutcome::Refuse && saw < bound
}

fn write_ghost(page: &mut Page, tale: &Tale, engine: &Engine) {
    let Some(haunting) = tale.haunting else { return };
    if let Some(ghost) = &tale.ghost {
        write_outcome(page, "ghost", (ghost, engine));
    } else {
        let (price, pricing) = (haunting.price, haunting.pricing);
        page.pair("ghost", format!("entered at {price} ({pricing}); still followed"));
    }
}

fn write_outcome(page: &mut Page, what: &str, (outcome, engine): (&Outcome, &Engine)) {
    let Outcome { subject, quantity, entry, exit, reason, pricing, minutes, .. } = outcome;
    let whose = match subject {
        Subject::Position { account, .. } => format!("{}: ", engine.account_name(*account)),
        Subject::Ghost { .. } => String::new(),
    };
    page.pair(
        what,
        format!("{whose}{quantity} at {entry}, out at {exit} by {reason} after {minutes} min"),
    );
    page.pieces(&[
        Cell::toned(Tone::Plain, " ".repeat(17)),
        words::result(outcome.pnl),
        " = ".into(),
        words::multiple(outcome.r_multiple),
        " R".into(),
        Cell::toned(
            Tone::Dim,
            format!(
                "   best {:+.2} %, worst {:+.2} %; {pricing}",
                outcome.mfe_pct, outcome.mae_pct
            ),
        ),
    ]);
}
