//! A server of feeds on this machine, for the demo and for tests: the whole way from a socket to a
//! story, without a network.
//!
//! It serves what is put on its shelves as a good server does, with validators, packing, chunks and
//! ranges; or it misbehaves in one of the ways that servers do, as [`Manner`] lists them. It listens
//! on the loopback address alone, and what it costs is bounded: so many connections, so many
//! bytes of a request, so long.

pub mod paper;
mod request;
mod serve;

use std::collections::BTreeMap;
use std::io::{self, ErrorKind, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use backsight_domain::time::{Span, Time};

pub use self::request::Request;
use crate::url::Url;

/// Connections at once.
const CONNECTIONS_MAX: usize = 32;
/// Requests that are remembered.
const LOG_MAX: usize = 4_096;
/// How long a connection may be silent.
const PATIENCE: Duration = Duration::from_secs(5);

/// A server of feeds.
#[derive(Debug)]
pub struct Newsstand {
    address: SocketAddr,
    shop: Arc<Shop>,
    door: Option<JoinHandle<()>>,
}

/// A document on a shelf, and how it is served.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// The document.
    pub body: Vec<u8>,
    /// What it is.
    pub content_type: Box<str>,
    /// When it was last changed; served when it is known.
    pub modified: Option<Time>,
    /// How it is served.
    pub manner: Manner,
}

/// How a document is served.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Manner {
    /// As well as it can be: validators, packed when that is welcome, ranges.
    Well,
    /// In chunks, without validators.
    Chunked,
    /// In full each time, without validators and ranges.
    Plain,
    /// It breaks off after so many bytes of the body.
    BreaksOff(usize),
    /// It says that the body is shorter than it is, by so many bytes.
    Understates(usize),
    /// In full each time; the body is packed already, in this way.
    Packed(&'static str),
    /// Packed, and torn in the middle.
    TornPacking,
    /// Packed from so many MiB of nothing.
    Bomb(u32),
    /// The body never ends.
    Endless,
    /// It takes the request and never answers.
    Silent,
    /// One byte at a time, with pauses.
    Dripping,
    /// It answers with what is no HTTP.
    Gibberish,
    /// The header never ends.
    EndlessHead,
    /// It is somewhere else.
    Moved {
        /// The status: 301, 302, 303, 307 or 308.
        status: u16,
        /// Where.
        to: Box<str>,
    },
    /// There is nothing but a status.
    Status(u16),
    /// It wants to be left alone.
    Busy {
        /// The status: 429 or 503.
        status: u16,
        /// For how long.
        retry_after: Span,
    },
}

#[derive(Debug, Default)]
struct Shop {
    shelves: Mutex<BTreeMap<String, Page>>,
    log: Mutex<Vec<Request>>,
    is_closed: AtomicBool,
    visitors: AtomicUsize,
}

impl Newsstand {
    /// Opens on a free port of this machine.
    ///
    /// # Errors
    /// Fails when no port can be listened on.
    pub fn open() -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let address = listener.local_addr()?;
        let shop = Arc::new(Shop::default());
        let inside = shop.clone();
        let door = thread::spawn(move || inside.receive(&listener));
        Ok(Self { address, shop, door: Some(door) })
    }

    /// Where it listens.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// The address of a path, which begins with a slash.
    pub fn url(&self, path: &str) -> Url {
        Url::parse(&format!("http://{}{path}", self.address))
            .expect("the path is one of an address")
    }

    /// Puts a document on a shelf, or another in its place.
    pub fn put(&self, path: &str, page: Page) {
        lock(&self.shop.shelves).insert(path.to_owned(), page);
    }

    /// Serves the document of a path in another manner from now on.
    pub fn serve(&self, path: &str, manner: Manner) {
        let mut shelves = lock(&self.shop.shelves);
        shelves.get_mut(path).expect("the path has a document").manner = manner;
    }

    /// What was asked for, oldest first.
    pub fn log(&self) -> Vec<Request> {
        lock(&self.shop.log).clone()
    }
}

impl Drop for Newsstand {
    fn drop(&mut self) {
        self.shop.is_closed.store(true, Ordering::SeqCst);
        // Whoever waits at the door is woken by a visitor.
        let visit = TcpStream::connect(self.address);
        if let Some(door) = self.door.take().filter(|_| visit.is_ok()) {
            door.join().expect("the door's thread does not panic");
        }
    }
}

impl Page {
    /// A document that is served well.
    pub fn new(body: impl Into<Vec<u8>>, content_type: &str) -> Self {
        let content_type = content_type.into();
        Self { body: body.into(), content_type, modified: None, manner: Manner::Well }
    }

    /// An empty document, for manners that need none.
    pub fn behaving(manner: Manner) -> Self {
        Self { manner, ..Self::new(Vec::new(), "text/plain") }
    }

    /// The same, served in another manner.
    #[must_use]
    pub fn served(self, manner: Manner) -> Self {
        Self { manner, ..self }
    }

    /// The same, with the time of its last change.
    #[must_use]
    pub fn modified(self, time: Time) -> Self {
        Self { modified: Some(time), ..self }
    }
}

impl Shop {
    fn receive(self: Arc<Self>, listener: &TcpListener) {
        for visitor in listener.incoming() {
            if self.is_closed.load(Ordering::SeqCst) {
                return;
            }
            let Ok(visitor) = visitor else { continue };
            if CONNECTIONS_MAX <= self.visitors.fetch_add(1, Ordering::SeqCst) {
                self.visitors.fetch_sub(1, Ordering::SeqCst);
                continue;
            }
            let shop = self.clone();
            thread::spawn(move || {
                // A visitor that goes away early is no failure of ours.
                shop.attend(visitor).ok();
                shop.visitors.fetch_sub(1, Ordering::SeqCst);
            });
        }
    }

    fn attend(&self, mut visitor: TcpStream) -> io::Result<()> {
        visitor.set_read_timeout(Some(PATIENCE))?;
        visitor.set_write_timeout(Some(PATIENCE))?;
        let request = match Request::read(&mut visitor) {
            Err(fault) if fault.kind() == ErrorKind::InvalidData => {
                return visitor.write_all(b"HTTP/1.1 400 What?\r\nConnection: close\r\n\r\n");
            }
            request => request?,
        };
        let page = lock(&self.shelves).get(&request.path).cloned();
        let mut log = lock(&self.log);
        if log.len() < LOG_MAX {
            log.push(request.clone());
        }
        drop(log);
        let page = page.unwrap_or_else(|| Page::behaving(Manner::Status(404)));
        serve::serve(visitor, &request, &page)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().expect("nobody panics with the lock in hand")
}
