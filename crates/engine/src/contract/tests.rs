use backsight_domain::instrument::Ticker;
use backsight_domain::market::{Listing, Universe};
use backsight_domain::option::{Chain, ContractQuote};
use backsight_domain::policy::Policy;

use super::*;
use crate::gate::tests::signal;

const SLOT: Slot = Slot(0);
const SPOT: i64 = 100;

/// A quote of a call some days and dollars away, in cents.
fn quote(days: i32, strike: i64, (bid, ask): (i64, i64)) -> ContractQuote {
    ContractQuote {
        expiry: today().plus_days(days),
        right: Right::Call,
        strike: Price::from_cents(100 * strike).unwrap(),
        multiplier: 100,
        bid: 100 * bid,
        ask: 100 * ask,
        volume: Some(2_000),
        open_interest: Some(5_000),
    }
}

fn now() -> Time {
    signal(Horizon::Day).at
}

fn today() -> Date {
    Session::at(now()).unwrap().date()
}

/// The choice among these quotes, made some seconds after they came.
fn choice(horizon: Horizon, quotes: &[ContractQuote], seconds: i64) -> Choice {
    let (policy, mut market) = (Policy::default(), Market::default());
    let ticker = Ticker::parse("ACME").unwrap();
    let listing = Listing { ticker, sector: "tech".into(), fractionable: true, shortable: true };
    assert!(market.watch(&Universe { listings: vec![listing] }));
    let chain = Chain { slot: SLOT, at: now(), quotes: quotes.to_vec() };
    market.outlook.push_chain(&chain).unwrap();
    let sight = Sight {
        policy: &policy.contracts,
        structures: &policy.structures,
        market: &market,
        now: now() + Span::from_seconds(seconds),
        spot: Price::from_cents(100 * SPOT).unwrap(),
    };
    choose(sight, &signal(horizon), Structure::Bought)
}

fn flaws(quotes: &[ContractQuote]) -> Vec<Option<Flaw>> {
    choice(Horizon::Swing, quotes, 0).tried.iter().map(|tried| tried.flaw).collect()
}

#[test]
fn the_best_score_wins() {
    let near = quote(14, 100, (290, 294));
    let wide = quote(14, 101, (240, 250));
    let choice = choice(Horizon::Swing, &[wide, near], 0);
    let chosen = choice.chosen().unwrap();
    assert_eq!(chosen.contract.strike.to_string(), "100.00");
    assert!(85.0 < chosen.score, "{}", chosen.score);
    let delta = chosen.delta.unwrap();
    assert!(0.45 < delta && delta < 0.60, "{delta}");
    assert_eq!((choice.seen, choice.suited), (2, 2));
}

#[test]
fn a_flaw_of_the_best_does_not_end_the_trade() {
    // inbound X9: only the best-scored contract was tested for liquidity.
    let best = ContractQuote { open_interest: Some(3), ..quote(14, 101, (240, 243)) };
    let second = quote(14, 100, (290, 297));
    let choice = choice(Horizon::Swing, &[best, second], 0);
    assert_eq!(choice.tried[0].flaw, Some(Flaw::LowInterest));
    assert_eq!(choice.chosen().unwrap().contract.strike.to_string(), "100.00");
}

#[test]
fn missing_is_not_zero_and_not_enough() {
    // inbound L36: an absent open interest was read as 0, an absent volume as the last trade's.
    let good = quote(14, 100, (290, 294));
    assert_eq!(flaws(&[ContractQuote { volume: None, ..good }]), [Some(Flaw::LowVolume)]);
    assert_eq!(flaws(&[ContractQuote { open_interest: None, ..good }]), [Some(Flaw::LowInterest)]);
    assert_eq!(flaws(&[ContractQuote { bid: 0, ..good }]), [Some(Flaw::NoMarket)]);
    assert_eq!(flaws(&[ContractQuote { bid: 30_000, ..good }]), [Some(Flaw::NoMarket)]);
}

#[test]
fn costs_are_measured_against_the_mid() {
    assert_eq!(flaws(&[quote(14, 100, (280, 296))]), [Some(Flaw::WideSpread)]);
    assert_eq!(flaws(&[quote(14, 100, (20, 21))]), [Some(Flaw::SmallPremium)]);
}

#[test]
fn a_price_that_no_volatility_explains_is_a_flaw() {
    // Eighty dollars for a call at the money.
    assert_eq!(flaws(&[quote(14, 100, (12_000, 12_010))]), [Some(Flaw::NoVolatility)]);
}

#[test]
fn expiry_follows_the_horizon_and_strike_the_window() {
    let quotes = [quote(0, 101, (60, 61)), quote(6, 100, (200, 203)), quote(30, 100, (400, 405))];
    let suited = |horizon| choice(horizon, &quotes, 0).suited;
    assert_eq!((suited(Horizon::Day), suited(Horizon::Swing)), (1, 1));
    let far = [quote(14, 89, (1_100, 1_110)), quote(14, 111, (30, 31))];
    assert_eq!(choice(Horizon::Swing, &far, 0).suited, 0);
}

#[test]
fn an_old_chain_is_no_chain() {
    let quotes = [quote(14, 100, (290, 294))];
    assert_eq!(choice(Horizon::Swing, &quotes, 60).seen, 1);
    let stale = choice(Horizon::Swing, &quotes, 61);
    assert_eq!((stale.seen, stale.quoted), (0, Some(now())));
}

#[test]
fn the_limit_is_the_mid_and_half_of_half_the_spread() {
    let tried = |bid, ask| Tried {
        contract: quote(14, 100, (1, 2)).contract(Ticker::parse("ACME").unwrap()),
        other: None,
        bid,
        ask,
        delta: None,
        iv: None,
        score: 100.0,
        flaw: None,
    };
    let price = |bid, ask| {
        let policy = Policy::default();
        opening_price(&policy.contracts, &tried(bid, ask), Side::Buy).unwrap().to_string()
    };
    assert_eq!(price(20_000, 20_800), "2.06");
    // Never beyond the offer.
    assert_eq!(price(20_000, 20_100), "2.01");
}
