//! What a poll costs beside the wait for the server: when nothing changed, and when the body is a bomb.
//!
//! Prints one line `ROW | name | value | unit | goal | note` for each figure.
//!
//! ```text
//! cargo bench -p backsight-gateway --bench poll
//! ```

#![expect(clippy::print_stdout, reason = "a bench prints what it measured")]
#![expect(clippy::disallowed_methods, reason = "a bench reads the clock")]

use std::fs;
use std::hint::black_box;
use std::io::Write;
use std::time::Instant;

use backsight_domain::time::{Span, Time};
use backsight_gateway::feed::schedule::{Manners, Schedule};
use backsight_gateway::feed::{Feed, Outcome};
use backsight_gateway::http::{Answer, Head, Validators};
use backsight_gateway::newsstand::paper::{Format, Item, Paper};
use backsight_gateway::url::Url;
use flate2::Compression;
use flate2::write::GzEncoder;

/// Polls whose median is printed.
const POLLS: usize = 2_000;

fn main() {
    let small = paper(50).print(Format::Rss2).body;
    let large = paper(500).print(Format::Rss2).body;
    let packed = packed(&large);
    unchanged("unchanged, by status 304", &Answer { head: head(304, None), body: Vec::new() });
    for (name, coding, body) in [
        ("the same 50 items, not packed", None, &small),
        ("the same 500 items, not packed", None, &large),
        ("the same 500 items, packed", Some("gzip"), &packed),
    ] {
        let name = format!("{name}, {} KiB", body.len() >> 10);
        unchanged(&name, &Answer { head: head(200, coding), body: body.clone() });
    }
    bombs();
}

fn unchanged(name: &str, answer: &Answer) {
    let url = Url::parse("https://outlet.example/feed").expect("the address is good");
    let feed = Feed { name: "outlet".into(), url, every: Span::from_minutes(5) };
    let start = Time::from_seconds(1_700_000_000);
    let mut schedule = Schedule::new(vec![feed], Manners::default(), 7, start);
    let first = if answer.head.status == 304 {
        Answer { head: head(200, None), body: b"x".to_vec() }
    } else {
        answer.clone()
    };
    poll(&mut schedule, first);
    let mut times: Vec<u128> = (0..POLLS)
        .map(|_| {
            let answer = answer.clone();
            let began = Instant::now();
            assert_eq!(poll(&mut schedule, answer), Outcome::Unchanged);
            began.elapsed().as_nanos()
        })
        .collect();
    times.sort_unstable();
    row(name, times[POLLS / 2], "ns", &format!("median of {POLLS} polls"));
}

fn row(name: &str, value: impl std::fmt::Display, unit: &str, note: &str) {
    println!("ROW | {name} | {value} | {unit} |  | {note}");
}

fn poll(schedule: &mut Schedule, answer: Answer) -> Outcome {
    let now = schedule.wake().expect("a feed is due");
    let errand = schedule.next(now).expect("a feed is due");
    black_box(schedule.finish(errand.feed, Ok(answer), now)).outcome
}

/// A gigabyte in a megabyte, or in less.
fn bombs() {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    let nothing = vec![b' '; 1 << 20];
    for _ in 0..1_024 {
        encoder.write_all(&nothing).expect("memory takes every byte");
    }
    let bomb = encoder.finish().expect("memory takes every byte");
    drop(nothing);
    refuse("gzip", bomb);
    refuse("br", include_bytes!("../tests/packed/bomb.br").to_vec());
}

fn refuse(coding: &str, bomb: Vec<u8>) {
    let length = bomb.len();
    let url = Url::parse("https://outlet.example/feed").expect("the address is good");
    let feed = Feed { name: "outlet".into(), url, every: Span::from_minutes(5) };
    let mut schedule = Schedule::new(vec![feed], Manners::default(), 7, Time::from_seconds(1));
    let before = peak_kib();
    let began = Instant::now();
    let outcome = poll(&mut schedule, Answer { head: head(200, Some(coding)), body: bomb });
    let spent = began.elapsed();
    assert!(matches!(outcome, Outcome::Failed(_)), "a bomb is no body");
    let note = format!("{length} bytes of {coding} that unpack to 1 GiB");
    row("bomb: time until it is refused", spent.as_millis(), "ms", &note);
    if let Some((after, before)) = peak_kib().zip(before) {
        let grown = after.saturating_sub(before);
        row("bomb: memory beyond the peak before", grown, "KiB", &note);
    }
}

/// The most memory that the process had, where the system tells.
fn peak_kib() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

fn head(status: u16, coding: Option<&str>) -> Head {
    let validators = Validators { etag: Some("\"1\"".into()), last_modified: None };
    Head { status, validators, content_encoding: coding.map(Into::into), ..Head::default() }
}

fn packed(body: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(body).and_then(|()| encoder.finish()).expect("memory takes every byte")
}

fn paper(items: u32) -> Paper {
    let item = |at: u32| {
        let number = at.wrapping_mul(2_654_435_761);
        Item {
            id: format!("urn:outlet:{number}"),
            title: format!("Company {at} says {number} shares change hands in a quiet session"),
            link: format!("https://outlet.example/news/{number}/company-{at}"),
            summary: format!("In short, number {number} is what the company reported. ").repeat(5),
            published: Some(Time::from_seconds(1_700_000_000 + i64::from(at) * 60)),
        }
    };
    let items = (0..items).map(item).collect();
    Paper { title: "Outlet".into(), link: "https://outlet.example/".into(), items }
}
