//! What the engine does about options it holds: marks by their own quotes, exits, staying overnight.

use std::collections::BTreeSet;

use backsight_domain::decision::{Effect, Pricing};
use backsight_domain::desk::Alarm;
use backsight_domain::id::AccountId;
use backsight_domain::instrument::{Contract, Instrument};
use backsight_domain::market::Slot;
use backsight_domain::money::{Money, Rounding, divide};
use backsight_domain::order::{ExitReason, Side};
use backsight_domain::price::Price;
use backsight_domain::session::Session;
use backsight_domain::time::Span;

use super::Engine;
use super::minute::{apply, note_stage};
use crate::exit::{Moment, Plan};
use crate::mark;
use crate::position::Position;
use crate::regime::{self, Level};

type Key = (AccountId, Instrument);

impl Engine {
    /// Marks every option that is held and does what its rules want.
    pub(super) fn follow_options(&mut self, session: Session) {
        let options: Vec<Key> = self.options(|_| true).map(|p| (p.account, p.instrument)).collect();
        for key in options {
            let Some(moment) = self.moment(&self.positions[&key], session) else { continue };
            let position = self.positions.get_mut(&key).expect("it was just listed");
            let from = position.track.stage;
            let act = position.track.follow(&moment);
            let lost = position.track.is_lost(self.now, session);
            note_stage(position, from, &mut self.scratch.decision.because);
            let act = act.filter(|_| position.is_staying());
            let begins =
                act.is_some_and(|act| apply(position, act, &mut self.scratch.decision.because));
            if begins {
                self.scratch.leaving.add(key);
            }
            if lost {
                self.alarm(Alarm::MarkStale);
            }
        }
        self.trim_overnight(session);
        self.ask_quotes();
    }

    /// Asks for the quote of every contract that is held, once a minute.
    fn ask_quotes(&mut self) {
        let legs = self.options(|_| true).flat_map(|position| {
            let instrument = position.instrument;
            instrument.legs().filter_map(|(leg, _)| contract(leg)).collect::<Vec<_>>()
        });
        let contracts: BTreeSet<Contract> = legs.collect();
        for contract in contracts {
            self.effect(Effect::AskQuote(contract));
        }
    }

    fn options(&self, which: impl Fn(&Position) -> bool) -> impl Iterator<Item = &Position> {
        let held = self.positions.values();
        held.filter(move |p| p.is_option() && which(p))
    }

    /// The fear in the market; unknown counts as elevated.
    pub(super) fn level(&self) -> Level {
        regime::level(&self.market, &self.policy.regime, self.now).unwrap_or(Level::Elevated)
    }

    /// What an option's rules look at now.
    fn moment(&self, position: &Position, session: Session) -> Option<Moment> {
        let Plan::Options(plan) = &*position.track.plan else { return None };
        let (instrument, slot) = (position.instrument, position.slot);
        let most_s = plan.policy.mark_age_max_s;
        let mark = self.market.fresh_mark((instrument, slot), self.now, most_s);
        let minds = plan.minds_decay(session.close() - self.now);
        let priced = self.market.last_price(slot).is_some();
        let sight = (minds && priced).then(|| self.sight_of(slot));
        Some(Moment {
            now: self.now,
            session,
            mark: mark.map(Price::ticks),
            level: self.level(),
            reports: self.market.reports_within(slot, plan.policy.earnings_sessions, session),
            share_bps: mark.and_then(|mark| self.share_bps(position, mark)),
            decay: sight.zip(mark).and_then(|(sight, mark)| mark::decay(sight, instrument, mark)),
            assignment: mark.is_some()
                && self.market.nears_assignment(
                    (instrument, slot),
                    position.track.direction,
                    (plan.policy.sold_time_value_min, session),
                ),
        })
    }

    /// Where a ghost of a contract enters, how that is known, and the volatility by which it is
    /// followed while nobody quotes it.
    pub(super) fn option_entry(
        &self,
        (instrument, side): (Instrument, Side),
        (slot, expected): (Slot, Price),
    ) -> (Price, Pricing, Option<f64>) {
        let most_s = self.policy.option_exits.mark_age_max_s;
        let mark = self.market.fresh_mark((instrument, slot), self.now, most_s);
        let volatility =
            mark.and_then(|mark| mark::volatility(self.sight_of(slot), instrument, mark));
        match self.market.touch(instrument, slot).filter(|_| mark.is_some()) {
            Some(touch) => (touch.taken_by(side), Pricing::Quoted, volatility),
            None => (expected, Pricing::Modelled, volatility),
        }
    }

    /// A position's share of its account's equity.
    fn share_bps(&self, position: &Position, mark: Price) -> Option<i64> {
        let account = &self.accounts[usize::from(position.account.0)];
        let worth = self.scratch.worth[usize::from(position.account.0)];
        let equity = (account.cash() + worth.value).units();
        let value = i128::from(position.value_at(mark).magnitude().units()) * 10_000;
        let known = account.known && 0 < equity;
        let share = known.then(|| divide(value, equity.into(), Rounding::Ceil))?;
        i64::try_from(share).ok()
    }

    /// In the last minutes of a session no account keeps more in options than may stay overnight:
    /// the least profitable go first.
    fn trim_overnight(&mut self, session: Session) {
        let policy = &self.policy.option_exits;
        let last = Span::from_minutes(policy.day_close_minutes.into());
        if last < session.close() - self.now {
            return;
        }
        let high = self.level() >= Level::High;
        let percent = if high { policy.overnight_high_exposure_pct } else { 100 };
        let cap = policy.overnight_exposure.share(percent.into(), 100, Rounding::Floor);
        for index in 0..self.accounts.len() {
            self.trim_account(self.accounts[index].id, cap);
        }
    }

    fn trim_account(&mut self, account: AccountId, cap: Money) {
        // What was sold is secured by shares or cash and earns by staying.
        let bought = |p: &Position| p.quantity.is_positive();
        let staying = self.options(|p| p.account == account && p.is_staying() && bought(p));
        let mut staying: Vec<(Money, Money, Key)> = staying
            .map(|position| {
                let mark = self.market.mark(position.instrument, position.slot);
                let mark = mark.unwrap_or(position.track.entry);
                let key = (position.account, position.instrument);
                (position.open_result(mark), position.value_at(mark).magnitude(), key)
            })
            .collect();
        staying.sort();
        let mut exposure: Money = staying.iter().map(|(_, value, _)| *value).sum();
        for (_, value, key) in staying {
            if exposure <= cap {
                return;
            }
            exposure -= value;
            let position = self.positions.get_mut(&key).expect("it was just listed");
            position.leave(ExitReason::OvernightExposure);
            self.scratch.leaving.add(key);
        }
    }

    /// The limit of an option's exit: first a part of the way to the touch, then the touch. `None`
    /// without a fresh quote.
    pub(super) fn option_limit(
        &self,
        position: &Position,
        (side, tries): (Side, u32),
    ) -> Option<Price> {
        let most_s = self.policy.option_exits.mark_age_max_s;
        let which = (position.instrument, position.slot);
        let mark = self.market.fresh_mark(which, self.now, most_s)?;
        let touch = self.market.touch(which.0, which.1)?.taken_by(side);
        let part = if tries == 0 { i64::from(self.policy.contracts.concession_pct) } else { 100 };
        let ticks = mark.ticks() + (touch.ticks() - mark.ticks()) * part / 100;
        // Contracts trade in cents, and for no less than one.
        Some(Price::from_ticks_clamped(match side {
            Side::Sell => (ticks / 100 * 100).max(100),
            Side::Buy => (ticks + 99) / 100 * 100,
        }))
    }
}

fn contract(leg: Instrument) -> Option<Contract> {
    match leg {
        Instrument::Option(contract) => Some(contract),
        Instrument::Equity(_) | Instrument::Vertical(_) => None,
    }
}
