//! `sim`: whole desks in simulated worlds, fast and with every check on.

use std::process::ExitCode;

use anyhow::Result;

use crate::shell;

const BUILD: [&str; 8] =
    ["run", "--locked", "--profile", "sweep", "--package", "backsight-sim", "--bin", "sim"];

/// Builds the simulator and becomes it, with the words given.
pub(crate) fn run(words: &[&str]) -> Result<ExitCode> {
    Err(shell::become_program(shell::cargo(&BUILD).arg("--").args(words)))
}

/// Simulates a range of seeds under the full set of faults.
pub(crate) fn sweep(seeds: &str) -> Result<()> {
    let words = ["--", "--seeds", seeds, "--profile", "full"];
    shell::succeed(shell::cargo(&BUILD).args(words))
}
