use backsight_domain::time::Time;

use super::*;

fn price(cents: i64) -> Price {
    Price::from_cents(cents).unwrap()
}

fn story(sentiment: f64) -> FreshStory {
    FreshStory {
        story: 1,
        at: Time::default(),
        sentiment,
        confidence: 0.9,
        before: price(10_000),
        outlets: 2,
        watched: None,
    }
}

/// A calm chart above its mean: 0.2 for convergence, 0.15 for the mean.
fn features() -> Features {
    Features { rsi: Some(50.0), macd: Some(0.01), sma50: Some(99.0), ..Features::default() }
}

fn asked(features: &Features, story: &FreshStory, cents: i64) -> Opinion {
    opinion(&NewsPolicy::default(), features, story, price(cents))
}

fn traded_on(opinion: Opinion) -> Wish {
    let Opinion::Trade(wish) = opinion else { panic!("no trade: {opinion:?}") };
    wish
}

#[test]
fn story_and_chart_are_added_by_their_weights() {
    let wish = traded_on(asked(&features(), &story(0.9), 10_000));
    // 0.7 * 0.9 + 0.3 * 0.35.
    assert!((wish.confidence - 0.735).abs() < 1e-12, "{}", wish.confidence);
    let parts: Vec<_> =
        wish.breakdown.iter().map(|f| format!("{} {:.3}", f.name, f.value)).collect();
    assert_eq!(parts, ["story 0.630", "chart 0.105", "reaction 1.000"]);
    assert!((confidence(&wish.breakdown) - wish.confidence).abs() < 1e-15);
}

#[test]
fn a_long_has_an_entry_a_stop_and_two_targets() {
    let terms = traded_on(asked(&features(), &story(0.9), 10_000)).terms;
    let levels = [terms.entry, terms.stop, terms.target, terms.second_target];
    let told: Vec<_> = levels.iter().map(|level| level.unwrap().to_string()).collect();
    assert_eq!(told, ["100.50", "97.00", "105.00", "110.00"]);
}

#[test]
fn a_short_is_its_mirror() {
    let falling = Features { macd: Some(-0.01), sma50: Some(101.0), ..features() };
    let wish = traded_on(asked(&falling, &story(-0.9), 10_000));
    assert_eq!(wish.direction, Direction::Short);
    assert!((wish.confidence - 0.735).abs() < 1e-12);
    assert_eq!(wish.terms.stop.unwrap().to_string(), "103.00");
    assert_eq!(wish.terms.target.unwrap().to_string(), "95.00");
}

#[test]
fn a_story_never_decides_without_a_chart() {
    let blind = Features { rsi: None, ..features() };
    assert_eq!(asked(&blind, &story(1.0), 10_000), Opinion::Wait);
}

#[test]
fn a_missing_strength_is_not_the_best_strength() {
    // tradethehype 0.7: a strength that was no number became +1.0.
    assert_eq!(technical(&Features { rsi: None, ..features() }, 100.0), None);
    let only = Features { rsi: Some(50.0), ..Features::default() };
    assert_eq!(technical(&only, 100.0), Some(0.0));
}

#[test]
fn an_unclear_story_sets_two_triggers_and_waits_for_the_market() {
    let unclear = FreshStory { sentiment: 0.5, ..story(0.0) };
    assert_eq!(asked(&features(), &unclear, 10_000), Opinion::Watch(price(10_000)));
    let watched = FreshStory { watched: Some(price(10_000)), ..unclear };
    assert_eq!(asked(&features(), &watched, 10_150), Opinion::Wait);
    let up = traded_on(asked(&features(), &watched, 10_200));
    assert_eq!(up.direction, Direction::Long);
    // 0.7 * 0.5 + 0.3 * 0.35 + 0.25; the other way story and chart are against it.
    assert!((up.confidence - 0.705).abs() < 1e-12, "{}", up.confidence);
    let down = traded_on(asked(&Features { sma50: Some(97.0), ..features() }, &watched, 9_800));
    assert_eq!((down.direction, down.confidence), (Direction::Short, 0.0));
}

#[test]
fn what_the_price_already_told_counts_against_chasing_it() {
    let wish = traded_on(asked(&features(), &story(0.9), 10_250));
    assert!((wish.confidence - 0.735 * 0.75).abs() < 1e-12, "{}", wish.confidence);
    let chased = asked(&features(), &story(0.9), 10_600);
    assert!(matches!(chased, Opinion::Hold((HoldReason::AlreadyMoved, ..))), "{chased:?}");
}

#[test]
fn a_weak_sum_is_held_and_says_so() {
    let held = asked(&features(), &FreshStory { sentiment: 0.2, ..story(0.0) }, 10_000);
    assert!(matches!(held, Opinion::Hold((HoldReason::CombinedWeak, ..))), "{held:?}");
}

#[test]
fn one_outlet_alone_is_worth_half_a_position() {
    let alone = FreshStory { outlets: 1, ..story(0.9) };
    assert_eq!(traded_on(asked(&features(), &alone, 10_000)).terms.size_pct, Some(50));
    assert_eq!(traded_on(asked(&features(), &story(0.9), 10_000)).terms.size_pct, None);
}

#[test]
fn strength_counts_against_extremes_and_volume_for_the_rest() {
    let score = |rsi, surge| {
        let features = Features { rsi: Some(rsi), surge: Some(surge), ..Features::default() };
        technical(&features, 100.0).unwrap()
    };
    let near = |seen: f64, wanted: f64| assert!((seen - wanted).abs() < 1e-12, "{seen} {wanted}");
    near(score(25.0, false), 0.3);
    near(score(75.0, false), -0.3);
    near(score(35.0, false), 0.15);
    near(score(65.0, true), -0.25);
    // Volume confirms nothing when there is nothing to confirm.
    near(score(50.0, true), 0.0);
}
