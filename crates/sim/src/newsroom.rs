//! The simulated press: true stories that move prices, their copies, chatter, and attacks.
//!
//! | What | Headline | Effect on prices |
//! |---|---|---|
//! | true | a grammar per kind of event, about one company | size, delay, half-life, overshoot |
//! | denial | takes a merger rumour back | the rumour's, reversed |
//! | copy | the same identity, another outlet, later, edited | none of its own |
//! | chatter | no company, or an everyday word that is a company's name | none |
//! | hostile | instructions, markup, invisible characters, absurd length | none |
//!
//! The press works around the clock, mostly before the open and after the close. A day is written
//! whole, from its own branch of chance, when its midnight comes. The simulated reader stands for
//! a real one where the text itself is not the subject of a run.

mod copy;
mod grammar;
mod hostile;

pub use copy::OUTLETS;

use std::collections::BTreeMap;

use backsight_domain::event::Event;
use backsight_domain::instrument::Ticker;
use backsight_domain::market::Slot;
use backsight_domain::session::{Session, at_new_york};
use backsight_domain::story::{Reading, Story};
use backsight_domain::time::{Date, Span, Time};

use crate::chance::Chance;
use crate::market::{Company, HalfLife, Happening, World};
use grammar::Kind;

/// What a true story does to the price of its company.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Effect {
    /// The story.
    pub story: u64,
    /// The company's symbol.
    pub slot: Slot,
    /// When it starts: the first arrival of the story plus its delay.
    pub at: Time,
    /// Signed size in daily volatilities.
    pub size: f64,
    /// The part that comes at once.
    pub at_once: f64,
    /// The part of the size that is exceeded first and comes back slowly.
    pub overshoot: f64,
    /// How fast the rest comes.
    pub half_life: HalfLife,
}

/// The press of a simulated world.
#[derive(Clone, Debug)]
pub struct Newsroom {
    companies: Vec<Company>,
    rates: Rates,
    reader: Option<f64>,
    chance: Chance,
    next_day: Date,
    drafts: BTreeMap<(Time, u64), Draft>,
    written: u64,
}

#[derive(Clone, Copy, Debug)]
struct Rates {
    stories: f64,
    chatter: f64,
    hostile: f64,
}

/// An event that waits for its time, and what it does to prices.
#[derive(Clone, Debug)]
struct Draft {
    event: Event,
    effect: Option<Effect>,
}

/// A story that moves a price, before it is told.
#[derive(Clone, Copy, Debug)]
struct Fact<'a> {
    kind: &'a Kind,
    slot: Slot,
    at: Time,
    size: f64,
}

/// What the simulated reader takes from a story, right or wrong.
#[derive(Clone, Copy, Debug)]
struct Impression {
    story: u64,
    ticker: Ticker,
    tone: f64,
}

/// Part of a weekday's news that a day without a session has.
const QUIET_DAY: f64 = 0.2;
/// How often a merger rumour is denied, and after how many seconds on average.
const DENIED: f64 = 0.35;
const DENIAL_SECONDS: f64 = 3.0 * 3600.0;
/// Longest and shortest delay between a story and its effect, in seconds.
const DELAY_SECONDS: (f64, f64) = (5.0, 480.0);
/// How long the simulated reader takes.
const READING_TIME: Span = Span::from_millis(1_500);
/// Share of stories without a date.
const UNDATED: f64 = 0.03;

impl Newsroom {
    /// The press about these companies, from the first day of the world.
    pub fn new(world: &World, companies: Vec<Company>) -> Self {
        let about_all = world.stories * f64::from(world.symbols);
        Self {
            companies,
            rates: Rates { stories: about_all, chatter: world.chatter, hostile: world.hostile },
            reader: world.reader,
            chance: Chance::root(world.seed).branch("newsroom"),
            next_day: world.start,
            drafts: BTreeMap::new(),
            written: 0,
        }
    }

    /// Appends what is published up to an instant, and the effects of what is true in it.
    pub fn release(
        &mut self,
        until: Time,
        happenings: &mut Vec<Happening>,
        effects: &mut Vec<Effect>,
    ) {
        while at_new_york(self.next_day, 0, 0) <= until {
            self.write_day(self.next_day);
            self.next_day = self.next_day.plus_days(1);
        }
        while let Some(draft) = self.drafts.first_entry() {
            let (at, _) = *draft.key();
            if until < at {
                break;
            }
            let Draft { event, effect } = draft.remove();
            happenings.push(Happening { at, event });
            effects.extend(effect);
        }
    }

    fn write_day(&mut self, date: Date) {
        let day = self.chance.branch_n(u64::from(date.days().unsigned_abs()));
        let pace = if Session::on(date).is_some() { 1.0 } else { QUIET_DAY };
        let mut counts = day.branch("counts");
        let [stories, chatter, hostile] =
            [self.rates.stories, self.rates.chatter, self.rates.hostile]
                .map(|rate| counts.count(rate * pace));
        for number in 0..stories {
            self.write_true(date, &mut day.branch("true").branch_n(number as u64));
        }
        for number in 0..chatter {
            let mut chance = day.branch("chatter").branch_n(number as u64);
            let headline = grammar::chatter(&self.companies, &mut chance);
            self.write_loose(date, headline, &mut chance);
        }
        for number in 0..hostile {
            let mut chance = day.branch("hostile").branch_n(number as u64);
            let headline = hostile::headline(&self.companies, &mut chance);
            self.write_loose(date, headline, &mut chance);
        }
    }

    fn write_true(&mut self, date: Date, chance: &mut Chance) {
        let slot = chance.below(self.companies.len());
        let slot = Slot(u16::try_from(slot).expect("slots have 16 bits"));
        let kind = chance.pick(grammar::KINDS);
        let size = kind.size * chance.between(0.6, 1.4);
        let fact = Fact { kind, slot, at: clock(date, chance), size };
        self.tell(&fact, chance);
        if kind.deniable && chance.happens(DENIED) {
            let wait = Span::from_millis(millis(60.0 + chance.exponential(DENIAL_SECONDS)));
            let denial =
                Fact { kind: &grammar::DENIAL, at: fact.at + wait, size: -fact.size, ..fact };
            self.tell(&denial, &mut chance.branch("denial"));
        }
    }

    /// Publishes a true story, its copies, and what the simulated reader makes of each.
    fn tell(&mut self, fact: &Fact<'_>, chance: &mut Chance) {
        let company = &self.companies[fact.slot.index()];
        let id = chance.bits();
        let headline = grammar::headline(fact.kind, company, chance);
        let copies = copy::copies(&headline, company, chance);
        let (least, most) = DELAY_SECONDS;
        let delay = chance.uniform();
        let delay = Span::from_millis(millis(least + (most - least) * delay * delay));
        let effect = Effect {
            story: id,
            slot: fact.slot,
            at: fact.at + delay,
            size: fact.size,
            at_once: fact.kind.at_once,
            overshoot: fact.kind.overshoot,
            half_life: fact.kind.half_life,
        };
        let effect = (fact.size != 0.0).then_some(effect);
        let source = *chance.pick(&copy::OUTLETS);
        let right = self.reader.is_none_or(|accuracy| chance.happens(accuracy));
        let tone = if right { fact.size } else { -fact.size };
        let impression = Impression { story: id, ticker: company.ticker, tone };
        self.publish(fact.at, story(id, source, headline, fact.at, chance), effect);
        self.read(impression, fact.at, chance);
        for copy in copies {
            let at = fact.at + copy.after;
            self.publish(at, story(id, copy.outlet, copy.headline, at, chance), None);
            self.read(impression, at, chance);
        }
    }

    /// Publishes a story about nothing that matters.
    fn write_loose(&mut self, date: Date, headline: String, chance: &mut Chance) {
        let at = clock(date, chance);
        let source = *chance.pick(&copy::OUTLETS);
        let id = chance.bits();
        self.publish(at, story(id, source, headline, at, chance), None);
    }

    /// Publishes what the simulated reader makes of one arrival of a story.
    fn read(&mut self, impression: Impression, at: Time, chance: &mut Chance) {
        if self.reader.is_none() {
            return;
        }
        let Impression { story, ticker, tone } = impression;
        let sentiment = if tone == 0.0 {
            chance.between(-0.15, 0.15)
        } else {
            tone.signum() * chance.between(0.35, 0.95)
        };
        let confidence = chance.between(0.55, 0.95);
        let reading = Reading { story, ticker, sentiment, confidence };
        self.publish(at + READING_TIME, Event::Reading(reading), None);
    }

    fn publish(&mut self, at: Time, event: Event, effect: Option<Effect>) {
        self.drafts.insert((at, self.written), Draft { event, effect });
        self.written += 1;
    }
}

fn story(id: u64, source: &str, headline: String, at: Time, chance: &mut Chance) -> Event {
    // Outlets date to the second; the rest is on the way.
    let whole = Time::from_seconds(at.nanos() / 1_000_000_000);
    let published = (!chance.happens(UNDATED)).then_some(whole);
    let (source, headline, link) = (source.into(), headline.into(), "".into());
    Event::Story(Story { id, source, headline, link, summary: "".into(), published })
}

/// An instant of the day in New York: mostly early, late, or while the exchange is open.
fn clock(date: Date, chance: &mut Chance) -> Time {
    let hour = |hour: f64| hour * 3600.0;
    let part = chance.uniform();
    let seconds = if part < 0.4 {
        chance.between(hour(6.0), hour(9.45))
    } else if part < 0.75 {
        chance.between(hour(9.5), hour(16.0))
    } else if part < 0.95 {
        chance.between(hour(16.0), hour(20.0))
    } else {
        chance.between(hour(3.0), hour(23.9))
    };
    at_new_york(date, 0, 0) + Span::from_millis(millis(seconds))
}

#[expect(clippy::cast_possible_truncation, reason = "no wait lasts for ages")]
fn millis(seconds: f64) -> i64 {
    (seconds * 1_000.0) as i64
}

#[cfg(test)]
mod tests;
