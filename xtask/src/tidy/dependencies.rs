//! Nobody takes a dependency in passing: each stands in one table, is used, and was argued for on a decision page.

use anyhow::{Context, Result};

use super::Finding;
use super::tree::Tree;
use crate::metadata::Metadata;

const TABLE: &str = "Cargo.toml";
const PAGES: &str = "docs/decisions/";

/// Finds dependencies without a page, without a user, or outside the table.
///
/// # Errors
/// Fails when there is no root manifest.
pub(super) fn check(tree: &Tree, metadata: &Metadata) -> Result<Vec<Finding>> {
    let rows = rows(tree.text(TABLE).context("no `Cargo.toml` in the root")?);
    let pages: Vec<&str> = tree
        .ending(".md")
        .filter(|(path, _)| path.starts_with(PAGES))
        .map(|(_, text)| text)
        .collect();
    let used = |name: &str| metadata.ours().any(|it| it.needs.iter().any(|need| need.name == name));

    let mut findings = Vec::new();
    for (name, line) in &rows {
        let finding = |what, advice| Finding { path: TABLE.to_owned(), line: *line, what, advice };
        if !pages.iter().any(|page| page.contains(&format!("`{name}`"))) {
            let what = format!("dependency `{name}` has no decision");
            findings.push(finding(what, "argue for it on a page in `docs/decisions`"));
        }
        if !used(name) {
            let what = format!("dependency `{name}` is used by no crate");
            findings.push(finding(what, "remove the row"));
        }
    }
    for package in metadata.ours() {
        for need in package.needs.iter().filter(|need| !need.ours) {
            if !rows.iter().any(|(name, _)| *name == need.name) {
                let line = tree.line(&package.manifest, &need.name);
                let what = format!("dependency `{}` is not in the workspace's table", need.name);
                let advice =
                    "add it to `[workspace.dependencies]` and write `.workspace = true` here";
                findings.push(Finding { path: package.manifest.clone(), line, what, advice });
            }
        }
    }
    Ok(findings)
}

/// Reads names and line numbers of the external rows of `[workspace.dependencies]`.
fn rows(manifest: &str) -> Vec<(&str, usize)> {
    let lines =
        manifest.lines().enumerate().skip_while(|(_, line)| *line != "[workspace.dependencies]");
    let lines = lines.skip(1).take_while(|(_, line)| !line.starts_with('['));
    let rows = lines.filter_map(|(index, line)| Some((line.split_once('=')?, index + 1)));
    let external = rows.filter(|((_, value), _)| !value.contains("path ="));
    external.map(|((name, _), line)| (name.trim().trim_matches('"'), line)).collect()
}
