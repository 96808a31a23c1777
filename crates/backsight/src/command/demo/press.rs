//! The demo's news on the real way: printed as feeds, fetched, parsed, placed and read.
//!
//! ```text
//! Printed ──► Paper ──► Newsstand ══ loopback ══► Client ──► Schedule, Intake ──► NewsReader ──► desk
//!                          └──────── the same bytes, where no socket can be had ──────┘
//! ```
//!
//! Time is the world's and stands still while a feed is asked, and the schedule draws from the
//! world's seed, so that the same seed brings the same stories at the same times with or without
//! the socket. Companies are known as a listing knows them, by name and symbol.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use backsight_domain::event::Event;
use backsight_domain::instrument::Ticker;
use backsight_domain::session::new_york;
use backsight_domain::story::{Reader, Reading};
use backsight_domain::time::{Span, Time};
use backsight_gateway::feed::intake::{Intake, News};
use backsight_gateway::feed::schedule::{Manners, Schedule};
use backsight_gateway::feed::wire::catch_up_through;
use backsight_gateway::feed::{Feed, PACKED_MAX};
use backsight_gateway::guard::Guard;
use backsight_gateway::http::client::{Client, Patience};
use backsight_gateway::http::{Answer, Ask, Head};
use backsight_gateway::newsstand::paper::{Format, Item, Paper};
use backsight_gateway::newsstand::{Newsstand, Page};
use backsight_gateway::url::Url;
use backsight_reading::company::{Directory, Exchange, Kind, Line, Resolver, Subject};
use backsight_reading::sentiment::Ladder;
use backsight_reading::story::{Because, Settings};
use backsight_sim::market::Company;
use backsight_sim::newsroom::OUTLETS;
use backsight_sim::newswire::{Coverage, Newswire, Printed};

use crate::news::{NewsReader, Understood};

/// Stories that an outlet's feed holds.
const ITEMS: usize = 40;
/// How often each feed is asked, at least: the newswire looks once a minute.
const EVERY: Span = Span::from_seconds(30);
/// Pairs of story and company that are remembered.
const READ_MAX: usize = 20_000;

/// A demo's outlets, and whoever reads them.
#[derive(Debug)]
pub(super) struct Press {
    outlets: BTreeMap<Box<str>, Outlet>,
    carrier: Carrier,
    schedule: Schedule,
    intake: Intake,
    reader: NewsReader,
    word: Reader,
    /// Which story was read about whom: a copy is not read again.
    read: BTreeSet<(u64, Ticker)>,
    /// The same, oldest first.
    read_order: VecDeque<(u64, Ticker)>,
    coverage: BTreeMap<Box<str>, Coverage>,
}

/// An outlet, its feed and where that is.
#[derive(Debug)]
struct Outlet {
    paper: Paper,
    format: Format,
    path: String,
}

/// How a page gets from an outlet to the parser.
#[derive(Debug)]
struct Carrier {
    client: Client,
    stand: Option<Newsstand>,
    /// What is on the shelves, by path.
    pages: BTreeMap<String, Page>,
}

impl Press {
    /// The outlets of a demo, none of which printed anything.
    pub(super) fn open(
        stand: Option<Newsstand>,
        (companies, seed): (&[Company], u64),
        (ladder, word): (Ladder, Reader),
    ) -> Self {
        let (mut outlets, mut feeds) = (BTreeMap::new(), Vec::new());
        for (number, name) in OUTLETS.into_iter().enumerate() {
            let path = format!("/feeds/{number}");
            let url = stand.as_ref().map_or_else(|| nowhere(&path), |stand| stand.url(&path));
            feeds.push(Feed { name: name.into(), url, every: EVERY });
            let (title, format) = (marked(name), Format::ALL[number % Format::ALL.len()]);
            let paper = Paper { title, link: "https://demo.example".to_owned(), items: Vec::new() };
            outlets.insert(name.into(), Outlet { paper, format, path });
        }
        // They are all on one host, which is our own.
        let manners = Manners { gap: Span::ZERO, first_round: Span::ZERO, ..Manners::default() };
        let client = Client::new(Guard::with_loopback(), Patience::FEED);
        let mut press = Self {
            schedule: Schedule::new(feeds, manners, seed, Time::default()),
            carrier: Carrier { client, stand, pages: BTreeMap::new() },
            intake: Intake::new(Settings::default()),
            reader: NewsReader::new(Resolver::new(listing(companies)), ladder),
            outlets,
            word,
            read: BTreeSet::new(),
            read_order: VecDeque::new(),
            coverage: BTreeMap::new(),
        };
        let names: Vec<_> = press.outlets.keys().cloned().collect();
        for name in &names {
            press.print(name);
        }
        press
    }

    /// Puts an outlet's feed on its shelf.
    fn print(&mut self, outlet: &str) {
        let Outlet { paper, format, path } = &self.outlets[outlet];
        let page = paper.print(*format);
        if let Some(stand) = &self.carrier.stand {
            stand.put(path, page.clone());
        }
        self.carrier.pages.insert(path.clone(), page);
    }

    /// What reaches the desk of one item: the story, and what is understood of it.
    fn tell(&mut self, news: News, now: Time, events: &mut Vec<Event>) {
        let News { mut story, placed, .. } = news;
        let understood = self.reader.read(&story.headline, new_york(now).0);
        let mut one = Coverage {
            headlines: 1,
            copies: u32::from(placed.because != Because::New),
            with_company: u32::from(!understood.is_empty()),
            readings: 0,
        };
        let outlet = story.source;
        story.source = marked(&outlet).into();
        let id = story.id;
        events.push(Event::Story(story));
        for Understood { mention, tone } in understood {
            let ticker = mention.ticker.expect("what is understood has a symbol");
            if self.is_first(id, ticker) {
                one.readings += 1;
                let confidence = tone.confidence * mention.confidence * mention.matched;
                let reading = Reading { story: id, ticker, sentiment: tone.score, confidence };
                events.push(Event::Reading(reading));
            }
        }
        *self.coverage.entry(outlet).or_default() += one;
    }

    /// Whether nothing was read yet of a story about a company.
    fn is_first(&mut self, story: u64, ticker: Ticker) -> bool {
        let is_first = self.read.insert((story, ticker));
        if is_first {
            self.read_order.push_back((story, ticker));
        }
        if READ_MAX < self.read_order.len()
            && let Some(oldest) = self.read_order.pop_front()
        {
            self.read.remove(&oldest);
        }
        is_first
    }
}

impl Newswire for Press {
    fn reader(&self) -> Reader {
        self.word.clone()
    }

    fn carry(&mut self, printed: Vec<Printed>, now: Time) -> Vec<Event> {
        let mut changed = BTreeSet::new();
        for Printed { outlet, headline, link, published } in printed {
            let Some(Outlet { paper, .. }) = self.outlets.get_mut(&outlet) else { continue };
            let (id, link) = (link.to_string(), link.to_string());
            let (title, summary) = (headline.to_string(), String::new());
            paper.items.insert(0, Item { id, title, link, summary, published });
            paper.items.truncate(ITEMS);
            changed.insert(outlet);
        }
        for outlet in &changed {
            self.print(outlet);
        }
        let Self { schedule, intake, carrier, .. } = self;
        let reports = catch_up_through(schedule, intake, &mut |ask| Ok(carrier.fetch(ask)), now);
        let mut events = Vec::new();
        for news in reports.into_iter().filter_map(|report| report.edition).flat_map(|it| it.news) {
            self.tell(news, now, &mut events);
        }
        events
    }

    fn coverage(&self) -> &BTreeMap<Box<str>, Coverage> {
        &self.coverage
    }
}

impl Carrier {
    /// Asks over the socket. Where that fails, the page is handed over as it lies on its shelf, so
    /// that a machine in trouble plays the same world.
    fn fetch(&self, ask: &Ask) -> Answer {
        let fetched = self.stand.as_ref().and_then(|_| self.client.get(ask, PACKED_MAX).ok());
        fetched.unwrap_or_else(|| self.hand_over(&ask.url))
    }

    fn hand_over(&self, url: &Url) -> Answer {
        let url = url.to_string();
        let page = self.pages.iter().find(|(path, _)| url.ends_with(path.as_str()));
        let (_, page) = page.expect("every feed has a page from the beginning");
        let content_type = Some(page.content_type.clone());
        let head = Head { status: 200, content_type, ..Head::default() };
        Answer { head, body: page.body.clone() }
    }
}

/// A source whose stories are nobody's: whatever shows it says so.
fn marked(outlet: &str) -> String {
    format!("{outlet} (demo)")
}

fn nowhere(path: &str) -> Url {
    Url::parse(&format!("http://127.0.0.1{path}")).expect("the path is one of an address")
}

/// The listed companies as a list of an exchange has them.
fn listing(companies: &[Company]) -> Directory {
    let subject = |company: &Company| {
        let mut subject = Subject::unlisted(Kind::Company, &company.name);
        subject.other_names.push(company.alias.as_str().into());
        subject.lines.push(Line::undated(company.ticker, Exchange::Nasdaq));
        subject
    };
    Directory::new(companies.iter().map(subject).collect())
}

#[cfg(test)]
mod tests;
