//! Looking up names, once for each request, behind the guard.

use std::fmt::Debug;
use std::io;
use std::net::{SocketAddr, ToSocketAddrs};
use std::sync::Arc;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;

use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;

use crate::guard::{Guard, Refusal};
use crate::url::Scheme;

/// Addresses of a host that are tried.
const ADDRESSES_MAX: usize = 4;

/// Looks up names.
pub trait Names: Debug + Send + Sync + 'static {
    /// The addresses of a host, which may itself be an address.
    ///
    /// # Errors
    /// Fails when none is known.
    fn look_up(&self, host: &str, port: u16) -> io::Result<Vec<SocketAddr>>;
}

/// The names that the system knows.
#[derive(Clone, Copy, Debug)]
pub struct SystemNames;

/// Looks up names and lets only vetted addresses through. Its refusal travels inside of
/// the client's error.
#[derive(Debug)]
pub(super) struct Vetted {
    guard: Guard,
    names: Arc<dyn Names>,
}

/// All addresses of a host are refused.
#[derive(Debug, thiserror::Error)]
#[error("`{host}` may not be asked: {refusal}")]
pub(super) struct Refused {
    /// The host.
    pub(super) host: Box<str>,
    /// Why its first address is.
    pub(super) refusal: Refusal,
}

impl Names for SystemNames {
    fn look_up(&self, host: &str, port: u16) -> io::Result<Vec<SocketAddr>> {
        Ok((host, port).to_socket_addrs()?.collect())
    }
}

impl Resolver for Vetted {
    fn resolve(
        &self,
        uri: &Uri,
        _: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let host = uri.host().ok_or(ureq::Error::HostNotFound)?.to_owned();
        let is_secure = uri.scheme_str() == Some("https");
        let usual = if is_secure { Scheme::Https.port() } else { Scheme::Http.port() };
        let addresses = self.look_up(&host, uri.port_u16().unwrap_or(usual), timeout)?;
        let mut admitted = self.empty();
        let mut refusal = None;
        for address in addresses {
            match self.guard.admit(&host, address) {
                Ok(()) if admitted.len() < ADDRESSES_MAX => admitted.push(address),
                Ok(()) => {}
                Err(reason) => refusal = refusal.or(Some(reason)),
            }
        }
        match refusal {
            _ if !admitted.is_empty() => Ok(admitted),
            Some(refusal) => {
                Err(ureq::Error::Other(Box::new(Refused { host: host.into(), refusal })))
            }
            None => Err(ureq::Error::HostNotFound),
        }
    }
}

impl Vetted {
    /// Names behind a guard.
    pub(super) fn new(guard: Guard, names: impl Names) -> Self {
        Self { guard, names: Arc::new(names) }
    }

    /// Looks a name up beside this thread, since the system's answer may take minutes.
    fn look_up(
        &self,
        host: &str,
        port: u16,
        timeout: NextTimeout,
    ) -> Result<Vec<SocketAddr>, ureq::Error> {
        let (answer, answered) = mpsc::sync_channel(1);
        let names = self.names.clone();
        let host = host.trim_matches(['[', ']']).to_owned();
        thread::spawn(move || answer.send(names.look_up(&host, port)));
        match answered.recv_timeout(*timeout.after) {
            Ok(addresses) => addresses.map_err(|_| ureq::Error::HostNotFound),
            Err(RecvTimeoutError::Timeout) => Err(ureq::Error::Timeout(timeout.reason)),
            Err(RecvTimeoutError::Disconnected) => Err(ureq::Error::HostNotFound),
        }
    }
}

#[cfg(test)]
mod tests;
