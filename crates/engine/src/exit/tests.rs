use backsight_domain::time::{Date, Span};

use super::*;

fn session() -> Session {
    Session::on(Date::from_ymd(2026, 3, 2).unwrap()).unwrap()
}

fn plan() -> ExitPolicy {
    ExitPolicy { trail_from_bps: 0, time_stop_minutes: 0, ..ExitPolicy::default() }
}

fn track(plan: ExitPolicy) -> Track {
    let entry = Price::from_cents(10_000).unwrap();
    Track::begin(Direction::Long, entry, session().open(), plan)
}

fn check(track: &Track, cents: i64, now: Time) -> Option<ExitReason> {
    track.verdict(cents * 100, now, session())
}

#[test]
fn the_stop_comes_before_everything_else() {
    let plan = ExitPolicy { time_stop_minutes: 1, target_bps: 5, ..plan() };
    let late = session().close();
    assert_eq!(check(&track(plan), 9_900, late), Some(ExitReason::Stop));
}

#[test]
fn stop_and_target_are_exact_to_the_tick() {
    let (track, noon) = (track(plan()), session().open() + Span::from_minutes(60));
    let at = |ticks: i64| track.verdict(ticks, noon, session());
    assert_eq!([at(990_001), at(990_000)], [None, Some(ExitReason::Stop)]);
    assert_eq!([at(1_019_999), at(1_020_000)], [None, Some(ExitReason::Target)]);
}

#[test]
fn a_short_is_the_mirror_of_a_long() {
    let noon = session().open() + Span::from_minutes(60);
    let long = track(plan());
    let short = Track::begin(Direction::Short, long.entry, long.opened, long.plan);
    assert_eq!(check(&short, 10_100, noon), Some(ExitReason::Stop));
    assert_eq!(check(&short, 9_800, noon), Some(ExitReason::Target));
    assert_eq!(check(&short, 10_000, noon), None);
}

#[test]
fn the_trailing_stop_remembers_its_peak() {
    // inbound X14: the peak was read anew each cycle, so the trailing stop never fired.
    let plan = ExitPolicy { trail_from_bps: 80, trail_keep_pct: 60, ..plan() };
    let (mut track, noon) = (track(plan), session().open() + Span::from_minutes(60));
    track.observe(1_010_000, 1_000_000);
    assert_eq!(check(&track, 10_061, noon), None);
    track.observe(1_006_100, 1_005_000);
    assert_eq!(check(&track, 10_060, noon), Some(ExitReason::Trailing));
    assert!((track.mfe_pct() - 1.0).abs() < 1e-9, "the best is kept");
}

#[test]
fn the_day_ends_minutes_before_the_close_and_not_a_moment_earlier() {
    let track = track(plan());
    let left = |span: Span| check(&track, 10_000, session().close() - span);
    assert_eq!(left(Span::from_millis(300_001)), None, "a little more than five minutes");
    assert_eq!(left(Span::from_minutes(5)), Some(ExitReason::EndOfDay));
    assert_eq!(left(Span::ZERO), Some(ExitReason::EndOfDay));
}

#[test]
fn best_and_worst_never_cross_zero() {
    // inbound X28: both started at zero and were read at closes only.
    let mut track = track(plan());
    track.observe(1_005_000, 1_002_000);
    assert!(0.0 < track.mfe_pct() && track.mae_pct() == 0.0);
    track.observe(998_000, 990_000);
    assert!((track.mae_pct() + 1.0).abs() < 1e-9);
}

#[test]
fn a_win_and_a_loss_are_more_than_half_a_percent() {
    assert_eq!([0.51, 0.5, 0.0, -0.5, -0.51].map(label), [1, 0, 0, 0, -1]);
}
