//! Sessions to learn from and sessions to be judged by, in the order of time.
//!
//! Walk-forward: each stretch of sessions is judged by what the sessions before it taught. Those
//! right before it are left out (purged), because a trade that was opened there may end in it, and
//! those right after a stretch (embargoed) because what it moved may still move. Learning only ever
//! looks back, so that purge and embargo are one gap.

use std::ops::Range;

/// One stretch and what may be learned from for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Split {
    /// Sessions to learn from.
    pub learn: Range<usize>,
    /// Sessions to be judged by.
    pub judge: Range<usize>,
}

/// Cuts sessions into `folds` stretches of which all but the first are judged; `gap` sessions
/// before each are left out. Nothing when a stretch would be empty.
pub fn walk_forward(sessions: usize, folds: usize, gap: usize) -> Vec<Split> {
    if folds < 2 || sessions < 2 * folds {
        return Vec::new();
    }
    let edge = |fold: usize| sessions * fold / folds;
    let split = |fold: usize| Split {
        learn: 0..edge(fold).saturating_sub(gap),
        judge: edge(fold)..edge(fold + 1),
    };
    (1..folds).map(split).filter(|split| !split.learn.is_empty()).collect()
}

#[cfg(test)]
mod tests;
