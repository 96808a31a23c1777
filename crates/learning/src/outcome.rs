//! How signals ended, taken or declined, in the same words.
//!
//! A *case* is a signal with one of its ends: a position of an account, or its ghost. Ghosts come in
//! crowds: a symbol that is signalled every minute has one for each, all on the same path. So
//! ghosts are told in *episodes*: the first one counts, and those that begin while it is under way
//! do not, because nobody could have held them too.

use std::collections::BTreeMap;

use backsight_domain::decision::{Outcome, Subject};
use backsight_domain::id::AccountId;
use backsight_domain::instrument::Ticker;
use backsight_domain::money::{Money, Rounding};
use backsight_domain::policy::LookbackPolicy;
use backsight_domain::quantity::{Quantity, UNITS_PER_SHARE};
use backsight_domain::time::{Date, Time};
use std::fmt;

use crate::past::history::{History, Tale};
use crate::past::trading_date;

/// A signal with one of its ends.
#[derive(Clone, Copy, Debug)]
pub struct Case<'p> {
    /// The signal and all that became of it.
    pub tale: &'p Tale,
    /// The end.
    pub outcome: &'p Outcome,
}

impl Case<'_> {
    /// The account that traded it; `None` for a ghost.
    pub fn account(&self) -> Option<AccountId> {
        match self.outcome.subject {
            Subject::Position { account, .. } => Some(account),
            Subject::Ghost { .. } => None,
        }
    }

    /// The session its signal was made in.
    pub fn session(&self) -> Date {
        trading_date(self.tale.signal.at)
    }
}

/// Every position that ended and was opened on a signal, in the order of the signals.
pub fn trades(history: &History) -> impl Iterator<Item = Case<'_>> {
    let tales = history.signals.values();
    tales.flat_map(|tale| tale.trades.iter().map(move |outcome| Case { tale, outcome }))
}

/// Every ghost that ended and began an episode, in the order of the signals.
pub fn ghosts(history: &History) -> Vec<Case<'_>> {
    let mut episodes = Episodes::default();
    let tales = history.signals.values();
    let ended = tales.filter_map(|tale| Some(Case { tale, outcome: tale.ghost.as_ref()? }));
    ended.filter(|case| episodes.begins(None, case.tale)).collect()
}

/// Who is where in time, so that nobody is counted twice.
#[derive(Clone, Debug, Default)]
pub struct Episodes {
    until: BTreeMap<(Option<AccountId>, Ticker), Option<Time>>,
}

impl Episodes {
    /// Whether a signal begins an episode of its symbol; signals must come in order.
    ///
    /// A ghost that has not ended lasts until now.
    pub fn begins(&mut self, account: Option<AccountId>, tale: &Tale) -> bool {
        let key = (account, tale.signal.ticker);
        let is_over = match self.until.get(&key) {
            None => true,
            Some(None) => false,
            Some(Some(until)) => *until <= tale.signal.at,
        };
        if is_over {
            self.until.insert(key, tale.ghost.as_ref().map(|ghost| ghost.closed));
        }
        is_over
    }
}

/// What a ghost would have made at a size; it counts one share or contract itself.
pub fn at_size(ghost: &Outcome, quantity: Quantity) -> Money {
    ghost.pnl.share(quantity.units(), UNITS_PER_SHARE, Rounding::HalfEven)
}

/// How good a find turned out to be. Each return has exactly one category.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Category {
    /// It failed.
    Failed,
    /// It made little or lost little.
    Poor,
    /// It made something.
    Moderate,
    /// It made a lot.
    Strong,
    /// It made more than a lot.
    Explosive,
}

impl Category {
    /// Every category, the worst first.
    pub const ALL: [Self; 5] =
        [Self::Failed, Self::Poor, Self::Moderate, Self::Strong, Self::Explosive];

    /// The category of a return, as a share.
    pub fn of(policy: &LookbackPolicy, result: f64) -> Self {
        let share = |bps: u32| f64::from(bps) / 10_000.0;
        let bands = [
            (share(policy.explosive_bps), Self::Explosive),
            (share(policy.strong_bps), Self::Strong),
            (share(policy.moderate_bps), Self::Moderate),
            (-share(policy.poor_loss_bps), Self::Poor),
        ];
        let band = bands.into_iter().find(|(from, _)| *from <= result);
        band.map_or(Self::Failed, |(_, category)| category)
    }
}

impl fmt::Display for Category {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Failed => "failed",
            Self::Poor => "poor",
            Self::Moderate => "moderate",
            Self::Strong => "strong",
            Self::Explosive => "explosive",
        })
    }
}

#[cfg(test)]
mod tests;
