//! Gates that look at option contracts. They are asked only when contracts were considered.

use backsight_domain::instrument::Instrument;
use backsight_domain::session::Session;
use backsight_domain::signal::Signal;
use backsight_domain::time::Span;
use backsight_domain::verdict::{Answer, CheckOutcome, Choice, Flaw, Observed, Structure, Tried};

use super::{View, missing, pass};
use crate::contract;
use crate::plan::Plan;

/// The best score among the contracts that were considered.
pub(super) fn quality(view: &View<'_>, plan: &Plan) -> Answer {
    let least = f64::from(view.policy.contracts.score_min);
    let threshold = Observed::Ratio(least);
    let best = quoted(plan).and_then(|choice| choice.tried.first());
    best.map_or(missing(threshold), |tried| {
        Answer::new(pass(least <= tried.score), Observed::Ratio(tried.score), threshold)
    })
}

/// Contracts that can be traded without paying for it twice.
pub(super) fn liquidity(plan: &Plan) -> Answer {
    let threshold = Observed::Count(1);
    let Some(choice) = quoted(plan) else { return missing(threshold) };
    let dry = |flaw: Flaw| match flaw {
        Flaw::NoMarket
        | Flaw::WideSpread
        | Flaw::SmallPremium
        | Flaw::LowVolume
        | Flaw::LowInterest => true,
        Flaw::NoVolatility | Flaw::LowScore => false,
    };
    let liquid = choice.tried.iter().filter(|tried| !tried.flaw.is_some_and(dry)).count();
    let liquid = i64::try_from(liquid).unwrap_or(i64::MAX);
    Answer::new(pass(1 <= liquid), Observed::Count(liquid), threshold)
}

/// Where implied volatility stands within its year. What is bought must not be too dear; without a
/// year, an absolute limit if the policy allows one. What is sold must be dear, and known to be.
pub(super) fn iv_rank(view: &View<'_>, plan: &Plan) -> Answer {
    if plan.structure().is_some_and(Structure::is_sold) {
        let least = f64::from(view.policy.structures.sell_rank_min_pct) / 100.0;
        let threshold = Observed::Ratio(least);
        let rank = quoted(plan).and_then(|choice| choice.iv_rank);
        return rank.map_or(missing(threshold), |rank| {
            Answer::new(pass(least <= rank), Observed::Ratio(rank), threshold)
        });
    }
    let policy = &view.policy.contracts;
    let most = f64::from(policy.iv_rank_max_pct) / 100.0;
    let Some(choice) = quoted(plan) else { return missing(Observed::Ratio(most)) };
    if let Some(rank) = choice.iv_rank {
        return Answer::new(pass(rank <= most), Observed::Ratio(rank), Observed::Ratio(most));
    }
    let iv = choice.chosen().and_then(|tried| tried.iv).filter(|_| policy.iv_without_rank);
    let most = f64::from(policy.iv_max_pct) / 100.0;
    iv.map_or(missing(Observed::Ratio(most)), |iv| {
        Answer::new(pass(iv <= most), Observed::Ratio(iv), Observed::Ratio(most))
    })
}

/// Calendar days from the session in progress to the contract's expiry.
pub(super) fn days_to_expiry(view: &View<'_>, signal: &Signal, plan: &Plan) -> Answer {
    let policy = (&view.policy.contracts, &view.policy.structures);
    let structure = plan.structure().unwrap_or_default();
    let today = view.market.session().map_or(view.now.utc_date(), Session::date);
    let (least, most) = contract::days(policy, signal, structure, today);
    let days = days_left(view, plan);
    let beyond = days.is_some_and(|days| most < days);
    let threshold = Observed::Count(if beyond { most } else { least });
    days.map_or(missing(threshold), |days| {
        Answer::new(pass(least <= days && !beyond), Observed::Count(days), threshold)
    })
}

/// What expires today is not opened late: minutes left to the close.
pub(super) fn expiry_clock(view: &View<'_>, plan: &Plan) -> Answer {
    let cutoff = Span::from_minutes(i64::from(view.policy.contracts.expiry_cutoff_minutes));
    let threshold = Observed::Span(cutoff);
    let Some((days, session)) = days_left(view, plan).zip(view.market.session()) else {
        return missing(threshold);
    };
    if 0 < days {
        return Answer::new(CheckOutcome::Pass, Observed::Nothing, threshold);
    }
    let left = session.close() - view.now;
    Answer::new(pass(cutoff < left), Observed::Span(left), threshold)
}

/// The spread of the chosen contract as a share of its mid, or of two as one as a share of the
/// distance of their strikes, which is all that they can be worth.
pub(super) fn quote_sanity(view: &View<'_>, plan: &Plan) -> Answer {
    let most = match plan.instrument {
        Instrument::Vertical(_) => f64::from(view.policy.structures.spread_max_pct) / 100.0,
        Instrument::Equity(_) | Instrument::Option(_) => {
            f64::from(view.policy.contracts.spread_max_bps) / 10_000.0
        }
    };
    let threshold = Observed::Ratio(most);
    let Some((bid, ask)) = plan.chosen().map(market) else { return missing(threshold) };
    let whole = match plan.instrument {
        Instrument::Vertical(vertical) => dollars(vertical.width()),
        Instrument::Equity(_) | Instrument::Option(_) => f64::midpoint(bid, ask),
    };
    let spread = (ask - bid) / whole;
    Answer::new(pass(0.0 <= spread && spread <= most), Observed::Ratio(spread), threshold)
}

/// The order's price against the contract's mid, as a share of half the spread.
pub(super) fn price_collar(plan: &Plan, tried: &Tried) -> Answer {
    let threshold = Observed::Ratio(1.0);
    let (bid, ask) = market(tried);
    let mid = f64::midpoint(bid, ask);
    // A cent is the smallest step, so a tight market may be crossed by one.
    let half = (ask - mid).max(0.01);
    let share = (plan.price.dollars() - mid).abs() / half;
    Answer::new(pass(share <= 1.0 + 1e-9), Observed::Ratio(share), threshold)
}

/// The choice, if its chain was there.
fn quoted(plan: &Plan) -> Option<&Choice> {
    plan.choice.as_deref().filter(|choice| 0 < choice.seen)
}

/// Bid and offer in dollars.
fn market(tried: &Tried) -> (f64, f64) {
    (dollars(tried.bid), dollars(tried.ask))
}

#[expect(clippy::cast_precision_loss, reason = "prices stay far below 2^53 ticks")]
fn dollars(ticks: i64) -> f64 {
    ticks as f64 / 10_000.0
}

fn days_left(view: &View<'_>, plan: &Plan) -> Option<i64> {
    let (tried, session) = plan.chosen().zip(view.market.session().map(Session::date))?;
    Some(i64::from(tried.contract.expiry.days()) - i64::from(session.days()))
}
