//! Settings of what may stop a signal, and of how much it may cost.

use crate::money::Money;

section! {
    /// The gates that are the same for every account.
    pub struct GatePolicy = "gates" {
        /// Oldest last bar of a symbol, in seconds after its end.
        pub bar_age_max_s: u32 = 120, 1..=3600;
        /// Oldest minute that features may rest on, in seconds after its end.
        pub feature_age_max_s: u32 = 120, 1..=3600;
        /// Seconds for which a signal may be acted on.
        pub signal_age_max_s: u32 = 300, 1..=3600;
        /// Bars that a symbol's windows must hold.
        pub feature_bars_min: u32 = 50, 1..=500;
        /// Minutes after the open before anything is opened.
        pub open_delay_minutes: u32 = 5, 0..=390;
        /// Minutes before the close from which day trades are not opened.
        pub day_cutoff_minutes: u32 = 120, 0..=390;
        /// Minutes before the close from which swing trades are not opened.
        pub swing_cutoff_minutes: u32 = 60, 0..=390;
        /// Minutes after a position in a symbol was opened or closed before the next.
        pub cool_down_minutes: u32 = 15, 0..=390;
        /// Orders of the whole desk in any minute.
        pub orders_per_minute: u32 = 20, 1..=100_000;
        /// Orders of the whole desk in a session.
        pub orders_per_session: u32 = 400, 1..=10_000_000;
        /// How far an opening order's price may be from the last close, in basis points.
        pub collar_bps: u32 = 100, 1..=2000;
        /// Oldest quote that counts, in seconds.
        pub quote_age_max_s: u32 = 5, 1..=60;
        /// Whether shares need a fresh quote; without, the last close will do.
        pub quotes_required: bool = false, false..=true;
        /// Whether the date of the next report must be known.
        pub earnings_required: bool = false, false..=true;
        /// Sessions before an earnings report from which nothing is opened; 0 to allow all.
        pub earnings_sessions: u32 = 1, 0..=10;
        /// Largest share of one sector in an account's exposure limit, in percent.
        pub sector_share_pct: u32 = 100, 1..=100;
        /// Positions opened in one symbol in a session, by one account.
        pub symbol_daily_max: u32 = 2, 1..=1000;
        /// Losing trades in a row after which an account opens nothing for the session; 0 for never.
        pub loss_streak_max: u32 = 0, 0..=100;
        /// What equity must be after an opening, in percent of the margin it requires.
        pub margin_cushion_pct: u32 = 115, 100..=1000;
        /// Margin that a share position requires, in percent of its value.
        pub margin_rate_pct: u32 = 30, 1..=100;
        /// Whether the old rule of four day trades in five sessions below 25,000 dollars counts.
        pub legacy_day_trades: bool = false, false..=true;
        /// Widest spread at which a quote is believed, in basis points.
        pub spread_max_bps: u32 = 100, 1..=2000;
    }
}

section! {
    /// How much to trade.
    pub struct SizingPolicy = "sizing" {
        /// Whole shares for every trade, instead of sizing by risk; 0 to size by risk.
        pub fixed_shares: u32 = 0, 0..=1_000_000;
        /// Equity up to which an account is tiny.
        pub tiny_up_to: Money = Money::dollars(2_000), Money::ZERO..=Money::dollars(1_000_000_000);
        /// Equity up to which an account is small.
        pub small_up_to: Money = Money::dollars(5_000), Money::ZERO..=Money::dollars(1_000_000_000);
        /// Equity up to which an account is medium.
        pub medium_up_to: Money = Money::dollars(25_000), Money::ZERO..=Money::dollars(1_000_000_000);
        /// Equity that a tiny account risks to the stop, in basis points.
        pub tiny_risk_bps: u32 = 150, 1..=2500;
        /// Equity that a small account risks to the stop, in basis points.
        pub small_risk_bps: u32 = 120, 1..=2500;
        /// Equity that a medium account risks to the stop, in basis points.
        pub medium_risk_bps: u32 = 80, 1..=2500;
        /// Equity that a large account risks to the stop, in basis points.
        pub large_risk_bps: u32 = 20, 1..=2500;
        /// Equity that a tiny account pays for a day option, in basis points.
        pub tiny_day_premium_bps: u32 = 1500, 1..=2500;
        /// Equity that a tiny account pays for a longer option, in basis points.
        pub tiny_swing_premium_bps: u32 = 800, 1..=2500;
        /// Equity that a small account pays for a day option, in basis points.
        pub small_day_premium_bps: u32 = 1200, 1..=2500;
        /// Equity that a small account pays for a longer option, in basis points.
        pub small_swing_premium_bps: u32 = 800, 1..=2500;
        /// Equity that a medium account pays for a day option, in basis points.
        pub medium_day_premium_bps: u32 = 400, 1..=2500;
        /// Equity that a medium account pays for a longer option, in basis points.
        pub medium_swing_premium_bps: u32 = 600, 1..=2500;
        /// Equity that a large account pays for a day option, in basis points.
        pub large_day_premium_bps: u32 = 100, 1..=2500;
        /// Equity that a large account pays for a longer option, in basis points.
        pub large_swing_premium_bps: u32 = 200, 1..=2500;
        /// Contracts of one trade in a tiny account.
        pub tiny_contracts_max: u32 = 1, 0..=1000;
        /// Contracts of one trade in a small account.
        pub small_contracts_max: u32 = 3, 0..=1000;
        /// Contracts of one trade in a medium account.
        pub medium_contracts_max: u32 = 5, 0..=1000;
        /// Contracts of one trade in a large account.
        pub large_contracts_max: u32 = 10, 0..=1000;
        /// Closed trades of an account from which its own record limits the size; 0 for never.
        pub kelly_trades_min: u32 = 0, 0..=1000;
        /// Largest share of equity that half of Kelly's share may give, in basis points.
        pub kelly_max_bps: u32 = 2500, 1..=10_000;
        /// Largest position, in basis points of equity.
        pub position_max_bps: u32 = 2500, 1..=10_000;
    }
}

section! {
    /// The limits of one account.
    pub struct AccountPolicy = "accounts" {
        /// Positions held at the same time.
        pub max_positions: u32 = 5, 0..=10_000;
        /// Money in open positions and opening orders.
        pub max_exposure: Money = Money::dollars(40_000), Money::ZERO..=Money::dollars(1_000_000_000);
        /// Loss of one session, realised and open, at which openings stop.
        pub max_daily_loss: Money = Money::dollars(500), Money::ZERO..=Money::dollars(1_000_000_000);
        /// Loss of one week, realised and open, at which openings stop.
        pub max_weekly_loss: Money = Money::dollars(1_500), Money::ZERO..=Money::dollars(1_000_000_000);
        /// Confidence that a signal needs.
        pub confidence_min: f64 = 0.55, 0.0..=1.0;
        /// Whether shares are sold short.
        pub shorting: bool = false, false..=true;
        /// Whether shares are traded.
        pub shares: bool = true, false..=true;
        /// Whether calls and puts are bought when a signal suits them; shares are the second choice.
        pub options: bool = true, false..=true;
        /// Whether two contracts are traded as one: bought where premiums are dear, sold where they
        /// are dearer.
        pub verticals: bool = false, false..=true;
        /// Whether puts are sold, with their strikes kept in cash.
        pub secured_puts: bool = false, false..=true;
        /// Whether calls are sold on shares that are held.
        pub covered_calls: bool = false, false..=true;
        /// Confidence that an option of at most one day needs.
        pub confidence_min_day_option: f64 = 0.60, 0.0..=1.0;
        /// Confidence that a longer option needs.
        pub confidence_min_swing_option: f64 = 0.55, 0.0..=1.0;
        /// The account's share of every size, in percent: its appetite for risk.
        pub risk_pct: u32 = 100, 1..=100;
        /// Whether fractions of a share are traded.
        pub fractional: bool = false, false..=true;
    }
}

section! {
    /// What the market's fear index does to trading.
    pub struct RegimePolicy = "regime" {
        /// Whether a fear index is required; without one nothing is opened.
        pub required: bool = false, false..=true;
        /// Hours after which the last value is no longer believed.
        pub age_max_hours: u32 = 24, 1..=240;
        /// Index below which the market is complacent.
        pub normal_from: f64 = 12.0, 0.0..=200.0;
        /// Index from which volatility is elevated.
        pub elevated_from: f64 = 20.0, 0.0..=200.0;
        /// Index from which volatility is high.
        pub high_from: f64 = 30.0, 0.0..=200.0;
        /// Index from which nothing is opened.
        pub extreme_from: f64 = 40.0, 0.0..=200.0;
        /// Share of the size in a complacent market, in percent.
        pub complacent_size_pct: u32 = 80, 0..=100;
        /// Share of the size in an elevated market, in percent.
        pub elevated_size_pct: u32 = 50, 0..=100;
        /// Share of the size in a high market, in percent.
        pub high_size_pct: u32 = 25, 0..=100;
        /// Factor on the confidence in a complacent market.
        pub complacent_confidence: f64 = 0.9, 0.0..=1.0;
        /// Factor on the confidence in an elevated market.
        pub elevated_confidence: f64 = 0.8, 0.0..=1.0;
        /// Factor on the confidence in a high market.
        pub high_confidence: f64 = 0.6, 0.0..=1.0;
    }
}
