//! One symbol: what it is, how nervous it is, what drives it, and its next minute.
//!
//! Prices are whole cents. A fractional fair value is rounded up or down by chance so that its
//! expectation stays: without a planted drift the printed prices are a martingale exactly.

use backsight_domain::market::Split;

use super::course::{POINTS, Path};
use super::drift::{Drift, HalfLife};
use super::options::Level;
use super::world::World;
use crate::chance::{Chance, sixteens};

pub(super) const MINUTES: f64 = 390.0;
const TICKS_PER_CENT: i32 = 100;
const LOWEST_CENTS: f64 = 200.0;
const HIGHEST_CENTS: f64 = 200_000.0;

/// Standard deviation of the logarithm of a symbol's own daily volatility, and what stays of it.
const LEVEL_SD: f64 = 0.3;
const LEVEL_STAYS: f64 = 0.97;
/// The same within the session, from one five-minute block to the next.
const HEAT_SD: f64 = 0.35;
const HEAT_STAYS: f64 = 0.92;
/// Overnight gap in daily volatilities.
pub(super) const GAP: f64 = 0.5;
/// What stays of unusual activity from one minute to the next: half in four minutes.
const BUSY_STAYS: f64 = 0.840_896_415_253_714_5;
/// Dollars of an average trade.
const TRADE_DOLLARS: f64 = 8_000.0;
/// Minutes that a halt may last.
const HALT_MINUTES: [u16; 6] = [5, 5, 5, 10, 15, 30];
/// No single draw moves a price by more than this part.
const MOVE_LIMIT: f64 = 0.25;

/// The chance of one symbol, one branch per use.
#[derive(Clone, Debug)]
struct Streams {
    moves: Chance,
    rounding: Chance,
    volume: Chance,
    rare: Chance,
    heat: Chance,
    night: Chance,
}

/// What all symbols share in one minute.
#[derive(Clone, Copy, Debug)]
pub(super) struct Moment<'a> {
    /// The market factor by quarter.
    pub(super) market: [f64; POINTS],
    /// The sector factors by quarter.
    pub(super) sectors: &'a [[f64; POINTS]],
    /// Factor on the volatility.
    pub(super) volatility: f64,
    /// Factor on the volume.
    pub(super) volume: f64,
}

/// Something rare that a minute brought.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Rare {
    /// Nothing.
    Nothing,
    /// A surge of volume whose first move has this signed size.
    Surge(f64),
    /// A move so large that trading is halted after this minute.
    Halt,
}

/// One symbol.
#[derive(Clone, Debug)]
pub(super) struct Stock {
    sector: usize,
    load: [f64; 3],
    daily_volatility: f64,
    dollars: f64,
    spread_bps: f64,
    streams: Streams,
    // By session.
    level: f64,
    minute_volatility: f64,
    shares: f64,
    trades: f64,
    is_optionable: bool,
    // By minute.
    heat_log: f64,
    heat: f64,
    value: f64,
    drift: Drift,
    kick: f64,
    busy: f64,
    halted: u16,
    path: Path,
}

/// Thresholds for the 32 bits that decide about rare things.
#[derive(Clone, Copy, Debug)]
pub(super) struct Odds {
    jump: u64,
    surge: u64,
    jump_size: f64,
    halt_move: f64,
}

impl Odds {
    pub(super) fn of(world: &World) -> Self {
        let jump = threshold(world.jumps / MINUTES);
        let surge = jump + threshold(world.surges / MINUTES);
        Self { jump, surge, jump_size: world.jump_size, halt_move: world.halt_move }
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a probability is between 0 and 1"
)]
fn threshold(probability: f64) -> u64 {
    (probability.clamp(0.0, 1.0) * 4_294_967_296.0) as u64
}

impl Stock {
    /// Draws a symbol's character.
    pub(super) fn new(world: &World, sector: usize, chance: &Chance) -> Self {
        let mut traits = chance.branch("traits");
        let daily_volatility = world.volatility * log_between(&mut traits, 0.012, 0.04);
        let market_share = traits.between(0.15, 0.35);
        let sector_share = traits.between(0.15, 0.25);
        let thin = traits.happens(world.thin_share);
        let (least, most) = if thin { (2.0e6, 8.0e6) } else { (30.0e6, 3_000.0e6) };
        let dollars = log_between(&mut traits, least, most);
        let cents = whole(log_between(&mut traits, 1_500.0, 40_000.0));
        let streams = Streams {
            moves: chance.branch("moves"),
            rounding: chance.branch("rounding"),
            volume: chance.branch("volume"),
            rare: chance.branch("rare"),
            heat: chance.branch("heat"),
            night: chance.branch("night"),
        };
        let mut stock = Self {
            sector,
            load: [market_share, sector_share, 1.0 - market_share - sector_share].map(f64::sqrt),
            daily_volatility,
            dollars,
            spread_bps: 1.0 + 30.0 / (dollars / 1e6).sqrt(),
            streams,
            level: 0.0,
            minute_volatility: 0.0,
            shares: 0.0,
            trades: dollars / (MINUTES * TRADE_DOLLARS),
            is_optionable: world.options_from <= dollars,
            heat_log: 0.0,
            heat: 1.0,
            value: f64::from(cents),
            drift: Drift::default(),
            kick: 0.0,
            busy: 0.0,
            halted: 0,
            path: Path::default(),
        };
        stock.path.points = [cents * TICKS_PER_CENT; POINTS];
        stock
    }

    /// The last price, in ticks.
    pub(super) fn close(&self) -> i32 {
        self.path.points[POINTS - 1]
    }

    /// Its dollars of a day, when it is large enough for options.
    pub(super) fn optionable(&self) -> Option<f64> {
        self.is_optionable.then_some(self.dollars)
    }

    /// Its ordinary daily volatility.
    pub(super) fn usual_volatility(&self) -> f64 {
        self.daily_volatility
    }

    /// The part of its variance that the market moves.
    pub(super) fn market_load(&self) -> f64 {
        self.load[0]
    }

    /// The usual volume of a minute.
    pub(super) fn usual_shares(&self) -> f64 {
        self.shares
    }

    /// The drift that is still to come.
    pub(super) fn pending(&self) -> f64 {
        self.drift.rest()
    }

    /// The logarithm of its own volatility, without its mean.
    pub(super) fn level(&self) -> Level {
        Level { now: self.level, stays: LEVEL_STAYS, sd: LEVEL_SD }
    }

    /// Factor on the variance of the present five minutes, and what stays of it until the next.
    pub(super) fn heat(&self) -> (f64, f64) {
        (self.heat * self.heat, HEAT_STAYS)
    }

    /// The daily volatility of the session.
    pub(super) fn session_volatility(&self) -> f64 {
        self.minute_volatility * MINUTES.sqrt()
    }

    /// Begins a session: a new volatility, the night's gap, and the day's usual volume.
    pub(super) fn open_session(&mut self, market_level: f64, market: f64, sectors: &[f64]) {
        let night = &mut self.streams.night;
        self.level = mean_revert(self.level, LEVEL_STAYS, LEVEL_SD, night.normal());
        let level = libm::exp(self.level - LEVEL_SD * LEVEL_SD + market_level);
        self.minute_volatility = self.daily_volatility * level / MINUTES.sqrt();
        let own = self.streams.night.normal();
        let z = self.mix(market, sectors[self.sector], own);
        self.gap(GAP * self.session_volatility() * z);
        self.shares = self.dollars / MINUTES / (self.value / 100.0);
        self.path.depth = whole(self.shares / 1_000.0).max(1).saturating_mul(100);
    }

    /// Moves the value while nobody trades.
    pub(super) fn gap(&mut self, part: f64) {
        let part = part.clamp(-MOVE_LIMIT, MOVE_LIMIT);
        self.value = (self.value * (1.0 + part)).clamp(LOWEST_CENTS, HIGHEST_CENTS);
    }

    /// Moves the price within the next traded minute.
    pub(super) fn kick(&mut self, part: f64) {
        self.kick += part;
    }

    /// Adds a drift whose whole is `total`.
    pub(super) fn push(&mut self, half_life: HalfLife, total: f64) {
        self.drift.push(half_life, total);
    }

    /// Adds activity, in multiples of the usual volume.
    pub(super) fn excite(&mut self, busy: f64) {
        self.busy += busy;
    }

    /// Draws the volatility of the next five minutes.
    pub(super) fn reheat(&mut self) {
        let draw = self.streams.heat.bell();
        self.heat_log = mean_revert(self.heat_log, HEAT_STAYS, HEAT_SD, draw);
        self.heat = libm::exp(self.heat_log - HEAT_SD * HEAT_SD);
        let bps = self.spread_bps * (0.5 + 0.5 * self.heat);
        self.path.spread = whole(self.value * bps / 10_000.0 + 0.5).max(1);
    }

    /// Trades one minute and returns its path.
    pub(super) fn trade(&mut self, moment: &Moment<'_>, odds: &Odds) -> (Path, Rare) {
        let sigma = self.minute_volatility * moment.volatility * self.heat;
        let (mut steps, z) = self.draw_steps(moment, sigma);
        self.path.halted = 0 < self.halted;
        if self.path.halted {
            self.halted -= 1;
            self.wait(&steps);
            return (self.path, Rare::Nothing);
        }
        steps[0] += std::mem::take(&mut self.kick);
        let rare = self.draw_rare(sigma, odds, &mut steps);
        self.path.volume = self.draw_volume(moment.volume, z);
        self.busy *= BUSY_STAYS;
        if self.path.volume == 0 {
            self.wait(&steps);
            return (self.path, rare);
        }
        let before = self.value;
        self.walk(&steps);
        let moved = (self.value / before - 1.0).abs();
        if odds.halt_move <= moved { (self.path, self.halt()) } else { (self.path, rare) }
    }

    /// The returns of the four quarters, and the size of their chance in standard deviations.
    fn draw_steps(&mut self, moment: &Moment<'_>, sigma: f64) -> ([f64; POINTS], f64) {
        let own = self.streams.moves.quarters();
        let sector = moment.sectors[self.sector];
        let drift = self.drift.next() / 4.0;
        let mut steps = [0.0; POINTS];
        let mut z = 0.0;
        for (q, step) in steps.iter_mut().enumerate() {
            let draw = self.mix(moment.market[q], sector[q], own[q]);
            z += draw;
            *step = draw * sigma + drift;
        }
        (steps, z.abs())
    }

    fn mix(&self, market: f64, sector: f64, own: f64) -> f64 {
        self.load[0] * market + self.load[1] * sector + self.load[2] * own
    }

    /// Lets the value move without a trade.
    fn wait(&mut self, steps: &[f64; POINTS]) {
        self.path.volume = 0;
        self.path.points = [self.close(); POINTS];
        self.gap(steps.iter().sum());
    }

    /// Trades at four prices in whole cents.
    fn walk(&mut self, steps: &[f64; POINTS]) {
        let dice = sixteens(self.streams.rounding.bits());
        for (q, (&step, dice)) in steps.iter().zip(dice).enumerate() {
            self.gap(step);
            let cents = whole(self.value + f64::from(dice) * (1.0 / 65_536.0));
            self.value = f64::from(cents);
            self.path.points[q] = cents * TICKS_PER_CENT;
        }
    }

    fn draw_rare(&mut self, sigma: f64, odds: &Odds, steps: &mut [f64; POINTS]) -> Rare {
        let bits = self.streams.rare.bits();
        let dice = bits >> 32;
        if odds.surge <= dice {
            return Rare::Nothing;
        }
        let quarter = (bits & 3) as usize;
        let mut details = self.streams.rare.branch_n(bits);
        if dice < odds.jump {
            let jump = details.normal() * odds.jump_size * self.session_volatility();
            steps[quarter] += jump;
            self.excite(5.0);
            return Rare::Nothing;
        }
        let first = details.sign() * details.between(3.0, 7.0) * sigma;
        steps[quarter] += first;
        self.excite(details.between(3.0, 8.0));
        Rare::Surge(first)
    }

    fn draw_volume(&mut self, shape: f64, z: f64) -> i32 {
        let noise = 1.0 + 0.13 * self.streams.volume.bell();
        let expected = shape * (1.0 + self.busy);
        if self.trades < 8.0 {
            let silent = libm::exp(-self.trades * expected);
            if self.streams.volume.happens(silent) {
                return 0;
            }
        }
        // The mean of `noise` squared is 1.02, that of `z` 0.8.
        let volume = self.shares * expected * noise * noise * (0.74 + 0.30 * z);
        whole(volume).max(1)
    }

    /// Halts after this minute; trading comes back with a gap.
    fn halt(&mut self) -> Rare {
        let mut details = self.streams.rare.branch("halt").branch_n(self.streams.rare.bits());
        self.halted = *details.pick(&HALT_MINUTES);
        self.kick += details.normal() * 3.0 * self.minute_volatility;
        self.excite(4.0);
        Rare::Halt
    }

    /// Splits the shares when the price asks for it or chance wants it, by new and old shares.
    pub(super) fn draw_split(&mut self, chance: f64) -> Option<(u16, u16)> {
        let mut details = self.streams.night.branch("split").branch_n(self.streams.night.bits());
        let wanted = details.happens(chance);
        let many = *details.pick(&[2, 3, 4, 10]);
        // A hundred shares are no whole number of thirds.
        let fewer = if self.is_optionable && many == 3 { 2 } else { many };
        match self.value {
            value if 80_000.0 < value => Some((10, 1)),
            value if value < 500.0 => Some((1, 10)),
            value if wanted && 10_000.0 < value => Some((many, 1)),
            value if wanted && value < 2_000.0 => Some((1, fewer)),
            _ => None,
        }
    }

    /// Applies a split to the value and the last price.
    pub(super) fn split(&mut self, split: Split) {
        self.value *= f64::from(split.denominator) / f64::from(split.numerator);
        let close = backsight_domain::price::Price::from_ticks_clamped(i64::from(self.close()));
        let close = i32::try_from(split.price(close).ticks()).expect("a price fits a column");
        self.path.points = [close; POINTS];
    }
}

/// A step of an AR(1) whose stationary standard deviation is `sd`.
pub(super) fn mean_revert(level: f64, stays: f64, sd: f64, draw: f64) -> f64 {
    level * stays + sd * (1.0 - stays * stays).sqrt() * draw
}

fn log_between(chance: &mut Chance, low: f64, high: f64) -> f64 {
    low * libm::exp(chance.uniform() * libm::log(high / low))
}

#[expect(clippy::cast_possible_truncation, reason = "a cast from float saturates")]
fn whole(number: f64) -> i32 {
    number as i32
}
