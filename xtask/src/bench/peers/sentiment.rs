//! BERT in our process beside onnxruntime, on the same random weights.
//!
//! Our program starts the peer, compares logits and takes turns with it.

use std::path::Path;

use anyhow::{Result, ensure};

use super::super::Row;
use super::text;
use crate::say::say;
use crate::{python, shell};

const PACKAGES: [&str; 4] =
    ["numpy==2.4.6", "safetensors==0.8.0", "onnx==1.23.2", "onnxruntime==1.31.1"];
const PEER: &str = "crates/reading/models/peer.py";
const THREADS: &str = "2";

pub(super) fn measure(_target: &Path, folder: &Path) -> Result<Vec<Row>> {
    let python = python::environment(&folder.join("sentiment"), &PACKAGES)?;
    let model = folder.join("bert-base");
    // The vocabulary is small and written with the rest; the weights are what takes long.
    if !model.join("bytes.onnx").exists() {
        shell::succeed(&mut shell::program(&python, &[PEER, "make", text(&model)?]))?;
    }
    let program = ["run", "--release", "--quiet", "--locked", "--package", "backsight-reading"];
    let words = ["--bin", "sentiment", "--", "bert", text(&model)?, text(&python)?, THREADS];
    let output = shell::capture(&mut shell::cargo(&[&program[..], &words].concat()))?;
    say(output.trim_end());
    let rows = ratios_of(&output);
    ensure!(!rows.is_empty(), "the program printed no ratio");
    Ok(rows)
}

/// Reads lines such as `8 x 48 pieces: float 7.1 against 7.6 (0.94x), ...`, where rates in sentences per second are
/// compared.
pub(in super::super) fn ratios_of(output: &str) -> Vec<Row> {
    let about = output.lines().next().unwrap_or_default().split('`').next().unwrap_or_default();
    let about = about.trim_end_matches(" beside ");
    let lines = output.lines().filter_map(|line| line.trim().split_once(": "));
    let shapes = lines.filter(|(shape, _)| shape.contains(" pieces"));
    let parts = shapes.flat_map(|(shape, parts)| parts.split(", ").map(move |it| (shape, it)));
    let read = |(shape, part): (&str, &str)| {
        let (rates, ratio) = part.trim_end_matches("x)").split_once(" (")?;
        let (kind, rates) = rates.split_once(' ')?;
        let rates: Vec<&str> = rates.split_whitespace().collect();
        Some(Row {
            name: format!("{shape}, {kind}"),
            value: ratio.to_owned(),
            unit: "times its rate".to_owned(),
            goal: String::new(),
            note: format!("{} sentences/s; {about}", rates.join(" ")),
        })
    };
    parts.filter_map(read).collect()
}
