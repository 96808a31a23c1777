//! The journal: the ordered, hash-chained record of everything that happened and was decided.
//!
//! It is the only source of truth; every database and page is a view of it. Writing is synchronous
//! and single-threaded, and time is passed in. Files are touched in [`file`] only.
//!
//! | Subject | Modules |
//! |---|---|
//! | values as bytes | [`wire`], [`codec`] |
//! | records as bytes | `frame`, `scribe` |
//! | writing | [`log`], [`memory`] |

#![deny(clippy::float_arithmetic)]

pub mod codec;
pub mod frame;
pub mod log;
pub mod memory;
mod scribe;
pub mod wire;

pub use self::frame::Chain;
pub use self::log::{Flush, Log, LogFault, Record, Stamped};
pub use self::memory::MemoryLog;
