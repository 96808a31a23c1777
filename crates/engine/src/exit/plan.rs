//! What a holding is closed by: derived once, when it is ordered, and kept for its life.
//!
//! A later policy changes nothing about it. Shares are left at prices, which a playbook may name;
//! options at shares of their premium, so that a level of the underlying share has no place here
//! that a premium could be compared with.

use backsight_domain::instrument::Instrument;
use backsight_domain::market::Split;
use backsight_domain::order::Side;
use backsight_domain::policy::{ExitPolicy, OptionExitPolicy, Policy};
use backsight_domain::price::Price;
use backsight_domain::session::{Session, covers, covers_date};
use backsight_domain::signal::{Direction, Horizon, Playbook, Rolled, Signal};
use backsight_domain::time::{Date, Span, Time};

/// What a holding is closed by.
#[derive(Clone, Debug, PartialEq)]
pub enum Plan {
    /// The rules of shares.
    Shares(SharePlan),
    /// The rules of a contract, or of two as one.
    Options(OptionPlan),
}

/// What shares are sold by.
#[derive(Clone, Debug, PartialEq)]
pub struct SharePlan {
    /// The general rules when it was made.
    pub policy: ExitPolicy,
    /// The playbook's stop.
    pub stop: Option<Price>,
    /// The playbook's target, where a part is sold when there is a second.
    pub target: Option<Price>,
    /// The playbook's second target.
    pub second_target: Option<Price>,
    /// How long they are held.
    pub lasts: Lasts,
    /// Whether they stay overnight.
    pub overnight: bool,
    /// Whether they add to what the account holds anyway, and so need no place of their own.
    pub adds: bool,
}

/// What an option is sold by.
#[derive(Clone, Debug, PartialEq)]
pub struct OptionPlan {
    /// The general rules when it was made, with the playbook's own numbers in their places.
    pub policy: OptionExitPolicy,
    /// For how long it was wished for.
    pub horizon: Horizon,
    /// The last day it can be exercised.
    pub expiry: Date,
    /// How long it is held.
    pub lasts: Lasts,
    /// The wish behind it; none behind what came without one.
    pub origin: Option<Origin>,
    /// The position whose place it takes.
    pub rolls: Option<Rolled>,
}

/// What a holding was wished for by.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Origin {
    /// The rule set.
    pub playbook: Playbook,
    /// Which way.
    pub direction: Direction,
    /// How sure it was.
    pub confidence: f64,
}

/// How long something is held.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Lasts {
    /// Minutes after which it is left.
    pub minutes: Option<u32>,
    /// Sessions after which it is left.
    pub sessions: Option<u32>,
    /// Minutes before the close at which the last of them ends.
    pub early: u32,
}

impl Plan {
    /// The plan of what is opened on a signal.
    pub(crate) fn of(
        policy: &Policy,
        signal: &Signal,
        (instrument, side): (Instrument, Side),
    ) -> Box<Self> {
        Box::new(match instrument.expiry() {
            None => Self::Shares(SharePlan::of(&policy.exits, signal)),
            Some(expiry) => Self::Options(OptionPlan::of(policy, signal, (expiry, side))),
        })
    }

    /// The plan of what nobody wished for: by the general rules alone.
    pub(crate) fn general(policy: &Policy, (instrument, side): (Instrument, Side)) -> Box<Self> {
        Box::new(match instrument.expiry() {
            None => Self::Shares(SharePlan::general(&policy.exits)),
            Some(expiry) => {
                Self::Options(OptionPlan::general(&policy.option_exits, (expiry, side)))
            }
        })
    }

    /// The last moment at which something opened at a time is held; `None` when there is no end.
    pub(crate) fn until(&self, opened: Time) -> Option<Time> {
        match self {
            Self::Shares(plan) => plan.lasts.until(opened),
            Self::Options(plan) => plan.lasts.until(opened),
        }
    }

    /// Whether it is of what adds to a holding.
    pub(crate) const fn adds(&self) -> bool {
        matches!(self, Self::Shares(SharePlan { adds: true, .. }))
    }

    /// Rescales the prices that a playbook named.
    pub(crate) fn split(&mut self, split: Split) {
        if let Self::Shares(plan) = self {
            for level in [&mut plan.stop, &mut plan.target, &mut plan.second_target] {
                *level = level.map(|price| split.price(price));
            }
        }
    }
}

impl SharePlan {
    /// The general rules alone.
    pub(crate) fn general(policy: &ExitPolicy) -> Self {
        Self {
            lasts: Lasts {
                minutes: some(policy.time_stop_minutes),
                sessions: None,
                early: policy.end_of_day_minutes,
            },
            policy: policy.clone(),
            stop: None,
            target: None,
            second_target: None,
            overnight: false,
            adds: false,
        }
    }

    fn of(policy: &ExitPolicy, signal: &Signal) -> Self {
        let terms = &signal.terms;
        let overnight = match signal.horizon {
            Horizon::Day => false,
            Horizon::Swing if terms.sessions.is_some() => policy.sessions_overnight,
            Horizon::Swing => policy.swing_overnight,
        };
        let general = some(policy.time_stop_minutes).filter(|_| terms.sessions.is_none());
        let rules = Self::general(policy);
        let (minutes, sessions) = (terms.minutes.or(general), terms.sessions);
        Self {
            stop: terms.stop,
            target: terms.target,
            second_target: terms.second_target,
            lasts: Lasts { minutes, sessions, ..rules.lasts },
            overnight,
            adds: signal.playbook == Playbook::Dip,
            ..rules
        }
    }
}

impl OptionPlan {
    /// The general rules alone.
    pub(crate) fn general(policy: &OptionExitPolicy, (expiry, side): (Date, Side)) -> Self {
        let lasts = Lasts { minutes: None, sessions: None, early: policy.day_close_minutes };
        let policy = match side {
            Side::Buy => policy.clone(),
            Side::Sell => sold(policy),
        };
        let (horizon, origin, rolls) = (Horizon::Swing, None, None);
        Self { policy, horizon, expiry, lasts, origin, rolls }
    }

    fn of(policy: &Policy, signal: &Signal, (expiry, side): (Date, Side)) -> Self {
        let mut rules = policy.option_exits.clone();
        if side == Side::Sell {
            rules = sold(&rules);
        } else if signal.playbook == Playbook::GapFade {
            rules.stop_pct = policy.gap_fade.option_stop_pct;
            rules.target_pct = policy.gap_fade.option_target_pct;
        }
        let terms = &signal.terms;
        let day = signal.horizon == Horizon::Day;
        let general = some(rules.time_stop_minutes).filter(|_| day);
        let lasts = Lasts {
            minutes: terms.minutes.or(general),
            sessions: terms.sessions,
            early: rules.day_close_minutes,
        };
        let Signal { playbook, direction, confidence, horizon, .. } = *signal;
        let origin = Some(Origin { playbook, direction, confidence });
        Self { policy: rules, horizon, expiry, lasts, origin, rolls: terms.rolls }
    }

    /// Days to expiry on a session's date, as the exchange counts them.
    pub(crate) fn days_left(&self, today: Session) -> i32 {
        self.expiry.days() - today.date().days()
    }

    /// Whether a session is the last in which it trades.
    pub(crate) fn expires_in(&self, today: Session) -> bool {
        let days = self.days_left(today);
        // An expiry on a holiday is traded for the last time in the session before it.
        days <= 0 || (days <= 4 && self.expiry < Session::next(today.date()).date())
    }
}

impl Lasts {
    fn until(self, opened: Time) -> Option<Time> {
        let minutes = self.minutes.map(|count| opened + Span::from_minutes(count.into()));
        let sessions = self.sessions.and_then(|count| self.last_session(opened, count));
        minutes.into_iter().chain(sessions).min()
    }

    fn last_session(self, opened: Time, count: u32) -> Option<Time> {
        let count = i32::try_from(count).ok().filter(|count| 0 < *count)?;
        let today = covers(opened).then(|| Session::at(opened)).flatten()?.date();
        // The calendar ends, and no holding may stop the desk there.
        let known = covers_date(today.plus_days(2 * count + 10));
        let last = known.then(|| Session::plus_sessions(today, count))?;
        Some(last.close() - Span::from_minutes(self.early.into()))
    }
}

/// The rules of what was sold: it wins what it was paid at most, and loses multiples of it.
fn sold(policy: &OptionExitPolicy) -> OptionExitPolicy {
    OptionExitPolicy {
        stop_pct: policy.sold_stop_pct,
        hard_stop_pct: policy.sold_stop_pct,
        target_pct: policy.sold_target_pct,
        break_even_from_pct: 0,
        partial_from_pct: 0,
        trail_from_pct: 0,
        ..policy.clone()
    }
}

fn some(count: u32) -> Option<u32> {
    Some(count).filter(|count| *count != 0)
}
