use super::*;

const OFTEN: f64 = 0.1;

/// Checks that a kind struck in about `OFTEN` of `trials`: within five standard deviations.
#[expect(clippy::cast_precision_loss, reason = "counts are small")]
fn check(kind: FaultKind, wire: &Wire, trials: u32) {
    let expected = f64::from(trials) * OFTEN;
    let slack = 5.0 * (expected * (1.0 - OFTEN)).sqrt();
    let count = wire.layer.count(kind) as f64;
    assert!((count - expected).abs() < slack, "{kind:?} struck {count} times in {trials}");
}

#[test]
fn faults_of_requests_come_at_their_rate() {
    let kinds = [
        FaultKind::RequestLost,
        FaultKind::RequestDelayed,
        FaultKind::ReplyLost,
        FaultKind::ReplyDelayed,
        FaultKind::ServerError,
        FaultKind::ReadLag,
        FaultKind::RateLimited,
        FaultKind::Unauthorised,
    ];
    for kind in kinds {
        let mut wire = Wire::only(kind, OFTEN);
        // A burst ends before the next request, so that every request is a trial.
        for turn in 0..1_000 {
            wire.submit(minute(turn * 3));
        }
        check(kind, &wire, 1_000);
    }
}

#[test]
fn faults_of_the_stream_come_at_their_rate() {
    let kinds = [
        FaultKind::StreamDropped,
        FaultKind::StreamRepeated,
        FaultKind::StreamReordered,
        FaultKind::StreamBroken,
    ];
    for kind in kinds {
        let mut wire = Wire::only(kind, OFTEN);
        for turn in 0..1_000 {
            // Later than any break lasts.
            wire.layer.stream(minute(turn * 4), CASH, Event::Tick);
        }
        check(kind, &wire, 1_000);
    }
}

#[test]
fn faults_of_the_feed_come_at_their_rate() {
    let kinds = [
        FaultKind::QuoteFlaw,
        FaultKind::BarFlaw,
        FaultKind::MinuteMissing,
        FaultKind::MinuteRepeated,
        FaultKind::SymbolFrozen,
        FaultKind::FeedFrozen,
        FaultKind::Bust,
        FaultKind::ManualTrade,
        FaultKind::ManualCancel,
        FaultKind::ManualReplace,
    ];
    for kind in kinds {
        let mut wire = Wire::only(kind, OFTEN);
        for turn in 0..1_000 {
            let at = minute(turn);
            wire.layer.show(at, Event::Minute(bars(at)));
            wire.layer.show(at, quote(at));
        }
        check(kind, &wire, 1_000);
    }
}

#[test]
fn clock_jumps_at_its_rate_while_it_is_right() {
    let mut wire = Wire::only(FaultKind::ClockJump, OFTEN);
    for turn in 0..1_000 {
        // Later than any jump lasts.
        wire.layer.show(minute(turn * 31), Event::Minute(bars(minute(turn * 31))));
    }
    check(FaultKind::ClockJump, &wire, 1_000);
}

#[test]
fn profiles_grow_from_none_to_storm() {
    let profiles = [
        FaultProfile::none(),
        FaultProfile::light(),
        FaultProfile::standard(),
        FaultProfile::storm(),
    ];
    for kind in FaultKind::ALL {
        let odds: Vec<f64> = profiles.iter().map(|profile| profile.probability(kind)).collect();
        assert!(odds.is_sorted() && 0.0 < odds[2], "{kind:?} {odds:?}");
    }
}

#[test]
fn each_seed_of_the_swarm_has_its_own_world() {
    let storm = FaultProfile::storm();
    let mut silent = 0;
    let worlds: Vec<FaultProfile> =
        (0..100).map(|seed| FaultProfile::swarm(&mut Chance::root(seed))).collect();
    for world in &worlds {
        for kind in FaultKind::ALL {
            assert!(world.probability(kind) <= storm.probability(kind));
            silent += usize::from(world.probability(kind) == 0.0);
        }
    }
    assert!((1_200..=1_500).contains(&silent), "{silent} of 2,700");
    assert_eq!(worlds[3], FaultProfile::swarm(&mut Chance::root(3)));
    assert_ne!(worlds[3], worlds[4]);
}

#[test]
fn one_kinds_draws_do_not_depend_on_anothers_probability() {
    let count = |quotes: f64| {
        let profile = FaultProfile::none()
            .with(FaultKind::RequestLost, 0.3)
            .with(FaultKind::QuoteFlaw, quotes);
        let mut wire = Wire::new(profile, 2);
        busy_hour(&mut wire);
        wire.replies()
    };
    assert_eq!(count(0.0), count(0.9));
}

#[test]
fn frozen_symbols_speak_again() {
    let mut wire = Wire::only(FaultKind::SymbolFrozen, 0.02);
    for turn in 0..1_000 {
        wire.layer.show(minute(turn), Event::Minute(bars(minute(turn))));
    }
    wire.run(minute(1_000));
    let silent = |(_, event): &(Time, Event)| {
        let Event::Minute(minute) = event else { return 0 };
        (0..3).filter(|slot| !minute.has_traded(Slot(*slot))).count()
    };
    let silent: usize = wire.heard.iter().map(silent).sum();
    // Twenty freezes of eight minutes among three thousand bars.
    assert!((60..400).contains(&silent), "{silent}");
}
