//! The journal survives what a computer does to it, and says so when it did not.

use std::fs;

use crate::desk::{Home, Running, TWO_DAYS};

#[test]
fn the_same_seed_gives_the_same_result_in_another_home() {
    let (one, two) = (Home::new("same-one"), Home::new("same-two"));
    let report = one.json(&TWO_DAYS);
    assert_eq!(report, two.json(&TWO_DAYS));
    assert_eq!(report, one.json(&TWO_DAYS), "a second run goes on where the first ended");
    for key in ["events", "signals", "refusals", "orders", "trades", "ghosts", "pnl"] {
        assert!(!report[key].is_null(), "{key}");
    }
    assert_eq!(report["sessions"], 2);
    assert!(0 < report["trades"].as_u64().unwrap() && 0 < report["ghosts"].as_u64().unwrap());
    let two_hashes = [&report["fingerprint"], &report["receipt"]];
    assert!(two_hashes.iter().all(|hash| hash.as_str().unwrap().len() == 64));
}

#[test]
fn another_seed_gives_another_result() {
    let (one, two) = (Home::new("seed-one"), Home::new("seed-two"));
    let other: Vec<&str> = TWO_DAYS.into_iter().chain(["--seed", "8"]).collect();
    assert_ne!(one.json(&TWO_DAYS)["receipt"], two.json(&other)["receipt"]);
    let (failure, exit) = one.json_and_exit(&other);
    assert_eq!(exit, 2, "a desk keeps the seed it began with: {failure}");
}

#[test]
fn a_longer_demo_goes_on_from_a_shorter_one() {
    let (grown, whole) = (Home::new("grown"), Home::new("whole"));
    let one_day = ["demo", "--headless", "--days", "1", "--symbols", "20"];
    let short = grown.json(&one_day);
    let long = grown.json(&TWO_DAYS);
    assert_eq!(long, whole.json(&TWO_DAYS));
    assert_ne!(short["receipt"], long["receipt"]);
    assert_eq!(grown.json(&one_day), long, "a journal is never cut short");
}

/// Kills when the journal has reached a length or the process ended by itself.
fn kill_at(home: &Home, bytes: u64) {
    let mut running: Running = home.spawn(&TWO_DAYS);
    let length = || fs::metadata(home.segment()).map_or(0, |file| file.len());
    while length() < bytes && running.0.try_wait().is_ok_and(|ended| ended.is_none()) {
        std::thread::yield_now();
    }
    running.kill();
}

#[test]
fn a_killed_demo_ends_like_one_that_was_not() {
    let (killed, spared) = (Home::new("killed"), Home::new("spared"));
    let mut lengths = Vec::new();
    for bytes in [0, 1, 129, 200_000, 500_000, 0, 900_000] {
        kill_at(&killed, bytes);
        lengths.push(fs::metadata(killed.segment()).map_or(0, |file| file.len()));
    }
    assert!(lengths.iter().any(|length| 0 < *length), "no kill hit a journal: {lengths:?}");
    assert_eq!(killed.json(&TWO_DAYS), spared.json(&TWO_DAYS));
    assert_eq!(killed.json(&["replay", "--check"])["equal"], true);
}

#[test]
fn a_journal_cut_anywhere_is_continued() {
    let home = Home::with_two_days("cut");
    let report = home.json(&TWO_DAYS);
    let whole = fs::read(home.segment()).unwrap();
    for share in [1, 3, 7, 9] {
        fs::write(home.segment(), &whole[..whole.len() * share / 10]).unwrap();
        assert_eq!(home.json(&TWO_DAYS), report, "cut at {share} tenths");
        assert_eq!(home.json(&["verify"])["valid"], true);
    }
}

#[test]
fn a_flipped_byte_is_named_and_refused() {
    let home = Home::with_two_days("flipped");
    let mut bytes = fs::read(home.segment()).unwrap();
    let place = bytes.len() / 2;
    bytes[place] ^= 1;
    fs::write(home.segment(), bytes).unwrap();
    let (report, exit) = home.json_and_exit(&["verify"]);
    assert_eq!((exit, &report["valid"]), (65, &false.into()));
    assert_eq!(report["damage"]["segment"], "0000000001.bsj");
    let offset = report["damage"]["offset"].as_u64().unwrap();
    assert!(offset <= place as u64 && place as u64 - offset < 100_000, "{offset} for {place}");
    let page = home.page(&["verify"]);
    assert!(page.contains("damaged") && page.contains(&offset.to_string()), "{page}");
    for refusing in [&TWO_DAYS[..], &["status"], &["replay"], &["why"], &["doctor"]] {
        assert_eq!(home.json_and_exit(refusing).1, 65, "{refusing:?}");
    }
}

#[test]
fn replay_and_verify_agree_with_the_demo() {
    let home = Home::new("agree");
    let report = home.json(&TWO_DAYS);
    let replayed = home.json(&["replay", "--check"]);
    assert_eq!(replayed["equal"], true);
    assert_eq!(replayed["fingerprint"], report["fingerprint"]);
    assert_eq!(replayed["entries"], report["events"]);
    let verified = home.json(&["verify"]);
    assert_eq!(verified["receipt"], report["receipt"]);
    assert_eq!(verified["days"].as_array().unwrap().len(), 2);
    assert_eq!(home.json(&["status"])["receipt"], report["receipt"]);
}

#[test]
fn nothing_is_read_where_there_is_no_desk() {
    let home = Home::new("nothing");
    for command in ["verify", "replay", "why", "halt"] {
        assert_eq!(home.json_and_exit(&[command]).1, 69, "{command}");
    }
    for command in ["status", "positions", "orders"] {
        assert_eq!(home.json(&[command])["next"], "backsight demo");
    }
}
