//! What keeps the views of a store where the journal is.
//!
//! ```text
//! desk ──append──► journal's files ──read──► projector ──transaction──► tables
//!                   (the queue)                            rows + place
//! ```
//!
//! The desk knows nothing of it. The journal on the disk is the queue: it is bounded by nothing but
//! itself, it survives both sides, and a store that is slow, broken or away only lags. Each
//! transaction moves the rows and the place together, so a record counts once whatever stops
//! in between. The place carries the journal's chain: views of another journal, or of an end that a
//! crash took back, are recognised and refused.

use backsight_domain::id::Seq;
use backsight_journal::{Disk, ReadFault, Reader, Record, Stamped};

use crate::batch::Batch;
use crate::database::{Applied, Fault, Step};
use crate::projection::Projection;
use crate::store::Store;

/// Rows and changes after which a transaction ends.
const BATCH: usize = 20_000;
/// Records after which it ends too.
const RECORDS: u64 = 20_000;
/// How often damage is looked at again: beside a writer the last write may be seen half done.
const DOUBTS: u32 = 3;

/// Keeps a store where a journal is.
#[derive(Debug)]
pub struct Projector<'d, D> {
    store: Store,
    projection: Projection,
    reader: Reader<'d, D>,
    applied: Applied,
    batch: Batch,
}

/// Why views do not follow.
#[derive(Debug, thiserror::Error)]
pub enum ProjectionFault {
    /// The database.
    #[error(transparent)]
    Store(#[from] Fault),
    /// The journal.
    #[error(transparent)]
    Journal(#[from] ReadFault),
    /// The journal ends before the record that the views have: a crash took its end, and what comes
    /// in its place may be the same.
    #[error("the views have record `{0}` and the journal ends before it")]
    Ahead(Seq),
    /// The views are of another journal, or of an end that it lost.
    #[error(
        "the views stand at record `{0}` of another journal, or of an end that this one lost; \
         `backsight rebuild` makes them anew"
    )]
    Elsewhere(Seq),
}

impl<'d, D: Disk> Projector<'d, D> {
    /// Opens the journal behind the last record that the views have.
    ///
    /// # Errors
    /// Returns a failing database or journal, or views of another journal.
    pub fn open(mut store: Store, disk: &'d D) -> Result<Self, ProjectionFault> {
        let applied = store.applied()?;
        let mut projection = Projection::restore(store.database())?;
        let reader = if applied.seq == Seq(0) {
            Reader::open(disk)?
        } else {
            let ahead = || ProjectionFault::Ahead(applied.seq);
            let before = Seq(applied.seq.0 - 1);
            let mut reader = Reader::after(disk, before)?;
            let last = reader.next().transpose()?.ok_or_else(ahead)?;
            if last.chain != applied.chain {
                return Err(ProjectionFault::Elsewhere(applied.seq));
            }
            // The decision about an entry may come in the next batch.
            if let Record::Entry(entry) = &last.record {
                projection.remember(entry);
            }
            reader
        };
        Ok(Self { store, projection, reader, applied, batch: Batch::default() })
    }

    /// Reads on and applies one transaction; returns how many records it had, zero at the end.
    ///
    /// # Errors
    /// Returns a failing database or journal. The projector is of no use then; open another.
    pub fn advance(&mut self) -> Result<u64, ProjectionFault> {
        self.reader.resume()?;
        let (from, mut records) = (self.applied, 0);
        self.batch.clear();
        while records < RECORDS && self.batch.len() < BATCH {
            let Some(stamped) = self.next()? else { break };
            self.projection.take(&stamped, &mut self.batch);
            self.applied = Applied { seq: stamped.seq, chain: stamped.chain, at: stamped.at };
            records += 1;
        }
        if 0 < records {
            self.projection.finish(&mut self.batch);
            self.store.apply(&self.batch, &Step { from, to: self.applied })?;
        }
        Ok(records)
    }

    fn next(&mut self) -> Result<Option<Stamped>, ReadFault> {
        let mut doubts = 0;
        loop {
            match self.reader.next().transpose() {
                Err(ReadFault::Damage(_)) if doubts < DOUBTS => {
                    doubts += 1;
                    self.reader.resume()?;
                }
                outcome => return outcome,
            }
        }
    }

    /// Reads on to the end of the journal; returns how many records were applied.
    ///
    /// # Errors
    /// Returns a failing database or journal.
    pub fn catch_up(&mut self) -> Result<u64, ProjectionFault> {
        let mut total = 0;
        loop {
            let records = self.advance()?;
            if records == 0 {
                return Ok(total);
            }
            total += records;
        }
    }

    /// How far the views have come.
    pub const fn applied(&self) -> Applied {
        self.applied
    }

    /// Bytes of the journal that were read.
    pub fn bytes(&self) -> u64 {
        self.reader.bytes()
    }

    /// The store, to read it.
    pub fn store(&mut self) -> &mut Store {
        &mut self.store
    }
}
