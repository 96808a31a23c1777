//! The crates that decide know no clock, no file, no socket, no thread and no hash map: replay would notice.
//!
//! Clippy refuses the calls it can name; this check refuses even the word, so that an import is found before its use.
//! Tests beside a crate (`tests/`) and its programs (`src/bin/`) are shells around it and may touch the world: they
//! read recorded journals, print and measure.

use super::Finding;
use super::parted::holds;
use super::tree::Tree;

const PURE: &[&str] = &["domain", "quant", "journal", "engine", "sim", "reading", "learning"];

/// Crates in which even the intermediate results of money may not be floats.
const EXACT: &[&str] = &["domain", "journal"];

/// The one place that writes a file.
const FILES: &str = "crates/journal/src/file";

const NO_CLOCK: &str = "take the time from the event";
const NO_FILE: &str = "leave files to `journal::file` and the binary";
const NO_SOCKET: &str = "leave sockets to `gateway`";
const NO_THREAD: &str = "stay on one thread; parallelism is across desks";
const NO_HASH: &str = "use a `BTreeMap`, a `BTreeSet` or a sorted `Vec`";
const NO_ASYNC: &str = "return the effect and let the shell wait";

const IMPURE: &[(&str, &str)] = &[
    ("Instant", NO_CLOCK),
    ("SystemTime", NO_CLOCK),
    ("thread::sleep", NO_CLOCK),
    ("std::fs", NO_FILE),
    ("std::net", NO_SOCKET),
    ("std::thread", NO_THREAD),
    ("HashMap", NO_HASH),
    ("HashSet", NO_HASH),
    ("tokio", NO_ASYNC),
    ("async fn", NO_ASYNC),
    ("async move", NO_ASYNC),
];

/// Finds impure words in pure crates, and exact crates that do not deny floats.
pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, parted) in tree.rust().filter(|(path, _)| is_pure(path)) {
        findings.extend(check_words(path, &parted.code));
    }
    for name in EXACT {
        findings.extend(check_floats(tree, &format!("crates/{name}/src/lib.rs")));
    }
    findings
}

fn is_pure(path: &str) -> bool {
    let inside = |name: &&str| path.starts_with(&format!("crates/{name}/src/"));
    PURE.iter().any(inside) && !path.contains("/src/bin/")
}

fn check_words(path: &str, code: &str) -> Vec<Finding> {
    let grouped = grouped_imports(code);
    let lines = code.lines().enumerate().map(|(index, line)| (index + 1, line));
    let lines = lines.chain(grouped.iter().map(|(line, import)| (*line, import.as_str())));
    let mut findings = Vec::new();
    for (line, text) in lines {
        for (word, advice) in IMPURE.iter().filter(|(word, _)| holds(text, word)) {
            let allowed = *word == "std::fs" && path.starts_with(FILES);
            let what = format!("`{word}` in a crate that must be pure");
            let finding = Finding { path: path.to_owned(), line, what, advice };
            if !allowed && !findings.contains(&finding) {
                findings.push(finding);
            }
        }
    }
    findings
}

/// Writes `use std::{fs, io}` out as `std::fs` and `std::io`, each with the line the group starts on.
fn grouped_imports(code: &str) -> Vec<(usize, String)> {
    let mut imports = Vec::new();
    for (at, opening) in code.match_indices("use std::{") {
        let line = code[..at].lines().count() + usize::from(code[..at].ends_with('\n'));
        let group = code[at + opening.len()..].split(';').next().unwrap_or_default();
        imports.extend(group.split(',').map(|name| (line.max(1), format!("std::{}", name.trim()))));
    }
    imports
}

fn check_floats(tree: &Tree, path: &str) -> Option<Finding> {
    let denial = "#![deny(clippy::float_arithmetic)]";
    let missing = tree.text(path).is_some_and(|text| !text.lines().any(|line| line == denial));
    let what = "floats are not denied".to_owned();
    missing.then(|| Finding {
        path: path.to_owned(),
        line: 1,
        what,
        advice: "add `#![deny(clippy::float_arithmetic)]`",
    })
}
