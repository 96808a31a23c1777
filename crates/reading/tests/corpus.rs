//! The corpus of broken feeds: what each document says stands in `corpus/expected.txt`, line by line.
//!
//! Beside the four fields that other readers have too, a line holds the author, the categories and the beginning of the
//! text; problems follow the items. The feed bench compares the first four with feedparser.

use std::fs;
use std::path::{Path, PathBuf};

use backsight_reading::feed::{self, Envelope};

/// Bytes of an item's text that are shown.
const TEXT_SHOWN: usize = 60;

#[test]
fn every_document_says_what_it_said_before() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    let mut said = String::new();
    let documents = documents(&corpus);
    assert!(40 <= documents.len(), "the corpus is there");
    for path in &documents {
        describe(path, &mut said);
    }
    let place = corpus.join("expected.txt");
    let expected = fs::read_to_string(&place).unwrap();
    if said != expected {
        let new = Path::new(env!("CARGO_TARGET_TMPDIR")).join("expected.txt");
        fs::write(&new, &said).unwrap();
        let line = said.lines().zip(expected.lines()).find(|(said, expected)| said != expected);
        panic!("{line:?} (said, expected); when `{}` is right, copy it over", new.display());
    }
}

#[test]
fn every_beginning_of_every_document_is_read() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    for path in documents(&corpus) {
        let bytes = fs::read(&path).unwrap();
        let whole = feed::parse(&bytes, &Envelope::default());
        for length in 0..bytes.len() {
            let cut = feed::parse(&bytes[..length], &Envelope::default());
            assert!(cut.len() <= whole.len() + 1, "{} cut at {length}", path.display());
        }
    }
}

fn documents(corpus: &Path) -> Vec<PathBuf> {
    let listed = fs::read_dir(corpus)
        .expect("the corpus is there")
        .filter_map(|file| Some(file.ok()?.path()));
    let mut documents: Vec<PathBuf> =
        listed.filter(|path| path.extension().is_some_and(|it| it != "txt")).collect();
    documents.sort();
    documents
}

fn describe(path: &Path, said: &mut String) {
    let bytes = fs::read(path).expect("it was listed");
    let feed = feed::parse(&bytes, &Envelope::default());
    let name = path.file_name().and_then(|name| name.to_str()).expect("our names are text");
    let heading = format!("== {name}: {:?}, `{}`\n", feed.format(), feed.title());
    said.push_str(&heading);
    for item in feed.items() {
        let date = item.published.map_or_else(|| "undated".to_owned(), |at| at.to_string());
        let text = &item.text()[..item.text().floor_char_boundary(TEXT_SHOWN)];
        let categories: Vec<&str> = item.categories().collect();
        let fields =
            [item.id, item.link, item.title, &date, item.author, &categories.join(", "), text];
        said.extend([&fields.join(" | "), "\n"]);
    }
    for problem in feed.problems() {
        said.extend(["! ", &problem.to_string(), "\n"]);
    }
}
