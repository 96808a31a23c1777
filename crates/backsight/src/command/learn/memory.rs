//! What signals like each other came to.

use backsight_learning::memory::{KNOWN_MIN, Memory};
use serde_json::{Value, json};

use super::Look;
use crate::json;
use crate::page::{Page, Table, Tone};
use crate::words;

/// Tells whether the memory helps, and how winners and losers differ.
pub(super) fn write(page: &mut Page, look: &Look<'_>) -> Value {
    let memory = Memory::of(&look.past.history);
    let (skill, contrasts) = (memory.skill(), memory.contrasts(&look.calendar));
    page.heading("Memory of winners and losers");
    match skill {
        None => page.words(
            Tone::Plain,
            &format!(
                "Nothing can be said yet: at least {KNOWN_MIN} outcomes of one direction must be \
                 known before a signal, and thirty signals must have been asked about."
            ),
        ),
        Some(skill) => {
            let gain = skill.gain().unwrap_or(0.0);
            let so = if 0.0 < gain { "it helps" } else { "it does not help" };
            page.words(
                Tone::Plain,
                &format!(
                    "Asked about {} signals in their order, by what was known then, the memory's \
                     Brier score is {:.4} and that of the base rate {:.4}: {so} ({:+.1} %).",
                    words::count(skill.asked),
                    skill.memory,
                    skill.base,
                    100.0 * gain
                ),
            );
        }
    }
    if !contrasts.is_empty() {
        page.blank();
        let columns =
            ["feature", ">n", ">winners", ">losers", ">apart", ">R more of it", ">R less of it"];
        let mut table = Table::new(&columns);
        for row in &contrasts {
            table.row([
                row.feature.into(),
                words::count(row.count).into(),
                format!("{:.4}", row.winners).into(),
                format!("{:.4}", row.losers).into(),
                format!("{:+.2}", row.distance).into(),
                words::sayable(&row.upper),
                words::sayable(&row.lower),
            ]);
        }
        page.table(&table);
        page.line(Tone::Dim, "\"apart\" is in standard deviations; ratios are logarithms.");
    }
    let rows = contrasts.iter().map(|row| {
        json!({
            "feature": row.feature,
            "count": row.count,
            "winners": row.winners,
            "losers": row.losers,
            "distance": row.distance,
            "more_of_it": json::sample(&row.upper),
            "less_of_it": json::sample(&row.lower),
        })
    });
    json!({
        "skill": skill.map(|skill| json!({
            "asked": skill.asked,
            "brier": skill.memory,
            "base_brier": skill.base,
            "gain": skill.gain(),
        })),
        "contrasts": rows.collect::<Vec<_>>(),
    })
}
