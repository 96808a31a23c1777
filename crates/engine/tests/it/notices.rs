//! What a script announces beside bars: `story 7 Reuters`, `reader linear instead-of finbert`, `regime 25`, `find ACME 0.8 at 10.00`,
//! `earnings ACME 2026-03-03 before`, `dividend ACME 2026-03-03 0.25`,
//! `chain ACME 2026-03-20 C 105 2.10 2.20 volume 500 oi 900 , …` (`shares 10` of an adjusted one),
//! `thesis ACME at 100.00 rsi >= 30 decisive , relative_volume >= 1.5`.

use backsight_domain::event::Event;
use backsight_domain::instrument::Right;
use backsight_domain::market::Slot;
use backsight_domain::notice::{
    Candidate, Claim, ClaimSide, Discovery, Dividend, Earnings, EarningsHour, Metric,
    PastVolatility, Regime, Thesis,
};
use backsight_domain::option::{Chain, ContractQuote};
use backsight_domain::story::{Reader, Rung, Story};
use backsight_domain::time::{Date, Time};

use crate::lines::Words;
use crate::past::part;

/// Verbs that are read here.
pub(crate) const VERBS: [&str; 9] =
    ["chain", "story", "reader", "regime", "past", "find", "earnings", "dividend", "thesis"];

/// The event of a line whose verb is one of [`VERBS`].
pub(crate) fn event(
    verb: &str,
    words: &mut Words<'_>,
    now: Time,
    slot: impl Fn(&str) -> Slot,
) -> Event {
    match verb {
        "chain" => {
            let slot = slot(words.word());
            let mut quotes = Vec::new();
            while 0 < words.left() {
                quotes.push(quote(words));
                words.takes(",");
            }
            Event::Chain(Chain { slot, at: now, quotes })
        }
        "story" => {
            let id = words.number().unsigned_abs();
            let source = words.word().into();
            let (headline, link) = ("news".into(), "".into());
            Event::Story(Story { id, source, headline, link, summary: "".into(), published: None })
        }
        "reader" => {
            let rung = rung(words.word());
            let instead_of = words.takes("instead-of").then(|| self::rung(words.word()));
            let (model, version, why) = ("model".into(), "1".into(), "chosen".into());
            Event::Reader(Reader { rung, model, version, instead_of, why })
        }
        "regime" => Event::Regime(Regime { index: words.ratio(), at: now }),
        "past" => {
            let slot = slot(words.word());
            words.expect("until");
            let (until, count) = (date(words), words.number());
            let (first, last) = (words.ratio(), words.ratio());
            let values = (0..count).map(|index| first + (last - first) * part(index, count));
            Event::PastVolatility(PastVolatility { slot, until, values: values.collect() })
        }
        "find" => {
            let mut candidates = Vec::new();
            while let Some(word) = words.next() {
                let (slot, score) = (slot(word), words.ratio());
                words.expect("at");
                candidates.push(Candidate { slot, score, price: words.price() });
            }
            Event::Discovery(Discovery { candidates })
        }
        "earnings" => {
            let (slot, date) = (slot(words.word()), date(words));
            let before = words.word() == "before";
            let hour = if before { EarningsHour::BeforeOpen } else { EarningsHour::AfterClose };
            Event::Earnings(Earnings { slot, date, hour })
        }
        "dividend" => {
            let (slot, ex) = (slot(words.word()), date(words));
            Event::Dividend(Dividend { slot, ex, amount: words.money() })
        }
        "thesis" => {
            let slot = slot(words.word());
            words.expect("at");
            let price = words.price();
            let until = now.utc_date().plus_days(90);
            let mut claims = Vec::new();
            while let Some(metric) = words.next() {
                claims.push(claim(metric, words, until));
                words.takes(",");
            }
            Event::Thesis(Thesis { slot, price, claims })
        }
        other => panic!("`{other}` announces nothing"),
    }
}

fn quote(words: &mut Words<'_>) -> ContractQuote {
    let expiry = date(words);
    let right = if words.word() == "C" { Right::Call } else { Right::Put };
    let (strike, bid, ask) = (words.price(), words.price().ticks(), words.price().ticks());
    let mut count = |word: &str| {
        let there = words.takes(word);
        there.then(|| u32::try_from(words.number()).expect("a number of contracts"))
    };
    let (volume, open_interest, shares) = (count("volume"), count("oi"), count("shares"));
    let multiplier = u16::try_from(shares.unwrap_or(100)).expect("a multiplier is small");
    ContractQuote { expiry, right, strike, multiplier, bid, ask, volume, open_interest }
}

fn rung(word: &str) -> Rung {
    let all = [Rung::Finbert, Rung::Linear, Rung::Lexicon, Rung::None];
    all.into_iter().find(|rung| rung.to_string() == word).expect("a rung")
}

pub(crate) fn date(words: &mut Words<'_>) -> Date {
    Date::parse(words.word()).expect("a date")
}

fn claim(metric: &str, words: &mut Words<'_>, until: Date) -> Claim {
    let metric = match metric {
        "return" => Metric::Return,
        "relative_volume" => Metric::RelativeVolume,
        "distance_sma50" => Metric::DistanceSma50,
        "rsi" => Metric::Rsi,
        "sentiment" => Metric::Sentiment,
        "readings" => Metric::Readings,
        other => panic!("a thesis cannot look at `{other}`"),
    };
    let side = match words.word() {
        ">=" => ClaimSide::AtLeast,
        "<=" => ClaimSide::AtMost,
        other => panic!("`{other}` is no side of a threshold"),
    };
    let threshold = words.ratio();
    Claim { metric, side, threshold, until, decisive: words.takes("decisive") }
}
