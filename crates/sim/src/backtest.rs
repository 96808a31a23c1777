//! Back-tests: the desk's own loop over a tape of bars.
//!
//! No rule is written here. A back-test is [`Desk`] with three plugs: a [`BacktestLog`] that
//! refers to bars instead of encoding them, a [`CloseVenue`] that trades at the close of the
//! deciding minute, and a clock that stands at the end of the minute. The venue's answers come
//! back as entries, as they would from a broker.
//!
//! One entry is lent to the desk for every minute, so that a minute allocates nothing.

mod log;
mod tape;
mod venue;

use backsight_domain::decision::{Decision, Outcome, Reason, Subject};
use backsight_domain::event::{Entry, Event, Mode, PolicyAdopted, Started};
use backsight_domain::id::{DeskName, PolicyVersion, Seq};
use backsight_domain::instrument::{Instrument, Ticker};
use backsight_domain::market::{Listing, Minute, Slot, Universe};
use backsight_domain::money::Money;
use backsight_domain::policy::Policy;
use backsight_domain::price::Price;
use backsight_domain::time::Time;
use backsight_engine::Engine;
use backsight_engine::desk::{Clock, Desk};
use backsight_journal::{Log, LogFault};

pub use self::log::BacktestLog;
pub use self::tape::{Column, Plan, Tape, TapeReader};
pub use self::venue::CloseVenue;

/// What a back-test starts from.
#[derive(Clone, Debug)]
pub struct Setup {
    /// The rules.
    pub policy: Policy,
    /// Cash of each account, in the order of the policy's accounts.
    pub cash: Vec<Money>,
    /// How many symbols are watched; they are called `S0`, `S1` and so on.
    pub symbols: u16,
}

/// A desk that is being driven over a tape.
#[derive(Debug)]
pub struct Backtest<L> {
    desk: Desk<L, CloseVenue, MinuteClock>,
    lent: Entry,
    trades: Vec<Trade>,
    tally: Tally,
}

/// One position from open to close.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "an outcome's fields, which are documented there")]
pub struct Trade {
    pub instrument: Instrument,
    pub opened: Time,
    pub closed: Time,
    pub entry: Price,
    pub exit: Price,
    pub pnl: Money,
}

/// What was decided, counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Signals that reached the recording floor.
    pub signals: u64,
    /// Signals judged, once for each account.
    pub verdicts: u64,
    /// Ghosts that ended.
    pub ghosts: u64,
    /// Orders that were sent.
    pub orders: u64,
}

/// A clock that stands where the loop puts it.
#[derive(Clone, Copy, Debug, Default)]
pub struct MinuteClock(Time);

impl Clock for MinuteClock {
    fn now(&mut self) -> Time {
        self.0
    }
}

impl<L: Log> Backtest<L> {
    /// A desk that has adopted the policy, watches the symbols and knows its accounts, at `opening`.
    ///
    /// # Errors
    /// Returns the log's fault.
    pub fn open(setup: &Setup, log: L, opening: Time) -> Result<Self, LogFault> {
        let symbols = usize::from(setup.symbols);
        let venue = CloseVenue::new(setup.policy.fill_model.fee, &setup.cash, symbols);
        let mut minute = Minute::of_length(opening, symbols);
        for slot in 0..symbols {
            minute.traded[slot / 64] |= 1 << (slot % 64);
        }
        let lent = Entry { seq: Seq(0), at: opening, event: Event::Minute(minute) };
        let desk = Desk::new(Engine::new(), log, venue, MinuteClock(opening));
        let mut test = Self { desk, lent, trades: Vec::new(), tally: Tally::default() };
        for event in first_events(setup) {
            test.take(event)?;
        }
        test.answer()?;
        Ok(test)
    }

    /// Takes a minute that `read` writes into columns of the right length, all of them traded.
    ///
    /// # Errors
    /// Returns the log's fault.
    pub fn minute(&mut self, read: impl FnOnce(&mut Minute)) -> Result<(), LogFault> {
        let Event::Minute(minute) = &mut self.lent.event else {
            unreachable!("the lent entry is a minute for ever")
        };
        read(minute);
        self.desk.clock_mut().0 = minute.end();
        let decision = self.desk.take_lent(&mut self.lent)?;
        let decided = !decision.is_empty();
        self.note(decision);
        if decided { self.answer() } else { Ok(()) }
    }

    /// Runs a whole tape.
    ///
    /// # Errors
    /// Returns the log's fault.
    pub fn play(&mut self, tape: &Tape) -> Result<(), LogFault> {
        (0..tape.starts().len()).try_for_each(|row| self.minute(|minute| tape.read(row, minute)))
    }

    /// Lets the venue answer until it has nothing left to say.
    fn answer(&mut self) -> Result<(), LogFault> {
        while let Some(waiting) = self.desk.venue.next_request() {
            let mark = waiting.instrument().and_then(|instrument| self.mark(instrument));
            if let Some(event) = self.desk.venue.answer(waiting, mark) {
                self.take(event)?;
            }
        }
        Ok(())
    }

    /// Where an instrument stands and what it last traded at.
    fn mark(&self, instrument: Instrument) -> Option<(Slot, Price)> {
        let market = self.engine().market();
        let slot = market.slot_of(instrument.underlying())?;
        Some((slot, market.last_price(slot)?))
    }

    fn take(&mut self, event: Event) -> Result<(), LogFault> {
        let decision = self.desk.take(event)?;
        self.note(decision);
        Ok(())
    }

    fn note(&mut self, decision: Decision) {
        for reason in &decision.because {
            match reason {
                Reason::Signal(_) => self.tally.signals += 1,
                Reason::Verdict(_) => self.tally.verdicts += 1,
                Reason::Closed(outcome) => self.note_outcome(outcome),
                Reason::Held(_)
                | Reason::Stage(_)
                | Reason::Proposal(_)
                | Reason::Opened(_)
                | Reason::Rolled(_)
                | Reason::Haunted(_)
                | Reason::Order(_)
                | Reason::Filled { .. }
                | Reason::State { .. }
                | Reason::Ignored(_)
                | Reason::Closing { .. } => {}
            }
        }
        self.tally.orders += decision.effects.len() as u64;
        self.desk.reuse(decision);
    }

    fn note_outcome(&mut self, outcome: &Outcome) {
        match outcome.subject {
            Subject::Ghost { .. } => self.tally.ghosts += 1,
            Subject::Position { .. } => self.trades.push(Trade {
                instrument: outcome.instrument,
                opened: outcome.opened,
                closed: outcome.closed,
                entry: outcome.entry,
                exit: outcome.exit,
                pnl: outcome.pnl,
            }),
        }
    }

    /// Positions that were closed, in the order of their closing.
    pub fn trades(&self) -> &[Trade] {
        &self.trades
    }

    /// What was decided.
    pub fn tally(&self) -> Tally {
        self.tally
    }

    /// The engine, to be looked at.
    pub fn engine(&self) -> &Engine {
        self.desk.engine()
    }

    /// The log.
    pub fn log(&self) -> &L {
        self.desk.log()
    }
}

fn first_events(setup: &Setup) -> [Event; 3] {
    let desk = DeskName(Ticker::parse("BACK").expect("four letters are a ticker"));
    let started = Started { desk, build: "backtest".into(), mode: Mode::Simulated };
    let policy = setup.policy.clone();
    let adopted = PolicyAdopted { version: PolicyVersion(1), policy, who: "backtest".into() };
    let listings = (0..setup.symbols).map(|symbol| listing(Slot(symbol))).collect();
    [
        Event::Started(started),
        Event::Universe(Universe { listings }),
        Event::PolicyAdopted(Box::new(adopted)),
    ]
}

fn listing(slot: Slot) -> Listing {
    let name = format!("S{}", slot.0);
    let ticker = Ticker::parse(&name).expect("`S` and a number below 65,536 are a ticker");
    Listing { ticker, sector: "none".into(), fractionable: false, shortable: false }
}

#[cfg(test)]
mod tests;
