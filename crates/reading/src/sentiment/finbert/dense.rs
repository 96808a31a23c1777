//! One dense layer, in 32-bit floats or in bytes.
//!
//! In bytes, each output has a scale for its weights, found once, and each row of the input has a scale and a zero of
//! its own, found when it arrives. So a row's result does not depend on the rows beside it, and a text has one score
//! whatever batch it is read in.
//!
//! A row that matters more than others goes through twice: its bytes, and the bytes of what they leave out of it. That
//! gives its numbers sixteen bits for the price of one more row.

use rayon::prelude::*;
use rten_gemm::{BiasVector, GemmExecutor, GemmInputA, GemmInputB, GemmOptions, PackedBMatrix};
use rten_simd::SimdOp as _;
use rten_tensor::NdTensorView;
use rten_vecmath::{MinMax, Quantize};

use super::settle::Shift;

/// How numbers are kept while a text is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Precision {
    /// 32-bit floats: what the published models were measured with.
    #[default]
    Float,
    /// Bytes in the dense layers: faster, nearly the same labels.
    Byte,
}

/// The multiplication routines that fit this processor. They are found anew for each batch, because they may not be sent
/// to another thread.
pub(super) struct Kernels {
    pub(super) floats: GemmExecutor<f32, f32, f32>,
    bytes: GemmExecutor<u8, i8, i32>,
}

impl Kernels {
    pub(super) fn new() -> Self {
        Self { floats: GemmExecutor::new(), bytes: GemmExecutor::new() }
    }
}

/// `y = x W + b`.
pub(super) struct Dense {
    weights: Weights,
    bias: Vec<f32>,
    /// That of fine rows.
    fine_bias: Vec<f32>,
    inputs: usize,
}

enum Weights {
    Float(PackedBMatrix<f32>),
    Byte { packed: PackedBMatrix<i8>, outputs: Vec<Output> },
}

/// What turns an output's sum of bytes back into a number.
#[derive(Clone, Copy)]
struct Output {
    /// The size of one step of its weights.
    scale: f32,
    /// The sum of its weights, which an input's zero adds so many times.
    sum: i32,
}

impl Dense {
    /// Takes weights as published: one row of `inputs` numbers for each output.
    pub(super) fn new(
        kernels: &Kernels,
        precision: Precision,
        weights: &[f32],
        bias: Vec<f32>,
    ) -> Self {
        let (outputs, inputs) = (bias.len(), weights.len() / bias.len());
        let weights = match precision {
            Precision::Float => {
                let view = NdTensorView::from_data([outputs, inputs], weights);
                Weights::Float(kernels.floats.prepack_b(view.transposed()))
            }
            Precision::Byte => {
                // Without the wide instruction two products are added in 16 bits, which seven-bit weights cannot fill.
                let steps = if kernels.bytes.may_saturate() { 63.0 } else { 127.0 };
                let (bytes, of_outputs) = to_bytes(weights, inputs, steps);
                let view = NdTensorView::from_data([outputs, inputs], &bytes[..]);
                Weights::Byte {
                    packed: kernels.bytes.prepack_b(view.transposed()),
                    outputs: of_outputs,
                }
            }
        };
        Self { weights, fine_bias: bias.clone(), bias, inputs }
    }

    pub(super) fn outputs(&self) -> usize {
        self.bias.len()
    }

    /// Moves what comes out.
    pub(super) fn settle(&mut self, shift: &Shift) {
        let pairs = [(&mut self.bias, &shift.coarse), (&mut self.fine_bias, &shift.fine)];
        for (bias, shift) in pairs {
            bias.iter_mut().zip(shift).for_each(|(bias, shift)| *bias += shift);
        }
    }

    /// Multiplies the rows of `input`; in bytes those of `fine` keep twice as many digits.
    pub(super) fn apply(&self, kernels: &Kernels, input: &[f32], fine: &[usize]) -> Vec<f32> {
        let rows = input.len() / self.inputs;
        let mut output = vec![0.0; rows * self.outputs()];
        match &self.weights {
            Weights::Float(packed) => {
                let view = NdTensorView::from_data([rows, self.inputs], input);
                let bias = Some(BiasVector::Row(&self.bias[..]));
                let options = GemmOptions { bias, ..GemmOptions::default() };
                let (a, b) = (GemmInputA::Unpacked(view), GemmInputB::Packed(packed));
                let result = kernels.floats.gemm(&mut output, a, b, options);
                result.expect("the shapes were checked when the weights were read");
            }
            Weights::Byte { packed, outputs } => {
                let sums = |bytes: &[u8]| self.multiply(kernels, packed, bytes);
                self.apply_bytes((input, fine), sums, outputs, &mut output);
            }
        }
        output
    }

    fn apply_bytes(
        &self,
        (input, fine): (&[f32], &[usize]),
        multiply: impl Fn(&[u8]) -> Vec<i32>,
        outputs: &[Output],
        output: &mut [f32],
    ) {
        let rows = input.len() / self.inputs;
        let mut bytes = vec![0_u8; input.len() + fine.len() * self.inputs];
        let (coarse, rests) = bytes.split_at_mut(input.len());
        let steps: Vec<Step> = input
            .par_chunks(self.inputs)
            .zip(coarse.par_chunks_mut(self.inputs))
            .map(|(row, bytes)| quantize(row, bytes))
            .collect();
        let rest_steps: Vec<Step> = fine
            .iter()
            .zip(rests.chunks_mut(self.inputs))
            .map(|(&row, bytes)| {
                let range = row * self.inputs..(row + 1) * self.inputs;
                quantize(&steps[row].rest(&input[range.clone()], &coarse[range]), bytes)
            })
            .collect();
        let sums = multiply(&bytes);
        let (sums, rests) = sums.split_at(rows * outputs.len());
        output
            .par_chunks_mut(outputs.len())
            .zip(sums.par_chunks(outputs.len()))
            .zip(&steps)
            .enumerate()
            .for_each(|(at, ((row, sums), step))| {
                let is_fine = fine.binary_search(&at).is_ok();
                row.copy_from_slice(if is_fine { &self.fine_bias } else { &self.bias });
                step.restore(row, sums, outputs);
            });
        for ((&row, sums), step) in fine.iter().zip(rests.chunks(outputs.len())).zip(&rest_steps) {
            step.restore(&mut output[row * outputs.len()..][..outputs.len()], sums, outputs);
        }
    }

    fn multiply(&self, kernels: &Kernels, packed: &PackedBMatrix<i8>, bytes: &[u8]) -> Vec<i32> {
        let rows = bytes.len() / self.inputs;
        let mut sums = vec![0; rows * self.outputs()];
        let view = NdTensorView::from_data([rows, self.inputs], bytes);
        let (a, b) = (GemmInputA::Unpacked(view), GemmInputB::Packed(packed));
        let result = kernels.bytes.gemm(&mut sums, a, b, GemmOptions::default());
        result.expect("the shapes were checked when the weights were read");
        sums
    }
}

/// What turns a row's bytes back into numbers.
#[derive(Clone, Copy)]
struct Step {
    /// The size of one step.
    size: f32,
    /// The byte that is zero.
    zero: i32,
}

impl Step {
    /// What the bytes of a row leave out of it.
    #[expect(clippy::cast_precision_loss, reason = "a byte fits 24 bits")]
    fn rest(self, row: &[f32], bytes: &[u8]) -> Vec<f32> {
        let value = |byte: u8| (i32::from(byte) - self.zero) as f32 * self.size;
        row.iter().zip(bytes).map(|(number, byte)| number - value(*byte)).collect()
    }

    /// Adds what a row's sums of bytes stand for.
    #[expect(
        clippy::cast_precision_loss,
        reason = "a sum of products of bytes is close enough in 24 bits"
    )]
    fn restore(self, row: &mut [f32], sums: &[i32], outputs: &[Output]) {
        for ((value, sum), output) in row.iter_mut().zip(sums).zip(outputs) {
            // Sums of some thousand products of bytes are far from 32 bits, and checks would forbid wide instructions.
            let sum = sum.wrapping_sub(self.zero.wrapping_mul(output.sum));
            *value += sum as f32 * (self.size * output.scale);
        }
    }
}

/// Rounds weights to bytes, with one scale for each output.
#[expect(clippy::cast_possible_truncation, reason = "held between -127 and 127")]
fn to_bytes(weights: &[f32], inputs: usize, steps: f32) -> (Vec<i8>, Vec<Output>) {
    let mut bytes = Vec::with_capacity(weights.len());
    let mut outputs = Vec::with_capacity(weights.len() / inputs);
    for row in weights.chunks(inputs) {
        let widest = row.iter().fold(f32::MIN_POSITIVE, |most, it| most.max(it.abs()));
        let scale = widest / steps;
        let start = bytes.len();
        bytes.extend(row.iter().map(|it| (it / scale).round_ties_even() as i8));
        let sum = bytes[start..].iter().map(|byte| i32::from(*byte)).sum();
        outputs.push(Output { scale, sum });
    }
    (bytes, outputs)
}

/// Writes a row as bytes; says the size of one step and which byte is zero.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "held between 0 and 255"
)]
fn quantize(row: &[f32], bytes: &mut [u8]) -> Step {
    let (least, most) = MinMax::new(row).dispatch();
    let (least, most) = (least.min(0.0), most.max(0.0));
    let step = ((most - least) / 255.0).max(f32::MIN_POSITIVE);
    let zero = (-least / step).round_ties_even().clamp(0.0, 255.0);
    let mut room = Box::new_uninit_slice(row.len());
    bytes.copy_from_slice(Quantize::new(row, &mut room, 1.0 / step, zero as u8).dispatch());
    Step { size: step, zero: zero as i32 }
}

#[cfg(test)]
mod tests;
