//! What the news said, and what the price did next.
//!
//! A story is known by its identity, however many outlets carried it; what counts is when the desk
//! first had it, not when somebody says it was published.

use std::collections::{BTreeMap, VecDeque};

use backsight_domain::event::{Entry, Event};
use backsight_domain::story::{Reading, Rung, Story};
use backsight_domain::time::Time;

use super::tape::{PathId, Tape};

/// Stories that are remembered.
pub const STORIES_MAX: usize = 50_000;
/// Readings that are remembered.
pub const READINGS_MAX: usize = 50_000;

/// What the news said.
#[derive(Clone, Debug, Default)]
pub struct Press {
    /// Stories by identity, as the first outlet told them.
    pub stories: BTreeMap<u64, Told>,
    /// Readings, oldest first.
    pub readings: VecDeque<Read>,
    order: VecDeque<u64>,
    rung: Option<Rung>,
}

/// A story, and when the desk first had it.
#[derive(Clone, Debug)]
pub struct Told {
    /// When.
    pub at: Time,
    /// The story.
    pub story: Story,
    /// Copies that came later.
    pub copies: u32,
}

/// A reading, and what the price did next.
#[derive(Clone, Copy, Debug)]
pub struct Read {
    /// When.
    pub at: Time,
    /// The reading.
    pub reading: Reading,
    /// Who read; `None` when nobody was named.
    pub rung: Option<Rung>,
    /// What the price did next; `None` for a symbol that is not watched or had no price.
    pub path: Option<PathId>,
}

impl Press {
    /// Who reads the news; `None` when nobody was named.
    pub fn rung(&self) -> Option<Rung> {
        self.rung
    }

    /// Takes what happened; readings mark the tape.
    pub(super) fn happen(&mut self, entry: &Entry, tape: &mut Tape) {
        if let Event::Story(story) = &entry.event {
            self.tell(entry.at, story);
        }
        if let Event::Reader(reader) = &entry.event {
            self.rung = Some(reader.rung);
        }
        if let Event::Reading(reading) = &entry.event {
            let path = tape.slot_of(reading.ticker).and_then(|slot| tape.follow(slot, entry.at));
            if self.readings.len() == READINGS_MAX {
                self.readings.pop_front();
            }
            self.readings.push_back(Read {
                at: entry.at,
                reading: *reading,
                rung: self.rung,
                path,
            });
        }
    }

    fn tell(&mut self, at: Time, story: &Story) {
        if let Some(told) = self.stories.get_mut(&story.id) {
            told.copies += 1;
            return;
        }
        if self.order.len() == STORIES_MAX
            && let Some(oldest) = self.order.pop_front()
        {
            self.stories.remove(&oldest);
        }
        self.order.push_back(story.id);
        self.stories.insert(story.id, Told { at, story: story.clone(), copies: 0 });
    }
}
