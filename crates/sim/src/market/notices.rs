//! What is announced beside the news: the fear index, earnings, dividends, finds, theses; and what
//! really follows from it.
//!
//! Dates are functions of the seed and the calendar. What follows is planted in the shares and
//! written down in the truth: jumps after earnings, the fall on a dividend's ex-date, a drift after
//! some finds and not after others, a recovery from dips while a thesis stands.

use backsight_domain::market::{Minute, Slot, Split};
use backsight_domain::money::Money;
use backsight_domain::notice::{
    Candidate, Claim, ClaimSide, Discovery, Dividend, Earnings, EarningsHour, Metric, Thesis,
};
use backsight_domain::price::Price;
use backsight_domain::session::Session;
use backsight_domain::time::{Date, Weekday};

use super::World;
use crate::chance::Chance;

/// Sessions before a report of earnings at which it is announced.
const EARNINGS_LEAD: usize = 10;
/// Sessions before an ex-date at which the dividend is announced.
const DIVIDEND_LEAD: usize = 8;
/// Share of the optionable symbols that pay dividends.
const PAYERS: f64 = 0.4;
/// Finds of one morning.
const FINDS: usize = 6;
/// Share of the finds that a drift follows.
const TRUE_FINDS: f64 = 0.5;
/// Share of the other symbols about which a thesis is written in a week.
const THESES: f64 = 0.2;
/// A fall of this many of the session's volatilities below a thesis' price is a dip.
const DIP: f64 = 1.2;
/// Sessions for which a thesis is looked at.
const THESIS_SESSIONS: i32 = 5;

/// Announcements, and what of them is still to come.
#[derive(Clone, Debug)]
pub(super) struct Notices {
    chance: Chance,
    /// By slot: whether the company pays.
    pays: Vec<bool>,
    /// By slot: the next report, and the session that opens with what it made of the price.
    reports: Vec<(Earnings, Date)>,
    dividends: Vec<Option<Dividend>>,
    theses: Vec<Option<Watched>>,
    is_first: bool,
}

/// A thesis whose dip is waited for.
#[derive(Clone, Debug)]
struct Watched {
    thesis: Thesis,
    /// The return from the thesis' price that is a dip.
    dip: f64,
    /// Volume since the session's open, and what is usual for it.
    volume: (f64, f64),
    /// Whether the dip came: it is answered once.
    is_spent: bool,
    /// The session that opens with a hard fall, and its size.
    fall: Option<(Date, f64)>,
}

/// A share in the eyes of those who announce something about it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sight {
    pub(super) slot: Slot,
    pub(super) price: Price,
    /// Its volatility of this session.
    pub(super) volatility: f64,
    /// Its ordinary volatility.
    pub(super) usual: f64,
}

/// The report of earnings that a session opens with: the jump, as a part of the price.
#[derive(Clone, Copy, Debug)]
pub(super) struct Jump {
    pub(super) slot: Slot,
    pub(super) size: f64,
}

impl Notices {
    pub(super) fn new(world: &World, optionable: &[bool], chance: &Chance) -> Self {
        let chance = chance.branch("notices");
        let pays = (0..).zip(optionable).map(|(slot, optionable)| {
            let is_payer = chance.branch("payers").branch_n(slot).happens(PAYERS);
            *optionable && is_payer && world.dividends
        });
        let mut notices = Self {
            pays: pays.collect(),
            reports: Vec::new(),
            dividends: vec![None; optionable.len()],
            theses: vec![None; optionable.len()],
            is_first: true,
            chance,
        };
        let slots = (0..).map(Slot).take(optionable.len());
        notices.reports = slots.map(|slot| notices.report(slot, world.start)).collect();
        notices
    }

    /// The next report of a company on a date or after it, one in each quarter, and its reaction.
    fn report(&self, slot: Slot, from: Date) -> (Earnings, Date) {
        let mut quarter = quarter_of(from);
        loop {
            let (mut chance, first) = self.quarter("earnings", slot, quarter);
            let day = first.plus_days(14 + small(chance.below(42)));
            let date = Session::next(day.plus_days(-1)).date();
            let (hour, reaction) = if chance.happens(0.5) {
                (EarningsHour::BeforeOpen, date)
            } else {
                (EarningsHour::AfterClose, Session::next(date).date())
            };
            if from <= date {
                return (Earnings { slot, date, hour }, reaction);
            }
            quarter += 1;
        }
    }

    /// The session that opens with what the next report makes of a price.
    pub(super) fn next_reaction(&self, slot: Slot) -> Date {
        self.reports[slot.index()].1
    }

    /// The same as it was on any date.
    pub(super) fn reaction_after(&self, slot: Slot, date: Date) -> Date {
        let (report, reaction) = self.report(slot, date.plus_days(-4));
        if date < reaction {
            return reaction;
        }
        self.report(slot, report.date.plus_days(1)).1
    }

    /// The jumps that a session opens with; the next report of each company comes after them.
    pub(super) fn jumps(
        &mut self,
        session: Session,
        sights: &[Sight],
        move_size: f64,
    ) -> Vec<Jump> {
        let date = session.date();
        let mut jumps = Vec::new();
        for sight in sights {
            let (earnings, reaction) = self.reports[sight.slot.index()];
            if date < reaction {
                continue;
            }
            let (mut chance, _) = self.quarter("jumps", sight.slot, quarter_of(date));
            let size = chance.normal() * move_size * sight.usual;
            jumps.push(Jump { slot: sight.slot, size });
            self.reports[sight.slot.index()] = self.report(sight.slot, earnings.date.plus_days(1));
        }
        jumps
    }

    /// Reports of earnings that are announced on the morning of a session.
    pub(super) fn announce_earnings(&self, session: Session) -> Vec<Earnings> {
        let today = session.date();
        let reports = self.reports.iter().map(|(earnings, _)| *earnings);
        reports.filter(|earnings| self.is_due(today, earnings.date, EARNINGS_LEAD)).collect()
    }

    /// Dividends that are announced on the morning of a session, by the prices of the day before.
    pub(super) fn announce_dividends(
        &mut self,
        session: Session,
        sights: &[Sight],
    ) -> Vec<Dividend> {
        let today = session.date();
        let mut announced = Vec::new();
        for sight in sights.iter().filter(|sight| self.pays[sight.slot.index()]) {
            let mut next = None;
            for quarter in [quarter_of(today), quarter_of(today) + 1] {
                let (mut chance, first) = self.quarter("dividends", sight.slot, quarter);
                let day = first.plus_days(60 + small(chance.below(25)));
                let ex = Session::next(day.plus_days(-1)).date();
                let part = chance.between(0.003, 0.008);
                next = next.or((today < ex).then_some((ex, part)));
            }
            let Some((ex, part)) = next.filter(|(ex, _)| self.is_due(today, *ex, DIVIDEND_LEAD))
            else {
                continue;
            };
            let cents = whole(sight.price.dollars() * part * 100.0).max(1);
            let dividend = Dividend { slot: sight.slot, ex, amount: Money::cents(cents) };
            self.dividends[sight.slot.index()] = Some(dividend);
            announced.push(dividend);
        }
        announced
    }

    /// The dividend that a share begins to trade without.
    pub(super) fn going_ex(&mut self, slot: Slot, date: Date) -> Option<Dividend> {
        self.dividends[slot.index()].take_if(|dividend| dividend.ex <= date)
    }

    /// The hard falls that a session opens with.
    pub(super) fn falls(&mut self, date: Date) -> Vec<Jump> {
        let theses = self.theses.iter_mut().flatten();
        let due = theses.filter_map(|watched| {
            let (_, size) = watched.fall.take_if(|(day, _)| *day <= date)?;
            Some(Jump { slot: watched.thesis.slot, size: -size })
        });
        due.collect()
    }

    /// Rescales what was announced about a share that is split.
    pub(super) fn split(&mut self, split: Split) {
        if let Some(dividend) = &mut self.dividends[split.slot.index()] {
            dividend.amount = split.amount(dividend.amount);
        }
        if let Some(watched) = &mut self.theses[split.slot.index()] {
            watched.thesis.price = split.price(watched.thesis.price);
        }
    }

    /// The next dividend that is announced.
    pub(super) fn dividend(&self, slot: Slot) -> Option<Dividend> {
        self.dividends[slot.index()]
    }

    /// What discovery finds on the morning of a session, and what follows each find: a drift in
    /// volatilities of the session, or nothing. The scores of true and of false finds overlap.
    pub(super) fn discover(
        &self,
        session: Session,
        sights: &[Sight],
    ) -> (Discovery, Vec<(Slot, f64)>) {
        let mut chance = self.chance.branch("finds").branch_n(day_of(session.date()));
        let mut order: Vec<usize> = (0..sights.len()).collect();
        chance.shuffle(&mut order);
        let mut found = Vec::new();
        for &place in order.iter().take(FINDS.min(sights.len() / 2)) {
            let Sight { slot, price, .. } = sights[place];
            let is_true = chance.happens(TRUE_FINDS);
            let score = if is_true { 0.45 } else { 0.35 } + 0.5 * chance.uniform();
            let drift = if is_true { 1.0 } else { 0.0 };
            found.push((Candidate { slot, score, price }, drift));
        }
        found.sort_by(|(a, _), (b, _)| b.score.total_cmp(&a.score));
        let drifts = found.iter().map(|(candidate, drift)| (candidate.slot, *drift)).collect();
        let candidates = found.into_iter().map(|(candidate, _)| candidate).collect();
        (Discovery { candidates }, drifts)
    }

    /// Theses that are written before the first session of a week.
    pub(super) fn write_theses(
        &mut self,
        session: Session,
        sights: &[Sight],
        world: &World,
    ) -> Vec<Thesis> {
        for watched in self.theses.iter_mut().flatten() {
            watched.volume = (0.0, 0.0);
        }
        let date = session.date();
        let is_first_of_week =
            (1..=days_since_monday(date)).all(|days| Session::on(date.plus_days(-days)).is_none());
        if !is_first_of_week {
            return Vec::new();
        }
        let until = Session::plus_sessions(date, THESIS_SESSIONS).date();
        let mut written = Vec::new();
        for sight in sights {
            let chance = self.chance.branch("theses").branch_n(day_of(date));
            let mut chance = chance.branch_n(u64::from(sight.slot.0));
            let is_written = chance.happens(THESES);
            if !is_written && !world.is_owned(sight.slot) {
                continue;
            }
            let lost = -chance.between(0.20, 0.28);
            let claim = |metric, side, threshold, decisive| Claim {
                metric,
                side,
                threshold,
                until,
                decisive,
            };
            let claims = vec![
                claim(Metric::Return, ClaimSide::AtLeast, lost, true),
                claim(Metric::RelativeVolume, ClaimSide::AtMost, chance.between(1.2, 2.0), false),
            ];
            let thesis = Thesis { slot: sight.slot, price: sight.price, claims };
            let mut chance = chance.branch("falls");
            let day = 1 + small(chance.below(3));
            let size = chance.between(0.12, 0.17);
            let falls = world.is_owned(sight.slot) && chance.happens(world.falls);
            let fall = falls.then(|| (Session::plus_sessions(date, day).date(), size));
            written.push(thesis.clone());
            self.theses[sight.slot.index()] = Some(Watched {
                thesis,
                dip: -DIP * sight.volatility,
                volume: (0.0, 0.0),
                is_spent: false,
                fall,
            });
        }
        written
    }

    /// Follows the prices of shares with a thesis; returns dips in which every claim holds, and how
    /// deep they are.
    pub(super) fn find_dips(
        &mut self,
        minute: &Minute,
        date: Date,
        usual: impl Fn(Slot) -> f64,
    ) -> Vec<(Slot, f64)> {
        let mut dips = Vec::new();
        for watched in self.theses.iter_mut().flatten().filter(|watched| !watched.is_spent) {
            let slot = watched.thesis.slot;
            watched.volume.0 += f64::from(minute.volume[slot.index()]);
            watched.volume.1 += usual(slot);
            let close = f64::from(minute.close[slot.index()]) / 10_000.0;
            let gain = close / watched.thesis.price.dollars() - 1.0;
            if watched.dip < gain {
                continue;
            }
            watched.is_spent = true;
            let volume = watched.volume.0 / watched.volume.1.max(1.0);
            let holds = |claim: &Claim| match claim.metric {
                Metric::Return => claim.holds(gain),
                Metric::RelativeVolume => claim.holds(volume),
                Metric::DistanceSma50 | Metric::Rsi | Metric::Sentiment | Metric::Readings => true,
            };
            if watched.thesis.claims.iter().all(|claim| claim.until < date || holds(claim)) {
                dips.push((slot, -gain));
            }
        }
        dips
    }

    /// Whether something of a date is announced today: so many sessions ahead, or at the very first
    /// session whatever is nearer.
    fn is_due(&self, today: Date, date: Date, lead: usize) -> bool {
        let days = date.days() - today.days();
        if days < 0 || small(2 * lead + 6) < days {
            return false;
        }
        let ahead = Session::between(today.plus_days(1), date).take(lead + 1).count();
        if self.is_first { ahead <= lead } else { ahead == lead }
    }

    /// Ends the first session's morning.
    pub(super) fn go_on(&mut self) {
        self.is_first = false;
    }

    fn quarter(&self, what: &str, slot: Slot, quarter: i32) -> (Chance, Date) {
        let number = u64::try_from(quarter).expect("quarters are counted from the year 0");
        let chance = self.chance.branch(what).branch_n(u64::from(slot.0)).branch_n(number);
        let month = u8::try_from(quarter % 4 * 3 + 1).expect("a month is a small number");
        let first = Date::from_ymd(quarter / 4, month, 1).expect("quarters begin on a first");
        (chance, first)
    }
}

fn quarter_of(date: Date) -> i32 {
    let (year, month, _) = date.ymd();
    year * 4 + (i32::from(month) - 1) / 3
}

fn days_since_monday(date: Date) -> i32 {
    match date.weekday() {
        Weekday::Monday => 0,
        Weekday::Tuesday => 1,
        Weekday::Wednesday => 2,
        Weekday::Thursday => 3,
        Weekday::Friday => 4,
        Weekday::Saturday => 5,
        Weekday::Sunday => 6,
    }
}

fn day_of(date: Date) -> u64 {
    u64::try_from(date.days()).expect("sessions are after 1970")
}

fn small(count: usize) -> i32 {
    i32::try_from(count).expect("days of a quarter")
}

#[expect(clippy::cast_possible_truncation, reason = "a cast from float saturates")]
fn whole(number: f64) -> i64 {
    number as i64
}
