//! How much to trade: by tier of live equity, capped by every limit. Zero means no trade.

use backsight_domain::money::Money;
use backsight_domain::policy::{AccountPolicy, SizingPolicy};
use backsight_domain::price::Price;
use backsight_domain::quantity::Quantity;

/// What sizing looks at for one account.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Purse {
    /// Equity now; `None` when the venue has not told it.
    pub(crate) equity: Option<Money>,
    /// Cash not yet promised to open orders.
    pub(crate) free_cash: Money,
    /// Room under the exposure limit.
    pub(crate) room: Money,
}

/// The quantity to open, rounded down to a lot; zero when any limit leaves nothing.
pub(crate) fn quantity(
    sizing: &SizingPolicy,
    account: &AccountPolicy,
    purse: Purse,
    (price, stop_distance): (Price, Price),
    fractionable: bool,
) -> Quantity {
    let Some(equity) = purse.equity else { return Quantity::ZERO };
    let wanted = if sizing.fixed_shares == 0 {
        let risk = equity.bps(i64::from(risk_bps(sizing, equity)));
        let by_risk = risk.buys(stop_distance, 1);
        by_risk.min(equity.bps(i64::from(sizing.position_max_bps)).buys(price, 1))
    } else {
        Quantity::shares(i64::from(sizing.fixed_shares))
    };
    let affordable = purse.free_cash.min(purse.room).buys(price, 1);
    let capped = if sizing.fixed_shares == 0 {
        wanted.min(affordable)
    } else if wanted <= affordable {
        wanted
    } else {
        Quantity::ZERO
    };
    capped.floor_to(lot(account.fractional && fractionable)).max(Quantity::ZERO)
}

/// Whole shares, or thousandths where both account and venue allow fractions.
pub(crate) const fn lot(fractional: bool) -> Quantity {
    if fractional { Quantity::from_units(1_000_000) } else { Quantity::shares(1) }
}

fn risk_bps(sizing: &SizingPolicy, equity: Money) -> u32 {
    if equity <= sizing.tiny_up_to {
        sizing.tiny_risk_bps
    } else if equity <= sizing.small_up_to {
        sizing.small_risk_bps
    } else if equity <= sizing.medium_up_to {
        sizing.medium_risk_bps
    } else {
        sizing.large_risk_bps
    }
}

#[cfg(test)]
mod tests;
