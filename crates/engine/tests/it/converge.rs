//! The same messages about one order in every sequence: one end.

use std::collections::BTreeSet;

use backsight_domain::event::{Entry, Event};
use backsight_domain::id::{ExecutionId, VenueId};
use backsight_domain::money::Money;
use backsight_domain::order::{
    Answer, Asked, Fill, Intent, OrderRef, OrderStatus, OrderUpdate, Reply,
};
use backsight_domain::price::Price;
use backsight_domain::quantity::Quantity;
use backsight_domain::time::Span;
use backsight_engine::Engine;

use crate::play::Play;

/// An engine that has just sent an order to buy 196 shares.
fn with_an_order() -> (Engine, Intent) {
    let mut play = Play::new();
    play.block(&["symbol ACME tech 100.00 rising", "session 2026-03-02", "until 11:45"]);
    play.block(&["bar ACME 101.90 2600"]);
    let engine = play.engine().clone();
    let intent = engine.orders().next().expect("an order was sent").intent;
    (engine, intent)
}

fn update(intent: &Intent, status: OrderStatus, filled: i64) -> OrderUpdate {
    let (account, order) = (intent.account, OrderRef::Ours(intent.id));
    OrderUpdate { account, order, venue: VenueId(1), status, filled: Quantity::shares(filled) }
}

fn fill(intent: &Intent, execution: u128, shares: i64, cents: i64) -> Event {
    Event::Fill(Fill {
        execution: ExecutionId(execution),
        account: intent.account,
        order: OrderRef::Ours(intent.id),
        instrument: intent.instrument,
        side: intent.side,
        quantity: Quantity::shares(shares),
        price: Price::from_cents(cents).expect("a price"),
        fee: Money::cents(1),
        at: intent.valid_until,
    })
}

/// What the engine believes after the messages, as one line.
fn end(engine: &Engine, intent: &Intent, messages: &[&Event]) -> String {
    let mut engine = engine.clone();
    for message in messages {
        // Every decision may have taken a sequence of its own.
        let seq = engine.seq().next().next();
        let at = engine.now() + Span::from_millis(20);
        engine.step(&Entry { seq, at, event: (*message).clone() });
    }
    let order = engine.order(intent.id).expect("the order is known");
    let held: Vec<_> =
        engine.positions().map(|p| format!("{} for {}", p.quantity, p.cost)).collect();
    let cash = engine.accounts()[0].cash();
    format!("{}, {} filled, {held:?}, cash {cash}", order.phase(), order.filled)
}

fn permute<'a>(items: &mut Vec<&'a Event>, from: usize, visit: &mut impl FnMut(&[&'a Event])) {
    if from == items.len() {
        return visit(items);
    }
    for index in from..items.len() {
        items.swap(from, index);
        permute(items, from + 1, visit);
        items.swap(from, index);
    }
}

fn check(messages: impl Fn(&Intent) -> Vec<Event>) -> String {
    let (engine, intent) = with_an_order();
    let messages = messages(&intent);
    let mut ends = BTreeSet::new();
    permute(&mut messages.iter().collect(), 0, &mut |messages| {
        ends.insert(end(&engine, &intent, messages));
    });
    assert_eq!(ends.len(), 1, "{ends:#?}");
    ends.pop_first().expect("there is one")
}

fn accepted(intent: &Intent) -> Event {
    let answer = Answer::Known(update(intent, OrderStatus::New, 0));
    let (account, intent, asked) = (intent.account, intent.id, Asked::Submit);
    Event::Reply(Reply { account, intent, asked, answer })
}

#[test]
fn a_filled_order_ends_alike_in_all_720_sequences() {
    let end = check(|intent| {
        let first = fill(intent, 1, 50, 10_190);
        vec![
            accepted(intent),
            first.clone(),
            first,
            fill(intent, 2, 146, 10_195),
            Event::Order(update(intent, OrderStatus::PartiallyFilled, 50)),
            Event::Order(update(intent, OrderStatus::Filled, 196)),
        ]
    });
    assert_eq!(end, "filled, 196 filled, [\"196 for 19979.70\"], cash 80020.28");
}

#[test]
fn a_cancelled_order_keeps_its_part_in_all_120_sequences() {
    let end = check(|intent| {
        vec![
            accepted(intent),
            fill(intent, 1, 40, 10_190),
            Event::Order(update(intent, OrderStatus::PartiallyFilled, 40)),
            Event::Order(update(intent, OrderStatus::PendingCancel, 40)),
            Event::Order(update(intent, OrderStatus::Cancelled, 40)),
        ]
    });
    assert_eq!(end, "cancelled, 40 filled, [\"40 for 4076.00\"], cash 95923.99");
}
