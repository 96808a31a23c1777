use backsight_domain::policy::Policy;
use proptest::prelude::*;

use super::*;

/// A long setup that is right in every respect: 1 % above the mean, calm, breaking out.
fn features() -> Features {
    Features {
        bars: 200,
        distance_sma20: Some(0.01),
        vol_ratio: Some(1.0),
        trend: Some(1),
        breakout_high: Some(100.0),
        breakout_low: Some(90.0),
        ..Features::default()
    }
}

fn wished(features: &Features, close: f64, volume: VolumeBand) -> Option<Wish> {
    wish(&TrendPolicy::default(), Sight { features, close, volume })
}

/// Direction and confidence to four decimals.
fn check(features: &Features, close: f64, volume: VolumeBand) -> String {
    wished(features, close, volume).map_or("hold".to_owned(), |wish| {
        format!("{} {} {:.4}", wish.direction, wish.horizon, wish.confidence)
    })
}

#[test]
fn confidence_is_the_product_of_its_factors() {
    let wish = wished(&features(), 101.0, VolumeBand::Normal).unwrap();
    let product: f64 = wish.breakdown.iter().map(|factor| factor.value).product();
    assert!((product - wish.confidence).abs() < 1e-12);
    // inbound 6.2: (0.35 + 0.25 * 0.5 + 0.20 + 0.20) * 0.8.
    assert_eq!(check(&features(), 101.0, VolumeBand::Normal), "long swing 0.7000");
}

#[test]
fn volume_decides_the_horizon_and_the_factor() {
    let bands = [VolumeBand::TooLow, VolumeBand::Weak, VolumeBand::Surge, VolumeBand::Extreme];
    let says = bands.map(|band| check(&features(), 101.0, band));
    assert_eq!(says, ["hold", "hold", "long day 1.0000", "long day 1.0000"]);
}

#[test]
fn a_close_inside_the_range_halves_the_confidence() {
    assert_eq!(check(&features(), 99.0, VolumeBand::Surge), "long swing 0.5534");
}

#[test]
fn a_short_is_the_mirror_of_a_long() {
    let short = Features { distance_sma20: Some(-0.01), trend: Some(-1), ..features() };
    assert_eq!(check(&short, 89.0, VolumeBand::Normal), "short swing 0.7000");
}

#[test]
fn far_from_the_mean_or_against_the_trend_is_no_setup() {
    for change in [
        Features { distance_sma20: Some(0.02), ..features() },
        Features { distance_sma20: Some(-0.006), ..features() },
        Features { trend: Some(0), ..features() },
        Features { trend: Some(-1), ..features() },
    ] {
        assert_eq!(check(&change, 101.0, VolumeBand::Extreme), "hold");
    }
}

#[test]
fn a_missing_feature_is_no_signal() {
    for change in [
        Features { distance_sma20: None, ..features() },
        Features { vol_ratio: None, ..features() },
        Features { trend: None, ..features() },
        Features { breakout_high: None, ..features() },
    ] {
        assert_eq!(check(&change, 101.0, VolumeBand::Extreme), "hold");
    }
}

#[test]
fn news_counts_with_its_sign_and_its_absence_changes_nothing() {
    // inbound L33: the confidence of a model was taken for its direction.
    let confidence = |sentiment: Option<f64>, readings: u32| {
        let features = Features { sentiment, readings, ..features() };
        wished(&features, 101.0, VolumeBand::Normal).unwrap().confidence
    };
    let none = confidence(None, 0);
    assert!(none < confidence(Some(0.8), 5) && confidence(Some(-0.8), 5) < none);
    assert!((none - confidence(Some(0.0), 5)).abs() < 1e-12);
    assert!(confidence(Some(0.8), 1) < confidence(Some(0.8), 5), "one reading weighs less");
}

#[test]
fn the_bar_for_a_day_trade_rises_with_volatility() {
    let policy = TrendPolicy::default();
    let bars = [1.0, 1.2, 1.4, 1.6, 9.0].map(|ratio| day_confidence(&policy, ratio));
    let expected = [0.65, 0.65, 0.70, 0.75, 0.75];
    assert!(bars.iter().zip(expected).all(|(bar, expected)| (bar - expected).abs() < 1e-9));
}

#[test]
fn the_least_volume_of_the_policy_holds_above_the_bands_too() {
    let policy = TrendPolicy { volume_min: 3.0, ..TrendPolicy::default() };
    let find = |ratio: f64| VolumeBand::find(&policy, |floor| floor <= ratio);
    assert_eq!([find(2.9), find(3.0)], [VolumeBand::TooLow, VolumeBand::Strong]);
    assert!(3.0 <= least_volume(&policy));
}

fn any_policy() -> impl Strategy<Value = TrendPolicy> {
    let factors = prop::collection::vec(0.0..2.0_f64, 5);
    let news = (0.0..1.0_f64, 1.0..2.0_f64, 1.0..2.0_f64);
    (factors, news, 0.05..1.0_f64, 0.0..6.0_f64).prop_map(
        |(factors, (boost, urgent, brisk), floor, least)| TrendPolicy {
            volume_factor_weak: factors[0],
            volume_factor_normal: factors[1],
            volume_factor_surge: factors[2],
            volume_factor_strong: factors[3],
            volume_factor_extreme: factors[4],
            sentiment_boost: boost,
            urgent_factor: urgent,
            brisk_factor: brisk,
            recording_floor: floor,
            volume_min: least,
            ..Policy::default().trend
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn prop_the_prefilter_hides_no_signal(
        policy in any_policy(),
        ratio in prop_oneof![0.0..8.0_f64, Just(0.5), Just(1.5), Just(2.0), Just(2.5), Just(3.0)],
        distance in -0.03..0.03_f64,
        (up, vol_ratio) in (any::<bool>(), 0.1..3.0_f64),
        sentiment in prop::option::of(-1.0..=1.0_f64),
        (readings, close) in (0_u32..10, 85.0..105.0_f64),
    ) {
        let trend = Some(if up { 1 } else { -1 });
        let features = Features {
            distance_sma20: Some(distance),
            vol_ratio: Some(vol_ratio),
            trend,
            sentiment,
            readings,
            ..features()
        };
        let volume = VolumeBand::find(&policy, |floor| floor <= ratio);
        let wish = wish(&policy, Sight { features: &features, close, volume });
        let hidden = ratio < least_volume(&policy);
        prop_assert!(wish.is_none() || !hidden, "hidden: {:?}", wish);
    }
}
