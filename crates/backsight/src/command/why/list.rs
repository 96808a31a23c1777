//! The latest signals: what can be asked about.

use serde_json::{Value, json};

use crate::answer::Answer;
use crate::command::Context;
use crate::page::{Cell, Table, Tone};
use crate::view::View;
use crate::words;
use backsight_learning::past::history::Tale;

/// Signals on the page. The JSON has all of them.
const ROWS: usize = 20;

/// Lists signals, newest first.
pub(super) fn tell(context: &Context, view: &View) -> Answer {
    let signals = &view.history.signals;
    let mut page = context.page();
    let columns = ["made", "signal", "symbol", "way", ">confidence", "was", ">R"];
    let mut table = Table::new(&columns);
    for tale in signals.values().rev().take(ROWS) {
        let signal = &tale.signal;
        let r = result(tale);
        table.row([
            Cell::toned(Tone::Dim, words::minute(signal.at)[5..].to_owned()),
            signal.id.to_string().into(),
            Cell::toned(Tone::Strong, signal.ticker.as_str()),
            signal.direction.to_string().into(),
            format!("{:.4}", signal.confidence).into(),
            Cell::toned(tone(tale), fate(tale)),
            r.map_or("open".into(), words::multiple),
        ]);
    }
    if table.is_empty() {
        page.line(Tone::Plain, "No signal was made yet.");
        page.line(Tone::Dim, "Why a symbol made none: backsight why SYMBOL");
    } else {
        let (shown, all) = (signals.len().min(ROWS), words::count(signals.len()));
        page.line(Tone::Strong, &format!("The latest {shown} of {all} signals"));
        page.table(&table);
        page.line(Tone::Dim, "R: what its trades made, or its ghost. More: backsight why SIGNAL");
    }
    let rows = signals.values().rev().map(json_of);
    Answer::fine(page, json!({ "signals": rows.collect::<Vec<Value>>() }))
}

/// Taken, or the first gate that stopped it.
fn fate(tale: &Tale) -> String {
    let taken = tale.verdicts.iter().filter(|verdict| verdict.is_approval()).count();
    let mut refusals = tale.verdicts.iter().filter_map(|verdict| verdict.refusals().next());
    match refusals.next() {
        None => "taken".to_owned(),
        Some(_) if 0 < taken => format!("taken by {taken}"),
        Some(first) => first.gate.name().to_owned(),
    }
}

fn tone(tale: &Tale) -> Tone {
    let is_taken = tale.verdicts.iter().any(backsight_domain::verdict::Verdict::is_approval);
    if is_taken { Tone::Good } else { Tone::Warn }
}

/// What its first trade made, or else its ghost.
fn result(tale: &Tale) -> Option<f64> {
    tale.trades.first().or(tale.ghost.as_ref()).map(|outcome| outcome.r_multiple)
}

fn json_of(tale: &Tale) -> Value {
    let signal = &tale.signal;
    json!({
        "id": signal.id.to_string(),
        "at": signal.at.to_string(),
        "symbol": signal.ticker.as_str(),
        "direction": signal.direction.to_string(),
        "confidence": signal.confidence,
        "fate": fate(tale),
        "r_multiple": result(tale),
    })
}
