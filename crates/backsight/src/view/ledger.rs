//! What the refusals of each gate were worth, and what the trades made.

use std::collections::BTreeMap;

use backsight_domain::decision::{Outcome, Subject};
use backsight_domain::instrument::Instrument;
use backsight_domain::money::{Money, Rounding};
use backsight_domain::quantity::UNITS_PER_SHARE;
use backsight_domain::signal::Playbook;
use backsight_domain::verdict::Gate;
use backsight_quant::record::Record;

use backsight_learning::past::history::History;

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

/// What became of one playbook's signals.
#[derive(Clone, Debug, Default)]
pub(crate) struct PlaybookRow {
    /// Signals made.
    pub(crate) signals: u64,
    /// Positions that ended.
    pub(crate) trades: Vec<Outcome>,
    /// How many of them were of option contracts.
    pub(crate) options: u64,
    /// Ghosts that ended.
    pub(crate) ghosts: Vec<Outcome>,
}

/// Every playbook, whether it spoke or not.
pub(crate) fn playbooks(history: &History) -> Vec<(Playbook, PlaybookRow)> {
    let rows = Playbook::ALL.into_iter().map(|playbook| {
        let mut row = PlaybookRow::default();
        for tale in history.signals.values().filter(|tale| tale.signal.playbook == playbook) {
            row.signals += 1;
            row.trades.extend(tale.trades.iter().cloned());
            row.ghosts.extend(tale.ghost.iter().cloned());
        }
        let is_option = |trade: &&Outcome| !matches!(trade.instrument, Instrument::Equity(_));
        row.options = row.trades.iter().filter(is_option).count() as u64;
        (playbook, row)
    });
    rows.collect()
}

/// The record of a number of outcomes, in units of risk; what they gave back, in percent.
pub(crate) fn record(outcomes: &[Outcome]) -> Record {
    let record = Record::of(outcomes.iter().map(|outcome| outcome.r_multiple));
    record.giving_back(outcomes.iter().map(|outcome| outcome.give_back_pct))
}
