//! Every number a rule uses: typed, documented, ranged, versioned.
//!
//! A policy is a tree of sections. Each setting is declared once, with its documentation, default
//! and range; the struct, the commented TOML and the strict reader all come from that line. The
//! reader refuses unknown keys and values out of range and names both, so that a typing error can
//! never silently become a default.

#[macro_use]
mod section;
mod change;
mod learning;
mod lookback;
mod risk;
mod setting;
mod signals;
mod trading;

use std::collections::BTreeMap;
use std::fmt;

pub use self::learning::{LearningPolicy, PersonPolicy};
pub use self::lookback::LookbackPolicy;
pub use self::risk::{AccountPolicy, GatePolicy, RegimePolicy, SizingPolicy};
pub use self::section::SettingRow;
pub use self::setting::{Setting, SettingProblem};
pub use self::signals::{
    DipPolicy, ExplosivePolicy, FeaturePolicy, GapFadePolicy, NewsPolicy, TrendPolicy,
};
pub use self::trading::{
    ContractPolicy, ExitPolicy, FillModelPolicy, OptionExitPolicy, OrderPolicy, StructurePolicy,
};
use crate::money::Money;

/// Writes the tree of sections once: the struct, its defaults, its text and its reader.
macro_rules! policy {
    ($($section:ident: $type:ty,)+) => {
        /// Every number a rule uses.
        #[derive(Clone, Debug, PartialEq)]
        #[expect(missing_docs, reason = "each section documents itself")]
        pub struct Policy {
            $(pub $section: $type,)+
            /// The accounts by name; an account's id is its place in this order.
            pub accounts: BTreeMap<Box<str>, AccountPolicy>,
            /// What each person may do; everybody may do everything when nobody is named.
            pub people: BTreeMap<Box<str>, PersonPolicy>,
        }

        impl Policy {
            fn with_accounts(accounts: BTreeMap<Box<str>, AccountPolicy>) -> Self {
                Self { $($section: <$type>::default(),)+ accounts, people: BTreeMap::new() }
            }

            fn described(&self) -> Vec<(String, &'static str, Vec<SettingRow>)> {
                vec![$(self.$section.described(),)+]
            }

            fn read_section(
                &mut self,
                name: &str,
                value: &toml::Value,
                problems: &mut Vec<PolicyError>,
            ) {
                match name {
                    $(<$type>::SECTION => self.$section.read(name, value, problems),)+
                    _ => problems.push(PolicyError {
                        at: name.to_owned(),
                        problem: "no such section; `backsight config show` lists them".to_owned(),
                    }),
                }
            }
        }
    };
}

policy! {
    features: FeaturePolicy,
    trend: TrendPolicy,
    gap_fade: GapFadePolicy,
    news: NewsPolicy,
    explosive: ExplosivePolicy,
    dip: DipPolicy,
    gates: GatePolicy,
    regime: RegimePolicy,
    sizing: SizingPolicy,
    contracts: ContractPolicy,
    structures: StructurePolicy,
    exits: ExitPolicy,
    option_exits: OptionExitPolicy,
    orders: OrderPolicy,
    fill_model: FillModelPolicy,
    lookback: LookbackPolicy,
    learning: LearningPolicy,
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
        let large = AccountPolicy {
            verticals: true,
            secured_puts: true,
            covered_calls: true,
            ..AccountPolicy::default()
        };
        let tiny = AccountPolicy {
            verticals: true,
            max_positions: 2,
            max_exposure: Money::dollars(1_000),
            max_daily_loss: Money::dollars(50),
            fractional: true,
            ..AccountPolicy::default()
        };
        Self::with_accounts(BTreeMap::from([("large".into(), large), ("tiny".into(), tiny)]))
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
            } else if name == PersonPolicy::SECTION {
                policy.read_people(value, &mut problems);
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

    /// Every section with its documentation and settings, accounts and people last.
    pub fn sections(&self) -> Vec<(String, &'static str, Vec<SettingRow>)> {
        let mut sections = self.described();
        for (name, account) in &self.accounts {
            let (section, documentation, rows) = account.described();
            sections.push((format!("{section}.{name}"), documentation, rows));
        }
        for (name, person) in &self.people {
            let (section, documentation, rows) = person.described();
            sections.push((format!("{section}.{name}"), documentation, rows));
        }
        sections
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

    fn read_people(&mut self, value: &toml::Value, problems: &mut Vec<PolicyError>) {
        let Some(people) = value.as_table() else {
            problems.push(PolicyError {
                at: PersonPolicy::SECTION.to_owned(),
                problem: "must be tables such as `[people.ada]`".to_owned(),
            });
            return;
        };
        for (name, value) in people {
            let mut person = PersonPolicy::default();
            person.read(&format!("{}.{name}", PersonPolicy::SECTION), value, problems);
            self.people.insert(name.as_str().into(), person);
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
        let lookback = &self.lookback;
        require(
            lookback.moderate_bps <= lookback.strong_bps
                && lookback.strong_bps <= lookback.explosive_bps,
            "lookback",
            "`moderate_bps`, `strong_bps`, `explosive_bps` must not decrease",
        );
        require(
            lookback.warning_deviations <= lookback.critical_deviations,
            "lookback.warning_deviations",
            "must not exceed `critical_deviations`",
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
        let others = [
            (self.gap_fade.enabled, "gap_fade.enabled"),
            (self.news.enabled, "news.enabled"),
            (self.explosive.enabled, "explosive.enabled"),
            (self.dip.enabled, "dip.enabled"),
        ];
        for (enabled, at) in others {
            require(!enabled || self.features.chart, at, "needs `features.chart`");
        }
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
