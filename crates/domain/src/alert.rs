//! Alerts: what a person should know, raised once, counted while it lasts, silent when it was seen.
//!
//! ```text
//! notice ──► Alerts (one per key and trouble) ──► raised ──► Calling: when it leaves, and again
//!               ▲                 ▲
//!          acknowledge         resolve
//! ```
//!
//! An alert has a key: what it is about and what is wrong with it. Noticed again within the
//! cool-down it is the same alert and only counted, unless it became worse. Behind the cool-down it
//! is raised again, unless somebody acknowledged it; an acknowledgement holds until the trouble was
//! gone for a while. What nobody may overlook asks for one, and is told again until it has it.
//!
//! Trouble comes at two paces. What is noticed at an instant is counted in minutes, what is noticed
//! once a session at its close is counted in sessions. Everything follows from what is told here:
//! no clock is read, so that the same journal raises the same alerts.

mod calling;

pub use calling::{Calling, Quiet, Zone};

use std::collections::{BTreeMap, VecDeque};
use std::fmt;

use crate::desk::{Alarm, TradingState};
use crate::id::{IntentId, PositionId, ProposalId};
use crate::session::{Session, trading_date};
use crate::time::{Span, Time};

/// Alerts that are remembered; the oldest are forgotten first.
pub const ALERTS_MAX: usize = 2_000;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
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

/// What an alert is about, and what is wrong with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AlertKey {
    /// The desk called a person.
    Called(Alarm),
    /// The desk trades less than it may.
    State(TradingState),
    /// A number of a station is not what it usually is.
    Unusual(Station, Metric),
    /// A station gave nothing although it was given something.
    Silent(Station),
    /// A proposal waits for an answer.
    Proposed(ProposalId),
    /// A position was opened.
    Opened(PositionId),
    /// A position was closed.
    Closed(PositionId),
}

/// A station of the pipeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Station {
    /// Minutes of bars arrive.
    Bars,
    /// Stories are read.
    News,
    /// Discovery looks for candidates.
    Discovery,
    /// Playbooks make signals.
    Signals,
    /// Gates judge them.
    Gates,
    /// Orders reach the venue.
    Orders,
    /// The venue fills them.
    Fills,
}

/// A number of a station.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Metric {
    /// How much came out.
    Given,
    /// How much of what went in came out.
    Share,
    /// How long it took, on average.
    Duration,
}

/// Something that was noticed.
#[derive(Clone, Debug, PartialEq)]
pub struct Notice {
    /// When.
    pub at: Time,
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
    /// When it was noticed last.
    pub last: Time,
    /// Who has seen it, and when.
    pub acknowledged: Option<Seen>,
    /// When the trouble was over; at once for what only wants to be known.
    pub resolved: Option<Time>,
}

/// Somebody has seen an alert.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// When.
    pub at: Time,
    /// Who.
    pub who: Box<str>,
}

/// For how long the same trouble is the same alert.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CoolDown {
    /// Of what is noticed at an instant.
    pub span: Span,
    /// Of what is noticed once a session, in sessions.
    pub sessions: u32,
}

/// How time counts for an alert.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Pace {
    /// It is noticed at any instant, perhaps again and again.
    Minutes,
    /// It is noticed at the close of a session.
    Sessions,
    /// Each time is news.
    Once,
}

/// Every alert that is remembered, oldest first.
#[derive(Clone, Debug, Default)]
pub struct Alerts {
    raised: VecDeque<Alert>,
    /// How many were forgotten, so that places stay what they are.
    forgotten: usize,
    /// The place of the last alert of each key.
    last: BTreeMap<AlertKey, usize>,
    /// How often something of it changed.
    changes: u64,
}

impl Severity {
    /// Every severity, the mildest first.
    pub const ALL: [Self; 4] = [Self::Info, Self::Warning, Self::Critical, Self::Emergency];

    /// Whether somebody has to say that it was seen.
    pub const fn needs_acknowledgement(self) -> bool {
        matches!(self, Self::Critical | Self::Emergency)
    }

    /// Parses a severity, in small or large letters.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.to_string().eq_ignore_ascii_case(text))
    }

    /// How bad it is that the desk called a person.
    pub const fn of_alarm(alarm: Alarm) -> Self {
        match alarm {
            Alarm::Overfill
            | Alarm::PositionDrift
            | Alarm::CashDrift
            | Alarm::ExitStuck
            | Alarm::AccountLocked
            | Alarm::RunawayStopped => Self::Emergency,
            Alarm::OrphanOrder
            | Alarm::OrderAbandoned
            | Alarm::OrderReturned
            | Alarm::OrderDisplaced
            | Alarm::DailyLossReached
            | Alarm::FillBusted
            | Alarm::MarkStale => Self::Critical,
            Alarm::ClockSkewed | Alarm::ReaderFellBack | Alarm::ProposalWithdrawn => Self::Warning,
        }
    }
}

impl Station {
    /// Every station, in the direction of the flow.
    pub const ALL: [Self; 7] = [
        Self::Bars,
        Self::News,
        Self::Discovery,
        Self::Signals,
        Self::Gates,
        Self::Orders,
        Self::Fills,
    ];
}

impl Metric {
    /// Every number.
    pub const ALL: [Self; 3] = [Self::Given, Self::Share, Self::Duration];
}

impl AlertKey {
    /// What the alert is about, in a word of its own: `desk`, a station, `proposal`, `position`.
    pub fn kind(self) -> String {
        match self {
            Self::Called(_) | Self::State(_) => "desk".to_owned(),
            Self::Unusual(station, _) | Self::Silent(station) => station.to_string(),
            Self::Proposed(_) => "proposal".to_owned(),
            Self::Opened(_) | Self::Closed(_) => "position".to_owned(),
        }
    }

    /// Parses what `Display` writes.
    pub fn parse(text: &str) -> Option<Self> {
        let (kind, rest) = text.split_once('.')?;
        match kind {
            "desk" => {
                let alarm = Alarm::ALL.into_iter().find(|it| it.to_string() == rest);
                let state = || TradingState::ALL.into_iter().find(|it| it.to_string() == rest);
                alarm.map(Self::Called).or_else(|| state().map(Self::State))
            }
            "proposal" => ProposalId::parse(rest).map(Self::Proposed),
            "opened" => IntentId::parse(rest).map(|id| Self::Opened(PositionId(id))),
            "closed" => IntentId::parse(rest).map(|id| Self::Closed(PositionId(id))),
            _ => {
                let station = Station::ALL.into_iter().find(|it| it.to_string() == kind)?;
                if rest == "silent" {
                    return Some(Self::Silent(station));
                }
                let metric = Metric::ALL.into_iter().find(|it| it.to_string() == rest)?;
                Some(Self::Unusual(station, metric))
            }
        }
    }

    /// How time counts for it.
    const fn pace(self) -> Pace {
        match self {
            Self::Called(_) => Pace::Minutes,
            Self::Unusual(..) | Self::Silent(_) => Pace::Sessions,
            Self::State(_) | Self::Proposed(_) | Self::Opened(_) | Self::Closed(_) => Pace::Once,
        }
    }
}

impl CoolDown {
    /// Whether so much time between two notices is still within the cool-down.
    fn covers(self, key: AlertKey, from: Time, to: Time) -> bool {
        match key.pace() {
            Pace::Minutes => to - from <= self.span,
            Pace::Sessions => sessions_between(from, to) <= self.sessions as usize,
            Pace::Once => false,
        }
    }

    /// Whether trouble that was seen still goes on: it was not gone for a session, or for the span.
    fn lasts(self, key: AlertKey, from: Time, to: Time) -> bool {
        match key.pace() {
            Pace::Minutes => to - from <= self.span,
            Pace::Sessions => sessions_between(from, to) <= 1,
            Pace::Once => false,
        }
    }
}

fn sessions_between(from: Time, to: Time) -> usize {
    Session::elapsed(trading_date(from), trading_date(to))
}

impl Alert {
    /// Its name: the same journal gives it the same one.
    pub fn id(&self) -> String {
        format!("{}@{}", self.notice.key, self.notice.at)
    }

    /// Whether it still waits for somebody or for an end.
    pub const fn is_open(&self) -> bool {
        self.acknowledged.is_none() && self.resolved.is_none()
    }

    /// Whether somebody has to say that it was seen, and did not.
    pub const fn wants_acknowledgement(&self) -> bool {
        self.notice.severity.needs_acknowledgement() && self.is_open()
    }

    /// Whether a notice is this alert, and no news.
    fn is_same(&self, notice: &Notice, cool_down: CoolDown) -> bool {
        if self.notice.severity < notice.severity {
            return false;
        }
        if self.resolved.is_some() || self.acknowledged.is_some() {
            // It holds as long as the trouble does.
            return cool_down.lasts(notice.key, self.last, notice.at);
        }
        cool_down.covers(notice.key, self.notice.at, notice.at)
    }
}

impl Alerts {
    /// Takes what was noticed; returns the alert when it is a new one. Notices come in order.
    pub fn notice(&mut self, notice: Notice, cool_down: CoolDown) -> Option<&Alert> {
        self.changes += 1;
        if let Some(alert) = self.last_of(notice.key).filter(|it| it.is_same(&notice, cool_down)) {
            (alert.repeats, alert.last) = (alert.repeats + 1, notice.at);
            // What was thought over goes on.
            if alert.notice.severity != Severity::Info {
                alert.resolved = None;
            }
            return None;
        }
        if self.raised.len() == ALERTS_MAX {
            self.raised.pop_front();
            self.forgotten += 1;
            self.last.retain(|_, place| self.forgotten <= *place);
        }
        self.last.insert(notice.key, self.forgotten + self.raised.len());
        let (last, is_news) = (notice.at, notice.severity == Severity::Info);
        let resolved = is_news.then_some(last);
        self.raised.push_back(Alert { notice, repeats: 0, last, acknowledged: None, resolved });
        self.raised.back()
    }

    /// Takes note that somebody has seen every alert of a key; false when there was none to see.
    pub fn acknowledge(&mut self, key: AlertKey, at: Time, who: &str) -> bool {
        let unseen = self.raised.iter_mut().filter(|it| it.notice.key == key);
        let mut unseen = unseen.filter(|it| it.acknowledged.is_none()).peekable();
        let is_any = unseen.peek().is_some();
        self.changes += u64::from(is_any);
        unseen.for_each(|alert| alert.acknowledged = Some(Seen { at, who: who.into() }));
        is_any
    }

    /// Takes note that the trouble of a key is over.
    pub fn resolve(&mut self, key: AlertKey, at: Time) {
        let lasting = self.raised.iter_mut().filter(|it| it.notice.key == key);
        for alert in lasting.filter(|it| it.resolved.is_none()) {
            (alert.resolved, self.changes) = (Some(at), self.changes + 1);
        }
    }

    /// How many were raised in all, the forgotten ones included.
    pub fn count(&self) -> usize {
        self.forgotten + self.raised.len()
    }

    /// How often something changed: as long as it is the same, so are the alerts.
    pub const fn changes(&self) -> u64 {
        self.changes
    }

    /// Those that were raised after so many, oldest first.
    pub fn since(&self, count: usize) -> impl Iterator<Item = &Alert> {
        self.raised.iter().skip(count.saturating_sub(self.forgotten))
    }

    /// Every alert, oldest first.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Alert> {
        self.raised.iter()
    }

    /// Those that still wait for somebody or for an end, oldest first.
    pub fn open(&self) -> impl DoubleEndedIterator<Item = &Alert> {
        self.iter().filter(|alert| alert.is_open())
    }

    fn last_of(&mut self, key: AlertKey) -> Option<&mut Alert> {
        let place = self.last.get(&key)?.checked_sub(self.forgotten)?;
        self.raised.get_mut(place)
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
        f.pad(&match self {
            Self::Called(alarm) => format!("desk.{alarm}"),
            Self::State(state) => format!("desk.{state}"),
            Self::Unusual(station, metric) => format!("{station}.{metric}"),
            Self::Silent(station) => format!("{station}.silent"),
            Self::Proposed(proposal) => format!("proposal.{proposal}"),
            Self::Opened(position) => format!("opened.{}", position.0),
            Self::Closed(position) => format!("closed.{}", position.0),
        })
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

impl fmt::Display for Station {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Bars => "bars",
            Self::News => "news",
            Self::Discovery => "discovery",
            Self::Signals => "signals",
            Self::Gates => "gates",
            Self::Orders => "orders",
            Self::Fills => "fills",
        })
    }
}

#[cfg(test)]
mod tests;
