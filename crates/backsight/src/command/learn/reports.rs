//! The reports on what results depend on.

use backsight_learning::reports::{Question, ReportRow, report};
use serde_json::{Value, json};

use super::Look;
use crate::json;
use crate::page::{Page, Table, Tone};
use crate::words;

/// Tells what results come to by the answers of one question.
pub(super) fn write(page: &mut Page, look: &Look<'_>, question: Question) -> Value {
    let rows = report(look.past, &look.calendar, question);
    page.heading(&format!("Results by {question}, in units of the risk (R)"));
    let table = table(&rows, question);
    if table.is_empty() {
        page.line(Tone::Plain, "  Nothing has ended yet. Let the desk run: backsight demo");
    } else {
        page.table(&table);
        page.words(Tone::Dim, "With many rows some differ by chance: a row is no finding.");
        if question == Question::Sentiment {
            page.line(Tone::Dim, "+ goes the signal's way, - against it, 0 neither, ? is unknown.");
        }
    }
    let rows = rows.iter().map(|row| {
        json!({
            "name": row.name,
            "trades": json::sample(&row.trades),
            "ghosts": json::sample(&row.ghosts),
            "give_back_pct": row.give_back,
            "minutes": row.minutes,
        })
    });
    rows.collect()
}

fn table(rows: &[ReportRow], question: Question) -> Table {
    // What is given back matters where it says why it ended.
    let is_exit = question == Question::Exit;
    let last = if is_exit { ">gave back" } else { ">R each" };
    let columns = ["", ">trades", ">R each", "95 in 100", ">payoff", "so they", ">ghosts", last];
    let mut table = Table::new(&columns);
    for row in rows {
        let given = row.give_back.map_or("-".into(), |it| format!("{it:.2} %").into());
        table.row([
            row.name.clone().into(),
            words::count(row.trades.record.count).into(),
            words::expectancy(&row.trades),
            words::interval(row.trades.interval).into(),
            words::ratio(row.trades.record.payoff).into(),
            words::saying_cell(&row.trades),
            words::count(row.ghosts.record.count).into(),
            if is_exit { given } else { words::expectancy(&row.ghosts) },
        ]);
    }
    table
}
