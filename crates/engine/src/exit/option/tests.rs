use backsight_domain::policy::{OptionExitPolicy, Policy};
use backsight_domain::time::Date;
use proptest::prelude::*;

use super::*;
use crate::exit::Lasts;

fn date(text: &str) -> Date {
    Date::parse(text).unwrap()
}

fn session() -> Session {
    Session::on(date("2026-03-02")).unwrap()
}

/// A contract bought at 2.00 in the first minute of the session, with days to expiry.
fn track(horizon: Horizon, days: i32) -> Track {
    let policy = OptionExitPolicy::default();
    let lasts = Lasts { minutes: None, sessions: None, early: policy.day_close_minutes };
    let expiry = session().date().plus_days(days);
    let plan = OptionPlan { policy, horizon, expiry, lasts, origin: None, rolls: None };
    let entry = Price::from_cents(200).unwrap();
    Track::begin(Direction::Long, entry, session().open(), Box::new(Plan::Options(plan)))
}

/// A moment after so many minutes, with a gain in percent.
fn after(minutes: i64, gain: i64) -> Moment {
    Moment {
        now: session().open() + Span::from_minutes(minutes),
        session: session(),
        mark: Some(20_000 + 200 * gain),
        level: Level::Normal,
        reports: false,
        share_bps: Some(100),
        decay: Some(0.01),
        assignment: false,
    }
}

/// A moment so many minutes before the close.
fn before_close(minutes: i64, gain: i64) -> Moment {
    after(i64::from(session().minutes()) - minutes, gain)
}

#[expect(clippy::unnecessary_wraps, reason = "what `follow` says")]
fn left(reason: ExitReason) -> Option<Act> {
    Some(Act::Leave(reason))
}

fn swing() -> Track {
    track(Horizon::Swing, 14)
}

fn day() -> Track {
    track(Horizon::Day, 1)
}

#[test]
fn in_the_first_minutes_only_the_hard_stop_closes() {
    assert_eq!(swing().follow(&after(29, 200)), None);
    assert_eq!(swing().follow(&after(29, -49)), None);
    assert_eq!(swing().follow(&after(29, -50)), left(ExitReason::Stop));
    assert_eq!(swing().follow(&after(30, 80)), left(ExitReason::Target));
}

#[test]
fn every_number_is_a_share_of_the_premium() {
    // inbound L11: a stop of the underlying share was compared with the premium. Whatever the
    // share does, a premium of 2.00 is stopped at 1.00.
    assert_eq!(swing().follow(&after(60, -49)), None);
    assert_eq!(swing().follow(&after(60, -50)), left(ExitReason::Stop));
    assert_eq!(swing().stop_distance(), 10_000);
}

#[test]
fn the_stages_are_passed_one_by_one() {
    let mut track = swing();
    assert_eq!((track.follow(&after(31, 10)), track.stage), (None, Stage::Protected));
    assert_eq!(
        (track.follow(&after(32, 20)), track.stage),
        (Some(Act::Take(40)), Stage::PartTaken)
    );
    assert_eq!((track.follow(&after(33, 20)), track.stage), (None, Stage::Trailing));
    assert_eq!(track.follow(&after(34, 14)), None, "70 % of the peak is kept");
    assert_eq!(track.follow(&after(35, 13)), left(ExitReason::Trailing));
}

#[test]
fn what_was_well_above_its_entry_never_becomes_a_loss() {
    let mut track = swing();
    track.follow(&after(31, 12));
    assert_eq!(track.follow(&after(32, 1)), None);
    assert_eq!(track.follow(&after(33, 0)), left(ExitReason::BreakEven));
}

#[test]
fn the_kept_share_rises_with_the_peak() {
    let at = |peak: i64, now: i64| {
        let mut track = swing();
        track.follow(&after(31, peak));
        track.follow(&after(32, peak));
        track.follow(&after(33, now))
    };
    assert_eq!([at(40, 32), at(40, 31)], [None, left(ExitReason::Trailing)]);
    assert_eq!([at(60, 51), at(60, 50)], [None, left(ExitReason::Trailing)]);
}

#[test]
fn a_stale_mark_decides_nothing_about_a_price() {
    // inbound L13: a mark that was old, or the share's own price, was taken for the premium's.
    let unknown = |moment: Moment| Moment { mark: None, ..moment };
    assert_eq!(swing().follow(&unknown(after(60, 0))), None);
    assert_eq!(swing().follow(&unknown(before_close(20, 0))), None);
    assert_eq!(day().follow(&unknown(before_close(5, 0))), left(ExitReason::EndOfDay));
    assert_eq!(swing().follow(&unknown(before_close(5, 0))), left(ExitReason::Overnight));
}

#[test]
fn a_person_is_called_once_when_a_mark_is_lost() {
    let (mut track, open) = (swing(), session().open());
    let mut lost = |minutes: i64| track.is_lost(open + Span::from_minutes(minutes), session());
    assert_eq!([lost(9), lost(10), lost(11)], [false, true, false]);
}

#[test]
fn the_windows_of_a_day_trade_close_ever_smaller_losses() {
    let at = |minutes: i64, gain: i64| day().follow(&before_close(minutes, gain));
    let late = left(ExitReason::LateLoss);
    assert_eq!([at(91, -30), at(90, -20), at(90, -21)], [None, None, late]);
    assert_eq!([at(61, -20), at(60, -10), at(60, -11)], [None, None, late]);
    assert_eq!([at(31, -10), at(30, 0), at(30, -1)], [None, None, late]);
    assert_eq!([at(6, 5), at(5, 5)], [None, left(ExitReason::EndOfDay)]);
}

#[test]
fn the_windows_of_a_swing_ask_for_what_staying_overnight_needs() {
    let stays = left(ExitReason::Overnight);
    let at = |minutes: i64, gain: i64, share: i64| {
        swing().follow(&Moment { share_bps: Some(share), ..before_close(minutes, gain) })
    };
    assert_eq!([at(61, 5, 900), at(60, 5, 900), at(60, 5, 100)], [None, stays, None]);
    assert_eq!([at(31, 5, 100), at(30, 5, 100)], [None, stays]);
    assert_eq!([at(30, 10, 100), at(5, 10, 100)], [None, None], "it is held overnight");
    assert_eq!(at(5, 9, 100), stays);
}

#[test]
fn half_days_have_their_windows_before_their_own_close() {
    let half = Session::on(date("2026-11-27")).unwrap();
    let at = |minutes: i64| {
        let now = half.close() - Span::from_minutes(minutes);
        let mut track = day();
        (track.opened, track.plan) = (half.open(), expiring(date("2026-11-30")));
        track.follow(&Moment { now, session: half, ..after(0, -15) })
    };
    assert_eq!([at(61), at(60)], [None, left(ExitReason::LateLoss)]);
}

#[test]
fn staying_overnight_is_a_decision_with_criteria() {
    // inbound L24: positions stayed because nobody decided that they should not.
    let check = |days: i32, gain: i64, share: Option<i64>| {
        let mut track = track(Horizon::Swing, days);
        track.follow(&Moment { share_bps: share, ..before_close(5, gain) })
    };
    assert_eq!(check(3, 10, Some(500)), None);
    for (days, gain, share) in
        [(2, 10, Some(500)), (3, 9, Some(500)), (3, 10, Some(501)), (3, 10, None)]
    {
        assert_eq!(check(days, gain, share), left(ExitReason::Overnight));
    }
}

#[test]
fn high_decay_raises_the_bar_of_staying_overnight() {
    // inbound X16: it lowered the bar.
    let at = |decay: Option<f64>, gain: i64| {
        let mut track = swing();
        track.follow(&Moment { decay, ..before_close(5, gain) })
    };
    assert_eq!(at(Some(0.04), 10), None);
    assert_eq!(at(Some(0.06), 19), left(ExitReason::Overnight));
    assert_eq!(at(None, 19), left(ExitReason::Overnight), "unknown decay counts as high");
    assert_eq!(at(Some(0.06), 20), Some(Act::Take(40)), "the rest stays");
}

#[test]
fn fear_raises_the_bar_of_staying_overnight() {
    // inbound X17: the fear index never reached the rule.
    let at = |level: Level, gain: i64| {
        let mut track = swing();
        track.follow(&Moment { level, ..before_close(5, gain) })
    };
    let leaves = left(ExitReason::Overnight);
    let elevated = Level::Elevated;
    assert_eq!([at(elevated, 14), at(elevated, 15)], [leaves, None]);
    assert_eq!([at(Level::High, 19), at(Level::High, 20)], [leaves, Some(Act::Take(40))]);
    let extreme = Moment { level: Level::Extreme, ..after(60, 5) };
    assert_eq!(swing().follow(&extreme), left(ExitReason::Regime), "at any time");
}

#[test]
fn unknown_decay_closes_nothing_in_the_first_window() {
    // inbound X15: decay and days were not supplied, counted as the worst there is, and closed
    // every option at 14:30.
    let at = |minutes: i64| {
        let mut track = swing();
        track.follow(&Moment { decay: None, ..before_close(minutes, 5) })
    };
    assert_eq!([at(90), at(61)], [None, None]);
}

#[test]
fn decay_closes_the_last_days_of_a_swing_and_no_day_trade() {
    // inbound L25: nearly every weekly option was closed at once.
    let at = |days: i32, gain: i64| track(Horizon::Swing, days).follow(&after(120, gain));
    let theta = left(ExitReason::Theta);
    assert_eq!([at(7, -5), at(3, -5), at(2, -5), at(2, 5)], [None, None, theta, None]);
    assert_eq!([at(1, 9), at(1, 10)], [theta, None]);
    assert_eq!(day().follow(&after(120, 5)), None);
}

#[test]
fn fast_decay_closes_a_swing_in_the_afternoon() {
    let at = |minutes: i64| {
        let mut track = track(Horizon::Swing, 2);
        track.follow(&Moment { decay: Some(0.06), ..before_close(minutes, 5) })
    };
    assert_eq!([at(91), at(90)], [None, left(ExitReason::Theta)]);
}

#[test]
fn what_expires_today_is_closed_an_hour_before_the_close() {
    // inbound X24: expiry was an hour of UTC, and half days were full ones.
    let at = |minutes: i64, days: i32| track(Horizon::Day, days).follow(&before_close(minutes, 15));
    let expiry = left(ExitReason::Expiry);
    assert_eq!([at(61, 0), at(60, 0), at(60, 1)], [None, expiry, None]);
    let half = Session::on(date("2026-11-27")).unwrap();
    let at = |minutes: i64| {
        let mut track = track(Horizon::Day, 0);
        (track.opened, track.plan) = (half.open(), expiring(half.date()));
        let now = half.close() - Span::from_minutes(minutes);
        track.follow(&Moment { now, session: half, ..after(0, 15) })
    };
    assert_eq!([at(61), at(60)], [None, expiry]);
}

fn expiring(expiry: Date) -> Box<Plan> {
    let policy = OptionExitPolicy::default();
    Box::new(Plan::Options(OptionPlan {
        policy,
        horizon: Horizon::Day,
        expiry,
        lasts: Lasts::default(),
        origin: None,
        rolls: None,
    }))
}

#[test]
fn an_expiry_on_a_holiday_ends_the_session_before_it() {
    // Good Friday of 2026 is the third of April.
    let thursday = Session::on(date("2026-04-02")).unwrap();
    let Plan::Options(plan) = *expiring(date("2026-04-03")) else { unreachable!() };
    assert!(plan.expires_in(thursday));
    assert!(!plan.expires_in(Session::previous(thursday.date())));
}

#[test]
fn earnings_ahead_close_an_option_in_the_afternoon() {
    let at = |minutes: i64| {
        let mut track = swing();
        track.follow(&Moment { reports: true, ..before_close(minutes, 15) })
    };
    assert_eq!([at(91), at(90)], [None, left(ExitReason::Earnings)]);
}

#[test]
fn a_gap_fade_brings_percentages_of_its_own() {
    let policy = Policy::default();
    assert_eq!((policy.gap_fade.option_target_pct, policy.gap_fade.option_stop_pct), (40, 30));
    let mut track = day();
    if let Plan::Options(plan) = &mut *track.plan {
        (plan.policy.target_pct, plan.policy.stop_pct) = (40, 30);
        plan.lasts.minutes = Some(90);
    }
    assert_eq!(track.clone().follow(&after(60, -30)), left(ExitReason::Stop));
    assert_eq!(track.clone().follow(&after(60, 40)), left(ExitReason::Target));
    assert_eq!(track.follow(&after(90, 0)), left(ExitReason::TimeStop));
}

proptest! {
    /// Whatever marks come, a stage never goes back, and the peak is never forgotten.
    #[test]
    fn prop_stages_only_go_on(gains in prop::collection::vec(-40_i64..120, 1..120)) {
        let mut track = swing();
        let (mut stage, mut peak) = (Stage::Open, 0);
        for (minute, gain) in (1..).zip(gains) {
            let act = track.follow(&after(minute, gain));
            peak = peak.max(gain);
            prop_assert!(stage <= track.stage);
            prop_assert_eq!(track.highest, 20_000 + 200 * peak);
            prop_assert!(30 <= minute || act.is_none(), "the first minutes sell nothing");
            stage = track.stage;
        }
    }
}
