//! The policy as a file.

use std::fs;

use crate::desk::{Home, TWO_DAYS};

#[test]
fn a_written_policy_checks_and_shows_as_the_defaults() {
    let home = Home::new("config");
    home.json(&["config", "init"]);
    assert_eq!(home.json(&["config", "check"])["valid"], true);
    let shown = home.json(&["config", "show"]);
    let sections = shown["sections"].as_object().unwrap();
    let rows = sections.values().flat_map(|section| section.as_object().unwrap().values());
    assert!(rows.clone().count() > 50 && rows.clone().all(|row| row["differs"] == false));
    assert_eq!(home.json_and_exit(&["config", "init"]).1, 78, "a policy is not overwritten");
    home.json(&["config", "init", "--force"]);
}

#[test]
fn every_problem_of_a_policy_is_listed() {
    let home = Home::new("problems");
    home.json(&["config", "init"]);
    let path = home.path("policy.toml");
    let text = fs::read_to_string(&path).unwrap();
    let text =
        text.replace("stop_bps = 100", "stop_bps = 1").replace("[gates]", "[gates]\nxyz = 1");
    fs::write(&path, text).unwrap();
    let (report, exit) = home.json_and_exit(&["config", "check"]);
    assert_eq!(exit, 78);
    let problems = report["problems"].as_array().unwrap();
    let places: Vec<_> = problems.iter().map(|p| p["at"].as_str().unwrap()).collect();
    assert_eq!(places, ["exits.stop_bps", "gates.xyz"]);
    assert_eq!(home.json_and_exit(&TWO_DAYS).1, 78, "no desk begins under a bad policy");
    assert_eq!(home.json_and_exit(&["doctor"]).1, 78);
}

#[test]
fn a_desk_begins_under_the_policy_of_the_file_and_keeps_it() {
    let (home, other) = (Home::new("policy"), Home::with_two_days("policy-default"));
    home.json(&["config", "init"]);
    let path = home.path("policy.toml");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replace("max_positions = 5", "max_positions = 1")).unwrap();
    let report = home.json(&TWO_DAYS);
    assert_ne!(report["receipt"], other.json(&TWO_DAYS)["receipt"]);
    let shown = home.json(&["config", "show"]);
    assert_eq!(shown["sections"]["accounts.large"]["max_positions"]["value"], "1");
    fs::write(&path, text).unwrap();
    assert_eq!(home.json(&TWO_DAYS), report, "the journal's policy stays");
    assert_eq!(home.json(&["config", "show"])["file_differs"], true);
    home.json(&["config", "init", "--force"]);
    assert_eq!(home.json(&["config", "show"])["file_differs"], false, "what it follows is written");
}
