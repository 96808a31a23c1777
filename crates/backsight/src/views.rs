//! The tables that follow the journal: where they are, and who keeps them there.
//!
//! A thread of its own reads the journal's files behind the desk. It shares nothing with the desk
//! but the disk, so whatever happens to the database, the desk does not feel it.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use backsight_domain::id::Seq;
use backsight_store::{Address, Fault, ProjectionFault, Projector, Store};
use backsight_web::Tables;

use crate::answer::{Exit, Failure};
use crate::clock::{self, Stopwatch};
use crate::environment;
use crate::home::{Home, show};

/// How long the end of the journal is left alone before it is looked at again.
const REST: Duration = Duration::from_millis(100);
/// How long a database that failed is left alone, at first and at most.
const PATIENCE: (Duration, Duration) = (Duration::from_millis(500), Duration::from_secs(30));
/// How long the end of a program waits for its views.
const FAREWELL: Duration = Duration::from_secs(20);

/// Keeps the views where the journal is, until it is dropped.
#[derive(Debug)]
pub(crate) struct Follower {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

/// What the thread and its owner tell each other.
#[derive(Debug, Default)]
struct Shared {
    /// Whether the thread is to end.
    is_over: AtomicBool,
    standing: Mutex<Standing>,
}

/// Where the views are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Standing {
    /// The last record that they have.
    pub(crate) applied: u64,
    /// Why they do not follow; nothing while they do.
    pub(crate) fault: Option<String>,
}

/// Where the views of a desk are: what the environment names, or a file beside the journal.
pub(crate) fn address(home: &Home) -> Address {
    let named = environment::variable("BACKSIGHT_STORE").map(|text| Address::parse(&text));
    named.unwrap_or_else(|| Address::File(home.store_file()))
}

impl Follower {
    /// Begins to follow.
    pub(crate) fn begin(home: &Home) -> Self {
        let shared = Arc::new(Shared::default());
        let (theirs, home) = (shared.clone(), home.clone());
        let thread = thread::Builder::new()
            .name("views".to_owned())
            .spawn(move || theirs.follow(&home))
            .map_err(|fault| shared.tell(Some(format!("no thread could be begun: {fault}"))))
            .ok();
        Self { shared, thread }
    }

    /// What tells somebody else where the views are.
    pub(crate) fn teller(&self) -> Arc<dyn Fn() -> Tables + Send + Sync> {
        let shared = self.shared.clone();
        Arc::new(move || {
            let Standing { applied, fault } = shared.standing().clone();
            Tables { applied, fault }
        })
    }

    /// Where the views are.
    pub(crate) fn standing(&self) -> Standing {
        self.shared.standing().clone()
    }

    /// Waits until the views have a record, for as long as is decent.
    pub(crate) fn settled(&self, last: Seq) -> Standing {
        let watch = Stopwatch::start();
        loop {
            let standing = self.standing();
            let is_there = last.0 <= standing.applied;
            if is_there || standing.fault.is_some() || FAREWELL < watch.elapsed() {
                return standing;
            }
            clock::pause(Duration::from_millis(2));
        }
    }
}

/// A database that does not answer is not waited for.
impl Drop for Follower {
    fn drop(&mut self) {
        self.shared.is_over.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take().filter(JoinHandle::is_finished) {
            thread.join().ok();
        }
    }
}

impl Shared {
    fn standing(&self) -> std::sync::MutexGuard<'_, Standing> {
        self.standing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn tell(&self, fault: Option<String>) {
        self.standing().fault = fault;
    }

    /// Follows until told otherwise; begins again when the database or the journal failed.
    fn follow(&self, home: &Home) {
        let mut patience = PATIENCE.0;
        while !self.is_over.load(Ordering::Relaxed) {
            match self.follow_once(home, &mut patience) {
                Ok(()) => return,
                // The desk plays its lost end again.
                Err(ProjectionFault::Ahead(_)) => patience = PATIENCE.0,
                Err(fault) => self.tell(Some(message(&fault))),
            }
            let watch = Stopwatch::start();
            while watch.elapsed() < patience && !self.is_over.load(Ordering::Relaxed) {
                clock::pause(REST);
            }
            patience = (patience * 2).min(PATIENCE.1);
        }
    }

    fn follow_once(&self, home: &Home, patience: &mut Duration) -> Result<(), ProjectionFault> {
        let disk = home.disk();
        let store = Store::create(&address(home))?;
        let mut projector = Projector::open(store, &disk)?;
        loop {
            let records = projector.advance()?;
            let standing = Standing { applied: projector.applied().seq.0, fault: None };
            *self.standing() = standing;
            *patience = PATIENCE.0;
            if self.is_over.load(Ordering::Relaxed) {
                return Ok(());
            }
            if records == 0 {
                clock::pause(REST);
            }
        }
    }
}

/// A fault with everything behind it.
pub(crate) fn message(fault: &dyn std::error::Error) -> String {
    let mut text = fault.to_string();
    let mut source = fault.source();
    while let Some(cause) = source {
        let cause_text = cause.to_string();
        if !text.contains(&cause_text) {
            text = format!("{text}: {cause_text}");
        }
        source = cause.source();
    }
    text
}

/// How many records the views of a desk lack, as far as its journal goes; nothing when there are no
/// views yet.
pub(crate) fn lag(home: &Home, last: Seq) -> Option<Result<u64, String>> {
    let address = address(home);
    if matches!(&address, Address::File(path) if !path.exists()) {
        return None;
    }
    let applied = Store::read(&address).and_then(|mut store| store.applied());
    let lag = applied.map(|applied| last.0.saturating_sub(applied.seq.0));
    Some(lag.map_err(|fault| message(&fault)))
}

/// Opens the views to read them, and says what to do when there are none.
pub(crate) fn read(home: &Home) -> Result<Store, Failure> {
    let address = address(home);
    if let Address::File(path) = &address
        && !path.exists()
    {
        let path = show(path);
        let message = format!("there are no views in `{path}` yet; `backsight rebuild` makes them");
        return Err(Failure::new(Exit::Unavailable, message));
    }
    Ok(Store::read(&address)?)
}

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Self {
        let exit = match &fault {
            Fault::Statement(_) | Fault::TooLong(_) => Exit::Usage,
            Fault::Open { .. } | Fault::Contended => Exit::Unavailable,
            Fault::Failed { .. } | Fault::File { .. } => Exit::Storage,
            Fault::Schema(_) | Fault::Version { .. } | Fault::Cleartext { .. } => {
                Exit::Configuration
            }
        };
        Self::new(exit, message(&fault))
    }
}

impl From<ProjectionFault> for Failure {
    fn from(fault: ProjectionFault) -> Self {
        match fault {
            ProjectionFault::Store(fault) => fault.into(),
            ProjectionFault::Journal(fault) => fault.into(),
            ProjectionFault::Ahead(_) | ProjectionFault::Elsewhere(_) => {
                Self::new(Exit::Different, message(&fault))
            }
        }
    }
}
