//! Rule sets that the engine and the plain reference both understand.

use std::collections::BTreeMap;

use backsight_domain::money::Money;
use backsight_domain::policy::{
    AccountPolicy, DipPolicy, ExitPolicy, ExplosivePolicy, FeaturePolicy, FillModelPolicy,
    GapFadePolicy, GatePolicy, NewsPolicy, OrderPolicy, Policy, SizingPolicy, TrendPolicy,
};
use backsight_sim::backtest::Setup;

/// Buy when the short mean stands above the long one, volume surges, volatility is not asleep and,
/// if asked for, the close is above every high of a window; leave at a stop, a target or after a
/// while. All thresholds are exact in integers, so that no rounding can excuse a difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Rules {
    /// Volume against the mean of the 20 bars before, in quarters.
    pub(crate) volume_quarters: u32,
    /// Recent deviation of returns against the baseline's, in tenths.
    pub(crate) vol_tenths: u32,
    pub(crate) recent: u32,
    pub(crate) baseline: u32,
    /// Bars that the close must exceed; 0 for none.
    pub(crate) breakout: u32,
    pub(crate) stop_bps: u32,
    pub(crate) target_bps: u32,
    /// Minutes from the entry's close to the last exit.
    pub(crate) minutes: u32,
}

/// Shares of every order.
pub(crate) const SHARES: i64 = 100;

/// Fee of every order.
pub(crate) const FEE: Money = Money::dollars(1);

/// Cash of the two accounts: one takes every trade, one can afford none.
const CASH: [Money; 2] = [Money::dollars(500_000_000), Money::dollars(1_000)];

/// The strategy of the anchor measurements.
pub(crate) const ANCHOR: Rules = Rules {
    volume_quarters: 8,
    vol_tenths: 8,
    recent: 20,
    baseline: 60,
    breakout: 10,
    stop_bps: 100,
    target_bps: 150,
    minutes: 60,
};

impl Rules {
    /// A rule set that trades rarely: about one bar in two thousand.
    pub(crate) fn rare(draw: &mut impl FnMut(u32, u32) -> u32) -> Self {
        Self {
            volume_quarters: 12,
            vol_tenths: draw(6, 9),
            recent: draw(12, 30),
            baseline: draw(50, 120),
            breakout: draw(8, 40),
            stop_bps: draw(60, 200),
            target_bps: draw(80, 300),
            minutes: draw(20, 90),
        }
    }

    /// A rule set that trades all the time: about one bar in twenty.
    pub(crate) fn busy(draw: &mut impl FnMut(u32, u32) -> u32) -> Self {
        Self {
            volume_quarters: draw(5, 6),
            vol_tenths: draw(5, 7),
            recent: draw(12, 30),
            baseline: draw(50, 120),
            breakout: 0,
            stop_bps: draw(20, 60),
            target_bps: draw(20, 80),
            minutes: draw(3, 6),
        }
    }

    /// The same rules as a policy, with every gate wide open.
    pub(crate) fn setup(&self, symbols: u16) -> Setup {
        Setup { policy: self.policy(), cash: CASH.to_vec(), symbols }
    }

    fn policy(&self) -> Policy {
        Policy {
            features: FeaturePolicy {
                vol_recent: self.recent,
                vol_baseline: self.baseline,
                breakout_bars: self.breakout.max(2),
                across_sessions: true,
                chart: false,
                ..FeaturePolicy::default()
            },
            trend: self.trend(),
            gates: open_gates(),
            sizing: SizingPolicy {
                fixed_shares: u32::try_from(SHARES).expect("a hundred fits"),
                ..SizingPolicy::default()
            },
            exits: ExitPolicy {
                stop_bps: self.stop_bps,
                target_bps: self.target_bps,
                trail_from_bps: 0,
                // The fill comes just after the close that decided it, so the last minute before
                // the exit is not whole.
                time_stop_minutes: self.minutes - 1,
                end_of_day_minutes: 0,
                ..ExitPolicy::default()
            },
            orders: OrderPolicy {
                entry_limit: false,
                exit_market: true,
                report_s: 3600,
                ..OrderPolicy::default()
            },
            fill_model: FillModelPolicy {
                half_spread_bps: 0,
                fee: FEE,
                ..FillModelPolicy::default()
            },
            gap_fade: GapFadePolicy { enabled: false, ..GapFadePolicy::default() },
            news: NewsPolicy { enabled: false, ..NewsPolicy::default() },
            explosive: ExplosivePolicy { enabled: false, ..ExplosivePolicy::default() },
            dip: DipPolicy { enabled: false, ..DipPolicy::default() },
            accounts: accounts(),
            ..Policy::default()
        }
    }

    /// Every setup weighs 1 and every factor is 1 or 0, so a signal is wished for or not.
    fn trend(&self) -> TrendPolicy {
        let from = |quarters: u32| f64::from(u8::from(self.volume_quarters <= quarters));
        TrendPolicy {
            shorts: false,
            band: 1.0,
            stretched: 1.0,
            weight_trend: 0.0,
            weight_setup: 0.0,
            weight_volatility: 0.0,
            weight_start: 1.0,
            vol_ratio_min: f64::from(self.vol_tenths) / 10.0,
            volume_min: f64::from(self.volume_quarters) / 4.0,
            volume_factor_weak: from(5),
            volume_factor_normal: from(6),
            volume_factor_surge: from(8),
            volume_factor_strong: from(12),
            volume_factor_extreme: 1.0,
            no_breakout_factor: if self.breakout == 0 { 1.0 } else { 0.0 },
            urgent_factor: 1.0,
            brisk_factor: 1.0,
            rearm_minutes: 0,
            ..TrendPolicy::default()
        }
    }
}

fn open_gates() -> GatePolicy {
    GatePolicy {
        symbol_daily_max: 1000,
        feature_bars_min: 1,
        open_delay_minutes: 0,
        day_cutoff_minutes: 0,
        swing_cutoff_minutes: 0,
        cool_down_minutes: 0,
        orders_per_minute: 100_000,
        orders_per_session: 10_000_000,
        collar_bps: 2000,
        ..GatePolicy::default()
    }
}

/// A rich account without limits and one that can afford nothing, so that every signal is judged
/// twice and refused at least once.
fn accounts() -> BTreeMap<Box<str>, AccountPolicy> {
    let rich = AccountPolicy {
        max_positions: 10_000,
        max_exposure: Money::dollars(1_000_000_000),
        max_daily_loss: Money::dollars(1_000_000_000),
        max_weekly_loss: Money::dollars(1_000_000_000),
        options: false,
        ..AccountPolicy::default()
    };
    let tiny = AccountPolicy {
        max_positions: 2,
        max_exposure: Money::dollars(1_000),
        max_daily_loss: Money::dollars(50),
        options: false,
        ..AccountPolicy::default()
    };
    BTreeMap::from([("large".into(), rich), ("tiny".into(), tiny)])
}
