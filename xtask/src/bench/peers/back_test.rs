//! The back-test beside a loop written by hand and beside barter-rs, over the tapes that the bench exports.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use super::super::{BUILDS, Row, build_back_test, rows_of};
use super::{text, turns};
use crate::say::say;
use crate::{python, shell};

/// What the hand-written loop needs.
const NUMBA: [&str; 2] = ["numba==0.61.2", "numpy==2.2.6"];
const HAND_LOOP: &str = "bench/peers/numba/hand_loop.py";
const BARTER: &str = "bench/peers/barter/Cargo.toml";

const TURNS: usize = 5;
/// Timed runs of each system in a turn.
const RUNS: &str = "3";

/// The programs that are compared; a peer may be absent.
struct Programs {
    ours: PathBuf,
    python: Option<PathBuf>,
    barter: Option<PathBuf>,
}

pub(super) fn measure(target: &Path, folder: &Path) -> Result<Vec<Row>> {
    let mut absent = Vec::new();
    let mut keep = |name: &str, made: Result<PathBuf>| {
        made.map_err(|error| absent.push(Row::absent(name, &error))).ok()
    };
    let programs = Programs {
        ours: build_back_test(BUILDS[0], target)?,
        python: keep("numba hand loop", python::environment(&folder.join("numba"), &NUMBA)),
        barter: keep("barter-rs 0.14", build(folder)),
    };
    let mut rows = Vec::new();
    for data in ["A", "B"] {
        let tape = folder.join(format!("{data}.tape"));
        let tape = text(&tape)?;
        shell::succeed(&mut shell::program(&programs.ours, &["--export", tape, "--data", data]))?;
        let turns = turns::take(TURNS, |turn| {
            say(format_args!("\n== peers on {data}, turn {turn} of {TURNS}"));
            programs.turn(data, tape)
        })?;
        // Ours comes first, and all others stand beside it.
        rows.extend(turns::summary(&turns, |_, place| (place != 0).then_some(0))?);
    }
    rows.append(&mut absent);
    Ok(rows)
}

impl Programs {
    /// Runs every system once; ours comes first.
    fn turn(&self, data: &str, tape: &str) -> Result<Vec<Row>> {
        let numba = format!("{data}: numba hand loop");
        let barter = format!("{data}: barter-rs 0.14");
        let ours = shell::program(&self.ours, &["--anchor", "--runs", RUNS, "--data", data]);
        let python = self.python.iter();
        let python = python.map(|it| shell::program(it, &[HAND_LOOP, tape, RUNS, &numba]));
        let peer = self.barter.iter().map(|it| shell::program(it, &[tape, RUNS, &barter]));
        let mut commands: Vec<Command> = [ours].into_iter().chain(python).chain(peer).collect();
        let mut rows = Vec::new();
        for command in &mut commands {
            let output = shell::capture(command)?;
            say(output.trim_end());
            rows.extend(rows_of(&output)?);
        }
        Ok(rows)
    }
}

/// Builds the program around barter, which is a package outside the workspace.
fn build(folder: &Path) -> Result<PathBuf> {
    let target = folder.join("barter");
    let mut build = shell::cargo(&["build", "--release", "--locked", "--manifest-path", BARTER]);
    shell::succeed(build.arg("--target-dir").arg(&target))?;
    Ok(target.join("release/barter-peer"))
}
