//! Large files: whole and right, or not there.

use std::fs;
use std::path::PathBuf;

use backsight_gateway::newsstand::{Manner, Newsstand, Page};
use backsight_gateway::pull::{Origin, Parcel, Progress, PullFault, Pulled, check, pull};
use backsight_reading::sentiment::manifest::Pin;

use crate::shop::{CALM, Folder, client, stand};

/// Where a test's file goes.
fn target(folder: &Folder) -> PathBuf {
    folder.0.join("model/weights.bin")
}

fn unfinished(folder: &Folder) -> PathBuf {
    folder.0.join("model/weights.bin.unfinished")
}

fn content() -> Vec<u8> {
    (0_u32..100_000).flat_map(|number| number.wrapping_mul(2_654_435_761).to_le_bytes()).collect()
}

fn parcel(stand: &Newsstand) -> Parcel {
    let origin = Origin::Web(client(CALM), stand.url("/feed"));
    Parcel { origin, pin: Pin::of(&content()) }
}

fn file(manner: Manner) -> Newsstand {
    stand(Page::new(content(), "application/octet-stream").served(manner))
}

/// Fetches, and tells how far it was each time.
fn fetch(parcel: &Parcel, folder: &Folder) -> (Result<Pulled, PullFault>, Vec<Progress>) {
    let mut steps = Vec::new();
    let result = pull(parcel, &target(folder), &mut |step| steps.push(step));
    (result, steps)
}

#[test]
fn a_file_arrives_whole_and_is_not_fetched_again() {
    let (stand, folder) = (file(Manner::Well), Folder::new("whole"));
    let parcel = parcel(&stand);
    let (result, steps) = fetch(&parcel, &folder);
    assert_eq!(result.unwrap(), Pulled::Fetched { resumed: 0 });
    assert_eq!(fs::read(target(&folder)).unwrap(), content());
    assert!(!unfinished(&folder).exists());
    assert!(steps.is_sorted_by_key(|step| step.done));
    assert_eq!(steps.last(), Some(&Progress { done: 400_000, whole: 400_000 }));
    assert_eq!(fetch(&parcel, &folder).0.unwrap(), Pulled::Present);
    assert_eq!(stand.log().len(), 1);
    assert!(check(&parcel, &target(&folder)).unwrap());
}

#[test]
fn a_line_that_breaks_is_taken_up_again_where_it_ended() {
    let (stand, folder) = (file(Manner::BreaksOff(150_000)), Folder::new("breaks"));
    let parcel = parcel(&stand);
    assert_eq!(fetch(&parcel, &folder).0.unwrap(), Pulled::Fetched { resumed: 0 });
    assert_eq!(fs::read(target(&folder)).unwrap(), content());
    let log = stand.log();
    let ranges: Vec<_> = log.iter().map(|request| request.header("range").unwrap()).collect();
    assert_eq!(ranges, ["bytes=0-", "bytes=150000-", "bytes=300000-"]);
}

#[test]
fn the_next_run_goes_on_where_the_last_one_ended() {
    let (stand, folder) = (file(Manner::BreaksOff(1_000)), Folder::new("resume"));
    let parcel = parcel(&stand);
    let (result, _) = fetch(&parcel, &folder);
    let fault = result.unwrap_err();
    assert_eq!(
        fault.to_string(),
        "8000 of 400000 bytes are here and kept; the same command goes on from there"
    );
    assert!(!target(&folder).exists());
    stand.serve("/feed", Manner::Well);
    assert_eq!(fetch(&parcel, &folder).0.unwrap(), Pulled::Fetched { resumed: 8_000 });
    assert_eq!(fs::read(target(&folder)).unwrap(), content());
}

#[test]
fn a_server_that_does_no_parts_sends_it_all() {
    let (stand, folder) = (file(Manner::Plain), Folder::new("plain"));
    fs::create_dir_all(target(&folder).parent().unwrap()).unwrap();
    fs::write(unfinished(&folder), &content()[..999]).unwrap();
    assert_eq!(fetch(&parcel(&stand), &folder).0.unwrap(), Pulled::Fetched { resumed: 0 });
    assert_eq!(fs::read(target(&folder)).unwrap(), content());
}

#[test]
fn the_beginning_of_another_file_is_thrown_away() {
    let (stand, folder) = (file(Manner::Well), Folder::new("other-part"));
    fs::create_dir_all(target(&folder).parent().unwrap()).unwrap();
    for part in [vec![b'?'; 5_000], vec![b'?'; 400_000], vec![b'?'; 500_000]] {
        fs::write(unfinished(&folder), part).unwrap();
        assert_eq!(fetch(&parcel(&stand), &folder).0.unwrap(), Pulled::Fetched { resumed: 0 });
        assert_eq!(fs::read(target(&folder)).unwrap(), content());
        fs::remove_file(target(&folder)).unwrap();
    }
}

#[test]
fn another_file_is_never_installed() {
    let (stand, folder) = (file(Manner::Well), Folder::new("other-file"));
    let parcel = parcel(&stand);
    let Pin { bytes, sha256 } = parcel.pin.clone();
    let pinned = |bytes, sha256| Parcel { pin: Pin { bytes, sha256 }, ..parcel.clone() };
    let longer = pinned(bytes + 1, sha256.clone());
    let shorter = pinned(bytes - 1, sha256);
    let other = pinned(bytes, "7".repeat(64));
    for parcel in [longer, shorter, other] {
        let fault = fetch(&parcel, &folder).0.unwrap_err();
        assert!(matches!(fault, PullFault::Other { .. }), "{fault}");
        assert!(!target(&folder).exists() && !unfinished(&folder).exists());
    }
}

#[test]
fn a_damaged_file_is_fetched_again() {
    let (stand, folder) = (file(Manner::Well), Folder::new("damaged"));
    let parcel = parcel(&stand);
    fetch(&parcel, &folder).0.unwrap();
    let mut damaged = content();
    damaged[1_234] ^= 1;
    fs::write(target(&folder), damaged).unwrap();
    assert!(!check(&parcel, &target(&folder)).unwrap());
    assert_eq!(fetch(&parcel, &folder).0.unwrap(), Pulled::Fetched { resumed: 0 });
    assert!(check(&parcel, &target(&folder)).unwrap());
}

#[test]
fn redirects_lead_to_the_file() {
    let (stand, folder) = (file(Manner::Well), Folder::new("redirect"));
    stand.put("/latest", Page::behaving(Manner::Moved { status: 302, to: "/feed".into() }));
    let parcel =
        Parcel { origin: Origin::Web(client(CALM), stand.url("/latest")), ..parcel(&stand) };
    assert_eq!(fetch(&parcel, &folder).0.unwrap(), Pulled::Fetched { resumed: 0 });
}

#[test]
fn a_machine_that_is_offline_says_so() {
    let folder = Folder::new("offline");
    let stand = file(Manner::Well);
    let parcel = parcel(&stand);
    drop(stand);
    let fault = fetch(&parcel, &folder).0.unwrap_err();
    let PullFault::Line { source, .. } = &fault else { panic!("{fault}") };
    assert!(source.to_string().contains("check whether this machine is online"), "{source}");
}

#[test]
fn two_processes_do_not_write_one_file() {
    let (stand, folder) = (file(Manner::Well), Folder::new("busy"));
    fs::create_dir_all(target(&folder).parent().unwrap()).unwrap();
    let held = fs::File::create(unfinished(&folder)).unwrap();
    held.lock().unwrap();
    let fault = fetch(&parcel(&stand), &folder).0.unwrap_err();
    assert!(matches!(fault, PullFault::Busy { .. }), "{fault}");
    drop(held);
    fetch(&parcel(&stand), &folder).0.unwrap();
}

#[test]
fn a_file_of_this_machine_is_copied_as_carefully() {
    let folder = Folder::new("copy");
    fs::create_dir_all(&folder.0).unwrap();
    let original = folder.0.join("original");
    fs::write(&original, content()).unwrap();
    let content = content();
    let parcel = Parcel { origin: Origin::Disk(original.clone()), pin: Pin::of(&content) };
    fs::create_dir_all(folder.0.join("model")).unwrap();
    fs::write(unfinished(&folder), "the beginning of something").unwrap();
    assert_eq!(fetch(&parcel, &folder).0.unwrap(), Pulled::Fetched { resumed: 0 });
    assert_eq!(fs::read(target(&folder)).unwrap(), content);
    fs::remove_file(target(&folder)).unwrap();
    fs::write(&original, &content[1..]).unwrap();
    assert!(matches!(fetch(&parcel, &folder).0, Err(PullFault::Other { .. })));
    fs::remove_file(&original).unwrap();
    assert!(matches!(fetch(&parcel, &folder).0, Err(PullFault::Storage { .. })));
    assert!(!target(&folder).exists());
}
