//! One row for each figure from its rows of all turns.

use anyhow::{Context, Result, ensure};

use super::super::Row;

/// Runs something once for each turn.
pub(super) fn take(
    count: usize,
    mut turn: impl FnMut(usize) -> Result<Vec<Row>>,
) -> Result<Vec<Vec<Row>>> {
    (1..=count).map(&mut turn).collect()
}

/// Takes the median of each figure over the turns.
///
/// `beside` names the place of our row that a row is compared with; none for our own.
pub(in super::super) fn summary(
    turns: &[Vec<Row>],
    beside: impl Fn(&[Row], usize) -> Option<usize>,
) -> Result<Vec<Row>> {
    let first = turns.first().context("no turn was run")?;
    ensure!(turns.iter().all(|turn| turn.len() == first.len()), "a system left rows out");
    let rows = first.iter().enumerate().map(|(place, row)| {
        let Some(times) = figures(turns, place) else {
            let differs = turns.iter().map(|turn| &turn[place]).find(|row| figure(row).is_none());
            return differs.unwrap_or(row).clone();
        };
        let ours = beside(first, place).and_then(|place| figures(turns, place));
        let standing = ours.map_or_else(String::new, |ours| {
            let ratios = times.iter().zip(&ours).map(|(time, ours)| time / ours).collect();
            format!("; {:.2} times ours", median(ratios))
        });
        let (low, high) = bounds(&times);
        let note = format!("{} turns, {low:.2}..{high:.2}{standing}", turns.len());
        let note = [note.as_str(), about(&row.note)].join("; ");
        let note = note.trim_end_matches("; ").to_owned();
        Row { value: format!("{:.2}", median(times)), note, ..row.clone() }
    });
    Ok(rows.collect())
}

/// A note without the runs of its own turn, which the turns replace.
fn about(note: &str) -> &str {
    let runs = note.split_once("; ").filter(|(runs, _)| runs.contains(" runs, "));
    runs.map_or(note, |(_, about)| about)
}

/// The figures of one row in all turns, unless one of them is none.
fn figures(turns: &[Vec<Row>], place: usize) -> Option<Vec<f64>> {
    turns.iter().map(|turn| figure(&turn[place])).collect()
}

fn figure(row: &Row) -> Option<f64> {
    row.value.parse().ok()
}

fn bounds(times: &[f64]) -> (f64, f64) {
    times.iter().fold((f64::INFINITY, 0.0), |(low, high), &time| (low.min(time), high.max(time)))
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
