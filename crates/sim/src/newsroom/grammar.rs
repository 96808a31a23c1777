//! The grammar of headlines: what happened, to whom, in which words.
//!
//! A pattern is plain text with places in braces: `{co}` the company by full or short name, `{full}`
//! and `{short}` one of them, `{tick}` its symbol, `{n}` a number, `{firm}` an invented broker,
//! `{city}`, `{thing}` something its sector makes, `{who}` a person.

use crate::chance::Chance;
use crate::market::company::SECTORS;
use crate::market::{Company, HalfLife};
use HalfLife::{Long, Medium, Short};

/// One kind of true story and what it does. Sizes are in daily volatilities.
#[derive(Clone, Copy, Debug)]
pub(super) struct Kind {
    pub(super) size: f64,
    pub(super) at_once: f64,
    pub(super) overshoot: f64,
    pub(super) half_life: HalfLife,
    pub(super) deniable: bool,
    patterns: &'static [&'static str],
}

const fn kind(
    size: f64,
    at_once: f64,
    half_life: HalfLife,
    patterns: &'static [&'static str],
) -> Kind {
    Kind { size, at_once, overshoot: 0.0, half_life, deniable: false, patterns }
}

/// The kinds of true stories, equally frequent.
pub(super) const KINDS: &[Kind] = &[
    kind(
        1.0,
        0.4,
        Medium,
        &[
            "{co} beats quarterly profit estimates by {n}%, raises dividend",
            "{full} ({tick}) Q{q} earnings top expectations on strong {thing} demand",
            "{co} posts record quarterly revenue, shares seen higher",
            "{short} profit jumps {n}% as {thing} sales surge",
        ],
    ),
    kind(
        -1.0,
        0.4,
        Medium,
        &[
            "{co} misses quarterly profit estimates as costs climb",
            "{full} ({tick}) Q{q} earnings fall short of expectations",
            "{co} swings to surprise quarterly loss, revenue down {n}%",
            "{short} profit tumbles {n}% on weak {thing} demand",
        ],
    ),
    kind(
        0.5,
        0.3,
        Short,
        &[
            "{firm} upgrades {co} to buy, lifts price target to ${n}",
            "{co} raised to overweight at {firm} on {thing} outlook",
        ],
    ),
    kind(
        -0.5,
        0.3,
        Short,
        &[
            "{firm} downgrades {co} to sell, cuts price target to ${n}",
            "{co} cut to underweight at {firm}, cites {thing} slowdown",
        ],
    ),
    kind(
        0.4,
        0.2,
        Long,
        &[
            "{co} wins ${n} million {thing} contract in {city}",
            "{full} awarded multi-year {thing} deal worth ${n} million",
            "{city} picks {short} for {thing} programme",
        ],
    ),
    kind(
        -0.5,
        0.3,
        Medium,
        &[
            "{co} sued over {thing} patents in {city} court",
            "{full} ({tick}) faces class action alleging misleading {thing} claims",
            "Jury orders {short} to pay ${n} million in {thing} case",
        ],
    ),
    kind(
        -0.6,
        0.3,
        Long,
        &[
            "{co} recalls {n},000 units of {thing} over safety defect",
            "{short} halts {thing} shipments after failures reported in {city}",
        ],
    ),
    kind(
        0.7,
        0.3,
        Medium,
        &[
            "{co} raises full-year outlook, sees revenue up {n}%",
            "{full} ({tick}) lifts guidance on {thing} strength",
        ],
    ),
    kind(
        -0.8,
        0.3,
        Medium,
        &[
            "{co} cuts full-year outlook, warns of weak {thing} orders",
            "{full} ({tick}) lowers guidance, to cut {n}% of staff",
        ],
    ),
    Kind {
        overshoot: 0.6,
        deniable: true,
        ..kind(
            1.2,
            0.4,
            Short,
            &[
                "{co} in talks to be acquired, sources say",
                "{short} said to draw takeover interest at ${n} a share",
                "Exclusive: private equity group weighs bid for {full}",
            ],
        )
    },
    kind(
        0.3,
        0.2,
        Long,
        &[
            "{co} unveils next-generation {thing}",
            "{full} ({tick}) launches {thing} line in {city}",
        ],
    ),
    Kind {
        overshoot: 0.3,
        ..kind(
            0.9,
            0.4,
            Medium,
            &[
                "Regulator clears {co} {thing} ahead of schedule",
                "{full} ({tick}) wins approval for {thing}, analysts cheer",
            ],
        )
    },
    kind(
        -0.7,
        0.4,
        Medium,
        &[
            "Regulator opens probe into {co} accounting",
            "{full} ({tick}) receives subpoena over {thing} sales practices",
            "{short} offices in {city} searched in fraud investigation",
        ],
    ),
    kind(
        0.0,
        0.0,
        Short,
        &[
            "{co} to present at {firm} {thing} conference in {city}",
            "{full} ({tick}) names {who} to board of directors",
            "{co} schedules Q{q} earnings call",
            "What to know about {short} ahead of its annual meeting",
        ],
    ),
];

/// A rumour taken back.
pub(super) const DENIAL: Kind = kind(
    -1.0,
    0.5,
    Short,
    &[
        "{co} denies takeover talks, says report is false",
        "Correction: {full} ({tick}) not in sale talks, spokesperson {who} says",
    ],
);

const CHATTER: [&str; 16] = [
    "Central bank leaves rates unchanged, sees risks balanced",
    "Jobless claims rise to {n},000 in latest week",
    "Oil slips {q}% as inventories build",
    "Storm closes schools across {city}",
    "{city} beats rivals {n} to {q} in overtime thriller",
    "Actor {who} spotted with new haircut in {city}",
    "Ten slow-cooker recipes for a busy week",
    "{who} wins chess open in {city} after {n} moves",
    "Treasury auction draws soft demand",
    "Stocks drift as traders await inflation report",
    "Futures point to a mixed open",
    "Why your garden needs more bees, according to {who}",
    "{city} marathon cut short by heat",
    "Opinion: the case for longer weekends",
    "Consumer mood brightens for a third month",
    "Bitcoin moves {q}% in quiet trading",
];

/// Chatter in which a company's short name is an everyday word.
const DOUBLE_MEANING: [&str; 5] = [
    "Local news {word} retires after {n} years in {city}",
    "Scientists detect faint {word} from distant star",
    "A {word} for our time: {who} on losing and winning",
    "Critics find little for the {word} in {city} food week",
    "Ship drops {word} off {city}, harbour closed for hours",
];

const FIRMS: [&str; 6] = [
    "Pellham Cross",
    "Oakridge & Vane",
    "Tarnbrook",
    "Lindqvist Securities",
    "BTV Research",
    "Holloway Dane",
];
const CITIES: [&str; 8] =
    ["Austin", "Cleveland", "Denver", "Rotterdam", "Toledo", "Osaka", "Leeds", "Phoenix"];
const PEOPLE: [&str; 6] =
    ["Mara Ellison", "Tobias Wren", "Ines Okafor", "Dale Hutchins", "Priya Lund", "Sam Corrigan"];
const THINGS: [[&str; 4]; SECTORS.len()] = [
    ["chip", "cloud software", "sensor", "server"],
    ["insulin pump", "vaccine", "diagnostic test", "cancer drug"],
    ["mortgage", "payments", "credit card", "brokerage"],
    ["pipeline", "solar", "drilling", "battery storage"],
    ["warehouse robot", "turbine", "freight", "brake system"],
    ["snack", "footwear", "furniture", "toy"],
    ["streaming", "5G network", "advertising", "podcast"],
    ["copper", "fertiliser", "cement", "lithium"],
];

/// A headline of this kind about a company.
pub(super) fn headline(kind: &Kind, company: &Company, chance: &mut Chance) -> String {
    let pattern = *chance.pick(kind.patterns);
    expand(pattern, Some(company), chance)
}

/// A headline about nothing that matters to any company.
pub(super) fn chatter(companies: &[Company], chance: &mut Chance) -> String {
    let ambiguous: Vec<&Company> = companies.iter().filter(|c| c.ambiguous).collect();
    if ambiguous.is_empty() || !chance.happens(0.2) {
        let pattern = *chance.pick(&CHATTER);
        return expand(pattern, None, chance);
    }
    let company = *chance.pick(&ambiguous);
    let pattern = *chance.pick(&DOUBLE_MEANING);
    expand(pattern, Some(company), chance)
}

/// Fills the places of a pattern.
fn expand(pattern: &str, company: Option<&Company>, chance: &mut Chance) -> String {
    let mut text = String::with_capacity(96);
    let mut rest = pattern;
    while let Some((before, after)) = rest.split_once('{') {
        let (place, after) = after.split_once('}').expect("patterns close their braces");
        text.push_str(before);
        text.push_str(&fill(place, company, chance));
        rest = after;
    }
    text.push_str(rest);
    text
}

fn fill(place: &str, company: Option<&Company>, chance: &mut Chance) -> String {
    let about = || company.expect("patterns with a company are filled with one");
    match place {
        "co" if chance.happens(0.5) => about().name.clone(),
        "co" | "short" => about().alias.clone(),
        "full" => about().name.clone(),
        "tick" => about().ticker.to_string(),
        "word" => about().alias.to_lowercase(),
        "thing" => (*chance.pick(&THINGS[about().sector])).to_owned(),
        "n" => (5 + chance.below(90)).to_string(),
        "q" => (1 + chance.below(4)).to_string(),
        "firm" => (*chance.pick(&FIRMS)).to_owned(),
        "city" => (*chance.pick(&CITIES)).to_owned(),
        "who" => (*chance.pick(&PEOPLE)).to_owned(),
        unknown => unreachable!("no pattern has the place `{unknown}`"),
    }
}
