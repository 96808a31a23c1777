//! Fetching a large file whose content is known beforehand, by its length and its SHA-256: from a
//! server, or from another folder.
//!
//! What arrives goes into a file beside the target. When the line breaks, the next attempt, or the
//! next run, goes on where it ended. Only a whole file with the right hash takes the target's name,
//! after it is safe on the disk: whoever finds the target finds all of it, or finds nothing.

use std::fmt;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use backsight_reading::sentiment::manifest::{FILE_BYTES_MAX, Measure, Pin};

use crate::http::client::{Client, Flow};
use crate::http::fault::Fault;
use crate::http::trail::Trail;
use crate::http::{Ask, Head};
use crate::url::Url;

/// Connections for one file, as long as each brings something.
const ATTEMPTS_MAX: u32 = 8;
/// Bytes that are read at a time.
const STEP: usize = 64 << 10;

/// A file that is to be fetched.
#[derive(Clone, Debug)]
pub struct Parcel {
    /// Where it is.
    pub origin: Origin,
    /// Its length and its hash.
    pub pin: Pin,
}

/// Where a file is to be had.
#[derive(Clone, Debug)]
pub enum Origin {
    /// A server.
    Web(Client, Url),
    /// Another folder of this machine.
    Disk(PathBuf),
}

/// How far a download is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Bytes that are there.
    pub done: u64,
    /// Bytes that there will be.
    pub whole: u64,
}

/// What a download did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pulled {
    /// Nothing: the file was there, and is right.
    Present,
    /// It fetched the file.
    Fetched {
        /// Bytes that were there from an earlier attempt.
        resumed: u64,
    },
}

/// Why a file is not there.
#[derive(Debug, thiserror::Error)]
pub enum PullFault {
    /// The server could not be asked, or broke off too often.
    #[error("{kept} of {whole} bytes are here and kept; the same command goes on from there")]
    Line {
        /// Bytes that arrived so far.
        kept: u64,
        /// Bytes of the whole file.
        whole: u64,
        /// What happened.
        #[source]
        source: Fault,
    },
    /// It is another file.
    #[error("`{origin}` is another file: {what}; nothing was installed")]
    Other {
        /// Where it is.
        origin: String,
        /// In what it differs.
        what: String,
    },
    /// Another process fetches the same file.
    #[error("another process fetches `{}`", path.display())]
    Busy {
        /// The unfinished file.
        path: PathBuf,
    },
    /// The disk failed.
    #[error("cannot use `{}`", path.display())]
    Storage {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
}

/// The part of a file that is there, and the hash of it.
struct Part {
    path: PathBuf,
    file: File,
    done: u64,
    measure: Measure,
    /// Bytes of it that are from an earlier run.
    resumed: u64,
}

/// Fetches a file, unless it is there and right.
///
/// # Errors
/// Fails when the line breaks for good, the server has another file, or the disk fails.
pub fn pull(
    parcel: &Parcel,
    target: &Path,
    progress: &mut dyn FnMut(Progress),
) -> Result<Pulled, PullFault> {
    if matches!(check(parcel, target), Ok(true)) {
        return Ok(Pulled::Present);
    }
    let part = arrive(parcel, target, progress)?;
    let (found, resumed) = (part.measure.clone().pin(), part.resumed);
    if found == parcel.pin {
        part.install(target)?;
        return Ok(Pulled::Fetched { resumed });
    }
    let what = format!("its SHA-256 is `{}` and not `{}`", found.sha256, parcel.pin.sha256);
    match part.give_up(parcel, what) {
        // The part from before may be of another file. It is gone, so this does not repeat.
        PullFault::Other { .. } if 0 < resumed => pull(parcel, target, progress),
        fault @ (PullFault::Line { .. }
        | PullFault::Other { .. }
        | PullFault::Busy { .. }
        | PullFault::Storage { .. }) => Err(fault),
    }
}

/// Fetches a file whose hash nobody knows, and says what it is pinned by from here on.
///
/// # Errors
/// As [`pull`]; also when the server does not say how long the file is, or it is too long.
pub fn take(
    (client, url): (&Client, &Url),
    target: &Path,
    progress: &mut dyn FnMut(Progress),
) -> Result<Pin, PullFault> {
    let line = |source| PullFault::Line { kept: 0, whole: 0, source };
    let (head, _) = open(client, url, 0).map_err(line)?;
    if !matches!(head.status, 200 | 206) {
        return Err(line(Fault::Status { url: Box::new(url.clone()), status: head.status }));
    }
    let other = |what: String| PullFault::Other { origin: url.to_string(), what };
    let bytes = head.length.ok_or_else(|| other("its server says no length".to_owned()))?;
    if FILE_BYTES_MAX < bytes {
        return Err(other(format!("it has {bytes} bytes, which no file of a model has")));
    }
    let origin = Origin::Web(client.clone(), url.clone());
    let parcel = Parcel { origin, pin: Pin { bytes, sha256: String::new() } };
    let part = arrive(&parcel, target, progress)?;
    let pin = part.measure.clone().pin();
    part.install(target)?;
    Ok(pin)
}

/// Fetches as many bytes as a file has, over as many connections as it takes.
fn arrive(
    parcel: &Parcel,
    target: &Path,
    progress: &mut dyn FnMut(Progress),
) -> Result<Part, PullFault> {
    let mut part = Part::open(target, parcel.pin.bytes)?;
    for attempt in 1..=ATTEMPTS_MAX {
        let before = part.done;
        match fill(parcel, &mut part, progress) {
            Ok(()) if part.done < parcel.pin.bytes => {
                let what = format!("it ends after {} of {} bytes", part.done, parcel.pin.bytes);
                return Err(part.give_up(parcel, what));
            }
            Ok(()) => return Ok(part),
            Err(PullFault::Line { .. }) if before < part.done && attempt < ATTEMPTS_MAX => {}
            Err(fault) => return Err(fault),
        }
    }
    unreachable!("the last attempt returns")
}

/// Whether a file is there and is the one that is meant.
///
/// # Errors
/// Fails when it cannot be read.
pub fn check(parcel: &Parcel, path: &Path) -> io::Result<bool> {
    match measure(path) {
        Ok(pin) => Ok(pin == parcel.pin),
        Err(fault) if fault.kind() == ErrorKind::NotFound => Ok(false),
        Err(fault) => Err(fault),
    }
}

/// The length and the hash of a file.
///
/// # Errors
/// Fails when it cannot be read.
pub fn measure(path: &Path) -> io::Result<Pin> {
    let mut measure = Measure::default();
    read_through(&mut File::open(path)?, &mut measure)?;
    Ok(measure.pin())
}

/// Appends what the origin has from the part's end on.
fn fill(
    parcel: &Parcel,
    part: &mut Part,
    progress: &mut dyn FnMut(Progress),
) -> Result<(), PullFault> {
    let whole = parcel.pin.bytes;
    if part.done == whole {
        return Ok(());
    }
    let mut source = Source::open(parcel, part)?;
    let mut step = vec![0; STEP];
    loop {
        progress(Progress { done: part.done, whole });
        let count = source.read(&mut step, part, whole)?;
        if count == 0 {
            return Ok(());
        }
        if whole - part.done < count as u64 {
            return Err(part.give_up(parcel, format!("it has more than {whole} bytes")));
        }
        part.append(&step[..count])?;
    }
}

/// An origin that is being read.
enum Source<'a> {
    Web(Flow),
    Disk(File, &'a Path),
}

impl<'a> Source<'a> {
    /// Opens an origin where the part ends, or clears the part.
    fn open(parcel: &'a Parcel, part: &mut Part) -> Result<Self, PullFault> {
        match &parcel.origin {
            Origin::Disk(path) => {
                part.clear()?;
                let file = File::open(path);
                let storage = |source| PullFault::Storage { path: path.clone(), source };
                Ok(Self::Disk(file.map_err(storage)?, path))
            }
            Origin::Web(client, url) => Self::open_web(client, url, parcel, part),
        }
    }

    fn open_web(
        client: &Client,
        url: &Url,
        parcel: &Parcel,
        part: &mut Part,
    ) -> Result<Self, PullFault> {
        let (kept, whole) = (part.done, parcel.pin.bytes);
        let line = |source| PullFault::Line { kept, whole, source };
        let (head, flow) = open(client, url, kept).map_err(line)?;
        match head.status {
            206 if begins_at(&head, kept) => {}
            // The server does not do parts.
            200 => part.clear()?,
            416 => return Err(part.give_up(parcel, format!("it has less than {whole} bytes"))),
            status => return Err(line(Fault::Status { url: Box::new(url.clone()), status })),
        }
        Ok(Self::Web(flow))
    }

    fn read(&mut self, step: &mut [u8], part: &Part, whole: u64) -> Result<usize, PullFault> {
        match self {
            Self::Web(flow) => {
                let kept = part.done;
                flow.read(step).map_err(|source| PullFault::Line { kept, whole, source })
            }
            Self::Disk(file, path) => {
                let path = path.to_path_buf();
                file.read(step).map_err(|source| PullFault::Storage { path, source })
            }
        }
    }
}

/// Asks for the file from a byte on, wherever redirects lead.
fn open(client: &Client, url: &Url, from: u64) -> Result<(Head, Flow), Fault> {
    let mut trail = Trail::new(url.clone());
    loop {
        // Asking for a part keeps servers from packing it.
        let ask = Ask { from: Some(from), ..Ask::whole(trail.last().clone()) };
        let (head, flow) = client.open(&ask)?;
        match trail.advance(&head) {
            Ok(true) => {}
            Ok(false) => return Ok((head, flow)),
            Err(source) => return Err(Fault::Trail { url: Box::new(url.clone()), source }),
        }
    }
}

fn begins_at(head: &Head, from: u64) -> bool {
    let range = head.content_range.as_deref().and_then(|range| range.strip_prefix("bytes "));
    range.and_then(|range| range.split('-').next()) == Some(from.to_string().as_str())
}

fn read_through(file: &mut File, measure: &mut Measure) -> io::Result<u64> {
    let mut step = vec![0; STEP];
    let mut done = 0;
    loop {
        match file.read(&mut step)? {
            0 => return Ok(done),
            count => {
                measure.add(&step[..count]);
                done += count as u64;
            }
        }
    }
}

impl Part {
    /// Opens what an earlier attempt left, and holds it against other processes.
    fn open(target: &Path, whole: u64) -> Result<Self, PullFault> {
        let mut name = target.file_name().expect("a target is a file").to_owned();
        name.push(".unfinished");
        let path = target.with_file_name(name);
        let storage = |source| PullFault::Storage { path: path.clone(), source };
        fs::create_dir_all(target.parent().unwrap_or(Path::new("."))).map_err(storage)?;
        let mut options = OpenOptions::new();
        let file = options.read(true).write(true).create(true).truncate(false).open(&path);
        let mut file = file.map_err(storage)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(PullFault::Busy { path }),
            Err(TryLockError::Error(source)) => return Err(storage(source)),
        }
        let mut measure = Measure::default();
        let done = read_through(&mut file, &mut measure).map_err(storage)?;
        let mut part = Self { path, file, done, measure, resumed: done };
        if whole < done {
            part.clear()?;
        }
        Ok(part)
    }

    fn append(&mut self, bytes: &[u8]) -> Result<(), PullFault> {
        self.file.write_all(bytes).map_err(|source| self.storage(source))?;
        self.measure.add(bytes);
        self.done += bytes.len() as u64;
        Ok(())
    }

    fn clear(&mut self) -> Result<(), PullFault> {
        let cleared = self.file.set_len(0).and_then(|()| self.file.seek(SeekFrom::Start(0)));
        cleared.map_err(|source| self.storage(source))?;
        (self.done, self.resumed) = (0, 0);
        self.measure = Measure::default();
        Ok(())
    }

    /// Gives the file its name, once it is safe on the disk.
    fn install(self, target: &Path) -> Result<(), PullFault> {
        let storage = |source| PullFault::Storage { path: target.to_owned(), source };
        self.file.sync_all().map_err(storage)?;
        fs::rename(&self.path, target).map_err(storage)?;
        let folder = target.parent().filter(|folder| *folder != Path::new(""));
        let folder = File::open(folder.unwrap_or(Path::new("."))).map_err(storage)?;
        folder.sync_all().map_err(storage)
    }

    /// Removes what nobody can use.
    fn give_up(&self, parcel: &Parcel, what: String) -> PullFault {
        match fs::remove_file(&self.path) {
            Ok(()) => PullFault::Other { origin: parcel.origin.to_string(), what },
            Err(source) => self.storage(source),
        }
    }

    fn storage(&self, source: io::Error) -> PullFault {
        PullFault::Storage { path: self.path.clone(), source }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Web(_, url) => url.fmt(f),
            Self::Disk(path) => path.display().fmt(f),
        }
    }
}
