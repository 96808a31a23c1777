//! The journal: the ordered, hash-chained record of everything that happened and was decided.
//!
//! It is the only source of truth; every database and page is a view of it. Writing is synchronous
//! and single-threaded, and time is passed in. Files are touched in [`mod@file`] only.
//!
//! | Subject | Modules |
//! |---|---|
//! | values as bytes | [`wire`], [`codec`] |
//! | records as bytes | `frame`, `segment`, `scribe` |
//! | writing | [`log`], [`memory`], [`mod@file`] |
//! | reading | [`reader`], [`mod@verify`], [`snapshot`] |
//! | what a journal stands on | [`disk`] |

#![deny(clippy::float_arithmetic)]

pub mod codec;
pub mod disk;
pub mod file;
mod frame;
pub mod log;
pub mod memory;
pub mod reader;
#[cfg(test)]
mod sample;
mod scribe;
mod segment;
pub mod snapshot;
pub mod verify;
pub mod wire;

pub use self::disk::{Disk, FaultDisk};
pub use self::file::{FileLog, Opening, RealDisk, Recovered, Settings};
pub use self::frame::Chain;
pub use self::log::{Flush, Log, LogFault, Record, Stamped};
pub use self::memory::MemoryLog;
pub use self::reader::{Damage, ReadFault, Reader};
pub use self::verify::{Verified, verify};
