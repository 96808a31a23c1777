use std::fs;
use std::io::Write;
use std::path::PathBuf;

use backsight_domain::alert::Severity;
use backsight_domain::time::{Span, Time};

use super::{FILE, Fate, Item, Outbox, WAITING_MAX};
use crate::alert::{Letter, Sent};

const PATIENCE: Span = Span::from_minutes(60);

/// A folder of a test, gone at its end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("backsight-{name}-{}", std::process::id()));
        fs::remove_dir_all(&path).ok();
        Self(path)
    }

    fn open(&self) -> Outbox {
        Outbox::open(&self.0, PATIENCE).unwrap()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).ok();
    }
}

fn letter(id: &str, severity: Severity) -> Letter {
    Letter {
        id: id.to_owned(),
        kind: "desk.overfill".to_owned(),
        severity,
        subject: "subject".to_owned(),
        text: "text\nof two lines".to_owned(),
        html: Some("<p>text</p>".to_owned()),
        at: at(0),
    }
}

fn at(seconds: i64) -> Time {
    Time::from_seconds(1_704_469_320 + seconds)
}

fn put(outbox: &mut Outbox, id: &str, seconds: i64) -> bool {
    let letter = letter(id, Severity::Warning);
    outbox.put((&letter, 0), "mail", (at(seconds), at(seconds))).unwrap()
}

fn next(outbox: &Outbox, seconds: i64) -> Option<Item> {
    outbox.next("mail", at(seconds)).cloned()
}

fn later() -> Sent {
    Sent::Later { why: "busy".to_owned(), after: None }
}

#[test]
fn a_letter_that_was_put_in_is_there_after_a_crash_and_once() {
    let folder = Folder::new("outbox-once");
    let mut outbox = folder.open();
    assert!(put(&mut outbox, "a", 0));
    assert!(!put(&mut outbox, "a", 1));
    drop(outbox);
    let mut outbox = folder.open();
    assert!(!put(&mut outbox, "a", 2), "it is known");
    let item = next(&outbox, 2).unwrap();
    assert_eq!(item.letter, letter("a", Severity::Warning));
    assert_eq!(outbox.finish(&item, Sent::Taken, at(3)).unwrap(), None);
    drop(outbox);
    let mut outbox = folder.open();
    assert_eq!(next(&outbox, 9_999), None);
    assert!(!put(&mut outbox, "a", 4), "what was delivered is not put in again");
    assert_eq!(outbox.standing("mail").sent, Some(at(3)));
}

#[test]
fn a_torn_line_is_no_line_and_a_broken_one_is_counted() {
    let folder = Folder::new("outbox-torn");
    let mut outbox = folder.open();
    put(&mut outbox, "a", 0);
    drop(outbox);
    let mut file = fs::OpenOptions::new().append(true).open(folder.0.join(FILE)).unwrap();
    file.write_all(b"{\"what\": 1}\n{\"put\": {\"id\": \"b\", \"rou").unwrap();
    drop(file);
    let mut outbox = folder.open();
    assert_eq!((outbox.items().len(), outbox.damaged()), (1, 1));
    assert!(put(&mut outbox, "b", 1));
    drop(outbox);
    let outbox = folder.open();
    assert_eq!((outbox.items().len(), outbox.damaged()), (2, 0), "the file is whole again");
}

#[test]
fn two_processes_cannot_send_from_one_outbox() {
    let folder = Folder::new("outbox-two");
    let first = folder.open();
    let second = Outbox::open(&folder.0, PATIENCE);
    assert_eq!(second.unwrap_err().kind(), std::io::ErrorKind::ResourceBusy);
    drop(first);
    folder.open();
}

#[test]
fn pauses_grow_are_spread_and_have_a_bound() {
    let folder = Folder::new("outbox-pause");
    let mut outbox = folder.open();
    put(&mut outbox, "a", 0);
    let mut pauses = Vec::new();
    let mut now = at(0);
    while let Some(item) = outbox.next("mail", now).cloned() {
        let lost = outbox.finish(&item, later(), now).unwrap();
        if let Some(lost) = lost {
            assert!(matches!(&lost.fate, Fate::GivenUp(_, why) if why.contains("tried for 1 h")));
            break;
        }
        let due = outbox.wake("mail").unwrap();
        pauses.push((due - now).millis_floor());
        now = due;
    }
    let longest = |n: usize| (5_000 << n.min(20)).min(30 * 60 * 1_000_i64);
    for (n, pause) in pauses.iter().enumerate() {
        assert!((longest(n) / 2..=longest(n)).contains(pause), "{pauses:?}");
    }
    assert!(now - at(0) < PATIENCE, "given up within the hour");
    assert!(8 <= pauses.len(), "{pauses:?}");
    let standing = outbox.standing("mail");
    assert_eq!((standing.waiting, standing.given_up, standing.failing_since), (0, 1, Some(at(0))));
    // The name of a letter spreads it.
    put(&mut outbox, "b", 0);
    let item = next(&outbox, 0).unwrap();
    outbox.finish(&item, later(), at(0)).unwrap();
    assert_ne!((outbox.wake("mail").unwrap() - at(0)).millis_floor(), pauses[0]);
}

#[test]
fn tries_go_on_where_they_were_after_a_restart() {
    let folder = Folder::new("outbox-tries");
    let mut outbox = folder.open();
    put(&mut outbox, "a", 0);
    let item = next(&outbox, 0).unwrap();
    outbox.finish(&item, later(), at(0)).unwrap();
    let due = outbox.wake("mail");
    for _ in 0..2 {
        drop(std::mem::replace(&mut outbox, Outbox::read(&folder.0, PATIENCE).unwrap()));
        outbox = {
            drop(outbox);
            folder.open()
        };
        assert_eq!(outbox.wake("mail"), due);
        assert_eq!(outbox.items()[0].tries, 1);
        assert_eq!(outbox.standing("mail").fault.as_deref(), Some("busy"));
    }
}

#[test]
fn the_wish_of_a_server_is_heeded_within_bounds() {
    let folder = Folder::new("outbox-wish");
    let mut outbox = folder.open();
    put(&mut outbox, "a", 0);
    let item = next(&outbox, 0).unwrap();
    let after = Some(Span::from_seconds(90));
    outbox.finish(&item, Sent::Later { why: "busy".to_owned(), after }, at(0)).unwrap();
    assert_eq!(outbox.wake("mail"), Some(at(90)));
}

#[test]
fn the_worst_goes_first_and_what_does_not_fit_is_given_up() {
    let folder = Folder::new("outbox-full");
    let mut outbox = folder.open();
    for n in 0..WAITING_MAX {
        put(&mut outbox, &n.to_string(), 0);
    }
    let worst = letter("worst", Severity::Emergency);
    outbox.put((&worst, 0), "mail", (at(1), at(1))).unwrap();
    assert_eq!(next(&outbox, 1).unwrap().letter.id, "worst");
    let standing = outbox.standing("mail");
    assert_eq!((standing.waiting, standing.given_up), (WAITING_MAX, 1));
}

#[test]
fn rounds_of_a_letter_are_counted() {
    let folder = Folder::new("outbox-rounds");
    let mut outbox = folder.open();
    assert_eq!(outbox.told("a"), None);
    put(&mut outbox, "a", 0);
    let letter = letter("a", Severity::Warning);
    assert!(outbox.put((&letter, 1), "mail", (at(60), at(60))).unwrap());
    assert_eq!(outbox.told("a"), Some((2, at(60))));
    outbox.see(17).unwrap();
    drop(outbox);
    let outbox = folder.open();
    assert_eq!((outbox.told("a"), outbox.seen()), (Some((2, at(60))), Some(17)));
}
