//! Intents, and what a venue says about the orders they become.

use std::fmt;

use crate::id::{AccountId, ExecutionId, IntentId, PolicyVersion, PositionId, SignalId, VenueId};
use crate::instrument::Instrument;
use crate::money::Money;
use crate::notice::Payout;
use crate::option::Settlement;
use crate::price::Price;
use crate::quantity::Quantity;
use crate::time::Time;

/// An order we want. It is durable before anything leaves the desk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Intent {
    /// Its identity; the client order id is a pure function of it.
    pub id: IntentId,
    /// For which account.
    pub account: AccountId,
    /// The exact instrument.
    pub instrument: Instrument,
    /// Buy or sell.
    pub side: Side,
    /// How much; above zero. With `replaces`, what that order filled counts towards it.
    pub quantity: Quantity,
    /// At what price.
    pub kind: OrderKind,
    /// How long the venue keeps it.
    pub lasts: TimeInForce,
    /// What for.
    pub purpose: Purpose,
    /// The order of ours whose place it takes. The venue swaps the two at once, or refuses.
    pub replaces: Option<IntentId>,
    /// After this it is never sent again.
    pub valid_until: Time,
    /// The policy it was decided under.
    pub policy: PolicyVersion,
}

/// Buy or sell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// Buy.
    Buy,
    /// Sell.
    Sell,
}

/// At what price an order trades.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OrderKind {
    /// At whatever the market gives.
    Market,
    /// At this price or better.
    Limit(Price),
    /// At the market once this price trades.
    Stop(Price),
    /// At `limit` or better once `stop` trades.
    StopLimit {
        /// The trigger.
        stop: Price,
        /// The limit.
        limit: Price,
    },
}

/// How long a venue keeps an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TimeInForce {
    /// Until the session closes.
    Day,
    /// Until it is cancelled.
    UntilCancelled,
}

/// What an intent is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Purpose {
    /// To open a position on a signal.
    Open(SignalId),
    /// To reduce a position. It can never exceed what is held.
    Close {
        /// The position.
        position: PositionId,
        /// Why.
        reason: ExitReason,
    },
}

/// Why a position or ghost was closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ExitReason {
    /// The price went too far against it.
    Stop,
    /// The price reached its target.
    Target,
    /// The price gave back too much of its best.
    Trailing,
    /// It was held as long as the policy allows.
    TimeStop,
    /// The session is about to end.
    EndOfDay,
    /// The price came back to the entry after it was well above it.
    BreakEven,
    /// The price reached the level at which a part is sold.
    Partial,
    /// What is left of an option's time costs more than the option may still win.
    Theta,
    /// It lost too much for this late in the day.
    LateLoss,
    /// It may not stay overnight.
    Overnight,
    /// More is in options than may stay overnight.
    OvernightExposure,
    /// The company is about to report.
    Earnings,
    /// The market is too fearful to hold anything.
    Regime,
    /// The contract expires today.
    Expiry,
    /// A later expiry takes its place.
    Roll,
    /// Whoever bought it is about to use it against us.
    Assignment,
    /// What covers it is to be sold.
    CoverLeaves,
    /// An operator flattened or reduced the book.
    Manual,
    /// The book was over a limit.
    Reduced,
    /// Its contract expired, was exercised or was assigned.
    Settled,
    /// They came for a contract that was exercised or assigned, and nobody had wanted them.
    Delivered,
}

impl ExitReason {
    /// Every reason.
    pub const ALL: [Self; 21] = [
        Self::Stop,
        Self::Target,
        Self::Trailing,
        Self::TimeStop,
        Self::EndOfDay,
        Self::BreakEven,
        Self::Partial,
        Self::Theta,
        Self::LateLoss,
        Self::Overnight,
        Self::OvernightExposure,
        Self::Earnings,
        Self::Regime,
        Self::Expiry,
        Self::Roll,
        Self::Assignment,
        Self::CoverLeaves,
        Self::Manual,
        Self::Reduced,
        Self::Settled,
        Self::Delivered,
    ];

    /// The word of the earlier systems' reports, of which several of ours may share one.
    pub const fn normalised(self) -> &'static str {
        match self {
            Self::Stop => "sl",
            Self::Target | Self::Partial => "tp",
            Self::Trailing | Self::BreakEven => "trail",
            Self::TimeStop => "time_stop",
            Self::Theta => "theta_decay",
            Self::Expiry
            | Self::Roll
            | Self::Assignment
            | Self::CoverLeaves
            | Self::Settled
            | Self::Delivered => "expiry_risk",
            Self::EndOfDay
            | Self::LateLoss
            | Self::Overnight
            | Self::OvernightExposure
            | Self::Earnings
            | Self::Regime => "EOD_EXIT",
            Self::Reduced => "risk_gate_exposure",
            Self::Manual => "manual",
        }
    }
}

/// Which order a message of a venue is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OrderRef {
    /// An order that carries a client order id of this desk.
    Ours(IntentId),
    /// Somebody else's order in the same account.
    Foreign(VenueId),
}

/// What a venue says an order's state is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OrderStatus {
    /// Taken, not yet working.
    Accepted,
    /// Working.
    New,
    /// Working, some filled.
    PartiallyFilled,
    /// A cancel was asked for.
    PendingCancel,
    /// Another is to take its place; until then it may fill, and cannot be cancelled.
    PendingReplace,
    /// All filled.
    Filled,
    /// Ended by a cancel.
    Cancelled,
    /// Ended by its time in force.
    Expired,
    /// Refused.
    Rejected,
    /// Ended by another that took its place, with what was left of it.
    Replaced {
        /// The other: ours, or one that somebody else made by hand.
        by: OrderRef,
    },
    /// A word we do not know. It is recorded and asked about, never guessed.
    Other(Box<str>),
}

impl OrderStatus {
    /// Whether nothing can follow.
    pub const fn is_final(&self) -> bool {
        match self {
            Self::Filled
            | Self::Cancelled
            | Self::Expired
            | Self::Rejected
            | Self::Replaced { .. } => true,
            Self::Accepted
            | Self::New
            | Self::PartiallyFilled
            | Self::PendingCancel
            | Self::PendingReplace
            | Self::Other(_) => false,
        }
    }
}

/// What a venue says about one order. Cumulative quantity only grows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderUpdate {
    /// The account.
    pub account: AccountId,
    /// The order.
    pub order: OrderRef,
    /// The venue's name for it.
    pub venue: VenueId,
    /// Its state.
    pub status: OrderStatus,
    /// How much was filled in all.
    pub filled: Quantity,
}

/// One execution, keyed by the venue's execution id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fill {
    /// The execution; applied once however often it arrives.
    pub execution: ExecutionId,
    /// The account.
    pub account: AccountId,
    /// The order.
    pub order: OrderRef,
    /// What was traded.
    pub instrument: Instrument,
    /// Bought or sold.
    pub side: Side,
    /// How much in this execution.
    pub quantity: Quantity,
    /// At what price.
    pub price: Price,
    /// What it cost beside the price.
    pub fee: Money,
    /// When the venue executed it.
    pub at: Time,
}

/// How the venue answered one request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// The account.
    pub account: AccountId,
    /// The intent the request was about.
    pub intent: IntentId,
    /// What was asked.
    pub asked: Asked,
    /// The answer.
    pub answer: Answer,
}

/// What was asked of the venue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Asked {
    /// To take the order.
    Submit,
    /// To cancel it.
    Cancel,
    /// What it knows under the client order id.
    Lookup,
}

/// The venue's answer to a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It knows the order; this is its state.
    Known(OrderUpdate),
    /// It refuses, and names its rule.
    Refused(Refusal),
    /// It has no order with this client order id.
    NotFound,
    /// Nobody knows what happened: time-out, reset, 5xx, unreadable.
    Unclear(Unclear),
}

/// Why a venue refused a request, in its own rule's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Refusal {
    /// Not enough buying power.
    BuyingPower,
    /// Not enough of the instrument to sell.
    NotHeld,
    /// An opposite order of the same account rests.
    WashTrade,
    /// The limit is too far from the market.
    PriceAway,
    /// The symbol is halted or not tradable.
    NotTradable,
    /// The market is closed for this order.
    MarketClosed,
    /// A field is wrong.
    Malformed,
    /// The client order id was used before: the order exists, fetch it.
    DuplicateId,
    /// The order can no longer be cancelled.
    NotCancelable,
    /// The order to be replaced cannot be in its state, or is not there.
    NotReplaceable,
    /// The order to be replaced was replaced before: the order exists, or another does.
    AlreadyReplaced,
    /// It would replace an order by the same.
    Unchanged,
    /// The order to be replaced has filled as much as the new one wants in all.
    NothingLeft,
    /// The credentials are refused.
    Unauthorised,
    /// The request was turned away before it was looked at.
    RateLimited,
}

/// Why the outcome of a request is unknown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Unclear {
    /// No answer in time.
    TimedOut,
    /// The connection broke.
    Reset,
    /// The venue's own error.
    ServerError,
    /// The answer cannot be read.
    Unreadable,
}

/// The state of one account as the venue reports it, all four parts read together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountReport {
    /// The account.
    pub account: AccountId,
    /// Cash; negative on margin.
    pub cash: Money,
    /// What is held.
    pub holdings: Vec<Holding>,
    /// Orders that are not final.
    pub open_orders: Vec<OrderUpdate>,
    /// Executions since a little before the last one we know, those that were taken back included.
    pub fills: Vec<Fill>,
    /// Executions that were taken back in the last sessions.
    pub busts: Vec<ExecutionId>,
    /// Contracts that left without a trade in the last sessions: no stream need announce them.
    pub settlements: Vec<Settlement>,
    /// Dividends that were paid in the last sessions.
    pub payouts: Vec<Payout>,
}

/// One instrument held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Holding {
    /// What.
    pub instrument: Instrument,
    /// How much; negative when short.
    pub quantity: Quantity,
}

impl Side {
    /// +1 for a buy, -1 for a sell.
    pub const fn sign(self) -> i64 {
        match self {
            Self::Buy => 1,
            Self::Sell => -1,
        }
    }

    /// The other side.
    #[must_use]
    pub const fn opposite(self) -> Self {
        match self {
            Self::Buy => Self::Sell,
            Self::Sell => Self::Buy,
        }
    }
}

impl fmt::Display for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Buy => "buy",
            Self::Sell => "sell",
        })
    }
}

impl fmt::Display for OrderKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self {
            Self::Market => "market".to_owned(),
            Self::Limit(price) => format!("limit {price}"),
            Self::Stop(price) => format!("stop {price}"),
            Self::StopLimit { stop, limit } => format!("stop {stop} limit {limit}"),
        };
        f.pad(&text)
    }
}

impl fmt::Display for ExitReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Stop => "stop",
            Self::Target => "target",
            Self::Trailing => "trailing",
            Self::TimeStop => "time_stop",
            Self::EndOfDay => "end_of_day",
            Self::BreakEven => "break_even",
            Self::Partial => "partial",
            Self::Theta => "theta",
            Self::LateLoss => "late_loss",
            Self::Overnight => "overnight",
            Self::OvernightExposure => "overnight_exposure",
            Self::Earnings => "earnings",
            Self::Regime => "regime",
            Self::Expiry => "expiry",
            Self::Roll => "roll",
            Self::Assignment => "assignment",
            Self::CoverLeaves => "cover_leaves",
            Self::Manual => "manual",
            Self::Reduced => "reduced",
            Self::Settled => "settled",
            Self::Delivered => "delivered",
        })
    }
}

impl fmt::Display for OrderStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Accepted => "accepted",
            Self::New => "new",
            Self::PartiallyFilled => "partially_filled",
            Self::PendingCancel => "pending_cancel",
            Self::PendingReplace => "pending_replace",
            Self::Filled => "filled",
            Self::Cancelled => "cancelled",
            Self::Expired => "expired",
            Self::Rejected => "rejected",
            Self::Replaced { .. } => "replaced",
            Self::Other(word) => word,
        })
    }
}
