//! `bench`: one machine, three builds, one page.
//!
//! The bench program of `sim` is built for any machine (generic), for this one (native) and without vector
//! instructions from loops (scalar), each under a folder of its own so that the builds do not evict each other. It prints
//! lines of two forms:
//!
//! ```text
//! ROW | name | value | unit | goal | note
//! DIGEST | name | hex
//! ```
//!
//! The digests of the three builds must be equal: a figure from a build that decides otherwise is worth nothing, and no
//! page is written. Rows become the generated part of `docs/PERFORMANCE.md`. The journal's own bench is run beside them,
//! and with `--peers` so are other systems, over the tapes that the bench exports.

mod peers;

use std::fs;
use std::process::ExitCode;

use anyhow::{Context, Result, bail, ensure};

use crate::metadata::Metadata;
use crate::say::say;
use crate::shell;

const PAGE: &str = "docs/PERFORMANCE.md";
const BEGIN: &str = "<!-- generated: begin -->";
const END: &str = "<!-- generated: end -->";

/// Name and compiler flags of each build; the page has one column for each.
const BUILDS: [(&str, &str); 3] = [
    ("generic", ""),
    ("native", "-C target-cpu=native"),
    ("scalar", "-C no-vectorize-loops -C no-vectorize-slp"),
];

/// Times writing and reading journals.
const JOURNAL_BENCH: [&str; 5] = ["bench", "--quiet", "--locked", "--package", "backsight-journal"];

/// What one build printed.
#[derive(Debug, Default)]
struct Report {
    rows: Vec<Row>,
    digests: Vec<Digest>,
}

#[derive(Clone, Debug)]
struct Row {
    name: String,
    value: String,
    unit: String,
    goal: String,
    note: String,
}

#[derive(Debug, Eq, PartialEq)]
struct Digest {
    name: String,
    hex: String,
}

/// Builds, measures, compares and writes the page.
pub(crate) fn run(words: &[&str]) -> Result<ExitCode> {
    let (asked, words): (Vec<&str>, Vec<&str>) = words.iter().partition(|&&word| word == "--peers");
    let path = shell::root().join(PAGE);
    let page = fs::read_to_string(&path).with_context(|| format!("reading `{PAGE}`"))?;
    // A page without markers is found before an hour of measuring, not after it.
    replace_generated(&page, "")?;

    let target = Metadata::read()?.target;
    let mut reports = Vec::new();
    for (name, flags) in BUILDS {
        say(format_args!("\n== bench, {name} build"));
        let folder = target.join(format!("bench-{name}"));
        let build =
            ["build", "--release", "--locked", "--package", "backsight-sim", "--bin", "bench"];
        let mut build = shell::cargo(&build);
        shell::succeed(build.arg("--target-dir").arg(&folder).env("RUSTFLAGS", flags))?;
        let output = shell::capture(&mut shell::program(folder.join("release/bench"), &words))?;
        say(output.trim_end());
        reports.push(Report::parse(&output).with_context(|| format!("the {name} build"))?);
    }
    compare_digests(&reports)?;
    let mut text = generated(&reports)?;
    text += &single("Journal", &rows_of(&shell::capture(&mut shell::cargo(&JOURNAL_BENCH))?)?);
    if !asked.is_empty() {
        let ours = target.join("bench-generic/release/bench");
        text += &single("Peers", &peers::measure(&target.join("peers"), &ours)?);
    }
    fs::write(&path, replace_generated(&page, &text)?)
        .with_context(|| format!("writing `{PAGE}`"))?;
    say(format_args!("\nall digests are equal; `{PAGE}` is written"));
    Ok(ExitCode::SUCCESS)
}

impl Report {
    /// Reads the lines of the two forms and passes over all others.
    fn parse(output: &str) -> Result<Self> {
        let mut report = Self::default();
        for line in output.lines() {
            let fields: Vec<String> =
                line.split('|').map(|field| field.trim().to_owned()).collect();
            let malformed = || format!("line `{line}`");
            match fields[0].as_str() {
                "ROW" => report.rows.push(Row::new(fields).with_context(malformed)?),
                "DIGEST" => report.digests.push(Digest::new(fields).with_context(malformed)?),
                _ => {}
            }
        }
        ensure!(!report.rows.is_empty(), "no row was printed");
        ensure!(!report.digests.is_empty(), "no digest was printed");
        Ok(report)
    }

    /// Returns the value of the row called `name`, or a dash.
    fn value(&self, name: &str) -> &str {
        self.rows.iter().find(|row| row.name == name).map_or("-", |row| &row.value)
    }
}

/// Reads the rows of a program that prints no digests.
fn rows_of(output: &str) -> Result<Vec<Row>> {
    let rows = output.lines().filter(|line| line.starts_with("ROW"));
    rows.map(|line| {
        let fields = line.split('|').map(|field| field.trim().to_owned()).collect();
        Row::new(fields).with_context(|| format!("line `{line}`"))
    })
    .collect()
}

impl Row {
    fn new(fields: Vec<String>) -> Result<Self> {
        let Ok([_, name, value, unit, goal, note]) = <[String; 6]>::try_from(fields) else {
            bail!("a row has a name, a value, a unit, a goal and a note");
        };
        Ok(Self { name, value, unit, goal, note })
    }
}

impl Digest {
    fn new(fields: Vec<String>) -> Result<Self> {
        let Ok([_, name, hex]) = <[String; 3]>::try_from(fields) else {
            bail!("a digest has a name and a value");
        };
        Ok(Self { name, hex })
    }
}

/// Refuses reports that do not all hold the same digests.
fn compare_digests(reports: &[Report]) -> Result<()> {
    for (pair, builds) in reports.windows(2).zip(BUILDS.windows(2)) {
        let (one, other) = (&pair[0].digests, &pair[1].digests);
        ensure!(
            one == other,
            "{} and {} builds decide differently: {one:?} {other:?}",
            builds[0].0,
            builds[1].0
        );
    }
    Ok(())
}

/// Writes the machine, the commit and the table.
fn generated(reports: &[Report]) -> Result<String> {
    let cores = std::thread::available_parallelism().context("counting cores")?;
    let commit =
        shell::capture(&mut shell::program("git", &["show", "-s", "--format=%h of %cs", "HEAD"]))?;
    let changed = shell::capture(&mut shell::program("git", &["status", "--porcelain"]))?;
    let changed = if changed.is_empty() { "" } else { " with uncommitted changes" };
    let header =
        format!("Machine: {}, {cores} cores. Commit {}{changed}.\n\n", cpu()?, commit.trim());
    Ok(header + &table(reports))
}

fn cpu() -> Result<String> {
    let listed = fs::read_to_string("/proc/cpuinfo").context("reading the processor's name")?;
    let named = listed.lines().find_map(|line| line.strip_prefix("model name")?.split_once(':'));
    Ok(named.map_or("unknown processor", |(_, name)| name.trim()).to_owned())
}

fn table(reports: &[Report]) -> String {
    let builds = BUILDS.map(|(name, _)| name).join(" | ");
    let header =
        format!("| Figure | Unit | {builds} | Goal | Note |\n|---|---|--:|--:|--:|--:|---|\n");
    let line = |row: &Row| {
        let values: Vec<&str> = reports.iter().map(|report| report.value(&row.name)).collect();
        let Row { name, unit, goal, note, .. } = row;
        format!("| {name} | {unit} | {} | {goal} | {note} |\n", values.join(" | "))
    };
    let rows = reports.first().into_iter().flat_map(|report| &report.rows);
    rows.fold(header, |table, row| table + &line(row))
}

/// Writes a table of figures that were measured once, under a title of its own.
fn single(title: &str, rows: &[Row]) -> String {
    let header = format!(
        "\n### {title}\n\n| Figure | Value | Unit | Goal | Note |\n|---|--:|---|--:|---|\n"
    );
    rows.iter().fold(header, |table, row| {
        let Row { name, value, unit, goal, note } = row;
        table + &format!("| {name} | {value} | {unit} | {goal} | {note} |\n")
    })
}

/// Returns the page with a new text between its markers.
fn replace_generated(page: &str, text: &str) -> Result<String> {
    let missing = |marker| format!("`{PAGE}` lacks the line `{marker}`");
    let (before, rest) = page.split_once(BEGIN).with_context(|| missing(BEGIN))?;
    let (_, after) = rest.split_once(END).with_context(|| missing(END))?;
    Ok(format!("{before}{BEGIN}\n\n{text}\n{END}{after}"))
}

#[cfg(test)]
mod tests;
