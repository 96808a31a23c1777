//! Files of tables: whole, as of one record, and never over what is there without a word.

use std::fs;

use crate::desk::Home;

#[test]
fn what_can_be_exported_is_listed_and_where_to_is_asked() {
    let home = Home::new("export-list");
    assert!(home.page(&["export"]).contains("backsight export bars signals"));
    let (refused, exit) = home.json_and_exit(&["export", "bars"]);
    assert_eq!(exit, 2);
    assert!(refused["error"].as_str().unwrap().contains("--out DIR"), "{refused}");
    let out = home.path("out");
    let (refused, exit) = home.json_and_exit(&["export", "bars", "--out", out.to_str().unwrap()]);
    assert_eq!(exit, 69);
    assert!(refused["error"].as_str().unwrap().contains("backsight rebuild"), "{refused}");
    assert!(!out.exists(), "nothing was begun");
}

#[test]
fn every_row_is_exported_once_and_files_are_not_overwritten() {
    let home = Home::with_two_days("export-all");
    let out = home.path("out");
    let out = out.to_str().unwrap();
    for format in ["csv", "parquet"] {
        let words = ["export", "--all", "--format", format, "--out", out];
        let told = home.json(&words);
        for file in told["files"].as_array().unwrap() {
            let (name, rows) = (file["name"].as_str().unwrap(), &file["rows"]);
            let table = if name == "bars" { "lane_telemetry" } else { name };
            let statement = format!("SELECT COUNT(*) AS n FROM {table}");
            assert_eq!(&home.json(&["sql", &statement])["rows"][0]["n"], rows, "{name}");
            assert_ne!(rows, 0, "{name}");
        }
        let (refused, exit) = home.json_and_exit(&words);
        assert_eq!(exit, 2, "{refused}");
        assert!(refused["error"].as_str().unwrap().contains("--force"), "{refused}");
        let page = home.page(&[&words[..], &["--force"]].concat());
        assert!(page.contains("rows were written"), "{page}");
        assert!(page.lines().all(|line| line.chars().count() <= 80), "{page}");
    }
    let bars = fs::read_to_string(home.path("out/bars.csv")).unwrap();
    assert!(bars.starts_with("ticker,start,session_date,open,high,low,close,volume\n"));
    let parquet = fs::read(home.path("out/bars.parquet")).unwrap();
    assert!(parquet.starts_with(b"PAR1") && parquet.ends_with(b"PAR1"));
}

#[test]
fn a_day_is_cut_out_where_new_york_cuts_it() {
    let home = Home::with_two_days("export-day");
    let out = home.path("out");
    let dates = home.json(&["sql", "SELECT DISTINCT session_date AS d FROM minutes ORDER BY d"]);
    let last = dates["rows"][1]["d"].as_str().unwrap();
    let words = ["export", "bars", "--format", "csv", "--from", last, "--to", last, "--out"];
    let told = home.json(&[&words[..], &[out.to_str().unwrap()]].concat());
    let bars = fs::read_to_string(home.path("out/bars.csv")).unwrap();
    let lines: Vec<&str> = bars.lines().skip(1).collect();
    assert_eq!(told["rows"], lines.len());
    assert!(!lines.is_empty() && lines.iter().all(|line| line.contains(&format!(",{last},"))));
    let before = ["export", "bars", "--from", last, "--to", "2020-01-02", "--out", "x"];
    assert_eq!(home.json_and_exit(&before).1, 2);
}
