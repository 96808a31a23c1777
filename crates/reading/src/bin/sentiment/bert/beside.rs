//! A network and onnxruntime in turns, on the same texts, so that what else the machine does falls on both.
//!
//! A turn is one batch of ours and the same batch of the peer's right after it or right before. A ratio is the median of
//! the turns' ratios. Ratios are taken twice: by the clock, and by the time that all threads of each held a processor.
//! The second hardly moves when others use the machine; the first is what a user waits for.

use std::error::Error;
use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Instant;

pub(crate) type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

/// Texts and pieces of each shape.
pub(crate) const SHAPES: [(usize, usize); 3] = [(1, 32), (8, 48), (32, 32)];
/// How many pieces there are.
pub(crate) const PIECES: u64 = 30_522;
const PEER: &str = "crates/reading/models/peer.py";
/// Turns for each shape.
const TURNS: u64 = 15;
const CLOCKS: [&str; 2] = ["", ", processor time"];

/// Seconds by the clock, and seconds of processor time.
pub(crate) type Spent = [f64; 2];

/// Gives the logits of texts.
type Network<'a> = dyn Fn(&[Vec<u32>]) -> Vec<Vec<f32>> + 'a;

/// One of our engines.
pub(crate) struct Engine<'a> {
    /// What the peer calls its own of this kind.
    pub(crate) kind: &'a str,
    pub(crate) run: Box<Network<'a>>,
}

/// Prints the rates of each engine and of its like for a shape, and of the second engine beside the first.
pub(crate) fn time(engines: &[Engine<'_>], peer: &mut Peer, shape: (usize, usize)) -> Result<()> {
    let mut ours = vec![Vec::new(); engines.len()];
    let mut theirs = ours.clone();
    for turn in 0..TURNS {
        let texts = numbers(shape, turn);
        for (at, engine) in engines.iter().enumerate() {
            let early = turn.is_multiple_of(2).then(|| peer.run(engine.kind, shape, turn));
            ours[at].push(spent(|| (engine.run)(&texts)));
            let answer = early.unwrap_or_else(|| peer.run(engine.kind, shape, turn));
            theirs[at].push(answer?.0);
        }
    }
    for (clock, title) in CLOCKS.iter().enumerate() {
        let mut line = format!("{:>3} x {:>2} pieces{title}:", shape.0, shape.1);
        for (at, engine) in engines.iter().enumerate() {
            let [own, other] = [&ours[at], &theirs[at]].map(|it| rate(shape.0, it, clock));
            let ratio = ratio(&theirs[at], &ours[at], clock);
            write!(line, " {} {own:.1} against {other:.1} ({ratio:.2}x),", engine.kind)?;
        }
        if let [first, second] = &ours[..] {
            write!(line, " our bytes to our floats {:.2}x", ratio(first, second, clock))?;
        }
        println!("{}", line.trim_end_matches(','));
    }
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "a batch is small")]
fn rate(texts: usize, turns: &[Spent], clock: usize) -> f64 {
    texts as f64 / median(turns.iter().map(|it| it[clock]).collect())
}

/// How many times longer the first ones took.
fn ratio(long: &[Spent], short: &[Spent], clock: usize) -> f64 {
    median(long.iter().zip(short).map(|(long, short)| long[clock] / short[clock]).collect())
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

#[expect(clippy::disallowed_methods, reason = "a bench needs a clock")]
fn spent(work: impl FnOnce() -> Vec<Vec<f32>>) -> Spent {
    let (start, before) = (Instant::now(), processor_seconds());
    let logits = work();
    let after = [start.elapsed().as_secs_f64(), processor_seconds() - before];
    assert!(!logits.is_empty(), "a text was lost");
    after
}

/// How long the threads of this process have held a processor.
fn processor_seconds() -> f64 {
    let threads = std::fs::read_dir("/proc/self/task").expect("the system tells");
    let nanos = threads.filter_map(|it| {
        let told = std::fs::read_to_string(it.ok()?.path().join("schedstat")).ok()?;
        told.split(' ').next()?.parse::<f64>().ok()
    });
    nanos.sum::<f64>() / 1e9
}

/// The numbers that `peer.py` makes of the same seed.
pub(crate) fn numbers((texts, pieces): (usize, usize), seed: u64) -> Vec<Vec<u32>> {
    let mut state = seed;
    let mut next = || {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        u32::try_from((state >> 33) % PIECES).expect("a piece's number is small")
    };
    (0..texts).map(|_| (0..pieces).map(|_| next()).collect()).collect()
}

/// The other program.
pub(crate) struct Peer {
    child: Child,
    asks: ChildStdin,
    answers: BufReader<ChildStdout>,
    /// What it calls itself.
    pub(crate) name: String,
}

impl Peer {
    /// Starts it on the model in a folder.
    pub(crate) fn start(folder: &Path, python: &str, threads: usize) -> Result<Self> {
        let mut command = Command::new(python);
        command.arg(PEER).arg("serve").arg(folder).arg(threads.to_string());
        let command = command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().map_err(|fault| format!("starting `{python}`: {fault}"))?;
        let asks = child.stdin.take().ok_or("the peer has no input")?;
        let answers = BufReader::new(child.stdout.take().ok_or("the peer has no output")?);
        let mut peer = Self { child, asks, answers, name: String::new() };
        peer.name = peer.line()?;
        Ok(peer)
    }

    /// Runs one batch: what it took, and its logits.
    pub(crate) fn run(
        &mut self,
        kind: &str,
        shape: (usize, usize),
        seed: u64,
    ) -> Result<(Spent, Vec<f32>)> {
        writeln!(self.asks, "{kind} {} {} {seed}", shape.0, shape.1)?;
        let line = self.line()?;
        let mut numbers = line.split(' ');
        let mut time = || numbers.next().ok_or("the peer gave no time").map(str::parse);
        let spent = [time()??, time()??];
        let logits = numbers.map(str::parse).collect::<std::result::Result<_, _>>()?;
        Ok((spent, logits))
    }

    fn line(&mut self) -> Result<String> {
        let mut line = String::new();
        if self.answers.read_line(&mut line)? == 0 {
            return Err("the peer stopped".into());
        }
        Ok(line.trim().to_owned())
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        // Without input the peer ends by itself; a peer that does not is ended.
        if self.child.kill().is_ok() {
            drop(self.child.wait());
        }
    }
}
