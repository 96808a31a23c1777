use backsight_domain::money::Money;
use backsight_domain::verdict::{Gate, Observed};

use super::{GateRow, ledger};
use crate::outcome::{Episodes, at_size};
use crate::past::Past;
use crate::sample::{Calendar, Saying};
use crate::told::{Fate, Teller, at, played, ticker};

fn rows(past: &Past) -> Vec<GateRow> {
    ledger(&past.history, &Calendar::of(past), 10)
}

fn row(rows: &[GateRow], gate: Gate) -> &GateRow {
    rows.iter().find(|row| row.gate == gate).expect("it refused something")
}

#[test]
fn a_refusal_that_lost_was_saved_and_one_that_won_was_cost() {
    let mut teller = Teller::new(2);
    let confidence = Fate::Refused(&[(Gate::Confidence, 0.3, 0.55)]);
    let cool_down = Fate::Refused(&[(Gate::CoolDown, 3.0, 15.0)]);
    teller.signal(at((1, 2), 60), |_| (), &confidence, (-1.0, -40));
    teller.signal(at((1, 2), 120), |_| (), &cool_down, (2.0, 80));
    let rows = rows(&teller.past());
    let worth = |gate| row(&rows, gate).alone.clone();
    assert_eq!(worth(Gate::Confidence).money, Money::dollars(40));
    assert_eq!(worth(Gate::CoolDown).money, Money::dollars(-80));
    assert!((worth(Gate::Confidence).r.sum() - 1.0).abs() < 1e-12);
    assert_eq!(worth(Gate::CoolDown).r.says(), Saying::Nothing(29));
}

#[test]
fn gates_that_refuse_together_share_to_the_last_unit() {
    let mut teller = Teller::new(1);
    let three = [
        (Gate::MaxPositions, 5.0, 5.0),
        (Gate::CoolDown, 3.0, 15.0),
        (Gate::Confidence, 0.3, 0.55),
    ];
    teller.signal(at((1, 2), 60), |_| (), &Fate::Refused(&three), (3.0, 100));
    let rows = rows(&teller.past());
    let joint: Vec<_> = three.iter().map(|(gate, ..)| row(&rows, *gate).joint.money).collect();
    assert_eq!(joint.iter().copied().sum::<Money>(), Money::dollars(-100));
    assert!(joint.iter().all(|money| (money.as_dollars() + 33.3333).abs() < 0.0002), "{joint:?}");
    assert!(rows.iter().all(|row| row.lonely == 0 && row.alone.money == Money::ZERO));
    let first = row(&rows, Gate::MaxPositions);
    assert_eq!((first.firsts, first.first.money), (1, Money::dollars(-100)));
    assert_eq!(row(&rows, Gate::Confidence).firsts, 0);
}

#[test]
fn the_joint_column_sums_to_the_worth_of_all_refusals() {
    // field.md idea 2: the parts of all gates are the whole, whatever the order.
    let past = played();
    let rows = rows(&past);
    let mut episodes = Episodes::default();
    let (mut money, mut r) = (Money::ZERO, 0.0);
    for tale in past.history.signals.values() {
        for verdict in tale.verdicts.iter().filter(|verdict| !verdict.is_approval()) {
            if let (true, Some(ghost)) =
                (episodes.begins(Some(verdict.account), tale), tale.ghost.as_ref())
            {
                money += -at_size(ghost, verdict.quantity);
                r -= ghost.r_multiple;
            }
        }
    }
    assert!(3 < rows.len(), "several gates refuse");
    assert_eq!(rows.iter().map(|row| row.joint.money).sum::<Money>(), money);
    let joint: f64 = rows.iter().map(|row| row.joint.r.sum()).sum();
    assert!((joint - r).abs() < 1e-6, "{joint} {r}");
    let firsts: Money = rows.iter().map(|row| row.first.money).sum();
    assert_eq!(firsts, money, "each refusal has one first gate");
}

#[test]
fn what_could_not_have_been_held_too_does_not_count() {
    let mut teller = Teller::new(2);
    let refused = Fate::Refused(&[(Gate::MaxPositions, 5.0, 5.0)]);
    for minute in 60..80 {
        teller.signal(at((1, 2), minute), |_| (), &refused, (1.0, 10));
    }
    teller.signal(at((1, 2), 70), |signal| signal.ticker = ticker("BBB"), &refused, (1.0, 10));
    let rows = rows(&teller.past());
    let row = row(&rows, Gate::MaxPositions);
    assert_eq!((row.refusals, row.alone.r.record.count), (21, 2));
    assert_eq!(row.alone.money, Money::dollars(-20));
}

#[test]
fn refusals_near_the_threshold_are_named_with_the_nearest_first() {
    let mut teller = Teller::new(1);
    for (minute, confidence) in [(60, 0.54), (100, 0.30), (140, 0.549), (180, 0.50), (220, 0.52)] {
        let gates = [(Gate::Confidence, confidence, 0.55)];
        teller.signal(at((1, 2), minute), |_| (), &Fate::Refused(&gates), (1.0, 10));
    }
    let rows = rows(&teller.past());
    let near = &row(&rows, Gate::Confidence).near;
    assert_eq!((near.refusals, near.r.record.count), (4, 4));
    let seen: Vec<_> = near.nearest.iter().map(|miss| miss.observed).collect();
    assert_eq!(seen, [0.549, 0.54, 0.52].map(Observed::Ratio));
}

#[test]
fn the_ledger_of_a_journal_is_the_same_whoever_computes_it() {
    assert_eq!(format!("{:?}", rows(&played())), format!("{:?}", rows(&played())));
}
