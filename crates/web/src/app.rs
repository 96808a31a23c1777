//! What every request can reach.

use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use backsight_domain::desk::OperatorCommand;
use backsight_domain::policy::Policy;
use tokio::sync::Semaphore;
use tokio::sync::watch;

use crate::access::Access;
use crate::api::alerts::Channel;
use crate::diary::Diary;
use crate::guard::rate::Rates;
use crate::hub::Listening;
use crate::meters::Meters;
use crate::mirror::Mirror;
use crate::mirror::back::Fork;
use crate::mirror::follow::Progress;
use crate::mirror::mailbox::Mailbox;
use crate::routes::Matrix;
use crate::study::Study;

/// Where commands go in: the desk's inbox.
pub trait Inbox: Send + Sync {
    /// Puts a command in, once: a key that was put before changes nothing.
    ///
    /// # Errors
    /// Returns why it could not be written.
    fn put(&self, command: &OperatorCommand) -> Result<(), String>;

    /// Wants a policy, with who wants it, why, and a key of its own.
    ///
    /// # Errors
    /// Returns why it could not be written.
    fn adopt(&self, policy: &Policy, wish: (&str, &str, u64)) -> Result<(), String>;
}

/// Where the tables are that follow the journal.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tables {
    /// The last record that they have.
    pub applied: u64,
    /// Why they stand still; nothing while they follow.
    pub fault: Option<String>,
}

/// What every request can reach.
#[derive(Clone)]
pub(crate) struct App(Arc<Parts>);

/// The parts of a site.
pub(crate) struct Parts {
    pub(crate) mirror: Mailbox<Mirror>,
    pub(crate) study: Mailbox<Study>,
    pub(crate) journal: PathBuf,
    pub(crate) fork: Fork,
    pub(crate) meters: Meters,
    pub(crate) diary: Diary,
    pub(crate) listening: Listening,
    pub(crate) progress: Arc<Progress>,
    pub(crate) access: Access,
    pub(crate) inbox: Arc<dyn Inbox>,
    /// Tells where the tables are.
    pub(crate) tables: Arc<dyn Fn() -> Tables + Send + Sync>,
    /// Tells how the channels do.
    pub(crate) channels: Arc<dyn Fn() -> Vec<Channel> + Send + Sync>,
    pub(crate) matrix: Matrix,
    pub(crate) description: String,
    pub(crate) address: SocketAddr,
    /// Names under which the site may be asked for, beside those of this machine.
    pub(crate) hosts: Vec<String>,
    pub(crate) rates: Rates,
    /// Passwords that are checked at a time: each takes nineteen mebibytes.
    pub(crate) checks: Semaphore,
    /// Sockets that may be open.
    pub(crate) sockets: Arc<Semaphore>,
    /// True once the site is to end.
    pub(crate) ending: watch::Receiver<bool>,
}

impl App {
    pub(crate) fn new(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }
}

impl std::ops::Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl fmt::Debug for App {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("App").field("address", &self.address).finish_non_exhaustive()
    }
}
