//! Option prices beside `QuantLib`'s, over the contracts that our bench exports.

use std::path::{Path, PathBuf};

use anyhow::Result;

use super::super::{Row, rows_of};
use super::{text, turns};
use crate::say::say;
use crate::{packages, shell};

const PACKAGES: [&str; 2] = ["g++", "libquantlib0-dev"];
const SOURCE: &str = "bench/quantlib/options.cpp";
const TURNS: usize = 3;

/// Which of our figures one of `QuantLib`'s stands beside.
const PAIRS: [(&str, &str); 4] = [
    ("QuantLib European price and Greeks", "European price and Greeks, one by one"),
    ("QuantLib QdFp fast, price and differences", "American price and Greeks"),
    ("QuantLib QdFp accurate, price", "American price without a table"),
    ("QuantLib implied volatility, Brent on QdFp fast", "American implied volatility"),
];

pub(super) fn measure(target: &Path, folder: &Path) -> Result<Vec<Row>> {
    let theirs = build(folder)?;
    let ours = [
        "build",
        "--release",
        "--locked",
        "--package",
        "backsight-quant",
        "--bin",
        "options_bench",
    ];
    shell::succeed(&mut shell::cargo(&ours))?;
    let ours = target.join("release/options_bench");
    let contracts = folder.join("contracts.txt");
    let contracts = text(&contracts)?;
    shell::succeed(&mut shell::program(&ours, &["--export", contracts]))?;
    let turns = turns::take(TURNS, |turn| {
        say(format_args!("\n== options, turn {turn} of {TURNS}"));
        let mut rows = Vec::new();
        for mut command in [shell::program(&ours, &[]), shell::program(&theirs, &[contracts])] {
            let output = shell::capture(&mut command)?;
            say(output.trim_end());
            rows.extend(rows_of(&output)?);
        }
        Ok(rows)
    })?;
    turns::summary(&turns, beside)
}

/// Installs `QuantLib` where that is allowed, and builds the program around it.
fn build(folder: &Path) -> Result<PathBuf> {
    packages::install(&PACKAGES)?;
    let program = folder.join("quantlib-options");
    let words = ["-O3", "-std=c++17", SOURCE, "-lQuantLib", "-o", text(&program)?];
    shell::succeed(&mut shell::program("g++", &words))?;
    Ok(program)
}

pub(in super::super) fn beside(rows: &[Row], place: usize) -> Option<usize> {
    let (_, ours) = PAIRS.iter().find(|(theirs, _)| *theirs == rows[place].name)?;
    rows.iter().position(|row| row.name == *ours)
}
