//! Signals, and what the gates said about them.

use backsight_domain::decision::{Decision, Hold, Reason};
use backsight_domain::id::SignalId;
use backsight_domain::session::Session;
use backsight_domain::signal::{Features, Signal, Terms};
use backsight_domain::verdict::{CheckOutcome, Choice, Tried, Verdict};

use super::{Place, Projection, contract_of, instrument_type};
use crate::batch::{Batch, row};
use crate::json::{List, Object};
use crate::value::Value;

impl Projection {
    pub(super) fn signal(
        &self,
        place: Place,
        signal: &Signal,
        decision: &Decision,
        batch: &mut Batch,
    ) {
        let verdicts = || verdicts(signal.id, decision);
        let first = verdicts().find_map(|verdict| verdict.refusals().next());
        let session = backsight_domain::session::covers(signal.at)
            .then(|| Session::at(signal.at))
            .flatten()
            .or(self.session.map(|(session, _)| session));
        batch.add(row!(signals {
            id: signal.id.to_string(),
            seq: place.seq(),
            at: signal.at,
            session_date: session.map(Session::date),
            ticker: signal.ticker,
            playbook: Value::text(signal.playbook),
            direction: Value::text(signal.direction),
            horizon: Value::text(signal.horizon),
            confidence: signal.confidence,
            price: signal.price,
            expires: signal.expires,
            suits_options: signal.suits_options,
            policy: self.policy,
            canary: signal.canary.map(|proposal| proposal.to_string()),
            taken: verdicts().any(Verdict::is_approval),
            first_refusal: first.map(|check| check.gate.name()),
            factors: factors(signal),
            features: features(signal),
            sentiment: sentiment(&signal.features),
            terms: terms(&signal.terms),
        }));
    }

    pub(super) fn verdict(&self, place: Place, verdict: &Verdict, batch: &mut Batch) {
        let (signal, account) = (verdict.signal.to_string(), self.account(verdict.account));
        for (rank, check) in verdict.refusals().enumerate() {
            batch.add(row!(refusals {
                signal: signal.clone(),
                account: account.clone(),
                gate: check.gate.name(),
                seq: place.seq(),
                at: place.at,
                rank: rank + 1,
                outcome: outcome(check.outcome),
                observed: Value::text(check.observed),
                threshold: Value::text(check.threshold),
            }));
        }
        let chosen = chosen(verdict);
        batch.add(row!(verdicts {
            signal: signal,
            account: account,
            seq: place.seq(),
            at: place.at,
            approved: verdict.is_approval(),
            instrument: verdict.instrument,
            instrument_type: instrument_type(&verdict.instrument),
            quantity: verdict.quantity,
            price: verdict.price,
            first_refusal: verdict.refusals().next().map(|check| check.gate.name()),
            refusals: verdict.refusals().count(),
            checks: List::of(verdict.checks.iter().map(|check| {
                Object::new()
                    .put("gate", check.gate.name())
                    .put("outcome", outcome(check.outcome))
                    .put("observed", check.observed.to_string())
                    .put("threshold", check.threshold.to_string())
            })),
            choice: verdict.choice.as_deref().map(choice),
            delta: chosen.and_then(|tried| tried.delta),
            iv: chosen.and_then(|tried| tried.iv),
            iv_rank: verdict.choice.as_ref().and_then(|choice| choice.iv_rank),
            spread_pct: chosen.and_then(spread_pct),
        }));
    }
}

/// The contract that a verdict is about, as it was quoted.
fn chosen(verdict: &Verdict) -> Option<&Tried> {
    let contract = contract_of(&verdict.instrument)?;
    let tried = verdict.choice.as_ref()?.tried.iter();
    tried.filter(|tried| tried.flaw.is_none()).find(|tried| tried.contract == contract)
}

/// The width of a quote in percent of its middle.
#[expect(clippy::cast_precision_loss, reason = "prices in ticks are far below 2^53")]
fn spread_pct(tried: &Tried) -> Option<f64> {
    let middle = (tried.bid + tried.ask) as f64 / 2.0;
    (0.0 < middle).then(|| (tried.ask - tried.bid) as f64 / middle * 100.0)
}

/// What the gates said about a signal in a decision.
pub(super) fn verdicts(id: SignalId, decision: &Decision) -> impl Iterator<Item = &Verdict> {
    decision.because.iter().filter_map(move |reason| {
        let Reason::Verdict(verdict) = reason else { return None };
        (verdict.signal == id).then_some(&**verdict)
    })
}

pub(super) fn hold(place: Place, index: usize, hold: &Hold, batch: &mut Batch) {
    batch.add(row!(holds {
        seq: place.seq(),
        place: index,
        at: place.at,
        playbook: Value::text(hold.playbook),
        ticker: hold.ticker,
        why: Value::text(hold.why),
        observed: hold.observed,
        threshold: hold.threshold,
    }));
}

fn outcome(outcome: CheckOutcome) -> &'static str {
    match outcome {
        CheckOutcome::Pass => "pass",
        CheckOutcome::Refuse => "refuse",
        CheckOutcome::Missing => "missing",
    }
}

fn factors(signal: &Signal) -> List {
    List::of(signal.breakdown.iter().map(|factor| {
        Object::new()
            .put("name", factor.name.to_string())
            .put("value", factor.value)
            .put("adds", factor.name.is_part())
    }))
}

/// The features as they were seen, under the names of the earlier systems where they had one.
fn features(signal: &Signal) -> Object {
    let seen = &signal.features;
    Object::new()
        .put("version", 1_i64)
        .put("close", signal.price)
        .put("bars", seen.bars)
        .put("sma20", seen.sma20)
        .put("sma50", seen.sma50)
        .put("distance_sma20", seen.distance_sma20)
        .put("distance_sma50", seen.distance_sma50)
        .put("trend_state", seen.trend)
        .put("recent_vol", seen.recent_vol)
        .put("baseline_vol", seen.baseline_vol)
        .put("vol_ratio", seen.vol_ratio)
        .put("volume_current", seen.volume)
        .put("volume_avg_20", seen.volume_mean)
        .put("volume_ratio", seen.volume_ratio)
        .put("volume_surge", seen.surge)
        .put("atr", seen.atr)
        .put("session_range", seen.session_range)
        .put("vwap", seen.vwap)
        .put("vwap_upper", seen.vwap_upper)
        .put("vwap_lower", seen.vwap_lower)
        .put("session_open", seen.session_open)
        .put("gap", seen.gap)
        .put("breakout_high", seen.breakout_high)
        .put("breakout_low", seen.breakout_low)
        .put("slow_high", seen.slow_high)
        .put("slow_low", seen.slow_low)
        .put("range_high", seen.range_high)
        .put("range_low", seen.range_low)
        .put("ema9", seen.ema9)
        .put("ema20", seen.ema20)
        .put("macd", seen.macd)
        .put("rsi", seen.rsi)
        .put("width_percentile", seen.width_percentile)
        .put("relative_volume", seen.relative_volume)
        .put("curve_ratio", seen.curve_ratio)
        .put("previous_move", seen.previous_move)
}

/// What recent readings said; nothing when there were none.
fn sentiment(seen: &Features) -> Option<Object> {
    let score = seen.sentiment.filter(|_| 0 < seen.readings)?;
    let direction = match score {
        score if 0.0 < score => "bullish",
        score if score < 0.0 => "bearish",
        _ => "neutral",
    };
    Some(
        Object::new()
            .put("version", 1_i64)
            .put("avg_score", score)
            .put("direction", direction)
            .put("news_count", seen.readings),
    )
}

fn terms(terms: &Terms) -> Object {
    Object::new()
        .put("entry", terms.entry)
        .put("stop", terms.stop)
        .put("target", terms.target)
        .put("second_target", terms.second_target)
        .put("minutes", terms.minutes)
        .put("sessions", terms.sessions)
        .put("size_bps", terms.size_bps)
        .put("size_pct", terms.size_pct)
}

fn choice(choice: &Choice) -> Object {
    let tick = |ticks| backsight_domain::price::Price::from_ticks(ticks);
    Object::new()
        .put("quoted", choice.quoted)
        .put("seen", choice.seen)
        .put("suited", choice.suited)
        .put("iv_rank", choice.iv_rank)
        .put(
            "tried",
            List::of(choice.tried.iter().map(|tried| {
                Object::new()
                    .put("contract", tried.contract.occ())
                    .put("bid", tick(tried.bid))
                    .put("ask", tick(tried.ask))
                    .put("delta", tried.delta)
                    .put("iv", tried.iv)
                    .put("score", tried.score)
                    .put("flaw", tried.flaw.map(|flaw| flaw.to_string()))
            })),
        )
}
