//! Symbols written as symbols: `$AAPL`, `(NASDAQ: AAPL)`, `<AAPL.O>`, `(AAPL)`.

use backsight_domain::instrument::Ticker;

use super::cue::Traits;
use super::seen::{Seen, Style};
use super::token::{Gap, Shape};

/// A symbol found in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Symbol {
    /// The symbol.
    pub ticker: Ticker,
    /// How it is written.
    pub form: SymbolForm,
    /// The place behind it.
    pub end: usize,
}

/// How a symbol is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SymbolForm {
    /// Behind a `$`.
    Cashtag,
    /// Behind an exchange, or before a suffix of Reuters.
    Qualified,
    /// Alone in brackets.
    Bracketed,
    /// In capitals among words.
    Bare,
    /// Of an exchange elsewhere: nobody here.
    Elsewhere,
}

/// Behind a full stop: exchanges of the United States in the notation of Reuters.
const SUFFIXES_HERE: &[&str] = &["O", "OQ", "N", "A", "K", "P", "PK"];
/// The same for exchanges elsewhere.
const SUFFIXES_ELSEWHERE: &[&str] = &[
    "L", "T", "DE", "PA", "HK", "NS", "BO", "TO", "AX", "MI", "AS", "MC", "SW", "S", "HE", "ST",
    "OL", "CO", "SS", "SZ", "KS", "TW", "SI", "BR", "VX", "NZ", "MX", "SA", "V", "F", "VI", "LS",
    "I", "TA",
];
/// Behind a `$` these are money.
const CURRENCIES: &[&str] = &["USD", "CAD", "AUD", "EUR", "NZD", "HKD", "SGD", "GBP", "JPY", "CHF"];
/// Exchanges of the list that are not in the United States.
const EXCHANGES_ELSEWHERE: &[&str] = &["tsx", "lse"];

/// The symbol that begins at a place, if it is marked as one.
pub(super) fn marked(seen: &Seen<'_>, place: usize) -> Option<Symbol> {
    cashtag(seen, place).or_else(|| qualified(seen, place)).or_else(|| bracketed(seen, place))
}

fn cashtag(seen: &Seen<'_>, place: usize) -> Option<Symbol> {
    let token = seen.tokens[place];
    let before = token.start.checked_sub(2).and_then(|at| seen.text.as_bytes().get(at));
    let free = before.is_none_or(|byte| !byte.is_ascii_alphanumeric());
    if !token.cash || !free {
        return None;
    }
    let (ticker, end) = with_class(seen, place)?;
    let is_money = CURRENCIES.contains(&ticker.as_str());
    let form = if is_money { SymbolForm::Elsewhere } else { SymbolForm::Cashtag };
    Some(Symbol { ticker, form, end })
}

fn qualified(seen: &Seen<'_>, place: usize) -> Option<Symbol> {
    if seen.traits(place).any(Traits::EXCHANGE) {
        return after_exchange(seen, place);
    }
    let suffix = seen.tokens.get(place + 1).filter(|it| it.gap == Gap::Dot)?;
    let suffix = &seen.text[suffix.start..suffix.end];
    let ends = seen.byte_after(place + 1).is_none_or(|byte| !byte.is_ascii_alphanumeric());
    let ticker = reuters(seen.word(place))?;
    let enclosed = matches!(seen.tokens[place].gap, Gap::Open);
    let form =
        if SUFFIXES_HERE.contains(&suffix) && (enclosed || suffix.len() == 2 || suffix != "A") {
            SymbolForm::Qualified
        } else if SUFFIXES_ELSEWHERE.contains(&suffix) && enclosed {
            SymbolForm::Elsewhere
        } else {
            return None;
        };
    // Initials look like a symbol with a suffix: `J.P.`, `U.N.`, `A.O.`.
    let initials = seen.word(place).len() == 1 && !enclosed;
    (ends && !initials).then_some(Symbol { ticker, form, end: place + 2 })
}

fn after_exchange(seen: &Seen<'_>, place: usize) -> Option<Symbol> {
    // `NYSE: X`, and `NYSE American: X`.
    let colon = (place + 1..place + 3)
        .find(|&at| seen.tokens.get(at).is_some_and(|token| token.gap == Gap::Colon))?;
    let token = seen.tokens[colon];
    if !matches!(token.shape, Shape::Upper | Shape::Capital) || 5 < token.end - token.start {
        return None;
    }
    // After a dateline's colon a word follows, and its capital is followed by small letters.
    if token.shape == Shape::Capital && token.end - token.start != 1 {
        return None;
    }
    let (ticker, end) = with_class(seen, colon)?;
    let name = seen.word(place);
    let elsewhere = EXCHANGES_ELSEWHERE.iter().any(|it| it.eq_ignore_ascii_case(name));
    let form = if elsewhere { SymbolForm::Elsewhere } else { SymbolForm::Qualified };
    Some(Symbol { ticker, form, end })
}

fn bracketed(seen: &Seen<'_>, place: usize) -> Option<Symbol> {
    let token = seen.tokens[place];
    let upper = token.shape == Shape::Upper
        || token.shape == Shape::Capital && token.end - token.start == 1;
    if token.gap != Gap::Open || !upper || 5 < token.end - token.start {
        return None;
    }
    let (ticker, end) = with_class(seen, place)?;
    let closes = matches!(seen.byte_after(end - 1), Some(b')' | b']' | b'>' | b',' | b';'));
    closes.then_some(Symbol { ticker, form: SymbolForm::Bracketed, end })
}

/// Capitals that might be a symbol.
pub(super) fn bare(seen: &Seen<'_>, place: usize) -> Option<Symbol> {
    let token = seen.tokens[place];
    let letters = token.end - token.start;
    if seen.style == Style::Caps || token.shape != Shape::Upper || !(2..=5).contains(&letters) {
        return None;
    }
    let joined = |gap| matches!(gap, Gap::Joined | Gap::Hyphen | Gap::Dot | Gap::Slash);
    let next_is_joined = seen
        .tokens
        .get(place + 1)
        .is_some_and(|next| joined(next.gap) && !seen.word(place + 1).ends_with(['s', 'S']));
    if joined(token.gap)
        || next_is_joined
        || !seen.word(place).bytes().all(|b| b.is_ascii_uppercase())
    {
        return None;
    }
    let ticker = Ticker::parse(seen.word(place)).ok()?;
    Some(Symbol { ticker, form: SymbolForm::Bare, end: place + 1 })
}

/// A symbol in capitals with its share class, as in `BRK.B`.
fn with_class(seen: &Seen<'_>, place: usize) -> Option<(Ticker, usize)> {
    let root = seen.word(place);
    if !root.bytes().all(|byte| byte.is_ascii_alphabetic()) || 6 < root.len() {
        return None;
    }
    let class = seen.tokens.get(place + 1).filter(|it| matches!(it.gap, Gap::Dot | Gap::Hyphen));
    let class = class.map(|it| &seen.text[it.start..it.end]).filter(|it| it.len() == 1);
    let root = root.to_ascii_uppercase();
    match class.filter(|it| it.bytes().all(|byte| byte.is_ascii_alphabetic())) {
        Some(class) => {
            let full = format!("{root}.{}", class.to_ascii_uppercase());
            Some((Ticker::parse(&full).ok()?, place + 2))
        }
        None => Some((Ticker::parse(&root).ok()?, place + 1)),
    }
}

/// A symbol in the notation of Reuters, whose share class is a small letter: `BRKb`.
fn reuters(word: &str) -> Option<Ticker> {
    let (root, class) = word.split_at_checked(word.len().checked_sub(1)?)?;
    let upper = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_uppercase());
    if 5 < word.len() {
        None
    } else if upper(word) {
        Ticker::parse(word).ok()
    } else if upper(root) && class.bytes().all(|byte| byte.is_ascii_lowercase()) {
        Ticker::parse(&format!("{root}.{}", class.to_ascii_uppercase())).ok()
    } else {
        None
    }
}
