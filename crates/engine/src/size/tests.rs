use backsight_domain::desk::TradingState;
use backsight_domain::id::AccountId;
use backsight_domain::policy::Policy;

use super::*;
use crate::account::Account;
use crate::gate::{Load, Pace};
use crate::market::Market;

/// What an account has for one more trade.
struct Desk {
    equity: Option<i64>,
    cash: i64,
    exposure: i64,
    results: Vec<i64>,
    policy: Policy,
}

fn desk(equity: i64) -> Desk {
    let mut policy = Policy::default();
    let limits = policy.accounts.get_mut("large").unwrap();
    limits.max_exposure = Money::dollars(1_000_000);
    Desk { equity: Some(equity), cash: equity, exposure: 0, results: Vec::new(), policy }
}

impl Desk {
    fn with<T>(&self, ask: impl FnOnce(&View<'_>) -> T) -> T {
        let (market, mut account) = (Market::default(), Account::new(AccountId(0)));
        account.ledger.outside(Money::dollars(self.cash), Money::ZERO);
        account.results = self.results.clone();
        let load = Load {
            equity: self.equity.map(Money::dollars),
            exposure: Money::dollars(self.exposure),
            ..Load::default()
        };
        ask(&View {
            now: backsight_domain::time::Time::default(),
            state: TradingState::Active,
            policy: &self.policy,
            limits: &self.policy.accounts["large"],
            account: &account,
            market: &market,
            load,
            pace: Pace::default(),
            price: Price::MIN,
        })
    }

    /// Shares at a price, with a stop 1 % away.
    fn shares(&self, fractional: bool, price: &str) -> String {
        let price = Price::parse(price).unwrap();
        let stop = Price::from_ticks(price.ticks() / 100).unwrap();
        self.with(|view| shares(view, (price, stop), lot(fractional))).to_string()
    }

    fn contracts(&self, horizon: Horizon, premium: &str) -> String {
        let signal = crate::gate::tests::signal(horizon);
        let premium = Price::parse(premium).unwrap().ticks();
        let what = (Structure::Bought, 100);
        self.with(|view| contracts(view, &signal, what, premium)).to_string()
    }
}

#[test]
fn risk_to_the_stop_follows_the_tier_of_live_equity() {
    // 20 bps of 100,000 is 200; a stop of 1.00 away allows 200 shares.
    assert_eq!(desk(100_000).shares(false, "100.00"), "200");
    // A tiny account risks 150 bps of 1,000 but holds at most a quarter of its equity.
    assert_eq!(desk(1_000).shares(true, "100.00"), "2.5");
}

#[test]
fn zero_means_no_trade_and_never_one_share() {
    // inbound X8: at least one contract overrode the risk cap.
    assert_eq!(desk(1_000).shares(false, "600.00"), "0");
    assert_eq!(desk(1_000).contracts(Horizon::Day, "2.00"), "0");
}

#[test]
fn unknown_equity_is_no_trade() {
    // inbound L20: sizing used a configured equity instead of the account's.
    let unknown = Desk { equity: None, ..desk(100_000) };
    assert_eq!(unknown.shares(true, "10.00"), "0");
    assert_eq!(unknown.contracts(Horizon::Day, "0.10"), "0");
}

#[test]
fn room_and_cash_cap_the_quantity() {
    let poor = Desk { cash: 150, ..desk(100_000) };
    assert_eq!(poor.shares(false, "100.00"), "1");
    let full = Desk { exposure: 1_000_001, ..desk(100_000) };
    assert_eq!(full.shares(true, "100.00"), "0");
}

#[test]
fn premiums_follow_tier_and_horizon_up_to_a_count() {
    // inbound 7.8: 1 % for a day and 2 % for longer of a large account, ten contracts at most.
    assert_eq!(desk(100_000).contracts(Horizon::Day, "2.00"), "5");
    assert_eq!(desk(100_000).contracts(Horizon::Swing, "2.00"), "10");
    assert_eq!(desk(100_000).contracts(Horizon::Swing, "1.00"), "10");
    assert_eq!(desk(1_000).contracts(Horizon::Day, "1.00"), "1");
}

#[test]
fn a_record_that_loses_ends_trading_where_the_policy_looks_at_it() {
    let mut losing = desk(100_000);
    losing.results = std::iter::repeat_n(-100, 15).chain(std::iter::repeat_n(100, 5)).collect();
    assert_eq!(losing.shares(false, "100.00"), "200");
    losing.policy.sizing.kelly_trades_min = 20;
    assert_eq!(losing.shares(false, "100.00"), "0");
    losing.policy.sizing.kelly_trades_min = 21;
    assert_eq!(losing.shares(false, "100.00"), "200");
}
