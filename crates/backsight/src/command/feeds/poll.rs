//! `feeds poll`: every feed that is due, asked once, and what in it is new.
//!
//! What feeds said is kept in the home, so that the next round asks for changes only, leaves failing
//! feeds alone for as long as they were to be, and tells nothing twice.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::time::Duration;

use backsight_domain::session::new_york;
use backsight_gateway::feed::intake::News;
use backsight_gateway::feed::kept::{Kept, Tally};
use backsight_gateway::feed::poller::Poller;
use backsight_gateway::feed::schedule::Manners;
use backsight_gateway::feed::wire::{Report, Wire};
use backsight_gateway::feed::{Alarm, FeedId, Outcome};
use backsight_gateway::file;
use backsight_gateway::http::client::Patience;
use backsight_reading::company::Resolver;
use backsight_reading::story::{Because, Stories};
use serde_json::{Value, json};

use super::{chain, client, list_in_force};
use crate::answer::{Answer, Exit, Failure};
use crate::clock::{self, Stopwatch};
use crate::command::Context;
use crate::home::{Home, is_absent, read_whole, show};
use crate::news;
use crate::page::{Cell, Table, Tone};
use crate::words;

/// How long a round may take before whoever has not answered is left for the next.
const ROUND: Duration = Duration::from_mins(2);
/// Headlines that a page shows.
const ROWS: usize = 20;

/// What a round came to.
#[derive(Default)]
struct Round {
    /// By feed, in the order of their turns.
    turns: Vec<Turned>,
    news: Vec<Told>,
    tallies: BTreeMap<FeedId, Tally>,
}

/// A feed's turn.
struct Turned {
    name: Box<str>,
    /// A word for what came of it.
    outcome: &'static str,
    fault: Option<String>,
    fresh: usize,
    alarm: Option<Alarm>,
}

/// An item that is new.
struct Told {
    news: News,
    /// The listed companies that it names.
    symbols: Vec<String>,
}

/// Asks whoever is due.
pub(super) fn run(context: &Context) -> Result<Answer, Failure> {
    let home = &context.home;
    let _lock = lock(home)?;
    let list = list_in_force(home)?;
    let mut kept = read(home)?;
    let now = clock::now();
    let manners = Manners { first_round: backsight_domain::time::Span::ZERO, ..Manners::default() };
    let count = list.feeds.len();
    let seed = now.nanos().cast_unsigned();
    let (schedule, intake) = kept.resume(list.feeds.clone(), stories(home)?, (manners, seed), now);
    let due: Vec<FeedId> = schedule
        .feeds()
        .filter(|(id, _)| schedule.memory(*id).due.is_none_or(|due| due <= now))
        .map(|(id, _)| id)
        .collect();
    let client = client(&list, Patience::FEED);
    let mut wire = Wire::new(Poller::start(schedule, &client, clock::now), intake);
    let resolver = Resolver::new(news::directory(home)?.0);
    let round = ask(&mut wire, due, &resolver);
    kept.update(wire.schedule(), wire.intake(), &round.tallies);
    write(home, &kept, wire.intake().stories())?;
    Ok(round.told(context, count))
}

/// Lets everybody who is due have a turn.
fn ask(wire: &mut Wire, mut due: Vec<FeedId>, resolver: &Resolver) -> Round {
    let mut round = Round::default();
    let watch = Stopwatch::start();
    while !due.is_empty() && watch.elapsed() < ROUND {
        let Some(report) = wire.poll(Duration::from_millis(200)) else { continue };
        if matches!(report.turn.outcome, Outcome::Redirected(_)) {
            continue;
        }
        let id = report.turn.feed;
        due.retain(|it| *it != id);
        let name = wire.schedule().feed(id).name.clone();
        round.take(name, report, resolver);
    }
    round
}

impl Round {
    fn take(&mut self, name: Box<str>, report: Report, resolver: &Resolver) {
        let Report { turn, edition } = report;
        let (outcome, fault) = match &turn.outcome {
            Outcome::Fetched(_) => ("new", None),
            Outcome::Unchanged => ("unchanged", None),
            Outcome::Redirected(_) => ("moved", None),
            Outcome::Failed(fault) => ("failed", Some(chain(fault))),
        };
        let news = edition.map(|edition| edition.news).unwrap_or_default();
        let fresh = news.len();
        let tally = self.tallies.entry(turn.feed).or_default();
        for news in news {
            let date = new_york(news.received_at).0;
            let mentions = resolver.read(&news.story.headline, date);
            let symbols = news::subjects(&mentions).into_iter();
            let symbols: Vec<String> =
                symbols.filter_map(|it| it.ticker.map(|it| it.to_string())).collect();
            tally.headlines += 1;
            tally.copies += u64::from(news.placed.because != Because::New);
            tally.with_company += u64::from(!symbols.is_empty());
            self.news.push(Told { news, symbols });
        }
        self.turns.push(Turned { name, outcome, fault, fresh, alarm: turn.alarm });
    }

    fn told(&self, context: &Context, count: usize) -> Answer {
        let mut page = context.page();
        let asked = self.turns.len();
        page.line(Tone::Strong, &format!("{asked} of {count} feed(s) were due"));
        let mut table = Table::new(&["feed", "said", ">new", "fault"]);
        for Turned { name, outcome, fault, fresh, .. } in &self.turns {
            let tone = if fault.is_some() { Tone::Bad } else { Tone::Plain };
            let fault = Cell::toned(Tone::Dim, fault.as_deref().unwrap_or_default());
            let said = Cell::toned(tone, *outcome);
            table.row([(&**name).into(), said, words::count(*fresh).into(), fault]);
        }
        page.table(&table);
        for Turned { name, alarm, .. } in &self.turns {
            match alarm {
                Some(Alarm::Dead { failures, .. }) => {
                    let text = format!("`{name}` is dead: it failed {failures} times in a row");
                    page.words(Tone::Bad, &text);
                }
                Some(Alarm::Alive { .. }) => {
                    page.words(Tone::Good, &format!("`{name}` is back"));
                }
                None => {}
            }
        }
        let mut table = Table::new(&["names", "headline"]);
        for Told { news, symbols } in self.news.iter().rev().take(ROWS) {
            let names = Cell::toned(Tone::Strong, symbols.join(" "));
            table.row([names, (&*news.story.headline).into()]);
        }
        page.table(&table);
        let more = self.news.len().saturating_sub(ROWS);
        if more != 0 {
            page.line(Tone::Dim, &format!("and {more} more; --json has all of them"));
        }
        page.line(Tone::Dim, "`backsight feeds list` says when each is asked again");
        Answer { page: page.into(), json: self.json(count), exit: self.exit() }
    }

    /// A round that reached nobody went wrong.
    fn exit(&self) -> Exit {
        let failed = self.turns.iter().all(|turn| turn.fault.is_some());
        if failed && !self.turns.is_empty() { Exit::Different } else { Exit::Fine }
    }

    fn json(&self, count: usize) -> Value {
        let alarm = |alarm: &Option<Alarm>| match alarm {
            Some(Alarm::Dead { .. }) => Some("dead"),
            Some(Alarm::Alive { .. }) => Some("alive"),
            None => None,
        };
        let turns = self.turns.iter().map(|it| {
            json!({
                "feed": it.name,
                "outcome": it.outcome,
                "fault": it.fault,
                "new": it.fresh,
                "alarm": alarm(&it.alarm),
            })
        });
        let news = self.news.iter().rev().map(|Told { news, symbols }| {
            json!({
                "feed": news.story.source,
                "story": format!("{:016x}", news.story.id),
                "headline": news.story.headline,
                "summary": news.story.summary,
                "link": news.link,
                "published": news.story.published.map(|it| it.to_string()),
                "received": news.received_at.to_string(),
                "copy": news.placed.because != Because::New,
                "symbols": symbols,
            })
        });
        json!({
            "feeds": count,
            "asked": turns.collect::<Vec<Value>>(),
            "news": news.collect::<Vec<Value>>(),
        })
    }
}

/// What is kept of feeds in a home; nothing when none was ever asked.
pub(super) fn read(home: &Home) -> Result<Kept, Failure> {
    let path = home.feeds_state();
    let Some(text) = read_whole(&path)? else { return Ok(Kept::default()) };
    Kept::parse(&text).map_err(|fault| {
        let message = format!("`{}`: {fault}; remove it to begin anew", show(&path));
        Failure::new(Exit::Configuration, message)
    })
}

fn stories(home: &Home) -> Result<Option<Stories>, Failure> {
    let path = home.stories_state();
    let bytes = match fs::read(&path) {
        Ok(bytes) => bytes,
        Err(fault) if is_absent(&fault) => return Ok(None),
        Err(fault) => {
            return Err(Failure::from(fault).context(format!("cannot read `{}`", show(&path))));
        }
    };
    Stories::decode(&bytes).map(Some).ok_or_else(|| {
        let message = format!("`{}` holds no stories; remove it to begin anew", show(&path));
        Failure::new(Exit::Configuration, message)
    })
}

/// Stories first: a story that is known while its item is not is a copy of itself, and no news.
fn write(home: &Home, kept: &Kept, stories: &Stories) -> Result<(), Failure> {
    for (path, bytes) in [
        (home.stories_state(), stories.encode()),
        (home.feeds_state(), kept.to_json().into_bytes()),
    ] {
        file::write_whole(&path, bytes).map_err(|fault| {
            Failure::from(fault).context(format!("cannot write `{}`", show(&path)))
        })?;
    }
    Ok(())
}

/// Two rounds at once would each forget what the other heard.
fn lock(home: &Home) -> Result<File, Failure> {
    let path = home.feeds_state().with_file_name("lock");
    let context = |fault| Failure::from(fault).context(format!("cannot write `{}`", show(&path)));
    fs::create_dir_all(path.parent().expect("the file is in a folder")).map_err(context)?;
    let file = File::create(&path).map_err(context)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(fs::TryLockError::WouldBlock) => {
            let message = "another `feeds poll` of this home is under way; wait until it is done";
            Err(Failure::new(Exit::Unavailable, message))
        }
        Err(fs::TryLockError::Error(fault)) => Err(context(fault)),
    }
}
