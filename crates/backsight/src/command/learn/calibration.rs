//! Whether a confidence wins as often as it says.

use backsight_learning::calibration::{Bin, Calibration, calibrations};
use serde_json::{Value, json};

use super::Look;
use crate::json;
use crate::page::{Cell, Page, Table, Tone};
use crate::words;

/// Cells of a reliability curve, from never to always.
const WIDTH: usize = 21;

/// Tells how well confidence and outcome agree.
pub(super) fn write(page: &mut Page, look: &Look<'_>) -> Value {
    let all = calibrations(look.past, &look.calendar);
    write_scores(page, &all);
    if let Some(first) = all.first() {
        write_curve(page, first);
    }
    all.iter().map(to_json).collect()
}

/// The scores alone.
pub(super) fn write_short(page: &mut Page, look: &Look<'_>) {
    write_scores(page, &calibrations(look.past, &look.calendar));
}

fn write_scores(page: &mut Page, all: &[Calibration]) {
    page.heading("Confidence against outcome (Brier: lower is better)");
    let columns = ["", ">n", ">said", ">won", ">Brier", ">off", ">told", ">skill", "so it"];
    let mut table = Table::new(&columns);
    for row in all {
        let so = match (row.missing(), row.skill) {
            (0, Some(skill)) if 0.0 < skill => Cell::toned(Tone::Good, "helps"),
            (0, _) => Cell::toned(Tone::Bad, "misleads"),
            (more, _) => Cell::toned(Tone::Dim, format!("{more} more")),
        };
        table.row([
            row.group.to_string().into(),
            words::count(row.count).into(),
            format!("{:.2}", row.confidence).into(),
            format!("{:.2}", row.won).into(),
            format!("{:.4}", row.brier).into(),
            format!("{:.4}", row.reliability).into(),
            format!("{:.4}", row.resolution).into(),
            row.skill.map_or("-".into(), |skill| format!("{skill:+.3}").into()),
            so,
        ]);
    }
    if table.is_empty() {
        page.line(Tone::Plain, "  Nothing has ended yet.");
    } else {
        page.table(&table);
        page.words(
            Tone::Dim,
            "\"off\" is what is lost by wins that are not what was said, \"told\" what is gained by \
             telling trades apart; skill is against always saying the share of all.",
        );
    }
}

/// The share of wins of each bin as a mark on a line, and the confidence as another.
fn write_curve(page: &mut Page, all: &Calibration) {
    page.heading("Reliability of all: o is what was said, x what was won");
    let mut table =
        Table::new(&["confidence", "0        0.5        1", ">n", ">won", "95 in 100", ">R each"]);
    for bin in &all.curve {
        let interval = bin
            .interval
            .map_or_else(|| "-".to_owned(), |it| format!("{:.2} {:.2}", it.low, it.high));
        table.row([
            format!("{:.1} to {:.1}", bin.from, bin.to).into(),
            line(bin).into(),
            words::count(bin.count).into(),
            format!("{:.2}", bin.won).into(),
            interval.into(),
            words::expectancy(&bin.sample),
        ]);
    }
    page.table(&table);
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "a share between 0 and 1 becomes one of 21 places"
)]
fn line(bin: &Bin) -> String {
    let place = |share: f64| (share.clamp(0.0, 1.0) * (WIDTH - 1) as f64).round() as usize;
    let (said, won) = (place(bin.confidence), place(bin.won));
    let mark = |at: usize| match at {
        at if at == said && at == won => '*',
        at if at == said => 'o',
        at if at == won => 'x',
        _ => '·',
    };
    (0..WIDTH).map(mark).collect()
}

fn to_json(row: &Calibration) -> Value {
    let curve = row.curve.iter().map(|bin| {
        json!({
            "from": bin.from,
            "to": bin.to,
            "confidence": bin.confidence,
            "won": bin.won,
            "won_interval": bin.interval.map(json::interval),
            "count": bin.count,
            "results": json::sample(&bin.sample),
        })
    });
    json!({
        "group": row.group.to_string(),
        "count": row.count,
        "more_needed": row.missing(),
        "confidence": row.confidence,
        "won": row.won,
        "brier": row.brier,
        "reliability": row.reliability,
        "resolution": row.resolution,
        "uncertainty": row.uncertainty,
        "skill": row.skill,
        "curve": curve.collect::<Vec<_>>(),
    })
}
