use backsight_domain::event::{Entry, Event};
use backsight_domain::id::Seq;
use backsight_domain::time::Span;

use super::*;
use crate::disk::FaultDisk;
use crate::file::{FileLog, Settings};
use crate::log::{Flush, Log};
use crate::memory::MemoryLog;

const HALF_DAY: Span = Span::from_minutes(12 * 60);

fn write(log: &mut impl Log, entries: u64) {
    for seq in 1..=entries {
        let half_days = i64::try_from(seq).unwrap() * HALF_DAY.nanos();
        let entry = Entry { seq: Seq(seq), at: Time::from_nanos(half_days), event: Event::Tick };
        log.append_entry(&entry).unwrap();
    }
    log.flush(Flush::A).unwrap();
}

#[test]
fn each_date_has_the_chain_after_its_last_record_as_receipt() {
    let mut disk = FaultDisk::new();
    write(&mut FileLog::open(&mut disk, Settings::new("a"), |_| {}).unwrap().0, 5);
    let verified = verify(&disk, Time::utc_date).unwrap();
    let receipt = |entries| {
        let mut log = MemoryLog::digest_only();
        write(&mut log, entries);
        log.chain()
    };
    let day = Date::from_days;
    let receipts = vec![(day(0), receipt(1)), (day(1), receipt(3)), (day(2), receipt(5))];
    assert_eq!(verified.receipts, receipts);
    assert_eq!((verified.records, verified.chain), (5, receipt(5)));
    assert_eq!(verified.first, Some(Time::from_nanos(HALF_DAY.nanos())));
    assert_eq!(verified.last, Some(Time::from_nanos(5 * HALF_DAY.nanos())));
}

#[test]
fn receipts_do_not_depend_on_segments_builds_or_restarts() {
    let mut one = FaultDisk::new();
    write(&mut FileLog::open(&mut one, Settings::new("a"), |_| {}).unwrap().0, 50);
    let mut many = FaultDisk::new();
    let settings = Settings { segment_bytes: 300, ..Settings::new("another build") };
    write(&mut FileLog::open(&mut many, settings, |_| {}).unwrap().0, 50);
    drop(FileLog::open(&mut many, Settings::new("a third"), |_| {}).unwrap());
    let receipts = |disk| verify(disk, Time::utc_date).unwrap().receipts;
    assert_eq!(receipts(&one), receipts(&many));
}
