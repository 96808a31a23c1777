use super::*;

/// Sessions of a small world: a third of what the table of `docs/LEARNING.md` uses.
const SESSIONS: usize = 36;

#[test]
fn a_planted_effect_is_found_and_proposed_in_the_right_direction() {
    for kind in [Kind::TargetNear, Kind::GivesBack] {
        assert_eq!(planted(kind, 1, SESSIONS), Answer::Right, "{}", kind.name());
    }
}

#[test]
fn a_null_world_stays_silent() {
    assert_eq!(null(3, SESSIONS), []);
}
