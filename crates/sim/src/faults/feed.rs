//! Faults of market data: flaws, gaps, repetitions, silence, and the desk's own clock.

use std::collections::BTreeMap;

use backsight_domain::desk::WorldFault;
use backsight_domain::event::Event;
use backsight_domain::market::{Minute, Quote, Slot};
use backsight_domain::time::{Span, Time};

use super::FaultLayer;
use super::profile::FaultKind;

/// Who does not speak, and until when.
#[derive(Clone, Debug, Default)]
pub(super) struct Silence {
    feed: Time,
    symbols: BTreeMap<Slot, Time>,
}

impl Silence {
    /// Whether the whole feed is silent.
    pub(super) fn is_whole(&self, at: Time) -> bool {
        at < self.feed
    }

    fn covers(&self, slot: Slot, at: Time) -> bool {
        self.symbols.get(&slot).is_some_and(|until| at < *until)
    }
}

impl FaultLayer {
    /// Passes what the market shows on, or not.
    pub(super) fn feed(&mut self, at: Time, event: Event) {
        match event {
            Event::Minute(minute) => self.pass_minute(at, minute),
            Event::Quote(quote) => self.pass_quote(at, quote),
            other @ (Event::Started(_)
            | Event::PolicyAdopted(_)
            | Event::Universe(_)
            | Event::Halt(_)
            | Event::Split(_)
            | Event::Chain(_)
            | Event::Dividend(_)
            | Event::Earnings(_)
            | Event::Regime(_)
            | Event::PastVolatility(_)
            | Event::Discovery(_)
            | Event::Thesis(_)
            | Event::Story(_)
            | Event::Reading(_)
            | Event::Reader(_)
            | Event::Learned(_)
            | Event::Reply(_)
            | Event::Order(_)
            | Event::Fill(_)
            | Event::Bust(_)
            | Event::Settlement(_)
            | Event::Payout(_)
            | Event::Report(_)
            | Event::Operator(_)
            | Event::Fault(_)
            | Event::Tick) => self.out.plan(at, other),
        }
    }

    fn pass_minute(&mut self, at: Time, mut minute: Minute) {
        self.fall_silent(at, &minute);
        if at < self.silence.feed || self.strikes.strikes(FaultKind::MinuteMissing) {
            return;
        }
        self.silence.symbols.retain(|_, until| at < *until);
        for slot in self.silence.symbols.keys() {
            // The last price anyone saw is about where this minute began.
            let seen = minute.open[slot.index()];
            minute.carry(*slot, seen);
        }
        if self.strikes.strikes(FaultKind::BarFlaw) {
            self.spoil_bar(&mut minute);
        }
        if self.strikes.strikes(FaultKind::MinuteRepeated) {
            let again = at + self.strikes.span(FaultKind::MinuteRepeated, 0.0, 90.0);
            self.out.plan(again, Event::Minute(minute.clone()));
        }
        self.out.plan(at, Event::Minute(minute));
    }

    fn fall_silent(&mut self, at: Time, minute: &Minute) {
        if self.strikes.strikes(FaultKind::FeedFrozen) {
            self.silence.feed = at + self.strikes.span(FaultKind::FeedFrozen, 60.0, 600.0);
        }
        if self.strikes.strikes(FaultKind::SymbolFrozen) && 0 < minute.symbols() {
            let slot = self.strikes.chance(FaultKind::SymbolFrozen).below(minute.symbols());
            let until = at + self.strikes.span(FaultKind::SymbolFrozen, 60.0, 900.0);
            let slot = Slot(u16::try_from(slot).expect("a universe has at most 65,536 symbols"));
            self.silence.symbols.insert(slot, until);
        }
    }

    fn spoil_bar(&mut self, minute: &mut Minute) {
        let chance = self.strikes.chance(FaultKind::BarFlaw);
        if minute.symbols() == 0 {
            return;
        }
        let slot = chance.below(minute.symbols());
        match chance.below(5) {
            0 => minute.close[slot] = 0,
            1 => minute.low[slot] = -minute.low[slot],
            2 => minute.high[slot] = minute.low[slot] / 2,
            3 => minute.volume[slot] = -1,
            // A possible bar with an absurd print.
            _ => {
                minute.close[slot] = minute.close[slot].saturating_mul(10);
                minute.high[slot] = minute.high[slot].max(minute.close[slot]);
            }
        }
    }

    fn pass_quote(&mut self, at: Time, mut quote: Quote) {
        if at < self.silence.feed || self.silence.covers(quote.slot, at) {
            return;
        }
        if self.strikes.strikes(FaultKind::QuoteFlaw) {
            match self.strikes.chance(FaultKind::QuoteFlaw).below(5) {
                0 => quote.ask = 0,
                1 => quote.bid = 0,
                2 => std::mem::swap(&mut quote.bid, &mut quote.ask),
                3 => quote.ask *= 10,
                _ => quote.bid /= 10,
            }
        }
        self.out.plan(at, Event::Quote(quote));
    }

    /// Perhaps sets the desk's clock wrong, by anything from a millisecond to a day.
    pub(super) fn jump(&mut self, at: Time) {
        let kind = FaultKind::ClockJump;
        if self.skew(at) != Span::ZERO || !self.strikes.strikes(kind) {
            return;
        }
        let seconds = libm::exp(self.strikes.chance(kind).between(-6.9, 11.36));
        let size = self.strikes.span(kind, seconds, seconds);
        let is_behind = self.strikes.chance(kind).happens(0.5);
        let skew = if is_behind { Span::from_nanos(-size.nanos()) } else { size };
        let until = at + self.strikes.span(kind, 60.0, 1_800.0);
        self.skew = Some((until, skew));
        self.out.plan(at, Event::Fault(WorldFault::ClockSkew(skew.millis_floor())));
        self.out.plan(until, Event::Fault(WorldFault::ClockSkew(0)));
    }
}
