//! Names as paths of words: the longest one that begins at a word is found in as many steps.
//!
//! Words are numbered once, by a table with open addressing and a fixed hash, so that the same
//! names give the same numbers everywhere. The first step is an index, later ones are searches in
//! short sorted slices.

use std::collections::BTreeMap;

/// The number of a word.
pub(super) type WordId = u32;

/// A word that no name and no list contains.
pub(super) const UNKNOWN: WordId = WordId::MAX;

/// Every word that means something here, numbered.
#[derive(Clone, Debug, Default)]
pub(super) struct Vocabulary {
    words: Vec<Box<str>>,
    slots: Vec<WordId>,
}

/// The names, one path of words each.
#[derive(Clone, Debug, Default)]
pub(super) struct Trie {
    roots: Vec<u32>,
    edges: Vec<(WordId, u32)>,
    starts: Vec<u32>,
    values: Vec<Vec<u32>>,
}

/// A trie while names are added.
#[derive(Clone, Debug)]
pub(super) struct Growing {
    edges: BTreeMap<(u32, WordId), u32>,
    values: Vec<Vec<u32>>,
}

/// No node: the root is nobody's child.
const NONE: u32 = 0;

impl Vocabulary {
    /// The number of a word, given one when it has none.
    pub(super) fn intern(&mut self, word: &str) -> WordId {
        if self.slots.len() <= self.words.len() * 4 {
            self.grow();
        }
        let slot = self.slot(word.as_bytes());
        if self.slots[slot] == UNKNOWN {
            self.slots[slot] = WordId::try_from(self.words.len()).expect("words fit 32 bits");
            self.words.push(word.into());
        }
        self.slots[slot]
    }

    /// The number of a word, or [`UNKNOWN`].
    pub(super) fn find(&self, word: &[u8]) -> WordId {
        if self.slots.is_empty() { UNKNOWN } else { self.slots[self.slot(word)] }
    }

    /// How many words there are.
    pub(super) fn len(&self) -> usize {
        self.words.len()
    }

    fn slot(&self, word: &[u8]) -> usize {
        let mask = self.slots.len() - 1;
        let mut slot = hash(word) & mask;
        loop {
            let id = self.slots[slot];
            if id == UNKNOWN || self.words[id as usize].as_bytes() == word {
                return slot;
            }
            slot = (slot + 1) & mask;
        }
    }

    fn grow(&mut self) {
        let room = (self.slots.len() * 4).max(1_024);
        self.slots = vec![UNKNOWN; room];
        for (id, word) in self.words.iter().enumerate() {
            let mut slot = hash(word.as_bytes()) & (room - 1);
            while self.slots[slot] != UNKNOWN {
                slot = (slot + 1) & (room - 1);
            }
            self.slots[slot] = WordId::try_from(id).expect("words fit 32 bits");
        }
    }
}

/// FNV-1a over bytes, its high half folded in.
#[expect(clippy::cast_possible_truncation, reason = "only low bits select a slot")]
fn hash(word: &[u8]) -> usize {
    let mut state = 0xcbf2_9ce4_8422_2325_u64;
    for &byte in word {
        state = (state ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    (state ^ (state >> 32)) as usize
}

impl Default for Growing {
    fn default() -> Self {
        Self { edges: BTreeMap::new(), values: vec![Vec::new()] }
    }
}

impl Growing {
    /// Adds a name.
    pub(super) fn add(&mut self, path: &[WordId], value: u32) {
        let mut node = 0;
        for &word in path {
            let next = u32::try_from(self.values.len()).expect("nodes fit 32 bits");
            node = *self.edges.entry((node, word)).or_insert(next);
            if node == next {
                self.values.push(Vec::new());
            }
        }
        let values = &mut self.values[node as usize];
        if !values.contains(&value) {
            values.push(value);
        }
    }

    /// The finished trie over a vocabulary of `words` words.
    pub(super) fn finish(self, words: usize) -> Trie {
        let mut trie = Trie { roots: vec![NONE; words], values: self.values, ..Trie::default() };
        let mut per_node = vec![Vec::new(); trie.values.len()];
        for ((node, word), child) in self.edges {
            if node == 0 {
                trie.roots[word as usize] = child;
            } else {
                per_node[node as usize].push((word, child));
            }
        }
        for edges in per_node {
            trie.starts.push(u32::try_from(trie.edges.len()).expect("edges fit 32 bits"));
            trie.edges.extend(edges);
        }
        trie.starts.push(u32::try_from(trie.edges.len()).expect("edges fit 32 bits"));
        trie
    }
}

impl Trie {
    /// The node that names beginning with this word share.
    pub(super) fn root(&self, word: WordId) -> Option<u32> {
        self.roots.get(word as usize).copied().filter(|&node| node != NONE)
    }

    /// The node one word further.
    pub(super) fn child(&self, node: u32, word: WordId) -> Option<u32> {
        let from = self.starts[node as usize] as usize;
        let to = self.starts[node as usize + 1] as usize;
        let edges = &self.edges[from..to];
        let found = edges.binary_search_by_key(&word, |edge| edge.0).ok()?;
        Some(edges[found].1)
    }

    /// What ends at a node.
    pub(super) fn values(&self, node: u32) -> &[u32] {
        &self.values[node as usize]
    }
}

#[cfg(test)]
mod tests;
