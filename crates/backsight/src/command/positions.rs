//! `positions`: what is held, and why.

use backsight_engine::Engine;
use backsight_engine::position::Position;
use backsight_web::shape::position::{mark, value};
use serde_json::{Value, json};

use crate::answer::{Answer, Failure};
use crate::command::{Context, status};
use crate::json;
use crate::page::{Cell, Page, Table, Tone};
use crate::view::View;
use crate::words;

/// Lists what is held.
pub(crate) fn run(context: &Context) -> Result<Answer, Failure> {
    if !context.home.has_journal() {
        return Ok(status::no_desk(context));
    }
    let view = View::read(&context.home)?;
    let engine = &view.engine;
    let mut page = context.page();
    page.pieces(&status::badges(engine));
    let table = table(engine);
    if table.is_empty() {
        page.line(Tone::Plain, "Nothing is held.");
        page.line(Tone::Dim, "What was traded: backsight orders --all");
    } else {
        page.table(&table);
        write_rolls(&mut page, engine);
        page.line(Tone::Dim, "Why: backsight why SIGNAL");
    }
    let positions: Vec<Value> =
        engine.positions().map(|position| json_of(position, engine)).collect();
    Ok(Answer::fine(page, json!({ "positions": positions })))
}

/// What is held as a table.
pub(crate) fn table(engine: &Engine) -> Table {
    let columns =
        ["account", "symbol", ">quantity", ">entry", ">price", ">result", "signal", "plan"];
    let mut table = Table::new(&columns);
    for position in engine.positions() {
        let mark = mark(position, engine);
        table.row([
            engine.account_name(position.account).into(),
            Cell::toned(Tone::Strong, position.instrument.underlying().to_string()),
            position.quantity.to_string().into(),
            position.track.entry.to_string().into(),
            mark.map_or("-".into(), |mark| mark.to_string().into()),
            mark.map_or("-".into(), |mark| words::result(value(position, mark) - position.cost)),
            position.signal.to_string().into(),
            plan(position, engine).into(),
        ]);
        if let Some(terms) = words::terms(position.instrument) {
            table.note(terms);
        }
    }
    table
}

/// Which positions took the place of another.
fn write_rolls(page: &mut Page, engine: &Engine) {
    for position in engine.positions() {
        if let Some(rolls) = position.track.rolls() {
            let (now, before) = (position.instrument, rolls.instrument);
            let (now, before) = (words::instrument(now), words::instrument(before));
            page.line(Tone::Dim, &format!("  {now} took the place of {before}"));
        }
    }
}

/// How it will be left.
fn plan(position: &Position, engine: &Engine) -> String {
    if let Some(leaving) = position.leaving {
        return format!("leaving: {}", leaving.reason);
    }
    let session = engine.market().session().filter(|session| session.contains(engine.now()));
    match position.track.out_by(session) {
        Some(until) if words::trading_date(until) == words::trading_date(engine.now()) => {
            format!("out by {}", words::time_of_day(until))
        }
        Some(until) => format!("out on {}", &words::trading_date(until).to_string()[5..]),
        None => "holding".to_owned(),
    }
}

fn json_of(position: &Position, engine: &Engine) -> Value {
    let mark = mark(position, engine);
    json!({
        "id": position.id.0.to_string(),
        "account": engine.account_name(position.account),
        "instrument": position.instrument.to_string(),
        "quantity": json::quantity(position.quantity),
        "entry": json::price(position.track.entry),
        "price": mark.map(json::price),
        "result": mark.map(|mark| json::money(value(position, mark) - position.cost)),
        "opened": position.track.opened.to_string(),
        "signal": position.signal.to_string(),
        "stage": position.track.stage().to_string(),
        "rolls": position.track.rolls().map(|rolls| rolls.position.0.to_string()),
        "out_by": position.track.out_by(engine.market().session()).map(|at| at.to_string()),
        "leaving": position.leaving.map(|leaving| leaving.reason.to_string()),
    })
}
