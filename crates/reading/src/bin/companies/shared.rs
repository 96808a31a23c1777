//! The shared sets as further measures: tweets without their cashtags, and headlines from India.

use std::collections::BTreeSet;

use backsight_domain::instrument::Ticker;
use backsight_domain::time::Date;
use backsight_reading::company::{Evidence, Resolver, SubjectId};

use crate::{open, say};

/// Rows of a comma-separated file with quoted fields, which may hold line breaks.
fn rows(text: &str) -> Vec<Vec<String>> {
    let (mut rows, mut row, mut field) = (Vec::new(), Vec::new(), String::new());
    let mut quoted = false;
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' if quoted && letters.peek() == Some(&'"') => {
                field.push('"');
                letters.next();
            }
            '"' => quoted = !quoted,
            ',' if !quoted => row.push(std::mem::take(&mut field)),
            '\n' if !quoted => {
                row.push(std::mem::take(&mut field));
                rows.push(std::mem::take(&mut row));
            }
            other => field.push(other),
        }
    }
    rows
}

/// Tweets: those with cashtags are read without them, those without count false symbols.
pub(super) fn tweets(file: &str) {
    let Ok(text) = open(file) else {
        say(&format!("skipped: `{file}` is not here"));
        return;
    };
    let resolver = Resolver::builtin();
    let date = Date::from_ymd(2020, 1, 31).expect("the date exists");
    let (mut found, mut wrong, mut missed, mut texts) = (0, 0, 0, 0);
    let (mut silent, mut symbols) = (0, 0);
    for row in rows(&text).iter().skip(1).filter(|row| row.len() == 2) {
        let tweet = &row[0];
        let tagged = issuers(&resolver, tweet, date, true);
        let bare = without_cashtags(tweet);
        let named = issuers(&resolver, &bare, date, false);
        if !tweet.contains('$') {
            silent += 1;
            symbols += named.len();
            print_spans(&resolver, tweet, date);
            continue;
        }
        if tagged.is_empty() || !tagged.iter().any(|id| is_spoken(&resolver, *id, &bare)) {
            continue;
        }
        texts += 1;
        found += named.intersection(&tagged).count();
        let more: BTreeSet<SubjectId> = named.difference(&tagged).copied().collect();
        let spoken = tagged.difference(&named).filter(|id| is_spoken(&resolver, **id, &bare));
        let less: BTreeSet<SubjectId> = spoken.copied().collect();
        wrong += more.len();
        missed += less.len();
        print_named(&resolver, "wrong", &bare, &more);
        print_named(&resolver, "missed", &bare, &less);
    }
    let share = |part: i32, whole: i32| f64::from(part) / f64::from(whole.max(1));
    let count = |number: usize| i32::try_from(number).unwrap_or(i32::MAX);
    let (found, wrong) = (count(found), count(wrong));
    let missed = count(missed);
    say(&format!(
        "tweets that name a tagged issuer: {texts}; precision {:.3}, recall {:.3}, F1 {:.3}",
        share(found, found + wrong),
        share(found, found + missed),
        share(2 * found, 2 * found + wrong + missed),
    ));
    say(&format!("tweets without `$`: {silent}, symbols found {symbols}"));
}

fn print_spans(resolver: &Resolver, text: &str, date: Date) {
    if std::env::args().next_back().as_deref() != Some("-v") {
        return;
    }
    for mention in resolver.read(text, date) {
        let Some(ticker) = mention.symbol() else { continue };
        let (span, sure) = (&text[mention.span.clone()], mention.confidence);
        say(&format!("silent {ticker} `{span}` {sure:.2}: {}", text.replace('\n', " ")));
    }
}

fn print_named(resolver: &Resolver, what: &str, text: &str, ids: &BTreeSet<SubjectId>) {
    if ids.is_empty() || std::env::args().next_back().as_deref() != Some("-v") {
        return;
    }
    let names: Vec<&str> = ids.iter().map(|id| &*resolver.directory().subject(*id).name).collect();
    say(&format!("{what} [{}] {}", names.join("; "), text.replace('\n', " ")));
}

fn issuers(resolver: &Resolver, text: &str, date: Date, tags: bool) -> BTreeSet<SubjectId> {
    let mentions = resolver.read(text, date);
    let wanted = mentions
        .iter()
        .filter(|it| it.symbol().is_some() && (!tags || it.evidence == Evidence::Cashtag));
    wanted.map(|it| it.subject).collect()
}

/// Whether the first word of any of an issuer's names stands in a text.
fn is_spoken(resolver: &Resolver, id: SubjectId, text: &str) -> bool {
    let text = text.to_lowercase();
    let mut names = resolver.directory().subject(id).names();
    names.any(|name| {
        let first = name.split([' ', ',', '.']).next().unwrap_or(name).to_lowercase();
        4 <= first.len() && text.split(|c: char| !c.is_alphanumeric()).any(|word| word == first)
    })
}

fn without_cashtags(text: &str) -> String {
    let keep = |word: &&str| {
        let symbol = word.trim_end_matches([':', ',', '.', ')', ';']).trim_start_matches('(');
        symbol.strip_prefix('$').is_none_or(|it| Ticker::parse(it).is_err())
    };
    text.split(' ').filter(keep).collect::<Vec<_>>().join(" ").trim_start_matches("- ").to_owned()
}

/// Indian headlines: a symbol for a company that has a line in New York is right, any other is not.
pub(super) fn sentfin(file: &str) {
    const LISTED_HERE: &[&str] =
        &["INFY", "WIT", "HDB", "IBN", "RDY", "TTM", "MMYT", "SIFY", "NOK", "YTRA"];
    let Ok(text) = open(file) else {
        say(&format!("skipped: `{file}` is not here"));
        return;
    };
    let resolver = Resolver::builtin();
    let date = Date::from_ymd(2019, 6, 3).expect("the date exists");
    let verbose = std::env::args().next_back().as_deref() == Some("-v");
    let (mut texts, mut here, mut other) = (0, 0, 0);
    for row in rows(&text).iter().skip(1).filter(|row| 3 <= row.len()) {
        texts += 1;
        for mention in resolver.read(&row[1], date) {
            let Some(ticker) = mention.symbol() else { continue };
            if LISTED_HERE.contains(&ticker.as_str()) {
                here += 1;
                continue;
            }
            other += 1;
            if verbose {
                say(&format!("{ticker} `{}`: {}", &row[1][mention.span.clone()], row[1]));
            }
        }
    }
    say(&format!(
        "headlines {texts}: symbols of Indian issuers listed here {here}, others {other}"
    ));
}
