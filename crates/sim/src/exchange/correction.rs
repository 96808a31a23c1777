//! What changes accounts from outside: executions taken back, and splits.

use backsight_domain::cover::{add, requirement};
use backsight_domain::event::{Bust, Event};
use backsight_domain::id::{AccountId, ExecutionId};
use backsight_domain::instrument::{Instrument, Ticker};
use backsight_domain::market::Split;
use backsight_domain::order::Side;
use backsight_domain::quantity::Quantity;
use backsight_domain::time::Time;

use super::Exchange;
use super::account::{Posting, signed};
use super::order::{OrderNo, Stage};

impl Exchange {
    pub(super) fn take_back(&mut self, at: Time, execution: ExecutionId) {
        let known = self.executions.iter_mut().find(|e| e.fill.execution == execution && !e.busted);
        let Some(taken) = known else {
            return;
        };
        let fill = taken.fill.clone();
        let account = &self.accounts[&fill.account];
        let left = account.held(&fill.instrument) - signed(&fill);
        if left < Quantity::ZERO && !account.terms.shorting {
            // The shares were sold on: nobody can give them back.
            return;
        }
        // Nothing of a contract can be taken back on its last day.
        let is_over = fill.instrument.expiry().is_some_and(|expiry| expiry <= at.utc_date());
        let mut after = account.quantities();
        add(&mut after, fill.instrument, -signed(&fill));
        if is_over || requirement(&after).is_none() {
            return;
        }
        taken.busted = true;
        self.books(fill.account).post(Posting::Bust(fill.clone()));
        self.stream(at, fill.account, Event::Bust(Bust { execution }));
        if fill.side == Side::Buy {
            self.cancel_uncovered(at, fill.account, fill.instrument);
        }
    }

    /// Cancels the orders that would now sell more than is held.
    pub(super) fn cancel_uncovered(
        &mut self,
        at: Time,
        account: AccountId,
        instrument: Instrument,
    ) {
        let account = &self.accounts[&account];
        let mut left = account.held(&instrument).max(Quantity::ZERO);
        let mut uncovered = Vec::new();
        for &number in &account.open {
            let order = &self.orders[number.0];
            let is_sale = order.terms.instrument == instrument && order.terms.side == Side::Sell;
            if !is_sale || order.stage == Stage::Pending {
                continue;
            }
            if order.rest() <= left {
                left = left - order.rest();
            } else {
                uncovered.push(number);
            }
        }
        for number in uncovered {
            self.end(at, number, Stage::Cancelled);
        }
    }

    pub(super) fn adjust(&mut self, at: Time, ticker: Ticker, split: Split) {
        let on_share =
            |number: &OrderNo| self.orders[number.0].terms.instrument.underlying() == ticker;
        let open: Vec<OrderNo> =
            self.accounts.values().flat_map(|a| a.open.iter().copied()).filter(on_share).collect();
        for number in open {
            self.end(at, number, Stage::Cancelled);
        }
        self.splits.push((ticker, split));
        if let Some(amount) = self.dividends.get_mut(&ticker) {
            *amount = split.amount(*amount);
        }
        for account in self.accounts.values_mut() {
            account.post(Posting::Split(ticker, split));
        }
    }
}
