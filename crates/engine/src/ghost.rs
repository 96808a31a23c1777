//! Ghosts: what refused signals would have done, under the exit rules of real positions.

use backsight_domain::decision::{Outcome, Pricing, Refused, Subject};
use backsight_domain::id::GhostId;
use backsight_domain::instrument::{Instrument, Ticker};
use backsight_domain::market::{Slot, Split};
use backsight_domain::money::{Money, Rounding};
use backsight_domain::order::{ExitReason, Side};
use backsight_domain::policy::FillModelPolicy;
use backsight_domain::price::Price;
use backsight_domain::quantity::Quantity;
use backsight_domain::session::Session;
use backsight_domain::signal::Direction;
use backsight_domain::time::Time;

use crate::exit::Track;
use crate::position::{Ended, outcome};

/// The counterfactual twin of a signal that one or more accounts refused. It counts one share.
#[derive(Clone, Debug, PartialEq)]
pub struct Ghost {
    /// Its identity.
    pub id: GhostId,
    /// The symbol.
    pub ticker: Ticker,
    /// Its column.
    pub slot: Slot,
    /// Its price path and exit rules.
    pub track: Track,
    /// Where its entry price comes from.
    pub pricing: Pricing,
    /// Who refused it and what they would have traded.
    pub refused: Vec<Refused>,
}

/// One completed bar's extremes and close, in ticks.
pub(crate) type Ticks = (i64, i64, i64);

impl Ghost {
    /// Follows one completed bar; says how it ended if it did.
    pub(crate) fn follow(
        &mut self,
        (high, low, close): Ticks,
        (now, session): (Time, Session),
        model: &FillModelPolicy,
    ) -> Option<Outcome> {
        self.track.observe(high, low);
        let reason = self.track.verdict(close, now, session)?;
        Some(self.end(close, now, reason, model))
    }

    fn end(
        &mut self,
        close: i64,
        now: Time,
        reason: ExitReason,
        model: &FillModelPolicy,
    ) -> Outcome {
        let side = closing_side(self.track.direction);
        let exit = modelled(Price::from_ticks_clamped(close), side, model);
        let one = Quantity::shares(1);
        let gain = Money::from_units(self.track.gain(exit.ticks()));
        let ended =
            Ended { closed: now, reason, exit, quantity: one, pnl: gain - self.fees(model) };
        let subject = Subject::Ghost { ghost: self.id, refused: std::mem::take(&mut self.refused) };
        outcome(&self.track, (subject, Instrument::Equity(self.ticker), self.pricing), &ended)
    }

    /// One share's part of the fees of both orders, at the largest quantity that was refused.
    fn fees(&self, model: &FillModelPolicy) -> Money {
        let largest = self.refused.iter().map(|refused| refused.quantity).max();
        let units = largest.map_or(1, |quantity| quantity.units().max(1));
        if units < Quantity::shares(1).units() {
            return Money::ZERO;
        }
        (model.fee + model.fee).share(Quantity::shares(1).units(), units, Rounding::HalfEven)
    }

    /// Rescales its prices for a split.
    pub(crate) fn split(&mut self, split: Split) {
        self.track.split(split);
    }
}

/// The side that opens in a direction.
pub(crate) const fn opening_side(direction: Direction) -> Side {
    match direction {
        Direction::Long => Side::Buy,
        Direction::Short => Side::Sell,
    }
}

/// The side that closes a direction.
pub(crate) const fn closing_side(direction: Direction) -> Side {
    opening_side(direction).opposite()
}

/// The price at which the fill model lets an order trade: half a spread beyond the mark.
pub(crate) fn modelled(mark: Price, side: Side, model: &FillModelPolicy) -> Price {
    mark.moved_bps(side.sign() * i64::from(model.half_spread_bps))
}
