//! `orders`: what was wanted from the venue, and what came of it.

use backsight_domain::decision::OrderPhase;
use backsight_domain::order::{Intent, OrderKind};
use backsight_engine::Engine;
use backsight_web::shape::order::purpose;
use serde_json::{Value, json};

use crate::answer::{Answer, Failure};
use crate::cli::Orders;
use crate::command::{Context, status};
use crate::json;
use crate::page::{Cell, Table, Tone};
use crate::view::View;
use crate::words;
use backsight_learning::past::history::OrderTale;

/// Lists orders, newest first.
pub(crate) fn run(context: &Context, wish: &Orders) -> Result<Answer, Failure> {
    if !context.home.has_journal() {
        return Ok(status::no_desk(context));
    }
    let view = View::read(&context.home)?;
    let engine = &view.engine;
    let orders: Vec<&OrderTale> = if wish.all {
        view.history.orders.values().rev().collect()
    } else {
        let ids: Vec<_> = engine.orders().map(|order| order.intent.id).collect();
        ids.iter().rev().filter_map(|id| view.history.orders.get(id)).collect()
    };
    let mut page = context.page();
    page.pieces(&status::badges(engine));
    if orders.is_empty() {
        page.line(Tone::Plain, "No orders in this session or the last.");
        page.line(Tone::Dim, "Earlier ones: backsight orders --all");
    } else {
        page.table(&table(&orders, engine));
        let earlier = if wish.all { "" } else { ". Earlier ones: backsight orders --all" };
        page.line(Tone::Dim, &format!("Why: backsight why SIGNAL{earlier}"));
    }
    let orders: Vec<Value> = orders.iter().map(|order| json::order(order, engine)).collect();
    Ok(Answer::fine(page, json!({ "orders": orders })))
}

/// Orders as a table.
pub(crate) fn table(orders: &[&OrderTale], engine: &Engine) -> Table {
    let columns = ["decided", "account", "side", ">quantity", "symbol", ">limit", "state", "for"];
    let mut table = Table::new(&columns);
    for order in orders {
        let intent = &order.intent;
        table.row([
            Cell::toned(Tone::Dim, words::minute(order.decided)[5..].to_owned()),
            engine.account_name(intent.account).into(),
            intent.side.to_string().into(),
            intent.quantity.to_string().into(),
            Cell::toned(Tone::Strong, intent.instrument.underlying().to_string()),
            limit(intent.kind).into(),
            Cell::toned(tone(order.phase), state(order)),
            aim(intent, orders).into(),
        ]);
        if let Some(terms) = words::terms(intent.instrument) {
            table.note(terms);
        }
    }
    table
}

/// The price that an order may go to.
fn limit(kind: OrderKind) -> String {
    match kind {
        OrderKind::Limit(price) => price.to_string(),
        OrderKind::Market | OrderKind::Stop(_) | OrderKind::StopLimit { .. } => kind.to_string(),
    }
}

/// What an order is for, and whose place it takes: that of the order decided at this minute.
fn aim(intent: &Intent, orders: &[&OrderTale]) -> String {
    let purpose = purpose(intent.purpose);
    let Some(old) = intent.replaces else { return purpose };
    let old_tale = orders.iter().find(|order| order.intent.id == old);
    let name = old_tale
        .map_or_else(|| old.to_string(), |order| words::minute(order.decided)[5..].to_owned());
    format!("{purpose}, replaces {name}")
}

/// Where an order stands, and how much of it was executed unless that is all or nothing.
fn state(order: &OrderTale) -> String {
    if order.filled.is_zero() || order.filled == order.intent.quantity {
        return order.phase.to_string();
    }
    format!("{}, {}", order.phase, order.filled)
}

const fn tone(phase: OrderPhase) -> Tone {
    match phase {
        OrderPhase::Filled => Tone::Good,
        OrderPhase::Unknown | OrderPhase::Rejected | OrderPhase::Abandoned => Tone::Bad,
        OrderPhase::Sent
        | OrderPhase::Working
        | OrderPhase::Cancelling
        | OrderPhase::Replacing
        | OrderPhase::Displaced => Tone::Warn,
        OrderPhase::Cancelled | OrderPhase::Replaced => Tone::Dim,
    }
}
