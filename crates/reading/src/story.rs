//! Which pieces of news are one story, however many outlets carry it.
//!
//! ```text
//! sighting ─► same address? ─► same headline? ─► like headline? ─► like text? ─► a story of its own
//! ```
//!
//! The first sighting makes the story: its identity, its time and its outlet stay. Everything that is recognised as the
//! same within a window is a copy, and an outlet counts once however often it repeats itself. So ten copies confirm a
//! story as much as their outlets do, and no more.
//!
//! - *Same address* after [`crate::url::normalise`]; a site's front page is no address of a story.
//! - *Same headline* after the outlet's name, `UPDATE 2-` and its like, letter case, punctuation and endings are taken
//!   away. A headline of fewer than four words (`Market update`) says too little, unless its outlet is the same.
//! - *Like headline*: the sets of words differ in few bits of a 64-bit simhash, one has every word of the other, and both
//!   have the same numbers and the same turning words (`not`, `denies`, `delays`). A replaced word, be it a company or
//!   `beats` by `misses`, makes another story.
//! - *Like text*: long texts whose three-word shingles differ in few bits of a simhash, under headlines with at least
//!   one word in common. This is how a wire's copy under another headline is found.
//!
//! A follow-up (`UPDATE 2-...`) is a copy when one of these holds, and a story of its own when none does: its outlet
//! rewrote it because something happened.
//!
//! Memory is bounded by [`Settings::stories_max`] and by the keys that one story keeps. The same sightings in the same
//! order give the same identities, and [`Stories::encode`] keeps everything between two runs.

mod headline;
mod likeness;
mod near;
mod state;

use std::collections::{BTreeMap, VecDeque};

use backsight_domain::time::{Span, Time};

use crate::{digest, url};
use headline::Headline;
use likeness::text_sketch;
use near::{BANDS, Near};

/// Keys by which one story is found again; further copies are recognised by these.
const KEYS_MAX: usize = 32;
/// Outlets of one story that are told apart.
const OUTLETS_MAX: usize = 64;

/// How stories are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// How long after its first sighting a story takes copies.
    pub window: Span,
    /// Stories that are remembered; the oldest are forgotten first.
    pub stories_max: usize,
    /// Bits in which the sketches of two headlines may differ. At most seven, so that no pair is overlooked.
    pub headline_bits: u32,
    /// Bits in which the sketches of two long texts may differ. At most seven.
    pub text_bits: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            window: Span::from_minutes(48 * 60),
            stories_max: 20_000,
            headline_bits: 7,
            text_bits: 5,
        }
    }
}

/// One item as an outlet told it.
#[derive(Clone, Copy, Debug)]
pub struct Sighting<'a> {
    /// The outlet's name.
    pub source: &'a str,
    /// The headline.
    pub headline: &'a str,
    /// Where it can be read; may be empty.
    pub link: &'a str,
    /// The longest text that came with it; may be empty.
    pub text: &'a str,
    /// When it came.
    pub at: Time,
}

/// Why a sighting belongs to a story.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Because {
    /// It is the first.
    New,
    /// Its address is the same.
    SameAddress,
    /// Its headline is the same.
    SameHeadline,
    /// Its headline is alike, in all but so many bits.
    LikeHeadline(u32),
    /// Its text is alike, in all but so many bits.
    LikeText(u32),
}

/// Where a sighting belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placed {
    /// The story.
    pub story: u64,
    /// When the story was seen first.
    pub first_seen: Time,
    /// Sightings so far, this one included.
    pub sightings: u32,
    /// Outlets so far, this one included.
    pub outlets: u32,
    /// Says whether its outlet tells the story for the first time.
    pub confirms: bool,
    /// Says whether its outlet called it an update or a correction.
    pub follow_up: bool,
    /// Why it belongs there.
    pub because: Because,
}

/// A story that still takes copies.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Told {
    id: u64,
    first_seen: Time,
    sightings: u32,
    outlets: Vec<u64>,
    keys: Vec<u64>,
    words: Vec<u32>,
    marks: u64,
    headline: u64,
    text: Option<u64>,
}

/// The stories of the window.
#[derive(Clone, Debug)]
pub struct Stories {
    settings: Settings,
    /// The number of the oldest story that is remembered; each story has the next number.
    oldest: u64,
    told: VecDeque<Told>,
    by_key: BTreeMap<u64, u64>,
    by_headline: Near,
    by_text: Near,
    latest: Time,
}

impl Stories {
    /// Knows no story.
    pub fn new(settings: Settings) -> Self {
        let capped = |bits: u32| bits.min(BANDS - 1);
        let settings = Settings {
            stories_max: settings.stories_max.max(1),
            headline_bits: capped(settings.headline_bits),
            text_bits: capped(settings.text_bits),
            ..settings
        };
        Self {
            settings,
            oldest: 0,
            told: VecDeque::new(),
            by_key: BTreeMap::new(),
            by_headline: Near::new(),
            by_text: Near::new(),
            latest: Time::default(),
        }
    }

    /// How many stories are remembered.
    pub fn len(&self) -> usize {
        self.told.len()
    }

    /// Says whether no story is remembered.
    pub fn is_empty(&self) -> bool {
        self.told.is_empty()
    }

    /// Finds the story that a sighting belongs to, or makes one of it.
    ///
    /// A sighting that claims to come before an earlier one is taken to come with it.
    pub fn place(&mut self, sighting: &Sighting<'_>) -> Placed {
        self.latest = self.latest.later(sighting.at);
        self.forget();
        let look = Look::at(sighting);
        let (number, because) = match self.find(&look) {
            Some(found) => found,
            None => (self.tell(&look), Because::New),
        };
        let confirms = self.count(number, &look, because);
        let told = self.get(number).expect("it was found or made above");
        let outlets = u32::try_from(told.outlets.len()).expect("few are told apart");
        Placed {
            story: told.id,
            first_seen: told.first_seen,
            sightings: told.sightings,
            outlets,
            confirms,
            follow_up: look.headline.follow_up,
            because,
        }
    }

    fn find(&self, look: &Look) -> Option<(u64, Because)> {
        if let Some(number) = look.address.and_then(|key| self.by_key.get(&key)) {
            return Some((*number, Because::SameAddress));
        }
        if let Some(number) = self.by_key.get(&look.title) {
            return Some((*number, Because::SameHeadline));
        }
        self.like_headline(look).or_else(|| self.like_text(look))
    }

    fn like_headline(&self, look: &Look) -> Option<(u64, Because)> {
        let fits =
            |told: &Told| told.marks == look.headline.marks && look.headline.extends(&told.words);
        let fits = |number| self.get(number).is_some_and(fits);
        let found =
            self.by_headline.nearest(look.headline_sketch?, self.settings.headline_bits, fits);
        found.map(|(number, bits)| (number, Because::LikeHeadline(bits)))
    }

    fn like_text(&self, look: &Look) -> Option<(u64, Because)> {
        let known = |word: &u32| look.headline.words.binary_search(word).is_ok();
        let fits = |number| self.get(number).is_some_and(|told| told.words.iter().any(known));
        let found = self.by_text.nearest(look.text?, self.settings.text_bits, fits);
        found.map(|(number, bits)| (number, Because::LikeText(bits)))
    }

    fn tell(&mut self, look: &Look) -> u64 {
        let number = self.oldest + u64::try_from(self.told.len()).expect("it fits");
        let first_seen = self.latest;
        let seed =
            digest::pair(look.address.unwrap_or(look.title), first_seen.nanos().cast_unsigned());
        self.told.push_back(Told {
            id: digest::pair(seed, number),
            first_seen,
            sightings: 0,
            outlets: Vec::new(),
            keys: Vec::new(),
            words: look.headline.words.clone(),
            marks: look.headline.marks,
            headline: look.headline_sketch.unwrap_or_default(),
            text: None,
        });
        if let Some(sketch) = look.headline_sketch {
            self.by_headline.insert(sketch, number, self.oldest);
        }
        number
    }

    /// Counts a sighting of a story and remembers how it can be found; says whether its outlet is another one.
    fn count(&mut self, number: u64, look: &Look, because: Because) -> bool {
        let place = usize::try_from(number - self.oldest).expect("it is remembered");
        let told = &mut self.told[place];
        told.sightings = told.sightings.saturating_add(1);
        let confirms = !told.outlets.contains(&look.outlet) && told.outlets.len() < OUTLETS_MAX;
        if confirms {
            told.outlets.push(look.outlet);
        }
        for key in look.address.into_iter().chain([look.title]) {
            if told.keys.len() < KEYS_MAX && !self.by_key.contains_key(&key) {
                told.keys.push(key);
                self.by_key.insert(key, number);
            }
        }
        if let (None, Some(text)) = (told.text, look.text)
            && because != Because::LikeText(0)
        {
            told.text = Some(text);
            self.by_text.insert(text, number, self.oldest);
        }
        confirms
    }

    fn get(&self, number: u64) -> Option<&Told> {
        self.told.get(usize::try_from(number.checked_sub(self.oldest)?).ok()?)
    }

    /// Forgets what the window has left and what there is no room for.
    fn forget(&mut self) {
        while let Some(told) = self.told.front() {
            let over = self.settings.window < self.latest - told.first_seen;
            if !over && self.told.len() < self.settings.stories_max {
                return;
            }
            self.forget_oldest();
        }
    }

    fn forget_oldest(&mut self) {
        let Some(told) = self.told.pop_front() else { return };
        for key in &told.keys {
            self.by_key.remove(key);
        }
        self.oldest += 1;
    }
}

/// A sighting as it is compared.
#[derive(Debug)]
struct Look {
    outlet: u64,
    address: Option<u64>,
    title: u64,
    headline: Headline,
    headline_sketch: Option<u64>,
    text: Option<u64>,
}

impl Look {
    fn at(sighting: &Sighting<'_>) -> Self {
        let outlet = digest::digest(sighting.source.trim().to_lowercase().as_bytes());
        let headline = Headline::of(sighting.headline, sighting.source);
        let address = url::normalise(sighting.link).filter(|it| url::has_place(it));
        let address = address.map(|it| digest::pair(1, digest::digest(it.as_bytes())));
        // A headline that says little is the same only from the same outlet.
        let scope = if headline.is_telling() { 2 } else { outlet };
        let title = digest::pair(scope, headline.key);
        let headline_sketch = headline.is_telling().then(|| headline.sketch());
        Self { outlet, address, title, headline_sketch, text: text_sketch(sighting.text), headline }
    }
}

#[cfg(test)]
mod tests;
