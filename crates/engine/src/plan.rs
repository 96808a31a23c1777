//! What an account would trade on a signal: which instrument, at what price, how much.
//!
//! A plan is made before it is judged, and made whatever the gates will say, so that a refusal
//! tells what was refused. It changes nothing.

use backsight_domain::instrument::Instrument;
use backsight_domain::money::{Money, Rounding};
use backsight_domain::order::Side;
use backsight_domain::price::Price;
use backsight_domain::quantity::Quantity;
use backsight_domain::signal::{Direction, Playbook, Signal};
use backsight_domain::verdict::{Choice, Tried};

use crate::contract::{self, Sight};
use crate::gate::View;
use crate::ghost::opening_side;
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
    /// The money it takes.
    pub(crate) fn value(&self) -> Money {
        Money::of(self.price, self.quantity, self.instrument.multiplier(), Rounding::Ceil)
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

/// Makes the plan of one account.
///
/// When a signal suits options and the account trades them, a contract is chosen; shares are the
/// second choice of accounts that trade both.
pub(crate) fn plan(view: &View<'_>, signal: &Signal) -> Plan {
    if !(signal.suits_options && view.limits.options) {
        return of_shares(view, signal, None);
    }
    let sight = Sight {
        policy: &view.policy.contracts,
        market: view.market,
        now: view.now,
        spot: view.market.last_price(signal.slot).unwrap_or(signal.price),
    };
    let choice = Box::new(contract::choose(sight, signal));
    let chosen = choice.chosen().copied();
    let priced = chosen.and_then(|tried| {
        contract::opening_price(sight.policy, &tried).map(|price| (tried.contract, price))
    });
    let Some((contract, price)) = priced else {
        return of_shares(view, signal, Some(choice));
    };
    let instrument = Instrument::Option(contract);
    let quantity = scaled(view, signal, size::contracts(view, signal, price), Quantity::shares(1));
    Plan { instrument, side: Side::Buy, price, quantity, choice: Some(choice) }
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
