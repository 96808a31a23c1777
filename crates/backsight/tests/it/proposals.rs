//! What a person does with a proposal, and what comes of it.

use std::fs;

use backsight_domain::proposal::{Change, Evidence, Finding, Lesson};
use backsight_journal::wire::to_bytes;
use serde_json::Value;

use crate::desk::Home;

fn demo(home: &Home, days: &str) {
    home.json(&["demo", "--headless", "--days", days, "--symbols", "20"]);
}

/// A home whose proposals need no shadow and no canary, and in which one waits to be filed.
fn taught(name: &str) -> Home {
    let home = Home::new(name);
    home.json(&["config", "init"]);
    let path = home.path("policy.toml");
    let text = fs::read_to_string(&path).expect("it was written");
    let text = text.replace("shadow_sessions = 5", "shadow_sessions = 0");
    fs::write(&path, text.replace("canary_sessions = 5", "canary_sessions = 0")).expect("a home");
    demo(&home, "1");
    let evidence = Evidence {
        sessions: 60,
        sample: 120,
        effect: 0.5,
        low: 0.2,
        high: 0.8,
        spread: 1.0,
        out_of_time: 0.4,
        stressed: 0.3,
        q: 0.01,
        curve: vec![1.0, 3.0, 2.0, 6.0],
        ..Evidence::default()
    };
    let path = "exits.stop_bps".into();
    let changes = vec![Change { path, from: "100".into(), to: "60".into() }];
    let commentary = Some("a model's words".into());
    let lesson = Lesson::Found(Box::new(Finding { changes, evidence, commentary }));
    let digits: String = to_bytes(&lesson)
        .iter()
        .fold(String::new(), |digits, byte| digits + &format!("{byte:02x}"));
    fs::create_dir_all(home.path("inbox")).expect("a home");
    fs::write(home.path("inbox/0000000000000001.lesson"), digits).expect("an inbox");
    home
}

/// The proposals that were adopted when the last signal was made.
fn lessons_of_last_signal(home: &Home) -> Vec<Value> {
    let listed = home.json(&["why"]);
    let ids = listed["signals"].as_array().expect("a list").iter();
    let number = |id: &&str| id[1..].split(':').next().and_then(|n| n.parse::<u64>().ok());
    let last = ids.filter_map(|row| row["id"].as_str()).max_by_key(number);
    let last = last.expect("there are signals").to_owned();
    home.json(&["why", &last])["lessons"].as_array().expect("it tells them").clone()
}

#[test]
fn an_approved_proposal_is_followed_shown_and_taken_back() {
    let home = taught("proposals");
    assert!(home.page(&["proposals"]).contains("There are no proposals"));
    demo(&home, "2");
    let listed = home.json(&["proposals"]);
    let id = listed["proposals"][0]["id"].as_str().expect("it was filed").to_owned();
    assert_eq!(listed["proposals"][0]["stage"], "pending");
    let page = home.page(&["proposals", &id]);
    assert!(page.contains("without authority") && page.contains('█'), "{page}");
    assert!(page.lines().all(|line| line.chars().count() <= 80), "{page}");

    assert_eq!(home.json(&["approve", &id, "--who", "ada"])["effect"], "queued");
    demo(&home, "4");
    let shown = home.json(&["proposals", &id]);
    assert_eq!(shown["stage"], "adopted", "{shown}");
    assert!(1 <= shown["followed_sessions"].as_u64().unwrap(), "{shown}");
    assert_eq!(lessons_of_last_signal(&home), [Value::from(id.as_str())]);

    home.json(&["withdraw", &id, "--who", "bob", "--reason", "enough"]);
    demo(&home, "5");
    let shown = home.json(&["proposals", &id]);
    assert_eq!(shown["stage"], "withdrawn");
    assert_eq!(shown["moves"].as_array().unwrap().last().unwrap()["who"], "bob");
    assert_eq!(lessons_of_last_signal(&home), [] as [Value; 0]);
    assert_eq!(home.json(&["replay", "--check"])["equal"], true);
}

#[test]
fn a_young_desk_says_how_much_is_missing_and_files_nothing() {
    let home = Home::new("young");
    demo(&home, "1");
    let told = home.json(&["learn", "--now"]);
    assert_eq!(told["findings"], 0, "{told}");
    let (_, exit) = home.json_and_exit(&["proposals", "p7"]);
    assert_eq!(exit, 2);
    assert_eq!(home.json_and_exit(&["approve", "seven"]).1, 2);
}
