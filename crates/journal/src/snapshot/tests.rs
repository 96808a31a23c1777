use backsight_domain::event::Event;

use super::*;
use crate::disk::{Failure, FaultDisk};
use crate::file::{FileLog, Opening, Recovered, Settings};
use crate::log::{Flush, Log};
use crate::sample;

fn settings(schema: &str) -> Settings {
    Settings { segment_bytes: 512, schema: Some(schema.into()), ..Settings::new("test") }
}

/// The snapshot's state, if one was used, and how many records followed it.
fn open(disk: &mut FaultDisk, schema: &str) -> (Option<Vec<u8>>, u64, Opening) {
    let (mut state, mut records) = (None, 0);
    let (_, opening) = FileLog::open(disk, settings(schema), |found| match found {
        Recovered::Snapshot(snapshot) => {
            assert_eq!(records, 0, "a snapshot comes first");
            state = Some(snapshot.state);
        }
        Recovered::Record(_) => records += 1,
    })
    .unwrap();
    assert_eq!(opening.records, records);
    (state, records, opening)
}

/// Five times twenty records, a snapshot with the number of records after each twenty, ten more.
fn journal() -> FaultDisk {
    let mut disk = FaultDisk::new();
    let (mut log, _) = FileLog::open(&mut disk, settings("v1"), |_| {}).unwrap();
    for round in 1..=5 {
        ticks(&mut log, 20);
        log.snapshot(&[round * 20]).unwrap();
    }
    ticks(&mut log, 10);
    log.flush(Flush::A).unwrap();
    disk
}

fn ticks(log: &mut impl Log, count: u64) {
    for _ in 0..count {
        log.append_entry(&sample::entry(log.next_seq(), Event::Tick)).unwrap();
    }
}

fn newest(disk: &FaultDisk) -> String {
    names(disk).unwrap().remove(0)
}

#[test]
fn recovery_goes_on_from_the_newest_of_three() {
    let mut disk = journal();
    assert_eq!(names(&disk).unwrap().len(), 3);
    let (state, records, opening) = open(&mut disk, "v1");
    assert_eq!((state, records), (Some(vec![100]), 10));
    assert_eq!(opening.snapshot, Some(Seq(100)));
}

#[test]
fn a_snapshot_with_any_flipped_bit_is_passed_over_for_an_older_one() {
    let disk = journal();
    let name = newest(&disk);
    for bit in 0..disk.length(&name).unwrap() * 8 {
        let mut disk = disk.clone();
        disk.flip(&name, bit);
        let (state, records, opening) = open(&mut disk, "v1");
        assert_eq!((state, records), (Some(vec![80]), 30));
        assert!(matches!(&*opening.passed_over, [(passed, SnapshotFlaw::Hash)] if *passed == name));
    }
}

#[test]
fn a_snapshot_of_another_schema_is_passed_over() {
    let (state, records, opening) = open(&mut journal(), "v2");
    assert_eq!((state, records), (None, 110));
    let all = opening.passed_over.iter().all(|(_, flaw)| matches!(flaw, SnapshotFlaw::Schema));
    assert!(all && opening.passed_over.len() == 3);
}

#[test]
fn a_snapshot_of_another_journal_is_passed_over() {
    let mut disk = journal();
    for (seq, chain) in [(Seq(105), Chain([7; 32])), (Seq(500), Chain([7; 32]))] {
        let snapshot = Snapshot { seq, chain, schema: "v1".into(), state: vec![1] };
        store(&mut disk, &snapshot).unwrap();
    }
    let (state, records, opening) = open(&mut disk, "v1");
    assert_eq!((state, records), (Some(vec![100]), 10));
    let all = opening.passed_over.iter().all(|(_, flaw)| matches!(flaw, SnapshotFlaw::Foreign));
    assert!(all && opening.passed_over.len() == 2);
}

#[test]
fn without_a_usable_snapshot_everything_is_read() {
    let mut disk = journal();
    for name in names(&disk).unwrap() {
        disk.truncate(&name, 10).unwrap();
    }
    let (state, records, _) = open(&mut disk, "v1");
    assert_eq!((state, records), (None, 110));
}

#[test]
fn segments_before_a_snapshot_are_trusted_by_their_headers_and_verified_on_request() {
    let mut disk = journal();
    disk.flip("0000000001.bsj", 8 * 200);
    let (state, records, _) = open(&mut disk, "v1");
    assert_eq!((state, records), (Some(vec![100]), 10));
    assert!(crate::verify::verify(&disk, backsight_domain::time::Time::utc_date).is_err());
}

#[test]
fn a_crash_while_a_snapshot_is_written_leaves_the_journal_and_the_older_ones() {
    for at in 0..12 {
        for kept in 0..3 {
            let mut disk = journal();
            let (mut log, _) = FileLog::open(&mut disk, settings("v1"), |_| {}).unwrap();
            ticks(&mut log, 10);
            log.flush(Flush::A).unwrap();
            drop(log);
            let before = disk.operations();
            disk.fail_at(before + 2 + at, Failure::PowerOff);
            if let Ok((mut log, _)) = FileLog::open(&mut disk, settings("v1"), |_| {}) {
                let _may_fail = log.snapshot(&[120]);
            }
            disk.crash(|pending| pending * kept / 2);
            let (state, records, _) = open(&mut disk, "v1");
            assert!(matches!((state.as_deref(), records), (Some([100]), 20) | (Some([120]), 0)));
        }
    }
}
