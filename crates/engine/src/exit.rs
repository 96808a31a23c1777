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
    /// The highest price since then, in ticks.
    pub highest: i64,
    /// The lowest price since then, in ticks.
    pub lowest: i64,
    /// The rules it was opened under.
    pub plan: ExitPolicy,
    /// What follows from plan and entry.
    calm: Calm,
}

/// Where a plan surely has nothing to say. Every holding is compared at every bar, and almost
/// every bar is calm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Calm {
    /// Closes strictly between these are neither stop nor target.
    close: (i64, i64),
    /// While all extremes lie strictly between these, it does not trail.
    extremes: (i64, i64),
    /// Before this its time is not up.
    until: Time,
    /// With more than this left of the session, the day does not end.
    left: Span,
}

impl Calm {
    fn of(plan: &ExitPolicy, direction: Direction, (entry, opened): (Price, Time)) -> Self {
        let ticks = entry.ticks();
        let (stop, target) = (stop_ticks(plan, entry), share(entry, plan.target_bps));
        let trails = plan.trail_from_bps != 0;
        let trail = if trails { share(entry, plan.trail_from_bps) } else { i64::MAX - ticks };
        let (close, extremes) = match direction {
            Direction::Long => ((ticks - stop, ticks + target), (i64::MIN, ticks + trail)),
            Direction::Short => ((ticks - target, ticks + stop), (ticks - trail, i64::MAX)),
        };
        let timed = plan.time_stop_minutes != 0;
        let until = if timed {
            opened + minutes(plan.time_stop_minutes)
        } else {
            Time::from_nanos(i64::MAX)
        };
        let ends = plan.end_of_day_minutes != 0;
        let left = if ends { minutes(plan.end_of_day_minutes) } else { Span::from_nanos(i64::MIN) };
        Self { close, extremes, until, left }
    }
}

/// The loss in ticks at which a plan gives up.
fn stop_ticks(plan: &ExitPolicy, entry: Price) -> i64 {
    share(entry, plan.stop_bps).max(1)
}

fn share(entry: Price, bps: u32) -> i64 {
    entry.ticks() * i64::from(bps) / 10_000
}

/// Exact spans: a minute that arrives a little late must not end the day a minute early.
fn minutes(count: u32) -> Span {
    Span::from_minutes(i64::from(count))
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

    /// Goes on with the highest and lowest price so far.
    pub(crate) fn resume(
        (direction, entry, opened): (Direction, Price, Time),
        (highest, lowest): (i64, i64),
        plan: ExitPolicy,
    ) -> Self {
        let calm = Calm::of(&plan, direction, (entry, opened));
        Self { direction, entry, opened, highest, lowest, plan, calm }
    }

    fn set_entry(&mut self, entry: Price) {
        self.entry = entry;
        self.calm = Calm::of(&self.plan, self.direction, (entry, self.opened));
    }

    /// Moves the entry, when more was filled at another price.
    pub(crate) fn reprice(&mut self, entry: Price) {
        let (before, ticks) = (self.entry.ticks(), entry.ticks());
        let untouched = (self.highest, self.lowest) == (before, before);
        if before != ticks {
            self.set_entry(entry);
        }
        if untouched {
            (self.highest, self.lowest) = (ticks, ticks);
        } else {
            self.observe(ticks, ticks);
        }
    }

    /// Takes the extremes of one completed bar.
    pub(crate) fn observe(&mut self, high: i64, low: i64) {
        self.highest = self.highest.max(high);
        self.lowest = self.lowest.min(low);
    }

    /// What the plan says at a bar's close; the first rule in order of precedence.
    #[inline]
    pub(crate) fn verdict(&self, close: i64, now: Time, session: Session) -> Option<ExitReason> {
        let left = session.close() - now;
        if self.is_calm(close, now, left) { None } else { self.reason(close, now, left) }
    }

    #[inline]
    #[expect(clippy::needless_bitwise_bool, reason = "one branch that is almost always taken")]
    fn is_calm(&self, close: i64, now: Time, left: Span) -> bool {
        let Calm { close: (low, high), extremes: (lowest, highest), until, left: closing } =
            self.calm;
        let price = (low < close) & (close < high);
        let extremes = (lowest < self.lowest) & (self.highest < highest);
        price & extremes & (now < until) & (closing < left)
    }

    #[cold]
    fn reason(&self, close: i64, now: Time, left: Span) -> Option<ExitReason> {
        let (gain, plan) = (self.gain(close), &self.plan);
        if gain <= -self.stop_distance() {
            return Some(ExitReason::Stop);
        }
        if share(self.entry, plan.target_bps) <= gain {
            return Some(ExitReason::Target);
        }
        if self.has_given_back(gain) {
            return Some(ExitReason::Trailing);
        }
        if plan.time_stop_minutes != 0 && minutes(plan.time_stop_minutes) <= now - self.opened {
            return Some(ExitReason::TimeStop);
        }
        let closing = plan.end_of_day_minutes != 0 && left <= minutes(plan.end_of_day_minutes);
        closing.then_some(ExitReason::EndOfDay)
    }

    /// Ticks won at a price; negative when lost.
    pub(crate) fn gain(&self, ticks: i64) -> i64 {
        (ticks - self.entry.ticks()) * self.direction.sign()
    }

    /// The loss in ticks at which the plan gives up: the risk first taken.
    pub(crate) fn stop_distance(&self) -> i64 {
        stop_ticks(&self.plan, self.entry)
    }

    /// The gains at the best and the worst price so far.
    fn extremes(&self) -> (i64, i64) {
        let (high, low) = (self.gain(self.highest), self.gain(self.lowest));
        (high.max(low), high.min(low))
    }

    fn has_given_back(&self, gain: i64) -> bool {
        let (best, plan) = (self.extremes().0, &self.plan);
        let trails = plan.trail_from_bps != 0 && share(self.entry, plan.trail_from_bps) <= best;
        trails && 100 * gain <= best * i64::from(plan.trail_keep_pct)
    }

    /// The best it ever was, in percent of the entry.
    pub(crate) fn mfe_pct(&self) -> f64 {
        self.percent(self.extremes().0.max(0))
    }

    /// The worst it ever was, in percent of the entry.
    pub(crate) fn mae_pct(&self) -> f64 {
        self.percent(self.extremes().1.min(0))
    }

    #[expect(clippy::cast_precision_loss, reason = "prices stay far below 2^53 ticks")]
    fn percent(&self, ticks: i64) -> f64 {
        100.0 * ticks as f64 / self.entry.ticks() as f64
    }

    /// Rescales every price for a split.
    pub(crate) fn split(&mut self, split: Split) {
        let scale = |ticks: i64| split.price(Price::from_ticks_clamped(ticks)).ticks();
        self.set_entry(split.price(self.entry));
        (self.highest, self.lowest) = (scale(self.highest), scale(self.lowest));
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
