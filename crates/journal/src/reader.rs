//! Reading a journal from its segments, in order, with bounded memory.
//!
//! Every frame is checked before it is believed: checksum, sequence, chain, and the header's link
//! to the segment before. Bytes at the end of the last segment that are no frame, with no whole
//! frame behind them, are a *torn tail*: the trace of a write that nobody was promised. Anything
//! else that is wrong is damage, and damage is refused with its place and never repaired here.

mod window;

use std::fmt;

use backsight_domain::id::Seq;

use crate::codec::Undecodable;
use crate::disk::Disk;
use crate::frame::{Chain, HEAD, Head, MARK};
use crate::log::{Stamped, StorageFault};
use crate::scribe::Scribe;
use crate::segment::{self, Header, HeaderFlaw};

use self::window::{Window, WindowFault};

/// Why a journal cannot be read.
#[derive(Clone, Debug, thiserror::Error)]
pub enum ReadFault {
    /// The disk failed.
    #[error(transparent)]
    Storage(#[from] StorageFault),
    /// The journal is damaged.
    #[error(transparent)]
    Damage(#[from] Damage),
}

/// A place where a journal is not what was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Damage {
    /// The file.
    pub segment: Box<str>,
    /// The byte at which the bad part begins.
    pub offset: u64,
    /// The last record before it.
    pub after: Seq,
    /// What is wrong.
    pub flaw: Flaw,
}

/// What is wrong at a damaged place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// The file is missing.
    Missing,
    /// The header is broken.
    Header,
    /// The header is of a format that this build does not know.
    UnknownFormat(u16),
    /// The header does not continue the segment before.
    Unlinked,
    /// There is no whole frame, and something follows.
    Frame,
    /// A frame is whole and has another sequence than the next.
    Sequence(Seq),
    /// A frame is whole and does not continue the chain.
    Chain,
    /// A record cannot be decoded.
    Undecodable(Undecodable),
}

/// The end of the last segment when its last write was not finished.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Torn {
    /// The byte at which the unfinished part begins; 0 when the header itself is unfinished.
    pub offset: u64,
    /// How many bytes it has.
    pub bytes: u64,
}

/// A journal's records in order.
#[derive(Debug)]
pub struct Reader<'d, D> {
    disk: &'d D,
    /// The number of the last segment; zero when there is none.
    last_segment: u64,
    /// The number of the current segment; zero before the first.
    segment: u64,
    window: Option<Window<'d, D>>,
    end: Scribe,
    torn: Option<Torn>,
    is_done: bool,
    /// Bytes of the frames that were read.
    bytes: u64,
}

impl<'d, D: Disk> Reader<'d, D> {
    /// Reads from the first record on.
    ///
    /// # Errors
    /// Returns a failing disk or a missing segment.
    pub fn open(disk: &'d D) -> Result<Self, ReadFault> {
        Self::starting_at(disk, None)
    }

    /// Reads from the first record behind `seq` on; earlier segments are checked by their headers
    /// only.
    ///
    /// # Errors
    /// Returns a failing disk, or damage before that record.
    pub fn after(disk: &'d D, seq: Seq) -> Result<Self, ReadFault> {
        let mut reader = Self::starting_at(disk, Some(seq))?;
        reader.skip_to(seq)?;
        Ok(reader)
    }

    /// Reads from the segment that holds `seq`; earlier ones are checked by their headers only.
    pub(crate) fn near(disk: &'d D, seq: Seq) -> Result<Self, ReadFault> {
        Self::starting_at(disk, Some(seq))
    }

    fn starting_at(disk: &'d D, seq: Option<Seq>) -> Result<Self, ReadFault> {
        let numbers = numbers(disk)?;
        let end = Scribe::START;
        let mut reader = Self {
            disk,
            last_segment: numbers.last().copied().unwrap_or(0),
            segment: 0,
            window: None,
            end,
            torn: None,
            is_done: false,
            bytes: 0,
        };
        expect_all(&numbers, &end)?;
        if let Some(seq) = seq {
            reader.skip_before(seq)?;
        }
        Ok(reader)
    }

    /// Passes over the segments that end before `seq`.
    fn skip_before(&mut self, seq: Seq) -> Result<(), ReadFault> {
        for number in 1..=self.last_segment {
            let header = match Window::new(self.disk, number).header()? {
                Ok(header) => header,
                // Whether an unfinished header is damage is decided when it is entered.
                Err(HeaderFlaw::Broken) if number == self.last_segment => return Ok(()),
                Err(flaw) => return Err(damage(number, 0, &self.end, flaw.into()).into()),
            };
            if header.number != number || header.first <= self.end.last {
                return Err(damage(number, 0, &self.end, Flaw::Unlinked).into());
            }
            if seq < header.first {
                return Ok(());
            }
            self.segment = number - 1;
            self.end.last = Seq(header.first.0 - 1);
            self.end.chain = header.chain;
        }
        Ok(())
    }

    /// Checks the next record and moves behind it; `None` at the end.
    pub(crate) fn advance(&mut self) -> Result<Option<Head>, ReadFault> {
        while !self.is_done {
            let Some(window) = &mut self.window else {
                self.enter()?;
                continue;
            };
            match window.next_frame() {
                Ok(None) => self.leave(),
                Ok(Some(head)) => {
                    if self.believe(head)? {
                        return Ok(Some(head));
                    }
                }
                Err(WindowFault::Storage(fault)) => return Err(fault.into()),
                Err(WindowFault::Frame) => self.end_torn(Flaw::Frame)?,
            }
        }
        Ok(None)
    }

    /// Checks records until behind `seq` and returns the chain there; `None` when the end is before.
    pub(crate) fn skip_to(&mut self, seq: Seq) -> Result<Option<Chain>, ReadFault> {
        while self.end.last < seq {
            if self.advance()?.is_none() {
                return Ok(None);
            }
        }
        Ok(Some(self.end.chain))
    }

    /// The record that [`Self::advance`] moved behind.
    pub(crate) fn stamped(&self, head: Head) -> Result<Stamped, ReadFault> {
        let window = self.window.as_ref().expect("a record was just read");
        let undecodable = |why| damage_in(window, &self.end, Flaw::Undecodable(why));
        Ok(head.stamped(&window.frame()[HEAD..], self.end.chain).map_err(undecodable)?)
    }

    /// Where the journal ends so far.
    pub(crate) const fn end(&self) -> Scribe {
        self.end
    }

    /// The number of the segment that was read last; zero when there is none.
    pub(crate) const fn segment(&self) -> u64 {
        self.segment
    }

    /// Looks again behind the end: records that were written meanwhile follow. Who follows a journal
    /// that somebody else writes calls it whenever the records are over. An unfinished end is read
    /// anew, for the write may have been finished or cut since; and so is damage, which a write that
    /// is under way can look like.
    ///
    /// # Errors
    /// Returns a failing disk or a missing segment.
    pub fn resume(&mut self) -> Result<(), ReadFault> {
        if !self.is_done {
            return Ok(());
        }
        let numbers = numbers(self.disk)?;
        self.last_segment = numbers.last().copied().unwrap_or(0);
        expect_all(&numbers, &self.end)?;
        if self.torn.take().is_some_and(|torn| torn.offset == 0) {
            // Its header was not whole: it is entered once more.
            self.window = None;
            self.segment -= 1;
        }
        if let Some(window) = &mut self.window {
            window.forget();
        }
        self.is_done = false;
        Ok(())
    }

    /// Bytes of the frames that were read.
    pub const fn bytes(&self) -> u64 {
        self.bytes
    }

    /// The unfinished end, once everything was read; `None` when the last write was finished.
    pub const fn torn(&self) -> Option<Torn> {
        self.torn
    }

    fn enter(&mut self) -> Result<(), ReadFault> {
        if self.segment == self.last_segment {
            self.is_done = true;
            return Ok(());
        }
        self.segment += 1;
        let mut window = Window::new(self.disk, self.segment);
        let header = window.header()?;
        self.window = Some(window);
        match header {
            Ok(header) if self.continues(&header) => Ok(()),
            Ok(_) => Err(damage(self.segment, 0, &self.end, Flaw::Unlinked).into()),
            Err(HeaderFlaw::Broken) => self.end_torn(Flaw::Header),
            Err(flaw) => Err(damage(self.segment, 0, &self.end, flaw.into()).into()),
        }
    }

    fn continues(&self, header: &Header) -> bool {
        let next =
            Header { number: self.segment, first: self.end.last.next(), chain: self.end.chain };
        *header == next
    }

    /// The segment is over. The last one stays open, for it may grow.
    fn leave(&mut self) {
        if self.segment == self.last_segment {
            self.is_done = true;
        } else {
            self.window = None;
        }
    }

    /// Checks a whole frame against what came before; false for a mark.
    fn believe(&mut self, head: Head) -> Result<bool, ReadFault> {
        let window = self.window.as_ref().expect("a frame was just read");
        let is_mark = head.kind == MARK;
        let expected = if is_mark { self.end.last } else { self.end.last.next() };
        if head.seq != expected {
            return Err(damage_in(window, &self.end, Flaw::Sequence(head.seq)).into());
        }
        let chain = if is_mark { self.end.chain } else { self.end.chain.after(window.body()) };
        if chain.link() != window.link() {
            return Err(damage_in(window, &self.end, Flaw::Chain).into());
        }
        self.bytes += window.frame().len() as u64;
        if !is_mark {
            self.end = Scribe { last: head.seq, chain, at: head.at };
        }
        Ok(!is_mark)
    }

    /// Ends the journal here, if what is here can be an unfinished write.
    fn end_torn(&mut self, flaw: Flaw) -> Result<(), ReadFault> {
        let window = self.window.as_ref().expect("a bad frame was just read");
        let is_tail = self.segment == self.last_segment;
        if !is_tail || window.holds_frame_behind(self.end.last)? {
            return Err(damage_in(window, &self.end, flaw).into());
        }
        let offset = window.offset();
        self.torn = Some(Torn { offset, bytes: window.length()? - offset });
        self.is_done = true;
        Ok(())
    }
}

impl<D: Disk> Iterator for Reader<'_, D> {
    type Item = Result<Stamped, ReadFault>;

    fn next(&mut self) -> Option<Self::Item> {
        let record =
            self.advance().and_then(|head| head.map(|head| self.stamped(head)).transpose());
        self.is_done |= record.is_err();
        record.transpose()
    }
}

/// The numbers of all segments, in order.
fn numbers(disk: &impl Disk) -> Result<Vec<u64>, StorageFault> {
    let names = disk.list().map_err(|fault| StorageFault::new("list", ".", fault))?;
    Ok(names.iter().filter_map(|name| segment::number(name)).collect())
}

/// Refuses a journal in which a segment is missing.
fn expect_all(numbers: &[u64], end: &Scribe) -> Result<(), Damage> {
    match (1..).zip(numbers).find(|(expected, found)| expected != *found) {
        Some((missing, _)) => Err(damage(missing, 0, end, Flaw::Missing)),
        None => Ok(()),
    }
}

fn damage(number: u64, offset: u64, end: &Scribe, flaw: Flaw) -> Damage {
    Damage { segment: segment::name(number).into(), offset, after: end.last, flaw }
}

fn damage_in<D>(window: &Window<'_, D>, end: &Scribe, flaw: Flaw) -> Damage {
    damage(window.number(), window.offset(), end, flaw)
}

impl From<HeaderFlaw> for Flaw {
    fn from(flaw: HeaderFlaw) -> Self {
        match flaw {
            HeaderFlaw::Broken => Self::Header,
            HeaderFlaw::UnknownFormat(format) => Self::UnknownFormat(format),
        }
    }
}

impl std::error::Error for Damage {}

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { segment, offset, after, flaw } = self;
        write!(f, "`{segment}` is damaged at byte `{offset}`, after record `{after}`: {flaw}; ")?;
        f.write_str(match flaw {
            Flaw::UnknownFormat(_) | Flaw::Undecodable(_) => {
                "nothing was changed: start the build that wrote it"
            }
            Flaw::Missing
            | Flaw::Header
            | Flaw::Unlinked
            | Flaw::Frame
            | Flaw::Sequence(_)
            | Flaw::Chain => "nothing was changed: put this file back from a copy",
        })
    }
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("the file is missing"),
            Self::Header => f.write_str("the header is broken"),
            Self::UnknownFormat(format) => write!(f, "format `{format}` is not known"),
            Self::Unlinked => f.write_str("it does not continue the file before"),
            Self::Frame => f.write_str("no whole record is here, and more follows"),
            Self::Sequence(seq) => write!(f, "record `{seq}` is not the next"),
            Self::Chain => f.write_str("the record does not continue the chain"),
            Self::Undecodable(why) => write!(f, "the record cannot be decoded, {why}"),
        }
    }
}

#[cfg(test)]
mod tests;
