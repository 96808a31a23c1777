//! The market: who is listed, what was traded, what was announced.

use backsight_domain::market::{Halt, Minute, Slot, Split, Universe};
use backsight_domain::notice::{
    ClaimSide, Discovery, Dividend, Earnings, EarningsHour, Metric, Regime, Thesis,
};
use backsight_domain::option::Chain;
use backsight_domain::price::Price;
use backsight_domain::session::Session;
use backsight_domain::time::Date;

use super::{Place, Projection};
use crate::batch::{Batch, row};
use crate::json::{List, Object};
use crate::value::Value;

/// Sessions are numbered from here on, so that "five sessions later" is a sum.
const SESSION_ONE: Date = Date::from_ymd(2000, 1, 3).expect("the date exists");

/// One symbol's session so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Day {
    pub(super) open: Price,
    pub(super) high: Price,
    pub(super) low: Price,
    pub(super) close: Price,
    pub(super) volume: i64,
}

impl Projection {
    pub(super) fn list(&mut self, place: Place, universe: &Universe, batch: &mut Batch) {
        // A later universe may only append symbols.
        let new = universe.listings.iter().enumerate().skip(self.listings.len());
        let known = self.listings.iter().zip(&universe.listings);
        if known.into_iter().any(|(ours, listing)| *ours != listing.ticker) {
            return;
        }
        let mut tickers = Vec::new();
        for (slot, listing) in new {
            batch.add(row!(listings {
                slot: slot,
                ticker: listing.ticker,
                sector: &listing.sector,
                fractionable: listing.fractionable,
                shortable: listing.shortable,
                seq: place.seq(),
                at: place.at,
            }));
            tickers.push(listing.ticker);
        }
        self.listings.extend(tickers);
    }

    pub(super) fn minute(&mut self, place: Place, minute: &Minute, batch: &mut Batch) {
        // What the engine ignores is no bar.
        let session = backsight_domain::session::covers(minute.start)
            .then(|| Session::at(minute.start))
            .flatten();
        let Some(session) = session.filter(|_| self.is_usable(minute)) else { return };
        self.enter(session, batch);
        batch.add(row!(minutes {
            seq: place.seq(),
            start: minute.start,
            session_date: session.date(),
            traded: packed(&minute.traded, u64::to_le_bytes),
            open: packed(&minute.open, i32::to_le_bytes),
            high: packed(&minute.high, i32::to_le_bytes),
            low: packed(&minute.low, i32::to_le_bytes),
            close: packed(&minute.close, i32::to_le_bytes),
            volume: packed(&minute.volume, i32::to_le_bytes),
        }));
        self.last_minute = Some(minute.start);
        self.add_to_day(minute);
        self.mark(place, minute, batch);
        self.follow(place, minute, session, batch);
    }

    fn is_usable(&self, minute: &Minute) -> bool {
        minute.is_rectangular()
            && minute.symbols() == self.listings.len()
            && self.last_minute.is_none_or(|last| last < minute.start)
    }

    /// Begins a session when its first minute comes.
    fn enter(&mut self, session: Session, batch: &mut Batch) {
        if self.session.is_some_and(|(before, _)| before == session) {
            return;
        }
        self.write_days(batch);
        self.end_watches(batch);
        let number = session_number(self.session, session);
        self.session = Some((session, number));
        batch.change(
            "UPDATE projection SET session_date = $1, month_ago = $2",
            [session.date().into(), session.date().plus_days(-30).into()],
        );
    }

    pub(super) fn add_to_day(&mut self, minute: &Minute) {
        self.day.resize(self.listings.len().max(self.day.len()), None);
        for (index, day) in self.day.iter_mut().enumerate() {
            let Ok(slot) = u16::try_from(index) else { break };
            let Some(bar) = minute.bar(Slot(slot)) else { continue };
            let volume = i64::from(bar.volume);
            let whole = day.get_or_insert(Day {
                open: bar.open,
                high: bar.high,
                low: bar.low,
                close: bar.close,
                volume: 0,
            });
            (whole.high, whole.low) = (whole.high.max(bar.high), whole.low.min(bar.low));
            (whole.close, whole.volume) = (bar.close, whole.volume + volume);
        }
    }

    /// Writes the bars of the session, once: when it closes, or when the next begins.
    pub(super) fn write_days(&mut self, batch: &mut Batch) {
        let Some((session, number)) = self.session else { return };
        for (day, ticker) in std::mem::take(&mut self.day).into_iter().zip(&self.listings) {
            let Some(day) = day else { continue };
            batch.add(row!(daily_bars {
                ticker: *ticker,
                session_no: number,
                session_date: session.date(),
                open: day.open,
                high: day.high,
                low: day.low,
                close: day.close,
                volume: day.volume,
            }));
        }
    }

    pub(super) fn discover(&self, place: Place, discovery: &Discovery, batch: &mut Batch) {
        batch.change(
            "UPDATE finds SET latest = $1 WHERE latest AND seq < $2",
            [false.into(), place.seq().into()],
        );
        for (index, candidate) in discovery.candidates.iter().enumerate() {
            let Some(ticker) = self.ticker(candidate.slot) else { continue };
            batch.add(row!(finds {
                seq: place.seq(),
                place: index,
                at: place.at,
                session_no: self.session.map(|(_, number)| number),
                ticker: ticker,
                score: candidate.score,
                price: candidate.price,
                latest: true,
            }));
        }
    }

    pub(super) fn note_halt(&self, place: Place, halt: Halt, batch: &mut Batch) {
        self.note(place, ("halt", halt.slot), Object::new().put("halted", halt.halted), batch);
    }

    pub(super) fn split(&mut self, place: Place, split: Split, batch: &mut Batch) {
        let ratio =
            Object::new().put("numerator", split.numerator).put("denominator", split.denominator);
        self.note(place, ("split", split.slot), ratio, batch);
        self.split_held(split);
    }

    pub(super) fn note_dividend(&self, place: Place, dividend: &Dividend, batch: &mut Batch) {
        let notice =
            Object::new().put("ex", dividend.ex.to_string()).put("amount", dividend.amount);
        self.note(place, ("dividend", dividend.slot), notice, batch);
    }

    pub(super) fn note_earnings(&self, place: Place, earnings: Earnings, batch: &mut Batch) {
        let hour = match earnings.hour {
            EarningsHour::BeforeOpen => "before_open",
            EarningsHour::AfterClose => "after_close",
        };
        let notice = Object::new().put("date", earnings.date.to_string()).put("hour", hour);
        self.note(place, ("earnings", earnings.slot), notice, batch);
    }

    pub(super) fn note_thesis(&self, place: Place, thesis: &Thesis, batch: &mut Batch) {
        let claims = List::of(thesis.claims.iter().map(|claim| {
            Object::new()
                .put("metric", metric(claim.metric))
                .put("side", if claim.side == ClaimSide::AtLeast { "at_least" } else { "at_most" })
                .put("threshold", claim.threshold)
                .put("until", claim.until.to_string())
                .put("decisive", claim.decisive)
        }));
        let notice = Object::new().put("price", thesis.price).put("claims", claims);
        self.note(place, ("thesis", thesis.slot), notice, batch);
    }

    fn note(
        &self,
        place: Place,
        (kind, slot): (&'static str, Slot),
        notice: Object,
        batch: &mut Batch,
    ) {
        batch.add(row!(notices {
            seq: place.seq(),
            at: place.at,
            kind: kind,
            ticker: self.ticker(slot),
            notice: notice,
        }));
    }

    /// Keeps whole chains, and of single quotes those of what is held.
    pub(super) fn chain(&mut self, place: Place, chain: &Chain, batch: &mut Batch) {
        let ticker = self.ticker(chain.slot);
        if let Some(ticker) = ticker {
            self.quote_held(place, ticker, chain);
        }
        if chain.quotes.len() < 2 {
            return;
        }
        let quotes = List::of(chain.quotes.iter().map(|quote| {
            let tick = |ticks| Price::from_ticks(ticks);
            Object::new()
                .put("expiry", quote.expiry.to_string())
                .put("right", right(quote.right))
                .put("strike", quote.strike)
                .put("bid", tick(quote.bid))
                .put("ask", tick(quote.ask))
                .put("volume", quote.volume)
                .put("open_interest", quote.open_interest)
        }));
        batch.add(row!(chains {
            seq: place.seq(),
            at: place.at,
            ticker: ticker,
            quoted_at: chain.at,
            contracts: chain.quotes.len(),
            quotes: quotes,
        }));
    }
}

pub(super) fn note_regime(place: Place, regime: &Regime, batch: &mut Batch) {
    batch.add(row!(regimes {
        seq: place.seq(),
        at: place.at,
        level: regime.index,
        measured_at: regime.at,
    }));
}

/// The number of a session, counted from the one before.
pub(super) fn session_number(before: Option<(Session, i64)>, session: Session) -> i64 {
    let (since, number) = before
        .filter(|(before, _)| before.date() < session.date())
        .map_or((SESSION_ONE, 1), |(before, number)| (before.date(), number));
    number + i64::try_from(Session::elapsed(since, session.date())).unwrap_or(0)
}

fn packed<T: Copy, const N: usize>(column: &[T], bytes: impl Fn(T) -> [u8; N]) -> Value {
    Value::Bytes(column.iter().flat_map(|value| bytes(*value)).collect())
}

fn right(right: backsight_domain::instrument::Right) -> &'static str {
    match right {
        backsight_domain::instrument::Right::Call => "call",
        backsight_domain::instrument::Right::Put => "put",
    }
}

fn metric(metric: Metric) -> &'static str {
    match metric {
        Metric::Return => "return",
        Metric::RelativeVolume => "relative_volume",
        Metric::DistanceSma50 => "distance_sma50",
        Metric::Rsi => "rsi",
        Metric::Sentiment => "sentiment",
        Metric::Readings => "readings",
    }
}
