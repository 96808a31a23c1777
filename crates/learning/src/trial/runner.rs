//! One desk of a trial: the real engine, a simple venue, and the trades that came of it.

use backsight_domain::decision::{Decision, Reason, Subject};
use backsight_domain::event::{Entry, Event, Mode, PolicyAdopted, Started};
use backsight_domain::id::{AccountId, DeskName, PolicyVersion};
use backsight_domain::instrument::{Instrument, Ticker};
use backsight_domain::market::{Slot, Universe};
use backsight_domain::money::{Money, Rounding};
use backsight_domain::policy::Policy;
use backsight_domain::time::{Date, Time};
use backsight_engine::Engine;
use backsight_engine::market::Market;

use super::course::Course;
use super::venue::Venue;
use crate::past::trading_date;

/// How a trial is run, beside its policy.
#[derive(Clone, Debug, PartialEq)]
pub struct Terms {
    /// First cash of each account.
    pub cash: Vec<Money>,
    /// By how much costs are multiplied.
    pub costs: u32,
    /// What counts as one R: a loss of this many basis points of a share's price.
    pub risk_bps: u32,
    /// The same for a contract, in percent of its premium.
    pub option_risk_pct: u32,
}

/// One closed trade.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Trade {
    /// The session it was opened in.
    pub session: Date,
    /// The account.
    pub account: AccountId,
    /// What was traded.
    pub instrument: Instrument,
    /// When.
    pub opened: Time,
    /// When it ended.
    pub closed: Time,
    /// What it made, in R of the policy that is compared with.
    pub result: f64,
}

/// A desk that is being driven over what the market did.
#[derive(Clone, Debug)]
pub struct Runner {
    engine: Engine,
    venue: Venue,
    terms: Terms,
    trades: Vec<Trade>,
    /// Whether it was at rest when the last minute came, too.
    rested: bool,
}

impl Runner {
    /// A desk that has adopted a policy and watches a universe.
    pub fn new(policy: &Policy, universe: &Universe, terms: &Terms, at: Time) -> Self {
        let mut policy = policy.clone();
        // Exits go to the market: how a ladder is climbed is no question of a trial. Ghosts change
        // nothing that is traded.
        policy.orders.exit_market = true;
        policy.fill_model.ghosts_max = 0;
        // A venue that never errs needs no audit beside the one that begins.
        policy.orders.report_s = 0;
        let mut model = policy.fill_model.clone();
        model.half_spread_bps *= terms.costs;
        model.fee = (0..terms.costs).map(|_| policy.fill_model.fee).sum();
        let venue = Venue::new(model, &terms.cash);
        let terms = terms.clone();
        let mut engine = Engine::new();
        engine.be_brief();
        let mut runner = Self { engine, venue, terms, trades: Vec::new(), rested: false };
        let desk = DeskName(Ticker::parse("TRIAL").expect("five letters are a ticker"));
        let started = Started { desk, build: "trial".into(), mode: Mode::Simulated };
        let adopted = PolicyAdopted { version: PolicyVersion(1), policy, who: "trial".into() };
        for event in [
            Event::Started(started),
            Event::Universe(universe.clone()),
            Event::PolicyAdopted(Box::new(adopted)),
        ] {
            runner.tell(event, at);
        }
        runner
    }

    /// Changes markets: a desk of a fleet is lent the one that it shares.
    pub(super) fn swap_market(&mut self, market: &mut Box<Market>) {
        self.engine.swap_market(market);
    }

    /// Gives the market away.
    pub(super) fn leave_market(&mut self) -> Box<Market> {
        let mut market = Box::default();
        self.swap_market(&mut market);
        market
    }

    /// Takes what the market did.
    pub fn take(&mut self, entry: &Entry) {
        self.wait(entry.at);
        self.hear(entry);
    }

    /// Whether something is due before a time.
    pub(super) fn is_due(&self, before: Time) -> bool {
        self.engine.next_wake().is_some_and(|wake| wake < before)
    }

    /// Lets time pass.
    pub(super) fn wait(&mut self, until: Time) {
        while let Some(wake) = self.engine.next_wake().filter(|wake| *wake < until) {
            self.tell(Event::Tick, wake);
        }
    }

    /// Whether the minute that a market took last may be spared the desk. What ended in the minute
    /// before is still to be counted.
    pub(super) fn sleeps_through(&mut self, market: &Market, busy: &[Slot]) -> bool {
        let rests = self.engine.is_at_rest() && self.venue.is_idle();
        std::mem::replace(&mut self.rested, rests)
            && rests
            && self.engine.sleeps_through(market, busy)
    }

    /// Takes what the market did, when nothing is due before it.
    pub(super) fn hear(&mut self, entry: &Entry) {
        let decision = self.engine.step(entry).decision;
        self.settle(&decision, entry.at);
        if matches!(entry.event, Event::Minute(_)) && !self.venue.is_idle() {
            let events = self.venue.look_again(&self.engine);
            for event in events {
                self.tell(event, entry.at);
            }
        }
    }

    /// Tells the desk something at a time.
    pub fn tell(&mut self, event: Event, at: Time) {
        let at = at.later(self.engine.now());
        let entry = Entry { seq: self.engine.seq().next(), at, event };
        let decision = self.engine.step(&entry).decision;
        self.settle(&decision, at);
    }

    /// Notes what was decided, and lets the venue answer.
    fn settle(&mut self, decision: &Decision, at: Time) {
        if decision.is_empty() {
            return;
        }
        self.note(decision);
        for effect in &decision.effects {
            let answers = self.venue.answer(effect, &self.engine);
            for event in answers {
                self.tell(event, at);
            }
        }
    }

    fn note(&mut self, decision: &Decision) {
        for reason in &decision.because {
            let Reason::Closed(outcome) = reason else { continue };
            let Subject::Position { account, .. } = outcome.subject else { continue };
            let risk = match outcome.instrument {
                Instrument::Equity(_) => f64::from(self.terms.risk_bps) / 10_000.0,
                Instrument::Option(_) | Instrument::Vertical(_) => {
                    f64::from(self.terms.option_risk_pct) / 100.0
                }
            };
            let multiplier = outcome.instrument.multiplier();
            let paid =
                Money::of(outcome.entry, outcome.quantity, multiplier, Rounding::Ceil).as_dollars();
            let made = outcome.pnl.as_dollars();
            let result = if 0.0 < paid { made / paid / risk } else { 0.0 };
            self.trades.push(Trade {
                session: trading_date(outcome.opened),
                account,
                instrument: outcome.instrument,
                opened: outcome.opened,
                closed: outcome.closed,
                result,
            });
        }
    }

    /// The trades that were closed so far.
    pub fn trades(&self) -> &[Trade] {
        &self.trades
    }

    /// A hash of everything that came of a course: each trade to the last bit, and the state at its
    /// end, market and all.
    pub fn digest(mut self, course: &Course) -> [u8; 32] {
        // A desk that slept through the last minutes wakes, and they all know what time it is.
        self.engine.step(&course.end());
        let mut hasher = blake3::Hasher::new();
        for trade in &self.trades {
            let Trade { session, account, instrument, opened, closed, result } = *trade;
            let times = (session.days(), opened.nanos(), closed.nanos());
            let said = format!("{account:?} {instrument:?} {times:?} {:x}\n", result.to_bits());
            hasher.update(said.as_bytes());
        }
        hasher.update(&self.engine.fingerprint().0);
        *hasher.finalize().as_bytes()
    }

    /// The same desk with an engine that keeps every record.
    #[cfg(test)]
    pub(super) fn in_full(mut self) -> Self {
        let engine = Engine::restore(&self.engine.snapshot());
        self.engine = engine.expect("a snapshot was just made");
        self
    }

    /// The engine, to be looked at.
    pub fn engine(&self) -> &Engine {
        &self.engine
    }
}
