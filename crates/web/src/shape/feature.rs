//! Features by name: what was known about a symbol.

use backsight_domain::signal::Features;
use serde_json::Value;

/// Features by name; nothing for those that are missing.
pub fn features(features: &Features) -> Value {
    let rows = feature_rows(features).into_iter();
    Value::Object(rows.map(|(name, value)| (name.to_owned(), value.into())).collect())
}

/// Names the features that are numbers by themselves, and takes every field of them all.
macro_rules! feature_rows {
    ($features:ident: $($number:ident)+) => {{
        let Features { bars, trend, volume, surge, sentiment, readings, $($number),+ } = *$features;
        // How many readings there are only matters when there is one.
        let sentiment = sentiment.filter(|_| 0 < readings);
        let mut rows = vec![
            ("bars", Some(f64::from(bars))),
            ("trend", trend.map(f64::from)),
            ("volume", Some(f64::from(volume))),
            ("surge", surge.map(|surge| f64::from(u8::from(surge)))),
        ];
        rows.extend([$((stringify!($number), $number)),+]);
        rows.push(("sentiment", sentiment));
        rows
    }};
}

/// Every feature by name.
pub fn feature_rows(features: &Features) -> Vec<(&'static str, Option<f64>)> {
    feature_rows!(features:
        sma20 sma50 distance_sma20 distance_sma50 recent_vol baseline_vol vol_ratio volume_mean volume_ratio atr session_range vwap session_open gap breakout_high breakout_low ema9 ema20 macd rsi vwap_upper vwap_lower range_high range_low slow_high slow_low width_percentile relative_volume curve_ratio previous_move)
}
