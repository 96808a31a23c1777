//! One symbol's random walk: clustered volatility, bursts with volume, whole cents.

use super::{COLUMNS, MINUTES};

/// Ticks of a cent.
const CENT: i32 = 100;

/// One symbol's state between two bars.
#[derive(Clone, Debug)]
pub(super) struct Walk {
    draws: SplitMix,
    /// The last close, in cents.
    cents: f64,
    /// Where the price is pulled to, in cents.
    anchor: f64,
    /// Standard deviation of a quiet minute's return.
    quiet: f64,
    /// Variance of the next minute's return.
    variance: f64,
    /// Shares of a quiet minute.
    shares: f64,
    burst: Burst,
}

/// A run of minutes with a drift and more volume.
#[derive(Clone, Copy, Debug, Default)]
struct Burst {
    minutes_left: u32,
    drift: f64,
    volume: f64,
}

impl Walk {
    pub(super) fn new(seed: u64, symbol: u16) -> Self {
        let mut draws =
            SplitMix(seed ^ (u64::from(symbol) + 1).wrapping_mul(0xd134_2543_de82_ef95));
        let cents = (2_000.0 + 38_000.0 * draws.uniform()).round();
        let quiet = 0.000_4 + 0.000_8 * draws.uniform();
        let shares = 500.0 + 9_500.0 * draws.uniform();
        let variance = quiet * quiet;
        Self { draws, cents, anchor: cents, quiet, variance, shares, burst: Burst::default() }
    }

    /// Open, high, low, close and volume of the next minute.
    pub(super) fn bar(&mut self, minute: usize) -> [i32; COLUMNS] {
        self.burst = self.next_burst();
        let surprise = self.draws.bell();
        let pull = 0.000_5 * (self.anchor / self.cents - 1.0);
        let night = if minute == 0 { 4.0 } else { 1.0 };
        let walked = night * self.variance.sqrt() * surprise + self.burst.drift + pull;
        let walked = walked.clamp(-0.05, 0.05);
        let calm = self.quiet * self.quiet;
        self.variance =
            0.04 * calm + 0.10 * (walked * walked).min(25.0 * calm) + 0.86 * self.variance;
        let open = self.cents;
        let close = (open * (1.0 + walked)).round().max(100.0);
        let wick = 0.7 * self.quiet * open;
        let high = open.max(close) + (wick * self.draws.uniform()).floor();
        let low = (open.min(close) - (wick * self.draws.uniform()).floor()).max(1.0);
        self.cents = close;
        let volume = self.volume(minute, surprise);
        [ticks(open), ticks(high), ticks(low), ticks(close), volume]
    }

    fn next_burst(&mut self) -> Burst {
        if let Some(minutes_left) = self.burst.minutes_left.checked_sub(1) {
            return Burst { minutes_left, ..self.burst };
        }
        if 1.0 / 50.0 <= self.draws.uniform() {
            return Burst { minutes_left: 0, drift: 0.0, volume: 1.0 };
        }
        let side = if self.draws.uniform() < 0.5 { -1.0 } else { 1.0 };
        Burst {
            minutes_left: whole(3.0 + 9.0 * self.draws.uniform()).unsigned_abs(),
            drift: side * self.quiet * (0.5 + self.draws.uniform()),
            volume: 2.0 + 3.0 * self.draws.uniform(),
        }
    }

    /// More at the edges of the session, in bursts and with surprises.
    fn volume(&mut self, minute: usize, surprise: f64) -> i32 {
        #[expect(clippy::cast_precision_loss, reason = "minutes of a session are few")]
        let from_noon = 2.0 * minute as f64 / MINUTES as f64 - 1.0;
        let edges = 1.0 + 1.5 * from_noon * from_noon;
        let chance = 0.5 + self.draws.uniform();
        let lively = 1.0 + 0.4 * surprise.abs();
        whole(self.shares * edges * chance * lively * self.burst.volume).max(1)
    }
}

fn ticks(cents: f64) -> i32 {
    CENT * whole(cents)
}

#[expect(clippy::cast_possible_truncation, reason = "prices and volumes stay far below 2^31")]
const fn whole(value: f64) -> i32 {
    value as i32
}

#[expect(clippy::cast_possible_truncation, reason = "the low part is what is wanted")]
const fn sixteen(bits: u64) -> u16 {
    bits as u16
}

/// Sebastiano Vigna's `SplitMix64`: the shortest generator that another language can repeat.
#[derive(Clone, Debug)]
struct SplitMix(u64);

impl SplitMix {
    const fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// From 0 up to 1.
    #[expect(clippy::cast_precision_loss, reason = "53 bits fit")]
    fn uniform(&mut self) -> f64 {
        (self.draw() >> 11) as f64 / 9_007_199_254_740_992.0
    }

    /// About normal, mean 0, deviation 1: the sum of the four 16-bit parts of one draw, scaled.
    fn bell(&mut self) -> f64 {
        let draw = self.draw();
        let parts = [0, 16, 32, 48].map(|shift| f64::from(sixteen(draw >> shift)));
        // Four uniforms have the variance 4/12; the sum is centred on 2.
        (parts.iter().sum::<f64>() / 65_536.0 - 2.0 + 2.0 / 65_536.0) * 1.732_050_807_568_877_2
    }
}
