//! What changed lately, so that a socket is told what is new and nothing else.

use std::collections::{BTreeSet, VecDeque};

use backsight_domain::id::{IntentId, Seq, SignalId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Changes that are remembered of one kind. Who was away for longer gets a snapshot.
const KEPT: usize = 4096;

/// What a socket can be told about.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Topic {
    /// The desk's state and its accounts.
    Desk,
    /// The last prices.
    Prices,
    /// News.
    Stories,
    /// Signals and what became of them.
    Signals,
    /// Orders.
    Orders,
    /// What is held.
    Positions,
    /// Calls for a person.
    Alerts,
    /// What was learned.
    Learning,
}

impl Topic {
    /// Every topic.
    pub(crate) const ALL: [Self; 8] = [
        Self::Desk,
        Self::Prices,
        Self::Stories,
        Self::Signals,
        Self::Orders,
        Self::Positions,
        Self::Alerts,
        Self::Learning,
    ];
}

/// What changed lately.
#[derive(Debug, Default)]
pub(crate) struct Touched {
    last: [Seq; Topic::ALL.len()],
    signals: Ring<SignalId>,
    orders: Ring<IntentId>,
    stories: Ring<u64>,
}

impl Touched {
    /// Notes that something of a topic changed.
    pub(crate) fn touch(&mut self, topic: Topic, seq: Seq) {
        self.last[topic as usize] = seq;
    }

    pub(crate) fn signal(&mut self, id: SignalId, seq: Seq) {
        self.signals.push(id, seq);
        self.touch(Topic::Signals, seq);
    }

    pub(crate) fn order(&mut self, id: IntentId, seq: Seq) {
        self.orders.push(id, seq);
        self.touch(Topic::Orders, seq);
    }

    pub(crate) fn story(&mut self, id: u64, seq: Seq) {
        self.stories.push(id, seq);
        self.touch(Topic::Stories, seq);
    }

    /// The last record that changed something of a topic.
    pub(crate) fn last(&self, topic: Topic) -> Seq {
        self.last[topic as usize]
    }

    /// The signals that changed after a record; `None` when that is too long ago to tell.
    pub(crate) fn signals_since(&self, seq: Seq) -> Option<BTreeSet<SignalId>> {
        self.signals.since(seq)
    }

    /// The orders that changed after a record; `None` when that is too long ago to tell.
    pub(crate) fn orders_since(&self, seq: Seq) -> Option<BTreeSet<IntentId>> {
        self.orders.since(seq)
    }

    /// The stories that changed after a record; `None` when that is too long ago to tell.
    pub(crate) fn stories_since(&self, seq: Seq) -> Option<BTreeSet<u64>> {
        self.stories.since(seq)
    }
}

/// The last changes of one kind.
#[derive(Debug)]
struct Ring<K> {
    changes: VecDeque<(Seq, K)>,
    /// Changes up to here are forgotten.
    forgotten: Seq,
}

impl<K> Default for Ring<K> {
    fn default() -> Self {
        Self { changes: VecDeque::new(), forgotten: Seq(0) }
    }
}

impl<K: Copy + Ord> Ring<K> {
    fn push(&mut self, key: K, seq: Seq) {
        if self.changes.len() == KEPT
            && let Some((oldest, _)) = self.changes.pop_front()
        {
            self.forgotten = oldest;
        }
        self.changes.push_back((seq, key));
    }

    fn since(&self, seq: Seq) -> Option<BTreeSet<K>> {
        let newer = self.changes.iter().rev().take_while(|(at, _)| seq < *at);
        (self.forgotten <= seq).then(|| newer.map(|(_, key)| *key).collect())
    }
}
