//! The best reader that is installed, and what changed when it is another one.

use super::{Passage, Rung, RungKind, Sentiment, Tone};

/// Holds the readers that are installed and reads with the best.
#[derive(Debug)]
pub struct Ladder {
    /// Best first.
    readers: Vec<Box<dyn Sentiment>>,
    nobody: Rung,
}

/// The reader is another one. A fall to a worse rung is an alarm.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RungChange {
    /// Who read before.
    pub from: Rung,
    /// Who reads now.
    pub to: Rung,
}

impl RungChange {
    /// Says whether readings are worse than before.
    pub fn is_fall(&self) -> bool {
        self.from.kind < self.to.kind
    }
}

impl Default for Ladder {
    fn default() -> Self {
        Self { readers: Vec::new(), nobody: Rung::new(RungKind::None, "none", "0") }
    }
}

impl Ladder {
    /// Starts with nobody.
    pub fn new() -> Self {
        Self::default()
    }

    /// Says who reads now.
    pub fn rung(&self) -> &Rung {
        self.readers.first().map_or(&self.nobody, |reader| reader.rung())
    }

    /// Reads with the best reader; nobody gives no tone.
    pub fn read(&self, passages: &[Passage<'_>]) -> Option<Vec<Tone>> {
        self.readers.first().map(|reader| reader.read(passages))
    }

    /// Adds a reader in its place; one of the same kind is replaced.
    pub fn install(&mut self, reader: Box<dyn Sentiment>) -> Option<RungChange> {
        let before = self.rung().clone();
        let kind = reader.rung().kind;
        self.readers.retain(|it| it.rung().kind != kind);
        let at = self.readers.partition_point(|it| it.rung().kind < kind);
        self.readers.insert(at, reader);
        self.changed_from(before)
    }

    /// Takes a kind of reader away.
    pub fn remove(&mut self, kind: RungKind) -> Option<RungChange> {
        let before = self.rung().clone();
        self.readers.retain(|it| it.rung().kind != kind);
        self.changed_from(before)
    }

    fn changed_from(&self, from: Rung) -> Option<RungChange> {
        let to = self.rung().clone();
        (from != to).then_some(RungChange { from, to })
    }
}

#[cfg(test)]
mod tests;
