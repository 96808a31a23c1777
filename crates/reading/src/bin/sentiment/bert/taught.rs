//! Whether bytes say what floats say, where the network has something to say.
//!
//! Logits of a random classifier are nearly ties, which no rounding leaves as they are. So a
//! classifier is taught to read labelled headlines from what the layers make of them, in floats, and
//! asked about headlines that it has not seen, in floats and in bytes.
//!
//! Random layers over random words hide what a text says. So the words get a meaning first: beside its
//! random part each word's vector has one along two random directions, as long as people's labels of
//! headlines with that word lean, good against bad and loud against neutral. The layers stay random.

use std::collections::BTreeMap;
use std::path::Path;

use backsight_reading::sentiment::finbert::{Finbert, ModelFiles, Precision};
use backsight_reading::sentiment::train::Example;

use super::{MARGIN, PIECES, best, chances, margin};
use crate::corpus::{self, Corpus, Part};

/// Headlines that the classifier is taught on, and those it is asked about.
const TAUGHT: usize = 600;
const ASKED: usize = 1_000;
/// Numbers of a word's vector.
const HIDDEN: usize = 768;
/// How long a leaning of one makes a word's vector longer; the random part is about half as long.
const MEANING: f32 = 0.5;
/// Times that every headline is seen.
const ROUNDS: usize = 60;
const STEP: f32 = 0.02;
const DECAY: f32 = 1e-3;

/// Prints how many labels are the same.
pub(super) fn agreement(files: ModelFiles<'_>, folder: &Path) {
    let Some(corpora) = corpus::read(folder) else {
        println!(
            "no labelled headlines in `{}`: agreement on them is not measured",
            folder.display()
        );
        return;
    };
    let leanings = leanings(&corpora);
    let weights = with_meaning(files.weights, &leanings);
    let vocabulary = vocabulary(&corpora);
    let files = ModelFiles { weights: &weights, vocabulary: &vocabulary, ..files };
    let load = |precision| Finbert::load_unproven(files, precision, "taught", "1");
    let (Ok(floats), Ok(bytes)) = (load(Precision::Float), load(Precision::Byte)) else {
        println!("the words could not be given a meaning");
        return;
    };
    let ours = [floats, bytes];
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

/// How each word leans: to good against bad, and to either against neutral.
fn leanings(corpora: &[Corpus; 2]) -> BTreeMap<u32, [f32; 2]> {
    let mut counts: BTreeMap<u32, [f32; 3]> = BTreeMap::new();
    for example in corpora.iter().flat_map(|it| it.wholes(Part::Train)) {
        for piece in pieces(example.passage.text) {
            counts.entry(piece).or_default()[example.label as usize] += 1.0;
        }
    }
    let lean = |[good, bad, neutral]: [f32; 3]| {
        let all = good + bad + neutral + 6.0;
        [(good - bad) / all, (good + bad - neutral) / all]
    };
    counts.into_iter().map(|(piece, counts)| (piece, lean(counts))).collect()
}

/// The same weights, with words that mean something.
fn with_meaning(weights: &[u8], leanings: &BTreeMap<u32, [f32; 2]>) -> Vec<u8> {
    let (length, _) = weights.split_first_chunk().expect("the file was read before");
    let body = 8 + usize::try_from(u64::from_le_bytes(*length)).expect("a header is short");
    let header: serde_json::Value =
        serde_json::from_slice(&weights[8..body]).expect("the file was read before");
    let place = &header["bert.embeddings.word_embeddings.weight"]["data_offsets"][0];
    let words = body + usize::try_from(place.as_u64().unwrap_or(0)).expect("a file fits memory");
    let mut weights = weights.to_vec();
    for (piece, leaning) in leanings {
        let start = words + *piece as usize * HIDDEN * 4;
        for (at, bytes) in weights[start..start + HIDDEN * 4].chunks_exact_mut(4).enumerate() {
            let mut value = f32::from_le_bytes(bytes.try_into().expect("four bytes"));
            for (direction, lean) in leaning.iter().enumerate() {
                // A sign for each number, drawn by a hash, makes a direction.
                let mixed = (at * 2 + direction + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
                let sign = if mixed >> 40 & 1 == 0 { 1.0 } else { -1.0 };
                value += MEANING * lean * sign / libm::sqrtf(768.0);
            }
            bytes.copy_from_slice(&value.to_le_bytes());
        }
    }
    weights
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

/// Gives each word of the headlines the line that `pieces` makes its number.
fn vocabulary(corpora: &[Corpus; 2]) -> String {
    let mut lines: Vec<String> = (0..PIECES).map(|it| format!("[unused{it}]")).collect();
    for (at, special) in [(1, "[UNK]"), (2, "[CLS]"), (3, "[SEP]")] {
        special.clone_into(&mut lines[at]);
    }
    let texts = corpora.iter().flat_map(|it| &it.headlines).map(|it| it.text.as_str());
    for word in texts.flat_map(str::split_whitespace) {
        let plain: String = word.chars().filter(char::is_ascii_alphanumeric).collect();
        if let [_, number, _] = pieces(word)[..]
            && !plain.is_empty()
        {
            lines[number as usize] = plain.to_ascii_lowercase();
        }
    }
    lines.join("\n")
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
