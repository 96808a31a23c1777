//! How the weights of the linear model are found.
//!
//! Softmax regression by stochastic gradient descent with a step that shrinks for weights that moved (`AdaGrad`), in an
//! order drawn from a seed: the same examples and seed give the same bytes. Weights are rounded to one byte, and the
//! calibration is fitted to examples that the descent did not see.

use std::borrow::Cow;

use super::feature::{GROUPS, Group, evidence};
use super::lexicon::Lexicon;
use super::linear::{Calibration, Linear, OUTPUTS, SLOTS, Weights, loudness, slot, softmax};
use super::{Chances, Label, Passage};

/// How loud each group is: what is louder is learned first.
const GAINS: [f32; GROUPS] = [1.0, 0.6, 2.0, 1.5, 1.5];

/// How the descent goes.
#[derive(Clone, Copy, Debug)]
pub struct Recipe {
    /// Times that every example is seen.
    pub rounds: u32,
    /// Length of the first step.
    pub step: f32,
    /// How strongly weights are drawn to zero.
    pub decay: f32,
    /// Chooses the order of examples.
    pub seed: u64,
}

impl Recipe {
    /// The recipe of the weights we ship.
    pub const SHIPPED: Self = Self { rounds: 12, step: 0.1, decay: 1e-5, seed: 1 };
}

/// One labelled passage.
#[derive(Clone, Debug)]
pub struct Example<'a> {
    /// What is read.
    pub passage: Passage<'a>,
    /// What people said of it.
    pub label: Label,
}

/// Finds weights for `seen` and calibrates them on `unseen`.
pub fn train(seen: &[Example<'_>], unseen: &[Example<'_>], recipe: Recipe) -> Weights {
    let mut descent = Descent::new(seen, recipe);
    for round in 0..recipe.rounds {
        descent.round(round);
    }
    let mut weights = descent.rounded();
    let sums = Linear::with_weights(weights.clone());
    let points: Vec<Point> = unseen.iter().map(|it| point(&sums, it)).collect();
    weights.calibration = calibrate(&points);
    weights
}

/// The evidence of one example, as slots.
struct Row {
    slots: Vec<(u8, u32)>,
    factors: [f32; GROUPS],
    label: Label,
}

impl Row {
    fn new(lexicon: &Lexicon, example: &Example<'_>) -> Self {
        let mut slots = Vec::new();
        let mut counts = [0; GROUPS];
        evidence(lexicon, &example.passage, |group: Group, hash| {
            let slot = u32::try_from(slot(group, hash)).expect("fewer slots than that");
            slots.push((group as u8, slot));
            counts[group as usize] += 1;
        });
        let mut factors = counts.map(loudness);
        for (factor, gain) in factors.iter_mut().zip(GAINS) {
            *factor *= gain;
        }
        Self { slots, factors, label: example.label }
    }
}

struct Descent {
    rows: Vec<Row>,
    recipe: Recipe,
    weights: Vec<[f32; OUTPUTS]>,
    moved: Vec<[f32; OUTPUTS]>,
    bias: [f32; OUTPUTS],
    chance: Chance,
}

impl Descent {
    fn new(examples: &[Example<'_>], recipe: Recipe) -> Self {
        let lexicon = Lexicon::new();
        Self {
            rows: examples.iter().map(|it| Row::new(&lexicon, it)).collect(),
            recipe,
            weights: vec![[0.0; OUTPUTS]; SLOTS],
            moved: vec![[1e-4; OUTPUTS]; SLOTS],
            bias: [0.0; OUTPUTS],
            chance: Chance(recipe.seed),
        }
    }

    fn round(&mut self, round: u32) {
        let mut order: Vec<usize> = (0..self.rows.len()).collect();
        for last in (1..order.len()).rev() {
            order.swap(last, self.chance.below(last + 1));
        }
        let left = 1.0
            - f32::from(u16::try_from(round).unwrap_or(u16::MAX))
                / f32::from(u16::try_from(self.recipe.rounds).unwrap_or(u16::MAX));
        for index in order {
            self.learn(index, self.recipe.step * left);
        }
    }

    fn learn(&mut self, index: usize, step: f32) {
        let row = &self.rows[index];
        let mut sums = self.bias;
        for (group, slot) in &row.slots {
            let factor = row.factors[usize::from(*group)];
            let weight = self.weights[*slot as usize];
            sums = std::array::from_fn(|it| sums[it] + factor * weight[it]);
        }
        let chances = softmax([sums[0], sums[1], 0.0]);
        let error = [
            chances.good - f32::from(row.label == Label::Good),
            chances.bad - f32::from(row.label == Label::Bad),
        ];
        for (group, slot) in &row.slots {
            let factor = row.factors[usize::from(*group)];
            let (weight, moved) =
                (&mut self.weights[*slot as usize], &mut self.moved[*slot as usize]);
            for it in 0..OUTPUTS {
                let slope = error[it] * factor + self.recipe.decay * weight[it];
                moved[it] += slope * slope;
                weight[it] -= step * slope / libm::sqrtf(moved[it]);
            }
        }
        self.bias = std::array::from_fn(|it| self.bias[it] - 0.01 * step * error[it]);
    }

    /// One scale for all groups, wide enough for all but the wildest weights.
    fn rounded(&self) -> Weights {
        let mut sizes: Vec<f32> = self.weights.iter().flatten().map(|it| it.abs()).collect();
        sizes.sort_by(f32::total_cmp);
        let widest = sizes[sizes.len() - sizes.len() / 2_000 - 1].max(f32::MIN_POSITIVE);
        let scale = widest / 127.0;
        let table = self.weights.iter().flatten().map(|it| byte(it / scale)).collect::<Vec<u8>>();
        Weights {
            scales: GAINS.map(|gain| scale * gain),
            bias: self.bias,
            calibration: Calibration::NONE,
            table: Cow::Owned(table),
        }
    }
}

#[expect(clippy::cast_possible_truncation, reason = "held between -127 and 127")]
fn byte(steps: f32) -> u8 {
    (libm::roundf(steps).clamp(-127.0, 127.0) as i8).cast_unsigned()
}

/// Sums of one passage, and its label.
#[derive(Clone, Copy)]
struct Point {
    sums: [f32; OUTPUTS],
    label: Label,
}

fn point(linear: &Linear, example: &Example<'_>) -> Point {
    Point { sums: linear.sums(&example.passage), label: example.label }
}

/// Finds the calibration with the smallest surprise by trying smaller and smaller steps along each number.
fn calibrate(points: &[Point]) -> Calibration {
    let mut best = [1.0_f32, 0.0, 0.0];
    let of = |it: [f32; 3]| Calibration { sharpness: it[0], shift: [it[1], it[2]] };
    let mut least = surprise(points, of(best));
    for step in [0.4, 0.2, 0.1, 0.05, 0.02, 0.01] {
        let mut moved = true;
        while moved {
            moved = false;
            for (axis, change) in
                [(0, step), (0, -step), (1, step), (1, -step), (2, step), (2, -step)]
            {
                let mut tried = best;
                tried[axis] += change;
                if tried[0] < 0.05 {
                    continue;
                }
                let found = surprise(points, of(tried));
                if found + 1e-9 < least {
                    (best, least, moved) = (tried, found, true);
                }
            }
        }
    }
    of(best)
}

fn surprise(points: &[Point], calibration: Calibration) -> f64 {
    let of = |point: &Point| f64::from(chance_of(calibration.chances(point.sums), point.label));
    points.iter().map(|point| -libm::log(of(point).max(1e-9))).sum()
}

fn chance_of(chances: Chances, label: Label) -> f32 {
    match label {
        Label::Good => chances.good,
        Label::Bad => chances.bad,
        Label::Neutral => chances.neutral,
    }
}

/// `SplitMix64`, for the order of examples.
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut it = self.0;
        it = (it ^ (it >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        it = (it ^ (it >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        it ^= it >> 31;
        let drawn = (u128::from(it) * bound as u128) >> 64;
        usize::try_from(drawn).expect("below an address")
    }
}

#[cfg(test)]
mod tests;
