//! The broker's calendar beside ours.
//!
//! The exchange closes at short notice: for mourning, for a storm. A broker learns of it before
//! this program is built again, so each morning both calendars are compared, and a disagreement
//! is a reason not to open positions on that day. Neither side is believed over the other.

use std::fmt;

use super::{Session, new_york};
use crate::time::Date;

/// A session as the broker's calendar has it, in minutes of New York's day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BrokerDay {
    /// The date in New York.
    pub date: Date,
    /// The minute of the day at which trading opens: 570 for 09:30.
    pub open: u16,
    /// The minute of the day at which trading closes: 960 for 16:00.
    pub close: u16,
}

/// A day on which the broker's calendar and ours differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Disagreement {
    /// We have a session and the broker has none.
    Missing(Session),
    /// The broker has a session and we have none.
    Extra(BrokerDay),
    /// Both have a session, with different hours.
    Hours {
        /// The session of our calendar.
        ours: Session,
        /// The broker's row.
        broker: BrokerDay,
    },
}

impl Disagreement {
    /// The date in question.
    pub fn date(&self) -> Date {
        match self {
            Self::Missing(session) => session.date(),
            Self::Extra(day) => day.date,
            Self::Hours { broker, .. } => broker.date,
        }
    }
}

/// Compares what the broker answered for the dates from `from` to `to`, both included, with our
/// sessions, and names each difference in order of date.
///
/// Rows may come in any order. Those outside the range were not asked for and are left out.
pub fn check_broker_days(from: Date, to: Date, rows: &[BrokerDay]) -> Vec<Disagreement> {
    let asked = rows.iter().filter(|row| from <= row.date && row.date <= to);
    let mut differences: Vec<_> = asked.filter_map(|row| check_row(*row)).collect();
    differences.extend(
        Session::between(from, to)
            .filter(|ours| rows.iter().all(|row| row.date != ours.date()))
            .map(Disagreement::Missing),
    );
    differences.sort_by_key(Disagreement::date);
    differences
}

fn check_row(broker: BrokerDay) -> Option<Disagreement> {
    let Some(ours) = Session::on(broker.date) else { return Some(Disagreement::Extra(broker)) };
    let hours = (new_york(ours.open()).1, new_york(ours.close()).1);
    (hours != (broker.open, broker.close)).then_some(Disagreement::Hours { ours, broker })
}

impl fmt::Display for Disagreement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`: ", self.date())?;
        match self {
            Self::Missing(ours) => write!(f, "ours is `{}`, the broker is closed", Hours::of(ours)),
            Self::Extra(broker) => {
                write!(f, "ours is closed, the broker's is `{}`", Hours(broker.open, broker.close))
            }
            Self::Hours { ours, broker } => {
                let theirs = Hours(broker.open, broker.close);
                write!(f, "ours is `{}`, the broker's is `{theirs}`", Hours::of(ours))
            }
        }
    }
}

/// Opening and closing minute, for people.
struct Hours(u16, u16);

impl Hours {
    fn of(session: &Session) -> Self {
        Self(new_york(session.open()).1, new_york(session.close()).1)
    }
}

impl fmt::Display for Hours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(open, close) = self;
        write!(f, "{:02}:{:02}-{:02}:{:02}", open / 60, open % 60, close / 60, close % 60)
    }
}
