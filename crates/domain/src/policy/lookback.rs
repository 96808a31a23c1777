//! Settings of how the desk looks back. None of them decides anything.

section! {
    /// How results are told apart when the desk looks back; nothing here decides a trade.
    pub struct LookbackPolicy = "lookback" {
        /// Return from which a name that was found and not bought was missed, in basis points.
        pub missed_bps: u32 = 2500, 1..=1_000_000;
        /// Return from which a find was explosive, in basis points.
        pub explosive_bps: u32 = 5000, 1..=1_000_000;
        /// Return from which a find was strong, in basis points.
        pub strong_bps: u32 = 2000, 1..=1_000_000;
        /// Return from which a find was moderate, in basis points.
        pub moderate_bps: u32 = 1000, 1..=1_000_000;
        /// Loss up to which a find was poor and not failed, in basis points.
        pub poor_loss_bps: u32 = 500, 0..=10_000;
        /// Share of a find's best that counts as had when the end is lower, in percent.
        pub kept_pct: u32 = 60, 0..=100;
        /// Return an hour after a surge, after costs, from which it was an opportunity, in basis
        /// points.
        pub surge_bps: u32 = 100, 0..=10_000;
        /// How far from its threshold a refusal still counts as near, in percent of it.
        pub near_pct: u32 = 10, 1..=100;
        /// Sessions of history that a baseline of the pipeline's health needs.
        pub baseline_sessions: u32 = 5, 3..=250;
        /// How many usual deviations from its baseline a station must be for a warning.
        pub warning_deviations: f64 = 4.0, 1.0..=100.0;
        /// How many for a critical alert.
        pub critical_deviations: f64 = 8.0, 1.0..=100.0;
        /// Sessions for which the same alert about the pipeline is not raised again.
        pub alert_cool_down: u32 = 5, 0..=250;
        /// Minutes for which the same call for a person is not raised again.
        pub alert_cool_down_minutes: u32 = 60, 0..=1440;
    }
}
