//! A map for few entries whose keys mostly arrive in ascending order: two sorted columns.
//!
//! Orders and executions are a few hundred at most, are looked up and walked all the time, and are
//! named by sequences that only grow, so that new ones go to the end. A search over neighbouring
//! keys and a walk over neighbouring values is what such tables want; a tree would allocate for each
//! of them. What comes and goes in the middle, as positions do, is better kept in a tree.

use std::cmp::Ordering;
use std::ops::Index;

use backsight_journal::wire::{Input, Malformed, Wire};

/// A map in ascending order of its keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Sorted<K, V> {
    keys: Vec<K>,
    values: Vec<V>,
}

/// A set in ascending order.
pub(crate) type SortedSet<K> = Sorted<K, ()>;

impl<K, V> Default for Sorted<K, V> {
    fn default() -> Self {
        Self { keys: Vec::new(), values: Vec::new() }
    }
}

impl<K: Ord, V> Sorted<K, V> {
    /// Where a key stands, or where it would.
    fn find(&self, key: &K) -> Result<usize, usize> {
        // What came last is asked for most.
        match self.keys.last().map(|last| last.cmp(key)) {
            Some(Ordering::Equal) => Ok(self.keys.len() - 1),
            Some(Ordering::Greater) => self.keys.binary_search(key),
            Some(Ordering::Less) | None => Err(self.keys.len()),
        }
    }

    pub(crate) fn get(&self, key: &K) -> Option<&V> {
        self.find(key).ok().map(|place| &self.values[place])
    }

    pub(crate) fn get_mut(&mut self, key: &K) -> Option<&mut V> {
        self.find(key).ok().map(|place| &mut self.values[place])
    }

    pub(crate) fn contains_key(&self, key: &K) -> bool {
        self.find(key).is_ok()
    }

    /// The values of greater keys, in order.
    pub(crate) fn after(&self, key: &K) -> impl Iterator<Item = &V> {
        let place = self.find(key).map_or_else(|place| place, |place| place + 1);
        self.values[place..].iter()
    }

    /// Puts a value under a key, in place of what was there.
    pub(crate) fn insert(&mut self, key: K, value: V) {
        match self.find(&key) {
            Ok(place) => self.values[place] = value,
            Err(place) => {
                self.keys.insert(place, key);
                self.values.insert(place, value);
            }
        }
    }

    pub(crate) fn remove(&mut self, key: &K) -> Option<V> {
        let place = self.find(key).ok()?;
        self.keys.remove(place);
        Some(self.values.remove(place))
    }

    /// Keeps what `keeps` says, in order.
    pub(crate) fn retain(&mut self, mut keeps: impl FnMut(&K, &V) -> bool) {
        let mut kept = 0;
        for place in 0..self.keys.len() {
            if keeps(&self.keys[place], &self.values[place]) {
                self.keys.swap(kept, place);
                self.values.swap(kept, place);
                kept += 1;
            }
        }
        self.keys.truncate(kept);
        self.values.truncate(kept);
    }
}

impl<K: Ord> SortedSet<K> {
    pub(crate) fn add(&mut self, key: K) {
        self.insert(key, ());
    }
}

impl<K, V> Sorted<K, V> {
    pub(crate) fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    pub(crate) fn len(&self) -> usize {
        self.keys.len()
    }

    pub(crate) fn keys(&self) -> impl DoubleEndedIterator<Item = &K> {
        self.keys.iter()
    }

    pub(crate) fn values(&self) -> std::slice::Iter<'_, V> {
        self.values.iter()
    }

    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = (&K, &V)> {
        self.keys.iter().zip(&self.values)
    }
}

impl<K: Ord, V> FromIterator<(K, V)> for Sorted<K, V> {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(pairs: I) -> Self {
        let mut map = Self::default();
        pairs.into_iter().for_each(|(key, value)| map.insert(key, value));
        map
    }
}

impl<K: Ord, V> Index<&K> for Sorted<K, V> {
    type Output = V;

    fn index(&self, key: &K) -> &V {
        self.get(key).expect("the caller knows the key")
    }
}

impl<K: Wire + Ord, V: Wire> Wire for Sorted<K, V> {
    fn put(&self, out: &mut Vec<u8>) {
        self.keys.len().put(out);
        for (key, value) in self.iter() {
            key.put(out);
            value.put(out);
        }
    }

    fn take(input: &mut Input<'_>) -> Result<Self, Malformed> {
        let mut map = Self::default();
        for _ in 0..input.count()? {
            let key = K::take(input)?;
            if map.keys.last().is_some_and(|last| key <= *last) {
                return Err(Malformed::Impossible("map in ascending order"));
            }
            map.keys.push(key);
            map.values.push(V::take(input)?);
        }
        Ok(map)
    }
}

#[cfg(test)]
mod tests;
