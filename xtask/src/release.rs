//! `release`: the one file that is handed out.

use std::fs;
use std::process::ExitCode;

use anyhow::{Context, Result};

use crate::metadata::Metadata;
use crate::say::say;
use crate::{refuse_words, shell, ui};

/// Builds the desk and lays it under `target/dist`, with its size and, where `sha256sum` exists, its checksum.
pub(crate) fn run(words: &[&str]) -> Result<ExitCode> {
    refuse_words("release", words)?;
    ui::build()?;
    let build = ["build", "--release", "--locked", "--package", "backsight"];
    shell::succeed(&mut shell::cargo(&build))?;

    let target = Metadata::read()?.target;
    let dist = target.join("dist");
    fs::create_dir_all(&dist).with_context(|| format!("making `{}`", dist.display()))?;
    let built = target.join("release/backsight");
    let bytes = fs::copy(&built, dist.join("backsight"))
        .with_context(|| format!("copying `{}`", built.display()))?;
    say(format_args!("{}: {bytes} bytes", dist.join("backsight").display()));

    let mut checksum = shell::program("sha256sum", &["backsight"]);
    match shell::capture(checksum.current_dir(&dist)) {
        Ok(line) => {
            fs::write(dist.join("backsight.sha256"), &line).context("writing the checksum")?;
            say(line.trim_end());
        }
        Err(error) => say(format_args!("no checksum: {error:#}")),
    }
    Ok(ExitCode::SUCCESS)
}
