use backsight_domain::event::Event;
use backsight_domain::market::Slot;
use backsight_domain::notice::{Candidate, Discovery};
use backsight_domain::price::Price;
use backsight_domain::session::Session;
use backsight_domain::signal::Playbook;
use backsight_domain::time::Date;
use backsight_domain::verdict::Gate;

use super::{Bought, FollowUp, FunnelStage, cohorts, follow_ups};
use crate::outcome::Category;
use crate::sample::{Calendar, Saying};
use crate::told::{Fate, Teller, at, date, played, ticker};

fn day(n: i32) -> Date {
    if n == 0 { date(1, 2) } else { Session::plus_sessions(date(1, 2), n).date() }
}

/// Finds the first symbol with a score of 0.9 and the second with one of 0.1, before day 1.
fn found(teller: &mut Teller) {
    let candidate = |slot, score| Candidate {
        slot: Slot(slot),
        score,
        price: Price::from_cents(10_000).unwrap(),
    };
    let candidates = vec![candidate(0, 0.9), candidate(1, 0.1)];
    teller.happen(at((1, 3), -60), Event::Discovery(Discovery { candidates }));
}

/// Six symbols of which the first goes its own way for forty sessions.
fn world(first: impl Fn(i32) -> f64) -> Teller {
    let mut teller = Teller::new(6);
    teller.close(day(0), &[100.0; 6]);
    found(&mut teller);
    for n in 1..=40 {
        teller.close(day(n), &[first(n), 100.0, 100.0, 100.0, 100.0, 100.0]);
    }
    teller
}

fn of(all: &[FollowUp], stage: FunnelStage) -> Vec<&FollowUp> {
    all.iter().filter(|name| name.stage == stage).collect()
}

#[test]
fn picks_rejects_and_names_drawn_by_chance_are_followed_alike() {
    // amc P34 and P26: what was filtered out was never followed, and there was no control.
    let all = follow_ups(&world(|_| 130.0).past());
    let (picked, scored) = (of(&all, FunnelStage::Picked), of(&all, FunnelStage::Scored));
    let control = of(&all, FunnelStage::Control);
    assert_eq!((picked.len(), scored.len(), control.len()), (1, 1, 3));
    assert_eq!((picked[0].ticker, scored[0].ticker), (ticker("AAA"), ticker("BBB")));
    assert!(control.iter().all(|name| name.ticker != ticker("AAA") && name.score.is_none()));
    assert_eq!(control[0].bought, Bought::NotWanted);
}

#[test]
fn a_pick_that_was_not_bought_and_made_a_quarter_was_missed() {
    // amc P6 and P9: the alert could not be reached, and the page was always empty.
    let all = follow_ups(&world(|_| 125.0).past());
    let pick = of(&all, FunnelStage::Picked)[0];
    assert!(pick.is_missed);
    assert_eq!((&pick.bought, pick.category), (&Bought::NoSignal, Some(Category::Strong)));
    assert_eq!(of(&all, FunnelStage::Scored)[0].bought, Bought::ScoreTooLow);
    let all = follow_ups(&world(|_| 124.99).past());
    assert!(!of(&all, FunnelStage::Picked)[0].is_missed);
}

#[test]
fn bought_comes_from_openings_and_why_not_from_the_gates() {
    let explosive = |signal: &mut backsight_domain::signal::Signal| {
        signal.playbook = Playbook::Explosive;
    };
    let told = |fate: &Fate<'_>| {
        let mut teller = Teller::new(6);
        teller.close(day(0), &[100.0; 6]);
        found(&mut teller);
        teller.signal(at((1, 3), 60), explosive, fate, (1.0, 10));
        for n in 2..=40 {
            teller.close(day(n), &[130.0, 100.0, 100.0, 100.0, 100.0, 100.0]);
        }
        let all = follow_ups(&teller.past());
        let pick = of(&all, FunnelStage::Picked)[0];
        (pick.bought.clone(), pick.is_missed)
    };
    assert_eq!(told(&Fate::Taken), (Bought::Yes, false));
    let (bought, is_missed) = told(&Fate::Refused(&[(Gate::MaxPositions, 5.0, 5.0)]));
    assert_eq!((bought.to_string().as_str(), is_missed), ("max_positions", true));
}

#[test]
fn only_what_is_old_enough_is_told() {
    // amc P8: a weekly look wanted returns of thirty days from finds of seven, and got failures.
    let mut teller = Teller::new(6);
    teller.close(day(0), &[100.0; 6]);
    found(&mut teller);
    for n in 1..=8 {
        teller.close(day(n), &[150.0, 100.0, 100.0, 100.0, 100.0, 100.0]);
    }
    let past = teller.past();
    let all = follow_ups(&past);
    let pick = of(&all, FunnelStage::Picked)[0];
    assert!(pick.course.after(7).is_some() && pick.course.after(14).is_none());
    assert_eq!((pick.category, pick.is_missed), (None, false));
    let rows = cohorts(&all, &Calendar::of(&past));
    let count = |horizon: i32| {
        let row = |row: &&super::Cohort| row.stage == FunnelStage::Picked && row.horizon == horizon;
        rows.iter().find(row).map(|row| (row.followed, row.result.record.count))
    };
    assert_eq!((count(7), count(14)), (Some((1, 1)), Some((1, 0))));
    assert_eq!(rows[0].result.says(), Saying::Nothing(29));
}

#[test]
fn a_name_that_tripled_and_came_back_did_not_fail() {
    // amc P35: a spike of 200 percent and then a loss of one counted as a failure.
    let all = follow_ups(&world(|n| if n == 10 { 300.0 } else { 99.0 }).past());
    let pick = of(&all, FunnelStage::Picked)[0];
    assert_eq!(pick.category, Some(Category::Explosive));
    assert_eq!(pick.course.peak.map(|peak| peak.sessions), Some(9));
    assert!(!pick.is_missed, "by its end it was not missed");
}

#[test]
fn a_name_that_is_found_every_day_is_followed_once_a_week() {
    // amc P25: every scan recorded the same symbol again.
    let mut teller = Teller::new(2);
    teller.close(day(0), &[100.0; 2]);
    for n in 1..=10 {
        let session = Session::on(day(n)).unwrap();
        let candidate =
            Candidate { slot: Slot(0), score: 0.9, price: Price::from_cents(10_000).unwrap() };
        let found = Discovery { candidates: vec![candidate] };
        let before = session.open() - backsight_domain::time::Span::from_minutes(60);
        teller.happen(before, Event::Discovery(found));
        teller.close(day(n), &[100.0; 2]);
    }
    let all = follow_ups(&teller.past());
    let sessions: Vec<_> = of(&all, FunnelStage::Picked).iter().map(|name| name.session).collect();
    assert_eq!(sessions, [day(1), day(6)]);
}

#[test]
fn a_real_past_gives_the_same_follow_ups_again() {
    let all = follow_ups(&played());
    assert!(of(&all, FunnelStage::Control).len() >= 3);
    assert_eq!(format!("{all:?}"), format!("{:?}", follow_ups(&played())));
}
