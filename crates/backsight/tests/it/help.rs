//! What a person sees before and beside the desk.

use crate::desk::Home;

const PAGES: [&[&str]; 19] = [
    &["--help"],
    &["demo", "--help"],
    &["status"],
    &["positions"],
    &["orders", "--all"],
    &["why"],
    &["replay", "--check"],
    &["verify"],
    &["doctor"],
    &["config", "show"],
    &["config", "check", "policy.toml"],
    &["missed"],
    &["gates"],
    &["learn"],
    &["learn", "--now"],
    &["proposals"],
    &["divergence"],
    &["halt"],
    &["demo", "--headless", "--days", "2"],
];

#[test]
fn every_page_fits_eighty_columns_and_has_no_colours_in_a_pipe() {
    let home = Home::with_two_days("pages");
    home.json(&["config", "init"]);
    let policy = home.path("policy.toml");
    for words in PAGES {
        let policy = policy.to_str().unwrap();
        let words: Vec<&str> =
            words.iter().map(|word| if *word == "policy.toml" { policy } else { word }).collect();
        let page = home.page(&words);
        assert!(!page.trim().is_empty(), "{words:?}");
        assert!(!page.contains('\u{1b}'), "{words:?}");
        for line in page.lines() {
            let is_path = line.contains(policy);
            assert!(line.chars().count() <= 80 || is_path, "{words:?}: {line}");
        }
    }
}

#[test]
fn every_command_speaks_json() {
    let home = Home::with_two_days("json");
    home.json(&["config", "init"]);
    for words in
        PAGES.iter().filter(|words| !words.contains(&"--help") && !words.contains(&"check"))
    {
        assert!(home.json(words).is_object(), "{words:?}");
    }
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = home.json(&["completions", shell]);
        assert!(script["script"].as_str().unwrap().contains("flatten"), "{shell}");
    }
}

#[test]
fn hashes_are_shown_whole() {
    let home = Home::with_two_days("hashes");
    let status = home.json(&["status"]);
    let receipt = status["receipt"].as_str().unwrap();
    for words in [&["status"][..], &["verify"], &["demo", "--headless", "--days", "2"]] {
        assert!(home.page(words).contains(receipt), "{words:?}");
    }
}

#[test]
fn a_command_line_without_sense_ends_with_two() {
    let home = Home::new("usage");
    for words in [
        &["buy"][..],
        &["demo", "--days", "0"],
        &["demo", "--speed", "x"],
        &["demo", "--world", "mars"],
        &["status", "now"],
    ] {
        assert_eq!(home.run(words).status.code(), Some(2), "{words:?}");
        let (failure, exit) = home.json_and_exit(words);
        assert_eq!((exit, &failure["name"]), (2, &"usage".into()), "{failure}");
    }
    assert_eq!(home.run(&[]).status.code(), Some(2), "no command is none");
    assert!(!home.path("journal").exists(), "nothing was begun");
}
