//! Gates that look at what is announced about a company.

use backsight_domain::instrument::Instrument;
use backsight_domain::notice::EarningsHour;
use backsight_domain::session::Session;
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
    let announced = prospect.and_then(|prospect| prospect.earnings);
    let Some(earnings) = announced else {
        let outcome =
            if gates.earnings_required { CheckOutcome::Missing } else { CheckOutcome::Pass };
        return Answer::new(outcome, Observed::Nothing, threshold);
    };
    let today = session.date();
    let past = earnings.date < today
        || (earnings.date == today && earnings.hour == EarningsHour::BeforeOpen);
    if past {
        return Answer::new(CheckOutcome::Pass, Observed::Nothing, threshold);
    }
    let sessions = Session::elapsed(today, earnings.date);
    let sessions = i64::try_from(sessions).unwrap_or(i64::MAX);
    // A report before the open is known one session earlier.
    let sessions = sessions - i64::from(earnings.hour == EarningsHour::BeforeOpen);
    let far = i64::from(gates.earnings_sessions) <= sessions;
    Answer::new(pass(far), Observed::Count(sessions), threshold)
}
