use super::*;

const SHARE: Underlying = Underlying { spot: 100.0, rate: 0.04, dividend_yield: 0.01 };

fn point(days: f64, strike: f64, right: Right, volatility: f64) -> Point {
    Point { years: days / 365.0, strike, right, volatility }
}

/// A smile that is a parabola in log-moneyness, at the given level.
fn smile(days: f64, level: f64) -> Vec<Point> {
    let forward = 100.0 * libm::exp(0.03 * days / 365.0);
    (60..=150)
        .step_by(2)
        .map(|strike| {
            let k = libm::log(f64::from(strike) / forward);
            let right = if 0.0 < k { Right::Call } else { Right::Put };
            point(days, f64::from(strike), right, level + 0.5 * k * k)
        })
        .collect()
}

fn surface() -> Surface {
    Surface::new(SHARE, &[smile(60.0, 0.4), smile(15.0, 0.3)].concat())
}

#[track_caller]
fn close(one: Option<f64>, other: f64, tolerance: f64) {
    assert!((one.unwrap() - other).abs() < tolerance, "{one:?} is not {other}");
}

#[test]
fn what_was_quoted_is_returned() {
    let surface = surface();
    let smiles: Vec<f64> = surface.smiles().iter().map(|it| (it.years() * 365.0).round()).collect();
    assert_eq!(smiles, [15.0, 60.0]);
    for smile in surface.smiles() {
        for (k, variance) in smile.points() {
            close(surface.volatility(*k, smile.years()), (variance / smile.years()).sqrt(), 1e-12);
        }
    }
}

#[test]
fn variance_adds_up_between_expiries() {
    let flat = |days, volatility| point(days, 100.0, Right::Call, volatility);
    let surface = Surface::new(SHARE, &[flat(20.0, 0.3), flat(40.0, 0.4)]);
    // Half way from 20 · 0.09 to 40 · 0.16, over 30 days.
    close(surface.constant_maturity(), (4.1 / 30.0_f64).sqrt(), 1e-12);
}

#[test]
fn nothing_is_made_up_outside_the_expiries() {
    let surface = surface();
    assert_eq!(surface.volatility(0.0, 10.0 / 365.0), None);
    assert_eq!(surface.volatility(0.0, 61.0 / 365.0), None);
    assert_eq!(surface.volatility(f64::NAN, 30.0 / 365.0), None);
    assert_eq!(Surface::new(SHARE, &[]).constant_maturity(), None);
}

#[test]
fn beyond_the_last_strike_the_volatility_stays() {
    let surface = surface();
    let last = surface.smiles()[1].points().last().unwrap().0;
    let years = 60.0 / 365.0;
    assert_eq!(surface.volatility(last + 1.0, years), surface.volatility(last, years));
}

#[test]
fn a_strike_speaks_through_the_contract_out_of_the_money() {
    let points = [
        point(30.0, 110.0, Right::Put, 0.9),
        point(30.0, 110.0, Right::Call, 0.3),
        point(30.0, 90.0, Right::Call, 0.9),
        point(30.0, 90.0, Right::Put, 0.3),
    ];
    let surface = Surface::new(SHARE, &points);
    assert_eq!(surface.smiles()[0].points().len(), 2);
    close(surface.constant_maturity(), 0.3, 1e-12);
}

#[test]
fn what_is_no_quote_is_left_out() {
    let broken = [
        point(30.0, f64::NAN, Right::Call, 0.2),
        point(30.0, 100.0, Right::Call, -0.2),
        point(0.0, 100.0, Right::Call, 0.2),
        point(30.0, 100.0, Right::Call, f64::INFINITY),
    ];
    assert_eq!(Surface::new(SHARE, &broken).smiles(), []);
}

#[test]
fn a_delta_finds_its_strike() {
    let surface = surface();
    let years = 60.0 / 365.0;
    let near = surface.volatility_at_delta(0.5, years).unwrap();
    let (put, call) = (
        surface.volatility_at_delta(-0.25, years).unwrap(),
        surface.volatility_at_delta(0.25, years).unwrap(),
    );
    assert!(near < put && near < call, "{near} {put} {call}");
    assert!((0.4..0.42).contains(&near));
    assert_eq!(surface.volatility_at_delta(1.5, years), None, "no option has it");
}
