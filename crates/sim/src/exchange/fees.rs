//! What an execution costs beside its price: commission and regulatory fees, by date.

use backsight_domain::instrument::Instrument;
use backsight_domain::money::{Money, Rounding, divide};
use backsight_domain::order::Side;
use backsight_domain::price::Price;
use backsight_domain::quantity::{Quantity, UNITS_PER_SHARE};
use backsight_domain::time::Date;

/// The rates over time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeeSchedule {
    /// Rates by the date they begin, ascending; the first also holds before its date.
    pub rates: Vec<Rates>,
}

/// The rates from one date on. Each fee is rounded up to the cent, execution by execution.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rates {
    /// The first date.
    pub from: Date,
    /// The broker's commission on each execution.
    pub commission: Money,
    /// The SEC's fee on sales, for each million dollars sold.
    pub sale_per_million: Money,
    /// FINRA's trading activity fee on shares sold, in millionths of a dollar each.
    pub sold_share_micros: i64,
    /// The most FINRA takes for one execution.
    pub sold_shares_cap: Money,
    /// Fees on each option contract bought or sold, in millionths of a dollar.
    pub contract_micros: i64,
}

impl FeeSchedule {
    /// No fees at all, as a paper account has.
    pub fn free() -> Self {
        Self { rates: Vec::new() }
    }

    /// No commission and the regulators' fees of 2026 on shares; earlier dates pay the first rates.
    pub fn regulatory() -> Self {
        let of_2026 = Rates {
            from: Date::from_ymd(2026, 1, 1).expect("a date"),
            commission: Money::ZERO,
            sale_per_million: Money::ZERO,
            sold_share_micros: 195,
            sold_shares_cap: Money::cents(979),
            contract_micros: 0,
        };
        let with_sec = Rates {
            from: Date::from_ymd(2026, 4, 4).expect("a date"),
            sale_per_million: Money::cents(2060),
            ..of_2026
        };
        Self { rates: vec![of_2026, with_sec] }
    }

    /// The fee on one execution.
    pub fn fee(
        &self,
        on: Date,
        instrument: &Instrument,
        side: Side,
        (quantity, price): (Quantity, Price),
    ) -> Money {
        let Some(rates) = self.rates.iter().rev().find(|r| r.from <= on).or(self.rates.first())
        else {
            return Money::ZERO;
        };
        let value = Money::of(price, quantity, instrument.multiplier(), Rounding::HalfEven);
        let sale = match side {
            Side::Buy => Money::ZERO,
            Side::Sell => rates.sale(value),
        };
        let activity = match (instrument, side) {
            (Instrument::Equity(_), Side::Buy) => Money::ZERO,
            (Instrument::Equity(_), Side::Sell) => {
                up_to_cent(quantity, rates.sold_share_micros).min(rates.sold_shares_cap)
            }
            (Instrument::Option(_), _) => up_to_cent(quantity, rates.contract_micros),
            (Instrument::Vertical(_), _) => up_to_cent(quantity.times(2), rates.contract_micros),
        };
        rates.commission + sale + activity
    }
}

impl Rates {
    fn sale(&self, value: Money) -> Money {
        let product = i128::from(value.units()) * i128::from(self.sale_per_million.units());
        // Both are in 1/10,000 dollar, and a cent is 100 of these.
        cents(divide(product, 1_000_000 * 10_000 * 100, Rounding::Ceil))
    }
}

fn up_to_cent(quantity: Quantity, micros: i64) -> Money {
    let product = i128::from(quantity.units()) * i128::from(micros);
    cents(divide(product, i128::from(UNITS_PER_SHARE) * 10_000, Rounding::Ceil))
}

fn cents(cents: i128) -> Money {
    Money::cents(i64::try_from(cents).expect("a fee is a small part of an amount that fits"))
}
