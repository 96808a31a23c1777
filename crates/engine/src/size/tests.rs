use super::*;

fn purse(equity: i64) -> Purse {
    let equity = Money::dollars(equity);
    Purse { equity: Some(equity), free_cash: equity, room: equity }
}

fn check(purse: Purse, fractional: bool, price: &str) -> String {
    let account = AccountPolicy { fractional, ..AccountPolicy::default() };
    let price = Price::parse(price).unwrap();
    let stop = Price::from_ticks(price.ticks() / 100).unwrap();
    quantity(&SizingPolicy::default(), &account, purse, (price, stop), true).to_string()
}

#[test]
fn risk_to_the_stop_follows_the_tier_of_live_equity() {
    // 20 bps of 100,000 is 200; a stop of 1.00 away allows 200 shares.
    assert_eq!(check(purse(100_000), false, "100.00"), "200");
    // A tiny account risks 150 bps of 1,000 but holds at most a quarter of its equity.
    assert_eq!(check(purse(1_000), true, "100.00"), "2.5");
}

#[test]
fn zero_means_no_trade_and_never_one_share() {
    // inbound X8: at least one contract overrode the risk cap.
    assert_eq!(check(purse(1_000), false, "600.00"), "0");
}

#[test]
fn unknown_equity_is_no_trade() {
    // inbound L20: sizing used a configured equity instead of the account's.
    let unknown = Purse { equity: None, ..purse(100_000) };
    assert_eq!(check(unknown, true, "10.00"), "0");
}

#[test]
fn room_and_cash_cap_the_quantity() {
    let poor = Purse { free_cash: Money::dollars(150), ..purse(100_000) };
    assert_eq!(check(poor, false, "100.00"), "1");
    let full = Purse { room: Money::dollars(-1), ..purse(100_000) };
    assert_eq!(check(full, true, "100.00"), "0");
}
