//! What a person orders reaches the desk, once, and stays.

use std::io::{BufRead, BufReader, Lines};
use std::process::{ChildStdout, Command};

use crate::desk::{Home, Running, TWO_DAYS};

const LIVE: [&str; 8] = ["demo", "--days", "1", "--symbols", "10", "--speed", "100000", "--json"];

/// What a running desk prints, line by line.
type Told = Lines<BufReader<ChildStdout>>;

/// A desk that runs until it is killed, once its first live session is over.
fn live(home: &Home) -> Running {
    let (running, lines) = begun(home);
    // The rest is read to the end, so that the desk never waits for a reader.
    std::thread::spawn(move || lines.for_each(drop));
    running
}

fn begun(home: &Home) -> (Running, Told) {
    let mut running = home.spawn(&LIVE);
    let mut lines = BufReader::new(running.0.stdout.take().expect("it is piped")).lines();
    for key in ["dashboard", "receipt", "session", "session"] {
        let line =
            lines.next().and_then(Result::ok).expect("a site opens, the past ends, sessions do");
        let told: serde_json::Value = serde_json::from_str(&line).expect("a line is one value");
        assert!(told[key].is_string(), "{told}");
    }
    (running, lines)
}

#[test]
fn ctrl_c_ends_the_site_and_the_desk_in_order() {
    let home = Home::new("ctrl-c");
    let (mut running, lines) = begun(&home);
    let process = running.0.id().to_string();
    assert!(Command::new("kill").args(["-INT", &process]).status().unwrap().success());
    let last = lines.map_while(Result::ok).last().expect("the report is the last word");
    assert_eq!(running.0.wait().unwrap().code(), Some(0));
    let report: serde_json::Value = serde_json::from_str(&last).unwrap();
    assert_eq!(report["tables"]["lag"], 0, "{report}");
    assert_eq!(home.json(&["status"])["receipt"], report["receipt"]);
    assert_eq!(home.json(&["status"])["running"], serde_json::Value::Null);
}

#[test]
fn a_running_desk_obeys_and_a_second_one_is_refused() {
    let home = Home::new("live");
    let mut running = live(&home);
    let (failure, exit) = home.json_and_exit(&LIVE);
    assert_eq!((exit, &failure["name"]), (69, &"unavailable".into()), "{failure}");
    assert!(failure["error"].as_str().unwrap().contains(&running.0.id().to_string()), "{failure}");
    let halted = home.json(&["halt", "--reason", "a test", "--who", "ann"]);
    assert_eq!(halted["effect"], "journaled");
    assert_eq!(home.json(&["status"])["running"], running.0.id().to_string());
    running.kill();
    let status = home.json(&["status"]);
    assert_eq!((&status["state"], &status["running"]), (&"halted".into(), &().into()));
    assert_eq!(home.json(&["replay", "--check"])["equal"], true);
}

#[test]
fn a_halt_survives_kill_and_restart_until_it_is_lifted() {
    let home = Home::new("halt");
    let mut running = live(&home);
    assert_eq!(home.json(&["halt"])["effect"], "journaled");
    running.kill();
    let again = ["demo", "--headless", "--days", "1"];
    assert_eq!(home.json(&again)["state"], "halted");
    assert_eq!(home.json(&["resume"])["effect"], "queued");
    assert_eq!(home.json(&["status"])["queued_commands"], 1);
    assert_eq!(home.json(&again)["state"], "active");
    assert_eq!(home.json(&["status"])["queued_commands"], 0);
    assert_eq!(home.json(&["replay", "--check"])["equal"], true);
}

#[test]
fn commands_wait_for_the_desk_and_are_obeyed_in_order() {
    let home = Home::with_two_days("queued");
    for (command, state) in [("flatten", "flattening"), ("reduce", "reducing"), ("halt", "halted")]
    {
        assert_eq!(home.json(&[command])["effect"], "queued");
        assert_eq!(home.json(&TWO_DAYS)["state"], state);
    }
    home.json(&["resume"]);
    home.json(&["halt"]);
    home.json(&["flatten"]);
    let report = home.json(&TWO_DAYS);
    assert_eq!(report["state"], "flattening");
    assert_eq!(report, home.json(&TWO_DAYS), "what was ordered is played again at its place");
}

#[test]
fn what_is_no_command_is_passed_over() {
    let home = Home::with_two_days("junk");
    std::fs::create_dir_all(home.path("inbox")).unwrap();
    std::fs::write(home.path("inbox/0000000000000001.command"), "sell everything").unwrap();
    assert_eq!(home.json(&TWO_DAYS)["state"], "active");
    let doctor = home.json(&["doctor"]);
    let findings = doctor["findings"].as_array().unwrap();
    let inbox = findings.iter().find(|finding| finding["name"] == "inbox").unwrap();
    assert_eq!(inbox["result"], "warn", "{inbox}");
}
