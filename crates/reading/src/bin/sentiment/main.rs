//! Trains, judges and times the readers of sentiment.
//!
//! ```text
//! sentiment report [FOLDER]   quality of the shipped weights, and across the sets
//! sentiment train [FOLDER]    finds the weights again and writes them into `crates/reading/models`
//! sentiment bench [FOLDER]    speed on one core
//! sentiment bert MODEL PYTHON [THREADS [FOLDER]]
//!                             speed of BERT-base beside onnxruntime (see `models/peer.py`), and how far
//!                             its bytes agree with its floats
//! ```
//!
//! `FOLDER` holds the labelled sets, which are not part of the project; it is `../shared/data/sentiment` when not given.

#![expect(clippy::print_stdout, reason = "this program reports to a person")]

mod bench;
mod bert;
mod corpus;
mod quality;
mod report;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use backsight_reading::sentiment::linear::Weights;
use backsight_reading::sentiment::train::{Example, Recipe, train};
use corpus::{Corpus, Part};

const FOLDER: &str = "../shared/data/sentiment";
const WEIGHTS: &str = "crates/reading/models/linear.weights";

fn main() -> ExitCode {
    let mut words = std::env::args().skip(1);
    let command = words.next().unwrap_or_default();
    let folder = PathBuf::from(words.next().unwrap_or_else(|| FOLDER.to_owned()));
    match command.as_str() {
        "report" => report::print(&folder),
        "train" => return write_weights(&folder),
        "bench" => bench::print(&folder),
        "bert" => {
            let python = words.next().unwrap_or_else(|| "python3".to_owned());
            let threads = words.next().and_then(|it| it.parse().ok()).unwrap_or(2);
            let headlines = PathBuf::from(words.next().unwrap_or_else(|| FOLDER.to_owned()));
            if let Err(fault) = bert::print(&folder, &python, threads, &headlines) {
                println!("{fault}");
                return ExitCode::FAILURE;
            }
        }
        _ => {
            println!(
                "usage: sentiment report|train|bench [FOLDER], sentiment bert MODEL PYTHON [THREADS [FOLDER]]"
            );
            return ExitCode::from(2);
        }
    }
    ExitCode::SUCCESS
}

/// Finds the weights that ship, in the same order of the same headlines.
fn write_weights(folder: &Path) -> ExitCode {
    let Some(corpora) = corpus::read(folder) else {
        println!("no labelled headlines in `{}`: nothing was trained", folder.display());
        return ExitCode::FAILURE;
    };
    let weights = fit(&corpora.iter().collect::<Vec<_>>());
    let bytes = weights.to_bytes();
    match std::fs::write(WEIGHTS, &bytes) {
        Ok(()) => println!("wrote `{}` bytes to `{WEIGHTS}`", bytes.len()),
        Err(fault) => {
            println!("could not write `{WEIGHTS}`: {fault}");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

/// Trains on the training part of each set, whole headlines and companies alike.
fn fit(corpora: &[&Corpus]) -> Weights {
    let gather = |part: Part| -> Vec<Example<'_>> {
        corpora.iter().flat_map(|it| it.wholes(part).chain(it.mentions(part))).collect()
    };
    train(&gather(Part::Train), &gather(Part::Tune), Recipe::SHIPPED)
}
