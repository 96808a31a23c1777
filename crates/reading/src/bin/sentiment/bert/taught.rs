//! Whether bytes say what floats say, where the network has something to say.
//!
//! Logits of a random classifier are nearly ties, which no rounding leaves as they are. So a
//! classifier is taught to read labelled headlines from what the random layers make of them, in
//! floats. It is then asked about headlines that it has not seen, in floats and in bytes. The network
//! is still no reader of finance: what is measured is how much of its decision survives rounding.

use std::path::Path;

use backsight_reading::sentiment::finbert::Finbert;
use backsight_reading::sentiment::train::Example;

use super::{MARGIN, PIECES, best, chances, margin};
use crate::corpus::{self, Corpus, Part};

/// Headlines that the classifier is taught on, and those it is asked about.
const TAUGHT: usize = 1_200;
const ASKED: usize = 1_000;
/// Times that every headline is seen.
const ROUNDS: usize = 60;
const STEP: f32 = 0.02;
const DECAY: f32 = 1e-3;

/// Prints how many labels are the same.
pub(super) fn agreement(ours: &[Finbert; 2], folder: &Path) {
    let Some(corpora) = corpus::read(folder) else {
        println!(
            "no labelled headlines in `{}`: agreement on them is not measured",
            folder.display()
        );
        return;
    };
    let (taught, labels) = pick(&corpora, Part::Train, TAUGHT);
    let head = Head::teach(&seen(&ours[0], &taught), &labels);
    let (asked, labels) = pick(&corpora, Part::Test, ASKED);
    let [floats, bytes] = ours.each_ref().map(|model| {
        let seen = seen(model, &asked);
        seen.iter().map(|it| chances(&head.logits(it))).collect::<Vec<_>>()
    });
    let (mut same, mut clear, mut clear_same, mut right, mut moved) = (0, 0, 0, [0; 2], 0.0_f32);
    for ((float, byte), label) in floats.iter().zip(&bytes).zip(labels) {
        let equal = best(float) == best(byte);
        same += usize::from(equal);
        if MARGIN <= margin(float) {
            clear += 1;
            clear_same += usize::from(equal);
        }
        right[0] += usize::from(best(float) == Some(label));
        right[1] += usize::from(best(byte) == Some(label));
        moved += float.iter().zip(byte).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
    }
    let count = asked.len();
    #[expect(clippy::cast_precision_loss, reason = "a thousand headlines")]
    let mean = moved / count as f32;
    println!(
        "labels of a taught classifier in bytes equal those in floats: {same} of {count} headlines, \
         {clear_same} of the {clear} whose best chance leads by {MARGIN}; right in floats {}, in bytes {}; \
         a chance moved by {mean:.4} in the mean",
        right[0], right[1]
    );
}

fn seen(model: &Finbert, texts: &[Vec<u32>]) -> Vec<Vec<f32>> {
    model.pooled(texts).expect("the network is ours")
}

/// Headlines spread over both sets, as numbers, with their labels.
fn pick(corpora: &[Corpus; 2], part: Part, count: usize) -> (Vec<Vec<u32>>, Vec<usize>) {
    let all: Vec<Example<'_>> = corpora.iter().flat_map(|it| it.wholes(part)).collect();
    let stride = (all.len() / count).max(1);
    let picked = all.iter().step_by(stride).take(count);
    picked.map(|it| (pieces(it.passage.text), it.label as usize)).unzip()
}

/// Stands for a text: one number for each word, between the two that every text has. The weights are
/// random, so that any number is as good for a word as another.
fn pieces(text: &str) -> Vec<u32> {
    let number = |word: &str| {
        let mut hash = 0xcbf2_9ce4_8422_2325_u64;
        for byte in word.bytes().filter(u8::is_ascii_alphanumeric) {
            hash = (hash ^ u64::from(byte.to_ascii_lowercase())).wrapping_mul(0x0100_0000_01b3);
        }
        u32::try_from(5 + hash % (PIECES - 5)).expect("a piece's number is small")
    };
    let words = text.split_whitespace().take(48).map(number);
    std::iter::once(2).chain(words).chain([3]).collect()
}

/// A classifier of three labels on what the network makes of a text.
struct Head {
    mean: Vec<f32>,
    /// One for all columns: a column that hardly varies stays as quiet as it is.
    scale: f32,
    weights: [Vec<f32>; 3],
    bias: [f32; 3],
}

impl Head {
    /// Finds weights by gradient descent, the same ones each time.
    fn teach(seen: &[Vec<f32>], labels: &[usize]) -> Self {
        let width = seen[0].len();
        #[expect(clippy::cast_precision_loss, reason = "a thousand headlines")]
        let count = seen.len() as f32;
        let column = |of: &dyn Fn(f32, usize) -> f32| -> Vec<f32> {
            let sum = |at: usize| seen.iter().map(|row| of(row[at], at)).sum::<f32>();
            (0..width).map(|at| sum(at) / count).collect()
        };
        let mean = column(&|value, _| value);
        let spread = column(&|value, at| (value - mean[at]) * (value - mean[at]));
        #[expect(clippy::cast_precision_loss, reason = "some hundred columns")]
        let scale = 1.0 / (spread.iter().sum::<f32>() / width as f32).sqrt().max(1e-6);
        let weights = std::array::from_fn(|_| vec![0.0; width]);
        let mut head = Self { mean, scale, weights, bias: [0.0; 3] };
        for _ in 0..ROUNDS {
            for (row, label) in seen.iter().zip(labels) {
                head.learn(row, *label);
            }
        }
        head
    }

    fn learn(&mut self, row: &[f32], label: usize) {
        let chances = chances(&self.logits(row));
        let row = self.standard(row);
        #[expect(clippy::cast_precision_loss, reason = "some hundred numbers")]
        let step = STEP / (row.len() as f32).sqrt();
        for (output, chance) in chances.iter().enumerate() {
            let error = f32::from(u8::from(output == label)) - chance;
            for (weight, value) in self.weights[output].iter_mut().zip(&row) {
                *weight += step * (error * value - DECAY * *weight);
            }
            self.bias[output] += step * error;
        }
    }

    fn logits(&self, row: &[f32]) -> Vec<f32> {
        let row = self.standard(row);
        let dot = |weights: &[f32]| weights.iter().zip(&row).map(|(a, b)| a * b).sum::<f32>();
        self.weights.iter().zip(self.bias).map(|(weights, bias)| dot(weights) + bias).collect()
    }

    fn standard(&self, row: &[f32]) -> Vec<f32> {
        row.iter().zip(&self.mean).map(|(value, mean)| (value - mean) * self.scale).collect()
    }
}
