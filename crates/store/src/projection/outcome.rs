//! How a position or a ghost ended: the same columns for both.

use backsight_domain::decision::Outcome;

use super::Place;
use crate::value::Value;

/// The columns that tell of an end, as they are set; [`ending_values`] are their values. What is
/// set beside them comes behind, from `$14` on.
macro_rules! ending {
    () => {
        "changed = $1, status = 'closed', exit = $2, closed_at = $3, reason = $4, \
         reason_norm = $5, pnl = $6, r_multiple = $7, mfe_pct = $8, mae_pct = $9, \
         give_back_pct = $10, minutes = $11, label = $12, stage = $13"
    };
}

/// The values of the columns of `ending!`, in order.
pub(super) fn ending_values(place: Place, outcome: &Outcome) -> Vec<Value> {
    vec![
        place.seq().into(),
        outcome.exit.into(),
        outcome.closed.into(),
        Value::text(outcome.reason),
        outcome.reason.normalised().into(),
        outcome.pnl.into(),
        outcome.r_multiple.into(),
        outcome.mfe_pct.into(),
        outcome.mae_pct.into(),
        outcome.give_back_pct.into(),
        outcome.minutes.into(),
        i64::from(outcome.label).into(),
        Value::text(outcome.stage),
    ]
}

pub(super) use ending;
