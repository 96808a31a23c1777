//! What the desk believes about the market: symbols, features, quotes, halts, news, the session.

use std::collections::{BTreeMap, VecDeque};

use backsight_domain::decision::Ignored;
use backsight_domain::id::Seq;
use backsight_domain::instrument::{Contract, Instrument, Ticker};
use backsight_domain::market::{Halt, Minute, MinuteFlaw, Quote, Slot, Split, Universe};
use backsight_domain::notice::{Earnings, EarningsHour};
use backsight_domain::policy::{GatePolicy, Policy};
use backsight_domain::price::Price;
use backsight_domain::session::{Session, covers};
use backsight_domain::signal::Features;
use backsight_domain::story::{Reading, Story};
use backsight_domain::time::{Date, Span, Time};

use crate::feature::Board;
use crate::outlook::Outlook;

/// Readings kept for one symbol.
const READINGS_MAX: usize = 64;

/// The desk's picture of the market. It changes only by entries.
#[derive(Clone, Debug, Default)]
pub struct Market {
    /// The symbols in column order.
    pub universe: Universe,
    /// Their features.
    pub board: Board,
    pub(crate) slots: BTreeMap<Ticker, Slot>,
    pub(crate) quotes: Vec<Option<Quote>>,
    pub(crate) halted: Vec<bool>,
    pub(crate) readings: Vec<VecDeque<(Time, f64)>>,
    /// The end of the last minute that was taken.
    pub(crate) last_minute: Option<Time>,
    /// The session of the last minute.
    pub(crate) session: Option<Session>,
    /// Stories that arrived in this session.
    pub(crate) stories: u32,
    /// What is announced and quoted beside the bars.
    pub outlook: Outlook,
    /// The last entry it was told, and what came of it. Derived.
    pub(crate) heard: Option<(Seq, Result<(), Ignored>)>,
    /// Whether the last minute opened its session. Derived.
    pub(crate) opens: bool,
    /// Features of symbols that were looked at closely, and at which entry. Derived.
    pub(crate) studied: Vec<(Seq, Features)>,
    /// The session whose volatilities were noted last. Derived.
    pub(crate) noted: Option<Date>,
}

impl Market {
    /// Whether desks with these policies see the same market, and may share one.
    pub fn is_shared(one: &Policy, other: &Policy) -> bool {
        let sight = |policy: &Policy| {
            let GatePolicy { quote_age_max_s, spread_max_bps, .. } = policy.gates;
            (quote_age_max_s, spread_max_bps, policy.contracts.rate.to_bits())
        };
        one.features == other.features && sight(one) == sight(other)
    }

    /// Takes an entry once: desks that share a market tell it the same one in turn, and hear what
    /// came of it the first time.
    pub(crate) fn once(
        &mut self,
        seq: Seq,
        take: impl FnOnce(&mut Self) -> Result<(), Ignored>,
    ) -> Result<(), Ignored> {
        match self.heard {
            Some((heard, answer)) if heard == seq => answer,
            _ => {
                let answer = take(self);
                self.heard = Some((seq, answer));
                answer
            }
        }
    }

    /// Takes a universe; `false` when it drops or reorders symbols.
    pub fn watch(&mut self, universe: &Universe) -> bool {
        let known = &self.universe.listings;
        let keeps = known.len() <= universe.listings.len()
            && known.iter().zip(&universe.listings).all(|(old, new)| old.ticker == new.ticker);
        let fits = u16::try_from(universe.listings.len()).is_ok();
        if !keeps || !fits {
            return false;
        }
        self.universe = universe.clone();
        let symbols = universe.listings.len();
        self.slots = (0..).map(Slot).zip(&universe.listings).map(|(s, l)| (l.ticker, s)).collect();
        self.board.grow(symbols);
        self.quotes.resize(symbols, None);
        self.halted.resize(symbols, false);
        self.readings.resize(symbols, VecDeque::new());
        self.outlook.watch(symbols);
        self.studied.resize(symbols, Default::default());
        true
    }

    /// Takes a minute, or says why it cannot be used.
    ///
    /// # Errors
    /// Returns what is wrong with the minute; then nothing has changed.
    pub fn push_minute(&mut self, minute: &Minute) -> Result<Session, MinuteFlaw> {
        if !minute.is_rectangular() || minute.symbols() != self.board.symbols() {
            return Err(MinuteFlaw::Ragged);
        }
        if self.last_minute.is_some_and(|last| minute.start < last) {
            return Err(MinuteFlaw::OutOfOrder);
        }
        let session = self.session_of(minute).ok_or(MinuteFlaw::OutsideSession)?;
        self.opens = self.session != Some(session);
        if self.opens {
            self.session = Some(session);
            self.stories = 0;
            self.board.open_session();
        }
        self.board.push(minute);
        self.last_minute = Some(minute.end());
        Ok(session)
    }

    fn session_of(&self, minute: &Minute) -> Option<Session> {
        let holds =
            |session: &Session| session.open() <= minute.start && minute.end() <= session.close();
        let other = || covers(minute.start).then(|| Session::at(minute.start)).flatten();
        self.session.filter(holds).or_else(|| other().filter(holds))
    }

    /// Takes a quote; `false` when it is zero, crossed, absurdly wide, from the future or about no
    /// symbol.
    pub(crate) fn push_quote(&mut self, quote: &Quote, gates: &GatePolicy, now: Time) -> bool {
        let Some(kept) = self.quotes.get_mut(quote.slot.index()) else { return false };
        // The clocks of a feed and a desk may differ a little, never by more than quotes live.
        let honest = quote.at - now <= Span::from_seconds(i64::from(gates.quote_age_max_s));
        let believable = honest
            && quote.sane().is_some_and(|(bid, ask)| {
                (ask.ticks() - bid.ticks()) * 10_000
                    <= bid.ticks() * i64::from(gates.spread_max_bps)
            });
        if believable && kept.is_none_or(|known| known.at <= quote.at) {
            *kept = Some(*quote);
        }
        believable
    }

    pub(crate) fn push_halt(&mut self, halt: Halt) -> bool {
        let Some(halted) = self.halted.get_mut(halt.slot.index()) else { return false };
        *halted = halt.halted;
        true
    }

    /// Rescales what is known of a symbol; `false` when there is none.
    pub fn push_split(&mut self, split: Split, now: Time) -> bool {
        if self.board.symbols() <= split.slot.index() {
            return false;
        }
        self.board.split(split.slot, split.numerator, split.denominator);
        self.quotes[split.slot.index()] = None;
        // It is told before the session that opens with it.
        let session =
            covers(now).then(|| Session::at(now).unwrap_or_else(|| Session::next_after(now)));
        self.outlook.split(split, session.map(Session::date));
        true
    }

    /// Counts a story, and the outlets that carry it.
    pub(crate) fn push_story(&mut self, story: &Story, now: Time) {
        self.stories += 1;
        self.outlook.push_story(story, now);
    }

    /// Takes a reading, or says why it cannot be used.
    pub(crate) fn push_reading(&mut self, reading: &Reading, now: Time) -> Result<(), Ignored> {
        let slot = *self.slots.get(&reading.ticker).ok_or(Ignored::UnknownSymbol)?;
        let possible = reading.sentiment.abs() <= 1.0 && (0.0..=1.0).contains(&reading.confidence);
        if !possible {
            return Err(Ignored::ImpossibleReading);
        }
        let kept = &mut self.readings[slot.index()];
        if kept.len() == READINGS_MAX {
            kept.pop_front();
        }
        kept.push_back((now, reading.sentiment * reading.confidence));
        Ok(())
    }

    /// The features of a symbol with the news of the policy's window.
    pub fn features(&self, slot: Slot, policy: &Policy, now: Time) -> Features {
        let window = Span::from_minutes(i64::from(policy.features.sentiment_minutes));
        let recent = self.readings[slot.index()].iter().filter(|(at, _)| now - *at <= window);
        let (sum, count) = recent.fold((0.0, 0_u32), |(sum, n), (_, value)| (sum + value, n + 1));
        let sentiment = (0 < count).then(|| sum / f64::from(count));
        Features { sentiment, readings: count, ..self.board.features(slot) }
    }

    /// Computes the features of a symbol, unless that was done at this entry.
    pub(crate) fn study(&mut self, slot: Slot, policy: &Policy, now: Time) {
        let at = self.heard.map_or(Seq(0), |(heard, _)| heard);
        if self.studied[slot.index()].0 != at {
            self.studied[slot.index()] = (at, self.features(slot, policy, now));
        }
    }

    /// The features of a symbol that was just studied.
    pub(crate) fn studied(&self, slot: Slot) -> &Features {
        &self.studied[slot.index()].1
    }

    /// Bid and offer, when a believable quote is fresh.
    pub fn fresh_quote(&self, slot: Slot, gates: &GatePolicy, now: Time) -> Option<(Price, Price)> {
        let quote = self.quotes.get(slot.index()).copied().flatten()?;
        let fresh = now - quote.at <= Span::from_seconds(i64::from(gates.quote_age_max_s));
        fresh.then(|| quote.sane()).flatten()
    }

    /// The last close; `None` before the first trade.
    pub fn last_price(&self, slot: Slot) -> Option<Price> {
        Price::from_ticks(i64::from(self.board.last_close(slot)))
    }

    /// What one unit of an instrument is worth: the last close of a share, the middle of the last
    /// quote of a contract, the difference of two. `None` when nobody said.
    pub fn mark(&self, instrument: Instrument, slot: Slot) -> Option<Price> {
        let middle = |contract: &Contract| {
            let touch = self.touch_of(slot, contract)?;
            Some(i64::midpoint(touch.bid, touch.ask))
        };
        match instrument {
            Instrument::Equity(_) => self.last_price(slot),
            Instrument::Option(contract) => middle(&contract).and_then(Price::from_ticks),
            Instrument::Vertical(vertical) => {
                let worth = middle(&vertical.bought())? - middle(&vertical.sold())?;
                Some(Price::from_ticks_clamped(worth.min(vertical.width())))
            }
        }
    }

    /// What one unit of an instrument was worth before the session opened.
    pub(crate) fn mark_before_open(&self, instrument: Instrument, slot: Slot) -> Option<Price> {
        match instrument {
            Instrument::Equity(_) => {
                Price::from_ticks(self.board.previous_close[slot.index()].into())
            }
            // Contracts stand where they were quoted last, and no minute quotes them.
            Instrument::Option(_) | Instrument::Vertical(_) => self.mark(instrument, slot),
        }
    }

    /// Age of the last bar in which the symbol really traded.
    pub(crate) fn bar_age(&self, slot: Slot, now: Time) -> Option<Span> {
        let silent = i64::from(self.board.minutes_silent(slot)?);
        Some(now - self.last_minute? + Span::from_minutes(silent))
    }

    /// Whether trading in the symbol is halted.
    pub fn is_halted(&self, slot: Slot) -> bool {
        self.halted.get(slot.index()).copied().unwrap_or(true)
    }

    /// Whether two symbols belong to one sector.
    pub(crate) fn shares_sector(&self, one: Slot, other: Slot) -> bool {
        let listings = &self.universe.listings;
        listings[one.index()].sector == listings[other.index()].sector
    }

    /// Every column.
    pub(crate) fn slots(&self) -> impl Iterator<Item = Slot> + use<> {
        let symbols = u16::try_from(self.universe.listings.len());
        (0..symbols.expect("a universe fits 16 bits")).map(Slot)
    }

    /// Whether a company reports so soon after a session that fewer than so many sessions are left
    /// in which a holding may be left before.
    pub(crate) fn reports_within(&self, slot: Slot, sessions: u32, today: Session) -> bool {
        let symbol = self.outlook.symbol(slot);
        let Some(earnings) = symbol.and_then(|symbol| symbol.earnings) else { return false };
        // What is far off is not counted session by session.
        let days = earnings.date.days() - today.date().days();
        let near = days <= 7 + 2 * sessions.cast_signed();
        let left = || self.sessions_to_report(slot, today.date());
        near && left().is_some_and(|left| left < i64::from(sessions))
    }

    /// Sessions after one in which a holding may be left before the company reports: none when it
    /// reports after that session's close or before the next open. `None` when no report is ahead.
    pub(crate) fn sessions_to_report(&self, slot: Slot, today: Date) -> Option<i64> {
        let Earnings { date, hour, .. } = self.outlook.symbol(slot)?.earnings?;
        let before_open = hour == EarningsHour::BeforeOpen;
        let over = date < today || (date == today && before_open);
        let sessions = (!over).then(|| Session::elapsed(today, date))?;
        Some(i64::try_from(sessions).unwrap_or(i64::MAX) - i64::from(before_open))
    }

    /// The column of a symbol.
    pub fn slot_of(&self, ticker: Ticker) -> Option<Slot> {
        self.slots.get(&ticker).copied()
    }

    /// The symbol of a column.
    pub fn ticker(&self, slot: Slot) -> Ticker {
        self.universe.listings[slot.index()].ticker
    }

    /// Stories that arrived in this session.
    pub fn stories(&self) -> u32 {
        self.stories
    }

    /// The session of the last minute.
    pub fn session(&self) -> Option<Session> {
        self.session
    }

    /// The end of the last minute.
    pub fn last_minute(&self) -> Option<Time> {
        self.last_minute
    }
}
