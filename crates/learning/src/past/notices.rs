//! What discovery found, and why holdings are held.

use std::collections::VecDeque;

use backsight_domain::event::{Entry, Event};
use backsight_domain::notice::{Discovery, Thesis};
use backsight_domain::time::Time;

/// Finds of discovery that are remembered.
pub const DISCOVERIES_MAX: usize = 2_000;
/// Theses that are remembered.
pub const THESES_MAX: usize = 20_000;

/// What discovery found, and why holdings are held.
#[derive(Clone, Debug, Default)]
pub struct Notices {
    /// Each run of discovery, oldest first.
    pub discoveries: VecDeque<(Time, Discovery)>,
    /// Each thesis, oldest first.
    pub theses: VecDeque<(Time, Thesis)>,
}

impl Notices {
    /// Takes what happened.
    pub(super) fn happen(&mut self, entry: &Entry) {
        if let Event::Discovery(discovery) = &entry.event {
            push(&mut self.discoveries, (entry.at, discovery.clone()), DISCOVERIES_MAX);
        }
        if let Event::Thesis(thesis) = &entry.event {
            push(&mut self.theses, (entry.at, thesis.clone()), THESES_MAX);
        }
    }
}

fn push<T>(queue: &mut VecDeque<T>, item: T, most: usize) {
    if queue.len() == most {
        queue.pop_front();
    }
    queue.push_back(item);
}
