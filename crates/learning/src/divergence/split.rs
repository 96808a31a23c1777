//! Splitting the difference of two results into causes that sum to it.

use backsight_domain::id::AccountId;
use backsight_domain::instrument::Instrument;
use backsight_domain::money::{Money, Rounding};
use backsight_domain::price::Price;
use backsight_domain::quantity::{Quantity, UNITS_PER_SHARE};

use super::lane::{Lane, holdings};
use super::{Cause, Difference};

/// What one lane wanted of an instrument.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Wanted {
    pub(super) quantity: Quantity,
    pub(super) is_approved: bool,
}

/// What one lane did with an instrument, what it held before and after counted as trades.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Sides {
    /// Bought, in billionths of a share; as much was sold.
    pub(super) quantity: i64,
    /// Sums of quantity times price and times mark, in dollars.
    bought: f64,
    bought_at: f64,
    sold: f64,
    sold_at: f64,
    pub(super) fees: Money,
    /// The whole result, in money.
    pub(super) result: Money,
}

impl Sides {
    pub(super) fn of(lane: &Lane, key: (AccountId, Instrument)) -> Self {
        let mut sides = Self::default();
        if let Some((quantity, mark)) = lane.held.get(&key) {
            sides.trade(key.1, *quantity, (*mark, *mark));
        }
        let of = lane.trades.iter().filter(|trade| (trade.account, trade.instrument) == key);
        for trade in of {
            sides.trade(key.1, trade.quantity, (trade.price, trade.mark));
            sides.fees += trade.fee;
        }
        for (held, (quantity, mark)) in holdings(&lane.engine) {
            if held == key {
                sides.trade(key.1, -quantity, (mark, mark));
            }
        }
        sides.result -= sides.fees;
        sides
    }

    #[expect(clippy::cast_precision_loss, reason = "quantities stay below 2^53 units")]
    pub(super) fn trade(
        &mut self,
        instrument: Instrument,
        quantity: Quantity,
        (price, mark): (Price, Price),
    ) {
        let multiplier = instrument.multiplier();
        self.result -= Money::of(price, quantity, multiplier, Rounding::HalfEven);
        let size = quantity.magnitude().units() as f64 / UNITS_PER_SHARE as f64;
        let size = size * f64::from(multiplier);
        let (worth, at) = (size * price.dollars(), size * mark.dollars());
        if quantity.is_positive() {
            self.quantity += quantity.units();
            self.bought += worth;
            self.bought_at += at;
        } else {
            self.sold += worth;
            self.sold_at += at;
        }
    }
}

/// Splits the difference of one instrument; its parts sum to it.
#[expect(clippy::cast_precision_loss, reason = "quantities stay below 2^53 units")]
pub(super) fn split(
    instrument: Instrument,
    sides: &[Sides; 2],
    wanted: [Wanted; 2],
) -> Vec<Difference> {
    let [real, ideal] = sides;
    let gap = real.result - ideal.result;
    let part = |cause, money| Difference { instrument: Some(instrument), cause, money };
    if real.quantity == 0 || ideal.quantity == 0 {
        let [ours, theirs] = wanted;
        let both = ours.is_approved && theirs.is_approved;
        let cause = if both { Cause::Fill } else { Cause::Signal };
        return if gap == Money::ZERO { Vec::new() } else { vec![part(cause, gap)] };
    }
    let (q, qi) = (real.quantity as f64, ideal.quantity as f64);
    let share = q / qi;
    let sized = (share - 1.0) * (ideal.sold - ideal.bought);
    let timed = (real.sold_at - share * ideal.sold_at) - (real.bought_at - share * ideal.bought_at);
    let asked_for_less = wanted[0].quantity < wanted[1].quantity;
    let more = ideal.quantity < real.quantity;
    let size = if asked_for_less || more { Cause::Size } else { Cause::Fill };
    let (sized, timed) = (dollars(sized), dollars(timed));
    let cost = ideal.fees - real.fees;
    let rest = gap - sized - timed - cost;
    [(size, sized), (Cause::Timing, timed), (Cause::Price, rest), (Cause::Cost, cost)]
        .into_iter()
        .filter(|(_, money)| *money != Money::ZERO)
        .map(|(cause, money)| part(cause, money))
        .collect()
}

#[expect(clippy::cast_possible_truncation, reason = "a session's result is far below 2^63 units")]
fn dollars(amount: f64) -> Money {
    Money::from_units((amount * 10_000.0).round() as i64)
}
