//! Orders that take another's place, as the broker's PATCH has it: a new order with an id of its own,
//! a time in which the old one may still trade, and what it trades is less for the new one.

use backsight_domain::id::{AccountId, VenueId};
use backsight_domain::order::{Intent, OrderKind, Refusal};
use backsight_domain::quantity::Quantity;
use backsight_domain::time::Time;

use super::order::{Manual, Order, OrderNo, Stage};
use super::tape::Tape;
use super::{Exchange, Task};

impl Exchange {
    /// Takes an order that is to replace another; the two are swapped one travel later.
    pub(super) fn replace(
        &mut self,
        at: Time,
        old: OrderNo,
        (intent, wanted): (Option<Intent>, &Manual),
        tape: &dyn Tape,
    ) -> Result<OrderNo, Refusal> {
        let order = &self.orders[old.0];
        check(order, wanted)?;
        let rest = Manual { quantity: wanted.quantity - order.filled, ..*wanted };
        let taken = self.admit(at, &rest, (tape, Some(old)))?;
        self.orders[old.0].stage = Stage::PendingReplace;
        self.tell(at, old);
        let new = self.enter(at, Stage::Pending, (intent, wanted), taken);
        let done = at + self.config.latency_to.draw(&mut self.chance);
        self.agenda.plan(done, Task::Swap(old, new));
        Ok(new)
    }

    /// Puts the new order in the place of the old one, unless that has ended or traded too much.
    pub(super) fn swap(&mut self, at: Time, old: OrderNo, new: OrderNo) {
        let rest = self.orders[new.0].terms.quantity - self.orders[old.0].filled;
        let is_waiting = self.orders[old.0].stage == Stage::PendingReplace;
        if !is_waiting || !rest.is_positive() {
            if is_waiting {
                self.orders[old.0].stage = Stage::Working;
                self.tell(at, old);
            }
            return self.end(at, new, Stage::Rejected);
        }
        self.end(at, old, Stage::Replaced(self.orders[new.0].name()));
        let order = &mut self.orders[new.0];
        (order.terms.quantity, order.stage) = (rest, Stage::Working);
        self.tell(at, new);
        self.agenda.plan(at, Task::Look(new));
    }

    pub(super) fn take_replacement(
        &mut self,
        at: Time,
        (account, venue): (AccountId, VenueId),
        (kind, quantity): (OrderKind, Quantity),
        tape: &dyn Tape,
    ) {
        if let Some(old) = self.number_of(account, venue) {
            let wanted = Manual { quantity, kind, ..self.orders[old.0].terms };
            // Who is refused by hand sees it, and nobody else does.
            self.replace(at, old, (None, &wanted), tape).ok();
        }
    }
}

/// Refuses what cannot be replaced, and what is no replacement, in the broker's order.
fn check(old: &Order, wanted: &Manual) -> Result<(), Refusal> {
    let has_triggered = old.live != old.terms.kind;
    match old.stage {
        Stage::Working if !has_triggered => {}
        Stage::Replaced(_) => return Err(Refusal::AlreadyReplaced),
        Stage::Accepted
        | Stage::Working
        | Stage::PendingCancel
        | Stage::PendingReplace
        | Stage::Pending
        | Stage::Filled
        | Stage::Cancelled
        | Stage::Expired
        | Stage::Rejected => return Err(Refusal::NotReplaceable),
    }
    let Manual { account, instrument, side, quantity: _, kind, lasts: _, closes: _ } = old.terms;
    let is_same_kind = std::mem::discriminant(&kind) == std::mem::discriminant(&wanted.kind);
    if (account, instrument, side) != (wanted.account, wanted.instrument, wanted.side)
        || !is_same_kind
    {
        return Err(Refusal::Malformed);
    }
    if old.terms == *wanted {
        return Err(Refusal::Unchanged);
    }
    if wanted.quantity <= old.filled { Err(Refusal::NothingLeft) } else { Ok(()) }
}
