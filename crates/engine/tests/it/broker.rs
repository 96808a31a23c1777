//! The script's broker: it keeps true books and says only what the script lets it say.

use backsight_domain::cover;
use backsight_domain::id::{AccountId, ExecutionId, IntentId, VenueId};
use backsight_domain::instrument::Instrument;
use backsight_domain::money::{Money, Rounding};
use backsight_domain::option::{Settlement, SettlementKind};
use backsight_domain::order::{
    AccountReport, Fill, Holding, Intent, OrderRef, OrderStatus, OrderUpdate, Side,
};
use backsight_domain::price::Price;
use backsight_domain::quantity::Quantity;
use backsight_domain::time::Time;
use backsight_engine::desk::{Clock, Request, Venue};
use std::collections::BTreeMap;

/// The clock of a script: it stands until the script moves it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ScriptClock(pub(crate) Time);

impl Clock for ScriptClock {
    fn now(&mut self) -> Time {
        self.0
    }
}

/// The broker at the other end of a script.
#[derive(Debug, Default)]
pub(crate) struct Broker {
    /// Requests that arrived and were not told yet.
    pub(crate) arrived: Vec<Request>,
    /// Orders in the sequence of their first submission; the script calls them `#1`, `#2`.
    pub(crate) orders: Vec<BrokerOrder>,
    /// Orders of others that stand in the place of ours.
    pub(crate) strangers: Vec<(AccountId, VenueId)>,
    /// What is really in each account.
    pub(crate) vaults: Vec<Vault>,
    executions: u128,
}

/// One account as it really is.
#[derive(Clone, Debug, Default)]
pub(crate) struct Vault {
    pub(crate) cash: Money,
    pub(crate) holdings: BTreeMap<Instrument, Quantity>,
    pub(crate) fills: Vec<Fill>,
    /// Those of earlier sessions, which no report tells again.
    pub(crate) older: Vec<Fill>,
}

/// One order as it really is.
#[derive(Clone, Debug)]
pub(crate) struct BrokerOrder {
    pub(crate) intent: Intent,
    /// `None` until the broker took it.
    pub(crate) status: Option<OrderStatus>,
    pub(crate) filled: Quantity,
}

impl Venue for Broker {
    fn send(&mut self, request: Request, _at: Time) {
        self.arrived.push(request);
    }
}

impl Broker {
    /// The number of an order in the script, a new one when it is seen first.
    pub(crate) fn number(&mut self, intent: &Intent) -> usize {
        if let Some(known) = self.find(intent.id) {
            return known;
        }
        let filled = Quantity::ZERO;
        self.orders.push(BrokerOrder { intent: *intent, status: None, filled });
        self.orders.len()
    }

    pub(crate) fn find(&self, intent: IntentId) -> Option<usize> {
        self.orders.iter().position(|order| order.intent.id == intent).map(|index| index + 1)
    }

    pub(crate) fn order(&mut self, number: usize) -> &mut BrokerOrder {
        &mut self.orders[number - 1]
    }

    /// Moves an order at the broker and gives the message about it.
    pub(crate) fn set(&mut self, number: usize, status: OrderStatus) -> OrderUpdate {
        self.order(number).status = Some(status);
        self.update(number).expect("the status was just set")
    }

    /// What the broker says about an order; `None` when it does not know it.
    pub(crate) fn update(&self, number: usize) -> Option<OrderUpdate> {
        let order = &self.orders[number - 1];
        let status = order.status.clone()?;
        Some(OrderUpdate {
            account: order.intent.account,
            order: OrderRef::Ours(order.intent.id),
            venue: VenueId(number as u128),
            status,
            filled: order.filled,
        })
    }

    /// What may still be filled of an order, less what the one before it was filled.
    pub(crate) fn rest(&self, number: usize) -> Quantity {
        let order = &self.orders[number - 1];
        let before = order.intent.replaces.and_then(|old| self.find(old));
        let carried = before.map_or(Quantity::ZERO, |old| self.orders[old - 1].filled);
        order.intent.quantity - carried - order.filled
    }

    /// Puts an order in the place of the one that it replaces; the message about that one.
    pub(crate) fn swap(&mut self, number: usize) -> OrderUpdate {
        let intent = self.order(number).intent;
        self.order(number).status = Some(OrderStatus::New);
        let old = intent.replaces.and_then(|old| self.find(old)).expect("it replaces an order");
        self.set(old, OrderStatus::Replaced { by: OrderRef::Ours(intent.id) })
    }

    /// Puts a person's order in the place of one of ours; the message about ours.
    pub(crate) fn replace_by_hand(&mut self, number: usize) -> OrderUpdate {
        let by = VenueId(1_000 + number as u128);
        let account = self.order(number).intent.account;
        self.strangers.push((account, by));
        self.set(number, OrderStatus::Replaced { by: OrderRef::Foreign(by) })
    }

    /// Executes a part of an order.
    pub(crate) fn fill(
        &mut self,
        number: usize,
        quantity: Quantity,
        price: Price,
        at: Time,
    ) -> Fill {
        let whole = self.rest(number) <= quantity;
        let order = &mut self.orders[number - 1];
        order.filled += quantity;
        order.status = Some(if whole { OrderStatus::Filled } else { OrderStatus::PartiallyFilled });
        let intent = order.intent;
        let order = OrderRef::Ours(intent.id);
        self.execute(
            (intent.account, intent.instrument),
            intent.side,
            (quantity, price),
            (order, at),
        )
    }

    /// Executes something for an account, whoever ordered it.
    pub(crate) fn execute(
        &mut self,
        (account, instrument): (AccountId, Instrument),
        side: Side,
        (quantity, price): (Quantity, Price),
        (order, at): (OrderRef, Time),
    ) -> Fill {
        self.executions += 1;
        let execution = ExecutionId(self.executions);
        let fee = Money::ZERO;
        let fill = Fill { execution, account, order, instrument, side, quantity, price, fee, at };
        let vault = &mut self.vaults[usize::from(account.0)];
        let signed = Quantity::from_units(quantity.units() * side.sign());
        let multiplier = instrument.multiplier();
        vault.cash -= Money::of(price, signed, multiplier, Rounding::HalfEven);
        cover::add(&mut vault.holdings, instrument, signed);
        vault.fills.push(fill.clone());
        fill
    }

    /// A name for what happens next.
    pub(crate) fn next_execution(&mut self) -> ExecutionId {
        self.executions += 1;
        ExecutionId(self.executions)
    }

    /// Books contracts that leave without a trade.
    pub(crate) fn settle(&mut self, settlement: &Settlement) {
        let Settlement { contract, quantity, .. } = *settlement;
        let vault = &mut self.vaults[usize::from(settlement.account.0)];
        cover::add(&mut vault.holdings, Instrument::Option(contract), -quantity);
        if settlement.kind == SettlementKind::Expired {
            return;
        }
        let shares = contract.delivered(quantity);
        vault.cash -= Money::of(contract.strike, shares, 1, Rounding::HalfEven);
        cover::add(&mut vault.holdings, Instrument::Equity(contract.underlying), shares);
    }

    /// Takes the last execution of an order back.
    pub(crate) fn bust(&mut self, number: usize) -> ExecutionId {
        let order = &mut self.orders[number - 1];
        let ours = OrderRef::Ours(order.intent.id);
        let vault = &mut self.vaults[usize::from(order.intent.account.0)];
        let of = |fills: &[Fill]| fills.iter().rposition(|fill| fill.order == ours);
        let fill = match of(&vault.fills) {
            Some(last) => vault.fills.remove(last),
            None => vault.older.remove(of(&vault.older).expect("the order has a fill")),
        };
        order.filled = order.filled - fill.quantity;
        let signed = Quantity::from_units(fill.quantity.units() * fill.side.sign());
        let multiplier = fill.instrument.multiplier();
        vault.cash += Money::of(fill.price, signed, multiplier, Rounding::HalfEven);
        cover::add(&mut vault.holdings, fill.instrument, -signed);
        fill.execution
    }

    /// The whole truth about an account.
    pub(crate) fn report(&self, account: AccountId) -> AccountReport {
        let vault = &self.vaults[usize::from(account.0)];
        let held = vault.holdings.iter().filter(|(_, quantity)| !quantity.is_zero());
        let holdings =
            held.map(|(&instrument, &quantity)| Holding { instrument, quantity }).collect();
        let numbers = (1..=self.orders.len()).filter_map(|number| self.update(number));
        let open = |update: &OrderUpdate| update.account == account && !update.status.is_final();
        let theirs = self.strangers.iter().map(|&(account, venue)| OrderUpdate {
            account,
            order: OrderRef::Foreign(venue),
            venue,
            status: OrderStatus::New,
            filled: Quantity::ZERO,
        });
        let theirs = theirs.filter(|update| update.account == account);
        let open_orders = numbers.filter(open).chain(theirs).collect();
        AccountReport {
            account,
            cash: vault.cash,
            holdings,
            open_orders,
            fills: vault.fills.clone(),
            busts: Vec::new(),
            settlements: Vec::new(),
            payouts: Vec::new(),
        }
    }
}
