//! Quotes of contracts that a desk asks for: lost, late, stale or wrong.

use backsight_domain::event::Event;
use backsight_domain::instrument::Contract;
use backsight_domain::market::Slot;
use backsight_domain::option::Chain;
use backsight_domain::time::Time;

use super::FaultLayer;
use super::profile::FaultKind;
use crate::exchange::{Latency, Tape};

/// What is asked of the market's feed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// The quotes of a share's contracts.
    Chain(Slot),
    /// The quote of one contract.
    Quote(Contract),
}

/// There and back again.
const TRAVEL: Latency = Latency::around_millis(60);
/// How old stale quotes are at most, in seconds.
const STALE: f64 = 1_200.0;

impl FaultLayer {
    /// Asks the market's feed. Who asks while the feed is silent gets no answer.
    pub fn ask_market(&mut self, at: Time, wanted: Wanted) {
        let asked = at + TRAVEL.draw(&mut self.travel);
        let is_lost = self.silence.is_whole(at) || self.strikes.strikes(FaultKind::ChainLost);
        if !is_lost {
            self.wanted.plan(asked, wanted);
        }
    }

    /// Answers what is asked at `at`.
    pub(super) fn answer_market(&mut self, at: Time, wanted: Wanted, tape: &dyn Tape) {
        let chain = match wanted {
            Wanted::Chain(slot) => tape.chain(slot, at),
            Wanted::Quote(contract) => tape.quote(&contract, at),
        };
        let Some(mut chain) = chain else { return };
        let mut back = at + TRAVEL.draw(&mut self.travel);
        if self.strikes.strikes(FaultKind::ChainDelayed) {
            back = back + self.strikes.delay(FaultKind::ChainDelayed);
        }
        if self.strikes.strikes(FaultKind::ChainFlaw) {
            self.spoil_chain(&mut chain);
        }
        self.out.plan(back, Event::Chain(chain));
    }

    fn spoil_chain(&mut self, chain: &mut Chain) {
        let old = self.strikes.span(FaultKind::ChainFlaw, 60.0, STALE);
        let chance = self.strikes.chance(FaultKind::ChainFlaw);
        let Some(last) = chain.quotes.len().checked_sub(1) else { return };
        let first = chance.below(last + 1);
        match chance.below(4) {
            0 => chain.at = chain.at - old,
            1 => chain.quotes.truncate(first),
            2 => chain.quotes[first..].iter_mut().for_each(|quote| {
                std::mem::swap(&mut quote.bid, &mut quote.ask);
            }),
            _ => chain.quotes[first..].iter_mut().for_each(|quote| {
                (quote.bid, quote.volume) = (0, None);
            }),
        }
    }

    /// When the market's feed answers next.
    pub(super) fn next_answer(&self) -> Option<Time> {
        self.wanted.next()
    }
}
