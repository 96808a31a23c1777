//! A document has one title and reads the same on every machine.

use super::Finding;
use super::tree::Tree;

/// Where the absolute paths of somebody's machine begin.
const PLACES: &[&str] = &["/work/", "/root/", "/home/"];

/// Finds Markdown documents without exactly one title, and absolute paths in them.
pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    tree.ending(".md").flat_map(|(path, text)| check_document(path, text)).collect()
}

fn check_document(path: &str, text: &str) -> Vec<Finding> {
    let finding = |line, what, advice| Finding { path: path.to_owned(), line, what, advice };
    let mut findings = Vec::new();
    let titles = titles(text);
    if titles.len() != 1 {
        let line = titles.get(1).copied().unwrap_or(1);
        let what = format!("{} titles instead of one", titles.len());
        findings.push(finding(line, what, "keep one line that starts with a single `#`"));
    }
    for (index, line) in text.lines().enumerate() {
        if let Some(place) = PLACES.iter().find(|place| line.contains(**place)) {
            let what = format!("a path under `{place}`");
            findings.push(finding(index + 1, what, "write it relative to the repository"));
        }
    }
    findings
}

/// Returns the line numbers of the titles, which are not comments in a fenced example.
fn titles(text: &str) -> Vec<usize> {
    let mut titles = Vec::new();
    let mut fenced = false;
    for (index, line) in text.lines().enumerate() {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
        } else if !fenced && line.starts_with("# ") {
            titles.push(index + 1);
        }
    }
    titles
}
