//! Ghosts: what refused signals would have done, under the exit rules of real positions.

use backsight_domain::decision::{Outcome, Pricing, Refused, Stage, Subject};
use backsight_domain::id::GhostId;
use backsight_domain::instrument::Instrument;
use backsight_domain::market::{Slot, Split};
use backsight_domain::money::{Money, Rounding};
use backsight_domain::order::{ExitReason, Side};
use backsight_domain::policy::{FillModelPolicy, Policy};
use backsight_domain::price::Price;
use backsight_domain::quantity::Quantity;
use backsight_domain::session::Session;
use backsight_domain::signal::Direction;
use backsight_domain::time::Time;

use crate::contract::Sight;
use crate::exit::{Act, Moment, Plan, Track};
use crate::mark;
use crate::market::Market;
use crate::position::{Ended, outcome};
use crate::regime::Level;

/// The counterfactual twin of a signal that one or more accounts refused. It counts one share, or
/// one contract.
#[derive(Clone, Debug, PartialEq)]
pub struct Ghost {
    /// Its identity.
    pub id: GhostId,
    /// What it would hold.
    pub instrument: Instrument,
    /// The column of the share.
    pub slot: Slot,
    /// Its price path and exit rules.
    pub track: Track,
    /// Where its prices come from.
    pub pricing: Pricing,
    /// The volatility of its contract when it began, from which it is marked without quotes.
    pub volatility: Option<f64>,
    /// The part that was sold on the way.
    pub taken: Option<Taken>,
    /// What one share was paid in dividends, or paid when short.
    pub income: Money,
    /// Who refused it and what they would have traded.
    pub refused: Vec<Refused>,
}

/// A part of a ghost that was sold on the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Taken {
    /// The part, in percent.
    pub percent: u32,
    /// At what price.
    pub exit: Price,
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
        let act = self.track.verdict(close, now, session)?;
        let exit = modelled(Price::from_ticks_clamped(close), self.closing_side(), model);
        self.obey(act, (exit, now), model)
    }

    /// Follows one minute of an option, by its own quote or else by the model.
    pub(crate) fn follow_option(
        &mut self,
        market: &Market,
        (now, session, level): (Time, Session, Level),
        policy: &Policy,
    ) -> Option<Outcome> {
        let Plan::Options(plan) = &*self.track.plan else { return None };
        let most_s = plan.policy.mark_age_max_s;
        let which = (self.instrument, self.slot);
        let spot = market.last_price(self.slot);
        let (contracts, structures) = (&policy.contracts, &policy.structures);
        let sight = spot.map(|spot| Sight { policy: contracts, structures, market, now, spot });
        let quoted = market.fresh_mark(which, now, most_s);
        let model = || mark::modelled(sight?, self.instrument, self.volatility?);
        let mark = quoted.or_else(model);
        let minds = plan.minds_decay(session.close() - now);
        let seen = sight.zip(mark).filter(|_| minds);
        let moment = Moment {
            now,
            session,
            mark: mark.map(Price::ticks),
            level,
            reports: market.reports_within(self.slot, plan.policy.earnings_sessions, session),
            share_bps: Some(0),
            decay: seen.and_then(|(sight, mark)| mark::decay(sight, self.instrument, mark)),
            assignment: quoted.is_some()
                && market.nears_assignment(
                    which,
                    self.track.direction,
                    (plan.policy.sold_time_value_min, session),
                ),
        };
        if quoted.is_none() {
            self.pricing = Pricing::Modelled;
        }
        let act = self.track.follow(&moment)?;
        let touch = quoted.and_then(|_| market.touch(self.instrument, self.slot));
        let side = self.closing_side();
        let exit = match (touch, mark) {
            (Some(touch), _) => touch.taken_by(side),
            (None, Some(mark)) => modelled(mark, side, &policy.fill_model),
            (None, None) => self.track.entry,
        };
        self.obey(act, (exit, now), &policy.fill_model)
    }

    fn closing_side(&self) -> Side {
        closing_side(self.track.direction)
    }

    fn obey(
        &mut self,
        act: Act,
        (exit, now): (Price, Time),
        model: &FillModelPolicy,
    ) -> Option<Outcome> {
        match act {
            Act::Leave(reason) => Some(self.end((exit, now), reason, model)),
            Act::Take(percent) => {
                self.track.advance(Stage::PartTaken);
                self.taken = Some(Taken { percent, exit });
                None
            }
        }
    }

    fn end(
        &mut self,
        (last, now): (Price, Time),
        reason: ExitReason,
        model: &FillModelPolicy,
    ) -> Outcome {
        let exit = self.taken.map_or(last, |taken| {
            let (part, rest) = (i64::from(taken.percent), 100 - i64::from(taken.percent));
            Price::from_ticks_clamped((taken.exit.ticks() * part + last.ticks() * rest) / 100)
        });
        let one = Quantity::shares(1);
        let gain = self.track.gain(exit.ticks()) * i64::from(self.instrument.multiplier());
        let won = Money::from_units(gain);
        let pnl = won + self.income - self.fees(model);
        let ended = Ended { closed: now, reason, exit, quantity: one, pnl };
        let subject = Subject::Ghost { ghost: self.id, refused: std::mem::take(&mut self.refused) };
        outcome(&self.track, (subject, self.instrument, self.pricing), &ended)
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

    /// Takes a dividend of one share, or pays it.
    pub(crate) fn earn(&mut self, amount: Money) {
        self.income += match self.track.direction {
            Direction::Long => amount,
            Direction::Short => -amount,
        };
    }

    /// Rescales its prices for a split.
    pub(crate) fn split(&mut self, split: Split) {
        self.instrument = split.instrument(self.instrument).0;
        self.income = split.amount(self.income);
        if let Some(taken) = &mut self.taken {
            taken.exit = split.price(taken.exit);
        }
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

/// The direction that an opening side points in.
pub(crate) const fn direction_of(side: Side) -> Direction {
    match side {
        Side::Buy => Direction::Long,
        Side::Sell => Direction::Short,
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
