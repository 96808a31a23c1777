//! Faults of the order path: requests, replies and the account's stream.

use backsight_domain::desk::WorldFault;
use backsight_domain::event::Event;
use backsight_domain::id::AccountId;
use backsight_domain::order::{Answer, Asked, Refusal, Reply, Unclear};
use backsight_domain::time::{Span, Time};

use super::FaultLayer;
use super::profile::FaultKind;
use crate::exchange::{Request, Ticket};

/// The desk gives a request up after this long.
pub(super) const TIMEOUT: Span = Span::from_seconds(10);
/// Messages of a stream are overtaken by at most this much, in seconds.
const OVERTAKEN: f64 = 3.0;
/// An order that seems lost arrives after this many seconds: after it was given up, and before the
/// venue's last messages of a session are in.
const STRAGGLES: (f64, f64) = (70.0, 290.0);

/// What becomes of the answer to a request that reached the exchange.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// It is held back.
    Late(Span),
    /// It is replaced.
    Unclear(Unclear),
    /// Nobody waits for it any more.
    GivenUp,
}

impl FaultLayer {
    /// Sends a request that leaves the desk at `at`.
    pub fn ask(&mut self, at: Time, request: Request) {
        if let Some(refusal) = self.burst(at, request.account()) {
            let back = self.strikes.span(FaultKind::RateLimited, 0.01, 0.1);
            return self.reply(at + back, &request, Answer::Refused(refusal));
        }
        self.hide(at, &request);
        if self.straggles(at, request) || self.strikes.strikes(FaultKind::RequestLost) {
            return self.lose(at, &request);
        }
        if self.strikes.strikes(FaultKind::ServerError) {
            return self.fail(at, request);
        }
        let mut leaves = at;
        let mut fate = None;
        if self.strikes.strikes(FaultKind::RequestDelayed) {
            let delay = self.strikes.delay(FaultKind::RequestDelayed);
            leaves = at + delay;
            if TIMEOUT <= delay {
                self.reply(at + TIMEOUT, &request, Answer::Unclear(Unclear::TimedOut));
                fate = Some(Fate::GivenUp);
            }
        } else if self.strikes.strikes(FaultKind::ReplyLost) {
            let choices = [Unclear::TimedOut, Unclear::Reset, Unclear::Unreadable];
            fate = Some(Fate::Unclear(*self.strikes.chance(FaultKind::ReplyLost).pick(&choices)));
        } else if self.strikes.strikes(FaultKind::ReplyDelayed) {
            fate = Some(Fate::Late(self.strikes.delay(FaultKind::ReplyDelayed)));
        }
        let ticket = self.exchange.ask(leaves, request);
        if let Some(fate) = fate {
            self.fates.insert(ticket, (at, fate));
        }
    }

    /// Whether the venue turns requests of this account away, and may begin to.
    fn burst(&mut self, at: Time, account: AccountId) -> Option<Refusal> {
        if self.strikes.strikes(FaultKind::Unauthorised) {
            let until = at + self.strikes.span(FaultKind::Unauthorised, 10.0, 120.0);
            self.unauthorised.insert(account, until);
        }
        if self.strikes.strikes(FaultKind::RateLimited) {
            let until = at + self.strikes.span(FaultKind::RateLimited, 5.0, 60.0);
            self.rate_limited.insert(account, until);
        }
        let runs = |until: Option<&Time>| until.is_some_and(|until| at < *until);
        if runs(self.unauthorised.get(&account)) {
            Some(Refusal::Unauthorised)
        } else if runs(self.rate_limited.get(&account)) {
            Some(Refusal::RateLimited)
        } else {
            None
        }
    }

    /// Decides whether an order that is being sent cannot be found at first.
    fn hide(&mut self, at: Time, request: &Request) {
        let Request::Submit(intent) = request else {
            return;
        };
        if self.strikes.strikes(FaultKind::ReadLag) {
            let until = at + self.strikes.span(FaultKind::ReadLag, 1.0, 15.0);
            self.unseen.insert((intent.account, intent.id), until);
        }
    }

    /// Whether an order that is being sent seems lost: it arrives when nobody waits for it any
    /// more, and until then every repetition is lost as well.
    fn straggles(&mut self, at: Time, request: Request) -> bool {
        let Request::Submit(intent) = request else {
            return false;
        };
        let name = (intent.account, intent.id);
        if let Some(arrives) = self.stragglers.get(&name) {
            return at < *arrives;
        }
        if !self.strikes.strikes(FaultKind::Straggler) {
            return false;
        }
        let arrives = at + self.strikes.span(FaultKind::Straggler, STRAGGLES.0, STRAGGLES.1);
        let ticket = self.exchange.ask(arrives, request);
        self.fates.insert(ticket, (at, Fate::GivenUp));
        self.stragglers.insert(name, arrives);
        true
    }

    fn lose(&mut self, at: Time, request: &Request) {
        let is_reset = self.strikes.chance(FaultKind::RequestLost).happens(0.5);
        let (back, unclear) = if is_reset {
            (self.strikes.span(FaultKind::RequestLost, 0.01, 1.0), Unclear::Reset)
        } else {
            (TIMEOUT, Unclear::TimedOut)
        };
        self.reply(at + back, request, Answer::Unclear(unclear));
    }

    fn fail(&mut self, at: Time, request: Request) {
        if self.strikes.chance(FaultKind::ServerError).happens(0.5) {
            let ticket = self.exchange.ask(at, request);
            self.fates.insert(ticket, (at, Fate::Unclear(Unclear::ServerError)));
        } else {
            let back = self.strikes.span(FaultKind::ServerError, 0.05, 5.0);
            self.reply(at + back, &request, Answer::Unclear(Unclear::ServerError));
        }
    }

    /// Answers in the exchange's place. Only refused credentials are told when a report fails.
    fn reply(&mut self, at: Time, request: &Request, answer: Answer) {
        let (account, intent, asked) = match *request {
            Request::Submit(intent) => (intent.account, intent.id, Asked::Submit),
            Request::Cancel(account, intent) => (account, intent, Asked::Cancel),
            Request::Lookup(account, intent) => (account, intent, Asked::Lookup),
            Request::CancelForeign(account, _) | Request::Report(account, _) => {
                if answer == Answer::Refused(Refusal::Unauthorised) {
                    self.out.plan(at, Event::Fault(WorldFault::Unauthorised(account)));
                }
                return;
            }
        };
        self.out.plan(at, Event::Reply(Reply { account, intent, asked, answer }));
    }

    /// Passes an answer of the exchange on, as its fate has it.
    pub(super) fn answer(&mut self, at: Time, ticket: Ticket, event: Event) {
        let event = self.overlook(at, event);
        let Some((sent, fate)) = self.fates.remove(&ticket) else {
            return self.out.plan(at, event);
        };
        let times_out = at.later(sent + TIMEOUT);
        match fate {
            Fate::Late(delay) if at + delay < times_out => self.out.plan(at + delay, event),
            Fate::Late(_) => self.replace(times_out, event, Unclear::TimedOut),
            Fate::Unclear(Unclear::TimedOut) => {
                self.replace(times_out, event, Unclear::TimedOut);
            }
            Fate::Unclear(unclear) => self.replace(at, event, unclear),
            Fate::GivenUp => {}
        }
    }

    /// An unclear answer in the place of a reply; a report that fails simply does not come.
    fn replace(&mut self, at: Time, event: Event, unclear: Unclear) {
        if let Event::Reply(reply) = event {
            let answer = Answer::Unclear(unclear);
            self.out.plan(at, Event::Reply(Reply { answer, ..reply }));
        }
    }

    /// Answers that an order was not found while it cannot be.
    fn overlook(&self, at: Time, event: Event) -> Event {
        let Event::Reply(reply) = event else {
            return event;
        };
        let hidden = self.unseen.get(&(reply.account, reply.intent));
        let is_hidden = reply.asked == Asked::Lookup && hidden.is_some_and(|until| at < *until);
        let answer = if is_hidden { Answer::NotFound } else { reply.answer };
        Event::Reply(Reply { answer, ..reply })
    }

    /// Passes a message of an account's stream on, or not.
    pub(super) fn stream(&mut self, at: Time, account: AccountId, event: Event) {
        if self.broken.get(&account).is_some_and(|until| at < *until) {
            return;
        }
        if self.strikes.strikes(FaultKind::StreamBroken) {
            return self.cut(at, account);
        }
        if self.strikes.strikes(FaultKind::StreamDropped) {
            return;
        }
        if self.strikes.strikes(FaultKind::StreamRepeated) {
            let again = at + self.strikes.span(FaultKind::StreamRepeated, 0.0, OVERTAKEN);
            self.out.plan(again, event.clone());
        }
        let late = if self.strikes.strikes(FaultKind::StreamReordered) {
            self.strikes.span(FaultKind::StreamReordered, 0.0, OVERTAKEN)
        } else {
            Span::ZERO
        };
        self.out.plan(at + late, event);
    }

    /// Breaks a stream. Every second time the socket stays half-dead before anyone notices.
    fn cut(&mut self, at: Time, account: AccountId) {
        let kind = FaultKind::StreamBroken;
        let is_half_dead = self.strikes.chance(kind).happens(0.5);
        let noticed = if is_half_dead { at + self.strikes.span(kind, 1.0, 90.0) } else { at };
        let back = noticed + self.strikes.span(kind, 1.0, 90.0);
        self.broken.insert(account, back);
        self.out.plan(noticed, Event::Fault(WorldFault::StreamLost(account)));
        self.out.plan(back, Event::Fault(WorldFault::StreamBack(account)));
    }
}
