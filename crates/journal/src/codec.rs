//! Payloads of records: which number a kind has, and which version wrote it.
//!
//! A record's frame names the kind and the version of its payload; the payload is the kind's
//! [`Wire`] form. Numbers are never reused. When a type of the domain changes its shape, the version
//! is raised and the old reader stays, so that every journal ever written can be read; `samples/`
//! holds one journal per version that must decode to the same text for ever.

mod v1;

use backsight_domain::decision::Decision;
use backsight_domain::event::Event;

use crate::wire::{Input, Malformed, Wire};

/// The version in which payloads are written.
pub const VERSION: u16 = 1;

/// The kind of a decision; every other kind is an event's.
pub const DECISION: u16 = 256;

/// What a payload says.
#[derive(Clone, Debug, PartialEq)]
pub enum Payload {
    /// Something happened.
    Event(Event),
    /// Something was decided.
    Decision(Decision),
}

/// Why a payload cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Undecodable {
    /// A newer build wrote it.
    #[error("payload version `{0}` is not known to this build")]
    UnknownVersion(u16),
    /// The version has no such kind.
    #[error("record kind `{0}` is not known to this build")]
    UnknownKind(u16),
    /// The bytes are not a value of the kind.
    #[error("a payload of kind `{kind}` does not decode")]
    Malformed {
        /// The kind.
        kind: u16,
        /// What is wrong.
        #[source]
        source: Malformed,
    },
}

/// Appends the payload of an event and returns its kind.
pub fn encode_event(event: &Event, out: &mut Vec<u8>) -> u16 {
    v1::put_event(event, out)
}

/// Appends the payload of a decision and returns its kind.
pub fn encode_decision(decision: &Decision, out: &mut Vec<u8>) -> u16 {
    decision.put(out);
    DECISION
}

/// Reads a payload.
///
/// # Errors
/// Returns an unknown version or kind, or what is wrong with the bytes.
pub fn decode(version: u16, kind: u16, bytes: &[u8]) -> Result<Payload, Undecodable> {
    if version != 1 {
        return Err(Undecodable::UnknownVersion(version));
    }
    let mut input = Input::new(bytes);
    let payload = if kind == DECISION {
        Decision::take(&mut input).map(Payload::Decision)
    } else {
        let event = v1::take_event(kind, &mut input).ok_or(Undecodable::UnknownKind(kind))?;
        event.map(Payload::Event)
    };
    payload
        .and_then(|payload| input.finish().map(|()| payload))
        .map_err(|source| Undecodable::Malformed { kind, source })
}

#[cfg(test)]
mod tests;
