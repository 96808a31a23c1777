//! The rung below the models: words and phrases with a strength, and a dozen rules between them.
//!
//! It needs no training, says nothing it cannot explain, and answers every text. The words stand in
//! `models/lexicon.txt`, which also says what a section means. A direction (`rises`) is good news by itself and bad
//! news beside a *burden* (`costs`), whatever order they come in.

mod table;

use super::words::{self, Kind, Word, hash_of};
use super::{Label, Passage, Rung, RungKind, Sentiment, Tone};
use table::Table;

/// The words we ship.
const TERMS: &str = include_str!("../../models/lexicon.txt");

/// Words after a negation, or between an adverb and what it strengthens, within which it still counts.
const REACH: usize = 4;
/// Words before a direction in which its burden may stand, and words after it; for a burden it is the other way round.
const BURDEN_REACH: (usize, usize) = (6, 3);
const DIRECTION_REACH: (usize, usize) = (3, 6);
/// Words between a comparison word and the two numbers it compares.
const COMPARED_WITHIN: usize = 5;
/// Sum of strengths that gives a score of 0.76.
const SUM_SCALE: f32 = 4.0;
/// What a term counts in another clause than the company's, and nearer to another company.
const OTHER_CLAUSE: f32 = 0.4;
const OTHER_COMPANY: f32 = 0.35;

/// Score from which a text is good or bad; below it the label is neutral.
const LABEL_FROM: f64 = 0.35;
/// Share of right labels from each absolute score on, measured on the headlines that calibrate the linear model.
const CONFIDENCES: [(f32, f64); 6] =
    [(0.0, 0.75), (0.2, 0.55), (0.35, 0.6), (0.6, 0.78), (0.79, 0.87), (0.88, 0.9)];

/// What a term is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Role {
    #[default]
    Plain,
    Good,
    Bad,
    Up,
    Down,
    Burden,
    Not,
    More,
    Less,
    But,
}

impl Role {
    fn is_direction(self) -> bool {
        matches!(self, Self::Up | Self::Down)
    }
}

/// What the lexicon says about one word of a text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tag {
    pub(crate) role: Role,
    pub(crate) strength: u8,
    /// Words the term covers; 0 inside a term that began before.
    pub(crate) length: u8,
}

impl Tag {
    /// A small number that tells roles and strengths apart.
    pub(crate) fn class(self) -> u64 {
        self.role as u64 * 4 + u64::from(self.strength)
    }
}

/// The lexicon as a rung.
#[derive(Debug)]
pub struct Lexicon {
    table: Table,
    rung: Rung,
}

impl Default for Lexicon {
    fn default() -> Self {
        Self::new()
    }
}

impl Lexicon {
    /// Loads the built-in words.
    pub fn new() -> Self {
        let table = Table::parse(TERMS).expect("the built-in words are read by a test");
        let rung = Rung::new(RungKind::Lexicon, "backsight-lexicon", "1");
        Self { table, rung }
    }

    /// Counts the terms it knows, phrases included.
    pub fn terms(&self) -> usize {
        self.table.terms()
    }

    /// The label that a tone of this rung stands for.
    pub fn label(tone: Tone) -> Label {
        if tone.score.abs() < LABEL_FROM {
            return Label::Neutral;
        }
        if 0.0 < tone.score { Label::Good } else { Label::Bad }
    }

    /// Says what each word is.
    pub(crate) fn tags(&self, words: &[Word]) -> Vec<Tag> {
        let mut tags = vec![Tag::default(); words.len()];
        let mut at = 0;
        while at < words.len() {
            let (tag, length) = self.table.longest(&words[at..]);
            tags[at] = tag;
            at += length.max(1);
        }
        compare_numbers(words, &mut tags);
        tags
    }
}

impl Sentiment for Lexicon {
    fn rung(&self) -> &Rung {
        &self.rung
    }

    fn read_one(&self, passage: &Passage<'_>) -> Tone {
        let words = words::words_about(passage);
        let tags = self.tags(&words);
        Balance::of(&words, &tags, passage.about.is_some()).tone()
    }
}

/// Sums of what speaks for and against.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Balance {
    good: f32,
    bad: f32,
}

impl Balance {
    /// Weighs the terms of a text; when asked `about_company`, what stands elsewhere counts less.
    pub(crate) fn of(words: &[Word], tags: &[Tag], about_company: bool) -> Self {
        let nearness = if about_company { Nearness::new(words) } else { Nearness::NONE };
        let mut weighing = Weighing::default();
        for (at, tag) in tags.iter().enumerate() {
            let burdened = || beside(words, tags, at, BURDEN_REACH, |role| role == Role::Burden);
            let directed = || beside(words, tags, at, DIRECTION_REACH, Role::is_direction);
            let strength = f32::from(tag.strength);
            let weight = match tag.role {
                Role::Good => strength,
                Role::Bad => -strength,
                Role::Up => {
                    if burdened() {
                        -strength
                    } else {
                        strength
                    }
                }
                Role::Down => {
                    if burdened() {
                        strength
                    } else {
                        -strength
                    }
                }
                Role::Burden => {
                    if directed() {
                        0.0
                    } else {
                        -strength
                    }
                }
                Role::Plain => continue,
                Role::Not | Role::More | Role::Less | Role::But => {
                    weighing.change(at, *tag);
                    continue;
                }
            };
            weighing.add(at, weight * nearness.share(words, at));
        }
        if words.last().is_some_and(|word| word.hash == words::QUESTION) {
            weighing.balance.fade();
        }
        weighing.balance
    }

    fn add(&mut self, weight: f32) {
        if 0.0 < weight {
            self.good += weight;
        } else {
            self.bad -= weight;
        }
    }

    /// Lets what came so far count for less.
    fn fade(&mut self) {
        self.good *= 0.6;
        self.bad *= 0.6;
    }

    /// What is left when both sides are set against each other.
    pub(crate) fn sum(self) -> f32 {
        self.good - self.bad
    }

    /// The tone, as sure as texts with such a sum were right.
    fn tone(self) -> Tone {
        let score = libm::tanhf(self.sum() / SUM_SCALE);
        let floor = CONFIDENCES.iter().rev().find(|(floor, _)| *floor <= score.abs());
        let (_, confidence) = floor.expect("the first floor is zero");
        Tone::new(f64::from(score), *confidence)
    }
}

/// The sums so far, and the words that wait for what they change.
#[derive(Debug, Default)]
struct Weighing {
    balance: Balance,
    /// A negation counts before this word.
    turned_until: usize,
    /// An adverb and the word before which it counts.
    changed: Option<(f32, usize)>,
    /// The last weight and its word.
    last: Option<(usize, f32)>,
}

impl Weighing {
    /// Takes a word that weighs nothing itself.
    fn change(&mut self, at: usize, tag: Tag) {
        if tag.role == Role::Not {
            self.turned_until = at + usize::from(tag.length) + REACH;
            return;
        }
        if tag.role == Role::But {
            return self.balance.fade();
        }
        let factor = if tag.role == Role::More { 1.4 } else { 0.5 };
        match self.last.filter(|(before, _)| at <= before + 2) {
            // A sum of one sign shrinks by adding to the other.
            Some((_, weight)) => self.balance.add(weight * (factor - 1.0)),
            None => self.changed = Some((factor, at + REACH)),
        }
    }

    fn add(&mut self, at: usize, mut weight: f32) {
        if weight == 0.0 {
            return;
        }
        if let Some((factor, until)) = self.changed.take()
            && at < until
        {
            weight *= factor;
        }
        if at < self.turned_until {
            weight *= -0.7;
            self.turned_until = 0;
        }
        self.balance.add(weight);
        self.last = Some((at, weight));
    }
}

/// Where the company stands that is asked about.
struct Nearness {
    company: Option<usize>,
}

impl Nearness {
    /// Nobody is asked about: every word counts.
    const NONE: Self = Self { company: None };

    fn new(words: &[Word]) -> Self {
        Self { company: words.iter().position(|word| word.hash == words::COMPANY) }
    }

    /// How much of a word's weight belongs to the company.
    fn share(&self, words: &[Word], at: usize) -> f32 {
        let Some(company) = self.company else { return 1.0 };
        let share = if words[at].clause == words[company].clause { 1.0 } else { OTHER_CLAUSE };
        let rivals = words.iter().enumerate().filter(|(_, word)| word.hash == words::OTHER);
        let rival = rivals.map(|(rival, _)| rival.abs_diff(at)).min();
        if rival.is_some_and(|it| it < company.abs_diff(at)) {
            share * OTHER_COMPANY
        } else {
            share
        }
    }
}

/// Looks for a role up to `reach.0` words before and `reach.1` words after, inside the clause.
fn beside(
    words: &[Word],
    tags: &[Tag],
    at: usize,
    reach: (usize, usize),
    is: impl Fn(Role) -> bool,
) -> bool {
    let (start, end) = (at.saturating_sub(reach.0), (at + reach.1 + 1).min(words.len()));
    let clause = words[at].clause;
    (start..end).any(|near| near != at && words[near].clause == clause && is(tags[near].role))
}

const COMPARING: [u64; 5] =
    [hash_of("from"), hash_of("compared"), hash_of("versus"), hash_of("vs"), hash_of("against")];

/// Tags `13.1 mn from 8.7 mn` as a rise where no word says so.
fn compare_numbers(words: &[Word], tags: &mut [Tag]) {
    let number = |word: &&Word| word.kind == Kind::Number;
    if words.iter().filter(number).nth(1).is_none() {
        return;
    }
    for at in 0..words.len() {
        if words[at].kind != Kind::Word || !COMPARING.contains(&words[at].hash) {
            continue;
        }
        let start = at.saturating_sub(2 * COMPARED_WITHIN);
        let spoken = |tag: &Tag| matches!(tag.role, Role::Up | Role::Down | Role::Good | Role::Bad);
        if tags[start..at].iter().any(spoken) {
            continue;
        }
        let before = words[..at].iter().rev().take(COMPARED_WITHIN).find(number);
        let after = words[at + 1..].iter().take(COMPARED_WITHIN).find(number);
        let (Some(now), Some(then)) = (before, after) else { continue };
        if now.value.total_cmp(&then.value).is_ne() {
            let role = if then.value < now.value { Role::Up } else { Role::Down };
            tags[at] = Tag { role, strength: 2, length: 1 };
        }
    }
}

#[cfg(test)]
mod tests;
