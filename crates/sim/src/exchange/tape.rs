//! What the exchange sees of the market: the truth, at any instant up to the one it has reached.

use backsight_domain::instrument::Instrument;
use backsight_domain::price::Price;
use backsight_domain::time::Time;

/// The market's true prices. Faults of data feeds do not reach the exchange.
pub trait Tape {
    /// Bid, offer and last trade at `at`, or the last known ones; `None` while there are none.
    fn touch(&self, instrument: &Instrument, at: Time) -> Option<Touch>;

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
    /// The best bid; below the offer.
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
