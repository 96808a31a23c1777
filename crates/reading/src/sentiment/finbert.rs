//! The best rung: a BERT classifier tuned on financial text, in this process.
//!
//! Its weights are not ours and not in the binary. A folder that was installed (see `manifest`) holds `config.json`,
//! `vocab.txt` and `model.safetensors` as published. A model is believed when its labels have names and when it reads a
//! few sentences that nobody can misread: an earlier system took the labels in the wrong order, and bought on bad news.
//!
//! Scores depend on the processor in their last digits, and in bytes on the kernels too. They are journaled with the
//! reading and are not computed again when a journal is replayed.

mod bert;
mod character;
mod config;
mod dense;
mod safetensors;
mod settle;
mod wordpiece;

use std::fmt;

use super::linear::softmax;
use super::{Chances, Label, Passage, Rung, RungKind, Sentiment, Tone};
use bert::Bert;
use config::Config;
pub use dense::Precision;
use safetensors::Tensors;
pub use wordpiece::WordPiece;

/// Pieces of a text that are read, as far as the model has positions. A headline has some twenty and costs no more for this.
const PIECES_MAX: usize = 512;
/// Pieces that go through the network together.
const BATCH_PIECES_MAX: usize = 512;

/// The files of a model.
#[derive(Clone, Copy, Debug)]
pub struct ModelFiles<'a> {
    /// `config.json`.
    pub config: &'a str,
    /// `vocab.txt`.
    pub vocabulary: &'a str,
    /// `model.safetensors`.
    pub weights: &'a [u8],
}

/// Sentences whose label nobody doubts.
const CANARIES: [(&str, Label); 6] = [
    ("The company raised its profit forecast after a strong quarter.", Label::Good),
    ("Operating profit rose to EUR 13.1 million from EUR 8.7 million a year earlier.", Label::Good),
    ("The company cut its profit forecast after a weak quarter.", Label::Bad),
    ("Operating profit fell to EUR 8.7 million from EUR 13.1 million a year earlier.", Label::Bad),
    ("The annual general meeting will be held in Helsinki in April.", Label::Neutral),
    ("The company has offices in Helsinki and Stockholm.", Label::Neutral),
];

/// A network of another engine, of the same weights.
///
/// All that stands around it stays ours: pieces, the order of labels, the canaries.
pub trait Network: Send + Sync {
    /// Gives the logits of texts that are numbers, in the order of the model's outputs.
    fn logits(&self, texts: &[Vec<u32>]) -> Vec<Vec<f32>>;
}

/// Who computes.
enum Engine {
    Own(Box<Bert>),
    Other(Box<dyn Network>),
}

/// A BERT classifier as a rung.
pub struct Finbert {
    engine: Engine,
    pieces: WordPiece,
    labels: [Label; 3],
    limit: usize,
    rung: Rung,
}

impl fmt::Debug for Finbert {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Finbert").field("rung", &self.rung).finish_non_exhaustive()
    }
}

impl Finbert {
    /// Loads a model and lets it read the canaries.
    ///
    /// # Errors
    /// Says what is missing or wrong, or which canary was misread.
    pub fn load(
        files: ModelFiles<'_>,
        precision: Precision,
        name: &str,
        version: &str,
    ) -> Result<Self, String> {
        Self::load_unproven(files, precision, name, version)?.proven()
    }

    /// Loads a model that need not understand anything, as benches and tests do.
    ///
    /// # Errors
    /// Says what is missing or wrong.
    pub fn load_unproven(
        files: ModelFiles<'_>,
        precision: Precision,
        name: &str,
        version: &str,
    ) -> Result<Self, String> {
        let config = Config::parse(files.config)?;
        let pieces = WordPiece::parse(files.vocabulary, true)?;
        check_size(&pieces, &config)?;
        let limit = PIECES_MAX.min(config.positions);
        let samples = settle::SAMPLES.map(|it| pieces.encode(it, limit));
        let network = Bert::load(&Tensors::parse(files.weights)?, &config, precision, &samples)?;
        let version = match precision {
            Precision::Float => version.to_owned(),
            Precision::Byte => format!("{version}-int8"),
        };
        let rung = Rung::new(RungKind::Finbert, name, &version);
        Ok(Self::assemble(&config, pieces, Engine::Own(Box::new(network)), rung))
    }

    /// Puts a network that another engine runs in the place of ours, and lets it read the canaries.
    /// Of the files only the configuration and the vocabulary are looked at.
    ///
    /// # Errors
    /// Says what is missing or wrong, or which canary was misread.
    pub fn over(
        network: Box<dyn Network>,
        files: ModelFiles<'_>,
        name: &str,
        version: &str,
    ) -> Result<Self, String> {
        let config = Config::parse(files.config)?;
        let rung = Rung::new(RungKind::Finbert, name, version);
        let pieces = WordPiece::parse(files.vocabulary, true)?;
        check_size(&pieces, &config)?;
        Self::assemble(&config, pieces, Engine::Other(network), rung).proven()
    }

    fn assemble(config: &Config, pieces: WordPiece, engine: Engine, rung: Rung) -> Self {
        let limit = PIECES_MAX.min(config.positions);
        Self { engine, pieces, labels: config.labels, limit, rung }
    }

    /// The model, when it reads the canaries as anybody would.
    fn proven(self) -> Result<Self, String> {
        let found = self.chances(&CANARIES.map(|(text, _)| text));
        prove(&found.iter().map(|it| it.label()).collect::<Vec<_>>())?;
        Ok(self)
    }

    /// Reads texts as a whole: the chances of the three labels.
    pub fn chances(&self, texts: &[&str]) -> Vec<Chances> {
        let encoded: Vec<_> = texts.iter().map(|it| self.pieces.encode(it, self.limit)).collect();
        let mut chances = Vec::with_capacity(texts.len());
        for logits in self.logits(&encoded) {
            let mut ordered = [0.0; 3];
            for (logit, label) in logits.iter().zip(self.labels) {
                ordered[label as usize] = *logit;
            }
            chances.push(softmax(ordered));
        }
        chances
    }

    /// Gives the logits of texts that are numbers already, in the order of the model's outputs.
    ///
    /// # Panics
    /// When a number is outside the vocabulary or a text has no pieces.
    pub fn logits(&self, encoded: &[Vec<u32>]) -> Vec<Vec<f32>> {
        in_batches(encoded, |batch| match &self.engine {
            Engine::Own(network) => network.logits(batch),
            Engine::Other(network) => network.logits(batch),
        })
    }

    /// Gives what the classifier sees of the same, for whoever teaches another one; nothing where
    /// another engine runs the network.
    ///
    /// # Panics
    /// As [`Self::logits`] does.
    pub fn pooled(&self, encoded: &[Vec<u32>]) -> Option<Vec<Vec<f32>>> {
        let Engine::Own(network) = &self.engine else { return None };
        Some(in_batches(encoded, |batch| network.pooled(batch)))
    }
}

/// Refuses a vocabulary with pieces that the weights do not know.
fn check_size(pieces: &WordPiece, config: &Config) -> Result<(), String> {
    if pieces.size() <= config.vocabulary {
        return Ok(());
    }
    Err(format!(
        "the vocabulary has `{}` pieces, the weights know `{}`",
        pieces.size(),
        config.vocabulary
    ))
}

/// Lets texts through a network, as many at once as their pieces allow.
fn in_batches(
    encoded: &[Vec<u32>],
    through: impl Fn(&[Vec<u32>]) -> Vec<Vec<f32>>,
) -> Vec<Vec<f32>> {
    let mut out = Vec::with_capacity(encoded.len());
    let mut rest = encoded;
    while !rest.is_empty() {
        let mut pieces = 0;
        let fits = rest.iter().take_while(|text| {
            pieces += text.len();
            pieces <= BATCH_PIECES_MAX
        });
        let (batch, after) = rest.split_at(fits.count().max(1));
        out.extend(through(batch));
        rest = after;
    }
    out
}

/// Compares what was read with the canaries.
///
/// Of each label one sentence must be right, and no good one may be taken for bad or the reverse: any exchange of labels
/// breaks one of these.
fn prove(found: &[Label]) -> Result<(), String> {
    let opposite = |a, b| matches!((a, b), (Label::Good, Label::Bad) | (Label::Bad, Label::Good));
    for ((text, label), said) in CANARIES.iter().zip(found) {
        let mut same = CANARIES.iter().zip(found).filter(|((_, it), _)| it == label);
        let none_right = same.all(|((_, it), said)| it != said);
        if opposite(*label, *said) || none_right {
            return Err(format!(
                "the model takes `{text}` for `{said:?}`, not `{label:?}`: its labels are exchanged or it is no reader of \
                 finance"
            ));
        }
    }
    Ok(())
}

impl Sentiment for Finbert {
    fn rung(&self) -> &Rung {
        &self.rung
    }

    fn read_one(&self, passage: &Passage<'_>) -> Tone {
        Tone::of_chances(self.chances(&[passage.text])[0])
    }

    /// The published models know no company: a text has one tone, whoever is asked about.
    fn read(&self, passages: &[Passage<'_>]) -> Vec<Tone> {
        let texts: Vec<&str> = passages.iter().map(|passage| passage.text).collect();
        self.chances(&texts).into_iter().map(Tone::of_chances).collect()
    }
}

#[cfg(test)]
mod tests;
