//! What the refusals of each gate were worth, and what the trades made.

use std::collections::BTreeMap;

use backsight_domain::decision::{Outcome, Subject};
use backsight_domain::money::{Money, Rounding};
use backsight_domain::quantity::UNITS_PER_SHARE;
use backsight_domain::verdict::Gate;

use crate::view::history::History;

/// What one gate refused first, and what became of it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct GateRow {
    /// Refusals: one for each signal and account that this gate stopped first.
    pub(crate) refusals: u64,
    /// How many of them have an ended ghost.
    pub(crate) followed: u64,
    /// What their ghosts made in units of risk.
    pub(crate) r: f64,
    /// What they would have made at the sizes that were refused.
    pub(crate) money: Money,
}

/// Each gate that refused something.
pub(crate) fn gates(history: &History) -> BTreeMap<Gate, GateRow> {
    let mut rows: BTreeMap<Gate, GateRow> = BTreeMap::new();
    for verdict in history.signals.values().flat_map(|tale| &tale.verdicts) {
        if let Some(first) = verdict.refusals().next() {
            rows.entry(first.gate).or_default().refusals += 1;
        }
    }
    for ghost in &history.ghosts {
        let Subject::Ghost { refused, .. } = &ghost.subject else { continue };
        for refusal in refused {
            let row = rows.entry(refusal.gate).or_default();
            row.followed += 1;
            row.r += ghost.r_multiple;
            let units = refusal.quantity.units();
            row.money += ghost.pnl.share(units, UNITS_PER_SHARE, Rounding::HalfEven);
        }
    }
    rows
}

/// What a number of outcomes comes to.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Record {
    /// How many.
    pub(crate) count: usize,
    /// How many won.
    pub(crate) wins: usize,
    /// Mean result in units of risk; `None` without outcomes.
    pub(crate) expectancy: Option<f64>,
    /// Mean win over mean loss; `None` without one of each.
    pub(crate) payoff: Option<f64>,
}

/// The record of a number of outcomes.
pub(crate) fn record(outcomes: &[Outcome]) -> Record {
    let mean = |values: &[f64]| {
        let count = u32::try_from(values.len()).unwrap_or(u32::MAX);
        (0 < count).then(|| values.iter().sum::<f64>() / f64::from(count))
    };
    let all: Vec<f64> = outcomes.iter().map(|outcome| outcome.r_multiple).collect();
    let (wins, rest): (Vec<f64>, Vec<f64>) = all.iter().partition(|r| 0.0 < **r);
    let losses: Vec<f64> = rest.into_iter().filter(|r| *r < 0.0).collect();
    let payoff = mean(&wins).zip(mean(&losses)).map(|(win, loss)| win / -loss);
    Record { count: all.len(), wins: wins.len(), expectancy: mean(&all), payoff }
}
