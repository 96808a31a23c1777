//! The rung that ships in the binary: a linear classifier over hashed evidence.
//!
//! A weight is one byte. Each piece of evidence adds the weights of its slot to its group's sums; a group's sum is
//! divided by the root of its count, so that long texts are not louder than short ones. Two sums remain, for good and
//! bad against neutral, and a softmax over them, tempered on headlines that the training did not see, gives chances.
//! Integer sums and correctly rounded operations make a tone the same on every machine.

use std::borrow::Cow;

use super::feature::{GROUPS, Group, evidence};
use super::lexicon::Lexicon;
use super::{Chances, Passage, Rung, RungKind, Sentiment, Tone};

/// The trained weights; `models/README.md` says how they were made.
const WEIGHTS: &[u8] = include_bytes!("../../models/linear.weights");

/// Slots of the table. Its bytes stay under half a MiB.
pub(crate) const SLOTS: usize = 250_000;
/// Outputs of the table: good and bad; neutral is always zero.
pub(crate) const OUTPUTS: usize = 2;

const MAGIC: &[u8; 8] = b"bslinear";
const FORMAT: u32 = 1;
const FLOATS: usize = GROUPS + OUTPUTS + 3;
const HEADER: usize = MAGIC.len() + 4 + 4 * FLOATS;

/// What training produces: everything that a tone depends on besides the text and the lexicon.
#[derive(Clone, Debug, PartialEq)]
pub struct Weights {
    /// Value of one step of a group's weights.
    pub(crate) scales: [f32; GROUPS],
    /// What good and bad start with.
    pub(crate) bias: [f32; OUTPUTS],
    pub(crate) calibration: Calibration,
    /// `OUTPUTS` bytes for each slot.
    pub(crate) table: Cow<'static, [u8]>,
}

/// Turns sums into chances that come true as often as they say.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Calibration {
    /// Multiplies all sums.
    pub(crate) sharpness: f32,
    /// Added to good and to bad after that.
    pub(crate) shift: [f32; OUTPUTS],
}

impl Calibration {
    /// Changes nothing.
    pub(crate) const NONE: Self = Self { sharpness: 1.0, shift: [0.0; OUTPUTS] };

    /// Turns the two sums into chances.
    pub(crate) fn chances(&self, sums: [f32; OUTPUTS]) -> Chances {
        let good = sums[0] * self.sharpness + self.shift[0];
        let bad = sums[1] * self.sharpness + self.shift[1];
        softmax([good, bad, 0.0])
    }
}

/// Chances of three logits, for good, bad and neutral.
pub(crate) fn softmax(logits: [f32; 3]) -> Chances {
    let top = logits[0].max(logits[1]).max(logits[2]);
    let [good, bad, neutral] = logits.map(|it| libm::expf(it - top));
    let sum = good + bad + neutral;
    Chances { good: good / sum, bad: bad / sum, neutral: neutral / sum }
}

/// The slot of a piece of evidence.
pub(crate) fn slot(group: Group, hash: u64) -> usize {
    let salted = (hash ^ (group as u64 + 1).wrapping_mul(0xd6e8_feb8_6659_fd93))
        .wrapping_mul(0x9e37_79b9_7f4a_7c15);
    // The high half, stretched over the slots: no division.
    usize::try_from(((salted >> 32) * SLOTS as u64) >> 32).expect("fewer slots than addresses")
}

impl Weights {
    /// Reads the bytes that `to_bytes` wrote.
    ///
    /// # Errors
    /// Says what is wrong with bytes of another length, kind or format.
    pub fn parse(bytes: Cow<'static, [u8]>) -> Result<Self, String> {
        if bytes.len() != HEADER + SLOTS * OUTPUTS || !bytes.starts_with(MAGIC) {
            return Err(format!("`{}` bytes are no weights of the linear model", bytes.len()));
        }
        let word = |at: usize| [bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]];
        let format = u32::from_le_bytes(word(MAGIC.len()));
        if format != FORMAT {
            return Err(format!("weights of format `{format}`, this build reads `{FORMAT}`"));
        }
        let float = |index: usize| f32::from_le_bytes(word(MAGIC.len() + 4 + 4 * index));
        if let Some(index) = (0..FLOATS).find(|index| !float(*index).is_finite()) {
            return Err(format!("number `{index}` of the weights' header is not finite"));
        }
        let after = GROUPS + OUTPUTS;
        let calibration =
            Calibration { sharpness: float(after), shift: [float(after + 1), float(after + 2)] };
        let scales = std::array::from_fn(float);
        let bias = std::array::from_fn(|index| float(GROUPS + index));
        let table = match bytes {
            Cow::Borrowed(bytes) => Cow::Borrowed(&bytes[HEADER..]),
            Cow::Owned(bytes) => Cow::Owned(bytes[HEADER..].to_vec()),
        };
        Ok(Self { scales, bias, calibration, table })
    }

    /// Writes the weights as the file in `models/`.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(HEADER + self.table.len());
        bytes.extend_from_slice(MAGIC);
        bytes.extend_from_slice(&FORMAT.to_le_bytes());
        let tail =
            [self.calibration.sharpness, self.calibration.shift[0], self.calibration.shift[1]];
        for float in self.scales.iter().chain(&self.bias).chain(&tail) {
            bytes.extend_from_slice(&float.to_le_bytes());
        }
        bytes.extend_from_slice(&self.table);
        bytes
    }
}

/// The linear model as a rung.
#[derive(Debug)]
pub struct Linear {
    lexicon: Lexicon,
    weights: Weights,
    rung: Rung,
}

impl Default for Linear {
    fn default() -> Self {
        Self::new()
    }
}

impl Linear {
    /// Loads the built-in weights.
    pub fn new() -> Self {
        let weights = Weights::parse(Cow::Borrowed(WEIGHTS));
        Self::with_weights(weights.expect("the built-in weights are read by a test"))
    }

    /// Reads with other weights, as training and its report do.
    pub fn with_weights(weights: Weights) -> Self {
        let rung = Rung::new(RungKind::Linear, "backsight-linear", "1");
        Self { lexicon: Lexicon::new(), weights, rung }
    }

    /// The chances of the three labels.
    pub fn chances(&self, passage: &Passage<'_>) -> Chances {
        self.weights.calibration.chances(self.sums(passage))
    }

    /// The sums for good and bad, before calibration.
    pub(crate) fn sums(&self, passage: &Passage<'_>) -> [f32; OUTPUTS] {
        let table = self.weights.table.as_chunks::<OUTPUTS>().0;
        let mut sums = [[0_i32; OUTPUTS]; GROUPS];
        let mut counts = [0_u32; GROUPS];
        evidence(&self.lexicon, passage, |group, hash| {
            let [good, bad] = table[slot(group, hash)].map(|byte| i32::from(byte.cast_signed()));
            let sum = &mut sums[group as usize];
            (sum[0], sum[1]) = (sum[0] + good, sum[1] + bad);
            counts[group as usize] += 1;
        });
        let mut outputs = self.weights.bias;
        for group in 0..GROUPS {
            let factor = self.weights.scales[group] * loudness(counts[group]);
            for (output, sum) in outputs.iter_mut().zip(sums[group]) {
                *output += factor * exact(sum);
            }
        }
        outputs
    }
}

/// What one of `count` pieces of evidence counts.
pub(crate) fn loudness(count: u32) -> f32 {
    if count == 0 { 0.0 } else { 1.0 / libm::sqrtf(exact(count.cast_signed())) }
}

/// A sum of bytes as a float.
#[expect(clippy::cast_precision_loss, reason = "512 words give sums far below 2^24")]
fn exact(sum: i32) -> f32 {
    sum as f32
}

impl Sentiment for Linear {
    fn rung(&self) -> &Rung {
        &self.rung
    }

    fn read_one(&self, passage: &Passage<'_>) -> Tone {
        Tone::of_chances(self.chances(passage))
    }
}

#[cfg(test)]
mod tests;
