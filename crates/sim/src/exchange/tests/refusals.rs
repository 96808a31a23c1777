use super::*;

/// What the exchange answers to one order on a fresh bench.
fn check(change: impl Fn(&mut Bench, &mut Intent), expected: Option<Refusal>) {
    let mut bench = Bench::new(plain());
    let mut intent = bench.intent(Side::Buy, 10, OrderKind::Market);
    change(&mut bench, &mut intent);
    let answer = bench.submit(minute(10), intent);
    match expected {
        Some(refusal) => assert_eq!(answer, Answer::Refused(refusal)),
        None => assert!(matches!(answer, Answer::Known(_)), "{answer:?}"),
    }
    let taken = bench.exchange.orders_per_intent(intent.account, intent.id);
    assert_eq!(taken, usize::from(expected.is_none()), "a refused order leaves none");
}

#[test]
fn ordinary_order_is_taken() {
    check(|_, _| {}, None);
}

#[test]
fn buying_power_ends_at_the_cash() {
    check(|_, intent| intent.quantity = Quantity::shares(100), Some(Refusal::BuyingPower));
    check(|_, intent| intent.quantity = Quantity::shares(99), None);
}

#[test]
fn buying_power_is_reserved_by_open_orders_and_freed_by_their_end() {
    let mut bench = Bench::new(plain());
    let first = bench.place(minute(1), Side::Buy, 60, limit(9_900));
    let second = bench.intent(Side::Buy, 60, limit(9_900));
    assert_eq!(bench.submit(minute(2), second), Answer::Refused(Refusal::BuyingPower));
    bench.ask(minute(3), Request::Cancel(CASH, first.id));
    assert!(matches!(bench.submit(minute(4), second), Answer::Known(_)));
}

#[test]
fn margin_account_buys_twice_its_equity() {
    let on_margin = |shares: i64| {
        move |_: &mut Bench, intent: &mut Intent| {
            intent.account = MARGIN;
            intent.quantity = Quantity::shares(shares);
        }
    };
    check(on_margin(199), None);
    check(on_margin(200), Some(Refusal::BuyingPower));
}

#[test]
fn only_what_is_held_can_be_sold() {
    let sell = |held: i64, promised: i64, sold: i64| {
        move |bench: &mut Bench, intent: &mut Intent| {
            if 0 < held {
                bench.place(minute(1), Side::Buy, held, OrderKind::Market);
            }
            if 0 < promised {
                bench.place(minute(2), Side::Sell, promised, limit(11_000));
            }
            intent.side = Side::Sell;
            intent.quantity = Quantity::shares(sold);
        }
    };
    check(sell(0, 0, 1), Some(Refusal::NotHeld));
    check(sell(10, 0, 10), None);
    check(sell(10, 0, 11), Some(Refusal::NotHeld));
    check(sell(10, 6, 4), None);
    check(sell(10, 6, 5), Some(Refusal::NotHeld));
}

#[test]
fn short_sale_needs_leave_of_account_and_listing() {
    let short = |account: AccountId, ticker: &'static str| {
        move |_: &mut Bench, intent: &mut Intent| {
            intent.account = account;
            intent.side = Side::Sell;
            intent.instrument = share(ticker);
        }
    };
    check(short(MARGIN, "ACME"), None);
    check(short(MARGIN, "HARD"), Some(Refusal::NotHeld));
    check(short(CASH, "ACME"), Some(Refusal::NotHeld));
}

#[test]
fn no_order_turns_a_holding_over() {
    let mut bench = Bench::new(plain());
    let buy = bench.intent(Side::Buy, 10, OrderKind::Market);
    bench.submit(minute(1), Intent { account: MARGIN, ..buy });
    let sell = bench.intent(Side::Sell, 11, OrderKind::Market);
    let answer = bench.submit(minute(2), Intent { account: MARGIN, ..sell });
    assert_eq!(answer, Answer::Refused(Refusal::NotHeld));
}

#[test]
fn wash_trade_table_is_the_brokers() {
    let stop_limit = |stop, limit| OrderKind::StopLimit { stop: cents(stop), limit: cents(limit) };
    let stop = OrderKind::Stop(cents(9_500));
    let sells = [OrderKind::Market, stop, limit(10_500), stop_limit(9_500, 10_500)];
    // Buys below the sell limits of 105.00, and the buy limits that cross them.
    let apart = [
        OrderKind::Market,
        OrderKind::Stop(cents(10_900)),
        limit(10_400),
        stop_limit(10_300, 10_400),
    ];
    let across = [limit(10_500), stop_limit(10_300, 10_500)];
    for (row, sell) in sells.into_iter().enumerate() {
        for (column, buy) in apart.into_iter().enumerate() {
            let rejects = row < 2 || column < 2;
            assert_eq!(washes(sell, buy), rejects, "{sell} then {buy}");
            assert_eq!(washes_the_other_way(buy, sell), rejects, "{buy} then {sell}");
        }
        for buy in across {
            assert!(washes(sell, buy), "{sell} then {buy}");
            assert!(washes_the_other_way(buy, sell), "{buy} then {sell}");
        }
    }
}

/// Whether a buy is refused while a sell of held shares rests before the open.
fn washes(resting: OrderKind, new: OrderKind) -> bool {
    let mut bench = Bench::new(plain());
    bench.place(minute(1), Side::Buy, 10, OrderKind::Market);
    bench.place(minute(391), Side::Sell, 10, resting);
    let buy = bench.intent(Side::Buy, 1, new);
    bench.submit(minute(392), buy) == Answer::Refused(Refusal::WashTrade)
}

/// Whether a sell of held shares is refused while a buy rests before the open.
fn washes_the_other_way(resting: OrderKind, new: OrderKind) -> bool {
    let mut bench = Bench::new(plain());
    bench.place(minute(1), Side::Buy, 10, OrderKind::Market);
    bench.place(minute(391), Side::Buy, 1, resting);
    let sell = bench.intent(Side::Sell, 10, new);
    bench.submit(minute(392), sell) == Answer::Refused(Refusal::WashTrade)
}

#[test]
fn far_limit_is_refused_on_both_sides() {
    let priced = |cents: i64| move |_: &mut Bench, intent: &mut Intent| intent.kind = limit(cents);
    check(priced(5_000), None);
    check(priced(4_999), Some(Refusal::PriceAway));
    check(priced(15_001), Some(Refusal::PriceAway));
}

#[test]
fn halted_unlisted_and_priceless_symbols_are_not_tradable() {
    let not_tradable = Some(Refusal::NotTradable);
    check(|bench, _| bench.halt("ACME", true), not_tradable);
    check(|_, intent| intent.instrument = share("NOPE"), not_tradable);
    check(
        |_, intent| {
            intent.instrument = Instrument::parse("ACME260619C00100000").unwrap();
            intent.kind = limit(100);
        },
        not_tradable,
    );
}

#[test]
fn malformed_orders_are_refused() {
    let malformed = Some(Refusal::Malformed);
    let fraction = Quantity::parse("0.5").unwrap();
    check(|_, intent| intent.quantity = Quantity::ZERO, malformed);
    check(|_, intent| intent.quantity = Quantity::shares(-1), malformed);
    check(
        |_, intent| intent.kind = OrderKind::Limit(Price::from_ticks(999_950).unwrap()),
        malformed,
    );
    check(|_, intent| intent.quantity = fraction, None);
    check(
        |_, intent| {
            intent.quantity = fraction;
            intent.lasts = TimeInForce::UntilCancelled;
        },
        malformed,
    );
    check(
        |_, intent| {
            intent.quantity = fraction;
            intent.instrument = share("HARD");
        },
        malformed,
    );
    check(|_, intent| intent.kind = OrderKind::Stop(cents(9_900)), malformed);
}

#[test]
fn options_trade_whole_by_the_day_and_never_at_a_stop() {
    let on_option = |change: fn(&mut Intent)| {
        move |bench: &mut Bench, intent: &mut Intent| {
            let call = Instrument::parse("ACME260619C00100000").unwrap();
            let touch = Touch { bid: cents(98), ask: cents(100), last: cents(99) };
            bench.write(call, minute(0), touch);
            intent.instrument = call;
            intent.kind = limit(100);
            change(intent);
        }
    };
    check(on_option(|_| {}), None);
    check(on_option(|i| i.quantity = Quantity::parse("1.5").unwrap()), Some(Refusal::Malformed));
    check(on_option(|i| i.lasts = TimeInForce::UntilCancelled), Some(Refusal::Malformed));
    check(on_option(|i| i.kind = OrderKind::Stop(cents(120))), Some(Refusal::Malformed));
    check(on_option(|i| i.side = Side::Sell), Some(Refusal::NotHeld));
    // Paid in full, even where shares are bought on margin.
    check(
        on_option(|i| {
            i.account = MARGIN;
            i.quantity = Quantity::shares(101);
        }),
        Some(Refusal::BuyingPower),
    );
}

#[test]
fn expiring_option_is_closed_for_openings_half_an_hour_before_the_end() {
    let mut bench = Bench::new(plain());
    let call = Instrument::parse("ACME260504C00100000").unwrap();
    bench.write(call, minute(0), Touch { bid: cents(98), ask: cents(100), last: cents(99) });
    let buy = Intent { instrument: call, ..bench.intent(Side::Buy, 1, limit(100)) };
    assert!(matches!(bench.submit(minute(358), buy), Answer::Known(_)));
    let late = Intent { instrument: call, ..bench.intent(Side::Buy, 1, limit(100)) };
    assert_eq!(bench.submit(minute(360), late), Answer::Refused(Refusal::NotTradable));
    let close = Intent { instrument: call, ..bench.intent(Side::Sell, 1, OrderKind::Market) };
    assert!(matches!(bench.submit(minute(361), close), Answer::Known(_)));
}

#[test]
fn option_market_order_needs_an_open_market() {
    let mut bench = Bench::new(plain());
    let call = Instrument::parse("ACME260619C00100000").unwrap();
    bench.write(call, minute(-60), Touch { bid: cents(98), ask: cents(100), last: cents(99) });
    let buy = Intent { instrument: call, ..bench.intent(Side::Buy, 1, OrderKind::Market) };
    assert_eq!(bench.submit(minute(-10), buy), Answer::Refused(Refusal::MarketClosed));
    assert!(matches!(bench.submit(minute(1), buy), Answer::Known(_)));
}

#[test]
fn client_order_id_is_used_for_ever() {
    let mut bench = Bench::new(plain());
    let intent = bench.place(minute(1), Side::Buy, 1, limit(9_900));
    bench.ask(minute(2), Request::Cancel(CASH, intent.id));
    bench.run(minute(3));
    assert_eq!(bench.last_status(), OrderStatus::Cancelled);
    assert_eq!(bench.submit(minute(4), intent), Answer::Refused(Refusal::DuplicateId));
    let elsewhere = Intent { account: MARGIN, ..intent };
    assert!(matches!(bench.submit(minute(5), elsewhere), Answer::Known(_)), "ids are per account");
}

#[test]
fn refused_order_does_not_use_its_id_up() {
    let mut bench = Bench::new(plain());
    let intent = bench.intent(Side::Buy, 1, OrderKind::Market);
    bench.halt("ACME", true);
    assert_eq!(bench.submit(minute(1), intent), Answer::Refused(Refusal::NotTradable));
    bench.halt("ACME", false);
    assert!(matches!(bench.submit(minute(2), intent), Answer::Known(_)));
}

#[test]
fn unknown_orders_are_not_found_and_ended_ones_not_cancelable() {
    let mut bench = Bench::new(plain());
    let unknown = bench.intent(Side::Buy, 1, OrderKind::Market).id;
    assert_eq!(bench.ask(minute(1), Request::Cancel(CASH, unknown)), Answer::NotFound);
    assert_eq!(bench.ask(minute(2), Request::Lookup(CASH, unknown)), Answer::NotFound);
    let filled = bench.place(minute(3), Side::Buy, 1, OrderKind::Market).id;
    let answer = bench.ask(minute(4), Request::Cancel(CASH, filled));
    assert_eq!(answer, Answer::Refused(Refusal::NotCancelable));
    let answer = bench.ask(minute(5), Request::Lookup(CASH, filled));
    assert_eq!(answer, Answer::Known(bench.exchange.orders()[0].update()));
}

#[test]
fn unknown_account_is_unauthorised() {
    check(|_, intent| intent.account = AccountId(9), Some(Refusal::Unauthorised));
}

#[test]
fn requests_beyond_the_minutes_budget_are_turned_away() {
    let mut bench = Bench::new(plain());
    let unknown = bench.intent(Side::Buy, 1, OrderKind::Market).id;
    for _ in 0..200 {
        bench.exchange.ask(minute(1), Request::Lookup(CASH, unknown));
    }
    bench.exchange.ask(minute(1), Request::Report(CASH, minute(0)));
    bench.run(minute(1) + Span::from_seconds(1));
    let is_not_found =
        |event: &Event| matches!(event, Event::Reply(r) if r.answer == Answer::NotFound);
    assert_eq!(bench.heard.iter().filter(|(_, event)| is_not_found(event)).count(), 200);
    assert_eq!(bench.heard.len(), 200, "the report is turned away");
    let later = minute(1) + Span::from_seconds(30);
    let intent = bench.intent(Side::Buy, 1, OrderKind::Market);
    assert_eq!(bench.submit(later, intent), Answer::Refused(Refusal::RateLimited));
    assert!(matches!(bench.submit(minute(2), intent), Answer::Known(_)));
}

#[test]
fn expired_option_is_not_tradable() {
    check(
        |bench, intent| {
            let call = Instrument::parse("ACME260501C00100000").unwrap();
            let touch = Touch { bid: cents(98), ask: cents(100), last: cents(99) };
            bench.write(call, minute(0), touch);
            intent.instrument = call;
            intent.kind = limit(100);
        },
        Some(Refusal::NotTradable),
    );
}

#[test]
fn short_sale_waits_for_resting_buys_and_is_held_against_a_margin() {
    let short = |shares: i64, rests: bool| {
        move |bench: &mut Bench, intent: &mut Intent| {
            if rests {
                let buy = bench.intent(Side::Buy, 1, limit(9_000));
                bench.submit(minute(1), Intent { account: MARGIN, ..buy });
            }
            intent.account = MARGIN;
            intent.side = Side::Sell;
            intent.kind = limit(10_500);
            intent.quantity = Quantity::shares(shares);
        }
    };
    check(short(1, true), Some(Refusal::NotHeld));
    check(short(190, false), None);
    check(short(191, false), Some(Refusal::BuyingPower));
    let at_market = |shares: i64| {
        move |bench: &mut Bench, intent: &mut Intent| {
            short(shares, false)(bench, intent);
            intent.kind = OrderKind::Market;
        }
    };
    // 103 % of the offer is 103.02.
    check(at_market(194), None);
    check(at_market(195), Some(Refusal::BuyingPower));
}

#[test]
fn gains_on_margin_can_be_spent() {
    let after_gain = |shares: i64| {
        move |bench: &mut Bench, intent: &mut Intent| {
            let first = bench.intent(Side::Buy, 100, OrderKind::Market);
            bench.submit(minute(1), Intent { account: MARGIN, ..first });
            bench.quote("ACME", minute(5), 11_998, 12_002);
            intent.account = MARGIN;
            intent.quantity = Quantity::shares(shares);
        }
    };
    // Equity of 11,998, twice, less the 12,000 held.
    check(after_gain(99), None);
    check(after_gain(100), Some(Refusal::BuyingPower));
}

#[test]
fn closing_orders_reserve_nothing() {
    let mut bench = Bench::new(plain());
    bench.place(minute(1), Side::Buy, 50, OrderKind::Market);
    bench.place(minute(2), Side::Sell, 50, limit(11_000));
    let other = bench.intent(Side::Buy, 49, OrderKind::Market);
    let answer = bench.submit(minute(3), Intent { instrument: share("HARD"), ..other });
    assert!(matches!(answer, Answer::Known(_)), "{answer:?}");

    let mut bench = Bench::new(plain());
    for (side, kind) in [(Side::Sell, OrderKind::Market), (Side::Buy, limit(9_000))] {
        let intent = Intent { account: MARGIN, ..bench.intent(side, 100, kind) };
        bench.submit(minute(1), intent);
    }
    let other = Intent { account: MARGIN, ..bench.intent(Side::Buy, 90, OrderKind::Market) };
    let answer = bench.submit(minute(3), Intent { instrument: share("HARD"), ..other });
    assert!(matches!(answer, Answer::Known(_)), "{answer:?}");
}
