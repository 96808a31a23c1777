//! The list of feeds as a file: `feeds.toml`.
//!
//! ```toml
//! [access]
//! ports = [80, 443]
//! loopback = false
//!
//! [feeds.outlet]
//! url = "https://outlet.example/news.xml"
//! minutes = 5
//! ```
//!
//! A person's file is edited as text, section by section, so that its comments stay.

use std::fmt::Write;

use backsight_domain::time::Span;
use toml::{Table, Value};

use super::Feed;
use super::schedule::FEEDS_MAX;
use crate::guard::Guard;
use crate::url::Url;

/// Minutes between two looks at a feed, at least and at most.
pub const MINUTES: std::ops::RangeInclusive<i64> = 1..=1_440;
/// Minutes where a list does not say.
pub const MINUTES_STANDARD: i64 = 5;
/// Letters of the longest name.
const NAME_MAX: usize = 32;

/// What a desk reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeedList {
    /// Which machines may be asked.
    pub guard: Guard,
    /// The feeds, by name.
    pub feeds: Vec<Feed>,
}

/// Something in the file that cannot be right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where.
    pub at: String,
    /// What, and what would be right.
    pub problem: String,
}

impl FeedList {
    /// Reads a file.
    ///
    /// # Errors
    /// Lists every problem.
    pub fn parse(text: &str) -> Result<Self, Vec<Problem>> {
        let table: Table = text.parse().map_err(|fault: toml::de::Error| {
            vec![Problem { at: "the file".to_owned(), problem: fault.to_string() }]
        })?;
        let mut reader = Reader { problems: Vec::new() };
        reader.expect_known(&table, "", &["access", "feeds"]);
        let access = reader.section(&table, "access");
        let guard = reader.guard(&access);
        let sections = reader.section(&table, "feeds");
        let mut feeds = Vec::new();
        for name in sections.keys() {
            let section = reader.section_at(&sections, name, &format!("feeds.{name}"));
            feeds.extend(reader.feed(name, &section));
        }
        if FEEDS_MAX < sections.len() {
            reader.find("feeds", format!("there are more than {FEEDS_MAX} feeds"));
        }
        if reader.problems.is_empty() { Ok(Self { guard, feeds }) } else { Err(reader.problems) }
    }

    /// The feed of this name.
    pub fn feed(&self, name: &str) -> Option<&Feed> {
        self.feeds.iter().find(|feed| &*feed.name == name)
    }

    /// The whole list as a file, with an explanation at its head.
    pub fn text(&self) -> String {
        let ports: Vec<String> = self.guard.ports.iter().map(ToString::to_string).collect();
        let mut text = format!(
            "# The feeds that a desk reads. `backsight feeds add` and `remove` edit this file and\n\
             # leave the rest of it as it is; `backsight feeds test NAME` reads one.\n\n\
             [access]\n\
             ports = [{}]  # of public machines that may be asked\n\
             loopback = {}  # whether this machine itself may be asked, at any port\n",
            ports.join(", "),
            self.guard.loopback,
        );
        for feed in &self.feeds {
            text.push_str(&section(feed));
        }
        text
    }
}

/// A file with one feed more.
///
/// # Errors
/// Fails when the name is taken or none, or the file would not be read any more.
pub fn with(text: &str, feed: &Feed) -> Result<String, Problem> {
    if !is_name(&feed.name) {
        return Err(bad_name(&feed.name));
    }
    let list = FeedList::parse(text).map_err(first)?;
    if list.feed(&feed.name).is_some() {
        let problem = format!("a feed is called `{}` already; remove it first", feed.name);
        return Err(Problem { at: format!("feeds.{}", feed.name), problem });
    }
    let text = format!("{}\n{}", text.trim_end(), section(feed));
    FeedList::parse(&text).map(|_| text).map_err(first)
}

/// A file without a feed; `None` when it has none of this name.
///
/// # Errors
/// Fails when the section of the feed cannot be found or taken out.
pub fn without(text: &str, name: &str) -> Result<Option<String>, Problem> {
    if FeedList::parse(text).map_err(first)?.feed(name).is_none() {
        return Ok(None);
    }
    let is_head = |line: &str| {
        let inner = line.trim().strip_prefix('[').and_then(|rest| rest.split_once(']'));
        inner.is_some_and(|(inner, _)| {
            inner.replace(['"', '\'', ' '], "") == format!("feeds.{name}")
        })
    };
    let mut kept = String::new();
    let mut is_inside = false;
    for line in text.lines() {
        if line.trim_start().starts_with('[') {
            is_inside = is_head(line);
        }
        if !is_inside {
            kept.push_str(line);
            kept.push('\n');
        }
    }
    let is_out = FeedList::parse(&kept).map_err(first)?.feed(name).is_none();
    let problem = "it is not written as a section of its own; take it out by hand".to_owned();
    if is_out { Ok(Some(kept)) } else { Err(Problem { at: format!("feeds.{name}"), problem }) }
}

fn section(feed: &Feed) -> String {
    let Feed { name, url, every } = feed;
    let mut text = String::new();
    let minutes = every.minutes_floor();
    write!(text, "\n[feeds.{name}]\nurl = \"{url}\"\nminutes = {minutes}\n")
        .expect("writing to a string cannot fail");
    text
}

fn first(problems: Vec<Problem>) -> Problem {
    problems.into_iter().next().expect("a file that is refused has a problem")
}

/// Whether a text can name a feed: it is a bare key of the file and fits a column.
fn is_name(text: &str) -> bool {
    let is_letter = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    !text.is_empty() && text.len() <= NAME_MAX && text.bytes().all(is_letter)
}

fn bad_name(name: &str) -> Problem {
    let problem = format!("a name has 1 to {NAME_MAX} letters of a-z, 0-9 and -");
    Problem { at: format!("feeds.{name}"), problem }
}

/// Collects every problem on the way.
struct Reader {
    problems: Vec<Problem>,
}

impl Reader {
    fn find(&mut self, at: &str, problem: impl Into<String>) {
        self.problems.push(Problem { at: at.to_owned(), problem: problem.into() });
    }

    fn expect_known(&mut self, table: &Table, at: &str, known: &[&str]) {
        for key in table.keys().filter(|key| !known.contains(&key.as_str())) {
            let place = if at.is_empty() { key.clone() } else { format!("{at}.{key}") };
            self.find(&place, format!("no such setting; known are {}", known.join(", ")));
        }
    }

    fn section(&mut self, table: &Table, name: &str) -> Table {
        self.section_at(table, name, name)
    }

    fn section_at(&mut self, table: &Table, name: &str, at: &str) -> Table {
        match table.get(name) {
            None => Table::new(),
            Some(Value::Table(section)) => section.clone(),
            Some(_) => {
                self.find(at, format!("must be a section, written [{at}]"));
                Table::new()
            }
        }
    }

    fn guard(&mut self, access: &Table) -> Guard {
        self.expect_known(access, "access", &["loopback", "ports"]);
        let mut guard = Guard::public();
        match access.get("loopback").map(Value::as_bool) {
            None => {}
            Some(Some(loopback)) => guard.loopback = loopback,
            Some(None) => self.find("access.loopback", "must be true or false"),
        }
        let port = |value: &Value| {
            let number = value.as_integer().and_then(|number| u16::try_from(number).ok());
            number.filter(|port| *port != 0)
        };
        let ports = access.get("ports").map(|ports| ports.as_array().map(Vec::as_slice));
        match ports.map(|ports| ports?.iter().map(port).collect::<Option<Box<[u16]>>>()) {
            None => {}
            Some(Some(ports)) => guard.ports = ports,
            Some(None) => {
                self.find("access.ports", "must be a list of numbers from 1 to 65535: [80, 443]");
            }
        }
        guard
    }

    fn feed(&mut self, name: &str, section: &Table) -> Option<Feed> {
        let at = |key: &str| format!("feeds.{name}.{key}");
        self.expect_known(section, &format!("feeds.{name}"), &["minutes", "url"]);
        if !is_name(name) {
            self.problems.push(bad_name(name));
        }
        let url = section.get("url").and_then(Value::as_str).map(Url::parse);
        match &url {
            Some(Ok(_)) => {}
            Some(Err(bad)) => self.find(&at("url"), bad.to_string()),
            None => self.find(&at("url"), "must be an address in quotes"),
        }
        let minutes = match section.get("minutes").map(Value::as_integer) {
            None => Some(MINUTES_STANDARD),
            Some(minutes) => minutes.filter(|minutes| MINUTES.contains(minutes)),
        };
        if minutes.is_none() {
            let (least, most) = (MINUTES.start(), MINUTES.end());
            self.find(&at("minutes"), format!("must be a whole number from {least} to {most}"));
        }
        Some(Feed { name: name.into(), url: url?.ok()?, every: Span::from_minutes(minutes?) })
    }
}

#[cfg(test)]
mod tests;
