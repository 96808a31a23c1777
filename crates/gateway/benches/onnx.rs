//! The rung on onnxruntime beside onnxruntime in Python, on the same file and in the same run.
//!
//! ```text
//! cargo bench -p backsight-gateway --features onnxruntime --bench onnx -- LIBRARY MODEL PYTHON
//! ```
//!
//! `LIBRARY` is the shared library, `MODEL` the folder that `crates/reading/models/peer.py make` wrote, `PYTHON` an
//! interpreter with onnxruntime. Both have two threads.

#![expect(clippy::print_stdout, reason = "a bench prints what it measured")]

#[path = "../../reading/src/bin/sentiment/bert/beside.rs"]
mod beside;

use std::path::Path;

use backsight_gateway::onnx::OnnxNetwork;
use backsight_reading::sentiment::finbert::Network as _;
use beside::{Engine, Peer, Result, SHAPES, numbers, time};

const THREADS: usize = 2;
/// Largest distance of two logits that are called equal.
const EQUAL: f32 = 1e-4;

fn main() -> Result<()> {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    let [library, model, python] = &words[..] else {
        println!("usage: onnx LIBRARY MODEL PYTHON");
        return Ok(());
    };
    let (model, root) = (Path::new(model), Path::new(env!("CARGO_MANIFEST_DIR")).join("../.."));
    std::env::set_current_dir(root)?;
    let load = |file: &str| OnnxNetwork::load(Path::new(library), &model.join(file), THREADS);
    let (floats, bytes) = (load("model.onnx")?, load("bytes.onnx")?);
    let mut peer = Peer::start(model, python, THREADS)?;
    println!("{THREADS} threads, {} beside our rung on it, sentences per second", peer.name);
    let (_, expected) = peer.run("float", (4, 40), 5)?;
    let found = floats.logits(&numbers((4, 40), 5)).concat();
    let pairs = found.iter().zip(&expected);
    assert!(pairs.clone().all(|(a, b)| (a - b).abs() < EQUAL), "the logits differ");
    let engines = [
        Engine { kind: "float", run: Box::new(|texts| floats.logits(texts)) },
        Engine { kind: "byte", run: Box::new(|texts| bytes.logits(texts)) },
    ];
    SHAPES.iter().try_for_each(|shape| time(&engines, &mut peer, *shape))
}
