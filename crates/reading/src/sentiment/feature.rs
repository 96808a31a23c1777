//! What the linear model sees of a passage: hashed evidence in five groups.
//!
//! | Group | Evidence |
//! |---|---|
//! | words | each word, each pair of neighbours, each pair with one word between |
//! | letters | runs of four and five letters inside a word |
//! | classes | what the lexicon says of a word, alone and beside its neighbour, and how the text weighs as a whole |
//! | places | for a company: each word and class with its place relative to the company |
//! | meetings | a class with the word that follows or comes before it |
//!
//! Names say nothing about the next headline, so the company asked about and the other companies are each one word,
//! whatever they are called.

use super::Passage;
use super::lexicon::{Balance, Lexicon, Role, Tag};
use super::words::{CASHTAG, COMPANY, Kind, NUMBER, OTHER, Word, hash_of, join, words_about};

/// Groups of evidence, each with a scale of its own.
pub(crate) const GROUPS: usize = 5;

/// A group of evidence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Group {
    Words = 0,
    Letters = 1,
    Classes = 2,
    Places = 3,
    Meetings = 4,
}

const EDGE: u64 = hash_of("<edge>");
const SKIP: u64 = hash_of("<skip>");
const BALANCE: u64 = hash_of("<balance>");
const QUALITIES: u64 = hash_of("<qualities>");

/// Letters of the runs.
const RUN_SHORT: u32 = 4;
const RUN_LONG: u32 = 5;
/// Words from the company up to which a word is near it.
const NEAR: usize = 3;

/// Tells `sink` each piece of evidence: its group and its hash.
pub(crate) fn evidence(lexicon: &Lexicon, passage: &Passage<'_>, mut sink: impl FnMut(Group, u64)) {
    let words = words_about(passage);
    let tags = lexicon.tags(&words);
    word_evidence(&words, &mut sink);
    for word in words.iter().filter(|word| word.kind == Kind::Word && !word.is_company()) {
        letter_evidence(&passage.text.as_bytes()[word.span()], &mut sink);
    }
    let classes: Vec<u64> = words.iter().zip(&tags).map(|(word, tag)| class(word, *tag)).collect();
    class_evidence(&words, &classes, &mut sink);
    let whole = Balance::of(&words, &tags, false);
    sink(Group::Classes, join(BALANCE, bin(whole)));
    if passage.about.is_some() {
        place_evidence(&words, &classes, &mut sink);
        let own = Balance::of(&words, &tags, true);
        sink(Group::Places, join(join(BALANCE, 1), bin(own)));
    }
}

/// What a word is, besides its letters; 0 when that is nothing.
fn class(word: &Word, tag: Tag) -> u64 {
    match (word.kind, tag.role) {
        _ if word.is_company() => word.hash,
        (Kind::Number, Role::Plain) => NUMBER,
        (Kind::Cashtag, Role::Plain) => CASHTAG,
        (Kind::Mark, Role::Plain) => word.hash,
        _ => tag.class(),
    }
}

fn word_evidence(words: &[Word], sink: &mut impl FnMut(Group, u64)) {
    let (mut before, mut earlier) = (EDGE, EDGE);
    for it in words {
        sink(Group::Words, it.hash);
        sink(Group::Words, join(before, it.hash));
        sink(Group::Words, join(join(earlier, SKIP), it.hash));
        (earlier, before) = (before, it.hash);
    }
    sink(Group::Words, join(before, EDGE));
}

/// Runs of letters, with the word's edges as letters.
fn letter_evidence(word: &[u8], sink: &mut impl FnMut(Group, u64)) {
    let (short, long) = (mask_of(RUN_SHORT), mask_of(RUN_LONG));
    let (mut run, mut length) = (u64::from(b'<'), 1);
    for byte in word.iter().map(u8::to_ascii_lowercase).chain([b'>']) {
        run = (run << 8) | u64::from(byte);
        length += 1;
        if RUN_SHORT <= length {
            sink(Group::Letters, run & short);
        }
        if RUN_LONG <= length {
            sink(Group::Letters, run & long);
        }
    }
}

const fn mask_of(letters: u32) -> u64 {
    (1 << (8 * letters)) - 1
}

fn class_evidence(words: &[Word], classes: &[u64], sink: &mut impl FnMut(Group, u64)) {
    let (mut before, mut word_before, mut spoken) = (EDGE, EDGE, EDGE);
    for (word, class) in words.iter().zip(classes.iter().copied()) {
        sink(Group::Classes, join(before, class));
        if class != 0 {
            sink(Group::Classes, class);
            // The last class that said something, however many plain words ago.
            sink(Group::Classes, join(join(spoken, SKIP), class));
            sink(Group::Meetings, join(word_before, class));
            spoken = class;
        }
        if before != 0 {
            sink(Group::Meetings, join(before, word.hash));
        }
        (before, word_before) = (class, word.hash);
    }
}

fn place_evidence(words: &[Word], classes: &[u64], sink: &mut impl FnMut(Group, u64)) {
    let Some(company) = words.iter().position(|it| it.hash == COMPANY) else { return };
    let others = words.iter().filter(|it| it.hash == OTHER).count();
    let first = words[..company].iter().all(|it| it.hash != OTHER);
    sink(Group::Places, join(QUALITIES, (others.min(3) * 2 + usize::from(first)) as u64));
    let mut parted = false;
    for (at, (word, class)) in words.iter().zip(classes.iter().copied()).enumerate() {
        if word.hash == COMPANY {
            continue;
        }
        parted |= company < at && word.hash == OTHER;
        let distance = at.abs_diff(company);
        let mut place = u64::from(at < company) + 2 * u64::from(distance <= NEAR);
        place += 4 * u64::from(word.clause != words[company].clause) + 8 * u64::from(parted);
        let salt = join(COMPANY, place);
        sink(Group::Places, join(salt, word.hash));
        if class != 0 {
            sink(Group::Places, join(join(salt, SKIP), class));
        }
        if distance == 1 {
            sink(Group::Places, join(join(COMPANY, 32 + u64::from(at < company)), word.hash));
        }
    }
}

/// The balance in one of thirteen bins.
fn bin(balance: Balance) -> u64 {
    const FLOORS: [f32; 12] = [-4.0, -3.0, -2.0, -1.4, -0.7, -0.1, 0.1, 0.7, 1.4, 2.0, 3.0, 4.0];
    FLOORS.iter().filter(|floor| **floor <= balance.sum()).count() as u64
}
