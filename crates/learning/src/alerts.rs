//! Alerts: raised once, counted while they last, silent when somebody has seen them.
//!
//! An alert has a key: what it is about and what is wrong with it. Raised again within the cool-down
//! it is the same alert and only counted, unless it became worse. Behind the cool-down it is raised
//! again, unless somebody acknowledged it; an acknowledgement holds until the trouble was gone for a
//! session. What nobody may overlook asks for one.

use std::collections::BTreeMap;
use std::fmt;

use backsight_domain::desk::Alarm;
use backsight_domain::session::Session;
use backsight_domain::time::Date;

use crate::past::stations::Station;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Somebody may want to know.
    Info,
    /// Somebody should look.
    Warning,
    /// Somebody must look.
    Critical,
    /// Now.
    Emergency,
}

impl Severity {
    /// Whether somebody has to say that it was seen.
    pub const fn needs_acknowledgement(self) -> bool {
        matches!(self, Self::Critical | Self::Emergency)
    }
}

/// What an alert is about, and what is wrong with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AlertKey {
    /// A number of a station is not what it usually is.
    Unusual(Station, Metric),
    /// A station gave nothing although it was given something.
    Silent(Station),
    /// The desk called a person.
    Called(Alarm),
}

/// A number of a station.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Metric {
    /// How much came out.
    Given,
    /// How much of what went in came out.
    Share,
    /// How long it took, on average.
    Duration,
}

/// Something that was noticed in one session.
#[derive(Clone, Debug, PartialEq)]
pub struct Notice {
    /// The session.
    pub session: Date,
    /// What.
    pub key: AlertKey,
    /// How bad.
    pub severity: Severity,
    /// In words, with the numbers.
    pub text: String,
}

/// An alert that was raised.
#[derive(Clone, Debug, PartialEq)]
pub struct Alert {
    /// What was noticed when it was raised.
    pub notice: Notice,
    /// How often it was noticed again within its cool-down.
    pub repeats: u32,
    /// The session in which it was noticed last.
    pub last: Date,
    /// When it was acknowledged.
    pub acknowledged: Option<Date>,
}

/// Somebody has seen an alert.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Acknowledgement {
    /// Which.
    pub key: AlertKey,
    /// In which session.
    pub session: Date,
}

/// The alerts that follow from what was noticed, oldest first.
///
/// Notices must come in the order of their sessions.
pub fn raise(
    notices: &[Notice],
    acknowledged: &[Acknowledgement],
    cool_down_sessions: u32,
) -> Vec<Alert> {
    let mut alerts: Vec<Alert> = Vec::new();
    let mut last: BTreeMap<AlertKey, usize> = BTreeMap::new();
    for notice in notices {
        if let Some(alert) = last.get(&notice.key).and_then(|place| alerts.get_mut(*place)) {
            let seen = acknowledged.iter().filter(|it| it.key == notice.key);
            let seen = seen.map(|it| it.session).filter(|it| alert.notice.session <= *it);
            alert.acknowledged = alert.acknowledged.or(seen.min());
            if is_same(alert, notice, cool_down_sessions) {
                alert.repeats += 1;
                alert.last = notice.session;
                continue;
            }
        }
        last.insert(notice.key, alerts.len());
        alerts.push(Alert {
            notice: notice.clone(),
            repeats: 0,
            last: notice.session,
            acknowledged: None,
        });
    }
    for alert in &mut alerts {
        let seen = acknowledged.iter().filter(|it| it.key == alert.notice.key);
        let seen = seen.map(|it| it.session).filter(|it| alert.notice.session <= *it);
        alert.acknowledged = alert.acknowledged.or(seen.min());
    }
    alerts
}

/// Whether a notice is the alert that was raised, and no news.
fn is_same(alert: &Alert, notice: &Notice, cool_down_sessions: u32) -> bool {
    if alert.notice.severity < notice.severity {
        return false;
    }
    let since = |date: Date| Session::elapsed(date, notice.session);
    let was_seen = alert.acknowledged.is_some_and(|seen| seen <= notice.session);
    if was_seen {
        // It holds as long as the trouble does.
        return since(alert.last) <= 1;
    }
    since(alert.notice.session) <= cool_down_sessions as usize
}

/// How bad it is that the desk called a person.
pub const fn severity_of(alarm: Alarm) -> Severity {
    match alarm {
        Alarm::Overfill
        | Alarm::PositionDrift
        | Alarm::CashDrift
        | Alarm::ExitStuck
        | Alarm::AccountLocked
        | Alarm::RunawayStopped => Severity::Emergency,
        Alarm::OrphanOrder
        | Alarm::OrderAbandoned
        | Alarm::OrderReturned
        | Alarm::OrderDisplaced
        | Alarm::DailyLossReached
        | Alarm::FillBusted
        | Alarm::MarkStale => Severity::Critical,
        Alarm::ClockSkewed | Alarm::ReaderFellBack | Alarm::ProposalWithdrawn => Severity::Warning,
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Info => "INFO",
            Self::Warning => "WARNING",
            Self::Critical => "CRITICAL",
            Self::Emergency => "EMERGENCY",
        })
    }
}

impl fmt::Display for AlertKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unusual(station, metric) => f.pad(&format!("{station}.{metric}")),
            Self::Silent(station) => f.pad(&format!("{station}.silent")),
            Self::Called(alarm) => f.pad(&format!("desk.{alarm}")),
        }
    }
}

impl fmt::Display for Metric {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Given => "given",
            Self::Share => "share",
            Self::Duration => "duration",
        })
    }
}

#[cfg(test)]
mod tests;
