//! Contracts and verticals: what they need, what they bind, and how they end. All expire on the
//! bench's first session, unless a symbol says otherwise.

use backsight_domain::instrument::Contract;
use backsight_domain::option::SettlementKind;
use backsight_domain::order::{AccountReport, Refusal};

use super::*;

const CALL: &str = "ACME260504C00100000";
const DEAR_CALL: &str = "ACME260504C00105000";
const PUT: &str = "ACME260504P00100000";
const CHEAP_PUT: &str = "ACME260504P00095000";
const LATER_CALL: &str = "ACME260619C00100000";
const EVENING: i64 = 400;

fn option(occ: &str) -> Instrument {
    Instrument::parse(occ).unwrap()
}

fn vertical(bought: &str, sold: &str) -> Instrument {
    Instrument::parse(&format!("{bought}/{sold}")).unwrap()
}

/// A bench on which contracts are quoted in cents around a price.
fn bench(quotes: &[(Instrument, i64)]) -> Bench {
    let mut bench = Bench::new(plain());
    for (instrument, price) in quotes {
        let (bid, ask) = (cents(price - 1), cents(price + 1));
        bench.write(*instrument, minute(0), Touch { bid, ask, last: cents(*price) });
    }
    bench
}

fn order(
    bench: &mut Bench,
    at: i64,
    (side, count, what): (Side, i64, Instrument),
    kind: OrderKind,
) -> Answer {
    let purpose = Purpose::Open(SignalId { cause: Seq(1), index: 0 });
    let intent = Intent { instrument: what, purpose, ..bench.intent(side, count, kind) };
    bench.submit(minute(at), intent)
}

#[test]
fn an_order_that_closes_contracts_sells_no_more_than_are_held() {
    // An exit that was given up turned up after its successor: cash secured the second sale.
    let put = option("ACME260619P00060000");
    let mut bench = bench(&[(put, 200)]);
    taken(&mut bench, 1, (Side::Buy, 1, put), limit(201));
    let close = |bench: &mut Bench, at: i64| {
        let intent = Intent { instrument: put, ..bench.intent(Side::Sell, 1, limit(199)) };
        bench.submit(minute(at), intent)
    };
    assert!(matches!(close(&mut bench, 2), Answer::Known(_)));
    assert_eq!(close(&mut bench, 3), Answer::Refused(Refusal::NotHeld));
}

fn taken(bench: &mut Bench, at: i64, what: (Side, i64, Instrument), kind: OrderKind) {
    let answer = order(bench, at, what, kind);
    assert!(matches!(answer, Answer::Known(_)), "{answer:?}");
}

fn held(bench: &Bench) -> Vec<(String, i64)> {
    let holdings = bench.exchange.holdings(CASH);
    holdings.iter().map(|held| (held.instrument.to_string(), held.quantity.whole())).collect()
}

fn kinds(bench: &Bench) -> Vec<(Contract, i64, SettlementKind)> {
    let all = bench.exchange.settlements().iter();
    all.map(|s| (s.contract, s.quantity.whole(), s.kind)).collect()
}

fn dollars(bench: &Bench) -> Money {
    bench.exchange.cash(CASH).unwrap()
}

#[test]
fn a_vertical_trades_both_legs_at_its_net_price() {
    let spread = vertical(CALL, DEAR_CALL);
    let mut bench = bench(&[(spread, 200)]);
    taken(&mut bench, 1, (Side::Buy, 2, spread), limit(201));
    assert_eq!(held(&bench), [(CALL.to_owned(), 2), (DEAR_CALL.to_owned(), -2)]);
    assert_eq!(dollars(&bench), Money::dollars(10_000 - 402));
    taken(&mut bench, 2, (Side::Sell, 2, spread), limit(199));
    assert_eq!((held(&bench), dollars(&bench)), (vec![], Money::dollars(10_000 - 4)));
}

#[test]
fn a_call_is_sold_only_against_shares_and_binds_them() {
    let call = option(LATER_CALL);
    let mut bench = bench(&[(call, 200)]);
    let uncovered = Answer::Refused(Refusal::NotHeld);
    assert_eq!(order(&mut bench, 1, (Side::Sell, 1, call), limit(199)), uncovered);
    bench.quote("ACME", minute(1), 4_999, 5_001);
    taken(&mut bench, 2, (Side::Buy, 150, share("ACME")), OrderKind::Market);
    assert_eq!(order(&mut bench, 3, (Side::Sell, 2, call), limit(199)), uncovered);
    taken(&mut bench, 4, (Side::Sell, 1, call), limit(199));
    assert_eq!(order(&mut bench, 5, (Side::Sell, 1, call), limit(199)), uncovered);
    assert_eq!(
        order(&mut bench, 6, (Side::Sell, 100, share("ACME")), OrderKind::Market),
        uncovered
    );
    taken(&mut bench, 7, (Side::Sell, 50, share("ACME")), OrderKind::Market);
}

#[test]
fn a_put_is_sold_only_against_the_strikes_cash() {
    let put = option("ACME260619P00060000");
    let mut bench = bench(&[(put, 200)]);
    let poor = Answer::Refused(Refusal::BuyingPower);
    assert_eq!(order(&mut bench, 1, (Side::Sell, 2, put), limit(199)), poor);
    taken(&mut bench, 2, (Side::Sell, 1, put), limit(199));
    // 10,199 less 6,000 is left for shares at 100.02.
    assert_eq!(order(&mut bench, 3, (Side::Buy, 42, share("ACME")), OrderKind::Market), poor);
    taken(&mut bench, 4, (Side::Buy, 41, share("ACME")), OrderKind::Market);
}

#[test]
fn a_vertical_that_is_sold_binds_its_width() {
    let spread = vertical(CALL, DEAR_CALL);
    let mut bench = bench(&[(spread, 200)]);
    let poor = Answer::Refused(Refusal::BuyingPower);
    assert_eq!(order(&mut bench, 1, (Side::Sell, 34, spread), limit(199)), poor);
    taken(&mut bench, 2, (Side::Sell, 20, spread), limit(199));
    // 13,980 less 20 times 500 is left.
    assert_eq!(order(&mut bench, 3, (Side::Buy, 40, share("ACME")), OrderKind::Market), poor);
    taken(&mut bench, 4, (Side::Buy, 39, share("ACME")), OrderKind::Market);
}

#[test]
fn a_leg_cannot_leave_the_other_uncovered() {
    let (spread, leg) = (vertical(CALL, DEAR_CALL), option(CALL));
    let mut bench = bench(&[(spread, 200), (leg, 300)]);
    taken(&mut bench, 1, (Side::Buy, 1, spread), limit(201));
    let uncovered = Answer::Refused(Refusal::NotHeld);
    assert_eq!(order(&mut bench, 2, (Side::Sell, 1, leg), OrderKind::Market), uncovered);
}

#[test]
fn what_pays_a_cent_is_exercised_and_the_rest_expires() {
    let (call, dear) = (option("ACME260504C00050000"), option("ACME260504C00060000"));
    let mut bench = bench(&[(call, 100), (dear, 10)]);
    bench.quote("ACME", minute(1), 4_999, 5_001);
    taken(&mut bench, 1, (Side::Buy, 1, call), limit(101));
    taken(&mut bench, 2, (Side::Buy, 1, dear), limit(11));
    bench.quote("ACME", minute(380), 5_000, 5_002);
    bench.run(minute(EVENING));
    assert_eq!(held(&bench), [("ACME".to_owned(), 100)]);
    assert_eq!(dollars(&bench), Money::dollars(10_000 - 101 - 11 - 5_000));
    let [(_, 1, SettlementKind::Expired), (_, 1, SettlementKind::Exercised)] = kinds(&bench)[..]
    else {
        panic!("{:?}", kinds(&bench))
    };
}

#[test]
fn what_cannot_be_paid_is_sold_before_the_close() {
    let call = option(CALL);
    let mut bench = bench(&[(call, 300)]);
    bench.quote("ACME", minute(1), 10_299, 10_301);
    taken(&mut bench, 1, (Side::Buy, 3, call), limit(301));
    bench.run(minute(EVENING));
    let sold: Vec<_> = bench.fills().into_iter().filter(|fill| fill.side == Side::Sell).collect();
    assert_eq!(sold.len(), 1);
    assert!(matches!(sold[0].order, backsight_domain::order::OrderRef::Foreign(_)));
    let (from, to) = (minute(390 - 45), minute(390 - 30));
    assert!(from <= sold[0].at && sold[0].at <= to, "{}", sold[0].at);
    assert_eq!((held(&bench), kinds(&bench)), (vec![], vec![]));
}

#[test]
fn a_short_put_is_assigned_its_shares() {
    let put = option("ACME260504P00060000");
    let mut bench = bench(&[(put, 200)]);
    bench.quote("ACME", minute(1), 5_899, 5_901);
    taken(&mut bench, 1, (Side::Sell, 1, put), limit(199));
    bench.run(minute(EVENING));
    assert_eq!(held(&bench), [("ACME".to_owned(), 100)]);
    assert_eq!(dollars(&bench), Money::dollars(10_000 + 199 - 6_000));
}

#[test]
fn a_vertical_in_the_money_ends_at_its_width_without_shares() {
    let spread = vertical(CALL, DEAR_CALL);
    let mut bench = bench(&[(spread, 200)]);
    taken(&mut bench, 1, (Side::Buy, 1, spread), limit(201));
    bench.quote("ACME", minute(300), 11_999, 12_001);
    bench.run(minute(EVENING));
    assert_eq!(held(&bench), []);
    assert_eq!(dollars(&bench), Money::dollars(10_000 - 201 + 500));
}

#[test]
fn nobody_ends_short_of_shares() {
    // The sold call ends in the money, the bought one out of it.
    let spread = vertical(CALL, DEAR_CALL);
    let mut bench = bench(&[(spread, 200)]);
    taken(&mut bench, 1, (Side::Sell, 1, spread), limit(199));
    bench.quote("ACME", minute(380), 10_299, 10_301);
    bench.run(minute(EVENING));
    assert_eq!(held(&bench), []);
    // Assigned at 100 with shares bought at 103.
    assert_eq!(dollars(&bench), Money::dollars(10_000 + 199 - 300));
}

#[test]
fn nobody_ends_short_of_cash() {
    let spread = vertical(PUT, CHEAP_PUT);
    let mut bench = bench(&[(spread, 200)]);
    taken(&mut bench, 1, (Side::Sell, 5, spread), limit(199));
    bench.quote("ACME", minute(380), 9_699, 9_701);
    bench.run(minute(EVENING));
    assert!(Money::ZERO <= dollars(&bench), "{}", dollars(&bench));
    assert!(held(&bench).iter().all(|(_, count)| 0 < *count));
}

#[test]
fn a_settlement_is_told_once_and_stands_in_reports() {
    let call = option(CALL);
    let mut bench = bench(&[(call, 10)]);
    bench.quote("ACME", minute(1), 9_898, 9_902);
    taken(&mut bench, 1, (Side::Buy, 2, call), limit(11));
    bench.run(minute(EVENING));
    let told = bench.heard.iter().filter(|(_, event)| matches!(event, Event::Settlement(_)));
    assert_eq!(told.count(), 1);
    bench.exchange.ask(minute(EVENING), Request::Report(CASH, minute(0)));
    bench.run(minute(EVENING + 1));
    let Some((_, Event::Report(AccountReport { settlements, .. }))) = bench.heard.last() else {
        panic!("{:?}", bench.heard.last())
    };
    assert_eq!(settlements[..], *bench.exchange.settlements());
}

#[test]
fn a_covered_call_may_be_assigned_on_the_evening_before_the_dividend() {
    let mut assigned = 0;
    for seed in 0..20 {
        let call = option("ACME260619C00040000");
        let mut bench = bench(&[(call, 1_000)]);
        bench.exchange.chance = Chance::root(seed);
        bench.quote("ACME", minute(1), 4_999, 5_001);
        taken(&mut bench, 1, (Side::Buy, 100, share("ACME")), OrderKind::Market);
        taken(&mut bench, 2, (Side::Sell, 1, call), limit(999));
        let ticker = Ticker::parse("ACME").unwrap();
        bench.exchange.announce_dividend(ticker, (minute(393), Money::cents(30)));
        bench.run(minute(EVENING));
        assigned += kinds(&bench).len();
        assert_eq!(held(&bench).is_empty(), kinds(&bench).len() == 1);
    }
    assert!((8..20).contains(&assigned), "{assigned}");
}
