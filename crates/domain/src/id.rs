//! Identities, typed per kind and derived from the journal's sequence, never drawn.

use std::fmt;

use crate::instrument::Ticker;

/// The place of an entry in the journal; the first is 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Seq(pub u64);

impl Seq {
    /// The sequence that follows.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0 + 1)
    }
}

/// An account of the desk, by its position in the policy's account list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AccountId(pub u8);

/// A signal: the entry that caused it and its place among that entry's signals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SignalId {
    /// The entry that caused the signal.
    pub cause: Seq,
    /// Its place among the signals of that entry.
    pub index: u16,
}

/// An intent and the order it may become: the entry that caused it and its leg.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IntentId {
    /// The entry that caused the intent.
    pub cause: Seq,
    /// Its place among the intents of that entry.
    pub leg: u16,
}

/// A position, named by the intent that opened it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PositionId(pub IntentId);

/// A ghost, named by the signal whose twin it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GhostId(pub SignalId);

/// A proposal, named by the entry that filed it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProposalId(pub Seq);

/// A venue's own name for an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VenueId(pub u128);

/// A venue's name for one execution; the key under which a fill is applied once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ExecutionId(pub u128);

/// The version of a policy: 1 for the first adopted in a journal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PolicyVersion(pub u32);

/// The name of a desk, part of every client order id it sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DeskName(pub Ticker);

impl DeskName {
    /// The client order id of an intent: a pure function, so sending twice is one order.
    pub fn client_order_id(self, intent: IntentId) -> String {
        format!("bs-{}-{intent}", self.0.as_str().to_ascii_lowercase())
    }

    /// The intent behind a client order id of this desk; `None` for a foreign order.
    pub fn intent_of(self, client_order_id: &str) -> Option<IntentId> {
        let rest = client_order_id.strip_prefix("bs-")?;
        let (desk, rest) = rest.split_once('-')?;
        if desk != self.0.as_str().to_ascii_lowercase() {
            return None;
        }
        IntentId::parse(rest).filter(|intent| self.client_order_id(*intent) == client_order_id)
    }
}

impl IntentId {
    /// Parses the `SEQUENCE.LEG` form.
    pub fn parse(text: &str) -> Option<Self> {
        let (cause, leg) = text.split_once('.')?;
        Some(Self { cause: Seq(cause.parse().ok()?), leg: leg.parse().ok()? })
    }
}

impl SignalId {
    /// Parses the `SEQUENCE:INDEX` form, with or without the leading `s`.
    pub fn parse(text: &str) -> Option<Self> {
        let (cause, index) = text.strip_prefix('s').unwrap_or(text).split_once(':')?;
        Some(Self { cause: Seq(cause.parse().ok()?), index: index.parse().ok()? })
    }
}

impl ProposalId {
    /// Parses the `pSEQUENCE` form, with or without the leading `p`.
    pub fn parse(text: &str) -> Option<Self> {
        text.strip_prefix('p').unwrap_or(text).parse().ok().map(|seq| Self(Seq(seq)))
    }
}

impl fmt::Display for Seq {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl fmt::Display for SignalId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("s{}:{}", self.cause, self.index))
    }
}

impl fmt::Display for ProposalId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("p{}", self.0))
    }
}

impl fmt::Display for IntentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{}.{}", self.cause, self.leg))
    }
}

#[cfg(test)]
mod tests;
