//! What something that is held is worth, and how we know.
//!
//! A share is marked by its bars. An option is marked by quotes of its own, and where none came, a
//! ghost may be marked by a model of them; a position never is. The price of the underlying share
//! is never the price of an option.

use backsight_domain::instrument::{Contract, Instrument};
use backsight_domain::market::Slot;
use backsight_domain::order::Side;
use backsight_domain::price::Price;
use backsight_domain::session::{Session, covers_date};
use backsight_domain::time::{Span, Time};
use backsight_quant::option::{DAYS_PER_YEAR, Vanilla, american};

use crate::market::Market;

/// Bid and offer of one unit in ticks, and when they were made. The bid of a vertical may be below
/// zero: nobody pays for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Touch {
    pub(crate) bid: i64,
    pub(crate) ask: i64,
    pub(crate) at: Time,
}

impl Touch {
    /// What an order at once would trade at.
    pub(crate) fn taken_by(self, side: Side) -> Price {
        Price::from_ticks_clamped(match side {
            Side::Buy => self.ask,
            Side::Sell => self.bid,
        })
    }
}

impl Market {
    /// What one unit of an option is worth, when a quote that is no older than it may be says so.
    pub(crate) fn fresh_mark(
        &self,
        (instrument, slot): (Instrument, Slot),
        now: Time,
        most_s: u32,
    ) -> Option<Price> {
        let quoted = self.touch(instrument, slot)?.at;
        let fresh = now - quoted <= Span::from_seconds(most_s.into());
        self.mark(instrument, slot).filter(|_| fresh)
    }

    /// The last believable bid and offer of a contract, or of two as one.
    pub(crate) fn touch(&self, instrument: Instrument, slot: Slot) -> Option<Touch> {
        match instrument {
            Instrument::Equity(_) => None,
            Instrument::Option(contract) => self.touch_of(slot, &contract),
            Instrument::Vertical(vertical) => {
                let bought = self.touch_of(slot, &vertical.bought())?;
                let sold = self.touch_of(slot, &vertical.sold())?;
                let (bid, ask) = (bought.bid - sold.ask, bought.ask - sold.bid);
                Some(Touch { bid, ask, at: if bought.at < sold.at { bought.at } else { sold.at } })
            }
        }
    }

    fn touch_of(&self, slot: Slot, contract: &Contract) -> Option<Touch> {
        let known = self.outlook.symbol(slot)?.quote(contract)?;
        let (bid, ask) = known.quote.sane()?;
        Some(Touch { bid: bid.ticks(), ask: ask.ticks(), at: known.at })
    }
}

/// The contract as the model sees it. Beyond the calendar it ends with its day.
fn terms(contract: &Contract, spot: Price, (now, rate): (Time, f64)) -> Vanilla {
    let session = covers_date(contract.expiry).then(|| Session::on(contract.expiry)).flatten();
    let end = session.map_or(contract.expiry.plus_days(1).midnight_utc(), Session::close);
    #[expect(clippy::cast_precision_loss, reason = "an expiry is years away at most")]
    let days = (end - now).nanos() as f64 / (86_400.0 * 1e9);
    Vanilla {
        spot: spot.dollars(),
        strike: contract.strike.dollars(),
        years: days / DAYS_PER_YEAR,
        rate,
        dividend_yield: 0.0,
        right: contract.right,
    }
}

/// The volatility at which the model gives a contract its price.
pub(crate) fn volatility(
    instrument: Instrument,
    (price, spot): (Price, Price),
    moment: (Time, f64),
) -> Option<f64> {
    let Instrument::Option(contract) = instrument else { return None };
    american::implied_volatility(&terms(&contract, spot, moment), price.dollars())
}

/// What the model says of a contract at a volatility, in ticks.
#[expect(clippy::cast_possible_truncation, reason = "held to what a price can be")]
pub(crate) fn modelled(
    instrument: Instrument,
    (volatility, spot): (f64, Price),
    moment: (Time, f64),
) -> Option<i64> {
    let Instrument::Option(contract) = instrument else { return None };
    let dollars = american::price(&terms(&contract, spot, moment), volatility)?;
    let ticks = (dollars * 10_000.0).round_ties_even().clamp(1.0, 2e9);
    Some(ticks as i64)
}

/// What a day costs the holder of a contract, as a share of its premium.
pub(crate) fn decay(
    instrument: Instrument,
    (price, spot): (Price, Price),
    moment: (Time, f64),
) -> Option<f64> {
    let volatility = volatility(instrument, (price, spot), moment)?;
    let Instrument::Option(contract) = instrument else { return None };
    let greeks = american::greeks(&terms(&contract, spot, moment), volatility)?;
    Some(-greeks.theta / price.dollars()).filter(|share| share.is_finite())
}
