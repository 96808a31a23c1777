use proptest::prelude::*;

use super::vectors::{self, Vector};
use super::*;

/// Every so many American contracts are priced here; `options_bench --vectors` prices all.
const SAMPLED: usize = 25;

type Price = fn(&Vanilla, f64) -> Option<Greeks>;

fn option(vector: &Vector) -> Vanilla {
    Vanilla {
        spot: 100.0,
        strike: vector.strike,
        years: vector.years,
        rate: vector.rate,
        dividend_yield: vector.dividend_yield,
        right: if vector.is_call { Right::Call } else { Right::Put },
    }
}

fn figures(greeks: &Greeks) -> [f64; 6] {
    let Greeks { price, delta, gamma, theta, vega, rho } = *greeks;
    [price, delta, gamma, theta, vega, rho]
}

/// Prices to a millionth, Greeks to a tolerance, of themselves or of one.
fn check(vector: &Vector, price: Price, tolerance: f64) {
    let ours = figures(&price(&option(vector), vector.volatility).unwrap());
    for (place, (ours, theirs)) in ours.iter().zip(vector.figures).enumerate() {
        let tolerance = if place == 0 { 1e-6 } else { tolerance };
        // At a rate of zero early exercise begins: the price has a kink, and rho two answers.
        let Some(theirs) = theirs.filter(|_| place < 5 || 0.0 < vector.rate.abs()) else {
            continue;
        };
        let miss = (ours - theirs).abs();
        assert!(miss <= tolerance * theirs.abs().max(1.0), "{place}: {ours} not {vector:?}");
    }
}

#[test]
fn european_figures_are_those_of_thirty_digits() {
    let vectors = vectors::european();
    assert_eq!(vectors.len(), 10_000);
    for vector in &vectors {
        check(vector, european::greeks, 1e-8);
    }
}

#[test]
fn american_figures_are_those_of_quantlib() {
    // Where money moves far faster than the share, the boundary is right to three digits only.
    let solved = |vector: &Vector| {
        let fastest = vector.rate.max(vector.dividend_yield);
        0.0 <= vector.rate && fastest < 15.0 * vector.volatility * vector.volatility
    };
    for vector in vectors::american().iter().step_by(SAMPLED).filter(|it| solved(it)) {
        check(vector, american::greeks, 1e-4);
    }
}

#[test]
fn european_prices_give_their_volatility_back() {
    let mut found = 0;
    for vector in vectors::european() {
        let option = option(&vector);
        let here = european::greeks(&option, vector.volatility).unwrap();
        let Some(volatility) = european::implied_volatility(&option, here.price) else {
            assert!(here.vega < 1e-6, "{vector:?}");
            continue;
        };
        found += 1;
        // A price has 16 digits; what vega makes of the last two is the best there is.
        let tolerance = 1e-8_f64.max(1e-14 * here.price / here.vega);
        assert!((volatility - vector.volatility).abs() <= tolerance, "{volatility} {vector:?}");
    }
    assert!(6_000 < found, "{found}");
}

#[test]
fn american_prices_give_their_volatility_back() {
    for vector in vectors::american().iter().step_by(10 * SAMPLED) {
        let option = option(vector);
        let here = american::greeks(&option, vector.volatility).unwrap();
        if here.vega < 1e-4 {
            continue;
        }
        let volatility = american::implied_volatility(&option, here.price).unwrap();
        let tolerance = 1e-8_f64.max(1e-9 * here.price / here.vega);
        assert!((volatility - vector.volatility).abs() <= tolerance, "{volatility} {vector:?}");
    }
}

#[test]
fn the_table_agrees_with_the_solution() {
    for (rate, dividend_yield) in [(0.04, 0.0), (0.04, 0.015)] {
        let table = american::Table::new(rate, dividend_yield);
        for vector in vectors::american().iter().filter(|it| it.years < 0.17).step_by(100) {
            let option = Vanilla { rate, dividend_yield, ..option(vector) };
            let volatility = vector.volatility.clamp(0.1, 1.5);
            let fast = figures(&table.greeks(&option, volatility).unwrap());
            let exact = figures(&american::greeks(&option, volatility).unwrap());
            let tolerances = [2e-5, 1e-5, 1e-5, 1e-5, 1e-4, 2e-3];
            for ((fast, exact), tolerance) in fast.iter().zip(exact).zip(tolerances) {
                assert!((fast - exact).abs() <= tolerance, "{fast} {exact} {option:?}");
            }
        }
    }
}

#[test]
fn a_chain_gives_what_its_options_give() {
    let expiry = chain::Expiry { spot: 100.0, years: 0.2, rate: 0.03, dividend_yield: 0.01 };
    let vectors = vectors::european();
    let rows: Vec<&Vector> = vectors.iter().take(107).collect();
    let strikes: Vec<f64> = rows.iter().map(|it| it.strike).collect();
    let mut volatilities: Vec<f64> = rows.iter().map(|it| it.volatility).collect();
    volatilities[5] = 0.0;
    let rights: Vec<Right> = rows.iter().map(|it| option(it).right).collect();
    let rows = chain::Rows { strikes: &strikes, volatilities: &volatilities, rights: &rights };
    let mut columns = chain::Columns::default();
    columns.fill_european(&expiry, &rows).unwrap();
    for row in 0..strikes.len() {
        let option = Vanilla {
            spot: 100.0,
            strike: strikes[row],
            years: 0.2,
            rate: 0.03,
            dividend_yield: 0.01,
            right: rights[row],
        };
        let alone = european::greeks(&option, volatilities[row]).unwrap();
        assert!((columns.price[row] - alone.price).abs() < 1e-11);
        assert!((columns.vega[row] - alone.vega).abs() < 1e-10);
        assert!((columns.theta[row] - alone.theta).abs() < 1e-11);
    }
    let broken = vec![f64::NAN; strikes.len()];
    let rows = chain::Rows { volatilities: &broken, ..rows };
    assert_eq!(columns.fill_european(&expiry, &rows), None);
    assert_eq!(columns, chain::Columns::default());
}

#[test]
fn a_row_does_not_depend_on_its_neighbours() {
    let expiry = chain::Expiry { spot: 100.0, years: 0.2, rate: 0.03, dividend_yield: 0.01 };
    let strikes: Vec<f64> = (0..20).map(|row| 80.0 + 2.0 * f64::from(row)).collect();
    let fill = |strikes: &[f64]| {
        let (volatilities, rights) = (vec![0.3; strikes.len()], vec![Right::Put; strikes.len()]);
        let rows = chain::Rows { strikes, volatilities: &volatilities, rights: &rights };
        let mut columns = chain::Columns::default();
        columns.fill_european(&expiry, &rows).unwrap();
        columns
    };
    let (all, some) = (fill(&strikes), fill(&strikes[3..14]));
    assert_eq!(all.price[3..14], some.price);
    assert_eq!(all.theta[3..14], some.theta);
}

#[test]
fn an_expired_option_is_worth_what_exercise_pays() {
    let option = Vanilla {
        spot: 100.0,
        strike: 90.0,
        years: 0.0,
        rate: 0.05,
        dividend_yield: 0.0,
        right: Right::Call,
    };
    let prices: [Price; 2] = [european::greeks, american::greeks];
    for price in prices {
        let greeks = price(&option, 0.3).unwrap();
        assert_eq!(greeks, Greeks { price: 10.0, delta: 1.0, ..Greeks::default() });
        assert_eq!(price(&option, f64::NAN), None);
        assert_eq!(price(&Vanilla { spot: f64::NAN, ..option }, 0.3), None);
        assert_eq!(price(&Vanilla { strike: 0.0, ..option }, 0.3), None);
    }
}

#[test]
fn a_call_is_exercised_before_a_dividend_and_never_without_one() {
    let call = Vanilla {
        spot: 100.0,
        strike: 80.0,
        years: 0.25,
        rate: 0.02,
        dividend_yield: 0.0,
        right: Right::Call,
    };
    let dividends = [Dividend { years: 0.1, amount: 3.0 }];
    let with = cash::price(&call, &dividends, 0.2).unwrap();
    let without = cash::price(&call, &[], 0.2).unwrap();
    let european = european::price(&call, 0.2).unwrap();
    assert!((without - european).abs() < 1e-3, "{without} {european}");
    // Exercise a moment before the date leaves the strike's interest until then.
    let early = 100.0 - 80.0 * libm::exp(-0.02 * 0.1);
    assert!(early < with && with < without - 0.1, "{early} {with} {without}");
}

#[test]
fn cash_dividends_agree_with_quantlib() {
    // FdBlackScholesVanillaEngine of QuantLib 1.44, 2,000 by 2,000, as
    // docs/reference-data/options-cash.py prints it.
    for &(right, strike, years, volatility, dividends, theirs) in CASH {
        let option = Vanilla { spot: 100.0, strike, years, rate: 0.04, dividend_yield: 0.0, right };
        let ours = cash::price(&option, dividends, volatility).unwrap();
        assert!((ours - theirs).abs() < 2e-3, "{ours} {theirs} {option:?}");
    }
}

type Cash = (Right, f64, f64, f64, &'static [Dividend], f64);

const ONE: &[Dividend] = &[Dividend { years: 100.0 / 365.0, amount: 1.5 }];
const TWO: &[Dividend] = &[
    Dividend { years: 20.0 / 365.0, amount: 0.8 },
    Dividend { years: 110.0 / 365.0, amount: 0.8 },
];

const CASH: &[Cash] = &[
    (Right::Call, 100.0, 180.0 / 365.0, 0.3, ONE, 8.589_785),
    (Right::Call, 80.0, 120.0 / 365.0, 0.2, ONE, 20.921_779),
    (Right::Call, 115.0, 180.0 / 365.0, 0.3, TWO, 3.501_973),
    (Right::Call, 95.0, 250.0 / 365.0, 0.5, TWO, 18.872_307),
    (Right::Call, 70.0, 120.0 / 365.0, 0.15, TWO, 30.153_257),
    (Right::Put, 100.0, 180.0 / 365.0, 0.3, ONE, 8.257_088),
    (Right::Put, 80.0, 120.0 / 365.0, 0.2, ONE, 0.113_379),
    (Right::Put, 115.0, 180.0 / 365.0, 0.3, TWO, 18.257_712),
    (Right::Put, 95.0, 250.0 / 365.0, 0.5, TWO, 13.101_510),
    (Right::Put, 70.0, 120.0 / 365.0, 0.15, TWO, 0.000_037),
];

fn any_option() -> impl Strategy<Value = Vanilla> {
    let log = |low: f64, high: f64| (low.ln()..high.ln()).prop_map(f64::exp);
    let rates = || 0.0..0.2;
    (log(1.0, 1e4), log(0.2, 5.0), log(1e-6, 5.0), rates(), rates(), any::<bool>()).prop_map(
        |(spot, ratio, years, rate, dividend_yield, is_call)| Vanilla {
            spot,
            strike: spot * ratio,
            years,
            rate,
            dividend_yield,
            right: if is_call { Right::Call } else { Right::Put },
        },
    )
}

/// Any bits at all, or numbers at the ends of what is sound.
fn any_number() -> impl Strategy<Value = f64> {
    let ends = prop::sample::select(vec![0.0, 1e-300, 1e-6, 1e-3, 1.0, 50.0, 1e9, -1.0, 2.0]);
    prop_oneof![any::<u64>().prop_map(f64::from_bits), ends, -2.0..2.0]
}

fn volatility() -> impl Strategy<Value = f64> {
    (0.02_f64.ln()..5.0_f64.ln()).prop_map(f64::exp)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn prop_a_call_less_its_put_is_a_forward(option in any_option(), volatility in volatility()) {
        let price = |right| european::greeks(&Vanilla { right, ..option }, volatility).unwrap();
        let (call, put) = (price(Right::Call), price(Right::Put));
        let Vanilla { spot, strike, years, rate, dividend_yield, .. } = option;
        let share = spot * (-dividend_yield * years).exp();
        let forward = share - strike * (-rate * years).exp();
        let tolerance = 1e-12 * (spot + strike);
        prop_assert!((call.price - put.price - forward).abs() <= tolerance);
        prop_assert!((call.delta - put.delta - share / spot).abs() <= 1e-12);
        prop_assert!((call.vega - put.vega).abs() <= tolerance);
    }

    #[test]
    fn prop_american_is_worth_more_than_european_and_exercise(
        option in any_option(),
        volatility in volatility(),
    ) {
        let american = american::greeks(&option, volatility).unwrap();
        let european = european::price(&option, volatility).unwrap();
        let tolerance = 1e-6 * option.strike.max(option.spot);
        prop_assert!(european - tolerance <= american.price, "{american:?} {european}");
        prop_assert!(option.intrinsic() - tolerance <= american.price);
        let most = match option.right {
            Right::Call => option.spot,
            Right::Put => option.strike,
        };
        prop_assert!(american.price <= most + tolerance);
    }

    #[test]
    fn prop_prices_rise_with_volatility(
        option in any_option(),
        volatility in volatility(),
        more in 0.001..0.5,
    ) {
        let prices: [Price; 2] = [european::greeks, american::greeks];
        for price in prices {
            let (less, more) = (price(&option, volatility), price(&option, volatility + more));
            let tolerance = 2e-6 * option.strike.max(option.spot);
            prop_assert!(less.unwrap().price <= more.unwrap().price + tolerance);
        }
    }

    #[test]
    fn prop_nothing_is_ever_not_a_number(
        numbers in prop::array::uniform6(any_number()),
        is_call in any::<bool>(),
        price in any_number(),
    ) {
        let [spot, strike, years, rate, dividend_yield, volatility] = numbers;
        let right = if is_call { Right::Call } else { Right::Put };
        let option = Vanilla { spot, strike, years, rate, dividend_yield, right };
        let prices: [Price; 2] = [european::greeks, american::greeks];
        for greeks in prices {
            let greeks = greeks(&option, volatility);
            prop_assert!(greeks.is_none_or(|it| figures(&it).iter().all(|it| it.is_finite())));
        }
        let implied = european::implied_volatility(&option, price);
        prop_assert!(implied.is_none_or(|it| (0.0..=VOLATILITY_MAX).contains(&it)));
    }

    #[test]
    fn prop_nothing_sound_is_not_a_number(
        option in any_option(),
        volatility in 0.0..VOLATILITY_MAX,
        part in 0.0..2.0,
    ) {
        let prices: [Price; 2] = [european::greeks, american::greeks];
        for greeks in prices {
            let greeks = greeks(&option, volatility).unwrap();
            prop_assert!(figures(&greeks).iter().all(|it| it.is_finite()), "{greeks:?}");
            prop_assert!(0.0 <= greeks.price);
        }
        let implied = european::implied_volatility(&option, part * option.spot);
        prop_assert!(implied.is_none_or(|it| (0.0..=VOLATILITY_MAX).contains(&it)));
    }
}
