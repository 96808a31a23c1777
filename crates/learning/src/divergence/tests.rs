use std::convert::Infallible;

use backsight_domain::instrument::Instrument;
use backsight_domain::money::Money;
use backsight_domain::price::Price;
use backsight_domain::quantity::Quantity;
use backsight_domain::session::Session;

use super::{Cause, Difference, SessionDivergence, Sides, Wanted, diverge, split};
use crate::told::{date, played, records, ticker};

const SHARE: fn() -> Instrument = || Instrument::Equity(ticker("AAA"));

/// A round trip: so many shares, in and out, each at a price and a mark in cents, with fees.
fn trip(shares: i64, [b, mb, s, ms]: [i64; 4], fees: i64) -> Sides {
    let price = |cents| Price::from_cents(cents).unwrap();
    let mut sides = Sides::default();
    sides.trade(SHARE(), Quantity::shares(shares), (price(b), price(mb)));
    sides.trade(SHARE(), Quantity::shares(-shares), (price(s), price(ms)));
    sides.fees = Money::cents(fees);
    sides.result -= sides.fees;
    sides
}

fn wanted(shares: [i64; 2]) -> [Wanted; 2] {
    shares.map(|shares| Wanted { quantity: Quantity::shares(shares), is_approved: 0 < shares })
}

fn parts(sides: [Sides; 2], shares: [i64; 2]) -> Vec<(Cause, Money)> {
    let parts = split(SHARE(), &sides, wanted(shares));
    let sum: Money = parts.iter().map(|part: &Difference| part.money).sum();
    assert_eq!(sum, sides[0].result - sides[1].result, "the parts are the whole");
    parts.into_iter().map(|part| (part.cause, part.money)).collect()
}

#[test]
fn the_same_trade_in_the_same_market_differs_by_its_price() {
    let ideal = trip(10, [10_000, 10_000, 10_100, 10_100], 0);
    let real = trip(10, [10_003, 10_000, 10_095, 10_100], 0);
    assert_eq!(parts([real, ideal], [10, 10]), [(Cause::Price, Money::cents(-80))]);
}

#[test]
fn the_same_trade_a_minute_later_differs_by_what_the_market_moved() {
    let ideal = trip(10, [10_000, 10_000, 10_100, 10_100], 0);
    let real = trip(10, [10_020, 10_020, 10_090, 10_090], 0);
    assert_eq!(parts([real, ideal], [10, 10]), [(Cause::Timing, Money::cents(-300))]);
}

#[test]
fn less_is_a_fill_when_it_was_wanted_and_a_size_when_it_was_not() {
    let ideal = trip(10, [10_000, 10_000, 10_100, 10_100], 0);
    let real = trip(4, [10_000, 10_000, 10_100, 10_100], 0);
    assert_eq!(parts([real, ideal], [10, 10]), [(Cause::Fill, Money::cents(-600))]);
    assert_eq!(parts([real, ideal], [4, 10]), [(Cause::Size, Money::cents(-600))]);
}

#[test]
fn fees_are_costs_and_what_was_not_wanted_is_a_signal() {
    let ideal = trip(10, [10_000, 10_000, 10_100, 10_100], 0);
    let real = trip(10, [10_000, 10_000, 10_100, 10_100], 35);
    assert_eq!(parts([real, ideal], [10, 10]), [(Cause::Cost, Money::cents(-35))]);
    let none = Sides::default();
    assert_eq!(parts([none, ideal], [0, 10]), [(Cause::Signal, Money::cents(-1000))]);
    assert_eq!(parts([none, ideal], [10, 10]), [(Cause::Fill, Money::cents(-1000))]);
    assert_eq!(parts([real, none], [10, 0]), [(Cause::Signal, Money::cents(965))]);
}

#[test]
fn all_causes_at_once_still_sum_to_the_last_unit() {
    let ideal = trip(7, [10_001, 10_000, 10_107, 10_110], 3);
    let real = trip(5, [10_013, 10_011, 10_071, 10_079], 17);
    let causes: Vec<_> = parts([real, ideal], [7, 7]).into_iter().map(|(it, _)| it).collect();
    assert_eq!(causes, [Cause::Fill, Cause::Timing, Cause::Price, Cause::Cost]);
}

fn of(session: Session) -> Option<SessionDivergence> {
    diverge(records().iter().cloned().map(Ok::<_, Infallible>), session).unwrap()
}

#[test]
fn the_causes_of_a_session_sum_to_its_whole_difference() {
    // field.md idea 7: a cause for each cent.
    let days = played().tape.days;
    let mut traded = 0;
    for day in &days {
        let told = of(Session::on(day.date).unwrap()).expect("it was recorded");
        assert_eq!(told.accounts.len(), 2);
        for account in &told.accounts {
            let sum: Money = Cause::ALL.into_iter().map(|cause| account.of(cause)).sum();
            assert_eq!(sum, account.gap(), "{account:?}");
            assert_eq!(
                account.of(Cause::Other),
                Money::ZERO,
                "trades explain all of it: {account:?}"
            );
            traded += account.differences.len();
        }
    }
    assert!(5 < traded, "the exchange and the model fill differently");
}

#[test]
fn a_session_that_was_not_recorded_has_no_divergence() {
    assert!(of(Session::on(date(6, 3)).unwrap()).is_none());
}

#[test]
fn a_session_is_decided_again_the_same_way_each_time() {
    let session = Session::on(played().tape.days[1].date).unwrap();
    assert_eq!(format!("{:?}", of(session)), format!("{:?}", of(session)));
}
