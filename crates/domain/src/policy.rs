//! Every number a rule uses: typed, documented, ranged, versioned.
//!
//! A policy is a tree of sections. Each setting is declared once, with its documentation, default
//! and range; the struct, the commented TOML and the strict reader all come from that line. The
//! reader refuses unknown keys and values out of range and names both, so that a typing error can
//! never silently become a default.

mod setting;
#[macro_use]
mod section;

use std::collections::BTreeMap;
use std::fmt;

pub use self::section::SettingRow;
pub use self::setting::{Setting, SettingProblem};
use crate::money::Money;

section! {
    /// The windows over which features are computed.
    pub struct FeaturePolicy = "features" {
        /// Bars in the recent volatility window.
        pub vol_recent: u32 = 20, 5..=120;
        /// Bars in the baseline volatility window.
        pub vol_baseline: u32 = 60, 20..=200;
        /// Bars before the current one that a breakout must exceed.
        pub breakout_bars: u32 = 10, 2..=120;
        /// Whether windows reach back into earlier sessions. If not, they restart at each open.
        pub across_sessions: bool = false, false..=true;
        /// Minutes for which a reading of the news counts.
        pub sentiment_minutes: u32 = 30, 1..=1440;
    }
}

section! {
    /// The trend playbook: price and trend agree, and volume confirms.
    pub struct TrendPolicy = "trend" {
        /// Whether the playbook makes signals.
        pub enabled: bool = true, false..=true;
        /// Whether falling prices are signalled too.
        pub shorts: bool = true, false..=true;
        /// Distance to the 20-bar mean within which the price counts as at the mean.
        pub band: f64 = 0.005, 0.0..=1.0;
        /// Distance to the 20-bar mean from which the price counts as stretched.
        pub stretched: f64 = 0.02, 0.001..=1.0;
        /// Weight of trend agreement in the base confidence.
        pub weight_trend: f64 = 0.35, 0.0..=1.0;
        /// Weight of closeness to the mean.
        pub weight_setup: f64 = 0.25, 0.0..=1.0;
        /// Weight of calm volatility.
        pub weight_volatility: f64 = 0.20, 0.0..=1.0;
        /// What every setup starts with.
        pub weight_start: f64 = 0.20, 0.0..=1.0;
        /// Volatility ratio below which volatility counts as compressed.
        pub vol_low: f64 = 0.8, 0.0..=10.0;
        /// Volatility ratio above which volatility counts as high.
        pub vol_high: f64 = 1.3, 0.0..=10.0;
        /// Volatility ratio that a signal needs at least; 0 for any.
        pub vol_ratio_min: f64 = 0.0, 0.0..=10.0;
        /// Volume ratio below which nothing is signalled.
        pub volume_min: f64 = 0.5, 0.0..=100.0;
        /// Factor for a volume ratio from the minimum to 1.5.
        pub volume_factor_weak: f64 = 0.3, 0.0..=2.0;
        /// Factor for a volume ratio from 1.5 to 2.
        pub volume_factor_normal: f64 = 0.8, 0.0..=2.0;
        /// Factor for a volume ratio from 2 to 3.
        pub volume_factor_surge: f64 = 1.15, 0.0..=2.0;
        /// Factor for a volume ratio from 3 to 5.
        pub volume_factor_strong: f64 = 1.25, 0.0..=2.0;
        /// Factor for a volume ratio from 5.
        pub volume_factor_extreme: f64 = 1.35, 0.0..=2.0;
        /// Factor for a close inside the breakout window.
        pub no_breakout_factor: f64 = 0.5, 0.0..=1.0;
        /// Factor when volume ratio is 2.5 or more and the move urgent.
        pub urgent_factor: f64 = 1.25, 1.0..=2.0;
        /// Factor when volume ratio is 2 or more and the move brisk.
        pub brisk_factor: f64 = 1.10, 1.0..=2.0;
        /// Distance to the 20-bar mean from which a move is urgent.
        pub urgent_distance: f64 = 0.01, 0.0..=1.0;
        /// Distance to the 20-bar mean from which a move is brisk.
        pub brisk_distance: f64 = 0.008, 0.0..=1.0;
        /// How much aligned news can add.
        pub sentiment_boost: f64 = 0.25, 0.0..=1.0;
        /// How much opposed news can take.
        pub sentiment_penalty: f64 = 0.20, 0.0..=1.0;
        /// Readings from which news has its full weight.
        pub sentiment_full_readings: u32 = 5, 1..=100;
        /// Confidence from which a signal with a volume surge is a day trade.
        pub day_confidence: f64 = 0.65, 0.0..=1.0;
        /// Confidence from which a signal is recorded, judged by the gates and followed.
        pub recording_floor: f64 = 0.40, 0.05..=1.0;
        /// Minutes before the same symbol is signalled again in the same direction.
        pub rearm_minutes: u32 = 15, 0..=390;
        /// Seconds for which a signal may be acted on.
        pub expires_s: u32 = 300, 1..=3600;
    }
}

section! {
    /// The gates that are the same for every account.
    pub struct GatePolicy = "gates" {
        /// Oldest last bar of a symbol, in seconds after its end.
        pub bar_age_max_s: u32 = 120, 1..=3600;
        /// Oldest minute that features may rest on, in seconds after its end.
        pub feature_age_max_s: u32 = 120, 1..=3600;
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
        /// Largest position, in basis points of equity.
        pub position_max_bps: u32 = 2500, 1..=10_000;
    }
}

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
        /// Seconds after which an unfilled closing is cancelled and priced again.
        pub exit_ttl_s: u32 = 60, 1..=3600;
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
    /// The limits of one account.
    pub struct AccountPolicy = "accounts" {
        /// Positions held at the same time.
        pub max_positions: u32 = 5, 0..=10_000;
        /// Money in open positions and opening orders.
        pub max_exposure: Money = Money::dollars(40_000), Money::ZERO..=Money::dollars(1_000_000_000);
        /// Loss of one session, realised and open, at which openings stop.
        pub max_daily_loss: Money = Money::dollars(500), Money::ZERO..=Money::dollars(1_000_000_000);
        /// Confidence that a signal needs.
        pub confidence_min: f64 = 0.55, 0.0..=1.0;
        /// Whether shares are sold short.
        pub shorting: bool = false, false..=true;
        /// Whether fractions of a share are traded.
        pub fractional: bool = false, false..=true;
    }
}

/// Every number a rule uses.
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "each section documents itself")]
pub struct Policy {
    pub features: FeaturePolicy,
    pub trend: TrendPolicy,
    pub gates: GatePolicy,
    pub sizing: SizingPolicy,
    pub exits: ExitPolicy,
    pub orders: OrderPolicy,
    pub fill_model: FillModelPolicy,
    /// The accounts by name; an account's id is its place in this order.
    pub accounts: BTreeMap<Box<str>, AccountPolicy>,
}

/// Why a text is not a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyError {
    /// The setting or section, such as `exits.stop_bps`.
    pub at: String,
    /// What is wrong and what would be right.
    pub problem: String,
}

impl Default for Policy {
    /// The default thresholds with a large and a tiny account.
    fn default() -> Self {
        let large = AccountPolicy::default();
        let tiny = AccountPolicy {
            max_positions: 2,
            max_exposure: Money::dollars(1_000),
            max_daily_loss: Money::dollars(50),
            fractional: true,
            ..AccountPolicy::default()
        };
        Self {
            features: FeaturePolicy::default(),
            trend: TrendPolicy::default(),
            gates: GatePolicy::default(),
            sizing: SizingPolicy::default(),
            exits: ExitPolicy::default(),
            orders: OrderPolicy::default(),
            fill_model: FillModelPolicy::default(),
            accounts: BTreeMap::from([("large".into(), large), ("tiny".into(), tiny)]),
        }
    }
}

impl Policy {
    /// Most accounts a desk can have.
    pub const ACCOUNTS_MAX: usize = 32;

    /// Reads a policy; settings that are absent keep their defaults.
    ///
    /// The accounts are those named in the text, or the default two when it names none.
    ///
    /// # Errors
    /// Returns every problem found: unknown sections and keys, wrong types, values out of range.
    pub fn from_toml(text: &str) -> Result<Self, Vec<PolicyError>> {
        let table: toml::Table = text.parse().map_err(|error: toml::de::Error| {
            vec![PolicyError { at: "file".to_owned(), problem: error.to_string() }]
        })?;
        let mut policy = Self::default();
        let mut problems = Vec::new();
        for (name, value) in &table {
            if name == AccountPolicy::SECTION {
                policy.read_accounts(value, &mut problems);
            } else {
                policy.read_section(name, value, &mut problems);
            }
        }
        policy.check_across_sections(&mut problems);
        if problems.is_empty() { Ok(policy) } else { Err(problems) }
    }

    /// The whole policy as TOML, every setting under its documentation and range.
    pub fn to_toml(&self) -> String {
        let mut text = String::new();
        for (name, documentation, rows) in self.sections() {
            section::write_section(&mut text, &name, documentation, &rows);
        }
        text
    }

    /// The whole policy as TOML without documentation: what a policy is, whatever its words.
    pub fn to_bare_toml(&self) -> String {
        let mut text = String::new();
        for (name, _, rows) in self.sections() {
            section::write_bare_section(&mut text, &name, &rows);
        }
        text
    }

    /// Every section with its documentation and settings, accounts last.
    pub fn sections(&self) -> Vec<(String, &'static str, Vec<SettingRow>)> {
        let mut sections = vec![
            self.features.described(),
            self.trend.described(),
            self.gates.described(),
            self.sizing.described(),
            self.exits.described(),
            self.orders.described(),
            self.fill_model.described(),
        ];
        for (name, account) in &self.accounts {
            let (section, documentation, rows) = account.described();
            sections.push((format!("{section}.{name}"), documentation, rows));
        }
        sections
    }

    fn read_section(&mut self, name: &str, value: &toml::Value, problems: &mut Vec<PolicyError>) {
        match name {
            FeaturePolicy::SECTION => self.features.read(name, value, problems),
            TrendPolicy::SECTION => self.trend.read(name, value, problems),
            GatePolicy::SECTION => self.gates.read(name, value, problems),
            SizingPolicy::SECTION => self.sizing.read(name, value, problems),
            ExitPolicy::SECTION => self.exits.read(name, value, problems),
            OrderPolicy::SECTION => self.orders.read(name, value, problems),
            FillModelPolicy::SECTION => self.fill_model.read(name, value, problems),
            _ => problems.push(PolicyError {
                at: name.to_owned(),
                problem: "no such section; `backsight config show` lists them".to_owned(),
            }),
        }
    }

    fn read_accounts(&mut self, value: &toml::Value, problems: &mut Vec<PolicyError>) {
        let Some(accounts) = value.as_table() else {
            problems.push(PolicyError {
                at: AccountPolicy::SECTION.to_owned(),
                problem: "must be tables such as `[accounts.large]`".to_owned(),
            });
            return;
        };
        let defaults = std::mem::take(&mut self.accounts);
        for (name, value) in accounts {
            let mut account = defaults.get(name.as_str()).cloned().unwrap_or_default();
            account.read(&format!("{}.{name}", AccountPolicy::SECTION), value, problems);
            self.accounts.insert(name.as_str().into(), account);
        }
    }

    fn check_across_sections(&self, problems: &mut Vec<PolicyError>) {
        let mut require = |holds: bool, at: &str, problem: &str| {
            if !holds {
                problems.push(PolicyError { at: at.to_owned(), problem: problem.to_owned() });
            }
        };
        let sizing = &self.sizing;
        require(
            sizing.tiny_up_to <= sizing.small_up_to && sizing.small_up_to <= sizing.medium_up_to,
            "sizing",
            "`tiny_up_to`, `small_up_to`, `medium_up_to` must not decrease",
        );
        require(
            self.features.vol_recent < self.features.vol_baseline,
            "features.vol_recent",
            "must be below `vol_baseline`",
        );
        require(
            self.trend.vol_low <= self.trend.vol_high,
            "trend.vol_low",
            "must not exceed `vol_high`",
        );
        require(!self.accounts.is_empty(), "accounts", "at least one account is needed");
        require(
            self.accounts.len() <= Self::ACCOUNTS_MAX,
            "accounts",
            "at most 32 accounts fit one desk; start another desk",
        );
    }
}

impl fmt::Display for PolicyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`: {}", self.at, self.problem)
    }
}

impl std::error::Error for PolicyError {}

#[cfg(test)]
mod tests;
