//! `sql`: a statement of a user's own, over the tables and nothing else.

use std::sync::Arc;

use backsight_store::export::line;
use backsight_store::{Answer as Found, Limit, Value};
use serde_json::{Map, json};

use crate::answer::{Answer, Failure};
use crate::cli::Sql;
use crate::clock::Stopwatch;
use crate::command::Context;
use crate::page::{Cell, Page, Table, Tone, WIDTH};
use crate::{views, words};

/// Asks the tables.
pub(crate) fn run(context: &Context, wish: &Sql) -> Result<Answer, Failure> {
    let mut store = views::read(&context.home)?;
    let Some(statement) = &wish.statement else { return list(context, &mut store) };
    let watch = Stopwatch::start();
    let limit = Limit {
        rows: wish.limit,
        seconds: wish.timeout,
        watch: Arc::new(move || watch.elapsed().as_secs_f64()),
    };
    let found = store.query(statement, &limit)?;
    let mut json = as_json(&found);
    json["seconds"] = watch.elapsed().as_secs_f64().into();
    if wish.csv {
        return Ok(Answer::fine(csv(&found), json));
    }
    let mut page = context.page();
    write(&mut page, &found);
    Ok(Answer::fine(page, json))
}

/// What there is to ask about.
fn list(context: &Context, store: &mut backsight_store::Store) -> Result<Answer, Failure> {
    let objects = store.objects()?;
    let mut page = context.page();
    page.line(Tone::Strong, "Tables and views; docs/STORE.md says what is in them");
    let mut table = Table::new(&["name", "kind", ">columns"]);
    for (name, kind, columns) in &objects {
        table.row([name.as_str().into(), (*kind).into(), columns.to_string().into()]);
    }
    page.table(&table);
    page.blank();
    page.line(Tone::Plain, "Next");
    page.line(Tone::Plain, "  backsight sql \"SELECT * FROM v_active_tickers\"");
    let json = json!({
        "objects": objects.iter().map(|(name, kind, columns)| {
            json!({ "name": name, "kind": kind, "columns": columns })
        }).collect::<Vec<_>>(),
    });
    Ok(Answer::fine(page, json))
}

/// Rows under their columns, or each row by itself when they are too wide for a page.
fn write(page: &mut Page, found: &Found) {
    if found.rows.is_empty() {
        page.line(Tone::Dim, "no rows; `backsight sql` lists the tables");
        return;
    }
    let is_number = |index: usize| {
        let mut values = found.rows.iter().map(|row| &row[index]);
        values.all(|value| value.is_null() || value.as_real().is_some())
    };
    let names: Vec<String> = found
        .columns
        .iter()
        .enumerate()
        .map(|(index, name)| if is_number(index) { format!(">{name}") } else { name.clone() })
        .collect();
    let mut table = Table::new(&names.iter().map(String::as_str).collect::<Vec<_>>());
    for row in &found.rows {
        table.cells(row.iter().map(cell).collect());
    }
    if table.wish() <= WIDTH {
        page.table(&table);
    } else {
        write_rows(page, found);
    }
    page.blank();
    let count = found.rows.len();
    let more = if found.is_cut { "; there are more, `--limit N` shows them" } else { "" };
    page.line(
        Tone::Dim,
        &format!("{} row{}{more}", words::count(count as u64), if count == 1 { "" } else { "s" }),
    );
}

fn write_rows(page: &mut Page, found: &Found) {
    let width = found.columns.iter().map(|name| name.chars().count()).max().unwrap_or(0).min(32);
    for (number, row) in found.rows.iter().enumerate() {
        page.heading(&format!("row {}", number + 1));
        for (name, value) in found.columns.iter().zip(row) {
            let name = Cell::toned(Tone::Dim, format!("  {name:<width$}  "));
            page.pieces(&[name, cell(value)]);
        }
    }
}

fn cell(value: &Value) -> Cell {
    if value.is_null() {
        return Cell::toned(Tone::Dim, "-");
    }
    if let Value::Real(number) = value { short(*number).into() } else { value.to_string().into() }
}

/// A number without digits that nobody reads.
fn short(number: f64) -> String {
    let text = format!("{number:.6}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text.is_empty() || text == "-0" { "0".to_owned() } else { text.to_owned() }
}

fn as_json(found: &Found) -> serde_json::Value {
    let row = |row: &Vec<Value>| -> serde_json::Value {
        let members = found.columns.iter().cloned().zip(row.iter().map(json_of));
        members.collect::<Map<_, _>>().into()
    };
    json!({
        "columns": found.columns,
        "rows": found.rows.iter().map(row).collect::<Vec<_>>(),
        "cut": found.is_cut,
    })
}

fn json_of(value: &Value) -> serde_json::Value {
    match value {
        Value::Null => serde_json::Value::Null,
        Value::Bool(value) => (*value).into(),
        Value::Int(value) => (*value).into(),
        Value::Real(_) | Value::Decimal { .. } => value.as_real().into(),
        Value::Json(text) => serde_json::from_str(text).unwrap_or_else(|_| (&**text).into()),
        Value::Time(time) => time.to_string().into(),
        Value::Text(_) | Value::Date(_) | Value::Bytes(_) => value.to_string().into(),
    }
}

/// The rows as programs exchange them.
fn csv(found: &Found) -> String {
    let names: Vec<Value> = found.columns.iter().map(|name| name.clone().into()).collect();
    std::iter::once(&names).chain(&found.rows).map(|row| line(row)).collect()
}
