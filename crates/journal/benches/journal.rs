//! What a journal costs: codec, append, flush, recovery, size.
//!
//! `cargo bench -p backsight-journal -- [ENTRIES]` prints one line `ROW | name | value | unit |
//! goal | note` for each figure. The journal is written into a folder of its own beside the build,
//! so that the disk that is measured is the one that holds the checkout, and is removed at the end.

#![expect(clippy::print_stdout, reason = "a bench prints what it measured")]
#![expect(
    clippy::float_arithmetic,
    clippy::cast_precision_loss,
    reason = "figures are shown, not computed with"
)]

use std::fs::{self, File};
use std::hint::black_box;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use backsight_domain::event::{Entry, Event};
use backsight_domain::id::{AccountId, ExecutionId, IntentId, Seq, VenueId};
use backsight_domain::instrument::{Instrument, Ticker};
use backsight_domain::market::{Quote, Slot};
use backsight_domain::money::Money;
use backsight_domain::order::{Fill, OrderRef, OrderStatus, OrderUpdate, Side};
use backsight_domain::price::Price;
use backsight_domain::quantity::Quantity;
use backsight_domain::story::Reading;
use backsight_domain::time::{Span, Time};
use backsight_journal::{FileLog, Flush, Log, RealDisk, Recovered, Settings, codec};

const DEFAULT_ENTRIES: u64 = 10_000_000;
/// Flushes that are timed; each waits for the disk.
const FLUSHES: usize = 400;

fn main() {
    let mut numbers = std::env::args().filter_map(|word| word.parse().ok());
    let entries: u64 = numbers.next_back().unwrap_or(DEFAULT_ENTRIES);
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("journal-bench");
    let _absent = fs::remove_dir_all(&folder);
    codec_rows();
    flush_rows(&folder.join("flush"));
    let chain_bytes = append_rows(&folder.join("journal"), entries);
    recovery_rows(&folder.join("journal"), entries, chain_bytes);
    fs::remove_dir_all(&folder).expect("the folder is ours");
}

#[expect(clippy::disallowed_methods, reason = "a bench measures time")]
fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    let result = work();
    (result, start.elapsed())
}

fn row(name: &str, value: f64, unit: &str, goal: &str, note: &str) {
    println!("ROW | {name} | {value:.2} | {unit} | {goal} | {note}");
}

/// What a busy desk sees beside its minutes: quotes, order updates, fills, readings, ticks.
fn event(seq: u64) -> Event {
    let at = Time::from_seconds(1_768_314_590) + Span::from_millis(seq.cast_signed());
    let ticker = Ticker::parse("ACME").expect("a ticker");
    let account = AccountId(0);
    let order = OrderRef::Ours(IntentId { cause: Seq(seq), leg: 0 });
    let ticks = 1_000_000 + seq.cast_signed() % 5000;
    match seq % 10 {
        0..=5 => Event::Quote(Quote { slot: Slot(17), bid: ticks, ask: ticks + 100, at }),
        6 => Event::Order(OrderUpdate {
            account,
            order,
            venue: VenueId(u128::from(seq) << 64),
            status: OrderStatus::New,
            filled: Quantity::ZERO,
        }),
        7 => Event::Fill(Fill {
            execution: ExecutionId(u128::from(seq) << 64),
            account,
            order,
            instrument: Instrument::Equity(ticker),
            side: Side::Buy,
            quantity: Quantity::shares(100),
            price: Price::from_ticks_clamped(ticks),
            fee: Money::ZERO,
            at,
        }),
        8 => Event::Reading(Reading { story: seq, ticker, sentiment: 0.25, confidence: 0.75 }),
        _ => Event::Tick,
    }
}

fn entry(seq: Seq) -> Entry {
    let at = Time::from_seconds(1_768_314_590) + Span::from_millis(seq.0.cast_signed());
    Entry { seq, at, event: event(seq.0) }
}

fn codec_rows() {
    const ROUNDS: usize = 3000;
    let events: Vec<Event> = (0..1000).map(event).collect();
    let mut bytes = Vec::with_capacity(1 << 20);
    let mut payloads = Vec::new();
    for event in &events {
        let start = bytes.len();
        let kind = codec::encode_event(event, &mut bytes);
        payloads.push((kind, bytes[start..].to_vec()));
    }
    let ((), encode) = timed(|| {
        for _ in 0..ROUNDS {
            bytes.clear();
            for event in &events {
                black_box(codec::encode_event(black_box(event), &mut bytes));
            }
        }
    });
    let ((), decode) = timed(|| {
        for _ in 0..ROUNDS {
            for (kind, payload) in &payloads {
                black_box(codec::decode(codec::VERSION, *kind, black_box(payload)))
                    .expect("it was just encoded");
            }
        }
    });
    let rate = |time: Duration| (ROUNDS * events.len()) as f64 / time.as_secs_f64() / 1e6;
    row("journal codec encode", rate(encode), "M events/s", ">= 3", "one core, small events");
    row("journal codec decode", rate(decode), "M events/s", ">= 3", "one core, small events");
}

fn flush_rows(folder: &Path) {
    fs::create_dir_all(folder).expect("the folder is ours");
    let mut raw = File::create(folder.join("raw")).expect("the folder is ours");
    let (mut log, _) = open(folder);
    // In turns, one by one: a disk whose latency drifts drifts for both.
    let (mut own, mut class_a) = (Vec::new(), Vec::new());
    for _ in 0..FLUSHES {
        let ((), time) = timed(|| {
            raw.write_all(&[0x42; 108]).expect("the disk works");
            raw.sync_data().expect("the disk works");
        });
        own.push(time);
        let ((), time) = timed(|| {
            log.append_entry(&entry(log.next_seq())).expect("the disk works");
            log.flush(Flush::A).expect("the disk works");
        });
        class_a.push(time);
    }
    let (own, class_a) = (percentiles(own), percentiles(class_a));
    row("disk write + fdatasync p50", own.0, "ms", "", "the same disk, in turns with the journal");
    row("disk write + fdatasync p99", own.1, "ms", "", "the same disk, in turns with the journal");
    let times = |ours: f64, disk: f64| format!("{:.2} x the disk's own", ours / disk);
    let note = format!("append, write, sync, mark; {}", times(class_a.0, own.0));
    row("journal flush A p50", class_a.0, "ms", "", &note);
    let note = times(class_a.1, own.1);
    row("journal flush A p99", class_a.1, "ms", "<= 10", &note);
}

/// The median and the 99th percentile in milliseconds.
fn percentiles(mut times: Vec<Duration>) -> (f64, f64) {
    times.sort_unstable();
    let at = |percent: usize| times[times.len() * percent / 100].as_secs_f64() * 1e3;
    (at(50), at(99))
}

fn settings() -> Settings {
    Settings { schema: Some("bench".into()), ..Settings::new("bench") }
}

fn open(folder: &Path) -> (FileLog<RealDisk>, u64) {
    let mut records = 0;
    let (log, _) = FileLog::open(RealDisk::new(folder), settings(), |found| {
        records += u64::from(matches!(black_box(found), Recovered::Record(_)));
    })
    .expect("the journal is whole");
    (log, records)
}

fn append_rows(folder: &Path, entries: u64) -> u64 {
    let (mut log, _) = open(folder);
    let batch: Vec<Entry> = (1..=1000).map(|seq| entry(Seq(seq))).collect();
    let ((), time) = timed(|| {
        for event in batch.iter().cycle().take(usize::try_from(entries).expect("entries fit")) {
            let seq = log.next_seq();
            // The batch is repeated under new sequences, so that making events is not measured.
            let entry = Entry { seq, at: event.at, event: event.event.clone() };
            log.append_entry(&entry).expect("the disk works");
            if seq.0 % 100_000 == 0 {
                log.flush(Flush::A).expect("the disk works");
            }
        }
        log.flush(Flush::A).expect("the disk works");
    });
    let bytes = folder_bytes(folder);
    let nanos = time.as_secs_f64() * 1e9 / entries as f64;
    let note = format!("{entries} entries, one sync per 100,000, syncs included");
    row("journal append, buffered", nanos, "ns/entry", "", &note);
    row("journal append, durable in batches", 1e3 / nanos, "M entries/s", ">= 1", &note);
    row("journal size", bytes as f64 / entries as f64, "bytes/entry", "", "frame and payload");
    bytes
}

fn recovery_rows(folder: &Path, entries: u64, bytes: u64) {
    let note = format!("{entries} entries, {} MiB, page cache warm", bytes >> 20);
    let ((mut log, records), whole) = timed(|| open(folder));
    assert_eq!(records, entries);
    let peak = peak_mib();
    row("journal recovery without snapshot", whole.as_secs_f64(), "s", "<= 20", &note);
    row("journal recovery peak memory", peak, "MiB", "<= 256", "of this whole process");
    log.snapshot(&vec![0x42; 1 << 20]).expect("the disk works");
    for _ in 0..100_000 {
        log.append_entry(&entry(log.next_seq())).expect("the disk works");
    }
    log.flush(Flush::A).expect("the disk works");
    drop(log);
    let ((_, records), recent) = timed(|| open(folder));
    assert_eq!(records, 100_000);
    let note = "1 MiB of state, 100,000 entries since";
    row("journal recovery with snapshot", recent.as_secs_f64(), "s", "<= 4", note);
}

fn folder_bytes(folder: &Path) -> u64 {
    let entries = fs::read_dir(folder).expect("the folder is ours");
    let paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.iter().filter_map(|path| fs::metadata(path).ok()).map(|metadata| metadata.len()).sum()
}

/// The largest memory this process ever held; zero where the system does not say.
fn peak_mib() -> f64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.and_then(|line| line.trim().strip_suffix(" kB")?.trim().parse::<f64>().ok());
    kib.unwrap_or(0.0) / 1024.0
}
