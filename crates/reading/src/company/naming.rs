//! What people say when they mean an issuer: legal names without their legal parts.
//!
//! | Title | Core | Short |
//! |---|---|---|
//! | `Micron Technology, Inc.` | micron technology | micron |
//! | `AMAZON COM INC` | amazon | |
//! | `The Goldman Sachs Group, Inc.` | goldman sachs | |
//!
//! Whether a short form may be believed is not decided here: it depends on who else has it and on
//! whether it is an ordinary word.

use super::token;

/// Words of legal forms. They end a name and belong to none.
pub(super) const LEGAL: &[&str] = &[
    "inc",
    "incorporated",
    "corp",
    "corporation",
    "co",
    "company",
    "ltd",
    "limited",
    "plc",
    "llc",
    "lp",
    "sa",
    "nv",
    "ag",
    "se",
    "ab",
    "asa",
    "spa",
    "bhd",
    "kk",
    "oyj",
    "kgaa",
    "adr",
    "ads",
    "cos",
    "companies",
    "pbc",
    "sab",
    "cv",
];

/// Words that structure a group of companies and are left out in speech.
const STRUCTURE: &[&str] = &[
    "holdings",
    "holding",
    "group",
    "com",
    "the",
    "de",
    "new",
    "international",
    "enterprises",
    "worldwide",
    "trust",
    "parent",
];

/// Words that say what an issuer does. A first word before them may stand for the whole.
const TRADE: &[&str] = &[
    "technologies",
    "technology",
    "systems",
    "pharmaceuticals",
    "pharmaceutical",
    "therapeutics",
    "biosciences",
    "bioscience",
    "biotechnology",
    "biotech",
    "biopharma",
    "biopharmaceuticals",
    "pharma",
    "sciences",
    "science",
    "energy",
    "resources",
    "financial",
    "industries",
    "software",
    "networks",
    "network",
    "entertainment",
    "motors",
    "motor",
    "airlines",
    "air",
    "lines",
    "semiconductor",
    "semiconductors",
    "solutions",
    "communications",
    "brands",
    "foods",
    "stores",
    "laboratories",
    "labs",
    "realty",
    "properties",
    "petroleum",
    "oil",
    "gas",
    "medical",
    "health",
    "healthcare",
    "platforms",
    "interactive",
    "wireless",
    "media",
    "power",
    "steel",
    "chemical",
    "chemicals",
    "materials",
    "products",
    "services",
    "service",
    "resorts",
    "hotels",
    "cruises",
    "cruise",
    "automotive",
    "aerospace",
    "electric",
    "electronics",
    "devices",
    "instruments",
    "genetics",
    "genomics",
    "oncology",
    "vaccines",
    "robotics",
    "computing",
    "data",
    "digital",
    "ai",
    "games",
    "gaming",
    "studios",
    "restaurants",
    "pizza",
    "coffee",
    "beverage",
    "brewing",
    "apparel",
    "insurance",
    "assurance",
    "bank",
    "banks",
    "capital",
    "mining",
    "minerals",
    "gold",
    "silver",
    "platinum",
    "uranium",
    "lithium",
    "solar",
    "water",
    "global",
    "american",
    "america",
    "us",
    "and",
    "&",
    "of",
    "online",
    "mobile",
    "cloud",
    "security",
    "analytics",
    "markets",
    "logistics",
    "transportation",
    "freight",
    "express",
    "marine",
    "shipping",
    "offshore",
    "drilling",
    "exploration",
    "production",
    "pipeline",
    "midstream",
    "infrastructure",
    "storage",
    "reit",
    "industrial",
    "manufacturing",
    "tools",
    "vision",
    "diagnostics",
    "surgical",
    "orthopedics",
    "dental",
    "care",
    "wellness",
    "nutrition",
    "sports",
    "outdoor",
    "outdoors",
    "home",
    "homes",
    "education",
    "learning",
    "travel",
    "leisure",
    "acquisition",
    "investment",
    "investments",
    "management",
    "asset",
    "telecommunications",
    "telecom",
    "biomedical",
    "scientific",
    "construction",
    "hospitality",
    "royalty",
    "packaging",
    "controls",
    "imaging",
    "airways",
    "pharma",
    "hotel",
    "advisors",
    "associates",
    "consulting",
    "research",
    "operating",
];

/// Words that belong to too many to stand for one.
const OPENERS: &[&str] = &[
    "first",
    "american",
    "united",
    "national",
    "general",
    "global",
    "new",
    "bancorp",
    "bancshares",
    "trust",
    "bank",
    "midcap",
    "smallcap",
    "crypto",
    "blockchain",
    "futures",
    "federal",
    "china",
    "uptrend",
    "fintech",
    "biotech",
    "ecommerce",
    "cannabis",
    "fortis",
    "options",
];

/// Whether a word may stand for an issuer alone.
pub(super) fn may_stand_alone(word: &str) -> bool {
    let letters = word.bytes().any(|byte| byte.is_ascii_alphabetic());
    let generic = [OPENERS, TRADE, STRUCTURE, LEGAL].iter().any(|list| list.contains(&word));
    letters && !generic
}

/// A title without its marks of state and form, such as `/DE/`.
pub(super) fn tidy(title: &str) -> String {
    let cut = title.find(['/', '\\']).filter(|&at| 3 < at && is_mark(&title[at..]));
    title[..cut.unwrap_or(title.len())].trim().trim_end_matches(',').to_owned()
}

fn is_mark(tail: &str) -> bool {
    let inner = tail.trim_matches(['/', '\\', ' ']);
    (1..=5).contains(&inner.len()) && inner.bytes().all(|b| b.is_ascii_uppercase())
}

/// The issuer in the name of a security, such as `Ford Motor Company Common Stock`.
pub(super) fn issuer_of_security(security: &str) -> &str {
    const TAILS: &[&str] = &[
        " - ",
        " Common Stock",
        " Common Share",
        " Common Unit",
        " Class A",
        " Class B",
        " Class C",
        " Ordinary Share",
        " American Depositary",
        " Depositary",
        " Units",
        " Unit ",
        " Sponsored",
        " New Common",
        " Shares of",
        " Series ",
        " (The)",
        " Limited Voting",
        " Subordinate Voting",
        " Registered Share",
        " Beneficial",
        " (",
        " New York Registry",
    ];
    let cut = TAILS.iter().filter_map(|tail| security.find(tail)).min();
    security[..cut.unwrap_or(security.len())].trim().trim_end_matches(',')
}

/// Whether the name of a security is that of a share, not of a warrant, a note or the like.
pub(super) fn is_share(security: &str) -> bool {
    const OTHERS: &[&str] = &[
        "Warrant",
        "warrant",
        " Right",
        " Preferred",
        "Preference",
        " Notes",
        " Note ",
        "Debenture",
        " - Unit",
        "%",
        " ETN",
        "Subordinated",
        "Trust Certificates",
        "Certs",
    ];
    // The depositary receipt of a preferred share is what trades of some foreign issuers.
    let receipt = security.contains("American Depositary");
    receipt || !OTHERS.iter().any(|other| security.contains(other))
}

/// The words of a name without its legal parts.
pub(super) fn core(name: &str) -> Vec<String> {
    let mut words = token::words(name);
    if words.len() > 1 && words[0] == "the" {
        words.remove(0);
    }
    let ends = |word: &String| LEGAL.contains(&word.as_str()) || word == "&" || word == "the";
    loop {
        let joined = joined_form(&words);
        if joined > 0 && words.len() > joined {
            words.truncate(words.len() - joined);
        } else if words.len() > 1 && words.last().is_some_and(ends) {
            words.pop();
        } else {
            return words;
        }
    }
}

/// How many words at the end are a form that full stops divided, as in `S.A.`.
fn joined_form(words: &[String]) -> usize {
    const FORMS: &[&[&str]] = &[
        &["s", "a", "b", "de", "c", "v"],
        &["sab", "de", "cv"],
        &["s", "a"],
        &["n", "v"],
        &["p", "l", "c"],
        &["l", "p"],
        &["a", "g"],
        &["s", "p", "a"],
        &["l", "l", "c"],
        &["a", "s"],
        &["s", "e"],
    ];
    let found = FORMS.iter().find(|form| words.ends_with_words(form));
    found.map_or(0, |form| form.len())
}

trait EndsWith {
    fn ends_with_words(&self, form: &[&str]) -> bool;
}

impl EndsWith for [String] {
    fn ends_with_words(&self, form: &[&str]) -> bool {
        let from = self.len().checked_sub(form.len());
        from.is_some_and(|from| self[from..].iter().zip(form).all(|(word, it)| word == it))
    }
}

/// The core without words of structure, when that leaves something else.
pub(super) fn plain_core(core: &[String]) -> Option<Vec<String>> {
    let mut words = core.to_vec();
    let ends = |word: &String| {
        STRUCTURE.contains(&word.as_str()) || LEGAL.contains(&word.as_str()) || word == "&"
    };
    while words.len() > 1 && words.last().is_some_and(ends) {
        words.pop();
    }
    (words.len() < core.len()).then_some(words)
}

/// The first word, when the others only say what the issuer does.
pub(super) fn short(core: &[String]) -> Option<&str> {
    let (first, rest) = core.split_first()?;
    let describes =
        |word: &String| TRADE.contains(&word.as_str()) || STRUCTURE.contains(&word.as_str());
    let clear = 4 <= first.len() && may_stand_alone(first);
    (!rest.is_empty() && clear && rest.iter().all(describes)).then_some(first)
}

/// Whether two names have the same core.
pub(super) fn same(one: &str, other: &str) -> bool {
    core(one) == core(other)
}

#[cfg(test)]
mod tests;
