use backsight_domain::order::OrderStatus as Status;

use super::*;

#[test]
fn market_order_trades_at_the_touch() {
    let mut bench = Bench::new(plain());
    bench.place(minute(1), Side::Buy, 10, OrderKind::Market);
    bench.place(minute(2), Side::Sell, 4, OrderKind::Market);
    let prices: Vec<Price> = bench.fills().iter().map(|fill| fill.price).collect();
    assert_eq!(prices, [cents(10_002), cents(9_998)]);
    assert_eq!(bench.exchange.cash(CASH).unwrap(), Money::cents(1_000_000 - 100_020 + 39_992));
    assert_eq!(bench.exchange.holdings(CASH)[0].quantity, Quantity::shares(6));
}

#[test]
fn truth_changes_at_arrival_and_the_desk_learns_of_it_later() {
    let mut bench = Bench::new(plain());
    let intent = bench.intent(Side::Buy, 1, OrderKind::Market);
    bench.exchange.ask(minute(1), Request::Submit(intent));
    bench.run(minute(1) + Span::from_millis(9));
    assert_eq!(bench.exchange.orders().len(), 0);
    bench.run(minute(1) + Span::from_millis(10));
    assert_eq!(bench.exchange.orders()[0].stage, Stage::Filled);
    assert!(bench.heard.is_empty());
    bench.run(minute(2));
    let times: Vec<i64> =
        bench.heard.iter().map(|(at, _)| (*at - minute(1)).millis_floor()).collect();
    // The reply first, then the stream in its order: new, fill, filled.
    assert_eq!(times, [30, 40, 40, 40]);
    assert!(matches!(bench.heard[0].1, Event::Reply(_)));
    assert_eq!(bench.statuses(), [Status::New, Status::Filled]);
}

#[test]
fn marketable_limit_is_improved_to_the_touch() {
    let mut bench = Bench::new(plain());
    bench.place(minute(1), Side::Buy, 1, limit(10_050));
    assert_eq!(bench.fills()[0].price, cents(10_002));
}

#[test]
fn resting_limit_trades_at_its_limit_when_the_market_trades_through() {
    let mut bench = Bench::new(plain());
    bench.quote("ACME", minute(5), 9_950, 9_952);
    bench.place(minute(1), Side::Buy, 1, limit(9_990));
    assert_eq!(bench.fills(), []);
    bench.run(minute(6));
    assert_eq!(bench.fills()[0].price, cents(9_990));
    assert_eq!(bench.fills()[0].at, minute(5));
}

#[test]
fn limit_at_the_touch_waits_for_its_turn() {
    let prints_until_filled = |seed: u64| {
        let config = Config { queue_longest: 5, ..plain() };
        let mut bench = Bench::new(config.clone());
        bench.exchange = Exchange::new(config, Chance::root(seed));
        for turn in 0..10 {
            bench.print("ACME", minute(2 + turn), [9_998, 10_002, 9_998]);
        }
        bench.place(minute(1), Side::Buy, 1, limit(9_998));
        bench.run(minute(20));
        (bench.fills()[0].at - minute(2)).minutes_floor()
    };
    let turns: BTreeSet<i64> = (0..40).map(prints_until_filled).collect();
    assert_eq!(turns, (0..=5).collect());
}

#[test]
fn no_limit_order_ever_trades_worse_than_its_limit() {
    let mut bench = Bench::new(Config { partial: 0.5, queue_longest: 3, ..plain() });
    let mut chance = Chance::root(9);
    for second in 0..6_000 {
        let mid = 10_000 + i64::try_from(chance.below(200)).unwrap() - 100;
        let at = minute(0) + Span::from_seconds(second);
        bench.quote("ACME", at, mid - 2, mid + 2);
    }
    let mut limits = BTreeMap::new();
    for turn in 0..60 {
        let at = 10_000 + i64::try_from(chance.below(160)).unwrap() - 80;
        let intent = bench.intent(Side::Buy, 7, limit(at));
        if matches!(bench.submit(minute(turn), intent), Answer::Known(_)) {
            limits.insert(intent.id, cents(at));
        }
    }
    bench.run(minute(200));
    assert!(10 < bench.fills().len());
    for execution in bench.exchange.executions() {
        let backsight_domain::order::OrderRef::Ours(id) = execution.fill.order else { panic!() };
        assert!(execution.fill.price <= limits[&id]);
    }
}

#[test]
fn sell_stop_becomes_a_market_order_when_a_trade_reaches_it() {
    let mut bench = Bench::new(plain());
    bench.place(minute(1), Side::Buy, 10, OrderKind::Market);
    bench.quote("ACME", minute(5), 9_950, 9_954);
    bench.quote("ACME", minute(6), 9_880, 9_884);
    bench.place(minute(2), Side::Sell, 10, OrderKind::Stop(cents(9_900)));
    bench.run(minute(5));
    assert_eq!(bench.fills().len(), 1);
    bench.run(minute(7));
    assert_eq!(bench.fills()[1].price, cents(9_880));
}

#[test]
fn stop_ignores_a_trade_outside_the_touch() {
    let mut bench = Bench::new(plain());
    bench.place(minute(1), Side::Buy, 10, OrderKind::Market);
    bench.print("ACME", minute(5), [9_998, 10_002, 5_000]);
    bench.place(minute(2), Side::Sell, 10, OrderKind::Stop(cents(9_900)));
    bench.run(minute(7));
    assert_eq!(bench.fills().len(), 1);
}

#[test]
fn buy_stop_is_capped_and_stop_limit_keeps_its_limit() {
    let mut bench = Bench::new(plain());
    bench.quote("ACME", minute(5), 10_600, 10_604);
    bench.quote("ACME", minute(6), 10_110, 10_114);
    let limit = cents(10_120);
    bench.place(minute(1), Side::Buy, 1, OrderKind::Stop(cents(10_100)));
    bench.place(minute(2), Side::Buy, 1, OrderKind::StopLimit { stop: cents(10_100), limit });
    bench.run(minute(5));
    assert_eq!(bench.fills(), [], "the cap of the stop is 103.52");
    bench.run(minute(7));
    let prices: Vec<Price> = bench.fills().iter().map(|fill| fill.price).collect();
    assert_eq!(prices, [cents(10_352), cents(10_120)]);
}

#[test]
fn partial_fills_add_up() {
    let mut bench = Bench::new(Config { partial: 0.7, ..plain() });
    for second in 0..600 {
        bench.quote("ACME", minute(2) + Span::from_seconds(second), 9_998, 10_002);
    }
    let intent = bench.place(minute(1), Side::Buy, 90, OrderKind::Market);
    bench.run(minute(30));
    let fills = bench.fills();
    assert!(1 < fills.len());
    let sum: i64 = fills.iter().map(|fill| fill.quantity.units()).sum();
    assert_eq!(sum, intent.quantity.units());
    let filled: Vec<i64> = bench.updates().iter().map(|update| update.filled.units()).collect();
    assert!(filled.is_sorted());
    assert_eq!(bench.statuses()[1], Status::PartiallyFilled);
    assert_eq!(bench.last_status(), Status::Filled);
}

#[test]
fn one_order_in_ten_is_filled_in_part() {
    let mut bench = Bench::new(Config { partial: 0.1, ..plain() });
    for turn in 0..1_000 {
        let at = minute(0) + Span::from_seconds(turn * 20);
        bench.quote("ACME", at + Span::from_seconds(5), 9_998, 10_002);
        let side = if turn % 2 == 0 { Side::Buy } else { Side::Sell };
        let intent = bench.intent(side, 2, OrderKind::Market);
        bench.exchange.ask(at, Request::Submit(intent));
    }
    bench.run(minute(390));
    let partial = bench.statuses().iter().filter(|s| **s == Status::PartiallyFilled).count();
    assert!((70..=130).contains(&partial), "{partial}");
}

#[test]
fn cancel_wins_when_the_market_comes_later() {
    let mut bench = Bench::new(plain());
    bench.quote("ACME", minute(5), 9_900, 9_902);
    let intent = bench.place(minute(1), Side::Buy, 1, limit(9_950));
    let answer = bench.ask(minute(2), Request::Cancel(CASH, intent.id));
    assert!(matches!(answer, Answer::Known(update) if update.status == Status::PendingCancel));
    bench.run(minute(6));
    assert_eq!(bench.statuses(), [Status::New, Status::PendingCancel, Status::Cancelled]);
    assert_eq!(bench.fills(), []);
}

#[test]
fn fill_wins_when_the_market_comes_before_the_cancel_takes_effect() {
    let mut bench = Bench::new(plain());
    // The cancel arrives after 10 ms and takes effect after 20 ms.
    bench.quote("ACME", minute(2) + Span::from_millis(15), 9_900, 9_902);
    let intent = bench.place(minute(1), Side::Buy, 1, limit(9_950));
    bench.ask(minute(2), Request::Cancel(CASH, intent.id));
    bench.run(minute(3));
    assert_eq!(bench.statuses(), [Status::New, Status::PendingCancel, Status::Filled]);
    let again = bench.ask(minute(3), Request::Cancel(CASH, intent.id));
    assert_eq!(again, Answer::Refused(Refusal::NotCancelable));
}

#[test]
fn day_order_expires_at_the_close() {
    let mut bench = Bench::new(plain());
    bench.quote("ACME", minute(390), 9_000, 9_002);
    bench.place(minute(1), Side::Buy, 1, limit(9_500));
    bench.run(minute(400));
    assert_eq!(bench.statuses(), [Status::New, Status::Expired]);
    assert_eq!(bench.fills(), []);
}

#[test]
fn good_till_cancelled_order_lives_on_and_trades_at_the_next_open() {
    let mut bench = Bench::new(plain());
    let next_open = minute(24 * 60);
    bench.quote("ACME", minute(400), 9_100, 9_102);
    bench.quote("ACME", next_open, 9_000, 9_002);
    let mut intent = bench.intent(Side::Buy, 1, limit(9_500));
    intent.lasts = TimeInForce::UntilCancelled;
    bench.submit(minute(1), intent);
    bench.run(next_open + Span::from_seconds(1));
    assert_eq!(bench.fills()[0].at, next_open);
    assert_eq!(bench.fills()[0].price, cents(9_002), "the open trades at the market");
}

#[test]
fn order_before_the_open_waits_as_accepted() {
    let mut bench = Bench::new(plain());
    bench.quote("ACME", minute(0), 10_098, 10_102);
    bench.place(minute(-30), Side::Buy, 1, OrderKind::Market);
    assert_eq!(bench.statuses(), [Status::Accepted]);
    bench.run(minute(1));
    assert_eq!(bench.statuses(), [Status::Accepted, Status::New, Status::Filled]);
    assert_eq!(bench.fills()[0].price, cents(10_102));
}

#[test]
fn waiting_order_is_rejected_when_the_money_is_gone() {
    let mut bench = Bench::new(plain());
    bench.place(minute(1), Side::Buy, 99, OrderKind::Market);
    bench.place(minute(391), Side::Sell, 99, OrderKind::Market);
    bench.run(minute(24 * 60 + 1));
    bench.place(minute(24 * 60 + 391), Side::Buy, 99, OrderKind::Market);
    let fill = bench.exchange.executions()[1].fill.execution;
    bench.exchange.bust(minute(24 * 60 + 392), fill);
    bench.run(minute(2 * 24 * 60 + 1));
    // The sale was taken back, so 99 shares are held again and the cash is not there.
    assert_eq!(bench.last_status(), Status::Rejected);
    assert_eq!(bench.exchange.holdings(CASH)[0].quantity, Quantity::shares(99));
}

#[test]
fn halted_symbol_does_not_trade_and_reopens_at_the_market() {
    let mut bench = Bench::new(plain());
    bench.quote("ACME", minute(5), 9_900, 9_902);
    bench.quote("ACME", minute(6), 9_800, 9_802);
    bench.place(minute(1), Side::Buy, 1, limit(9_950));
    bench.halt("ACME", true);
    bench.run(minute(5));
    bench.halt("ACME", false);
    bench.run(minute(7));
    assert_eq!(bench.fills()[0].at, minute(6));
    assert_eq!(bench.fills()[0].price, cents(9_802));
}

#[test]
fn nothing_is_due_when_nothing_rests() {
    let mut bench = Bench::new(plain());
    bench.quote("ACME", minute(5), 9_900, 9_902);
    assert_eq!(bench.exchange.next_due(), None);
    bench.place(minute(1), Side::Buy, 1, OrderKind::Market);
    bench.run(minute(2));
    // Only the expiry of the ended order is still planned.
    assert_eq!(bench.exchange.next_due(), Some(minute(390)));
}

#[test]
fn same_seed_same_events() {
    let story = |seed: u64| {
        let config = Config::typical(plain().accounts, plain().listings);
        let mut bench = Bench::new(plain());
        bench.exchange = Exchange::new(Config { partial: 0.5, ..config }, Chance::root(seed));
        for second in 0..600 {
            bench.quote("ACME", minute(1) + Span::from_seconds(second), 9_990, 10_010);
        }
        for turn in 0..20 {
            let intent = bench.intent(Side::Buy, 4, OrderKind::Market);
            bench.exchange.ask(minute(turn), Request::Submit(intent));
        }
        bench.run(minute(40));
        bench.heard
    };
    assert_eq!(story(1), story(1));
    assert_ne!(story(1), story(2));
}

#[test]
fn trade_through_a_resting_limit_fills_it_though_the_offer_stays_away() {
    let mut bench = Bench::new(plain());
    bench.print("ACME", minute(5), [9_985, 9_995, 9_986]);
    bench.place(minute(1), Side::Buy, 1, limit(9_990));
    bench.run(minute(6));
    assert_eq!(bench.fills()[0].price, cents(9_990));
}

#[test]
fn second_cancel_changes_nothing() {
    let mut bench = Bench::new(plain());
    let intent = bench.place(minute(1), Side::Buy, 1, limit(9_900));
    bench.exchange.ask(minute(2), Request::Cancel(CASH, intent.id));
    bench.exchange.ask(minute(2), Request::Cancel(CASH, intent.id));
    bench.run(minute(3));
    assert_eq!(bench.statuses(), [Status::New, Status::PendingCancel, Status::Cancelled]);
}

#[test]
fn stream_keeps_its_order_however_long_its_messages_travel() {
    let mut bench = Bench::new(Config { latency_stream: Latency::around_millis(25), ..plain() });
    for turn in 0..50 {
        let side = if turn % 2 == 0 { Side::Buy } else { Side::Sell };
        let intent = bench.intent(side, 1, OrderKind::Market);
        bench.exchange.ask(minute(1) + Span::from_millis(turn), Request::Submit(intent));
    }
    bench.run(minute(2));
    let expected: Vec<Status> = (0..50).flat_map(|_| [Status::New, Status::Filled]).collect();
    assert_eq!(bench.statuses(), expected);
}

#[test]
fn latency_lies_around_its_median_and_below_its_longest() {
    let mut chance = Chance::root(1);
    let latency = Latency { longest: Span::from_millis(60), ..Latency::around_millis(20) };
    let draws: Vec<Span> = (0..2_000).map(|_| latency.draw(&mut chance)).collect();
    assert!(draws.iter().all(|span| Span::ZERO < *span && *span <= latency.longest));
    let faster = draws.iter().filter(|span| **span < latency.median).count();
    assert!((900..1_100).contains(&faster), "{faster}");
}
