//! A simulated run: the world and a real desk, in virtual time, one event after the other.
//!
//! ```text
//! market ──minutes, news──► fault layer ──events──► desk ──requests──► fault layer ──► exchange
//! ```
//!
//! The desk is the one that trades for real: same engine, same loop, same order of journal and
//! wire. Only its three plugs are simulated. The world is a function of its seed and of what the
//! desk sends, so a run can be re-executed from nothing (see [`crate::resume`]).

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use backsight_domain::decision::Decision;
use backsight_domain::desk::OperatorCommand;
use backsight_domain::event::{Event, Mode, PolicyAdopted, Started};
use backsight_domain::id::{AccountId, DeskName, ExecutionId, IntentId, PolicyVersion};
use backsight_domain::instrument::{Instrument, Ticker};
use backsight_domain::market::{Minute, Slot};
use backsight_domain::money::Money;
use backsight_domain::order::{Fill, Holding, Intent};
use backsight_domain::policy::Policy;
use backsight_domain::quantity::Quantity;
use backsight_domain::session::Session;
use backsight_domain::time::{Span, Time};
use backsight_engine::Engine;
use backsight_engine::desk::{Clock, Desk, Request, Venue};
use backsight_journal::{Log, LogFault};

use crate::careless::Rule;
use crate::chance::Chance;
use crate::exchange::{self, AccountTerms, Config, Exchange};
use crate::faults::{FaultLayer, FaultProfile, Wanted};
use crate::floor::Floor;
use crate::market::{Happening, Market, World};
use crate::newswire::{self, Newswire};

/// Everything that makes a run what it is. Equal setups give equal journals.
#[derive(Clone, Debug, PartialEq)]
pub struct Setup {
    /// The market.
    pub world: World,
    /// How many sessions are run.
    pub sessions: u32,
    /// What goes wrong.
    pub faults: FaultProfile,
    /// The rules.
    pub policy: Policy,
    /// The first cash of each account of the policy, in order.
    pub cash: Vec<Money>,
    /// What each account holds of every owned share before the desk comes, in basis points of its
    /// cash.
    pub held_bps: u32,
    /// The desk's name.
    pub desk: DeskName,
    /// The build that runs it.
    pub build: Box<str>,
}

/// A run in progress.
#[derive(Debug)]
pub struct Run<L> {
    desk: Desk<L, Wire, VirtualClock>,
    stage: Stage,
}

/// The world apart from the venue: what moves time on.
#[derive(Debug)]
pub struct Stage {
    market: Market,
    /// Who carries the news; the newsroom itself when there is none.
    newswire: Option<Box<dyn Newswire>>,
    slots: BTreeMap<Ticker, Slot>,
    minute: Minute,
    happenings: Vec<Happening>,
    /// Happenings of this minute that were shown.
    shown: usize,
    minute_is_shown: bool,
    /// Up to when the venue may act before the next minute is made.
    horizon: Time,
    session: Session,
    closes: bool,
    sessions_left: u32,
    lingers: bool,
    prologue: VecDeque<Event>,
    /// What a person did, in order.
    acts: VecDeque<Event>,
}

/// One event that was delivered.
#[derive(Clone, Debug, PartialEq)]
pub struct Advanced {
    /// When.
    pub at: Time,
    /// Whether it was a minute of bars.
    pub is_minute: bool,
    /// What was decided.
    pub decision: Decision,
}

/// The desk's connection to the simulated venue.
#[derive(Debug)]
pub struct Wire {
    /// The exchange behind its faults.
    pub layer: FaultLayer,
    /// The true time.
    now: Time,
    /// The true time of the desk's last event.
    heard_at: Time,
    /// When each account was last reported to the desk.
    reported: BTreeMap<AccountId, Time>,
    /// The safety rule that is switched off, if one is.
    without: Option<Rule>,
    /// Requests and fills that were given another identity, when that is what is switched off.
    renamed: u16,
    sent: BTreeSet<IntentId>,
}

/// The desk's clock: the true time, plus whatever jump the faults put on it.
///
/// A real desk counts on from its start with a monotonic clock, so a wall clock that jumps by a day
/// is reported to it and not felt. Jumps of up to a minute get through here all the same.
#[derive(Clone, Copy, Debug, Default)]
pub struct VirtualClock {
    now: Time,
}

/// How long after a close the venue's last messages are waited for.
const SETTLING: Span = Span::from_minutes(5);
/// How far a report reaches back before the last one.
const OVERLAP: Span = Span::from_minutes(5);
/// How long after the close before an ex-date calls are assigned.
const EVENING: Span = Span::from_minutes(3);
/// The largest jump of a clock that reaches the desk.
const SKEW_FELT: Span = Span::from_seconds(60);
/// The smallest part of a share that is held.
const PART: Quantity = Quantity::from_units(1_000_000);
/// How long before the first open the desk starts.
const LEAD: Span = Span::from_minutes(30);

impl Venue for Wire {
    fn send(&mut self, request: Request, _at: Time) {
        let request = match request {
            Request::Chain(slot) => return self.layer.ask_market(self.now, Wanted::Chain(slot)),
            Request::Quote(contract) => {
                return self.layer.ask_market(self.now, Wanted::Quote(contract));
            }
            Request::Submit(approved) => exchange::Request::Submit(self.named(*approved.intent())),
            Request::Cancel { account, intent } => exchange::Request::Cancel(account, intent),
            Request::CancelForeign { account, venue } => {
                exchange::Request::CancelForeign(account, venue)
            }
            Request::Lookup { account, intent } => exchange::Request::Lookup(account, intent),
            Request::Report { account } => {
                let last = self.reported.get(&account).copied().unwrap_or_default();
                exchange::Request::Report(account, last - OVERLAP)
            }
        };
        let is_question =
            matches!(request, exchange::Request::Lookup(..) | exchange::Request::Report(..));
        if is_question && self.without == Some(Rule::AskTheVenue) && self.has_asked(&request) {
            return;
        }
        // What leaves the desk leaves in true time, whatever its clock says.
        self.layer.ask(self.now, request);
    }
}

impl Wire {
    /// The intent under its own id; under a new one when that rule is off and it was sent before.
    fn named(&mut self, mut intent: Intent) -> Intent {
        let sent_before = self.sent.contains(&intent.id);
        self.sent.insert(intent.id);
        if self.without == Some(Rule::SameIdOnResend) && sent_before {
            self.renamed += 1;
            intent.id.leg = u16::MAX - self.renamed;
        }
        intent
    }

    /// A desk that trusts the stream reads an account once, when it starts, and never asks again.
    fn has_asked(&self, request: &exchange::Request) -> bool {
        match request {
            exchange::Request::Report(account, _) => self.reported.contains_key(account),
            exchange::Request::Lookup(..)
            | exchange::Request::Submit(_)
            | exchange::Request::Cancel(..)
            | exchange::Request::CancelForeign(..) => true,
        }
    }

    /// What the desk hears of an event.
    fn heard(&mut self, event: Event) -> Event {
        if self.without != Some(Rule::FillsByExecution) {
            return event;
        }
        if let Event::Fill(fill) = event {
            return Event::Fill(self.renamed(&fill));
        }
        if let Event::Report(mut report) = event {
            report.fills = report.fills.iter().map(|fill| self.renamed(fill)).collect();
            return Event::Report(report);
        }
        event
    }

    fn renamed(&mut self, fill: &Fill) -> Fill {
        self.renamed += 1;
        Fill { execution: ExecutionId(u128::from(self.renamed)), ..fill.clone() }
    }
}

impl Clock for VirtualClock {
    fn now(&mut self) -> Time {
        self.now
    }
}

impl<L: Log> Run<L> {
    /// A run before its first event.
    pub fn new(setup: Setup, log: L) -> Self {
        let (stage, wire) = Stage::build(setup);
        let desk = Desk::new(Engine::new(), log, wire, VirtualClock::default());
        Self { desk, stage }
    }

    /// The same run before its first event, whose news another reads; that is an event of its own.
    #[must_use]
    pub fn read_by(mut self, newswire: Box<dyn Newswire>) -> Self {
        self.stage.prologue.push_back(Event::Reader(newswire.reader()));
        self.stage.newswire = Some(newswire);
        self
    }

    /// A run whose desk is opened again by another process, after a time in which its world went
    /// on and nobody listened.
    pub fn reopen(
        (mut stage, mut wire): (Stage, Wire),
        engine: Engine,
        log: L,
        (started, downtime): (Started, Span),
    ) -> Self {
        wire.reported.clear();
        stage.pass_unheard(&mut wire, downtime);
        // A setup that did not get through before the stop is given again.
        let known = engine.policy_version();
        if known != PolicyVersion(0) {
            stage.prologue.clear();
        }
        stage.prologue.push_front(Event::Started(started));
        Self { desk: Desk::new(engine, log, wire, VirtualClock::default()), stage }
    }

    /// Switches a safety rule off at the wire, to show that the oracle notices.
    pub fn disregard(&mut self, rule: Option<Rule>) {
        self.desk.venue.without = rule;
    }

    /// Delivers the next event of the world to the desk; `None` when the last session is over.
    ///
    /// # Errors
    /// Returns why the journal stands still. The run cannot go on: reopen it.
    pub fn advance(&mut self) -> Result<Option<Advanced>, LogFault> {
        let Some(event) = self.next_event() else { return Ok(None) };
        let event = self.desk.venue.heard(event);
        let wire = &self.desk.venue;
        let (now, skew) = (wire.now, wire.layer.skew(wire.now));
        self.desk.clock_mut().now = now + skew.max(-SKEW_FELT).min(SKEW_FELT);
        self.desk.venue.heard_at = now;
        if let Event::Report(report) = &event {
            self.desk.venue.reported.insert(report.account, now);
        }
        let is_minute = matches!(event, Event::Minute(_));
        let decision = self.desk.take(event)?;
        Ok(Some(Advanced { at: now, is_minute, decision }))
    }

    fn next_event(&mut self) -> Option<Event> {
        if let Some(event) = self.stage.prologue.pop_front() {
            return Some(event);
        }
        if let Some(act) = self.stage.acts.pop_front() {
            return Some(act);
        }
        loop {
            let engine = self.desk.engine();
            let heard = self.desk.venue.heard_at;
            let soonest = Span::from_millis(1);
            // The desk's clock may be wrong; what it runs down is right.
            let wake = engine.next_wake().map(|wake| heard + (wake - engine.now()).max(soonest));
            let wire = &mut self.desk.venue;
            let (event, is_over) = self.stage.play(wire, wake);
            if event.is_some() || is_over {
                return event;
            }
        }
    }

    /// Gives the desk a command as its next event.
    pub fn command(&mut self, command: OperatorCommand) {
        self.stage.acts.push_back(Event::Operator(command));
    }

    /// Gives the desk another policy as its next event.
    pub fn adopt(&mut self, policy: Policy, who: &str) {
        let version = PolicyVersion(self.engine().policy_version().0 + 1);
        let adopted = PolicyAdopted { version, policy, who: who.into() };
        self.stage.acts.push_back(Event::PolicyAdopted(Box::new(adopted)));
    }

    /// Gives the desk again what a person did, as a journal recorded it.
    pub fn act_again(&mut self, act: Event) {
        self.stage.acts.push_back(act);
    }

    /// Lets the run go on for more sessions.
    pub fn extend(&mut self, sessions: u32) {
        self.stage.sessions_left += sessions;
    }

    /// Ends every fault.
    pub fn heal(&mut self) {
        let now = self.desk.venue.now;
        self.desk.venue.layer.heal(now);
    }

    /// Lets time pass after the last session.
    pub fn linger(&mut self, span: Span) {
        self.stage.horizon = self.stage.horizon.later(self.desk.venue.now) + span;
        self.stage.lingers = true;
    }

    /// Whether time only passes.
    pub fn is_lingering(&self) -> bool {
        self.stage.lingers
    }

    /// The engine.
    pub fn engine(&self) -> &Engine {
        self.desk.engine()
    }

    /// The log.
    pub fn log(&self) -> &L {
        self.desk.log()
    }

    /// The log, for maintenance.
    pub fn log_mut(&mut self) -> &mut L {
        self.desk.log_mut()
    }

    /// The true time.
    pub fn now(&self) -> Time {
        self.desk.venue.now
    }

    /// The session in progress or the last one.
    pub fn session(&self) -> Session {
        self.stage.session
    }

    /// Sessions that were not finished yet.
    pub fn sessions_left(&self) -> u32 {
        self.stage.sessions_left
    }

    /// The venue, faults and truth.
    pub fn layer(&self) -> &FaultLayer {
        &self.desk.venue.layer
    }

    /// Who carries the news, when the newsroom does not.
    pub fn newswire(&self) -> Option<&dyn Newswire> {
        self.stage.newswire.as_deref()
    }

    /// The market's truth.
    pub fn market(&self) -> &Market {
        &self.stage.market
    }

    /// Takes the run apart: the world, which goes on, and the log, which may be reopened.
    pub fn into_parts(self) -> (Stage, Wire, L) {
        let (_, log, wire, _) = self.desk.into_parts();
        (self.stage, wire, log)
    }
}

impl Stage {
    fn build(setup: Setup) -> (Self, Wire) {
        let chance = Chance::root(setup.world.seed);
        let first = Session::next(setup.world.start.plus_days(-1));
        let market = Market::new(setup.world.clone());
        let universe = market.universe();
        let listings: Vec<_> = universe.listings.iter().map(|listing| listing.ticker).collect();
        let terms = setup.policy.accounts.values().zip(0..).zip(&setup.cash);
        let accounts = terms.map(|((limits, id), &cash)| {
            let shorting = limits.shorting;
            AccountTerms { id: AccountId(id), cash, leverage: 1, shorting }
        });
        let accounts: Vec<_> = accounts.collect();
        let owned = |slot: &(Slot, Ticker)| setup.world.is_owned(slot.0);
        let owned: Vec<_> = (0..).map(Slot).zip(listings.iter().copied()).filter(owned).collect();
        let given = given(&market, &accounts, (&owned, setup.held_bps));
        let config = Config { given, ..Config::typical(accounts, universe.listings.clone()) };
        let exchange = Exchange::new(config, chance.branch("exchange"));
        let layer = FaultLayer::new(exchange, setup.faults, &chance.branch("faults"));
        let now = first.open() - LEAD;
        let policy =
            PolicyAdopted { version: PolicyVersion(1), policy: setup.policy, who: "setup".into() };
        let started = Started { desk: setup.desk, build: setup.build, mode: Mode::Simulated };
        let set_up = [
            Event::Started(started),
            Event::Universe(universe),
            Event::PolicyAdopted(Box::new(policy)),
        ];
        let past = market.past_volatilities().into_iter().map(Event::PastVolatility);
        let stage = Self {
            slots: (0..).map(Slot).zip(&listings).map(|(slot, ticker)| (*ticker, slot)).collect(),
            market,
            newswire: None,
            minute: Minute::default(),
            happenings: Vec::new(),
            shown: 0,
            minute_is_shown: true,
            horizon: first.open() - Span::from_seconds(1),
            session: first,
            closes: false,
            sessions_left: setup.sessions,
            lingers: false,
            prologue: set_up.into_iter().chain(past).collect(),
            acts: VecDeque::new(),
        };
        let reported = BTreeMap::new();
        (
            stage,
            Wire {
                layer,
                now,
                heard_at: now,
                reported,
                without: None,
                renamed: 0,
                sent: BTreeSet::new(),
            },
        )
    }

    /// Plays on until an event reaches the desk, or one step of the world is done.
    fn play(&mut self, wire: &mut Wire, wake: Option<Time>) -> (Option<Event>, bool) {
        let waiting = self.happenings.get(self.shown).map(|happening| happening.at);
        let due = wire.layer.next_due();
        let next = [due, waiting, wake].into_iter().flatten().min();
        let Some(next) = next.filter(|next| *next <= self.horizon) else {
            return (None, self.turn_page(wire));
        };
        wire.now = wire.now.later(next);
        let floor = Floor { market: &self.market, slots: &self.slots };
        wire.layer.advance(wire.now, &floor);
        if let Some((_, event)) = wire.layer.pop_due(wire.now) {
            return (Some(event), false);
        }
        if waiting.is_some_and(|at| at <= wire.now) {
            let happening = self.happenings[self.shown].clone();
            self.shown += 1;
            if let Event::Split(split) = happening.event {
                let ticker = self.market.companies()[split.slot.index()].ticker;
                wire.layer.exchange_mut().split(wire.now, ticker, split);
            }
            if let Event::Dividend(dividend) = happening.event {
                let ticker = self.market.companies()[dividend.slot.index()].ticker;
                let eve = Session::previous(dividend.ex).close() + EVENING;
                wire.layer.exchange_mut().announce_dividend(ticker, (eve, dividend.amount));
            }
            wire.layer.show(wire.now, happening.event);
            return (None, false);
        }
        let is_tick = wake.is_some_and(|wake| wake <= wire.now);
        (is_tick.then_some(Event::Tick), false)
    }

    /// Lets the world go on for a while; what would have reached the desk is lost.
    fn pass_unheard(&mut self, wire: &mut Wire, span: Span) {
        let until = wire.now + span;
        let floor = Floor { market: &self.market, slots: &self.slots };
        while let Some(due) = wire.layer.next_due().filter(|due| *due <= until) {
            wire.layer.advance(due, &floor);
            while wire.layer.pop_due(due).is_some() {}
        }
        wire.now = until;
    }

    /// Shows a completed minute, lets a closed session settle, or makes the next minute. Returns
    /// whether the last session is over.
    fn turn_page(&mut self, wire: &mut Wire) -> bool {
        wire.now = wire.now.later(self.horizon);
        if !self.minute_is_shown {
            self.minute_is_shown = true;
            let floor = Floor { market: &self.market, slots: &self.slots };
            wire.layer.tempt(wire.now, &floor);
            wire.layer.show(wire.now, Event::Minute(self.minute.clone()));
            return false;
        }
        if self.closes {
            self.closes = false;
            self.sessions_left -= 1;
            self.horizon = self.session.close() + SETTLING;
            return false;
        }
        if self.sessions_left == 0 {
            return true;
        }
        let news = self.market.next_minute(&mut self.minute, &mut self.happenings);
        if let Some(newswire) = &mut self.newswire {
            newswire::carry(&mut **newswire, &mut self.happenings);
        }
        self.session = news.session;
        self.closes = news.closes;
        self.shown = 0;
        self.minute_is_shown = false;
        self.horizon = self.minute.end();
        false
    }
}

/// What accounts hold of owned shares before the desk comes: whole shares, or parts of one.
fn given(
    market: &Market,
    accounts: &[AccountTerms],
    (owned, bps): (&[(Slot, Ticker)], u32),
) -> Vec<(AccountId, Holding)> {
    let mut given = Vec::new();
    for terms in accounts {
        for &(slot, ticker) in owned {
            let bought = terms.cash.bps(bps.into()).buys(market.close(slot), 1);
            let lot = if bought < Quantity::shares(1) { PART } else { Quantity::shares(1) };
            let quantity = bought.floor_to(lot);
            if quantity.is_positive() {
                given
                    .push((terms.id, Holding { instrument: Instrument::Equity(ticker), quantity }));
            }
        }
    }
    given
}

#[cfg(test)]
mod tests;
