//! The contracts of `docs/reference-data/options.py`, drawn again, and their figures from its files.

use std::str::Lines;

const MINUTES: [u32; 16] = [
    5, 30, 60, 240, 390, 1_440, 4_320, 10_080, 20_160, 43_200, 64_800, 86_400, 129_600, 259_200,
    525_600, 1_051_200,
];
const VOLATILITIES: [f64; 16] =
    [0.05, 0.08, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.65, 0.8, 1.0, 1.5, 2.0, 3.0, 5.0];
const RATES: [f64; 8] = [-0.005, 0.0, 0.01, 0.03, 0.04, 0.05, 0.08, 0.12];
const YIELDS: [f64; 8] = [0.0, 0.0, 0.0, 0.015, 0.03, 0.04, 0.06, 0.1];
const SCALES: [f64; 6] = [1e9, 1e9, 1e9, 1e9, 1e8, 1e8];
const SEED: u64 = 2026;
const COUNT: usize = 10_000;

/// One contract on a share at 100, and what the reference says of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Vector {
    pub is_call: bool,
    pub strike: f64,
    pub years: f64,
    pub volatility: f64,
    pub rate: f64,
    pub dividend_yield: f64,
    /// Price, delta, gamma, theta, vega, rho, where the reference has them.
    pub figures: [Option<f64>; 6],
}

/// Returns the European contracts.
pub(crate) fn european() -> Vec<Vector> {
    drawn(include_str!("vectors/european-calls.txt"), include_str!("vectors/european-puts.txt"))
}

/// Returns the American contracts.
pub(crate) fn american() -> Vec<Vector> {
    drawn(include_str!("vectors/american-calls.txt"), include_str!("vectors/american-puts.txt"))
}

fn drawn(calls: &str, puts: &str) -> Vec<Vector> {
    let mut state = SEED;
    let mut draw = |below: u64| {
        // SplitMix64.
        state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((z ^ (z >> 31)) % below).expect("a small number")
    };
    let (mut calls, mut puts) = (calls.lines(), puts.lines());
    (0..COUNT)
        .map(|place| {
            let is_call = place % 2 == 0;
            let cents = u32::try_from(6_000 + draw(8_001)).expect("a strike in cents");
            Vector {
                is_call,
                strike: f64::from(cents) / 100.0,
                years: f64::from(MINUTES[draw(16)]) / 525_600.0,
                volatility: VOLATILITIES[draw(16)],
                rate: RATES[draw(8)],
                dividend_yield: YIELDS[draw(8)],
                figures: figures(if is_call { &mut calls } else { &mut puts }),
            }
        })
        .collect()
}

fn figures(lines: &mut Lines<'_>) -> [Option<f64>; 6] {
    let mut words = lines.next().expect("a line for each contract").split(' ');
    SCALES.map(|scale| {
        let word = words.next().filter(|&word| word != "-")?;
        Some(word.parse::<f64>().expect("a number") / scale)
    })
}
