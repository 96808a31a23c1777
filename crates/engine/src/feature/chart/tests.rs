//! The chart against numbers worked out by hand, and against a plain recomputation.

use backsight_domain::market::{Bar, Minute, Slot};
use backsight_domain::policy::Policy;
use backsight_domain::price::Price;
use backsight_domain::session::Session;
use backsight_domain::signal::Features;
use backsight_domain::time::{Date, Span};
use proptest::prelude::*;

use super::super::Board;

/// Close in cents, half the range of the bar in cents, and shares.
type Row = (i32, i32, i32);

const SLOT: Slot = Slot(0);

struct Desk {
    board: Board,
    session: Session,
    minute: i64,
}

impl Desk {
    fn new(across: bool) -> Self {
        let mut policy = Policy::default();
        policy.features.across_sessions = across;
        policy.features.opening_range_minutes = 5;
        let mut board = Board::default();
        board.adopt(&policy);
        board.grow(1);
        let session = Session::next(Date::from_ymd(2026, 3, 1).expect("a date"));
        let mut desk = Self { board, session, minute: 0 };
        desk.board.open_session();
        desk
    }

    fn push(&mut self, (close, half, volume): Row) -> Features {
        let start = self.session.open() + Span::from_minutes(self.minute);
        self.minute += 1;
        let mut minute = Minute::of_length(start, 1);
        let price = |cents: i32| Price::from_cents(i64::from(cents)).expect("a price");
        let (high, low) = (price(close + half), price(close - half));
        minute.set(SLOT, Bar { open: price(close), high, low, close: price(close), volume });
        self.board.push(&minute);
        self.board.features(SLOT)
    }

    fn next_session(&mut self) {
        self.session = Session::plus_sessions(self.session.date(), 1);
        self.minute = 0;
        self.board.open_session();
    }
}

fn near(seen: Option<f64>, wanted: f64) -> bool {
    seen.is_some_and(|seen| (seen - wanted).abs() < 1e-9 * wanted.abs().max(1.0))
}

#[test]
fn relative_strength_begins_with_plain_means_of_rises_and_falls() {
    // Seven rises of 20 cents and seven falls of 10: 100 * 1.40 / 2.10.
    let mut desk = Desk::new(false);
    let mut close = 10_000;
    desk.push((close, 0, 100));
    let mut last = Features::default();
    for step in 0..14 {
        close += if step % 2 == 0 { 20 } else { -10 };
        last = desk.push((close, 0, 100));
    }
    assert!(last.rsi.is_some());
    // The first bar counts as one without a change, so 15 bars are behind the mean of 14.
    let (mut rises, mut falls) = (0.0_f64, 0.0_f64);
    for bar in 1..=15 {
        let change: f64 = if bar == 1 {
            0.0
        } else if bar % 2 == 0 {
            20.0
        } else {
            -10.0
        };
        let weight = (1.0_f64 / 14.0).max(1.0 / f64::from(bar));
        rises += weight * (change.max(0.0) - rises);
        falls += weight * ((-change).max(0.0) - falls);
    }
    assert!(near(last.rsi, 100.0 * rises / (rises + falls)), "{:?}", last.rsi);
}

#[test]
fn a_price_that_only_rises_has_full_strength_and_one_that_stands_still_has_none() {
    let mut desk = Desk::new(false);
    let rising = (0..20).map(|step| desk.push((10_000 + step, 0, 100))).last();
    assert_eq!(rising.and_then(|features| features.rsi), Some(100.0));
    let mut desk = Desk::new(false);
    let still = (0..20).map(|_| desk.push((10_000, 0, 100))).last();
    assert_eq!(still.and_then(|features| features.rsi), None);
}

#[test]
fn the_average_over_nine_bars_is_a_mean_first_and_then_moves_by_a_fifth() {
    let mut desk = Desk::new(false);
    let after: Vec<_> = (1..=10).map(|bar| desk.push((10_000 + 100 * bar, 0, 100)).ema9).collect();
    assert_eq!(after[7], None);
    // 101 to 105 dollars average 103; from then on a fifth of the distance to the close.
    let mut average = 103.0;
    for close in 106..=109 {
        average += 0.2 * (f64::from(close) - average);
    }
    assert!(near(after[8], average), "{:?}", after[8]);
    assert!(near(after[9], average + 0.2 * (110.0 - average)));
}

#[test]
fn the_opening_range_is_known_only_when_its_minutes_are_over() {
    let mut desk = Desk::new(false);
    for step in 0..4 {
        assert_eq!(desk.push((10_000 + step, 5, 100)).range_high, None);
    }
    let fifth = desk.push((10_004, 5, 100));
    assert_eq!((fifth.range_high, fifth.range_low), (Some(100.09), Some(99.95)));
    let later = desk.push((11_000, 5, 100));
    assert_eq!((later.range_high, later.range_low), (Some(100.09), Some(99.95)));
}

#[test]
fn bands_lie_two_deviations_by_volume_around_the_mean_by_volume() {
    // 100 shares at 100 and 300 at 104: mean 103, variance (100 * 9 + 300 * 1) / 400 = 3.
    let mut desk = Desk::new(false);
    desk.push((10_000, 0, 100));
    let features = desk.push((10_400, 0, 300));
    assert!(near(features.vwap, 103.0));
    let (upper, lower) = (103.0 + 2.0 * 3.0_f64.sqrt(), 103.0 - 2.0 * 3.0_f64.sqrt());
    let close_to =
        |seen: Option<f64>, wanted: f64| seen.is_some_and(|seen| (seen - wanted).abs() < 1e-6);
    assert!(close_to(features.vwap_upper, upper) && close_to(features.vwap_lower, lower));
}

#[test]
fn volume_is_compared_with_the_same_minute_of_earlier_sessions_only() {
    let mut desk = Desk::new(false);
    for session in 0..6 {
        let first = desk.push((10_000, 0, 100));
        let second = desk.push((10_000, 0, 300));
        let known = session == 5;
        assert_eq!(first.relative_volume, known.then_some(1.0), "session {session}");
        assert_eq!(second.curve_ratio, known.then_some(1.0));
        desk.next_session();
    }
    let features = desk.push((10_000, 0, 250));
    assert!(near(features.relative_volume, 2.5));
    let features = desk.push((10_000, 0, 150));
    assert!(near(features.relative_volume, 1.0) && near(features.curve_ratio, 0.5));
}

#[test]
fn the_session_before_is_remembered_from_its_first_to_its_last_price() {
    let mut desk = Desk::new(false);
    assert_eq!(desk.push((10_000, 0, 100)).previous_move, None);
    desk.push((10_100, 0, 100));
    desk.next_session();
    assert!(near(desk.push((9_000, 0, 100)).previous_move, 0.01));
}

#[test]
fn the_slow_breakout_window_leaves_out_the_bar_itself() {
    let mut desk = Desk::new(false);
    let features = (0..61).map(|step| desk.push((10_000 + step, 10, 100))).last();
    let features = features.expect("61 bars were pushed");
    assert_eq!((features.slow_high, features.slow_low), (Some(100.69), Some(99.90)));
}

#[test]
fn a_calm_after_a_storm_has_the_narrowest_band() {
    let mut desk = Desk::new(false);
    let storm = (0..60).map(|step| desk.push((10_000 + 50 * (step % 2), 0, 100))).last();
    let wide = storm.and_then(|features| features.width_percentile).expect("60 bars are enough");
    assert!(0.5 < wide, "{wide}");
    let calm = (0..25).map(|_| desk.push((10_000, 0, 100))).last();
    let narrow = calm.and_then(|features| features.width_percentile).expect("still enough");
    assert!(narrow < 0.2, "{narrow}");
}

#[test]
fn a_split_leaves_ratios_and_moves_prices() {
    let mut desk = Desk::new(true);
    for step in 0..40 {
        desk.push((10_000 + 100 * (step % 3), 10, 100));
    }
    let before = desk.board.features(SLOT);
    desk.board.split(SLOT, 2, 1);
    let after = desk.board.features(SLOT);
    for (before, after) in [
        (before.ema9, after.ema9),
        (before.macd, after.macd),
        (before.range_high, after.range_high),
    ] {
        let (before, after) = (before.expect("known"), after.expect("known"));
        assert!((before / 2.0 - after).abs() < 1e-3, "{before} {after}");
    }
    assert_eq!(before.rsi, after.rsi);
}

#[test]
fn a_policy_without_a_chart_computes_none() {
    let mut policy = Policy::default();
    policy.features.chart = false;
    let mut desk = Desk::new(true);
    desk.board.adopt(&policy);
    let features = (0..60).map(|step| desk.push((10_000 + step, 5, 100))).last();
    let features = features.expect("60 bars were pushed");
    assert_eq!((features.rsi, features.ema9, features.slow_high), (None, None, None));
    assert!(features.sma50.is_some());
}

/// The exponential averages of a whole history, from scratch.
fn averaged(values: &[f64], weight: f64) -> f64 {
    let rows = (1_u32..).zip(values);
    rows.fold(0.0, |mean, (bar, value)| mean + weight.max(1.0 / f64::from(bar)) * (value - mean))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn prop_averages_equal_a_plain_recomputation(
        rows in proptest::collection::vec((5_000..20_000_i32, 0..100_i32, 0..5_000_i32), 40..120),
        cut in 1_usize..39,
        across: bool,
    ) {
        let mut desk = Desk::new(across);
        let mut last = Features::default();
        for (index, row) in rows.iter().enumerate() {
            if index == cut {
                desk.next_session();
            }
            // A close that jumps needs a second one.
            last = desk.push((10_000 + row.0 / 20, row.1, row.2));
        }
        let begin = if across { 0 } else { cut };
        let ticks = |row: &Row| f64::from(10_000 + row.0 / 20) * 100.0;
        let closes: Vec<f64> = rows[begin..].iter().map(ticks).collect();
        if 35 <= closes.len() {
            prop_assert_eq!(last.ema9, Some(averaged(&closes, 0.2) / 10_000.0));
            prop_assert_eq!(last.ema20, Some(averaged(&closes, 2.0 / 21.0) / 10_000.0));
            let spread: Vec<f64> = (1..=closes.len())
                .map(|bars| {
                    averaged(&closes[..bars], 2.0 / 13.0) - averaged(&closes[..bars], 2.0 / 27.0)
                })
                .collect();
            let now = spread.last().expect("there are bars") - averaged(&spread, 0.2);
            prop_assert_eq!(last.macd, Some(now / 10_000.0));
        }
    }
}
