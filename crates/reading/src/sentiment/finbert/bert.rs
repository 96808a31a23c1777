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
use super::settle::Shift;

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

impl Layer {
    /// Its products, in the order in which they are computed.
    fn parts(&mut self) -> [&mut Dense; 4] {
        [&mut self.attention, &mut self.attention_out, &mut self.wide, &mut self.narrow]
    }
}

/// Texts that go through a layer together.
struct Batch<'a> {
    kernels: &'a Kernels,
    lengths: &'a [usize],
    /// Whether the layer is the last one.
    last: bool,
}

impl Batch<'_> {
    /// The row of each text's first piece.
    fn firsts(&self) -> Vec<usize> {
        let mut next = 0;
        let start = |length: &usize| {
            next += length;
            next - length
        };
        self.lengths.iter().map(start).collect()
    }
}

struct Norm {
    gain: Vec<f32>,
    bias: Vec<f32>,
    epsilon: f32,
}

impl Bert {
    /// Reads the tensors by the names that the published models have. In bytes the layers are settled on samples.
    ///
    /// # Errors
    /// Names the tensor that is missing or has another shape.
    pub(super) fn load(
        tensors: &Tensors<'_>,
        config: &Config,
        precision: Precision,
        samples: &[Vec<u32>],
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
        let mut network = Self {
            hidden,
            heads: config.heads,
            words: embedding("word", config.vocabulary)?,
            places,
            norm: loader.norm("bert.embeddings.LayerNorm")?,
            layers: Vec::with_capacity(config.layers),
            pooler: last.dense(&["bert.pooler.dense"], hidden, hidden)?,
            classifier: last.dense(&["classifier"], hidden, config.labels.len())?,
        };
        if precision == Precision::Byte {
            network.load_settled(loader, samples)?;
        } else {
            let layers: Result<_, String> =
                (0..config.layers).map(|index| loader.layer(index)).collect();
            network.layers = layers?;
        }
        Ok(network)
    }

    /// Loads each layer in floats and in bytes and lets both read the samples. The floats go again.
    fn load_settled(&mut self, loader: Loader<'_>, samples: &[Vec<u32>]) -> Result<(), String> {
        let lengths: Vec<usize> = samples.iter().map(Vec::len).collect();
        let mut floats = self.embed(samples);
        let mut bytes = floats.clone();
        for index in 0..loader.config.layers {
            let last = index + 1 == loader.config.layers;
            let batch = Batch { kernels: loader.kernels, lengths: &lengths, last };
            let exact = Loader { precision: Precision::Float, ..loader }.layer(index)?;
            let mut wanted = Vec::new();
            floats = self.step(&exact, &floats, &batch, &mut |output, _| {
                wanted.push(output.to_vec());
            });
            let mut layer = loader.layer(index)?;
            let widths = layer.parts().map(|part| part.outputs());
            let mut shifts = Vec::new();
            bytes = self.step(&layer, &bytes, &batch, &mut |output, fine| {
                let part = shifts.len();
                let shift = Shift::between(output, &wanted[part], widths[part], fine);
                shift.apply(output, fine);
                shifts.push(shift);
            });
            for (part, shift) in layer.parts().into_iter().zip(&shifts) {
                part.settle(shift);
            }
            self.layers.push(layer);
        }
        Ok(())
    }

    /// Gives the logits of each text.
    pub(super) fn logits(&self, texts: &[Vec<u32>]) -> Vec<Vec<f32>> {
        let kernels = &Kernels::new();
        let logits = self.classifier.apply(kernels, &self.first_rows(kernels, texts), &[]);
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
            let batch = Batch { kernels, lengths: &lengths, last };
            rows = self.step(layer, &rows, &batch, &mut |_, _| ());
        }
        let mut pooled = self.pooler.apply(kernels, &rows, &[]);
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

    /// One layer; in the last only the first row of each text goes on. `hear` gets what each product comes to, and which
    /// of its rows are fine.
    fn step(
        &self,
        layer: &Layer,
        rows: &[f32],
        batch: &Batch<'_>,
        hear: &mut dyn FnMut(&mut [f32], &[usize]),
    ) -> Vec<f32> {
        // The first piece is all that the classifier looks at: in bytes its rows keep more digits.
        let firsts = batch.firsts();
        let mut product = |dense: &Dense, input: &[f32], fine: &[usize]| {
            let mut output = dense.apply(batch.kernels, input, fine);
            hear(&mut output, fine);
            output
        };
        let mixed = product(&layer.attention, rows, &firsts);
        let context = self.attend(batch, &mixed);
        let only_firsts = if batch.last { self.rows(rows, &firsts) } else { Vec::new() };
        let firsts = if batch.last { Vec::new() } else { firsts };
        let mut attended = product(&layer.attention_out, &context, &firsts);
        add(&mut attended, if batch.last { &only_firsts } else { rows });
        layer.attention_norm.apply(&mut attended);
        let mut wide = product(&layer.wide, &attended, &firsts);
        wide.par_chunks_mut(layer.wide.outputs()).for_each(|row| Gelu {}.map_mut(row));
        let mut narrow = product(&layer.narrow, &wide, &firsts);
        add(&mut narrow, &attended);
        layer.norm.apply(&mut narrow);
        narrow
    }

    fn rows(&self, rows: &[f32], places: &[usize]) -> Vec<f32> {
        let row = |place: &usize| &rows[place * self.hidden..][..self.hidden];
        places.iter().flat_map(row).copied().collect()
    }

    /// Lets the pieces of each text look at each other.
    fn attend(&self, batch: &Batch<'_>, mixed: &[f32]) -> Vec<f32> {
        let Batch { kernels, lengths, last } = *batch;
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
