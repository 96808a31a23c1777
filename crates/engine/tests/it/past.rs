//! What a script tells of contracts beside single quotes: names of them, and sessions in which they
//! are quoted at a volatility.

use backsight_domain::instrument::{Contract, ExerciseStyle, Right, Ticker};
use backsight_domain::option::ContractQuote;
use backsight_domain::policy::ContractPolicy;
use backsight_domain::price::Price;
use backsight_domain::session::Session;
use backsight_domain::time::Time;
use backsight_quant::option::{DAYS_PER_YEAR, Vanilla, european};

use crate::lines::Words;
use crate::notices::date;

/// `2026-03-20 P 95`.
pub(crate) fn contract(underlying: Ticker, words: &mut Words<'_>) -> Contract {
    let expiry = date(words);
    let right = if words.word() == "C" { Right::Call } else { Right::Put };
    let (strike, style) = (words.price(), ExerciseStyle::American);
    Contract { underlying, expiry, right, strike, multiplier: 100, style }
}

/// How much of a history has passed.
#[expect(clippy::cast_precision_loss, reason = "a history is short")]
pub(crate) fn part(index: i64, count: i64) -> f64 {
    index as f64 / (count - 1).max(1) as f64
}

/// Quotes around a share's price before and after a month, at one volatility.
#[expect(clippy::cast_possible_truncation, reason = "a premium is small")]
pub(crate) fn quotes(
    spot: Price,
    volatility: f64,
    (session, now): (Session, Time),
) -> Vec<ContractQuote> {
    let mut quotes = Vec::new();
    for days in [21, 42] {
        let expiry = Session::previous(session.date().plus_days(days)).date();
        let close = Session::on(expiry).expect("it is a session").close();
        let years = (close - now).minutes_floor();
        for (right, percent) in [(Right::Put, 95), (Right::Call, 100), (Right::Call, 105)] {
            let strike = Price::from_ticks_clamped(spot.ticks() / 100 * percent);
            let vanilla = Vanilla {
                spot: spot.dollars(),
                strike: strike.dollars(),
                years: part(years, 1) / (1_440.0 * DAYS_PER_YEAR),
                rate: ContractPolicy::default().rate,
                dividend_yield: 0.0,
                right,
            };
            let worth = european::price(&vanilla, volatility).expect("sound terms");
            let ticks = (worth * 10_000.0) as i64;
            let (volume, open_interest) = (None, None);
            let (bid, ask) = (ticks - 1, ticks + 1);
            let multiplier = 100;
            quotes.push(ContractQuote {
                expiry,
                right,
                strike,
                multiplier,
                bid,
                ask,
                volume,
                open_interest,
            });
        }
    }
    quotes
}
