//! `feeds`: which feeds a desk reads, and one of them read now.

mod poll;
mod test;

use backsight_domain::time::{Span, Time};
use backsight_gateway::feed::Feed;
use backsight_gateway::feed::kept::Kept;
use backsight_gateway::feed::list::{self, FeedList, Problem};
use backsight_gateway::feed::presets;
use backsight_gateway::feed::schedule::Memory;
use backsight_gateway::http::client::{Client, Patience};
use backsight_gateway::url::Url;
use serde_json::{Map, Value, json};

use crate::answer::{Answer, Exit, Failure};
use crate::cli::Feeds;
use crate::command::Context;
use crate::home::{Home, read_whole, show, write_whole};
use crate::page::{Cell, Page, Table, Tone};
use crate::words;

pub(crate) use self::test::chain;

/// Does what was asked with the list of feeds.
pub(crate) fn run(context: &Context, act: &Feeds) -> Result<Answer, Failure> {
    match act {
        Feeds::List { presets: true } => Ok(show_presets(context)),
        Feeds::List { presets: false } => show_list(context),
        Feeds::Poll => poll::run(context),
        Feeds::Test { subject } => test::run(context, subject),
        Feeds::Add { preset: Some(preset), .. } => add(context, &presets::feeds(preset)),
        Feeds::Add { name, url, minutes, preset: None } => {
            let name = name.as_deref().unwrap_or_default();
            let url = url.as_deref().unwrap_or_default();
            let url = Url::parse(url)
                .map_err(|bad| Failure::new(Exit::Usage, format!("`{url}`: {bad}")))?;
            add(context, &[Feed { name: name.into(), url, every: Span::from_minutes(*minutes) }])
        }
        Feeds::Remove { name } => remove(context, name),
    }
}

/// The list in force: the file's, or the one that comes with the program.
pub(crate) fn list_in_force(home: &Home) -> Result<FeedList, Failure> {
    let text = read_whole(&home.feeds_file())?.unwrap_or_else(|| FeedList::standard().text());
    FeedList::parse(&text).map_err(|problems| refused(home, problems.first()))
}

/// A client that asks what the list lets it ask.
pub(crate) fn client(list: &FeedList, patience: Patience) -> Client {
    Client::new(list.guard.clone(), patience).with_contact(list.contact.as_deref())
}

fn refused(home: &Home, problem: Option<&Problem>) -> Failure {
    let problem = problem.map_or(String::new(), |it| format!("{}: {}", it.at, it.problem.trim()));
    Failure::new(Exit::Configuration, format!("`{}`: {problem}", show(&home.feeds_file())))
}

fn show_list(context: &Context) -> Result<Answer, Failure> {
    let home = &context.home;
    let is_written = read_whole(&home.feeds_file())?.is_some();
    let list = list_in_force(home)?;
    let mut page = context.page();
    let count = list.feeds.len();
    let from = if is_written {
        words::path(&home.feeds_file())
    } else {
        format!("the list `{}`", presets::STANDARD)
    };
    page.line(Tone::Strong, &format!("{count} feed(s) from {from}"));
    let kept = poll::read(home)?;
    write_states(&mut page, &list.feeds, &kept);
    write_access(&mut page, &list);
    page.line(Tone::Dim, "Ask whoever is due: backsight feeds poll");
    let json = json!({
        "from": if is_written { show(&home.feeds_file()) } else { "the defaults".to_owned() },
        "ports": list.guard.ports,
        "loopback": list.guard.loopback,
        "contact": list.contact,
        "feeds": list.feeds.iter().map(|feed| state_json(feed, &kept)).collect::<Vec<Value>>(),
    });
    Ok(Answer::fine(page, json))
}

/// The feeds, how each is, and how many of its headlines name a listed company.
fn write_states(page: &mut Page, feeds: &[Feed], kept: &Kept) {
    let columns = ["feed", ">every", "heard", ">headlines", ">company", "host"];
    let mut table = Table::new(&columns);
    for feed in feeds {
        let Feed { name, url, every } = feed;
        let kept = kept.of(feed);
        let tally = kept.map(|kept| kept.tally).unwrap_or_default();
        let share = (100 * tally.with_company).checked_div(tally.headlines);
        table.row([
            (&**name).into(),
            words::span(*every).into(),
            state(kept.map(|kept| &kept.memory)),
            words::count(tally.headlines).into(),
            share.map_or("-".into(), |share| format!("{share} %").into()),
            Cell::toned(Tone::Dim, url.host()),
        ]);
    }
    page.table(&table);
}

/// How a feed is, in a word or two.
fn state(memory: Option<&Memory>) -> Cell {
    match memory {
        Some(memory) if memory.is_dead => Cell::toned(Tone::Bad, "dead"),
        Some(memory) if 0 < memory.failures => {
            Cell::toned(Tone::Warn, format!("failed {}", memory.failures))
        }
        Some(Memory { heard: Some(heard), .. }) => words::minute(*heard).into(),
        Some(_) | None => Cell::toned(Tone::Dim, "not asked"),
    }
}

fn state_json(feed: &Feed, kept: &Kept) -> Value {
    let mut json = feed_json(feed);
    let Some(kept) = kept.of(feed) else { return json };
    let memory = &kept.memory;
    let time = |time: Option<Time>| time.map(|time| time.to_string());
    for (name, value) in [
        ("heard", json!(time(memory.heard))),
        ("due", json!(time(memory.due))),
        ("failures", json!(memory.failures)),
        ("dead", json!(memory.is_dead)),
        ("moved", json!(memory.moved.as_ref().map(ToString::to_string))),
        ("headlines", json!(kept.tally.headlines)),
        ("copies", json!(kept.tally.copies)),
        ("with_company", json!(kept.tally.with_company)),
    ] {
        json[name] = value;
    }
    json
}

fn write_access(page: &mut Page, list: &FeedList) {
    let ports: Vec<String> = list.guard.ports.iter().map(ToString::to_string).collect();
    let here = if list.guard.loopback { ", and this machine" } else { "" };
    page.blank();
    page.line(Tone::Dim, &format!("Asked: public machines at port {}{here}", ports.join(", ")));
    match &list.contact {
        Some(contact) => page.line(Tone::Dim, &format!("Contact told to every server: {contact}")),
        None => page.line(Tone::Dim, "No contact is told; the SEC serves nobody without one"),
    }
}

fn show_presets(context: &Context) -> Answer {
    let mut page = context.page();
    let mut json = Map::new();
    for name in presets::names() {
        let feeds = presets::feeds(&name);
        page.heading(&name);
        write_feeds(&mut page, &feeds);
        json.insert(name, feeds.iter().map(feed_json).collect());
    }
    Answer::fine(page, json!({ "presets": json }))
}

fn write_feeds(page: &mut Page, feeds: &[Feed]) {
    let mut table = Table::new(&["feed", ">every", "address"]);
    for Feed { name, url, every } in feeds {
        let address = Cell::toned(Tone::Dim, url.to_string());
        table.row([(&**name).into(), words::span(*every).into(), address]);
    }
    page.table(&table);
}

fn feed_json(feed: &Feed) -> Value {
    let Feed { name, url, every } = feed;
    json!({ "name": name, "url": url.to_string(), "minutes": every.minutes_floor() })
}

fn add(context: &Context, feeds: &[Feed]) -> Result<Answer, Failure> {
    let home = &context.home;
    let mut text = read_whole(&home.feeds_file())?.unwrap_or_else(|| FeedList::standard().text());
    let list = FeedList::parse(&text).map_err(|problems| refused(home, problems.first()))?;
    // A list is added as far as it is not there; one feed must be new.
    let is_there = |feed: &&Feed| 1 < feeds.len() && list.feed(&feed.name) == Some(*feed);
    let fresh: Vec<&Feed> = feeds.iter().filter(|feed| !is_there(feed)).collect();
    for feed in &fresh {
        text = list::with(&text, feed).map_err(|problem| {
            let message = format!("{}: {}", problem.at, problem.problem.trim());
            Failure::new(Exit::Usage, message)
        })?;
    }
    write_whole(&home.feeds_file(), &text)?;
    let mut page = context.page();
    let count = fresh.len();
    page.line(
        Tone::Plain,
        &format!("Added {count} feed(s) to {}", words::path(&home.feeds_file())),
    );
    if let [Feed { name, .. }] = fresh[..] {
        page.line(Tone::Dim, &format!("Read it now: backsight feeds test \"{name}\""));
    }
    let added: Vec<Value> = fresh.iter().map(|feed| feed_json(feed)).collect();
    Ok(Answer::fine(page, json!({ "file": show(&home.feeds_file()), "added": added })))
}

fn remove(context: &Context, name: &str) -> Result<Answer, Failure> {
    let home = &context.home;
    let text = read_whole(&home.feeds_file())?.unwrap_or_else(|| FeedList::standard().text());
    let without = list::without(&text, name).map_err(|problem| refused(home, Some(&problem)))?;
    let Some(text) = without else {
        let message = format!("no feed is called `{name}`; `backsight feeds list` shows them");
        return Err(Failure::new(Exit::Usage, message));
    };
    write_whole(&home.feeds_file(), &text)?;
    let mut page = context.page();
    let file = words::path(&home.feeds_file());
    page.line(Tone::Plain, &format!("Removed `{name}` from {file}"));
    Ok(Answer::fine(page, json!({ "file": show(&home.feeds_file()), "removed": name })))
}
