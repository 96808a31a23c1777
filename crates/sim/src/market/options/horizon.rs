//! How much variance is expected until an expiry, from the share's true state.
//!
//! | Part | Until expiry |
//! |---|---|
//! | this session | what its shape leaves, at its true volatility and the present five minutes' heat |
//! | each further session | day and night, its log volatility on its way back to the mean |
//! | earnings | the variance of their jump, when it lies before the expiry |
//! | news | the square of the drift that is still to come: it goes as it is priced |
//!
//! All but the drift are conditional expectations under the very process that draws the prices, so
//! that options are as dear as the truth and their premium says. Volatility above its mean makes the
//! term structure fall, below it rise.

use std::collections::VecDeque;

use backsight_domain::session::Session;
use backsight_domain::time::Date;

/// The true state of one share and what is announced about it.
#[derive(Clone, Copy, Debug)]
pub(in crate::market) struct Sky<'a> {
    /// The session in progress, or the last one.
    pub(in crate::market) date: Date,
    /// The share's ordinary volatility of a session.
    pub(in crate::market) usual: f64,
    /// Logarithms of what multiplies it: the share's own, the market's, the last scare's; without
    /// their mean.
    pub(in crate::market) levels: [Level; 3],
    /// Factor on the variance of the present five minutes.
    pub(in crate::market) heat: f64,
    /// What stays of the heat in five minutes.
    pub(in crate::market) heat_stays: f64,
    /// The share of this session's variance that is to come.
    pub(in crate::market) left: f64,
    /// Trading minutes that are left.
    pub(in crate::market) minutes: f64,
    /// Variance of a session in squares of its volatility: quarters, jumps, surges, stories.
    pub(in crate::market) day: f64,
    /// The same of the night before it.
    pub(in crate::market) night: f64,
    /// The drift that is still to come.
    pub(in crate::market) pending: f64,
    /// The session that opens with the next earnings' jump, and the jump's variance.
    pub(in crate::market) earnings: Option<(Date, f64)>,
    /// The next payout: its first session without, and dollars for one share.
    pub(in crate::market) dividend: Option<(Date, f64)>,
    /// Dates of the sessions after this one.
    pub(in crate::market) sessions: &'a VecDeque<Date>,
}

/// One log volatility that reverts to its mean.
#[derive(Clone, Copy, Debug)]
pub(in crate::market) struct Level {
    /// Where it is.
    pub(in crate::market) now: f64,
    /// What stays of it from one session to the next.
    pub(in crate::market) stays: f64,
    /// Its stationary deviation.
    pub(in crate::market) sd: f64,
}

/// What the share pays before an expiry.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Payout {
    /// Dollars for one share.
    pub(super) amount: f64,
    /// The variance until the last moment with the right to it.
    pub(super) before: Option<f64>,
}

/// Minutes in which the effect of pending drift on a contract that is about to expire fades.
const FADE_MINUTES: f64 = 30.0;
/// What is left when nothing is: strikes still have an order.
const LEAST: f64 = 1e-9;

pub(super) struct Horizon<'a> {
    pub(super) sky: &'a Sky<'a>,
    pub(super) premium: f64,
}

impl Horizon<'_> {
    /// The variance until the close of an expiry.
    pub(super) fn variance(&self, expiry: Date) -> f64 {
        let sky = self.sky;
        let later = sky.sessions.iter().take_while(|session| **session <= expiry).count();
        let mut variance = self.today();
        for session in 1..=later {
            variance += self.session(session) * (sky.night + sky.day);
        }
        let jump = sky.earnings.filter(|(date, _)| *date <= expiry && sky.date < *date);
        variance += jump.map_or(0.0, |(_, variance)| variance);
        let fades = if later == 0 { (sky.minutes / FADE_MINUTES).min(1.0) } else { 1.0 };
        variance += sky.pending * sky.pending * fades;
        LEAST + self.premium * variance
    }

    /// What the share pays until an expiry.
    pub(super) fn payout(&self, expiry: Date) -> Payout {
        let sky = self.sky;
        let due = sky.dividend.filter(|(ex, _)| sky.date < *ex && *ex <= expiry);
        due.map_or_else(Payout::default, |(ex, amount)| Payout {
            amount,
            before: Some(self.variance(ex.plus_days(-1))),
        })
    }

    fn today(&self) -> f64 {
        let sky = self.sky;
        let blocks = (sky.minutes / 5.0).max(1.0);
        let fade = 1.0 - sky.heat_stays;
        let lasts = (1.0 - libm::pow(sky.heat_stays, blocks)) / (blocks * fade);
        self.session(0) * sky.day * sky.left * (1.0 + (sky.heat - 1.0) * lasts)
    }

    /// The expected square of the volatility of the session this many ahead.
    fn session(&self, ahead: usize) -> f64 {
        let sky = self.sky;
        let ahead = i32::try_from(ahead).expect("expiries are months away");
        let log: f64 = sky
            .levels
            .iter()
            .map(|level| {
                let stays = libm::pow(level.stays, f64::from(ahead));
                let known = level.sd * stays;
                2.0 * (level.now * stays - known * known)
            })
            .sum();
        sky.usual * sky.usual * libm::exp(log)
    }
}

/// The sessions after a date that options reach.
pub(in crate::market) fn sessions_after(date: Date) -> Vec<Date> {
    Session::between(date.plus_days(1), date.plus_days(160)).map(Session::date).collect()
}
