//! Positions: what the venue says we hold, opened by a known intent.

use backsight_domain::cover;
use backsight_domain::decision::{Outcome, Pricing, Subject};
use backsight_domain::id::{AccountId, IntentId, PositionId, SignalId};
use backsight_domain::instrument::Instrument;
use backsight_domain::market::Slot;
use backsight_domain::money::{Money, Rounding, divide};
use backsight_domain::order::{ExitReason, Fill};
use backsight_domain::price::Price;
use backsight_domain::quantity::Quantity;
use backsight_domain::signal::Direction;
use backsight_domain::time::Time;

use crate::exit::{Track, label, part_of};

/// One instrument held in one account.
#[derive(Clone, Debug, PartialEq)]
pub struct Position {
    /// Its identity: the intent that opened it.
    pub id: PositionId,
    /// Who holds it.
    pub account: AccountId,
    /// What is held.
    pub instrument: Instrument,
    /// Its column.
    pub slot: Slot,
    /// The signal it was opened on.
    pub signal: SignalId,
    /// How much; negative when short.
    pub quantity: Quantity,
    /// What the held quantity cost; negative when short.
    pub cost: Money,
    /// Its price path and exit rules.
    pub track: Track,
    /// Executions so far.
    pub traded: Traded,
    /// Whether some of it went without an execution of ours, at a price we can only model.
    pub guessed: bool,
    /// The exit in progress.
    pub leaving: Option<Leaving>,
}

/// Totals over the executions of a position.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Traded {
    /// Opened in all, without sign.
    pub opened: Quantity,
    /// Value of what was opened, without sign.
    pub opened_value: Money,
    /// Closed in all, without sign.
    pub closed: Quantity,
    /// Value of what was closed, without sign.
    pub closed_value: Money,
    /// Fees of both.
    pub fees: Money,
    /// Dividends received, less those paid for short sales.
    pub income: Money,
}

/// An exit in progress; once begun it is finished.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Leaving {
    /// Why.
    pub reason: ExitReason,
    /// How many orders were tried.
    pub tries: u32,
    /// The last order that was tried.
    pub order: Option<IntentId>,
    /// What is to be left, without sign: nothing, unless only a part is sold.
    pub keep: Quantity,
}

impl Leaving {
    /// An exit that begins, and how much of the holding it keeps.
    pub(crate) const fn begin(reason: ExitReason, keep: Quantity) -> Self {
        Self { reason, tries: 0, order: None, keep }
    }
}

impl Position {
    /// Adds an execution in the position's own direction.
    pub(crate) fn extend(&mut self, fill: &Fill, value: Money) {
        self.quantity += signed(fill);
        self.cost += value;
        self.traded.opened += fill.quantity;
        self.traded.opened_value += value.magnitude();
        self.traded.fees += fill.fee;
        self.track.reprice(average(
            self.traded.opened_value,
            self.traded.opened,
            self.multiplier(),
        ));
    }

    /// Takes an execution against the position's direction; returns the cost it releases.
    pub(crate) fn reduce(&mut self, fill: &Fill, value: Money) -> Money {
        let released = self.cost_of(fill.quantity);
        self.quantity += signed(fill);
        self.cost -= released;
        self.traded.closed += fill.quantity;
        self.traded.closed_value += value.magnitude();
        self.traded.fees += fill.fee;
        released
    }

    /// Begins to leave all of it; false when that is under way. A part that is being sold becomes
    /// the whole: what rests for it goes before the next order.
    pub(crate) fn leave(&mut self, reason: ExitReason) -> bool {
        let begins = self.is_staying();
        if begins {
            self.leaving = Some(Leaving::begin(reason, Quantity::ZERO));
        }
        begins
    }

    /// Begins to sell a part of what was opened; false when that is no whole lot, or all there is.
    pub(crate) fn take_part(&mut self, percent: u32) -> bool {
        let (held, part) = (self.quantity.magnitude(), part_of(self.traded.opened, percent));
        let begins = self.leaving.is_none() && part.is_positive() && part < held;
        if begins {
            self.leaving = Some(Leaving::begin(ExitReason::Partial, held - part));
        }
        begins
    }

    /// Ends the sale of a part once no more than the rest is held.
    pub(crate) fn settle_part(&mut self) {
        let held = self.quantity.magnitude();
        self.leaving = self.leaving.filter(|leaving| leaving.keep < held);
    }

    /// Whether something of it stays, so that its rules go on watching it.
    pub(crate) fn is_staying(&self) -> bool {
        self.leaving.is_none_or(|leaving| leaving.keep.is_positive())
    }

    /// What the exit in progress has left to sell.
    pub(crate) fn excess(&self) -> Quantity {
        let keep = self.leaving.map_or(Quantity::ZERO, |leaving| leaving.keep);
        (self.quantity.magnitude() - keep).max(Quantity::ZERO)
    }

    /// The cost of a part of the held quantity, all of it when the part is the whole.
    pub(crate) fn cost_of(&self, part: Quantity) -> Money {
        let held = self.quantity.magnitude();
        if held <= part {
            return self.cost;
        }
        self.cost.share(part.units(), held.units(), Rounding::HalfEven)
    }

    /// The value of what is held at a price, signed like the holding.
    pub(crate) fn value_at(&self, price: Price) -> Money {
        Money::of(price, self.quantity, self.multiplier(), Rounding::HalfEven)
    }

    /// What it exposes at a price, or at cost: its worth, or what may be lost on contracts that were
    /// sold beyond what they brought.
    pub(crate) fn exposure(&self, mark: Option<Price>) -> Money {
        let is_sold = self.is_option() && !self.quantity.is_positive();
        if !is_sold {
            return mark.map_or(self.cost, |mark| self.value_at(mark)).magnitude();
        }
        let each = Price::from_ticks(cover::secured_by(self.instrument));
        let quantity = self.quantity.magnitude();
        let secured = each.map_or(Money::ZERO, |each| {
            Money::of(each, quantity, self.multiplier(), Rounding::Ceil)
        });
        (secured - self.cost.magnitude()).max(Money::ZERO)
    }

    /// Whether it holds contracts.
    pub(crate) const fn is_option(&self) -> bool {
        !matches!(self.instrument, Instrument::Equity(_))
    }

    /// Unrealised result at a price.
    pub(crate) fn open_result(&self, price: Price) -> Money {
        self.value_at(price) - self.cost
    }

    fn multiplier(&self) -> u16 {
        self.instrument.multiplier()
    }

    /// What became of it, once nothing is held.
    pub(crate) fn outcome(&self, closed: Time, reason: ExitReason) -> Outcome {
        let traded = &self.traded;
        let gross = match self.track.direction {
            Direction::Long => traded.closed_value - traded.opened_value,
            Direction::Short => traded.opened_value - traded.closed_value,
        };
        let pricing = if self.guessed { Pricing::Modelled } else { Pricing::Filled };
        let subject = Subject::Position { position: self.id, account: self.account };
        let exit = average(traded.closed_value, traded.closed, self.multiplier());
        let pnl = gross + traded.income - traded.fees;
        outcome(
            &self.track,
            (subject, self.instrument, pricing),
            &Ended { closed, reason, exit, quantity: traded.opened, pnl },
        )
    }
}

/// How a track ended.
pub(crate) struct Ended {
    pub(crate) closed: Time,
    pub(crate) reason: ExitReason,
    pub(crate) exit: Price,
    pub(crate) quantity: Quantity,
    pub(crate) pnl: Money,
}

/// Tells the outcome of a position or a ghost in the same words.
#[expect(clippy::cast_precision_loss, reason = "statistics, not money")]
pub(crate) fn outcome(
    track: &Track,
    (subject, instrument, pricing): (Subject, Instrument, Pricing),
    ended: &Ended,
) -> Outcome {
    let multiplier = instrument.multiplier();
    let stop = Price::from_ticks_clamped(track.stop_distance());
    let risk = Money::of(stop, ended.quantity, multiplier, Rounding::Ceil).units().max(1);
    let entry_value = Money::of(track.entry, ended.quantity, multiplier, Rounding::Ceil);
    let result_pct = 100.0 * ended.pnl.units() as f64 / entry_value.units().max(1) as f64;
    Outcome {
        subject,
        instrument,
        direction: track.direction,
        quantity: ended.quantity,
        opened: track.opened,
        closed: ended.closed,
        entry: track.entry,
        exit: ended.exit,
        pricing,
        reason: ended.reason,
        pnl: ended.pnl,
        r_multiple: ended.pnl.units() as f64 / risk as f64,
        mfe_pct: track.mfe_pct(),
        mae_pct: track.mae_pct(),
        give_back_pct: track.give_back_pct(ended.exit),
        stage: track.stage(),
        minutes: u32::try_from((ended.closed - track.opened).minutes_floor()).unwrap_or(0),
        label: label(result_pct),
    }
}

/// The signed quantity of a fill.
pub(crate) fn signed(fill: &Fill) -> Quantity {
    Quantity::from_units(fill.quantity.units() * fill.side.sign())
}

/// The value of a fill, signed like its quantity.
pub(crate) fn worth(fill: &Fill) -> Money {
    Money::of(fill.price, signed(fill), fill.instrument.multiplier(), Rounding::HalfEven)
}

/// The average price of a value over a quantity, to the nearest tick.
pub(crate) fn average(value: Money, quantity: Quantity, multiplier: u16) -> Price {
    let unit = i128::from(quantity.units()) * i128::from(multiplier);
    if unit == 0 {
        return Price::MIN;
    }
    let ticks = divide(i128::from(value.units()) * 1_000_000_000, unit, Rounding::HalfEven);
    Price::from_ticks_clamped(i64::try_from(ticks).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests;
