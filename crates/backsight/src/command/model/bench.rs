//! `model bench`: how fast every reader is on this machine, and how far bytes agree with floats.
//!
//! All read the same headlines, those that were written for this project. A reader gets so many at a
//! time; what a batch took is its latency. Labels are compared with those of the same model in floats.

use std::time::Duration;

use backsight_gateway::model::{Engine, Shelf};
use backsight_reading::sentiment::finbert::Finbert;
use backsight_reading::sentiment::headlines::{self, Headline};
use backsight_reading::sentiment::lexicon::Lexicon;
use backsight_reading::sentiment::linear::Linear;
use backsight_reading::sentiment::{Chances, Label, Passage, Sentiment};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Value, json};

use super::{failure, load};
use crate::answer::{Answer, Failure};
use crate::clock::Stopwatch;
use crate::command::Context;
use crate::page::{Cell, Table, Tone};
use crate::words;

/// Batches of which the latency is kept.
const BATCHES_MAX: usize = 1_000_000;

/// How fast a reader is.
struct Pace {
    rung: String,
    texts_per_s: f64,
    median: Duration,
    worst: Duration,
}

/// How many labels of a model are those that it gives in floats.
struct Agreement {
    rung: String,
    same: usize,
}

/// Everything that is found out.
#[derive(Default)]
struct Found {
    paces: Vec<Pace>,
    agreements: Vec<Agreement>,
    /// Who could not read, and why.
    faults: Vec<(String, String)>,
}

/// Times the readers that are here.
pub(super) fn run(
    context: &Context,
    shelf: &Shelf,
    batch: u32,
    seconds: u32,
) -> Result<Answer, Failure> {
    let names = shelf.names().map_err(|fault| failure(&fault))?;
    let own = headlines::own();
    let texts: Vec<Passage<'_>> = own.iter().map(whole).collect();
    let batch = usize::try_from(batch).expect("a batch is small");
    let most = Duration::from_secs(seconds.into());
    let bar = progress(2 + names.len() * Engine::ALL.len());
    let mut found = Found::default();
    let built_in: [Box<dyn Sentiment>; 2] = [Box::new(Lexicon::new()), Box::new(Linear::new())];
    for reader in &built_in {
        bar.set_message(reader.rung().to_string());
        found.paces.push(pace(&**reader, &texts, batch, most));
        bar.inc(1);
    }
    for name in &names {
        let mut floats = None;
        for engine in Engine::ALL {
            bar.set_message(format!("{name}, {}", engine.name()));
            let manifest = shelf.manifest(name).map_err(|fault| failure(&fault));
            match manifest.and_then(|manifest| load(shelf, &manifest, engine)) {
                Ok(reader) => found.read(&reader, &texts, (batch, most), &mut floats),
                Err(fault) => {
                    found.faults.push((format!("{name}, {}", engine.name()), fault.message()));
                }
            }
            bar.inc(1);
        }
    }
    bar.finish_and_clear();
    let answer = found.told(context, texts.len(), batch);
    Ok(answer)
}

fn whole(headline: &Headline) -> Passage<'_> {
    Passage::whole(headline.example().passage.text)
}

impl Found {
    fn read(
        &mut self,
        reader: &Finbert,
        texts: &[Passage<'_>],
        (batch, most): (usize, Duration),
        floats: &mut Option<Vec<Label>>,
    ) {
        self.paces.push(pace(reader, texts, batch, most));
        let texts: Vec<&str> = texts.iter().map(|it| it.text).collect();
        let labels: Vec<Label> = reader.chances(&texts).into_iter().map(Chances::label).collect();
        match floats {
            None => *floats = Some(labels),
            Some(floats) => {
                let same = floats.iter().zip(&labels).filter(|(one, other)| one == other).count();
                self.agreements.push(Agreement { rung: reader.rung().to_string(), same });
            }
        }
    }

    fn told(&self, context: &Context, texts: usize, batch: usize) -> Answer {
        let mut page = context.page();
        page.line(Tone::Strong, &format!("{texts} headlines, {batch} at a time, all processors"));
        let mut table = Table::new(&["reader", ">texts/s", ">a batch takes", ">at worst"]);
        for Pace { rung, texts_per_s, median, worst } in &self.paces {
            table.row([
                rung.chars().take(38).collect::<String>().into(),
                Cell::toned(Tone::Strong, rate(*texts_per_s)),
                took(*median).into(),
                took(*worst).into(),
            ]);
        }
        page.table(&table);
        for Agreement { rung, same } in &self.agreements {
            let text = format!("{same} of {texts} labels of {rung} are those in floats");
            page.words(Tone::Plain, &text);
        }
        for (name, fault) in &self.faults {
            page.words(Tone::Warn, &format!("{name}: {fault}"));
        }
        if self.paces.len() == 2 {
            page.line(
                Tone::Dim,
                "No model is installed; `backsight model list` says how one comes",
            );
        }
        let paces = self.paces.iter().map(|it| {
            json!({
                "reader": it.rung,
                "texts_per_s": it.texts_per_s,
                "batch_s": it.median.as_secs_f64(),
                "batch_s_max": it.worst.as_secs_f64(),
            })
        });
        let agreements = self.agreements.iter();
        let agreements = agreements.map(|it| json!({ "reader": it.rung, "same": it.same }));
        let faults = self.faults.iter().map(|(name, it)| json!({ "reader": name, "fault": it }));
        let json = json!({
            "texts": texts,
            "batch": batch,
            "readers": paces.collect::<Vec<Value>>(),
            "agreement": agreements.collect::<Vec<Value>>(),
            "faults": faults.collect::<Vec<Value>>(),
        });
        Answer::fine(page, json)
    }
}

/// Lets a reader read for a while.
fn pace(reader: &dyn Sentiment, texts: &[Passage<'_>], batch: usize, most: Duration) -> Pace {
    let batches: Vec<Vec<Passage<'_>>> = (0..texts.len())
        .step_by(batch)
        .map(|at| (at..at + batch).map(|it| texts[it % texts.len()].clone()).collect())
        .collect();
    // The first batch finds memory and caches cold.
    reader.read(&batches[0]);
    let mut latencies = Vec::new();
    let watch = Stopwatch::start();
    for passages in batches.iter().cycle().take(BATCHES_MAX) {
        let each = Stopwatch::start();
        reader.read(passages);
        latencies.push(each.elapsed());
        if most <= watch.elapsed() {
            break;
        }
    }
    let spent = watch.elapsed().as_secs_f64();
    latencies.sort_unstable();
    let read = u32::try_from(latencies.len() * batch).map_or(f64::INFINITY, f64::from);
    Pace {
        rung: reader.rung().to_string(),
        texts_per_s: read / spent,
        median: latencies[latencies.len() / 2],
        worst: latencies[latencies.len() - 1],
    }
}

#[expect(clippy::cast_possible_truncation, reason = "a rate of texts is far below what fits")]
fn rate(texts_per_s: f64) -> String {
    if texts_per_s < 100.0 {
        format!("{texts_per_s:.1}")
    } else {
        words::grouped(texts_per_s as i64)
    }
}

fn took(length: Duration) -> String {
    let millis = length.as_secs_f64() * 1e3;
    if millis < 1.0 { format!("{:.1} us", millis * 1e3) } else { format!("{millis:.1} ms") }
}

fn progress(steps: usize) -> ProgressBar {
    let style = ProgressStyle::with_template("  {bar:24} {pos}/{len} {msg:40!}")
        .expect("the template is a constant");
    ProgressBar::new(steps as u64).with_style(style)
}
