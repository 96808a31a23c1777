//! The tables of a year: how fast they are made of the journal, and how soon they answer what pages ask.
//!
//! A desk is simulated with its tables out of reach, which is what simulation costs by itself; then the tables are made
//! anew from its journal, into `SQLite`. Questions are asked through `backsight sql`, which times them.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde_json::Value;

use super::{Row, Table};
use crate::metadata::Metadata;
use crate::say::say;
use crate::shell;
use crate::stopwatch::Stopwatch;

pub(super) const TITLE: &str = "Store";

/// Sessions of a year, and the symbols that are watched.
const SESSIONS: &str = "252";
const SYMBOLS: &str = "30";
/// How often each question is asked; the median counts.
const TURNS: usize = 5;

/// What pages and people ask most.
const QUESTIONS: [(&str, &str); 8] = [
    ("open positions", "SELECT * FROM v_open_positions_summary"),
    (
        "last 100 closed",
        "SELECT * FROM positions WHERE status = 'closed' ORDER BY changed DESC LIMIT 100",
    ),
    ("last 100 signals", "SELECT * FROM signals ORDER BY seq DESC LIMIT 100"),
    (
        "a symbol's signals",
        "SELECT s.*, v.checks FROM signals s JOIN verdicts v ON v.signal = s.id WHERE s.ticker = (SELECT MIN(ticker) FROM listings) ORDER BY s.seq DESC LIMIT 100",
    ),
    (
        "a symbol's session of bars",
        "SELECT * FROM lane_telemetry WHERE ticker = (SELECT MIN(ticker) FROM listings) AND ts >= (SELECT MAX(start) FROM minutes) - INTERVAL '1 day'",
    ),
    ("equity curves", "SELECT session_date, account, equity FROM sessions ORDER BY session_date"),
    (
        "worth of gates",
        "SELECT gate, account, COUNT(*), SUM(r_multiple), SUM(pnl) FROM ghost_refusals GROUP BY gate, account",
    ),
    (
        "last 100 ghosts",
        "SELECT g.*, s.first_refusal FROM ghosts g JOIN signals s ON s.id = g.id ORDER BY g.seq DESC LIMIT 100",
    ),
];

/// Simulates a year, makes its tables and asks them.
pub(super) fn measure() -> Result<Table> {
    say("\n== bench, Store");
    let target = Metadata::read()?.target;
    let build = ["build", "--release", "--quiet", "--locked", "--package", "backsight"];
    shell::succeed(&mut shell::cargo(&build))?;
    let desk = Desk::begin(&target)?;
    let watch = Stopwatch::start();
    desk.json(&["demo", "--headless", "--no-web", "--days", SESSIONS, "--symbols", SYMBOLS], true)?;
    let simulated = watch.seconds();
    let rebuilt = desk.json(&["rebuild"], false)?;
    let number =
        |name: &str| rebuilt[name].as_f64().with_context(|| format!("`{name}` of `rebuild`"));
    let (records, seconds) = (number("records")?, number("seconds")?);
    let about = format!("{SESSIONS} sessions of {SYMBOLS} symbols, {records:.0} records");
    let mut rows = vec![
        row(
            "records into SQLite",
            format!("{:.0}", records / seconds),
            "/s",
            "at least 20,000",
            &about,
        ),
        row(
            "simulation without tables",
            format!("{simulated:.1}"),
            "s",
            "",
            "journal and site's files included",
        ),
        row(
            "tables against simulation",
            format!("{:.2}", seconds / simulated),
            "times its time",
            "at most 3",
            "made anew behind the desk",
        ),
    ];
    for (name, statement) in QUESTIONS {
        let mut times = Vec::new();
        for _ in 0..TURNS {
            let answer = desk.json(&["sql", statement], false)?;
            times.push(answer["seconds"].as_f64().context("`sql` tells how long it took")? * 1e3);
        }
        times.sort_by(f64::total_cmp);
        let (median, longest) = (times[TURNS / 2], times[TURNS - 1]);
        let note = format!("{longest:.1} at most, of {TURNS}, each on a connection of its own");
        rows.push(row(name, format!("{median:.1}"), "ms", "at most 50", &note));
    }
    fs::remove_dir_all(&desk.home)
        .with_context(|| format!("removing `{}`", desk.home.display()))?;
    Ok(Table { title: TITLE, rows })
}

fn row(name: &str, value: String, unit: &str, goal: &str, note: &str) -> Row {
    let [name, unit, goal, note] = [name, unit, goal, note].map(str::to_owned);
    Row { name, value, unit, goal, note }
}

/// The built binary and a home for it.
struct Desk {
    binary: PathBuf,
    home: PathBuf,
}

impl Desk {
    fn begin(target: &Path) -> Result<Self> {
        let home = target.join("bench-store");
        if home.exists() {
            fs::remove_dir_all(&home).with_context(|| format!("removing `{}`", home.display()))?;
        }
        Ok(Self { binary: target.join("release/backsight"), home })
    }

    /// What a command prints, with its tables or with none that could be opened.
    fn json(&self, words: &[&str], is_without: bool) -> Result<Value> {
        let mut command = shell::program(&self.binary, words);
        command.arg("--json").env("BACKSIGHT_HOME", &self.home);
        if is_without {
            command.env("BACKSIGHT_STORE", "/dev/null/nowhere");
        }
        let output = shell::capture(&mut command)?;
        serde_json::from_str(&output).with_context(|| format!("what `{}` prints", words.join(" ")))
    }
}
