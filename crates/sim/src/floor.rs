//! The trading floor: what the exchange sees of the simulated market.

use std::collections::BTreeMap;

use backsight_domain::instrument::{Instrument, Ticker};
use backsight_domain::market::Slot;
use backsight_domain::session::Session;
use backsight_domain::time::{Span, Time};

use crate::exchange::{Hours, Tape, Touch};
use crate::market::{Market, POINT};

/// The market as a tape. It knows the minute in progress; outside it, the nearest price.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Floor<'a> {
    pub(crate) market: &'a Market,
    pub(crate) slots: &'a BTreeMap<Ticker, Slot>,
}

impl Floor<'_> {
    /// The column of a share; options have no price here.
    fn slot(&self, instrument: &Instrument) -> Option<Slot> {
        match instrument {
            Instrument::Equity(ticker) => self.slots.get(ticker).copied(),
            Instrument::Option(_) | Instrument::Vertical(_) => None,
        }
    }
}

impl Tape for Floor<'_> {
    fn touch(&self, instrument: &Instrument, at: Time) -> Option<Touch> {
        let tape = self.market.course();
        let slot = self.slot(instrument)?;
        let offset = at - tape.start();
        let quote = tape.quote_at(slot, offset)?;
        let last = tape.path(slot)[crate::market::Course::point_at(offset)];
        Some(Touch { bid: quote.bid, ask: quote.ask, last })
    }

    fn next_move(&self, _instrument: &Instrument, after: Time) -> Option<Time> {
        let Some(session) = Session::at(after) else {
            return Some(Session::next_after(after).open());
        };
        let passed = (after - session.open()).nanos() / POINT.nanos() + 1;
        let next = session.open() + Span::from_nanos(passed * POINT.nanos());
        if next < session.close() { Some(next) } else { Some(Session::next_after(after).open()) }
    }

    fn is_halted(&self, instrument: &Instrument, _at: Time) -> bool {
        self.slot(instrument).is_none_or(|slot| self.market.course().is_halted(slot))
    }

    fn hours(&self, at: Time) -> Option<Hours> {
        let session = Session::at(at).unwrap_or_else(|| Session::next_after(at));
        Some(Hours { open: session.open(), close: session.close() })
    }
}
