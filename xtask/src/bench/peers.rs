//! Other systems, built or installed under `target/peers` and run over the same input as ours.
//!
//! A peer prints a time only when it finds what ours finds, and `differs` otherwise. Systems run in turns, each one once
//! before any of them again, so that a machine that slows down slows all of them. A ratio is the median of the ratios
//! within the turns. A peer that cannot be installed is a row that says why.

mod back_test;
pub(super) mod options;
pub(super) mod sentiment;
pub(super) mod turns;

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use super::{Row, Table};

struct Peers {
    title: &'static str,
    /// Takes the folder of cargo and the one of the peers.
    measure: fn(&Path, &Path) -> Result<Vec<Row>>,
}

const PEERS: [Peers; 3] = [
    Peers { title: "Peers", measure: back_test::measure },
    Peers { title: "Options beside QuantLib", measure: options::measure },
    Peers { title: "Sentiment beside onnxruntime", measure: sentiment::measure },
];

/// Measures the peers whose titles begin with `title`.
pub(super) fn measure(target: &Path, title: &str) -> Result<Vec<Table>> {
    let folder = target.join("peers");
    fs::create_dir_all(&folder).with_context(|| format!("making `{}`", folder.display()))?;
    let tables = PEERS.iter().filter(|peers| peers.title.starts_with(title)).map(|peers| {
        let rows = (peers.measure)(target, &folder);
        let rows = rows.unwrap_or_else(|error| vec![Row::absent(peers.title, &error)]);
        Table { title: peers.title, rows }
    });
    Ok(tables.collect())
}

fn text(path: &Path) -> Result<&str> {
    path.to_str().with_context(|| format!("`{}` is no text", path.display()))
}
