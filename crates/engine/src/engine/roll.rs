//! A contract near its end is closed, and one with a later expiry is opened in its place.
//!
//! The broker takes the two as two orders, so the close goes first: what is held is never twice as
//! much as was wished. Once it is closed the wish is a signal again, for its account alone, and every
//! gate is asked; where one refuses, the roll has ended as a close. Both orders are linked: the
//! signal names the position whose place it takes, and each execution of the new one says what the
//! exchange cost.

use backsight_domain::decision::{Effect, Reason, Rolling};
use backsight_domain::id::{AccountId, IntentId, PositionId, SignalId};
use backsight_domain::instrument::Instrument;
use backsight_domain::money::{Money, Rounding};
use backsight_domain::order::Fill;
use backsight_domain::price::Price;
use backsight_domain::signal::{FactorName, Rolled, Signal, Terms};
use backsight_domain::time::Span;

use super::{Engine, Pending};
use crate::exit::Plan;
use crate::playbook::{Wish, factor};
use crate::position::Position;

impl Engine {
    /// Wishes again for what a position was, with a later expiry.
    pub(super) fn roll(&mut self, position: &Position, exit: Price) {
        let Plan::Options(plan) = &*position.track.plan else { return };
        let (slot, horizon) = (position.slot, plan.horizon);
        let Some((origin, price)) = plan.origin.zip(self.market.last_price(slot)) else { return };
        let rolls = Rolled {
            position: position.id,
            account: position.account,
            instrument: position.instrument,
            quantity: position.traded.opened,
            exit,
        };
        let wish = Wish {
            direction: origin.direction,
            horizon,
            confidence: origin.confidence,
            breakdown: vec![factor(FactorName::Carried, origin.confidence)],
            suits_options: true,
            terms: Terms { rolls: Some(rolls), ..Terms::default() },
        };
        let features = self.market.features(slot, &self.policy, self.now);
        let mut signal = self.signal((slot, origin.playbook), wish, (features, price));
        signal.id = SignalId { cause: self.seq, index: self.scratch.rolls };
        self.scratch.rolls += 1;
        self.wait_for_chain(signal);
    }

    /// Lets a signal wait for quotes of contracts.
    pub(super) fn wait_for_chain(&mut self, signal: Box<Signal>) {
        let answer = Span::from_seconds(i64::from(self.policy.orders.answer_s));
        let until = (self.now + answer).min(signal.expires);
        self.effect(Effect::AskChain(signal.slot));
        self.pending.push(Pending { signal, until });
        self.wake_by(until);
    }

    /// Whether what a signal rolls is still under way.
    pub(super) fn is_rolling(&self, signal: &Signal) -> bool {
        let under_way = |account: AccountId, instrument: Instrument| {
            self.live_orders(account).any(|order| order.intent.instrument == instrument)
        };
        signal.terms.rolls.is_some_and(|rolls| under_way(rolls.account, rolls.instrument))
    }

    /// Says what an execution of a rolled position's successor cost beside what the old one brought.
    pub(super) fn note_roll(&mut self, intent: IntentId, fill: &Fill) {
        let plan = self.orders.get(&intent).and_then(|order| order.plan.as_deref());
        let Some(Plan::Options(plan)) = plan else { return };
        let Some(rolls) = plan.rolls else { return };
        let value = |price: Price, instrument: Instrument| {
            Money::of(price, fill.quantity, instrument.multiplier(), Rounding::HalfEven)
        };
        let more = value(fill.price, fill.instrument) - value(rolls.exit, rolls.instrument);
        let cost = if fill.side.sign() < 0 { -more } else { more };
        let held = self.positions.get(&(fill.account, fill.instrument));
        let to = held.map_or(PositionId(intent), |held| held.id);
        self.because(Reason::Rolled(Rolling { from: rolls.position, to, cost }));
    }
}
