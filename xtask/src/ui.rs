//! `ui`: checks the pages and builds their bundle into `ui/dist`, from where it goes into the binary.
//!
//! Each step is left out when nothing it reads has changed: packages by their lock, the bundle by everything in `ui/`
//! and the description of the API. `--look` then opens every page in Debian's Chromium. A machine without Node can
//! still build the desk, which then runs without pages.

use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::Hasher;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, bail};

use crate::metadata::Metadata;
use crate::say::complain;
use crate::{packages, shell};

/// The oldest Node that builds the pages, which is the oldest that Vite 8 takes.
const NODE_MIN: (u32, u32) = (20, 19);
/// What the types of the pages are made from.
const DESCRIPTION: &str = "crates/web/openapi.json";
/// Files of `ui/` that are made and not written.
const MADE: &[&str] = &["dist", "node_modules", "schema.d.ts"];

/// What the browser that looks at the pages needs: itself, and letters to show.
const BROWSER: &[&str] = &["chromium", "fonts-inter"];

/// Checks and builds the pages; with `--look`, also looks at them in a browser.
pub(crate) fn run(words: &[&str]) -> Result<ExitCode> {
    match words {
        [] => build()?,
        ["--look"] => look()?,
        [word, ..] => bail!("`cargo xtask ui` does not know `{word}`"),
    }
    Ok(ExitCode::SUCCESS)
}

/// Holds the pages to the demo of the real desk, in a real browser, and keeps what they look like under
/// `target/pages`.
///
/// # Errors
/// Fails when a page breaks one of the facts of `ui/e2e/run.mjs`.
pub(crate) fn look() -> Result<()> {
    build()?;
    packages::install(BROWSER)?;
    shell::succeed(&mut shell::cargo(&["build", "--locked", "--package", "backsight"]))?;
    let target = Metadata::read()?.target;
    let suite = shell::root().join("ui/e2e/run.mjs");
    let mut node = shell::program("node", &[]);
    node.arg(suite).arg(target.join("debug/backsight")).arg(target.join("pages"));
    shell::succeed(&mut node)
}

/// Checks and builds the pages, as far as that is not done.
///
/// # Errors
/// Fails when Node is missing or too old, or when a page does not pass its checks.
pub(crate) fn build() -> Result<()> {
    node()?;
    install()?;
    let stamp = Stamp::new("node_modules/.built", inputs()?);
    if stamp.holds() && folder().join("dist/index.html").is_file() {
        complain("the pages are built: ui/dist");
        return Ok(());
    }
    if shell::root().join(DESCRIPTION).is_file() {
        shell::prepare(&mut npm(&["run", "--silent", "types"]))?;
    }
    shell::prepare(&mut npm(&["run", "--silent", "check"]))?;
    shell::prepare(&mut npm(&["run", "--silent", "build"]))?;
    stamp.set()?;
    complain("built ui/dist");
    Ok(())
}

/// Makes sure that the packages of the lock are there.
fn install() -> Result<()> {
    let lock = folder().join("package-lock.json");
    let lock = fs::read(&lock).with_context(|| format!("reading `{}`", lock.display()))?;
    let stamp = Stamp::new("node_modules/.installed", digest([lock.as_slice()]));
    if stamp.holds() {
        return Ok(());
    }
    shell::prepare(&mut npm(&["ci", "--loglevel=error"]))?;
    stamp.set()
}

/// Makes sure that Node and npm are there and young enough; installs them where we may.
fn node() -> Result<()> {
    let asked = |name: &str| shell::capture(&mut shell::program(name, &["--version"])).ok();
    let wanted: Vec<&str> = [("node", "nodejs"), ("npm", "npm")]
        .into_iter()
        .filter(|(program, _)| asked(program).is_none())
        .map(|(_, package)| package)
        .collect();
    packages::install(&wanted)?;
    let found = asked("node").unwrap_or_default();
    let (major, minor) = NODE_MIN;
    if version(&found).is_none_or(|version| version < NODE_MIN) {
        bail!(
            "node `{}` is older than {major}.{minor}, which the pages need; install a newer Node, or \
             build without pages: `cargo build --release --package backsight`",
            found.trim()
        );
    }
    Ok(())
}

/// Reads `v20.19.4`.
fn version(text: &str) -> Option<(u32, u32)> {
    let mut parts = text.trim().strip_prefix('v')?.split('.');
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

/// Prepares `npm` in the folder of the pages.
pub(crate) fn npm(words: &[&str]) -> Command {
    let mut command = shell::program("npm", words);
    command.current_dir(folder());
    command
}

/// The folder of the pages.
fn folder() -> PathBuf {
    shell::root().join("ui")
}

/// A digest of everything that the bundle is made from.
fn inputs() -> Result<u64> {
    let mut files = vec![shell::root().join(DESCRIPTION)];
    collect(&folder(), &mut files)?;
    files.sort();
    let mut parts = Vec::new();
    for file in files.iter().filter(|file| file.is_file()) {
        parts.push(file.to_string_lossy().into_owned().into_bytes());
        parts.push(fs::read(file).with_context(|| format!("reading `{}`", file.display()))?);
    }
    Ok(digest(parts.iter().map(Vec::as_slice)))
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    let entries =
        fs::read_dir(folder).with_context(|| format!("reading `{}`", folder.display()))?;
    for entry in entries {
        let entry = entry?;
        if MADE.iter().any(|made| entry.file_name() == *made) {
            continue;
        }
        if entry.file_type()?.is_dir() {
            collect(&entry.path(), files)?;
        } else {
            files.push(entry.path());
        }
    }
    Ok(())
}

fn digest<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> u64 {
    let mut hasher = DefaultHasher::new();
    for part in parts {
        hasher.write_usize(part.len());
        hasher.write(part);
    }
    hasher.finish()
}

/// Remembers what a step was done from.
struct Stamp {
    path: PathBuf,
    digest: String,
}

impl Stamp {
    fn new(path: &str, digest: u64) -> Self {
        Self { path: folder().join(path), digest: format!("{digest:016x}\n") }
    }

    fn holds(&self) -> bool {
        fs::read_to_string(&self.path).is_ok_and(|text| text == self.digest)
    }

    fn set(&self) -> Result<()> {
        fs::write(&self.path, &self.digest)
            .with_context(|| format!("writing `{}`", self.path.display()))
    }
}

#[cfg(test)]
mod tests;
