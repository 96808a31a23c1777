//! Names that say nothing are refused, for files, folders and types.

use super::Finding;
use super::tree::Tree;

const EMPTY: &[&str] = &[
    "util",
    "utils",
    "common",
    "helper",
    "helpers",
    "misc",
    "manager",
    "handler",
    "processor",
    "service",
    "data",
    "info",
    "base",
    "impl",
];

const RUST: &[&str] = &["struct", "enum", "union", "trait", "type"];
const TYPESCRIPT: &[&str] = &["class", "enum", "interface", "type"];

const ADVICE: &str = "name it after the one thing it is";

/// Finds empty names in the code we write.
pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    let ours = |path: &str| ["crates/", "xtask/", "ui/"].iter().any(|root| path.starts_with(root));
    for leaf in tree.leaves.iter().filter(|leaf| ours(&leaf.path)) {
        findings.extend(check_path(&leaf.path));
    }
    for (path, parted) in tree.rust().filter(|(path, _)| ours(path)) {
        findings.extend(check_types(path, &parted.code, RUST));
    }
    for end in [".ts", ".svelte"] {
        for (path, text) in tree.ending(end).filter(|(path, _)| ours(path)) {
            findings.extend(check_types(path, text, TYPESCRIPT));
        }
    }
    findings
}

fn check_path(path: &str) -> Option<Finding> {
    let word = words(path).into_iter().find(|word| EMPTY.contains(&word.as_str()))?;
    let what = format!("the path says `{word}`");
    Some(Finding { path: path.to_owned(), line: 1, what, advice: ADVICE })
}

fn check_types(path: &str, code: &str, keywords: &[&str]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (index, line) in code.lines().enumerate() {
        let mut tokens =
            line.split(|c: char| c != '_' && !c.is_alphanumeric()).filter(|it| !it.is_empty());
        while let Some(token) = tokens.next() {
            if !keywords.contains(&token) {
                continue;
            }
            let Some(name) = tokens.next() else { break };
            if words(name).iter().any(|word| EMPTY.contains(&word.as_str())) {
                let what = format!("a type is called `{name}`");
                findings.push(Finding {
                    path: path.to_owned(),
                    line: index + 1,
                    what,
                    advice: ADVICE,
                });
            }
        }
    }
    findings
}

/// Parts a path or a name into lower-case words, at punctuation and where a capital follows a small letter.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut small = false;
    for c in name.chars() {
        if !c.is_alphanumeric() || (small && c.is_uppercase()) {
            words.push(String::new());
        }
        if c.is_alphanumeric() {
            words.last_mut().expect("never empty").extend(c.to_lowercase());
        }
        small = c.is_lowercase() || c.is_numeric();
    }
    words
}
