use backsight_domain::event::Event;
use backsight_domain::signal::Playbook;
use backsight_domain::story::{Reader, Rung};

use super::{Calibration, Group, calibrations};
use crate::sample::Calendar;
use crate::told::{Fate, Teller, at, played};

fn of(teller: &Teller) -> Vec<Calibration> {
    let past = teller.past();
    calibrations(&past, &Calendar::of(&past))
}

/// Trades of one confidence of which so many of ten won, again and again.
fn trade(teller: &mut Teller, confidence: f64, wins: usize, rounds: usize, start: i64) {
    for n in 0..10 * rounds {
        let r = if n % 10 < wins { 1.0 } else { -1.0 };
        let minute = start + i64::try_from(n).unwrap();
        let change = |signal: &mut backsight_domain::signal::Signal| signal.confidence = confidence;
        teller.signal(at((1, 2), minute), change, &Fate::Taken, (r, 1));
    }
}

fn near(value: f64, wanted: f64) {
    assert!((value - wanted).abs() < 1e-9, "{value} {wanted}");
}

#[test]
fn a_confidence_that_wins_as_often_as_it_says_is_reliable() {
    let mut teller = Teller::new(1);
    trade(&mut teller, 0.8, 8, 2, 0);
    trade(&mut teller, 0.3, 3, 2, 30);
    let all = &of(&teller)[0];
    assert_eq!((all.group, all.count, all.missing()), (Group::All, 40, 0));
    near(all.reliability, 0.0);
    near(all.won, 0.55);
    near(all.uncertainty, 0.55 * 0.45);
    near(all.resolution, 0.25 * 0.25);
    near(all.brier, all.reliability - all.resolution + all.uncertainty);
    near(all.skill.unwrap(), 1.0 - all.brier / all.uncertainty);
    assert_eq!(all.curve.iter().map(|bin| bin.count).collect::<Vec<_>>(), [20, 20]);
    assert_eq!((all.curve[1].from, all.curve[1].to), (0.8, 0.9));
}

#[test]
fn a_confidence_that_says_too_much_loses_skill() {
    let mut teller = Teller::new(1);
    trade(&mut teller, 0.9, 3, 3, 0);
    let all = &of(&teller)[0];
    near(all.reliability, 0.36);
    near(all.resolution, 0.0);
    assert!(all.skill.unwrap() < 0.0, "always saying the share of all would be better");
}

#[test]
fn playbooks_and_readers_are_told_apart() {
    let mut teller = Teller::new(1);
    let reader = Reader {
        rung: Rung::Linear,
        model: "m".into(),
        version: "1".into(),
        instead_of: None,
        why: "".into(),
    };
    teller.happen(at((1, 2), 1), Event::Reader(reader));
    teller.signal(
        at((1, 2), 60),
        |signal| {
            signal.playbook = Playbook::News;
            signal.features.readings = 2;
        },
        &Fate::Taken,
        (1.0, 1),
    );
    teller.signal(at((1, 2), 120), |_| (), &Fate::Taken, (-1.0, -1));
    let rows = of(&teller);
    let groups: Vec<_> = rows.iter().map(|row| (row.group.to_string(), row.count)).collect();
    let wanted = [("all", 2), ("trend", 1), ("news", 1), ("read by linear", 1)];
    assert_eq!(groups, wanted.map(|(name, count)| (name.to_owned(), count)));
    assert_eq!(rows[0].missing(), 28);
    assert_eq!(rows[1].skill, None, "everything lost, so there is nothing to tell apart");
}

#[test]
fn the_three_parts_sum_to_the_score_within_a_bin() {
    // Within bins confidences differ a little, which the decomposition leaves out.
    let past = played();
    for row in calibrations(&past, &Calendar::of(&past)) {
        let parts = row.reliability - row.resolution + row.uncertainty;
        assert!((row.brier - parts).abs() < 0.01, "{row:?}");
        let counted: usize = row.curve.iter().map(|bin| bin.count).sum();
        assert_eq!(counted, row.count);
    }
}
