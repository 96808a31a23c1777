//! What time asks for: silent orders, expired openings, exits to pursue, reports.

use backsight_domain::decision::Effect;
use backsight_domain::decision::Reason;
use backsight_domain::desk::{Command, TradingState};
use backsight_domain::id::IntentId;
use backsight_domain::order::Purpose;
use backsight_domain::quantity::Quantity;
use backsight_domain::time::{Span, Time};

use super::Engine;
use crate::account::Account;
use crate::order::{Heard, Order, OrderState};
use crate::position::Leaving;

impl Engine {
    /// Does what is due. Nothing is due before the wake time, so most minutes cost one comparison.
    pub(super) fn attend(&mut self) {
        let now = self.now;
        self.pursue_exits();
        if self.wake.is_none_or(|wake| now < wake) {
            return;
        }
        for &intent in self.live.clone().keys() {
            self.attend_order(intent);
        }
        self.take_overdue();
        self.attend_reports();
        self.set_wake();
    }

    /// Forgets openings that are a minute old, so that the order rate is one of this moment.
    pub(super) fn forget_pace(&mut self) {
        let a_minute = Span::from_minutes(1);
        while self.recent_orders.front().is_some_and(|at| *at + a_minute <= self.now) {
            self.recent_orders.pop_front();
        }
    }

    fn attend_order(&mut self, intent: IntentId) {
        let (now, fence) = (self.now, self.fence());
        let seconds = |count: u32| Span::from_seconds(i64::from(count));
        let policy = &self.policy.orders;
        let (answer, poll) = (seconds(policy.answer_s), seconds(policy.poll_s));
        let Some(order) = self.orders.get(&intent) else { return };
        let expired = order.intent.valid_until <= now;
        match order.state.clone() {
            OrderState::Sent(sent) if sent.at + answer <= now => {
                self.move_order(intent, |order| order.hear(Heard::Nothing, now, fence));
            }
            OrderState::Unknown(unknown) if unknown.next <= now => self.ask_about(intent),
            OrderState::Working(_) if expired || self.is_unwanted(order) => {
                if !self.reprice(intent) {
                    self.ask_cancel(intent);
                }
            }
            OrderState::Working(working) if working.heard + poll <= now => self.ask_about(intent),
            OrderState::Cancelling(cancelling) if cancelling.asked + answer <= now => {
                self.ask_cancel(intent);
                self.ask_about(intent);
            }
            OrderState::Replacing(replacing) if replacing.asked + answer <= now => {
                self.ask_about(intent);
            }
            OrderState::Displaced(displaced) if displaced.asked + poll <= now => {
                let account = usize::from(order.intent.account.0);
                self.orders.get_mut(&intent).expect("it was just read").ask(now);
                self.ask_report(account);
            }
            OrderState::Done(_) => self.report_for_missing_fills(intent),
            OrderState::Sent(_)
            | OrderState::Unknown(_)
            | OrderState::Working(_)
            | OrderState::Cancelling(_)
            | OrderState::Replacing(_)
            | OrderState::Displaced(_) => {}
        }
    }

    /// Whether an order at the venue must go: an opening after the operator's word, or an exit that
    /// wants more than is left of its position.
    fn is_unwanted(&self, order: &Order) -> bool {
        let key = (order.intent.account, order.intent.instrument);
        let held = self.positions.get(&key).map_or(Quantity::ZERO, |position| position.quantity);
        match order.intent.purpose {
            Purpose::Open(_) => self.latch.is_some(),
            Purpose::Close { .. } => held.magnitude() < order.remaining(),
        }
    }

    /// When the next order of an exit may be sent; `None` while one is out. Exits that are refused
    /// or cancelled at once are tried again after a pause, not as fast as the venue answers.
    pub(super) fn next_try(&self, leaving: Leaving) -> Option<Time> {
        let last = leaving.order.and_then(|intent| self.orders.get(&intent));
        let Some(order) = last else { return Some(Time::default()) };
        let pause = Span::from_seconds(i64::from(self.policy.orders.answer_s));
        order.is_done().then(|| order.decided + pause)
    }

    /// A finished order whose executions have not all been seen: only a report brings them.
    fn report_for_missing_fills(&mut self, intent: IntentId) {
        let account = usize::from(self.orders[&intent].intent.account.0);
        let again = Span::from_seconds(i64::from(self.policy.orders.answer_s));
        let asked = self.accounts[account].report_asked;
        if asked.is_none_or(|asked| asked + again <= self.now) {
            self.ask_report(account);
        }
    }

    /// Asks the venue what it knows about an order.
    pub(super) fn ask_about(&mut self, intent: IntentId) {
        let now = self.now;
        let Some(order) = self.orders.get_mut(&intent) else { return };
        order.ask(now);
        let account = order.intent.account;
        self.effect(Effect::Lookup { account, intent });
    }

    /// Asks for the whole state of an account.
    pub(super) fn ask_report(&mut self, index: usize) {
        let (id, now) = (self.accounts[index].id, self.now);
        // Asked for in this very step already.
        if self.accounts[index].report_asked == Some(now) {
            return;
        }
        self.accounts[index].report_asked = Some(now);
        self.effect(Effect::Report(id));
        self.wake_by(now);
    }

    fn attend_reports(&mut self) {
        for index in 0..self.accounts.len() {
            if self.report_due(index).is_some_and(|due| due <= self.now) {
                self.ask_report(index);
            }
        }
    }

    /// When an account's next report is due: soon while in doubt, regularly in a session.
    fn report_due(&self, index: usize) -> Option<Time> {
        let account = &self.accounts[index];
        let policy = &self.policy.orders;
        let asked = account.report_asked?;
        let doubt = !account.is_reconciled();
        if doubt {
            return Some(asked + Span::from_seconds(i64::from(policy.answer_s)));
        }
        if policy.report_s == 0 {
            return None;
        }
        let due = asked + Span::from_seconds(i64::from(policy.report_s));
        let close = self.market.session()?.close();
        // After the close one report more must arrive: what came last may have been missed.
        let told = account.reported.is_some_and(|reported| close <= reported);
        let idle = close <= self.now
            && told
            && self.live.is_empty()
            && !self.awaits_settlement(account.id);
        (!idle).then_some(due)
    }

    fn set_wake(&mut self) {
        let seconds = |count: u32| Span::from_seconds(i64::from(count));
        let policy = &self.policy.orders;
        let (answer, poll) = (seconds(policy.answer_s), seconds(policy.poll_s));
        let order_due = |order: &Order| match &order.state {
            OrderState::Sent(sent) => sent.at + answer,
            OrderState::Unknown(unknown) => unknown.next,
            OrderState::Working(working) => (working.heard + poll).min(order.intent.valid_until),
            OrderState::Cancelling(cancelling) => cancelling.asked + answer,
            OrderState::Replacing(replacing) => replacing.asked + answer,
            OrderState::Displaced(displaced) => displaced.asked + poll,
            OrderState::Done(_) => self.now + answer,
        };
        let orders = self.live.keys().filter_map(|intent| self.orders.get(intent)).map(order_due);
        let left = self.scratch.leaving.keys().filter_map(|key| self.positions.get(key)?.leaving);
        let exits = left.filter_map(|leaving| self.next_try(leaving));
        let exits = exits.filter(|due| self.now < *due);
        let reports = (0..self.accounts.len()).filter_map(|index| self.report_due(index));
        // What is overdue was attended to in this step; it is looked at again a little later.
        let (now, soonest) = (self.now, self.now + Span::from_seconds(1));
        let pending = self.pending.iter().map(|pending| pending.until);
        self.wake = orders
            .chain(exits)
            .chain(pending)
            .chain(reports)
            .min()
            .map(|due| if due <= now { soonest } else { due });
    }

    /// Recomputes the desk's trading state and says so when it changed.
    pub(super) fn settle_state(&mut self) {
        let reconciled = self.accounts.iter().any(Account::is_reconciled);
        let base = if reconciled { TradingState::Active } else { TradingState::Reconciling };
        let latched = match self.latch {
            None
            | Some(
                Command::Resume
                | Command::Approve(_)
                | Command::Reject(_)
                | Command::Withdraw(_)
                | Command::Close(_)
                | Command::Acknowledge(_),
            ) => TradingState::Active,
            Some(Command::Halt) => TradingState::Halted,
            Some(Command::Reduce) => TradingState::Reducing,
            Some(Command::Flatten) => TradingState::Flattening,
        };
        let state = base.max(latched);
        if state != self.state {
            let from = std::mem::replace(&mut self.state, state);
            self.because(Reason::State { from, to: state });
        }
    }

    /// Cancels every opening order that is at the venue.
    pub(super) fn withdraw_openings(&mut self) {
        let openings: Vec<_> = self
            .live
            .keys()
            .filter_map(|intent| self.orders.get(intent))
            .filter(|order| matches!(order.intent.purpose, Purpose::Open(_)))
            .map(|order| order.intent.id)
            .collect();
        for intent in openings {
            self.ask_cancel(intent);
        }
    }
}
