//! How much to trade: by tier of live equity, capped by every limit. Zero means no trade.

use backsight_domain::money::Money;
use backsight_domain::policy::SizingPolicy;
use backsight_domain::price::Price;
use backsight_domain::quantity::Quantity;
use backsight_domain::signal::{Horizon, Signal};
use backsight_domain::verdict::Structure;
use backsight_quant::kelly;

use crate::gate::View;

/// What sizing looks at for one account.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Purse {
    /// Equity now; `None` when the venue has not told it.
    pub(crate) equity: Option<Money>,
    /// Cash that is neither promised to open orders nor secures what was sold.
    pub(crate) free_cash: Money,
    /// Room under the exposure limit.
    pub(crate) room: Money,
}

impl Purse {
    /// What an account has for one more trade.
    pub(crate) fn of(view: &View<'_>) -> Self {
        Self {
            equity: view.load.equity,
            free_cash: view.free_cash(),
            room: view.limits.max_exposure - view.load.exposure,
        }
    }
}

/// The shares to open, rounded down to a lot; zero when any limit leaves nothing.
pub(crate) fn shares(view: &View<'_>, (price, stop): (Price, Price), lot: Quantity) -> Quantity {
    let (sizing, purse) = (&view.policy.sizing, Purse::of(view));
    let Some(equity) = purse.equity else { return Quantity::ZERO };
    let affordable = purse.free_cash.min(purse.room).buys(price, 1);
    if sizing.fixed_shares != 0 {
        let wanted = Quantity::shares(i64::from(sizing.fixed_shares));
        return if wanted <= affordable { wanted } else { Quantity::ZERO };
    }
    let risk = equity.bps(i64::from(Tier::of(sizing, equity).risk_bps(sizing)));
    let most = equity.bps(i64::from(sizing.position_max_bps)).min(by_record(view, equity));
    let wanted = risk.buys(stop, 1).min(most.buys(price, 1));
    wanted.min(affordable).floor_to(lot).max(Quantity::ZERO)
}

/// The contracts to open: what the tier may lose on premiums, or a whole position where shares may
/// come of it, within its count and every limit. What one ties up is told in ticks; nothing where
/// shares cover it, which then are its limit.
pub(crate) fn contracts(
    view: &View<'_>,
    signal: &Signal,
    (structure, multiplier): (Structure, u16),
    tied: i64,
) -> Quantity {
    let (sizing, purse) = (&view.policy.sizing, Purse::of(view));
    let Some(equity) = purse.equity else { return Quantity::ZERO };
    let tier = Tier::of(sizing, equity);
    let share = match structure {
        Structure::SecuredPut => sizing.position_max_bps,
        Structure::Bought
        | Structure::DebitVertical
        | Structure::CreditVertical
        | Structure::CoveredCall => tier.premium_bps(sizing, signal.horizon),
    };
    let pays = equity.bps(i64::from(share)).min(by_record(view, equity));
    let pays = pays.min(purse.free_cash).min(purse.room);
    let count = Price::from_ticks(tied).map_or_else(
        || Quantity::from_units(view.load.free_shares.units() / i64::from(multiplier.max(1))),
        |tied| pays.buys(tied, multiplier),
    );
    let most = Quantity::shares(i64::from(tier.contracts_max(sizing)));
    count.min(most).floor_to(Quantity::shares(1)).max(Quantity::ZERO)
}

/// The most that half of Kelly's share allows, by the account's own closed trades; everything while
/// there are too few of them.
fn by_record(view: &View<'_>, equity: Money) -> Money {
    let (sizing, results) = (&view.policy.sizing, &view.account.results);
    let least = usize::try_from(sizing.kelly_trades_min).unwrap_or(usize::MAX);
    if sizing.kelly_trades_min == 0 || results.len() < least {
        return equity;
    }
    let share = kelly::half_share_bps(results);
    equity.bps(i64::from(share.min(sizing.kelly_max_bps)))
}

/// Whole shares, or thousandths where both account and venue allow fractions.
pub(crate) const fn lot(fractional: bool) -> Quantity {
    if fractional { Quantity::from_units(1_000_000) } else { Quantity::shares(1) }
}

/// An account's size class, by its equity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Tier {
    Tiny,
    Small,
    Medium,
    Large,
}

impl Tier {
    fn of(sizing: &SizingPolicy, equity: Money) -> Self {
        if equity <= sizing.tiny_up_to {
            Self::Tiny
        } else if equity <= sizing.small_up_to {
            Self::Small
        } else if equity <= sizing.medium_up_to {
            Self::Medium
        } else {
            Self::Large
        }
    }

    const fn risk_bps(self, sizing: &SizingPolicy) -> u32 {
        match self {
            Self::Tiny => sizing.tiny_risk_bps,
            Self::Small => sizing.small_risk_bps,
            Self::Medium => sizing.medium_risk_bps,
            Self::Large => sizing.large_risk_bps,
        }
    }

    const fn premium_bps(self, sizing: &SizingPolicy, horizon: Horizon) -> u32 {
        match (self, horizon) {
            (Self::Tiny, Horizon::Day) => sizing.tiny_day_premium_bps,
            (Self::Tiny, Horizon::Swing) => sizing.tiny_swing_premium_bps,
            (Self::Small, Horizon::Day) => sizing.small_day_premium_bps,
            (Self::Small, Horizon::Swing) => sizing.small_swing_premium_bps,
            (Self::Medium, Horizon::Day) => sizing.medium_day_premium_bps,
            (Self::Medium, Horizon::Swing) => sizing.medium_swing_premium_bps,
            (Self::Large, Horizon::Day) => sizing.large_day_premium_bps,
            (Self::Large, Horizon::Swing) => sizing.large_swing_premium_bps,
        }
    }

    const fn contracts_max(self, sizing: &SizingPolicy) -> u32 {
        match self {
            Self::Tiny => sizing.tiny_contracts_max,
            Self::Small => sizing.small_contracts_max,
            Self::Medium => sizing.medium_contracts_max,
            Self::Large => sizing.large_contracts_max,
        }
    }
}

#[cfg(test)]
mod tests;
