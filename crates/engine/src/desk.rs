//! The desk: the loop around the engine. Append, step, append the decision, flush, send.
//!
//! It is generic over its three plugs (a [`Log`], a [`Venue`], a [`Clock`]) and holds no rule. A
//! back-test, a simulation, paper and live trading differ in the plugs alone.

use backsight_domain::decision::{Decision, Effect};
use backsight_domain::event::{Entry, Event, Source};
use backsight_domain::id::{AccountId, IntentId, Seq, VenueId};
use backsight_domain::instrument::Contract;
use backsight_domain::market::Slot;
use backsight_domain::time::{Span, Time};
use backsight_journal::{Flush, Log, LogFault};

use crate::engine::{Engine, Step};
use crate::gate::Approved;

/// Where requests go. Answers come back later, as events.
pub trait Venue {
    /// Sends one request, once. The venue never repeats an order request by itself.
    fn send(&mut self, request: Request, at: Time);
}

/// A source of time.
pub trait Clock {
    /// The time now.
    fn now(&mut self) -> Time;
}

/// A request to the venue.
#[derive(Clone, Copy, Debug)]
pub enum Request {
    /// Take this order under the client order id of its intent.
    Submit(Approved),
    /// Cancel an order.
    Cancel {
        /// The account.
        account: AccountId,
        /// The order.
        intent: IntentId,
    },
    /// Cancel an order by the venue's name for it.
    CancelForeign {
        /// The account.
        account: AccountId,
        /// The order.
        venue: VenueId,
    },
    /// What is known under the client order id of an intent?
    Lookup {
        /// The account.
        account: AccountId,
        /// The order.
        intent: IntentId,
    },
    /// What is the whole state of an account?
    Report {
        /// The account.
        account: AccountId,
    },
    /// What are the quotes of a share's contracts?
    Chain(Slot),
    /// What is the quote of one contract?
    Quote(Contract),
}

/// A desk at work.
#[derive(Debug)]
pub struct Desk<L, V, C> {
    engine: Engine,
    log: L,
    /// Where orders go.
    pub venue: V,
    clock: C,
    last: Time,
}

impl<L: Log, V: Venue, C: Clock> Desk<L, V, C> {
    /// A desk around an engine that has taken everything the log holds.
    pub fn new(engine: Engine, log: L, venue: V, clock: C) -> Self {
        let last = engine.now();
        Self { engine, log, venue, clock, last }
    }

    /// Takes one event: journals it, decides, journals the decision, makes it durable as its class
    /// demands, and only then sends.
    ///
    /// # Errors
    /// Returns the fault that keeps the journal from being written. Nothing was sent, and nothing
    /// will be: the log stands still from here on.
    pub fn take(&mut self, event: Event) -> Result<Decision, LogFault> {
        self.take_lent(&mut Entry { seq: Seq(0), at: Time::default(), event })
    }

    /// Takes the event of an entry that stays the caller's, and gives it its place and time. Who
    /// feeds a million minutes lends the same columns again and again.
    ///
    /// # Errors
    /// As [`Self::take`].
    pub fn take_lent(&mut self, entry: &mut Entry) -> Result<Decision, LogFault> {
        // Times only explain the order; the desk makes them strictly increasing.
        let now = self.clock.now().later(self.last + Span::from_nanos(1));
        self.last = now;
        (entry.seq, entry.at) = (self.log.next_seq(), now);
        let class = flush_class(&entry.event);
        self.log.append_entry(entry)?;
        let step = self.engine.step(entry);
        if !step.decision.is_empty() {
            self.log.append_decision(self.log.next_seq(), &step.decision)?;
        }
        let class = if step.decision.must_be_durable() { Flush::A } else { class };
        self.log.flush(class)?;
        self.log.maintain(now)?;
        self.dispatch(&step, now);
        Ok(step.decision)
    }

    /// Takes back a decision that everybody is done with, for the room in it.
    pub fn reuse(&mut self, decision: Decision) {
        self.engine.reuse(decision);
    }

    fn dispatch(&mut self, step: &Step, now: Time) {
        let mut approved = step.approved.iter();
        for effect in &step.decision.effects {
            let request = match *effect {
                Effect::Submit(intent) | Effect::Resubmit(intent) => {
                    let next = approved.next().expect("each order of a decision was approved");
                    assert_eq!(*next.intent(), intent, "approvals come in the decision's order");
                    Request::Submit(*next)
                }
                Effect::Cancel { account, intent } => Request::Cancel { account, intent },
                Effect::CancelForeign { account, venue } => {
                    Request::CancelForeign { account, venue }
                }
                Effect::Lookup { account, intent } => Request::Lookup { account, intent },
                Effect::Report(account) => Request::Report { account },
                Effect::AskChain(slot) => Request::Chain(slot),
                Effect::AskQuote(contract) => Request::Quote(contract),
                Effect::Alarm(_) => continue,
            };
            self.venue.send(request, now);
        }
    }

    /// The engine, to be looked at.
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// The log.
    pub fn log(&self) -> &L {
        &self.log
    }

    /// The log, for maintenance.
    pub fn log_mut(&mut self) -> &mut L {
        &mut self.log
    }

    /// The clock.
    pub fn clock_mut(&mut self) -> &mut C {
        &mut self.clock
    }

    /// Gives back the parts.
    pub fn into_parts(self) -> (Engine, L, V, C) {
        (self.engine, self.log, self.venue, self.clock)
    }
}

/// How soon an entry must be durable by itself.
const fn flush_class(event: &Event) -> Flush {
    match event.source() {
        Source::House => Flush::A,
        Source::Venue | Source::Line => Flush::B,
        Source::Market | Source::Clock => Flush::C,
    }
}
