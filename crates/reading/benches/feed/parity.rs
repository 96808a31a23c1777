//! Whether both readers find the same entries.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use backsight_reading::feed::{self, Envelope};

use super::peer;

const FIELDS: [&str; 4] = ["id", "link", "title", "date"];

/// Place, id, link, title and seconds, as both programs print them.
type Entry = Vec<String>;

/// Prints the entries of a document.
pub(super) fn show(path: &Path) {
    println!("== {}", name_of(path));
    for entry in ours(path) {
        println!("{}", entry.join("\t"));
    }
}

/// Refuses to go on when the two differ in anything that is not explained.
pub(super) fn check(python: &Path) {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    let mut files: Vec<PathBuf> = fs::read_dir(&corpus)
        .expect("the corpus stands beside the crate")
        .map(|file| file.expect("it can be listed").path())
        .filter(|path| path.extension().is_some_and(|it| it == "xml" || it == "html"))
        .collect();
    files.sort();
    let paths: Vec<&Path> = files.iter().map(PathBuf::as_path).collect();
    let theirs = peer(python, &["entries"], &paths);
    let mut found = BTreeSet::new();
    let mut entries = 0;
    for (path, theirs) in files.iter().zip(theirs.split("== ").skip(1)) {
        let theirs: Vec<Entry> = theirs.lines().skip(1).map(entry).collect();
        entries += theirs.len();
        found.extend(differences(name_of(path), &ours(path), &theirs));
    }
    let explained = fs::read_to_string(corpus.join("differences.txt")).unwrap_or_default();
    let explained: BTreeSet<String> = explained.lines().filter_map(without_reason).collect();
    for line in found.difference(&explained) {
        println!("not explained: {line}");
    }
    for line in explained.difference(&found) {
        println!("explained, and not there: {line}");
    }
    assert!(found == explained, "the readers differ; no time is taken");
    let files = files.len();
    println!(
        "parity: {entries} entries of {files} documents, {} differences explained",
        found.len()
    );
}

fn ours(path: &Path) -> Vec<Entry> {
    let bytes = fs::read(path).expect("the document is there");
    let feed = feed::parse(&bytes, &Envelope::default());
    let line = |(place, item): (usize, feed::Item<'_>)| {
        let date = item.published.map(|at| at.nanos().div_euclid(1_000_000_000).to_string());
        let date = date.unwrap_or_else(|| "-".to_owned());
        vec![place.to_string(), item.id.into(), item.link.into(), item.title.into(), date]
    };
    feed.items().enumerate().map(line).collect()
}

fn entry(line: &str) -> Entry {
    line.split('\t').map(str::to_owned).collect()
}

/// `file, place, field, theirs, ours`; entries that only one of them has are a difference each.
fn differences(file: &str, ours: &[Entry], theirs: &[Entry]) -> Vec<String> {
    let mut rest = ours.iter().peekable();
    let mut found = Vec::new();
    for their in theirs {
        // With equal counts places decide; else the first that shares a word of identity.
        let shares = |it: &&Entry| (1..4).any(|at| it[at] == their[at] && !their[at].is_empty());
        let paired = rest.next_if(|it| ours.len() == theirs.len() || shares(it));
        let Some(our) = paired else {
            found.push(format!("{file}\t{}\tentry\t{}\t", their[0], their[3]));
            continue;
        };
        for (at, field) in (1..).zip(FIELDS) {
            if our[at] != their[at] {
                found.push(format!("{file}\t{}\t{field}\t{}\t{}", their[0], their[at], our[at]));
            }
        }
    }
    found.extend(rest.map(|our| format!("{file}\t{}\tentry\t\t{}", our[0], our[3])));
    found
}

/// Takes the last column off; a line that begins with `#` is a heading.
fn without_reason(line: &str) -> Option<String> {
    let line = if line.starts_with('#') { None } else { Some(line) };
    line?.rsplit_once('\t').map(|(difference, _)| difference.to_owned())
}

fn name_of(path: &Path) -> &str {
    path.file_name().and_then(|name| name.to_str()).expect("our names are text")
}
