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

/// Lets the desk die at every disk operation of a short session, for a range of seeds.
pub(crate) fn crash_everywhere(seeds: &str) -> Result<()> {
    let world = ["--sessions", "1", "--symbols", "4", "--start", HALF_DAY];
    let words = ["--", "--every-crash", "--profile", "standard", "--seeds", seeds];
    shell::succeed(shell::cargo(&BUILD).args(words).args(world))
}

/// A session that ends at 13:00 in New York: half the operations of a full one.
const HALF_DAY: &str = "2024-07-03";
