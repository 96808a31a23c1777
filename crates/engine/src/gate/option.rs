//! Gates that look at option contracts. They are asked only when contracts were considered.

use backsight_domain::price::Price;
use backsight_domain::session::Session;
use backsight_domain::signal::{Horizon, Signal};
use backsight_domain::time::Span;
use backsight_domain::verdict::{Answer, CheckOutcome, Choice, Flaw, Observed, Tried};

use super::{View, missing, pass};
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

/// Where implied volatility stands within its year; without a year, an absolute limit if the
/// policy allows one.
pub(super) fn iv_rank(view: &View<'_>, plan: &Plan) -> Answer {
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
    let policy = &view.policy.contracts;
    let (least, most) = match signal.horizon {
        Horizon::Day => (0, policy.day_days_max),
        Horizon::Swing => (policy.swing_days_min, policy.swing_days_max),
    };
    let days = days_left(view, plan);
    let beyond = days.is_some_and(|days| i64::from(most) < days);
    let threshold = Observed::Count(if beyond { most } else { least }.into());
    days.map_or(missing(threshold), |days| {
        Answer::new(pass(i64::from(least) <= days && !beyond), Observed::Count(days), threshold)
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

/// The spread of the chosen contract as a share of its mid.
pub(super) fn quote_sanity(view: &View<'_>, plan: &Plan) -> Answer {
    let most = f64::from(view.policy.contracts.spread_max_bps) / 10_000.0;
    let threshold = Observed::Ratio(most);
    let Some((bid, ask)) = plan.chosen().and_then(market) else { return missing(threshold) };
    let mid = f64::midpoint(bid.dollars(), ask.dollars());
    let spread = (ask.dollars() - bid.dollars()) / mid;
    Answer::new(pass(0.0 <= spread && spread <= most), Observed::Ratio(spread), threshold)
}

/// The order's price against the contract's mid, as a share of half the spread.
pub(super) fn price_collar(plan: &Plan, tried: &Tried) -> Answer {
    let threshold = Observed::Ratio(1.0);
    let Some((bid, ask)) = market(tried) else { return missing(threshold) };
    let mid = f64::midpoint(bid.dollars(), ask.dollars());
    // A cent is the smallest step, so a tight market may be crossed by one.
    let half = (ask.dollars() - mid).max(0.01);
    let share = (plan.price.dollars() - mid).abs() / half;
    Answer::new(pass(share <= 1.0 + 1e-9), Observed::Ratio(share), threshold)
}

/// The choice, if its chain was there.
fn quoted(plan: &Plan) -> Option<&Choice> {
    plan.choice.as_deref().filter(|choice| 0 < choice.seen)
}

fn market(tried: &Tried) -> Option<(Price, Price)> {
    Price::from_ticks(tried.bid).zip(Price::from_ticks(tried.ask))
}

fn days_left(view: &View<'_>, plan: &Plan) -> Option<i64> {
    let (tried, session) = plan.chosen().zip(view.market.session().map(Session::date))?;
    Some(i64::from(tried.contract.expiry.days()) - i64::from(session.days()))
}
