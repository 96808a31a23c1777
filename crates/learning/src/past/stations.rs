//! What each station of the pipeline took, what it gave and how long it needed, by session.
//!
//! | Station | Takes | Gives | Takes time |
//! |---|---|---|---|
//! | `bars` | minutes the calendar expects | minutes that arrived | from a bar's end to its arrival |
//! | `news` | stories | readings | from a story to its reading |
//! | `discovery` | watched symbols, each run | candidates | - |
//! | `signals` | bars that traded | signals | - |
//! | `gates` | verdicts | approvals | from a signal to its verdict |
//! | `orders` | orders sent | orders the venue took | from sending to the answer |
//! | `fills` | orders the venue took | orders filled whole | from the decision to the last fill |
//!
//! Every duration is the difference of two times in the journal, so it is what really passed.
//! Deciding takes no time there: the engine has no clock.

use std::collections::VecDeque;

pub use backsight_domain::alert::Station;
use backsight_domain::decision::{Decision, Effect, OrderMove, OrderPhase, Reason};
use backsight_domain::event::{Entry, Event};
use backsight_domain::market::Minute;
use backsight_domain::session::Session;
use backsight_domain::time::{Date, Span, Time};

use super::history::History;
use super::tape::SESSIONS_MAX;
use super::trading_date;

/// What went through the pipeline.
#[derive(Clone, Debug, Default)]
pub struct Stations {
    /// One row for each session, oldest first.
    pub sessions: VecDeque<SessionFlow>,
    symbols: u64,
    last_story: Option<(u64, Time)>,
    at: Option<Time>,
}

/// What went through the pipeline in one session.
#[derive(Clone, Debug)]
pub struct SessionFlow {
    /// The session; what happens on a day without one belongs to the next.
    pub session: Date,
    flows: [Flow; Station::ALL.len()],
}

/// What one station took and gave.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flow {
    /// How much went in.
    pub taken: u64,
    /// How much came out.
    pub given: u64,
    /// How long it took.
    pub durations: Durations,
}

/// How long something took, again and again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Durations {
    /// How often it was measured.
    pub count: u64,
    /// All of it together.
    pub total: Span,
    /// The longest.
    pub longest: Span,
}

impl Durations {
    fn add(&mut self, span: Span) {
        self.count += 1;
        self.total = self.total + span;
        self.longest = self.longest.max(span);
    }

    /// The mean; `None` when nothing was measured.
    pub fn mean(&self) -> Option<Span> {
        let count = i64::try_from(self.count).ok().filter(|count| 0 < *count)?;
        Some(Span::from_nanos(self.total.nanos() / count))
    }
}

impl SessionFlow {
    /// What one station took and gave.
    pub fn flow(&self, stage: Station) -> Flow {
        self.flows[stage as usize]
    }

    fn at(&mut self, stage: Station) -> &mut Flow {
        &mut self.flows[stage as usize]
    }
}

impl Stations {
    pub(super) fn happen(&mut self, entry: &Entry) {
        self.at = Some(entry.at);
        match &entry.event {
            Event::Universe(universe) => self.symbols = universe.listings.len() as u64,
            Event::Minute(minute) => self.take_minute(minute, entry.at),
            Event::Story(story) => {
                self.today(entry.at).at(Station::News).taken += 1;
                self.last_story = Some((story.id, entry.at));
            }
            Event::Reading(reading) => {
                let told = self.last_story.filter(|(id, _)| *id == reading.story);
                let flow = self.today(entry.at).at(Station::News);
                flow.given += 1;
                if let Some((_, at)) = told {
                    flow.durations.add(entry.at - at);
                }
            }
            Event::Discovery(discovery) => {
                let symbols = self.symbols;
                let flow = self.today(entry.at).at(Station::Discovery);
                flow.taken += symbols;
                flow.given += discovery.candidates.len() as u64;
            }
            Event::Started(_)
            | Event::PolicyAdopted(_)
            | Event::Quote(_)
            | Event::Halt(_)
            | Event::Chain(_)
            | Event::Split(_)
            | Event::Dividend(_)
            | Event::Earnings(_)
            | Event::Regime(_)
            | Event::PastVolatility(_)
            | Event::Thesis(_)
            | Event::Reader(_)
            | Event::Reply(_)
            | Event::Order(_)
            | Event::Fill(_)
            | Event::Bust(_)
            | Event::Settlement(_)
            | Event::Payout(_)
            | Event::Report(_)
            | Event::Operator(_)
            | Event::Learned(_)
            | Event::Fault(_)
            | Event::Tick => {}
        }
    }

    fn take_minute(&mut self, minute: &Minute, at: Time) {
        let traded: u64 = minute.traded.iter().map(|word| u64::from(word.count_ones())).sum();
        let today = self.today(at);
        let bars = today.at(Station::Bars);
        bars.given += 1;
        bars.durations.add(at - minute.end());
        today.at(Station::Signals).taken += traded;
    }

    pub(super) fn decide(&mut self, decision: &Decision, history: &History) {
        let Some(at) = self.at else { return };
        let today = self.today(at);
        for effect in &decision.effects {
            if matches!(effect, Effect::Submit(_)) {
                today.at(Station::Orders).taken += 1;
            }
        }
        for reason in &decision.because {
            match reason {
                Reason::Signal(_) => today.at(Station::Signals).given += 1,
                Reason::Verdict(verdict) => {
                    let flow = today.at(Station::Gates);
                    flow.taken += 1;
                    flow.given += u64::from(verdict.is_approval());
                    if let Some(tale) = history.signals.get(&verdict.signal) {
                        flow.durations.add(at - tale.signal.at);
                    }
                }
                Reason::Order(moved) => note_move(today, *moved, at, history),
                Reason::Held(_)
                | Reason::Opened(_)
                | Reason::Rolled(_)
                | Reason::Haunted(_)
                | Reason::Closed(_)
                | Reason::Stage(_)
                | Reason::Proposal(_)
                | Reason::Filled { .. }
                | Reason::State { .. }
                | Reason::Ignored(_)
                | Reason::Closing { .. } => {}
            }
        }
    }

    /// The row of the session at an instant, or of the next one.
    fn today(&mut self, at: Time) -> &mut SessionFlow {
        let date = trading_date(at);
        let session = Session::on(date).unwrap_or_else(|| Session::next(date));
        if self.sessions.back().is_none_or(|last| last.session != session.date()) {
            if self.sessions.len() == SESSIONS_MAX {
                self.sessions.pop_front();
            }
            let mut row = SessionFlow { session: session.date(), flows: Default::default() };
            row.at(Station::Bars).taken = session.minutes().into();
            self.sessions.push_back(row);
        }
        self.sessions.back_mut().expect("a row was just pushed")
    }
}

fn note_move(today: &mut SessionFlow, moved: OrderMove, at: Time, history: &History) {
    let decided = history.orders.get(&moved.intent).map(|order| order.decided);
    let was_sent = matches!(moved.from, OrderPhase::Sent | OrderPhase::Unknown);
    if was_sent && matches!(moved.to, OrderPhase::Working | OrderPhase::Filled) {
        let orders = today.at(Station::Orders);
        orders.given += 1;
        if let Some(decided) = decided {
            orders.durations.add(at - decided);
        }
        today.at(Station::Fills).taken += 1;
    }
    if moved.to == OrderPhase::Filled {
        let fills = today.at(Station::Fills);
        fills.given += 1;
        if let Some(decided) = decided {
            fills.durations.add(at - decided);
        }
    }
}
