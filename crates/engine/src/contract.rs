//! Which option contract stands for a signal: filtered, scored, tried in order.
//!
//! Contracts of the wrong kind, expiry or strike are not looked at. The others are scored 0 to 100
//! by spread, volume, delta and strike; the best few are tried in order, and the first without a
//! flaw is chosen, so that one bad quote does not end a trade. What is missing is a flaw, never a
//! zero: a volume nobody knows is no volume, and a price no volatility explains is no price.
//!
//! Of two contracts that are traded as one the dearer is looked for, and the cheaper goes with it.

use backsight_domain::instrument::{Contract, Instrument, Right};
use backsight_domain::market::Slot;
use backsight_domain::option::ContractQuote;
use backsight_domain::order::Side;
use backsight_domain::policy::{ContractPolicy, StructurePolicy};
use backsight_domain::price::Price;
use backsight_domain::session::Session;
use backsight_domain::signal::{Direction, Horizon, Signal};
use backsight_domain::time::{Date, Span, Time};
use backsight_domain::verdict::{Choice, Flaw, Structure, Tried};
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
    pub(crate) structures: &'a StructurePolicy,
    pub(crate) market: &'a Market,
    pub(crate) now: Time,
    /// The share's price.
    pub(crate) spot: Price,
}

/// The right that gains in a direction when it is bought, or when it is sold.
pub(crate) const fn right(direction: Direction, structure: Structure) -> Right {
    match (direction, structure.is_sold()) {
        (Direction::Long, false) | (Direction::Short, true) => Right::Call,
        (Direction::Short, false) | (Direction::Long, true) => Right::Put,
    }
}

/// The structure that a roll goes on with.
pub(crate) fn rolled(instrument: Instrument, direction: Direction) -> Structure {
    let (contract, is_vertical) = dearer(instrument);
    let right = contract.map(|contract| contract.right);
    let is_bought = right == Some(self::right(direction, Structure::Bought));
    match (is_bought, is_vertical, right) {
        (true, false, _) | (false, false, None) => Structure::Bought,
        (true, true, _) => Structure::DebitVertical,
        (false, true, _) => Structure::CreditVertical,
        (false, false, Some(Right::Put)) => Structure::SecuredPut,
        (false, false, Some(Right::Call)) => Structure::CoveredCall,
    }
}

/// The contract, or the dearer one of two, and whether it is one of two.
fn dearer(instrument: Instrument) -> (Option<Contract>, bool) {
    match instrument {
        Instrument::Equity(_) => (None, false),
        Instrument::Option(contract) => (Some(contract), false),
        Instrument::Vertical(vertical) => (Some(vertical.bought()), true),
    }
}

/// The fewest and the most days to expiry that a signal asks for.
pub(crate) fn days(
    (policy, structures): (&ContractPolicy, &StructurePolicy),
    signal: &Signal,
    structure: Structure,
    today: Date,
) -> (i64, i64) {
    let rolled = signal.terms.rolls.and_then(|rolled| rolled.instrument.expiry());
    if let Some(expiry) = rolled {
        let left = i64::from(expiry.days()) - i64::from(today.days());
        let by = i64::from(structures.roll_by_days);
        return (left + by / 2, left + by + by / 2);
    }
    let (least, most) = match signal.horizon {
        _ if structure.is_sold() => (structures.sold_days_min, structures.sold_days_max),
        Horizon::Day => (0, policy.day_days_max),
        Horizon::Swing => (policy.swing_days_min, policy.swing_days_max),
    };
    (least.into(), most.into())
}

/// Whether quotes of a symbol's contracts are recent.
pub(crate) fn is_quoted(sight: Sight<'_>, slot: Slot) -> bool {
    let oldest = Span::from_seconds(i64::from(sight.policy.chain_age_max_s));
    let quoted = sight.market.outlook.symbol(slot).and_then(Prospect::quoted);
    quoted.is_some_and(|at| sight.now - at <= oldest)
}

/// Chooses a contract for a signal among those that were quoted.
pub(crate) fn choose(sight: Sight<'_>, signal: &Signal, structure: Structure) -> Choice {
    let nothing = Choice { structure, ..Choice::default() };
    let Some(prospect) = sight.market.outlook.symbol(signal.slot) else { return nothing };
    if !is_quoted(sight, signal.slot) {
        return Choice { quoted: prospect.quoted(), ..nothing };
    }
    let today = sight.market.session().map_or(sight.now.utc_date(), Session::date);
    let oldest = Span::from_seconds(i64::from(sight.policy.chain_age_max_s));
    let current = |known: &KnownQuote| sight.now - known.at <= oldest;
    let contracts = prospect.contracts(signal.ticker).filter(|(_, known)| current(known));
    let mut choice = Choice {
        quoted: prospect.quoted(),
        iv_rank: prospect.standing().map(|standing| standing.rank),
        ..nothing
    };
    let target = target_strike(sight, signal, structure);
    let mut scored = Vec::new();
    for (contract, known) in contracts {
        choice.seen += 1;
        if suits(sight, (signal, structure), &contract, today) {
            choice.suited += 1;
            let tried = weigh(sight, target, contract, &known);
            scored.push(if structure.is_vertical() {
                paired(sight, (signal, structure), prospect, tried)
            } else {
                tried
            });
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
fn suits(
    sight: Sight<'_>,
    (signal, structure): (&Signal, Structure),
    contract: &Contract,
    today: Date,
) -> bool {
    let left = i64::from(contract.expiry.days() - today.days());
    let (least, most) = days((sight.policy, sight.structures), signal, structure, today);
    let in_time = least <= left && left <= most;
    let before = signal.terms.rolls.and_then(|rolled| dearer(rolled.instrument).0);
    let near = before.map_or_else(
        || {
            let away = (contract.strike.ticks() - sight.spot.ticks()).abs() * 100;
            away <= sight.spot.ticks() * i64::from(sight.policy.strike_window_pct)
        },
        |before| before.strike == contract.strike && before.multiplier == contract.multiplier,
    );
    contract.right == right(signal.direction, structure) && in_time && near
}

/// A contract with the cheaper one that is traded against it, and the market in both as one.
fn paired(
    sight: Sight<'_>,
    (signal, structure): (&Signal, Structure),
    prospect: &Prospect,
    tried: Tried,
) -> Tried {
    let main = tried.contract;
    let before = signal.terms.rolls.and_then(|rolled| match rolled.instrument {
        Instrument::Vertical(vertical) => Some(vertical.sold().strike),
        Instrument::Equity(_) | Instrument::Option(_) => None,
    });
    let width = sight.spot.ticks() * i64::from(sight.structures.width_bps) / 10_000;
    let beyond = |strike: Price| match main.right {
        Right::Call => strike.ticks() - main.strike.ticks(),
        Right::Put => main.strike.ticks() - strike.ticks(),
    };
    let fits = |(contract, _): &(Contract, KnownQuote)| {
        let same = Contract { strike: main.strike, ..*contract } == main;
        let away = beyond(contract.strike);
        let wanted = before
            .map_or(width <= 2 * away && away <= 2 * width, |strike| strike == contract.strike);
        same && 0 < away && wanted
    };
    let others = prospect.contracts(signal.ticker).filter(fits);
    let nearest = others
        .min_by_key(|(contract, _)| ((beyond(contract.strike) - width).abs(), contract.strike));
    let Some((other, known)) = nearest else {
        return Tried { flaw: tried.flaw.or(Some(Flaw::NoMarket)), ..tried };
    };
    let quote = &known.quote;
    let both = Tried { other: Some(other.strike), ..tried };
    let Some((bid, ask)) = quote.sane().filter(|_| tried.flaw != Some(Flaw::NoMarket)) else {
        return Tried { flaw: Some(Flaw::NoMarket), ..both };
    };
    let (low, high) = (tried.bid - ask.ticks(), tried.ask - bid.ticks());
    let width = beyond(other.strike);
    let credit = 50 * (low + high);
    let flaw = if width * i64::from(sight.structures.spread_max_pct) < 100 * (high - low) {
        Some(Flaw::WideSpread)
    } else if structure.is_sold() && credit < width * i64::from(sight.structures.credit_min_pct) {
        Some(Flaw::SmallPremium)
    } else {
        thin(sight.policy, quote)
    };
    Tried { bid: low, ask: high, flaw: tried.flaw.or(flaw), ..both }
}

/// What a quote lacks of a market that is deep enough.
fn thin(policy: &ContractPolicy, quote: &ContractQuote) -> Option<Flaw> {
    let least = |had: Option<u32>, wanted: u32| had.is_some_and(|had| wanted <= had);
    if !least(quote.volume, policy.volume_min) {
        Some(Flaw::LowVolume)
    } else if !least(quote.open_interest, policy.open_interest_min) {
        Some(Flaw::LowInterest)
    } else {
        None
    }
}

/// The strike that is wanted: a little out of the money for a day and for what is sold, at it
/// for longer.
fn target_strike(sight: Sight<'_>, signal: &Signal, structure: Structure) -> Price {
    match signal.horizon {
        _ if structure.is_sold() => sight
            .spot
            .moved_bps(-signal.direction.sign() * i64::from(sight.structures.sold_strike_bps)),
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
        other: None,
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
    tried.flaw = if policy.spread_max_bps < ticks_bps(bid, ask) {
        Some(Flaw::WideSpread)
    } else if mid < policy.premium_min.as_dollars() {
        Some(Flaw::SmallPremium)
    } else if let Some(flaw) = thin(policy, quote) {
        Some(flaw)
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
    /// by, at the share's price and the time of its quote; `None` when no volatility explains it.
    pub fn greeks(
        &self,
        contract: Contract,
        premium: f64,
        (spot, now): (Price, Time),
    ) -> Option<(f64, Greeks)> {
        let (policy, market) = (&self.policy.contracts, &self.market);
        let structures = &self.policy().structures;
        let vanilla = vanilla(Sight { policy, structures, market, now, spot }, contract);
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
pub(crate) fn opening_price(policy: &ContractPolicy, tried: &Tried, side: Side) -> Option<Price> {
    let Tried { bid, ask, .. } = *tried;
    let concession = side.sign() * (ask - bid) * i64::from(policy.concession_pct);
    let ticks = ((bid + ask) * 100 + concession).div_euclid(200);
    // A cent is the smallest step of a premium.
    Price::from_ticks(match side {
        Side::Buy => ((ticks + 99).div_euclid(100) * 100).min(ask),
        Side::Sell => (ticks.div_euclid(100) * 100).max(bid),
    })
}

#[cfg(test)]
mod tests;
