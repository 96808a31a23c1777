use super::*;
use backsight_sim::planted::{Kind, Planted};

use crate::trial::known;

#[test]
fn errors_are_those_done_by_hand() {
    // 1, 3, 1, 3: variance 4/3; neighbours pull apart, which is never believed.
    let (spread, error) = spread_and_error(&[1.0, 3.0, 1.0, 3.0]);
    assert!((spread - (4.0_f64 / 3.0).sqrt()).abs() < 1e-12);
    assert!((error - (1.0_f64 / 3.0).sqrt()).abs() < 1e-12);
    // 1, 1, 3, 3: one lag of weight 1/2 and covariance (1 - 1 + 1) / 3 adds 1/3.
    let (_, error) = spread_and_error(&[1.0, 1.0, 3.0, 3.0]);
    assert!((error - (5.0_f64 / 12.0).sqrt()).abs() < 1e-12, "{error}");
    assert_eq!(spread_and_error(&[1.0]), (0.0, 0.0));
}

#[test]
fn falls_and_curves_are_those_done_by_hand() {
    let series = [1.0, -2.0, 0.5, 3.0, -1.0];
    assert!((deepest_fall(&series) - 2.0).abs() < 1e-12);
    assert_eq!(curve(&series), [1.0, -1.0, -0.5, 2.5, 1.5]);
    assert_eq!(curve(&vec![1.0; 240]).len(), CURVE);
}

#[test]
fn a_stretch_is_judged_by_what_was_best_before_it() {
    let tried = |level: [f64; 2]| Tried {
        changes: Vec::new(),
        added: [vec![level[0]; 10], vec![level[1]; 10]].concat(),
        concerned: vec![1; 20],
        trades: Vec::new(),
    };
    // Good first and bad then: it is chosen for the second half, and judged by it.
    let candidates = [tried([1.0, -1.0]), tried([0.5, 2.0])];
    let splits = walk_forward(20, 2, 1);
    let chosen: Vec<_> = splits.iter().map(|split| best_before(&candidates, split)).collect();
    assert_eq!(judged(&splits, &chosen), vec![-1.0; 10]);
    assert!(best_before(&[tried([-1.0, 5.0])], &splits[0]).is_none());
}

#[test]
fn too_few_trades_are_said_to_be_too_few() {
    let course = known::course(Planted { kind: Kind::StopWide, seed: 1, sessions: 4, dies: 4 });
    let look = known::look(&course, &Kind::StopWide.policy());
    assert_eq!((look.findings, look.cycle.trials), (Vec::new(), 0));
    assert!(0 < look.missing && look.missing + look.cycle.closed == 30, "{}", look.missing);
}

#[test]
fn a_trial_is_a_full_run_and_has_the_same_name_for_ever() {
    let course = known::course(Planted { kind: Kind::StopWide, seed: 1, sessions: 24, dies: 24 });
    let policy = Kind::StopWide.policy();
    let (one, two) = (known::look(&course, &policy), known::look(&course, &policy));
    assert_eq!(one.views[0].evidence, two.views[0].evidence);
    let judge = Judge::new(&course, &policy);
    let changes = &one.views[0].changes;
    let tried = judge.try_all(&candidate::families(&policy));
    let tried = tried.iter().flat_map(|(_, tried)| tried).find(|tried| tried.changes == *changes);
    let alone = course.run(&policy.with(changes).unwrap(), &course.terms(&policy));
    assert_eq!(tried.expect("it traded differently").trades, alone);
    assert_eq!(judge.name(changes), one.views[0].evidence.trial);
    assert_ne!(judge.name(changes), judge.name(&[]));
}
