use backsight_domain::signal::Signal;

use super::{KNOWN_MIN, Memory};
use crate::sample::Calendar;
use crate::told::{Fate, Teller, at, played};

/// Signals of which those with a high volume ratio win, and the others lose, if `tells`.
fn told(count: i64, tells: bool) -> Teller {
    let mut teller = Teller::new(1);
    for n in 0..count {
        let loud = n % 2 == 0;
        let wins = if tells { loud } else { n % 4 < 2 };
        let change = |signal: &mut Signal| known(signal, if loud { 6.0 } else { 1.0 });
        let r = if wins { 1.0 } else { -1.0 };
        teller.signal(at((1, 2), 2 * n), change, &Fate::Taken, (r, 1));
    }
    teller
}

fn known(signal: &mut Signal, volume_ratio: f64) {
    let features = &mut signal.features;
    features.volume_ratio = Some(volume_ratio);
    features.relative_volume = Some(1.0);
    features.distance_sma20 = Some(0.01);
    features.vol_ratio = Some(1.0);
    features.rsi = Some(55.0);
}

#[test]
fn the_like_of_a_signal_stands_beside_the_base_rate() {
    let past = told(150, true).past();
    let memory = Memory::of(&past.history);
    let last = past
        .history
        .signals
        .values()
        .rev()
        .find(|tale| tale.signal.features.volume_ratio == Some(6.0));
    let likeness = memory.like(&last.unwrap().signal).unwrap();
    assert!((likeness.won - 1.0).abs() < 1e-9, "every loud one won");
    assert!((likeness.base_won - 0.5).abs() < 0.01);
    assert!((likeness.expectancy - 1.0).abs() < 1e-9 && likeness.base_expectancy.abs() < 0.02);
    assert!(KNOWN_MIN <= likeness.known);
}

#[test]
fn only_what_was_known_then_is_asked() {
    let past = told(150, true).past();
    let memory = Memory::of(&past.history);
    let mut tales = past.history.signals.values();
    // Every outcome takes half an hour, so when the fifteenth signal was made none was known.
    assert_eq!(memory.like(&tales.nth(14).unwrap().signal), None);
    let last = &past.history.signals.values().last().unwrap().signal;
    assert!(memory.like(last).unwrap().known < 150 - 14, "the last outcomes were still open");
}

#[test]
fn a_memory_that_tells_has_skill_and_one_that_does_not_says_so() {
    let skill = |tells| Memory::of(&told(150, tells).past().history).skill().unwrap();
    assert!(0.9 < skill(true).gain().unwrap(), "{:?}", skill(true));
    assert!(skill(false).gain().unwrap() < 0.05, "{:?}", skill(false));
    assert_eq!(Memory::of(&told(20, true).past().history).skill(), None);
}

#[test]
fn the_feature_that_tells_winners_from_losers_comes_first() {
    let past = told(150, true).past();
    let calendar = Calendar::of(&past);
    let contrasts = Memory::of(&past.history).contrasts(&calendar);
    let first = &contrasts[0];
    assert_eq!((first.feature, first.count), ("volume_ratio", 150));
    assert!((first.distance - 2.0).abs() < 0.01, "two deviations apart: {}", first.distance);
    assert!(first.losers < first.winners);
    assert_eq!(first.upper.record.expectancy, Some(1.0));
    assert_eq!(first.lower.record.expectancy, Some(-1.0));
}

#[test]
fn a_real_past_is_remembered_the_same_again() {
    let skill = || Memory::of(&played().history).skill();
    assert_eq!(skill(), skill());
}
