//! The Debian packages that tests and peers need: installed where we may, named exactly where we may not.

use anyhow::{Result, bail};

use crate::shell;

/// What the tests start beside our own programs.
const WANTED: &[&str] = &["postgresql", "python3-aiosmtpd"];

/// Makes sure that every package that tests want is there.
pub(crate) fn ensure() -> Result<()> {
    install(WANTED)
}

/// Makes sure that packages are there; asks nothing of a machine that has them all.
///
/// # Errors
/// Fails when one is absent and cannot be installed.
pub(crate) fn install(wanted: &[&str]) -> Result<()> {
    if wanted.is_empty() {
        return Ok(());
    }
    let format = "--showformat=${Package} ${db:Status-Status}\n";
    let absent =
        absent(wanted, &shell::capture(&mut shell::program("dpkg-query", &["--show", format]))?);
    if absent.is_empty() {
        return Ok(());
    }
    let root = shell::capture(&mut shell::program("id", &["-u"]))?.trim() == "0";
    if !root {
        bail!("missing packages; install them with `sudo apt-get install {}`", absent.join(" "));
    }
    let quiet = |words: &[&str]| {
        shell::prepare(shell::program("apt-get", words).env("DEBIAN_FRONTEND", "noninteractive"))
    };
    quiet(&["update", "--quiet"])?;
    quiet(
        &[&["install", "--quiet", "--yes", "--no-install-recommends"], absent.as_slice()].concat(),
    )
}

/// Returns the wanted packages that dpkg's list does not show as installed.
fn absent<'a>(wanted: &[&'a str], listed: &str) -> Vec<&'a str> {
    let there = |name: &str| listed.lines().any(|line| line == format!("{name} installed"));
    wanted.iter().copied().filter(|name| !there(name)).collect()
}

#[cfg(test)]
mod tests;
