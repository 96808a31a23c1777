//! One order as the exchange keeps it.

use backsight_domain::id::{AccountId, VenueId};
use backsight_domain::instrument::Instrument;
use backsight_domain::order::{
    Intent, OrderKind, OrderRef, OrderStatus, OrderUpdate, Purpose, Side, TimeInForce,
};
use backsight_domain::price::Price;
use backsight_domain::quantity::Quantity;
use backsight_domain::time::Time;

/// The place of an order among all that were ever taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct OrderNo(pub(super) usize);

/// What a person at the same account orders by hand, without a client order id of the desk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Manual {
    /// The account.
    pub account: AccountId,
    /// What.
    pub instrument: Instrument,
    /// Buy or sell.
    pub side: Side,
    /// How much.
    pub quantity: Quantity,
    /// At what price.
    pub kind: OrderKind,
    /// How long.
    pub lasts: TimeInForce,
    /// Whether it may only reduce what is held, as orders for contracts say.
    pub closes: bool,
}

/// An order that was taken. Refused requests leave none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Order {
    /// The exchange's name for it.
    pub venue: VenueId,
    /// The intent it came with; `None` for a person's order.
    pub intent: Option<Intent>,
    /// What was ordered. Until it took another's place, the quantity counts what that one filled.
    pub terms: Manual,
    /// When it reached the exchange.
    pub received: Time,
    /// How far it has come.
    pub stage: Stage,
    /// How much was filled in all.
    pub filled: Quantity,
    /// What each unit reserves of the buying power when the order opens.
    pub(super) reserve: Price,
    /// What it does at the market: a stop becomes something else when it triggers.
    pub(super) live: OrderKind,
    /// Trades at its own price before its turn comes; `None` until it has rested.
    pub(super) ahead: Option<u8>,
}

/// How far an order has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Waiting for the session.
    Accepted,
    /// At the market.
    Working,
    /// Perhaps still at the market, while a cancel is under way.
    PendingCancel,
    /// Perhaps still at the market, while another is about to take its place.
    PendingReplace,
    /// About to take another's place.
    Pending,
    /// All filled.
    Filled,
    /// Ended by a cancel.
    Cancelled,
    /// Ended by its time in force.
    Expired,
    /// Ended by another that took its place.
    Replaced(OrderRef),
    /// Refused after it was taken.
    Rejected,
}

impl Stage {
    /// Whether nothing can follow.
    pub const fn is_final(self) -> bool {
        match self {
            Self::Accepted
            | Self::Working
            | Self::PendingCancel
            | Self::PendingReplace
            | Self::Pending => false,
            Self::Filled | Self::Cancelled | Self::Expired | Self::Replaced(_) | Self::Rejected => {
                true
            }
        }
    }
}

impl Order {
    /// What is not filled yet.
    pub fn rest(&self) -> Quantity {
        self.terms.quantity - self.filled
    }

    /// How messages name it.
    pub fn name(&self) -> OrderRef {
        self.intent.map_or(OrderRef::Foreign(self.venue), |intent| OrderRef::Ours(intent.id))
    }

    /// Its state as the exchange tells it.
    pub fn update(&self) -> OrderUpdate {
        OrderUpdate {
            account: self.terms.account,
            order: self.name(),
            venue: self.venue,
            status: self.status(),
            filled: self.filled,
        }
    }

    fn status(&self) -> OrderStatus {
        match self.stage {
            Stage::Accepted | Stage::Pending => OrderStatus::Accepted,
            Stage::Working if self.filled.is_zero() => OrderStatus::New,
            Stage::Working => OrderStatus::PartiallyFilled,
            Stage::PendingCancel => OrderStatus::PendingCancel,
            Stage::PendingReplace => OrderStatus::PendingReplace,
            Stage::Filled => OrderStatus::Filled,
            Stage::Cancelled => OrderStatus::Cancelled,
            Stage::Expired => OrderStatus::Expired,
            Stage::Replaced(by) => OrderStatus::Replaced { by },
            Stage::Rejected => OrderStatus::Rejected,
        }
    }
}

impl From<&Intent> for Manual {
    fn from(intent: &Intent) -> Self {
        let is_contract = !matches!(intent.instrument, Instrument::Equity(_));
        Self {
            account: intent.account,
            instrument: intent.instrument,
            side: intent.side,
            quantity: intent.quantity,
            kind: intent.kind,
            lasts: intent.lasts,
            closes: is_contract && matches!(intent.purpose, Purpose::Close { .. }),
        }
    }
}
