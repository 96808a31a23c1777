//! Intents, orders, and what a venue says.

use backsight_domain::order::{
    AccountReport, Answer, Asked, ExitReason, Fill, Holding, Intent, OrderKind, OrderRef,
    OrderStatus, OrderUpdate, Purpose, Refusal, Reply, Side, TimeInForce, Unclear,
};

use crate::{wire_enum, wire_struct};

wire_struct!(Intent {
    id,
    account,
    instrument,
    side,
    quantity,
    kind,
    lasts,
    purpose,
    replaces,
    valid_until,
    policy,
});
wire_enum!(Side { 0 => Buy, 1 => Sell });
wire_enum!(OrderKind {
    0 => Market,
    1 => Limit(price),
    2 => Stop(price),
    3 => StopLimit { stop, limit },
});
wire_enum!(TimeInForce { 0 => Day, 1 => UntilCancelled });
wire_enum!(Purpose { 0 => Open(signal), 1 => Close { position, reason } });
wire_enum!(ExitReason {
    0 => Stop,
    1 => Target,
    2 => Trailing,
    3 => TimeStop,
    4 => EndOfDay,
    5 => Manual,
    6 => Reduced,
    7 => Settled,
    8 => Delivered,
    9 => BreakEven,
    10 => Partial,
    11 => Theta,
    12 => LateLoss,
    13 => Overnight,
    14 => OvernightExposure,
    15 => Earnings,
    16 => Regime,
    17 => Expiry,
    18 => Roll,
    19 => Assignment,
    20 => CoverLeaves,
});

wire_enum!(OrderRef { 0 => Ours(intent), 1 => Foreign(venue) });
wire_enum!(OrderStatus {
    0 => Accepted,
    1 => New,
    2 => PartiallyFilled,
    3 => PendingCancel,
    4 => PendingReplace,
    5 => Filled,
    6 => Cancelled,
    7 => Expired,
    8 => Rejected,
    9 => Replaced { by },
    10 => Other(word),
});
wire_struct!(OrderUpdate { account, order, venue, status, filled });
wire_struct!(Fill { execution, account, order, instrument, side, quantity, price, fee, at });

wire_struct!(Reply { account, intent, asked, answer });
wire_enum!(Asked { 0 => Submit, 1 => Cancel, 2 => Lookup });
wire_enum!(Answer { 0 => Known(update), 1 => Refused(refusal), 2 => NotFound, 3 => Unclear(why) });
wire_enum!(Refusal {
    0 => BuyingPower,
    1 => NotHeld,
    2 => WashTrade,
    3 => PriceAway,
    4 => NotTradable,
    5 => MarketClosed,
    6 => Malformed,
    7 => DuplicateId,
    8 => NotCancelable,
    9 => NotReplaceable,
    10 => AlreadyReplaced,
    11 => Unchanged,
    12 => NothingLeft,
    13 => Unauthorised,
    14 => RateLimited,
});
wire_enum!(Unclear { 0 => TimedOut, 1 => Reset, 2 => ServerError, 3 => Unreadable });

wire_struct!(AccountReport {
    account,
    cash,
    holdings,
    open_orders,
    fills,
    busts,
    settlements,
    payouts,
});
wire_struct!(Holding { instrument, quantity });
