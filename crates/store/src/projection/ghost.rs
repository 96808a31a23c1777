//! Ghosts: their beginning, their end, and how their share moved after the refusal.

use backsight_domain::decision::{Decision, Haunting, Outcome, Reason, Refused};
use backsight_domain::id::GhostId;
use backsight_domain::instrument::Instrument;
use backsight_domain::judgement::Judgement;
use backsight_domain::market::{Minute, Slot};
use backsight_domain::money::Rounding;
use backsight_domain::price::Price;
use backsight_domain::quantity::UNITS_PER_SHARE;
use backsight_domain::session::Session;
use backsight_domain::signal::{Direction, Signal};
use backsight_domain::time::{Span, Time};

use super::desk::Lookback;
use super::outcome::{ending, ending_values};
use super::signal::verdicts;
use super::{Place, Projection};
use crate::batch::{Batch, row};
use crate::value::Value;

/// Minutes over which the volume after a refusal is averaged.
const VOLUME_MINUTES: i64 = 15;
/// Minutes after which the move is judged.
const SURGE_MINUTES: i64 = 60;

/// A refused signal whose share is followed to the session's end.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Watch {
    pub(super) ghost: String,
    pub(super) slot: Slot,
    /// When the signal was made, and the close it was made on.
    pub(super) at: Time,
    pub(super) price: Price,
    pub(super) direction: Direction,
    /// Mean volume of a minute before.
    pub(super) volume_mean: Option<f64>,
    /// Shares traded since, within the first minutes.
    pub(super) volume: i64,
    /// The last close since.
    pub(super) last: Option<Price>,
    /// Which of the two spans are over.
    pub(super) told: (bool, bool),
}

impl Projection {
    pub(super) fn haunt(
        &mut self,
        place: Place,
        haunting: &Haunting,
        decision: &Decision,
        batch: &mut Batch,
    ) {
        let Some(signal) = signal_of(haunting.ghost, decision) else { return };
        // A ghost holds what the first account that refused would have traded.
        let refused = verdicts(signal.id, decision)
            .find(|verdict| !verdict.is_approval())
            .map(|verdict| verdict.instrument);
        let instrument = refused.unwrap_or(Instrument::Equity(signal.ticker));
        let direction = match instrument {
            Instrument::Equity(_) => signal.direction,
            Instrument::Option(_) | Instrument::Vertical(_) => Direction::Long,
        };
        let id = signal.id.to_string();
        batch.add(row!(ghosts {
            id: id.clone(),
            seq: place.seq(),
            changed: place.seq(),
            at: place.at,
            ticker: signal.ticker,
            instrument: instrument,
            direction: Value::text(direction),
            multiplier: i64::from(instrument.multiplier()),
            entry: haunting.price,
            pricing: Value::text(haunting.pricing),
            status: "open",
            judgement: Judgement::Open.name(),
            surge: Judgement::Open.name(),
        }));
        self.watched.push(Watch {
            ghost: id,
            slot: signal.slot,
            at: signal.at,
            price: signal.price,
            direction: signal.direction,
            volume_mean: signal.features.volume_mean,
            volume: 0,
            last: None,
            told: (false, false),
        });
    }

    pub(super) fn end_ghost(
        &self,
        place: Place,
        (ghost, refused): (GhostId, &[Refused]),
        outcome: &Outcome,
        batch: &mut Batch,
    ) {
        let id = ghost.0.to_string();
        for refusal in refused {
            let pnl =
                outcome.pnl.share(refusal.quantity.units(), UNITS_PER_SHARE, Rounding::HalfEven);
            batch.add(row!(ghost_refusals {
                ghost: id.clone(),
                account: self.account(refusal.account),
                gate: refusal.gate.name(),
                seq: place.seq(),
                at: place.at,
                quantity: refusal.quantity,
                pnl: pnl,
                r_multiple: outcome.r_multiple,
            }));
        }
        let mut values = ending_values(place, outcome);
        values.extend([
            Value::text(outcome.pricing),
            Judgement::of_label(outcome.label).name().into(),
            id.into(),
        ]);
        let sql = concat!(
            "UPDATE ghosts SET ",
            ending!(),
            ", pricing = $14, judgement = $15 WHERE id = $16"
        );
        batch.change(sql, values);
    }

    /// Follows the shares of refused signals through one minute.
    pub(super) fn follow(
        &mut self,
        place: Place,
        minute: &Minute,
        session: Session,
        batch: &mut Batch,
    ) {
        for watch in &mut self.watched {
            watch.follow((place, minute), self.lookback, batch);
        }
        if session.close() <= minute.end() {
            self.end_watches(batch);
        }
    }

    /// Tells where the shares closed, and watches them no longer.
    pub(super) fn end_watches(&mut self, batch: &mut Batch) {
        for watch in std::mem::take(&mut self.watched) {
            let Some(last) = watch.last else { continue };
            batch.change(
                "UPDATE ghosts SET ret_close_pct = $1 WHERE id = $2",
                [watch.moved(last).into(), watch.ghost.into()],
            );
        }
    }
}

impl Watch {
    /// Follows the share through one minute.
    pub(super) fn follow(
        &mut self,
        (place, minute): (Place, &Minute),
        lookback: Lookback,
        batch: &mut Batch,
    ) {
        let after = minute.end() - self.at;
        if after <= Span::ZERO {
            return;
        }
        if let Some(bar) = minute.bar(self.slot) {
            self.last = Some(bar.close);
            if after <= Span::from_minutes(VOLUME_MINUTES) {
                self.volume += i64::from(bar.volume);
            }
        }
        let moved = self.last.map(|last| self.moved(last));
        if !self.told.0 && Span::from_minutes(VOLUME_MINUTES) <= after {
            self.told.0 = true;
            batch.change(
                "UPDATE ghosts SET changed = $1, ret_15m_pct = $2, volume_after = $3 WHERE id = $4",
                [
                    place.seq().into(),
                    moved.into(),
                    self.volume_after().into(),
                    self.ghost.clone().into(),
                ],
            );
        }
        if !self.told.1 && Span::from_minutes(SURGE_MINUTES) <= after {
            self.told.1 = true;
            let surge = moved.map_or(Judgement::Open, |moved| self.judge(moved, lookback));
            batch.change(
                "UPDATE ghosts SET changed = $1, ret_60m_pct = $2, surge = $3 WHERE id = $4",
                [place.seq().into(), moved.into(), surge.name().into(), self.ghost.clone().into()],
            );
        }
    }

    /// The volume of a minute after the refusal, against what was usual before.
    fn volume_after(&self) -> Option<f64> {
        #[expect(clippy::cast_precision_loss, reason = "volumes are far below 2^53")]
        let mean = self.volume as f64 / VOLUME_MINUTES as f64;
        self.volume_mean.filter(|before| 0.0 < *before).map(|before| mean / before)
    }

    /// As a surge of volume in the signal's way, whatever the exits would have made of it.
    fn judge(&self, moved: f64, lookback: Lookback) -> Judgement {
        let way = match self.direction {
            Direction::Long => moved,
            Direction::Short => -moved,
        };
        let costs = 2.0 * f64::from(lookback.half_spread_bps) / 100.0;
        let is_sustained = self.volume_after().is_some_and(|after| 1.0 <= after);
        Judgement::of_surge(way - costs, f64::from(lookback.surge_bps) / 100.0, is_sustained)
    }

    /// How far the share has moved, in percent.
    fn moved(&self, last: Price) -> f64 {
        (last.dollars() / self.price.dollars() - 1.0) * 100.0
    }
}

fn signal_of(ghost: GhostId, decision: &Decision) -> Option<&Signal> {
    decision.because.iter().find_map(|reason| {
        let Reason::Signal(signal) = reason else { return None };
        (signal.id == ghost.0).then_some(&**signal)
    })
}
