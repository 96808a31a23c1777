//! News on its way: a demo's own, a headline taken apart, lists of companies.

use std::fs;

use crate::desk::Home;

/// A day of six symbols: enough for news, little enough to be played often.
const DAY: [&str; 6] = ["demo", "--headless", "--days", "1", "--symbols", "6"];

const CONFIG: &[u8] = include_bytes!("../../../reading/models/tiny/config.json");
const WORDS: &[u8] = include_bytes!("../../../reading/models/tiny/vocab.txt");
const WEIGHTS: &[u8] = include_bytes!("../../../reading/models/tiny/model.safetensors");

const SEC: &str = r#"{"fields":["cik","name","ticker","exchange"],"data":[
[1,"Quibblewort Holdings Inc.","QBW","Nasdaq"]]}"#;
const NASDAQ: &str =
    "Symbol|Security Name|Market Category|Test Issue|Financial Status|Round Lot Size|ETF|NextShares
QBW|Quibblewort Holdings Inc. - Common Stock|Q|N|N|100|N|N
File Creation Time: 0721202521:31|||||||
";
const OTHER: &str =
    "ACT Symbol|Security Name|Exchange|CQS Symbol|ETF|Round Lot Size|Test Issue|NASDAQ Symbol
File Creation Time: 0721202521:31||||||
";

/// A home in which a tiny model is chosen to read.
fn with_model(name: &str) -> Home {
    let home = Home::new(name);
    fs::create_dir_all(home.path("tiny")).expect("a home can be made");
    for (file, bytes) in
        [("config.json", CONFIG), ("vocab.txt", WORDS), ("model.safetensors", WEIGHTS)]
    {
        fs::write(home.path("tiny").join(file), bytes).expect("a home can be written");
    }
    let folder = home.path("tiny").display().to_string();
    home.json(&["model", "pin", &folder, "--name", "tiny", "--version", "3"]);
    let manifest = home.path("tiny/manifest.json").display().to_string();
    home.json(&["model", "pull", &manifest]);
    home.json(&["model", "use", "tiny"]);
    home
}

#[test]
fn a_demo_has_the_same_receipt_with_and_without_the_socket() {
    let (over_http, direct) = (Home::new("news-http"), Home::new("news-direct"));
    let told = over_http.json(&DAY);
    let mut words = DAY.to_vec();
    words.push("--no-socket");
    let same = direct.json(&words);
    assert_eq!((&told["news"]["way"], &same["news"]["way"]), (&"http".into(), &"direct".into()));
    assert_eq!(told["receipt"], same["receipt"]);
    assert_eq!(told["news"]["feeds"], same["news"]["feeds"]);
    let news = &told["news"];
    assert_eq!((&news["demo"], &news["reader"]["rung"]), (&true.into(), &"linear".into()));
    assert!(0 < news["readings"].as_u64().unwrap(), "{news}");
    assert!(news["with_company"].as_u64() <= news["headlines"].as_u64(), "{news}");
    // The other way round, the journal of one is gone on with by the other.
    let again = over_http.json(&words);
    assert_eq!(again["receipt"], same["receipt"]);
    let page = direct.page(&words);
    assert!(page.contains("every story is made up") && page.contains("--no-socket"), "{page}");
    assert!(over_http.json(&["replay", "--check"])["equal"] == true);
}

#[test]
fn a_model_that_does_not_load_is_an_alarm_and_never_a_silent_fall() {
    let home = with_model("news-fall");
    assert_eq!(home.json(&["read", "Intel profit rises"])["fell"], false);
    fs::write(home.path("models/tiny/model.safetensors"), &WEIGHTS[..100]).unwrap();
    let read = home.json(&["read", "Intel profit rises"]);
    assert_eq!(read["fell"], true);
    assert!(read["why"].as_str().unwrap().contains("`tiny` was chosen"), "{read}");
    let told = home.json(&DAY);
    assert_eq!((&told["news"]["reader"]["rung"], &told["alarms"]), (&"linear".into(), &1.into()));
    assert_eq!(told["news"]["reader"]["fell"], true);
    assert!(home.page(&DAY).contains("worse reader"));
    // The journal names its reader: a model that is whole again changes nothing that was read.
    fs::write(home.path("models/tiny/model.safetensors"), WEIGHTS).unwrap();
    assert_eq!(home.json(&DAY)["receipt"], told["receipt"]);
}

#[test]
fn a_desk_goes_on_with_the_model_that_read_its_news_or_not_at_all() {
    let home = with_model("news-model");
    let told = home.json(&DAY);
    let reader = &told["news"]["reader"];
    assert_eq!((&reader["rung"], &reader["model"]), (&"finbert".into(), &"tiny".into()));
    home.json(&["model", "use", "built-in"]);
    assert_eq!(home.json(&DAY)["receipt"], told["receipt"]);
    home.json(&["model", "remove", "tiny"]);
    let (failure, exit) = home.json_and_exit(&DAY);
    assert!(exit != 0 && failure["error"].as_str().unwrap().contains("tiny"), "{failure}");
}

#[test]
fn a_headline_is_taken_apart() {
    let home = Home::new("news-read");
    let words =
        ["read", "UBS upgrades Micron, Samsung warns of weak demand", "--date", "2024-05-02"];
    let read = home.json(&words);
    let mention = |name: &str| {
        let all = read["mentions"].as_array().unwrap();
        all.iter().find(|it| it["text"] == name).unwrap_or_else(|| panic!("{name}: {read}"))
    };
    assert_eq!(
        (&mention("Micron")["ticker"], &mention("Micron")["role"]),
        (&"MU".into(), &"subject".into())
    );
    assert_eq!(mention("UBS")["role"], "source");
    assert_eq!(mention("Samsung")["kind"], "foreign");
    let best = &read["sentiment"][0];
    assert_eq!(best["rung"], "linear:backsight-linear@1");
    assert!(best["about"]["MU"]["score"].as_f64().unwrap() > 0.0, "{read}");
    assert_eq!(read["sentiment"][1]["rung"], "lexicon:backsight-lexicon@1");
    assert_eq!(read["copy"], false);
    let copy = home.json(&[
        "read",
        "UPDATE 1-Intel cuts jobs in Ohio plants",
        "--after",
        "Intel cuts jobs in Ohio plants",
    ]);
    assert_eq!(copy["copy"], true);
    let square = ["read", "Square posts a record quarter", "--date", "2021-06-01"];
    assert_eq!(home.json(&square)["mentions"][0]["ticker"], "SQ", "the date says whose symbol");
    for line in home.page(&words).lines() {
        assert!(line.chars().count() <= 80, "{line}");
    }
    assert_eq!(home.json_and_exit(&["read", "x", "--date", "yesterday"]).1, 2);
    assert_eq!(home.json_and_exit(&["read", " \u{200b} "]).1, 2);
}

#[test]
fn imported_lists_say_who_is_who() {
    let home = Home::new("news-import");
    fs::create_dir_all(home.path("lists")).unwrap();
    let file = |name: &str, text: &str| {
        let path = home.path("lists").join(name);
        fs::write(&path, text).unwrap();
        path.display().to_string()
    };
    let (sec, nasdaq, other) = (file("sec", SEC), file("nasdaq", NASDAQ), file("other", OTHER));
    let import = |sec: &str| {
        home.json_and_exit(&[
            "import",
            "companies",
            "--sec",
            sec,
            "--nasdaq",
            &nasdaq,
            "--other",
            &other,
        ])
    };
    let headline = ["read", "Quibblewort Holdings Inc. posts record profit"];
    assert_eq!(home.json(&headline)["companies"], "built-in");
    let (imported, exit) = import(&sec);
    assert_eq!((exit, &imported["issuers"]), (0, &1.into()), "{imported}");
    let read = home.json(&headline);
    assert_eq!(
        (&read["companies"], &read["mentions"][0]["ticker"]),
        (&"imported".into(), &"QBW".into())
    );

    let (refused, exit) = import(&file("page", "<html>"));
    let error = refused["error"].as_str().unwrap();
    assert!(exit == 1 && error.contains("line 1: not JSON"), "{error}");
    assert_eq!(home.json(&headline)["companies"], "imported", "a bad list changes nothing");
    assert_eq!(import("/nowhere").1, 2);
    fs::write(home.path("companies.txt"), "x").unwrap();
    assert_eq!(home.json_and_exit(&headline).1, 78);
}
