//! The frame around every record.
//!
//! ```text
//! crc32c u32 | length u32 | link 16 | seq u64 | kind u16 | version u16 | at i64 | payload
//!            '------------------------ covered by the checksum -------------------------'
//!                                   '------- body: covered by the chain ------------'
//! ```
//!
//! `length` counts the whole frame, so that a page of zeros is no frame. `link` is the front of the
//! chain after this record: BLAKE3 of the body, keyed with the whole chain before it. The chain
//! covers records and nothing else, so equal records give equal receipts on any machine.
//!
//! A *mark* is a frame of kind 0 without payload that repeats the last record's sequence and link.
//! It is written after every sync and says that everything before it was durable. Damage in front
//! of a mark is therefore damage and not a torn tail, even in the very last record.

use std::fmt;
use std::ops::Range;

use backsight_domain::event::Entry;
use backsight_domain::id::Seq;
use backsight_domain::time::Time;

use crate::codec::{self, Payload, Undecodable};
use crate::log::{Record, Stamped};

/// Bytes before the payload.
pub(crate) const HEAD: usize = 44;
/// Where the link stands.
pub(crate) const LINK: Range<usize> = 8..24;
/// Where the body begins.
pub(crate) const BODY: usize = LINK.end;
/// Bytes of the longest frame.
const FRAME_MAX: usize = 1 << 20;
/// The kind of a mark.
pub(crate) const MARK: u16 = 0;

/// The running hash over all records so far: a journal's receipt.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Chain(pub [u8; 32]);

impl Chain {
    /// The chain before the first record.
    pub const START: Self = Self([0; 32]);

    /// The chain after a record with this body.
    pub(crate) fn after(&self, body: &[u8]) -> Self {
        Self(*blake3::keyed_hash(&self.0, body).as_bytes())
    }

    /// The part that a frame carries.
    pub(crate) fn link(&self) -> [u8; 16] {
        *self.0.first_chunk().expect("sixteen is less than thirty-two")
    }
}

impl fmt::Display for Chain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Chain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

crate::wire_newtype!(Chain([u8; 32]));

/// What the head of a frame says beside its length, link and checksum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Head {
    pub(crate) seq: Seq,
    pub(crate) kind: u16,
    pub(crate) version: u16,
    pub(crate) at: Time,
}

impl Head {
    /// Decodes a record; `chain` is the chain after it.
    pub(crate) fn stamped(&self, payload: &[u8], chain: Chain) -> Result<Stamped, Undecodable> {
        let (seq, at) = (self.seq, self.at);
        let record = match codec::decode(self.version, self.kind, payload)? {
            Payload::Event(event) => Record::Entry(Entry { seq, at, event }),
            Payload::Decision(decision) => Record::Decision(decision),
        };
        Ok(Stamped { seq, at, chain, record })
    }
}

/// One frame as it stands in a segment, its checksum verified.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Frame<'a> {
    pub(crate) head: Head,
    pub(crate) body: &'a [u8],
    pub(crate) payload: &'a [u8],
}

/// The length that the frame at the front of `bytes` claims; `None` when no frame has it.
pub(crate) fn claimed_length(bytes: &[u8]) -> Option<usize> {
    let field = bytes.get(4..8)?.first_chunk()?;
    let length = usize::try_from(u32::from_le_bytes(*field)).ok()?;
    (HEAD..=FRAME_MAX).contains(&length).then_some(length)
}

impl<'a> Frame<'a> {
    /// The frame at the front of `bytes`; `None` when it is not whole.
    pub(crate) fn parse(bytes: &'a [u8]) -> Option<Self> {
        let frame = bytes.get(..claimed_length(bytes)?)?;
        let (checksum, covered) = frame.split_first_chunk()?;
        let holds = u32::from_le_bytes(*checksum) == crc32c::crc32c(covered);
        Self::fields(frame).filter(|frame| holds && frame.head.seq != Seq(0))
    }

    /// Bytes of the whole frame.
    pub(crate) const fn length(&self) -> usize {
        HEAD + self.payload.len()
    }

    fn fields(frame: &'a [u8]) -> Option<Self> {
        let body = frame.get(BODY..)?;
        let (seq, rest) = body.split_first_chunk()?;
        let (kind, rest) = rest.split_first_chunk()?;
        let (version, rest) = rest.split_first_chunk()?;
        let (at, payload) = rest.split_first_chunk()?;
        let head = Head {
            seq: Seq(u64::from_le_bytes(*seq)),
            kind: u16::from_le_bytes(*kind),
            version: u16::from_le_bytes(*version),
            at: Time::from_nanos(i64::from_le_bytes(*at)),
        };
        Some(Self { head, body, payload })
    }
}

/// Where a frame being written starts.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Start(usize);

impl Start {
    /// Bytes of payload that `out` holds since.
    pub(crate) const fn payload(self, out: &[u8]) -> usize {
        out.len() - self.0 - HEAD
    }
}

/// Makes room for a head; the payload is appended after it.
pub(crate) fn begin(out: &mut Vec<u8>) -> Start {
    let start = out.len();
    out.resize(start + HEAD, 0);
    Start(start)
}

/// Fills in the head of the frame that ends `out` and returns the chain after it.
///
/// `None` when the frame is too long; it is taken back.
pub(crate) fn seal(start: Start, head: Head, before: &Chain, out: &mut Vec<u8>) -> Option<Chain> {
    let frame = &mut out[start.0..];
    let length = u32::try_from(frame.len()).ok().filter(|_| frame.len() <= FRAME_MAX);
    let Some(length) = length else {
        out.truncate(start.0);
        return None;
    };
    frame[BODY..BODY + 8].copy_from_slice(&head.seq.0.to_le_bytes());
    frame[BODY + 8..BODY + 10].copy_from_slice(&head.kind.to_le_bytes());
    frame[BODY + 10..BODY + 12].copy_from_slice(&head.version.to_le_bytes());
    frame[BODY + 12..BODY + 20].copy_from_slice(&head.at.nanos().to_le_bytes());
    let chain = if head.kind == MARK { *before } else { before.after(&frame[BODY..]) };
    frame[LINK].copy_from_slice(&chain.link());
    frame[4..8].copy_from_slice(&length.to_le_bytes());
    let checksum = crc32c::crc32c(&frame[4..]);
    frame[..4].copy_from_slice(&checksum.to_le_bytes());
    Some(chain)
}
