//! Whether others read what `backsight export` writes: `DuckDB`, Polars and pandas, and
//! `backsight sql` beside them.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::metadata::Metadata;
use crate::say::say;
use crate::{python, shell};

const READER: &str = "bench/tables/read.py";
const PACKAGES: [&str; 4] = ["duckdb==2.0.0", "polars==2.1.0", "pandas==3.1.1", "pyarrow==26.0.1"];
/// Sums are made in different orders; so far they may differ, of what was added.
const TOLERANCE: f64 = 1e-9;

/// Exports a desk's tables and holds what each reader sees to what the desk's own tables say.
///
/// # Errors
/// Fails when a reader cannot be installed or sees something else.
pub(crate) fn check() -> Result<()> {
    let target = Metadata::read()?.target;
    let python = python::environment(&target.join("peers/tables"), &PACKAGES)?;
    shell::succeed(&mut shell::cargo(&["build", "--locked", "--package", "backsight"]))?;
    let desk = Desk::begin(&target)?;
    desk.json(&["demo", "--headless", "--days", "2", "--symbols", "20"])?;
    let out = desk.home.join("out");
    let folder = out.to_str().context("the folder is text")?;
    for format in ["parquet", "csv"] {
        desk.json(&["export", "--all", "--format", format, "--out", folder])?;
    }
    let seen = shell::capture(&mut shell::program(&python, &[READER, folder]))?;
    let seen: Vec<Value> = serde_json::from_str(&seen).context("what the readers saw")?;
    ensure!(!seen.is_empty(), "the readers saw no file");
    for file in &seen {
        desk.compare(file)?;
    }
    say(format_args!("{} readings of exported tables agree with `backsight sql`", seen.len()));
    fs::remove_dir_all(&desk.home).with_context(|| format!("removing `{}`", desk.home.display()))
}

/// The built binary and a home for it.
struct Desk {
    binary: PathBuf,
    home: PathBuf,
}

impl Desk {
    fn begin(target: &Path) -> Result<Self> {
        let home = target.join("tables-home");
        if home.exists() {
            fs::remove_dir_all(&home).with_context(|| format!("removing `{}`", home.display()))?;
        }
        Ok(Self { binary: target.join("debug/backsight"), home })
    }

    fn json(&self, words: &[&str]) -> Result<Value> {
        let mut command = shell::program(&self.binary, words);
        let output = shell::capture(command.arg("--json").env("BACKSIGHT_HOME", &self.home))?;
        serde_json::from_str(&output).with_context(|| format!("what `{}` prints", words.join(" ")))
    }

    /// Compares what one reader saw in one file with the desk's own table.
    fn compare(&self, seen: &Value) -> Result<()> {
        let text = |name: &str| seen[name].as_str().context("a reader tells its name and file");
        let (reader, file) = (text("reader")?, text("file")?);
        let name = file.split('.').next().unwrap_or_default();
        let table = if name == "bars" { "lane_telemetry" } else { name };
        let sums = seen["sums"].as_object().context("a reader tells sums")?;
        let asked: Vec<String> = sums
            .keys()
            .map(|column| {
                format!(", SUM({column}) AS {column}, SUM(ABS({column})) AS all_{column}")
            })
            .collect();
        let statement = format!("SELECT COUNT(*) AS rows_seen{} FROM {table}", asked.concat());
        let ours = &self.json(&["sql", &statement])?["rows"][0];
        ensure!(
            seen["rows"] == ours["rows_seen"],
            "{reader} sees {} rows in `{file}`, the table has {}",
            seen["rows"],
            ours["rows_seen"]
        );
        for (column, theirs) in sums {
            let number = |value: &Value| value.as_f64().unwrap_or(0.0);
            let (theirs, sum) = (number(theirs), number(&ours[column]));
            let all = number(&ours[format!("all_{column}")]);
            ensure!(
                (theirs - sum).abs() <= TOLERANCE * all.max(1.0),
                "{reader} sums `{column}` of `{file}` to {theirs}, the table to {sum}"
            );
        }
        Ok(())
    }
}
