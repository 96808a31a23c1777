//! Re-computing a whole journal, from the first byte to the last.

use backsight_domain::time::{Date, Time};

use crate::disk::Disk;
use crate::frame::Chain;
use crate::reader::{ReadFault, Reader, Torn};

/// A journal in which everything holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// How many records it has.
    pub records: u64,
    /// When the first was received.
    pub first: Option<Time>,
    /// When the last was received.
    pub last: Option<Time>,
    /// Each date's receipt: the chain after its last record.
    pub receipts: Vec<(Date, Chain)>,
    /// The chain after the last record.
    pub chain: Chain,
    /// The end of a write that was not finished: nobody was promised it.
    pub torn: Option<Torn>,
}

/// Reads, decodes and re-computes every record; `date` says to which date an instant belongs.
///
/// # Errors
/// Returns the first damage, or a failing disk.
pub fn verify<D: Disk>(
    disk: &D,
    mut date: impl FnMut(Time) -> Date,
) -> Result<Verified, ReadFault> {
    let mut reader = Reader::open(disk)?;
    let (mut records, mut first, mut last) = (0, None, None);
    let mut receipts: Vec<(Date, Chain)> = Vec::new();
    for stamped in reader.by_ref() {
        let stamped = stamped?;
        records += 1;
        first = first.or(Some(stamped.at));
        last = Some(stamped.at);
        let receipt = (date(stamped.at), stamped.chain);
        match receipts.last_mut() {
            Some(current) if current.0 == receipt.0 => *current = receipt,
            _ => receipts.push(receipt),
        }
    }
    let (chain, torn) = (reader.end().chain, reader.torn());
    Ok(Verified { records, first, last, receipts, chain, torn })
}

#[cfg(test)]
mod tests;
