use std::sync::LazyLock;

use proptest::prelude::*;

use super::*;

static RESOLVER: LazyLock<Resolver> = LazyLock::new(Resolver::builtin);

fn day(text: &str) -> Date {
    Date::parse(text).expect("the test names a date")
}

fn check(resolver: &Resolver, text: &str, expected: &str) {
    let mentions = resolver.read(text, day("2026-02-02"));
    let told: Vec<String> = mentions
        .iter()
        .map(|it| {
            let name =
                it.ticker.map_or_else(|| format!("{:?}", it.kind), |ticker| ticker.to_string());
            format!("{name} {} {:?}", it.evidence.name(), it.role)
        })
        .collect();
    assert_eq!(told.join("; "), expected, "`{text}`");
}

#[test]
fn every_rung_is_reached() {
    let resolver = &*RESOLVER;
    check(resolver, "Robots ship (NASDAQ: TER) today", "TER qualified symbol Subject");
    check(resolver, "long $GOOG here", "GOOG cashtag Subject");
    check(resolver, "Why Altria (MO) pays", "MO bracketed symbol Subject");
    check(resolver, "Gap Inc cut its view", "GAP legal name Subject");
    check(resolver, "Axsome wins approval", "AXSM short name Subject");
    check(resolver, "Ozempic sales rise", "NVO alias Subject");
    check(resolver, "Target posts record profit", "TGT in context Subject");
    check(resolver, "TSLA shares drop", "TSLA capitals Subject");
}

#[test]
fn what_is_no_listed_company_is_found_as_what_it_is() {
    let resolver = &*RESOLVER;
    check(resolver, "OpenAI hires again", "Private alias Subject");
    check(resolver, "Samsung strikes deal", "Foreign alias Subject");
    check(resolver, "S&P 500 slips", "Index alias Subject");
    check(resolver, "Copper climbs", "Commodity alias Subject");
    check(resolver, "$BTC breaks out", "Crypto cashtag Subject");
}

#[test]
fn a_house_is_the_source_of_its_opinion_and_the_subject_of_its_results() {
    let resolver = &*RESOLVER;
    check(resolver, "UBS raises price target on Micron", "UBS alias Source; MU in context Subject");
    check(resolver, "UBS raises dividend", "UBS alias Subject");
    check(
        resolver,
        "Microsoft-backed OpenAI hires",
        "MSFT alias Background; Private alias Subject",
    );
}

#[test]
fn sources_have_no_symbol_and_no_relevance() {
    let resolver = &*RESOLVER;
    let mentions = resolver.read("Apple cut to neutral at JPMorgan", day("2026-02-02"));
    assert_eq!(mentions.len(), 2);
    assert_eq!((mentions[1].symbol(), mentions[1].relevance.to_bits()), (None, 0));
    assert!(0.7 < mentions[0].relevance);
    assert_eq!(&"Apple cut to neutral at JPMorgan"[mentions[0].span.clone()], "Apple");
}

#[test]
fn a_name_leads_to_the_symbol_of_its_day() {
    let resolver = &*RESOLVER;
    let on = |text: &str, date: &str| {
        let mentions = resolver.read(text, day(date));
        mentions.first().and_then(Mention::symbol).map(|it| it.to_string())
    };
    assert_eq!(on("Facebook gains users", "2021-06-01").as_deref(), Some("FB"));
    assert_eq!(on("Facebook gains users", "2023-06-01").as_deref(), Some("META"));
    assert_eq!(on("$SQ gains", "2026-02-02").as_deref(), Some("XYZ"));
    assert_eq!(on("Jack Dorsey's Square gains", "2021-06-01").as_deref(), Some("SQ"));
    assert_eq!(on("Twitter gains users", "2021-06-01").as_deref(), Some("TWTR"));
    assert_eq!(on("Twitter gains users", "2023-06-01"), None);
}

#[test]
fn words_within_words_and_words_of_the_language_mean_nobody() {
    let resolver = &*RESOLVER;
    for text in [
        "MARKET MAY FALL",
        "chip stock rally, bank stock slump",
        "all now on it, a low key day",
        "ALL EYES ON IT NOW",
        "price target raised",
        "the gap widens",
    ] {
        check(resolver, text, "");
    }
}

#[test]
fn any_text_is_read_without_harm_and_always_the_same() {
    let resolver = &*RESOLVER;
    let long = "Apple (AAPL) $TSLA ".repeat(2_000);
    for text in
        ["", "$", "(", "$.", "NYSE:", "(NYSE: ", "’s’s", "\u{202e}\u{0}", "$ÄÖÜ", "é.O", &long]
    {
        let mentions = resolver.read(text, day("2026-02-02"));
        assert_eq!(mentions, resolver.read(text, day("2026-02-02")));
        assert!(mentions.iter().all(|it| text.is_char_boundary(it.span.end)));
    }
}

/// Pieces of headlines, of names and of what makes neither.
const PIECES: &[&str] = &[
    "Ford",
    "Apple",
    "Inc.",
    "Target's",
    "Charles",
    "Schwab",
    "of",
    "in",
    "(NASDAQ: AAPL)",
    "$TSLA",
    "$",
    "(",
    ")",
    "General",
    "Mills",
    "shares",
    "2.5%",
    "1928",
    "coach",
    "raises",
    "Union",
    ",",
    ":",
    "-",
    "\u{301}",
    "\u{202e}",
    "É",
    "ß",
    "東京",
    " ",
    "\u{a0}",
    "\0",
    "&amp;",
    "<AAPL.O>",
    "UBS",
];

proptest! {
    #[test]
    fn prop_any_text_is_read(
        pieces in proptest::collection::vec(
            prop_oneof![4 => proptest::sample::select(PIECES).prop_map(str::to_owned), 1 => "\\PC{0,6}"],
            0..30,
        ),
        gap in "[ ]?",
    ) {
        let text = pieces.join(&gap);
        let mentions = RESOLVER.read(&text, day("2026-02-02"));
        let mut subjects: Vec<_> = mentions.iter().map(|it| it.subject).collect();
        subjects.sort_unstable();
        subjects.dedup();
        prop_assert_eq!(subjects.len(), mentions.len(), "each is named once");
        for mention in &mentions {
            prop_assert!(text.get(mention.span.clone()).is_some_and(|it| !it.is_empty()));
            for share in [mention.confidence, mention.matched, mention.relevance] {
                prop_assert!((0.0..=1.0).contains(&share), "{:?}", mention);
            }
        }
    }
}
