//! What each record of a journal does to the tables.
//!
//! A projection is a fold: a record goes in, rows and changes come out, and nothing is asked of a
//! database. What it must remember between records (who the accounts are, what is held, which
//! ghosts are watched) is small, and is read back from the tables themselves when it begins again
//! behind some record, so that the tables after a record are a function of the journal up to it.
//!
//! | Records about | Module |
//! |---|---|
//! | the desk: starts, policies, commands, states, sessions | `desk` |
//! | the market: listings, minutes, notices, chains, finds | `market` |
//! | news and who reads it | `news` |
//! | signals, verdicts, ghosts | `signal`, `ghost` |
//! | orders, fills, positions, marks | `order`, `position`, `outcome` |
//! | what was learned | `proposal` |

mod desk;
mod ghost;
mod market;
mod news;
mod order;
mod outcome;
mod position;
mod proposal;
mod restore;
mod signal;

use std::collections::{BTreeMap, BTreeSet};

use backsight_domain::decision::{Decision, Effect, Reason};
use backsight_domain::event::{Entry, Event};
use backsight_domain::id::{AccountId, DeskName, Seq};
use backsight_domain::instrument::{Contract, Instrument, Ticker};
use backsight_domain::market::Slot;
use backsight_domain::order::Fill;
use backsight_domain::proposal::{Finding, Lesson};
use backsight_domain::session::Session;
use backsight_domain::time::Time;
use backsight_journal::{Record, Stamped};

use self::desk::Lookback;
use self::ghost::Watch;
use self::market::Day;
use self::position::{Held, Touch};
use crate::batch::{Batch, row};
use crate::value::Value;

/// What is held is told by who holds it and what it is.
type Key = (AccountId, Instrument);

/// The fold, and what it remembers.
#[derive(Debug, Default)]
pub(crate) struct Projection {
    /// The desk's name, which is in every client order id.
    desk: Option<DeskName>,
    /// Names of the accounts.
    accounts: Vec<String>,
    /// The policy in force, and what it says of looking back.
    policy: u32,
    lookback: Lookback,
    /// The symbols by slot.
    listings: Vec<Ticker>,
    /// Who reads the news.
    rung: Option<String>,
    /// The session of the last minute, its number, and its bars so far.
    session: Option<(Session, i64)>,
    last_minute: Option<Time>,
    day: Vec<Option<Day>>,
    /// The record that closed the last session.
    last_closing: i64,
    /// What is held, and what of it changed since the last batch.
    held: BTreeMap<Key, Held>,
    changed: BTreeSet<Key>,
    /// The last quotes of contracts that are held, and which of them are new.
    quotes: BTreeMap<Contract, Touch>,
    quoted: BTreeSet<Contract>,
    /// Ghosts whose share is followed for a while.
    watched: Vec<Watch>,
    /// Executions of the entry that the next decision is about.
    fills: Vec<Fill>,
    /// What was found by the entry that the next decision is about.
    finding: Option<Box<Finding>>,
}

/// The record that rows come from.
#[derive(Clone, Copy, Debug)]
struct Place {
    seq: Seq,
    at: Time,
}

impl Projection {
    /// Takes one record.
    pub(crate) fn take(&mut self, stamped: &Stamped, batch: &mut Batch) {
        let place = Place { seq: stamped.seq, at: stamped.at };
        match &stamped.record {
            Record::Entry(entry) => {
                self.remember(entry);
                self.happen(place, &entry.event, batch);
            }
            Record::Decision(decision) => self.decide(place, decision, batch),
        }
    }

    /// Remembers what a decision about the entry will need, and does nothing else.
    pub(crate) fn remember(&mut self, entry: &Entry) {
        self.fills.clear();
        self.finding = None;
        match &entry.event {
            Event::Fill(fill) => self.fills.push(fill.clone()),
            Event::Report(report) => self.fills.extend(report.fills.iter().cloned()),
            Event::Learned(Lesson::Found(finding)) => self.finding = Some(finding.clone()),
            Event::Started(_)
            | Event::PolicyAdopted(_)
            | Event::Universe(_)
            | Event::Minute(_)
            | Event::Quote(_)
            | Event::Halt(_)
            | Event::Chain(_)
            | Event::Split(_)
            | Event::Dividend(_)
            | Event::Earnings(_)
            | Event::Regime(_)
            | Event::PastVolatility(_)
            | Event::Discovery(_)
            | Event::Thesis(_)
            | Event::Story(_)
            | Event::Reading(_)
            | Event::Reader(_)
            | Event::Reply(_)
            | Event::Order(_)
            | Event::Bust(_)
            | Event::Settlement(_)
            | Event::Payout(_)
            | Event::Operator(_)
            | Event::Learned(_)
            | Event::Fault(_)
            | Event::Tick => {}
        }
    }

    /// Writes what changed more than once in a batch: once.
    pub(crate) fn finish(&mut self, batch: &mut Batch) {
        for key in std::mem::take(&mut self.changed) {
            if let Some(held) = self.held.get(&key) {
                held.write(batch);
            }
        }
        for contract in std::mem::take(&mut self.quoted) {
            if let Some(touch) = self.quotes.get(&contract) {
                touch.write(contract, batch);
            }
        }
    }

    fn happen(&mut self, place: Place, event: &Event, batch: &mut Batch) {
        match event {
            Event::Started(started) => self.start(place, started, batch),
            Event::PolicyAdopted(adopted) => self.adopt(place, adopted, batch),
            Event::Universe(universe) => self.list(place, universe, batch),
            Event::Minute(minute) => self.minute(place, minute, batch),
            Event::Halt(halt) => self.note_halt(place, *halt, batch),
            Event::Chain(chain) => self.chain(place, chain, batch),
            Event::Split(split) => self.split(place, *split, batch),
            Event::Dividend(dividend) => self.note_dividend(place, dividend, batch),
            Event::Earnings(earnings) => self.note_earnings(place, *earnings, batch),
            Event::Regime(regime) => market::note_regime(place, regime, batch),
            Event::Discovery(discovery) => self.discover(place, discovery, batch),
            Event::Thesis(thesis) => self.note_thesis(place, thesis, batch),
            Event::Story(story) => news::tell(place, story, batch),
            Event::Reading(reading) => self.read(place, reading, batch),
            Event::Reader(reader) => self.change_reader(place, reader, batch),
            Event::Bust(bust) => order::bust(place, bust.execution, batch),
            Event::Report(report) => {
                report.busts.iter().for_each(|execution| order::bust(place, *execution, batch));
            }
            Event::Settlement(settlement) => self.settle(place, settlement),
            Event::Operator(command) => desk::command(place, command, batch),
            Event::Learned(lesson) => proposal::lesson(place, lesson, batch),
            Event::Fault(fault) => self.fault(place, *fault, batch),
            Event::Payout(payout) => self.pay(place, payout, batch),
            // Ranks stand in the verdicts that looked at them.
            Event::PastVolatility(_) => {}
            // What they lead to stands in the decision about them.
            Event::Quote(_) | Event::Reply(_) | Event::Order(_) | Event::Fill(_) | Event::Tick => {}
        }
    }

    fn decide(&mut self, place: Place, decision: &Decision, batch: &mut Batch) {
        for (index, effect) in decision.effects.iter().enumerate() {
            match effect {
                Effect::Submit(intent) => self.order(place, intent, batch),
                Effect::Alarm(alarm) => batch.add(row!(alarms {
                    seq: place.seq(),
                    place: index,
                    at: place.at,
                    alarm: Value::text(alarm),
                })),
                Effect::Resubmit(_)
                | Effect::Cancel { .. }
                | Effect::CancelForeign { .. }
                | Effect::Lookup { .. }
                | Effect::Report(_)
                | Effect::AskChain(_)
                | Effect::AskQuote(_) => {}
            }
        }
        for (index, reason) in decision.because.iter().enumerate() {
            self.explain((place, index), reason, decision, batch);
        }
    }

    fn explain(
        &mut self,
        (place, index): (Place, usize),
        reason: &Reason,
        decision: &Decision,
        batch: &mut Batch,
    ) {
        match reason {
            Reason::Signal(signal) => self.signal(place, signal, decision, batch),
            Reason::Verdict(verdict) => self.verdict(place, verdict, batch),
            Reason::Held(hold) => signal::hold(place, index, hold, batch),
            Reason::Opened(opening) => self.open(place, opening, batch),
            Reason::Haunted(haunting) => self.haunt(place, haunting, decision, batch),
            Reason::Closed(outcome) => self.close(place, outcome, batch),
            Reason::Stage(stage) => self.stage(place, index, *stage, batch),
            Reason::Order(order) => order::moved(place, index, order, batch),
            Reason::Filled { execution, intent, quantity, price } => {
                self.fill(place, (*execution, *intent), (*quantity, *price), batch);
            }
            Reason::State { from, to } => batch.add(row!(states {
                seq: place.seq(),
                place: index,
                at: place.at,
                state_before: Value::text(from),
                state: Value::text(to),
            })),
            Reason::Rolled(rolling) => Self::roll(place, index, rolling, batch),
            Reason::Proposal(moved) => self.propose((place, index), moved, batch),
            Reason::Ignored(why) => desk::ignored(place, index, *why, batch),
            Reason::Closing { fingerprint, equity } => {
                self.close_session(place, *fingerprint, equity, batch);
            }
        }
    }

    /// The name of an account; its number when it has none yet.
    fn account(&self, id: AccountId) -> String {
        let name = self.accounts.get(usize::from(id.0)).cloned();
        name.unwrap_or_else(|| id.0.to_string())
    }

    /// The symbol of a slot.
    fn ticker(&self, slot: Slot) -> Option<Ticker> {
        self.listings.get(slot.index()).copied()
    }

    /// The slot of a symbol.
    fn slot(&self, ticker: Ticker) -> Option<Slot> {
        let index = self.listings.iter().position(|listed| *listed == ticker)?;
        u16::try_from(index).ok().map(Slot)
    }
}

impl Place {
    fn seq(self) -> i64 {
        i64::try_from(self.seq.0).expect("no journal has so many records")
    }
}

/// The contract that an instrument is, or that is bought with it.
fn contract_of(instrument: &Instrument) -> Option<Contract> {
    match instrument {
        Instrument::Equity(_) => None,
        Instrument::Option(contract) => Some(*contract),
        Instrument::Vertical(vertical) => Some(vertical.bought()),
    }
}

/// The earlier systems' word for a kind of instrument.
fn instrument_type(instrument: &Instrument) -> &'static str {
    use backsight_domain::instrument::Right;
    match instrument {
        Instrument::Equity(_) => "STOCK",
        Instrument::Option(contract) if contract.right == Right::Call => "CALL",
        Instrument::Option(_) => "PUT",
        Instrument::Vertical(_) => "VERTICAL",
    }
}
