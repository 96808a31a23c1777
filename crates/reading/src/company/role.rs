//! What part a named company plays: subject, background, or the source of somebody's opinion.
//!
//! `UBS raises price target on Micron` is about Micron. `UBS raises dividend` is about UBS. What
//! decides is the word beside the house, talk of ratings, and whether somebody else is named.

use super::cue::Traits;
use super::hit::Hit;
use super::mention::Role;
use super::names::Names;
use super::seen::Seen;
use super::token::Gap;

/// The part of a hit among the hits of its text.
pub(super) fn role(names: &Names, seen: &Seen<'_>, hits: &[Hit], index: usize) -> Role {
    let hit = &hits[index];
    if is_background(seen, hit) {
        return Role::Background;
    }
    let marked = hit.ticker.is_some();
    if !marked && names.is_house(hit.subject) && is_source(names, seen, hits, index) {
        return Role::Source;
    }
    Role::Subject
}

/// `Microsoft-backed`, `ex-Google`, `former Tesla`.
fn is_background(seen: &Seen<'_>, hit: &Hit) -> bool {
    let behind = seen.tokens.get(hit.end);
    let backs = behind.is_some_and(|it| it.gap == Gap::Hyphen && it.traits.any(Traits::BACKED));
    let before = hit.first.checked_sub(1);
    backs || before.is_some_and(|at| seen.is(at, &["ex", "former", "formerly"]))
}

fn is_source(names: &Names, seen: &Seen<'_>, hits: &[Hit], index: usize) -> bool {
    let hit = &hits[index];
    let rating = seen.has(Traits::RATING);
    let next = seen.tokens.get(hit.end);
    let possessive = next.is_some_and(|it| it.gap == Gap::Joined);
    let place = hit.end + usize::from(possessive);
    if is_object(seen, place) {
        return false;
    }
    let other_behind = hits[index + 1..].iter().any(|it| it.subject != hit.subject);
    let other = hits.iter().any(|it| it.subject != hit.subject);
    let other_company =
        hits.iter().any(|it| it.subject != hit.subject && !names.is_house(it.subject));
    let behind = seen.traits(place);
    let divides = |gap| matches!(gap, Gap::Colon | Gap::Dash);
    let headed = divides(seen.tokens[hit.first].gap) && 0 < hit.first;

    let own = behind.any(Traits::NOUN) || hit.legal;
    let verdict = seen.has(Traits::VERDICT) && other_company && !own;
    let stage = (place..place + 6).any(|at| seen.traits(at).any(Traits::STAGE)) && other;
    let by_person = behind.any(Traits::ANALYST)
        || possessive && (place..place + 5).any(|at| seen.traits(at).any(Traits::ANALYST));
    let rated = other_behind || headed && other || seen.has(Traits::VERDICT);
    let rates = behind.any(Traits::RATES) && rating && rated;
    let rates_surely = behind.any(Traits::RATES_SURELY);
    let says =
        behind.any(Traits::SAYS) && (other_company || other_behind || is_advice(seen, place + 1));
    // `Goldman's Kostin sees`: a name between the house and its opinion.
    let by_name = possessive && seen.traits(place + 1).any(Traits::SAYS) && other;
    let heads = next.is_some_and(|it| divides(it.gap))
        && (rating || other_behind)
        && seen.begins(hit.first);
    verdict
        || stage
        || by_person
        || rates
        || rates_surely
        || says
        || by_name
        || heads
        || is_attributed(seen, hit, rating, other)
        || is_signature(seen, hit)
}

/// `Goldman says buy the dip`: advice, unless the house speaks of its own.
fn is_advice(seen: &Seen<'_>, from: usize) -> bool {
    const OWN: &[&str] = &["it", "its", "will", "plans", "has", "profit", "revenue", "net"];
    let mut rest = from..seen.tokens.len();
    let own = |place: usize| seen.is(place, OWN) || seen.traits(place).any(Traits::NOUN);
    seen.is(from, &["buy", "sell", "stay", "own", "avoid"]) && !rest.any(own)
}

/// `Goldman Sachs upgraded to buy at KBW`: it is rated and does not rate.
fn is_object(seen: &Seen<'_>, place: usize) -> bool {
    const PASSIVE: &[&str] = &[
        "upgraded",
        "downgraded",
        "raised",
        "cut",
        "lowered",
        "lifted",
        "initiated",
        "started",
        "rated",
        "trimmed",
        "named",
        "boosted",
        "reiterated",
        "assumed",
        "resumed",
        "maintained",
    ];
    const LINKS: &[&str] = &["to", "at", "by", "from", "as", "with", "on"];
    seen.is(place, PASSIVE) && seen.is(place + 1, LINKS)
}

/// `upgraded at UBS`, `analysts at UBS`, `according to UBS`, `says UBS`.
fn is_attributed(seen: &Seen<'_>, hit: &Hit, rating: bool, other: bool) -> bool {
    let Some(before) = hit.first.checked_sub(1) else {
        return false;
    };
    if seen.tokens[hit.first].gap != Gap::Space {
        return false;
    }
    let traits = seen.traits(before);
    let second = before.checked_sub(1).map_or_else(Traits::default, |at| seen.traits(at));
    let last = hit.end == seen.tokens.len();
    let at = traits.any(Traits::AT);
    let placed = at && (second.any(Traits::RATES) || other && rating);
    let written = last && seen.is(before, &["by"]) && other;
    let quoted = seen.is(before, &["says", "said"]) && (last || other);
    let joins = seen.is(before, &["joining"]) && other;
    placed || joins || written || quoted || second.any(Traits::ATTRIBUTES)
}

/// `... : UBS`, `... - UBS` and `... : Jane Doe, UBS` at the end.
fn is_signature(seen: &Seen<'_>, hit: &Hit) -> bool {
    const NAME: usize = 4;
    let divides = |gap| matches!(gap, Gap::Colon | Gap::Dash | Gap::Open);
    let near_the_end = seen.tokens.len() <= hit.end + 2;
    let gap = seen.tokens[hit.first].gap;
    let speaker = gap == Gap::Comma
        && (hit.first.saturating_sub(NAME)..hit.first).any(|at| seen.tokens[at].gap == Gap::Colon);
    0 < hit.first && near_the_end && (divides(gap) || speaker)
}
