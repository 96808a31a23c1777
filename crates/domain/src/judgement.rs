//! What is said afterwards about something that was declined, by rules alone.
//!
//! Everybody who tells what was missed tells it by these rules: the tables, the command line, the
//! pages. There is no other definition.

use std::fmt;

/// A verdict about something that was declined.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Judgement {
    /// It would have won.
    Missed,
    /// It would have made next to nothing.
    Even,
    /// It would have lost.
    Spared,
    /// Its end is not known yet.
    Open,
}

impl Judgement {
    /// Of a refused signal: by the label of what its ghost came to.
    pub const fn of_label(label: i8) -> Self {
        match label {
            1.. => Self::Missed,
            0 => Self::Even,
            ..0 => Self::Spared,
        }
    }

    /// Of a move after costs, in percent, against the least that counts.
    pub fn of_move(pct: f64, least: f64) -> Self {
        if pct.abs() < least {
            Self::Even
        } else if 0.0 < pct {
            Self::Missed
        } else {
            Self::Spared
        }
    }

    /// Of a surge of volume: by the move of the hour after it, which only counts as missed when the
    /// volume stayed.
    pub fn of_surge(pct: f64, least: f64, is_sustained: bool) -> Self {
        let judgement = Self::of_move(pct, least);
        if judgement == Self::Missed && !is_sustained { Self::Even } else { judgement }
    }

    /// The stable name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Missed => "missed",
            Self::Even => "even",
            Self::Spared => "spared",
            Self::Open => "open",
        }
    }
}

impl fmt::Display for Judgement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

#[cfg(test)]
mod tests;
