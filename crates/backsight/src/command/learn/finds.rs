//! What became of what discovery found.

use std::collections::BTreeMap;

use backsight_learning::course::Mark;
use backsight_learning::follow_up::{FollowUp, FunnelStage, cohorts, follow_ups};
use backsight_learning::outcome::Category;
use serde_json::{Value, json};

use super::Look;
use crate::json;
use crate::page::{Cell, Page, Table, Tone};
use crate::words;

/// Finds that are named as missed.
const MISSED: usize = 8;

/// Tells what picks, rejects and controls came to.
pub(super) fn write(page: &mut Page, look: &Look<'_>) -> Value {
    let all = follow_ups(look.past);
    let rows = cohorts(&all, &look.calendar);
    page.heading("Finds of discovery, in percent beyond the mean of all symbols");
    let mut table = Table::new(&[
        "stage",
        ">after",
        ">followed",
        ">old enough",
        ">each",
        "95 in 100",
        ">return",
        "so they",
    ]);
    for row in rows.iter().filter(|row| 0 < row.excess.record.count) {
        table.row([
            row.stage.to_string().into(),
            row.horizon.to_string().into(),
            words::count(row.followed).into(),
            words::count(row.excess.record.count).into(),
            words::expectancy(&row.excess),
            words::interval(row.excess.interval).into(),
            words::expectancy(&row.result),
            words::saying_cell(&row.excess),
        ]);
    }
    if all.is_empty() {
        page.line(Tone::Plain, "  Discovery found nothing yet.");
    } else if table.is_empty() {
        page.line(Tone::Plain, "  Nothing is a session old yet.");
    } else {
        page.table(&table);
        write_categories(page, &all);
        write_missed(page, &all);
    }
    let cohorts = rows.iter().map(|row| {
        json!({
            "stage": row.stage.to_string(),
            "sessions": row.horizon,
            "followed": row.followed,
            "return_pct": json::sample(&row.result),
            "excess_pct": json::sample(&row.excess),
            "sector_excess_pct": json::sample(&row.sector_excess),
        })
    });
    json!({
        "cohorts": cohorts.collect::<Vec<_>>(),
        "finds": all.iter().map(to_json).collect::<Vec<_>>(),
    })
}

fn write_categories(page: &mut Page, all: &[FollowUp]) {
    let mut counts: BTreeMap<(FunnelStage, Category), usize> = BTreeMap::new();
    for find in all {
        if let Some(category) = find.category {
            *counts.entry((find.stage, category)).or_default() += 1;
        }
    }
    if counts.is_empty() {
        page.line(Tone::Dim, "  Categories are given after 30 sessions; no find is that old.");
        return;
    }
    page.heading("By category, after 30 sessions");
    let mut table =
        Table::new(&["stage", ">failed", ">poor", ">moderate", ">strong", ">explosive"]);
    for stage in FunnelStage::ALL {
        let count = |category| {
            let count = counts.get(&(stage, category)).copied().unwrap_or(0);
            Cell::from(words::count(count))
        };
        let [failed, poor, moderate, strong, explosive] = Category::ALL.map(count);
        table.row([stage.to_string().into(), failed, poor, moderate, strong, explosive]);
    }
    page.table(&table);
}

fn write_missed(page: &mut Page, all: &[FollowUp]) {
    let mut missed: Vec<&FollowUp> = all.iter().filter(|find| find.is_missed).collect();
    let end = |find: &FollowUp| find.course.after(30).map_or(0.0, |mark| mark.result);
    missed.sort_by(|a, b| end(b).total_cmp(&end(a)));
    if missed.is_empty() {
        return;
    }
    page.heading("Missed finds");
    let columns = ["symbol", "found", "stage", ">score", ">% after 30", ">peak %", "why not"];
    let mut table = Table::new(&columns);
    for find in missed.into_iter().take(MISSED) {
        table.row([
            Cell::toned(Tone::Strong, find.ticker.as_str()),
            find.session.to_string().into(),
            find.stage.to_string().into(),
            find.score.map_or("-".into(), |score| format!("{score:.2}").into()),
            format!("{:+.1}", 100.0 * end(find)).into(),
            find.course.peak.map_or("-".into(), |it| format!("{:+.1}", 100.0 * it.result).into()),
            find.bought.to_string().into(),
        ]);
    }
    page.table(&table);
}

fn to_json(find: &FollowUp) -> Value {
    let mark = |mark: &Mark| {
        json!({
            "session": mark.session.to_string(),
            "on": mark.on.to_string(),
            "stale": mark.is_stale,
            "return": mark.result,
            "excess": mark.excess,
            "sector_excess": mark.sector_excess,
        })
    };
    json!({
        "at": find.at.to_string(),
        "symbol": find.ticker.as_str(),
        "stage": find.stage.to_string(),
        "score": find.score,
        "price": json::price(find.price),
        "marks": find.course.marks.iter().map(|it| it.as_ref().map(mark)).collect::<Vec<_>>(),
        "peak_return": find.course.peak.map(|peak| peak.result),
        "sessions_to_peak": find.course.peak.map(|peak| peak.sessions),
        "drawdown": find.course.drawdown,
        "category": find.category.map(|category| category.to_string()),
        "bought": find.bought.to_string(),
        "missed": find.is_missed,
    })
}
