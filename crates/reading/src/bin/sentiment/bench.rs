//! Speed of the readers on one core.

use std::path::Path;
use std::time::{Duration, Instant};

use backsight_reading::sentiment::lexicon::Lexicon;
use backsight_reading::sentiment::linear::Linear;
use backsight_reading::sentiment::{Passage, Sentiment, headlines};

use crate::corpus;

/// Times each reader is run; the fastest counts, because other work on the machine only slows.
const RUNS: usize = 9;

/// Prints texts per second of the linear model and of the lexicon.
pub(crate) fn print(folder: &Path) {
    let (corpora, own) = (corpus::read(folder), headlines::own());
    let texts: Vec<&str> = match &corpora {
        Some(corpora) => corpora.iter().flat_map(|it| &it.headlines).map(|it| &*it.text).collect(),
        None => own.iter().map(|it| it.example().passage.text).collect(),
    };
    let bytes: usize = texts.iter().map(|it| it.len()).sum();
    println!("{} texts of {} bytes on average, one core", texts.len(), bytes / texts.len());
    time(&Linear::new(), &texts);
    time(&Lexicon::new(), &texts);
}

#[expect(clippy::disallowed_methods, clippy::cast_precision_loss, reason = "a bench needs a clock")]
fn time(reader: &dyn Sentiment, texts: &[&str]) {
    let mut best = Duration::MAX;
    let mut sum = 0.0;
    for _ in 0..RUNS {
        let start = Instant::now();
        for text in texts {
            sum += reader.read_one(&Passage::whole(text)).score;
        }
        best = best.min(start.elapsed());
    }
    let each = best.as_secs_f64() / texts.len() as f64;
    // The sum is printed so that no reading can be left out.
    println!(
        "{:<32} {:>9.0} texts/s {:>7.3} us each, mean score {:.3}",
        reader.rung().to_string(),
        1.0 / each,
        each * 1e6,
        sum / (RUNS * texts.len()) as f64
    );
}
