//! The network: BERT with a classifier on the first piece.
//!
//! Texts of a batch stand one after another without padding, so a batch costs what its pieces cost, and a text's score
//! does not depend on its neighbours. The last layer is computed for the first piece of each text alone, which is all
//! that the classifier looks at.

use rayon::prelude::*;
use rten_gemm::{GemmInputA, GemmInputB, GemmOptions};
use rten_simd::{SimdOp as _, SimdUnaryOp as _};
use rten_tensor::NdTensorView;
use rten_vecmath::{Gelu, Normalize, NormalizeOptions, Softmax, Sum, SumSquareSub, Tanh};

use super::config::Config;
use super::dense::{Dense, Kernels, Precision};
use super::safetensors::Tensors;

/// The weights, arranged for multiplication.
pub(super) struct Bert {
    hidden: usize,
    heads: usize,
    words: Vec<f32>,
    /// Of positions, with the one kind of sentence added.
    places: Vec<f32>,
    norm: Norm,
    layers: Vec<Layer>,
    pooler: Dense,
    classifier: Dense,
}

struct Layer {
    /// Queries, keys and values side by side.
    attention: Dense,
    attention_out: Dense,
    attention_norm: Norm,
    wide: Dense,
    narrow: Dense,
    norm: Norm,
}

struct Norm {
    gain: Vec<f32>,
    bias: Vec<f32>,
    epsilon: f32,
}

impl Bert {
    /// Reads the tensors by the names that the published models have.
    ///
    /// # Errors
    /// Names the tensor that is missing or has another shape.
    pub(super) fn load(
        tensors: &Tensors<'_>,
        config: &Config,
        precision: Precision,
    ) -> Result<Self, String> {
        let kernels = Kernels::new();
        let hidden = config.hidden;
        let loader = Loader { tensors, config, kernels: &kernels, precision };
        let embedding = |name: &str, rows| {
            tensors.floats(&format!("bert.embeddings.{name}_embeddings.weight"), &[rows, hidden])
        };
        let kinds = embedding("token_type", config.kinds)?;
        let mut places = embedding("position", config.positions)?;
        for row in places.chunks_mut(hidden) {
            add(row, &kinds[..hidden]);
        }
        // The small layers at the end are kept in floats: they cost nothing and decide the label.
        let last = Loader { precision: Precision::Float, ..loader };
        Ok(Self {
            hidden,
            heads: config.heads,
            words: embedding("word", config.vocabulary)?,
            places,
            norm: loader.norm("bert.embeddings.LayerNorm")?,
            layers: (0..config.layers)
                .map(|index| loader.layer(index))
                .collect::<Result<_, _>>()?,
            pooler: last.dense(&["bert.pooler.dense"], hidden, hidden)?,
            classifier: last.dense(&["classifier"], hidden, config.labels.len())?,
        })
    }

    /// Gives the logits of each text.
    pub(super) fn logits(&self, texts: &[Vec<u32>]) -> Vec<Vec<f32>> {
        let kernels = &Kernels::new();
        let logits = self.classifier.apply(kernels, &self.first_rows(kernels, texts));
        logits.chunks(self.classifier.outputs()).map(<[f32]>::to_vec).collect()
    }

    /// Gives what the classifier sees of each text.
    pub(super) fn pooled(&self, texts: &[Vec<u32>]) -> Vec<Vec<f32>> {
        let pooled = self.first_rows(&Kernels::new(), texts);
        pooled.chunks(self.hidden).map(<[f32]>::to_vec).collect()
    }

    fn first_rows(&self, kernels: &Kernels, texts: &[Vec<u32>]) -> Vec<f32> {
        let lengths: Vec<usize> = texts.iter().map(Vec::len).collect();
        let mut rows = self.embed(texts);
        for (index, layer) in self.layers.iter().enumerate() {
            let last = index + 1 == self.layers.len();
            rows = self.step(kernels, layer, &rows, (&lengths, last));
        }
        let mut pooled = self.pooler.apply(kernels, &rows);
        Tanh {}.map_mut(&mut pooled);
        pooled
    }

    fn embed(&self, texts: &[Vec<u32>]) -> Vec<f32> {
        let mut rows = Vec::with_capacity(texts.iter().map(Vec::len).sum::<usize>() * self.hidden);
        for text in texts {
            for (place, number) in self.places.chunks(self.hidden).zip(text) {
                let start = rows.len();
                let word = *number as usize * self.hidden;
                rows.extend_from_slice(&self.words[word..word + self.hidden]);
                add(&mut rows[start..], place);
            }
        }
        self.norm.apply(&mut rows);
        rows
    }

    /// One layer; in the last only the first row of each text goes on.
    fn step(
        &self,
        kernels: &Kernels,
        layer: &Layer,
        rows: &[f32],
        (lengths, last): (&[usize], bool),
    ) -> Vec<f32> {
        let mixed = layer.attention.apply(kernels, rows);
        let context = self.attend(kernels, &mixed, lengths, last);
        let mut attended = layer.attention_out.apply(kernels, &context);
        if last {
            add(&mut attended, &self.firsts(rows, lengths));
        } else {
            add(&mut attended, rows);
        }
        layer.attention_norm.apply(&mut attended);
        let mut wide = layer.wide.apply(kernels, &attended);
        wide.par_chunks_mut(layer.wide.outputs()).for_each(|row| Gelu {}.map_mut(row));
        let mut narrow = layer.narrow.apply(kernels, &wide);
        add(&mut narrow, &attended);
        layer.norm.apply(&mut narrow);
        narrow
    }

    fn firsts(&self, rows: &[f32], lengths: &[usize]) -> Vec<f32> {
        let mut at = 0;
        let mut firsts = Vec::with_capacity(lengths.len() * self.hidden);
        for length in lengths {
            firsts.extend_from_slice(&rows[at..at + self.hidden]);
            at += length * self.hidden;
        }
        firsts
    }

    /// Lets the pieces of each text look at each other.
    fn attend(&self, kernels: &Kernels, mixed: &[f32], lengths: &[usize], last: bool) -> Vec<f32> {
        let mut texts = Vec::with_capacity(lengths.len());
        let mut rest = mixed;
        for length in lengths {
            let (text, after) = rest.split_at(length * 3 * self.hidden);
            texts.push((text, *length));
            rest = after;
        }
        let size = self.hidden / self.heads;
        let jobs: Vec<(usize, usize)> = (0..texts.len())
            .flat_map(|text| (0..self.heads).map(move |head| (text, head)))
            .collect();
        let heads: Vec<Vec<f32>> = jobs
            .into_par_iter()
            .map(|(text, head)| {
                let (mixed, length) = texts[text];
                let asked = if last { 1 } else { length };
                self.head(kernels, mixed, head * size, (asked, length))
            })
            .collect();
        let mut context = Vec::new();
        for (heads, length) in heads.chunks(self.heads).zip(lengths) {
            for row in 0..if last { 1 } else { *length } {
                for head in heads {
                    context.extend_from_slice(&head[row * size..(row + 1) * size]);
                }
            }
        }
        context
    }

    /// One head of one text: the first `asked` rows of softmax(Q K') V.
    fn head(
        &self,
        kernels: &Kernels,
        mixed: &[f32],
        offset: usize,
        (asked, length): (usize, usize),
    ) -> Vec<f32> {
        let (width, size) = (3 * self.hidden, self.hidden / self.heads);
        let part = |which: usize| &mixed[which * self.hidden + offset..];
        let view = |data, shape, strides| {
            NdTensorView::from_data_with_strides(shape, data, strides)
                .expect("every head lies inside its rows")
        };
        let queries = view(part(0), [asked, size], [width, 1]);
        let keys = view(part(1), [size, length], [1, width]);
        let values = view(part(2), [length, size], [width, 1]);
        let mut scores = vec![0.0; asked * length];
        #[expect(clippy::cast_precision_loss, reason = "a head has some dozens of numbers")]
        let alpha = 1.0 / libm::sqrtf(size as f32);
        let options = GemmOptions { alpha, ..GemmOptions::default() };
        let (a, b) = (GemmInputA::Unpacked(queries), GemmInputB::Unpacked(keys));
        let result = kernels.floats.gemm(&mut scores, a, b, options);
        result.expect("the shapes agree");
        for row in scores.chunks_mut(length) {
            Softmax::new_mut(row).dispatch();
        }
        let mut context = vec![0.0; asked * size];
        let scores = NdTensorView::from_data([asked, length], &scores[..]);
        let (a, b) = (GemmInputA::Unpacked(scores), GemmInputB::Unpacked(values));
        let result = kernels.floats.gemm(&mut context, a, b, GemmOptions::default());
        result.expect("the shapes agree");
        context
    }
}

impl Norm {
    fn apply(&self, rows: &mut [f32]) {
        let width = self.gain.len();
        rows.par_chunks_mut(width).for_each(|row| {
            #[expect(clippy::cast_precision_loss, reason = "a row has some hundreds of numbers")]
            let count = width as f32;
            let mean = Sum::new(row).dispatch() / count;
            let variance = SumSquareSub::new(row, mean).dispatch() / count;
            let options = NormalizeOptions {
                pre_scale_bias: mean,
                scale: 1.0 / libm::sqrtf(variance + self.epsilon),
                element_scale: Some(&self.gain),
                element_bias: Some(&self.bias),
                ..NormalizeOptions::default()
            };
            Normalize::new_mut(row, options).dispatch();
        });
    }
}

fn add(rows: &mut [f32], others: &[f32]) {
    for (row, other) in rows.iter_mut().zip(others) {
        *row += other;
    }
}

/// Reads layers by name.
#[derive(Clone, Copy)]
struct Loader<'a> {
    tensors: &'a Tensors<'a>,
    config: &'a Config,
    kernels: &'a Kernels,
    precision: Precision,
}

impl Loader<'_> {
    fn layer(&self, index: usize) -> Result<Layer, String> {
        let (hidden, wide) = (self.config.hidden, self.config.wide);
        let name = |part: &str| format!("bert.encoder.layer.{index}.{part}");
        // The last layer goes on with the first piece alone: floats cost nothing there.
        let is_last = index + 1 == self.config.layers;
        let after = if is_last { Loader { precision: Precision::Float, ..*self } } else { *self };
        let parts = ["query", "key", "value"].map(|it| name(&format!("attention.self.{it}")));
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        Ok(Layer {
            attention: self.dense(&parts, hidden, hidden)?,
            attention_out: after.dense(&[&name("attention.output.dense")], hidden, hidden)?,
            attention_norm: self.norm(&name("attention.output.LayerNorm"))?,
            wide: after.dense(&[&name("intermediate.dense")], hidden, wide)?,
            narrow: after.dense(&[&name("output.dense")], wide, hidden)?,
            norm: self.norm(&name("output.LayerNorm"))?,
        })
    }

    /// Reads layers of the same inputs as one, their outputs side by side.
    fn dense(&self, names: &[&str], inputs: usize, outputs: usize) -> Result<Dense, String> {
        let (mut weights, mut bias) = (Vec::new(), Vec::new());
        for name in names {
            weights.extend(self.tensors.floats(&format!("{name}.weight"), &[outputs, inputs])?);
            bias.extend(self.tensors.floats(&format!("{name}.bias"), &[outputs])?);
        }
        Ok(Dense::new(self.kernels, self.precision, &weights, bias))
    }

    fn norm(&self, name: &str) -> Result<Norm, String> {
        let part =
            |part: &str| self.tensors.floats(&format!("{name}.{part}"), &[self.config.hidden]);
        Ok(Norm { gain: part("weight")?, bias: part("bias")?, epsilon: self.config.epsilon })
    }
}
