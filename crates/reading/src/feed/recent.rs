//! What a feed has already sent.
//!
//! Outlets send the same items again with every poll. An item is known by what its outlet calls it, else by where it
//! can be read, else by what it says; whether two outlets tell the same story is another question
//! ([`crate::story`]).

use std::collections::{BTreeSet, VecDeque};

use super::Item;
use crate::digest;

/// Which items of one feed were seen, up to a number of them; the oldest are forgotten first.
#[derive(Clone, Debug)]
pub struct Recent {
    capacity: usize,
    order: VecDeque<u64>,
    known: BTreeSet<u64>,
}

impl Recent {
    /// Remembers up to `capacity` items, and at least one.
    pub fn new(capacity: usize) -> Self {
        Self { capacity: capacity.max(1), order: VecDeque::new(), known: BTreeSet::new() }
    }

    /// Says whether the item is seen for the first time, and remembers it.
    pub fn admit(&mut self, item: &Item<'_>) -> bool {
        self.admit_key(key(item))
    }

    /// What is remembered, oldest first; [`Recent::restore`] takes it back.
    pub fn keys(&self) -> impl Iterator<Item = u64> {
        self.order.iter().copied()
    }

    /// Remembers what [`Recent::keys`] gave.
    pub fn restore(&mut self, keys: impl IntoIterator<Item = u64>) {
        for key in keys {
            self.admit_key(key);
        }
    }

    fn admit_key(&mut self, key: u64) -> bool {
        let fresh = self.known.insert(key);
        if fresh {
            self.order.push_back(key);
            if self.capacity < self.order.len()
                && let Some(oldest) = self.order.pop_front()
            {
                self.known.remove(&oldest);
            }
        }
        fresh
    }
}

fn key(item: &Item<'_>) -> u64 {
    let named = if item.id.is_empty() { item.link } else { item.id };
    if named.is_empty() {
        digest::pair(digest::digest(item.title.as_bytes()), digest::digest(item.text().as_bytes()))
    } else {
        digest::digest(named.as_bytes())
    }
}

/// Stands for the bytes of a document: a poll that brought the same bytes needs no reading.
pub fn fingerprint(bytes: &[u8]) -> u64 {
    digest::digest(bytes)
}

#[cfg(test)]
mod tests;
