use std::collections::BTreeSet;

use backsight_domain::id::{AccountId, IntentId, PolicyVersion, Seq, SignalId};
use backsight_domain::instrument::{Instrument, Ticker};
use backsight_domain::order::{OrderKind, OrderRef, Purpose, Side, TimeInForce};

use super::*;

const FENCE: Span = Span::from_seconds(60);
const VENUE: VenueId = VenueId(7);

fn at(second: i64) -> Time {
    Time::from_seconds(1_000 + second)
}

fn intent() -> Intent {
    let id = IntentId { cause: Seq(5), leg: 0 };
    Intent {
        id,
        account: AccountId(0),
        instrument: Instrument::Equity(Ticker::parse("ACME").unwrap()),
        side: Side::Buy,
        quantity: Quantity::shares(100),
        kind: OrderKind::Market,
        lasts: TimeInForce::Day,
        purpose: Purpose::Open(SignalId { cause: Seq(5), index: 0 }),
        replaces: None,
        valid_until: at(90),
        policy: PolicyVersion(1),
    }
}

fn update(status: OrderStatus, filled: i64) -> OrderUpdate {
    let order = OrderRef::Ours(intent().id);
    let filled = Quantity::shares(filled);
    OrderUpdate { account: AccountId(0), order, venue: VENUE, status, filled }
}

/// One order in each state there is.
fn orders() -> Vec<Order> {
    let new = Order::send(intent(), at(0));
    let mut orders = vec![new.clone()];
    let heard = |heards: &[Heard<'_>]| {
        let mut order = new.clone();
        for heard in heards {
            order.hear(*heard, at(1), FENCE);
        }
        order
    };
    orders.push(heard(&[Heard::Nothing]));
    let working = update(OrderStatus::New, 0);
    orders.push(heard(&[Heard::Known(&working)]));
    orders.push(heard(&[Heard::Known(&working), Heard::CancelAsked]));
    orders.push(heard(&[Heard::Known(&working), Heard::ReplaceAsked]));
    orders.push(heard(&[Heard::Known(&update(BY_HAND, 0))]));
    for status in [OrderStatus::Filled, OrderStatus::Cancelled, REPLACED, OrderStatus::Rejected] {
        orders.push(heard(&[Heard::Known(&update(status, 0))]));
    }
    let mut abandoned = new;
    abandoned.hear(Heard::Nothing, at(1), FENCE);
    (0..5).for_each(|second| abandoned.ask(at(second)));
    abandoned.hear(Heard::NotFound, at(91), FENCE);
    orders.push(abandoned);
    orders
}

const REPLACED: OrderStatus =
    OrderStatus::Replaced { by: OrderRef::Ours(IntentId { cause: Seq(6), leg: 0 }) };
const BY_HAND: OrderStatus = OrderStatus::Replaced { by: OrderRef::Foreign(VenueId(8)) };
const WORKING: [OrderStatus; 5] = [
    OrderStatus::Accepted,
    OrderStatus::New,
    OrderStatus::PartiallyFilled,
    OrderStatus::PendingCancel,
    OrderStatus::PendingReplace,
];
const FINAL: [OrderStatus; 5] = [
    OrderStatus::Filled,
    OrderStatus::Cancelled,
    OrderStatus::Expired,
    OrderStatus::Rejected,
    REPLACED,
];
const REFUSALS: [Refusal; 12] = [
    Refusal::BuyingPower,
    Refusal::NotHeld,
    Refusal::WashTrade,
    Refusal::PriceAway,
    Refusal::NotTradable,
    Refusal::MarketClosed,
    Refusal::Malformed,
    Refusal::NotCancelable,
    Refusal::NotReplaceable,
    Refusal::Unchanged,
    Refusal::NothingLeft,
    Refusal::Unauthorised,
];

/// Refusals after which the order may exist.
const UNSURE: [Refusal; 3] = [Refusal::DuplicateId, Refusal::AlreadyReplaced, Refusal::RateLimited];

/// The same order with executions of so many shares.
fn executed(order: &Order, shares: i64) -> Order {
    Order { filled: Quantity::shares(shares), ..order.clone() }
}

/// Where each group of messages leads, as one word if all of the group lead there.
fn led(order: &Order, heards: &[Heard<'_>]) -> String {
    let ends: BTreeSet<String> = heards
        .iter()
        .map(|heard| {
            let mut order = order.clone();
            order.hear(*heard, at(2), FENCE);
            order.phase().to_string()
        })
        .collect();
    ends.into_iter().collect::<Vec<_>>().join("/")
}

#[test]
fn the_table_of_transitions() {
    let working: Vec<_> = WORKING
        .into_iter()
        .chain([OrderStatus::Other("held".into())])
        .map(|s| update(s, 0))
        .collect();
    let ended = FINAL.map(|status| update(status, 0));
    let mut table = String::new();
    for order in orders() {
        let works: Vec<_> = working.iter().map(Heard::Known).collect();
        let ends: Vec<_> = ended.iter().map(Heard::Known).collect();
        let row = [
            order.phase().to_string(),
            led(&order, &works),
            led(&order, &ends),
            led(&order, &[Heard::Executed]),
            led(&executed(&order, 100), &[Heard::Executed]),
            led(&order, &REFUSALS.map(Heard::Refused)),
            led(&order, &UNSURE.map(Heard::Refused)),
            led(&order, &[Heard::NotFound]),
            led(&order, &[Heard::Nothing]),
            led(&order, &[Heard::CancelAsked]),
            led(&order, &[Heard::CancelRefused]),
            led(&order, &[Heard::Known(&update(BY_HAND, 0))]),
            led(&order, &[Heard::ReplaceAsked]),
            led(&order, &[Heard::ReplaceFailed]),
            led(&order, &[Heard::PlaceGone]),
            led(&order, &[Heard::Missed]),
        ];
        table.push_str(&row.join(" | "));
        table.push('\n');
    }
    let any = "cancelled/filled/rejected/replaced";
    let expected = format!(
        "sent | working | {any} | sent | filled | rejected | unknown | unknown | unknown | sent | sent | displaced | sent | sent | rejected | sent
unknown | working | {any} | unknown | filled | rejected | unknown | unknown | unknown | unknown | unknown | displaced | unknown | unknown | rejected | unknown
working | working | {any} | working | filled | working | working | unknown | working | cancelling | working | displaced | replacing | working | rejected | working
cancelling | cancelling | {any} | cancelling | filled | cancelling | cancelling | unknown | cancelling | cancelling | cancelling | displaced | cancelling | cancelling | rejected | cancelling
replacing | replacing | {any} | replacing | filled | replacing | replacing | unknown | replacing | replacing | replacing | displaced | replacing | working | rejected | replacing
displaced | displaced | displaced | displaced | filled | displaced | displaced | displaced | displaced | displaced | displaced | displaced | displaced | displaced | displaced | displaced
filled | filled | filled | filled | filled | filled | filled | filled | filled | filled | filled | filled | filled | filled | filled | filled
cancelled | cancelled | cancelled | cancelled | cancelled | cancelled | cancelled | cancelled | cancelled | cancelled | cancelled | cancelled | cancelled | cancelled | cancelled | cancelled
replaced | replaced | replaced | replaced | replaced | replaced | replaced | replaced | replaced | replaced | replaced | replaced | replaced | replaced | replaced | replaced
rejected | rejected | rejected | rejected | rejected | rejected | rejected | rejected | rejected | rejected | rejected | rejected | rejected | rejected | rejected | rejected
abandoned | working | {any} | unknown | filled | abandoned | abandoned | abandoned | abandoned | abandoned | abandoned | displaced | abandoned | abandoned | abandoned | abandoned
"
    );
    assert_eq!(table, expected);
}

#[test]
fn each_final_word_has_its_end() {
    let end = |status: OrderStatus| {
        let mut order = Order::send(intent(), at(0));
        order.hear(Heard::Known(&update(status, 0)), at(1), FENCE);
        order.phase()
    };
    let ends = FINAL.map(end);
    let cancelled = OrderPhase::Cancelled;
    let (rejected, replaced) = (OrderPhase::Rejected, OrderPhase::Replaced);
    assert_eq!(ends, [OrderPhase::Filled, cancelled, cancelled, rejected, replaced]);
}

#[test]
fn the_reported_quantity_only_grows_and_the_filled_one_is_not_guessed() {
    for order in orders() {
        let mut order = order;
        for filled in [40, 10, 0, 70, 60] {
            let before = order.reported;
            order.hear(Heard::Known(&update(OrderStatus::PartiallyFilled, filled)), at(3), FENCE);
            assert!(before <= order.reported && Quantity::shares(filled) <= order.reported);
            assert_eq!(order.filled, Quantity::ZERO, "only executions fill an order");
        }
        assert_eq!(order.reported, Quantity::shares(70));
        assert!(order.lacks_fills());
    }
}

#[test]
fn executions_end_an_order_when_they_add_up_to_the_whole_of_it() {
    let check = |shares: i64| {
        let mut order = executed(&Order::send(intent(), at(0)), shares);
        order.hear(Heard::Executed, at(1), FENCE);
        assert!(!order.lacks_fills(), "the venue has reported nothing yet");
        order.phase()
    };
    assert_eq!(
        [check(99), check(100), check(101)].map(|phase| phase.to_string()),
        ["sent", "filled", "filled"]
    );
}

#[test]
fn what_a_predecessor_filled_counts_towards_the_whole() {
    let check = |carried: i64, shares: i64| {
        let new = Order::send(intent(), at(0));
        let order = Order { carried: Quantity::shares(carried), ..new };
        let mut order = executed(&order, shares);
        let left = order.remaining();
        order.hear(Heard::Executed, at(1), FENCE);
        format!("{left} left, {}", order.phase())
    };
    assert_eq!(check(40, 59), "1 left, sent");
    assert_eq!(check(40, 60), "0 left, filled");
}

#[test]
fn a_displaced_order_ends_when_two_reports_show_nothing_in_its_place() {
    let mut order = Order::send(intent(), at(0));
    order.hear(Heard::Known(&update(BY_HAND, 10)), at(1), FENCE);
    order.hear(Heard::Missed, at(2), FENCE);
    assert_eq!(order.phase(), OrderPhase::Displaced, "the first may have been read before");
    order.hear(Heard::Missed, at(3), FENCE);
    assert_eq!(order.phase(), OrderPhase::Replaced);
    assert!(order.lacks_fills(), "what it traded itself is still owed");
}

#[test]
fn an_unknown_order_is_asked_about_after_1_2_4_8_16_seconds() {
    let mut order = Order::send(intent(), at(0));
    order.hear(Heard::Nothing, at(10), FENCE);
    let mut asked = Vec::new();
    for _ in 0..7 {
        let OrderState::Unknown(unknown) = order.state else { panic!("it is unknown") };
        asked.push((unknown.next - at(10)).seconds_floor());
        order.ask(unknown.next);
    }
    assert_eq!(asked, [1, 3, 7, 15, 31, 47, 63]);
}

#[test]
fn only_the_fence_an_expired_intent_and_five_questions_together_abandon() {
    let check = |asked: u8, second: i64| {
        let mut order = Order::send(intent(), at(0));
        order.hear(Heard::Nothing, at(10), FENCE);
        (0..asked).for_each(|_| order.ask(at(11)));
        order.hear(Heard::NotFound, at(second), FENCE);
        order.phase()
    };
    assert_eq!(check(5, 91), OrderPhase::Abandoned);
    assert_eq!(check(4, 91), OrderPhase::Unknown, "asked too little");
    assert_eq!(check(5, 69), OrderPhase::Unknown, "inside the fence");
    assert_eq!(check(5, 90), OrderPhase::Unknown, "the intent is still valid");
}

#[test]
fn a_refused_second_sending_says_nothing_about_the_first() {
    let check = |sends: u8| {
        let mut order = Order { sends, ..Order::send(intent(), at(0)) };
        order.hear(Heard::Nothing, at(10), FENCE);
        order.hear(Heard::Refused(Refusal::BuyingPower), at(11), FENCE);
        order.phase()
    };
    assert_eq!([check(1), check(2)], [OrderPhase::Rejected, OrderPhase::Unknown]);
}

/// Calls `visit` with every order of the items.
fn permute<T: Copy>(items: &mut Vec<T>, from: usize, visit: &mut impl FnMut(&[T])) {
    if from == items.len() {
        return visit(items);
    }
    for index in from..items.len() {
        items.swap(from, index);
        permute(items, from + 1, visit);
        items.swap(from, index);
    }
}

#[test]
fn every_sequence_of_the_same_messages_ends_alike() {
    for (status, filled) in [
        (OrderStatus::Filled, 100),
        (OrderStatus::Cancelled, 40),
        (OrderStatus::Expired, 0),
        (OrderStatus::Rejected, 0),
    ] {
        let (new, part) =
            (update(OrderStatus::New, 0), update(OrderStatus::PartiallyFilled, filled / 2));
        let end = update(status, filled);
        let mut heards = vec![
            Heard::Known(&new),
            Heard::Known(&part),
            Heard::Known(&end),
            Heard::Nothing,
            Heard::CancelAsked,
            Heard::NotFound,
        ];
        let mut ends = BTreeSet::new();
        permute(&mut heards, 0, &mut |heards| {
            let mut order = Order::send(intent(), at(0));
            for (second, heard) in (1..).zip(heards) {
                order.hear(*heard, at(second), FENCE);
            }
            ends.insert((order.phase(), order.reported));
        });
        assert_eq!(ends.len(), 1, "{ends:?}");
    }
}
