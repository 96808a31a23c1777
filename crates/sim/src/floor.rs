//! The trading floor: what the exchange sees of the simulated market.

use std::collections::BTreeMap;

use backsight_domain::instrument::{Contract, Instrument, Ticker};
use backsight_domain::market::Slot;
use backsight_domain::option::{Chain, ContractQuote};
use backsight_domain::price::Price;
use backsight_domain::session::Session;
use backsight_domain::time::{Span, Time};

use crate::exchange::{Hours, Tape, Touch};
use crate::market::{ChainFilter, Course, Market, POINT};

/// The market as a tape. It knows the minute in progress; outside it, the nearest price.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Floor<'a> {
    pub(crate) market: &'a Market,
    pub(crate) slots: &'a BTreeMap<Ticker, Slot>,
}

impl Floor<'_> {
    /// The column of the share that moves an instrument.
    fn slot(&self, instrument: &Instrument) -> Option<Slot> {
        self.slots.get(&instrument.underlying()).copied()
    }

    fn share(&self, slot: Slot, at: Time) -> Option<Touch> {
        let tape = self.market.course();
        let offset = at - tape.start();
        let quote = tape.quote_at(slot, offset)?;
        let last = tape.path(slot)[Course::point_at(offset)];
        Some(Touch { bid: quote.bid, ask: quote.ask, last })
    }

    fn contract(&self, contract: &Contract, at: Time) -> Option<ContractQuote> {
        let slot = self.slot(&Instrument::Option(*contract))?;
        self.market.contract_quote(slot, contract, at)
    }

    /// A touch of ticks that may be nothing. The last trade was at a side or between them, as the
    /// instant has it.
    fn touch_of(bid: i64, ask: i64, at: Time) -> Touch {
        let ask = Price::from_ticks_clamped(ask.max(bid + 1).max(CENT));
        let bid = Price::from_ticks(bid).unwrap_or(Price::MIN);
        let mid = i64::midpoint(bid.ticks(), ask.ticks());
        let mid = Price::from_ticks_clamped((mid - mid.rem_euclid(CENT)).max(bid.ticks()));
        let last = match at.nanos().div_euclid(POINT.nanos()) % 3 {
            0 if Price::MIN < bid => bid,
            1 => ask,
            _ => mid.max(bid),
        };
        Touch { bid, ask, last }
    }
}

/// A cent in ticks.
const CENT: i64 = 100;

impl Tape for Floor<'_> {
    fn touch(&self, instrument: &Instrument, at: Time) -> Option<Touch> {
        match instrument {
            Instrument::Equity(_) => self.share(self.slot(instrument)?, at),
            Instrument::Option(contract) => {
                let quote = self.contract(contract, at)?;
                Some(Self::touch_of(quote.bid, quote.ask, at))
            }
            Instrument::Vertical(vertical) => {
                let bought = self.contract(&vertical.bought(), at)?;
                let sold = self.contract(&vertical.sold(), at)?;
                Some(Self::touch_of(bought.bid - sold.ask, bought.ask - sold.bid, at))
            }
        }
    }

    fn last(&self, instrument: &Instrument, at: Time) -> Option<Price> {
        let Instrument::Equity(_) = instrument else {
            return self.touch(instrument, at).map(|touch| touch.last);
        };
        let course = self.market.course();
        Some(course.path(self.slot(instrument)?)[Course::point_at(at - course.start())])
    }

    fn chain(&self, slot: Slot, at: Time) -> Option<Chain> {
        self.market.chain(slot, at, &ChainFilter::usual(self.market.date()))
    }

    fn quote(&self, contract: &Contract, at: Time) -> Option<Chain> {
        let slot = self.slot(&Instrument::Option(*contract))?;
        Some(Chain { slot, at, quotes: vec![self.contract(contract, at)?] })
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
