//! Whether it was right to buy more of what fell.

use backsight_learning::dips::{DipLook, JUDGED_AFTER, dips, summary};
use serde_json::{Value, json};

use super::Look;
use crate::json;
use crate::page::{Page, Table, Tone};
use crate::words;

/// Tells what became of what was recommended, and of what was not.
pub(super) fn write(page: &mut Page, look: &Look<'_>) -> Value {
    let looks = dips(look.past);
    let rows = summary(&looks, &look.calendar);
    page.heading("Looks at holdings that fell, returns in percent");
    let mut table = Table::new(&[
        "advice",
        ">looks",
        ">bought",
        ">after 7",
        "95 in 100",
        ">after 30",
        "95 in 100",
        "so it",
    ]);
    for row in &rows {
        let [week, month] = &row.after;
        table.row([
            (if row.is_more { "buy more" } else { "leave it" }).into(),
            words::count(row.looks).into(),
            words::count(row.bought).into(),
            words::expectancy(week),
            words::interval(week.interval).into(),
            words::expectancy(month),
            words::interval(month.interval).into(),
            words::saying_cell(month),
        ]);
    }
    if looks.is_empty() {
        page.line(Tone::Plain, "  No holding with a thesis fell far enough to be looked at.");
    } else {
        page.table(&table);
    }
    let summaries = rows.iter().map(|row| {
        let after = JUDGED_AFTER.iter().zip(&row.after).map(|(sessions, sample)| {
            json!({ "sessions": sessions, "return_pct": json::sample(sample) })
        });
        json!({
            "advice": if row.is_more { "more" } else { "leave" },
            "looks": row.looks,
            "bought": row.bought,
            "after": after.collect::<Vec<_>>(),
        })
    });
    json!({
        "summary": summaries.collect::<Vec<_>>(),
        "looks": looks.iter().map(to_json).collect::<Vec<_>>(),
    })
}

fn to_json(look: &DipLook) -> Value {
    let after = |sessions| look.course.after(sessions).map(|mark| mark.result);
    json!({
        "at": look.at.to_string(),
        "symbol": look.ticker.as_str(),
        "advice": look.advice.to_string(),
        "strength": look.strength,
        "bought": look.is_bought,
        "return_7": after(7),
        "return_30": after(30),
        "drawdown": look.course.drawdown,
    })
}
