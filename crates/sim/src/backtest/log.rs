//! The journal of a back-test: decisions and answers in full, bars by reference.

use backsight_domain::decision::Decision;
use backsight_domain::event::{Entry, Event};
use backsight_domain::id::Seq;
use backsight_domain::time::Time;
use backsight_journal::{Chain, Flush, Log, LogFault, codec};

/// A journal that keeps its receipt only. A minute is written as its number on a tape, whose own
/// digest opens the journal, so the receipt covers every bar without encoding one.
///
/// The receipt is BLAKE3 of the records one after another, fed in large pieces: hashing thousands
/// of small records one by one would cost more than deciding them.
#[derive(Clone, Debug)]
pub struct BacktestLog {
    hasher: blake3::Hasher,
    pending: Vec<u8>,
    last: Seq,
    minutes: u32,
    bytes: u64,
}

/// Bytes that are hashed at once.
const PIECE: usize = 32 * 1024;

/// What a record begins with.
const MINUTE: u8 = 0;
const ENTRY: u8 = 1;
const DECISION: u8 = 2;

impl BacktestLog {
    /// The journal of a run over the tape with this digest.
    pub fn over(tape: [u8; 32]) -> Self {
        let mut pending = Vec::with_capacity(2 * PIECE);
        pending.extend(tape);
        Self { hasher: blake3::Hasher::new(), pending, last: Seq(0), minutes: 0, bytes: 0 }
    }

    /// Bytes of all records.
    pub fn bytes(&self) -> u64 {
        self.bytes + self.pending.len() as u64
    }

    fn settle(&mut self) {
        self.last = self.last.next();
        if PIECE <= self.pending.len() {
            // Whole pieces only: they are whole subtrees of the hash, whose chunks go side by side.
            let whole = self.pending.len() / PIECE * PIECE;
            self.bytes += whole as u64;
            self.hasher.update(&self.pending[..whole]);
            self.pending.drain(..whole);
        }
    }
}

impl Log for BacktestLog {
    fn next_seq(&self) -> Seq {
        self.last.next()
    }

    fn append_entry(&mut self, entry: &Entry) -> Result<(), LogFault> {
        let out = &mut self.pending;
        if let Event::Minute(_) = entry.event {
            out.push(MINUTE);
            out.extend(self.minutes.to_le_bytes());
            self.minutes += 1;
        } else {
            out.push(ENTRY);
            out.extend(entry.at.nanos().to_le_bytes());
            let kind_at = out.len();
            out.extend([0; 2]);
            let kind = codec::encode_event(&entry.event, out);
            out[kind_at..kind_at + 2].copy_from_slice(&kind.to_le_bytes());
        }
        self.settle();
        Ok(())
    }

    fn append_decision(&mut self, _seq: Seq, decision: &Decision) -> Result<(), LogFault> {
        self.pending.push(DECISION);
        codec::encode_decision(decision, &mut self.pending);
        self.settle();
        Ok(())
    }

    fn flush(&mut self, _class: Flush) -> Result<(), LogFault> {
        Ok(())
    }

    fn maintain(&mut self, _now: Time) -> Result<(), LogFault> {
        Ok(())
    }

    fn due(&self) -> Option<Time> {
        None
    }

    fn chain(&self) -> Chain {
        Chain(*self.hasher.clone().update(&self.pending).finalize().as_bytes())
    }
}
