//! A text as the resolver sees it: its words with what is known of each, and its manner of capitals.

use super::cue::Traits;
use super::names::Names;
use super::token::{self, Folded, Gap, Shape};
use super::trie::{UNKNOWN, WordId};

/// One word of the text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token {
    /// Its first byte.
    pub start: usize,
    /// The byte behind it.
    pub end: usize,
    /// Its number.
    pub word: WordId,
    /// What the word is known to be.
    pub traits: Traits,
    /// How it is written.
    pub shape: Shape,
    /// What stands before it.
    pub gap: Gap,
    /// Whether a `$` stands directly before it.
    pub cash: bool,
}

/// How a text uses capitals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    /// A capital is a name or the beginning of a sentence.
    Sentence,
    /// Most words have one, so that it says little.
    Title,
    /// All letters are capitals.
    Caps,
    /// No letter is one.
    Lower,
}

/// A text, its words and its style.
#[derive(Clone, Debug)]
pub(super) struct Seen<'a> {
    /// The text.
    pub text: &'a str,
    /// Its words.
    pub tokens: Vec<Token>,
    /// How it uses capitals.
    pub style: Style,
}

/// Words behind this many are not read.
const TOKENS_MAX: usize = 4_096;

impl<'a> Seen<'a> {
    /// Reads the words of a text.
    pub(super) fn new(names: &Names, text: &'a str) -> Self {
        let mut folded = Folded::default();
        let mut tokens = Vec::with_capacity(text.len() / 5 + 4);
        for piece in token::pieces(text).take(TOKENS_MAX) {
            let word = folded.fold(piece.text).map_or(UNKNOWN, |it| names.vocabulary.find(it));
            tokens.push(Token {
                start: piece.start,
                end: piece.start + piece.text.len(),
                word,
                traits: names.lexicon.of(word),
                shape: token::shape(piece.text),
                gap: piece.gap,
                cash: piece.cash,
            });
        }
        let style = style(&tokens);
        Self { text, tokens, style }
    }

    /// The word at a place as it is written.
    pub(super) fn word(&self, place: usize) -> &'a str {
        let token = &self.tokens[place];
        &self.text[token.start..token.end]
    }

    /// Whether one of these words, which are in lower case, stands at a place.
    pub(super) fn is(&self, place: usize, words: &[&str]) -> bool {
        place < self.tokens.len()
            && words.iter().any(|word| word.eq_ignore_ascii_case(self.word(place)))
    }

    /// The byte behind a place, if any.
    pub(super) fn byte_after(&self, place: usize) -> Option<u8> {
        self.text.as_bytes().get(self.tokens[place].end).copied()
    }

    /// Whether a sentence, a quotation or a part of a headline begins at a place.
    pub(super) fn begins(&self, place: usize) -> bool {
        let start =
            |gap| matches!(gap, Gap::Stop | Gap::Colon | Gap::Dash | Gap::Quote | Gap::Close);
        start(self.tokens[place].gap)
    }

    /// The traits at a place, none outside.
    pub(super) fn traits(&self, place: usize) -> Traits {
        self.tokens.get(place).map_or_else(Traits::default, |token| token.traits)
    }

    /// Whether any word has one of these traits.
    pub(super) fn has(&self, bits: Traits) -> bool {
        self.tokens.iter().any(|token| token.traits.any(bits))
    }
}

fn style(tokens: &[Token]) -> Style {
    let (mut lower, mut capital, mut upper, mut short_upper) = (0_usize, 0_usize, 0_usize, 0_usize);
    for token in tokens.iter().filter(|token| !token.cash) {
        let long = 4 <= token.end - token.start;
        match token.shape {
            Shape::Lower if long => lower += 1,
            Shape::Capital | Shape::Mixed if long => capital += 1,
            Shape::Upper if long => upper += 1,
            Shape::Upper => short_upper += 1,
            Shape::Lower | Shape::Capital | Shape::Mixed | Shape::Number => {}
        }
    }
    let long = lower + capital + upper;
    if 3 <= upper && 4 * upper >= 3 * long {
        Style::Caps
    } else if 4 <= long && lower * 4 <= long {
        Style::Title
    } else if capital + upper + short_upper == 0
        && tokens.iter().all(|it| it.shape != Shape::Capital)
    {
        Style::Lower
    } else {
        Style::Sentence
    }
}
