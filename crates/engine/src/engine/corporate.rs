//! What companies do to what is held: splits change it, dividends pay it.
//!
//! A split leaves what a holding is worth as it was. Shares become more or fewer at another price. A
//! split into whole shares gives as many contracts at lower strikes, any other changes how many
//! shares a contract stands for; the contract has another name from then on, and so has the position.
//!
//! A dividend is booked when the venue says that it paid, for long and short shares alike. What
//! belongs to shares that are not ours comes from outside.

use backsight_domain::decision::Ignored;
use backsight_domain::id::AccountId;
use backsight_domain::instrument::Instrument;
use backsight_domain::market::{Slot, Split};
use backsight_domain::money::{Money, Rounding};
use backsight_domain::notice::Payout;
use backsight_domain::order::ExitReason;
use backsight_domain::quantity::{Quantity, UNITS_PER_SHARE};
use backsight_domain::time::Date;

use super::Engine;
use crate::outlook::Prospect;

type Key = (AccountId, Instrument);

impl Engine {
    /// Takes a split: history, holdings and ghosts are rescaled, resting orders withdrawn.
    pub(super) fn take_split(&mut self, split: Split) {
        let valid = split.numerator != 0 && split.denominator != 0;
        let now = self.now;
        let taken =
            self.see(Ignored::UnknownSymbol, |market, _| valid && market.push_split(split, now));
        if !taken {
            return;
        }
        if let Some(story) = self.fresh.get_mut(&split.slot) {
            story.split(split);
        }
        let ticker = self.market.ticker(split.slot);
        let stale: Vec<_> = self.live.keys().copied().collect();
        for intent in stale {
            if self.orders[&intent].intent.instrument.underlying() == ticker {
                self.ask_cancel(intent);
            }
        }
        self.split_positions(split);
        self.end_emptied(split.slot);
        for account in &mut self.accounts {
            let foreign = std::mem::take(&mut account.foreign);
            for (instrument, quantity) in foreign {
                let on_it = instrument.underlying() == ticker;
                let (instrument, quantity) =
                    if on_it { of(split, instrument, quantity) } else { (instrument, quantity) };
                account.add_foreign(instrument, quantity);
            }
        }
        for ghost in self.ghosts.iter_mut().filter(|ghost| ghost.slot == split.slot) {
            ghost.split(split);
        }
    }

    /// Rescales positions; a contract of another name is another key.
    fn split_positions(&mut self, split: Split) {
        let concerns = |key: &Key, positions: &Self| positions.positions[key].slot == split.slot;
        let keys: Vec<Key> = self.positions.keys().copied().collect();
        for key in keys.into_iter().filter(|key| concerns(key, self)).collect::<Vec<_>>() {
            let mut position = self.positions.remove(&key).expect("it was just listed");
            let scale = |quantity: Quantity| of(split, key.1, quantity).1;
            position.instrument = of(split, key.1, Quantity::ZERO).0;
            position.quantity = scale(position.quantity);
            position.traded.opened = scale(position.traded.opened);
            position.traded.closed = scale(position.traded.closed);
            position.track.split(split);
            if let Some(leaving) = &mut position.leaving {
                leaving.keep = scale(leaving.keep);
            }
            let key = (key.0, position.instrument);
            if position.leaving.is_some() {
                self.scratch.leaving.add(key);
            }
            self.positions.insert(key, position);
        }
    }

    /// Ends the positions of which a split left less than can be counted. What they cost is gone
    /// from the books; what the venue pays for it comes with a report.
    fn end_emptied(&mut self, slot: Slot) {
        let positions = self.positions.iter();
        let emptied = positions.filter(|(_, held)| held.slot == slot && held.quantity.is_zero());
        let emptied: Vec<_> = emptied.map(|(key, _)| *key).collect();
        for key in emptied {
            let position = self.positions.get_mut(&key).expect("it was just seen");
            let cost = std::mem::take(&mut position.cost);
            self.accounts[usize::from(key.0.0)].ledger.outside(Money::ZERO, -cost);
            self.close_if_flat(key, ExitReason::Manual);
        }
    }

    /// Books a dividend.
    pub(super) fn take_payout(&mut self, payout: &Payout) {
        let index = usize::from(payout.account.0);
        if self.accounts.len() <= index || payout.at < self.settled_since {
            return self.ignore(Ignored::Outdated);
        }
        if self.settled.contains_key(&payout.id) {
            return self.ignore(Ignored::RepeatedFill);
        }
        self.settled.insert(payout.id, payout.at);
        let share = Instrument::Equity(payout.ticker);
        let foreign = self.accounts[index].foreign(share);
        // What others hold is paid to others; the rest is ours, whether it is still held or not.
        let theirs = if foreign.is_positive() == payout.shares.is_positive() {
            foreign
        } else {
            Quantity::ZERO
        };
        let theirs = Payout { shares: theirs, ..*payout }.cash();
        let ours = payout.cash() - theirs;
        // The days since the ex-date began without it.
        self.unfelt(payout.account, |engine| {
            engine.accounts[index].ledger.income(ours);
            engine.accounts[index].ledger.outside(theirs, Money::ZERO);
        });
        if let Some(position) = self.positions.get_mut(&(payout.account, share)) {
            position.traded.income += ours;
        }
    }

    /// What shares of an account are about to lose with the open because it pays a dividend: the
    /// money comes by itself, so the day begins without it.
    pub(super) fn going_ex(&self, account: AccountId, date: Date) -> Money {
        let held = self.positions.values().filter(|p| p.account == account && !p.is_option());
        held.filter_map(|position| {
            let amount = self.pays(position.slot, date)?;
            let units = position.quantity.units();
            Some(amount.share(units, UNITS_PER_SHARE, Rounding::HalfEven))
        })
        .sum()
    }

    /// Pays ghosts of shares what a real holding would be paid.
    pub(super) fn pay_ghosts(&mut self, date: Date) {
        for index in 0..self.ghosts.len() {
            let ghost = &self.ghosts[index];
            if !matches!(ghost.instrument, Instrument::Equity(_)) {
                continue;
            }
            if let Some(amount) = self.pays(ghost.slot, date) {
                self.ghosts[index].earn(amount);
            }
        }
    }

    /// What a share pays to who held it before a date.
    fn pays(&self, slot: Slot, date: Date) -> Option<Money> {
        let dividend = self.market.outlook.symbol(slot).and_then(Prospect::dividend)?;
        (dividend.ex == date).then_some(dividend.amount)
    }
}

/// What a holding becomes through a split.
fn of(split: Split, before: Instrument, quantity: Quantity) -> (Instrument, Quantity) {
    let (after, count) = split.instrument(before);
    let quantity = match before {
        Instrument::Equity(_) => split.quantity(quantity),
        Instrument::Option(_) | Instrument::Vertical(_) => quantity.times(count),
    };
    (after, quantity)
}

#[cfg(test)]
mod tests;
