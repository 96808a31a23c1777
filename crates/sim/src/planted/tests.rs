use super::*;

#[test]
fn a_planted_world_is_a_function_of_its_seed() {
    let world = |kind, seed| Planted { kind, seed, sessions: 2, dies: 2 }.entries();
    assert_eq!(world(Kind::StopWide, 1), world(Kind::StopWide, 1));
    assert_ne!(world(Kind::StopWide, 1), world(Kind::StopWide, 2));
}

#[test]
fn every_kind_has_a_policy_and_a_right_answer() {
    for kind in Kind::ALL {
        let policy = kind.policy();
        for (path, _) in kind.right() {
            let path = if *path == "confidence_min" {
                "accounts.one.confidence_min".to_owned()
            } else {
                (*path).to_owned()
            };
            assert!(policy.setting(&path).is_some(), "{path}");
        }
    }
}
