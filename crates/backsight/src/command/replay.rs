//! `replay`: every entry decided again by a fresh engine, and held to what was recorded.
//!
//! Decisions are compared in their encoded form, so a difference in the last bit of a confidence
//! is a difference. The hash of the whole state stands in the decision that closes a session, so
//! it is compared with the rest.

use backsight_domain::decision::{Decision, Fingerprint};
use backsight_domain::event::{Entry, Event};
use backsight_domain::id::Seq;
use backsight_engine::Engine;
use backsight_journal::{Reader, Record, codec};
use serde_json::{Value, json};

use crate::answer::{Answer, Exit, Failure};
use crate::cli::Replay;
use crate::clock::Stopwatch;
use crate::command::Context;
use crate::page::{Page, Tone};
use crate::words;

/// Decides everything again.
pub(crate) fn run(context: &Context, wish: &Replay) -> Result<Answer, Failure> {
    context.home.expect_journal()?;
    let watch = Stopwatch::start();
    let replayed = replay(context, wish.check)?;
    let seconds = watch.elapsed().as_secs_f64();
    let mut page = context.page();
    match &replayed.difference {
        Some(difference) => write_difference(&mut page, difference, &replayed.build),
        None if wish.check => {
            page.line(Tone::Good, "Every decision is the recorded one, bit for bit.");
        }
        None => page.line(Tone::Plain, "Every entry was decided again; --check compares."),
    }
    let rate = rate(replayed.entries, seconds);
    page.pair("entries", words::count(replayed.entries));
    page.pair("bars", words::count(replayed.bars));
    page.pair("decisions", words::count(replayed.decisions));
    page.pair("sessions", replayed.sessions.to_string());
    page.pair("speed", format!("{} entries/s, read and decided", words::count(rate)));
    page.hash("fingerprint", &replayed.fingerprint);
    let exit = if replayed.difference.is_some() { Exit::Different } else { Exit::Fine };
    let json = json!({
        "checked": wish.check,
        "build": replayed.build,
        "equal": wish.check.then_some(replayed.difference.is_none()),
        "entries": replayed.entries,
        "bars": replayed.bars,
        "decisions": replayed.decisions,
        "sessions": replayed.sessions,
        "seconds": seconds,
        "fingerprint": replayed.fingerprint.to_string(),
        "difference": replayed.difference.map(|difference| Value::from(&difference)),
    });
    Ok(Answer { page: page.into(), json, exit })
}

#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    reason = "a rate for a person to read"
)]
fn rate(entries: u64, seconds: f64) -> i64 {
    (entries as f64 / seconds.max(1e-9)) as i64
}

/// What a replay came to.
#[derive(Debug, Default)]
struct Replayed {
    entries: u64,
    bars: u64,
    decisions: u64,
    sessions: u64,
    fingerprint: Fingerprint,
    /// The build that began the journal.
    build: Box<str>,
    difference: Option<Difference>,
}

/// The first place where a decision differs.
#[derive(Debug)]
struct Difference {
    seq: Seq,
    recorded: String,
    decided: String,
}

impl From<&Difference> for Value {
    fn from(difference: &Difference) -> Self {
        json!({
            "seq": difference.seq.0,
            "recorded": difference.recorded,
            "decided": difference.decided,
        })
    }
}

fn replay(context: &Context, check: bool) -> Result<Replayed, Failure> {
    let disk = context.home.disk();
    let mut engine = Engine::new();
    let mut replayed = Replayed::default();
    // The decision about the last entry, until its record was seen.
    let mut pending: Option<Decision> = None;
    for stamped in Reader::open(&disk)? {
        match stamped?.record {
            Record::Entry(entry) => {
                let missing = pending.take().filter(|decision| !decision.is_empty());
                replayed.compare(check, missing.as_ref(), None);
                if replayed.difference.is_some() {
                    break;
                }
                replayed.count(&entry);
                pending = Some(engine.step(&entry).decision);
            }
            Record::Decision(recorded) => {
                let decided = pending.take().unwrap_or_default();
                replayed.decisions += 1;
                replayed.sessions += u64::from(closes(&recorded));
                replayed.compare(check, Some(&decided), Some(&recorded));
            }
        }
    }
    // A decision that the journal ends before is not a difference: its record was not finished.
    replayed.fingerprint = engine.fingerprint();
    Ok(replayed)
}

impl Replayed {
    fn count(&mut self, entry: &Entry) {
        self.entries += 1;
        if let Event::Minute(minute) = &entry.event {
            self.bars += minute.symbols() as u64;
        }
        if let Event::Started(started) = &entry.event {
            self.build.clone_from(&started.build);
        }
    }

    fn compare(&mut self, check: bool, decided: Option<&Decision>, recorded: Option<&Decision>) {
        let is_equal = match (decided, recorded) {
            (Some(decided), Some(recorded)) => encoded(decided) == encoded(recorded),
            (None, None) => true,
            (Some(_), None) | (None, Some(_)) => false,
        };
        if !check || is_equal || self.difference.is_some() {
            return;
        }
        let nothing = Decision::default();
        let seq = decided.or(recorded).map(|decision| decision.cause).unwrap_or_default();
        let (recorded, decided) = (recorded.unwrap_or(&nothing), decided.unwrap_or(&nothing));
        let (recorded, decided) = first_difference(recorded, decided);
        self.difference = Some(Difference { seq, recorded, decided });
    }
}

fn encoded(decision: &Decision) -> Vec<u8> {
    let mut bytes = Vec::new();
    codec::encode_decision(decision, &mut bytes);
    bytes
}

fn closes(decision: &Decision) -> bool {
    use backsight_domain::decision::Reason;
    decision.because.iter().any(|reason| matches!(reason, Reason::Closing { .. }))
}

/// The first effect or reason of each that the other does not have at its place.
fn first_difference(recorded: &Decision, decided: &Decision) -> (String, String) {
    let parts = |decision: &Decision| {
        let cause = std::iter::once(format!("cause {}", decision.cause));
        let effects = decision.effects.iter().map(|effect| format!("{effect:?}"));
        let reasons = decision.because.iter().map(|reason| format!("{reason:?}"));
        cause.chain(effects).chain(reasons).collect::<Vec<_>>()
    };
    let (recorded, decided) = (parts(recorded), parts(decided));
    let place = recorded.iter().zip(&decided).take_while(|(a, b)| a == b).count();
    let at = |parts: &[String]| parts.get(place).cloned().unwrap_or_else(|| "nothing".to_owned());
    (at(&recorded), at(&decided))
}

fn write_difference(page: &mut Page, difference: &Difference, build: &str) {
    let seq = difference.seq;
    page.line(Tone::Bad, &format!("The decision about entry {seq} is another."));
    page.words(Tone::Plain, &format!("recorded: {}", shortened(&difference.recorded)));
    page.words(Tone::Plain, &format!("decided:  {}", shortened(&difference.decided)));
    let name = crate::build::NAME;
    page.words(
        Tone::Dim,
        &format!(
            "This build, `{name}`, does not decide like the one that wrote the journal. The \
             journal is right: replay it with `{build}`."
        ),
    );
    page.blank();
}

fn shortened(text: &str) -> String {
    text.chars().take(600).collect()
}

#[cfg(test)]
mod tests;
