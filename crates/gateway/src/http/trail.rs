//! Where redirects lead.
//!
//! A trail is advanced by whoever asks, one answer at a time, so that each hop is a request like any
//! other: looked up, vetted and polite. It ends after a few hops, in a circle, where it would leave
//! an encrypted channel, and where another machine points at this one.

use crate::http::Head;
use crate::url::{BadUrl, Scheme, Url};

/// Hops that are followed.
pub const HOPS_MAX: usize = 5;

/// The way from the address that was asked for first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trail {
    /// Every address on the way; never empty.
    visited: Vec<Url>,
    /// How many of the first hops were permanent.
    permanent: usize,
}

/// Why a trail leads nowhere.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TrailFault {
    /// There are too many hops.
    #[error("it redirects more than {HOPS_MAX} times")]
    Long,
    /// It comes back to where it was.
    #[error("it redirects in a circle, back to `{0}`")]
    Circle(Box<Url>),
    /// It leaves the encrypted channel.
    #[error("it redirects from `https` to `{0}`, where anybody can read and change it")]
    Downgrade(Box<Url>),
    /// It leads from another machine to this one.
    #[error("it redirects to `{0}`, which is this machine")]
    Inward(Box<Url>),
    /// It does not say where to go.
    #[error("it redirects without saying where to")]
    Blank,
    /// What it says is no address.
    #[error("it redirects to what is no address: {0}")]
    Bad(BadUrl),
}

impl Trail {
    /// A trail of one address.
    pub fn new(url: Url) -> Self {
        Self { visited: vec![url], permanent: 0 }
    }

    /// Where it began.
    pub fn first(&self) -> &Url {
        self.visited.first().expect("a trail has a first address")
    }

    /// Where it is.
    pub fn last(&self) -> &Url {
        self.visited.last().expect("a trail has a last address")
    }

    /// The address to ask from now on, when the first was left for good.
    pub fn moved(&self) -> Option<&Url> {
        (0 < self.permanent).then(|| &self.visited[self.permanent])
    }

    /// Goes where an answer leads; tells whether it led anywhere at all.
    ///
    /// # Errors
    /// Fails when the way is too long, a circle, unsafe or unreadable.
    pub fn advance(&mut self, head: &Head) -> Result<bool, TrailFault> {
        let is_permanent = match head.status {
            301 | 308 => true,
            302 | 303 | 307 => false,
            _ => return Ok(false),
        };
        let location = head.location.as_deref().ok_or(TrailFault::Blank)?;
        let next = self.last().join(location).map_err(TrailFault::Bad)?;
        if self.visited.contains(&next) {
            return Err(TrailFault::Circle(Box::new(next)));
        }
        if self.last().scheme() == Scheme::Https && next.scheme() == Scheme::Http {
            return Err(TrailFault::Downgrade(Box::new(next)));
        }
        if next.is_here() && !self.last().is_here() {
            return Err(TrailFault::Inward(Box::new(next)));
        }
        if HOPS_MAX < self.visited.len() {
            return Err(TrailFault::Long);
        }
        // A temporary hop keeps the address before it, and so everything behind it.
        if is_permanent && self.permanent + 1 == self.visited.len() {
            self.permanent += 1;
        }
        self.visited.push(next);
        Ok(true)
    }
}

#[cfg(test)]
mod tests;
