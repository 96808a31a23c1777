//! Nothing is left lying about: no notes to oneself, no unfinished code, no silenced test or lint.

use super::Finding;
use super::parted::holds;
use super::tree::Tree;

/// Code that may not stay.
const CODE: &[(&str, &str)] = &[
    ("todo!(", "write it or leave it out"),
    ("unimplemented!(", "write it or leave it out"),
    ("dbg!(", "remove it"),
    ("#[ignore", "mend the test or delete it"),
    ("[allow(", "mend the cause or use `#[expect(lint, reason = \"...\")]`"),
];

/// Other source files, where comments are not parted from code.
const OTHER: &[&str] =
    &[".toml", ".sh", ".yml", ".yaml", ".sql", ".ts", ".js", ".svelte", ".css", ".html"];

/// Finds leftovers in source files; documents may speak about them.
pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, parted) in tree.rust() {
        findings.extend(check_lines(path, &parted.code, code));
        findings.extend(check_lines(path, &parted.comments, note));
    }
    for end in OTHER {
        for (path, text) in tree.ending(end) {
            findings.extend(check_lines(path, text, note));
        }
    }
    findings
}

type Verdict = Option<(&'static str, &'static str)>;

fn check_lines(path: &str, text: &str, verdict: fn(&str) -> Verdict) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (index, line) in text.lines().enumerate() {
        if let Some((pattern, advice)) = verdict(line) {
            let what = format!("`{pattern}` is left");
            findings.push(Finding { path: path.to_owned(), line: index + 1, what, advice });
        }
    }
    findings
}

fn code(line: &str) -> Verdict {
    CODE.iter().copied().find(|(pattern, _)| holds(line, pattern))
}

fn note(line: &str) -> Verdict {
    for word in ["FIXME", "XXX"] {
        if holds(line, word) {
            return Some((word, "do it before merging"));
        }
    }
    let unnumbered = |rest: &str| {
        let number = rest.strip_prefix("(#").and_then(|rest| rest.split_once(')'));
        number.is_none_or(|(digits, _)| digits.parse::<u32>().is_err())
    };
    let left = holds(line, "TODO") && line.split("TODO").skip(1).any(unnumbered);
    left.then_some(("TODO", "name the issue as in `TODO(#12)`, or do it"))
}
