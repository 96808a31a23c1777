//! Everything that can happen to a desk, as one closed enum.
//!
//! The engine sees the world only as entries in arrival order. A new kind of event breaks every
//! place that must think about it, because nobody matches with a wildcard.

use crate::desk::{OperatorCommand, WorldFault};
use crate::id::{DeskName, PolicyVersion, Seq};
use crate::market::{Halt, Minute, Quote, Split, Universe};
use crate::notice::{Discovery, Dividend, Earnings, PastVolatility, Payout, Regime, Thesis};
use crate::option::{Chain, Settlement};
use crate::order::{AccountReport, Fill, OrderUpdate, Reply};
use crate::policy::Policy;
use crate::proposal::Lesson;
use crate::story::{Reader, Reading, Story};
use crate::time::Time;

/// One event with its place in the journal. The sequence decides order; times only explain it.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Its place.
    pub seq: Seq,
    /// When the desk received it; strictly increasing.
    pub at: Time,
    /// What happened.
    pub event: Event,
}

/// What an entry says happened.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// A process opened the desk. What the venue did meanwhile is unknown until it is asked.
    Started(Started),
    /// A policy takes effect for everything decided from here on.
    PolicyAdopted(Box<PolicyAdopted>),
    /// The symbols to watch.
    Universe(Universe),
    /// A completed minute of bars.
    Minute(Minute),
    /// A quote.
    Quote(Quote),
    /// Trading in a symbol stopped or resumed.
    Halt(Halt),
    /// Quotes of option contracts.
    Chain(Chain),
    /// A split takes effect.
    Split(Split),
    /// A dividend is announced.
    Dividend(Dividend),
    /// A report of earnings is announced.
    Earnings(Earnings),
    /// The market's fear index.
    Regime(Regime),
    /// Implied volatilities of sessions before the desk.
    PastVolatility(PastVolatility),
    /// What discovery found.
    Discovery(Discovery),
    /// Why a holding is held.
    Thesis(Thesis),
    /// News.
    Story(Story),
    /// What a reader understood of news.
    Reading(Reading),
    /// Somebody else reads the news.
    Reader(Reader),
    /// The venue answered a request.
    Reply(Reply),
    /// The venue says how an order is doing.
    Order(OrderUpdate),
    /// The venue executed something.
    Fill(Fill),
    /// The venue took an execution back.
    Bust(Bust),
    /// A contract left an account without a trade.
    Settlement(Settlement),
    /// A dividend was paid.
    Payout(Payout),
    /// The venue's whole view of one account.
    Report(AccountReport),
    /// An operator ordered something.
    Operator(OperatorCommand),
    /// Whoever looks back learned something.
    Learned(Lesson),
    /// The world failed in a way that concerns decisions.
    Fault(WorldFault),
    /// Time passed.
    Tick,
}

/// Who speaks in an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Source {
    /// The desk itself and the people who run it. What they say is said once: nothing in the world repeats it.
    House,
    /// The market and its news, which say the same to everybody.
    Market,
    /// The venue, which speaks of our own orders and accounts.
    Venue,
    /// The lines to both of them.
    Line,
    /// The clock.
    Clock,
}

impl Event {
    /// Returns who speaks in it.
    pub const fn source(&self) -> Source {
        match self {
            Self::Started(_) | Self::PolicyAdopted(_) | Self::Operator(_) | Self::Learned(_) => {
                Source::House
            }
            Self::Universe(_)
            | Self::Minute(_)
            | Self::Quote(_)
            | Self::Halt(_)
            | Self::Chain(_)
            | Self::Split(_)
            | Self::Dividend(_)
            | Self::Earnings(_)
            | Self::Regime(_)
            | Self::PastVolatility(_)
            | Self::Discovery(_)
            | Self::Thesis(_)
            | Self::Story(_)
            | Self::Reading(_)
            | Self::Reader(_) => Source::Market,
            Self::Reply(_)
            | Self::Order(_)
            | Self::Fill(_)
            | Self::Bust(_)
            | Self::Settlement(_)
            | Self::Payout(_)
            | Self::Report(_) => Source::Venue,
            Self::Fault(_) => Source::Line,
            Self::Tick => Source::Clock,
        }
    }
}

/// A process opened the desk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Started {
    /// The desk.
    pub desk: DeskName,
    /// The build that runs it.
    pub build: Box<str>,
    /// Which accounts trade where: `sim`, `paper` or `live`.
    pub mode: Mode,
}

/// Where orders go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mode {
    /// To a simulated exchange.
    Simulated,
    /// To a broker's paper account.
    Paper,
    /// To a broker with real money.
    Live,
}

/// A policy takes effect.
#[derive(Clone, Debug, PartialEq)]
pub struct PolicyAdopted {
    /// Its version; one more than the last.
    pub version: PolicyVersion,
    /// The policy.
    pub policy: Policy,
    /// Who adopted it.
    pub who: Box<str>,
}

/// An execution that the venue took back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bust {
    /// The execution.
    pub execution: crate::id::ExecutionId,
}
