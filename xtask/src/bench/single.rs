//! The benches of single crates, each run once in a release build and shown as a table of its own.
//!
//! Most print rows. Those of companies and of sentiment are read by people too and print sentences; from them the figure
//! before `texts/s` is taken, with what stands around it.

use anyhow::{Context, Result, ensure};

use super::{Row, Table, rows_of, store};
use crate::say::say;
use crate::shell;

struct Bench {
    title: &'static str,
    words: &'static [&'static str],
    /// What it is told when other systems are wanted beside it, if it can install and run them itself.
    peers: Option<&'static str>,
}

const BENCHES: [Bench; 8] = [
    Bench { title: "Journal", words: &["bench", "--package", "backsight-journal"], peers: None },
    Bench {
        title: "Options",
        words: &["run", "--release", "--package", "backsight-quant", "--bin", "options_bench"],
        peers: None,
    },
    Bench {
        title: "Feeds and stories",
        words: &["bench", "--package", "backsight-reading", "--bench", "feed"],
        peers: Some("feedparser"),
    },
    Bench {
        title: "Companies",
        words: &[
            "run",
            "--release",
            "--package",
            "backsight-reading",
            "--bin",
            "companies",
            "--",
            "bench",
            "crates/reading/tests/companies.tsv",
        ],
        peers: None,
    },
    Bench {
        title: "Sentiment",
        words: &[
            "run",
            "--release",
            "--package",
            "backsight-reading",
            "--bin",
            "sentiment",
            "--",
            "bench",
        ],
        peers: None,
    },
    Bench {
        title: "Learning",
        words: &["bench", "--package", "backsight-learning", "--bench", "trials"],
        peers: None,
    },
    Bench {
        title: "Polls",
        words: &["bench", "--package", "backsight-gateway", "--bench", "poll"],
        peers: None,
    },
    Bench {
        title: "Site under load",
        words: &["bench", "--package", "backsight-web", "--bench", "soak"],
        peers: None,
    },
];

/// Runs the benches whose titles begin with `title`.
pub(super) fn measure(title: &str, peers: bool) -> Result<Vec<Table>> {
    let asked = BENCHES.iter().filter(|bench| bench.title.starts_with(title));
    let tables = asked.map(|bench| Ok(Table { title: bench.title, rows: bench.rows(peers)? }));
    let store = store::TITLE.starts_with(title).then(store::measure);
    tables.chain(store).collect()
}

impl Bench {
    fn rows(&self, peers: bool) -> Result<Vec<Row>> {
        let Some(peer) = self.peers.filter(|_| peers) else { return self.run(&[]) };
        self.run(&["--", "--peers"]).or_else(|error| {
            let mut rows = self.run(&[])?;
            rows.push(Row::absent(peer, &error));
            Ok(rows)
        })
    }

    fn run(&self, more: &[&str]) -> Result<Vec<Row>> {
        say(format_args!("\n== bench, {}", self.title));
        let (command, words) = self.words.split_first().context("a bench is a command")?;
        let words = [&[*command, "--quiet", "--locked"], words, more].concat();
        let output = shell::capture(&mut shell::cargo(&words))?;
        say(output.trim_end());
        let mut rows = rows_of(&output)?;
        rows.extend(rates_of(&output));
        ensure!(!rows.is_empty(), "the bench `{}` printed no figure", self.title);
        Ok(rows)
    }
}

/// Reads sentences such as `linear 1: 900000 texts/s, 1.1 us each`; the first line of the output belongs to all notes.
pub(super) fn rates_of(output: &str) -> Vec<Row> {
    let about = output.lines().next().unwrap_or_default().trim();
    let read = |line: &str| {
        let (before, after) = line.split_once(" texts/s")?;
        let (name, rate) = before.trim().rsplit_once(' ')?;
        rate.parse::<f64>().ok()?;
        let note = after.trim_start_matches([' ', ',']);
        Some(Row {
            name: name.trim_end_matches([' ', ':']).to_owned(),
            value: rate.to_owned(),
            unit: "texts/s".to_owned(),
            goal: String::new(),
            note: format!("{note}; {about}"),
        })
    };
    output.lines().filter_map(read).collect()
}
