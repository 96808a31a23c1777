use backsight_domain::decision::Fingerprint;
use backsight_domain::id::AccountId;

use super::*;
use crate::divergence::AccountDivergence;
use crate::told::{at, date};

fn closings(dollars: &[i64]) -> Vec<Closing> {
    let closing = |equity: &i64| Closing {
        at: at((1, 3), 390),
        fingerprint: Fingerprint([0; 32]),
        equity: vec![Money::dollars(*equity), Money::dollars(0)],
    };
    dollars.iter().map(closing).collect()
}

#[test]
fn a_young_desk_is_not_ready_and_says_what_is_missing() {
    let past = Past::default();
    let checks = readiness(&past, &Calendar::of(&past), None, &Drills::default());
    let standings: Vec<_> = checks.iter().map(|check| check.standing).collect();
    let unknown = Standing::Unknown;
    assert_eq!(standings, [Standing::Unmet, unknown, unknown, unknown, unknown]);
    assert!(checks[0].seen.contains("150 more"), "{}", checks[0].seen);
    assert!(checks[1].seen.contains("30 more"), "{}", checks[1].seen);
    assert!(!is_ready(&checks));
}

#[test]
fn a_fall_is_from_the_highest_close_before() {
    assert_eq!(fall(&closings(&[100, 120, 114, 130])).standing, Standing::Met);
    let deep = fall(&closings(&[100, 120, 90, 200]));
    assert_eq!(deep.standing, Standing::Unmet);
    assert!(deep.seen.starts_with("25.00 %"), "{}", deep.seen);
    assert_eq!(fall(&closings(&[100])).standing, Standing::Unknown);
}

#[test]
fn a_session_that_is_far_from_its_back_test_is_not_ready() {
    let told = |recorded: i64| SessionDivergence {
        session: date(1, 3),
        accounts: vec![AccountDivergence {
            account: AccountId(0),
            recorded: Money::dollars(recorded),
            rerun: Money::dollars(10),
            differences: Vec::new(),
        }],
    };
    let closed = closings(&[10_000]);
    let of = |recorded| diverged(Some(&told(recorded)), closed.last()).standing;
    assert_eq!((of(35), of(36), of(-16)), (Standing::Met, Standing::Unmet, Standing::Unmet));
    assert_eq!(diverged(None, closed.last()).standing, Standing::Unknown);
}

#[test]
fn one_failed_drill_is_one_too_many() {
    let failed = vec!["cargo xtask sim --seed 7".to_owned()];
    assert_eq!(drilled(&Drills { played: 3, failed: Vec::new() }).standing, Standing::Met);
    let check = drilled(&Drills { played: 3, failed });
    assert_eq!(check.standing, Standing::Unmet);
    assert!(check.seen.contains("--seed 7"), "it says how to play it again: {}", check.seen);
}
