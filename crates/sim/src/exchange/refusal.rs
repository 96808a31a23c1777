//! Why an order is refused, in the order in which the broker looks.

use backsight_domain::cover::{add, requirement};
use backsight_domain::instrument::{Contract, Instrument, Right};
use backsight_domain::market::Listing;
use backsight_domain::money::{Money, Rounding};
use backsight_domain::order::{OrderKind, Refusal, Side, TimeInForce};
use backsight_domain::price::{Price, TICKS_PER_DOLLAR};
use backsight_domain::quantity::{Quantity, UNITS_PER_SHARE};
use backsight_domain::time::{Span, Time};

use super::account::Account;
use super::matching::{far_side, stop_cap};
use super::order::{Manual, Order};
use super::tape::{Hours, Tape, Touch};

/// On its last day an option can be opened until this long before the close.
const EXPIRY_FENCE: Span = Span::from_minutes(30);
/// Margin on a short sale over its offer, in basis points.
const SHORT_MARGIN_BPS: i64 = 300;

/// What the exchange knows when it looks at a new order.
pub(super) struct Admission<'a> {
    pub(super) at: Time,
    pub(super) tape: &'a dyn Tape,
    pub(super) account: &'a Account,
    /// The account's open orders.
    pub(super) open: Vec<&'a Order>,
    pub(super) listing: Option<&'a Listing>,
    pub(super) away_bps: i64,
}

/// What an order that is taken needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Taken {
    pub(super) hours: Hours,
    pub(super) reserve: Price,
}

impl Admission<'_> {
    /// What an order needs, or the first rule it breaks.
    pub(super) fn decide(&self, order: &Manual) -> Result<Taken, Refusal> {
        let listing = self.listing.ok_or(Refusal::NotTradable)?;
        if !is_well_formed(order, listing) {
            return Err(Refusal::Malformed);
        }
        if self.tape.is_halted(&order.instrument, self.at) {
            return Err(Refusal::NotTradable);
        }
        let touch = self.tape.touch(&order.instrument, self.at).ok_or(Refusal::NotTradable)?;
        let hours = self.tape.hours(self.at).ok_or(Refusal::MarketClosed)?;
        self.check_contract(order, hours)?;
        self.check_prices(order, touch)?;
        self.check_wash(order)?;
        let opens = self.check_holdings(order, listing)?;
        let reserve = reserve(order, touch);
        if opens {
            self.check_buying_power(order, reserve)?;
        }
        self.check_cover(order, touch)?;
        Ok(Taken { hours, reserve })
    }

    /// Market orders on options need an open market, and expiring contracts are closed early.
    fn check_contract(&self, order: &Manual, hours: Hours) -> Result<(), Refusal> {
        let contract = match order.instrument {
            Instrument::Equity(_) => return Ok(()),
            Instrument::Option(contract) => contract,
            Instrument::Vertical(vertical) => vertical.bought(),
        };
        if order.kind == OrderKind::Market && !hours.contains(self.at) {
            return Err(Refusal::MarketClosed);
        }
        if self.is_too_late(&contract, order, hours) { Err(Refusal::NotTradable) } else { Ok(()) }
    }

    fn is_too_late(&self, contract: &Contract, order: &Manual, hours: Hours) -> bool {
        let session = hours.close.utc_date();
        let opens = self.closable(order) < order.quantity;
        contract.expiry < session
            || (contract.expiry == session && opens && hours.close - EXPIRY_FENCE <= self.at)
    }

    /// Stops must lie beyond the market, limits on shares not too far from it.
    fn check_prices(&self, order: &Manual, touch: Touch) -> Result<(), Refusal> {
        let stop = match order.kind {
            OrderKind::Stop(stop) | OrderKind::StopLimit { stop, .. } => Some(stop),
            OrderKind::Market | OrderKind::Limit(_) => None,
        };
        let is_beyond = |stop: Price| match order.side {
            Side::Buy => touch.last < stop,
            Side::Sell => stop < touch.last,
        };
        if !stop.is_none_or(is_beyond) {
            return Err(Refusal::Malformed);
        }
        let limit =
            limit_of(order.kind).filter(|_| matches!(order.instrument, Instrument::Equity(_)));
        let mid = touch.mid().ticks();
        let is_far = |limit: Price| mid * self.away_bps < (limit.ticks() - mid).abs() * 10_000;
        if limit.is_some_and(is_far) { Err(Refusal::PriceAway) } else { Ok(()) }
    }

    /// Opposite orders may rest beside each other only when both have limits that do not cross.
    fn check_wash(&self, order: &Manual) -> Result<(), Refusal> {
        let is_wash = |resting: &&Order| {
            resting.terms.instrument == order.instrument
                && resting.terms.side != order.side
                && crosses(order, &resting.terms)
        };
        if self.open.iter().any(is_wash) { Err(Refusal::WashTrade) } else { Ok(()) }
    }

    /// Whether the order opens; refuses to turn a holding over and to sell short without leave.
    fn check_holdings(&self, order: &Manual, listing: &Listing) -> Result<bool, Refusal> {
        let closable = self.closable(order);
        if order.quantity <= closable {
            return Ok(false);
        }
        if order.closes {
            return Err(Refusal::NotHeld);
        }
        let held = self.account.held(&order.instrument);
        let turns_over = match order.side {
            Side::Buy => held < Quantity::ZERO,
            Side::Sell => held.is_positive(),
        };
        let is_short_sale = order.side == Side::Sell;
        let is_share = matches!(order.instrument, Instrument::Equity(_));
        let is_whole = order.quantity.units() % UNITS_PER_SHARE == 0;
        let may_short = !is_share || (self.account.terms.shorting && listing.shortable && is_whole);
        let buys_rest = self
            .open
            .iter()
            .any(|open| open.terms.instrument == order.instrument && open.terms.side == Side::Buy);
        if turns_over || (is_short_sale && (!may_short || buys_rest)) {
            return Err(Refusal::NotHeld);
        }
        Ok(true)
    }

    /// What the account holds against this order's side and has not promised yet.
    fn closable(&self, order: &Manual) -> Quantity {
        let held = self.account.held(&order.instrument);
        let against = match order.side {
            Side::Buy => -held,
            Side::Sell => held,
        };
        let promised = self
            .open
            .iter()
            .filter(|open| {
                open.terms.instrument == order.instrument && open.terms.side == order.side
            })
            .fold(Quantity::ZERO, |sum, open| sum + open.rest());
        (against - promised).max(Quantity::ZERO)
    }

    /// Whatever of the open orders is filled, sold contracts stay covered and secured by cash.
    fn check_cover(&self, order: &Manual, touch: Touch) -> Result<(), Refusal> {
        let is_share = matches!(order.instrument, Instrument::Equity(_));
        if is_share && (order.side == Side::Buy || !self.account.has_contracts()) {
            return Ok(());
        }
        let mut held = self.account.quantities();
        let open = self.open.iter().map(|open| (open.terms, open.rest()));
        for (terms, rest) in open.chain([(*order, order.quantity)]) {
            let is_vertical = matches!(terms.instrument, Instrument::Vertical(_));
            match terms.side {
                Side::Sell => add(&mut held, terms.instrument, -rest),
                Side::Buy if is_vertical => add(&mut held, terms.instrument, rest),
                Side::Buy => {}
            }
        }
        let required = requirement(&held).ok_or(Refusal::NotHeld)?;
        let before = self.account.requirement().unwrap_or_default();
        if is_share || order.side == Side::Buy || required <= before {
            return Ok(());
        }
        let named = limit_of(order.kind).unwrap_or(touch.bid);
        let premium = value(named, order.quantity, &order.instrument);
        if required <= self.account.cash + premium { Ok(()) } else { Err(Refusal::BuyingPower) }
    }

    fn check_buying_power(&self, order: &Manual, reserve: Price) -> Result<(), Refusal> {
        // Options are paid in full, whatever the account may borrow against shares.
        let leverage = match order.instrument {
            Instrument::Equity(_) => self.account.terms.leverage,
            Instrument::Option(_) | Instrument::Vertical(_) => 1,
        };
        let needed = value(reserve, order.quantity, &order.instrument);
        let free = buying_power(self.account, &self.open, leverage, (self.tape, self.at));
        if needed <= free { Ok(()) } else { Err(Refusal::BuyingPower) }
    }
}

/// What can still be opened: `leverage` times equity, less what is held and what is promised.
///
/// Without shorts and leverage that is cash less the open buys.
pub(super) fn buying_power(
    account: &Account,
    open: &[&Order],
    leverage: u8,
    (tape, at): (&dyn Tape, Time),
) -> Money {
    let (mut equity, mut exposure) = (account.cash, Money::ZERO);
    // Contracts are paid in full: nothing is lent on them, and they bind what secures them.
    let bound = account.requirement().unwrap_or_default();
    let shares = account.lots.iter().filter(|(what, _)| matches!(what, Instrument::Equity(_)));
    for (instrument, lot) in shares {
        let price = tape.touch(instrument, at).map_or(lot.last, |touch| touch.last);
        let worth = value(price, lot.quantity, instrument);
        equity += worth;
        exposure += worth.magnitude();
    }
    let promised = |order: &&&Order| {
        let held = account.held(&order.terms.instrument);
        match order.terms.side {
            Side::Buy => Quantity::ZERO <= held,
            Side::Sell => held <= Quantity::ZERO,
        }
    };
    let reserved: Money = open
        .iter()
        .filter(promised)
        .map(|order| value(order.reserve, order.rest(), &order.terms.instrument))
        .sum();
    equity.share(i64::from(leverage), 1, Rounding::Floor) - exposure - reserved - bound
}

fn value(price: Price, quantity: Quantity, instrument: &Instrument) -> Money {
    Money::of(price, quantity, instrument.multiplier(), Rounding::Ceil)
}

/// What each unit reserves: the far side or the limit for a buy, more for a short sale, and for a
/// contract that is sold what it may cost beyond its premium.
fn reserve(order: &Manual, touch: Touch) -> Price {
    let named = match order.kind {
        OrderKind::Market => far_side(order.side, touch),
        OrderKind::Limit(limit) | OrderKind::StopLimit { limit, .. } => limit,
        OrderKind::Stop(stop) => match order.side {
            Side::Buy => stop_cap(stop),
            Side::Sell => stop,
        },
    };
    let beyond = |cost: i64| Price::from_ticks_clamped(cost - named.ticks());
    match (order.side, order.instrument) {
        (Side::Buy, _) => named,
        (Side::Sell, Instrument::Equity(_)) => named.max(touch.ask.moved_bps(SHORT_MARGIN_BPS)),
        (Side::Sell, Instrument::Vertical(vertical)) => beyond(vertical.width()),
        (Side::Sell, Instrument::Option(contract)) => match contract.right {
            // A call is covered by shares, or refused.
            Right::Call => Price::MIN,
            Right::Put => beyond(contract.strike.ticks()),
        },
    }
}

/// Whether every field can be read and goes with the others.
fn is_well_formed(order: &Manual, listing: &Listing) -> bool {
    let is_whole = order.quantity.units() % UNITS_PER_SHARE == 0;
    let prices_fit = match order.kind {
        OrderKind::Market => true,
        OrderKind::Limit(price) | OrderKind::Stop(price) => is_quotable(price),
        OrderKind::StopLimit { stop, limit } => is_quotable(stop) && is_quotable(limit),
    };
    let is_day = order.lasts == TimeInForce::Day;
    let shape_fits = match order.instrument {
        Instrument::Equity(_) => is_whole || (listing.fractionable && is_day),
        Instrument::Option(_) => {
            is_whole && is_day && matches!(order.kind, OrderKind::Market | OrderKind::Limit(_))
        }
        Instrument::Vertical(_) => is_whole && is_day && matches!(order.kind, OrderKind::Limit(_)),
    };
    order.quantity.is_positive() && prices_fit && shape_fits
}

/// Whole cents from one dollar on.
fn is_quotable(price: Price) -> bool {
    price.ticks() < TICKS_PER_DOLLAR || price.ticks() % 100 == 0
}

const fn limit_of(kind: OrderKind) -> Option<Price> {
    match kind {
        OrderKind::Limit(limit) | OrderKind::StopLimit { limit, .. } => Some(limit),
        OrderKind::Market | OrderKind::Stop(_) => None,
    }
}

/// The broker's wash-trade table: whether two opposite orders could meet.
pub(super) fn crosses(order: &Manual, resting: &Manual) -> bool {
    let (Some(new), Some(old)) = (limit_of(order.kind), limit_of(resting.kind)) else {
        return true;
    };
    match order.side {
        Side::Buy => old <= new,
        Side::Sell => new <= old,
    }
}
