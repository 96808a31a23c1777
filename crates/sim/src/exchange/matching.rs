//! What one order does at one touch. Pure: chance and time stay outside.
//!
//! | Order | At its first look | At rest |
//! |---|---|---|
//! | market | trades at the far side | the rest trades at the far side of the next touch |
//! | limit | trades at the far side when that is no worse than its limit | trades at its limit when the market trades through it, or at it when its turn in the queue comes |
//! | stop | waits | becomes a market order when a trade inside the touch reaches it; a buy stop becomes a limit a few percent above |
//! | stop limit | waits | becomes a limit order likewise |

use backsight_domain::order::{OrderKind, Side};
use backsight_domain::price::{Price, TICKS_PER_DOLLAR};

use super::tape::Touch;

/// What an order does at a touch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Act {
    /// It rests.
    Rest,
    /// A trade took place at its own price, and others were first.
    Queue,
    /// It becomes another kind of order, and looks again.
    Trigger(OrderKind),
    /// It trades at this price.
    Trade(Price),
}

/// Decides what an order does; `ahead` is its place in the queue, `None` before it has rested.
pub(super) fn act(side: Side, live: OrderKind, ahead: Option<u8>, touch: Touch) -> Act {
    match live {
        OrderKind::Market if side == Side::Sell && !touch.has_bid() => Act::Rest,
        OrderKind::Market => Act::Trade(far_side(side, touch)),
        OrderKind::Limit(limit) => at_limit(side, limit, ahead, touch),
        OrderKind::Stop(_) | OrderKind::StopLimit { .. } if ahead.is_none() => Act::Rest,
        OrderKind::Stop(stop) if reaches(side, touch, stop) => Act::Trigger(match side {
            Side::Buy => OrderKind::Limit(stop_cap(stop)),
            Side::Sell => OrderKind::Market,
        }),
        OrderKind::StopLimit { stop, limit } if reaches(side, touch, stop) => {
            Act::Trigger(OrderKind::Limit(limit))
        }
        OrderKind::Stop(_) | OrderKind::StopLimit { .. } => Act::Rest,
    }
}

fn at_limit(side: Side, limit: Price, ahead: Option<u8>, touch: Touch) -> Act {
    let far = far_side(side, touch);
    let Some(ahead) = ahead else {
        return if is_no_worse(side, far, limit) { Act::Trade(far) } else { Act::Rest };
    };
    let traded_through = touch.last != limit && is_no_worse(side, touch.last, limit);
    if is_no_worse(side, far, limit) || traded_through {
        Act::Trade(limit)
    } else if touch.last != limit {
        Act::Rest
    } else if ahead == 0 {
        Act::Trade(limit)
    } else {
        Act::Queue
    }
}

/// The price at which a marketable order trades.
pub(super) fn far_side(side: Side, touch: Touch) -> Price {
    match side {
        Side::Buy => touch.ask,
        Side::Sell => touch.bid,
    }
}

/// Whether `price` is as good as `limit` or better.
pub(super) fn is_no_worse(side: Side, price: Price, limit: Price) -> bool {
    match side {
        Side::Buy => price <= limit,
        Side::Sell => limit <= price,
    }
}

/// Whether the last trade lies inside the touch and has reached the stop.
fn reaches(side: Side, touch: Touch, stop: Price) -> bool {
    let credible = touch.bid <= touch.last && touch.last <= touch.ask;
    // A buy stop triggers above, a sell stop below: the other way round than a limit.
    credible && is_no_worse(side.opposite(), touch.last, stop)
}

/// The limit a buy stop is sent with: 4 % above it under 50 dollars, 2.5 % from there on.
pub(super) fn stop_cap(stop: Price) -> Price {
    let bps = if stop.ticks() < 50 * TICKS_PER_DOLLAR { 400 } else { 250 };
    stop.moved_bps(bps).floor_to_quote()
}
