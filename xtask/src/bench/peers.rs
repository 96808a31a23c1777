//! Other systems, installed under `target/peers` and run over the same tapes as ours.
//!
//! A peer refuses to print a time unless it finds the trades that stand beside the tape. It runs right after the desk,
//! one block of runs after the other: on a machine that others use, a ratio is as rough as the wider of the two spreads.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use super::{Row, rows_of};
use crate::say::say;
use crate::shell;

/// What the hand-written loop needs.
const NUMBA: [&str; 2] = ["numba==0.61.2", "numpy==2.2.6"];
const HAND_LOOP: &str = "bench/peers/numba/hand_loop.py";
const RUNS: &str = "7";

/// Measures every peer beside the desk's bench program.
pub(super) fn measure(folder: &Path, bench: &Path) -> Result<Vec<Row>> {
    fs::create_dir_all(folder).with_context(|| format!("making `{}`", folder.display()))?;
    let python = install(folder)?;
    let mut rows = Vec::new();
    for data in ["A", "B"] {
        say(format_args!("\n== peers on {data}"));
        let tape = folder.join(format!("{data}.tape"));
        let tape = tape.to_str().context("a path that is text")?;
        shell::succeed(&mut shell::program(bench, &["--export", tape, "--data", data]))?;
        let words = ["--anchor", "--runs", RUNS, "--data", data];
        let mut pair = rows_of(&shell::capture(&mut shell::program(bench, &words))?)?;
        let name = format!("{data}: numba hand loop");
        let words = [HAND_LOOP, tape, RUNS, &name];
        pair.extend(rows_of(&shell::capture(&mut shell::program(&python, &words))?)?);
        rows.extend(ratios(pair)?);
    }
    Ok(rows)
}

/// Makes a Python environment of its own, once.
fn install(folder: &Path) -> Result<std::path::PathBuf> {
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

/// Adds to each row how it stands to the first, which is ours.
fn ratios(rows: Vec<Row>) -> Result<Vec<Row>> {
    let nanos = |row: &Row| row.value.parse::<f64>().with_context(|| format!("`{}`", row.value));
    let ours = nanos(rows.first().context("no row was printed")?)?;
    rows.into_iter()
        .enumerate()
        .map(|(place, row)| {
            if place == 0 {
                return Ok(row);
            }
            let ratio = nanos(&row)? / ours;
            Ok(Row { note: format!("{ratio:.2} times ours; {}", row.note), ..row })
        })
        .collect()
}
