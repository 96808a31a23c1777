//! Whatever we build on can be handed on: permissive licences only.

use super::Finding;
use super::tree::Tree;
use crate::metadata::{Metadata, Package};

/// The licences we may hand on; `deny.toml` holds the same list.
const PERMISSIVE: &[&str] = &[
    "0BSD",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "CDLA-Permissive-2.0",
    "ISC",
    "MIT",
    "MIT-0",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

/// Exceptions that only give more freedom.
const EXCEPTIONS: &[&str] = &["LLVM-exception"];

/// Finds packages of others whose licence is unknown or not permissive.
pub(super) fn check(tree: &Tree, metadata: &Metadata) -> Vec<Finding> {
    metadata.theirs().filter_map(|package| check_package(tree, package)).collect()
}

fn check_package(tree: &Tree, package: &Package) -> Option<Finding> {
    let licence = package.licence.as_deref().unwrap_or("none");
    let what = format!("`{} {}` has the licence `{licence}`", package.name, package.version);
    let line = tree.line("Cargo.lock", &format!("name = \"{}\"", package.name));
    let advice = "choose another dependency";
    let finding = Finding { path: "Cargo.lock".to_owned(), line, what, advice };
    (!is_permissive(licence)).then_some(finding)
}

/// Says whether an SPDX expression lets us choose permissive licences only.
fn is_permissive(expression: &str) -> bool {
    // Old manifests write `MIT/Apache-2.0` for a choice.
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let mut tokens = Tokens { rest: spaced.split_whitespace().peekable() };
    let permissive = tokens.choice();
    permissive && tokens.rest.next().is_none()
}

/// A recursive descent over `OR`, `AND`, `WITH` and parentheses, the weakest binding first.
///
/// Each method reads to its end even when the answer is known, so that the caller goes on at the right token.
struct Tokens<'a> {
    rest: std::iter::Peekable<std::str::SplitWhitespace<'a>>,
}

impl Tokens<'_> {
    fn choice(&mut self) -> bool {
        let mut permissive = self.union();
        while self.rest.next_if_eq(&"OR").is_some() {
            permissive |= self.union();
        }
        permissive
    }

    fn union(&mut self) -> bool {
        let mut permissive = self.single();
        while self.rest.next_if_eq(&"AND").is_some() {
            permissive &= self.single();
        }
        permissive
    }

    fn single(&mut self) -> bool {
        if self.rest.next_if_eq(&"(").is_some() {
            let permissive = self.choice();
            return self.rest.next_if_eq(&")").is_some() && permissive;
        }
        let permissive = self.rest.next().is_some_and(|licence| PERMISSIVE.contains(&licence));
        if self.rest.next_if_eq(&"WITH").is_none() {
            return permissive;
        }
        let harmless = self.rest.next().is_some_and(|exception| EXCEPTIONS.contains(&exception));
        permissive && harmless
    }
}

#[cfg(test)]
mod tests;
