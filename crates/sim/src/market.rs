//! A market with known truth: minutes of bars for many symbols, drawn from one seed.
//!
//! ```text
//! newsroom ──effects──► stocks ◄── market and sector factors, session shapes
//!     │                   │
//!     └──► happenings ◄───┼──► minute (bars) and course (prices within the minute)
//!                         └──► truth (what was planted)
//! ```
//!
//! [`Market::next_minute`] is the only motor: it fills the caller's buffers and allocates nothing
//! per minute. Bars are what the desk sees at the minute's end; the [`Course`] is what an exchange
//! matches on during it; `outlook.rs` makes announcements and quotes options; the happenings lie between the end of the minute before and the end of
//! this one. Formulas and constants: `docs/SIMULATION.md`. Flawed data is not made here.

pub mod company;
mod course;
mod drift;
mod notices;
mod options;
mod outlook;
mod past;
mod shape;
mod stock;
mod truth;
mod world;

pub use company::Company;
pub use course::{Book, Course, POINT, POINTS};
pub use drift::HalfLife;
pub use options::ChainFilter;
pub use truth::{Cause, Planted, Truth};
pub use world::World;

use std::collections::VecDeque;

use backsight_domain::event::Event;
use backsight_domain::market::{Bar, Halt, Minute, Quote, Slot, Split, Universe};
use backsight_domain::price::Price;
use backsight_domain::session::Session;
use backsight_domain::time::{Date, Span, Time};

use crate::chance::Chance;
use crate::newsroom::{Effect, Newsroom};
use course::Path;
use notices::Notices;
use options::Options;
use shape::Shape;
use stock::{Moment, Odds, Rare, Stock, mean_revert};

/// Something that reaches the desk beside the bars.
#[derive(Clone, Debug, PartialEq)]
pub struct Happening {
    /// When it arrives.
    pub at: Time,
    /// What the desk is told: a story, a reading, a quote, a halt, a split or an announcement.
    pub event: Event,
}

/// Where in its session a minute lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MinuteNews {
    /// The session.
    pub session: Session,
    /// Whether it is the session's first minute.
    pub opens: bool,
    /// Whether it is the session's last minute.
    pub closes: bool,
}

/// The generator of minutes.
#[derive(Clone, Debug)]
pub struct Market {
    world: World,
    odds: Odds,
    companies: Vec<Company>,
    stocks: Vec<Stock>,
    newsroom: Newsroom,
    effects: Vec<Effect>,
    due: Vec<Effect>,
    notices: Notices,
    options: Options,
    /// Sessions after the present one that options reach.
    ahead: VecDeque<Date>,
    streams: Streams,
    level: f64,
    /// Logarithm of what the last scare multiplies the market's volatility by.
    scare: f64,
    session: Option<Session>,
    last_date: Date,
    minute: u16,
    shape: Shape,
    sectors: Vec<[f64; POINTS]>,
    course: Course,
    truth: Truth,
}

/// The chance of what all symbols share.
#[derive(Clone, Debug)]
struct Streams {
    factors: Chance,
    nights: Chance,
    scares: Chance,
    quotes: Chance,
}

/// Standard deviation of the logarithm of the whole market's volatility, and what stays of it.
const LEVEL_SD: f64 = 0.25;
const LEVEL_STAYS: f64 = 0.98;
/// Logarithm of what a scare multiplies the market's volatility by, and what stays of it each night.
const SCARE: f64 = 1.6;
const SCARE_STAYS: f64 = 0.8;
/// Minutes between two draws of a symbol's volatility within a session.
const HEAT_MINUTES: u16 = 5;
/// Part of a story's effect that comes with the opening gap when it arrived before the open.
const NEWS_IN_GAP: f64 = 0.6;
/// When splits are announced: one and a half hours before the open.
const SPLIT_LEAD: Span = Span::from_minutes(90);

impl Market {
    /// The market of a world, before its first session.
    pub fn new(world: World) -> Self {
        let chance = Chance::root(world.seed).branch("market");
        let companies = company::companies(world.symbols);
        let stock = |(slot, company): (u64, &Company)| {
            Stock::new(&world, company.sector, &chance.branch("stocks").branch_n(slot))
        };
        let stocks: Vec<Stock> = (0..).zip(&companies).map(stock).collect();
        let optionable: Vec<Option<f64>> = stocks.iter().map(Stock::optionable).collect();
        let has_options: Vec<bool> = optionable.iter().map(Option::is_some).collect();
        let streams = Streams {
            factors: chance.branch("factors"),
            nights: chance.branch("nights"),
            scares: chance.branch("scares"),
            quotes: chance.branch("quotes"),
        };
        Self {
            odds: Odds::of(&world),
            newsroom: Newsroom::new(&world, companies.clone()),
            effects: Vec::new(),
            due: Vec::new(),
            notices: Notices::new(&world, &has_options, &chance),
            options: Options::new(&optionable, &chance),
            ahead: VecDeque::new(),
            streams,
            level: 0.0,
            scare: 0.0,
            session: None,
            last_date: world.start.plus_days(-1),
            minute: 0,
            shape: Shape::default(),
            sectors: vec![[0.0; POINTS]; company::SECTORS.len()],
            course: Course::new(stocks.len(), &chance),
            truth: Truth::default(),
            world,
            companies,
            stocks,
        }
    }

    /// The listed symbols, by slot.
    pub fn universe(&self) -> Universe {
        company::universe(&self.companies)
    }

    /// The companies behind the symbols, by slot.
    pub fn companies(&self) -> &[Company] {
        &self.companies
    }

    /// A share's last price.
    pub fn close(&self, slot: Slot) -> Price {
        Price::from_ticks_clamped(i64::from(self.stocks[slot.index()].close()))
    }

    /// Prices within the minute that was generated last.
    pub fn course(&self) -> &Course {
        &self.course
    }

    /// What was planted so far.
    pub fn truth(&self) -> &Truth {
        &self.truth
    }

    /// Generates the next minute into `out`, and into `happenings` whatever arrives after the end
    /// of the minute before and up to the end of this one, in the order of time.
    ///
    /// Both buffers are overwritten and can be used again.
    pub fn next_minute(&mut self, out: &mut Minute, happenings: &mut Vec<Happening>) -> MinuteNews {
        happenings.clear();
        let session = match self.session {
            Some(session) => session,
            None => self.open_session(happenings),
        };
        let start = session.open() + Span::from_minutes(i64::from(self.minute));
        self.course.begin(start);
        self.newsroom.release(start + Minute::LENGTH, happenings, &mut self.effects);
        self.apply_effects(start);
        if self.minute.is_multiple_of(HEAT_MINUTES) {
            self.stocks.iter_mut().for_each(Stock::reheat);
        }
        self.trade(start, out, happenings);
        self.follow_theses(session, out);
        self.publish_regime(start, happenings);
        self.publish_quotes(start, happenings);
        happenings.sort_by_key(|happening| happening.at);
        let opens = self.minute == 0;
        self.minute += 1;
        let closes = self.minute == session.minutes();
        if closes {
            self.session = None;
        }
        MinuteNews { session, opens, closes }
    }

    /// Begins the next session: splits, volatility, the news of the night, opening gaps.
    fn open_session(&mut self, happenings: &mut Vec<Happening>) -> Session {
        let session = Session::next(self.last_date);
        let is_first = self.last_date < self.world.start;
        self.session = Some(session);
        self.last_date = session.date();
        self.minute = 0;
        self.shape = Shape::of_length(session.minutes());
        let nights = &mut self.streams.nights;
        self.level = mean_revert(self.level, LEVEL_STAYS, LEVEL_SD, nights.normal());
        self.scare *= SCARE_STAYS;
        if self.streams.scares.happens(self.world.scares) && !is_first {
            self.scare = SCARE;
        }
        let level = self.level - LEVEL_SD * LEVEL_SD + self.scare;
        let market = nights.normal();
        let sectors: Vec<f64> = self.sectors.iter().map(|_| nights.normal()).collect();
        for (slot, stock) in (0..).map(Slot).zip(&mut self.stocks) {
            let split = stock.draw_split(self.world.splits);
            if let Some((numerator, denominator)) = split.filter(|_| !is_first) {
                let split = Split { slot, numerator, denominator };
                stock.split(split);
                self.notices.split(split);
                happenings.push(Happening {
                    at: session.open() - SPLIT_LEAD,
                    event: Event::Split(split),
                });
            }
            stock.open_session(level, market, &sectors);
        }
        self.announce(session, happenings);
        self.newsroom.release(session.open(), happenings, &mut self.effects);
        session
    }

    /// Starts every effect whose time has come by the start of the minute.
    fn apply_effects(&mut self, start: Time) {
        let is_due = |effect: &mut Effect| effect.at <= start;
        self.due.extend(self.effects.extract_if(.., is_due));
        for effect in self.due.drain(..) {
            let stock = &mut self.stocks[effect.slot.index()];
            stock.excite(3.0 * effect.size.abs());
            let total = effect.size * stock.session_volatility() * self.world.news_effect;
            if total == 0.0 {
                continue;
            }
            let share = if self.minute == 0 { NEWS_IN_GAP } else { effect.at_once };
            let later = (1.0 - share) * total;
            let back = effect.overshoot * total;
            stock.kick(share * total);
            stock.push(effect.half_life, later + back);
            stock.push(HalfLife::Long, -back);
            self.truth.planted.push(Planted {
                slot: effect.slot,
                at: start,
                cause: Cause::Story(effect.story),
                total,
                at_once: share * total,
                half_life: effect.half_life,
            });
        }
    }

    /// Draws the minute of every symbol.
    fn trade(&mut self, start: Time, out: &mut Minute, happenings: &mut Vec<Happening>) {
        if out.symbols() != self.stocks.len() || !out.is_rectangular() {
            *out = Minute::of_length(start, self.stocks.len());
        }
        out.start = start;
        let market = self.streams.factors.quarters();
        for sector in &mut self.sectors {
            *sector = self.streams.factors.quarters();
        }
        let moment = Moment {
            market,
            sectors: &self.sectors,
            volatility: self.shape.volatility[usize::from(self.minute)],
            volume: self.shape.volume[usize::from(self.minute)],
        };
        for (slot, stock) in (0..).map(Slot).zip(&mut self.stocks) {
            let was_halted = self.course.paths[slot.index()].halted;
            let (path, rare) = stock.trade(&moment, &self.odds);
            self.course.paths[slot.index()] = path;
            write_bar(slot, &path, out);
            if was_halted && !path.halted {
                happenings.push(halt(slot, false, start));
            }
            match rare {
                Rare::Nothing => {}
                Rare::Halt => happenings.push(halt(slot, true, out.end())),
                Rare::Surge(first) if self.world.surge_drift != 0.0 => {
                    let total = first * self.world.surge_drift;
                    let (at, half_life) = (out.end(), HalfLife::Medium);
                    let cause = Cause::Surge;
                    stock.push(half_life, total);
                    self.truth.planted.push(Planted {
                        slot,
                        at,
                        cause,
                        total,
                        at_once: 0.0,
                        half_life,
                    });
                }
                Rare::Surge(_) => {}
            }
        }
    }

    /// Publishes the quotes of a few symbols at instants within the minute.
    fn publish_quotes(&mut self, start: Time, happenings: &mut Vec<Happening>) {
        for _ in 0..self.world.quotes {
            let chance = &mut self.streams.quotes;
            let slot = chance.below(self.stocks.len());
            let offset = chance.below(60_000);
            let slot = Slot(u16::try_from(slot).expect("slots have 16 bits"));
            let offset = Span::from_millis(i64::try_from(offset).expect("a minute is short"));
            let at = start + offset;
            if let Some(Book { bid, ask, .. }) = self.course.quote_at(slot, offset) {
                let quote = Quote { slot, bid: bid.ticks(), ask: ask.ticks(), at };
                happenings.push(Happening { at, event: Event::Quote(quote) });
            }
        }
    }
}

fn halt(slot: Slot, halted: bool, at: Time) -> Happening {
    Happening { at, event: Event::Halt(Halt { slot, halted }) }
}

/// Writes a path as a bar, or carries the close of a silent minute.
fn write_bar(slot: Slot, path: &Path, out: &mut Minute) {
    let [open, second, third, close] = path.points;
    if path.volume == 0 {
        out.carry(slot, close);
        return;
    }
    let price = |ticks: i32| Price::from_ticks_clamped(i64::from(ticks));
    let (low, high) = (second.min(third), second.max(third));
    out.set(
        slot,
        Bar {
            open: price(open),
            high: price(high.max(open).max(close)),
            low: price(low.min(open).min(close)),
            close: price(close),
            volume: path.volume,
        },
    );
}

#[cfg(test)]
mod tests;
