//! `read`: one headline, taken apart as the desk would take it.

use backsight_domain::story::Reader;
use backsight_domain::time::{Date, Time};
use backsight_reading::clean;
use backsight_reading::company::{Directory, Kind, Mention, Resolver, Role};
use backsight_reading::sentiment::{Passage, Sentiment, Tone as Feeling};
use backsight_reading::story::{Because, Placed, Settings, Sighting, Stories};
use serde_json::{Value, json};

use crate::answer::{Answer, Exit, Failure};
use crate::cli::Read;
use crate::clock;
use crate::command::Context;
use crate::news;
use crate::page::{Cell, Page, Table, Tone};

/// Bytes of the longest headline.
const HEADLINE_MAX: usize = 2_000;
/// Suspicion from which a page mentions it.
const SUSPICIOUS: f64 = 0.2;

/// Everything that was understood of a headline.
struct Taken {
    headline: String,
    suspicion: f64,
    date: Date,
    directory: Directory,
    is_imported: bool,
    mentions: Vec<Mention>,
    reader: Reader,
    rungs: Vec<Answered>,
    placed: Placed,
}

/// What one rung says.
struct Answered {
    rung: String,
    whole: Feeling,
    /// By symbol of those that the headline is about.
    about: Vec<(String, Feeling)>,
}

/// Reads a headline.
pub(crate) fn run(context: &Context, wish: &Read) -> Result<Answer, Failure> {
    let now = clock::now();
    let date = match &wish.date {
        None => now.utc_date(),
        Some(text) => Date::parse(text).ok_or_else(|| {
            let message = format!("`{text}` is no date; one looks like 2024-01-31");
            Failure::new(Exit::Usage, message)
        })?,
    };
    let headline = clean::text(&wish.headline, HEADLINE_MAX);
    if headline.is_empty() {
        return Err(Failure::new(Exit::Usage, "the headline has no words"));
    }
    let (directory, is_imported) = news::directory(&context.home)?;
    let resolver = Resolver::new(directory);
    let mentions = resolver.read(&headline, date);
    let (rungs, reader) = news::rungs(&context.home)?;
    let rungs = rungs.iter().map(|rung| answered(&**rung, &headline, &mentions)).collect();
    let taken = Taken {
        suspicion: clean::suspicion(&wish.headline),
        placed: placed(&headline, &wish.after, now),
        directory: resolver.directory().clone(),
        headline,
        date,
        is_imported,
        mentions,
        reader,
        rungs,
    };
    let mut page = context.page();
    taken.write(&mut page);
    Ok(Answer::fine(page, taken.json()))
}

fn answered(rung: &dyn Sentiment, headline: &str, mentions: &[Mention]) -> Answered {
    let about = news::subjects(mentions);
    let others = news::others(mentions, &about);
    let tones = rung.read(&news::passages(headline, &about, &others));
    let name = |it: &&Mention| it.ticker.map(|it| it.to_string()).unwrap_or_default();
    let whole = rung.read_one(&Passage::whole(headline));
    let about = about.iter().map(name).zip(tones).collect();
    Answered { rung: rung.rung().to_string(), whole, about }
}

/// The story of a headline among those that were there before.
fn placed(headline: &str, before: &[String], at: Time) -> Placed {
    let mut stories = Stories::new(Settings::default());
    let sighting = |headline, source| Sighting { source, headline, link: "", text: "", at };
    for earlier in before {
        stories.place(&sighting(earlier, "earlier"));
    }
    stories.place(&sighting(headline, "now"))
}

impl Taken {
    fn write(&self, page: &mut Page) {
        page.words(Tone::Strong, &self.headline);
        if SUSPICIOUS < self.suspicion {
            let text = format!("it looks as if it were to be misread ({:.2})", self.suspicion);
            page.line(Tone::Warn, &text);
        }
        self.write_companies(page);
        self.write_sentiment(page);
        page.heading("Story");
        let Placed { story, because, .. } = self.placed;
        page.pair("identity", format!("{story:016x}"));
        page.pair("it is", why(because));
    }

    fn write_companies(&self, page: &mut Page) {
        let source = if self.is_imported { "imported lists" } else { "built-in list" };
        page.heading(&format!("Named, on {} by the {source}", self.date));
        let columns = ["symbol", "name", "kind", "part", "by", ">sure", ">match", ">about"];
        let mut table = Table::new(&columns);
        for it in &self.mentions {
            let name: String = self.name(it).chars().take(22).collect();
            table.row([
                Cell::toned(Tone::Strong, it.ticker.map_or("-".to_owned(), |it| it.to_string())),
                name.into(),
                kind(it.kind).into(),
                role(it.role).into(),
                it.evidence.name().into(),
                format!("{:.2}", it.confidence).into(),
                format!("{:.2}", it.matched).into(),
                format!("{:.2}", it.relevance).into(),
            ]);
        }
        if table.is_empty() {
            page.line(Tone::Dim, "  nobody");
        } else {
            page.table(&table);
        }
    }

    fn write_sentiment(&self, page: &mut Page) {
        page.heading("Sentiment, from -1 to +1");
        let mut table = Table::new(&["rung", "about", ">score", ">sure"]);
        for (index, Answered { rung, whole, about }) in self.rungs.iter().enumerate() {
            let tone = if index == 0 { Tone::Strong } else { Tone::Plain };
            let mut row = |rung: &str, about: &str, it: &Feeling| {
                let sign = if it.score < 0.0 { Tone::Bad } else { Tone::Good };
                table.row([
                    Cell::toned(tone, rung),
                    about.into(),
                    Cell::toned(sign, format!("{:+.2}", it.score)),
                    format!("{:.2}", it.confidence).into(),
                ]);
            };
            row(rung, "the whole", whole);
            for (symbol, it) in about {
                row("", symbol, it);
            }
        }
        page.table(&table);
        page.line(Tone::Dim, "The desk reads by the first rung, about each company apart.");
        if self.reader.is_fall() {
            page.words(Tone::Bad, &format!("A worse reader than was chosen: {}", self.reader.why));
        }
    }

    fn name(&self, mention: &Mention) -> &str {
        &self.directory.subject(mention.subject).name
    }

    fn json(&self) -> Value {
        let feeling = |it: &Feeling| json!({ "score": it.score, "confidence": it.confidence });
        let mentions = self.mentions.iter().map(|it| {
            json!({
                "name": self.name(it),
                "ticker": it.ticker.map(|it| it.to_string()),
                "kind": kind(it.kind),
                "role": role(it.role),
                "evidence": it.evidence.name(),
                "text": &self.headline[it.span.clone()],
                "confidence": it.confidence,
                "match": it.matched,
                "relevance": it.relevance,
            })
        });
        let rungs = self.rungs.iter().map(|Answered { rung, whole, about }| {
            let about = about.iter().map(|(symbol, it)| (symbol.clone(), feeling(it)));
            let about: serde_json::Map<_, _> = about.collect();
            json!({ "rung": rung, "whole": feeling(whole), "about": about })
        });
        let Placed { story, because, .. } = self.placed;
        json!({
            "headline": self.headline,
            "suspicion": self.suspicion,
            "date": self.date.to_string(),
            "companies": if self.is_imported { "imported" } else { "built-in" },
            "mentions": mentions.collect::<Vec<Value>>(),
            "sentiment": rungs.collect::<Vec<Value>>(),
            "fell": self.reader.is_fall(),
            "why": self.reader.why,
            "story": format!("{story:016x}"),
            "copy": because != Because::New,
            "because": why(because),
        })
    }
}

const fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Company => "company",
        Kind::Fund => "fund",
        Kind::Private => "private",
        Kind::Foreign => "foreign",
        Kind::Index => "index",
        Kind::Commodity => "commodity",
        Kind::Crypto => "crypto",
    }
}

const fn role(role: Role) -> &'static str {
    match role {
        Role::Subject => "subject",
        Role::Background => "background",
        Role::Source => "source",
    }
}

fn why(because: Because) -> String {
    match because {
        Because::New => "a story of its own".to_owned(),
        Because::SameAddress => "a copy: same address".to_owned(),
        Because::SameHeadline => "a copy: same headline".to_owned(),
        Because::LikeHeadline(bits) => format!("a copy: headline alike in all but {bits} bits"),
        Because::LikeText(bits) => format!("a copy: text alike in all but {bits} bits"),
    }
}
