//! When something that is held should be given up: one set of rules for positions and ghosts.
//!
//! A [`Track`] follows the price of one holding under the [`Plan`] it was opened with. It does not
//! know whether anything is really held, so a ghost is judged exactly like the position it stands
//! for. Nobody else decides about an exit by price or time: there is one authority for each holding.
//!
//! A holding passes through stages, and never back: *open*, *protected* (it never becomes a loss
//! any more), *part taken*, *trailing* (it keeps a share of its best gain). Being left is not a
//! stage but an order under way. Shares are judged here, bar by bar; options in `exit/option.rs`,
//! by quotes of their own.

mod option;
mod plan;

use backsight_domain::decision::Stage;
use backsight_domain::market::Split;
use backsight_domain::order::ExitReason;
use backsight_domain::price::Price;
use backsight_domain::quantity::Quantity;
use backsight_domain::session::Session;
use backsight_domain::signal::{Direction, Horizon, Rolled};
use backsight_domain::time::{Span, Time};

pub(crate) use self::option::Moment;
pub use self::plan::{Lasts, OptionPlan, Origin, Plan, SharePlan};

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
    pub plan: Box<Plan>,
    /// How far it has come under them.
    pub(crate) stage: Stage,
    /// When its price was last known; told of options only.
    pub(crate) marked: Time,
    /// Whether a person was called because that is long ago.
    pub(crate) alarmed: bool,
    /// What follows from plan, stage and entry.
    calm: Calm,
}

/// What the rules want of a holding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Act {
    /// To leave it.
    Leave(ExitReason),
    /// To sell a part of what was opened, in percent, and to keep the rest.
    Take(u32),
}

/// Where a plan of shares surely has nothing to say. Every holding is compared at every bar, and
/// almost every bar is calm.
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

/// Distances from the entry at which shares are sold, in ticks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Levels {
    /// The loss at which all is sold.
    stop: i64,
    /// The gain at which a part is sold.
    part: Option<i64>,
    /// The gain at which all is sold.
    target: i64,
    /// The best gain from which a share of it is kept.
    trail: Option<i64>,
}

impl Levels {
    fn of(plan: &SharePlan, direction: Direction, entry: Price) -> Self {
        let won = |price: Price| (price.ticks() - entry.ticks()) * direction.sign();
        let policy = &plan.policy;
        let stop = plan.stop.map_or_else(|| share(entry, policy.stop_bps), |price| -won(price));
        let named = plan.target.map(won);
        let target = named.unwrap_or_else(|| share(entry, policy.target_bps));
        // A playbook with levels of its own thinks in longer moves than the general rules.
        let trail = named.unwrap_or_else(|| share(entry, policy.trail_from_bps));
        let trail = Some(trail).filter(|_| policy.trail_from_bps != 0);
        match plan.second_target.map(won) {
            Some(second) => Self { stop: stop.max(1), part: Some(target), target: second, trail },
            None => Self { stop: stop.max(1), part: None, target, trail },
        }
    }
}

/// The prices at which a holding is sold as things stand; a clock may sell it before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bounds {
    /// Where the loss, or what is left of the gain, is enough.
    pub stop: Option<Price>,
    /// Where a part is sold.
    pub part: Option<Price>,
    /// Where all of it is sold.
    pub target: Option<Price>,
    /// From where on a share of the best gain is kept.
    pub trail_from: Option<Price>,
}

impl Calm {
    /// Options are never judged by bars.
    const OF_OPTIONS: Self = Self {
        close: (i64::MIN, i64::MAX),
        extremes: (i64::MIN, i64::MAX),
        until: Time::from_nanos(i64::MAX),
        left: Span::from_nanos(i64::MIN),
    };

    fn of(track: &Track) -> Self {
        let Plan::Shares(plan) = &*track.plan else { return Self::OF_OPTIONS };
        let ticks = track.entry.ticks();
        let levels = Levels::of(plan, track.direction, track.entry);
        let (stop, target) = if track.stage < Stage::PartTaken {
            (levels.stop, levels.part.map_or(levels.target, |part| part.min(levels.target)))
        } else {
            (0, levels.target)
        };
        let trail = levels.trail.unwrap_or(i64::MAX - ticks);
        let (close, extremes) = match track.direction {
            Direction::Long => ((ticks - stop, ticks + target), (i64::MIN, ticks + trail)),
            Direction::Short => ((ticks - target, ticks + stop), (ticks - trail, i64::MAX)),
        };
        let until = track.plan.until(track.opened).unwrap_or(Time::from_nanos(i64::MAX));
        let ends = !plan.overnight && plan.policy.end_of_day_minutes != 0;
        let left =
            if ends { minutes(plan.policy.end_of_day_minutes) } else { Span::from_nanos(i64::MIN) };
        Self { close, extremes, until, left }
    }
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
    pub(crate) fn begin(direction: Direction, entry: Price, opened: Time, plan: Box<Plan>) -> Self {
        let ticks = entry.ticks();
        let mut track = Self {
            direction,
            entry,
            opened,
            highest: ticks,
            lowest: ticks,
            plan,
            stage: Stage::Open,
            marked: opened,
            alarmed: false,
            calm: Calm::OF_OPTIONS,
        };
        track.derive();
        track
    }

    /// Recomputes what follows from the rest.
    pub(crate) fn derive(&mut self) {
        self.calm = Calm::of(self);
    }

    fn set_entry(&mut self, entry: Price) {
        self.entry = entry;
        self.derive();
    }

    /// Goes on to a stage; never back.
    pub(crate) fn advance(&mut self, stage: Stage) {
        if self.stage < stage {
            self.stage = stage;
            self.derive();
        }
    }

    /// When it is left whatever it made; `None` while nothing says so.
    pub fn out_by(&self, session: Option<Session>) -> Option<Time> {
        let (until, left) = match &*self.plan {
            Plan::Shares(_) => (Some(self.calm.until), self.calm.left),
            Plan::Options(plan) => {
                let day = plan.horizon == Horizon::Day;
                let left = minutes(plan.policy.day_close_minutes);
                (self.plan.until(self.opened), if day { left } else { Span::ZERO })
            }
        };
        let end = session.filter(|_| Span::ZERO < left).map(|session| session.close() - left);
        until.filter(|until| until.nanos() != i64::MAX).into_iter().chain(end).min()
    }

    /// The prices at which it is sold as things stand.
    pub fn bounds(&self) -> Bounds {
        let at = |gain: i64| Price::from_ticks(self.entry.ticks() + gain * self.direction.sign());
        let (stage, best) = (self.stage(), self.extremes().0);
        let (levels, keep) = match &*self.plan {
            Plan::Shares(plan) => {
                let levels = Levels::of(plan, self.direction, self.entry);
                (levels, i64::from(plan.policy.trail_keep_pct))
            }
            Plan::Options(plan) => (plan.levels(self.entry), self.kept_pct(plan)),
        };
        let stop = match stage {
            Stage::Open => -levels.stop,
            Stage::Trailing => best * keep / 100,
            Stage::Protected | Stage::PartTaken => 0,
        };
        Bounds {
            stop: at(stop),
            part: levels.part.filter(|_| stage < Stage::PartTaken).and_then(at),
            target: at(levels.target),
            trail_from: levels.trail.and_then(at),
        }
    }

    /// The position whose place it takes.
    pub fn rolls(&self) -> Option<Rolled> {
        match &*self.plan {
            Plan::Shares(_) => None,
            Plan::Options(plan) => plan.rolls,
        }
    }

    /// How far it has come: shares trail without being told.
    pub fn stage(&self) -> Stage {
        let Plan::Shares(plan) = &*self.plan else { return self.stage };
        let trail = Levels::of(plan, self.direction, self.entry).trail;
        let trails = trail.is_some_and(|from| from <= self.extremes().0);
        if trails { Stage::Trailing } else { self.stage }
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
    pub(crate) fn verdict(&self, close: i64, now: Time, session: Session) -> Option<Act> {
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
    fn reason(&self, close: i64, now: Time, left: Span) -> Option<Act> {
        let Plan::Shares(plan) = &*self.plan else { return None };
        let levels = Levels::of(plan, self.direction, self.entry);
        let (gain, policy) = (self.gain(close), &plan.policy);
        let whole = self.stage < Stage::PartTaken;
        if gain <= -levels.stop {
            return Some(Act::Leave(ExitReason::Stop));
        }
        if levels.target <= gain {
            return Some(Act::Leave(ExitReason::Target));
        }
        if whole && levels.part.is_some_and(|part| part <= gain) {
            return Some(Act::Take(policy.first_target_pct));
        }
        let best = self.extremes().0;
        let trails = levels.trail.is_some_and(|from| from <= best);
        if trails && 100 * gain <= best * i64::from(policy.trail_keep_pct) {
            return Some(Act::Leave(ExitReason::Trailing));
        }
        if !whole && gain <= 0 {
            return Some(Act::Leave(ExitReason::BreakEven));
        }
        if self.calm.until <= now {
            return Some(Act::Leave(ExitReason::TimeStop));
        }
        (left <= self.calm.left).then_some(Act::Leave(ExitReason::EndOfDay))
    }

    /// Ticks won at a price; negative when lost.
    pub fn gain(&self, ticks: i64) -> i64 {
        (ticks - self.entry.ticks()) * self.direction.sign()
    }

    /// The loss in ticks at which the plan first gives up: the risk taken.
    pub fn stop_distance(&self) -> i64 {
        match &*self.plan {
            Plan::Shares(plan) => Levels::of(plan, self.direction, self.entry).stop,
            Plan::Options(plan) => plan.stop_distance(self.entry),
        }
    }

    /// The gains at the best and the worst price so far.
    fn extremes(&self) -> (i64, i64) {
        let (high, low) = (self.gain(self.highest), self.gain(self.lowest));
        (high.max(low), high.min(low))
    }

    /// The best it ever was, in percent of the entry.
    pub fn mfe_pct(&self) -> f64 {
        self.percent(self.extremes().0.max(0))
    }

    /// The worst it ever was, in percent of the entry.
    pub fn mae_pct(&self) -> f64 {
        self.percent(self.extremes().1.min(0))
    }

    /// How much of the best gain an exit gives back, in percent of the entry.
    pub(crate) fn give_back_pct(&self, exit: Price) -> f64 {
        (self.mfe_pct() - self.percent(self.gain(exit.ticks()))).max(0.0)
    }

    #[expect(clippy::cast_precision_loss, reason = "prices stay far below 2^53 ticks")]
    fn percent(&self, ticks: i64) -> f64 {
        100.0 * ticks as f64 / self.entry.ticks() as f64
    }

    /// Rescales every price for a split.
    pub(crate) fn split(&mut self, split: Split) {
        let scale = |ticks: i64| split.price(Price::from_ticks_clamped(ticks)).ticks();
        self.plan.split(split);
        self.set_entry(split.price(self.entry));
        (self.highest, self.lowest) = (scale(self.highest), scale(self.lowest));
    }
}

/// The part of what was opened that is sold, in whole lots of one. Nothing is a result: a single
/// contract cannot be halved.
pub(crate) fn part_of(opened: Quantity, percent: u32) -> Quantity {
    let units = i128::from(opened.units()) * i128::from(percent) / 100;
    let part =
        Quantity::from_units(i64::try_from(units).expect("a part is no more than the whole"));
    part.floor_to(Quantity::shares(1))
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
