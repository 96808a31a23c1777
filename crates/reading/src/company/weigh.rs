//! Whether a place names a company: log-odds from the name, its capitals and its neighbours.
//!
//! Every rule adds or takes a fixed number, so that a reading can be explained and the same text
//! is always read the same. The sum becomes a probability only at the end.

mod elsewhere;

use super::cue::Traits;
use super::curated::Weight;
use super::directory::Directory;
use super::hit::Hit;
use super::mention::Evidence;
use super::names::{Form, KNOWN, LARGE, Name, Names};
use super::seen::{Seen, Style, Token};
use super::token::{Gap, Shape};
use super::trie::UNKNOWN;

/// The rung of a name.
pub(super) fn evidence(name: &Name, legal: bool) -> Evidence {
    let common = matches!(name.weight, Weight::Likely | Weight::Unlikely | Weight::Rare);
    match (legal, name.form, common) {
        (true, Form::Core | Form::Short | Form::Alias, _) => Evidence::LegalName,
        (_, _, true) => Evidence::InContext,
        (_, Form::Core | Form::Short, false) => Evidence::ShortName,
        (_, Form::Alias | Form::Product, false) => Evidence::Alias,
    }
}

/// Gives every hit that is no marked symbol its log-odds.
pub(super) fn weigh(names: &Names, directory: &Directory, seen: &Seen<'_>, hits: &mut [Hit]) {
    let marks: Vec<(usize, usize)> = hits.iter().map(|hit| (hit.first, hit.end)).collect();
    for index in 0..hits.len() {
        let hit = hits[index];
        let around = Around { seen, marks: &marks, index };
        hits[index].score = match (hit.name, hit.evidence) {
            (Some(value), _) => {
                let name = names.name(value);
                let named = around.name(&hit, name) + place(hit.subject.0, name);
                let twin = hits.iter().any(|it| it.name.is_none() && it.subject == hit.subject);
                named + if twin { 4.0 } else { 0.0 }
            }
            (None, Evidence::Capitals) => around.capitals(&hit, directory),
            (None, _) => hit.score,
        };
    }
}

/// Whom many know is named more often.
fn place(place: u32, name: &Name) -> f64 {
    match name.form {
        Form::Alias | Form::Product => 0.0,
        Form::Core | Form::Short if place < KNOWN => 0.3,
        Form::Core | Form::Short if place < 3 * KNOWN => -0.3,
        Form::Core | Form::Short => -0.7,
    }
}

/// A hit and what stands around it.
struct Around<'a> {
    seen: &'a Seen<'a>,
    marks: &'a [(usize, usize)],
    index: usize,
}

/// Log-odds that nothing around a word makes good.
const NEVER: f64 = -20.0;

/// What nothing but a company has.
const OWNED: &[&str] = &["shares", "stock", "investors", "shareholders", "ceo", "cfo"];

/// The words around a hit in which a cue speaks against it.
const AGAINST_WITHIN: usize = 4;

impl Around<'_> {
    fn name(&self, hit: &Hit, name: &Name) -> f64 {
        if name.weight == Weight::Exact && !self.is_exact(hit) {
            return NEVER;
        }
        let common = matches!(name.weight, Weight::Likely | Weight::Unlikely | Weight::Rare);
        let short = hit.end - hit.first == 1;
        let mut score = base(name.weight) + self.capitals_of(hit, name.weight);
        score += if hit.legal { 5.0 } else { 0.0 };
        score += if name.contested { -1.5 } else { 0.0 };
        let own = self.own_cues(hit, name);
        score += own;
        let derived = matches!(name.form, Form::Core | Form::Short);
        let abbreviated = name.weight == Weight::Exact && derived;
        score -= match hit.subject.0 {
            _ if !abbreviated => 0.0,
            0..LARGE => 2.0,
            _ => 4.5,
        };
        if common || abbreviated || name.weight == Weight::Phrase {
            score += self.neighbours(hit) + self.market();
        }
        score -= if self.is_initials(hit) { 4.0 } else { 0.0 };
        let elsewhere = self.is_person(hit) || self.is_place(hit);
        score -= if elsewhere && !hit.legal { 6.0 } else { 0.0 };
        score -= if self.is_history() { 3.0 } else { 0.0 };
        if own <= 0.0 {
            score -= self.against_namesakes(hit);
        }
        if !hit.legal && (derived || name.weight == Weight::Exact) && self.is_prefixed(hit) {
            score -= 2.0;
        }
        let plain = !matches!(name.weight, Weight::Sure | Weight::Exact);
        if short && !hit.legal && (plain || name.form == Form::Short) {
            score += self.part_of_another(hit, name);
        }
        score
    }

    /// Whether every word stands in capitals.
    fn is_exact(&self, hit: &Hit) -> bool {
        let tokens = &self.seen.tokens[hit.first..hit.end];
        tokens.iter().all(|token| {
            matches!(token.shape, Shape::Upper | Shape::Number)
                || token.shape == Shape::Capital && token.end - token.start == 1
        })
    }

    fn capitals_of(&self, hit: &Hit, weight: Weight) -> f64 {
        let tokens = &self.seen.tokens[hit.first..hit.end];
        // In `Amazon.com` the second word needs no capital; in `Cleveland cliffs` it does.
        let starts_small = tokens[0].shape == Shape::Lower;
        let small = |token: &&Token| {
            token.shape == Shape::Lower
                && !token.traits.any(Traits::LINK)
                && (starts_small || token.gap == Gap::Space)
        };
        let small = tokens.iter().filter(small).count();
        if 0 < small && !starts_small && self.seen.style == Style::Sentence {
            return -3.0;
        }
        if 0 < small {
            let quiet = self.seen.style == Style::Lower;
            return match weight {
                Weight::Sure | Weight::Exact => -0.8,
                Weight::Firm if quiet => -1.8,
                Weight::Likely if quiet => -2.0,
                Weight::Unlikely if quiet => -3.0,
                Weight::Firm
                | Weight::Likely
                | Weight::Unlikely
                | Weight::Phrase
                | Weight::Rare => NEVER,
            };
        }
        let begins = self.seen.begins(hit.first) && tokens.len() == 1;
        match (weight, self.seen.style) {
            (Weight::Sure | Weight::Exact, _) => 0.0,
            (Weight::Firm, Style::Sentence) => 0.5,
            (Weight::Firm, _) => 0.0,
            (Weight::Phrase, Style::Sentence) => 0.8,
            (Weight::Phrase, _) => -1.2,
            (Weight::Likely, Style::Sentence) if !begins => 1.0,
            (Weight::Likely, _) => 0.0,
            (Weight::Unlikely | Weight::Rare, Style::Sentence) if !begins => 1.3,
            (Weight::Unlikely | Weight::Rare, _) => -0.4,
        }
    }

    fn own_cues(&self, hit: &Hit, name: &Name) -> f64 {
        let mut score = 0.0;
        for (place, token) in self.seen.tokens.iter().enumerate() {
            let inside = (hit.first..hit.end).contains(&place);
            let Some((_, speaks_for)) = name.cues.iter().find(|cue| cue.0 == token.word && !inside)
            else {
                continue;
            };
            let near = hit.first <= place + AGAINST_WITHIN && place < hit.end + AGAINST_WITHIN;
            score = match speaks_for {
                true if score < 0.0 => score,
                true => 2.8,
                false if near => -4.0,
                false => score,
            };
        }
        score
    }

    /// What the words before and behind say.
    fn neighbours(&self, hit: &Hit) -> f64 {
        let mut score = 0.0;
        let mut next = hit.end;
        let possessive = self.seen.tokens.get(next).is_some_and(|it| it.gap == Gap::Joined);
        if possessive {
            score += 0.8;
            next += 1;
        }
        // An adjective may stand between: `Target's fourth-quarter profit`.
        let reach = if possessive { 4 } else { 1 };
        if self.moves(next) {
            return score + 3.0 + self.before(hit);
        }
        if self.backs(next) || self.seen.begins(hit.first) && self.heads(next) {
            score += 2.0;
        }
        let near = |place: usize| {
            self.seen.tokens.get(place).is_some_and(|it| matches!(it.gap, Gap::Space | Gap::Hyphen))
        };
        for place in (next..next + reach).take_while(|&place| near(place)) {
            let traits = self.seen.traits(place);
            if traits.any(Traits::NOUN) {
                let owned = self.seen.is(place, OWNED);
                score += if owned && place == next { 4.0 } else { 2.0 };
                break;
            }
            let lays_off =
                self.seen.is(place, &["lays", "laid"]) && self.seen.is(place + 1, &["off"]);
            if (traits.any(Traits::DEED) || lays_off) && !possessive {
                score += 3.0;
                break;
            }
            if traits.any(Traits::VERB) && !possessive {
                score += 1.8 + self.object(place + 1);
                break;
            }
            let to = self.seen.is(place, &["to"]) && !possessive;
            if to && self.seen.traits(place + 1).any(Traits::INTENT) {
                score += 2.8;
                break;
            }
        }
        score + self.before(hit) + self.in_a_row(hit)
    }

    /// A figure or something of its own behind a verb: `adds 7,500 restaurants`, `ends its free plan`.
    fn object(&self, place: usize) -> f64 {
        let figure = self.seen.tokens.get(place).is_some_and(|it| it.shape == Shape::Number);
        if figure || self.seen.is(place, &["its"]) { 1.2 } else { 0.0 }
    }

    /// A change in percent follows: `Slack +14.6%`, `Roku down 5%`.
    fn moves(&self, place: usize) -> bool {
        let percent = |at: usize| {
            self.seen.tokens.get(at).is_some_and(|it| it.shape == Shape::Number)
                && (at..at + 2).any(|at| {
                    self.seen.tokens.get(at).is_some() && self.seen.byte_after(at) == Some(b'%')
                })
        };
        let direction = self.seen.is(place, &["up", "down", "rises", "falls", "rose", "fell"]);
        let gap = self.seen.tokens.get(place).map(|it| it.gap);
        let signed = matches!(gap, Some(Gap::Space | Gap::Dash | Gap::Hyphen)) && percent(place);
        signed || direction && percent(place + 1)
    }

    /// `Shell-led`, `Tesla-backed`.
    fn backs(&self, place: usize) -> bool {
        let next = self.seen.tokens.get(place);
        next.is_some_and(|it| it.gap == Gap::Hyphen && it.traits.any(Traits::BACKED))
    }

    /// A colon follows: `Slack: growth ahead`.
    fn heads(&self, place: usize) -> bool {
        self.seen.tokens.get(place).is_some_and(|it| it.gap == Gap::Colon)
    }

    fn before(&self, hit: &Hit) -> f64 {
        let Some(before) = hit.first.checked_sub(1) else {
            return 0.0;
        };
        let gap = self.seen.tokens[hit.first].gap;
        if !matches!(gap, Gap::Space | Gap::Quote) {
            return 0.0;
        }
        let traits = self.seen.traits(before);
        let second = before.checked_sub(1).map_or_else(Traits::default, |at| self.seen.traits(at));
        if self.seen.is(before, &["of", "in", "at", "for", "on", "by"]) && second.any(Traits::NOUN)
        {
            // `shares of Target`, `stake in Gap`, `price target on Block`, `CEO at Visa`.
            2.0
        } else if traits.any(Traits::TAKES)
            || traits.any(Traits::RATES) && self.seen.has(Traits::RATING)
        {
            2.4
        } else if traits.any(Traits::BEFORE) {
            1.6
        } else if traits.any(Traits::DETERMINER) {
            -2.5
        } else if self.seen.is(before, &["with", "from", "and", "by"]) {
            0.3
        } else {
            0.0
        }
    }

    /// Companies are listed beside companies: `Walmart, Target and Costco`.
    fn in_a_row(&self, hit: &Hit) -> f64 {
        let beside = |one: usize, other: usize| {
            other.checked_sub(one).is_some_and(|between| between <= 1)
                && self.seen.tokens.get(other).is_some_and(|token| {
                    matches!(token.gap, Gap::Comma | Gap::Slash)
                        || between_is_and(self.seen, one, other)
                })
        };
        let before =
            self.index.checked_sub(1).is_some_and(|at| beside(self.marks[at].1, hit.first));
        let behind = self.marks.get(self.index + 1).is_some_and(|mark| beside(hit.end, mark.0));
        if before || behind { 2.2 } else { 0.0 }
    }

    fn market(&self) -> f64 {
        if self.seen.has(Traits::MARKET) { 0.7 } else { 0.0 }
    }

    /// A first name before, or another capital beside it: a person, or a longer name.
    fn part_of_another(&self, hit: &Hit, name: &Name) -> f64 {
        let mut score = 0.0;
        if let Some(before) = hit.first.checked_sub(1) {
            let token = self.seen.tokens[before];
            let joined = self.seen.tokens[hit.first].gap == Gap::Space;
            let capital = matches!(token.shape, Shape::Capital | Shape::Upper | Shape::Mixed);
            let free = !self.is_marked(before);
            if joined && capital && token.traits.any(Traits::FIRST_NAME.or(Traits::PERSON)) && free
            {
                score -= 4.0;
            } else if joined && capital && free && self.says_little(before) {
                score -= 1.6;
            }
        }
        let sentence = self.seen.style == Style::Sentence;
        if let Some(next) = self.seen.tokens.get(hit.end).filter(|_| sentence) {
            let capital = matches!(next.shape, Shape::Capital) && next.gap == Gap::Space;
            let company = next.traits.any(Traits::NOUN.or(Traits::LEGAL).or(Traits::VERB));
            if capital && !company && !self.is_marked(hit.end) {
                score -= if name.weight == Weight::Likely { 1.2 } else { 1.6 };
            }
        }
        score
    }

    /// A capital that nothing else knows stands before: `Birla Power Solutions`.
    fn is_prefixed(&self, hit: &Hit) -> bool {
        let Some(before) = hit.first.checked_sub(1) else {
            return false;
        };
        let token = self.seen.tokens[before];
        self.seen.style == Style::Sentence
            && token.word == UNKNOWN
            && matches!(token.shape, Shape::Capital | Shape::Upper)
            && self.seen.tokens[hit.first].gap == Gap::Space
    }

    /// Two capitals before a name that nothing else knows: `BP Singh`.
    fn is_initials(&self, hit: &Hit) -> bool {
        let [token] = self.seen.tokens[hit.first..hit.end] else {
            return false;
        };
        let next = self.seen.tokens.get(hit.end);
        let surname = next.is_some_and(|it| {
            it.gap == Gap::Space && it.shape == Shape::Capital && it.word == UNKNOWN
        });
        token.end - token.start == 2 && token.shape == Shape::Upper && surname
    }

    /// A capital that is neither the beginning of a sentence nor a title's.
    fn says_little(&self, place: usize) -> bool {
        let traits = self.seen.traits(place);
        let company = Traits::NOUN.or(Traits::BEFORE).or(Traits::VERB).or(Traits::LINK);
        self.seen.style == Style::Sentence
            && !self.seen.begins(place)
            && !traits.any(company.or(Traits::ACRONYM))
    }

    fn is_marked(&self, place: usize) -> bool {
        self.marks.iter().any(|&(first, end)| (first..end).contains(&place))
    }

    /// A bare symbol: how long, how known, and whether money is spoken of beside it.
    fn capitals(&self, hit: &Hit, directory: &Directory) -> f64 {
        let traits = self.seen.traits(hit.first);
        if traits.any(Traits::ACRONYM) {
            return NEVER;
        }
        let letters = self.seen.word(hit.first).len();
        let mut score = match letters {
            0..=2 => -3.0,
            3 if LARGE <= hit.subject.0 => -3.4,
            3 => -1.4,
            _ => -0.6,
        };
        score += if traits.any(Traits::ORDINARY) { -1.5 } else { 0.0 };
        let ticker = directory.subject(hit.subject).lines[0].ticker;
        let main = hit.ticker == Some(ticker);
        score += match hit.subject.0 {
            0..KNOWN if main => 0.7,
            0..KNOWN => 0.0,
            _ => -2.0,
        };
        let begins = self.seen.begins(hit.first);
        score += self.neighbours(hit) + self.market();
        score + if begins { 0.3 } else { 0.0 }
    }
}

fn between_is_and(seen: &Seen<'_>, from: usize, to: usize) -> bool {
    to == from + 1 && seen.is(from, &["and", "or", "&", "vs"])
}

fn base(weight: Weight) -> f64 {
    match weight {
        Weight::Sure => 3.0,
        Weight::Exact => 2.5,
        Weight::Firm => 2.0,
        Weight::Phrase => 1.0,
        Weight::Likely => 1.0,
        Weight::Unlikely => -2.2,
        Weight::Rare => -3.7,
    }
}
