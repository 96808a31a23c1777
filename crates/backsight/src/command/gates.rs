//! `gates`: what the refusals of each gate were worth to each account.

use std::collections::BTreeSet;

use backsight_domain::id::AccountId;
use backsight_learning::gates::{GateRow, NearMiss, Worth, ledger};
use backsight_learning::past::Past;
use backsight_learning::sample::{Calendar, Saying};
use serde_json::{Value, json};

use crate::answer::{Answer, Failure};
use crate::command::{Context, status};
use crate::json;
use crate::page::{Cell, Page, Table, Tone};
use crate::view;
use crate::words;

/// Tells what the refusals were worth.
pub(crate) fn run(context: &Context) -> Result<Answer, Failure> {
    if !context.home.has_journal() {
        return Ok(status::no_desk(context));
    }
    let past = view::past(&context.home)?;
    let calendar = Calendar::of(&past);
    let rows = ledger(&past.history, &calendar, past.policy().lookback.near_pct);
    let mut page = context.page();
    if rows.is_empty() {
        page.line(Tone::Plain, "No gate refused anything yet.");
        page.line(Tone::Dim, "Let the desk run: backsight demo");
    } else {
        write(&mut page, &past, &rows, calendar.len());
    }
    let json = json!({
        "sessions": calendar.len(),
        "gates": rows.iter().map(|row| row_json(&past, row)).collect::<Vec<_>>(),
    });
    Ok(Answer::fine(page, json))
}

fn write(page: &mut Page, past: &Past, rows: &[GateRow], sessions: usize) {
    page.words(
        Tone::Plain,
        &format!(
            "What refusals were worth over {sessions} sessions: above zero they saved, below they \
             cost. \"R each\" is of what the gate alone refused, one episode at a time, with the \
             interval that holds it 95 times of 100; \"joint $\" is its equal part of all it refused \
             with others."
        ),
    );
    let accounts: BTreeSet<AccountId> = rows.iter().map(|row| row.account).collect();
    for account in accounts {
        page.heading(&format!("Account {}", past.account_name(account)));
        page.table(&table(rows.iter().filter(|row| row.account == account)));
    }
    write_near(page, past, rows);
    page.blank();
    page.line(
        Tone::Dim,
        "\"12 more\" is how many ended refusals are missing before anything is said.",
    );
    page.line(Tone::Dim, "One refusal: backsight why SIGNAL    What was missed: backsight missed");
}

fn table<'r>(rows: impl Iterator<Item = &'r GateRow>) -> Table {
    let columns = ["gate", ">refused", ">alone", ">R each", "95 in 100", ">joint $", "so it"];
    let mut table = Table::new(&columns);
    let mut rows: Vec<&GateRow> = rows.collect();
    rows.sort_by_key(|row| (std::cmp::Reverse(row.refusals), row.gate));
    for row in rows {
        table.row([
            row.gate.name().into(),
            words::count(row.refusals).into(),
            words::count(row.alone.r.record.count).into(),
            words::expectancy(&row.alone.r),
            words::interval(row.alone.r.interval).into(),
            words::dollars(row.joint.money),
            verdict(&row.alone),
        ]);
    }
    table
}

/// What a worth lets one say about a gate.
pub(crate) fn verdict(worth: &Worth) -> Cell {
    match worth.r.says() {
        Saying::Gains => Cell::toned(Tone::Good, "saves"),
        Saying::Loses => Cell::toned(Tone::Bad, "costs"),
        Saying::Nothing(_) | Saying::FewSessions | Saying::Unclear => words::saying_cell(&worth.r),
    }
}

fn write_near(page: &mut Page, past: &Past, rows: &[GateRow]) {
    let near: Vec<&GateRow> = rows.iter().filter(|row| 0 < row.near.refusals).collect();
    if near.is_empty() {
        return;
    }
    let pct = past.policy().lookback.near_pct;
    page.heading(&format!("Refused within {pct} % of the threshold"));
    let mut table =
        Table::new(&["gate", "account", ">near", ">R each", "nearest", ">saw", ">wanted"]);
    for row in near {
        let NearMiss { signal, observed, threshold, .. } = row.near.nearest[0];
        table.row([
            row.gate.name().into(),
            past.account_name(row.account).into(),
            words::count(row.near.refusals).into(),
            words::sayable(&row.near.r),
            signal.to_string().into(),
            words::observed(observed).into(),
            words::observed(threshold).into(),
        ]);
    }
    page.table(&table);
}

pub(crate) fn row_json(past: &Past, row: &GateRow) -> Value {
    let nearest = row.near.nearest.iter().map(|miss| {
        json!({
            "signal": miss.signal.to_string(),
            "observed": json::observed(miss.observed),
            "threshold": json::observed(miss.threshold),
            "distance": miss.distance,
        })
    });
    json!({
        "gate": row.gate.name(),
        "account": past.account_name(row.account),
        "refusals": row.refusals,
        "firsts": row.firsts,
        "alone_refusals": row.lonely,
        "first": worth_json(&row.first),
        "alone": worth_json(&row.alone),
        "joint": worth_json(&row.joint),
        "near": {
            "refusals": row.near.refusals,
            "worth": json::sample(&row.near.r),
            "nearest": nearest.collect::<Vec<_>>(),
        },
    })
}

fn worth_json(worth: &Worth) -> Value {
    json!({
        "r": json::sample(&worth.r),
        "r_sum": worth.r.sum(),
        "money": json::money(worth.money),
        "money_interval": worth.dollars.map(json::interval),
    })
}
