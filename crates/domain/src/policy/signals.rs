//! Settings of what makes a signal: features and playbooks.

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
        /// Whether everything on the chart is computed, or only what the trend playbook looks at.
        pub chart: bool = true, false..=true;
        /// Bars before the current one that a slow breakout must exceed.
        pub slow_breakout_bars: u32 = 60, 2..=120;
        /// Minutes after the open that make the opening range.
        pub opening_range_minutes: u32 = 30, 1..=120;
        /// Standard deviations between the volume-weighted price and its bands.
        pub vwap_band: f64 = 2.0, 0.1..=10.0;
        /// Volume ratio from which a bar is a surge.
        pub surge_ratio: f64 = 2.0, 1.0..=100.0;
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
        /// Volatility ratio above which that confidence rises.
        pub day_adapts_from: f64 = 1.2, 0.0..=10.0;
        /// By how much it rises for each 0.2 above.
        pub day_adapts_by: f64 = 0.05, 0.0..=1.0;
        /// Where it stops rising.
        pub day_confidence_max: f64 = 0.75, 0.0..=1.0;
        /// Confidence from which an option is held as a swing trade.
        pub swing_confidence: f64 = 0.50, 0.0..=1.0;
        /// Confidence from which a signal is recorded, judged by the gates and followed.
        pub recording_floor: f64 = 0.40, 0.05..=1.0;
        /// Minutes before the same symbol is signalled again in the same direction.
        pub rearm_minutes: u32 = 15, 0..=390;
    }
}

section! {
    /// The gap fade playbook: an opening gap in the direction of the session before is traded back.
    pub struct GapFadePolicy = "gap_fade" {
        /// Whether the playbook makes signals.
        pub enabled: bool = true, false..=true;
        /// Smallest gap between the session before's close and this open, as a share.
        pub gap_min: f64 = 0.008, 0.001..=1.0;
        /// Smallest move of the session before, from its open to its close, as a share.
        pub direction_min: f64 = 0.005, 0.0..=1.0;
        /// Minutes after the open in which the playbook makes signals.
        pub window_minutes: u32 = 60, 1..=390;
        /// Confidence of every signal.
        pub confidence: f64 = 0.70, 0.05..=1.0;
        /// Minutes after which a position is closed.
        pub hold_minutes: u32 = 90, 1..=390;
        /// Gain of an option at which it is closed, in percent of its premium.
        pub option_target_pct: u32 = 40, 1..=1000;
        /// Loss of an option at which it is closed, in percent of its premium.
        pub option_stop_pct: u32 = 30, 1..=100;
        /// Loss of a share position at which it is closed, as a share of the gap.
        pub stop_gap_share: f64 = 0.5, 0.05..=5.0;
    }
}

section! {
    /// The news playbook: a fresh story about a company, confirmed by its chart.
    pub struct NewsPolicy = "news" {
        /// Whether the playbook makes signals.
        pub enabled: bool = true, false..=true;
        /// Minutes after it was received for which a story is fresh.
        pub fresh_minutes: u32 = 360, 1..=1440;
        /// Confidence that a reading needs.
        pub reading_confidence_min: f64 = 0.6, 0.0..=1.0;
        /// Sentiment that a reading needs, without its sign.
        pub sentiment_min: f64 = 0.3, 0.0..=1.0;
        /// Weight of the reading in the combined score.
        pub weight_reading: f64 = 0.7, 0.0..=1.0;
        /// Weight of the chart in the combined score.
        pub weight_technical: f64 = 0.3, 0.0..=1.0;
        /// Combined score that a signal needs, without its sign.
        pub combined_min: f64 = 0.3, 0.0..=1.0;
        /// Combined score from which a story is traded at once, without its sign.
        pub trade_from: f64 = 0.5, 0.0..=1.0;
        /// Days in which the same symbol is not signalled again in the same direction.
        pub repeat_days: u32 = 7, 0..=60;
        /// Highest price paid for a long, above the last price, in basis points.
        pub entry_max_bps: u32 = 50, 0..=1000;
        /// How far the price may have moved since before the story, in basis points.
        pub reaction_max_bps: u32 = 500, 1..=10_000;
        /// Distance of the stop from the entry, in basis points.
        pub stop_bps: u32 = 300, 5..=9000;
        /// Distance of the first target, where half is sold, in basis points.
        pub target_bps: u32 = 500, 5..=100_000;
        /// Distance of the second target, in basis points.
        pub second_target_bps: u32 = 1000, 5..=100_000;
        /// Distance of the two triggers of a story without a clear direction, in basis points.
        pub trigger_bps: u32 = 200, 5..=10_000;
        /// What a crossed trigger adds to a confidence.
        pub trigger_worth: f64 = 0.25, 0.0..=1.0;
        /// Sessions after which a position is closed.
        pub hold_sessions: u32 = 5, 1..=60;
        /// Outlets that must carry a story before it is traded in full; with fewer, half.
        pub outlets_full: u32 = 2, 1..=10;
        /// Seconds after a story was received in which nothing is opened on it.
        pub hold_off_s: u32 = 60, 0..=3600;
    }
}

section! {
    /// The explosive playbook: what discovery found, with stops by its range.
    pub struct ExplosivePolicy = "explosive" {
        /// Whether the playbook makes signals.
        pub enabled: bool = true, false..=true;
        /// Score that a candidate needs.
        pub score_min: f64 = 0.65, 0.0..=1.0;
        /// Candidates traded in a session, the best first.
        pub picks_max: u32 = 5, 0..=100;
        /// Size of a position at score 0, in basis points of equity; twice that at score 1.
        pub size_bps: u32 = 500, 1..=10_000;
        /// Largest size of a position, in basis points of equity.
        pub size_max_bps: u32 = 800, 1..=10_000;
        /// Distance of the stop in average true ranges of a session.
        pub stop_ranges: f64 = 2.0, 0.1..=20.0;
        /// Smallest distance of the stop, in basis points.
        pub stop_min_bps: u32 = 300, 5..=9000;
        /// Largest distance of the stop, in basis points.
        pub stop_max_bps: u32 = 800, 5..=9000;
        /// Distance of the target in distances of the stop.
        pub target_risks: f64 = 2.5, 0.1..=100.0;
        /// Sessions after which a position is closed.
        pub hold_sessions: u32 = 10, 1..=250;
        /// How far above the candidate's price an entry may be, in basis points.
        pub chase_max_bps: u32 = 1000, 0..=10_000;
    }
}

section! {
    /// The dip playbook: more of a holding that fell while its thesis still stands.
    pub struct DipPolicy = "dip" {
        /// Whether the playbook makes signals.
        pub enabled: bool = true, false..=true;
        /// Fall from the thesis' price from which a strong thesis is bought, in basis points.
        pub dip_bps: u32 = 1000, 1..=9000;
        /// Fall from which a very strong thesis is bought with more, in basis points.
        pub deep_dip_bps: u32 = 1500, 1..=9000;
        /// Fall beyond which nothing is bought, in basis points.
        pub broken_bps: u32 = 3000, 1..=9900;
        /// Strength that the first size needs.
        pub strength_min: f64 = 0.7, 0.0..=1.0;
        /// Strength that the larger size needs.
        pub strength_deep: f64 = 0.8, 0.0..=1.0;
        /// Size of a purchase, in basis points of equity.
        pub size_bps: u32 = 1500, 1..=10_000;
        /// Size of a purchase after a deep dip, in basis points of equity.
        pub deep_size_bps: u32 = 2000, 1..=10_000;
        /// Largest share of a name with what is already held, in basis points of equity.
        pub name_max_bps: u32 = 2500, 1..=10_000;
        /// How far above the last price may be paid, in basis points.
        pub entry_max_bps: u32 = 200, 0..=1000;
        /// Distance of the stop, in basis points.
        pub stop_bps: u32 = 1500, 5..=9000;
        /// Distance of the first target, where half is sold, in basis points.
        pub target_bps: u32 = 1000, 5..=100_000;
        /// Distance of the second target, in basis points.
        pub second_target_bps: u32 = 2500, 5..=100_000;
        /// Sessions after which a position is closed.
        pub hold_sessions: u32 = 30, 1..=250;
    }
}
