//! A model from a server on this machine: pinned, fetched, checked, chosen and removed.

use std::fs;

use backsight_gateway::newsstand::{Manner, Newsstand, Page};

use crate::desk::Home;

/// A model of random weights that gets a few plain sentences right.
const CONFIG: &[u8] = include_bytes!("../../../reading/models/tiny/config.json");
const WORDS: &[u8] = include_bytes!("../../../reading/models/tiny/vocab.txt");
const WEIGHTS: &[u8] = include_bytes!("../../../reading/models/tiny/model.safetensors");
const FILES: [(&str, &[u8]); 3] =
    [("config.json", CONFIG), ("model.safetensors", WEIGHTS), ("vocab.txt", WORDS)];

/// A home that may ask this machine, with a folder of a model that is pinned and served there.
fn home(name: &str, stand: &Newsstand) -> Home {
    let home = Home::new(name);
    fs::create_dir_all(home.path("tiny")).expect("a home can be made");
    fs::write(home.path("feeds.toml"), "[access]\nloopback = true\n")
        .expect("a home can be written");
    for (file, bytes) in FILES {
        fs::write(home.path("tiny").join(file), bytes).expect("a home can be written");
        stand.put(&format!("/tiny/{file}"), Page::new(bytes, "application/octet-stream"));
    }
    let folder = home.path("tiny").display().to_string();
    let pinned = home.json(&["model", "pin", &folder, "--name", "tiny", "--version", "3"]);
    assert_eq!(pinned["files"].as_array().map(Vec::len), Some(3));
    home
}

fn manifest(home: &Home) -> String {
    home.path("tiny/manifest.json").display().to_string()
}

fn from(stand: &Newsstand) -> String {
    stand.url("/tiny").to_string()
}

#[test]
fn a_model_is_fetched_listed_and_removed() {
    let stand = Newsstand::open().unwrap();
    let home = home("model", &stand);
    assert_eq!(home.json(&["model", "list"])["in_use"], "built-in");
    let pulled = home.json(&["model", "pull", &manifest(&home), "--from", &from(&stand)]);
    assert_eq!((&pulled["name"], &pulled["files"][0]["fetched"]), (&"tiny".into(), &true.into()));
    for (file, bytes) in FILES {
        assert_eq!(fs::read(home.path("models/tiny").join(file)).unwrap(), bytes);
    }
    let again = home.json(&["model", "pull", "tiny", "--from", &from(&stand)]);
    assert_eq!(again["files"][0]["fetched"], false);
    assert_eq!(stand.log().len(), 3);
    assert_eq!(home.json(&["model", "verify"])["valid"], true);
    assert_eq!(home.json(&["model", "list"])["installed"][0]["name"], "tiny");

    assert_eq!(home.json(&["model", "remove", "tiny"])["was_in_use"], false);
    assert_eq!(home.json_and_exit(&["model", "remove", "tiny"]).1, 2);
    assert_eq!(home.json_and_exit(&["model", "use", "tiny"]).1, 2);
    assert_eq!(home.json(&["model", "use", "built-in"])["in_use"], "built-in");
}

#[test]
fn a_model_is_installed_from_a_folder_without_a_network() {
    let stand = Newsstand::open().unwrap();
    let home = home("model-folder", &stand);
    home.json(&["model", "pull", &manifest(&home)]);
    assert!(stand.log().is_empty());
    assert_eq!(home.json(&["model", "verify", "tiny"])["valid"], true);
    assert_eq!(home.json_and_exit(&["model", "pull", "tiny"]).1, 2, "nobody says where from");
}

#[test]
fn a_model_is_chosen_when_it_reads_plain_sentences_right() {
    let stand = Newsstand::open().unwrap();
    let home = home("model-canary", &stand);
    home.json(&["model", "pull", &manifest(&home)]);
    assert_eq!(home.json(&["model", "use", "tiny"])["in_use"], "tiny");
    let list = home.json(&["model", "list"]);
    assert_eq!((&list["in_use"], &list["installed"][0]["in_use"]), (&"tiny".into(), &true.into()));
    assert_eq!(home.json(&["model", "remove", "tiny"])["was_in_use"], true);
    assert_eq!(home.json(&["model", "list"])["in_use"], "built-in");

    // The labels in another order: good news would read as bad.
    let config = String::from_utf8(CONFIG.to_vec()).unwrap();
    let config = config.replace("positive", "?").replace("negative", "positive");
    fs::write(home.path("tiny/config.json"), config.replace('?', "negative")).unwrap();
    let folder = home.path("tiny").display().to_string();
    home.json(&["model", "pin", &folder, "--name", "turned", "--version", "3"]);
    home.json(&["model", "pull", &manifest(&home)]);
    let (failure, exit) = home.json_and_exit(&["model", "use", "turned"]);
    assert_eq!(exit, 1, "{failure}");
    assert!(failure["error"].as_str().unwrap().contains("its labels are exchanged"), "{failure}");
    assert_eq!(home.json(&["model", "list"])["in_use"], "built-in");
}

#[test]
fn a_broken_line_is_taken_up_by_the_next_run() {
    let stand = Newsstand::open().unwrap();
    let home = home("model-resume", &stand);
    stand.serve("/tiny/model.safetensors", Manner::BreaksOff(1_000));
    let pull = ["model", "pull", &manifest(&home), "--from", &from(&stand)];
    let (failure, exit) = home.json_and_exit(&pull);
    assert_eq!(exit, 1, "{failure}");
    let error = failure["error"].as_str().unwrap();
    assert!(error.contains("8000 of 118620 bytes are here and kept"), "{error}");
    assert_eq!(home.json_and_exit(&["model", "verify", "tiny"]).1, 2, "it is not installed");
    stand.serve("/tiny/model.safetensors", Manner::Well);
    let pulled = home.json(&pull);
    assert_eq!(pulled["files"][1]["resumed"], 8_000);
    assert_eq!(home.json(&["model", "verify"])["valid"], true);
}

#[test]
fn damage_is_found_and_mended() {
    let stand = Newsstand::open().unwrap();
    let home = home("model-damage", &stand);
    home.json(&["model", "pull", &manifest(&home)]);
    fs::write(home.path("models/tiny/model.safetensors"), &WEIGHTS[1..]).unwrap();
    let (verified, exit) = home.json_and_exit(&["model", "verify"]);
    assert_eq!((exit, &verified["models"][0]["valid"]), (1, &false.into()));
    let wrong = verified["models"][0]["wrong"].as_str().unwrap();
    assert!(wrong.contains("`model.safetensors` has `118619` bytes"), "{wrong}");
    assert_eq!(home.json_and_exit(&["model", "use", "tiny"]).1, 78);
    home.json(&["model", "pull", "tiny", "--from", &from(&stand)]);
    assert_eq!(home.json(&["model", "verify", "tiny"])["valid"], true);
}

#[test]
fn a_machine_that_is_offline_and_a_file_that_is_another_are_told_apart() {
    let stand = Newsstand::open().unwrap();
    let home = home("model-offline", &stand);
    let from = from(&stand);
    let pull = ["model", "pull", &manifest(&home), "--from", &from];
    stand.put("/tiny/vocab.txt", Page::new(vec![b'x'; WORDS.len()], "text/plain"));
    let (failure, exit) = home.json_and_exit(&pull);
    let error = failure["error"].as_str().unwrap();
    assert!(exit == 1 && error.contains("is another file: its SHA-256"), "{error}");
    drop(stand);
    let (failure, exit) = home.json_and_exit(&pull);
    let error = failure["error"].as_str().unwrap();
    assert!(exit == 1 && error.contains("check whether this machine is online"), "{error}");
    assert!(!home.path("models/tiny/vocab.txt").exists());
    fs::write(home.path("tiny/manifest.json"), "{}").unwrap();
    assert_eq!(home.json_and_exit(&pull).1, 78);
    assert_eq!(home.json_and_exit(&["model", "pull", "nothing"]).1, 2);
}

#[test]
fn a_model_that_nobody_pinned_is_believed_once_and_held_to_it() {
    let stand = Newsstand::open().unwrap();
    let home = home("model-add", &stand);
    let label = ["--name", "first", "--version", "1"];
    let add = |from: &str| home.json_and_exit(&[&["model", "add", from][..], &label].concat());
    stand.serve("/tiny/model.safetensors", Manner::BreaksOff(1_000));
    let (failure, exit) = add(&from(&stand));
    assert_eq!(exit, 1, "{failure}");
    assert_eq!(home.json(&["model", "list"])["installed"], serde_json::json!([]));
    stand.serve("/tiny/model.safetensors", Manner::Well);
    let (added, exit) = add(&from(&stand));
    assert_eq!(exit, 0, "{added}");
    let pinned = home.json(&[
        "model",
        "pin",
        &home.path("tiny").display().to_string(),
        "--name",
        "x",
        "--version",
        "1",
    ]);
    assert_eq!(added["files"], pinned["files"]);
    assert_eq!(home.json(&["model", "verify", "first"])["valid"], true);
    assert_eq!(home.json(&["model", "use", "first"])["in_use"], "first");
    assert_eq!(add(&from(&stand)).1, 2, "the name is taken");

    fs::write(home.path("models/first/vocab.txt"), "another").unwrap();
    assert_eq!(home.json_and_exit(&["model", "verify", "first"]).1, 1);
    home.json(&["model", "remove", "first"]);
    let (added, exit) = add(&home.path("tiny").display().to_string());
    assert_eq!((exit, &added["name"]), (0, &"first".into()), "{added}");
    home.json(&["model", "remove", "first"]);
    stand.put("/tiny/config.json", Page::new("<html>sign in</html>", "text/html"));
    let (failure, exit) = add(&from(&stand));
    assert!(exit != 0 && failure["error"].as_str().unwrap().contains("id2label"), "{failure}");
    drop(stand);
    let (failure, exit) = add("http://127.0.0.1:9/tiny");
    assert!(exit == 1 && failure["error"].as_str().unwrap().contains("online"), "{failure}");
}

#[test]
fn a_model_is_computed_by_whom_a_person_names() {
    let stand = Newsstand::open().unwrap();
    let home = home("model-engine", &stand);
    home.json(&["model", "pull", &manifest(&home)]);
    assert_eq!(home.json(&["model", "use", "tiny", "--engine", "int8"])["engine"], "int8");
    assert_eq!(home.json(&["model", "list"])["engine"], "int8");
    let read = home.json(&["read", "Acme cut its profit forecast"]);
    assert_eq!(read["sentiment"][0]["rung"], "finbert:tiny@3-int8", "{read}");
    assert_eq!(home.json_and_exit(&["model", "use", "tiny", "--engine", "abacus"]).1, 2);
    let (failure, exit) = home.json_and_exit(&["model", "use", "tiny", "--engine", "onnxruntime"]);
    assert_ne!(exit, 0);
    let error = failure["error"].as_str().unwrap();
    assert!(error.contains("onnx"), "{error}");
    assert_eq!(home.json(&["model", "list"])["engine"], "int8", "the choice stays");
}

#[test]
fn every_reader_is_timed_and_bytes_are_held_against_floats() {
    let stand = Newsstand::open().unwrap();
    let bench = ["model", "bench", "--seconds", "1", "--batch", "8"];
    let bare = Home::new("model-bench-bare");
    let found = bare.json(&bench);
    assert_eq!(found["readers"].as_array().map(Vec::len), Some(2), "{found}");
    let home = home("model-bench", &stand);
    home.json(&["model", "pull", &manifest(&home)]);
    let found = home.json(&bench);
    let readers = found["readers"].as_array().unwrap();
    let names: Vec<&str> = readers.iter().filter_map(|it| it["reader"].as_str()).collect();
    assert!(names.contains(&"finbert:tiny@3") && names.contains(&"finbert:tiny@3-int8"));
    for reader in readers {
        let fact = |name: &str| reader[name].as_f64().unwrap();
        assert!(0.0 < fact("texts_per_s") && fact("batch_s") <= fact("batch_s_max"), "{reader}");
    }
    let same = found["agreement"][0]["same"].as_u64().unwrap();
    assert!(90 <= same && same <= found["texts"].as_u64().unwrap(), "{found}");
    for line in home.page(&bench).lines() {
        assert!(line.chars().count() <= 80, "{line}");
    }
}

#[test]
fn pages_about_models_fit_eighty_columns() {
    let stand = Newsstand::open().unwrap();
    let home = home("model-pages", &stand);
    let (manifest, folder) = (manifest(&home), home.path("tiny").display().to_string());
    for words in [
        &["model", "--help"][..],
        &["model", "list"],
        &["model", "verify"],
        &["model", "pin", &folder, "--name", "tiny", "--version", "3"],
        &["model", "pull", &manifest],
        &["model", "list"],
        &["model", "verify"],
        &["model", "use", "tiny"],
        &["model", "use", "built-in"],
        &["model", "remove", "tiny"],
    ] {
        for line in home.page(words).lines() {
            assert!(line.chars().count() <= 80, "{words:?}: {line}");
        }
    }
}
