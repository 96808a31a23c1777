//! When an option is sold: by its own quotes, the session's clock and the days it has left.
//!
//! | rule | in the first minutes | needs a mark |
//! |---|---|---|
//! | hard stop | yes | yes |
//! | last minutes before expiry; day trades at the end of the day; what may not stay overnight | yes | no |
//! | extreme regime; earnings ahead or assignment near, from the first window on | no | no |
//! | stop, target, trailing, break-even, a part at its level | no | yes |
//! | decay in the last days of a swing | no | yes |
//! | roll, last days of what was sold | no | yes |
//! | time stop | no | no |
//! | windows of the afternoon | no | yes |
//!
//! Without a fresh mark nothing is decided about a price; what the clock asks for goes on. Windows
//! are measured from the session's close, so that half days have them too.
//!
//! What was sold is left at a share of its credit, at a multiple of it, and some days before its
//! expiry; it stays overnight, since that is what it is paid for.

use backsight_domain::decision::Stage;
use backsight_domain::order::ExitReason;
use backsight_domain::price::Price;
use backsight_domain::session::Session;
use backsight_domain::signal::{Direction, Horizon};
use backsight_domain::time::{Span, Time};

use super::{Act, Levels, OptionPlan, Plan, Track, minutes};
use crate::regime::Level;

/// All that the rules of options look at in one minute.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Moment {
    pub(crate) now: Time,
    pub(crate) session: Session,
    /// The premium in ticks; `None` when no fresh quote says it.
    pub(crate) mark: Option<i64>,
    /// The fear in the market; unknown counts as elevated.
    pub(crate) level: Level,
    /// Whether the company reports within the sessions in which that is avoided.
    pub(crate) reports: bool,
    /// The position's share of the equity in basis points; `None` when the equity is unknown.
    pub(crate) share_bps: Option<i64>,
    /// What a day costs, as a share of the premium; `None` when it cannot be told.
    pub(crate) decay: Option<f64>,
    /// Whether what it has sold is about to be used against it.
    pub(crate) assignment: bool,
}

impl Moment {
    fn left(&self) -> Span {
        self.session.close() - self.now
    }
}

impl OptionPlan {
    /// The loss at which it first gives up.
    pub(crate) fn stop_distance(&self, entry: Price) -> i64 {
        let percent = self.policy.stop_pct.min(self.policy.hard_stop_pct);
        (entry.ticks() * i64::from(percent) / 100).max(1)
    }

    /// The distances at which it is sold, as those of shares are told.
    pub(super) fn levels(&self, entry: Price) -> Levels {
        let policy = &self.policy;
        let share = |percent: u32| entry.ticks() * i64::from(percent) / 100;
        let some = |percent: u32| Some(percent).filter(|percent| *percent != 0).map(share);
        Levels {
            stop: self.stop_distance(entry),
            part: some(policy.partial_from_pct),
            target: share(policy.target_pct),
            trail: some(policy.trail_from_pct),
        }
    }

    /// Whether its rules look at decay: before the night, when it may stay.
    pub(crate) fn minds_decay(&self, left: Span) -> bool {
        self.horizon == Horizon::Swing && self.is_afternoon(left)
    }

    /// Whether a moment lies in the minutes before the close in which staying is decided.
    fn is_afternoon(&self, left: Span) -> bool {
        left <= minutes(self.policy.window_minutes)
    }

    /// The gain that staying overnight needs, in percent.
    fn overnight_bar(&self, direction: Direction, moment: &Moment) -> i64 {
        let policy = &self.policy;
        let factor = match moment.level {
            Level::Complacent | Level::Normal => 100,
            Level::Elevated => policy.overnight_elevated_pct,
            Level::High | Level::Extreme => policy.overnight_high_pct,
        };
        // Decay raises the bar: it is what the night costs. Who sold the option earns it.
        let costly = direction == Direction::Long && moment.decay.is_none_or(|d| self.is_high(d));
        let points = if costly { policy.overnight_theta_points } else { 0 };
        i64::from(policy.overnight_gain_pct) * i64::from(factor) / 100 + i64::from(points)
    }

    fn is_high(&self, decay: f64) -> bool {
        f64::from(self.policy.theta_high_pct) / 100.0 < decay
    }
}

impl Track {
    /// Takes one minute of an option: marks it, moves its stage and says what its rules want.
    pub(crate) fn follow(&mut self, moment: &Moment) -> Option<Act> {
        if let Some(mark) = moment.mark {
            self.observe(mark, mark);
            (self.marked, self.alarmed) = (moment.now, false);
        }
        let Plan::Options(plan) = &*self.plan else { return None };
        let young = moment.now < self.opened + minutes(plan.policy.hold_min_minutes);
        let stage = self.reached(plan, young);
        let act = self.wanted(plan, moment, (stage, young));
        // What sells a part trails from the next mark on: each stage is one that was seen.
        let taken = matches!(act, Some(Act::Take(_)));
        self.advance(if taken { Stage::PartTaken } else { stage });
        act
    }

    /// Whether its price has been unknown for so long that a person is called; said once.
    pub(crate) fn is_lost(&mut self, now: Time, session: Session) -> bool {
        let Plan::Options(plan) = &*self.plan else { return false };
        let bound = plan.policy.mark_alarm_minutes;
        let since = self.marked.later(session.open());
        let lost = bound != 0 && !self.alarmed && minutes(bound) <= now - since;
        self.alarmed |= lost;
        lost
    }

    /// The stage that the best mark so far reaches; in the first minutes nothing is sold.
    fn reached(&self, plan: &OptionPlan, young: bool) -> Stage {
        let (best, policy) = (self.extremes().0, &plan.policy);
        let reaches = |percent: u32| percent != 0 && self.reaches(best, percent);
        let stage = if young {
            Stage::Open
        } else if reaches(policy.trail_from_pct) {
            Stage::Trailing
        } else if reaches(policy.partial_from_pct) {
            Stage::PartTaken
        } else {
            Stage::Open
        };
        let protected = reaches(policy.break_even_from_pct);
        stage.max(if protected { Stage::Protected } else { Stage::Open }).max(self.stage)
    }

    fn wanted(
        &self,
        plan: &OptionPlan,
        moment: &Moment,
        (stage, young): (Stage, bool),
    ) -> Option<Act> {
        let gain = moment.mark.map(|mark| self.gain(mark));
        if gain.is_some_and(|gain| self.loses(gain, plan.policy.hard_stop_pct)) {
            return Some(Act::Leave(ExitReason::Stop));
        }
        if let Some(reason) = self.last_minutes(plan, moment, gain) {
            return Some(Act::Leave(reason));
        }
        if young {
            return None;
        }
        if moment.level == Level::Extreme {
            return Some(Act::Leave(ExitReason::Regime));
        }
        let afternoon = plan.is_afternoon(moment.left());
        if afternoon && moment.reports {
            return Some(Act::Leave(ExitReason::Earnings));
        }
        if afternoon && moment.assignment {
            return Some(Act::Leave(ExitReason::Assignment));
        }
        let price = gain.and_then(|gain| self.by_price(plan, gain, stage));
        if price.is_some() {
            return price;
        }
        let reason = self
            .by_days(plan, moment, gain)
            .or_else(|| self.by_window(plan, moment, gain?).filter(|_| afternoon));
        reason.map(Act::Leave)
    }

    /// What the end of the contract or of the day asks for; nothing postpones it.
    fn last_minutes(
        &self,
        plan: &OptionPlan,
        moment: &Moment,
        gain: Option<i64>,
    ) -> Option<ExitReason> {
        let (policy, left) = (&plan.policy, moment.left());
        let expires = left <= minutes(policy.expiry_close_minutes);
        if expires && plan.expires_in(moment.session) {
            return Some(ExitReason::Expiry);
        }
        if minutes(policy.day_close_minutes) < left || policy.day_close_minutes == 0 {
            return None;
        }
        match plan.horizon {
            Horizon::Day => Some(ExitReason::EndOfDay),
            Horizon::Swing => {
                let stays = self.failed(plan, moment, gain) == 0;
                (!stays).then_some(ExitReason::Overnight)
            }
        }
    }

    fn by_price(&self, plan: &OptionPlan, gain: i64, stage: Stage) -> Option<Act> {
        let (best, policy) = (self.extremes().0, &plan.policy);
        if self.loses(gain, policy.stop_pct) {
            return Some(Act::Leave(ExitReason::Stop));
        }
        if self.reaches(gain, policy.target_pct) {
            return Some(Act::Leave(ExitReason::Target));
        }
        if stage == Stage::Trailing && 100 * gain < best * self.kept_pct(plan) {
            return Some(Act::Leave(ExitReason::Trailing));
        }
        if Stage::Protected <= stage && gain <= 0 {
            return Some(Act::Leave(ExitReason::BreakEven));
        }
        let part = policy.partial_from_pct != 0 && self.reaches(gain, policy.partial_from_pct);
        (part && self.stage < Stage::PartTaken).then_some(Act::Take(policy.partial_pct))
    }

    /// The share of the best gain that is kept, which rises with it.
    pub(super) fn kept_pct(&self, plan: &OptionPlan) -> i64 {
        let (best, policy) = (self.extremes().0, &plan.policy);
        let kept = if self.reaches(best, policy.trail_third_from_pct) {
            policy.trail_third_keep_pct
        } else if self.reaches(best, policy.trail_second_from_pct) {
            policy.trail_second_keep_pct
        } else {
            policy.trail_keep_pct
        };
        kept.into()
    }

    fn by_days(&self, plan: &OptionPlan, moment: &Moment, gain: Option<i64>) -> Option<ExitReason> {
        let (policy, days) = (&plan.policy, plan.days_left(moment.session));
        let swing = plan.horizon == Horizon::Swing;
        let within = |count: u32| i64::from(days) <= i64::from(count);
        // What takes its place must be opened in what is left of the session.
        let begun = minutes(policy.roll_after_minutes) <= moment.now - moment.session.open();
        let rolls = begun && !plan.is_afternoon(moment.left());
        let small = gain.is_some_and(|gain| !self.loses(gain, policy.roll_loss_max_pct));
        if policy.roll_days != 0 && within(policy.roll_days) && swing && small && rolls {
            return Some(ExitReason::Roll);
        }
        if self.direction == Direction::Short && within(policy.sold_days_min) && gain.is_some() {
            return Some(ExitReason::Expiry);
        }
        // A day trade lives off the last days and is over by the close; who sold earns the decay.
        if swing && self.direction == Direction::Long {
            let weak = |gain: i64| {
                (days <= 1 && !self.reaches(gain, policy.theta_last_day_pct))
                    || (within(policy.theta_loss_days) && gain < 0)
            };
            let fast = moment.decay.is_some_and(|decay| plan.is_high(decay));
            let melts = plan.is_afternoon(moment.left()) && within(policy.theta_loss_days) && fast;
            if gain.is_some_and(weak) || melts {
                return Some(ExitReason::Theta);
            }
        }
        let until = self.plan.until(self.opened);
        until.is_some_and(|until| until <= moment.now).then_some(ExitReason::TimeStop)
    }

    /// What the windows of the afternoon ask for.
    fn by_window(&self, plan: &OptionPlan, moment: &Moment, gain: i64) -> Option<ExitReason> {
        let (policy, left) = (&plan.policy, moment.left());
        let third = left <= minutes(policy.third_window_minutes);
        let second = left <= minutes(policy.second_window_minutes);
        match plan.horizon {
            Horizon::Day => {
                let loss = if third {
                    0
                } else if second {
                    policy.second_window_loss_pct
                } else {
                    policy.window_loss_pct
                };
                let loses = 100 * gain < -self.entry.ticks() * i64::from(loss);
                loses.then_some(ExitReason::LateLoss)
            }
            Horizon::Swing => {
                let allowed = usize::from(!third);
                let fails = second && allowed < self.failed(plan, moment, Some(gain));
                fails.then_some(ExitReason::Overnight)
            }
        }
    }

    /// How many of the three criteria of staying overnight it fails; what is unknown fails. Who sold
    /// is paid for staying.
    fn failed(&self, plan: &OptionPlan, moment: &Moment, gain: Option<i64>) -> usize {
        if self.direction == Direction::Short {
            return 0;
        }
        let policy = &plan.policy;
        let days = i64::from(plan.days_left(moment.session));
        let bar = plan.overnight_bar(self.direction, moment);
        let largest = i64::from(policy.overnight_position_bps);
        [
            i64::from(policy.overnight_days_min) <= days,
            gain.is_some_and(|gain| self.entry.ticks() * bar <= 100 * gain),
            moment.share_bps.is_some_and(|share| share <= largest),
        ]
        .into_iter()
        .filter(|passed| !passed)
        .count()
    }

    fn reaches(&self, gain: i64, percent: u32) -> bool {
        self.entry.ticks() * i64::from(percent) <= 100 * gain
    }

    fn loses(&self, gain: i64, percent: u32) -> bool {
        100 * gain <= -self.entry.ticks() * i64::from(percent)
    }
}

#[cfg(test)]
mod tests;
