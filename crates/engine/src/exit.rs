//! When something that is held should be given up: one set of rules for positions and ghosts.
//!
//! A [`Track`] follows the price of one holding from bar to bar under the plan it was opened
//! with. It does not know whether shares are really held, so a ghost is judged exactly like the
//! position it stands for.

use backsight_domain::market::Split;
use backsight_domain::order::ExitReason;
use backsight_domain::policy::ExitPolicy;
use backsight_domain::price::Price;
use backsight_domain::session::Session;
use backsight_domain::signal::Direction;
use backsight_domain::time::{Span, Time};

/// One holding's price path under its exit plan.
#[derive(Clone, Debug, PartialEq)]
pub struct Track {
    /// Which way it points.
    pub direction: Direction,
    /// What was paid, on average.
    pub entry: Price,
    /// When it began.
    pub opened: Time,
    /// The best price since then, in ticks.
    pub best: i64,
    /// The worst price since then, in ticks.
    pub worst: i64,
    /// The rules it was opened under.
    pub plan: ExitPolicy,
    /// What follows from plan and entry.
    levels: Levels,
}

/// Gains in ticks at which a plan has something to say; every holding is compared at every bar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Levels {
    /// The loss at which it gives up, without sign.
    stop: i64,
    target: i64,
    /// The gain from which on it trails.
    trail: i64,
}

impl Levels {
    fn of(plan: &ExitPolicy, entry: Price) -> Self {
        let share = |bps: u32| entry.ticks() * i64::from(bps) / 10_000;
        let trails = plan.trail_from_bps != 0;
        Self {
            stop: share(plan.stop_bps).max(1),
            target: share(plan.target_bps),
            trail: if trails { share(plan.trail_from_bps) } else { i64::MAX },
        }
    }
}

impl Track {
    /// Begins at an entry.
    pub(crate) fn begin(
        direction: Direction,
        entry: Price,
        opened: Time,
        plan: ExitPolicy,
    ) -> Self {
        Self::resume((direction, entry, opened), (entry.ticks(), entry.ticks()), plan)
    }

    /// Goes on with the best and worst price so far.
    pub(crate) fn resume(
        (direction, entry, opened): (Direction, Price, Time),
        (best, worst): (i64, i64),
        plan: ExitPolicy,
    ) -> Self {
        let levels = Levels::of(&plan, entry);
        Self { direction, entry, opened, best, worst, plan, levels }
    }

    fn set_entry(&mut self, entry: Price) {
        self.entry = entry;
        self.levels = Levels::of(&self.plan, entry);
    }

    /// Moves the entry, when more was filled at another price.
    pub(crate) fn reprice(&mut self, entry: Price) {
        let untouched = self.best == self.entry.ticks() && self.worst == self.entry.ticks();
        self.set_entry(entry);
        if untouched {
            (self.best, self.worst) = (entry.ticks(), entry.ticks());
        } else {
            self.observe(entry.ticks(), entry.ticks());
        }
    }

    /// Takes the extremes of one completed bar.
    pub(crate) fn observe(&mut self, high: i64, low: i64) {
        match self.direction {
            Direction::Long => {
                self.best = self.best.max(high);
                self.worst = self.worst.min(low);
            }
            Direction::Short => {
                self.best = self.best.min(low);
                self.worst = self.worst.max(high);
            }
        }
    }

    /// What the plan says at a bar's close; the first rule in order of precedence.
    pub(crate) fn verdict(&self, close: i64, now: Time, session: Session) -> Option<ExitReason> {
        let gain = self.gain(close);
        if gain <= -self.levels.stop {
            return Some(ExitReason::Stop);
        }
        if self.levels.target <= gain {
            return Some(ExitReason::Target);
        }
        if self.has_given_back(gain) {
            return Some(ExitReason::Trailing);
        }
        // Exact spans: a minute that arrives a little late must not end the day a minute early.
        let minutes = |count: u32| Span::from_minutes(i64::from(count));
        let plan = &self.plan;
        if plan.time_stop_minutes != 0 && minutes(plan.time_stop_minutes) <= now - self.opened {
            return Some(ExitReason::TimeStop);
        }
        let closing = plan.end_of_day_minutes != 0
            && session.close() - now <= minutes(plan.end_of_day_minutes);
        closing.then_some(ExitReason::EndOfDay)
    }

    /// Ticks won at a price; negative when lost.
    pub(crate) fn gain(&self, ticks: i64) -> i64 {
        (ticks - self.entry.ticks()) * self.direction.sign()
    }

    /// The loss in ticks at which the plan gives up: the risk first taken.
    pub(crate) fn stop_distance(&self) -> i64 {
        self.levels.stop
    }

    fn has_given_back(&self, gain: i64) -> bool {
        let best = self.gain(self.best);
        self.levels.trail <= best && 100 * gain <= best * i64::from(self.plan.trail_keep_pct)
    }

    /// The best it ever was, in percent of the entry.
    pub(crate) fn mfe_pct(&self) -> f64 {
        self.percent(self.gain(self.best).max(0))
    }

    /// The worst it ever was, in percent of the entry.
    pub(crate) fn mae_pct(&self) -> f64 {
        self.percent(self.gain(self.worst).min(0))
    }

    #[expect(clippy::cast_precision_loss, reason = "prices stay far below 2^53 ticks")]
    fn percent(&self, ticks: i64) -> f64 {
        100.0 * ticks as f64 / self.entry.ticks() as f64
    }

    /// Rescales every price for a split.
    pub(crate) fn split(&mut self, split: Split) {
        let scale = |ticks: i64| split.price(Price::from_ticks_clamped(ticks)).ticks();
        self.set_entry(split.price(self.entry));
        (self.best, self.worst) = (scale(self.best), scale(self.worst));
    }
}

/// +1 for a win, -1 for a loss, 0 within half a percent of the entry value.
pub(crate) fn label(result_pct: f64) -> i8 {
    if 0.5 < result_pct {
        1
    } else if result_pct < -0.5 {
        -1
    } else {
        0
    }
}

#[cfg(test)]
mod tests;
