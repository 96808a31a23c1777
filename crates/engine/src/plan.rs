//! What an account would trade on a signal: which instrument, at what price, how much.
//!
//! A plan is made before it is judged, and made whatever the gates will say, so that a refusal
//! tells what was refused. It changes nothing.

use backsight_domain::cover;
use backsight_domain::instrument::Instrument;
use backsight_domain::money::{Money, Rounding};
use backsight_domain::order::Side;
use backsight_domain::policy::AccountPolicy;
use backsight_domain::price::Price;
use backsight_domain::quantity::Quantity;
use backsight_domain::signal::{Direction, Horizon, Playbook, Signal};
use backsight_domain::verdict::{Choice, Structure, Tried};

use crate::contract::{self, Sight};
use crate::gate::View;
use crate::ghost::opening_side;
use crate::outlook::Prospect;
use crate::regime;
use crate::size::{self, Purse};

/// What an account would trade on a signal.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Plan {
    pub(crate) instrument: Instrument,
    pub(crate) side: Side,
    /// The limit of its order, or the price it expects.
    pub(crate) price: Price,
    /// Zero when sizing found nothing to do.
    pub(crate) quantity: Quantity,
    /// The contracts that were considered.
    pub(crate) choice: Option<Box<Choice>>,
}

impl Plan {
    /// The money it takes: what is paid, or what may be lost beyond what is received.
    pub(crate) fn value(&self) -> Money {
        tied((self.instrument, self.side), self.price, self.quantity)
    }

    /// How contracts stand for the signal, when they do.
    pub(crate) fn structure(&self) -> Option<Structure> {
        let choice = self.choice.as_deref().filter(|_| !self.is_of_shares());
        choice.map(|choice| choice.structure)
    }

    /// Whether it trades shares.
    pub(crate) const fn is_of_shares(&self) -> bool {
        matches!(self.instrument, Instrument::Equity(_))
    }

    /// The contract that was chosen.
    pub(crate) fn chosen(&self) -> Option<&Tried> {
        self.choice.as_deref().and_then(Choice::chosen)
    }
}

/// The money that an opening order ties up.
pub(crate) fn tied(
    (instrument, side): (Instrument, Side),
    price: Price,
    quantity: Quantity,
) -> Money {
    let each = Price::from_ticks(cover::tied(instrument, side, price));
    let multiplier = instrument.multiplier();
    each.map_or(Money::ZERO, |each| Money::of(each, quantity, multiplier, Rounding::Ceil))
}

/// Whether an account trades contracts at all.
pub(crate) const fn trades_options(limits: &AccountPolicy) -> bool {
    limits.options || limits.verticals || limits.secured_puts || limits.covered_calls
}

/// Makes the plan of one account.
///
/// When a signal suits options and the account trades them, a contract is chosen; shares are the
/// second choice of accounts that trade both.
pub(crate) fn plan(view: &View<'_>, signal: &Signal) -> Plan {
    let trades = signal.suits_options && trades_options(view.limits);
    let Some(structure) = trades.then(|| structure(view, signal)).flatten() else {
        return of_shares(view, signal, None);
    };
    let plan = of_contracts(view, signal, structure);
    let is_dear = plan.structure() == Some(Structure::Bought) && plan.quantity.is_zero();
    if is_dear && view.limits.verticals && signal.horizon == Horizon::Swing {
        // Too dear alone: what is sold against it pays a part.
        let cheaper = of_contracts(view, signal, Structure::DebitVertical);
        if cheaper.structure().is_some() && cheaper.quantity.is_positive() {
            return cheaper;
        }
    }
    plan
}

/// How contracts are to stand for a signal: what is dear is sold, if the account may, and what is
/// neither cheap nor dear is bought with another sold against it.
fn structure(view: &View<'_>, signal: &Signal) -> Option<Structure> {
    let (limits, policy) = (view.limits, &view.policy.structures);
    if let Some(rolled) = signal.terms.rolls {
        return Some(contract::rolled(rolled.instrument, signal.direction));
    }
    let bought = limits.options.then_some(Structure::Bought);
    if signal.horizon == Horizon::Day {
        return bought;
    }
    let standing = view.market.outlook.symbol(signal.slot).and_then(Prospect::standing);
    let reaches =
        |percent: u32| standing.is_some_and(|standing| f64::from(percent) / 100.0 <= standing.rank);
    let sold = sold(view, signal);
    let dear = reaches(policy.sell_rank_min_pct);
    let spread = limits.verticals.then_some(Structure::DebitVertical);
    let paid = spread.filter(|_| reaches(policy.spread_rank_min_pct)).or(bought).or(spread);
    if dear { sold.or(paid) } else { paid.or(sold) }
}

/// What an account may sell on a signal: against cash or shares when it has them.
fn sold(view: &View<'_>, signal: &Signal) -> Option<Structure> {
    let limits = view.limits;
    let hundred = Quantity::shares(100);
    let vertical = limits.verticals.then_some(Structure::CreditVertical);
    let (alone, covered) = match signal.direction {
        Direction::Long => {
            let strike = Money::of(view.price, hundred, 1, Rounding::Ceil);
            let purse = Purse::of(view);
            let room = purse.free_cash.min(purse.room);
            (limits.secured_puts.then_some(Structure::SecuredPut), strike <= room)
        }
        Direction::Short => {
            let covered = hundred <= view.load.free_shares;
            (limits.covered_calls.then_some(Structure::CoveredCall), covered)
        }
    };
    alone.filter(|_| covered).or(vertical).or(alone)
}

fn of_contracts(view: &View<'_>, signal: &Signal, structure: Structure) -> Plan {
    let sight = Sight {
        policy: &view.policy.contracts,
        structures: &view.policy.structures,
        market: view.market,
        now: view.now,
        spot: view.market.last_price(signal.slot).unwrap_or(signal.price),
    };
    let side = structure.side();
    let choice = Box::new(contract::choose(sight, signal, structure));
    let chosen = choice.chosen().copied();
    let priced = chosen.and_then(|tried| {
        let price = contract::opening_price(sight.policy, &tried, side);
        price.map(|price| (tried.instrument(), price))
    });
    let Some((instrument, price)) = priced else {
        return match signal.terms.rolls {
            // Shares take nothing's place.
            Some(rolled) => Plan {
                instrument: rolled.instrument,
                side,
                price: rolled.exit,
                quantity: Quantity::ZERO,
                choice: Some(choice),
            },
            None => of_shares(view, signal, Some(choice)),
        };
    };
    let each = cover::tied(instrument, side, price);
    let sized = size::contracts(view, signal, (structure, instrument.multiplier()), each);
    let most = signal.terms.rolls.map_or(sized, |rolled| rolled.quantity.min(sized));
    let quantity = scaled(view, signal, most, Quantity::shares(1));
    Plan { instrument, side, price, quantity, choice: Some(choice) }
}

fn of_shares(view: &View<'_>, signal: &Signal, choice: Option<Box<Choice>>) -> Plan {
    let price = capped(view.price, signal);
    let fractionable = view.market.universe.listings[signal.slot.index()].fractionable;
    // Fractions of a share cannot be sold short.
    let fractionable = fractionable && signal.direction == Direction::Long;
    let stop = match signal.terms.stop {
        Some(stop) => Price::from_ticks_clamped((price.ticks() - stop.ticks()).abs()),
        None => Price::from_ticks_clamped(
            price.ticks() * i64::from(view.policy.exits.stop_bps) / 10_000,
        ),
    };
    let lot = size::lot(view.limits.fractional && fractionable);
    let quantity = match signal.terms.size_bps {
        Some(bps) => by_share(view, signal, (price, bps)),
        None => size::shares(view, (price, stop), lot),
    };
    Plan {
        instrument: Instrument::Equity(signal.ticker),
        side: opening_side(signal.direction),
        price,
        quantity: scaled(view, signal, quantity, lot),
        choice,
    }
}

/// A price no worse than the signal's own limit.
fn capped(price: Price, signal: &Signal) -> Price {
    match (signal.terms.entry, signal.direction) {
        (Some(most), Direction::Long) => price.min(most.floor_to_quote()),
        (Some(least), Direction::Short) => price.max(least.ceil_to_quote()),
        (None, _) => price,
    }
}

/// A share of the equity, for playbooks that size themselves. A dip counts what is held.
fn by_share(view: &View<'_>, signal: &Signal, (price, bps): (Price, u32)) -> Quantity {
    let Some(equity) = view.load.equity else { return Quantity::ZERO };
    let mut value = equity.bps(i64::from(bps));
    if signal.playbook == Playbook::Dip {
        let held = Money::of(price, view.load.held, 1, Rounding::Ceil);
        value = value.min(equity.bps(i64::from(view.policy.dip.name_max_bps)) - held);
    }
    let purse = Purse::of(view);
    value.min(purse.free_cash).min(purse.room).max(Money::ZERO).buys(price, 1)
}

/// What the signal, the account's appetite and the market's fear leave of a quantity.
fn scaled(view: &View<'_>, signal: &Signal, quantity: Quantity, lot: Quantity) -> Quantity {
    if view.policy.sizing.fixed_shares != 0 {
        return quantity;
    }
    let fear = regime::level(view.market, &view.policy.regime, view.now);
    let fear = fear.map_or(100, |level| level.size_pct(&view.policy.regime));
    let shares = [signal.terms.size_pct.unwrap_or(100), view.limits.risk_pct, fear];
    let units = shares
        .iter()
        .fold(i128::from(quantity.units()), |units, share| units * i128::from(*share) / 100);
    let units = i64::try_from(units).expect("no share is above the whole");
    Quantity::from_units(units).floor_to(lot).max(Quantity::ZERO)
}
