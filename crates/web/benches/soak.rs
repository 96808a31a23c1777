//! A site under load: a journal that grows, readers, sockets. Prints rows for `cargo xtask bench`.
//!
//! The load is that of a busy day: a thousand records a second, two hundred requests a second over
//! connections of their own, fifty sockets that want everything. `SECONDS` says how long; the
//! default is short.
#![expect(clippy::unwrap_used, reason = "what a bench needs is there, or the bench fails")]
#![expect(clippy::disallowed_methods, reason = "a bench reads the clock and keeps a pace")]
#![expect(dead_code, reason = "tests use more of the same pieces")]

#[path = "../tests/it/browser.rs"]
mod browser;
#[path = "../tests/it/stand.rs"]
mod stand;

use std::fs::{self, File};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use backsight_journal::{Reader, RealDisk};
use backsight_web::access::Role;

use crate::browser::Browser;
use crate::stand::{Stand, journal};

const SOCKETS: usize = 50;
const REQUESTS: u32 = 200;
const RECORDS: f64 = 1_000.0;
const ASKERS: u32 = 4;

/// What is asked, in turns.
const PATHS: [&str; 8] = [
    "/api/v1/desk",
    "/api/v1/positions",
    "/api/v1/signals?limit=50",
    "/api/v1/orders?limit=50",
    "/api/v1/symbols",
    "/api/v1/stories?limit=50",
    "/api/v1/equity",
    "/api/v1/pipeline",
];

fn main() {
    let seconds = std::env::var("SECONDS").ok().and_then(|text| text.parse().ok()).unwrap_or(10);
    let whole = journal();
    let folder = whole.with_extension("growing");
    fs::remove_dir_all(&folder).ok();
    fs::create_dir_all(&folder).unwrap();
    let records = Reader::open(&RealDisk::new(whole)).unwrap().count();
    let stand = Stand::over("soak", &folder);
    for role in Role::ALL {
        stand.people().add(role.name(), role, stand::PASSWORD).unwrap();
    }
    let (done, told) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
    let browser = Arc::new(stand.logged_in(Role::Viewer));
    let writer = grow(whole, &folder, records, done.clone());
    for _ in 0..SOCKETS {
        listen(&browser, told.clone());
    }
    let length = Duration::from_secs(seconds);
    let askers: Vec<_> = (0..ASKERS).map(|_| ask(browser.clone(), length)).collect();
    let mut times: Vec<Duration> = askers.into_iter().flat_map(|it| it.join().unwrap()).collect();
    done.store(true, Ordering::Relaxed);
    writer.join().unwrap();
    times.sort();
    let at = |share: usize| times[(times.len() - 1) * share / 100].as_secs_f64() * 1e3;
    let rate = f64::from(u32::try_from(times.len()).unwrap()) / length.as_secs_f64();
    let told = told.load(Ordering::Relaxed);
    let load =
        format!("{SOCKETS} sockets, {REQUESTS} requests/s, {RECORDS:.0} records/s, {seconds} s");
    row("requests answered", rate, "/s", "200", &load);
    row("answer, median", at(50), "ms", "", "from the moment it was due, a connection each");
    row("answer, 99 of 100", at(99), "ms", "at most 50", "the same");
    row("sockets, together", megabytes(told) / length.as_secs_f64(), "MB/s", "", "six topics each");
    row(
        "memory of the process",
        resident(),
        "MiB",
        "at most 512",
        "clients and the mirror included",
    );
    fs::remove_dir_all(&folder).ok();
}

#[expect(clippy::print_stdout, reason = "the rows are what a bench is for")]
fn row(name: &str, value: f64, unit: &str, goal: &str, note: &str) {
    println!("ROW | {name} | {value:.2} | {unit} | {goal} | {note}");
}

/// Writes the journal anew, piece by piece, as fast as a busy desk does.
fn grow(
    whole: &Path,
    folder: &Path,
    records: usize,
    done: Arc<AtomicBool>,
) -> thread::JoinHandle<()> {
    let mut names: Vec<_> = fs::read_dir(whole).unwrap().flatten().map(|it| it.path()).collect();
    names.retain(|path| path.extension().is_some_and(|kind| kind == "bsj"));
    names.sort();
    let folder = folder.to_owned();
    thread::spawn(move || {
        for path in names {
            let bytes = fs::read(&path).unwrap();
            let mut file = File::create(folder.join(path.file_name().unwrap())).unwrap();
            let beats = f64::from(u32::try_from(records).unwrap()) / RECORDS * 100.0;
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a pace")]
            let piece = bytes.len() / (beats as usize).max(1) + 1;
            for piece in bytes.chunks(piece) {
                file.write_all(piece).unwrap();
                thread::sleep(Duration::from_millis(10));
                if done.load(Ordering::Relaxed) {
                    return;
                }
            }
        }
    })
}

/// Opens a socket that wants everything, and counts the bytes that come.
fn listen(browser: &Browser, told: Arc<AtomicU64>) {
    let mut stream = TcpStream::connect(browser.address()).unwrap();
    let (address, cookie) = (browser.address(), browser.cookie().unwrap());
    write!(
        stream,
        "GET /ws HTTP/1.1\r\nHost: {address}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
         Cookie: {cookie}\r\nOrigin: http://{address}\r\n\r\n"
    )
    .unwrap();
    let text = r#"{"subscribe":["desk","prices","stories","signals","orders","positions"]}"#;
    let mut frame = vec![0x81, 0x80 | u8::try_from(text.len()).unwrap(), 0, 0, 0, 0];
    frame.extend_from_slice(text.as_bytes());
    stream.write_all(&frame).unwrap();
    thread::spawn(move || {
        let mut buffer = vec![0; 64 << 10];
        while let Ok(read) = stream.read(&mut buffer) {
            if read == 0 {
                return;
            }
            told.fetch_add(read as u64, Ordering::Relaxed);
        }
    });
}

/// Asks at a steady pace and measures from the moment a question was due.
fn ask(browser: Arc<Browser>, length: Duration) -> thread::JoinHandle<Vec<Duration>> {
    let beat = Duration::from_secs(1) * ASKERS / REQUESTS;
    thread::spawn(move || {
        let begun = Instant::now();
        let mut times = Vec::new();
        let mut due = Duration::ZERO;
        while due < length {
            thread::sleep(due.saturating_sub(begun.elapsed()));
            let answer = browser.get(PATHS[times.len() % PATHS.len()]);
            assert_eq!(answer.status, 200);
            times.push(begun.elapsed().saturating_sub(due));
            due += beat;
        }
        times
    })
}

#[expect(clippy::cast_precision_loss, reason = "a figure of three digits")]
fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}

/// Memory of this process, clients included, in mebibytes.
fn resident() -> f64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kibibytes = line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok());
    kibibytes.unwrap_or(f64::NAN) / 1024.0
}
