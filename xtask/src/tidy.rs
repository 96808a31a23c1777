//! `tidy`: what a compiler does not see and a reviewer should not have to.
//!
//! Every check is a pure function from the tracked files, or from what cargo knows of the packages, to findings. A
//! finding says where, what, and what to do about it. There is no list of exceptions to maintain: a rule that needs
//! one is the wrong rule.
//!
//! | Module | Refuses |
//! |---|---|
//! | `arrows` | a crate that uses one it must not know |
//! | `names` | a file or type whose name says nothing |
//! | `leftovers` | notes to oneself, unfinished code, silenced tests and lints |
//! | `sizes` | a file that became two, a blob nobody reviews |
//! | `markdown` | a document with two titles or a path of somebody's machine |
//! | `dependencies` | a dependency that nobody argued for |
//! | `purity` | a clock, a file, a socket, a thread or a hash map where replay would notice |
//! | `licences` | a package that we may not hand on |

mod arrows;
mod dependencies;
mod leftovers;
mod licences;
mod markdown;
mod names;
mod parted;
mod purity;
mod sizes;
mod tree;

use std::fmt;
use std::process::ExitCode;

use anyhow::{Result, bail};

use crate::metadata::Metadata;
use crate::say::say;
use crate::{refuse_words, shell};
use tree::Tree;

/// One thing that is not as it should be.
#[derive(Debug, Eq, PartialEq)]
struct Finding {
    path: String,
    line: usize,
    what: String,
    advice: &'static str,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {} - {}", self.path, self.line, self.what, self.advice)
    }
}

/// Checks the repository as a command of its own.
pub(crate) fn run(words: &[&str]) -> Result<ExitCode> {
    refuse_words("tidy", words)?;
    check()?;
    Ok(ExitCode::SUCCESS)
}

/// Checks the repository and prints what it finds.
///
/// # Errors
/// Fails when there is a finding.
pub(crate) fn check() -> Result<()> {
    let tree = Tree::read(shell::root())?;
    let metadata = Metadata::read()?;
    let findings = findings(&tree, &metadata)?;
    for finding in &findings {
        say(finding);
    }
    if !findings.is_empty() {
        bail!("{} findings", findings.len());
    }
    say(format_args!(
        "{} files and {} packages are tidy",
        tree.leaves.len(),
        metadata.packages.len()
    ));
    Ok(())
}

fn findings(tree: &Tree, metadata: &Metadata) -> Result<Vec<Finding>> {
    let findings = [
        arrows::check(tree, metadata),
        names::check(tree),
        leftovers::check(tree),
        sizes::check(tree),
        markdown::check(tree),
        dependencies::check(tree, metadata)?,
        purity::check(tree),
        licences::check(tree, metadata),
    ];
    Ok(findings.into_iter().flatten().collect())
}

#[cfg(test)]
mod tests;
