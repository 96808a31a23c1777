//! What an account's positions are worth.

use backsight_domain::money::Money;
use backsight_domain::price::Price;

use crate::position::Position;

/// What an account's positions are worth at their last prices.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Worth {
    /// Without those that add to what is held anyway.
    pub(super) instruments: u32,
    /// How many of them are no shares.
    pub(super) contracts: u32,
    /// Signed like the holdings.
    pub(crate) value: Money,
    /// Without sign.
    pub(super) exposure: Money,
}

impl Worth {
    /// Counts one more position at its last price; it counts at cost before there is one.
    #[inline]
    pub(crate) fn add(&mut self, position: &Position, mark: Option<Price>) {
        self.instruments += u32::from(!position.track.plan.adds());
        self.contracts += u32::from(position.is_option());
        let value = mark.map_or(position.cost, |mark| position.value_at(mark));
        self.value += value;
        self.exposure += position.exposure(mark);
    }
}
