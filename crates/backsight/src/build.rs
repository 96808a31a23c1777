//! Which build this is. Journals carry its name, so that one that decides differently can be told.

/// Version and commit.
pub(crate) const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), " ", env!("BACKSIGHT_COMMIT"));

/// The text that names this build in journals. Equal wherever the same commit is built.
pub(crate) const NAME: &str =
    concat!("backsight ", env!("CARGO_PKG_VERSION"), " ", env!("BACKSIGHT_COMMIT"));
