//! How fast prices react to news.

use backsight_learning::past::tape::CHECKPOINTS;
use backsight_learning::reaction::{Reaction, reactions};
use serde_json::{Value, json};

use super::Look;
use crate::json;
use crate::page::{Cell, Page, Table, Tone};
use crate::words;

/// Minutes that have a column.
const SHOWN: [u16; 5] = [1, 5, 15, 60, 120];

/// Tells the mean move after readings, by kind of story.
pub(super) fn write(page: &mut Page, look: &Look<'_>) -> Value {
    let all = reactions(look.past, &look.calendar);
    page.heading("Mean move after a reading, in its way, in percent");
    let columns =
        ["story", ">n", ">1 min", ">5", ">15", ">60", ">120", ">close", "hour", ">half-life"];
    let mut table = Table::new(&columns);
    for row in &all {
        let at = |minutes: u16| {
            let place = CHECKPOINTS.iter().position(|&it| it == minutes);
            place.map_or(Cell::default(), |place| words::expectancy(&row.curve[place]))
        };
        let [one, five, quarter, hour, two] = SHOWN.map(at);
        let half_life = row.half_life.map_or("-".to_owned(), |it| format!("{it:.1} min"));
        table.row([
            name(row).into(),
            words::count(row.curve[0].record.count).into(),
            one,
            five,
            quarter,
            hour,
            two,
            words::expectancy(&row.close),
            words::saying_cell(&row.curve[6]),
            half_life.into(),
        ]);
    }
    if table.is_empty() {
        page.line(Tone::Plain, "  No story about a watched symbol was read yet.");
    } else {
        page.table(&table);
    }
    all.iter().map(to_json).collect()
}

fn name(row: &Reaction) -> String {
    row.kind.map_or_else(|| "all".to_owned(), |kind| kind.to_string())
}

fn to_json(row: &Reaction) -> Value {
    let curve = CHECKPOINTS
        .iter()
        .zip(&row.curve)
        .map(|(minutes, sample)| json!({ "minutes": minutes, "move_pct": json::sample(sample) }));
    json!({
        "kind": name(row),
        "curve": curve.collect::<Vec<_>>(),
        "close_pct": json::sample(&row.close),
        "half_life_minutes": row.half_life,
    })
}
