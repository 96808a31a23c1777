//! The little that a journal asks of a disk: one flat folder of files that grow at their end.

mod fault;

use std::io;

pub use self::fault::{Failure, FaultDisk};

/// One folder of files. Nothing is durable before it was synced, names included.
pub trait Disk {
    /// Makes this process the only writer, until the disk is dropped.
    ///
    /// # Errors
    /// Fails when another process is the writer, and names it.
    fn lock(&mut self) -> io::Result<()>;

    /// The names of all files, in ascending order.
    ///
    /// # Errors
    /// Fails as the system does.
    fn list(&self) -> io::Result<Vec<String>>;

    /// Bytes in a file.
    ///
    /// # Errors
    /// Fails as the system does.
    fn length(&self, name: &str) -> io::Result<u64>;

    /// Reads from a place on and returns how many bytes were read: fewer only at the file's end.
    ///
    /// # Errors
    /// Fails as the system does.
    fn read_at(&self, name: &str, offset: u64, buffer: &mut [u8]) -> io::Result<usize>;

    /// Creates an empty file; the name must be free.
    ///
    /// # Errors
    /// Fails as the system does.
    fn create(&mut self, name: &str) -> io::Result<()>;

    /// Writes all bytes at the end of a file.
    ///
    /// # Errors
    /// Fails as the system does; a part may have been written.
    fn append(&mut self, name: &str, bytes: &[u8]) -> io::Result<()>;

    /// Shortens a file.
    ///
    /// # Errors
    /// Fails as the system does.
    fn truncate(&mut self, name: &str, length: u64) -> io::Result<()>;

    /// Makes the bytes and the length of a file durable.
    ///
    /// # Errors
    /// Fails as the system does; what is durable is then not known.
    fn sync_data(&mut self, name: &str) -> io::Result<()>;

    /// Renames a file, replacing another.
    ///
    /// # Errors
    /// Fails as the system does.
    fn rename(&mut self, from: &str, to: &str) -> io::Result<()>;

    /// Removes a file.
    ///
    /// # Errors
    /// Fails as the system does.
    fn remove(&mut self, name: &str) -> io::Result<()>;

    /// Makes created, renamed and removed names durable.
    ///
    /// # Errors
    /// Fails as the system does; what is durable is then not known.
    fn sync_dir(&mut self) -> io::Result<()>;
}

/// A borrowed disk is a disk, so that a test keeps it when the log is gone.
impl<D: Disk> Disk for &mut D {
    fn lock(&mut self) -> io::Result<()> {
        (**self).lock()
    }

    fn list(&self) -> io::Result<Vec<String>> {
        (**self).list()
    }

    fn length(&self, name: &str) -> io::Result<u64> {
        (**self).length(name)
    }

    fn read_at(&self, name: &str, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        (**self).read_at(name, offset, buffer)
    }

    fn create(&mut self, name: &str) -> io::Result<()> {
        (**self).create(name)
    }

    fn append(&mut self, name: &str, bytes: &[u8]) -> io::Result<()> {
        (**self).append(name, bytes)
    }

    fn truncate(&mut self, name: &str, length: u64) -> io::Result<()> {
        (**self).truncate(name, length)
    }

    fn sync_data(&mut self, name: &str) -> io::Result<()> {
        (**self).sync_data(name)
    }

    fn rename(&mut self, from: &str, to: &str) -> io::Result<()> {
        (**self).rename(from, to)
    }

    fn remove(&mut self, name: &str) -> io::Result<()> {
        (**self).remove(name)
    }

    fn sync_dir(&mut self) -> io::Result<()> {
        (**self).sync_dir()
    }
}
