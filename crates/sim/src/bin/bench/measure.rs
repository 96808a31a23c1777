//! The measurements: parity first, then times, memory and digests.

use std::error::Error;
use std::fs::File;
use std::io::{BufReader, BufWriter, Write};
use std::path::Path;
use std::process::Command;

use backsight_domain::decision::Decision;
use backsight_domain::event::Entry;
use backsight_domain::id::Seq;
use backsight_domain::time::Time;
use backsight_journal::{Chain, Flush, Log, LogFault};
use backsight_sim::backtest::{Backtest, BacktestLog, Setup, Tape, TapeReader};

use crate::reference::{self, Deal};
use crate::report::{self, Row, Times};
use crate::rules::{ANCHOR, Rules};
use crate::words::{TapeName, Words};

type Outcome<T> = Result<T, Box<dyn Error>>;

/// A tape with its digest, which is computed once.
pub(crate) struct Reel {
    name: &'static str,
    tape: Tape,
    digest: [u8; 32],
}

impl Reel {
    fn load(data: TapeName, quick: bool) -> Self {
        Self::of(data.name(), Tape::generate(data.plan(quick)))
    }

    pub(crate) fn of(name: &'static str, tape: Tape) -> Self {
        let digest = tape.digest();
        Self { name, tape, digest }
    }

    #[cfg(test)]
    pub(crate) fn tape(&self) -> &Tape {
        &self.tape
    }

    pub(crate) fn setup(&self, rules: &Rules) -> Setup {
        rules.setup(u16::try_from(self.tape.symbols()).expect("a plan has at most 65,535 symbols"))
    }

    #[expect(clippy::cast_precision_loss, reason = "millions of bars")]
    fn bars(&self) -> f64 {
        self.tape.bars() as f64
    }

    fn run(&self, setup: &Setup) -> Backtest<BacktestLog> {
        self.run_with(setup, BacktestLog::over(self.digest))
    }

    fn run_with<L: Log>(&self, setup: &Setup, log: L) -> Backtest<L> {
        let opening = self.tape.starts()[0];
        let mut test = Backtest::open(setup, log, opening).expect("this log has no faults");
        test.play(&self.tape).expect("this log has no faults");
        test
    }
}

/// Everything, in the order of the page.
pub(crate) fn all(words: &Words) -> Outcome<()> {
    for data in [TapeName::A, TapeName::B] {
        let reel = Reel::load(data, words.quick);
        anchor(words, &reel, data)?;
        let mut draw = draws(words.seed);
        for (name, rules) in [("rare", Rules::rare(&mut draw)), ("busy", Rules::busy(&mut draw))] {
            let setup = reel.setup(&rules);
            let test = prove(&reel, name, &rules, &setup)?;
            let note = rates(&reel, &test);
            let times = Times::of(words.runs.min(5), || drop(reel.run(&setup)));
            let title = format!("{}: random {name} rules", reel.name);
            time_row(&title, "", &times, &reel, &note);
        }
    }
    Ok(())
}

/// The anchor strategy on one tape, and nothing else.
pub(crate) fn anchor_alone(words: &Words) -> Outcome<()> {
    let reel = Reel::load(words.data, words.quick);
    let setup = reel.setup(&ANCHOR);
    let note = rates(&reel, &prove(&reel, "anchor", &ANCHOR, &setup)?);
    let times = Times::of(words.runs, || drop(reel.run(&setup)));
    time_row(&format!("{}: Backsight", reel.name), "5", &times, &reel, &note);
    Ok(())
}

/// The strategy of the anchor measurements, and where its time goes.
fn anchor(words: &Words, reel: &Reel, data: TapeName) -> Outcome<()> {
    let setup = reel.setup(&ANCHOR);
    let first = reel.run(&setup);
    let peak = report::peak_mib();
    drop(first);
    let test = prove(reel, "anchor", &ANCHOR, &setup)?;
    let note = rates(reel, &test);
    let times = Times::of(words.runs, || drop(reel.run(&setup)));
    let name = reel.name;
    time_row(&format!("{name}: back-test"), "5", &times, reel, &note);
    if let Some(peak) = peak.filter(|_| data == TapeName::A) {
        let note = "tape in memory, one run".to_owned();
        let value = format!("{peak:.0}");
        Row { name: "A: peak memory", value, unit: "MiB", goal: "128", note }.print();
    }
    parts(words, reel, (&setup, &test), times.median());
    if data == TapeName::A && !words.quick {
        cold_row(words, reel)?;
    }
    Ok(())
}

/// Refuses to go on unless engine and reference make the same trades for the same cents.
pub(crate) fn prove(
    reel: &Reel,
    name: &str,
    rules: &Rules,
    setup: &Setup,
) -> Outcome<Backtest<BacktestLog>> {
    let test = reel.run(setup);
    let expected = reference::deals(&reel.tape, rules);
    let found = reference::deals_of(&reel.tape, test.trades());
    if let Some((index, (found, expected))) =
        found.iter().zip(&expected).enumerate().find(|(_, (found, expected))| found != expected)
    {
        return Err(
            format!("trade {index} differs: engine {found:?}, reference {expected:?}").into()
        );
    }
    if found.len() != expected.len() {
        return Err(format!("{} trades, reference {}", found.len(), expected.len()).into());
    }
    let pnl: i64 = test.trades().iter().map(|trade| trade.pnl.units()).sum();
    let expected_pnl: i64 = expected.iter().map(Deal::pnl).sum();
    if pnl != expected_pnl {
        return Err(format!("result {pnl}, reference {expected_pnl}").into());
    }
    let title = format!("{} {name}", reel.name);
    report::digest(&format!("{title}: state"), test.engine().fingerprint());
    report::digest(&format!("{title}: journal"), test.log().chain());
    Ok(test)
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
fn rates(reel: &Reel, test: &Backtest<BacktestLog>) -> String {
    let (trades, tally) = (test.trades().len(), test.tally());
    let share = 100.0 * trades as f64 / reel.bars();
    let mib = test.log().bytes() as f64 / 1_048_576.0;
    let cents: i64 = test.trades().iter().map(|trade| trade.pnl.units() / 100).sum();
    format!(
        "{trades} trades ({share:.2} % of bars), {cents} cents, {} signals, {} verdicts, {} ghosts, \
         journal {mib:.1} MiB; equal to the reference",
        tally.signals, tally.verdicts, tally.ghosts
    )
}

fn time_row(name: &str, goal: &str, times: &Times, reel: &Reel, note: &str) {
    let bars = reel.bars();
    let value = format!("{:.2}", times.median() / bars);
    let (low, high) = (times.fastest() / bars, times.slowest() / bars);
    let note = format!("{} runs, {low:.2}..{high:.2}; {note}", times.count());
    Row { name, value, unit: "ns/bar", goal, note }.print();
}

/// What the parts of a run cost, by leaving each of them out.
fn parts(words: &Words, reel: &Reel, (setup, test): (&Setup, &Backtest<BacktestLog>), whole: f64) {
    let mut quiet = setup.clone();
    quiet.policy.trend.enabled = false;
    let mut nobody = setup.clone();
    nobody.policy.accounts.clear();
    nobody.cash.clear();
    let time = |setup: &Setup| Times::of(words.runs, || drop(reel.run(setup)));
    let dense = time(&quiet);
    let signals = time(&nobody);
    let unlogged = Times::of(words.runs, || drop(reel.run_with(setup, NoLog::default())));
    let prints = Times::of(20, || {
        std::hint::black_box(test.engine().fingerprint());
    });
    let sessions = f64::from(u32::try_from(reel.tape.starts().len() / 390).unwrap_or(0));
    let fingerprints = prints.median() * sessions;
    let name = |part: &str| format!("{}: {part}", reel.name);
    let part = |title: &str, nanos: f64, note: &str| {
        let value = format!("{:.2}", nanos / reel.bars());
        let note = format!("{:.0} % of the run; {note}", 100.0 * nanos / whole);
        Row { name: &name(title), value, unit: "ns/bar", goal: "", note }.print();
    };
    let dense = dense.median();
    part("dense features", dense - fingerprints, "minutes without signals, feed included");
    part("fingerprints", fingerprints, "one at each close");
    part("signals", signals.median() - dense, "without accounts: features, confidence, record");
    let journal = whole - unlogged.median();
    part("journal", journal, "records encoded and hashed");
    let rest = whole - signals.median();
    part("gates, orders, positions, ghosts", rest, "their records included");
}

/// A whole process: read the tape from the disk's cache, run, print.
fn cold_row(words: &Words, reel: &Reel) -> Outcome<()> {
    let path = std::env::temp_dir().join(format!("backsight-bench-{}.tape", std::process::id()));
    reel.tape.write(&mut BufWriter::new(File::create(&path)?))?;
    let program = std::env::current_exe()?;
    let mut peak = String::new();
    let times = Times::of(words.runs, || {
        let output = Command::new(&program).arg("--cold").arg(&path).output();
        peak = output.map_or_else(
            |error| error.to_string(),
            |output| String::from_utf8_lossy(&output.stdout).trim().to_owned(),
        );
    });
    std::fs::remove_file(&path)?;
    let note = format!(
        "{} runs, {:.0}..{:.0}; {peak}",
        times.count(),
        times.fastest() / 1e6,
        times.slowest() / 1e6
    );
    let value = format!("{:.0}", times.median() / 1e6);
    Row { name: "A: cold process", value, unit: "ms", goal: "60", note }.print();
    Ok(())
}

/// Runs an exported tape minute by minute and prints the result.
pub(crate) fn cold(path: &Path) -> Outcome<()> {
    let mut reader = TapeReader::open(BufReader::with_capacity(1 << 18, File::open(path)?))?;
    let setup = ANCHOR.setup(u16::try_from(reader.symbols())?);
    let opening = reader.next_start().ok_or("the tape is empty")?;
    let mut test = Backtest::open(&setup, BacktestLog::over(reader.digest()), opening)?;
    while reader.next_start().is_some() {
        let mut read = Ok(true);
        test.minute(|minute| read = reader.read(minute))?;
        read?;
    }
    let peak = report::peak_mib().unwrap_or(0.0);
    let receipt = test.log().chain().to_string();
    let trades = test.trades().len();
    report::say(format_args!("{trades} trades, receipt {}, peak {peak:.1} MiB", &receipt[..16]));
    Ok(())
}

/// Writes a tape for other programs, and beside it the trades they must find.
pub(crate) fn export(path: &Path, data: TapeName) -> Outcome<()> {
    let reel = Reel::load(data, false);
    reel.tape.write(&mut BufWriter::new(File::create(path)?))?;
    let mut list = BufWriter::new(File::create(path.with_extension("trades"))?);
    for deal in reference::deals(&reel.tape, &ANCHOR) {
        let Deal { symbol, entered, left, entry, exit } = deal;
        writeln!(list, "{symbol} {entered} {left} {entry} {exit}")?;
    }
    Ok(())
}

/// Numbers within bounds, both included, from a seed.
fn draws(seed: u64) -> impl FnMut(u32, u32) -> u32 {
    let mut state = seed;
    move |low, high| {
        // Knuth's MMIX multiplier; the high half is random enough for a handful of thresholds.
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let range = u64::from(high - low + 1);
        low + u32::try_from((state >> 32) % range).expect("the range is 32 bits wide")
    }
}

/// A log that forgets, to see what remembering costs.
#[derive(Clone, Copy, Debug, Default)]
struct NoLog(Seq);

impl Log for NoLog {
    fn next_seq(&self) -> Seq {
        self.0.next()
    }

    fn append_entry(&mut self, entry: &Entry) -> Result<(), LogFault> {
        self.0 = entry.seq;
        Ok(())
    }

    fn append_decision(&mut self, seq: Seq, _decision: &Decision) -> Result<(), LogFault> {
        self.0 = seq;
        Ok(())
    }

    fn flush(&mut self, _class: Flush) -> Result<(), LogFault> {
        Ok(())
    }

    fn maintain(&mut self, _now: Time) -> Result<(), LogFault> {
        Ok(())
    }

    fn due(&self) -> Option<Time> {
        None
    }

    fn chain(&self) -> Chain {
        Chain::START
    }
}
