use super::*;
use backsight_domain::proposal::Change;
use backsight_sim::planted::{Kind, Planted};

use crate::trial::candidate;
use crate::trial::known;

/// Runs candidates as a fleet, and each alone with an engine that records everything.
fn check(kind: Kind, policy: &Policy, sessions: usize) {
    let course = known::course(Planted { kind, seed: 5, sessions, dies: sessions });
    let terms = course.terms(policy);
    let families = candidate::families(policy);
    let changes: Vec<&Vec<Change>> =
        families.iter().flat_map(|family| family.candidates.iter()).collect();
    let mut policies: Vec<Policy> =
        changes.iter().map(|changes| policy.with(changes).unwrap()).collect();
    policies.push(policy.clone());
    let mut fleet = Fleet::begin(&course, &policies.iter().collect::<Vec<_>>(), &terms);
    course.entries().iter().for_each(|entry| fleet.take(entry));
    let mut distinct = std::collections::BTreeSet::new();
    for (policy, desk) in policies.iter().zip(fleet.into_desks()) {
        let mut alone = course.begin(policy, &terms).in_full();
        course.entries().iter().for_each(|entry| alone.take(entry));
        assert_eq!(desk.trades(), alone.trades());
        let digest = desk.digest(&course);
        assert_eq!(digest, alone.digest(&course), "{}", kind.name());
        distinct.insert(digest);
    }
    assert!(10 < distinct.len(), "candidates of {} differ", kind.name());
}

#[test]
fn each_desk_of_a_fleet_is_byte_for_byte_what_it_is_alone() {
    for kind in [Kind::VolumeStrict, Kind::Sentiment, Kind::LateLoses] {
        check(kind, &kind.policy(), 8);
    }
}

#[test]
fn accounts_that_take_each_others_room_are_the_same_alone() {
    let text = "[gap_fade]\nenabled = true\n[news]\nenabled = true\n[orders]\nentry_limit = true\n\
                [accounts.one]\noptions = false\nmax_positions = 2\n\
                [accounts.two]\noptions = true\nmax_positions = 3\nconfidence_min = 0.6\n";
    let policy = Policy::from_toml(text).unwrap();
    check(Kind::Sentiment, &policy, 8);
}

#[test]
#[should_panic(expected = "a fleet has one market")]
fn who_sees_another_market_is_in_no_fleet() {
    let kind = Kind::TargetNear;
    let course = known::course(Planted { kind, seed: 5, sessions: 1, dies: 1 });
    let (one, mut other) = (kind.policy(), kind.policy());
    other.features.sentiment_minutes += 1;
    Fleet::begin(&course, &[&one, &other], &course.terms(&one));
}
