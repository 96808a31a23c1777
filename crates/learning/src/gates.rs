//! The gate ledger: what the refusals of each gate were worth, for each account.
//!
//! A refusal is worth what its ghost did not make: a ghost that lost was saved, one that won was
//! cost. Of the refusals of one account and symbol only those count that could have been traded one
//! after the other (see [`crate::outcome::Episodes`]).
//!
//! | Column | Which refusals | Whose value |
//! |---|---|---|
//! | first | the gate was the first of those that refused | all of it |
//! | alone | it was the only one: without it there would have been a trade | all of it |
//! | joint | it was one of those that refused | an equal part |
//!
//! The equal part is Shapley's value: a signal is traded only when every gate that refused it gives
//! way, so no set of gates but all of them is worth anything, and each adds the same. Parts of
//! money are whole units, and what is left over goes to the first gates, so that the joint column
//! sums to the worth of all refusals to the last unit.
//!
//! It is the worth of each refusal by itself. What would happen with the gate switched off is another
//! question, because trades take each other's room; a trial answers it by playing the past again.

use std::collections::BTreeMap;

use backsight_domain::decision::Outcome;
use backsight_domain::id::{AccountId, SignalId};
use backsight_domain::money::{Money, Rounding};
use backsight_domain::time::Date;
use backsight_domain::verdict::{Check, Gate, Observed, Verdict};

use crate::bootstrap::Interval;
use crate::outcome::{Episodes, at_size};
use crate::past::history::History;
use crate::past::trading_date;
use crate::sample::{Calendar, Sample};

/// Refusals near a threshold that are named.
const NEAREST: usize = 3;

/// What one gate's refusals were worth to one account.
#[derive(Clone, Debug)]
pub struct GateRow {
    /// The gate.
    pub gate: Gate,
    /// The account.
    pub account: AccountId,
    /// How often it refused, whatever the others said.
    pub refusals: u64,
    /// How often it was the first to refuse.
    pub firsts: u64,
    /// How often it was the only one.
    pub lonely: u64,
    /// The worth of what it was the first to refuse.
    pub first: Worth,
    /// The worth of what it alone refused.
    pub alone: Worth,
    /// Its part of the worth of what it refused with others.
    pub joint: Worth,
    /// What it refused near its threshold.
    pub near: Near,
}

/// What refusals were worth. Above zero they saved, below they cost.
#[derive(Clone, Debug, Default)]
pub struct Worth {
    /// In units of the risk first taken, one for each episode that ended.
    pub r: Sample,
    /// At the sizes that were refused.
    pub money: Money,
    /// The interval of `money`, in dollars; `None` with too few sessions.
    pub dollars: Option<Interval>,
}

/// What was refused near a threshold.
#[derive(Clone, Debug, Default)]
pub struct Near {
    /// Refusals whose value was within the policy's share of the threshold.
    pub refusals: u64,
    /// Their worth, of those that began an episode.
    pub r: Sample,
    /// The nearest of them.
    pub nearest: Vec<NearMiss>,
}

/// A refusal near a threshold.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NearMiss {
    /// The signal.
    pub signal: SignalId,
    /// What the gate saw.
    pub observed: Observed,
    /// What it wanted.
    pub threshold: Observed,
    /// The distance, as a share of the threshold.
    pub distance: f64,
}

/// What is gathered for one gate and account before it is weighed.
#[derive(Clone, Debug, Default)]
struct Heap {
    refusals: u64,
    firsts: u64,
    lonely: u64,
    first: Vec<Refusal>,
    alone: Vec<Refusal>,
    joint: Vec<Refusal>,
    near_refusals: u64,
    near: Vec<Refusal>,
    nearest: Vec<NearMiss>,
}

/// One refusal with a known end.
#[derive(Clone, Copy, Debug)]
struct Refusal {
    session: Date,
    r: f64,
    money: Money,
}

/// The ledger: a row for each gate that refused an account something.
pub fn ledger(history: &History, calendar: &Calendar, near_pct: u32) -> Vec<GateRow> {
    let near = f64::from(near_pct) / 100.0;
    let mut heaps: BTreeMap<(Gate, AccountId), Heap> = BTreeMap::new();
    let mut episodes = Episodes::default();
    for tale in history.signals.values() {
        for verdict in tale.verdicts.iter().filter(|verdict| !verdict.is_approval()) {
            let begins = episodes.begins(Some(verdict.account), tale);
            let ghost = tale.ghost.as_ref().filter(|_| begins);
            gather(&mut heaps, verdict, (trading_date(tale.signal.at), ghost), near);
        }
    }
    heaps.into_iter().map(|(key, heap)| weigh(key, heap, calendar)).collect()
}

fn gather(
    heaps: &mut BTreeMap<(Gate, AccountId), Heap>,
    verdict: &Verdict,
    (session, ghost): (Date, Option<&Outcome>),
    near: f64,
) {
    let refusing: Vec<Check> = verdict.refusals().collect();
    let whole = ghost.map(|ghost| Refusal {
        session,
        r: -ghost.r_multiple,
        money: -at_size(ghost, verdict.quantity),
    });
    for (place, check) in refusing.iter().enumerate() {
        let heap = heaps.entry((check.gate, verdict.account)).or_default();
        heap.refusals += 1;
        if place == 0 {
            heap.firsts += 1;
            heap.first.extend(whole);
        }
        if refusing.len() == 1 {
            heap.lonely += 1;
            heap.alone.extend(whole);
        }
        heap.joint.extend(whole.map(|whole| part(whole, place, refusing.len())));
        let distance = distance(check).filter(|distance| *distance <= near);
        if let Some(distance) = distance {
            heap.near_refusals += 1;
            heap.near.extend(whole);
            let Check { observed, threshold, .. } = *check;
            heap.note(NearMiss { signal: verdict.signal, observed, threshold, distance });
        }
    }
}

impl Heap {
    fn note(&mut self, miss: NearMiss) {
        let place = self.nearest.partition_point(|kept| kept.distance <= miss.distance);
        self.nearest.insert(place, miss);
        self.nearest.truncate(NEAREST);
    }
}

/// One gate's equal part of a refusal; what does not divide goes to the first gates.
#[expect(clippy::cast_precision_loss, reason = "there are 36 gates")]
fn part(whole: Refusal, place: usize, gates: usize) -> Refusal {
    let count = i64::try_from(gates).expect("there are 36 gates");
    let each = whole.money.share(1, count, Rounding::Floor);
    let rest = (whole.money - each.share(count, 1, Rounding::Floor)).units();
    let extra = i64::from(i64::try_from(place).expect("there are 36 gates") < rest);
    let money = each + Money::from_units(extra);
    Refusal { r: whole.r / gates as f64, money, ..whole }
}

/// How far what a gate saw is from what it wanted, as a share of that; `None` when it is no number.
fn distance(check: &Check) -> Option<f64> {
    let (seen, wanted) = (number(check.observed)?, number(check.threshold)?);
    (wanted != 0.0).then(|| ((seen - wanted) / wanted).abs())
}

#[expect(clippy::cast_precision_loss, reason = "distances need no more than 53 bits")]
fn number(observed: Observed) -> Option<f64> {
    match observed {
        Observed::Count(count) => Some(count as f64),
        Observed::Money(money) => Some(money.as_dollars()),
        Observed::Ratio(ratio) => Some(ratio),
        Observed::Span(span) => Some(span.nanos() as f64),
        Observed::MinuteOfDay(minute) => Some(f64::from(minute)),
        Observed::Quantity(quantity) => Some(quantity.units() as f64),
        Observed::Nothing | Observed::State(_) | Observed::Flag(_) => None,
    }
}

fn weigh((gate, account): (Gate, AccountId), heap: Heap, calendar: &Calendar) -> GateRow {
    let r = |refusals: &[Refusal]| calendar.sample(refusals.iter().map(|it| (it.session, it.r)));
    let worth = |refusals: &[Refusal]| {
        let dollars = refusals.iter().map(|it| (it.session, it.money.as_dollars()));
        Worth {
            r: r(refusals),
            money: refusals.iter().map(|it| it.money).sum(),
            dollars: calendar.sample(dollars).sum_interval,
        }
    };
    GateRow {
        gate,
        account,
        refusals: heap.refusals,
        firsts: heap.firsts,
        lonely: heap.lonely,
        first: worth(&heap.first),
        alone: worth(&heap.alone),
        joint: worth(&heap.joint),
        near: Near { refusals: heap.near_refusals, r: r(&heap.near), nearest: heap.nearest },
    }
}

#[cfg(test)]
mod tests;
