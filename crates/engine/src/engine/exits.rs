//! Orders that leave what is held: one at a time for each position, until nothing is left. What was
//! sold on a holding goes before it: the holding covers it.

use backsight_domain::cover;
use backsight_domain::decision::Effect;
use backsight_domain::desk::Alarm;
use backsight_domain::id::{AccountId, IntentId};
use backsight_domain::instrument::Instrument;
use backsight_domain::money::Money;
use backsight_domain::order::{ExitReason, Intent, OrderKind, Purpose, Side, TimeInForce};
use backsight_domain::price::Price;
use backsight_domain::session::Session;
use backsight_domain::time::Span;

use super::Engine;
use crate::gate::{self, Approved};
use crate::ghost::closing_side;
use crate::position::{Leaving, Position};

impl Engine {
    /// Sends the next order of every exit whose time has come.
    pub(super) fn pursue_exits(&mut self) {
        if self.scratch.leaving.is_empty() {
            return;
        }
        let positions = &self.positions;
        let is_left = |key: &_| positions.get(key).is_some_and(|held| held.leaving.is_some());
        self.scratch.leaving.retain(|key, ()| is_left(key));
        let due = |leaving| self.next_try(leaving).is_some_and(|due| due <= self.now);
        let leaving = self.scratch.leaving.keys().map(|key| &self.positions[key]);
        let wanting: Vec<_> = leaving
            .filter(|position| position.leaving.is_some_and(due))
            .filter(|position| !self.market.is_halted(position.slot))
            .map(|position| (position.account, position.instrument))
            .collect();
        for key in wanting {
            self.pursue(key);
        }
    }

    fn pursue(&mut self, key: (AccountId, Instrument)) {
        // An opposite order of our own rests: the venue would refuse, so it goes first.
        let opposite: Vec<_> = self
            .live_orders(key.0)
            .filter(|order| order.intent.instrument == key.1)
            .map(|order| order.intent.id)
            .collect();
        if !opposite.is_empty() {
            for intent in opposite {
                self.ask_cancel(intent);
            }
            return;
        }
        let Some(session) = self.market.session() else { return };
        if session.close() <= self.now || self.now < session.open() {
            return;
        }
        let waits = self.waits_for_quotes(&self.positions[&key], session);
        if !waits && self.release_cover(key) {
            self.send_exit(key);
        }
    }

    /// Whether the exit of two contracts as one waits for a price: no venue takes them at the market,
    /// so that without one only the end of the session makes it ask for all that they can cost.
    fn waits_for_quotes(&self, position: &Position, session: Session) -> bool {
        const PATIENCE: Span = Span::from_minutes(30);
        let most_s = self.policy.option_exits.mark_age_max_s;
        let which = (position.instrument, position.slot);
        matches!(position.instrument, Instrument::Vertical(_))
            && PATIENCE < session.close() - self.now
            && self.market.fresh_mark(which, self.now, most_s).is_none()
    }

    /// Whether a holding covers nothing that was sold. If it does, that is bought back first.
    fn release_cover(&mut self, key: (AccountId, Instrument)) -> bool {
        let position = &self.positions[&key];
        let (excess, ticker) = (position.excess(), key.1.underlying());
        let on_it = |(account, instrument): &&(AccountId, Instrument)| {
            *account == key.0 && instrument.underlying() == ticker && *instrument != key.1
        };
        let sold = |key: &&(AccountId, Instrument)| {
            let position = &self.positions[*key];
            // Two as one bring their own cover.
            let alone = matches!(position.instrument, Instrument::Option(_));
            alone && !position.quantity.is_positive()
        };
        let sold: Vec<_> = self.positions.keys().filter(on_it).filter(sold).copied().collect();
        if sold.is_empty() || !position.quantity.is_positive() {
            return true;
        }
        let mut held = self.held(key.0);
        let before = cover::requirement(&held);
        cover::add(&mut held, key.1, -excess);
        let cash = self.accounts[usize::from(key.0.0)].cash();
        let secured = |after: Money| after <= cash || before.is_some_and(|before| after <= before);
        if cover::requirement(&held).is_some_and(secured) {
            return true;
        }
        for covered in sold {
            let position = self.positions.get_mut(&covered).expect("it was just listed");
            if position.leave(ExitReason::CoverLeaves) {
                self.scratch.leaving.add(covered);
            }
        }
        self.wake_by(self.now);
        false
    }

    fn send_exit(&mut self, key: (AccountId, Instrument)) {
        let id = self.next_intent();
        let position = &self.positions[&key];
        let leaving = position.leaving.expect("only leaving positions are pursued");
        let intent = Intent { id, ..self.exit_intent(position, leaving) };
        let approved = gate::approve_closing(position, intent);
        self.try_exit(key, approved);
    }

    /// The next order of an exit, before it has an identity.
    pub(super) fn exit_intent(&self, position: &Position, leaving: Leaving) -> Intent {
        let orders = &self.policy.orders;
        let side = closing_side(position.track.direction);
        let urgent = orders.exit_market || orders.exit_limit_tries <= leaving.tries;
        let limit = || match position.instrument {
            Instrument::Equity(_) => {
                let mark = self.market.last_price(position.slot)?;
                let steps = i64::from(orders.exit_concession_bps) * (i64::from(leaving.tries) + 1);
                let price = mark.moved_bps(side.sign() * steps);
                Some(match side {
                    Side::Sell => price.floor_to_quote(),
                    Side::Buy => price.ceil_to_quote(),
                })
            }
            Instrument::Option(_) | Instrument::Vertical(_) => {
                self.option_limit(position, (side, leaving.tries))
            }
        };
        let limit = if urgent { None } else { limit() };
        let limit = limit.or_else(|| worst_limit(position.instrument, side));
        let kind = limit.map_or(OrderKind::Market, OrderKind::Limit);
        Intent {
            id: IntentId { cause: self.seq, leg: 0 },
            account: position.account,
            instrument: position.instrument,
            side,
            quantity: position.excess(),
            kind,
            lasts: TimeInForce::Day,
            purpose: Purpose::Close { position: position.id, reason: leaving.reason },
            replaces: None,
            valid_until: self.now + Span::from_seconds(i64::from(orders.exit_ttl_s)),
            policy: self.version,
        }
    }

    /// Counts a try of an exit and sends it.
    pub(super) fn try_exit(&mut self, key: (AccountId, Instrument), approved: Approved) {
        let position = self.positions.get_mut(&key).expect("what is left is held");
        let leaving = position.leaving.expect("only leaving positions are pursued");
        let tries = leaving.tries + 1;
        let alarming = tries == self.policy.orders.exit_alarm_tries;
        let order = Some(approved.intent().id);
        position.leaving = Some(Leaving { tries, order, ..leaving });
        self.scratch.leaving.remove(&key);
        self.submit(approved);
        if alarming {
            self.alarm(Alarm::ExitStuck);
        }
    }

    /// Asks the venue to cancel an order, once per asking interval.
    pub(super) fn ask_cancel(&mut self, intent: IntentId) {
        use crate::order::{Heard, OrderState};
        let (now, fence) = (self.now, self.fence());
        let again = Span::from_seconds(i64::from(self.policy.orders.answer_s));
        let order = &self.orders[&intent];
        let due = match &order.state {
            OrderState::Working(_) => true,
            OrderState::Cancelling(cancelling) => cancelling.asked + again <= now,
            OrderState::Sent(_)
            | OrderState::Unknown(_)
            | OrderState::Replacing(_)
            | OrderState::Displaced(_)
            | OrderState::Done(_) => false,
        };
        if due {
            let account = order.intent.account;
            self.move_order(intent, |order| order.hear(Heard::CancelAsked, now, fence));
            self.effect(Effect::Cancel { account, intent });
        }
    }
}

/// The worst limit there is for two contracts as one, which no venue takes at the market.
fn worst_limit(instrument: Instrument, side: Side) -> Option<Price> {
    match (instrument, side) {
        (Instrument::Equity(_) | Instrument::Option(_), _) => None,
        (Instrument::Vertical(_), Side::Sell) => Price::from_cents(1),
        (Instrument::Vertical(vertical), Side::Buy) => Price::from_ticks(vertical.width()),
    }
}
