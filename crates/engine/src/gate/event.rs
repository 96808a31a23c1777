//! Gates that look at what is announced about a company.

use backsight_domain::instrument::Instrument;
use backsight_domain::signal::Signal;
use backsight_domain::verdict::{Answer, CheckOutcome, Observed};

use super::{View, missing, pass};
use crate::plan::Plan;

/// Contracts of a share that was split today are not what their names say.
pub(super) fn corporate_action(view: &View<'_>, signal: &Signal, plan: &Plan) -> Answer {
    let threshold = Observed::Flag(false);
    let Some(session) = view.market.session() else { return missing(threshold) };
    let prospect = view.market.outlook.symbol(signal.slot);
    let split = prospect.is_some_and(|prospect| prospect.split == Some(session.date()));
    let changes = match plan.instrument {
        // Prices and quantities of shares are rescaled.
        Instrument::Equity(_) => false,
        Instrument::Option(_) | Instrument::Vertical(_) => split,
    };
    Answer::new(pass(!changes), Observed::Flag(changes), threshold)
}

/// Sessions until the next report, counted from the session in progress.
pub(super) fn earnings(view: &View<'_>, signal: &Signal) -> Answer {
    let gates = &view.policy.gates;
    let threshold = Observed::Count(gates.earnings_sessions.into());
    let Some(session) = view.market.session() else { return missing(threshold) };
    let prospect = view.market.outlook.symbol(signal.slot);
    if prospect.is_none_or(|prospect| prospect.earnings.is_none()) {
        let outcome =
            if gates.earnings_required { CheckOutcome::Missing } else { CheckOutcome::Pass };
        return Answer::new(outcome, Observed::Nothing, threshold);
    }
    let Some(sessions) = view.market.sessions_to_report(signal.slot, session.date()) else {
        return Answer::new(CheckOutcome::Pass, Observed::Nothing, threshold);
    };
    let far = i64::from(gates.earnings_sessions) <= sessions;
    Answer::new(pass(far), Observed::Count(sessions), threshold)
}
