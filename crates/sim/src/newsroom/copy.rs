//! How other outlets carry a story: later, and a little changed.

use backsight_domain::time::Span;

use super::millis;
use crate::chance::Chance;
use crate::market::Company;

/// The outlets, all invented.
pub const OUTLETS: [&str; 10] = [
    "Quorum Newswire",
    "Tapeline",
    "Street Ledger",
    "The Morning Docket",
    "Harbour Financial Press",
    "Closing Cross Daily",
    "MarketBeacon",
    "The Ticker Post",
    "Fourth Floor Wire",
    "stockchatter.example",
];

/// One copy of a story.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Copy {
    pub(super) outlet: &'static str,
    pub(super) after: Span,
    pub(super) headline: String,
}

/// The copies of a headline: none to six, seconds to hours later.
pub(super) fn copies(headline: &str, company: &Company, chance: &mut Chance) -> Vec<Copy> {
    let count = chance.below(7);
    let copy = |_| {
        let outlet = *chance.pick(&OUTLETS);
        let mean = *chance.pick(&[15.0, 300.0, 5_400.0]);
        let after = 4.0 + chance.exponential(mean);
        let headline = edit(headline, outlet, company, chance);
        Copy { outlet, after: Span::from_millis(millis(after)), headline }
    };
    (0..count).map(copy).collect()
}

fn edit(headline: &str, outlet: &str, company: &Company, chance: &mut Chance) -> String {
    match chance.below(8) {
        0 => format!("UPDATE 1-{headline}"),
        1 => format!("{headline} - {outlet}"),
        2 => headline.replacen(&company.name, &company.alias, 1),
        3 => format!("{}: {headline}", company.ticker),
        4 => headline.to_uppercase(),
        5 => cut(headline, 48),
        _ => headline.to_owned(),
    }
}

/// The beginning of a text, as feeds show it.
fn cut(text: &str, characters: usize) -> String {
    if text.chars().count() <= characters {
        return text.to_owned();
    }
    let head: String = text.chars().take(characters).collect();
    format!("{}...", head.trim_end())
}
