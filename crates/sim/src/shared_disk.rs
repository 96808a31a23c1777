//! A disk that outlives the desk on it, as real disks do.

use std::cell::RefCell;
use std::io;
use std::rc::Rc;

use backsight_journal::{Disk, FaultDisk};

/// One [`FaultDisk`] in several hands.
#[derive(Clone, Debug, Default)]
pub struct SharedDisk(Rc<RefCell<FaultDisk>>);

impl SharedDisk {
    /// Does something with the disk itself.
    pub fn with<T>(&self, act: impl FnOnce(&mut FaultDisk) -> T) -> T {
        act(&mut self.0.borrow_mut())
    }
}

impl Disk for SharedDisk {
    fn lock(&mut self) -> io::Result<()> {
        self.0.borrow_mut().lock()
    }

    fn list(&self) -> io::Result<Vec<String>> {
        self.0.borrow().list()
    }

    fn length(&self, name: &str) -> io::Result<u64> {
        self.0.borrow().length(name)
    }

    fn read_at(&self, name: &str, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.borrow().read_at(name, offset, buffer)
    }

    fn create(&mut self, name: &str) -> io::Result<()> {
        self.0.borrow_mut().create(name)
    }

    fn append(&mut self, name: &str, bytes: &[u8]) -> io::Result<()> {
        self.0.borrow_mut().append(name, bytes)
    }

    fn truncate(&mut self, name: &str, length: u64) -> io::Result<()> {
        self.0.borrow_mut().truncate(name, length)
    }

    fn sync_data(&mut self, name: &str) -> io::Result<()> {
        self.0.borrow_mut().sync_data(name)
    }

    fn rename(&mut self, from: &str, to: &str) -> io::Result<()> {
        self.0.borrow_mut().rename(from, to)
    }

    fn remove(&mut self, name: &str) -> io::Result<()> {
        self.0.borrow_mut().remove(name)
    }

    fn sync_dir(&mut self) -> io::Result<()> {
        self.0.borrow_mut().sync_dir()
    }
}
