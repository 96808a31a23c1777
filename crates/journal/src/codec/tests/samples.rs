//! Bytes that were once written are read for ever.
//!
//! `samples/v1.bin` is one segment with a record of every kind. It was written once; only its
//! absence lets the test write it. `samples/v1.txt` is what it says, rewritten from the bytes with
//! `UPDATE_EXPECT=1` when the domain tells the same facts in other words.

use std::path::Path;

use backsight_domain::event::{Entry, Event};

use crate::disk::{Disk, FaultDisk};
use crate::file::{FileLog, RealDisk, Settings};
use crate::log::{Flush, Log, Record, Stamped};
use crate::reader::Reader;
use crate::sample;

const SEGMENT: &str = "0000000001.bsj";

fn samples() -> RealDisk {
    RealDisk::new(&Path::new(env!("CARGO_MANIFEST_DIR")).join("samples"))
}

fn load(name: &str) -> Vec<u8> {
    let samples = samples();
    let mut bytes = vec![0; usize::try_from(samples.length(name).unwrap()).unwrap()];
    samples.read_at(name, 0, &mut bytes).unwrap();
    bytes
}

fn save(name: &str, bytes: &[u8]) {
    let mut samples = samples();
    if samples.length(name).is_ok() {
        samples.remove(name).unwrap();
    }
    samples.create(name).unwrap();
    samples.append(name, bytes).unwrap();
}

fn write_sample() -> Vec<u8> {
    let mut disk = FaultDisk::new();
    let (mut log, _) = FileLog::open(&mut disk, Settings::new("sample"), |_| {}).unwrap();
    for event in sample::events() {
        log.append_entry(&sample::entry(log.next_seq(), event)).unwrap();
    }
    let cause = sample::entry(log.next_seq(), Event::Tick);
    log.append_entry(&cause).unwrap();
    log.append_decision(log.next_seq(), &sample::decision(cause.seq)).unwrap();
    log.flush(Flush::A).unwrap();
    disk.bytes(SEGMENT).unwrap().to_vec()
}

fn read(bytes: &[u8]) -> Vec<Stamped> {
    let mut disk = FaultDisk::new();
    disk.create(SEGMENT).unwrap();
    disk.append(SEGMENT, bytes).unwrap();
    Reader::open(&disk).unwrap().collect::<Result<_, _>>().unwrap()
}

/// A policy grows with the rules, so only what identifies it is part of the text.
fn describe(stamped: &Stamped) -> String {
    let Stamped { seq, at, record, .. } = stamped;
    let record = match record {
        Record::Entry(Entry { event: Event::PolicyAdopted(adopted), .. }) => {
            let accounts: Vec<_> = adopted.policy.accounts.keys().collect();
            format!("PolicyAdopted {:?} by {:?} for {accounts:?}", adopted.version, adopted.who)
        }
        Record::Entry(entry) => format!("{:?}", entry.event),
        Record::Decision(decision) => format!("{decision:?}"),
    };
    format!("{seq} {at} {record}\n")
}

#[expect(clippy::disallowed_methods, reason = "a test asks whether to rewrite what it expects")]
fn is_update() -> bool {
    std::env::var("UPDATE_EXPECT").is_ok()
}

#[test]
fn version_1_is_read_for_ever() {
    if samples().length("v1.bin").is_err() {
        save("v1.bin", &write_sample());
    }
    let records = read(&load("v1.bin"));
    let chain = format!("chain {}\n", records.last().unwrap().chain);
    let text: String = records.iter().map(describe).chain([chain]).collect();
    if is_update() {
        save("v1.txt", text.as_bytes());
    }
    assert!(text.as_bytes() == load("v1.txt"), "the sample says something else:\n{text}");
}

#[test]
fn what_is_written_today_is_what_version_1_says() {
    let text = |bytes: &[u8]| read(bytes).iter().map(describe).collect::<String>();
    assert_eq!(text(&load("v1.bin")), text(&write_sample()));
}
