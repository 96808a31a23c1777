//! An edited policy takes effect where the journal ends, once, and stays.

use std::collections::BTreeSet;
use std::fs;

use serde_json::Value;

use crate::desk::{Home, TWO_DAYS};

const ONE_DAY: [&str; 6] = ["demo", "--headless", "--days", "1", "--symbols", "20"];

/// Replaces words in the policy of a home, which is written first if it is not there.
fn edit(home: &Home, from: &str, to: &str) {
    let path = home.path("policy.toml");
    if !path.exists() {
        home.json(&["config", "init"]);
    }
    let text = fs::read_to_string(&path).expect("it was written");
    assert!(text.contains(from), "{from}");
    fs::write(&path, text.replace(from, to)).expect("the home can be written");
}

/// No account may hold anything any more.
fn forbid_positions(home: &Home) {
    for most in ["8", "5"] {
        edit(home, &format!("max_positions = {most}"), "max_positions = 0");
    }
    edit(home, "max_positions = 2", "max_positions = 0");
}

/// How many orders opened something in a session, and under which policies.
fn openings(home: &Home, date: &str) -> (usize, BTreeSet<u64>) {
    let listed = home.json(&["orders", "--all"]);
    let orders = listed["orders"].as_array().map_or(&[][..], Vec::as_slice);
    let text = |order: &Value, key: &str| order[key].as_str().map_or(String::new(), str::to_owned);
    // An order that opens is for a signal: `s1042:0`.
    let opens = |order: &&Value| {
        text(order, "decided").starts_with(date) && text(order, "purpose").contains(':')
    };
    let found: Vec<&Value> = orders.iter().filter(opens).collect();
    (found.len(), found.iter().filter_map(|order| order["policy"].as_u64()).collect())
}

#[test]
fn an_edited_policy_is_followed_from_where_the_journal_ended() {
    let (edited, unedited) = (Home::new("edited"), Home::with_two_days("unedited"));
    assert_eq!(edited.json(&ONE_DAY)["policy"], 1);
    forbid_positions(&edited);
    let shown = edited.json(&["config", "show"]);
    assert_eq!((&shown["version"], &shown["file_differs"]), (&1.into(), &true.into()));
    assert!(edited.page(&["status"]).contains("takes effect when the desk next runs"));
    let report = edited.json(&TWO_DAYS);
    assert_eq!(report["policy"], 2);
    let shown = edited.json(&["config", "show"]);
    assert_eq!((&shown["version"], &shown["file_differs"]), (&2.into(), &false.into()));
    assert_eq!(shown["sections"]["accounts.large"]["max_positions"]["value"], "0");
    assert_eq!(edited.json(&["status"])["policy"], 2);
    assert!(!edited.page(&["status"]).contains("takes effect"));

    let (first, second) = ("2024-01-02", "2024-01-03");
    assert_eq!(openings(&edited, first), openings(&unedited, first));
    assert_eq!(openings(&edited, first).1, BTreeSet::from([1]));
    assert_ne!(openings(&unedited, second).0, 0);
    assert_eq!(openings(&edited, second).0, 0, "nothing may be held under the second policy");
    let listed = edited.json(&["why"]);
    let last = listed["signals"][0]["id"].as_str().unwrap();
    assert_eq!(edited.json(&["why", last])["policy"], 2);
    assert_eq!(edited.json(&["replay", "--check"])["equal"], true);
    assert_eq!(edited.json(&TWO_DAYS), report, "the adopted policy is played again at its place");
}

#[test]
fn a_desk_killed_after_an_edit_ends_like_one_that_was_not() {
    let (killed, spared) = (Home::new("edit-killed"), Home::new("edit-spared"));
    for home in [&killed, &spared] {
        home.json(&ONE_DAY);
        edit(home, "max_positions = 5", "max_positions = 1");
    }
    let length = || fs::metadata(killed.segment()).map_or(0, |file| file.len());
    let one_day = length();
    for more in [1, 100_000] {
        let mut running = killed.spawn(&TWO_DAYS);
        while length() < one_day + more && running.0.try_wait().is_ok_and(|ended| ended.is_none()) {
            std::thread::yield_now();
        }
        running.kill();
        assert!(one_day < length(), "the kill hit what follows the edit");
    }
    let report = killed.json(&TWO_DAYS);
    assert_eq!((&report, &report["policy"]), (&spared.json(&TWO_DAYS), &2.into()));
    assert_eq!(killed.json(&["replay", "--check"])["equal"], true);
}

#[test]
fn what_changes_nothing_is_not_adopted() {
    let (home, other) = (Home::new("same-policy"), Home::with_two_days("no-policy"));
    edit(&home, "max_positions = 5", "max_positions = 4");
    home.json(&ONE_DAY);
    edit(&home, "\n\n", "\n# a note\n\n");
    assert_eq!(home.json(&TWO_DAYS)["policy"], 1, "a note is no other policy");
    let path = home.path("policy.toml");
    fs::remove_file(&path).unwrap();
    let three_days: Vec<_> =
        TWO_DAYS.into_iter().map(|word| if word == "2" { "3" } else { word }).collect();
    assert_eq!(home.json(&three_days)["policy"], 1, "a file that is gone is no policy");
    let before = other.json(&["status"])["receipt"].clone();
    forbid_positions(&other);
    assert_eq!(other.json(&TWO_DAYS)["receipt"], before, "a run that is over follows no policy");
    assert_eq!(other.json(&["config", "show"])["file_differs"], true);
}

#[test]
fn other_accounts_are_refused_before_anything_runs() {
    let home = Home::with_two_days("accounts");
    edit(&home, "[accounts.large]", "[accounts.huge]");
    let before = fs::read(home.segment()).unwrap();
    let three_days: Vec<_> =
        TWO_DAYS.into_iter().map(|word| if word == "2" { "3" } else { word }).collect();
    let (failure, exit) = home.json_and_exit(&three_days);
    assert_eq!(exit, 78, "{failure}");
    let text = failure["error"].as_str().unwrap();
    assert!(
        text.contains("huge, premium, tiny") && text.contains("large, premium, tiny"),
        "{text}"
    );
    assert_eq!(home.json_and_exit(&["doctor"]).1, 78);
    assert!(fs::read(home.segment()).unwrap() == before, "nothing was written");
}
