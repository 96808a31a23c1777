//! What option prices cost, and how far they are off.
//!
//! Prints one line `ROW | name | value | unit | goal | note` for each figure. The contracts are drawn
//! from a seed: spot 100, strikes 60 to 140, an hour to sixty days, volatility 10 to 150 %, rate 4 %,
//! yield 0 or 1.5 %, calls and puts.
//!
//! ```text
//! options_bench [--seed N] [--export FILE] [--vectors]
//! ```
//!
//! `--vectors` prices the contracts of `docs/reference-data/options.md` and counts the misses.
//! `--export` only writes the contracts, one on a line, for the peers of `bench/quantlib`.

#![expect(clippy::print_stdout, reason = "a bench prints what it measured")]

#[path = "../option/vectors.rs"]
mod vectors;

use std::hint::black_box;
use std::time::Instant;

use backsight_quant::option::american::Table;
use backsight_quant::option::chain::{Columns, Expiry, Rows};
use backsight_quant::option::{Greeks, Right, Vanilla, american, european};

const COUNT: usize = 10_000;
const RATE: f64 = 0.04;
const YIELDS: [f64; 2] = [0.0, 0.015];
/// Timed runs; the fastest counts, because others' work only ever adds.
const RUNS: usize = 7;
/// Contracts that are timed together: few enough not to be interrupted.
const PIECE: usize = 50;
/// Every so many contracts are priced by the exact way too.
const CHECKED: usize = 10;

struct Contract {
    option: Vanilla,
    volatility: f64,
}

fn main() -> std::io::Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let after = |flag: &str| {
        let place = words.iter().position(|word| word == flag)?;
        words.get(place + 1)
    };
    let seed = after("--seed").and_then(|word| word.parse().ok()).unwrap_or(1);
    let contracts = contracts(seed);
    if let Some(path) = after("--export") {
        return std::fs::write(path, exported(&contracts));
    }
    if words.iter().any(|word| word == "--vectors") {
        vector_rows("European", &vectors::european(), european::greeks);
        vector_rows("American", &vectors::american(), american::greeks);
        return Ok(());
    }
    european_rows(&contracts);
    american_rows(&contracts);
    Ok(())
}

fn contracts(seed: u64) -> Vec<Contract> {
    let mut state = seed;
    let mut draw = move || {
        // SplitMix64.
        state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        #[expect(clippy::cast_precision_loss, reason = "53 bits fit")]
        let uniform = ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64;
        uniform
    };
    let mut between = move |low: f64, high: f64| low + draw() * (high - low);
    (0..COUNT)
        .map(|place| Contract {
            option: Vanilla {
                spot: 100.0,
                strike: between(60.0, 140.0),
                years: libm::exp(between(libm::log(1.0 / 8760.0), libm::log(60.0 / 365.0))),
                rate: RATE,
                dividend_yield: YIELDS[place / 2 % 2],
                right: if place % 2 == 0 { Right::Call } else { Right::Put },
            },
            volatility: libm::exp(between(libm::log(0.1), libm::log(1.5))),
        })
        .collect()
}

/// Right, strike, years, volatility, rate and yield.
fn exported(contracts: &[Contract]) -> String {
    let line = |it: &Contract| {
        let Vanilla { strike, years, rate, dividend_yield, right, .. } = it.option;
        let right = if right == Right::Call { "call" } else { "put" };
        format!("{right} {strike} {years} {} {rate} {dividend_yield}\n", it.volatility)
    };
    contracts.iter().map(line).collect()
}

/// The nanoseconds that a contract takes: the fastest run of each piece, summed.
#[expect(clippy::disallowed_methods, reason = "a bench measures time")]
#[expect(clippy::cast_precision_loss, reason = "a small count")]
fn nanos<T>(all: &[T], mut work: impl FnMut(&[T])) -> f64 {
    let mut sum = 0.0;
    for piece in all.chunks(PIECE) {
        let mut best = f64::INFINITY;
        for _ in 0..RUNS {
            let start = Instant::now();
            work(piece);
            best = best.min(start.elapsed().as_secs_f64());
        }
        sum += best;
    }
    sum * 1e9 / all.len() as f64
}

fn row(name: &str, value: f64, unit: &str, goal: &str, note: &str) {
    println!("ROW | {name} | {value:.2} | {unit} | {goal} | {note}");
}

/// How often, and how far, figures miss those of the reference, in parts of themselves or of one.
fn vector_rows(
    style: &str,
    vectors: &[vectors::Vector],
    greeks: fn(&Vanilla, f64) -> Option<Greeks>,
) {
    let names = ["price", "delta", "gamma", "theta", "vega", "rho"];
    let mut misses: [Vec<f64>; 6] = Default::default();
    // Where the grid prices, and where rho has two answers, nothing is compared.
    let is_solved = |it: &&vectors::Vector| 0.0 <= it.rate || 0.0 < it.dividend_yield;
    for it in vectors.iter().filter(is_solved) {
        let option = Vanilla {
            spot: 100.0,
            strike: it.strike,
            years: it.years,
            rate: it.rate,
            dividend_yield: it.dividend_yield,
            right: if it.is_call { Right::Call } else { Right::Put },
        };
        let Greeks { price, delta, gamma, theta, vega, rho } =
            greeks(&option, it.volatility).expect("sound terms");
        let ours = [price, delta, gamma, theta, vega, rho];
        for (place, (ours, theirs)) in ours.iter().zip(it.figures).enumerate() {
            let theirs = theirs.filter(|_| place < 5 || 0.0 < it.rate.abs());
            misses[place].extend(theirs.map(|it| (ours - it).abs() / it.abs().max(1.0)));
        }
    }
    for (name, misses) in names.iter().zip(misses) {
        let tolerance = if *name == "price" { 1e-6 } else { 1e-5 };
        let (all, beyond) = (misses.len(), misses.iter().filter(|it| tolerance < **it).count());
        let misses = percentiles(misses);
        println!("{style} {name}: {beyond} of {all} miss by more than {tolerance:e}; {misses}");
    }
}

fn european_rows(contracts: &[Contract]) {
    // A chain: the strikes and volatilities of all contracts, at one expiry.
    let expiry = Expiry { spot: 100.0, years: 0.1, rate: RATE, dividend_yield: 0.015 };
    let strikes: Vec<f64> = contracts.iter().map(|it| it.option.strike).collect();
    let volatilities: Vec<f64> = contracts.iter().map(|it| it.volatility).collect();
    let rights: Vec<Right> = contracts.iter().map(|it| it.option.right).collect();
    let mut columns = Columns::default();
    let places: Vec<usize> = (0..COUNT).collect();
    let time = nanos(&places, |piece| {
        let (from, to) = (piece[0], piece[0] + piece.len());
        let rows = Rows {
            strikes: &strikes[from..to],
            volatilities: &volatilities[from..to],
            rights: &rights[from..to],
        };
        columns.fill_european(black_box(&expiry), black_box(&rows)).expect("sound rows");
        black_box(&columns);
    });
    row("European price and Greeks in a chain", time, "ns", "10", "");

    let time = nanos(contracts, |piece| {
        for it in piece {
            black_box(european::greeks(black_box(&it.option), it.volatility));
        }
    });
    row("European price and Greeks, one by one", time, "ns", "", "");

    let price = |it: &Contract, at| european::price(&it.option, at).unwrap_or_default();
    let priced: Vec<(&Contract, f64)> =
        contracts.iter().map(|it| (it, price(it, it.volatility))).collect();
    let time = nanos(&priced, |piece| {
        for (it, price) in piece {
            black_box(european::implied_volatility(black_box(&it.option), *price));
        }
    });
    let found = |(it, value): &(&Contract, f64)| {
        let again = european::implied_volatility(&it.option, *value)?;
        Some((price(it, again) - value).abs())
    };
    let note = repricing(priced.iter().filter_map(found).collect());
    row("European implied volatility", time, "ns", "60", &note);
}

fn american_rows(contracts: &[Contract]) {
    let mut tables = Vec::new();
    let time = nanos(&YIELDS, |yields| {
        tables = yields.iter().map(|&it| Table::new(RATE, it)).collect();
    });
    row("table of exercise boundaries", time * 1e-6, "ms", "", "once for a rate and a yield");
    let table = |it: &Contract| &tables[usize::from(0.0 < it.option.dividend_yield)];

    let fast = |it: &Contract| table(it).greeks(black_box(&it.option), it.volatility);
    let time = nanos(contracts, |piece| {
        for it in piece {
            black_box(fast(it));
        }
    });
    let checked: Vec<(Greeks, Greeks)> = contracts
        .iter()
        .step_by(CHECKED)
        .filter_map(|it| Some((fast(it)?, american::greeks(&it.option, it.volatility)?)))
        .collect();
    let errors = |of: fn(&Greeks) -> f64| {
        percentiles(checked.iter().map(|(fast, exact)| (of(fast) - of(exact)).abs()).collect())
    };
    let note = format!("price error: {}", errors(|it| it.price));
    row("American price and Greeks", time * 1e-3, "µs", "0.8", &note);
    let print = |name: &str, of| println!("  {name} error: {}", errors(of));
    print("delta", |it| it.delta);
    print("gamma", |it| it.gamma);
    print("theta", |it| it.theta);
    print("vega", |it| it.vega);
    print("rho", |it| it.rho);

    let some: Vec<&Contract> = contracts.iter().step_by(CHECKED).collect();
    let time = nanos(&some, |piece| {
        for it in piece {
            black_box(american::price(black_box(&it.option), it.volatility));
        }
    });
    row("American price without a table", time * 1e-3, "µs", "", "");
    implied_row(contracts, table);
}

fn implied_row<'a>(contracts: &[Contract], table: impl Fn(&Contract) -> &'a Table) {
    let price = |it: &Contract, at| table(it).greeks(&it.option, at).map_or(0.0, |it| it.price);
    let priced: Vec<(&Contract, f64)> =
        contracts.iter().map(|it| (it, price(it, it.volatility))).collect();
    let implied = |(it, price): &(&Contract, f64)| {
        table(it).implied_volatility(black_box(&it.option), *price)
    };
    let time = nanos(&priced, |piece| {
        for it in piece {
            black_box(implied(it));
        }
    });
    let found = |it: &(&Contract, f64)| Some((price(it.0, implied(it)?) - it.1).abs());
    let note = repricing(priced.iter().filter_map(found).collect());
    row("American implied volatility", time * 1e-3, "µs", "1.5", &note);
}

fn repricing(errors: Vec<f64>) -> String {
    let found = errors.len();
    format!("{found} of {COUNT} have time value; repricing error: {}", percentiles(errors))
}

fn percentiles(mut errors: Vec<f64>) -> String {
    errors.sort_by(f64::total_cmp);
    let Some(last) = errors.len().checked_sub(1) else { return "none".to_owned() };
    let at = |percent: usize| errors[last * percent / 100];
    format!("median {:.0e}, 99 % {:.0e}, worst {:.0e}", at(50), at(99), at(100))
}
