//! Files that are there as a whole or not at all.

use std::fs::{self, File};
use std::io;
use std::path::Path;

/// Writes bytes beside its name first, makes it durable, then gives it its name.
///
/// # Errors
/// Fails when the disk does.
pub fn write_whole(path: &Path, bytes: impl AsRef<[u8]>) -> io::Result<()> {
    fs::create_dir_all(path.parent().unwrap_or(Path::new(".")))?;
    let unfinished = path.with_extension("unfinished");
    fs::write(&unfinished, bytes)?;
    File::open(&unfinished)?.sync_all()?;
    fs::rename(&unfinished, path)
}
