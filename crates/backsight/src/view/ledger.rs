//! What the refusals of each gate were worth, and what the trades made.

use std::collections::BTreeMap;

use backsight_domain::decision::Outcome;
use backsight_domain::instrument::Instrument;
use backsight_domain::money::Money;
use backsight_domain::signal::Playbook;
use backsight_domain::verdict::Gate;
use backsight_quant::record::Record;

use backsight_learning::gates;
use backsight_learning::past::history::History;
use backsight_learning::sample::Calendar;

/// What one gate refused, for all accounts together.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct GateTotal {
    /// One for each signal and account that this gate stopped, whatever the others said.
    pub(crate) refused: u64,
    /// Those of them that it stopped first.
    pub(crate) refusals: u64,
    /// Those of these whose end is known and that could have been traded one after the other.
    pub(crate) followed: usize,
    /// What they would have made in units of risk.
    pub(crate) r: f64,
    /// What they would have made at the sizes that were refused.
    pub(crate) money: Money,
}

/// Each gate that refused something.
pub(crate) fn gates(history: &History) -> BTreeMap<Gate, GateTotal> {
    let mut totals: BTreeMap<Gate, GateTotal> = BTreeMap::new();
    for row in gates::ledger(history, &Calendar::default(), 0) {
        let total = totals.entry(row.gate).or_default();
        total.refused += row.refusals;
        total.refusals += row.firsts;
        total.followed += row.first.r.record.count;
        total.r -= row.first.r.sum();
        total.money += -row.first.money;
    }
    totals
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
