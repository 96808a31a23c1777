//! Which fault strikes when: one branch of chance for each kind, and a count of what happened.

use backsight_domain::time::Span;

use super::profile::{FaultKind, FaultProfile, KINDS};
use crate::chance::Chance;

/// Draws faults. No kind's draws depend on another's probability.
#[derive(Clone, Debug)]
pub(super) struct Strikes {
    profile: FaultProfile,
    chances: [Chance; KINDS],
    counts: [u64; KINDS],
    healed: bool,
}

impl Strikes {
    pub(super) fn new(profile: FaultProfile, chance: &Chance) -> Self {
        let chances = FaultKind::ALL.map(|kind| chance.branch_n(kind.index() as u64));
        Self { profile, chances, counts: [0; KINDS], healed: false }
    }

    /// Whether this kind strikes here.
    pub(super) fn strikes(&mut self, kind: FaultKind) -> bool {
        let probability = self.profile.probability(kind);
        let struck = !self.healed && self.chance(kind).happens(probability);
        self.counts[kind.index()] += u64::from(struck);
        struck
    }

    /// The chance of the details of one kind.
    pub(super) fn chance(&mut self, kind: FaultKind) -> &mut Chance {
        &mut self.chances[kind.index()]
    }

    /// A span of this many seconds, at random.
    pub(super) fn span(&mut self, kind: FaultKind, low: f64, high: f64) -> Span {
        #[expect(clippy::cast_possible_truncation, reason = "hours fit in 64 bits of nanoseconds")]
        let nanos = (self.chance(kind).between(low, high) * 1e9) as i64;
        Span::from_nanos(nanos)
    }

    /// How long a message of this kind is held back.
    #[expect(clippy::cast_precision_loss, reason = "a delay is a small number of seconds")]
    pub(super) fn delay(&mut self, kind: FaultKind) -> Span {
        let longest = self.profile.longest_delay.seconds_floor() as f64;
        self.span(kind, 4.0, longest)
    }

    pub(super) const fn count(&self, kind: FaultKind) -> u64 {
        self.counts[kind.index()]
    }

    pub(super) const fn heal(&mut self) {
        self.healed = true;
    }
}
