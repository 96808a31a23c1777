//! The plug between the press and the desk: who carries what outlets print, and who reads it.
//!
//! Without one the newsroom's own reader speaks, which knows what is true and is wrong as often as
//! its world says: enough where the text is not the subject of a run, as in drills. A [`Newswire`]
//! is given what a passer-by sees (outlet, headline, address, time), and nothing else reaches the
//! desk about it: identity, company and sentiment have to be read from the words.
//!
//! ```text
//! newsroom ──stories, readings──► Printed ──once a minute──► Newswire ──stories, readings──► desk
//!                │ identity, company and tone end here
//! ```

use std::collections::BTreeMap;
use std::fmt;
use std::ops::AddAssign;

use backsight_domain::event::Event;
use backsight_domain::story::{Reader, Story};
use backsight_domain::time::{Span, Time};

use crate::market::Happening;

/// How often outlets are looked at.
const LOOK_EVERY: Span = Span::from_minutes(1);

/// What anybody can see of a story in print.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Printed {
    /// The outlet.
    pub outlet: Box<str>,
    /// The headline.
    pub headline: Box<str>,
    /// Where it can be read. No two have the same.
    pub link: Box<str>,
    /// What the outlet says about its time.
    pub published: Option<Time>,
}

/// Carries and reads the news of a simulated world.
///
/// Equal calls must give equal events on every machine: a run is played again from its seed.
pub trait Newswire: fmt::Debug {
    /// Says who reads.
    fn reader(&self) -> Reader;

    /// Carries what was printed since the last look, and gives what reaches the desk of it now:
    /// stories and readings, in order.
    fn carry(&mut self, printed: Vec<Printed>, now: Time) -> Vec<Event>;

    /// Says what came of each outlet's headlines so far.
    fn coverage(&self) -> &BTreeMap<Box<str>, Coverage>;
}

/// What came of an outlet's headlines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    /// How many were carried.
    pub headlines: u32,
    /// How many of them told a story that was known.
    pub copies: u32,
    /// How many of them name a company that is listed.
    pub with_company: u32,
    /// Readings that they gave.
    pub readings: u32,
}

impl AddAssign for Coverage {
    fn add_assign(&mut self, more: Self) {
        self.headlines += more.headlines;
        self.copies += more.copies;
        self.with_company += more.with_company;
        self.readings += more.readings;
    }
}

/// Puts what a newswire makes of the stories in the place of what the newsroom says of them.
pub(crate) fn carry(newswire: &mut dyn Newswire, happenings: &mut Vec<Happening>) {
    let mut looks: BTreeMap<Time, Vec<Printed>> = BTreeMap::new();
    let mut number = 0;
    happenings.retain(|Happening { at, event }| {
        if let Event::Story(story) = event {
            number += 1;
            looks.entry(next_look(*at)).or_default().push(printed(story, *at, number));
        }
        !matches!(event, Event::Story(_) | Event::Reading(_))
    });
    for (at, printed) in looks {
        let events = newswire.carry(printed, at).into_iter();
        happenings.extend(events.map(|event| Happening { at, event }));
    }
    // The sort is stable: what a look brings keeps its order.
    happenings.sort_by_key(|happening| happening.at);
}

fn next_look(at: Time) -> Time {
    let every = LOOK_EVERY.nanos();
    let over = at.nanos().rem_euclid(every);
    if over == 0 { at } else { at + Span::from_nanos(every - over) }
}

fn printed(story: &Story, at: Time, number: usize) -> Printed {
    let site: String = story.source.to_lowercase().split_whitespace().collect();
    let site = site.trim_end_matches(".example");
    // The newsroom's own identity would tell which stories are the same.
    let link = format!("https://{site}.demo.example/{}-{number}", at.nanos());
    let (outlet, headline) = (story.source.clone(), story.headline.clone());
    Printed { outlet, headline, link: link.into(), published: story.published }
}

#[cfg(test)]
mod tests;
