//! A headline as it is compared: without outlet, urgency, endings and order.

use crate::word::{LENGTH_MAX, WordSet, packed};
use crate::{clean, digest};

use super::likeness;

/// Longer headlines are compared by their start.
const BYTES_MAX: usize = 512;
/// Fewer words say too little to be the same story at another outlet.
const TELLING_WORDS: usize = 4;

/// What an outlet puts in front of a story it tells again.
const FOLLOW_UPS: &[&str] = &[
    "update",
    "corrected",
    "correction",
    "refile",
    "wrapup",
    "clarification",
    "updated",
    "recast",
];
/// What an outlet puts in front of a story to be read first.
const URGENCY: &[&str] = &[
    "breaking",
    "breaking news",
    "exclusive",
    "just in",
    "alert",
    "urgent",
    "brief",
    "factbox",
    "live",
    "watch",
    "video",
    "press release",
    "timeline",
    "explainer",
];

/// Words that say nothing by themselves.
const EMPTY_WORDS: &WordSet = &WordSet::of(&[
    packed(b"a"),
    packed(b"an"),
    packed(b"and"),
    packed(b"as"),
    packed(b"at"),
    packed(b"by"),
    packed(b"for"),
    packed(b"from"),
    packed(b"in"),
    packed(b"inc"),
    packed(b"co"),
    packed(b"corp"),
    packed(b"ltd"),
    packed(b"plc"),
    packed(b"is"),
    packed(b"it"),
    packed(b"its"),
    packed(b"of"),
    packed(b"on"),
    packed(b"or"),
    packed(b"says"),
    packed(b"say"),
    packed(b"said"),
    packed(b"the"),
    packed(b"that"),
    packed(b"this"),
    packed(b"to"),
    packed(b"with"),
    packed(b"was"),
    packed(b"were"),
    packed(b"are"),
    packed(b"be"),
    packed(b"has"),
    packed(b"have"),
    packed(b"had"),
    packed(b"after"),
    packed(b"amid"),
]);

/// Words that turn a sentence into another one. Stems, as [`stem`] leaves them.
const TURNING_WORDS: &WordSet = &WordSet::of(&[
    packed(b"abandon"),
    packed(b"against"),
    packed(b"avoid"),
    packed(b"ban"),
    packed(b"block"),
    packed(b"cancel"),
    packed(b"cut"),
    packed(b"decline"),
    packed(b"delay"),
    packed(b"den"),
    packed(b"deni"),
    packed(b"deny"),
    packed(b"despite"),
    packed(b"drop"),
    packed(b"end"),
    packed(b"fail"),
    packed(b"fake"),
    packed(b"false"),
    packed(b"former"),
    packed(b"halt"),
    packed(b"hoax"),
    packed(b"if"),
    packed(b"lower"),
    packed(b"may"),
    packed(b"might"),
    packed(b"miss"),
    packed(b"never"),
    packed(b"no"),
    packed(b"not"),
    packed(b"nt"),
    packed(b"pause"),
    packed(b"plan"),
    packed(b"postpon"),
    packed(b"postpone"),
    packed(b"refus"),
    packed(b"refuse"),
    packed(b"reject"),
    packed(b"rumor"),
    packed(b"rumour"),
    packed(b"scrap"),
    packed(b"stop"),
    packed(b"suspend"),
    packed(b"unlike"),
    packed(b"unlikely"),
    packed(b"withdraw"),
    packed(b"without"),
    packed(b"could"),
]);

/// Outlets whose names stand behind headlines that others copy.
const OUTLETS: &[&str] = &[
    "ap",
    "ap news",
    "associated press",
    "axios",
    "barrons",
    "barron s",
    "bbc",
    "bbc news",
    "benzinga",
    "bloomberg",
    "bloomberg com",
    "bnn bloomberg",
    "business insider",
    "business wire",
    "businesswire",
    "cbs news",
    "cnbc",
    "cnn",
    "cnn business",
    "financial times",
    "forbes",
    "fortune",
    "fox business",
    "ft",
    "ft com",
    "globenewswire",
    "google news",
    "insider",
    "investing com",
    "investopedia",
    "investorplace",
    "investors business daily",
    "kiplinger",
    "marketscreener",
    "marketwatch",
    "morningstar",
    "motley fool",
    "msn",
    "nasdaq",
    "nbc news",
    "new york times",
    "nikkei asia",
    "npr",
    "nyt",
    "politico",
    "pr newswire",
    "quartz",
    "reuters",
    "reuters com",
    "seeking alpha",
    "sky news",
    "stocktwits",
    "techcrunch",
    "the associated press",
    "the economist",
    "the globe and mail",
    "the guardian",
    "the information",
    "the motley fool",
    "the new york times",
    "the street",
    "the verge",
    "the wall street journal",
    "the washington post",
    "thestreet",
    "time",
    "usa today",
    "wall street journal",
    "washington post",
    "wired",
    "wsj",
    "wsj com",
    "yahoo",
    "yahoo finance",
    "zacks",
    "zacks com",
];

/// A headline as it is compared.
#[derive(Debug)]
pub(super) struct Headline {
    /// Says whether the outlet called it an update or a correction.
    pub(super) follow_up: bool,
    /// Stands for the words in their order.
    pub(super) key: u64,
    /// Stands for each word that says something, sorted.
    pub(super) words: Vec<u32>,
    /// Stands for the words that may not differ: those with digits, and those that turn a sentence into another one.
    pub(super) marks: u64,
}

impl Headline {
    /// Takes a headline of an outlet apart.
    pub(super) fn of(headline: &str, source: &str) -> Self {
        let text = clean::cleaned(headline, BYTES_MAX).to_lowercase();
        let (text, follow_up) = without_prefixes(without_outlet(&text, source));
        let mut key = 0;
        let (mut words, mut marks) = (Vec::new(), Vec::new());
        for word in split(text) {
            if EMPTY_WORDS.contains(number(word)) {
                continue;
            }
            let stem = stem(word);
            let whole = digest::digest(stem.as_bytes());
            key = digest::pair(key, whole);
            words.push(short(whole));
            let turns = [stem, word].iter().any(|it| TURNING_WORDS.contains(number(it)));
            if turns || word.bytes().any(|byte| byte.is_ascii_digit()) {
                marks.push(whole);
            }
        }
        words.sort_unstable();
        words.dedup();
        marks.sort_unstable();
        marks.dedup();
        Self { follow_up, key, words, marks: marks.into_iter().fold(0, digest::pair) }
    }

    /// Says whether it has words enough to be recognised at another outlet.
    pub(super) const fn is_telling(&self) -> bool {
        TELLING_WORDS <= self.words.len()
    }

    /// A simhash of the set of words.
    pub(super) fn sketch(&self) -> u64 {
        let spread = self.words.iter().map(|word| digest::pair(3, u64::from(*word)));
        likeness::simhash(&spread.collect::<Vec<_>>())
    }

    /// Says whether it has all words of `other`, or the other all of these.
    pub(super) fn extends(&self, other: &[u32]) -> bool {
        let all =
            |these: &[u32], those: &[u32]| these.iter().all(|it| those.binary_search(it).is_ok());
        all(other, &self.words) || all(&self.words, other)
    }
}

/// Takes `- Reuters` and `| MarketWatch` from the end, when it is an outlet's name or the source's own.
fn without_outlet<'a>(text: &'a str, source: &str) -> &'a str {
    let spaced = |&(place, dash): &(usize, &str)| {
        text[..place].ends_with(' ') && text[place + dash.len()..].starts_with(' ')
    };
    let mut dashes = text.rmatch_indices(['-', '|', '\u{2013}', '\u{2014}', '\u{b7}']);
    let Some((dash, _)) = dashes.find(spaced) else { return text };
    let place = dash - 1;
    let tail: Vec<&str> = split(&text[place..]).collect();
    let tail = tail.join(" ");
    let source = split(&source.to_lowercase()).collect::<Vec<_>>().join(" ");
    let known = OUTLETS.contains(&tail.as_str()) || (!tail.is_empty() && tail == source);
    if known { &text[..place] } else { text }
}

/// Takes `UPDATE 2-`, `BREAKING:` and `(Reuters) -` from the start; says whether one was a follow-up.
fn without_prefixes(text: &str) -> (&str, bool) {
    let mut rest = text.trim_start();
    let mut follow_up = false;
    while let Some(place) =
        rest.find([':', '-', '|', '\u{2013}', '\u{2014}']).filter(|it| *it <= 24)
    {
        let digits = |c: char| c.is_ascii_digit() || c == ' ';
        let word =
            rest[..place].trim_matches(|c: char| !c.is_alphanumeric()).trim_end_matches(digits);
        let again = FOLLOW_UPS.contains(&word);
        if !again && !URGENCY.contains(&word) {
            break;
        }
        follow_up |= again;
        rest = rest[place..].trim_start_matches(|c: char| !c.is_alphanumeric() && c != '$');
    }
    (rest, follow_up)
}

/// The words of a text: letters and digits, with the points and per cent signs that belong to numbers.
fn split(text: &str) -> impl Iterator<Item = &str> {
    let words = text.split(|c: char| !c.is_alphanumeric() && !matches!(c, '.' | '%' | '$' | ','));
    let words = words.flat_map(|word| {
        // Points and commas belong to numbers only.
        let number = word.bytes().any(|byte| byte.is_ascii_digit());
        word.split(move |c: char| !number && matches!(c, '.' | ',' | '%' | '$'))
    });
    words.map(|word| word.trim_matches(['.', ','])).filter(|word| !word.is_empty())
}

/// A word without the endings that outlets choose differently.
pub(super) fn stem(word: &str) -> &str {
    for ending in ["ing", "ed", "es", "s"] {
        if let Some(stem) = word.strip_suffix(ending)
            && 3 <= stem.len()
            && !stem.ends_with('s')
        {
            return stem.strip_suffix('e').unwrap_or(stem);
        }
    }
    if 4 <= word.len() { word.strip_suffix('e').unwrap_or(word) } else { word }
}

/// The number by which a short word stands in a list; zero, which none is, for a long one.
fn number(word: &str) -> u128 {
    if word.len() <= LENGTH_MAX { packed(word.as_bytes()) } else { 0 }
}

#[expect(clippy::cast_possible_truncation, reason = "half of a digest is a digest")]
const fn short(digest: u64) -> u32 {
    digest as u32
}
