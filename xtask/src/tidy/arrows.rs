//! Arrows between crates point down only.

use super::Finding;
use super::tree::Tree;
use crate::metadata::{Metadata, Package};

/// Which crate may use which, the highest first. A row may be there before its crate is.
const TABLE: &[(&str, &[&str])] = &[
    (
        "backsight",
        &[
            "web", "gateway", "store", "learning", "sim", "engine", "reading", "journal", "quant",
            "domain",
        ],
    ),
    ("web", &["domain", "quant", "journal", "engine", "store", "learning", "sim"]),
    ("gateway", &["domain", "journal", "reading"]),
    ("store", &["domain", "journal"]),
    ("learning", &["domain", "quant", "journal", "engine", "sim"]),
    ("sim", &["domain", "quant", "journal", "engine"]),
    ("engine", &["domain", "quant", "journal"]),
    ("reading", &["domain"]),
    ("journal", &["domain"]),
    ("quant", &["domain"]),
    ("domain", &[]),
    ("xtask", &[]),
];

/// Finds packages without a row, in the wrong folder, or with an arrow that the table does not have.
pub(super) fn check(tree: &Tree, metadata: &Metadata) -> Vec<Finding> {
    metadata.ours().flat_map(|package| check_package(tree, package)).collect()
}

fn check_package(tree: &Tree, package: &Package) -> Vec<Finding> {
    let finding =
        |line, what, advice| Finding { path: package.manifest.clone(), line, what, advice };
    let name = short(&package.name);
    let Some((_, allowed)) = TABLE.iter().find(|(row, _)| *row == name) else {
        let what = format!("crate `{name}` has no row in the table of arrows");
        return vec![finding(1, what, "add it to `tidy/arrows.rs` with a decision page")];
    };
    let mut findings = Vec::new();
    let folder = if name == "xtask" { "xtask".to_owned() } else { format!("crates/{name}") };
    if package.manifest != format!("{folder}/Cargo.toml") {
        let what = format!("crate `{name}` is not in `{folder}`");
        findings.push(finding(1, what, "name the folder like the crate"));
    }
    for need in package.needs.iter().filter(|need| need.ours) {
        let used = short(&need.name);
        if !allowed.contains(&used) {
            let line = tree.line(&package.manifest, &need.name);
            let what = format!("`{name}` uses `{used}`");
            findings.push(finding(line, what, "move the code to a crate that may know both"));
        }
    }
    findings
}

fn short(name: &str) -> &str {
    name.strip_prefix("backsight-").unwrap_or(name)
}
