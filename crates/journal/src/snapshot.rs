//! Snapshots: the state of a desk at one record, so that recovery need not start at the first.
//!
//! ```text
//! "BSS1" | seq | chain 32 | schema text | length | state | BLAKE3 of all before
//! ```
//!
//! A snapshot is written beside its name, synced, and renamed, and the newest three are kept. It is
//! used only when its hash holds, its schema is the reader's, and its chain is the journal's own at
//! that record. Anything else is passed over: a snapshot is never the only copy of anything.

use backsight_domain::id::Seq;

use crate::disk::Disk;
use crate::frame::Chain;
use crate::log::StorageFault;
use crate::wire::{Input, Malformed, Wire};

const MAGIC: &[u8; 4] = b"BSS1";
const HASH: usize = 32;
const KEPT: usize = 3;
/// The name under which a snapshot is written before it is whole.
const UNFINISHED: &str = "snapshot.unfinished";

/// A state and the record it was taken after.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// The last record that the state has seen.
    pub seq: Seq,
    /// The chain after that record.
    pub chain: Chain,
    /// The names of the state's fields and their order, as its owner versions them.
    pub schema: Box<str>,
    /// The state.
    pub state: Vec<u8>,
}

crate::wire_struct!(Snapshot { seq, chain, schema, state });

/// Why a snapshot is passed over.
#[derive(Clone, Debug, thiserror::Error)]
pub enum SnapshotFlaw {
    /// The disk failed.
    #[error(transparent)]
    Storage(StorageFault),
    /// The bytes are not what was written.
    #[error("the hash does not hold")]
    Hash,
    /// The bytes are what was written and no snapshot.
    #[error("the bytes are no snapshot")]
    Malformed(#[source] Malformed),
    /// A build with another state wrote it.
    #[error("the schema is another")]
    Schema,
    /// The journal has another record at this place, or ends before it.
    #[error("the journal does not hold its record")]
    Foreign,
}

/// Writes a snapshot and removes those it makes superfluous.
pub(crate) fn store(disk: &mut impl Disk, snapshot: &Snapshot) -> Result<(), StorageFault> {
    let name = name(snapshot.seq);
    let fails = |attempt, file: &str| {
        let file = file.to_owned();
        move |fault| StorageFault::new(attempt, &file, fault)
    };
    let mut bytes = MAGIC.to_vec();
    snapshot.put(&mut bytes);
    bytes.extend_from_slice(blake3::hash(&bytes).as_bytes());
    discard_unfinished(disk)?;
    disk.create(UNFINISHED).map_err(fails("create", UNFINISHED))?;
    disk.append(UNFINISHED, &bytes).map_err(fails("write", UNFINISHED))?;
    disk.sync_data(UNFINISHED).map_err(fails("sync", UNFINISHED))?;
    disk.rename(UNFINISHED, &name).map_err(fails("rename", UNFINISHED))?;
    disk.sync_dir().map_err(fails("sync", "."))?;
    for old in names(disk)?.iter().skip(KEPT) {
        disk.remove(old).map_err(fails("remove", old))?;
    }
    Ok(())
}

/// Removes what a crash left of a snapshot.
fn discard_unfinished(disk: &mut impl Disk) -> Result<(), StorageFault> {
    let names = disk.list().map_err(|fault| StorageFault::new("list", ".", fault))?;
    if names.iter().any(|name| name == UNFINISHED) {
        disk.remove(UNFINISHED).map_err(|fault| StorageFault::new("remove", UNFINISHED, fault))?;
    }
    Ok(())
}

/// The names of all snapshots, newest first.
pub(crate) fn names(disk: &impl Disk) -> Result<Vec<String>, StorageFault> {
    let mut names = disk.list().map_err(|fault| StorageFault::new("list", ".", fault))?;
    names.retain(|name| name.strip_suffix(".bss").is_some());
    names.sort_unstable_by(|a, b| b.cmp(a));
    Ok(names)
}

/// Reads a snapshot and checks everything that can be checked without the journal.
pub(crate) fn load(disk: &impl Disk, name: &str, schema: &str) -> Result<Snapshot, SnapshotFlaw> {
    let bytes = read(disk, name).map_err(SnapshotFlaw::Storage)?;
    let (covered, hash) = bytes.split_last_chunk::<HASH>().ok_or(SnapshotFlaw::Hash)?;
    if blake3::hash(covered) != *hash {
        return Err(SnapshotFlaw::Hash);
    }
    let wrong_magic = SnapshotFlaw::Malformed(Malformed::Impossible("snapshot"));
    let mut input = Input::new(covered.strip_prefix(MAGIC).ok_or(wrong_magic)?);
    let snapshot = Snapshot::take(&mut input).map_err(SnapshotFlaw::Malformed)?;
    input.finish().map_err(SnapshotFlaw::Malformed)?;
    if *snapshot.schema == *schema { Ok(snapshot) } else { Err(SnapshotFlaw::Schema) }
}

fn read(disk: &impl Disk, name: &str) -> Result<Vec<u8>, StorageFault> {
    let fails = |fault| StorageFault::new("read", name, fault);
    let length = usize::try_from(disk.length(name).map_err(fails)?).unwrap_or(usize::MAX);
    let mut bytes = vec![0; length];
    let read = disk.read_at(name, 0, &mut bytes).map_err(fails)?;
    bytes.truncate(read);
    Ok(bytes)
}

/// The file name of a snapshot; names sort as their records do.
fn name(seq: Seq) -> String {
    format!("{:020}.bss", seq.0)
}

#[cfg(test)]
mod tests;
