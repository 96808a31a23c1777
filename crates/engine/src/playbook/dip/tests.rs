use backsight_domain::market::Slot;
use backsight_domain::notice::ClaimSide;

use super::*;

const TODAY: Date = Date::from_days(20_000);

fn claim(metric: Metric, threshold: f64, decisive: bool) -> Claim {
    Claim { metric, side: ClaimSide::AtLeast, threshold, until: TODAY, decisive }
}

/// Three claims that hold on the features below.
fn thesis() -> Thesis {
    let claims = vec![
        claim(Metric::RelativeVolume, 1.5, false),
        claim(Metric::Sentiment, -0.2, true),
        claim(Metric::Rsi, 20.0, false),
    ];
    Thesis { slot: Slot(0), price: Price::from_cents(10_000).unwrap(), claims }
}

fn features() -> Features {
    Features {
        relative_volume: Some(2.0),
        sentiment: Some(0.1),
        rsi: Some(30.0),
        ..Features::default()
    }
}

fn asked(features: &Features, thesis: &Thesis, cents: i64) -> Option<Result<Wish, HoldReason>> {
    let price = Price::from_cents(cents).unwrap();
    let wish = wish(&DipPolicy::default(), features, thesis, (price, TODAY));
    wish.map(|answer| answer.map_err(|(why, ..)| why))
}

#[test]
fn a_standing_thesis_is_bought_by_the_depth_of_the_dip() {
    assert_eq!(asked(&features(), &thesis(), 9_100), None);
    let shallow = asked(&features(), &thesis(), 8_900).unwrap().unwrap();
    assert_eq!(shallow.terms.size_bps, Some(1500));
    let deep = asked(&features(), &thesis(), 8_500).unwrap().unwrap();
    assert_eq!(deep.terms.size_bps, Some(2000));
    assert_eq!(deep.terms.stop.unwrap().to_string(), "72.25");
    assert_eq!(deep.terms.target.unwrap().to_string(), "93.50");
    assert_eq!(deep.terms.second_target.unwrap().to_string(), "106.25");
}

#[test]
fn beyond_a_fifth_the_thesis_is_doubted_and_beyond_a_third_it_is_over() {
    // amc P18: the largest size could never be reached; here both sizes can.
    let doubted = asked(&features(), &thesis(), 7_900).unwrap().unwrap();
    assert!((doubted.confidence - 0.8).abs() < 1e-12);
    assert_eq!(asked(&features(), &thesis(), 6_900), Some(Err(HoldReason::FellTooFar)));
}

#[test]
fn strength_is_the_share_of_claims_that_hold() {
    let tired = Features { relative_volume: Some(1.0), ..features() };
    assert_eq!(asked(&tired, &thesis(), 8_900), Some(Err(HoldReason::ThesisWeak)));
    let unknown = Features { relative_volume: None, ..features() };
    assert_eq!(asked(&unknown, &thesis(), 8_900), Some(Err(HoldReason::ThesisWeak)));
}

#[test]
fn one_decisive_claim_ends_a_thesis() {
    let bad_news = Features { sentiment: Some(-0.5), ..features() };
    assert_eq!(asked(&bad_news, &thesis(), 8_900), Some(Err(HoldReason::ThesisBroken)));
}

#[test]
fn a_claim_whose_time_is_over_neither_helps_nor_harms() {
    let mut thesis = thesis();
    thesis.claims[0].until = TODAY.plus_days(-1);
    let tired = Features { relative_volume: Some(1.0), ..features() };
    assert!(asked(&tired, &thesis, 8_900).unwrap().is_ok());
    thesis.claims.clear();
    assert_eq!(asked(&features(), &thesis, 8_900), Some(Err(HoldReason::ThesisUntestable)));
}
