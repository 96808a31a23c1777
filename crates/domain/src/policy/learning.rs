//! Settings of how the desk learns, and of who may let it.

section! {
    /// What a proposal needs, and how it goes from there.
    pub struct LearningPolicy = "learning" {
        /// Closed trades and ghosts below which nothing is said.
        pub sample_min: u32 = 30, 30..=100_000;
        /// Closed trades that a change must concern before it may be proposed.
        pub adopt_min: u32 = 60, 30..=100_000;
        /// Sessions that must lie behind a proposal.
        pub sessions_min: u32 = 20, 10..=10_000;
        /// Share of proposals that may be chance, in percent, given everything that was ever tried.
        pub false_discovery_pct: u32 = 5, 1..=20;
        /// Sessions after which a proposal that nobody answered expires.
        pub expiry_sessions: u32 = 10, 1..=250;
        /// Whether two persons must approve.
        pub four_eyes: bool = false, false..=true;
        /// Sessions in shadow before a share of the signals goes by a proposal; 0 for none.
        pub shadow_sessions: u32 = 5, 0..=250;
        /// Sessions as a canary before everything goes by it; 0 for none.
        pub canary_sessions: u32 = 5, 0..=250;
        /// Share of the signals that goes by a canary, in percent.
        pub canary_share_pct: u32 = 25, 1..=50;
        /// Candidate policies that are followed in shadow at the same time.
        pub shadows_max: u32 = 16, 1..=16;
        /// How many standard errors below zero what a proposal added must be to be harm.
        pub harm_errors: f64 = 2.5, 1.0..=10.0;
        /// Sessions between two false alarms of drift.
        pub drift_sessions: u32 = 250, 20..=10_000;
        /// Fall of what was traded under a proposal at which it is withdrawn, in R; 0 for never.
        pub drawdown_max: f64 = 20.0, 0.0..=10_000.0;
    }
}

section! {
    /// What one person may do. Where nobody is named, everybody may do everything.
    pub struct PersonPolicy = "people" {
        /// Whether the person may approve proposals.
        pub approves: bool = false, false..=true;
        /// Whether the person may reject and withdraw them.
        pub withdraws: bool = true, false..=true;
    }
}
