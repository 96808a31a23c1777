use super::*;

fn put() -> Vanilla {
    Vanilla {
        spot: 100.0,
        strike: 100.0,
        years: 0.5,
        rate: 0.05,
        dividend_yield: 0.02,
        right: Right::Put,
    }
}

#[test]
fn early_exercise_is_worth_something() {
    let (american, european) =
        (american::greeks(&put(), 0.3).unwrap(), european::greeks(&put(), 0.3).unwrap());
    assert!(european.price < american.price);
    assert!((american.price - 7.70).abs() < 0.2);
    let vol = american::implied_volatility(&put(), american.price).unwrap();
    assert!((vol - 0.3).abs() < 1e-6);
    let vol = european::implied_volatility(&put(), european.price).unwrap();
    assert!((vol - 0.3).abs() < 1e-13);
}
