use super::*;

fn problem_of(text: &str) -> String {
    let problems = Policy::from_toml(text).unwrap_err();
    problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

#[test]
fn a_policy_survives_its_own_text_bit_for_bit() {
    let mut policy = Policy::default();
    policy.trend.band = 0.1 + 0.2;
    policy.accounts.insert("third".into(), AccountPolicy::default());
    assert_eq!(Policy::from_toml(&policy.to_bare_toml()), Ok(policy.clone()));
    assert_eq!(Policy::from_toml(&policy.to_toml()), Ok(policy));
}

#[test]
fn every_setting_is_documented_with_its_range() {
    for (_, documentation, rows) in Policy::default().sections() {
        assert!(!documentation.trim().is_empty());
        for row in rows {
            assert!(row.documentation.ends_with('.'), "{}", row.key);
        }
    }
    assert!(Policy::default().to_toml().contains("# Loss at which a position is closed"));
}

#[test]
fn an_unknown_key_is_an_error_and_never_a_default() {
    // inbound X12: four documented settings were read by nobody.
    assert!(problem_of("[exits]\nstop_bsp = 50").contains("`exits.stop_bsp`: no such setting"));
    assert!(problem_of("[exit]\nstop_bps = 50").contains("`exit`: no such section"));
    assert!(problem_of("exits = 3").contains("must be a table"));
}

#[test]
fn a_value_out_of_range_names_the_range() {
    let problem = problem_of("[exits]\nstop_bps = 4");
    assert!(problem.contains("must lie between 5 and 9000, got `4`"), "{problem}");
    assert!(problem_of("[trend]\nband = nan").contains("finite"));
    assert!(problem_of("[accounts.large]\nmax_exposure = 1.5").contains("dollars in quotes"));
}

#[test]
fn the_wrong_format_is_an_error_and_never_old_defaults() {
    // inbound L22: a file in another format was swallowed and the confidence floor became 0.30.
    assert!(!problem_of("confidence_min: 0.70").is_empty());
}

#[test]
fn every_problem_is_told_at_once() {
    let problems = Policy::from_toml("[exits]\na = 1\nb = 2\n[trend]\nvol_low = 2.0").unwrap_err();
    assert_eq!(problems.len(), 3);
}

#[test]
fn accounts_named_in_the_text_replace_the_default_two() {
    let policy = Policy::from_toml("[accounts.mine]\nmax_positions = 3").unwrap();
    assert_eq!(policy.accounts.keys().map(AsRef::as_ref).collect::<Vec<&str>>(), ["mine"]);
}

fn change(path: &str, to: &str) -> crate::proposal::Change {
    crate::proposal::Change { path: path.into(), from: "".into(), to: to.into() }
}

#[test]
fn a_setting_is_read_and_changed_by_its_path() {
    let policy = Policy::default();
    assert_eq!(policy.setting("exits.stop_bps").as_deref(), Some("100"));
    assert_eq!(policy.setting("accounts.tiny.max_positions").as_deref(), Some("2"));
    assert_eq!(policy.setting("exits.stop"), None);
    let changes = [change("exits.stop_bps", "80"), change("accounts.tiny.confidence_min", "0.5")];
    let changed = policy.with(&changes).unwrap();
    assert_eq!((changed.exits.stop_bps, changed.accounts["tiny"].confidence_min), (80, 0.5));
    let back = [change("exits.stop_bps", "100"), change("accounts.tiny.confidence_min", "0.55")];
    assert_eq!(changed.with(&back), Ok(policy));
}

#[test]
fn a_change_that_no_policy_has_is_refused_by_name() {
    let policy = Policy::default();
    let problem = |path, to| policy.with(&[change(path, to)]).unwrap_err().to_string();
    assert!(problem("exits.stop", "1").contains("`exits.stop`: no such setting"));
    assert!(problem("accounts.other.max_positions", "1").contains("no such setting"));
    assert!(problem("exits.stop_bps", "4").contains("must lie between 5 and 9000"));
    assert!(problem("exits.stop_bps", "5\ntarget_bps = 6").contains("is no value"));
    assert!(problem("trend.vol_low", "2.0").contains("must not exceed"));
}

#[test]
fn people_are_read_by_name_and_nobody_is_named_by_default() {
    assert!(Policy::default().people.is_empty());
    let policy = Policy::from_toml("[people.ada]\napproves = true").unwrap();
    assert!(policy.people["ada"].approves && policy.people["ada"].withdraws);
    assert_eq!(Policy::from_toml(&policy.to_bare_toml()), Ok(policy));
    assert!(problem_of("[people.ada]\nadmin = true").contains("no such setting"));
}
