//! From what a contract is worth to what is bid and asked for it, and how much of it trades.

use backsight_domain::instrument::Right;
use backsight_domain::price::Price;

use super::Sky;
use crate::chance::Chance;

/// How the options of one share trade.
#[derive(Clone, Copy, Debug)]
pub(super) struct Terms {
    /// Dollars of the share that trade in a day.
    dollars: f64,
    /// Factor on spreads: wider for shares that trade less.
    width: f64,
    /// Contracts open at the money in a month's expiry.
    interest: f64,
}

/// One contract to be quoted.
#[derive(Clone, Copy, Debug)]
pub(super) struct Contract {
    pub(super) value: f64,
    /// The logarithm of strike over spot in deviations of the return to expiry.
    pub(super) deviations: f64,
    pub(super) spot: f64,
    pub(super) right: Right,
    pub(super) strike: Price,
    /// Calendar days to expiry.
    pub(super) days: i32,
    pub(super) is_monthly: bool,
}

/// Shares that trade this much a day have an expiry on each session, and quotes in pennies.
const DAILY_FROM: f64 = 1e9;
const CENT: f64 = 0.01;

impl Terms {
    pub(super) fn draw(dollars: f64, traits: &mut Chance) -> Self {
        let width = libm::pow(DAILY_FROM / dollars, 0.25) * traits.between(0.8, 1.3);
        Self { dollars, width, interest: dollars / 1e6 * traits.between(12.0, 28.0) }
    }

    /// Whether every session is an expiry.
    pub(super) fn is_daily(&self) -> bool {
        DAILY_FROM <= self.dollars
    }

    /// Bid and offer in ticks around the model's price; no bid for what is worth next to nothing.
    pub(super) fn touch(&self, contract: &Contract, heat: f64) -> (i64, i64) {
        let Contract { value, deviations, spot, days, .. } = *contract;
        let away = deviations.abs().min(3.0);
        let months = f64::from(days) / 30.0;
        let nerves = 0.7 + 0.3 * heat.sqrt();
        let part = value * (0.010 + 0.006 * away) + spot * 0.000_03 * (1.0 + months.sqrt());
        let half = (self.width * nerves * part).max(0.4 * self.increment(value));
        let bid = self.floor(value - half);
        let ask = self.floor(value + half) + whole(self.increment(value + half) * 100.0);
        (bid.max(0) * 100, ask.max(bid + 1) * 100)
    }

    /// Pennies or nickels under $3, nickels or dimes from there on.
    fn increment(&self, price: f64) -> f64 {
        match (self.is_daily(), price < 3.0) {
            (true, true) => CENT,
            (true, false) | (false, true) => 5.0 * CENT,
            (false, false) => 10.0 * CENT,
        }
    }

    /// The next quotable price at or below one, in cents.
    fn floor(&self, price: f64) -> i64 {
        let increment = self.increment(price);
        let steps = (price / increment + 1e-9).floor();
        whole(steps * increment * 100.0 + 0.5)
    }

    /// Contracts open, and contracts traded in the session so far.
    pub(super) fn interest(
        &self,
        contract: &Contract,
        dice: &mut Chance,
        sky: &Sky<'_>,
    ) -> (u32, u32) {
        let expiry = if contract.is_monthly { 1.0 } else { 0.35 };
        let days = f64::from(contract.days);
        let age = 0.2 + 0.8 * libm::exp(-days / 45.0);
        let is_round = contract.strike.ticks() % 50_000 == 0;
        let round = if is_round { 1.6 } else { 1.0 };
        let side = match contract.right {
            Right::Call => 1.0 + 0.1 * contract.deviations.clamp(-3.0, 3.0),
            Right::Put => 1.0 - 0.1 * contract.deviations.clamp(-3.0, 3.0),
        };
        let near = libm::exp(-0.35 * contract.deviations * contract.deviations) + 0.02;
        let open = self.interest * expiry * age * round * side * near * dice.between(0.4, 1.8);
        let turnover = 0.06 + 0.9 * libm::exp(-days / 4.0);
        let today = u64::try_from(sky.date.days()).unwrap_or(0);
        let mood = libm::exp(dice.branch_n(today).normal() * 0.6);
        let so_far = 1.0 - (sky.minutes / 390.0).min(1.0);
        (count(open), count(open * turnover * mood * sky.heat.sqrt().min(2.0) * so_far))
    }
}

#[expect(clippy::cast_possible_truncation, reason = "a price in cents fits")]
fn whole(number: f64) -> i64 {
    number as i64
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a cast from float saturates"
)]
fn count(number: f64) -> u32 {
    number as u32
}
