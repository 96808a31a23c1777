//! How a price went on after a moment: session by session, in the prices of that moment.
//!
//! Everything is looked up in the journal's own closes when it is asked for. Nothing waits anywhere
//! for a day to come: a desk that was off for a month, or whose data came late, finds the same
//! marks when it looks again. A mark is the first close on or after its session; when a symbol
//! never traded again, it is the last close before, and says so.
//!
//! Prices are those of the moment: later ones are scaled back over splits, and dividends whose
//! ex-date has passed are added. The benchmark is the mean return of all watched symbols that have
//! both closes, from the close before the moment to the same close; the sector's is the same of
//! the others of its sector.

use std::cell::RefCell;
use std::collections::BTreeMap;

use backsight_domain::market::Slot;
use backsight_domain::price::Price;
use backsight_domain::session::Session;
use backsight_domain::time::{Date, Time};

use crate::past::tape::{Day, DayBar, Tape};
use crate::past::trading_date;

/// The sessions after which a course is looked at.
pub const HORIZONS: [i32; 6] = [1, 3, 5, 7, 14, 30];

/// How a price went on after a moment.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Course {
    /// After each of [`HORIZONS`]; `None` until that session has closed.
    pub marks: [Option<Mark>; HORIZONS.len()],
    /// The best until the last of them.
    pub peak: Option<Peak>,
    /// The deepest fall from the best so far, as a share; never above zero.
    pub drawdown: f64,
    /// Sessions that have closed since.
    pub sessions: usize,
}

/// Where a price stood after some sessions.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mark {
    /// The session that was asked for.
    pub session: Date,
    /// The session whose close it is.
    pub on: Date,
    /// Whether it did not trade on or after that session, so that it is its last close before.
    pub is_stale: bool,
    /// The return, as a share, dividends included.
    pub result: f64,
    /// The same less the benchmark's; `None` without one.
    pub excess: Option<f64>,
    /// The same less the sector's; `None` without one.
    pub sector_excess: Option<f64>,
}

/// The best a price came to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Peak {
    /// The return to the highest price, as a share.
    pub result: f64,
    /// After how many sessions.
    pub sessions: usize,
}

impl Course {
    /// The mark after as many sessions as a horizon has.
    pub fn after(&self, sessions: i32) -> Option<&Mark> {
        let place = HORIZONS.iter().position(|&horizon| horizon == sessions)?;
        self.marks[place].as_ref()
    }
}

/// The courses of a tape.
#[derive(Debug)]
pub struct Courses<'t> {
    tape: &'t Tape,
    /// Mean returns between two sessions: of everything, and by sector with how many.
    means: RefCell<BTreeMap<(usize, usize), Means>>,
}

#[derive(Clone, Debug, Default)]
struct Means {
    all: Option<f64>,
    sectors: BTreeMap<Box<str>, (f64, f64)>,
}

/// What is followed: a symbol from a price at a moment on.
#[derive(Clone, Copy, Debug)]
struct Start {
    slot: Slot,
    at: Time,
    price: f64,
    /// The session in progress, or the next one.
    session: Session,
}

impl<'t> Courses<'t> {
    /// The courses of a tape.
    pub fn of(tape: &'t Tape) -> Self {
        Self { tape, means: RefCell::default() }
    }

    /// How a symbol went on from a price at a moment.
    pub fn follow(&self, slot: Slot, at: Time, price: Price) -> Course {
        let start = Start { slot, at, price: price.dollars(), session: session_from(at) };
        let horizons = HORIZONS.map(|n| Session::plus_sessions(start.session.date(), n).date());
        let last = horizons[HORIZONS.len() - 1];
        let mut course =
            Course { marks: horizons.map(|date| self.mark(&start, date)), ..Course::default() };
        let mut best = 0.0_f64;
        for day in self.days_after(&start).take_while(|day| day.date <= last) {
            course.sessions += 1;
            let Some(bar) = bar(day, slot) else { continue };
            let [high, low] = [bar.high, bar.low].map(|ticks| self.result(&start, day.date, ticks));
            course.drawdown = course.drawdown.min((1.0 + low) / (1.0 + best) - 1.0);
            best = best.max(high);
            if course.peak.is_none_or(|peak| peak.result < high) {
                let sessions = Session::elapsed(start.session.date(), day.date);
                course.peak = Some(Peak { result: high, sessions });
            }
        }
        course
    }

    /// The sessions whose whole range came after the moment.
    fn days_after(&self, start: &Start) -> impl Iterator<Item = &'t Day> {
        let first = start.session.date();
        let before_the_open = start.at <= start.session.open();
        let days = self.tape.days.iter();
        days.filter(move |day| first < day.date || (before_the_open && first == day.date))
    }

    fn mark(&self, start: &Start, session: Date) -> Option<Mark> {
        let days = &self.tape.days;
        days.back().filter(|last| session <= last.date)?;
        let first = days.partition_point(|day| day.date < session);
        let traded = |place: &usize| bar(&days[*place], start.slot).is_some();
        let later = (first..days.len()).find(traded);
        let earlier = || {
            let since = days.partition_point(|day| day.date < start.session.date());
            (since..first).rev().find(traded)
        };
        let place = later.or_else(earlier)?;
        let close = bar(&days[place], start.slot)?.close;
        let result = self.result(start, days[place].date, close);
        let base = days.partition_point(|day| day.date < start.session.date()).checked_sub(1);
        let (all, sector) = base.map_or((None, None), |base| self.others(start.slot, base, place));
        Some(Mark {
            session,
            on: days[place].date,
            is_stale: later.is_none(),
            result,
            excess: all.map(|all| result - all),
            sector_excess: sector.map(|sector| result - sector),
        })
    }

    /// The return from a start to a price of a session.
    fn result(&self, start: &Start, on: Date, ticks: i32) -> f64 {
        let scale = self.scale(start.slot, on, |told_at, _| start.at < told_at);
        let before = start.session.date();
        let price = (f64::from(ticks) / 10_000.0 + self.paid(start.slot, before, on)) * scale;
        price / start.price - 1.0
    }

    /// Dividends of a share whose ex-date lies after one session and not after another, in dollars.
    fn paid(&self, slot: Slot, after: Date, on: Date) -> f64 {
        let dividends = self.tape.dividends.iter();
        let due = dividends.filter(|it| it.slot == slot && after < it.ex && it.ex <= on);
        due.map(|dividend| dividend.amount.as_dollars()).sum()
    }

    /// New shares for one old one until a session, by the splits that count.
    fn scale(&self, slot: Slot, on: Date, counts: impl Fn(Time, Date) -> bool) -> f64 {
        let splits = self.tape.splits.iter().filter(|told| {
            told.split.slot == slot && told.from <= on && counts(told.at, told.from)
        });
        let ratios = splits.map(|told| (told.split.numerator, told.split.denominator));
        let sound = ratios.filter(|(new, old)| *new != 0 && *old != 0);
        sound.map(|(new, old)| f64::from(new) / f64::from(old)).product()
    }

    /// Mean returns between the closes of two sessions, of all symbols and of the others of a
    /// symbol's sector.
    fn others(&self, slot: Slot, base: usize, place: usize) -> (Option<f64>, Option<f64>) {
        let mut means = self.means.borrow_mut();
        let means = means.entry((base, place)).or_insert_with(|| self.means_of(base, place));
        let sector = self.tape.listings().get(slot.index()).map(|listing| &listing.sector);
        let own = self.close_to_close(slot, base, place);
        let sector =
            sector.and_then(|sector| means.sectors.get(sector)).and_then(|(sum, count)| {
                let (sum, count) = own.map_or((*sum, *count), |own| (sum - own, count - 1.0));
                (0.5 < count).then(|| sum / count)
            });
        (means.all, sector)
    }

    fn means_of(&self, base: usize, place: usize) -> Means {
        let (mut means, mut all) = (Means::default(), (0.0, 0.0));
        for (slot, listing) in (0..).map(Slot).zip(self.tape.listings()) {
            let Some(result) = self.close_to_close(slot, base, place) else { continue };
            let sector = means.sectors.entry(listing.sector.clone()).or_default();
            for sums in [&mut all, sector] {
                sums.0 += result;
                sums.1 += 1.0;
            }
        }
        means.all = (0.5 < all.1).then(|| all.0 / all.1);
        means
    }

    fn close_to_close(&self, slot: Slot, base: usize, place: usize) -> Option<f64> {
        let days = &self.tape.days;
        let [from, to] = [base, place].map(|place| bar(&days[place], slot));
        let (since, on) = (days[base].date, days[place].date);
        let scale = self.scale(slot, on, |_, first| since < first);
        let [from, to] = [from?.close, to?.close].map(|ticks| f64::from(ticks) / 10_000.0);
        Some((to + self.paid(slot, since, on)) * scale / from - 1.0)
    }
}

fn bar(day: &Day, slot: Slot) -> Option<DayBar> {
    day.bars.get(slot.index()).copied().flatten()
}

/// The session in progress at an instant, or the next one.
pub fn session_from(at: Time) -> Session {
    let today = Session::on(trading_date(at)).filter(|session| at < session.close());
    today.unwrap_or_else(|| Session::next(trading_date(at)))
}

#[cfg(test)]
mod tests;
