//! Seeded chance as a tree: every use has its own branch, and every branch its own sequence.
//!
//! ```text
//! root(7) ── market ── stocks ── 0 ── moves
//!       │                   └── 1 ── moves
//!       └── newsroom
//! ```
//!
//! A branch is a pure function of the path that leads to it, never of how much was drawn above or
//! beside it. So a draw added in one place moves no other draw, and a symbol's prices do not
//! depend on how many symbols there are. The generator is `SplitMix64` with a gamma per branch
//! (Steele, Lea and Flood 2014). Everything is integer work, the four basic operations, or `libm`,
//! hence equal on every machine.

/// One branch of the tree, and the sequence of draws that belongs to it.
#[derive(Clone, Debug)]
pub struct Chance {
    key: u64,
    gamma: u64,
    state: u64,
}

/// 2^64 divided by the golden ratio.
const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;
/// One over the standard deviation of the sum in [`Chance::normal`]: 16 from the 64 coins, 1/6
/// from the two uniforms.
const NORMAL_SCALE: f64 = 0.248_708_001_686_903_46;
/// Scales a 16-bit uniform so that four of them sum to variance one.
const QUARTER_SCALE: f64 = 1.732_050_807_568_877_2 / 65_536.0;

impl Chance {
    /// The root of the tree of a seed.
    pub fn root(seed: u64) -> Self {
        Self::with_key(mix(seed.wrapping_add(GOLDEN)))
    }

    /// The branch with this name.
    #[must_use]
    pub fn branch(&self, name: &str) -> Self {
        let fold = |key: u64, byte: u8| mix(key ^ u64::from(byte)).wrapping_add(GOLDEN);
        Self::with_key(name.bytes().fold(self.key, fold))
    }

    /// The branch with this number.
    #[must_use]
    pub fn branch_n(&self, number: u64) -> Self {
        Self::with_key(mix(mix(self.key ^ 0xA5A5) ^ number.wrapping_mul(GOLDEN)))
    }

    fn with_key(key: u64) -> Self {
        // An odd gamma with enough changes between its bits makes a full and well mixed period.
        let gamma = mix(key ^ 0x5851_F42D_4C95_7F2D) | 1;
        let changes = (gamma ^ (gamma >> 1)).count_ones();
        let gamma = if changes < 24 { gamma ^ 0xAAAA_AAAA_AAAA_AAAA } else { gamma };
        Self { key, gamma, state: key }
    }

    /// 64 random bits.
    #[inline]
    pub fn bits(&mut self) -> u64 {
        self.state = self.state.wrapping_add(self.gamma);
        mix(self.state)
    }

    /// A number from 0 up to, not including, 1.
    #[expect(clippy::cast_precision_loss, reason = "53 bits fit")]
    #[inline]
    pub fn uniform(&mut self) -> f64 {
        (self.bits() >> 11) as f64 * (1.0 / 9_007_199_254_740_992.0)
    }

    /// A number from `low` up to, not including, `high`.
    pub fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.uniform()
    }

    /// A whole number from 0 up to, not including, `bound`.
    #[expect(clippy::cast_possible_truncation, reason = "the product is below `bound`")]
    pub fn below(&mut self, bound: usize) -> usize {
        assert!(0 < bound, "nothing lies below zero");
        ((u128::from(self.bits()) * bound as u128) >> 64) as usize
    }

    /// Whether something of this probability happens.
    pub fn happens(&mut self, probability: f64) -> bool {
        self.uniform() < probability
    }

    /// Plus or minus one.
    pub fn sign(&mut self) -> f64 {
        if self.bits() >> 63 == 0 { 1.0 } else { -1.0 }
    }

    /// A standard normal number: 64 fair coins, smoothed by two uniforms.
    #[inline]
    pub fn normal(&mut self) -> f64 {
        let coins = f64::from(self.bits().count_ones()) - 32.0;
        let rest = self.bits();
        let (upper, lower) = ((rest >> 32) as u32, (rest & 0xFFFF_FFFF) as u32);
        let smooth = (f64::from(upper) + f64::from(lower)) * (1.0 / 4_294_967_296.0) - 1.0;
        (coins + smooth) * NORMAL_SCALE
    }

    /// Four independent moves of variance 1/4 from one draw: the steps of a short random walk.
    #[inline]
    pub fn quarters(&mut self) -> [f64; 4] {
        sixteens(self.bits()).map(|part| (f64::from(part) - 32_767.5) * QUARTER_SCALE)
    }

    /// A bell-shaped number of variance one within -3.5 and 3.5, from one draw.
    #[inline]
    pub fn bell(&mut self) -> f64 {
        let [a, b, c, d] = self.quarters();
        (a + b) + (c + d)
    }

    /// A positive number with this mean and no memory.
    pub fn exponential(&mut self, mean: f64) -> f64 {
        -mean * libm::log(1.0 - self.uniform())
    }

    /// How many of many unlikely things happen when `mean` are expected.
    pub fn count(&mut self, mean: f64) -> usize {
        let mut room = self.exponential(1.0);
        let mut count = 0;
        while room < mean {
            count += 1;
            room += self.exponential(1.0);
        }
        count
    }

    /// One of several.
    pub fn pick<'a, T>(&mut self, choices: &'a [T]) -> &'a T {
        &choices[self.below(choices.len())]
    }

    /// Puts everything in random order.
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last + 1));
        }
    }
}

/// Four 16-bit numbers from one draw.
#[inline]
pub(crate) fn sixteens(bits: u64) -> [u32; 4] {
    [bits, bits >> 16, bits >> 32, bits >> 48].map(|part| (part & 0xFFFF) as u32)
}

/// Stafford's thirteenth mixer of 64 bits.
#[inline]
fn mix(bits: u64) -> u64 {
    let bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    bits ^ (bits >> 31)
}

#[cfg(test)]
mod tests;
