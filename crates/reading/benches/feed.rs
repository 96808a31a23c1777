//! What reading a feed costs, and whether another reader finds the same entries.
//!
//! ```text
//! cargo bench -p backsight-reading --bench feed                       our own figures
//! cargo bench -p backsight-reading --bench feed -- --peers            feedparser beside them
//! cargo bench -p backsight-reading --bench feed -- --entries FILE...  what a document says
//! cargo bench -p backsight-reading --bench feed -- --profile          stories only, under a profiler
//! cargo bench -p backsight-reading --bench feed -- --items 500 --seed 7
//! ```
//!
//! With `--peers` feedparser is installed under `target/peers` and reads the whole corpus first. No time is taken unless
//! both readers find the same entries, but for the differences that `corpus/differences.txt` explains one by one.

#![expect(clippy::print_stdout, reason = "a bench prints what it measured")]

#[path = "feed/bombs.rs"]
mod bombs;
#[path = "feed/document.rs"]
mod document;
#[path = "feed/parity.rs"]
mod parity;

use std::fs;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use backsight_domain::time::Time;
use backsight_reading::clean;
use backsight_reading::feed::{self, Envelope, Recent};
use backsight_reading::story::{Settings, Sighting, Stories};

use document::{Document, Language, Vocabulary};

const FEEDPARSER: &str = "feedparser==6.0.14";
const TURNS: usize = 5;

fn main() {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    let number = |name: &str| {
        let place = words.iter().position(|word| word == name)?;
        words.get(place + 1)?.parse::<u32>().ok()
    };
    let items = number("--items").unwrap_or(500) as usize;
    let seed = number("--seed").unwrap_or(1).into();
    let document = |vocabulary| Document { items, seed, vocabulary };
    let documents = [document(Vocabulary::Small), document(Vocabulary::Large)];
    match words.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["--entries", files @ ..] => files.iter().for_each(|file| parity::show(Path::new(file))),
        ["--bomb", name] => bombs::explode(name),
        ["--profile"] => {
            let bytes = documents[1].write(Language::Rss);
            (0..2_000).for_each(|_| _ = black_box(understand(&bytes)));
        }
        _ => {
            let peers = words.iter().any(|word| word == "--peers").then(install);
            if let Some(python) = &peers {
                parity::check(python);
            }
            documents.iter().for_each(own_rows);
            placing_rows();
            if !words.iter().any(|word| word == "--no-bombs") {
                bombs::rows();
            }
            if let Some(python) = &peers {
                for document in &documents {
                    peer_rows(python, document);
                }
            }
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "a bench measures time")]
fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    let result = work();
    (result, start.elapsed())
}

fn row(name: &str, value: f64, unit: &str, goal: &str, note: &str) {
    println!("ROW | {name} | {value:.4} | {unit} | {goal} | {note}");
}

/// The processor time of one run in milliseconds, and in words the times by the clock.
///
/// A machine that does other things meanwhile makes the clock lie, and longer runs suffer more of it. So ratios are made
/// of processor time.
fn milliseconds(runs: u32, mut work: impl FnMut() -> usize) -> (f64, String) {
    let before = processor_ms();
    let mut times: Vec<f64> = (0..runs)
        .map(|_| {
            let (result, time) = timed(&mut work);
            black_box(result);
            time.as_secs_f64() * 1000.0
        })
        .collect();
    let spent = (processor_ms() - before) / f64::from(runs);
    times.sort_by(f64::total_cmp);
    let median = times[times.len() / 2];
    (spent, format!("{runs} runs, by the clock {:.3} at best, {median:.3} at the median", times[0]))
}

/// How long this process has held a processor.
fn processor_ms() -> f64 {
    let told = fs::read_to_string("/proc/self/schedstat").expect("the system tells");
    let nanos = told.split(' ').next().and_then(|it| it.parse::<f64>().ok());
    nanos.expect("the first figure is nanoseconds") / 1e6
}

/// Parses, and counts the items that did not come before.
fn read(bytes: &[u8]) -> usize {
    let feed = feed::parse(bytes, &Envelope::default());
    let mut recent = Recent::new(4096);
    feed.items().filter(|item| recent.admit(item)).count()
}

/// Parses, cleans, and finds the story of each item that did not come before.
fn understand(bytes: &[u8]) -> usize {
    let feed = feed::parse(bytes, &Envelope::default());
    let mut recent = Recent::new(4096);
    let mut stories = Stories::new(Settings::default());
    for item in feed.items().filter(|item| recent.admit(item)) {
        let headline = clean::text(item.title, 512);
        let (link, text, at) = (item.link, item.text(), Time::from_seconds(1_795_000_000));
        black_box(stories.place(&Sighting {
            source: "bench",
            headline: &headline,
            link,
            text,
            at,
        }));
    }
    stories.len()
}

fn own_rows(document: &Document) {
    for language in [Language::Rss, Language::Atom, Language::Json] {
        let bytes = document.write(language);
        let size = format!("{} items, {} bytes", document.items, bytes.len());
        let found = read(&bytes);
        let (time, note) = milliseconds(1000, || read(&bytes));
        let goal = if language == Language::Rss { "<= 0.3" } else { "" };
        let name = format!("{}: parse and drop duplicates", named(document, language));
        row(&name, time, "ms", goal, &format!("{size}, {found} fresh; {note}"));
    }
    let bytes = document.write(Language::Rss);
    let name = named(document, Language::Rss);
    let (time, note) = milliseconds(200, || understand(&bytes));
    row(&format!("{name}: parse, clean and find stories"), time, "ms", "", &note);
    let (time, note) = milliseconds(10_000, || {
        usize::try_from(feed::fingerprint(black_box(&bytes)) & 1).unwrap_or(0)
    });
    row(&format!("{name}: fingerprint, unchanged"), time * 1000.0, "us", "<= 20", &note);
}

fn named(document: &Document, language: Language) -> String {
    format!("{}, {} vocabulary", language.name(), document.vocabulary.name())
}

/// What a document costs when as many stories are remembered as may be.
fn placing_rows() {
    let known = Settings::default().stories_max;
    for vocabulary in [Vocabulary::Small, Vocabulary::Large] {
        let place = |stories: &mut Stories, (headline, text): &(String, String)| {
            let at = Time::from_seconds(1_795_000_000);
            let (source, link) = ("bench", "");
            black_box(stories.place(&Sighting { source, headline, link, text, at }));
        };
        let told = Document { items: known, seed: 2, vocabulary }.texts();
        let fresh = Document { items: 4_000, seed: 3, vocabulary }.texts();
        let mut stories = Stories::new(Settings::default());
        for one in &told {
            place(&mut stories, one);
        }
        let known = stories.len();
        let (time, note) = milliseconds(1, || {
            for one in &fresh {
                place(&mut stories, one);
            }
            stories.len()
        });
        let name = format!("{} vocabulary: 4000 more beside {known} stories", vocabulary.name());
        row(&name, time, "ms", "", &note);
    }
}

/// Takes turns with feedparser on the same document.
fn peer_rows(python: &Path, document: &Document) {
    let bytes = document.write(Language::Rss);
    let path = folder().join("bench.xml");
    fs::write(&path, &bytes).expect("the folder is ours");
    let mut columns = [const { Vec::new() }; 5];
    for _ in 0..TURNS {
        let (own, _) = milliseconds(500, || read(&bytes));
        let (whole, _) = milliseconds(200, || understand(&bytes));
        let output = peer(python, &["time", "3"], &[&path]);
        let mut times: Vec<f64> = Vec::new();
        for line in output.lines() {
            let (time, fresh) = line.split_once(' ').expect("a time and a count");
            assert_eq!(fresh.parse(), Ok(read(&bytes)), "feedparser finds other items");
            times.push(time.parse().expect("a time"));
        }
        times.sort_by(f64::total_cmp);
        let theirs = times[times.len() / 2];
        let turn = [own, whole, theirs, theirs / own, theirs / whole];
        columns.iter_mut().zip(turn).for_each(|(column, value)| column.push(value));
    }
    let names = [
        ("ours, in turns", "ms", ""),
        ("ours with cleaning and stories, in turns", "ms", ""),
        ("feedparser 6.0.14, in turns", "ms", ""),
        ("feedparser / ours", "times", ">= 65, aim 650"),
        ("feedparser / ours with cleaning and stories", "times", ">= 65, aim 650"),
    ];
    for ((name, unit, goal), mut column) in names.into_iter().zip(columns) {
        column.sort_by(f64::total_cmp);
        let bounds = format!("{TURNS} turns, {:.3}..{:.3}", column[0], column[TURNS - 1]);
        let name = format!("{}: {name}", named(document, Language::Rss));
        row(&name, column[TURNS / 2], unit, goal, &bounds);
    }
}

/// Installs feedparser into a place of its own, once.
fn install() -> PathBuf {
    let place = folder().join("feedparser");
    let python = place.join("bin/python");
    if !python.exists() {
        succeed(Command::new("python3").args(["-m", "venv"]).arg(&place));
    }
    let quiet = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", FEEDPARSER];
    succeed(Command::new(&python).args(quiet));
    python
}

fn folder() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("it is below `target`");
    let folder = folder.join("peers");
    fs::create_dir_all(&folder).expect("`target` can be written");
    folder
}

/// Runs the program around feedparser.
fn peer(python: &Path, words: &[&str], files: &[&Path]) -> String {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../bench/feedparser/peer.py");
    let output = Command::new(python).arg(script).args(words).args(files).output();
    let output = output.expect("python was installed above");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("python prints UTF-8")
}

fn succeed(command: &mut Command) {
    let status = command.status().expect("python3 can be started");
    assert!(status.success(), "{command:?} failed");
}
