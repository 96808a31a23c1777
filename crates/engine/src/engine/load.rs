//! What an account has under way: its worth, its exposure, what is promised and what is bound.

use std::collections::BTreeMap;

use backsight_domain::cover;
use backsight_domain::id::AccountId;
use backsight_domain::instrument::{Contract, Instrument, Right};
use backsight_domain::market::Slot;
use backsight_domain::money::Money;
use backsight_domain::order::{Intent, Purpose, Side};
use backsight_domain::price::Price;
use backsight_domain::quantity::Quantity;

use super::{Engine, OrderPhase, Worth};
use crate::account::Account;
use crate::gate::Load;
use crate::market::Market;
use crate::plan;
use crate::position::Position;

impl Engine {
    /// Equity of an account: cash and holdings at their last prices; `None` before the venue told.
    pub fn equity(&self, account: AccountId) -> Option<Money> {
        let index = usize::from(account.0);
        let known = self.accounts.get(index).filter(|account| account.known)?;
        Some(known.cash() + self.worth(account).value)
    }

    /// Equity of an account at the prices before the session opened.
    pub(super) fn equity_before_open(&self, account: AccountId) -> Option<Money> {
        let known = self.accounts[usize::from(account.0)].known;
        let worth = self.worth_by(account, Market::mark_before_open);
        known.then(|| self.accounts[usize::from(account.0)].cash() + worth.value)
    }

    pub(super) fn worth(&self, account: AccountId) -> Worth {
        self.worth_by(account, Market::mark)
    }

    fn worth_by(
        &self,
        account: AccountId,
        mark: impl Fn(&Market, Instrument, Slot) -> Option<Price>,
    ) -> Worth {
        let mut worth = Worth::default();
        for position in self.positions.values().filter(|position| position.account == account) {
            worth.add(position, mark(&self.market, position.instrument, position.slot));
        }
        worth
    }

    /// What an account has under way, seen from one symbol.
    pub(crate) fn load(&self, account: AccountId, worth: Worth, slot: Option<Slot>) -> Load {
        let index = usize::from(account.0);
        let known = self.accounts.get(index).filter(|account| account.known);
        let ticker = slot.map(|slot| self.market.ticker(slot));
        let same = |instrument: Instrument| Some(instrument.underlying()) == ticker;
        let mut load = Load {
            equity: known.map(|account| account.cash() + worth.value),
            instruments: worth.instruments,
            exposure: worth.exposure,
            ..Load::default()
        };
        if let Some(ticker) = ticker {
            let share = Instrument::Equity(ticker);
            load.held = known.map_or(Quantity::ZERO, |account| account.foreign(share));
            let position = self.positions.get(&(account, share));
            load.held += position.map_or(Quantity::ZERO, |position| position.quantity);
            load.duplicate = position.is_some();
            load.beside_shares = position.is_some_and(|held| !held.quantity.is_positive());
            let leaving = position.filter(|held| held.leaving.is_some());
            let leaving = leaving.map_or(Quantity::ZERO, Position::excess);
            load.free_shares = load.held.max(Quantity::ZERO) - leaving;
        }
        let counts_sectors = self.policy.gates.sector_share_pct < 100;
        // An account of shares alone has been asked for the one that matters.
        let walks = counts_sectors || 0 < worth.contracts;
        let held = walks.then(|| self.positions.values()).into_iter().flatten();
        let mut sells = false;
        for position in held.filter(|position| position.account == account) {
            let sold = position.is_option() && !position.quantity.is_positive();
            sells |= sold;
            if position.is_option() && same(position.instrument) {
                load.duplicate = true;
                load.beside_shares = true;
                if sold && let Instrument::Option(contract) = position.instrument {
                    load.free_shares += called(contract, position.quantity);
                }
            }
            if counts_sectors
                && slot.is_some_and(|slot| self.market.shares_sector(slot, position.slot))
            {
                let mark = self.market.mark(position.instrument, position.slot);
                load.in_sector += position.exposure(mark);
            }
        }
        for order in self.live_orders(account) {
            let intent = &order.intent;
            load.duplicate |= same(intent.instrument);
            load.beside_shares |= same(intent.instrument);
            load.unresolved |= same(intent.instrument) && order.phase() == OrderPhase::Unknown;
            if matches!(intent.purpose, Purpose::Open(_)) {
                let held = self.positions.contains_key(&(account, intent.instrument));
                load.instruments += u32::from(!held && !order.adds());
                let value = self.value_of(intent, order.remaining());
                if let (Side::Sell, Instrument::Option(contract)) = (intent.side, intent.instrument)
                    && same(intent.instrument)
                {
                    load.free_shares += called(contract, -order.remaining());
                }
                load.exposure += value;
                load.promised += value;
                let other = self.market.slot_of(intent.instrument.underlying());
                let sector = slot.zip(other).filter(|_| counts_sectors);
                if sector.is_some_and(|(slot, other)| self.market.shares_sector(slot, other)) {
                    load.in_sector += value;
                }
            }
        }
        if sells {
            let cash = known.map_or(Money::ZERO, Account::cash);
            load.bound = cover::requirement(&self.held(account)).unwrap_or(cash);
        }
        load
    }

    /// Everything that an account holds, ours and others, leg by leg.
    pub(crate) fn held(&self, account: AccountId) -> BTreeMap<Instrument, Quantity> {
        let mut held = self.accounts[usize::from(account.0)].foreign.clone();
        for position in self.positions.values().filter(|p| p.account == account) {
            cover::add(&mut held, position.instrument, position.quantity);
        }
        held
    }

    /// How many instruments an account has positions or opening orders in, and their money.
    pub fn burden(&self, account: AccountId) -> (u32, Money) {
        let load = self.load(account, self.worth(account), None);
        (load.instruments, load.exposure)
    }

    fn value_of(&self, intent: &Intent, quantity: Quantity) -> Money {
        use backsight_domain::order::OrderKind;
        let price = match intent.kind {
            OrderKind::Limit(price) | OrderKind::Stop(price) => Some(price),
            OrderKind::StopLimit { limit, .. } => Some(limit),
            OrderKind::Market => {
                let slot = self.market.slot_of(intent.instrument.underlying());
                slot.and_then(|slot| self.market.mark(intent.instrument, slot))
            }
        };
        let what = (intent.instrument, intent.side);
        price.map_or(Money::ZERO, |price| plan::tied(what, price, quantity))
    }
}

/// Shares that somebody may take for sold calls, which are told below zero; none for puts.
fn called(contract: Contract, sold: Quantity) -> Quantity {
    match contract.right {
        Right::Call => sold.times(contract.multiplier.into()),
        Right::Put => Quantity::ZERO,
    }
}
