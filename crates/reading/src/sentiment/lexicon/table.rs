//! The terms by their hash, found without allocation.
//!
//! An open table: a phrase is found by walking from its first word, because every beginning of a phrase is an entry too.

use std::collections::BTreeMap;

use crate::sentiment::words::{Word, hash_of, join};

use super::{Role, Tag};

/// Words of the longest phrase.
const PHRASE_MAX: usize = 6;
/// Combinations one line may stand for.
const LINE_TERMS_MAX: usize = 4_096;

/// Bits that tell first words of terms from others: 2 KiB.
const KNOWN_BITS: usize = 1 << 14;

/// Terms by hash.
#[derive(Debug)]
pub(super) struct Table {
    slots: Vec<Slot>,
    shift: u32,
    /// One bit for a word's hash: most words of a text are in no term, and this is small enough to say so at once.
    known: Vec<u64>,
    terms: usize,
}

/// Sixteen bytes, so that the table stays near the processor. A free slot has the hash 0, which no term has.
#[derive(Clone, Copy, Debug, Default)]
struct Slot {
    hash: u64,
    tag: Tag,
    /// A longer phrase begins with these words.
    begins: bool,
}

impl Table {
    /// Reads the file of terms. A term that stands twice is what the later line says.
    ///
    /// # Errors
    /// Names the line that is no section and no phrase.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let mut entries: Vec<(Vec<u64>, Tag)> = Vec::new();
        let mut section = None;
        for (index, line) in text.lines().enumerate() {
            let fault = || format!("line {} of the lexicon is unreadable: `{line}`", index + 1);
            match line.trim() {
                "" => {}
                it if it.starts_with('#') => {}
                it if it.starts_with('[') => section = Some(parse_section(it).ok_or_else(fault)?),
                it => {
                    let tag = section.ok_or_else(fault)?;
                    let phrases = expand(it).ok_or_else(fault)?;
                    entries.extend(phrases.into_iter().map(|words| (words, tag)));
                }
            }
        }
        Ok(Self::build(&entries))
    }

    fn build(entries: &[(Vec<u64>, Tag)]) -> Self {
        let mut slots: BTreeMap<u64, Slot> = BTreeMap::new();
        for (words, tag) in entries {
            let mut hash = 0;
            for (index, word) in words.iter().enumerate() {
                hash = if index == 0 { *word } else { join(hash, *word) };
                let slot = slots.entry(hash).or_default();
                slot.hash = hash;
                if index + 1 < words.len() {
                    slot.begins = true;
                } else {
                    let length = u8::try_from(words.len()).expect("phrases are short");
                    slot.tag = Tag { length, ..*tag };
                }
            }
        }
        let bits = (slots.len() * 2).next_power_of_two().trailing_zeros().max(1);
        let terms = slots.values().filter(|slot| slot.tag.role != Role::Plain).count();
        let slots_free = vec![Slot::default(); 1 << bits];
        let known = vec![0; KNOWN_BITS / 64];
        let mut table = Self { slots: slots_free, shift: 64 - bits, known, terms };
        for (words, _) in entries {
            let (at, bit) = known_bit(words[0]);
            table.known[at] |= bit;
        }
        for slot in slots.into_values() {
            let at = table.find(slot.hash);
            table.slots[at] = slot;
        }
        table
    }

    pub(super) fn terms(&self) -> usize {
        self.terms
    }

    /// Finds the longest term at the start of `words`, and how many words it covers.
    pub(super) fn longest(&self, words: &[Word]) -> (Tag, usize) {
        let mut best = Tag::default();
        let mut hash = 0;
        if !words.first().is_some_and(|word| self.may_know(word.hash)) {
            return (best, 0);
        }
        for (index, word) in words.iter().take(PHRASE_MAX).enumerate() {
            hash = if index == 0 { word.hash } else { join(hash, word.hash) };
            let slot = &self.slots[self.find(hash)];
            if slot.hash == 0 {
                break;
            }
            if slot.tag.role != Role::Plain {
                best = slot.tag;
            }
            if !slot.begins {
                break;
            }
        }
        (best, usize::from(best.length))
    }

    fn may_know(&self, hash: u64) -> bool {
        let (at, bit) = known_bit(hash);
        self.known[at] & bit != 0
    }

    /// The slot of a hash, or the free slot where it would stand; at least half of the slots are free.
    fn find(&self, hash: u64) -> usize {
        let mask = self.slots.len() - 1;
        let spread = hash.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> self.shift;
        let mut at = usize::try_from(spread).expect("fewer slots than addresses");
        while self.slots[at].hash != 0 && self.slots[at].hash != hash {
            at = (at + 1) & mask;
        }
        at
    }
}

/// Where the bit of a first word stands.
fn known_bit(hash: u64) -> (usize, u64) {
    let at = usize::try_from(hash >> 32).expect("half a word is an address") % KNOWN_BITS;
    (at / 64, 1 << (at % 64))
}

fn parse_section(line: &str) -> Option<Tag> {
    let inner = line.strip_prefix('[')?.strip_suffix(']')?;
    let mut parts = inner.split(' ');
    let role = match parts.next()? {
        "good" => Role::Good,
        "bad" => Role::Bad,
        "up" => Role::Up,
        "down" => Role::Down,
        "burden" => Role::Burden,
        "not" => Role::Not,
        "more" => Role::More,
        "less" => Role::Less,
        "but" => Role::But,
        _ => return None,
    };
    let strength = parts.next().map_or(Some(0), |it| it.parse().ok().filter(|it| *it <= 3))?;
    Some(Tag { role, strength, length: 0 })
}

/// Writes out every combination of a line's alternatives.
fn expand(line: &str) -> Option<Vec<Vec<u64>>> {
    let mut phrases = vec![Vec::new()];
    for slot in line.split(' ') {
        let words: Vec<u64> = slot.split('/').map(hash_of).collect();
        if slot.split('/').any(str::is_empty) || LINE_TERMS_MAX < phrases.len() * words.len() {
            return None;
        }
        let longer = |phrase: &Vec<u64>, word: u64| phrase.iter().copied().chain([word]).collect();
        phrases =
            phrases.iter().flat_map(|it| words.iter().map(move |word| longer(it, *word))).collect();
    }
    (phrases[0].len() <= PHRASE_MAX).then_some(phrases)
}
