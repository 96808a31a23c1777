//! How often a reader is right, and how often it is as sure as it should be.

use backsight_reading::sentiment::train::Example;
use backsight_reading::sentiment::{Label, Passage};

const LABELS: [Label; 3] = [Label::Good, Label::Bad, Label::Neutral];
/// Bins of confidence in the calibration error.
const BINS: usize = 15;

/// Quality over a set of examples.
pub(crate) struct Quality {
    pub(crate) examples: usize,
    pub(crate) accuracy: f64,
    pub(crate) macro_f1: f64,
    pub(crate) recalls: [f64; 3],
    pub(crate) calibration_error: f64,
}

/// One answer beside the truth.
struct Answer {
    said: Label,
    truth: Label,
    confidence: f64,
}

/// Asks for the label and confidence of each example and compares them with the truth.
pub(crate) fn measure<'a>(
    examples: impl Iterator<Item = Example<'a>>,
    label: impl Fn(&Passage<'_>) -> (Label, f64),
) -> Quality {
    let answer = |it: Example<'_>| {
        let (said, confidence) = label(&it.passage);
        Answer { said, truth: it.label, confidence }
    };
    compare(&examples.map(answer).collect::<Vec<_>>())
}

fn compare(answers: &[Answer]) -> Quality {
    let count = |is: &dyn Fn(&Answer) -> bool| answers.iter().filter(|it| is(it)).count();
    let recalls = LABELS.map(|label| {
        let right = count(&|it| it.truth == label && it.said == label);
        ratio(right, count(&|it| it.truth == label))
    });
    let f1 = LABELS.map(|label| {
        let right = count(&|it| it.truth == label && it.said == label);
        ratio(2 * right, count(&|it| it.truth == label) + count(&|it| it.said == label))
    });
    Quality {
        examples: answers.len(),
        accuracy: ratio(count(&|it| it.said == it.truth), answers.len()),
        macro_f1: f1.iter().sum::<f64>() / 3.0,
        recalls,
        calibration_error: calibration_error(answers),
    }
}

/// Mean distance of confidence and accuracy over bins of equal width, weighted by size.
fn calibration_error(answers: &[Answer]) -> f64 {
    let bin = |it: &Answer| {
        (0..BINS - 1).find(|bin| it.confidence < ratio(bin + 1, BINS)).unwrap_or(BINS - 1)
    };
    let mut error = 0.0;
    for chosen in 0..BINS {
        let inside: Vec<&Answer> = answers.iter().filter(|it| bin(it) == chosen).collect();
        let right = inside.iter().filter(|it| it.said == it.truth).count();
        let sure: f64 = inside.iter().map(|it| it.confidence).sum();
        error += (float(right) - sure).abs();
    }
    error / float(answers.len().max(1))
}

fn ratio(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { float(part) / float(whole) }
}

#[expect(clippy::cast_precision_loss, reason = "counts of examples are small")]
fn float(count: usize) -> f64 {
    count as f64
}
