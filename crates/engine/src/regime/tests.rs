use backsight_domain::notice::Regime;

use super::*;

#[test]
fn the_index_has_five_levels() {
    let policy = RegimePolicy::default();
    let levels = [11.9, 12.0, 20.0, 30.0, 40.0].map(|index| Level::of(&policy, index));
    let wanted = [Level::Complacent, Level::Normal, Level::Elevated, Level::High, Level::Extreme];
    assert_eq!(levels, wanted);
    assert_eq!(levels.map(|level| level.size_pct(&policy)), [80, 100, 50, 25, 0]);
}

#[test]
fn an_old_index_says_nothing() {
    let (policy, mut market) = (RegimePolicy::default(), Market::default());
    let at = Time::from_seconds(1_768_314_600);
    assert_eq!(level(&market, &policy, at), None);
    market.outlook.push_regime(Regime { index: 25.0, at }).unwrap();
    let day = Span::from_minutes(24 * 60);
    assert_eq!(level(&market, &policy, at + day), Some(Level::Elevated));
    assert_eq!(factor(&market, &policy, at + day).unwrap().value.to_string(), "0.8");
    assert_eq!(level(&market, &policy, at + day + Span::from_seconds(1)), None);
}
