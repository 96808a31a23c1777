use backsight_domain::id::VenueId;
use backsight_domain::market::Split;
use backsight_domain::order::{AccountReport, OrderRef, OrderStatus as Status};
use backsight_domain::time::Date;

use super::*;

fn report(bench: &mut Bench, at: Time, account: AccountId, since: Time) -> AccountReport {
    bench.exchange.ask(at, Request::Report(account, since));
    let before = bench.heard.len();
    bench.run(at + Span::from_seconds(1));
    let mut reports = bench.heard[before..].iter().filter_map(|(_, event)| {
        let Event::Report(report) = event else { return None };
        Some(report.clone())
    });
    reports.next_back().unwrap()
}

fn by_hand(side: Side, shares: i64, kind: OrderKind) -> Manual {
    let quantity = Quantity::shares(shares);
    let (instrument, lasts) = (share("ACME"), TimeInForce::Day);
    Manual { account: CASH, instrument, side, quantity, kind, lasts, closes: false }
}

#[test]
fn report_is_the_truth() {
    let mut bench = Bench::new(plain());
    bench.place(minute(1), Side::Buy, 10, OrderKind::Market);
    bench.place(minute(2), Side::Sell, 4, OrderKind::Market);
    bench.place(minute(3), Side::Buy, 1, limit(9_500));
    let told = report(&mut bench, minute(4), CASH, minute(2));
    assert_eq!(told.cash, bench.exchange.cash(CASH).unwrap());
    assert_eq!(told.holdings, bench.exchange.holdings(CASH));
    assert_eq!(told.open_orders, [bench.exchange.orders()[2].update()]);
    assert_eq!(told.fills, [bench.exchange.executions()[1].fill.clone()]);
}

#[test]
fn fees_on_sales_are_rounded_up_to_the_cent() {
    let mut bench = Bench::new(Config { fees: FeeSchedule::regulatory(), ..plain() });
    bench.place(minute(1), Side::Buy, 50, OrderKind::Market);
    bench.place(minute(2), Side::Sell, 50, OrderKind::Market);
    let fees: Vec<Money> = bench.fills().iter().map(|fill| fill.fee).collect();
    // 4,999 dollars at 20.60 a million is 10.3 cents; 50 shares at 0.0195 cents are 0.975 cents.
    assert_eq!(fees, [Money::ZERO, Money::cents(11 + 1)]);
    assert_eq!(bench.exchange.cash(CASH).unwrap(), Money::cents(1_000_000 - 200 - 12));
}

#[test]
fn fees_follow_the_date_and_their_cap() {
    let fee = |date: &str, shares: i64| {
        let on = Date::parse(date).unwrap();
        let traded = (Quantity::shares(shares), cents(100));
        FeeSchedule::regulatory().fee(on, &share("ACME"), Side::Sell, traded)
    };
    assert_eq!(fee("2025-06-02", 1_000), Money::cents(20));
    assert_eq!(fee("2026-04-03", 1_000), Money::cents(20));
    assert_eq!(fee("2026-04-04", 1_000), Money::cents(20 + 3));
    assert_eq!(fee("2026-04-03", 1_000_000), Money::cents(979));
}

#[test]
fn manual_order_is_foreign_and_can_be_cancelled_by_name() {
    let mut bench = Bench::new(plain());
    bench.exchange.order_by_hand(minute(1), by_hand(Side::Buy, 3, OrderKind::Market));
    bench.exchange.order_by_hand(minute(2), by_hand(Side::Buy, 3, limit(9_000)));
    bench.run(minute(3));
    assert!(matches!(bench.fills()[0].order, OrderRef::Foreign(_)));
    let venue: VenueId = bench.exchange.orders()[1].venue;
    assert_eq!(bench.updates()[2].order, OrderRef::Foreign(venue));
    bench.exchange.ask(minute(4), Request::CancelForeign(MARGIN, venue));
    bench.run(minute(5));
    assert_eq!(bench.exchange.orders()[1].stage, Stage::Working, "another account's order");
    bench.exchange.ask(minute(6), Request::CancelForeign(CASH, venue));
    bench.run(minute(7));
    assert_eq!(bench.last_status(), Status::Cancelled);
}

#[test]
fn bust_takes_back_shares_and_money_and_uncovered_sales() {
    let mut bench = Bench::new(plain());
    bench.place(minute(1), Side::Buy, 10, OrderKind::Market);
    bench.place(minute(2), Side::Buy, 5, OrderKind::Market);
    bench.place(minute(3), Side::Sell, 12, limit(11_000));
    let first = bench.fills()[0].execution;
    bench.exchange.bust(minute(4), first);
    bench.exchange.bust(minute(5), first);
    bench.run(minute(6));
    let busts = bench.heard.iter().filter(|(_, event)| matches!(event, Event::Bust(_))).count();
    assert_eq!(busts, 1, "an execution is taken back once");
    assert_eq!(bench.exchange.holdings(CASH)[0].quantity, Quantity::shares(5));
    assert_eq!(bench.exchange.cash(CASH).unwrap(), Money::cents(1_000_000 - 5 * 10_002));
    assert_eq!(bench.last_status(), Status::Cancelled);
    let told = report(&mut bench, minute(7), CASH, minute(0));
    assert_eq!(
        (told.fills.len(), told.busts),
        (2, vec![first]),
        "a report names what was taken back"
    );
}

#[test]
fn shares_that_were_sold_on_cannot_be_taken_back() {
    let mut bench = Bench::new(plain());
    bench.place(minute(1), Side::Buy, 10, OrderKind::Market);
    bench.place(minute(2), Side::Sell, 10, OrderKind::Market);
    let bought = bench.fills()[0].execution;
    bench.exchange.bust(minute(4), bought);
    bench.run(minute(6));
    assert!(!bench.exchange.executions()[0].busted);
}

#[test]
fn split_multiplies_holdings_and_cancels_orders() {
    let mut bench = Bench::new(plain());
    bench.place(minute(1), Side::Buy, 10, OrderKind::Market);
    let mut intent = bench.intent(Side::Sell, 10, limit(11_000));
    intent.lasts = TimeInForce::UntilCancelled;
    bench.submit(minute(2), intent);
    let split = Split { slot: backsight_domain::market::Slot(0), numerator: 3, denominator: 1 };
    bench.exchange.split(minute(500), Ticker::parse("ACME").unwrap(), split);
    bench.run(minute(501));
    assert_eq!(bench.exchange.holdings(CASH)[0].quantity, Quantity::shares(30));
    assert_eq!(bench.last_status(), Status::Cancelled);
}

#[test]
fn short_sale_and_cover_move_cash_both_ways() {
    let mut bench = Bench::new(plain());
    for (at, side) in [(1, Side::Sell), (2, Side::Buy)] {
        let intent = Intent { account: MARGIN, ..bench.intent(side, 10, OrderKind::Market) };
        assert!(matches!(bench.submit(minute(at), intent), Answer::Known(_)));
        let held = bench.exchange.holdings(MARGIN).first().map(|h| h.quantity);
        assert_eq!(held, (at == 1).then(|| Quantity::shares(-10)));
    }
    assert_eq!(bench.exchange.cash(MARGIN).unwrap(), Money::cents(1_000_000 - 40));
}

#[test]
fn fractions_of_a_share_can_be_bought_and_sold() {
    let mut bench = Bench::new(plain());
    for (at, side) in [(1, Side::Buy), (2, Side::Sell)] {
        let quantity = Quantity::parse("0.34").unwrap();
        let intent = Intent { quantity, ..bench.intent(side, 1, OrderKind::Market) };
        assert!(matches!(bench.submit(minute(at), intent), Answer::Known(_)));
    }
    assert_eq!(bench.exchange.holdings(CASH), []);
    assert_eq!(bench.exchange.cash(CASH).unwrap(), Money::parse("9999.9864").unwrap());
}

#[test]
fn option_is_worth_its_multiplier() {
    let mut bench = Bench::new(plain());
    let call = Instrument::parse("ACME260619C00100000").unwrap();
    bench.write(call, minute(0), Touch { bid: cents(200), ask: cents(210), last: cents(205) });
    let intent = Intent { instrument: call, ..bench.intent(Side::Buy, 2, limit(210)) };
    assert!(matches!(bench.submit(minute(1), intent), Answer::Known(_)));
    assert_eq!(bench.exchange.cash(CASH).unwrap(), Money::dollars(10_000 - 420));
}

#[test]
fn attempts_count_what_was_tried_and_orders_what_was_taken() {
    let mut bench = Bench::new(plain());
    let intent = bench.intent(Side::Buy, 1, limit(9_000));
    bench.submit(minute(1), intent);
    bench.submit(minute(2), intent);
    assert_eq!(bench.exchange.attempts(CASH, intent.id), 2);
    assert_eq!(bench.exchange.orders_per_intent(CASH, intent.id), 1);
    let renamed = IntentId { leg: 7, ..intent.id };
    bench.submit(minute(3), Intent { id: renamed, ..intent });
    let Purpose::Open(signal) = intent.purpose else { panic!() };
    assert_eq!(bench.exchange.orders_per_signal(CASH, signal), 2, "a new id on re-send shows");
}

#[test]
fn execution_is_taken_back_once_though_enough_is_held() {
    let mut bench = Bench::new(plain());
    bench.place(minute(1), Side::Buy, 10, OrderKind::Market);
    bench.place(minute(2), Side::Buy, 20, OrderKind::Market);
    let first = bench.fills()[0].execution;
    bench.exchange.bust(minute(4), first);
    bench.exchange.bust(minute(5), first);
    bench.run(minute(6));
    assert_eq!(bench.exchange.holdings(CASH)[0].quantity, Quantity::shares(20));
}

#[test]
fn report_begins_with_executions_at_its_instant() {
    let mut bench = Bench::new(plain());
    bench.place(minute(1), Side::Buy, 10, OrderKind::Market);
    let at = bench.fills()[0].at;
    assert_eq!(report(&mut bench, minute(2), CASH, at).fills.len(), 1);
    let later = at + Span::from_nanos(1);
    assert_eq!(report(&mut bench, minute(3), CASH, later).fills.len(), 0);
}

#[test]
fn short_sale_that_is_taken_back_leaves_other_short_sales_alone() {
    let mut bench = Bench::new(plain());
    for kind in [OrderKind::Market, limit(10_500)] {
        let intent = Intent { account: MARGIN, ..bench.intent(Side::Sell, 10, kind) };
        bench.submit(minute(1), intent);
    }
    let first = bench.fills()[0].execution;
    bench.exchange.bust(minute(4), first);
    bench.run(minute(5));
    assert_eq!(bench.exchange.holdings(MARGIN), []);
    assert_eq!(bench.exchange.orders()[1].stage, Stage::Working);
}
