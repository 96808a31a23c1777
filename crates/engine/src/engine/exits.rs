//! Orders that leave what is held: one at a time for each position, until nothing is left.

use backsight_domain::decision::Effect;
use backsight_domain::desk::Alarm;
use backsight_domain::id::{AccountId, IntentId};
use backsight_domain::instrument::Instrument;
use backsight_domain::order::{Intent, OrderKind, Purpose, Side, TimeInForce};
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
        self.send_exit(key);
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
