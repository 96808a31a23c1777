//! Everything between a perfect world and the desk that can go wrong.
//!
//! ```text
//! desk ──ask──► requests: lost, late, refused in bursts ──► exchange
//! desk ◄─────── replies: lost, late, unclear, not found yet ◄──┤
//!      ◄─────── stream: dropped, repeated, overtaken, broken ◄─┘
//!      ◄─────── feed: flawed, missing, repeated, frozen ◄───────── market
//! ```
//!
//! The layer owns the exchange and is what the desk talks to. It never changes the truth, with one
//! exception that belongs to the same account: busts, and what a person does by hand. Under
//! [`FaultProfile::none`] it is the identity. After [`FaultLayer::heal`] nothing new goes wrong, so
//! that a run can demand that everything comes to an end.

use std::collections::BTreeMap;

use backsight_domain::desk::WorldFault;
use backsight_domain::event::Event;
use backsight_domain::id::{AccountId, IntentId};
use backsight_domain::time::{Span, Time};

use crate::chance::Chance;
use crate::exchange::agenda::Agenda;
use crate::exchange::{Exchange, Tape, Ticket};

mod chains;
mod feed;
mod meddling;
mod profile;
mod strikes;
mod wire;

pub use chains::Wanted;
pub use profile::{FaultKind, FaultProfile};

use feed::Silence;
use strikes::Strikes;
use wire::Fate;

/// The exchange as the desk meets it.
#[derive(Clone, Debug)]
pub struct FaultLayer {
    exchange: Exchange,
    strikes: Strikes,
    out: Agenda<Event>,
    /// What will become of the answers to come.
    fates: BTreeMap<Ticket, (Time, Fate)>,
    /// Until when an order cannot be found.
    unseen: BTreeMap<(AccountId, IntentId), Time>,
    /// When an order arrives that seems lost.
    stragglers: BTreeMap<(AccountId, IntentId), Time>,
    rate_limited: BTreeMap<AccountId, Time>,
    unauthorised: BTreeMap<AccountId, Time>,
    broken: BTreeMap<AccountId, Time>,
    silence: Silence,
    /// What was asked of the market, by when the question arrives.
    wanted: Agenda<Wanted>,
    travel: Chance,
    skew: Option<(Time, Span)>,
}

impl FaultLayer {
    /// A layer around an exchange.
    pub fn new(exchange: Exchange, profile: FaultProfile, chance: &Chance) -> Self {
        Self {
            exchange,
            strikes: Strikes::new(profile, chance),
            out: Agenda::new(),
            fates: BTreeMap::new(),
            unseen: BTreeMap::new(),
            stragglers: BTreeMap::new(),
            rate_limited: BTreeMap::new(),
            unauthorised: BTreeMap::new(),
            broken: BTreeMap::new(),
            silence: Silence::default(),
            wanted: Agenda::new(),
            travel: chance.branch("travel"),
            skew: None,
        }
    }

    /// The exchange behind the faults: the truth.
    pub const fn exchange(&self) -> &Exchange {
        &self.exchange
    }

    /// The exchange behind the faults, for what happens to it and not to the desk, such as splits.
    pub const fn exchange_mut(&mut self) -> &mut Exchange {
        &mut self.exchange
    }

    /// Sends what the market shows at `at` to the desk. A minute may bring a person's act as well.
    pub fn show(&mut self, at: Time, event: Event) {
        if matches!(event, Event::Minute(_)) {
            self.meddle(at);
            self.jump(at);
        }
        self.feed(at, event);
    }

    /// Lets a person at one of the accounts perhaps trade contracts by hand.
    pub fn tempt(&mut self, at: Time, tape: &dyn Tape) {
        if self.strikes.strikes(FaultKind::ManualOption)
            && let Some(manual) = self.some_contract(at, tape)
        {
            self.exchange.order_by_hand(at, manual);
        }
    }

    /// When something happens next, at the exchange or at the desk.
    pub fn next_due(&self) -> Option<Time> {
        [self.exchange.next_due(), self.out.next(), self.next_answer()].into_iter().flatten().min()
    }

    /// Does everything that is due up to and including `to`.
    pub fn advance(&mut self, to: Time, tape: &dyn Tape) {
        self.exchange.advance(to, tape);
        while let Some((at, wanted)) = self.wanted.pop(to) {
            self.answer_market(at, wanted, tape);
        }
        while let Some((at, delivery)) = self.exchange.pop_due(to) {
            match delivery.answers {
                Some(ticket) => self.answer(at, ticket, delivery.event),
                None => self.stream(at, delivery.account, delivery.event),
            }
        }
    }

    /// The next event that has reached the desk at `now`.
    pub fn pop_due(&mut self, now: Time) -> Option<(Time, Event)> {
        self.out.pop(now)
    }

    /// How far the desk's clock is ahead of the truth.
    pub fn skew(&self, at: Time) -> Span {
        self.skew.filter(|(until, _)| at < *until).map_or(Span::ZERO, |(_, skew)| skew)
    }

    /// How often a kind of fault has struck.
    pub const fn count(&self, kind: FaultKind) -> u64 {
        self.strikes.count(kind)
    }

    /// Ends every fault: from here on nothing new goes wrong. What is on its way still arrives.
    pub fn heal(&mut self, at: Time) {
        self.strikes.heal();
        self.unseen.clear();
        self.stragglers.clear();
        self.rate_limited.clear();
        self.unauthorised.clear();
        self.broken.clear();
        self.silence = Silence::default();
        self.skew = None;
        self.out.hasten(at, |event| {
            matches!(
                event,
                Event::Fault(
                    WorldFault::StreamLost(_)
                        | WorldFault::StreamBack(_)
                        | WorldFault::ClockSkew(_)
                )
            )
        });
    }
}

#[cfg(test)]
mod tests;
