//! Segments: files of frames behind one header of fixed length.
//!
//! ```text
//! "BSJ1" | format u16 | 0 u16 | number u64 | first seq u64 | chain 32 | build 64 | 0 u32 | crc32c u32
//! ```
//!
//! The header names the first record and the whole chain before it, so that a segment is tied to
//! the one before and a reader can start at any. `build` is the text of the build that created the
//! file; it takes no part in the chain.

use backsight_domain::id::Seq;

use crate::frame::Chain;

/// Bytes of every header.
pub(crate) const HEADER: usize = 128;
const MAGIC: &[u8; 4] = b"BSJ1";
const FORMAT: u16 = 1;
const BUILD: usize = 64;

/// What a header says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Header {
    /// The segment's number; the first is 1.
    pub(crate) number: u64,
    /// Its first record.
    pub(crate) first: Seq,
    /// The chain before that record.
    pub(crate) chain: Chain,
}

/// Why bytes are no header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum HeaderFlaw {
    /// Torn or damaged.
    Broken,
    /// Whole, of a format that this build does not know.
    UnknownFormat(u16),
}

impl Header {
    /// The header's bytes; `build` is cut to what fits.
    pub(crate) fn bytes(&self, build: &str) -> [u8; HEADER] {
        let mut bytes = [0; HEADER];
        let build = &build[..build.floor_char_boundary(BUILD)];
        bytes[..4].copy_from_slice(MAGIC);
        bytes[4..6].copy_from_slice(&FORMAT.to_le_bytes());
        bytes[8..16].copy_from_slice(&self.number.to_le_bytes());
        bytes[16..24].copy_from_slice(&self.first.0.to_le_bytes());
        bytes[24..56].copy_from_slice(&self.chain.0);
        bytes[56..56 + build.len()].copy_from_slice(build.as_bytes());
        let checksum = crc32c::crc32c(&bytes[..HEADER - 4]);
        bytes[HEADER - 4..].copy_from_slice(&checksum.to_le_bytes());
        bytes
    }

    /// Reads and checks a header.
    pub(crate) fn parse(bytes: &[u8]) -> Result<Self, HeaderFlaw> {
        let broken = HeaderFlaw::Broken;
        let bytes = bytes.first_chunk::<HEADER>().ok_or(broken)?;
        let (covered, checksum) = bytes.split_last_chunk().ok_or(broken)?;
        if u32::from_le_bytes(*checksum) != crc32c::crc32c(covered) || !covered.starts_with(MAGIC) {
            return Err(broken);
        }
        let format = u16::from_le_bytes(field(bytes, 4));
        if format != FORMAT {
            return Err(HeaderFlaw::UnknownFormat(format));
        }
        Ok(Self {
            number: u64::from_le_bytes(field(bytes, 8)),
            first: Seq(u64::from_le_bytes(field(bytes, 16))),
            chain: Chain(field(bytes, 24)),
        })
    }
}

fn field<const N: usize>(bytes: &[u8; HEADER], at: usize) -> [u8; N] {
    *bytes[at..].first_chunk().expect("every field lies inside the header")
}

/// The file name of a segment.
pub(crate) fn name(number: u64) -> String {
    format!("{number:010}.bsj")
}

/// The number of the segment with this file name; `None` for any other file.
pub(crate) fn number(name: &str) -> Option<u64> {
    let number = name.strip_suffix(".bsj")?.parse().ok()?;
    (self::name(number) == name).then_some(number)
}
