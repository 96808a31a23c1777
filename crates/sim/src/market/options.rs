//! The options of the simulated market: which contracts are listed, and their quotes at any instant.
//!
//! ```text
//! variance of the share ──► total variance by expiry ──► smile ──► model price ──► bid and offer
//!  (true state, mean        (horizon)                   (smile)                   (quoting)
//!   reversion, events)
//! ```
//!
//! Nothing here has a state of its own: a quote is a function of the seed, the contract, the instant
//! and the share's true state at that instant. So who asks, how often and for what changes nothing,
//! and a market without anybody who asks pays nothing. The rate is zero, since cash earns nothing in
//! this world. Formulas: `docs/SIMULATION.md`.

mod horizon;
mod listing;
mod quoting;
mod smile;

pub use listing::ChainFilter;

use backsight_domain::instrument::{Contract, Right};
use backsight_domain::market::Slot;
use backsight_domain::option::{Chain, ContractQuote};
use backsight_domain::price::Price;
use backsight_domain::time::{Date, Time};
use backsight_quant::option::{Vanilla, european};

use crate::chance::Chance;
use horizon::{Horizon, Payout};
use quoting::Terms;
use smile::Smile;

pub(super) use horizon::{Level, Sky, sessions_after};

/// What makes the options of one share its own. Drawn once.
#[derive(Clone, Copy, Debug)]
pub(super) struct Character {
    smile: Smile,
    /// What sellers of variance are paid: implied variance over the expected one.
    premium: f64,
    terms: Terms,
}

/// The options of all shares.
#[derive(Clone, Debug)]
pub(super) struct Options {
    chance: Chance,
    /// By slot; `None` for a share without options.
    characters: Vec<Option<Character>>,
}

/// The options of one share at one instant.
pub(super) struct View<'a> {
    pub(super) slot: Slot,
    pub(super) at: Time,
    /// The share's price in dollars.
    pub(super) spot: f64,
    pub(super) sky: Sky<'a>,
}

impl Options {
    /// The options of shares that trade this many dollars a day each; `None` for shares without.
    pub(super) fn new(dollars: &[Option<f64>], chance: &Chance) -> Self {
        let chance = chance.branch("options");
        let draw = |(slot, dollars): (u64, &Option<f64>)| {
            let mut traits = chance.branch_n(slot);
            dollars.map(|dollars| Character {
                smile: Smile::draw(&mut traits),
                premium: traits.between(1.08, 1.25),
                terms: Terms::draw(dollars, &mut traits),
            })
        };
        Self { characters: (0..).zip(dollars).map(draw).collect(), chance: chance.branch("quotes") }
    }

    /// Whether a share has options.
    pub(super) fn has(&self, slot: Slot) -> bool {
        self.characters.get(slot.index()).is_some_and(Option::is_some)
    }

    /// The variance that options at the money imply until an expiry; `None` for a share without.
    pub(super) fn variance(&self, slot: Slot, sky: &Sky<'_>, expiry: Date) -> Option<f64> {
        let character = self.characters.get(slot.index())?.as_ref()?;
        Some(Horizon { sky, premium: character.premium }.variance(expiry))
    }

    /// The quotes of a share's contracts that a filter lets through.
    pub(super) fn chain(&self, view: &View<'_>, filter: &ChainFilter) -> Option<Chain> {
        let character = self.characters[view.slot.index()].as_ref()?;
        let mut quotes = Vec::new();
        let expiries = listing::expiries(view.sky.date, character.terms.is_daily());
        for expiry in expiries.into_iter().filter(|expiry| filter.covers(*expiry)) {
            let sheet = Sheet::of(self, character, view, expiry);
            for strike in listing::strikes(view.spot, filter.strikes_bps) {
                for right in [Right::Call, Right::Put] {
                    if filter.right.is_none_or(|only| only == right) {
                        quotes.push(sheet.quote(right, strike));
                    }
                }
            }
        }
        Some(Chain { slot: view.slot, at: view.at, quotes })
    }

    /// The quote of one contract; `None` when it is not listed. A strike and a number of shares
    /// that are nowhere listed are those of a contract that was adjusted for a split.
    pub(super) fn quote(&self, view: &View<'_>, contract: &Contract) -> Option<ContractQuote> {
        let character = self.characters[view.slot.index()].as_ref()?;
        let expiries = listing::expiries(view.sky.date, character.terms.is_daily());
        if !expiries.contains(&contract.expiry) {
            return None;
        }
        let sheet = Sheet::of(self, character, view, contract.expiry);
        let quote = sheet.quote(contract.right, contract.strike);
        Some(ContractQuote { multiplier: contract.multiplier, ..quote })
    }
}

/// What the contracts of one expiry share.
struct Sheet<'a> {
    options: &'a Options,
    character: &'a Character,
    view: &'a View<'a>,
    expiry: Date,
    /// Expected variance to expiry, with its premium.
    variance: f64,
    payout: Payout,
    is_monthly: bool,
}

impl<'a> Sheet<'a> {
    fn of(
        options: &'a Options,
        character: &'a Character,
        view: &'a View<'a>,
        expiry: Date,
    ) -> Self {
        let horizon = Horizon { sky: &view.sky, premium: character.premium };
        Self {
            options,
            character,
            view,
            expiry,
            variance: horizon.variance(expiry),
            payout: horizon.payout(expiry),
            is_monthly: listing::is_monthly(expiry),
        }
    }

    fn quote(&self, right: Right, strike: Price) -> ContractQuote {
        let (value, deviations) = self.value(right, strike.dollars());
        let traded = quoting::Contract {
            value,
            deviations,
            spot: self.view.spot,
            right,
            strike,
            days: self.expiry.days() - self.view.sky.date.days(),
            is_monthly: self.is_monthly,
        };
        let (bid, ask) = self.character.terms.touch(&traded, self.view.sky.heat);
        let mut dice = self.dice(right, strike);
        let (open_interest, volume) =
            self.character.terms.interest(&traded, &mut dice, &self.view.sky);
        ContractQuote {
            expiry: self.expiry,
            right,
            strike,
            multiplier: 100,
            bid,
            ask,
            volume: Some(volume),
            open_interest: Some(open_interest),
        }
    }

    /// What one share of a contract is worth in dollars, and how many deviations its strike is away.
    fn value(&self, right: Right, strike: f64) -> (f64, f64) {
        let held = self.black(right, strike, (self.view.spot - self.payout.amount, self.variance));
        let value = match (right, self.payout.before) {
            // Who has a call may take the share with the last payout, and loses what time is left.
            (Right::Call, Some(before)) => {
                held.max(self.black(right, strike, (self.view.spot, before)))
            }
            (Right::Call, None) | (Right::Put, _) => {
                let now = match right {
                    Right::Call => self.view.spot - strike,
                    Right::Put => strike - self.view.spot,
                };
                held.max(now)
            }
        };
        (value, libm::log(strike / self.view.spot) / self.variance.sqrt())
    }

    fn black(&self, right: Right, strike: f64, (forward, variance): (f64, f64)) -> f64 {
        let variance = self.character.smile.variance(variance, libm::log(strike / forward));
        // Without a rate only the variance to expiry matters: one year of all of it is the same.
        let vanilla =
            Vanilla { spot: forward, strike, years: 1.0, rate: 0.0, dividend_yield: 0.0, right };
        let price = european::price(&vanilla, variance.sqrt().min(9.0));
        price.expect("a listed contract has sound terms")
    }

    fn dice(&self, right: Right, strike: Price) -> Chance {
        let expiry = u64::try_from(self.expiry.days()).unwrap_or(0) << 1 | right as u64;
        let strike = strike.ticks().cast_unsigned();
        let slot = u64::from(self.view.slot.0);
        self.options.chance.branch_n(slot).branch_n(expiry).branch_n(strike)
    }
}

#[cfg(test)]
mod tests;
