use backsight_domain::event::Event;
use backsight_domain::time::Time;
use proptest::prelude::*;

use super::*;
use crate::disk::FaultDisk;
use crate::file::{FileLog, Settings};
use crate::frame::Frame;
use crate::log::{Flush, Log};
use crate::sample;
use crate::segment::HEADER;
use crate::verify::verify;

/// A journal of several segments, every record flushed in class A.
fn journal(segment_bytes: u64, rounds: usize) -> (FaultDisk, Vec<Stamped>) {
    let mut disk = FaultDisk::new();
    let settings = Settings { segment_bytes, ..Settings::new("test") };
    let (mut log, _) = FileLog::open(&mut disk, settings, |_| {}).unwrap();
    for event in (0..rounds).flat_map(|_| sample::small_events()) {
        log.append_entry(&sample::entry(log.next_seq(), event)).unwrap();
        log.flush(Flush::A).unwrap();
    }
    let records = Reader::open(&disk).unwrap().collect::<Result<_, _>>().unwrap();
    (disk, records)
}

fn last_name(disk: &FaultDisk) -> String {
    disk.list().unwrap().pop().unwrap()
}

/// Recovers or refuses; on recovery returns how many records there are.
fn open(disk: &mut FaultDisk) -> Result<usize, ReadFault> {
    let mut records = 0;
    FileLog::open(disk, Settings::new("test"), |_| records += 1)?;
    Ok(records)
}

fn damage_of(disk: &FaultDisk) -> Damage {
    match verify(disk, Time::utc_date) {
        Err(ReadFault::Damage(damage)) => damage,
        other => panic!("expected damage, got {other:?}"),
    }
}

#[test]
fn a_tail_torn_at_any_byte_is_cut_to_the_last_whole_record() {
    let (disk, records) = journal(1 << 20, 2);
    let name = last_name(&disk);
    let whole = disk.bytes(&name).unwrap().to_vec();
    let mut ends = vec![];
    let mut at = HEADER;
    while at < whole.len() {
        let frame = Frame::parse(&whole[at..]).unwrap();
        at += frame.length();
        if frame.head.kind != MARK {
            ends.push(at);
        }
    }
    assert_eq!(ends.len(), records.len());
    for length in (0..whole.len()).rev() {
        let mut disk = FaultDisk::new();
        disk.create(&name).unwrap();
        disk.append(&name, &whole[..length]).unwrap();
        let kept = ends.iter().filter(|end| **end <= length).count();
        assert_eq!(open(&mut disk).unwrap(), kept, "cut to {length} bytes");
        assert_eq!(verify(&disk, Time::utc_date).unwrap().torn, None, "the tail was cut off");
    }
}

#[test]
fn a_tail_of_garbage_or_zeros_is_cut_and_reported() {
    let (disk, records) = journal(1 << 20, 1);
    let name = last_name(&disk);
    let length = disk.length(&name).unwrap();
    for garbage in [vec![0; 5000], vec![0xff; 5000], b"power was lost here".to_vec()] {
        let mut disk = disk.clone();
        disk.append(&name, &garbage).unwrap();
        let verified = verify(&disk, Time::utc_date).unwrap();
        let bytes = garbage.len() as u64;
        assert_eq!(verified.torn, Some(Torn { offset: length, bytes }));
        assert_eq!(open(&mut disk).unwrap(), records.len());
    }
}

#[test]
fn no_flipped_bit_in_the_last_4_kib_loses_a_flushed_record() {
    let (disk, records) = journal(1 << 20, 2);
    let name = last_name(&disk);
    let bits = disk.length(&name).unwrap() * 8;
    let (mut recovered, mut refused) = (0, 0);
    for bit in bits - 4096 * 8..bits {
        let mut disk = disk.clone();
        disk.flip(&name, bit);
        match open(&mut disk) {
            Ok(count) => {
                assert_eq!(count, records.len(), "bit {bit}");
                recovered += 1;
            }
            Err(ReadFault::Damage(damage)) => {
                assert_eq!(*damage.segment, *name);
                assert!(damage.offset <= bit / 8, "bit {bit}: {damage}");
                refused += 1;
            }
            Err(fault) => panic!("bit {bit}: {fault}"),
        }
    }
    // Only the last mark, which is no record, may be cut.
    assert_eq!(recovered, HEAD * 8);
    assert_eq!(recovered + refused, 4096 * 8);
}

#[test]
fn a_flipped_bit_in_an_earlier_segment_is_refused_at_its_place() {
    let (disk, _) = journal(2048, 3);
    let names = disk.list().unwrap();
    for (index, name) in names[..names.len() - 1].iter().enumerate() {
        let bits = disk.length(name).unwrap() * 8;
        for bit in (0..bits).step_by(97) {
            let mut disk = disk.clone();
            disk.flip(name, bit);
            let damage = damage_of(&disk);
            assert_eq!(*damage.segment, **name, "bit {bit} of segment {index}");
            assert!(damage.offset <= bit / 8);
            assert!(open(&mut disk).is_err());
        }
    }
}

#[test]
fn a_refusal_says_where_what_and_what_to_do() {
    let (mut disk, _) = journal(1 << 20, 1);
    disk.flip("0000000001.bsj", 8 * 150);
    let text = damage_of(&disk).to_string();
    let expected = "`0000000001.bsj` is damaged at byte `128`, after record `0`: \
                    no whole record is here, and more follows; \
                    nothing was changed: put this file back from a copy";
    assert_eq!(text, expected);
}

#[test]
fn a_missing_segment_is_refused() {
    let (disk, _) = journal(2048, 3);
    for name in ["0000000001.bsj", "0000000002.bsj"] {
        let mut disk = disk.clone();
        disk.remove(name).unwrap();
        let damage = damage_of(&disk);
        assert_eq!((&*damage.segment, damage.flaw), (name, Flaw::Missing));
    }
}

#[test]
fn a_segment_of_another_journal_is_refused() {
    let (mut disk, _) = journal(2048, 3);
    let mut other = FaultDisk::new();
    let settings = Settings { segment_bytes: 2048, ..Settings::new("test") };
    let (mut log, _) = FileLog::open(&mut other, settings, |_| {}).unwrap();
    for _ in 0..200 {
        log.append_entry(&sample::entry(log.next_seq(), Event::Tick)).unwrap();
    }
    log.flush(Flush::A).unwrap();
    let name = "0000000002.bsj";
    let bytes = other.bytes(name).unwrap().to_vec();
    disk.remove(name).unwrap();
    disk.create(name).unwrap();
    disk.append(name, &bytes).unwrap();
    let damage = damage_of(&disk);
    assert_eq!((&*damage.segment, damage.flaw), (name, Flaw::Unlinked));
}

#[test]
fn a_record_that_was_replaced_with_care_breaks_the_chain() {
    let (disk, records) = journal(1 << 20, 1);
    let name = last_name(&disk);
    let whole = disk.bytes(&name).unwrap();
    // The forger recomputes the checksum of the first record and keeps everything else.
    let mut forged = whole.to_vec();
    let frame = HEADER..HEADER + Frame::parse(&whole[HEADER..]).unwrap().length();
    forged[frame.end - 1] = 2;
    let checksum = crc32c::crc32c(&forged[frame.start + 4..frame.end]);
    forged[frame.start..frame.start + 4].copy_from_slice(&checksum.to_le_bytes());
    assert_ne!(forged, whole);
    let mut disk = FaultDisk::new();
    disk.create(&name).unwrap();
    disk.append(&name, &forged).unwrap();
    let damage = damage_of(&disk);
    assert_eq!((damage.flaw, damage.offset), (Flaw::Chain, HEADER as u64));
    assert!(1 < records.len());
}

#[test]
fn a_record_of_a_newer_build_is_refused_by_name() {
    let (disk, _) = journal(1 << 20, 1);
    let name = last_name(&disk);
    let mut bytes = disk.bytes(&name).unwrap()[..HEADER].to_vec();
    let start = crate::frame::begin(&mut bytes);
    let head = Head { seq: Seq(1), kind: 17, version: 9, at: Time::from_seconds(1) };
    crate::frame::seal(start, head, &Chain::START, &mut bytes).unwrap();
    let mut disk = FaultDisk::new();
    disk.create(&name).unwrap();
    disk.append(&name, &bytes).unwrap();
    let damage = damage_of(&disk);
    assert_eq!(damage.flaw, Flaw::Undecodable(Undecodable::UnknownVersion(9)));
    assert!(damage.to_string().ends_with("start the build that wrote it"));
}

#[test]
fn an_empty_folder_is_an_empty_journal() {
    let disk = FaultDisk::new();
    assert_eq!(Reader::open(&disk).unwrap().count(), 0);
}

proptest! {
    #[test]
    fn prop_any_bytes_in_a_segment_are_read_or_refused(
        at: proptest::sample::Index,
        bytes in proptest::collection::vec(any::<u8>(), 1..200),
        is_last: bool,
    ) {
        let (disk, records) = journal(2048, 1);
        let names = disk.list().unwrap();
        let name = if is_last { &names[names.len() - 1] } else { &names[0] };
        let mut content = disk.bytes(name).unwrap().to_vec();
        let at = at.index(content.len());
        let end = (at + bytes.len()).min(content.len());
        content[at..end].copy_from_slice(&bytes[..end - at]);
        prop_assume!(content != disk.bytes(name).unwrap());
        let mut damaged = disk.clone();
        damaged.remove(name).unwrap();
        damaged.create(name).unwrap();
        damaged.append(name, &content).unwrap();
        match open(&mut damaged) {
            // Many bytes can be lost at the end; what is left is the front of what was written.
            Ok(count) => prop_assert!(is_last && count <= records.len()),
            Err(ReadFault::Damage(damage)) => prop_assert_eq!(&*damage.segment, &**name),
            Err(fault) => prop_assert!(false, "{}", fault),
        }
    }

    #[test]
    fn prop_a_file_of_any_bytes_is_no_reason_to_panic(
        bytes in proptest::collection::vec(any::<u8>(), 0..400),
        has_header: bool,
    ) {
        let mut disk = FaultDisk::new();
        disk.create("0000000001.bsj").unwrap();
        if has_header {
            let header = Header { number: 1, first: Seq(1), chain: Chain::START };
            disk.append("0000000001.bsj", &header.bytes("test")).unwrap();
        }
        disk.append("0000000001.bsj", &bytes).unwrap();
        prop_assert_eq!(open(&mut disk).unwrap(), 0);
        prop_assert_eq!(open(&mut disk).unwrap(), 0);
    }
}
