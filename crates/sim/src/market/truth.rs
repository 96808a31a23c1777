//! What was planted, for those who must be able to say whether it was found.

use backsight_domain::market::Slot;
use backsight_domain::time::Time;

use super::drift::HalfLife;

/// One planted effect.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Planted {
    /// The symbol.
    pub slot: Slot,
    /// The start of the first minute that it moves.
    pub at: Time,
    /// What it belongs to.
    pub cause: Cause,
    /// The expected return from there on, after everything has passed.
    pub total: f64,
    /// The part of it that comes at once, in the first minute or in the opening gap.
    pub at_once: f64,
    /// How fast the rest comes.
    pub half_life: HalfLife,
}

/// What makes an effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// A surge of volume, in the minute before.
    Surge,
    /// The story of this identity.
    Story(u64),
    /// A report of earnings, before the open.
    Earnings,
    /// The ex-date of a dividend.
    Dividend,
    /// A find of discovery, in the morning.
    Discovery,
    /// A dip while the share's thesis stood, in the minute before.
    Dip,
    /// A hard fall overnight, about which nobody says anything.
    Fall,
}

/// Everything that was planted so far, in the order of time.
#[derive(Clone, Debug, Default)]
pub struct Truth {
    /// The effects. A null world has none.
    pub planted: Vec<Planted>,
}
