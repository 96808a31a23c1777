//! The market's announcements, what follows from them, and its options.

use std::collections::VecDeque;

use backsight_domain::event::Event;
use backsight_domain::instrument::Contract;
use backsight_domain::market::{Minute, Slot};
use backsight_domain::notice::Regime;
use backsight_domain::option::{Chain, ContractQuote};
use backsight_domain::price::Price;
use backsight_domain::session::Session;
use backsight_domain::time::{Date, Span, Time};

use super::notices::Sight;
use super::options::{Level, Sky, View, sessions_after};
use super::stock::{GAP, MINUTES};
use super::{
    Cause, ChainFilter, Course, HalfLife, Happening, LEVEL_SD, LEVEL_STAYS, Market, Planted,
    SCARE_STAYS,
};

/// How long before the open the morning's announcements are made.
const MORNING: Span = Span::from_minutes(60);
/// Activity that a report of earnings brings, in multiples of the usual volume.
const EARNINGS_BUSY: f64 = 4.0;
/// Sessions of a year.
const YEAR: f64 = 252.0;
/// Sessions to which the fear index looks ahead.
pub(super) const MONTH: i32 = 21;
/// What the fear index adds for those who sell variance.
const FEAR: f64 = 1.15;

impl Market {
    /// The quotes of a share's options that a filter lets through; `None` without options, before
    /// the first session, and while trading is halted.
    pub fn chain(&self, slot: Slot, at: Time, filter: &ChainFilter) -> Option<Chain> {
        self.options.chain(&self.view(slot, at)?, filter)
    }

    /// The quote of one contract; `None` when it is not listed or as for [`Self::chain`].
    pub fn contract_quote(
        &self,
        slot: Slot,
        contract: &Contract,
        at: Time,
    ) -> Option<ContractQuote> {
        self.options.quote(&self.view(slot, at)?, contract)
    }

    /// Whether a share has options.
    pub fn has_options(&self, slot: Slot) -> bool {
        self.options.has(slot)
    }

    /// The date of the session in progress, or of the last one.
    pub fn date(&self) -> Date {
        self.last_date
    }

    pub(super) fn view(&self, slot: Slot, at: Time) -> Option<View<'_>> {
        if !self.options.has(slot) || self.ahead.is_empty() || self.course.is_halted(slot) {
            return None;
        }
        let point = Course::point_at(at - self.course.start());
        let spot = self.course.path(slot)[point].dollars();
        Some(View { slot, at, spot, sky: self.sky(slot, at) })
    }

    /// The true state of a share, as options see it.
    pub(super) fn sky(&self, slot: Slot, at: Time) -> Sky<'_> {
        let stock = &self.stocks[slot.index()];
        let (left, minutes) = self.left(at);
        let levels = [stock.level(), self.whole(), self.scare()];
        let dividend = self.notices.dividend(slot);
        Sky {
            heat: stock.heat().0,
            left,
            minutes,
            pending: stock.pending(),
            dividend: dividend.map(|dividend| (dividend.ex, dividend.amount.as_dollars())),
            ..self.closed_sky(slot, (self.last_date, &self.ahead), levels)
        }
    }

    /// The whole market's volatility.
    pub(super) fn whole(&self) -> Level {
        Level { now: self.level, stays: LEVEL_STAYS, sd: LEVEL_SD }
    }

    /// What the last scare left, of which everybody knows that it goes.
    fn scare(&self) -> Level {
        Level { now: self.scare, stays: SCARE_STAYS, sd: 0.0 }
    }

    /// The state of a share after the close of a session, when nothing of the day is left.
    pub(super) fn closed_sky<'a>(
        &self,
        slot: Slot,
        (date, sessions): (Date, &'a VecDeque<Date>),
        levels: [Level; 3],
    ) -> Sky<'a> {
        let stock = &self.stocks[slot.index()];
        let world = &self.world;
        let surge = 26.0 * (1.0 + world.surge_drift) * (1.0 + world.surge_drift);
        let stories = 0.4 * world.stories * world.news_effect * world.news_effect;
        let jumps = world.jumps * world.jump_size * world.jump_size;
        let jump = world.earnings_move * stock.usual_volatility();
        Sky {
            date,
            usual: stock.usual_volatility(),
            levels,
            heat: 1.0,
            heat_stays: stock.heat().1,
            left: 0.0,
            minutes: 0.0,
            day: 1.0 + jumps + stories + world.surges * surge / MINUTES,
            night: GAP * GAP,
            pending: 0.0,
            earnings: (0.0 < jump).then(|| (self.notices.next_reaction(slot), jump * jump)),
            dividend: None,
            sessions,
        }
    }

    /// The share of the session's variance and the trading minutes that are left at an instant.
    fn left(&self, at: Time) -> (f64, f64) {
        let session = Session::on(self.last_date).expect("the last date was a session");
        let minutes = f64::from(session.minutes());
        let passed = seconds(at - session.open()).clamp(0.0, minutes * 60.0) / 60.0;
        let whole = passed.floor();
        let place = index(whole);
        let (now, next) = (self.shape.left[place], self.shape.left.get(place + 1));
        let next = next.copied().unwrap_or(0.0);
        (now + (next - now) * (passed - whole), minutes - passed)
    }

    /// Makes the morning's announcements, and lets happen what was announced before.
    pub(super) fn announce(&mut self, session: Session, happenings: &mut Vec<Happening>) {
        self.look_ahead(session.date());
        let sights = self.sights();
        self.react(session, &sights);
        let at = session.open() - MORNING;
        let mut tell = |event: Event| happenings.push(Happening { at, event });
        self.notices
            .announce_earnings(session)
            .into_iter()
            .map(Event::Earnings)
            .for_each(&mut tell);
        let dividends = self.notices.announce_dividends(session, &sights);
        dividends.into_iter().map(Event::Dividend).for_each(&mut tell);
        let theses = self.notices.write_theses(session, &sights, &self.world);
        theses.into_iter().map(Event::Thesis).for_each(&mut tell);
        let (discovery, drifts) = self.notices.discover(session, &sights);
        if !discovery.candidates.is_empty() {
            tell(Event::Discovery(discovery));
        }
        for (slot, drift) in drifts {
            let volatility = self.stocks[slot.index()].session_volatility();
            let total = drift * self.world.discovery_drift * volatility;
            self.plant(slot, session.open(), Cause::Discovery, total);
        }
        self.notices.go_on();
    }

    fn look_ahead(&mut self, date: Date) {
        self.ahead.retain(|session| date < *session);
        let last = self.ahead.back().copied().unwrap_or(date);
        if self.ahead.is_empty() {
            self.ahead = sessions_after(date).into();
        } else if last < date.plus_days(160) {
            self.ahead.push_back(Session::next(last).date());
        }
    }

    fn sights(&self) -> Vec<Sight> {
        let sight = |(slot, stock): (Slot, &super::Stock)| Sight {
            slot,
            price: Price::from_ticks_clamped(i64::from(stock.close())),
            volatility: stock.session_volatility(),
            usual: stock.usual_volatility(),
        };
        (0..).map(Slot).zip(&self.stocks).map(sight).collect()
    }

    /// Jumps after earnings, hard falls, and falls by dividends.
    fn react(&mut self, session: Session, sights: &[Sight]) {
        for jump in self.notices.jumps(session, sights, self.world.earnings_move) {
            let stock = &mut self.stocks[jump.slot.index()];
            stock.excite(EARNINGS_BUSY);
            stock.gap(jump.size);
            self.note(jump.slot, session.open(), Cause::Earnings, jump.size);
        }
        for fall in self.notices.falls(session.date()) {
            self.stocks[fall.slot.index()].gap(fall.size);
            self.note(fall.slot, session.open(), Cause::Fall, fall.size);
        }
        for sight in sights {
            if let Some(dividend) = self.notices.going_ex(sight.slot, session.date()) {
                let part = -dividend.amount.as_dollars() / sight.price.dollars();
                self.stocks[sight.slot.index()].gap(part);
                self.note(sight.slot, session.open(), Cause::Dividend, part);
            }
        }
    }

    /// Lets dips recover in which every claim of a thesis holds.
    pub(super) fn follow_theses(&mut self, session: Session, minute: &Minute) {
        let shape = self.shape.volume[usize::from(self.minute)];
        let stocks = &self.stocks;
        let usual = |slot: Slot| stocks[slot.index()].usual_shares() * shape;
        for (slot, dip) in self.notices.find_dips(minute, session.date(), usual) {
            self.plant(slot, minute.end(), Cause::Dip, self.world.thesis_drift * dip);
        }
    }

    /// Plants a slow drift, unless there is none in this world.
    fn plant(&mut self, slot: Slot, at: Time, cause: Cause, total: f64) {
        if total != 0.0 {
            let half_life = HalfLife::Long;
            self.stocks[slot.index()].push(half_life, total);
            self.truth.planted.push(Planted { slot, at, cause, total, at_once: 0.0, half_life });
        }
    }

    /// Writes down what happened at once.
    fn note(&mut self, slot: Slot, at: Time, cause: Cause, total: f64) {
        if total != 0.0 {
            let (at_once, half_life) = (total, HalfLife::Short);
            self.truth.planted.push(Planted { slot, at, cause, total, at_once, half_life });
        }
    }

    /// Publishes the fear index now and then, the first time with the open.
    pub(super) fn publish_regime(&self, start: Time, happenings: &mut Vec<Happening>) {
        if self.minute.is_multiple_of(self.world.regime_minutes.max(1)) {
            let at = start + Span::from_seconds(1);
            let regime = Regime { index: self.fear(), at };
            happenings.push(Happening { at, event: Event::Regime(regime) });
        }
    }

    /// The fear index: what the market factor moves the average share, as an expected volatility of
    /// the coming month, in percent a year.
    #[expect(clippy::cast_precision_loss, reason = "symbols have 16 bits")]
    pub fn fear(&self) -> f64 {
        let (mut factor, mut heat) = (0.0, 0.0);
        for stock in &self.stocks {
            factor += stock.market_load() * stock.session_volatility();
            heat += stock.heat().0;
        }
        let symbols = (self.stocks.len() as f64).max(1.0);
        let (factor, heat) = (factor / symbols, heat / symbols);
        // The market's level is on its way back, half of it within a month and a half.
        let kept = (1.0 - libm::pow(LEVEL_STAYS, f64::from(MONTH)))
            / (f64::from(MONTH) * (1.0 - LEVEL_STAYS));
        let back = libm::exp((kept - 1.0) * self.level);
        let day = 1.0 + GAP * GAP + 0.1 * (heat - 1.0);
        100.0 * factor * back * self.calming() * (YEAR * FEAR * day).sqrt()
    }

    /// What the month's volatility is of today's when the scare goes as it does.
    fn calming(&self) -> f64 {
        let scare = self.scare();
        let mut left = scare.now;
        let mut sum = 0.0;
        for _ in 0..MONTH {
            sum += libm::exp(2.0 * (left - scare.now));
            left *= scare.stays;
        }
        (sum / f64::from(MONTH)).sqrt()
    }
}

#[expect(clippy::cast_precision_loss, reason = "a session has 2.3e13 nanoseconds")]
fn seconds(span: Span) -> f64 {
    span.nanos() as f64 / 1e9
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "minutes of a session, clamped above zero"
)]
fn index(minutes: f64) -> usize {
    minutes as usize
}
