//! A piece of one segment in memory, moved forward frame by frame.

use backsight_domain::id::Seq;

use crate::disk::Disk;
use crate::frame::{BODY, Frame, HEAD, Head, LINK, claimed_length};
use crate::log::StorageFault;
use crate::segment::{self, HEADER, Header, HeaderFlaw};

/// Bytes held in memory, unless a frame is longer.
const WINDOW: usize = 128 << 10;

/// A piece of one segment, beginning with the current frame.
#[derive(Debug)]
pub(super) struct Window<'d, D> {
    disk: &'d D,
    number: u64,
    name: String,
    buffer: Vec<u8>,
    /// Where the current frame begins in the buffer.
    start: usize,
    /// Where the bytes that were read end in the buffer.
    end: usize,
    /// Where the current frame begins in the file.
    offset: u64,
    /// Bytes of the current frame; zero when it was not read.
    current: usize,
}

/// Why there is no next frame.
#[derive(Debug)]
pub(super) enum WindowFault {
    Storage(StorageFault),
    /// The bytes are no frame.
    Frame,
}

impl<D> Window<'_, D> {
    pub(super) const fn number(&self) -> u64 {
        self.number
    }

    /// Where the current frame begins in the file.
    pub(super) const fn offset(&self) -> u64 {
        self.offset
    }

    /// The current frame.
    pub(super) fn frame(&self) -> &[u8] {
        &self.buffer[self.start..self.start + self.current]
    }

    pub(super) fn body(&self) -> &[u8] {
        &self.frame()[BODY..]
    }

    pub(super) fn link(&self) -> &[u8] {
        &self.frame()[LINK]
    }
}

impl<'d, D: Disk> Window<'d, D> {
    pub(super) fn new(disk: &'d D, number: u64) -> Self {
        let name = segment::name(number);
        Self { disk, number, name, buffer: Vec::new(), start: 0, end: 0, offset: 0, current: 0 }
    }

    /// Reads the header and moves behind it.
    pub(super) fn header(&mut self) -> Result<Result<Header, HeaderFlaw>, StorageFault> {
        let mut bytes = [0; HEADER];
        let read = self.read(0, &mut bytes)?;
        let header = Header::parse(&bytes[..read]);
        if header.is_ok() {
            self.offset = HEADER as u64;
        }
        Ok(header)
    }

    /// Forgets what was read behind the current frame, for it may be written by now.
    pub(super) fn forget(&mut self) {
        self.end = self.start + self.current;
    }

    /// Moves to the next frame and checks it; `None` at the end of the file.
    pub(super) fn next_frame(&mut self) -> Result<Option<Head>, WindowFault> {
        self.start += self.current;
        self.offset += self.current as u64;
        self.current = 0;
        let available = self.fill(HEAD).map_err(WindowFault::Storage)?;
        if available == 0 {
            return Ok(None);
        }
        let claimed = claimed_length(&self.buffer[self.start..self.end]);
        let length = claimed.ok_or(WindowFault::Frame)?;
        self.fill(length).map_err(WindowFault::Storage)?;
        let frame = Frame::parse(&self.buffer[self.start..self.end]).ok_or(WindowFault::Frame)?;
        self.current = length;
        Ok(Some(frame.head))
    }

    /// Bytes of the whole file.
    pub(super) fn length(&self) -> Result<u64, StorageFault> {
        self.disk
            .length(&self.name)
            .map_err(|fault| StorageFault::new("measure", &self.name, fault))
    }

    /// Whether a whole frame that can follow `last` begins anywhere behind the current place.
    pub(super) fn holds_frame_behind(&self, last: Seq) -> Result<bool, StorageFault> {
        let left = usize::try_from(self.length()?.saturating_sub(self.offset)).unwrap_or(0);
        let mut rest = vec![0; left];
        let read = self.read(self.offset, &mut rest)?;
        let rest = &rest[..read];
        let seqs = last.0.max(1)..=last.0.saturating_add(1 + (read / HEAD) as u64);
        let follows = |at: &usize| {
            let seq = rest.get(at + BODY..).and_then(<[u8]>::first_chunk);
            seq.is_some_and(|seq| seqs.contains(&u64::from_le_bytes(*seq)))
                && Frame::parse(&rest[*at..]).is_some()
        };
        Ok((1..read).any(|at| follows(&at)))
    }

    /// Makes `count` bytes available if the file has them; returns how many are.
    fn fill(&mut self, count: usize) -> Result<usize, StorageFault> {
        if self.end - self.start < count {
            let usual = usize::try_from(self.length()?).map_or(WINDOW, |file| file.min(WINDOW));
            self.buffer.resize(self.buffer.len().max(count).max(usual), 0);
            self.buffer.copy_within(self.start..self.end, 0);
            (self.start, self.end) = (0, self.end - self.start);
            let offset = self.offset + self.end as u64;
            let (name, space) = (&self.name, &mut self.buffer[self.end..]);
            let read = self.disk.read_at(name, offset, space);
            self.end += read.map_err(|fault| StorageFault::new("read", name, fault))?;
        }
        Ok(self.end - self.start)
    }

    fn read(&self, offset: u64, buffer: &mut [u8]) -> Result<usize, StorageFault> {
        let read = self.disk.read_at(&self.name, offset, buffer);
        read.map_err(|fault| StorageFault::new("read", &self.name, fault))
    }
}
