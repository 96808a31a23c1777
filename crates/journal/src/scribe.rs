//! What every log has: the next sequence, the chain, and the way from a record to a frame.

use backsight_domain::decision::Decision;
use backsight_domain::event::Entry;
use backsight_domain::id::Seq;
use backsight_domain::time::Time;

use crate::codec;
use crate::frame::{self, Chain, Head, MARK, Start};
use crate::log::LogFault;

/// The end of a journal, as far as it was encoded.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scribe {
    /// The last record; zero before the first.
    pub(crate) last: Seq,
    /// The chain after it.
    pub(crate) chain: Chain,
    /// When it was received.
    pub(crate) at: Time,
}

impl Scribe {
    /// Before the first record.
    pub(crate) const START: Self =
        Self { last: Seq(0), chain: Chain::START, at: Time::from_nanos(0) };

    /// Appends the frame of an entry.
    pub(crate) fn entry(&mut self, entry: &Entry, out: &mut Vec<u8>) -> Result<(), LogFault> {
        assert_eq!(entry.seq, self.last.next(), "entries are numbered without gaps");
        let start = frame::begin(out);
        let kind = codec::encode_event(&entry.event, out);
        self.seal(start, kind, entry.at, out)
    }

    /// Appends the frame of a decision.
    pub(crate) fn decision(
        &mut self,
        seq: Seq,
        decision: &Decision,
        out: &mut Vec<u8>,
    ) -> Result<(), LogFault> {
        assert_eq!(seq, self.last.next(), "records are numbered without gaps");
        assert_eq!(decision.cause, self.last, "a decision follows its entry");
        let start = frame::begin(out);
        let kind = codec::encode_decision(decision, out);
        self.seal(start, kind, self.at, out)
    }

    /// Appends a mark: everything before it is durable.
    pub(crate) fn mark(&self, out: &mut Vec<u8>) {
        let start = frame::begin(out);
        let head = Head { seq: self.last, kind: MARK, version: codec::VERSION, at: self.at };
        frame::seal(start, head, &self.chain, out).expect("a mark has no payload");
    }

    fn seal(
        &mut self,
        start: Start,
        kind: u16,
        at: Time,
        out: &mut Vec<u8>,
    ) -> Result<(), LogFault> {
        let seq = self.last.next();
        let bytes = start.payload(out);
        let head = Head { seq, kind, version: codec::VERSION, at };
        let chain = frame::seal(start, head, &self.chain, out);
        self.chain = chain.ok_or(LogFault::TooLarge { seq, bytes })?;
        (self.last, self.at) = (seq, at);
        Ok(())
    }
}
