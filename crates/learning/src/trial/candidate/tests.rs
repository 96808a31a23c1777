use super::*;

#[test]
fn every_setting_that_is_looked_at_may_be_learned() {
    for (path, _) in LOOKED_AT {
        let policy = Policy::default();
        let family = family(&policy, path).unwrap_or_else(|| panic!("{path}"));
        for candidate in &family.candidates {
            assert!(policy.with(candidate).is_ok(), "{path}");
        }
    }
}

#[test]
fn steps_go_both_ways_and_stay_in_range() {
    let policy = Policy::default();
    let values = |path| {
        let family = family(&policy, path).expect("it may be learned");
        family.candidates.iter().map(|changes| changes[0].to.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(values("exits.stop_bps"), ["50", "75", "125", "150"]);
    assert_eq!(values("trend.volume_min"), ["0.0", "1.0", "1.5"]);
    assert_eq!(values("trend.shorts"), ["false"]);
    assert_eq!(family(&policy, "sizing.large_risk_bps"), None);
}

#[test]
fn accounts_move_together() {
    let family = family(&Policy::default(), "accounts.*.confidence_min").expect("it is learnable");
    let changes = &family.candidates[0];
    let paths: Vec<_> = changes.iter().map(|change| &*change.path).collect();
    assert_eq!(paths, ["accounts.large.confidence_min", "accounts.tiny.confidence_min"]);
}
