use std::error::Error;
use std::path::PathBuf;

use backsight_domain::event::Event;

use super::*;
use crate::disk::{Failure, FaultDisk};
use crate::log::Record;
use crate::sample;
use crate::verify::verify;

const FIRST: &str = "0000000001.bsj";

fn settings(segment_bytes: u64) -> Settings {
    Settings { segment_bytes, ..Settings::new("test") }
}

fn open<D: Disk>(disk: D, segment_bytes: u64) -> (FileLog<D>, Vec<Stamped>) {
    let mut records = Vec::new();
    let (log, _) = FileLog::open(disk, settings(segment_bytes), |found| match found {
        Recovered::Record(record) => records.push(record),
        Recovered::Snapshot(_) => panic!("no snapshot was asked for"),
    })
    .unwrap();
    (log, records)
}

fn append(log: &mut impl Log, event: Event) -> Result<(), LogFault> {
    log.append_entry(&sample::entry(log.next_seq(), event))
}

fn append_all(log: &mut impl Log, rounds: usize) -> Result<(), LogFault> {
    for event in (0..rounds).flat_map(|_| sample::small_events()) {
        append(log, event)?;
        let cause = Seq(log.next_seq().0 - 1);
        log.append_decision(log.next_seq(), &sample::decision(cause))?;
    }
    Ok(())
}

fn nothing(_pending: usize) -> usize {
    0
}

fn everything(pending: usize) -> usize {
    pending
}

/// A folder that is gone when the test is.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let folder = format!("backsight-journal-{}-{name}", std::process::id());
        Self(std::env::temp_dir().join(folder))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _gone = std::fs::remove_dir_all(&self.0);
    }
}

#[test]
fn a_record_is_durable_before_flush_a_returns() {
    let mut disk = FaultDisk::new();
    let (mut log, _) = open(&mut disk, 1 << 20);
    for _ in 0..20 {
        append(&mut log, Event::Tick).unwrap();
        log.flush(Flush::A).unwrap();
        let mut after_crash = log.disk.clone();
        after_crash.crash(nothing);
        assert_eq!(verify(&after_crash, Time::utc_date).unwrap().chain, log.chain());
    }
}

#[test]
fn a_record_that_was_not_flushed_may_be_lost_and_nothing_else() {
    let mut disk = FaultDisk::new();
    let (mut log, _) = open(&mut disk, 1 << 20);
    append(&mut log, Event::Tick).unwrap();
    log.flush(Flush::A).unwrap();
    append(&mut log, Event::Tick).unwrap();
    log.flush(Flush::C).unwrap();
    disk.crash(nothing);
    let (log, records) = open(&mut disk, 1 << 20);
    assert_eq!(records.len(), 1);
    assert_eq!(log.next_seq(), Seq(2));
}

#[test]
fn deferred_flushes_are_due_by_their_class() {
    let mut disk = FaultDisk::new();
    let (mut log, _) = open(&mut disk, 1 << 20);
    assert_eq!(log.due(), None);
    append(&mut log, Event::Tick).unwrap();
    let at = sample::entry(Seq(1), Event::Tick).at;
    log.flush(Flush::C).unwrap();
    assert_eq!(log.due(), Some(at + Flush::C.patience()));
    log.flush(Flush::B).unwrap();
    let due = at + Flush::B.patience();
    assert_eq!(log.due(), Some(due));
    log.flush(Flush::C).unwrap();
    assert_eq!(log.due(), Some(due), "a more patient flush does not delay");

    log.maintain(Time::from_nanos(due.nanos() - 1)).unwrap();
    let mut too_early = log.disk.clone();
    too_early.crash(nothing);
    assert_eq!(verify(&too_early, Time::utc_date).unwrap().records, 0);
    log.maintain(due).unwrap();
    assert_eq!(log.due(), None);
    disk.crash(nothing);
    assert_eq!(verify(&disk, Time::utc_date).unwrap().records, 1);
}

#[test]
fn segments_are_filled_in_turn_and_read_as_one() {
    let mut disk = FaultDisk::new();
    let (mut log, _) = open(&mut disk, 4096);
    let mut memory = crate::memory::MemoryLog::new();
    append_all(&mut log, 10).unwrap();
    append_all(&mut memory, 10).unwrap();
    log.flush(Flush::A).unwrap();
    assert_eq!(log.chain(), memory.chain(), "a receipt does not know where it is kept");
    assert!(20 < disk.list().unwrap().len());
    let (log, records) = open(&mut disk, 4096);
    assert_eq!(log.chain(), memory.chain());
    assert_eq!(records, memory.records().collect::<Vec<_>>());
}

#[test]
fn opening_again_continues_the_same_chain() {
    let mut disk = FaultDisk::new();
    let mut memory = crate::memory::MemoryLog::new();
    for round in 1..=5 {
        let (mut log, records) = open(&mut disk, 2048);
        assert_eq!(records.len(), (round - 1) * 2 * sample::small_events().count());
        append_all(&mut log, 1).unwrap();
        append_all(&mut memory, 1).unwrap();
        log.flush(Flush::A).unwrap();
    }
    assert_eq!(verify(&disk, Time::utc_date).unwrap().chain, memory.chain());
}

#[test]
fn after_the_first_fault_nothing_succeeds() {
    let mut whole = FaultDisk::new();
    append_flushing(&mut open(&mut whole, 2048).0).unwrap();
    let operations = whole.operations();
    assert!(50 < operations);
    for failure in [Failure::Full, Failure::Broken, Failure::PowerOff] {
        for at in 0..operations {
            check_fault(at, failure);
        }
    }
}

fn append_flushing(log: &mut impl Log) -> Result<(), LogFault> {
    for event in sample::small_events() {
        append(log, event)?;
        log.flush(Flush::A)?;
    }
    log.flush(Flush::A)
}

/// One operation fails, later ones do not: only the log's own memory keeps it from going on.
fn check_fault(at: u64, failure: Failure) {
    let mut disk = FaultDisk::new();
    disk.fail_at(at, failure);
    let Ok((mut log, _)) = FileLog::open(&mut disk, settings(2048), |_| {}) else { return };
    let mut acknowledged = Seq(0);
    let fault = loop {
        let outcome = append_all(&mut log, 1).and_then(|()| log.flush(Flush::A));
        match outcome {
            Ok(()) => acknowledged = Seq(log.next_seq().0 - 1),
            Err(fault) => break fault,
        }
    };
    assert!(matches!(fault, LogFault::Storage(_)), "{fault}");
    let operations = log.disk.operations();
    let again = append(&mut log, Event::Tick);
    assert!(matches!(again, Err(LogFault::Halted(_))));
    assert!(log.flush(Flush::A).is_err() && log.flush(Flush::C).is_err());
    assert!(log.maintain(Time::from_nanos(i64::MAX)).is_err() && log.snapshot(&[]).is_err());
    assert_eq!(log.disk.operations(), operations, "a halted journal leaves the disk alone");
    for keep in [nothing, everything] {
        let mut disk = disk.clone();
        disk.crash(keep);
        let (log, records) = open(&mut disk, 2048);
        assert!(acknowledged <= records.last().map_or(Seq(0), |record| record.seq));
        assert_eq!(log.next_seq().0, records.len() as u64 + 1);
    }
}

#[test]
fn a_crash_at_every_operation_loses_no_acknowledged_record() {
    let mut crashes = 0;
    for at in 0..400 {
        let mut disk = FaultDisk::new();
        disk.fail_at(at, Failure::PowerOff);
        let mut acknowledged = 0;
        if let Ok((mut log, _)) = FileLog::open(&mut disk, settings(1024), |_| {}) {
            while append(&mut log, Event::Tick).and_then(|()| log.flush(Flush::A)).is_ok() {
                acknowledged += 1;
            }
        }
        // Of every pending thing, one after the other: nothing, a part, everything.
        for kept in 0..4 {
            let mut disk = disk.clone();
            disk.crash(|pending| pending * kept / 3);
            let (log, records) = open(&mut disk, 1024);
            assert!(acknowledged <= records.len(), "crash at {at}, {kept} of 3 kept");
            assert_eq!(log.next_seq().0, records.len() as u64 + 1);
            crashes += 1;
        }
    }
    assert_eq!(crashes, 1600);
}

#[test]
fn a_full_disk_is_named() {
    let mut disk = FaultDisk::new();
    let (mut log, _) = open(&mut disk, 1 << 20);
    append(&mut log, Event::Tick).unwrap();
    log.disk.fail_at(log.disk.operations(), Failure::Full);
    let fault = log.flush(Flush::A).unwrap_err();
    assert_eq!(fault.to_string(), "cannot write `0000000001.bsj`");
    assert_eq!(fault.source().unwrap().to_string(), "no storage space");
}

#[test]
fn a_sync_that_failed_once_is_never_tried_again() {
    let mut disk = FaultDisk::new();
    let (mut log, _) = open(&mut disk, 1 << 20);
    append(&mut log, Event::Tick).unwrap();
    log.disk.fail_at(log.disk.operations() + 1, Failure::Broken);
    assert!(log.flush(Flush::A).is_err());
    assert!(log.flush(Flush::A).is_err(), "the disk would say yes and not have the record");
}

#[test]
fn a_record_too_large_for_a_frame_halts_the_journal() {
    let mut disk = FaultDisk::new();
    let (mut log, _) = open(&mut disk, 1 << 20);
    let fault = append(&mut log, Event::Minute(sample::minute(60_000))).unwrap_err();
    assert!(matches!(fault, LogFault::TooLarge { seq: Seq(1), .. }), "{fault}");
    assert!(matches!(append(&mut log, Event::Tick), Err(LogFault::Halted(_))));
}

#[test]
fn a_second_writer_is_refused_and_told_who_writes() {
    let folder = Folder::new("lock");
    let (log, _) = open(RealDisk::new(&folder.0), 1 << 20);
    let refused = FileLog::open(RealDisk::new(&folder.0), settings(1 << 20), |_| {}).unwrap_err();
    let cause = refused.source().unwrap().to_string();
    assert_eq!(cause, format!("process `{}` writes this journal", std::process::id()));
    drop(log);
    open(RealDisk::new(&folder.0), 1 << 20);
}

#[test]
fn a_held_disk_is_refused() {
    let mut disk = FaultDisk::new();
    disk.hold(true);
    assert!(FileLog::open(&mut disk, settings(1 << 20), |_| {}).is_err());
    assert_eq!(disk.operations(), 0);
}

#[test]
fn a_reader_goes_on_where_the_journal_grew_whatever_was_cut_when_it_looked() {
    let mut whole = FaultDisk::new();
    let (mut log, _) = open(&mut whole, 700);
    append_all(&mut log, 2).unwrap();
    log.flush(Flush::A).unwrap();
    drop(log);
    let records: Vec<Stamped> = Reader::open(&whole).unwrap().map(Result::unwrap).collect();
    let folder = Folder::new("follow");
    let mut written = RealDisk::new(&folder.0);
    written.lock().unwrap();
    let seen = RealDisk::new(&folder.0);
    let mut reader = Reader::open(&seen).unwrap();
    let mut found = Vec::new();
    for name in whole.list().unwrap() {
        written.create(&name).unwrap();
        // Pieces of a length that meets every place of a frame sooner or later.
        for piece in whole.bytes(&name).unwrap().chunks(37) {
            written.append(&name, piece).unwrap();
            reader.resume().unwrap();
            found.extend(reader.by_ref().map(Result::unwrap));
        }
    }
    assert_eq!(found, records);
}

fn append_and_snapshot(disk: impl Disk) -> Vec<Recovered> {
    let mut given = Vec::new();
    let settings = Settings { schema: Some("test".into()), ..settings(8192) };
    let (mut log, _) = FileLog::open(disk, settings, |found| given.push(found)).unwrap();
    append_all(&mut log, 4).unwrap();
    log.snapshot(b"state").unwrap();
    append_all(&mut log, 1).unwrap();
    log.flush(Flush::A).unwrap();
    given
}

#[test]
fn the_real_disk_keeps_what_the_one_in_memory_keeps() {
    let folder = Folder::new("twin");
    let mut memory = FaultDisk::new();
    for _ in 0..3 {
        let real = append_and_snapshot(RealDisk::new(&folder.0));
        assert_eq!(real, append_and_snapshot(&mut memory));
    }
    let real = RealDisk::new(&folder.0);
    let names = real.list().unwrap();
    for name in names.iter().filter(|name| *name != "lock") {
        let mut bytes = vec![0; usize::try_from(real.length(name).unwrap()).unwrap()];
        real.read_at(name, 0, &mut bytes).unwrap();
        assert!(Some(&*bytes) == memory.bytes(name), "`{name}` differs");
    }
    assert_eq!(names.len(), memory.list().unwrap().len() + 1);
}

#[test]
fn a_torn_header_of_a_new_segment_is_begun_anew() {
    let mut disk = FaultDisk::new();
    let (mut log, _) = open(&mut disk, 1024);
    append_all(&mut log, 1).unwrap();
    log.flush(Flush::A).unwrap();
    let (count, chain) = (log.scribe.last.0, log.chain());
    let next = segment::name(log.number + 1);
    for length in [0, 1, 127] {
        let mut disk = disk.clone();
        disk.create(&next).unwrap();
        disk.append(&next, &vec![0x42; length]).unwrap();
        let mut cut = None;
        let (mut log, opening) = FileLog::open(&mut disk, settings(1024), |_| cut = None).unwrap();
        cut = cut.or(opening.cut);
        assert_eq!(cut, Some(Torn { offset: 0, bytes: length as u64 }));
        assert_eq!((log.scribe.last.0, log.chain()), (count, chain));
        append_all(&mut log, 1).unwrap();
        log.flush(Flush::A).unwrap();
        assert_eq!(verify(&disk, Time::utc_date).unwrap().records, count * 2);
    }
}

#[test]
fn records_keep_their_kinds_and_times() {
    let mut disk = FaultDisk::new();
    append_all(&mut open(&mut disk, 1 << 20).0, 1).unwrap();
    let (mut log, _) = open(&mut disk, 1 << 20);
    append_all(&mut log, 1).unwrap();
    log.flush(Flush::A).unwrap();
    let (_, records) = open(&mut disk, 1 << 20);
    for pair in records.chunks(2) {
        let [entry, decision] = pair else { panic!("a decision is missing") };
        assert!(matches!(&entry.record, Record::Entry(inner) if inner.seq == entry.seq));
        assert!(matches!(&decision.record, Record::Decision(inner) if inner.cause == entry.seq));
        assert_eq!(entry.at, decision.at);
    }
}

#[test]
fn a_journal_that_was_never_flushed_is_empty() {
    let mut disk = FaultDisk::new();
    append(&mut open(&mut disk, 1 << 20).0, Event::Tick).unwrap();
    assert_eq!(disk.bytes(FIRST).unwrap().len(), HEADER);
}

#[test]
fn what_opening_gave_is_durable_once_it_is_open() {
    let mut disk = FaultDisk::new();
    let (mut log, _) = open(&mut disk, 8 << 20);
    for _ in 0..8 {
        append(&mut log, Event::Minute(sample::minute(10_000))).unwrap();
    }
    // The process dies with a full buffer written and nothing synced; later the power goes.
    let (_, given) = open(&mut disk, 8 << 20);
    assert_eq!(given.len(), 6);
    disk.crash(nothing);
    let (_, still_there) = open(&mut disk, 8 << 20);
    assert_eq!(given, still_there);
}
