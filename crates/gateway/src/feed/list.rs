//! The list of feeds as a file: `feeds.toml`.
//!
//! ```toml
//! [access]
//! ports = [80, 443]
//! loopback = false
//! contact = "name@example.com"
//!
//! [[feed]]
//! name = "Outlet"
//! url = "https://outlet.example/news.xml"
//! minutes = 5
//! ```
//!
//! A person's file is edited as text, section by section, so that its comments stay.

use backsight_domain::time::Span;
use toml::{Table, Value};

use super::schedule::FEEDS_MAX;
use super::{Feed, presets};
use crate::guard::Guard;
use crate::url::Url;

/// Minutes between two looks at a feed, at least and at most.
pub const MINUTES: std::ops::RangeInclusive<i64> = 1..=1_440;
/// Minutes where a list does not say.
pub const MINUTES_STANDARD: i64 = 5;
/// Letters of the longest name, and of the longest contact.
const NAME_MAX: usize = 40;

/// What a desk reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeedList {
    /// Which machines may be asked.
    pub guard: Guard,
    /// Whom a server may write to; some serve nobody who does not say.
    pub contact: Option<Box<str>>,
    /// The feeds, in the order of the file.
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
    /// The list that a desk begins with.
    pub fn standard() -> Self {
        Self { guard: Guard::public(), contact: None, feeds: presets::feeds(presets::STANDARD) }
    }

    /// Reads a file.
    ///
    /// # Errors
    /// Lists every problem.
    pub fn parse(text: &str) -> Result<Self, Vec<Problem>> {
        let table: Table = text.parse().map_err(|fault: toml::de::Error| {
            vec![Problem { at: "the file".to_owned(), problem: fault.to_string() }]
        })?;
        let mut reader = Reader { problems: Vec::new() };
        reader.expect_known(&table, "", &["access", "feed"]);
        let access = reader.access(&table);
        let guard = reader.guard(&access);
        let contact = reader.contact(&access);
        let mut feeds: Vec<Feed> = Vec::new();
        for (index, section) in reader.sections(&table).iter().enumerate() {
            let at = format!("feed {}", index + 1);
            let Some(feed) = reader.feed(&at, section) else { continue };
            if feeds.iter().any(|known| known.name == feed.name) {
                reader.find(&at, format!("a feed before it is called `{}`", feed.name));
            }
            feeds.push(feed);
        }
        if FEEDS_MAX < feeds.len() {
            reader.find("feed", format!("there are more than {FEEDS_MAX}"));
        }
        if reader.problems.is_empty() {
            Ok(Self { guard, contact, feeds })
        } else {
            Err(reader.problems)
        }
    }

    /// The feed of this name.
    pub fn feed(&self, name: &str) -> Option<&Feed> {
        self.feeds.iter().find(|feed| &*feed.name == name)
    }

    /// The whole list as a file, with an explanation at its head.
    pub fn text(&self) -> String {
        let Guard { ports, loopback } = &self.guard;
        let ports: Vec<String> = ports.iter().map(ToString::to_string).collect();
        let contact = match &self.contact {
            Some(contact) => format!("contact = \"{contact}\""),
            None => "# contact = \"name@example.com\"".to_owned(),
        };
        let mut text = format!(
            "# The feeds that a desk reads. `backsight feeds add` and `remove` edit this file and\n\
             # leave the rest of it as it is; `backsight feeds test NAME` reads one.\n\n\
             [access]\n\
             ports = [{}]  # of public machines that may be asked\n\
             loopback = {loopback}  # whether this machine itself may be asked, at any port\n\
             {contact}  # told to every server; the SEC serves nobody without one\n",
            ports.join(", "),
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
        return Err(Problem { at: format!("`{}`", feed.name), problem: name_rule() });
    }
    if FeedList::parse(text).map_err(first)?.feed(&feed.name).is_some() {
        let problem = "a feed is called so already; remove it first".to_owned();
        return Err(Problem { at: format!("`{}`", feed.name), problem });
    }
    let text = format!("{}\n{}", text.trim_end(), section(feed));
    FeedList::parse(&text).map(|_| text).map_err(first)
}

/// A file without a feed; `None` when it has none of this name.
///
/// # Errors
/// Fails when the section of the feed cannot be found or taken out.
pub fn without(text: &str, name: &str) -> Result<Option<String>, Problem> {
    let list = FeedList::parse(text).map_err(first)?;
    let Some(index) = list.feeds.iter().position(|feed| &*feed.name == name) else {
        return Ok(None);
    };
    let lines: Vec<&str> = text.lines().collect();
    let is_head = |line: &str| line.trim_start().starts_with("[[feed]]");
    let heads: Vec<usize> = (0..lines.len()).filter(|at| is_head(lines[*at])).collect();
    if heads.len() != list.feeds.len() {
        let problem = "it is not written as a section of its own; take it out by hand".to_owned();
        return Err(Problem { at: format!("`{name}`"), problem });
    }
    let start = heads[index];
    let next = lines[start + 1..].iter().position(|line| line.trim_start().starts_with('['));
    let mut end = next.map_or(lines.len(), |next| start + 1 + next);
    // What stands right before the next section is about that one.
    let is_spare = |line: &str| line.trim().is_empty() || line.trim_start().starts_with('#');
    while end < lines.len() && is_spare(lines[end - 1]) {
        end -= 1;
    }
    let kept =
        [&lines[..start], lines[end..].strip_prefix(&[""]).unwrap_or(&lines[end..])].concat();
    let kept = format!("{}\n", kept.join("\n").trim_end());
    match FeedList::parse(&kept).map_err(first)? {
        rest if rest.feeds.len() + 1 == list.feeds.len() && rest.feed(name).is_none() => {
            Ok(Some(kept))
        }
        _ => unreachable!("the sections are the feeds, in their order"),
    }
}

fn section(feed: &Feed) -> String {
    let Feed { name, url, every } = feed;
    let minutes = every.minutes_floor();
    format!("\n[[feed]]\nname = \"{name}\"\nurl = \"{url}\"\nminutes = {minutes}\n")
}

fn first(problems: Vec<Problem>) -> Problem {
    problems.into_iter().next().expect("a file that is refused has a problem")
}

/// Whether a text can name a feed: it needs no escape in the file and fits a column.
pub(super) fn is_name(text: &str) -> bool {
    let is_letter = |letter: char| !letter.is_control() && !"\"\\`".contains(letter);
    !text.is_empty()
        && text.trim() == text
        && text.chars().count() <= NAME_MAX
        && text.chars().all(is_letter)
}

fn name_rule() -> String {
    format!("a name has 1 to {NAME_MAX} letters, none of them a quote or a backslash")
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
            let place = if at.is_empty() { key.clone() } else { format!("{at}: {key}") };
            self.find(&place, format!("no such setting; known are {}", known.join(", ")));
        }
    }

    fn access(&mut self, table: &Table) -> Table {
        match table.get("access") {
            None => Table::new(),
            Some(Value::Table(section)) => {
                self.expect_known(section, "access", &["contact", "loopback", "ports"]);
                section.clone()
            }
            Some(_) => {
                self.find("access", "must be a section, written [access]");
                Table::new()
            }
        }
    }

    fn sections(&mut self, table: &Table) -> Vec<Table> {
        let rows = match table.get("feed") {
            None => return Vec::new(),
            Some(Value::Array(rows)) => rows.iter().map(|row| row.as_table().cloned()).collect(),
            Some(_) => None,
        };
        let rows: Option<Vec<Table>> = rows;
        if rows.is_none() {
            self.find("feed", "must be sections, each written [[feed]]");
        }
        rows.unwrap_or_default()
    }

    fn guard(&mut self, access: &Table) -> Guard {
        let mut guard = Guard::public();
        match access.get("loopback").map(Value::as_bool) {
            None => {}
            Some(Some(loopback)) => guard.loopback = loopback,
            Some(None) => self.find("access: loopback", "must be true or false"),
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
                self.find("access: ports", "must be a list of numbers from 1 to 65535: [80, 443]");
            }
        }
        guard
    }

    fn contact(&mut self, access: &Table) -> Option<Box<str>> {
        let contact = access.get("contact")?;
        let is_plain = |text: &&str| is_name(text) && text.is_ascii();
        let contact = contact.as_str().filter(is_plain);
        if contact.is_none() {
            let problem = format!("must be an address of mail in quotes, of {NAME_MAX} at most");
            self.find("access: contact", problem);
        }
        contact.map(Into::into)
    }

    fn feed(&mut self, at: &str, section: &Table) -> Option<Feed> {
        self.expect_known(section, at, &["minutes", "name", "url"]);
        let name = section.get("name").and_then(Value::as_str).filter(|name| is_name(name));
        if name.is_none() {
            self.find(&format!("{at}: name"), name_rule());
        }
        let url = section.get("url").and_then(Value::as_str).map(Url::parse);
        match &url {
            Some(Ok(_)) => {}
            Some(Err(bad)) => self.find(&format!("{at}: url"), bad.to_string()),
            None => self.find(&format!("{at}: url"), "must be an address in quotes"),
        }
        let minutes = match section.get("minutes").map(Value::as_integer) {
            None => Some(MINUTES_STANDARD),
            Some(minutes) => minutes.filter(|minutes| MINUTES.contains(minutes)),
        };
        if minutes.is_none() {
            let (least, most) = (MINUTES.start(), MINUTES.end());
            let problem = format!("must be a whole number from {least} to {most}");
            self.find(&format!("{at}: minutes"), problem);
        }
        Some(Feed { name: name?.into(), url: url?.ok()?, every: Span::from_minutes(minutes?) })
    }
}

#[cfg(test)]
mod tests;
