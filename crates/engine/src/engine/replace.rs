//! Orders that take another's place.
//!
//! A resting exit whose time is over is priced again by an order that replaces it: the venue swaps
//! the two at once, so that neither no exit works nor two. Whatever fills the first before the
//! swap is less for the second, since its quantity counts what both fill. Every refusal leads back
//! to the plain way, a cancel and a new intent: the first still works, and its time is over.
//!
//! Somebody else may replace an order of ours by hand. The order in its place is foreign: it is
//! never managed, its executions are counted, and while it stands nothing else of ours is sent for
//! the same shares.

use backsight_domain::decision::OrderPhase;
use backsight_domain::desk::Alarm;
use backsight_domain::id::{AccountId, IntentId, VenueId};
use backsight_domain::order::{AccountReport, Intent, OrderKind, OrderRef};
use backsight_domain::quantity::Quantity;

use super::Engine;
use crate::gate;
use crate::order::{Heard, Order, OrderState};

impl Engine {
    /// Sends the next try of an exit as an order that replaces the one that rests. False where
    /// that cannot be, or the policy does not want it.
    pub(super) fn reprice(&mut self, resting: IntentId) -> bool {
        let Some(intent) = self.repriced(&self.orders[&resting]) else { return false };
        let key = (intent.account, intent.instrument);
        let intent = Intent { id: self.next_intent(), ..intent };
        let (position, order) = (&self.positions[&key], &self.orders[&resting]);
        let approved = gate::approve_replacing(position, order, intent);
        self.try_exit(key, approved);
        let (now, fence) = (self.now, self.fence());
        self.move_order(resting, |order| order.hear(Heard::ReplaceAsked, now, fence));
        true
    }

    /// What would replace a resting exit: the same at another limit. A venue changes the price of
    /// an order, not its kind, and nothing of a symbol that does not trade.
    fn repriced(&self, order: &Order) -> Option<Intent> {
        let key = (order.intent.account, order.intent.instrument);
        let position = self.positions.get(&key)?;
        let leaving = position.leaving.filter(|leaving| leaving.order == Some(order.intent.id))?;
        let session = self.market.session()?;
        let trades = session.open() <= self.now
            && self.now < session.close()
            && !self.market.is_halted(position.slot);
        let mut others = self
            .live_orders(key.0)
            .filter(|other| other.intent.instrument == key.1 && other.intent.id != order.intent.id);
        // What is held is known only when all executions are.
        let is_sure = others.next().is_none() && !order.lacks_fills();
        if !self.policy.orders.exit_replace || !trades || !is_sure {
            return None;
        }
        let intent = self.exit_intent(position, leaving);
        let (OrderKind::Limit(old), OrderKind::Limit(new)) = (order.intent.kind, intent.kind)
        else {
            return None;
        };
        let quantity = order.filled + intent.quantity;
        let replaces = Some(order.intent.id);
        // The sale of a part may have been all that was left of it.
        let wanted = intent.quantity.is_positive();
        (old != new && wanted).then_some(Intent { quantity, replaces, ..intent })
    }

    /// What the new state of an order means for the one it replaces, and for the one that is to
    /// replace it.
    pub(super) fn follow_replacement(&mut self, intent: IntentId, to: OrderPhase) {
        let (now, fence) = (self.now, self.fence());
        let never_lived = matches!(to, OrderPhase::Rejected | OrderPhase::Abandoned);
        let replaces = self.orders[&intent].intent.replaces.filter(|_| never_lived);
        if let Some(old) = replaces {
            let waits = self.orders.get(&old).is_some_and(|o| o.phase() == OrderPhase::Replacing);
            self.move_order(old, |order| order.hear(Heard::ReplaceFailed, now, fence));
            if waits {
                // It may have traded meanwhile: the venue knows.
                self.ask_about(old);
            }
        }
        if to == OrderPhase::Displaced {
            self.alarm(Alarm::OrderDisplaced);
            self.ask_report(usize::from(self.orders[&intent].intent.account.0));
        }
        let ended_otherwise = matches!(
            to,
            OrderPhase::Filled
                | OrderPhase::Cancelled
                | OrderPhase::Rejected
                | OrderPhase::Displaced
        );
        let successor = self.successor(intent).filter(|_| ended_otherwise);
        if let Some(order) = successor.filter(|order| self.orders[order].filled.is_zero()) {
            self.move_order(order, |order| order.hear(Heard::PlaceGone, now, fence));
        }
    }

    /// The order that is to replace another, or did, and may live.
    fn successor(&self, replaced: IntentId) -> Option<IntentId> {
        let may_live =
            |id| self.live.contains_key(&id) || self.orders[&id].phase() == OrderPhase::Abandoned;
        // What takes an order's place is decided after it, and almost every order is the last.
        let mut orders = self.orders.after(&replaced).map(|order| &order.intent);
        orders
            .find(|intent| intent.replaces == Some(replaced) && may_live(intent.id))
            .map(|intent| intent.id)
    }

    /// What an order fills is less for the one that replaces it.
    pub(super) fn carry(&mut self, replaced: IntentId, filled: Quantity) {
        let Some(successor) = self.successor(replaced) else { return };
        let (now, fence) = (self.now, self.fence());
        self.move_order(successor, |order| {
            order.carried += filled;
            if order.filled.is_positive() && !order.is_done() {
                order.hear(Heard::Executed, now, fence);
            }
        });
    }

    /// A foreign order ended. If it stood in the place of one of ours, a report brings what it
    /// traded.
    pub(super) fn note_foreign_end(&mut self, account: AccountId, venue: VenueId) {
        let stood = self.live_orders(account).any(|order| displaced_by(order) == Some(venue));
        if stood {
            self.ask_report(usize::from(account.0));
        }
    }

    /// Orders of ours that somebody replaced are over when a report shows neither order.
    pub(super) fn miss_displaced(&mut self, report: &AccountReport) {
        let shows = |order| report.open_orders.iter().any(|update| update.order == order);
        let missed: Vec<_> = self
            .live_orders(report.account)
            .filter(|order| {
                displaced_by(order).is_some_and(|by| {
                    !shows(OrderRef::Foreign(by)) && !shows(OrderRef::Ours(order.intent.id))
                })
            })
            .map(|order| order.intent.id)
            .collect();
        let (now, fence) = (self.now, self.fence());
        for intent in missed {
            self.move_order(intent, |order| order.hear(Heard::Missed, now, fence));
        }
    }
}

const fn displaced_by(order: &Order) -> Option<VenueId> {
    match order.state {
        OrderState::Displaced(displaced) => Some(displaced.by),
        OrderState::Sent(_)
        | OrderState::Unknown(_)
        | OrderState::Working(_)
        | OrderState::Cancelling(_)
        | OrderState::Replacing(_)
        | OrderState::Done(_) => None,
    }
}
