//! What a vendor knows of the options before the first session.
//!
//! A level that reverts to its mean looks the same backwards. So the volatilities of the year before
//! are a path that is drawn from its end, where the world begins, and what options would have cost
//! on it follows by the formulas of every other day.

use std::collections::VecDeque;

use backsight_domain::market::Slot;
use backsight_domain::notice::PastVolatility;
use backsight_domain::session::Session;
use backsight_domain::time::Date;

use super::options::{Level, Sky};
use super::outlook::MONTH;
use super::{Market, SCARE_STAYS, mean_revert};
use crate::chance::Chance;

/// Months of a year.
const MONTHS_OF_YEAR: f64 = 12.0;

/// A year without a scare.
const CALM: Level = Level { now: 0.0, stays: SCARE_STAYS, sd: 0.0 };

impl Market {
    /// The implied volatilities over thirty days of every share with options, at each close of as
    /// many sessions before the first as the world says.
    pub fn past_volatilities(&self) -> Vec<PastVolatility> {
        if self.world.past == 0 {
            return Vec::new();
        }
        let first = Session::next(self.last_date).date();
        let sessions: Vec<Date> = (1..=i32::from(self.world.past))
            .rev()
            .map(|ago| Session::plus_sessions(first, -ago).date())
            .collect();
        let chance = Chance::root(self.world.seed).branch("past volatility");
        let whole = path(self.whole(), sessions.len(), chance.branch("market"));
        let slots = (0..).map(Slot).take(self.stocks.len());
        let told = slots.filter(|slot| self.options.has(*slot)).map(|slot| {
            let own = self.stocks[slot.index()].level();
            let own = path(own, sessions.len(), chance.branch("stocks").branch_n(slot.0.into()));
            let days = sessions.iter().zip(own.into_iter().zip(&whole));
            let values =
                days.map(|(date, (own, whole))| self.month(slot, *date, [own, *whole, CALM]));
            let until = Session::previous(first).date();
            PastVolatility { slot, until, values: values.collect() }
        });
        told.collect()
    }

    /// The volatility at the money over the month after a close.
    fn month(&self, slot: Slot, date: Date, levels: [Level; 3]) -> f64 {
        let ahead = (1..=MONTH).map(|ahead| Session::plus_sessions(date, ahead).date());
        let ahead: VecDeque<Date> = ahead.collect();
        let sky = self.closed_sky(slot, (date, &ahead), levels);
        let earnings =
            sky.earnings.map(|(_, jump)| (self.notices.reaction_after(slot, date), jump));
        let sky = Sky { earnings, ..sky };
        let last = ahead.back().copied().expect("a month has sessions");
        let variance = self.options.variance(slot, &sky, last).expect("the share has options");
        (variance * MONTHS_OF_YEAR).sqrt()
    }
}

/// The levels at past closes of one that is here now; the last one at the end.
fn path(here: Level, sessions: usize, mut chance: Chance) -> Vec<Level> {
    let mut now = here.now;
    let mut path = Vec::with_capacity(sessions);
    for _ in 0..sessions {
        now = mean_revert(now, here.stays, here.sd, chance.normal());
        path.push(Level { now, ..here });
    }
    path.reverse();
    path
}
