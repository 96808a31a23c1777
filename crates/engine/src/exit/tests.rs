use backsight_domain::policy::ExitPolicy;
use backsight_domain::time::{Date, Span};

use super::*;

fn session() -> Session {
    Session::on(Date::from_ymd(2026, 3, 2).unwrap()).unwrap()
}

fn plan() -> ExitPolicy {
    ExitPolicy { trail_from_bps: 0, time_stop_minutes: 0, ..ExitPolicy::default() }
}

fn track(policy: &ExitPolicy) -> Track {
    let entry = Price::from_cents(10_000).unwrap();
    let plan = Box::new(Plan::Shares(SharePlan::general(policy)));
    Track::begin(Direction::Long, entry, session().open(), plan)
}

/// A position of a playbook with levels of its own.
fn named(change: impl FnOnce(&mut SharePlan)) -> Track {
    let mut track = track(&ExitPolicy::default());
    if let Plan::Shares(plan) = &mut *track.plan {
        change(plan);
    }
    track.derive();
    track
}

fn check(track: &Track, cents: i64, now: Time) -> Option<ExitReason> {
    match track.verdict(cents * 100, now, session()) {
        Some(Act::Leave(reason)) => Some(reason),
        Some(Act::Take(_)) => Some(ExitReason::Partial),
        None => None,
    }
}

fn noon() -> Time {
    session().open() + Span::from_minutes(150)
}

fn cents(cents: i64) -> Option<Price> {
    Price::from_cents(cents)
}

#[test]
fn the_stop_comes_before_everything_else() {
    let plan = ExitPolicy { time_stop_minutes: 1, target_bps: 5, ..plan() };
    let late = session().close();
    assert_eq!(check(&track(&plan), 9_900, late), Some(ExitReason::Stop));
}

#[test]
fn stop_and_target_are_exact_to_the_tick() {
    let (track, noon) = (track(&plan()), session().open() + Span::from_minutes(60));
    let at = |ticks: i64| track.verdict(ticks, noon, session());
    let left = |reason| Some(Act::Leave(reason));
    assert_eq!([at(990_001), at(990_000)], [None, left(ExitReason::Stop)]);
    assert_eq!([at(1_019_999), at(1_020_000)], [None, left(ExitReason::Target)]);
}

#[test]
fn a_short_is_the_mirror_of_a_long() {
    let noon = session().open() + Span::from_minutes(60);
    let long = track(&plan());
    let short = Track::begin(Direction::Short, long.entry, long.opened, long.plan);
    assert_eq!(check(&short, 10_100, noon), Some(ExitReason::Stop));
    assert_eq!(check(&short, 9_800, noon), Some(ExitReason::Target));
    assert_eq!(check(&short, 10_000, noon), None);
}

#[test]
fn the_trailing_stop_remembers_its_peak() {
    // inbound X14: the peak was read anew each cycle, so the trailing stop never fired.
    let plan = ExitPolicy { trail_from_bps: 80, trail_keep_pct: 60, ..plan() };
    let (mut track, noon) = (track(&plan), session().open() + Span::from_minutes(60));
    track.observe(1_010_000, 1_000_000);
    assert_eq!(check(&track, 10_061, noon), None);
    track.observe(1_006_100, 1_005_000);
    assert_eq!(check(&track, 10_060, noon), Some(ExitReason::Trailing));
    assert!((track.mfe_pct() - 1.0).abs() < 1e-9, "the best is kept");
}

#[test]
fn the_day_ends_minutes_before_the_close_and_not_a_moment_earlier() {
    let track = track(&plan());
    let left = |span: Span| check(&track, 10_000, session().close() - span);
    assert_eq!(left(Span::from_millis(300_001)), None, "a little more than five minutes");
    assert_eq!(left(Span::from_minutes(5)), Some(ExitReason::EndOfDay));
    assert_eq!(left(Span::ZERO), Some(ExitReason::EndOfDay));
}

#[test]
fn best_and_worst_never_cross_zero() {
    // inbound X28: both started at zero and were read at closes only.
    let mut track = track(&plan());
    track.observe(1_005_000, 1_002_000);
    assert!(0.0 < track.mfe_pct() && track.mae_pct() == 0.0);
    track.observe(998_000, 990_000);
    assert!((track.mae_pct() + 1.0).abs() < 1e-9);
}

#[test]
fn a_win_and_a_loss_are_more_than_half_a_percent() {
    assert_eq!([0.51, 0.5, 0.0, -0.5, -0.51].map(label), [1, 0, 0, 0, -1]);
}

#[test]
fn levels_of_a_playbook_take_the_place_of_the_general_ones() {
    let track = named(|plan| (plan.stop, plan.target) = (cents(9_700), cents(10_500)));
    assert_eq!(check(&track, 9_701, noon()), None, "the general stop is at 99.00");
    assert_eq!(check(&track, 9_700, noon()), Some(ExitReason::Stop));
    assert_eq!(check(&track, 10_499, noon()), None, "the general target is at 102.00");
    assert_eq!(check(&track, 10_500, noon()), Some(ExitReason::Target));
    assert_eq!(track.stop_distance(), 30_000, "the risk first taken");
}

#[test]
fn the_first_of_two_targets_sells_a_part_and_protects_the_rest() {
    let mut track = named(|plan| {
        (plan.stop, plan.target, plan.second_target) = (cents(9_700), cents(10_500), cents(11_000));
        plan.policy.trail_from_bps = 0;
    });
    assert_eq!(track.verdict(1_050_000, noon(), session()), Some(Act::Take(50)));
    track.advance(Stage::PartTaken);
    assert_eq!(check(&track, 10_500, noon()), None, "it is taken once");
    assert_eq!(check(&track, 10_000, noon()), Some(ExitReason::BreakEven));
    assert_eq!(check(&track, 11_000, noon()), Some(ExitReason::Target));
    track.advance(Stage::Open);
    assert_eq!(track.stage, Stage::PartTaken, "a stage never goes back");
}

#[test]
fn a_gap_through_both_targets_sells_everything() {
    let track = named(|plan| (plan.target, plan.second_target) = (cents(10_500), cents(11_000)));
    assert_eq!(check(&track, 11_200, noon()), Some(ExitReason::Target));
}

#[test]
fn what_is_held_for_sessions_stays_overnight_and_leaves_in_the_last() {
    let track = named(|plan| {
        plan.overnight = true;
        plan.lasts = Lasts { minutes: None, sessions: Some(2), early: 5 };
    });
    let evening = session().close() - Span::from_minutes(1);
    assert_eq!(check(&track, 10_000, evening), None);
    let last = Session::plus_sessions(session().date(), 2);
    let at = |early| track.verdict(1_000_000, last.close() - Span::from_minutes(early), last);
    assert_eq!([at(6), at(5)], [None, Some(Act::Leave(ExitReason::TimeStop))]);
}

#[test]
fn a_part_is_whole_lots_and_may_be_nothing() {
    // inbound L14: the half of one contract was an order for nothing.
    let part = |opened: i64, percent| part_of(Quantity::shares(opened), percent).whole();
    assert_eq!([part(1, 50), part(2, 40), part(3, 40), part(10, 40)], [0, 0, 1, 4]);
    assert!(part_of(Quantity::from_units(340_000_000), 50).is_zero(), "0.34 shares");
}

#[test]
fn a_give_back_is_told_from_the_best() {
    let mut track = track(&plan());
    track.observe(1_020_000, 1_000_000);
    assert!((track.give_back_pct(cents(10_050).unwrap()) - 1.5).abs() < 1e-9);
    assert!(track.give_back_pct(cents(10_300).unwrap()) == 0.0);
}
