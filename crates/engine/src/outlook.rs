//! What is announced and quoted beside the bars: fear index, earnings, dividends, finds, theses,
//! option chains.
//!
//! Everything keeps the time it is of, so that whoever uses it can refuse what is stale.

use std::collections::BTreeMap;

use backsight_domain::decision::Ignored;
use backsight_domain::instrument::{Contract, Right, Ticker};
use backsight_domain::market::{Slot, Split};
use backsight_domain::notice::{
    Candidate, Discovery, Dividend, Earnings, PastVolatility, Regime, Thesis,
};
use backsight_domain::option::{Chain, ContractQuote};
use backsight_domain::price::Price;
use backsight_domain::session::covers_date;
use backsight_domain::story::Story;
use backsight_domain::time::{Date, Time};
use backsight_quant::rank::{self, Standing};

/// Stories whose outlets are counted at a time; the oldest is forgotten first.
const STORIES_MAX: usize = 1024;

/// Days for which a vendor's past may end before today: a long weekend and its holiday.
const PAST_AGE_MAX: i32 = 5;

/// Sessions of a year, and the last one.
const VOLATILITIES_MAX: usize = rank::SESSIONS_MAX + 1;

/// What is announced and quoted beside the bars.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outlook {
    pub(crate) regime: Option<Regime>,
    /// The outlets of recent stories, with the time of the first.
    pub(crate) stories: BTreeMap<u64, Coverage>,
    pub(crate) candidates: Vec<Candidate>,
    pub(crate) symbols: Vec<Prospect>,
}

/// Who carries a story.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coverage {
    pub(crate) first: Time,
    pub(crate) outlets: Vec<Box<str>>,
}

/// What is announced and quoted about one symbol.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Prospect {
    pub(crate) earnings: Option<Earnings>,
    pub(crate) dividend: Option<Dividend>,
    pub(crate) thesis: Option<Thesis>,
    /// When contracts were last quoted.
    pub(crate) quoted: Option<Time>,
    /// Implied volatility over thirty days at the close of each session in which it was quoted.
    pub(crate) volatilities: Vec<f64>,
    /// The last session in which the symbol was split.
    pub(crate) split: Option<Date>,
    pub(crate) chain: BTreeMap<ContractKey, KnownQuote>,
}

/// A contract among those of one share.
pub(crate) type ContractKey = (Date, Right, (Price, u16));

/// The last quote of a contract, and when it was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KnownQuote {
    /// The quote.
    pub quote: ContractQuote,
    /// When it was made.
    pub at: Time,
}

impl Outlook {
    pub(crate) fn watch(&mut self, symbols: usize) {
        self.symbols.resize(symbols, Prospect::default());
    }

    /// Takes quotes of contracts. What expired before them is forgotten, and so are quotes that are
    /// older than what is known.
    pub(crate) fn push_chain(&mut self, chain: &Chain) -> Result<(), Ignored> {
        let prospect = self.prospect_mut(chain.slot)?;
        if prospect.quoted.is_some_and(|last| chain.at < last) {
            return Err(Ignored::Outdated);
        }
        prospect.quoted = Some(chain.at);
        let today = chain.at.utc_date();
        prospect.chain.retain(|(expiry, ..), _| today <= *expiry);
        for quote in &chain.quotes {
            let known = KnownQuote { quote: *quote, at: chain.at };
            let key = (quote.expiry, quote.right, (quote.strike, quote.multiplier));
            prospect.chain.insert(key, known);
        }
        Ok(())
    }

    /// Counts an outlet toward a story, once however many copies it sends.
    pub(crate) fn push_story(&mut self, story: &Story, now: Time) {
        let new = || Coverage { first: now, outlets: Vec::new() };
        let coverage = self.stories.entry(story.id).or_insert_with(new);
        if !coverage.outlets.contains(&story.source) {
            coverage.outlets.push(story.source.clone());
        }
        if STORIES_MAX < self.stories.len() {
            let oldest = self.stories.iter().min_by_key(|(id, coverage)| (coverage.first, **id));
            let oldest = oldest.map(|(id, _)| *id);
            oldest.and_then(|id| self.stories.remove(&id));
        }
    }

    /// How many outlets carry a story, as far as is known.
    pub(crate) fn outlets(&self, story: u64) -> u32 {
        let outlets = self.stories.get(&story).map_or(1, |coverage| coverage.outlets.len());
        u32::try_from(outlets).unwrap_or(u32::MAX)
    }

    pub(crate) fn push_regime(&mut self, regime: Regime) -> Result<(), Ignored> {
        // A fear index of zero, or in the thousands, is a broken feed.
        if !(regime.index.is_finite() && 0.0 < regime.index && regime.index < 1000.0) {
            return Err(Ignored::ImpossibleNotice);
        }
        if self.regime.is_some_and(|known| regime.at < known.at) {
            return Err(Ignored::Outdated);
        }
        self.regime = Some(regime);
        Ok(())
    }

    /// Takes what a vendor knows of the year before. It comes before anything that was seen here:
    /// what the desk measured itself is never replaced.
    pub(crate) fn push_past(&mut self, past: &PastVolatility, now: Time) -> Result<(), Ignored> {
        let possible = |value: &f64| value.is_finite() && 0.0 < *value && *value < 50.0;
        let days = now.utc_date().days() - past.until.days();
        if !past.values.iter().all(possible) || days < 0 {
            return Err(Ignored::ImpossibleNotice);
        }
        let prospect = self.prospect_mut(past.slot)?;
        if PAST_AGE_MAX < days || !prospect.volatilities.is_empty() {
            return Err(Ignored::Outdated);
        }
        let kept = past.values.len().saturating_sub(rank::SESSIONS_MAX);
        prospect.volatilities.extend_from_slice(&past.values[kept..]);
        Ok(())
    }

    pub(crate) fn push_earnings(&mut self, earnings: Earnings) -> Result<(), Ignored> {
        // A date outside the calendar cannot be counted in sessions.
        if !covers_date(earnings.date) {
            return Err(Ignored::ImpossibleNotice);
        }
        self.prospect_mut(earnings.slot)?.earnings = Some(earnings);
        Ok(())
    }

    pub(crate) fn push_dividend(&mut self, dividend: Dividend) -> Result<(), Ignored> {
        self.prospect_mut(dividend.slot)?.dividend = Some(dividend);
        Ok(())
    }

    pub(crate) fn push_thesis(&mut self, thesis: &Thesis) -> Result<(), Ignored> {
        let possible = thesis.claims.iter().all(|claim| claim.threshold.is_finite());
        if !possible {
            return Err(Ignored::ImpossibleNotice);
        }
        self.prospect_mut(thesis.slot)?.thesis = Some(thesis.clone());
        Ok(())
    }

    pub(crate) fn push_discovery(&mut self, discovery: &Discovery) -> Result<(), Ignored> {
        let known = |candidate: &Candidate| candidate.slot.index() < self.symbols.len();
        let possible = |candidate: &Candidate| (0.0..=1.0).contains(&candidate.score);
        if !discovery.candidates.iter().all(known) {
            return Err(Ignored::UnknownSymbol);
        }
        if !discovery.candidates.iter().all(possible) {
            return Err(Ignored::ImpossibleNotice);
        }
        self.candidates.clone_from(&discovery.candidates);
        Ok(())
    }

    /// Rescales what is known of a share's prices. Every quote was of a contract that is gone.
    pub(crate) fn split(&mut self, split: Split, date: Option<Date>) {
        for candidate in self.candidates.iter_mut().filter(|found| found.slot == split.slot) {
            candidate.price = split.price(candidate.price);
        }
        let prospect = &mut self.symbols[split.slot.index()];
        prospect.split = date;
        prospect.chain.clear();
        if let Some(dividend) = &mut prospect.dividend {
            dividend.amount = split.amount(dividend.amount);
        }
        if let Some(thesis) = &mut prospect.thesis {
            thesis.price = split.price(thesis.price);
        }
    }

    fn prospect_mut(&mut self, slot: Slot) -> Result<&mut Prospect, Ignored> {
        self.symbols.get_mut(slot.index()).ok_or(Ignored::UnknownSymbol)
    }

    /// The last fear index.
    pub fn regime(&self) -> Option<Regime> {
        self.regime
    }

    /// What is known about a symbol.
    pub fn symbol(&self, slot: Slot) -> Option<&Prospect> {
        self.symbols.get(slot.index())
    }
}

impl Prospect {
    /// The date of the next report of earnings that was announced.
    pub fn reports(&self) -> Option<Date> {
        self.earnings.map(|earnings| earnings.date)
    }

    /// When contracts were last quoted.
    pub fn quoted(&self) -> Option<Time> {
        self.quoted
    }

    /// Notes the implied volatility of a session.
    pub(crate) fn note_volatility(&mut self, volatility: f64) {
        if self.volatilities.len() == VOLATILITIES_MAX {
            self.volatilities.remove(0);
        }
        self.volatilities.push(volatility);
    }

    /// The dividend that was announced last.
    pub fn dividend(&self) -> Option<Dividend> {
        self.dividend
    }

    /// Where the last implied volatility stands among those of the year before; `None` with too few
    /// sessions.
    pub fn standing(&self) -> Option<Standing> {
        let (today, past) = self.volatilities.split_last()?;
        Standing::of(*today, past)
    }

    /// Every contract that was quoted and has not expired.
    pub fn contracts(&self, underlying: Ticker) -> impl Iterator<Item = (Contract, KnownQuote)> {
        self.chain.values().map(move |known| (known.quote.contract(underlying), *known))
    }

    /// The last quote of one contract.
    pub fn quote(&self, contract: &Contract) -> Option<KnownQuote> {
        let key = (contract.expiry, contract.right, (contract.strike, contract.multiplier));
        self.chain.get(&key).copied()
    }
}

#[cfg(test)]
mod tests;
