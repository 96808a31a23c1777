//! Which option contract stands for a signal: filtered, scored, tried in order.
//!
//! Contracts of the wrong kind, expiry or strike are not looked at. The others are scored 0 to 100
//! by spread, volume, delta and strike; the best few are tried in order, and the first without a
//! flaw is chosen, so that one bad quote does not end a trade. What is missing is a flaw, never a
//! zero: a volume nobody knows is no volume, and a price no volatility explains is no price.

use backsight_domain::instrument::{Contract, Right};
use backsight_domain::market::Slot;
use backsight_domain::policy::ContractPolicy;
use backsight_domain::price::Price;
use backsight_domain::session::Session;
use backsight_domain::signal::{Direction, Horizon, Signal};
use backsight_domain::time::{Date, Span, Time};
use backsight_domain::verdict::{Choice, Flaw, Tried};
use backsight_quant::option::{DAYS_PER_YEAR, Greeks, Vanilla, european};

use crate::engine::Engine;
use crate::market::Market;
use crate::outlook::{KnownQuote, Prospect};

/// Contracts that a choice remembers.
const TRIED_MAX: usize = 8;

/// What the choice looks at.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sight<'a> {
    pub(crate) policy: &'a ContractPolicy,
    pub(crate) market: &'a Market,
    pub(crate) now: Time,
    /// The share's price.
    pub(crate) spot: Price,
}

/// The right that gains in a direction.
pub(crate) const fn right(direction: Direction) -> Right {
    match direction {
        Direction::Long => Right::Call,
        Direction::Short => Right::Put,
    }
}

/// Whether quotes of a symbol's contracts are recent.
pub(crate) fn is_quoted(sight: Sight<'_>, slot: Slot) -> bool {
    let oldest = Span::from_seconds(i64::from(sight.policy.chain_age_max_s));
    let quoted = sight.market.outlook.symbol(slot).and_then(Prospect::quoted);
    quoted.is_some_and(|at| sight.now - at <= oldest)
}

/// Chooses a contract for a signal among those that were quoted.
pub(crate) fn choose(sight: Sight<'_>, signal: &Signal) -> Choice {
    let Some(prospect) = sight.market.outlook.symbol(signal.slot) else { return Choice::default() };
    if !is_quoted(sight, signal.slot) {
        return Choice { quoted: prospect.quoted(), ..Choice::default() };
    }
    let today = sight.market.session().map_or(sight.now.utc_date(), Session::date);
    let oldest = Span::from_seconds(i64::from(sight.policy.chain_age_max_s));
    let current = |known: &KnownQuote| sight.now - known.at <= oldest;
    let contracts = prospect.contracts(signal.ticker).filter(|(_, known)| current(known));
    let mut choice = Choice {
        quoted: prospect.quoted(),
        iv_rank: prospect.standing().map(|standing| standing.rank),
        ..Choice::default()
    };
    let target = target_strike(sight, signal);
    let mut scored = Vec::new();
    for (contract, known) in contracts {
        choice.seen += 1;
        if suits(sight, signal, &contract, today) {
            choice.suited += 1;
            scored.push(weigh(sight, target, contract, &known));
        }
    }
    // Equal scores are told apart by the contract, so that every machine tries in one order.
    scored.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.contract.cmp(&b.contract)));
    scored.truncate(TRIED_MAX);
    let tries = usize::try_from(sight.policy.tries).unwrap_or(usize::MAX);
    for tried in scored.iter_mut().skip(tries).filter(|tried| tried.flaw.is_none()) {
        // Behind the ones that are tried, a contract is only remembered.
        tried.flaw = Some(Flaw::LowScore);
    }
    choice.tried = scored;
    choice
}

/// Whether a contract has the right kind, expiry and strike.
fn suits(sight: Sight<'_>, signal: &Signal, contract: &Contract, today: Date) -> bool {
    let days = contract.expiry.days() - today.days();
    let within = |least: u32, most: u32| {
        i64::from(least) <= i64::from(days) && i64::from(days) <= i64::from(most)
    };
    let policy = sight.policy;
    let in_time = match signal.horizon {
        Horizon::Day => within(0, policy.day_days_max),
        Horizon::Swing => within(policy.swing_days_min, policy.swing_days_max),
    };
    let away = (contract.strike.ticks() - sight.spot.ticks()).abs() * 100;
    let near = away <= sight.spot.ticks() * i64::from(policy.strike_window_pct);
    contract.right == right(signal.direction) && in_time && near
}

/// The strike that is wanted: a little out of the money for a day, at it for longer.
fn target_strike(sight: Sight<'_>, signal: &Signal) -> Price {
    match signal.horizon {
        Horizon::Day => {
            sight.spot.moved_bps(signal.direction.sign() * i64::from(sight.policy.day_strike_bps))
        }
        Horizon::Swing => sight.spot,
    }
}

/// Scores a contract and finds what is wrong with it.
fn weigh(sight: Sight<'_>, target: Price, contract: Contract, known: &KnownQuote) -> Tried {
    let quote = &known.quote;
    let mut tried = Tried {
        contract,
        bid: quote.bid,
        ask: quote.ask,
        delta: None,
        iv: None,
        score: 0.0,
        flaw: None,
    };
    let Some((bid, ask)) = quote.sane() else {
        tried.flaw = Some(Flaw::NoMarket);
        return tried;
    };
    let policy = sight.policy;
    let mid = f64::midpoint(bid.dollars(), ask.dollars());
    let spread = (ask.dollars() - bid.dollars()) / mid;
    let greeks = implied(sight, contract, mid);
    (tried.iv, tried.delta) = greeks.map_or((None, None), |(iv, delta)| (Some(iv), Some(delta)));
    let distance = (contract.strike.dollars() - target.dollars()).abs() / sight.spot.dollars();
    tried.score = 40.0 * (1.0 - spread / 0.10).max(0.0)
        + volume_points(quote.volume)
        + tried.delta.map_or(5.0, delta_points)
        + 10.0 * (1.0 - distance / 0.05).max(0.0);
    let least = |had: Option<u32>, wanted: u32| had.is_some_and(|had| wanted <= had);
    tried.flaw = if policy.spread_max_bps < ticks_bps(bid, ask) {
        Some(Flaw::WideSpread)
    } else if mid < policy.premium_min.as_dollars() {
        Some(Flaw::SmallPremium)
    } else if !least(quote.volume, policy.volume_min) {
        Some(Flaw::LowVolume)
    } else if !least(quote.open_interest, policy.open_interest_min) {
        Some(Flaw::LowInterest)
    } else if tried.iv.is_none() {
        Some(Flaw::NoVolatility)
    } else if tried.score < f64::from(policy.score_min) {
        Some(Flaw::LowScore)
    } else {
        None
    };
    tried
}

/// The spread in basis points of the mid, rounded up.
fn ticks_bps(bid: Price, ask: Price) -> u32 {
    let (spread, twice_mid) = (ask.ticks() - bid.ticks(), ask.ticks() + bid.ticks());
    u32::try_from((spread * 20_000 + twice_mid - 1) / twice_mid).unwrap_or(u32::MAX)
}

fn volume_points(volume: Option<u32>) -> f64 {
    let volume = f64::from(volume.unwrap_or(0));
    if 1000.0 <= volume {
        30.0
    } else if 200.0 <= volume {
        15.0 + 15.0 * (volume - 200.0) / 800.0
    } else {
        0.0
    }
}

fn delta_points(delta: f64) -> f64 {
    let size = delta.abs();
    if (0.30..=0.50).contains(&size) {
        20.0
    } else if (0.25..=0.60).contains(&size) {
        15.0
    } else if (0.20..=0.70).contains(&size) {
        10.0
    } else {
        5.0
    }
}

/// Implied volatility and delta of a contract at a premium.
///
/// By the closed form, whatever the style: within a month, what early exercise adds moves neither a
/// score nor a limit, and a chain of a hundred contracts is weighed while a signal waits.
fn implied(sight: Sight<'_>, contract: Contract, premium: f64) -> Option<(f64, f64)> {
    let vanilla = vanilla(sight, contract);
    let iv = european::implied_volatility(&vanilla, premium)?;
    Some((iv, european::greeks(&vanilla, iv)?.delta))
}

impl Engine {
    /// Implied volatility and Greeks of a contract at a premium in dollars, as contracts are chosen
    /// by; `None` when no volatility explains it.
    pub fn greeks(&self, contract: Contract, premium: f64) -> Option<(f64, Greeks)> {
        let slot = self.market.slot_of(contract.underlying)?;
        let spot = self.market.last_price(slot)?;
        let (policy, market) = (&self.policy.contracts, &self.market);
        let vanilla = vanilla(Sight { policy, market, now: self.now, spot }, contract);
        let iv = european::implied_volatility(&vanilla, premium)?;
        Some((iv, european::greeks(&vanilla, iv)?))
    }
}

/// A contract as numbers.
pub(crate) fn vanilla(sight: Sight<'_>, contract: Contract) -> Vanilla {
    Vanilla {
        spot: sight.spot.dollars(),
        strike: contract.strike.dollars(),
        years: years_to(contract.expiry, sight.now),
        rate: sight.policy.rate,
        dividend_yield: 0.0,
        right: contract.right,
    }
}

/// Years to the close of a contract's last session; never below zero.
fn years_to(expiry: Date, now: Time) -> f64 {
    let end = Session::on(expiry).map_or_else(|| Session::previous(expiry).close(), Session::close);
    #[expect(clippy::cast_precision_loss, reason = "a time to expiry needs no nanoseconds")]
    let seconds = (end - now).nanos().max(0) as f64 / 1e9;
    seconds / (86_400.0 * DAYS_PER_YEAR)
}

/// The price an opening order for a contract carries: the mid with a capped concession, rounded
/// against us to what is quoted.
pub(crate) fn opening_price(policy: &ContractPolicy, tried: &Tried) -> Option<Price> {
    let (bid, ask) = (Price::from_ticks(tried.bid)?, Price::from_ticks(tried.ask)?);
    let half = ask.ticks() - bid.ticks();
    let twice_mid = bid.ticks() + ask.ticks();
    let ticks = (twice_mid * 100 + half * i64::from(policy.concession_pct)) / 200;
    // A cent is the smallest step of a premium.
    Price::from_ticks((ticks + 99) / 100 * 100).map(|price| price.min(ask))
}

#[cfg(test)]
mod tests;
