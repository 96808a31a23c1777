//! Speed of our BERT beside onnxruntime, on the same random weights and in the same run.
//!
//! Before any timing the logits are compared.

mod beside;
mod taught;

use std::path::Path;

use backsight_reading::sentiment::Sentiment as _;
use backsight_reading::sentiment::finbert::{Finbert, ModelFiles, Precision};
use beside::{PIECES, Peer, Result, SHAPES, numbers};

/// Texts on which labels of the quantised network are compared with the others.
const AGREEMENT_TEXTS: usize = 200;
/// Lead of the best chance from which a label is clear.
const MARGIN: f32 = 0.1;
/// Largest distance of two logits that are called equal.
const EQUAL: f32 = 2e-3;

/// Prints sentences per second of both, in floats and in bytes, and how far bytes agree with floats
/// on labelled headlines.
pub(crate) fn print(folder: &Path, python: &str, threads: usize, headlines: &Path) -> Result<()> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build()?;
    let read = |name: &str| {
        std::fs::read(folder.join(name)).map_err(|fault| format!("reading `{name}`: {fault}"))
    };
    let config = String::from_utf8(read("config.json")?)?;
    let vocabulary = String::from_utf8(read("vocab.txt")?)?;
    let weights = read("model.safetensors")?;
    let files = ModelFiles { config: &config, vocabulary: &vocabulary, weights: &weights };
    let load = |precision| Finbert::load_unproven(files, precision, "random", "1");
    let ours = [load(Precision::Float)?, load(Precision::Byte)?];
    let mut peer = Peer::start(folder, python, threads)?;
    println!("{threads} threads, {} beside `{}`, sentences per second", peer.name, ours[0].rung());
    pool.install(|| {
        compare_logits(&ours[0], &mut peer)?;
        agreement(&ours);
        taught::agreement(files, headlines);
        let engines = ["float", "byte"].iter().zip(&ours).map(|(kind, model)| beside::Engine {
            kind,
            run: Box::new(|texts| model.logits(texts)),
        });
        let engines: Vec<_> = engines.collect();
        SHAPES.iter().try_for_each(|shape| beside::time(&engines, &mut peer, *shape))
    })
}

fn compare_logits(ours: &Finbert, peer: &mut Peer) -> Result<()> {
    let (_, expected) = peer.run("float", (4, 40), 5)?;
    let found = ours.logits(&numbers((4, 40), 5)).concat();
    let distance = found.iter().zip(&expected).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
    println!("largest distance of logits in floats: {distance:.6}");
    if distance < EQUAL {
        return Ok(());
    }
    Err(format!("the logits differ by `{distance}`, so no time means anything").into())
}

/// Compares labels and chances of the network in bytes with those in floats.
fn agreement(ours: &[Finbert; 2]) {
    let texts = numbers((AGREEMENT_TEXTS, 24), 11);
    let [floats, bytes] = ours.each_ref().map(|model| model.logits(&texts));
    let (mut same, mut clear, mut clear_same, mut moved) = (0, 0, 0, 0.0_f32);
    for (float, byte) in floats.iter().zip(&bytes) {
        let (float, byte) = (chances(float), chances(byte));
        let equal = best(&float) == best(&byte);
        same += usize::from(equal);
        if MARGIN <= margin(&float) {
            clear += 1;
            clear_same += usize::from(equal);
        }
        let distance = float.iter().zip(&byte).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        moved = moved.max(distance);
    }
    println!(
        "labels of a random classifier in bytes equal those in floats: {same} of {AGREEMENT_TEXTS}, \
         {clear_same} of the {clear} whose best chance leads by {MARGIN}; a chance moved by {moved:.3} at most"
    );
}

fn chances(logits: &[f32]) -> Vec<f32> {
    let sum: f32 = logits.iter().map(|it| it.exp()).sum();
    logits.iter().map(|it| it.exp() / sum).collect()
}

fn best(chances: &[f32]) -> Option<usize> {
    (0..chances.len()).max_by(|a, b| chances[*a].total_cmp(&chances[*b]))
}

/// How far the best chance leads.
fn margin(chances: &[f32]) -> f32 {
    let mut sorted = chances.to_vec();
    sorted.sort_by(f32::total_cmp);
    sorted[2] - sorted[1]
}
