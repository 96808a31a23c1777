//! Why an answer did not come, and what to do about it.

use crate::guard::Refusal;
use crate::http::coding::CodingFault;
use crate::http::trail::TrailFault;
use crate::url::Url;

/// What went wrong on the way to a resource, or with what came from there.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// All addresses of a host are out of bounds.
    #[error("`{host}` may not be asked: {refusal}")]
    Refused {
        /// The host.
        host: Box<str>,
        /// Why its first address is.
        refusal: Refusal,
    },
    /// No address is known for a host.
    #[error("no address is known for `{host}`; check the name, and whether this machine is online")]
    NoAddress {
        /// The host.
        host: Box<str>,
    },
    /// Nobody took the connection.
    #[error("cannot connect to `{host}`: {cause}; check whether this machine is online")]
    Unreachable {
        /// The host and the port.
        host: Box<str>,
        /// What the system said.
        cause: Box<str>,
    },
    /// It took too long.
    #[error("`{host}` took too long ({phase})")]
    Late {
        /// The host and the port.
        host: Box<str>,
        /// What was waited for.
        phase: Box<str>,
    },
    /// The encrypted channel could not be trusted.
    #[error("`{host}` cannot be trusted: {cause}")]
    Untrusted {
        /// The host and the port.
        host: Box<str>,
        /// What is wrong with it.
        cause: Box<str>,
    },
    /// The answer makes no sense, or ends too early.
    #[error("the answer of `{host}` is broken: {cause}")]
    Broken {
        /// The host and the port.
        host: Box<str>,
        /// How.
        cause: Box<str>,
    },
    /// The body is larger than we take.
    #[error("`{url}` sends more than {limit} bytes; it is not a feed that can be read")]
    Large {
        /// The address.
        url: Box<Url>,
        /// The limit.
        limit: usize,
    },
    /// The status says that there is nothing.
    #[error("`{url}` answers with status {status}{}", advice(*status))]
    Status {
        /// The address.
        url: Box<Url>,
        /// The status.
        status: u16,
    },
    /// The body could not be unpacked.
    #[error("`{url}` sends what cannot be unpacked")]
    Coding {
        /// The address.
        url: Box<Url>,
        /// Why.
        #[source]
        source: CodingFault,
    },
    /// The body is no feed.
    #[error("`{url}` sends what is no feed: {cause}")]
    Unreadable {
        /// The address.
        url: Box<Url>,
        /// What the reader said.
        cause: Box<str>,
    },
    /// The redirects lead nowhere.
    #[error("`{url}` leads nowhere")]
    Trail {
        /// The address that the redirects began at.
        url: Box<Url>,
        /// Why.
        #[source]
        source: TrailFault,
    },
}

/// What a person can do about a status.
const fn advice(status: u16) -> &'static str {
    match status {
        401 | 403 => {
            ": it may want a `contact` in feeds.toml, a key in its address, or no programs"
        }
        404 => ": nothing is there; look for the address that the outlet names today",
        410 => ": it was taken away for good; remove it",
        429 => ": it is asked too often; ask less often",
        500..=599 => ": its server is in trouble; it is asked again later",
        _ => "",
    }
}
