//! Quality by set and by reader, on headlines that no training saw.

use std::path::Path;

use backsight_reading::sentiment::headlines::{self, Headline};
use backsight_reading::sentiment::lexicon::Lexicon;
use backsight_reading::sentiment::linear::Linear;
use backsight_reading::sentiment::train::Example;
use backsight_reading::sentiment::{Label, Passage, Sentiment};

use crate::corpus::{self, Corpus, Part};
use crate::fit;
use crate::quality::{Quality, measure};

/// Prints the whole report; without the sets only the part over our own headlines.
pub(crate) fn print(folder: &Path) {
    let (linear, lexicon) = (Linear::new(), Lexicon::new());
    println!(
        "reader   trained on     read                        texts  accuracy  macro-F1  recall good/bad/neutral  calibration error"
    );
    let own = headlines::own();
    let own = || own.iter().map(Headline::example);
    let wholes = || own().filter(|it| it.passage.about.is_none());
    let asked = || own().filter(|it| it.passage.about.is_some());
    row("linear", "shipped", "our own headlines", &of_linear(&linear, wholes()));
    row("linear", "shipped", "our own, by company", &of_linear(&linear, asked()));
    row("lexicon", "-", "our own headlines", &of_lexicon(&lexicon, wholes()));
    row("lexicon", "-", "our own, by company", &of_lexicon(&lexicon, asked()));
    let Some([sentfin, tweets]) = corpus::read(folder) else {
        println!("skipped the sets: no labelled headlines in `{}`", folder.display());
        return;
    };
    for set in [&sentfin, &tweets] {
        let name = format!("{}, held out", set.name);
        row("linear", "shipped", &name, &of_linear(&linear, set.wholes(Part::Test)));
        row("lexicon", "-", &name, &of_lexicon(&lexicon, set.wholes(Part::Test)));
    }
    by_company(&linear, &lexicon, &sentfin);
    for (seen, unseen) in [(&sentfin, &tweets), (&tweets, &sentfin)] {
        let linear = Linear::with_weights(fit(&[seen]));
        let all = Part::ALL.into_iter().flat_map(|part| unseen.wholes(part));
        row("linear", seen.name, &format!("{}, all", unseen.name), &of_linear(&linear, all));
    }
}

/// Companies in headlines, and those whose headline is good for one and bad for another.
fn by_company(linear: &Linear, lexicon: &Lexicon, set: &Corpus) {
    let name = format!("{}, by company", set.name);
    row("linear", "shipped", &name, &of_linear(linear, set.mentions(Part::Test)));
    row("lexicon", "-", &name, &of_lexicon(lexicon, set.mentions(Part::Test)));
    let name = format!("{}, in conflict", set.name);
    row("linear", "shipped", &name, &of_linear(linear, set.conflicts(Part::Test)));
    row("lexicon", "-", &name, &of_lexicon(lexicon, set.conflicts(Part::Test)));
    let blind = set.conflicts(Part::Test).map(|it| {
        let passage = Passage::whole(it.passage.text);
        Example { passage, label: it.label }
    });
    row("linear", "shipped", "  the same, company unnamed", &of_linear(linear, blind));
}

fn of_linear<'a>(linear: &Linear, examples: impl Iterator<Item = Example<'a>>) -> Quality {
    measure(examples, |passage| {
        let chances = linear.chances(passage);
        (chances.label(), linear.read_one(passage).confidence)
    })
}

fn of_lexicon<'a>(lexicon: &Lexicon, examples: impl Iterator<Item = Example<'a>>) -> Quality {
    measure(examples, |passage| {
        let tone = lexicon.read_one(passage);
        let label: Label = Lexicon::label(tone);
        (label, tone.confidence)
    })
}

fn row(reader: &str, trained: &str, read: &str, quality: &Quality) {
    let [good, bad, neutral] = quality.recalls;
    let Quality { examples, accuracy, macro_f1, calibration_error, .. } = quality;
    println!(
        "{reader:<8} {trained:<14} {read:<28}{examples:>5}  {accuracy:>8.3}  {macro_f1:>8.3}  {good:>11.3}/{bad:.3}/{neutral:.3}  {calibration_error:>17.3}"
    );
}
