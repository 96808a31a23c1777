//! The life of an order, from intent to its end.
//!
//! One transition table: `Order::hear` takes what was heard (or that nothing was) and moves the
//! order. States that need different facts are different types. Terminal states never change, and
//! the venue's cumulative quantity only grows; a late `new` after `filled` is recorded by the
//! caller and changes nothing here.
//!
//! | from \ heard | known, working | known, final | executed whole | refused | not found | unclear, silence |
//! |---|---|---|---|---|---|---|
//! | sent | working | its end | filled | rejected | unknown | unknown |
//! | unknown | working | its end | filled | rejected | unknown until the fence, then abandoned | unknown |
//! | working | working | its end | filled | working | unknown | working |
//! | cancelling | cancelling | its end | filled | cancelling | unknown | cancelling |
//! | replacing | replacing | its end | filled | replacing | unknown | replacing |
//! | displaced | displaced | displaced | filled | displaced | displaced | displaced |
//! | abandoned | working | its end | filled | abandoned | abandoned | abandoned |
//! | done | done | done | done | done | done | done |
//!
//! An order that is *replacing* has a successor of ours on its way, which is an order like any
//! other and says what it replaces. The end of each follows from the other: a successor that was
//! refused leaves its predecessor working, and one whose predecessor ended in another way than by
//! it never lived (`Engine::follow_replacement`). An order that somebody else replaced is
//! *displaced* until the foreign order in its place is gone.
//!
//! Executions that add up to the whole order end it, whatever the venue has said so far; those of a
//! part of it say nothing about its state.
//!
//! *Abandoned* is the one end that the venue did not tell. When the order turns up after all it is
//! as live as any other, and since its intent has expired it is cancelled.

use backsight_domain::decision::OrderPhase;
use backsight_domain::id::VenueId;
use backsight_domain::order::{Intent, OrderRef, OrderStatus, OrderUpdate, Refusal};
use backsight_domain::quantity::Quantity;
use backsight_domain::time::{Span, Time};

use crate::exit::Plan;

/// An intent that was decided, and all that is known of the order it became.
#[derive(Clone, Debug, PartialEq)]
pub struct Order {
    /// What we wanted.
    pub intent: Intent,
    /// Where it stands.
    pub state: OrderState,
    /// The sum of the executions we applied.
    pub filled: Quantity,
    /// What the order it replaces filled of the intent's quantity.
    pub carried: Quantity,
    /// The most the venue ever said was filled.
    pub reported: Quantity,
    /// When it was decided.
    pub decided: Time,
    /// How often it was sent under its one id.
    pub sends: u8,
    /// What the position that an opening makes is closed by, until there is one.
    pub plan: Option<Box<Plan>>,
}

/// Where an order stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OrderState {
    /// Durable and sent; the answer is awaited.
    Sent(Sent),
    /// Nobody knows whether the venue has it.
    Unknown(Unknown),
    /// The venue has it.
    Working(Working),
    /// The venue has it and was asked to cancel it.
    Cancelling(Cancelling),
    /// The venue has it and was asked to put another of ours in its place.
    Replacing(Replacing),
    /// Somebody else's order stands in its place.
    Displaced(Displaced),
    /// It ended.
    Done(Done),
}

/// Sent, no answer yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sent {
    /// When.
    pub at: Time,
}

/// Outcome unknown: the venue is asked at growing intervals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unknown {
    /// Since when.
    pub since: Time,
    /// How often the venue was asked.
    pub asked: u8,
    /// When it is asked next.
    pub next: Time,
}

/// At the venue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Working {
    /// The venue's name for it.
    pub venue: VenueId,
    /// Since when.
    pub since: Time,
    /// When something was last heard or asked.
    pub heard: Time,
}

/// At the venue, a cancel on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cancelling {
    /// The venue's name for it.
    pub venue: VenueId,
    /// When the cancel was last sent.
    pub asked: Time,
}

/// At the venue, its successor on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Replacing {
    /// The venue's name for it.
    pub venue: VenueId,
    /// When something was last asked about it.
    pub asked: Time,
}

/// Replaced by somebody else's order, which trades what was left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Displaced {
    /// The venue's name for the other order.
    pub by: VenueId,
    /// When the account was last asked for.
    pub asked: Time,
    /// How many reports did not show it.
    pub missed: u8,
}

/// Ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Done {
    /// How.
    pub phase: OrderPhase,
    /// When we learned it.
    pub at: Time,
}

/// What was heard about an order.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Heard<'a> {
    /// The venue knows it.
    Known(&'a OrderUpdate),
    /// It was executed, in part or whole; the caller has added the quantity.
    Executed,
    /// The venue refused to take it.
    Refused(Refusal),
    /// The venue refused to cancel it.
    CancelRefused,
    /// The venue does not know it.
    NotFound,
    /// Nothing, or nothing readable.
    Nothing,
    /// We asked for its cancellation.
    CancelAsked,
    /// We sent an order that replaces it.
    ReplaceAsked,
    /// That order never came to live.
    ReplaceFailed,
    /// The order it was to replace ended in another way.
    PlaceGone,
    /// A report shows neither it nor the order that displaced it.
    Missed,
}

impl Heard<'_> {
    /// Whether only an order that reached the venue makes it heard.
    const fn is_sign_of_life(self) -> bool {
        matches!(self, Self::Known(_) | Self::Executed)
    }
}

/// Intervals at which an unknown order is asked about, in seconds.
const ASK_AFTER_S: [i64; 5] = [1, 2, 4, 8, 16];

/// Reports without the order that displaced one of ours, until it counts as gone: the first may
/// have been read before.
const MISSES: u8 = 2;

impl Order {
    /// Whether it adds to what the account holds anyway.
    pub(crate) fn adds(&self) -> bool {
        self.plan.as_ref().is_some_and(|plan| plan.adds())
    }

    /// A new order, sent now.
    pub(crate) fn send(intent: Intent, at: Time) -> Self {
        let state = OrderState::Sent(Sent { at });
        let none = Quantity::ZERO;
        Self {
            intent,
            state,
            filled: none,
            carried: none,
            reported: none,
            decided: at,
            sends: 1,
            plan: None,
        }
    }

    /// The state's name.
    pub const fn phase(&self) -> OrderPhase {
        match &self.state {
            OrderState::Sent(_) => OrderPhase::Sent,
            OrderState::Unknown(_) => OrderPhase::Unknown,
            OrderState::Working(_) => OrderPhase::Working,
            OrderState::Cancelling(_) => OrderPhase::Cancelling,
            OrderState::Replacing(_) => OrderPhase::Replacing,
            OrderState::Displaced(_) => OrderPhase::Displaced,
            OrderState::Done(done) => done.phase,
        }
    }

    /// Whether nothing more is expected but late fills.
    pub const fn is_done(&self) -> bool {
        matches!(self.state, OrderState::Done(_))
    }

    /// Whether the venue says more was filled than we have seen executions for.
    pub fn lacks_fills(&self) -> bool {
        self.filled < self.reported
    }

    /// What is to be filled under this order: less than the intent says when a part of that was
    /// filled under the order it replaces.
    pub fn whole(&self) -> Quantity {
        self.intent.quantity - self.carried
    }

    /// What may still be filled: nothing, when more than was ordered already is.
    pub fn remaining(&self) -> Quantity {
        let rest = self.whole() - self.filled;
        if self.is_done() { Quantity::ZERO } else { rest.max(Quantity::ZERO) }
    }

    /// Moves the order by what was heard. The one transition table.
    pub(crate) fn hear(&mut self, heard: Heard<'_>, now: Time, fence: Span) {
        if let Heard::Known(update) = heard {
            self.reported = self.reported.max(update.filled);
        }
        self.state = match (&self.state, heard) {
            (OrderState::Done(done), heard)
                if done.phase != OrderPhase::Abandoned || !heard.is_sign_of_life() =>
            {
                OrderState::Done(*done)
            }
            (_, Heard::Executed) if self.whole() <= self.filled => {
                OrderState::Done(Done { phase: OrderPhase::Filled, at: now })
            }
            (OrderState::Displaced(displaced), heard) => displaced.hear(heard, now),
            (_, Heard::PlaceGone) => {
                OrderState::Done(Done { phase: OrderPhase::Rejected, at: now })
            }
            // It is there, but not known under which name and how much of it is left.
            (OrderState::Done(_), Heard::Executed) => unknown_since(now),
            (state, Heard::Executed | Heard::Missed) => state.clone(),
            (OrderState::Cancelling(_) | OrderState::Replacing(_), Heard::Known(update)) => {
                end_of(&update.status, now).unwrap_or_else(|| self.state.clone())
            }
            (
                OrderState::Sent(_)
                | OrderState::Unknown(_)
                | OrderState::Working(_)
                | OrderState::Done(_),
                Heard::Known(update),
            ) => end_of(&update.status, now).unwrap_or_else(|| self.working(update, now)),
            // The first sending may still be on its way.
            (OrderState::Unknown(unknown), Heard::Refused(_)) if 1 < self.sends => {
                OrderState::Unknown(*unknown)
            }
            (OrderState::Sent(_) | OrderState::Unknown(_), Heard::Refused(refusal)) => {
                refused(refusal, now)
            }
            // Perhaps it just traded: it is asked about, and told again after a while.
            (OrderState::Cancelling(cancelling), Heard::CancelRefused | Heard::Refused(_)) => {
                OrderState::Cancelling(Cancelling { asked: now, ..*cancelling })
            }
            (OrderState::Unknown(unknown), Heard::NotFound) => self.not_found(*unknown, now, fence),
            (
                OrderState::Sent(_)
                | OrderState::Working(_)
                | OrderState::Cancelling(_)
                | OrderState::Replacing(_),
                Heard::NotFound,
            )
            | (OrderState::Sent(_), Heard::Nothing) => unknown_since(now),
            (OrderState::Working(working), Heard::CancelAsked) => {
                OrderState::Cancelling(Cancelling { venue: working.venue, asked: now })
            }
            (OrderState::Cancelling(cancelling), Heard::CancelAsked) => {
                OrderState::Cancelling(Cancelling { asked: now, ..*cancelling })
            }
            (OrderState::Working(working), Heard::ReplaceAsked) => {
                OrderState::Replacing(Replacing { venue: working.venue, asked: now })
            }
            (OrderState::Replacing(replacing), Heard::ReplaceFailed) => {
                OrderState::Working(Working { venue: replacing.venue, since: now, heard: now })
            }
            (
                state,
                Heard::Refused(_)
                | Heard::CancelRefused
                | Heard::NotFound
                | Heard::Nothing
                | Heard::CancelAsked
                | Heard::ReplaceAsked
                | Heard::ReplaceFailed,
            ) => state.clone(),
        };
    }

    fn working(&self, update: &OrderUpdate, now: Time) -> OrderState {
        let since = match &self.state {
            OrderState::Working(working) => working.since,
            OrderState::Sent(_)
            | OrderState::Unknown(_)
            | OrderState::Cancelling(_)
            | OrderState::Replacing(_)
            | OrderState::Displaced(_)
            | OrderState::Done(_) => now,
        };
        OrderState::Working(Working { venue: update.venue, since, heard: now })
    }

    fn not_found(&self, unknown: Unknown, now: Time, fence: Span) -> OrderState {
        let asked_enough = ASK_AFTER_S.len() <= usize::from(unknown.asked);
        let past_fence = unknown.since + fence <= now && self.intent.valid_until < now;
        if asked_enough && past_fence {
            OrderState::Done(Done { phase: OrderPhase::Abandoned, at: now })
        } else {
            OrderState::Unknown(unknown)
        }
    }

    /// Notes that the venue is asked about the order now, and when to ask about an unknown one
    /// again.
    pub(crate) fn ask(&mut self, now: Time) {
        match &mut self.state {
            OrderState::Unknown(unknown) => {
                unknown.asked = unknown.asked.saturating_add(1);
                let step = usize::from(unknown.asked).min(ASK_AFTER_S.len() - 1);
                unknown.next = now + Span::from_seconds(ASK_AFTER_S[step]);
            }
            OrderState::Working(working) => working.heard = now,
            OrderState::Replacing(replacing) => replacing.asked = now,
            OrderState::Displaced(displaced) => displaced.asked = now,
            OrderState::Sent(_) | OrderState::Cancelling(_) | OrderState::Done(_) => {}
        }
    }
}

impl Displaced {
    /// Only reports tell when the other order is gone: with its executions.
    fn hear(self, heard: Heard<'_>, now: Time) -> OrderState {
        let missed = self.missed + u8::from(matches!(heard, Heard::Missed));
        if MISSES <= missed {
            return OrderState::Done(Done { phase: OrderPhase::Replaced, at: now });
        }
        OrderState::Displaced(Self { missed, ..self })
    }
}

fn refused(refusal: Refusal, now: Time) -> OrderState {
    match refusal {
        // The id was used, or the place is taken, perhaps by this very order: it is looked for. A
        // turned-away request may have been counted.
        Refusal::DuplicateId | Refusal::AlreadyReplaced | Refusal::RateLimited => {
            unknown_since(now)
        }
        Refusal::BuyingPower
        | Refusal::NotHeld
        | Refusal::WashTrade
        | Refusal::PriceAway
        | Refusal::NotTradable
        | Refusal::MarketClosed
        | Refusal::Malformed
        | Refusal::NotCancelable
        | Refusal::NotReplaceable
        | Refusal::Unchanged
        | Refusal::NothingLeft
        | Refusal::Unauthorised => OrderState::Done(Done { phase: OrderPhase::Rejected, at: now }),
    }
}

fn unknown_since(now: Time) -> OrderState {
    let next = now + Span::from_seconds(ASK_AFTER_S[0]);
    OrderState::Unknown(Unknown { since: now, asked: 0, next })
}

fn end_of(status: &OrderStatus, now: Time) -> Option<OrderState> {
    let phase = match status {
        OrderStatus::Filled => OrderPhase::Filled,
        OrderStatus::Cancelled | OrderStatus::Expired => OrderPhase::Cancelled,
        OrderStatus::Replaced { by: OrderRef::Ours(_) } => OrderPhase::Replaced,
        OrderStatus::Replaced { by: OrderRef::Foreign(by) } => {
            return Some(OrderState::Displaced(Displaced { by: *by, asked: now, missed: 0 }));
        }
        OrderStatus::Rejected => OrderPhase::Rejected,
        OrderStatus::Accepted
        | OrderStatus::New
        | OrderStatus::PartiallyFilled
        | OrderStatus::PendingCancel
        | OrderStatus::PendingReplace
        | OrderStatus::Other(_) => return None,
    };
    Some(OrderState::Done(Done { phase, at: now }))
}

#[cfg(test)]
mod tests;
