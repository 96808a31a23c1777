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
//! page is written. Rows become the generated part of `docs/PERFORMANCE.md`. The benches of single crates follow, each with
//! a table of its own, and with `--peers` so do other systems, in turns with ours. With `--only TITLE` nothing is
//! written: the tables whose titles begin so are measured and printed.

mod peers;
mod single;
mod store;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Error, Result, bail, ensure};

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

/// A title and the rows under it.
#[derive(Debug)]
struct Table {
    title: &'static str,
    rows: Vec<Row>,
}

/// What is asked of the command itself; the other words go on to the bench program.
#[derive(Debug, Default, PartialEq)]
struct Request<'a> {
    peers: bool,
    /// The beginning of the titles of tables that are printed.
    only: Option<&'a str>,
    words: Vec<&'a str>,
}

/// Builds, measures, compares and writes the page.
pub(crate) fn run(words: &[&str]) -> Result<ExitCode> {
    let request = Request::parse(words)?;
    let target = Metadata::read()?.target;
    if let Some(title) = request.only {
        return print(&request, title, &target);
    }
    let path = shell::root().join(PAGE);
    let page = fs::read_to_string(&path).with_context(|| format!("reading `{PAGE}`"))?;
    // A page without markers is found before an hour of measuring, not after it.
    replace_generated(&page, "")?;

    let mut reports = Vec::new();
    for build in BUILDS {
        reports.push(build_report(build, &target, &request.words)?);
    }
    compare_digests(&reports)?;
    let mut text = generated(&reports)?;
    for table in single::measure("", request.peers)? {
        text += &table.text();
    }
    if request.peers {
        for table in peers::measure(&target, "")? {
            text += &table.text();
        }
    }
    fs::write(&path, replace_generated(&page, &text)?)
        .with_context(|| format!("writing `{PAGE}`"))?;
    say(format_args!("\nall digests are equal; `{PAGE}` is written"));
    Ok(ExitCode::SUCCESS)
}

/// Measures the tables whose titles begin with a word, and writes nothing.
fn print(request: &Request<'_>, title: &str, target: &Path) -> Result<ExitCode> {
    let mut tables = single::measure(title, request.peers)?;
    if request.peers {
        tables.extend(peers::measure(target, title)?);
    }
    ensure!(!tables.is_empty(), "no table's title begins with `{title}`");
    for table in &tables {
        say(table.text());
    }
    Ok(ExitCode::SUCCESS)
}

/// Builds the back-test's bench for one kind of machine and runs it.
fn build_report((name, flags): (&str, &str), target: &Path, words: &[&str]) -> Result<Report> {
    say(format_args!("\n== bench, {name} build"));
    let bench = build_back_test((name, flags), target)?;
    let output = shell::capture(&mut shell::program(bench, words))?;
    say(output.trim_end());
    Report::parse(&output).with_context(|| format!("the {name} build"))
}

/// Builds the back-test's bench, under a folder of its own, and returns the program.
fn build_back_test((name, flags): (&str, &str), target: &Path) -> Result<PathBuf> {
    let folder = target.join(format!("bench-{name}"));
    let build = ["build", "--release", "--locked", "--package", "backsight-sim", "--bin", "bench"];
    let mut build = shell::cargo(&build);
    shell::succeed(build.arg("--target-dir").arg(&folder).env("RUSTFLAGS", flags))?;
    Ok(folder.join("release/bench"))
}

impl<'a> Request<'a> {
    fn parse(words: &[&'a str]) -> Result<Self> {
        let mut request = Self::default();
        let mut words = words.iter();
        while let Some(&word) = words.next() {
            match word {
                "--peers" => request.peers = true,
                "--only" => request.only = Some(words.next().context("`--only` needs a title")?),
                other => request.words.push(other),
            }
        }
        Ok(request)
    }
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

    /// Says why something was not measured.
    fn absent(name: &str, error: &Error) -> Self {
        let root = format!("{}/", shell::root().display());
        // A bar would end the cell, and where the repository lies is nobody's business.
        let why = format!("{error:#}").replace(['|', '\n'], " ").replace(&root, "");
        let note = format!("not measured: {why}");
        let nothing = String::new();
        let (unit, goal) = (nothing.clone(), nothing);
        Self { name: name.to_owned(), value: "-".to_owned(), unit, goal, note }
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

impl Table {
    /// Writes figures that were measured once, under their title.
    fn text(&self) -> String {
        let header = format!(
            "\n### {}\n\n| Figure | Value | Unit | Goal | Note |\n|---|--:|---|--:|---|\n",
            self.title
        );
        self.rows.iter().fold(header, |table, row| {
            let Row { name, value, unit, goal, note } = row;
            table + &format!("| {name} | {value} | {unit} | {goal} | {note} |\n")
        })
    }
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
