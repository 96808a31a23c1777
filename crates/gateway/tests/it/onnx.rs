//! onnxruntime against our own network, on the tiny model; skipped where the library is not.

use std::path::{Path, PathBuf};

use backsight_gateway::onnx::{OnnxFault, OnnxNetwork};
use backsight_reading::sentiment::finbert::{Finbert, ModelFiles, Network as _, Precision};

const TINY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../reading/models/tiny");
const VARIABLE: &str = "BACKSIGHT_ONNXRUNTIME";

/// The library, when whoever runs the tests says where it is.
#[expect(clippy::disallowed_methods, reason = "a test has no other way to be told")]
fn library(test: &str) -> Option<PathBuf> {
    let library = std::env::var(VARIABLE).ok().map(PathBuf::from);
    if library.is_none() {
        println!("skipped `{test}`: `{VARIABLE}` names no shared library of onnxruntime");
    }
    library
}

fn file(name: &str) -> PathBuf {
    Path::new(TINY).join(name)
}

fn texts() -> Vec<Vec<u32>> {
    (0..24_u32)
        .map(|text| (0..1 + text % 7).map(|at| (text * 31 + at * 7) % 90).collect())
        .collect()
}

#[test]
fn onnxruntime_gives_the_logits_that_ours_does() {
    let Some(library) = library("onnxruntime_gives_the_logits_that_ours_does") else { return };
    let network = OnnxNetwork::load(&library, &file("model.onnx"), 1).unwrap();
    let read = |name: &str| std::fs::read_to_string(file(name)).unwrap();
    let (config, vocabulary) = (read("config.json"), read("vocab.txt"));
    let weights = std::fs::read(file("model.safetensors")).unwrap();
    let files = ModelFiles { config: &config, vocabulary: &vocabulary, weights: &weights };
    let ours = Finbert::load(files, Precision::Float, "tiny", "1").unwrap();
    let expected = ours.logits(&texts());
    for (found, expected) in network.logits(&texts()).iter().zip(&expected) {
        assert_eq!(found.len(), 3);
        for (found, expected) in found.iter().zip(expected) {
            assert!((found - expected).abs() < 1e-4, "{found} is not {expected}");
        }
    }
    let rung = Finbert::over(Box::new(network), files, "tiny", "1-onnxruntime").unwrap();
    let sentence = "The company cut its profit forecast after a weak quarter.";
    let (ours, theirs) = (ours.chances(&[sentence])[0], rung.chances(&[sentence])[0]);
    assert!((ours.bad - theirs.bad).abs() < 1e-4, "{ours:?} is not {theirs:?}");
}

#[test]
fn what_is_no_network_is_refused_by_name() {
    let Some(library) = library("what_is_no_network_is_refused_by_name") else { return };
    for name in ["vocab.txt", "absent.onnx"] {
        let fault = OnnxNetwork::load(&library, &file(name), 1).unwrap_err();
        let is_named = matches!(&fault, OnnxFault::Network { path, .. } if path.ends_with(name));
        assert!(is_named, "{fault}");
    }
}

#[test]
fn a_library_that_is_not_there_is_named() {
    let absent = Path::new("/nowhere/libonnxruntime.so");
    // Where another test has loaded one, that one serves.
    if let Err(fault) = OnnxNetwork::load(absent, &file("model.onnx"), 1) {
        let text = fault.to_string();
        assert!(text.contains("/nowhere/libonnxruntime.so"), "{text}");
        assert!(text.contains("there is no such file"), "{text}");
    }
}
