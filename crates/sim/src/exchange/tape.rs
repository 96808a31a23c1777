//! What the exchange sees of the market: the truth, at any instant up to the one it has reached.

use backsight_domain::instrument::{Contract, Instrument};
use backsight_domain::market::Slot;
use backsight_domain::option::Chain;
use backsight_domain::price::Price;
use backsight_domain::time::Time;

/// The market's true prices. Faults of data feeds do not reach the exchange.
pub trait Tape {
    /// Bid, offer and last trade at `at`, or the last known ones; `None` while there are none.
    fn touch(&self, instrument: &Instrument, at: Time) -> Option<Touch>;

    /// The last trade at `at`, also while trading is halted.
    fn last(&self, instrument: &Instrument, at: Time) -> Option<Price> {
        self.touch(instrument, at).map(|touch| touch.last)
    }

    /// The quotes of a share's contracts as a feed shows them at `at`.
    fn chain(&self, _share: Slot, _at: Time) -> Option<Chain> {
        None
    }

    /// The quote of one contract in the same shape.
    fn quote(&self, _contract: &Contract, _at: Time) -> Option<Chain> {
        None
    }

    /// The first instant after `after`, in any session, at which the touch may change; `None` when
    /// it never will again. Only the instant must be known in advance, not the prices.
    fn next_move(&self, instrument: &Instrument, after: Time) -> Option<Time>;

    /// Whether trading in the instrument is halted at `at`.
    fn is_halted(&self, instrument: &Instrument, at: Time) -> bool;

    /// The regular session that runs at `at`, or the next one; `None` after the last.
    fn hours(&self, at: Time) -> Option<Hours>;
}

/// The best prices of one instrument, and where it traded last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Touch {
    /// The best bid; below the offer. One tick when nobody bids.
    pub bid: Price,
    /// The best offer.
    pub ask: Price,
    /// The last trade.
    pub last: Price,
}

/// One regular session: from its open up to, not including, its close.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hours {
    /// When trading begins.
    pub open: Time,
    /// When it ends.
    pub close: Time,
}

impl Touch {
    /// Whether somebody bids: no order is for a tick.
    pub fn has_bid(&self) -> bool {
        Price::MIN < self.bid
    }

    /// Half way between bid and offer, rounded down to a tick.
    pub fn mid(&self) -> Price {
        Price::from_ticks_clamped(i64::midpoint(self.bid.ticks(), self.ask.ticks()))
    }
}

impl Hours {
    /// Whether the session runs at `at`.
    pub fn contains(&self, at: Time) -> bool {
        self.open <= at && at < self.close
    }
}
