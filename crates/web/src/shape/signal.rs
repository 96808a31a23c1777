//! Signals, verdicts and outcomes as the API tells them and `why --json` prints them.

use backsight_domain::decision::{Outcome as Ended, Subject};
use backsight_domain::id::SignalId;
use backsight_domain::price::Price;
use backsight_domain::signal::Signal as Wish;
use backsight_domain::verdict::{
    Check as Answer, CheckOutcome, Choice as Chosen, Observed, Verdict as Judged,
};
use backsight_engine::Engine;
use backsight_learning::past::history::Tale;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::feature::features;
use super::news::Story;
use super::order::Order;
use super::{dollars, price, shares};
use crate::mirror::Mirror;

/// A signal and what became of it, in one line.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SignalLine {
    /// Its identity.
    pub id: String,
    /// The record that caused it.
    pub seq: u64,
    /// When it was made.
    pub at: String,
    /// The symbol.
    pub symbol: String,
    /// The rule set that made it.
    pub playbook: String,
    /// `long` or `short`.
    pub direction: String,
    /// `day` or `swing`.
    pub horizon: String,
    /// 0 to 1.
    pub confidence: f64,
    /// The price it was made on.
    pub price: f64,
    /// `taken`, `refused`, or `waiting` for its verdicts.
    pub outcome: String,
    /// The gate that stopped it first.
    pub refused_by: Option<String>,
    /// `taken`, or the first gate that stopped it, as `why` prints it.
    pub fate: String,
    /// What became of it, or of its ghost, in units of risk.
    pub r_multiple: Option<f64>,
    /// The same in dollars: of the positions, or of one share of the ghost.
    pub result: Option<f64>,
    /// Whether what is told is the ghost's.
    pub is_ghost: bool,
    /// Whether that is still going on.
    pub is_open: bool,
}

/// Everything about one signal.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SignalTale {
    /// What was wished for, and what was known then.
    pub signal: Signal,
    /// The same in one line, with what became of it so far.
    pub line: SignalLine,
    /// The version of the policy that judged it.
    pub policy: u32,
    /// Which rung read the news then.
    pub reader: Option<String>,
    /// The market's fear index then.
    pub fear: Option<f64>,
    /// News about the symbol before it, newest first.
    pub stories: Vec<Story>,
    /// What the gates said, by account.
    pub verdicts: Vec<Verdict>,
    /// Orders that open or close its positions.
    pub orders: Vec<Order>,
    /// How its positions ended.
    pub trades: Vec<Outcome>,
    /// What it would have done where it was refused.
    pub ghost: Option<Ghost>,
    /// The trace: the identity under which it is found from story to fill.
    pub trace: String,
}

/// What was wished for, and what was known then.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Signal {
    /// Its identity.
    pub id: String,
    /// When it was made.
    pub at: String,
    /// The symbol.
    pub symbol: String,
    /// The rule set that made it.
    pub playbook: String,
    /// `long` or `short`.
    pub direction: String,
    /// `day` or `swing`.
    pub horizon: String,
    /// 0 to 1.
    pub confidence: f64,
    /// The price it was made on.
    pub price: f64,
    /// From when on it was not to be acted on.
    pub expires: String,
    /// The parts and factors of the confidence, in order.
    pub factors: Vec<Factor>,
    /// What was known about the symbol, by name; `null` is missing.
    #[schema(value_type = std::collections::BTreeMap<String, Option<f64>>)]
    pub features: Value,
    /// What its playbook asked for instead of the general rules.
    pub terms: Terms,
}

/// What a playbook asked for instead of the general rules; `null` asks for nothing.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Terms {
    /// The worst price to enter at.
    pub entry: Option<f64>,
    /// Where to give up.
    pub stop: Option<f64>,
    /// Where to take the gain.
    pub target: Option<f64>,
    /// Where to take the rest of it.
    pub second_target: Option<f64>,
    /// Minutes after which to leave.
    pub minutes: Option<u32>,
    /// Sessions after which to leave.
    pub sessions: Option<u32>,
}

/// One part or factor of a confidence.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Factor {
    /// Its name.
    pub name: String,
    /// Whether it is added; else it multiplies.
    pub adds: bool,
    /// What is added or multiplied.
    pub value: f64,
    /// The confidence after it.
    pub so_far: f64,
}

/// Every gate's answer for one account.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Verdict {
    /// The account.
    pub account: String,
    /// Whether every gate passed.
    pub approved: bool,
    /// What would be traded.
    pub instrument: String,
    /// `buy` or `sell`.
    pub side: String,
    /// How much.
    pub quantity: f64,
    /// At what price.
    pub price: f64,
    /// The contracts that were considered.
    pub contracts: Option<Choice>,
    /// The gate that stopped it first.
    pub first_refusal: Option<String>,
    /// Every gate that applies, in order of precedence.
    pub gates: Vec<Check>,
}

/// One gate's answer.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Check {
    /// The gate.
    pub gate: String,
    /// `pass`, `refuse` or `missing`.
    pub outcome: String,
    /// What it saw: a number, a text, yes or no, or nothing.
    #[schema(value_type = Option<Scalar>)]
    pub observed: Value,
    /// What it compared with.
    #[schema(value_type = Option<Scalar>)]
    pub threshold: Value,
    /// What both are: `count`, `money`, `ratio`, `seconds`, `time_of_day`, `quantity`, `state`,
    /// `flag`, or `nothing`.
    pub unit: String,
}

/// A number, a text, or yes or no.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub enum Scalar {
    /// A number.
    Number(f64),
    /// A text.
    Text(String),
    /// Yes or no.
    Flag(bool),
}

/// The contracts that were considered for a verdict.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Choice {
    /// How contracts stand: one bought, or two traded as one.
    pub structure: String,
    /// When the chain was quoted.
    pub quoted: Option<String>,
    /// Contracts in it.
    pub seen: u32,
    /// Contracts of the right kind.
    pub suited: u32,
    /// Where the implied volatility stands in its year, 0 to 1.
    pub iv_rank: Option<f64>,
    /// The contract that was chosen, or the two that are traded as one.
    pub chosen: Option<String>,
    /// The best ones, the best first.
    pub tried: Vec<Tried>,
}

/// One contract that was considered.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Tried {
    /// The contract, or the two that are traded as one.
    pub contract: String,
    /// 0 to 100.
    pub score: f64,
    /// What its price gains when the share gains a dollar.
    pub delta: Option<f64>,
    /// Implied volatility for a year.
    pub implied_volatility: Option<f64>,
    /// Bid.
    pub bid: Option<f64>,
    /// Offer.
    pub ask: Option<f64>,
    /// Why it was passed over.
    pub flaw: Option<String>,
}

/// What became of a position or a ghost.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Outcome {
    /// The account; `null` for a ghost.
    pub account: Option<String>,
    /// What was held.
    pub instrument: String,
    /// `long` or `short`.
    pub direction: String,
    /// How much; a ghost counts one.
    pub quantity: f64,
    /// When it was opened.
    pub opened: String,
    /// When it ended.
    pub closed: String,
    /// Average entry.
    pub entry: f64,
    /// Average exit.
    pub exit: f64,
    /// `filled`, `quoted` or `modelled`.
    pub pricing: String,
    /// Why it ended.
    pub reason: String,
    /// The same in the word of the earlier systems.
    pub normalised: String,
    /// What it made after fees.
    pub pnl: f64,
    /// The same in units of the risk first taken.
    pub r_multiple: f64,
    /// The best it ever was, in percent of the entry.
    pub mfe_pct: f64,
    /// The worst it ever was, in percent of the entry.
    pub mae_pct: f64,
    /// What was given back by the end, in percent of the entry.
    pub give_back_pct: f64,
    /// How far it came under its rules.
    pub stage: String,
    /// Whole minutes held.
    pub minutes: u32,
    /// 1 for a win, -1 for a loss, 0 in between.
    pub label: i8,
}

/// What a signal would have done where it was refused.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Ghost {
    /// Where it would have entered.
    pub entry: f64,
    /// `quoted` or `modelled`.
    pub pricing: String,
    /// What it made so far in units of risk, while it is followed.
    pub r_so_far: Option<f64>,
    /// How it ended.
    pub outcome: Option<Outcome>,
}

impl SignalTale {
    /// Tells a signal.
    pub fn of(tale: &Tale, mirror: &Mirror) -> Self {
        let (engine, history) = (mirror.engine(), &mirror.past.history);
        let orders = tale.orders.iter().filter_map(|id| history.orders.get(id));
        Self {
            signal: Signal::of(&tale.signal),
            line: SignalLine::of(tale, mirror),
            policy: tale.scene.policy.0,
            reader: tale.scene.rung.map(|rung| rung.to_string()),
            fear: tale.scene.fear,
            stories: Story::before(mirror, tale.signal.ticker, tale.signal.at),
            verdicts: tale.verdicts.iter().map(|verdict| Verdict::of(verdict, engine)).collect(),
            orders: orders.map(|order| Order::told(order, mirror)).collect(),
            trades: tale.trades.iter().map(|trade| Outcome::of(trade, engine)).collect(),
            ghost: tale.haunting.map(|haunting| Ghost {
                entry: price(haunting.price),
                pricing: haunting.pricing.to_string(),
                r_so_far: ghost_so_far(tale.signal.id, mirror).map(|(r, _)| r),
                outcome: tale.ghost.as_ref().map(|ghost| Outcome::of(ghost, engine)),
            }),
            trace: trace(tale.signal.id),
        }
    }
}

/// The trace of a signal, in the form that tools for traces read: 32 hexadecimal digits. It is
/// derived from the signal's identity, so that nobody hands it on and every record has it.
pub fn trace(id: SignalId) -> String {
    format!("{:016x}{:016x}", id.cause.0, id.index)
}

impl SignalLine {
    /// Tells a signal in one line.
    pub fn of(tale: &Tale, mirror: &Mirror) -> Self {
        let signal = &tale.signal;
        let taken = tale.verdicts.iter().any(Judged::is_approval);
        let first = tale.verdicts.iter().find_map(|verdict| verdict.refusals().next());
        let first = first.filter(|_| !taken).map(|check| check.gate.name().to_owned());
        let outcome = match (taken, tale.verdicts.is_empty()) {
            (true, _) => "taken",
            (false, true) => "waiting",
            (false, false) => "refused",
        };
        let Result { r, money, is_ghost, is_open } = result(tale, mirror);
        Self {
            id: signal.id.to_string(),
            seq: signal.id.cause.0,
            at: signal.at.to_string(),
            symbol: signal.ticker.as_str().to_owned(),
            playbook: signal.playbook.to_string(),
            direction: signal.direction.to_string(),
            horizon: signal.horizon.to_string(),
            confidence: signal.confidence,
            price: price(signal.price),
            outcome: outcome.to_owned(),
            fate: if taken { Some("taken".to_owned()) } else { first.clone() }
                .unwrap_or_else(|| outcome.to_owned()),
            refused_by: first,
            r_multiple: r,
            result: money,
            is_ghost,
            is_open,
        }
    }
}

/// What a signal made so far.
struct Result {
    r: Option<f64>,
    money: Option<f64>,
    is_ghost: bool,
    is_open: bool,
}

fn result(tale: &Tale, mirror: &Mirror) -> Result {
    let sum = |outcomes: &[Ended]| {
        let r: f64 = outcomes.iter().map(|outcome| outcome.r_multiple).sum();
        let money: f64 = outcomes.iter().map(|outcome| dollars(outcome.pnl)).sum();
        (r, money)
    };
    let engine = mirror.engine();
    let held: Vec<_> = engine.positions().filter(|held| held.signal == tale.signal.id).collect();
    if !held.is_empty() {
        let results = held.iter().filter_map(|held| {
            let mark = super::position::mark(held, engine)?;
            Some(dollars(super::position::value(held, mark) - held.cost))
        });
        let (_, closed) = sum(&tale.trades);
        let money = Some(closed + results.sum::<f64>());
        return Result { r: None, money, is_ghost: false, is_open: true };
    }
    if !tale.trades.is_empty() {
        let (r, money) = sum(&tale.trades);
        return Result { r: Some(r), money: Some(money), is_ghost: false, is_open: false };
    }
    if let Some(ghost) = &tale.ghost {
        let (r, money) = (Some(ghost.r_multiple), Some(dollars(ghost.pnl)));
        return Result { r, money, is_ghost: true, is_open: false };
    }
    let so_far = ghost_so_far(tale.signal.id, mirror);
    Result {
        r: so_far.map(|(r, _)| r),
        money: so_far.map(|(_, money)| money),
        is_ghost: tale.haunting.is_some(),
        is_open: so_far.is_some(),
    }
}

/// What a ghost that is followed made so far: in units of risk, and in dollars for one share.
#[expect(clippy::cast_precision_loss, reason = "prices stay far below 2^53 ticks")]
fn ghost_so_far(id: SignalId, mirror: &Mirror) -> Option<(f64, f64)> {
    let engine = mirror.engine();
    let ghost = engine.ghosts().iter().find(|ghost| ghost.id.0 == id)?;
    let mark = engine.market().mark(ghost.instrument, ghost.slot)?;
    let gain = ghost.track.gain(mark.ticks()) as f64;
    let risk = ghost.track.stop_distance().max(1) as f64;
    let one = f64::from(ghost.instrument.multiplier());
    Some((gain / risk, gain * one / 10_000.0))
}

impl Signal {
    /// Tells what was wished for.
    pub fn of(signal: &Wish) -> Self {
        let terms = &signal.terms;
        let mut so_far = 0.0;
        let factors = signal.breakdown.iter().map(|factor| {
            let adds = factor.name.is_part();
            so_far = if adds { so_far + factor.value } else { so_far * factor.value };
            Factor { name: factor.name.to_string(), adds, value: factor.value, so_far }
        });
        Self {
            id: signal.id.to_string(),
            at: signal.at.to_string(),
            symbol: signal.ticker.as_str().to_owned(),
            playbook: signal.playbook.to_string(),
            direction: signal.direction.to_string(),
            horizon: signal.horizon.to_string(),
            confidence: signal.confidence,
            price: price(signal.price),
            expires: signal.expires.to_string(),
            factors: factors.collect(),
            features: features(&signal.features),
            terms: Terms {
                entry: terms.entry.map(price),
                stop: terms.stop.map(price),
                target: terms.target.map(price),
                second_target: terms.second_target.map(price),
                minutes: terms.minutes,
                sessions: terms.sessions,
            },
        }
    }
}

impl Verdict {
    /// Tells a verdict.
    pub fn of(verdict: &Judged, engine: &Engine) -> Self {
        let first = verdict.refusals().next();
        Self {
            account: engine.account_name(verdict.account).to_owned(),
            approved: verdict.is_approval(),
            instrument: verdict.instrument.to_string(),
            side: verdict.side.to_string(),
            quantity: shares(verdict.quantity),
            price: price(verdict.price),
            contracts: verdict.choice.as_deref().map(Choice::of),
            first_refusal: first.map(|check| check.gate.name().to_owned()),
            gates: verdict.checks.iter().map(|it| Check::of(&it)).collect(),
        }
    }
}

impl Choice {
    fn of(choice: &Chosen) -> Self {
        let tried = choice.tried.iter().map(|tried| Tried {
            contract: tried.instrument().to_string(),
            score: tried.score,
            delta: tried.delta,
            implied_volatility: tried.iv,
            bid: Price::from_ticks(tried.bid).map(price),
            ask: Price::from_ticks(tried.ask).map(price),
            flaw: tried.flaw.map(|flaw| flaw.to_string()),
        });
        Self {
            structure: choice.structure.to_string(),
            quoted: choice.quoted.map(|at| at.to_string()),
            seen: choice.seen,
            suited: choice.suited,
            iv_rank: choice.iv_rank,
            chosen: choice.chosen().map(|tried| tried.instrument().to_string()),
            tried: tried.collect(),
        }
    }
}

impl Check {
    /// Tells one gate's answer.
    pub fn of(check: &Answer) -> Self {
        let unit = match unit(check.threshold) {
            "nothing" => unit(check.observed),
            unit => unit,
        };
        Self {
            gate: check.gate.name().to_owned(),
            outcome: outcome_name(check.outcome).to_owned(),
            observed: scalar(check.observed),
            threshold: scalar(check.threshold),
            unit: unit.to_owned(),
        }
    }
}

/// The stable name of a gate's answer.
pub const fn outcome_name(outcome: CheckOutcome) -> &'static str {
    match outcome {
        CheckOutcome::Pass => "pass",
        CheckOutcome::Refuse => "refuse",
        CheckOutcome::Missing => "missing",
    }
}

const fn unit(observed: Observed) -> &'static str {
    match observed {
        Observed::Nothing => "nothing",
        Observed::Count(_) => "count",
        Observed::Money(_) => "money",
        Observed::Ratio(_) => "ratio",
        Observed::Span(_) => "seconds",
        Observed::MinuteOfDay(_) => "time_of_day",
        Observed::Quantity(_) => "quantity",
        Observed::State(_) => "state",
        Observed::Flag(_) => "flag",
    }
}

/// What a gate saw or wanted, as a number, a text or yes and no.
#[expect(
    clippy::cast_precision_loss,
    reason = "spans of a session are far below 2^53 milliseconds"
)]
pub fn scalar(observed: Observed) -> Value {
    match observed {
        Observed::Nothing => Value::Null,
        Observed::Count(count) => count.into(),
        Observed::Money(amount) => dollars(amount).into(),
        Observed::Ratio(ratio) => ratio.into(),
        Observed::Span(span) => (span.millis_floor() as f64 / 1000.0).into(),
        Observed::MinuteOfDay(_) | Observed::State(_) => observed.to_string().into(),
        Observed::Quantity(quantity) => shares(quantity).into(),
        Observed::Flag(flag) => flag.into(),
    }
}

impl Outcome {
    /// Tells what became of a position or a ghost.
    pub fn of(outcome: &Ended, engine: &Engine) -> Self {
        let account = match &outcome.subject {
            Subject::Position { account, .. } => Some(engine.account_name(*account).to_owned()),
            Subject::Ghost { .. } => None,
        };
        Self {
            account,
            instrument: outcome.instrument.to_string(),
            direction: outcome.direction.to_string(),
            quantity: shares(outcome.quantity),
            opened: outcome.opened.to_string(),
            closed: outcome.closed.to_string(),
            entry: price(outcome.entry),
            exit: price(outcome.exit),
            pricing: outcome.pricing.to_string(),
            reason: outcome.reason.to_string(),
            normalised: outcome.reason.normalised().to_owned(),
            pnl: dollars(outcome.pnl),
            r_multiple: outcome.r_multiple,
            mfe_pct: outcome.mfe_pct,
            mae_pct: outcome.mae_pct,
            give_back_pct: outcome.give_back_pct,
            stage: outcome.stage.to_string(),
            minutes: outcome.minutes,
            label: outcome.label,
        }
    }
}
