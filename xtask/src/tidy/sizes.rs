//! A file is one subject, and everything in the repository can be read by a reviewer.

use super::Finding;
use super::parted::Parted;
use super::tree::{Leaf, Tree};

const LINES_EXPLAINED: usize = 600;
const LINES_MAX: usize = 1_000;
const BLOB_BYTES_MAX: usize = 512 * 1024;

/// What the head of a long module has to say.
const EXPLANATION: &str = "one thing because";

/// Finds long modules and large blobs.
pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let blobs = tree.leaves.iter().filter_map(check_blob);
    let modules = tree.ending(".rs").filter_map(|(path, text)| check_module(path, text));
    blobs.chain(modules).collect()
}

fn check_blob(leaf: &Leaf) -> Option<Finding> {
    let what = format!("{} bytes are more than {BLOB_BYTES_MAX}", leaf.bytes);
    let finding = finding(&leaf.path, what, "generate it, or fetch it where it is needed");
    (BLOB_BYTES_MAX < leaf.bytes).then_some(finding)
}

fn check_module(path: &str, text: &str) -> Option<Finding> {
    if path.ends_with("/tests.rs") || path.contains("/tests/") {
        return None;
    }
    let lines = lines_without_tests(text);
    let head = text.lines().take_while(|line| line.starts_with("//!"));
    let head = head.map(|line| line.trim_start_matches("//!").trim()).collect::<Vec<_>>().join(" ");
    if LINES_MAX < lines {
        let what = format!("{lines} lines are more than {LINES_MAX}");
        return Some(finding(path, what, "split it where its two subjects meet"));
    }
    if LINES_EXPLAINED < lines && !head.contains(EXPLANATION) {
        let what = format!("{lines} lines are more than {LINES_EXPLAINED} without an explanation");
        return Some(finding(
            path,
            what,
            "split it, or write in its head `... is one thing because ...`",
        ));
    }
    None
}

/// Counts the lines before a test module that stands in the same file.
fn lines_without_tests(text: &str) -> usize {
    let code = Parted::new(text).code;
    let lines: Vec<&str> = code.lines().collect();
    let inline = |pair: &[&str]| pair[0] == "#[cfg(test)]" && pair[1].starts_with("mod tests {");
    lines.windows(2).position(inline).unwrap_or(lines.len())
}

fn finding(path: &str, what: String, advice: &'static str) -> Finding {
    Finding { path: path.to_owned(), line: 1, what, advice }
}
