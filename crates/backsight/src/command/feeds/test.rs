//! `feeds test`: one feed, read once, on the way that a desk reads it.

use backsight_domain::time::{Span, Time};
use backsight_gateway::feed::intake::{Edition, Intake, News};
use backsight_gateway::feed::schedule::{Manners, Schedule};
use backsight_gateway::feed::wire::{Report, catch_up};
use backsight_gateway::feed::{Feed, Fetched, Outcome};
use backsight_gateway::http::client::{Client, Patience};
use backsight_gateway::http::fault::Fault;
use backsight_gateway::url::Url;
use backsight_reading::feed::Format;
use backsight_reading::story::{Because, Settings};
use serde_json::{Value, json};

use super::{client, list_in_force};
use crate::answer::{Answer, Exit, Failure};
use crate::clock;
use crate::command::Context;
use crate::page::{Cell, Page, Table, Tone};
use crate::words;

/// Stories that a page shows.
const ROWS: usize = 20;
/// Problems that a page shows.
const PROBLEMS: usize = 5;

/// Everything that one reading of a feed came to.
struct Tested {
    /// What was asked for.
    feed: Feed,
    /// Where redirects led.
    hops: Vec<Url>,
    /// What came, or why nothing did.
    result: Result<(Fetched, Edition), Fault>,
}

/// Reads a feed once.
pub(super) fn run(context: &Context, subject: &str) -> Result<Answer, Failure> {
    let list = list_in_force(&context.home)?;
    let feed = match list.feed(subject) {
        Some(feed) => feed.clone(),
        None => Feed {
            name: "test".into(),
            url: Url::parse(subject).map_err(|bad| {
                let message = format!("`{subject}` is no feed of the list and no address: {bad}");
                Failure::new(Exit::Usage, message)
            })?,
            every: Span::from_minutes(5),
        },
    };
    let tested = read(feed, &client(&list, Patience::FEED));
    let mut page = context.page();
    write(&mut page, &tested);
    let exit = if tested.result.is_ok() { Exit::Fine } else { Exit::Different };
    Ok(Answer { page: page.into(), json: json_of(&tested), exit })
}

/// Reads a feed, following its redirects as a desk does, without the wait before the first look.
fn read(feed: Feed, client: &Client) -> Tested {
    let (mut now, mut hops) = (clock::now(), Vec::new());
    let manners = Manners { first_round: Span::ZERO, ..Manners::default() };
    let mut schedule = Schedule::new(vec![feed.clone()], manners, 0, now);
    let mut intake = Intake::new(Settings::default());
    loop {
        for Report { turn, edition } in catch_up(&mut schedule, &mut intake, client, now) {
            let result = match (turn.outcome, edition) {
                (Outcome::Redirected(url), _) => {
                    hops.push(url);
                    continue;
                }
                (Outcome::Fetched(fetched), Some(edition)) => Ok((fetched, edition)),
                (Outcome::Failed(fault), _) => Err(fault),
                (Outcome::Fetched(_), None) | (Outcome::Unchanged, _) => {
                    unreachable!("a first body is new, and it is read or refused")
                }
            };
            return Tested { feed, hops, result };
        }
        now = now.later(schedule.wake().expect("a feed is always due at some time"));
    }
}

fn write(page: &mut Page, tested: &Tested) {
    let Tested { feed, hops, result } = tested;
    page.line(Tone::Strong, &feed.url.to_string());
    for hop in hops {
        page.pair("redirects to", hop.to_string());
    }
    let (fetched, edition) = match result {
        Ok(read) => read,
        Err(fault) => return page.words(Tone::Bad, &chain(fault)),
    };
    page.pair("title", &*edition.title);
    page.pair("format", format_name(edition.format));
    let kind = fetched.content_type.as_deref().unwrap_or("no type");
    page.pair("body", format!("{}, {kind}", words::bytes(fetched.bytes.len() as u64)));
    page.pair("received", words::stamp(fetched.received_at));
    let undated = edition.news.iter().filter(|news| news.story.published.is_none()).count();
    let copies = edition.news.iter().filter(|news| news.placed.because != Because::New).count();
    let items = edition.items;
    page.pair("items", format!("{items}, {undated} undated, {copies} told twice"));
    let problems = edition.problems.len();
    if problems != 0 {
        page.pair("problems", problems.to_string());
        for problem in edition.problems.iter().take(PROBLEMS) {
            let at = problem.item.map_or(String::new(), |item| format!("item {}: ", item + 1));
            page.line(Tone::Warn, &format!("    {at}{}", problem.kind));
        }
    }
    page.blank();
    write_news(page, &edition.news);
}

/// The newest stories, with their own times.
fn write_news(page: &mut Page, news: &[News]) {
    let mut table = Table::new(&["published", "headline"]);
    for news in news.iter().rev().take(ROWS) {
        let published = news.story.published.map_or("-".to_owned(), words::minute);
        table.row([Cell::toned(Tone::Dim, published), (&*news.story.headline).into()]);
    }
    page.table(&table);
    let more = news.len().saturating_sub(ROWS);
    if more != 0 {
        page.line(Tone::Dim, &format!("and {more} more; --json has all of them"));
    }
}

/// A fault and its causes.
pub(crate) fn chain(fault: &dyn std::error::Error) -> String {
    let mut text = fault.to_string();
    let mut source = fault.source();
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    text
}

const fn format_name(format: Format) -> &'static str {
    match format {
        Format::Rss09 => "RSS 0.9x",
        Format::Rss10 => "RSS 1.0",
        Format::Rss20 => "RSS 2.0",
        Format::Atom03 => "Atom 0.3",
        Format::Atom10 => "Atom 1.0",
        Format::JsonFeed => "JSON Feed",
        Format::Unknown => "unknown",
    }
}

fn json_of(tested: &Tested) -> Value {
    let Tested { feed, hops, result } = tested;
    let url = feed.url.to_string();
    let hops: Vec<String> = hops.iter().map(ToString::to_string).collect();
    let (fetched, edition) = match result {
        Ok(read) => read,
        Err(fault) => {
            return json!({ "url": url, "redirects": hops, "read": false, "fault": chain(fault) });
        }
    };
    let problems = edition.problems.iter().map(|problem| {
        json!({ "item": problem.item.map(|item| item + 1), "problem": problem.kind.to_string() })
    });
    json!({
        "url": url,
        "redirects": hops,
        "read": true,
        "format": format_name(edition.format),
        "title": edition.title,
        "content_type": fetched.content_type,
        "bytes": fetched.bytes.len(),
        "received": fetched.received_at.to_string(),
        "items": edition.items,
        "problems": problems.collect::<Vec<Value>>(),
        "news": edition.news.iter().rev().map(news_json).collect::<Vec<Value>>(),
    })
}

fn news_json(news: &News) -> Value {
    let time = |time: Option<Time>| time.map(|time| time.to_string());
    json!({
        "story": format!("{:016x}", news.story.id),
        "headline": news.story.headline,
        "link": news.link,
        "published": time(news.story.published),
        "copy": news.placed.because != Because::New,
    })
}
