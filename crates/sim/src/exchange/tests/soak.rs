//! Random trading over three sessions. The exchange's own assertions and its audit are the test.

use backsight_domain::market::{Slot, Split};
use backsight_domain::order::OrderRef;

use super::*;

const DAY: i64 = 24 * 60;

fn price(chance: &mut Chance) -> Price {
    cents(9_800 + i64::try_from(chance.below(400)).unwrap())
}

fn kind(chance: &mut Chance) -> OrderKind {
    match chance.below(4) {
        0 => OrderKind::Market,
        1 => OrderKind::Limit(price(chance)),
        2 => OrderKind::Stop(price(chance)),
        _ => OrderKind::StopLimit { stop: price(chance), limit: price(chance) },
    }
}

fn intent(bench: &mut Bench, chance: &mut Chance) -> Intent {
    let call = Instrument::parse("ACME260619C00100000").unwrap();
    let side = *chance.pick(&[Side::Buy, Side::Sell]);
    let shares = 1 + i64::try_from(chance.below(40)).unwrap();
    let kind = kind(chance);
    let quantity =
        *chance.pick(&[Quantity::shares(shares), Quantity::from_units(shares * 70_000_000)]);
    Intent {
        account: *chance.pick(&[CASH, MARGIN]),
        instrument: *chance.pick(&[share("ACME"), share("HARD"), call]),
        quantity,
        lasts: *chance.pick(&[TimeInForce::Day, TimeInForce::UntilCancelled]),
        ..bench.intent(side, shares, kind)
    }
}

/// Writes a wandering price for every instrument on the tape of one session.
fn write_session(bench: &mut Bench, chance: &mut Chance, day: i64) {
    let call = Instrument::parse("ACME260619C00100000").unwrap();
    for instrument in [share("ACME"), share("HARD"), call] {
        let mut mid = 10_000;
        for point in 0..780 {
            let at = minute(day * DAY) + Span::from_seconds(point * 30);
            mid = (mid + i64::try_from(chance.below(61)).unwrap() - 30).clamp(9_700, 10_300);
            let last = cents(mid + i64::try_from(chance.below(7)).unwrap() - 3);
            bench.write(instrument, at, Touch { bid: cents(mid - 2), ask: cents(mid + 2), last });
        }
    }
}

fn trade(seed: u64) -> (usize, usize) {
    let accounts = plain().accounts;
    let mut bench = Bench::new(Config::typical(accounts, plain().listings));
    let mut chance = Chance::root(seed);
    let mut sent: Vec<Intent> = Vec::new();
    for day in 0..3 {
        write_session(&mut bench, &mut chance, day);
        for turn in -20..400 {
            let at = minute(day * DAY + turn);
            bench.run(at);
            match chance.below(8) {
                0..5 => {
                    let intent = intent(&mut bench, &mut chance);
                    bench.exchange.ask(at, Request::Submit(intent));
                    sent.push(intent);
                }
                5 if !sent.is_empty() => {
                    let old = *chance.pick(&sent);
                    bench.exchange.ask(at, Request::Cancel(old.account, old.id));
                }
                6 if chance.happens(0.1) => {
                    let known = bench.exchange.executions();
                    let bust = (!known.is_empty()).then(|| chance.pick(known).fill.execution);
                    if let Some(execution) = bust {
                        bench.exchange.bust(at, execution);
                    }
                }
                _ => {
                    let manual = Manual::from(&intent(&mut bench, &mut chance));
                    bench.exchange.order_by_hand(at, manual);
                }
            }
        }
        let split = Split { slot: Slot(0), numerator: 3, denominator: 2 };
        bench.exchange.split(minute(day * DAY + 500), Ticker::parse("HARD").unwrap(), split);
        bench.run(minute(day * DAY + 501));
    }
    let foreign = |order: &&Order| matches!(order.name(), OrderRef::Foreign(_));
    let foreign = bench.exchange.orders().iter().filter(foreign).count();
    (bench.exchange.executions().len(), foreign)
}

#[test]
fn random_trading_never_breaks_the_books() {
    for seed in 0..12 {
        let (executions, foreign) = trade(seed);
        assert!(40 < executions && 5 < foreign, "seed {seed}: {executions} and {foreign}");
    }
}
