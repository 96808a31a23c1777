//! Signals that wait for quotes of contracts, and what is kept of a session's quotes.
//!
//! Chains are large, so they are asked for when somebody wants them. A signal that suits options
//! waits a little for its chain; without an answer it is judged with what there is, and the gates
//! say what was missing.

use backsight_domain::decision::{Effect, Ignored};
use backsight_domain::market::Slot;
use backsight_domain::notice::PastVolatility;
use backsight_domain::option::Chain;
use backsight_domain::session::Session;
use backsight_domain::signal::Signal;
use backsight_domain::time::{Span, Time};
use backsight_quant::option::european;
use backsight_quant::surface::{Point, Surface, Underlying};

use super::Engine;
use crate::contract::{self, Sight};
use crate::outlook::Prospect;
use crate::plan;

/// Days to expiry of the contracts that a month's volatility is told by.
const MONTH_DAYS: std::ops::RangeInclusive<i32> = 5..=70;

/// Minutes before the close at which chains are asked for once more.
const LAST_LOOK: Span = Span::from_minutes(15);

/// A signal that waits for quotes.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Pending {
    pub(crate) signal: Box<Signal>,
    /// When it is judged without them.
    pub(crate) until: Time,
}

impl Engine {
    /// Judges a signal, at once or when its chain has come.
    pub(super) fn consider(&mut self, signal: Box<Signal>) {
        if !self.wants_chain(&signal) {
            return self.take_signal(signal);
        }
        self.wait_for_chain(signal);
    }

    fn wants_chain(&self, signal: &Signal) -> bool {
        let wanted = self.scratch.limits.iter().any(plan::trades_options);
        signal.suits_options
            && wanted
            && !contract::is_quoted(self.sight_of(signal.slot), signal.slot)
    }

    pub(super) fn sight_of(&self, slot: Slot) -> Sight<'_> {
        let spot = self.market.last_price(slot).expect("a signal has a price");
        Sight {
            policy: &self.policy.contracts,
            structures: &self.policy.structures,
            market: &self.market,
            now: self.now,
            spot,
        }
    }

    pub(super) fn take_past(&mut self, past: &PastVolatility) {
        let now = self.now;
        self.learn_of(|outlook| outlook.push_past(past, now));
    }

    pub(super) fn take_chain(&mut self, chain: &Chain) -> Result<(), Ignored> {
        self.market.once(self.seq, |market| market.outlook.push_chain(chain))?;
        self.take_pending(|engine, pending| {
            pending.signal.slot == chain.slot && !engine.is_rolling(&pending.signal)
        });
        Ok(())
    }

    /// Judges what has waited long enough.
    pub(super) fn take_overdue(&mut self) {
        let now = self.now;
        self.take_pending(|_, pending| pending.until <= now);
    }

    fn take_pending(&mut self, is_due: impl Fn(&Self, &Pending) -> bool) {
        let pending = std::mem::take(&mut self.pending);
        let (due, waiting) = pending.into_iter().partition(|pending| is_due(self, pending));
        self.pending = waiting;
        let due: Vec<Pending> = due;
        if due.is_empty() {
            return;
        }
        // Positions may have changed since the last minute was taken.
        self.scratch.worth = self.accounts.iter().map(|account| self.worth(account.id)).collect();
        for pending in due {
            self.take_signal(pending.signal);
        }
    }

    /// Asks once more for the chains of symbols that have one, for the session's volatility.
    pub(super) fn ask_last_chains(&mut self, session: Session) {
        // By the minute, not by its arrival, which may be late.
        if self.market.last_minute() != Some(session.close() - LAST_LOOK) {
            return;
        }
        let slots: Vec<Slot> = self.market.slots().collect();
        for slot in slots {
            let quoted = self.market.outlook.symbol(slot).and_then(Prospect::quoted);
            if quoted.is_some() && self.market.last_price(slot).is_some() {
                self.effect(Effect::AskChain(slot));
            }
        }
    }

    /// Notes the volatility over thirty days of every symbol that was quoted late in the session.
    pub(super) fn note_volatilities(&mut self, session: Session) {
        if self.market.noted.replace(session.date()) == Some(session.date()) {
            return;
        }
        let slots: Vec<Slot> = self.market.slots().collect();
        for slot in slots {
            let prospect = self.market.outlook.symbol(slot);
            let late = prospect
                .and_then(Prospect::quoted)
                .is_some_and(|at| session.close() - LAST_LOOK <= at);
            if let Some(volatility) = late.then(|| self.month_volatility(slot, session)).flatten() {
                self.market.outlook.symbols[slot.index()].note_volatility(volatility);
            }
        }
    }

    /// The volatility over thirty days that the last quotes of a symbol's contracts imply.
    fn month_volatility(&self, slot: Slot, session: Session) -> Option<f64> {
        self.market.last_price(slot)?;
        let sight = self.sight_of(slot);
        let prospect = self.market.outlook.symbol(slot)?;
        let oldest = session.close() - LAST_LOOK;
        let mut points = Vec::new();
        for (contract, known) in prospect.contracts(self.market.ticker(slot)) {
            let days = contract.expiry.days() - session.date().days();
            let market = known.quote.sane().filter(|_| oldest <= known.at);
            let Some((bid, ask)) = market.filter(|_| MONTH_DAYS.contains(&days)) else { continue };
            let vanilla = contract::vanilla(sight, contract);
            let mid = f64::midpoint(bid.dollars(), ask.dollars());
            // What is out of the money is hardly ever exercised early, so the closed form tells it.
            if 0.0 < vanilla.intrinsic() {
                continue;
            }
            let volatility = european::implied_volatility(&vanilla, mid);
            points.extend(volatility.map(|volatility| Point {
                years: vanilla.years,
                strike: vanilla.strike,
                right: vanilla.right,
                volatility,
            }));
        }
        let underlying = Underlying {
            spot: sight.spot.dollars(),
            rate: self.policy.contracts.rate,
            dividend_yield: 0.0,
        };
        Surface::new(underlying, &points).constant_maturity()
    }
}
