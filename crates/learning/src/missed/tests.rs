use backsight_domain::money::Money;
use backsight_domain::signal::{Direction, Playbook};
use backsight_domain::verdict::Gate;
use backsight_domain::{decision, verdict};

use super::{Declined, Judgement, Obstacle, What, by_session, by_ticker, missed};
use crate::told::{Fate, Teller, at, date, played, ticker};

/// Minutes of one symbol from the open on: 25 quiet ones, then `then`, each with its volume.
fn surging(then: &[(f64, i32)]) -> Vec<Declined> {
    let mut teller = Teller::new(1);
    for minute in 1..=25 {
        teller.minute(at((1, 2), minute), &[100.0], 1_000);
    }
    for (minute, (price, volume)) in (26..).zip(then) {
        teller.moving_minute(at((1, 2), minute), *price, *volume);
    }
    missed(&teller.past())
}

#[test]
fn a_refused_signal_that_would_have_won_was_missed_with_each_gate_in_its_way() {
    let mut teller = Teller::new(1);
    let gates = [(Gate::MaxPositions, 5.0, 5.0), (Gate::Confidence, 0.5, 0.55)];
    teller.signal(at((1, 2), 60), |_| (), &Fate::Refused(&gates), (2.0, 50));
    let all = missed(&teller.past());
    let [declined] = all.as_slice() else { panic!("{all:?}") };
    assert_eq!(declined.judgement, Judgement::Missed);
    let made = declined.made.unwrap();
    assert_eq!((made.r, made.money), (Some(2.0), Some(Money::dollars(50))));
    assert!((made.pct - 5.0).abs() < 1e-9, "five dollars of a hundred: {}", made.pct);
    let names: Vec<_> = declined.obstacles.iter().map(Obstacle::name).collect();
    assert_eq!(names, ["max_positions", "confidence"]);
    assert!(matches!(declined.obstacles[1], Obstacle::Gate { is_alone: false, .. }));
}

#[test]
fn why_it_was_missed_is_what_stood_in_its_way_and_no_phrase() {
    // amc P33: the reason was always "below threshold", though the candidate had passed.
    let mut teller = Teller::new(2);
    let power = Fate::Refused(&[(Gate::BuyingPower, 100.0, 900.0)]);
    teller.signal(at((1, 2), 60), |_| (), &power, (1.0, 10));
    let all = missed(&teller.past());
    let Obstacle::Gate { gate, observed, threshold, is_alone, .. } = all[0].obstacles[0] else {
        panic!("a gate stood in its way")
    };
    assert_eq!((gate, is_alone), (Gate::BuyingPower, true));
    assert_eq!(
        (observed, threshold),
        (verdict::Observed::Ratio(100.0), verdict::Observed::Ratio(900.0))
    );
}

#[test]
fn repeats_are_counted_and_not_told_again() {
    let mut teller = Teller::new(1);
    let refused = Fate::Refused(&[(Gate::Confidence, 0.5, 0.55)]);
    for minute in 60..65 {
        teller.signal(at((1, 2), minute), |_| (), &refused, (-1.0, -10));
    }
    let all = missed(&teller.past());
    assert_eq!((all.len(), all[0].repeats, all[0].judgement), (1, 4, Judgement::Spared));
}

#[test]
fn a_surge_is_missed_when_the_move_went_on_and_volume_stayed() {
    // inbound 11.2: the labelling rule stood there without a threshold, and nothing filled it.
    let up: Vec<(f64, i32)> =
        (0..61).map(|minute| (101.0 + 0.03 * f64::from(minute), 3_000)).collect();
    let all = surging(&up);
    assert_eq!(all[0].judgement, Judgement::Missed, "{:?}", all[0]);
    assert_eq!((all[0].direction, all[0].at), (Some(Direction::Long), at((1, 2), 26)));
    let What::Surge { ratio, after, is_sustained } = all[0].what else { panic!("a surge") };
    assert!((ratio - 3.0).abs() < 1e-9 && is_sustained);
    let [quarter, hour, close] = after.map(|after| after.expect("it came"));
    assert!((quarter - 0.45 / 101.0).abs() < 1e-6 && (hour - 1.8 / 101.0).abs() < 1e-6);
    assert!((close - hour).abs() < 1e-9, "the last minute told is the hour's");
    assert_eq!(all[0].obstacles, [Obstacle::Silence]);
    // Four basis points of spread in and out are gone.
    assert!((all[0].made.unwrap().pct - (100.0 * hour - 0.04)).abs() < 1e-9);
}

#[test]
fn a_move_without_volume_behind_it_is_no_missed_surge() {
    let mut thin: Vec<(f64, i32)> =
        (0..61).map(|minute| (101.0 + 0.03 * f64::from(minute), 10)).collect();
    thin[0].1 = 3_000;
    assert_eq!(surging(&thin)[0].judgement, Judgement::Even);
    let down: Vec<(f64, i32)> =
        (0..61).map(|minute| (101.0 - 0.03 * f64::from(minute), 3_000)).collect();
    assert_eq!(surging(&down)[0].judgement, Judgement::Spared);
}

#[test]
fn a_surge_that_was_traded_is_not_missed_and_one_that_was_refused_names_its_gates() {
    let mut teller = Teller::new(1);
    for minute in 1..=25 {
        teller.minute(at((1, 2), minute), &[100.0], 1_000);
    }
    teller.moving_minute(at((1, 2), 26), 101.0, 3_000);
    let refused = Fate::Refused(&[(Gate::CoolDown, 1.0, 15.0)]);
    teller.signal(at((1, 2), 26), |_| (), &refused, (1.0, 10));
    let all = missed(&teller.past());
    let surge = all.iter().find(|declined| matches!(declined.what, What::Surge { .. })).unwrap();
    assert_eq!(surge.obstacles[0].name(), "cool_down");
    assert_eq!(surge.judgement, Judgement::Open, "nothing came after it");
    teller.signal(at((1, 2), 30), |_| (), &Fate::Taken, (1.0, 10));
    let all = missed(&teller.past());
    assert!(!all.iter().any(|declined| matches!(declined.what, What::Surge { .. })));
}

#[test]
fn a_hold_is_judged_by_what_the_price_did_until_the_close() {
    let mut teller = Teller::new(1);
    teller.minute(at((1, 2), 1), &[100.0], 100);
    let hold = decision::Hold {
        playbook: Playbook::Dip,
        ticker: ticker("AAA"),
        why: decision::HoldReason::ThesisWeak,
        observed: 0.5,
        threshold: 0.75,
    };
    let cause = teller.happen(at((1, 2), 2), backsight_domain::event::Event::Tick);
    teller.decide(cause, vec![decision::Reason::Held(hold)], Vec::new());
    teller.close(date(1, 2), &[103.0]);
    let all = missed(&teller.past());
    assert_eq!((all.len(), all[0].judgement), (1, Judgement::Missed));
    assert!((all[0].made.unwrap().pct - 2.96).abs() < 1e-9);
    assert_eq!(all[0].obstacles[0].name(), "too little of the thesis holds");
}

#[test]
fn the_summaries_count_everything_once() {
    let all = missed(&played());
    assert!(20 < all.len());
    let sessions: u32 = by_session(&all).values().map(|row| row.declined).sum();
    let tickers: u32 = by_ticker(&all).values().map(|row| row.declined).sum();
    assert_eq!((sessions as usize, tickers as usize), (all.len(), all.len()));
    let row = by_session(&all).into_values().next().unwrap();
    assert!(row.missed + row.spared <= row.declined);
}
