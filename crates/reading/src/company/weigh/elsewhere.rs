//! Whether a name means somebody or something else that bears it: a person, a place, a contest, the past.
//!
//! Surnames, towns and common words are whole names of companies. What tells is the rest of the text:
//! a title, an age, a college, a stadium, or talk of life where nothing speaks of business.

use super::Around;
use crate::company::cue::Traits;
use crate::company::hit::Hit;
use crate::company::seen::{Style, Token};
use crate::company::token::{Gap, Shape};

/// Issuers up to this place are known to everybody.
const FAMOUS: u32 = 150;

/// Names that people and places bear.
const SURNAME_OR_TOWN: Traits = Traits::NAMESAKE.or(Traits::PROPER).or(Traits::FIRST_NAME);

impl Around<'_> {
    /// An age behind a name, a title or a first name before it, or what only people do: `Clark, 34, teaches`.
    pub(super) fn is_person(&self, hit: &Hit) -> bool {
        let behind = |place: usize| self.seen.tokens.get(place);
        let digits = |token: &Token| {
            token.shape == Shape::Number && (1..=2).contains(&(token.end - token.start))
        };
        let aged = behind(hit.end).is_some_and(|it| it.gap == Gap::Comma && digits(it))
            && behind(hit.end + 1).is_some_and(|it| it.gap == Gap::Comma);
        let first = self.seen.traits(hit.first).any(Traits::FIRST_NAME) && 1 < hit.end - hit.first;
        // `Raymond James, the drummer`.
        let told = first
            && behind(hit.end).is_some_and(|it| it.gap == Gap::Comma)
            && self.seen.is(hit.end, &["a", "the"])
            && self.seen.traits(hit.end + 1).any(Traits::PERSON);
        let called = hit.first.checked_sub(1).is_some_and(|before| {
            let traits = self.seen.traits(before);
            // `Will` and `Mark` begin many a headline.
            let given = traits.any(Traits::FIRST_NAME) && !traits.any(Traits::ORDINARY);
            let title = traits.any(Traits::PERSON) || given;
            let capital = self.seen.tokens[before].shape == Shape::Capital;
            title && capital && self.seen.tokens[hit.first].gap == Gap::Space
        });
        // `Deputy Carter Sysco`, `Charles Schwab of Wichita`.
        let titled = hit.first.checked_sub(2).is_some_and(|title| {
            let between = self.seen.tokens[title + 1];
            let joined = between.gap == Gap::Space && self.seen.tokens[hit.first].gap == Gap::Space;
            let capital = between.shape == Shape::Capital && !self.is_marked(title + 1);
            capital && joined && self.seen.traits(title).any(Traits::PERSON)
        });
        let from = first
            && self.seen.is(hit.end, &["of"])
            && behind(hit.end + 1).is_some_and(|it| it.shape == Shape::Capital);
        let down = self.seen.is(hit.end + 1, &["down", "off", "up"]);
        let human = self.seen.traits(hit.end).any(Traits::HUMAN) && !down;
        aged || told || titled || from || human || called && !self.is_marked(hit.first - 1)
    }

    /// What follows makes a place or a contest of it: `Regis College`, `Waste Management Phoenix Open`, `in Stryker, Ohio`.
    pub(super) fn is_place(&self, hit: &Hit) -> bool {
        let capital = |place: usize| {
            let token = self.seen.tokens.get(place);
            token.is_some_and(|it| it.gap == Gap::Space && it.shape == Shape::Capital)
        };
        let venue = |place: usize| capital(place) && self.seen.traits(place).any(Traits::VENUE);
        let between = self.seen.style == Style::Sentence
            || self.seen.traits(hit.end).any(Traits::PROPER)
            || self.seen.has(Traits::LIFE);
        let named = venue(hit.end) || between && capital(hit.end) && venue(hit.end + 1);
        let town = self.seen.tokens.get(hit.end).is_some_and(|it| it.gap == Gap::Comma)
            && self.seen.traits(hit.end).any(Traits::STATE)
            && hit.first.checked_sub(1).is_some_and(|before| {
                self.seen.is(before, &["in", "near", "outside", "around", "to", "from", "of"])
            });
        named || town
    }

    /// What speaks against a name that others bear too.
    pub(super) fn against_namesakes(&self, hit: &Hit) -> f64 {
        if hit.legal {
            0.0
        } else if self.is_namesake(hit) {
            4.5
        } else if self.is_unsupported(hit) {
            3.5
        } else {
            0.0
        }
    }

    /// A surname, a town or a common word, in a text that speaks of life and not of business:
    /// `Hubbell and Curry score 61 points`, `Snow shuts schools in Corning`.
    fn is_namesake(&self, hit: &Hit) -> bool {
        let named = &self.seen.tokens[hit.first..hit.end];
        let shared = SURNAME_OR_TOWN.or(Traits::ORDINARY).or(Traits::LINK);
        let marked = |place: &usize| {
            self.seen.traits(*place).any(Traits::LIFE) && !(hit.first..hit.end).contains(place)
        };
        let life = (0..self.seen.tokens.len()).filter(marked).count() + self.is_where(hit);
        // Whom everybody knows is named beside many a thing of life.
        let ordinary = named.iter().any(|it| it.traits.any(Traits::ORDINARY));
        let taken = self.trait_before(hit).any(Traits::TAKES);
        let known = hit.subject.0 < FAMOUS && (1 < named.len() || !ordinary || taken);
        let business = self.business(hit);
        if named.iter().all(|it| it.traits.any(shared)) {
            return business + usize::from(known) < life;
        }
        // No list has all surnames and towns: one word beside nothing but talk of life may be one.
        named.len() == 1 && business == 0 && 1 + usize::from(known) < life
    }

    /// A surname or a town that few know as a company, and nothing at all that speaks of business,
    /// of a rating or of another company: `Carlisle voters`, `Baxter and friends`.
    fn is_unsupported(&self, hit: &Hit) -> bool {
        let [named] = self.seen.tokens[hit.first..hit.end] else {
            return false;
        };
        let next = self.seen.traits(hit.end);
        let to =
            self.seen.is(hit.end, &["to"]) && self.seen.traits(hit.end + 1).any(Traits::INTENT);
        let acts = to || next.any(Traits::VERB);
        let alone = self.marks.len() == 1 && !self.seen.has(Traits::RATING);
        let known = hit.subject.0 < FAMOUS;
        named.traits.any(SURNAME_OR_TOWN) && !known && !acts && alone && self.business(hit) == 0
    }

    fn trait_before(&self, hit: &Hit) -> Traits {
        hit.first.checked_sub(1).map_or_else(Traits::default, |at| self.seen.traits(at))
    }

    /// Whether a place is named so: `in Corning`, `near Vail`.
    fn is_where(&self, hit: &Hit) -> usize {
        let Some(before) = hit.first.checked_sub(1) else {
            return 0;
        };
        let second = before.checked_sub(1).map_or_else(Traits::default, |at| self.seen.traits(at));
        let about = Traits::NOUN.or(Traits::INTENT).or(Traits::MARKET);
        let place = &["in", "near", "outside", "inside", "around", "through", "between", "across"];
        usize::from(self.seen.is(before, place) && !second.any(about))
    }

    /// How much a text speaks of business, most of all beside a name.
    fn business(&self, hit: &Hit) -> usize {
        let money = |place: &usize| {
            let token = &self.seen.tokens[*place];
            let percent =
                token.shape == Shape::Number && self.seen.byte_after(*place) == Some(b'%');
            token.cash || percent || token.traits.any(Traits::MARKET)
        };
        let around = (0..self.seen.tokens.len()).filter(money).count()
            + usize::from(self.seen.has(Traits::NOUN))
            + usize::from(self.seen.has(Traits::TRADE));
        // What it does to something of its own is no person's deed: `ends its free plan`.
        let next = self.seen.traits(hit.end);
        let next = next.any(Traits::NOUN.or(Traits::DEED))
            || next.any(Traits::VERB) && self.seen.is(hit.end + 1, &["its"]);
        let before = self.trait_before(hit);
        let taken = 2 * usize::from(before.any(Traits::TAKES));
        around + 2 * usize::from(next) + taken.max(usize::from(before.any(Traits::BEFORE)))
    }

    /// A year before most companies were listed, and no word of markets: `Disney drew a mouse in 1928`.
    pub(super) fn is_history(&self) -> bool {
        let old = |place: usize| {
            let word = self.seen.word(place);
            word.len() == 4 && word.parse::<u16>().is_ok_and(|year| (1500..1960).contains(&year))
        };
        let number = |place: &usize| self.seen.tokens[*place].shape == Shape::Number;
        let before =
            |place: usize| place.checked_sub(1).is_some_and(|at| self.seen.is(at, &["in"]));
        !self.seen.has(Traits::MARKET)
            && (0..self.seen.tokens.len()).filter(number).any(|it| old(it) && before(it))
    }
}
