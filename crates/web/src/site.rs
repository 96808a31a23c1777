//! A site from its opening to its end: two threads of requests, and the mirror's.

use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::sync_channel;
use std::thread::{self, JoinHandle};

use tokio::runtime::Builder;
use tokio::sync::{Semaphore, watch};

use crate::access::{Access, AccessFault};
use crate::api::alerts::Channel;
use crate::app::{App, Inbox, Parts, Tables};
use crate::diary::Diary;
use crate::guard::rate::Rates;
use crate::hub::Hub;
use crate::meters::Meters;
use crate::mirror::back::Fork;
use crate::mirror::follow::{self, Progress};
use crate::mirror::mailbox::{Mailbox, QUESTIONS_MAX};
use crate::routes::routes;
use crate::server;
use crate::study;

/// The port when nobody says which, and how many after it are tried when it is taken.
const PORT: u16 = 8765;
const PORTS: u16 = 20;
/// Threads that answer requests.
const THREADS: usize = 2;
/// Questions about the past that may wait.
const STUDIES_MAX: usize = 32;
/// Passwords that are checked at a time.
const CHECKS: usize = 2;
/// Sockets that may be open.
pub(crate) const SOCKETS_MAX: usize = 50;

/// What a site is made from.
pub struct Wish {
    /// Where to listen; some free port of this machine when nobody says.
    pub listen: Option<SocketAddr>,
    /// The journal's folder.
    pub journal: PathBuf,
    /// The folder in which the site keeps who may enter.
    pub folder: PathBuf,
    /// Names under which the site may be asked for, beside those of this machine.
    pub hosts: Vec<String>,
    /// Where commands go in.
    pub inbox: Arc<dyn Inbox>,
    /// Tells where the tables are that follow the journal.
    pub tables: Arc<dyn Fn() -> Tables + Send + Sync>,
    /// Tells how the channels do.
    pub channels: Arc<dyn Fn() -> Vec<Channel> + Send + Sync>,
}

/// Why a site cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum SiteFault {
    /// The address cannot be listened on.
    #[error("cannot listen on `{address}`; another address: `--listen ADDRESS:PORT`")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// Other machines would reach it.
    #[error(
        "`{0}` can be reached from other machines, and this site speaks plain HTTP; listen on \
         127.0.0.1 and put a proxy with TLS before it"
    )]
    Open(SocketAddr),
    /// Threads cannot be started.
    #[error("cannot start the threads of the site")]
    Threads(#[source] io::Error),
    /// Who may enter cannot be read.
    #[error(transparent)]
    Access(#[from] AccessFault),
}

/// A site that is open.
#[derive(Debug)]
pub struct Site {
    address: SocketAddr,
    setup: Option<String>,
    ending: watch::Sender<bool>,
    threads: Vec<JoinHandle<()>>,
}

impl Site {
    /// Opens a site.
    ///
    /// # Errors
    /// Returns an address that is taken or open to others, or a file that cannot be read.
    pub fn open(wish: Wish) -> Result<Self, SiteFault> {
        let listener = listen(wish.listen)?;
        let address = listener.local_addr().map_err(SiteFault::Threads)?;
        let access = Access::open(&wish.folder)?;
        let setup = access.begin_setup()?;
        let (questions, mailbox) = sync_channel(QUESTIONS_MAX);
        let (mut hub, listening) = Hub::new();
        let (study, looking) = sync_channel(STUDIES_MAX);
        let progress = Arc::new(Progress::default());
        let (ending, ended) = watch::channel(false);
        let routes = routes();
        let description = serde_json::to_string(&routes.document).unwrap_or_default();
        let app = App::new(Parts {
            mirror: Mailbox(questions),
            study: Mailbox(study),
            journal: wish.journal.clone(),
            fork: Fork::default(),
            meters: Meters::default(),
            diary: Diary::open(&wish.folder),
            listening,
            progress: progress.clone(),
            access,
            inbox: wish.inbox,
            tables: wish.tables,
            channels: wish.channels,
            matrix: routes.matrix,
            description,
            address,
            hosts: wish.hosts,
            rates: Rates::default(),
            checks: Semaphore::new(CHECKS),
            sockets: Arc::new(Semaphore::new(SOCKETS_MAX)),
            ending: ended.clone(),
        });
        let journal = wish.journal.clone();
        let student = spawn("study", move || study::run(&wish.journal, &looking))?;
        let mirror = spawn("mirror", move || follow::run(&journal, &mailbox, &mut hub, &progress))?;
        let runtime = Builder::new_multi_thread()
            .worker_threads(THREADS)
            .max_blocking_threads(4)
            .thread_name("web")
            .enable_all()
            .build()
            .map_err(SiteFault::Threads)?;
        let router = routes.router;
        let server = spawn("web", move || {
            // A listener that fails later closes the site and leaves the desk alone.
            runtime.block_on(server::serve(listener, router, app, ended)).ok();
        })?;
        Ok(Self { address, setup, ending, threads: vec![server, mirror, student] })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where a browser finds it.
    pub fn url(&self) -> String {
        format!("http://{}/", self.address)
    }

    /// The one-time link that makes the first operator; nothing when there is one.
    pub fn setup_url(&self) -> Option<String> {
        // What stands behind `#` is never sent, so the word gets into no log.
        let word = self.setup.as_ref()?;
        Some(format!("{}setup#token={word}", self.url()))
    }

    /// Ends the site: no new requests, the last answers, farewell to sockets.
    pub fn close(self) {
        self.ending.send(true).ok();
        for thread in self.threads {
            thread.join().ok();
        }
    }
}

fn spawn(name: &str, act: impl FnOnce() + Send + 'static) -> Result<JoinHandle<()>, SiteFault> {
    thread::Builder::new().name(name.to_owned()).spawn(act).map_err(SiteFault::Threads)
}

/// Listens where it was wished, or on the first free port of this machine from the usual one on.
fn listen(wished: Option<SocketAddr>) -> Result<TcpListener, SiteFault> {
    if let Some(address) = wished {
        if !address.ip().is_loopback() {
            return Err(SiteFault::Open(address));
        }
        return TcpListener::bind(address).map_err(|source| SiteFault::Listen { address, source });
    }
    let local = |port| SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), port);
    let free = (PORT..PORT + PORTS).find_map(|port| TcpListener::bind(local(port)).ok());
    let any = || {
        let address = local(0);
        TcpListener::bind(address).map_err(|source| SiteFault::Listen { address, source })
    };
    free.map_or_else(any, Ok)
}

impl std::fmt::Debug for Wish {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Wish").field("listen", &self.listen).finish_non_exhaustive()
    }
}
