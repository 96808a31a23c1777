//! Speed of our BERT beside onnxruntime, on the same random weights and in the same run.
//!
//! The two take turns, so that what else the machine does falls on both; the fastest turn of each counts. Before any
//! timing the logits are compared.

mod taught;

use std::error::Error;
use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Instant;

use backsight_reading::sentiment::Sentiment as _;
use backsight_reading::sentiment::finbert::{Finbert, ModelFiles, Precision};

type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

const PEER: &str = "crates/reading/models/peer.py";
/// Turns of each engine for each shape.
const TURNS: usize = 7;
/// Texts and pieces of each shape.
const SHAPES: [(usize, usize); 3] = [(1, 32), (8, 48), (32, 32)];
/// Texts on which labels of the quantised network are compared with the others.
const AGREEMENT_TEXTS: usize = 200;
/// Lead of the best chance from which a label is clear.
const MARGIN: f32 = 0.1;
/// Largest distance of two logits that are called equal.
const EQUAL: f32 = 2e-3;
const PIECES: u64 = 30_522;

/// Prints sentences per second of both, in floats and in bytes, and how far bytes agree with floats
/// on labelled headlines.
pub(crate) fn print(folder: &Path, python: &str, threads: usize, headlines: &Path) -> Result<()> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build()?;
    let read = |name: &str| {
        std::fs::read(folder.join(name)).map_err(|fault| format!("reading `{name}`: {fault}"))
    };
    let config = String::from_utf8(read("config.json")?)?;
    let vocabulary = String::from_utf8(read("vocab.txt")?)?;
    let weights = read("model.safetensors")?;
    let files = ModelFiles { config: &config, vocabulary: &vocabulary, weights: &weights };
    let load = |precision| Finbert::load_unproven(files, precision, "random", "1");
    let ours = [load(Precision::Float)?, load(Precision::Byte)?];
    let mut peer = Peer::start(folder, python, threads)?;
    println!("{threads} threads, {} beside `{}`, sentences per second", peer.name, ours[0].rung());
    pool.install(|| {
        compare_logits(&ours[0], &mut peer)?;
        agreement(&ours);
        taught::agreement(files, headlines);
        SHAPES.iter().try_for_each(|shape| time_shape(&ours, &mut peer, *shape))
    })
}

fn compare_logits(ours: &Finbert, peer: &mut Peer) -> Result<()> {
    let (_, expected) = peer.run("float", (4, 40), 5)?;
    let found = ours.logits(&numbers((4, 40), 5)).concat();
    let distance = found.iter().zip(&expected).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
    println!("largest distance of logits in floats: {distance:.6}");
    if distance < EQUAL {
        return Ok(());
    }
    Err(format!("the logits differ by `{distance}`, so no time means anything").into())
}

/// Compares labels and chances of the network in bytes with those in floats.
fn agreement(ours: &[Finbert; 2]) {
    let texts = numbers((AGREEMENT_TEXTS, 24), 11);
    let [floats, bytes] = ours.each_ref().map(|model| model.logits(&texts));
    let (mut same, mut clear, mut clear_same, mut moved) = (0, 0, 0, 0.0_f32);
    for (float, byte) in floats.iter().zip(&bytes) {
        let (float, byte) = (chances(float), chances(byte));
        let equal = best(&float) == best(&byte);
        same += usize::from(equal);
        if MARGIN <= margin(&float) {
            clear += 1;
            clear_same += usize::from(equal);
        }
        let distance = float.iter().zip(&byte).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        moved = moved.max(distance);
    }
    println!(
        "labels of a random classifier in bytes equal those in floats: {same} of {AGREEMENT_TEXTS}, \
         {clear_same} of the {clear} whose best chance leads by {MARGIN}; a chance moved by {moved:.3} at most"
    );
}

fn chances(logits: &[f32]) -> Vec<f32> {
    let sum: f32 = logits.iter().map(|it| it.exp()).sum();
    logits.iter().map(|it| it.exp() / sum).collect()
}

fn best(chances: &[f32]) -> Option<usize> {
    (0..chances.len()).max_by(|a, b| chances[*a].total_cmp(&chances[*b]))
}

/// How far the best chance leads.
fn margin(chances: &[f32]) -> f32 {
    let mut sorted = chances.to_vec();
    sorted.sort_by(f32::total_cmp);
    sorted[2] - sorted[1]
}

#[expect(clippy::disallowed_methods, clippy::cast_precision_loss, reason = "a bench needs a clock")]
fn time_shape(ours: &[Finbert; 2], peer: &mut Peer, shape: (usize, usize)) -> Result<()> {
    let mut best = [f64::INFINITY; 4];
    for turn in 0..TURNS as u64 {
        let texts = numbers(shape, turn);
        for (slot, model) in ours.iter().enumerate() {
            let start = Instant::now();
            let logits = model.logits(&texts);
            best[slot] = best[slot].min(start.elapsed().as_secs_f64());
            assert_eq!(logits.len(), shape.0, "a text was lost");
        }
        for (slot, kind) in ["float", "byte"].iter().enumerate() {
            best[2 + slot] = best[2 + slot].min(peer.run(kind, shape, turn)?.0);
        }
    }
    let [float, byte, peer_float, peer_byte] = best.map(|it| shape.0 as f64 / it);
    let mut line = format!("{:>3} x {:>2} pieces", shape.0, shape.1);
    write!(line, ": float {float:7.1} against {peer_float:7.1} ({:.2}x)", float / peer_float)?;
    write!(line, ", bytes {byte:7.1} against {peer_byte:7.1} ({:.2}x)", byte / peer_byte)?;
    write!(line, ", our bytes to our floats {:.2}x", byte / float)?;
    println!("{line}");
    Ok(())
}

/// The numbers that `peer.py` makes of the same seed.
fn numbers((texts, pieces): (usize, usize), seed: u64) -> Vec<Vec<u32>> {
    let mut state = seed;
    let mut next = || {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        u32::try_from((state >> 33) % PIECES).expect("a piece's number is small")
    };
    (0..texts).map(|_| (0..pieces).map(|_| next()).collect()).collect()
}

/// The other program.
struct Peer {
    child: Child,
    asks: ChildStdin,
    answers: BufReader<ChildStdout>,
    name: String,
}

impl Peer {
    fn start(folder: &Path, python: &str, threads: usize) -> Result<Self> {
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

    /// Runs one batch: the seconds it took, and its logits.
    fn run(&mut self, kind: &str, shape: (usize, usize), seed: u64) -> Result<(f64, Vec<f32>)> {
        writeln!(self.asks, "{kind} {} {} {seed}", shape.0, shape.1)?;
        let line = self.line()?;
        let mut numbers = line.split(' ');
        let seconds = numbers.next().ok_or("the peer gave no time")?.parse()?;
        let logits = numbers.map(str::parse).collect::<std::result::Result<_, _>>()?;
        Ok((seconds, logits))
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
