//! Other systems, built or installed under `target/peers` and run over the same tapes as ours.
//!
//! A peer prints a time only when it finds the trades that stand beside the tape, and `differs` otherwise. Systems run
//! in turns, each one once before any of them again, so that a machine that slows down slows all of them. A ratio is
//! the median of the ratios within the turns.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use super::{Row, rows_of};
use crate::say::say;
use crate::shell;

/// What the hand-written loop needs.
const NUMBA: [&str; 2] = ["numba==0.61.2", "numpy==2.2.6"];
const HAND_LOOP: &str = "bench/peers/numba/hand_loop.py";
const BARTER: &str = "bench/peers/barter/Cargo.toml";

const TURNS: usize = 5;
/// Timed runs of each system in a turn.
const RUNS: &str = "3";

/// The programs that are compared.
struct Programs<'a> {
    ours: &'a Path,
    python: PathBuf,
    barter: PathBuf,
}

/// Measures every peer beside the desk's bench program.
pub(super) fn measure(folder: &Path, bench: &Path) -> Result<Vec<Row>> {
    fs::create_dir_all(folder).with_context(|| format!("making `{}`", folder.display()))?;
    let programs = Programs { ours: bench, python: install(folder)?, barter: build(folder)? };
    let mut rows = Vec::new();
    for data in ["A", "B"] {
        let tape = folder.join(format!("{data}.tape"));
        let tape = tape.to_str().context("a path that is text")?;
        shell::succeed(&mut shell::program(bench, &["--export", tape, "--data", data]))?;
        let mut turns = Vec::new();
        for turn in 1..=TURNS {
            say(format_args!("\n== peers on {data}, turn {turn} of {TURNS}"));
            turns.push(programs.turn(data, tape)?);
        }
        rows.extend(summary(&turns)?);
    }
    Ok(rows)
}

impl Programs<'_> {
    /// Runs every system once; ours comes first.
    fn turn(&self, data: &str, tape: &str) -> Result<Vec<Row>> {
        let numba = format!("{data}: numba hand loop");
        let barter = format!("{data}: barter-rs 0.14");
        let mut commands: [Command; 3] = [
            shell::program(self.ours, &["--anchor", "--runs", RUNS, "--data", data]),
            shell::program(&self.python, &[HAND_LOOP, tape, RUNS, &numba]),
            shell::program(&self.barter, &[tape, RUNS, &barter]),
        ];
        let mut rows = Vec::new();
        for command in &mut commands {
            let output = shell::capture(command)?;
            say(output.trim_end());
            rows.extend(rows_of(&output)?);
        }
        Ok(rows)
    }
}

/// Makes a Python environment of its own, once.
fn install(folder: &Path) -> Result<PathBuf> {
    let place = folder.join("numba");
    let python = place.join("bin/python");
    let path = place.to_str().context("a path that is text")?;
    if !python.exists() {
        shell::succeed(&mut shell::program("python3", &["-m", "venv", path]))?;
    }
    let [numba, numpy] = NUMBA;
    let words = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", numba, numpy];
    shell::succeed(&mut shell::program(&python, &words))?;
    Ok(python)
}

/// Builds the program around barter, which is a package outside the workspace.
fn build(folder: &Path) -> Result<PathBuf> {
    let target = folder.join("barter");
    let mut build = shell::cargo(&["build", "--release", "--locked", "--manifest-path", BARTER]);
    shell::succeed(build.arg("--target-dir").arg(&target))?;
    Ok(target.join("release/barter-peer"))
}

/// One row for each system from its rows of all turns.
pub(super) fn summary(turns: &[Vec<Row>]) -> Result<Vec<Row>> {
    let first = turns.first().context("no turn was run")?;
    ensure!(turns.iter().all(|turn| turn.len() == first.len()), "a system left rows out");
    let ours = figures(turns, 0).context("our own row has no figure")?;
    let rows = first.iter().enumerate().map(|(place, row)| {
        let Some(times) = figures(turns, place) else {
            let differs = turns.iter().map(|turn| &turn[place]).find(|row| nanos(row).is_none());
            return differs.unwrap_or(row).clone();
        };
        let ratios = times.iter().zip(&ours).map(|(time, ours)| time / ours).collect();
        let standing = match place {
            0 => String::new(),
            _ => format!("; {:.2} times ours", median(ratios)),
        };
        let (low, high) = bounds(&times);
        let about = row.note.split_once("; ").map_or("", |(_, about)| about);
        let note = format!("{} turns, {low:.2}..{high:.2}{standing}; {about}", turns.len());
        Row { value: format!("{:.2}", median(times)), note, ..row.clone() }
    });
    Ok(rows.collect())
}

/// The times of one system in all turns, unless one of them is no time.
fn figures(turns: &[Vec<Row>], place: usize) -> Option<Vec<f64>> {
    turns.iter().map(|turn| nanos(&turn[place])).collect()
}

fn nanos(row: &Row) -> Option<f64> {
    row.value.parse().ok()
}

fn bounds(times: &[f64]) -> (f64, f64) {
    times.iter().fold((f64::INFINITY, 0.0), |(low, high), &time| (low.min(time), high.max(time)))
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
