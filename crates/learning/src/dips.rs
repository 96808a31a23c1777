//! Was it right to buy more of what fell? Each look at a thesis, and how the price went on.
//!
//! A look is a signal of the `dip` playbook (more was recommended) or one of its holds (it was not,
//! because the thesis was too weak or broken, or the fall too deep). Theses are claims that can be
//! checked, so a look says how much of them held. Both kinds are followed for 30 sessions by the
//! same rules as finds, one episode for each symbol and kind a week, so that the playbook's yes is
//! compared with its no and not with hope.

use std::collections::BTreeMap;
use std::fmt;

use backsight_domain::decision::HoldReason;
use backsight_domain::instrument::Ticker;
use backsight_domain::price::Price;
use backsight_domain::session::Session;
use backsight_domain::signal::{FactorName, Playbook};
use backsight_domain::time::{Date, Time};

use crate::course::{Course, Courses, session_from};
use crate::past::Past;
use crate::sample::{Calendar, Sample};

/// Sessions after which a look of the same kind at the same symbol counts again.
const EPISODE: i32 = 5;
/// Sessions after which a look is judged.
pub const JUDGED_AFTER: [i32; 2] = [7, 30];

/// What a look at a fallen holding said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Advice {
    /// Buy more.
    More,
    /// Leave it, and why.
    Leave(HoldReason),
}

/// One look at a fallen holding.
#[derive(Clone, Debug)]
pub struct DipLook {
    /// When.
    pub at: Time,
    /// The session then.
    pub session: Date,
    /// The symbol.
    pub ticker: Ticker,
    /// What it said.
    pub advice: Advice,
    /// How much of the thesis held, 0 to 1; `None` when the hold was about something else.
    pub strength: Option<f64>,
    /// Whether more was bought; by openings of positions.
    pub is_bought: bool,
    /// How the price went on.
    pub course: Course,
}

/// What looks with the same advice came to, in percent.
#[derive(Clone, Debug)]
pub struct DipRow {
    /// Whether more was recommended.
    pub is_more: bool,
    /// How many looks there were, old enough or not.
    pub looks: usize,
    /// How many of them were bought.
    pub bought: usize,
    /// Returns after each of [`JUDGED_AFTER`] sessions, of those that are old enough.
    pub after: [Sample; JUDGED_AFTER.len()],
}

/// Every look, oldest first.
pub fn dips(past: &Past) -> Vec<DipLook> {
    let courses = Courses::of(&past.tape);
    let mut looks: Vec<DipLook> = recommended(past, &courses);
    looks.extend(declined(past, &courses));
    looks.sort_by_key(|look| (look.at, look.ticker));
    let mut until: BTreeMap<(Ticker, bool), Date> = BTreeMap::new();
    looks.retain(|look| {
        let key = (look.ticker, look.advice == Advice::More);
        let is_new = until.get(&key).is_none_or(|until| *until <= look.session);
        if is_new {
            until.insert(key, Session::plus_sessions(look.session, EPISODE).date());
        }
        is_new
    });
    looks
}

fn recommended(past: &Past, courses: &Courses<'_>) -> Vec<DipLook> {
    let tales = past.history.signals.values();
    let dips = tales.filter(|tale| tale.signal.playbook == Playbook::Dip);
    let look = |tale: &crate::past::history::Tale| {
        let signal = &tale.signal;
        let thesis = signal.breakdown.iter().find(|factor| factor.name == FactorName::Thesis);
        DipLook {
            at: signal.at,
            session: session_from(signal.at).date(),
            ticker: signal.ticker,
            advice: Advice::More,
            strength: thesis.map(|factor| factor.value),
            is_bought: !tale.opened.is_empty(),
            course: courses.follow(signal.slot, signal.at, signal.price),
        }
    };
    dips.map(look).collect()
}

fn declined(past: &Past, courses: &Courses<'_>) -> Vec<DipLook> {
    let holds = past.tape.holds.iter().filter(|held| held.hold.playbook == Playbook::Dip);
    let look = |held: &crate::past::tape::MarkedHold| {
        let slot = past.tape.slot_of(held.hold.ticker)?;
        let path = held.path.and_then(|id| past.tape.path(id))?;
        let price = Price::from_ticks(path.base.into())?;
        let is_about_thesis = match held.hold.why {
            HoldReason::ThesisWeak | HoldReason::ThesisBroken | HoldReason::ThesisUntestable => {
                true
            }
            HoldReason::FellTooFar | HoldReason::AlreadyMoved | HoldReason::CombinedWeak => false,
        };
        Some(DipLook {
            at: held.at,
            session: session_from(held.at).date(),
            ticker: held.hold.ticker,
            advice: Advice::Leave(held.hold.why),
            strength: Some(held.hold.observed).filter(|_| is_about_thesis),
            is_bought: false,
            course: courses.follow(slot, held.at, price),
        })
    };
    holds.filter_map(look).collect()
}

/// Recommended beside declined.
pub fn summary(looks: &[DipLook], calendar: &Calendar) -> [DipRow; 2] {
    [true, false].map(|is_more| {
        let of: Vec<&DipLook> =
            looks.iter().filter(|look| (look.advice == Advice::More) == is_more).collect();
        let after = JUDGED_AFTER.map(|sessions| {
            let calendar = calendar.spanning(usize::try_from(sessions).unwrap_or(1));
            let results = of.iter().filter_map(|look| {
                look.course.after(sessions).map(|mark| (look.session, 100.0 * mark.result))
            });
            calendar.sample(results.collect::<Vec<_>>())
        });
        let bought = of.iter().filter(|look| look.is_bought).count();
        DipRow { is_more, looks: of.len(), bought, after }
    })
}

impl fmt::Display for Advice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::More => f.pad("buy more"),
            Self::Leave(why) => f.pad(&why.to_string()),
        }
    }
}

#[cfg(test)]
mod tests;
