//! What an oracle may know: everything, at once, without latency.

use std::collections::BTreeMap;

use backsight_domain::id::{AccountId, IntentId, SignalId, VenueId};
use backsight_domain::instrument::{Instrument, Ticker};
use backsight_domain::market::{Slot, Split};
use backsight_domain::money::Money;
use backsight_domain::option::Settlement;
use backsight_domain::order::{Fill, Holding, Purpose, Side};
use backsight_domain::quantity::Quantity;

use super::account::Account;
use super::{Exchange, Order};

/// One execution, and whether it was taken back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Execution {
    /// What was executed.
    pub fill: Fill,
    /// For which order.
    pub order: VenueId,
    /// Whether it was taken back.
    pub busted: bool,
}

impl Exchange {
    /// Every order that was ever taken, oldest first.
    pub fn orders(&self) -> &[Order] {
        &self.orders
    }

    /// Every execution, oldest first.
    pub fn executions(&self) -> &[Execution] {
        &self.executions
    }

    /// The accounts.
    pub fn accounts(&self) -> impl Iterator<Item = AccountId> {
        self.accounts.keys().copied()
    }

    /// Whether an account held something before anything happened.
    pub fn was_given(&self, account: AccountId, instrument: Instrument) -> bool {
        let is_it =
            |(to, held): &(AccountId, Holding)| (*to, held.instrument) == (account, instrument);
        self.config.given.iter().any(is_it)
    }

    /// The shares that are listed.
    pub fn shares(&self) -> impl Iterator<Item = Instrument> {
        self.listings.keys().map(|&ticker| Instrument::Equity(ticker))
    }

    /// The symbol of a column.
    pub fn ticker(&self, slot: Slot) -> Option<Ticker> {
        self.config.listings.get(slot.index()).map(|listing| listing.ticker)
    }

    /// Every settlement, oldest first.
    pub fn settlements(&self) -> &[Settlement] {
        &self.settlements
    }

    /// Every split, oldest first.
    pub fn splits(&self) -> &[(Ticker, Split)] {
        &self.splits
    }

    /// Whether all contracts that an account has sold are covered.
    pub fn is_covered(&self, account: AccountId) -> bool {
        self.accounts.get(&account).is_none_or(|account| account.requirement().is_some())
    }

    /// An account's cash; `None` when there is no such account.
    pub fn cash(&self, account: AccountId) -> Option<Money> {
        Some(self.accounts.get(&account)?.cash)
    }

    /// An account's holdings, in order of the instrument.
    pub fn holdings(&self, account: AccountId) -> Vec<Holding> {
        self.accounts.get(&account).map(Account::holdings).unwrap_or_default()
    }

    /// What the open orders of an account would still sell of its shares. An order that waits for
    /// another's place sells nothing yet.
    pub fn promised(&self, account: AccountId) -> BTreeMap<Instrument, Quantity> {
        let mut promised = BTreeMap::new();
        let Some(books) = self.accounts.get(&account) else { return promised };
        let open = self.promises(books, None);
        let is_sale = |order: &&Order| {
            let is_share = matches!(order.terms.instrument, Instrument::Equity(_));
            order.terms.side == Side::Sell && is_share
        };
        for order in open.into_iter().filter(is_sale) {
            *promised.entry(order.terms.instrument).or_default() += order.rest();
        }
        promised
    }

    /// Whether an account may sell what it does not hold.
    pub fn may_short(&self, account: AccountId) -> bool {
        self.accounts.get(&account).is_some_and(|account| account.terms.shorting)
    }

    /// How often an intent reached the exchange, refused or not.
    pub fn attempts(&self, account: AccountId, intent: IntentId) -> u32 {
        self.attempts.get(&(account, intent)).copied().unwrap_or(0)
    }

    /// The orders taken for an intent: none or one.
    pub fn orders_per_intent(&self, account: AccountId, intent: IntentId) -> usize {
        let is_for = |order: &&Order| {
            order.terms.account == account && order.intent.is_some_and(|i| i.id == intent)
        };
        self.orders.iter().filter(is_for).count()
    }

    /// The orders taken to open on a signal: a second one came under another client order id.
    pub fn orders_per_signal(&self, account: AccountId, signal: SignalId) -> usize {
        let is_for = |order: &&Order| {
            order.terms.account == account
                && order.intent.is_some_and(|i| i.purpose == Purpose::Open(signal))
        };
        self.orders.iter().filter(is_for).count()
    }

    /// Asserts that cash, holdings and filled quantities are what the executions make of them.
    pub fn audit(&self) {
        for account in self.accounts.values() {
            account.audit();
        }
        let mut executed = BTreeMap::new();
        for execution in &self.executions {
            *executed.entry(execution.order).or_insert(Quantity::ZERO) += execution.fill.quantity;
        }
        for order in &self.orders {
            let sum = executed.get(&order.venue).copied().unwrap_or_default();
            assert_eq!(sum, order.filled, "executions add up to what is filled");
        }
    }
}
