//! The simulated broker and exchange: takes orders, refuses them by the broker's rules, matches
//! them on the market's true prices, keeps accounts.
//!
//! ```text
//! ask ──latency──► Arrive ──► refused? ──► Look ──► execution ──► account
//!                    │                      ▲ │         │
//!                    │                      └─┘ next    └──stream latency──► Fill, Order
//!                    └──latency back──► Reply, Report     move of the tape
//! ```
//!
//! Everything that will happen stands in one agenda; [`Exchange::advance`] does what is due, in
//! order of time. The truth changes when a request arrives; the desk learns of it later, from a
//! reply on its own connection and from the account's stream, which keeps its order. Prices and
//! sessions come from a [`Tape`]; there is no clock, and chance is seeded. An order costs one look
//! for each move of its instrument while it rests, and nothing otherwise.
//!
//! The exchange itself never loses, repeats or delays beyond its latency: that is the business of
//! [`crate::faults`].

use std::collections::{BTreeMap, BTreeSet};

use backsight_domain::event::Event;
use backsight_domain::id::{AccountId, ExecutionId, IntentId, VenueId};
use backsight_domain::instrument::Ticker;
use backsight_domain::market::{Listing, Split};
use backsight_domain::money::Money;
use backsight_domain::notice::Payout;
use backsight_domain::option::Settlement;
use backsight_domain::order::{
    AccountReport, Answer, Asked, Fill, Holding, Intent, OrderKind, Refusal, Reply,
};
use backsight_domain::quantity::Quantity;
use backsight_domain::time::{Span, Time};

use crate::chance::Chance;

mod account;
pub(crate) mod agenda;
mod correction;
mod fees;
mod latency;
mod life;
mod matching;
mod order;
mod refusal;
mod replace;
mod settlement;
mod tape;
mod truth;

pub use account::{AccountTerms, cash_flow};
pub use fees::{FeeSchedule, Rates};
pub use latency::Latency;
pub use order::{Manual, Order, Stage};
pub use tape::{Hours, Tape, Touch};
pub use truth::Execution;

use account::{Account, STREAM_STEP};
use agenda::Agenda;
use order::OrderNo;
use refusal::{Admission, Taken};
use settlement::Expiring;

/// How far back before the asked instant a report names executions that were taken back.
const DAYS: Span = Span::from_minutes(4 * 24 * 60);

/// How the exchange behaves.
#[derive(Clone, Debug, PartialEq)]
pub struct Config {
    /// The accounts.
    pub accounts: Vec<AccountTerms>,
    /// What accounts hold before anything happens.
    pub given: Vec<(AccountId, Holding)>,
    /// What is listed; an option is listed when its share is.
    pub listings: Vec<Listing>,
    /// What executions cost.
    pub fees: FeeSchedule,
    /// From the desk to the exchange.
    pub latency_to: Latency,
    /// Replies and reports back.
    pub latency_back: Latency,
    /// Messages of an account's stream.
    pub latency_stream: Latency,
    /// The probability that an order that could be filled is filled in part only.
    pub partial: f64,
    /// The most trades at its price an order waits for; its place is drawn when it first rests.
    pub queue_longest: u8,
    /// The furthest a limit may lie from the middle of the market, in basis points.
    pub away_bps: i64,
    /// Requests an account may make in one minute.
    pub requests_per_minute: u32,
}

impl Config {
    /// A broker as the desk meets it: 200 requests a minute, one partial fill in ten.
    pub fn typical(accounts: Vec<AccountTerms>, listings: Vec<Listing>) -> Self {
        Self {
            accounts,
            given: Vec::new(),
            listings,
            fees: FeeSchedule::regulatory(),
            latency_to: Latency::around_millis(15),
            latency_back: Latency::around_millis(15),
            latency_stream: Latency::around_millis(25),
            partial: 0.1,
            queue_longest: 8,
            away_bps: 5_000,
            requests_per_minute: 200,
        }
    }
}

/// What is asked of the exchange.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Request {
    /// To take an order of the desk.
    Submit(Intent),
    /// To cancel an order of the desk.
    Cancel(AccountId, IntentId),
    /// To cancel somebody else's order.
    CancelForeign(AccountId, VenueId),
    /// What is known under a client order id.
    Lookup(AccountId, IntentId),
    /// The whole account, with its executions since an instant.
    Report(AccountId, Time),
}

/// Names one request, so that its answer can be told from others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ticket(u64);

/// Something that reaches the desk.
#[derive(Clone, Debug, PartialEq)]
pub struct Delivery {
    /// The request it answers; `None` for a message of a stream.
    pub answers: Option<Ticket>,
    /// The account it is about.
    pub account: AccountId,
    /// What it says.
    pub event: Event,
}

/// What will happen inside.
#[derive(Clone, Debug)]
enum Task {
    Arrive(Ticket, Request),
    Manual(Manual),
    Open(OrderNo),
    Look(OrderNo),
    Cancel(OrderNo),
    /// The second takes the place of the first.
    Swap(OrderNo, OrderNo),
    ReplaceByHand(AccountId, VenueId, (OrderKind, Quantity)),
    Expire(OrderNo),
    Bust(ExecutionId),
    Split(Ticker, Split),
    Liquidate(Expiring),
    Settle(Expiring),
    /// A share will pay its dividend to who holds it tonight.
    Assign(Ticker),
    Pay(Payout),
}

/// The simulated broker and exchange.
#[derive(Clone, Debug)]
pub struct Exchange {
    config: Config,
    listings: BTreeMap<Ticker, Listing>,
    chance: Chance,
    /// The upper half of every id this exchange gives.
    epoch: u64,
    agenda: Agenda<Task>,
    outbox: Agenda<Delivery>,
    tickets: u64,
    accounts: BTreeMap<AccountId, Account>,
    orders: Vec<Order>,
    clients: BTreeMap<(AccountId, IntentId), OrderNo>,
    attempts: BTreeMap<(AccountId, IntentId), u32>,
    executions: Vec<Execution>,
    settlements: Vec<Settlement>,
    payouts: Vec<Payout>,
    splits: Vec<(Ticker, Split)>,
    /// What the next dividend of each share pays.
    dividends: BTreeMap<Ticker, Money>,
    /// Contracts whose last day is planned.
    expiries: BTreeSet<Expiring>,
}

impl Exchange {
    /// An exchange where nothing has happened.
    pub fn new(config: Config, mut chance: Chance) -> Self {
        let given = |id: AccountId| config.given.iter().filter(move |(to, _)| *to == id);
        let open = |&terms: &AccountTerms| {
            let given = given(terms.id).map(|(_, holding)| *holding);
            (terms.id, Account::new(terms, given.collect()))
        };
        let accounts: BTreeMap<_, _> = config.accounts.iter().map(open).collect();
        let listings = config.listings.iter().map(|listing| (listing.ticker, listing.clone()));
        Self {
            accounts,
            listings: listings.collect(),
            epoch: chance.bits(),
            chance,
            config,
            agenda: Agenda::new(),
            outbox: Agenda::new(),
            tickets: 0,
            orders: Vec::new(),
            clients: BTreeMap::new(),
            attempts: BTreeMap::new(),
            executions: Vec::new(),
            settlements: Vec::new(),
            payouts: Vec::new(),
            splits: Vec::new(),
            dividends: BTreeMap::new(),
            expiries: BTreeSet::new(),
        }
    }

    /// Sends a request that leaves the desk at `at`.
    pub fn ask(&mut self, at: Time, request: Request) -> Ticket {
        self.tickets += 1;
        let ticket = Ticket(self.tickets);
        let arrival = at + self.config.latency_to.draw(&mut self.chance);
        self.agenda.plan(arrival, Task::Arrive(ticket, request));
        ticket
    }

    /// Lets a person at the same account order something by hand.
    pub fn order_by_hand(&mut self, at: Time, manual: Manual) {
        self.agenda.plan(at, Task::Manual(manual));
    }

    /// Lets a person change the price and quantity of an order by hand: another takes its place,
    /// without a client order id of the desk. Does nothing when that is refused.
    pub fn replace_by_hand(
        &mut self,
        at: Time,
        (account, venue): (AccountId, VenueId),
        terms: (OrderKind, Quantity),
    ) {
        self.agenda.plan(at, Task::ReplaceByHand(account, venue, terms));
    }

    /// Takes an execution back. Does nothing when it is unknown or was taken back before.
    pub fn bust(&mut self, at: Time, execution: ExecutionId) {
        self.agenda.plan(at, Task::Bust(execution));
    }

    /// Splits a share: holdings of it and of contracts on it change, and their orders are cancelled.
    pub fn split(&mut self, at: Time, ticker: Ticker, split: Split) {
        self.agenda.plan(at, Task::Split(ticker, split));
    }

    /// When something happens next, inside or at the desk.
    pub fn next_due(&self) -> Option<Time> {
        match (self.agenda.next(), self.outbox.next()) {
            (Some(inside), Some(outside)) => Some(inside.min(outside)),
            (inside, outside) => inside.or(outside),
        }
    }

    /// Does everything that is due up to and including `to`.
    pub fn advance(&mut self, to: Time, tape: &dyn Tape) {
        while let Some((at, task)) = self.agenda.pop(to) {
            match task {
                Task::Arrive(ticket, request) => self.arrive(at, ticket, &request, tape),
                Task::Manual(manual) => self.take_manual(at, &manual, tape),
                Task::Open(order) => self.open(at, order, tape),
                Task::Look(order) => self.look(at, order, tape),
                Task::Cancel(order) => self.end(at, order, Stage::Cancelled),
                Task::Swap(old, new) => self.swap(at, old, new),
                Task::ReplaceByHand(account, venue, terms) => {
                    self.take_replacement(at, (account, venue), terms, tape);
                }
                Task::Expire(order) => self.end(at, order, Stage::Expired),
                Task::Bust(execution) => self.take_back(at, execution),
                Task::Split(ticker, split) => self.adjust(at, ticker, split),
                Task::Liquidate(expiring) => self.liquidate(at, expiring, tape),
                Task::Settle(expiring) => self.settle(at, expiring, tape),
                Task::Assign(ticker) => {
                    let Some(amount) = self.dividends.remove(&ticker) else { continue };
                    self.assign_early(at, (ticker, amount), tape);
                    self.plan_payouts(at, (ticker, amount), tape);
                }
                Task::Pay(payout) => self.pay(at, payout),
            }
        }
    }

    /// The next message that has reached the desk at `now`.
    pub fn pop_due(&mut self, now: Time) -> Option<(Time, Delivery)> {
        self.outbox.pop(now)
    }

    fn arrive(&mut self, at: Time, ticket: Ticket, request: &Request, tape: &dyn Tape) {
        let (account, question) = match *request {
            Request::Submit(intent) => (intent.account, Some((intent.id, Asked::Submit))),
            Request::Cancel(account, intent) => (account, Some((intent, Asked::Cancel))),
            Request::Lookup(account, intent) => (account, Some((intent, Asked::Lookup))),
            Request::CancelForeign(account, _) | Request::Report(account, _) => (account, None),
        };
        let back = self.config.latency_back.draw(&mut self.chance);
        let answer = self.treat(at, request, tape);
        let event = match (answer, question) {
            (Some(Treated::Answer(answer)), Some((intent, asked))) => {
                Event::Reply(Reply { account, intent, asked, answer })
            }
            (Some(Treated::Report(report)), _) => Event::Report(report),
            (Some(Treated::Answer(_)) | None, _) => return,
        };
        self.outbox.plan(at + back, Delivery { answers: Some(ticket), account, event });
    }

    fn treat(&mut self, at: Time, request: &Request, tape: &dyn Tape) -> Option<Treated> {
        let account = request.account();
        let refused = |refusal| Some(Treated::Answer(Answer::Refused(refusal)));
        if let Request::Submit(intent) = request {
            *self.attempts.entry((account, intent.id)).or_default() += 1;
        }
        let budget = self.config.requests_per_minute;
        let Some(books) = self.accounts.get_mut(&account) else {
            return refused(Refusal::Unauthorised);
        };
        if !books.requests.take(at, budget) {
            return refused(Refusal::RateLimited);
        }
        match *request {
            Request::Submit(intent) => Some(Treated::Answer(self.submit(at, &intent, tape))),
            Request::Cancel(account, intent) => {
                let known = self.clients.get(&(account, intent)).copied();
                Some(Treated::Answer(
                    known.map_or(Answer::NotFound, |order| self.cancel(at, order)),
                ))
            }
            Request::CancelForeign(account, venue) => {
                if let Some(order) = self.number_of(account, venue) {
                    self.cancel(at, order);
                }
                None
            }
            Request::Lookup(account, intent) => {
                let known = self.clients.get(&(account, intent));
                let update = known.map(|order| self.orders[order.0].update());
                Some(Treated::Answer(update.map_or(Answer::NotFound, Answer::Known)))
            }
            Request::Report(account, since) => Some(Treated::Report(self.report(account, since))),
        }
    }

    fn submit(&mut self, at: Time, intent: &Intent, tape: &dyn Tape) -> Answer {
        let client = (intent.account, intent.id);
        if self.clients.contains_key(&client) {
            return Answer::Refused(Refusal::DuplicateId);
        }
        let terms = Manual::from(intent);
        let taken = match intent.replaces {
            None => self
                .admit(at, &terms, (tape, None))
                .map(|taken| self.take(at, Some(*intent), &terms, taken)),
            Some(old) => match self.clients.get(&(intent.account, old)) {
                Some(&old) => self.replace(at, old, (Some(*intent), &terms), tape),
                None => Err(Refusal::NotReplaceable),
            },
        };
        match taken {
            Ok(order) => {
                self.clients.insert(client, order);
                Answer::Known(self.orders[order.0].update())
            }
            Err(refusal) => Answer::Refused(refusal),
        }
    }

    fn take_manual(&mut self, at: Time, manual: &Manual, tape: &dyn Tape) {
        if let Ok(taken) = self.admit(at, manual, (tape, None)) {
            self.take(at, None, manual, taken);
        }
    }

    /// Whether an order may be taken; when it takes another's place, as if that one were gone.
    fn admit(
        &self,
        at: Time,
        terms: &Manual,
        (tape, replaces): (&dyn Tape, Option<OrderNo>),
    ) -> Result<Taken, Refusal> {
        let account = self.accounts.get(&terms.account).ok_or(Refusal::Unauthorised)?;
        let admission = Admission {
            at,
            tape,
            account,
            open: self.promises(account, replaces),
            listing: self.listings.get(&terms.instrument.underlying()),
            away_bps: self.config.away_bps,
        };
        admission.decide(terms)
    }

    /// The open orders of an account, without one of them and without those that take its place.
    fn promises(&self, account: &Account, without: Option<OrderNo>) -> Vec<&Order> {
        let open = account.open.iter().filter(|number| Some(**number) != without);
        let open = open.map(|number| &self.orders[number.0]);
        open.filter(|order| order.stage != Stage::Pending).collect()
    }

    fn report(&self, account: AccountId, since: Time) -> AccountReport {
        let books = &self.accounts[&account];
        let open = books.open.iter().map(|order| self.orders[order.0].update());
        let recent = self.executions.iter().rev().take_while(|e| since <= e.fill.at);
        let ours = recent.filter(|e| e.fill.account == account);
        let mut fills: Vec<Fill> = ours.map(|e| e.fill.clone()).collect();
        fills.reverse();
        let recent = self.executions.iter().rev().take_while(|e| since - DAYS <= e.fill.at);
        let busted = recent.filter(|e| e.fill.account == account && e.busted);
        let busts = busted.map(|e| e.fill.execution);
        AccountReport {
            account,
            cash: books.cash,
            holdings: books.holdings(),
            open_orders: open.collect(),
            fills,
            busts: busts.collect(),
            settlements: self.settled(account, since),
            payouts: self.paid(account, since),
        }
    }

    fn paid(&self, account: AccountId, since: Time) -> Vec<Payout> {
        let recent = self.payouts.iter().rev().take_while(|payout| since - DAYS <= payout.at);
        let mut paid: Vec<_> = recent.filter(|p| p.account == account).copied().collect();
        paid.reverse();
        paid
    }

    fn settled(&self, account: AccountId, since: Time) -> Vec<Settlement> {
        let recent = self.settlements.iter().rev().take_while(|s| since - DAYS <= s.at);
        let mut settled: Vec<_> = recent.filter(|s| s.account == account).copied().collect();
        settled.reverse();
        settled
    }

    /// Sends an order's state on its account's stream.
    fn tell(&mut self, at: Time, number: OrderNo) {
        let order = &self.orders[number.0];
        let (account, update) = (order.terms.account, order.update());
        self.stream(at, account, Event::Order(update));
    }

    fn stream(&mut self, at: Time, account: AccountId, event: Event) {
        let arrival = at + self.config.latency_stream.draw(&mut self.chance);
        let books = self.books(account);
        let arrival = arrival.later(books.stream_clock + STREAM_STEP);
        books.stream_clock = arrival;
        self.outbox.plan(arrival, Delivery { answers: None, account, event });
    }

    fn books(&mut self, account: AccountId) -> &mut Account {
        self.accounts.get_mut(&account).expect("orders exist only in accounts that exist")
    }

    /// The id of the `count`th thing of its kind.
    fn stamp(&self, count: usize) -> u128 {
        u128::from(self.epoch) << 64 | (count as u128 + 1)
    }

    fn number_of(&self, account: AccountId, venue: VenueId) -> Option<OrderNo> {
        let is_it = |order: &Order| order.venue == venue && order.terms.account == account;
        self.orders.iter().rposition(is_it).map(OrderNo)
    }
}

/// What comes of a request.
enum Treated {
    Answer(Answer),
    Report(AccountReport),
}

impl Request {
    /// The account it is about.
    pub const fn account(&self) -> AccountId {
        match self {
            Self::Submit(intent) => intent.account,
            Self::Cancel(account, _)
            | Self::CancelForeign(account, _)
            | Self::Lookup(account, _)
            | Self::Report(account, _) => *account,
        }
    }
}

#[cfg(test)]
pub(crate) mod tests;
