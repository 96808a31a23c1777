//! A disk in memory that fails on command and forgets what was not synced.
//!
//! Bytes and names live twice: as written and as durable. A crash keeps the durable part and, of
//! what was only written, as much as the caller's chance says. Operations that change the disk are
//! counted, and one of them can be made to fail.

use std::collections::BTreeMap;
use std::io::{self, ErrorKind};

use super::Disk;

/// A disk in memory with faults.
#[derive(Clone, Debug, Default)]
pub struct FaultDisk {
    files: Vec<Content>,
    names: BTreeMap<String, usize>,
    durable_names: BTreeMap<String, usize>,
    operations: u64,
    plan: Option<(u64, Failure)>,
    is_held: bool,
}

/// How an operation fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// No room is left; half of the bytes were written.
    Full,
    /// The device failed. Bytes that a failed sync should have saved are lost for good, and the
    /// next sync says nothing about them.
    Broken,
    /// The power is gone: this operation and all later ones fail.
    PowerOff,
}

#[derive(Clone, Debug, Default)]
struct Content {
    written: Vec<u8>,
    durable: Vec<u8>,
    /// Bytes at the front that are the same in both.
    common: usize,
}

impl Content {
    fn sync(&mut self) {
        self.durable.truncate(self.common);
        self.durable.extend_from_slice(&self.written[self.common..]);
        self.common = self.written.len();
    }

    fn lose(&mut self) {
        self.durable.truncate(self.common);
        self.durable.resize(self.written.len(), 0);
        self.common = self.written.len();
    }

    fn crash(&mut self, keep: &mut impl FnMut(usize) -> usize) {
        let pending = self.written.len() - self.common;
        let is_cut = self.common < self.durable.len();
        if is_cut && keep(1) == 1 {
            self.durable.truncate(self.common);
        }
        if !is_cut && 0 < pending {
            let kept = keep(pending).min(pending);
            self.durable.extend_from_slice(&self.written[self.common..self.common + kept]);
        }
        self.written.clone_from(&self.durable);
        self.common = self.written.len();
    }
}

impl FaultDisk {
    /// An empty disk without faults.
    pub fn new() -> Self {
        Self::default()
    }

    /// Operations so far that changed the disk or tried to.
    pub const fn operations(&self) -> u64 {
        self.operations
    }

    /// Lets the operation that follows `operations` others fail.
    pub const fn fail_at(&mut self, operations: u64, failure: Failure) {
        self.plan = Some((operations, failure));
    }

    /// Lets another process be the writer, or not.
    pub const fn hold(&mut self, is_held: bool) {
        self.is_held = is_held;
    }

    /// Loses power and comes back without plans.
    ///
    /// Of a number of things that were written and not synced, `keep` says how many survive.
    pub fn crash(&mut self, mut keep: impl FnMut(usize) -> usize) {
        for content in &mut self.files {
            content.crash(&mut keep);
        }
        if self.names != self.durable_names && keep(1) == 0 {
            self.names.clone_from(&self.durable_names);
        }
        self.durable_names.clone_from(&self.names);
        self.plan = None;
        self.is_held = false;
    }

    /// Turns one bit of a file, on the medium and in memory.
    ///
    /// # Panics
    /// Panics when the file is shorter or missing.
    pub fn flip(&mut self, name: &str, bit: u64) {
        let content = &mut self.files[self.names[name]];
        let byte = usize::try_from(bit / 8).expect("a file in memory is short");
        content.written[byte] ^= 1 << (bit % 8);
        if byte < content.common {
            content.durable[byte] ^= 1 << (bit % 8);
        }
    }

    /// The bytes of a file as written; `None` when there is no such file.
    pub fn bytes(&self, name: &str) -> Option<&[u8]> {
        self.names.get(name).map(|&index| self.files[index].written.as_slice())
    }

    fn content(&self, name: &str) -> io::Result<&Content> {
        let index = *self.names.get(name).ok_or(ErrorKind::NotFound)?;
        Ok(&self.files[index])
    }

    fn content_mut(&mut self, name: &str) -> io::Result<&mut Content> {
        let index = *self.names.get(name).ok_or(ErrorKind::NotFound)?;
        Ok(&mut self.files[index])
    }

    /// Counts an operation and says how it fails.
    fn operate(&mut self) -> Result<(), Failure> {
        let current = self.operations;
        self.operations += 1;
        match self.plan {
            Some((at, Failure::PowerOff)) if at <= current => Err(Failure::PowerOff),
            Some((at, failure)) if at == current => Err(failure),
            _ => Ok(()),
        }
    }
}

impl From<Failure> for io::Error {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Full => Self::from(ErrorKind::StorageFull),
            Failure::Broken => Self::other("input/output error"),
            Failure::PowerOff => Self::other("the power is gone"),
        }
    }
}

impl Disk for FaultDisk {
    fn lock(&mut self) -> io::Result<()> {
        if self.is_held { Err(ErrorKind::ResourceBusy.into()) } else { Ok(()) }
    }

    fn list(&self) -> io::Result<Vec<String>> {
        Ok(self.names.keys().cloned().collect())
    }

    fn length(&self, name: &str) -> io::Result<u64> {
        self.content(name).map(|content| content.written.len() as u64)
    }

    fn read_at(&self, name: &str, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let bytes = &self.content(name)?.written;
        let start = usize::try_from(offset).map_or(bytes.len(), |start| start.min(bytes.len()));
        let count = buffer.len().min(bytes.len() - start);
        buffer[..count].copy_from_slice(&bytes[start..start + count]);
        Ok(count)
    }

    fn create(&mut self, name: &str) -> io::Result<()> {
        self.operate()?;
        if self.names.contains_key(name) {
            return Err(ErrorKind::AlreadyExists.into());
        }
        self.names.insert(name.to_owned(), self.files.len());
        self.files.push(Content::default());
        Ok(())
    }

    fn append(&mut self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let outcome = self.operate();
        let content = self.content_mut(name)?;
        let written = match outcome {
            Ok(()) => bytes.len(),
            Err(Failure::Full | Failure::Broken) => bytes.len() / 2,
            Err(Failure::PowerOff) => 0,
        };
        content.written.extend_from_slice(&bytes[..written]);
        Ok(outcome?)
    }

    fn truncate(&mut self, name: &str, length: u64) -> io::Result<()> {
        self.operate()?;
        let content = self.content_mut(name)?;
        let length = usize::try_from(length).map_err(|_| ErrorKind::InvalidInput)?;
        content.written.truncate(length);
        content.common = content.common.min(length);
        Ok(())
    }

    fn sync_data(&mut self, name: &str) -> io::Result<()> {
        let outcome = self.operate();
        let content = self.content_mut(name)?;
        match outcome {
            Ok(()) => content.sync(),
            Err(Failure::Full | Failure::Broken) => content.lose(),
            Err(Failure::PowerOff) => {}
        }
        Ok(outcome?)
    }

    fn rename(&mut self, from: &str, to: &str) -> io::Result<()> {
        self.operate()?;
        let index = self.names.remove(from).ok_or(ErrorKind::NotFound)?;
        self.names.insert(to.to_owned(), index);
        Ok(())
    }

    fn remove(&mut self, name: &str) -> io::Result<()> {
        self.operate()?;
        self.names.remove(name).map(|_| ()).ok_or_else(|| ErrorKind::NotFound.into())
    }

    fn sync_dir(&mut self) -> io::Result<()> {
        self.operate()?;
        self.durable_names.clone_from(&self.names);
        Ok(())
    }
}
