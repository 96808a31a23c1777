//! What something that is held is worth, and how we know.
//!
//! A share is marked by its bars. An option is marked by quotes of its own, and where none came, a
//! ghost may be marked by a model of them; a position never is. The price of the underlying share
//! is never the price of an option. The model is the closed form: it is asked every minute, and what
//! early exercise is worth cancels between the volatility it finds and the price it gives.

use backsight_domain::instrument::{Contract, ExerciseStyle, Instrument, Right};
use backsight_domain::market::Slot;
use backsight_domain::money::Money;
use backsight_domain::order::Side;
use backsight_domain::price::Price;
use backsight_domain::session::Session;
use backsight_domain::signal::Direction;
use backsight_domain::time::{Span, Time};
use backsight_quant::option::{Vanilla, european};

use crate::contract::{self, Sight};
use crate::market::Market;
use crate::outlook::Prospect;

/// Bid and offer of one unit in ticks, and when they were made. The bid of a vertical may be below
/// zero: nobody pays for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Touch {
    pub(crate) bid: i64,
    pub(crate) ask: i64,
    pub(crate) at: Time,
}

impl Touch {
    /// What an order at once would trade at.
    pub(crate) fn taken_by(self, side: Side) -> Price {
        Price::from_ticks_clamped(match side {
            Side::Buy => self.ask,
            Side::Sell => self.bid,
        })
    }
}

impl Market {
    /// What one unit of an option is worth, when a quote that is no older than it may be says so.
    pub(crate) fn fresh_mark(
        &self,
        (instrument, slot): (Instrument, Slot),
        now: Time,
        most_s: u32,
    ) -> Option<Price> {
        let quoted = self.touch(instrument, slot)?.at;
        let fresh = now - quoted <= Span::from_seconds(most_s.into());
        self.mark(instrument, slot).filter(|_| fresh)
    }

    /// The last believable bid and offer of a contract, or of two as one.
    pub(crate) fn touch(&self, instrument: Instrument, slot: Slot) -> Option<Touch> {
        match instrument {
            Instrument::Equity(_) => None,
            Instrument::Option(contract) => self.touch_of(slot, &contract),
            Instrument::Vertical(vertical) => {
                let bought = self.touch_of(slot, &vertical.bought())?;
                let sold = self.touch_of(slot, &vertical.sold())?;
                let (bid, ask) = (bought.bid - sold.ask, bought.ask - sold.bid);
                Some(Touch { bid, ask, at: if bought.at < sold.at { bought.at } else { sold.at } })
            }
        }
    }

    /// The last believable bid and offer of one contract.
    pub(crate) fn touch_of(&self, slot: Slot, contract: &Contract) -> Option<Touch> {
        let known = self.outlook.symbol(slot)?.quote(contract)?;
        let (bid, ask) = known.quote.sane()?;
        Some(Touch { bid: bid.ticks(), ask: ask.ticks(), at: known.at })
    }
}

impl Market {
    /// Whether who bought a contract that is sold here is about to use it: it pays to, and little is
    /// lost by it, or less than the dividend that the share pays tomorrow.
    pub(crate) fn nears_assignment(
        &self,
        (instrument, slot): (Instrument, Slot),
        direction: Direction,
        (least, session): (Money, Session),
    ) -> bool {
        let Some(contract) = sold(instrument, direction) else { return false };
        let Some((touch, spot)) = self.touch_of(slot, &contract).zip(self.last_price(slot)) else {
            return false;
        };
        let intrinsic = contract.intrinsic(spot);
        let left = i64::midpoint(touch.bid, touch.ask) - intrinsic;
        let dividend = self.outlook.symbol(slot).and_then(Prospect::dividend);
        let tomorrow = Session::next(session.date()).date();
        let paid =
            dividend.filter(|dividend| dividend.ex == tomorrow && contract.right == Right::Call);
        let worth_it = paid.is_some_and(|dividend| left < dividend.amount.units());
        0 < intrinsic && (left <= least.units() || worth_it)
    }
}

/// The contract of a holding that somebody may use against it before its last day.
fn sold(instrument: Instrument, direction: Direction) -> Option<Contract> {
    let contract = match (instrument, direction) {
        (Instrument::Equity(_), _) | (Instrument::Option(_), Direction::Long) => return None,
        (Instrument::Option(contract), Direction::Short) => contract,
        (Instrument::Vertical(vertical), Direction::Long) => vertical.sold(),
        (Instrument::Vertical(vertical), Direction::Short) => vertical.bought(),
    };
    Some(contract).filter(|contract| contract.style == ExerciseStyle::American)
}

/// The volatility at which the model gives a contract its price, or the dearer of two as one.
pub(crate) fn volatility(sight: Sight<'_>, instrument: Instrument, price: Price) -> Option<f64> {
    let Instrument::Vertical(vertical) = instrument else {
        return european::implied_volatility(&terms(sight, instrument)?, price.dollars());
    };
    let slot = sight.market.slot_of(instrument.underlying())?;
    let dearer = Instrument::Option(vertical.bought());
    let price = sight.market.mark(dearer, slot)?;
    european::implied_volatility(&terms(sight, dearer)?, price.dollars())
}

/// What the model says of a contract at a volatility.
#[expect(clippy::cast_possible_truncation, reason = "held to what a price can be")]
pub(crate) fn modelled(sight: Sight<'_>, instrument: Instrument, volatility: f64) -> Option<Price> {
    let dollars = match instrument {
        Instrument::Vertical(vertical) => {
            let worth = |contract: Contract| {
                european::price(&contract::vanilla(sight, contract), volatility)
            };
            worth(vertical.bought())? - worth(vertical.sold())?
        }
        Instrument::Equity(_) | Instrument::Option(_) => {
            european::price(&terms(sight, instrument)?, volatility)?
        }
    };
    let ticks = (dollars * 10_000.0).round_ties_even().clamp(1.0, 2e9);
    Some(Price::from_ticks_clamped(ticks as i64))
}

/// What a day costs the holder of a contract, as a share of its premium; of two as one it cannot be
/// told.
pub(crate) fn decay(sight: Sight<'_>, instrument: Instrument, price: Price) -> Option<f64> {
    terms(sight, instrument)?;
    let volatility = volatility(sight, instrument, price)?;
    let greeks = european::greeks(&terms(sight, instrument)?, volatility)?;
    Some(-greeks.theta / price.dollars()).filter(|share| share.is_finite())
}

/// A contract as the model sees it; two as one have no volatility of their own.
fn terms(sight: Sight<'_>, instrument: Instrument) -> Option<Vanilla> {
    match instrument {
        Instrument::Option(contract) => Some(contract::vanilla(sight, contract)),
        Instrument::Equity(_) | Instrument::Vertical(_) => None,
    }
}
