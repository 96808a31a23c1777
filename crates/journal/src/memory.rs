//! A journal in memory, for simulations and back-tests.

use backsight_domain::decision::Decision;
use backsight_domain::event::Entry;
use backsight_domain::id::Seq;
use backsight_domain::time::Time;

use crate::frame::{Chain, Frame};
use crate::log::{Flush, Latch, Log, LogFault, Stamped};
use crate::scribe::Scribe;

/// A journal in memory. Nothing it does can fail but a record that is too large.
#[derive(Clone, Debug)]
pub struct MemoryLog {
    scribe: Scribe,
    frames: Vec<u8>,
    keeps: bool,
    latch: Latch,
}

impl Default for MemoryLog {
    fn default() -> Self {
        Self::new()
    }
}

impl MemoryLog {
    /// A journal that keeps its records.
    pub const fn new() -> Self {
        Self { scribe: Scribe::START, frames: Vec::new(), keeps: true, latch: Latch::OPEN }
    }

    /// A journal that keeps only the chain: a back-test's receipt without its bytes.
    pub const fn digest_only() -> Self {
        Self { scribe: Scribe::START, frames: Vec::new(), keeps: false, latch: Latch::OPEN }
    }

    /// The records in order; none when only the digest is kept.
    pub fn records(&self) -> impl Iterator<Item = Stamped> {
        let mut rest = if self.keeps { self.frames.as_slice() } else { &[] };
        let mut chain = Chain::START;
        std::iter::from_fn(move || {
            if rest.is_empty() {
                return None;
            }
            let frame = Frame::parse(rest).expect("a frame in memory is whole");
            rest = &rest[frame.length()..];
            chain = chain.after(frame.body);
            Some(frame.head.stamped(frame.payload, chain).expect("this build wrote the record"))
        })
    }

    /// Bytes of all frames that are kept.
    pub const fn bytes(&self) -> usize {
        if self.keeps { self.frames.len() } else { 0 }
    }

    fn append(
        &mut self,
        write: impl FnOnce(&mut Scribe, &mut Vec<u8>) -> Result<(), LogFault>,
    ) -> Result<(), LogFault> {
        self.latch.check()?;
        if !self.keeps {
            self.frames.clear();
        }
        let outcome = write(&mut self.scribe, &mut self.frames);
        self.latch.keep(outcome)
    }
}

impl Log for MemoryLog {
    fn next_seq(&self) -> Seq {
        self.scribe.last.next()
    }

    fn append_entry(&mut self, entry: &Entry) -> Result<(), LogFault> {
        self.append(|scribe, frames| scribe.entry(entry, frames))
    }

    fn append_decision(&mut self, seq: Seq, decision: &Decision) -> Result<(), LogFault> {
        self.append(|scribe, frames| scribe.decision(seq, decision, frames))
    }

    fn flush(&mut self, _class: Flush) -> Result<(), LogFault> {
        self.latch.check()
    }

    fn maintain(&mut self, _now: Time) -> Result<(), LogFault> {
        self.latch.check()
    }

    fn due(&self) -> Option<Time> {
        None
    }

    fn chain(&self) -> Chain {
        self.scribe.chain
    }
}

#[cfg(test)]
mod tests;
