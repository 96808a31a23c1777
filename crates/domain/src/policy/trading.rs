//! Settings of what happens after a signal: contracts, orders, exits, assumed fills.

use crate::money::Money;

section! {
    /// When positions and ghosts are closed.
    pub struct ExitPolicy = "exits" {
        /// Loss at which a position is closed, in basis points of its entry.
        pub stop_bps: u32 = 100, 5..=9000;
        /// Gain at which it is closed, in basis points of its entry.
        pub target_bps: u32 = 200, 5..=100_000;
        /// Gain from which the trailing stop is armed, in basis points; 0 for never.
        pub trail_from_bps: u32 = 80, 0..=100_000;
        /// Share of the best gain that the trailing stop keeps, in percent.
        pub trail_keep_pct: u32 = 60, 1..=99;
        /// Minutes after which it is closed whatever it made; 0 for never.
        pub time_stop_minutes: u32 = 240, 0..=100_000;
        /// Minutes before the close at which everything is closed; 0 for never.
        pub end_of_day_minutes: u32 = 5, 0..=390;
        /// The part that is sold at the first of two targets, in percent of the first quantity.
        pub first_target_pct: u32 = 50, 1..=99;
        /// Whether a position stays overnight when its playbook says for how many sessions.
        pub sessions_overnight: bool = true, false..=true;
        /// Whether every swing position stays overnight.
        pub swing_overnight: bool = false, false..=true;
    }
}

section! {
    /// How orders are priced, retried and checked.
    pub struct OrderPolicy = "orders" {
        /// Whether openings are limit orders with a capped concession instead of market orders.
        pub entry_limit: bool = true, false..=true;
        /// How far beyond the last price an opening limit goes, in basis points.
        pub entry_concession_bps: u32 = 10, 0..=500;
        /// Seconds after which an unfilled opening is cancelled.
        pub entry_ttl_s: u32 = 90, 1..=3600;
        /// Whether closings are market orders at once instead of climbing the ladder.
        pub exit_market: bool = false, false..=true;
        /// How far beyond the last price a closing limit goes, in basis points.
        pub exit_concession_bps: u32 = 15, 0..=500;
        /// Seconds after which an unfilled closing is priced again.
        pub exit_ttl_s: u32 = 60, 1..=3600;
        /// Whether its next limit replaces it at the venue instead of following its cancel.
        pub exit_replace: bool = true, false..=true;
        /// Limit tries before a closing goes to the market.
        pub exit_limit_tries: u32 = 2, 0..=10;
        /// Refusals and expiries of one exit after which a person is called.
        pub exit_alarm_tries: u32 = 5, 1..=100;
        /// Seconds without an answer from which a sent order counts as unknown.
        pub answer_s: u32 = 10, 1..=60;
        /// Seconds after which an order the venue does not know is abandoned.
        pub fence_s: u32 = 60, 31..=3600;
        /// Seconds between looks at an order that should have been heard of.
        pub poll_s: u32 = 30, 1..=3600;
        /// Seconds between reports of each account; 0 for reports in doubt only.
        pub report_s: u32 = 60, 0..=3600;
    }
}

section! {
    /// What is assumed when a fill did not happen: for ghosts and back-tests.
    pub struct FillModelPolicy = "fill_model" {
        /// Half of the assumed spread, in basis points of the price.
        pub half_spread_bps: u32 = 2, 0..=500;
        /// Fee for one order.
        pub fee: Money = Money::ZERO, Money::ZERO..=Money::dollars(100);
        /// Ghosts that are followed at the same time; the newest is refused beyond it.
        pub ghosts_max: u32 = 4096, 0..=1_000_000;
    }
}

section! {
    /// Which option contract is bought: filtered, then scored, then tried in order.
    pub struct ContractPolicy = "contracts" {
        /// Fewest days to expiry of a swing trade.
        pub swing_days_min: u32 = 7, 1..=365;
        /// Most days to expiry of a swing trade.
        pub swing_days_max: u32 = 30, 1..=730;
        /// Most days to expiry of a day trade.
        pub day_days_max: u32 = 1, 0..=30;
        /// How far a strike may be from the price, in percent.
        pub strike_window_pct: u32 = 10, 1..=100;
        /// Distance of a day trade's target strike from the price, out of the money, in basis points.
        pub day_strike_bps: u32 = 150, 0..=2000;
        /// Widest spread, in basis points of the mid.
        pub spread_max_bps: u32 = 500, 1..=10_000;
        /// Smallest mid premium.
        pub premium_min: Money = Money::from_units(3_000), Money::ZERO..=Money::dollars(1_000);
        /// Smallest volume of the session so far.
        pub volume_min: u32 = 100, 0..=1_000_000;
        /// Smallest open interest.
        pub open_interest_min: u32 = 100, 0..=1_000_000;
        /// Score, 0 to 100, that a contract needs.
        pub score_min: u32 = 70, 0..=100;
        /// Contracts that are tried, the best first.
        pub tries: u32 = 3, 1..=20;
        /// Oldest chain, in seconds.
        pub chain_age_max_s: u32 = 60, 1..=3600;
        /// Rank of implied volatility above which nothing is bought, in percent.
        pub iv_rank_max_pct: u32 = 80, 0..=100;
        /// Whether a rank that cannot be told yet is passed with an absolute limit instead.
        pub iv_without_rank: bool = true, false..=true;
        /// The absolute limit of implied volatility, in percent.
        pub iv_max_pct: u32 = 100, 1..=1000;
        /// Minutes before the close from which no contract that expires today is opened.
        pub expiry_cutoff_minutes: u32 = 75, 0..=390;
        /// Concession from the mid, in percent of half the spread.
        pub concession_pct: u32 = 50, 0..=100;
        /// Yearly interest rate that prices assume.
        pub rate: f64 = 0.04, -0.05..=0.25;
    }
}

section! {
    /// Contracts that are sold, alone or against others, and two as one.
    pub struct StructurePolicy = "structures" {
        /// Rank of implied volatility from which contracts are sold, in percent; never without one.
        pub sell_rank_min_pct: u32 = 50, 0..=100;
        /// Rank from which what is bought has a cheaper contract sold against it, in percent.
        pub spread_rank_min_pct: u32 = 35, 0..=100;
        /// Fewest days to expiry of what is sold.
        pub sold_days_min: u32 = 14, 1..=365;
        /// Most days to expiry of what is sold.
        pub sold_days_max: u32 = 45, 1..=730;
        /// Distance of the strike that is sold from the price, out of the money, in basis points.
        pub sold_strike_bps: u32 = 300, 0..=5000;
        /// Distance of the two strikes of a vertical, in basis points of the price.
        pub width_bps: u32 = 400, 1..=5000;
        /// Least credit of a vertical that is sold, in percent of the distance of its strikes.
        pub credit_min_pct: u32 = 20, 1..=99;
        /// Widest spread of two contracts as one, in percent of the distance of their strikes.
        pub spread_max_pct: u32 = 10, 1..=100;
        /// Days that a roll puts the expiry off.
        pub roll_by_days: u32 = 30, 1..=365;
    }
}

section! {
    /// When option positions and their ghosts are closed, beside the rules that all share.
    pub struct OptionExitPolicy = "option_exits" {
        /// Loss at which an option is closed, in percent of its premium.
        pub stop_pct: u32 = 60, 1..=100;
        /// Gain at which it is closed, in percent of its premium.
        pub target_pct: u32 = 80, 1..=10_000;
        /// Minutes in which nothing but the hard stop closes it.
        pub hold_min_minutes: u32 = 30, 0..=390;
        /// Loss at which it is closed even then, in percent.
        pub hard_stop_pct: u32 = 50, 1..=100;
        /// Gain from which it never becomes a loss, in percent; 0 for never.
        pub break_even_from_pct: u32 = 10, 0..=10_000;
        /// Gain at which a part is sold, in percent; 0 for never.
        pub partial_from_pct: u32 = 20, 0..=10_000;
        /// The part that is sold then, in percent of the first quantity.
        pub partial_pct: u32 = 40, 1..=99;
        /// Peak gain from which the first share of it is kept, in percent; 0 for never.
        pub trail_from_pct: u32 = 20, 0..=10_000;
        /// The first share, in percent.
        pub trail_keep_pct: u32 = 70, 1..=99;
        /// Peak gain from which the second share of it is kept, in percent.
        pub trail_second_from_pct: u32 = 40, 0..=10_000;
        /// The second share, in percent.
        pub trail_second_keep_pct: u32 = 80, 1..=99;
        /// Peak gain from which the third share of it is kept, in percent.
        pub trail_third_from_pct: u32 = 60, 0..=10_000;
        /// The third share, in percent.
        pub trail_third_keep_pct: u32 = 85, 1..=99;
        /// Gain that the last day before expiry asks for, in percent.
        pub theta_last_day_pct: u32 = 10, 0..=1000;
        /// Days to expiry from which a loss is given up.
        pub theta_loss_days: u32 = 2, 0..=30;
        /// Daily decay as a share of the premium that counts as high, in percent.
        pub theta_high_pct: u32 = 5, 1..=100;
        /// Minutes after which a day trade is closed whatever it made; 0 for never.
        pub time_stop_minutes: u32 = 360, 0..=100_000;
        /// Minutes before the close at which a day trade is closed.
        pub day_close_minutes: u32 = 5, 0..=390;
        /// Minutes before the close at which a contract that expires today is closed.
        pub expiry_close_minutes: u32 = 60, 1..=390;
        /// Minutes before the close at which the first window of the afternoon begins.
        pub window_minutes: u32 = 90, 1..=390;
        /// Minutes before the close at which the second window begins.
        pub second_window_minutes: u32 = 60, 1..=390;
        /// Minutes before the close at which the third window begins, which closes every loss.
        pub third_window_minutes: u32 = 30, 1..=390;
        /// Loss of a day trade that the first window closes, in percent.
        pub window_loss_pct: u32 = 20, 0..=100;
        /// Loss of a day trade that the second window closes, in percent.
        pub second_window_loss_pct: u32 = 10, 0..=100;
        /// Days to expiry that staying overnight needs.
        pub overnight_days_min: u32 = 3, 0..=365;
        /// Gain that staying overnight needs, in percent.
        pub overnight_gain_pct: u32 = 10, 0..=1000;
        /// What high decay, or one that cannot be told, adds to that gain, in points.
        pub overnight_theta_points: u32 = 10, 0..=1000;
        /// That gain in an elevated or unknown regime, in percent of the usual one.
        pub overnight_elevated_pct: u32 = 150, 100..=1000;
        /// That gain in a high regime, in percent of the usual one.
        pub overnight_high_pct: u32 = 200, 100..=1000;
        /// Largest position that stays overnight, in basis points of equity.
        pub overnight_position_bps: u32 = 500, 0..=10_000;
        /// Money in options that may stay overnight in one account; the least profitable go first.
        pub overnight_exposure: Money = Money::dollars(5_000), Money::ZERO..=Money::dollars(1_000_000_000);
        /// That money in a high regime, in percent of the usual one.
        pub overnight_high_exposure_pct: u32 = 50, 0..=100;
        /// Sessions before an earnings report from which an option is closed; 0 to keep it.
        pub earnings_sessions: u32 = 1, 0..=10;
        /// Oldest quote from which an option is marked, in seconds.
        pub mark_age_max_s: u32 = 120, 1..=3600;
        /// Minutes without a mark after which a person is called; 0 for never.
        pub mark_alarm_minutes: u32 = 10, 0..=390;
        /// Days to expiry at which a swing trade that has not lost much is closed, and opened again
        /// with a later expiry; 0 for never.
        pub roll_days: u32 = 0, 0..=60;
        /// Minutes after the open from which it is; what takes its place is opened under every gate.
        pub roll_after_minutes: u32 = 60, 0..=390;
        /// Loss beyond which it is not rolled, in percent.
        pub roll_loss_max_pct: u32 = 10, 0..=100;
        /// Gain at which what was sold is bought back, in percent of its credit.
        pub sold_target_pct: u32 = 50, 1..=99;
        /// Loss at which what was sold is bought back, in percent of its credit.
        pub sold_stop_pct: u32 = 200, 10..=2000;
        /// Days to expiry at which what was sold is bought back.
        pub sold_days_min: u32 = 2, 0..=60;
        /// Worth beyond what using it pays, below which a sold contract counts as about to be used.
        pub sold_time_value_min: Money = Money::from_units(500), Money::ZERO..=Money::dollars(100);
    }
}
