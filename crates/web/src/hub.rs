//! What sockets are told: each topic's news at most ten times a second, made once for all of them.
//!
//! The hub lives on the mirror's thread. It makes a message of what changed, hands it to everybody
//! who listens, and keeps the last ones, so that who was away for a moment gets what was missed.
//! Nobody is waited for: a listener that falls behind the channel is told so and let go.

use std::collections::VecDeque;
use std::time::Duration;

use backsight_domain::alert::Severity;
use backsight_domain::id::Seq;
use serde::Serialize;
use serde_json::Value;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::broadcast;
use utoipa::ToSchema;

use crate::clock::Stopwatch;
use crate::mirror::Mirror;
use crate::mirror::touched::Topic;
use crate::shape::chart::Symbol;
use crate::shape::desk::{Alert, Desk};
use crate::shape::learned::Proposal;
use crate::shape::news::Story;
use crate::shape::order::Order;
use crate::shape::position::Position;
use crate::shape::signal::SignalLine;

/// How often a topic is told about.
const EVERY: Duration = Duration::from_millis(100);
/// Messages that a listener may fall behind.
const BEHIND_MAX: usize = 256;
/// Messages that are kept for who was away.
const KEPT: usize = 512;
/// How long messages are kept when the last listener has gone: who lost the line comes back.
const LINGER: Duration = Duration::from_mins(1);
/// Rows of a list in a snapshot.
const ROWS: usize = 100;

/// One message of a socket.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Message {
    /// The last record that it knows.
    pub seq: u64,
    /// What it is about.
    pub topic: Topic,
    /// `snapshot`: this is all of it. `delta`: these rows are new or changed.
    pub kind: &'static str,
    /// The same shapes as the API's: a desk, or `{"items": [...]}`.
    pub body: Value,
}

/// A message as it is sent.
#[derive(Clone, Debug)]
pub(crate) struct Wired {
    pub(crate) seq: Seq,
    pub(crate) topic: Topic,
    pub(crate) text: Arc<str>,
}

impl From<&Message> for Wired {
    fn from(message: &Message) -> Self {
        let text = serde_json::to_string(message).unwrap_or_default();
        Self { seq: Seq(message.seq), topic: message.topic, text: text.into() }
    }
}

/// The last messages, and since when they are without a gap.
#[derive(Debug, Default)]
pub(crate) struct Backlog {
    kept: VecDeque<Wired>,
    since: Seq,
}

impl Backlog {
    /// What was said of some topics after a record; `None` when something of it is forgotten.
    pub(crate) fn after(&self, seq: Seq, topics: &[Topic]) -> Option<Vec<Wired>> {
        let missed = self.kept.iter().filter(|it| seq < it.seq && topics.contains(&it.topic));
        (self.since <= seq).then(|| missed.cloned().collect())
    }

    fn push(&mut self, wired: Wired) {
        if self.kept.len() == KEPT
            && let Some(oldest) = self.kept.pop_front()
        {
            self.since = oldest.seq;
        }
        self.kept.push_back(wired);
    }
}

/// Tells listeners what changed.
#[derive(Debug)]
pub(crate) struct Hub {
    listeners: broadcast::Sender<Wired>,
    backlog: Arc<Mutex<Backlog>>,
    told: [Seq; Topic::ALL.len()],
    last: Option<Stopwatch>,
    /// When somebody listened last; nothing before the first.
    heard: Option<Stopwatch>,
}

/// Where listeners come from.
#[derive(Clone, Debug)]
pub(crate) struct Listening {
    pub(crate) listeners: broadcast::Sender<Wired>,
    pub(crate) backlog: Arc<Mutex<Backlog>>,
}

impl Hub {
    pub(crate) fn new() -> (Self, Listening) {
        let (listeners, _) = broadcast::channel(BEHIND_MAX);
        let backlog = Arc::new(Mutex::new(Backlog::default()));
        let told = [Seq(0); Topic::ALL.len()];
        let listening = Listening { listeners: listeners.clone(), backlog: backlog.clone() };
        (Self { listeners, backlog, told, last: None, heard: None }, listening)
    }

    /// Tells what changed, if it is time and somebody listens.
    pub(crate) fn tell(&mut self, mirror: &Mirror) {
        if self.last.is_some_and(|last| last.elapsed() < EVERY) {
            return;
        }
        self.last = Some(Stopwatch::start());
        if 0 < self.listeners.receiver_count() {
            self.heard = Some(Stopwatch::start());
        } else if self.heard.is_none_or(|heard| LINGER < heard.elapsed()) {
            self.rest(mirror);
            return;
        }
        for topic in Topic::ALL {
            let told = self.told[topic as usize];
            if told < mirror.touched.last(topic) {
                self.told[topic as usize] = mirror.seq;
                let wired = Wired::from(&news(mirror, topic, told));
                let mut backlog = self.backlog.lock().unwrap_or_else(PoisonError::into_inner);
                backlog.push(wired.clone());
                // Nobody may listen any more; then nobody misses it.
                self.listeners.send(wired).ok();
            }
        }
    }

    /// When nobody has listened for a while nothing is kept: who comes then gets a snapshot.
    fn rest(&mut self, mirror: &Mirror) {
        self.told = [mirror.seq; Topic::ALL.len()];
        let mut backlog = self.backlog.lock().unwrap_or_else(PoisonError::into_inner);
        *backlog = Backlog { kept: VecDeque::new(), since: mirror.seq };
    }
}

/// Everything of a topic.
pub(crate) fn snapshot(mirror: &Mirror, topic: Topic) -> Message {
    Message { seq: mirror.seq.0, topic, kind: "snapshot", body: whole(mirror, topic) }
}

fn news(mirror: &Mirror, topic: Topic, since: Seq) -> Message {
    let body = changed(mirror, topic, since);
    let kind = if body.is_some() { "delta" } else { "snapshot" };
    let body = body.unwrap_or_else(|| whole(mirror, topic));
    Message { seq: mirror.seq.0, topic, kind, body }
}

/// The rows of a topic that changed; nothing when all of it is told every time, or nobody knows
/// any more.
fn changed(mirror: &Mirror, topic: Topic, since: Seq) -> Option<Value> {
    let history = &mirror.past.history;
    match topic {
        Topic::Desk | Topic::Positions | Topic::Prices | Topic::Alerts | Topic::Learning => None,
        Topic::Signals => {
            let ids = mirror.touched.signals_since(since)?;
            let tales = ids.iter().rev().filter_map(|id| history.signals.get(id));
            Some(items(tales.take(ROWS).map(|tale| SignalLine::of(tale, mirror))))
        }
        Topic::Orders => {
            let ids = mirror.touched.orders_since(since)?;
            let orders = ids.iter().rev().filter_map(|id| history.orders.get(id));
            Some(items(orders.take(ROWS).map(|order| Order::told(order, mirror))))
        }
        Topic::Stories => {
            let ids = mirror.touched.stories_since(since)?;
            Some(items(Story::some(mirror, &ids, ROWS)))
        }
    }
}

fn whole(mirror: &Mirror, topic: Topic) -> Value {
    let (engine, history) = (mirror.engine(), &mirror.past.history);
    match topic {
        Topic::Desk => serde_json::to_value(Desk::of(mirror)).unwrap_or_default(),
        Topic::Prices => items(Symbol::all(mirror)),
        Topic::Positions => items(engine.positions().map(|held| Position::of(held, mirror))),
        Topic::Signals => {
            let tales = history.signals.values().rev().take(ROWS);
            items(tales.map(|tale| SignalLine::of(tale, mirror)))
        }
        Topic::Orders => {
            let orders = history.orders.values().rev().take(ROWS);
            items(orders.map(|order| Order::told(order, mirror)))
        }
        Topic::Stories => {
            let until = backsight_domain::time::Time::from_nanos(i64::MAX);
            items(Story::list(mirror, until, ROWS, |_, _| true))
        }
        Topic::Alerts => items(Alert::last(mirror, Severity::Info, ROWS)),
        Topic::Learning => items(Proposal::all(mirror)),
    }
}

fn items<T: Serialize>(rows: impl IntoIterator<Item = T>) -> Value {
    let rows = rows.into_iter().map(|row| serde_json::to_value(row).unwrap_or_default());
    serde_json::json!({ "items": rows.collect::<Vec<_>>() })
}

#[cfg(test)]
mod tests;
