use crate::log::Record;
use backsight_domain::event::Event;

use super::*;

fn tick(seq: u64) -> Entry {
    Entry { seq: Seq(seq), at: Time::from_seconds(60), event: Event::Tick }
}

fn decision(cause: u64) -> Decision {
    Decision { cause: Seq(cause), ..Decision::default() }
}

#[test]
fn records_come_back_in_order_with_their_chain() {
    let mut log = MemoryLog::new();
    log.append_entry(&tick(1)).unwrap();
    log.append_decision(Seq(2), &decision(1)).unwrap();
    log.append_entry(&tick(3)).unwrap();
    let records: Vec<Stamped> = log.records().collect();
    assert_eq!(records[0].record, Record::Entry(tick(1)));
    assert_eq!(records[1].record, Record::Decision(decision(1)));
    assert_eq!(records[1].at, Time::from_seconds(60));
    assert_eq!(records[2].chain, log.chain());
    assert_eq!(log.next_seq(), Seq(4));
}

#[test]
fn a_digest_has_the_same_receipt_as_the_whole_journal() {
    let (mut whole, mut digest) = (MemoryLog::new(), MemoryLog::digest_only());
    for seq in 1..100 {
        whole.append_entry(&tick(seq)).unwrap();
        digest.append_entry(&tick(seq)).unwrap();
    }
    assert_eq!(whole.chain(), digest.chain());
    assert_eq!((digest.records().count(), digest.bytes()), (0, 0));
}

#[test]
#[should_panic(expected = "entries are numbered without gaps")]
fn a_gap_in_the_sequence_is_a_bug() {
    let _unused = MemoryLog::new().append_entry(&tick(2));
}

#[test]
fn a_record_too_large_for_a_frame_halts_it() {
    let mut log = MemoryLog::new();
    let minute = Event::Minute(crate::sample::minute(60_000));
    let entry = Entry { seq: Seq(1), at: Time::from_seconds(60), event: minute };
    assert!(matches!(log.append_entry(&entry), Err(LogFault::TooLarge { seq: Seq(1), .. })));
    assert!(matches!(log.append_entry(&tick(1)), Err(LogFault::Halted(_))));
    assert!(matches!(log.flush(Flush::A), Err(LogFault::Halted(_))));
    assert_eq!(log.records().count(), 0);
}
