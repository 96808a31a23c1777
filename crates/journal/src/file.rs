//! The journal in segments on a disk, and the one real disk.
//!
//! Opening takes the writer's lock, reads what is there, cuts an unfinished end, and makes what was
//! read durable before anything is decided on it. Appending encodes into one buffer; a full buffer
//! is written, and only a flush waits for the disk. A new segment is begun after the old one was
//! synced, so that only the last can have an unfinished end.

mod real;

use backsight_domain::decision::Decision;
use backsight_domain::event::Entry;
use backsight_domain::id::Seq;
use backsight_domain::time::Time;

pub use self::real::RealDisk;
use crate::disk::Disk;
use crate::frame::Chain;
use crate::log::{Flush, Latch, Log, LogFault, Stamped, StorageFault};
use crate::reader::{ReadFault, Reader, Torn};
use crate::scribe::Scribe;
use crate::segment::{self, HEADER, Header};
use crate::snapshot::{self, Snapshot, SnapshotFlaw};

/// Bytes that are encoded before they are written without being asked for.
const BUFFER: usize = 1 << 20;

/// How a journal is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Bytes after which a new segment is begun.
    pub segment_bytes: u64,
    /// The build that writes; at most 64 bytes of it are kept.
    pub build: Box<str>,
    /// The schema of the state in snapshots; `None` to use no snapshots.
    pub schema: Option<Box<str>>,
}

impl Settings {
    /// Segments of 64 MiB, and no snapshots.
    pub fn new(build: &str) -> Self {
        Self { segment_bytes: 64 << 20, build: build.into(), schema: None }
    }
}

/// What an existing journal gives while it is opened, in this order.
#[derive(Clone, Debug, PartialEq)]
pub enum Recovered {
    /// A state to go on from; at most one, and first.
    Snapshot(Snapshot),
    /// A record that the state has not seen.
    Record(Stamped),
}

/// What opening a journal found.
#[derive(Clone, Debug, Default)]
pub struct Opening {
    /// The record after which the snapshot was taken that was used.
    pub snapshot: Option<Seq>,
    /// Records that were read after it.
    pub records: u64,
    /// The unfinished end that was cut.
    pub cut: Option<Torn>,
    /// Snapshots that were passed over, newest first, and why.
    pub passed_over: Vec<(String, SnapshotFlaw)>,
}

/// A journal in segments on a disk.
#[derive(Debug)]
pub struct FileLog<D> {
    disk: D,
    settings: Settings,
    scribe: Scribe,
    /// Frames that were not written.
    buffer: Vec<u8>,
    number: u64,
    name: String,
    /// Bytes of the segment, written or not.
    length: u64,
    /// Whether records were appended since the last sync.
    is_unsynced: bool,
    due: Option<Time>,
    latch: Latch,
}

impl<D: Disk> FileLog<D> {
    /// Opens a journal, begun or not, and gives what it holds to `visit`.
    ///
    /// # Errors
    /// Returns another writer, a failing disk, or damage; the journal is then unchanged.
    pub fn open(
        mut disk: D,
        settings: Settings,
        mut visit: impl FnMut(Recovered),
    ) -> Result<(Self, Opening), ReadFault> {
        disk.lock().map_err(|fault| StorageFault::new("lock", ".", fault))?;
        let mut opening = Opening::default();
        let mut reader = find_start(&disk, &settings, &mut opening, &mut visit)?;
        for stamped in reader.by_ref() {
            visit(Recovered::Record(stamped?));
            opening.records += 1;
        }
        opening.cut = reader.torn();
        let (scribe, number) = (reader.end(), reader.segment());
        let mut log = Self {
            disk,
            settings,
            scribe,
            buffer: Vec::new(),
            number,
            name: segment::name(number),
            length: 0,
            is_unsynced: scribe.last != Seq(0),
            due: None,
            latch: Latch::OPEN,
        };
        log.resume(opening.cut)?;
        Ok((log, opening))
    }

    /// Writes a snapshot of the state after the last record.
    ///
    /// # Errors
    /// Returns why the journal stands still.
    ///
    /// # Panics
    /// Panics when the settings name no schema: nobody could use the snapshot.
    pub fn snapshot(&mut self, state: &[u8]) -> Result<(), LogFault> {
        // A snapshot of records that a crash could take back would be worth nothing.
        self.flush(Flush::A)?;
        let schema = self.settings.schema.clone();
        let schema = schema.expect("who takes snapshots has named the schema of the state");
        let Scribe { last, chain, .. } = self.scribe;
        let snapshot = Snapshot { seq: last, chain, schema, state: state.to_vec() };
        let outcome = snapshot::store(&mut self.disk, &snapshot);
        self.latch.keep(outcome)
    }

    /// Cuts an unfinished end and makes everything before it durable.
    fn resume(&mut self, cut: Option<Torn>) -> Result<(), StorageFault> {
        match cut {
            Some(Torn { offset: 0, .. }) => {
                self.attempt("remove", D::remove)?;
                self.number -= 1;
                self.name = segment::name(self.number);
            }
            Some(Torn { offset, .. }) => {
                self.attempt("cut", |disk, name| disk.truncate(name, offset))?;
            }
            None => {}
        }
        if self.number == 0 {
            return self.begin_segment(self.scribe);
        }
        self.length = self.attempt("measure", |disk, name| disk.length(name))?;
        self.attempt("sync", D::sync_data)?;
        self.attempt("sync the folder of", |disk, _| disk.sync_dir())?;
        self.write_mark()
    }

    fn attempt<T>(
        &mut self,
        attempt: &'static str,
        act: impl FnOnce(&mut D, &str) -> std::io::Result<T>,
    ) -> Result<T, StorageFault> {
        act(&mut self.disk, &self.name)
            .map_err(|fault| StorageFault::new(attempt, &self.name, fault))
    }

    /// Begins the segment whose first record follows `end`.
    fn begin_segment(&mut self, end: Scribe) -> Result<(), StorageFault> {
        self.number += 1;
        self.name = segment::name(self.number);
        let header = Header { number: self.number, first: end.last.next(), chain: end.chain };
        let header = header.bytes(&self.settings.build);
        self.attempt("create", D::create)?;
        self.attempt("write", |disk, name| disk.append(name, &header))?;
        self.attempt("sync", D::sync_data)?;
        self.attempt("sync the folder of", |disk, _| disk.sync_dir())?;
        self.length = HEADER as u64;
        Ok(())
    }

    fn append(
        &mut self,
        write: impl FnOnce(&mut Scribe, &mut Vec<u8>) -> Result<(), LogFault>,
    ) -> Result<(), LogFault> {
        self.latch.check()?;
        let (before, start) = (self.scribe, self.buffer.len());
        let outcome = write(&mut self.scribe, &mut self.buffer);
        self.latch.keep(outcome)?;
        let outcome = self.place_frame(before, start);
        self.latch.keep(outcome)
    }

    /// Finds room for the frame that was just encoded at `start` of the buffer.
    fn place_frame(&mut self, before: Scribe, start: usize) -> Result<(), StorageFault> {
        let frame = (self.buffer.len() - start) as u64;
        self.is_unsynced = true;
        let is_full = self.settings.segment_bytes < self.length + frame;
        let is_begun = (HEADER as u64) < self.length;
        if is_full && is_begun {
            self.write_front(start)?;
            self.attempt("sync", D::sync_data)?;
            self.begin_segment(before)?;
        }
        self.length += frame;
        if BUFFER <= self.buffer.len() { self.write_front(self.buffer.len()) } else { Ok(()) }
    }

    /// Writes the first `count` bytes of the buffer.
    fn write_front(&mut self, count: usize) -> Result<(), StorageFault> {
        if 0 < count {
            let written = self.disk.append(&self.name, &self.buffer[..count]);
            written.map_err(|fault| StorageFault::new("write", &self.name, fault))?;
            self.buffer.drain(..count);
        }
        Ok(())
    }

    fn sync(&mut self) -> Result<(), StorageFault> {
        self.due = None;
        if !self.is_unsynced {
            return Ok(());
        }
        self.write_front(self.buffer.len())?;
        self.attempt("sync", D::sync_data)?;
        self.write_mark()
    }

    /// Writes that everything so far is durable. The mark itself waits for the next sync.
    fn write_mark(&mut self) -> Result<(), StorageFault> {
        if self.is_unsynced {
            self.scribe.mark(&mut self.buffer);
            self.length += self.buffer.len() as u64;
            self.write_front(self.buffer.len())?;
        }
        self.is_unsynced = false;
        Ok(())
    }
}

/// Finds the newest snapshot that the journal bears out, and a reader that stands behind it.
fn find_start<'d, D: Disk>(
    disk: &'d D,
    settings: &Settings,
    opening: &mut Opening,
    visit: &mut impl FnMut(Recovered),
) -> Result<Reader<'d, D>, ReadFault> {
    let Some(schema) = &settings.schema else { return Reader::open(disk) };
    for name in snapshot::names(disk)? {
        let flaw = match snapshot::load(disk, &name, schema) {
            Err(flaw) => flaw,
            Ok(snapshot) => {
                let mut reader = Reader::near(disk, snapshot.seq)?;
                if reader.skip_to(snapshot.seq)? == Some(snapshot.chain) {
                    opening.snapshot = Some(snapshot.seq);
                    visit(Recovered::Snapshot(snapshot));
                    return Ok(reader);
                }
                SnapshotFlaw::Foreign
            }
        };
        opening.passed_over.push((name, flaw));
    }
    Reader::open(disk)
}

impl<D: Disk> Log for FileLog<D> {
    fn next_seq(&self) -> Seq {
        self.scribe.last.next()
    }

    fn append_entry(&mut self, entry: &Entry) -> Result<(), LogFault> {
        self.append(|scribe, buffer| scribe.entry(entry, buffer))
    }

    fn append_decision(&mut self, seq: Seq, decision: &Decision) -> Result<(), LogFault> {
        self.append(|scribe, buffer| scribe.decision(seq, decision, buffer))
    }

    fn flush(&mut self, class: Flush) -> Result<(), LogFault> {
        self.latch.check()?;
        if class == Flush::A {
            let outcome = self.sync();
            return self.latch.keep(outcome);
        }
        if self.is_unsynced {
            let due = self.scribe.at + class.patience();
            self.due = Some(self.due.map_or(due, |earlier| earlier.min(due)));
        }
        Ok(())
    }

    fn maintain(&mut self, now: Time) -> Result<(), LogFault> {
        self.latch.check()?;
        if self.due.is_some_and(|due| due <= now) { self.flush(Flush::A) } else { Ok(()) }
    }

    fn due(&self) -> Option<Time> {
        self.due
    }

    fn chain(&self) -> Chain {
        self.scribe.chain
    }
}

#[cfg(test)]
mod tests;
