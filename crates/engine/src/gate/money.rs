//! Gates that count money: what is held, what is promised, what is planned.

use backsight_domain::instrument::Instrument;
use backsight_domain::money::Money;
use backsight_domain::order::Side;
use backsight_domain::verdict::{Answer, Observed};

use super::{View, missing, pass};
use crate::plan::Plan;

/// What is there and what would come, under a limit that is not reached yet.
pub(super) fn within(there: Money, comes: Money, most: Money) -> Answer {
    let after = there + comes;
    let passes = there < most && after <= most;
    Answer::new(pass(passes), Observed::Money(after), Observed::Money(most))
}

/// The sector's part of what the account may expose.
pub(super) fn sector_share(view: &View<'_>, plan: &Plan) -> Answer {
    let share = i64::from(view.policy.gates.sector_share_pct);
    within(view.load.in_sector, plan.value(), view.limits.max_exposure.bps(100 * share))
}

/// Cash that is free must pay for what is bought and secure what is sold; what is sold short must be
/// covered.
pub(super) fn buying_power(view: &View<'_>, plan: &Plan) -> Answer {
    let threshold = Observed::Money(plan.value());
    if view.load.equity.is_none() {
        return missing(threshold);
    }
    let free = view.free_cash();
    Answer::new(pass(plan.value() <= free), Observed::Money(free), threshold)
}

/// Equity after the opening against the margin that everything would require, at every minute of
/// the day. Premiums are paid in full, and what is sold is secured by cash or shares: contracts
/// require nothing more.
pub(super) fn intraday_margin(view: &View<'_>, plan: &Plan) -> Answer {
    let gates = &view.policy.gates;
    let planned = match (plan.instrument, plan.side) {
        (Instrument::Equity(_), Side::Buy | Side::Sell) => plan.value(),
        (Instrument::Option(_) | Instrument::Vertical(_), _) => Money::ZERO,
    };
    let required = (view.load.exposure + planned).bps(100 * i64::from(gates.margin_rate_pct));
    let wanted = required.bps(100 * i64::from(gates.margin_cushion_pct));
    let threshold = Observed::Money(wanted);
    let Some(equity) = view.load.equity else { return missing(threshold) };
    Answer::new(pass(wanted <= equity), Observed::Money(equity), threshold)
}
