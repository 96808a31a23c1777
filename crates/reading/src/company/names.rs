//! All names under which something may appear, as paths through one trie.
//!
//! Our own list comes first and wins. From each listed issuer's legal names follow the core, the
//! core without words of structure, and a first word that can stand alone. Who is small needs
//! more around its name: a common word of a small issuer counts only with its legal form.

use std::collections::BTreeMap;

use super::cue::{Lexicon, Traits};
use super::curated::{Curated, Told, Weight};
use super::directory::{Directory, Kind, Subject, SubjectId};
use super::naming;
use super::token;
use super::trie::{Growing, Trie, Vocabulary, WordId};

/// What a name is to its subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// The legal name without its legal form.
    Core,
    /// A shorter form that people say.
    Short,
    /// Another name of our own list.
    Alias,
    /// A brand or a product.
    Product,
}

/// One name.
#[derive(Clone, Debug)]
pub(super) struct Name {
    /// Whose; nobody's when it only swallows words.
    pub subject: Option<SubjectId>,
    /// How much it says by itself.
    pub weight: Weight,
    /// What it is to its subject.
    pub form: Form,
    /// Whether other issuers have it too.
    pub contested: bool,
    /// Words that speak for it (`true`) or against it.
    pub cues: Box<[(WordId, bool)]>,
}

/// Every name, with what words mean.
#[derive(Clone, Debug, Default)]
pub(super) struct Names {
    /// The words.
    pub vocabulary: Vocabulary,
    /// What they mean.
    pub lexicon: Lexicon,
    /// Names by their words.
    pub trie: Trie,
    all: Vec<Name>,
    houses: Vec<SubjectId>,
}

/// A word of the language, or a name of a person or a place.
const KNOWN_WORD: Traits = Traits::ORDINARY.or(Traits::PROPER).or(Traits::FIRST_NAME);

/// Issuers up to this place are known to many.
pub(super) const KNOWN: u32 = 1_200;
/// Behind this place an ordinary word is believed with its legal form only.
pub(super) const LARGE: u32 = 500;

/// Names while they are gathered.
struct Gathering {
    names: Names,
    trie: Growing,
    /// The first name on each path.
    paths: BTreeMap<Vec<WordId>, usize>,
    told: usize,
}

impl Names {
    /// Every name of a directory's subjects and of our own list, whose subjects are added to it.
    pub(super) fn new(directory: &mut Directory) -> Self {
        let mut names = Self::default();
        names.lexicon = Lexicon::new(&mut names.vocabulary);
        let curated = Curated::read(directory);
        names.houses.clone_from(&curated.houses);
        names.houses.sort_unstable();
        let (trie, paths) = (Growing::default(), BTreeMap::new());
        let mut gathering = Gathering { names, trie, paths, told: 0 };
        for told in &curated.names {
            gathering.tell(told);
        }
        gathering.told = gathering.names.all.len();
        let listed = |subject: &Subject| subject.kind == Kind::Company && subject.is_listed();
        for (id, subject) in directory.subjects().filter(|(_, it)| listed(it)) {
            for name in subject.names() {
                gathering.derive(id, name);
            }
        }
        let words = gathering.names.vocabulary.len();
        gathering.names.trie = gathering.trie.finish(words);
        gathering.names
    }

    /// The name with a number.
    pub(super) fn name(&self, value: u32) -> &Name {
        &self.all[value as usize]
    }

    /// Whether a subject's analysts are quoted.
    pub(super) fn is_house(&self, subject: SubjectId) -> bool {
        self.houses.binary_search(&subject).is_ok()
    }
}

impl Gathering {
    fn tell(&mut self, told: &Told) {
        let words = token::words(&told.name);
        let form = if told.product { Form::Product } else { Form::Alias };
        let weight = told.weight.unwrap_or_else(|| self.told_weight(&words));
        let cues = told
            .cues
            .iter()
            .map(|(word, speaks_for)| (self.names.vocabulary.intern(word), *speaks_for));
        let cues = cues.collect();
        let name = Name { subject: told.subject, weight, form, contested: false, cues };
        self.add(&words, name);
    }

    fn told_weight(&mut self, words: &[String]) -> Weight {
        let ids: Vec<WordId> = words.iter().map(|it| self.names.vocabulary.intern(it)).collect();
        let is = |id: &WordId, bits| self.names.lexicon.of(*id).any(bits);
        match ids.as_slice() {
            [one] if is(one, Traits::ORDINARY) => Weight::Likely,
            [one] if is(one, KNOWN_WORD) => Weight::Firm,
            _ if ids.iter().all(|id| is(id, KNOWN_WORD)) => Weight::Firm,
            _ => Weight::Sure,
        }
    }

    fn derive(&mut self, id: SubjectId, legal: &str) {
        let core = naming::core(legal);
        self.derive_path(id, &core, Form::Core);
        let plain = naming::plain_core(&core);
        if let Some(plain) = plain.filter(|it| 1 < it.len() || self.stands_alone(&it[0], id)) {
            self.derive_path(id, &plain, Form::Short);
        }
        if let Some((last, rest)) = core.split_last().filter(|(last, _)| *last == "pharmaceuticals")
        {
            let pharma = &last[.."pharma".len()];
            let spoken: Vec<String> =
                rest.iter().map(String::as_str).chain([pharma]).map(Into::into).collect();
            self.derive_path(id, &spoken, Form::Short);
        }
        let short = naming::short(&core);
        if let Some(short) = short.filter(|it| self.stands_alone(it, id)) {
            self.derive_path(id, &[short.to_owned()], Form::Short);
        }
    }

    /// Whether one word of a longer name may stand for it.
    fn stands_alone(&mut self, word: &str, id: SubjectId) -> bool {
        let known = self.names.vocabulary.intern(word);
        let traits = self.names.lexicon.of(known);
        !traits.any(KNOWN_WORD) && (id.0 < 2 * KNOWN || 6 <= word.len())
    }

    fn derive_path(&mut self, id: SubjectId, words: &[String], form: Form) {
        let letters: usize = words.iter().map(String::len).sum();
        let alone = words.len() == 1;
        if letters < 3 || alone && !naming::may_stand_alone(&words[0]) {
            return;
        }
        let ids: Vec<WordId> = words.iter().map(|it| self.names.vocabulary.intern(it)).collect();
        if let Some(&first) = self.paths.get(&ids) {
            let name = &mut self.names.all[first];
            // The larger issuer keeps the name, with less belief when the other is not far smaller.
            let far = name.subject.is_some_and(|it| it.0.saturating_mul(4) < id.0);
            if self.told <= first && name.subject != Some(id) && !far {
                name.contested = true;
            }
            return;
        }
        let weight = self.weight(&ids, words, id);
        let name = Name { subject: Some(id), weight, form, contested: false, cues: Box::default() };
        self.add(words, name);
    }

    fn weight(&self, ids: &[WordId], words: &[String], id: SubjectId) -> Weight {
        let is = |id: &WordId, bits| self.names.lexicon.of(*id).any(bits);
        match ids {
            [one] if is(one, Traits::ORDINARY.or(Traits::FIRST_NAME)) => {
                if id.0 < LARGE {
                    Weight::Unlikely
                } else {
                    Weight::Rare
                }
            }
            [one] if is(one, Traits::PROPER) => {
                if id.0 < LARGE {
                    Weight::Likely
                } else {
                    Weight::Rare
                }
            }
            [_] if words[0].len() <= 3 => Weight::Exact,
            [_] if KNOWN <= id.0 || words[0].len() <= 4 => Weight::Firm,
            [_] => Weight::Sure,
            _ if ids.iter().all(|it| is(it, KNOWN_WORD)) => Weight::Phrase,
            _ => Weight::Sure,
        }
    }

    fn add(&mut self, words: &[String], name: Name) {
        if words.is_empty() {
            return;
        }
        let ids: Vec<WordId> = words.iter().map(|it| self.names.vocabulary.intern(it)).collect();
        let number = self.names.all.len();
        self.paths.entry(ids.clone()).or_insert(number);
        self.trie.add(&ids, u32::try_from(number).expect("names fit 32 bits"));
        self.names.all.push(name);
    }
}
