//! Reading feeds: which, when, how politely, and what came.
//!
//! ```text
//!            now                        now, answer or fault
//!             │                                 │
//! feeds ──► Schedule ── Errand ──► Client ──► Schedule ── Turn ──► whoever reads
//!             │            (poller: threads)      │
//!             └── when to wake                    └── bytes, alarm, when next
//! ```
//!
//! [`schedule`] decides everything and touches nothing: it is told the time and what came back, so
//! that a month of polling is a test without a socket. [`poller`] carries its errands out, [`intake`]
//! makes stories of what came, and [`wire`] is all of it in one call.

pub mod intake;
pub mod kept;
pub mod list;
pub mod poller;
pub mod presets;
pub mod schedule;
pub mod wire;

use std::fmt;

use backsight_domain::time::{Span, Time};

use crate::http::fault::Fault;
use crate::url::Url;

/// Bytes of the largest body, as it is sent.
pub const PACKED_MAX: usize = 4 << 20;

/// Bytes of the largest body, unpacked.
pub const BODY_MAX: usize = 8 << 20;

/// A feed that a person chose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Feed {
    /// What it is called; the source of its stories.
    pub name: Box<str>,
    /// Where it is.
    pub url: Url,
    /// How often it is asked.
    pub every: Span,
}

/// The number of a feed in its schedule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FeedId(pub u16);

/// A body that a feed sent, unpacked, and not the one it sent before.
#[derive(Clone, PartialEq, Eq)]
pub struct Fetched {
    /// Which feed.
    pub feed: FeedId,
    /// Where it came from in the end.
    pub url: Url,
    /// The body.
    pub bytes: Vec<u8>,
    /// What the server says it is.
    pub content_type: Option<Box<str>>,
    /// When it had come whole. What the feed itself says about times is another matter.
    pub received_at: Time,
}

/// What one turn of a feed came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Turn {
    /// Which feed.
    pub feed: FeedId,
    /// What came of it.
    pub outcome: Outcome,
    /// What a person must be told.
    pub alarm: Option<Alarm>,
    /// When it is asked again; `None` while a redirect is still being followed.
    pub due: Option<Time>,
}

/// What came of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Something new.
    Fetched(Fetched),
    /// What was there before.
    Unchanged,
    /// A redirect, which is followed next.
    Redirected(Url),
    /// Nothing.
    Failed(Fault),
}

/// What a person must be told about a feed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Alarm {
    /// It fell silent, and is now asked rarely.
    Dead {
        /// How often it failed in a row.
        failures: u32,
        /// When it was last heard of.
        heard: Option<Time>,
    },
    /// It is back.
    Alive {
        /// How often it had failed in a row.
        failures: u32,
    },
}

impl fmt::Debug for Fetched {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { feed, url, bytes, content_type, received_at } = self;
        f.debug_struct("Fetched")
            .field("feed", feed)
            .field("url", url)
            .field("bytes", &bytes.len())
            .field("content_type", content_type)
            .field("received_at", received_at)
            .finish()
    }
}
