//! Names the build by its commit, so that a journal says which build wrote it.

use std::path::Path;
use std::process::Command;

fn main() {
    let commit = commit().unwrap_or_else(|| "unknown".into());
    println!("cargo::rustc-env=BACKSIGHT_COMMIT={commit}");
}

/// The commit that is checked out. Sources that were unpacked from an archive have none.
fn commit() -> Option<String> {
    let head = git(&["rev-parse", "--path-format=absolute", "--git-path", "HEAD"])?;
    let log = git(&["rev-parse", "--path-format=absolute", "--git-path", "logs/HEAD"])?;
    // The log of the head grows with every commit and every checkout; a branch's own file may be
    // packed away.
    for path in [head, log] {
        if Path::new(&path).exists() {
            println!("cargo::rerun-if-changed={path}");
        }
    }
    println!("cargo::rerun-if-changed=build.rs");
    git(&["rev-parse", "--short=12", "HEAD"])
}

fn git(arguments: &[&str]) -> Option<String> {
    let output = Command::new("git").args(arguments).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| text.trim().to_owned())
}
