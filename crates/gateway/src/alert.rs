//! Telling people: which channels, what is still to be sent, and how it is sent.
//!
//! ```text
//! letter ──► Outbox (a file) ──► Post (a thread for each channel) ──► mail, chat, webhook
//!               ▲                      │
//!               └── delivered, again at, given up
//! ```
//!
//! A letter is durable before anybody tries to send it, is tried until it is delivered or given up,
//! and has a name under which it is put in once. So it is told at least once, and a second time only
//! when the answer to the first was lost. [`outbox`] decides and is told the time; [`post`] keeps
//! the threads; [`mail`] and [`chat`] know the wires.

pub mod chat;
pub mod list;
pub mod mail;
pub mod outbox;
pub mod post;

use backsight_domain::alert::Severity;
use backsight_domain::time::{Span, Time};

use self::list::{Channel, Way};
use crate::guard::Guard;
use crate::secret::Secret;

/// Something to be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// Its name: what has the same one is the same letter.
    pub id: String,
    /// What it is about, such as `desk.overfill` or `digest.post`.
    pub kind: String,
    /// How bad it is.
    pub severity: Severity,
    /// Its line above the text, without the line breaks that a header of a mail must not have.
    pub subject: String,
    /// In words.
    pub text: String,
    /// The same as a page, where a channel shows one.
    pub html: Option<String>,
    /// When what it tells happened.
    pub at: Time,
}

/// What came of sending a letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sent {
    /// It was taken.
    Taken,
    /// Not now.
    Later {
        /// Why.
        why: String,
        /// How long the other side wants to be left alone.
        after: Option<Span>,
    },
    /// Never.
    Never {
        /// Why.
        why: String,
    },
}

/// Sends one letter through one channel, now.
pub fn send(
    guard: &Guard,
    channel: &Channel,
    secret: Option<&Secret>,
    letter: &Letter,
    now: Time,
) -> Sent {
    match &channel.way {
        Way::Mail(way) => mail::send(way, secret, letter, now),
        Way::Webhook(_) | Way::Telegram { .. } | Way::Discord | Way::Slack => {
            chat::send(guard, channel, secret, letter, now)
        }
    }
}

/// The most letters of a text; one more becomes an ellipsis. Bounds of the wires count letters.
pub(crate) fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let kept: String = text.chars().take(most.saturating_sub(1)).collect();
    format!("{kept}…")
}
