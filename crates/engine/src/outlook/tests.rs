use backsight_domain::notice::{Claim, ClaimSide, EarningsHour, Metric};
use backsight_domain::time::Span;

use super::*;

const NOW: Time = Time::from_seconds(1_768_314_600);

fn outlook() -> Outlook {
    let mut outlook = Outlook::default();
    outlook.watch(2);
    outlook
}

fn quote(days: i32, bid: i64) -> ContractQuote {
    ContractQuote {
        expiry: NOW.utc_date().plus_days(days),
        right: Right::Call,
        strike: Price::from_cents(10_000).unwrap(),
        multiplier: 100,
        bid,
        ask: bid + 500,
        volume: None,
        open_interest: Some(0),
    }
}

#[test]
fn a_later_chain_replaces_quotes_contract_by_contract() {
    let mut outlook = outlook();
    let whole = Chain { slot: Slot(1), at: NOW, quotes: vec![quote(7, 10_000), quote(14, 20_000)] };
    outlook.push_chain(&whole).unwrap();
    let later = NOW + Span::from_minutes(1);
    let part = Chain { slot: Slot(1), at: later, quotes: vec![quote(7, 11_000)] };
    outlook.push_chain(&part).unwrap();
    let bids: Vec<_> = outlook.symbols[1].chain.values().map(|known| known.quote.bid).collect();
    assert_eq!(bids, [11_000, 20_000]);
    assert_eq!(outlook.push_chain(&whole), Err(Ignored::Outdated));
}

#[test]
fn expired_contracts_are_forgotten() {
    let mut outlook = outlook();
    let chain = Chain { slot: Slot(0), at: NOW, quotes: vec![quote(0, 100), quote(7, 100)] };
    outlook.push_chain(&chain).unwrap();
    let tomorrow = Chain { slot: Slot(0), at: NOW + Span::from_minutes(1440), quotes: vec![] };
    outlook.push_chain(&tomorrow).unwrap();
    assert_eq!(outlook.symbols[0].chain.len(), 1);
}

#[test]
fn what_cannot_be_is_named_and_changes_nothing() {
    let mut outlook = outlook();
    let nan = Regime { index: f64::NAN, at: NOW };
    assert_eq!(outlook.push_regime(nan), Err(Ignored::ImpossibleNotice));
    assert_eq!(outlook.push_regime(Regime { index: 0.0, at: NOW }), Err(Ignored::ImpossibleNotice));
    let price = Price::from_cents(100).unwrap();
    let stranger = Candidate { slot: Slot(9), score: 0.5, price };
    let discovery = Discovery { candidates: vec![stranger] };
    assert_eq!(outlook.push_discovery(&discovery), Err(Ignored::UnknownSymbol));
    let too_good = Candidate { slot: Slot(1), score: 1.5, price };
    let discovery = Discovery { candidates: vec![too_good] };
    assert_eq!(outlook.push_discovery(&discovery), Err(Ignored::ImpossibleNotice));
    let date = NOW.utc_date().plus_days(20_000);
    let earnings = Earnings { slot: Slot(0), date, hour: EarningsHour::AfterClose };
    assert_eq!(outlook.push_earnings(earnings), Err(Ignored::ImpossibleNotice));
    let claim = Claim {
        metric: Metric::Rsi,
        side: ClaimSide::AtLeast,
        threshold: f64::INFINITY,
        until: NOW.utc_date(),
        decisive: false,
    };
    let thesis = Thesis { slot: Slot(0), price, claims: vec![claim] };
    assert_eq!(outlook.push_thesis(&thesis), Err(Ignored::ImpossibleNotice));
    assert_eq!(outlook, self::outlook());
}

#[test]
fn a_vendors_past_comes_before_what_was_seen_and_never_instead_of_it() {
    let mut outlook = outlook();
    let past = |days: i32, values: Vec<f64>| PastVolatility {
        slot: Slot(0),
        until: NOW.utc_date().plus_days(-days),
        values,
    };
    for (days, values) in [(1, vec![0.3, f64::NAN]), (1, vec![0.0]), (-1, vec![0.3])] {
        let taken = outlook.push_past(&past(days, values), NOW);
        assert_eq!(taken, Err(Ignored::ImpossibleNotice));
    }
    assert_eq!(outlook.push_past(&past(6, vec![0.3]), NOW), Err(Ignored::Outdated));
    let year: Vec<f64> = (0..300).map(|day| 0.2 + f64::from(day) / 1000.0).collect();
    outlook.push_past(&past(1, year), NOW).unwrap();
    assert_eq!(outlook.symbols[0].volatilities.len(), rank::SESSIONS_MAX);
    assert_eq!(outlook.symbols[0].volatilities.last(), Some(&0.499));
    assert_eq!(outlook.push_past(&past(1, vec![0.3]), NOW), Err(Ignored::Outdated));
    outlook.symbols[0].note_volatility(0.5);
    assert!(1.0 <= outlook.symbols[0].standing().unwrap().rank);
}
