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
pub use crate::settings::Problem;
use crate::settings::{self, NAME_MAX, Reader, first, is_name, name_rule};
use crate::url::Url;

/// Minutes between two looks at a feed, at least and at most.
pub const MINUTES: std::ops::RangeInclusive<i64> = 1..=1_440;
/// Minutes where a list does not say.
pub const MINUTES_STANDARD: i64 = 5;

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
        let table = settings::table(text)?;
        let mut reader = Reader::default();
        reader.expect_known(&table, "", &["access", "feed"]);
        let access = reader.section(&table, "access", &["contact", "loopback", "ports"]);
        let guard = reader.guard(&access, Guard::public());
        let contact = read_contact(&mut reader, &access);
        let mut feeds: Vec<Feed> = Vec::new();
        for (index, section) in reader.sections(&table, "feed").iter().enumerate() {
            let at = format!("feed {}", index + 1);
            let Some(feed) = read_feed(&mut reader, &at, section) else { continue };
            if feeds.iter().any(|known| known.name == feed.name) {
                reader.find(&at, format!("a feed before it is called `{}`", feed.name));
            }
            feeds.push(feed);
        }
        if FEEDS_MAX < feeds.len() {
            reader.find("feed", format!("there are more than {FEEDS_MAX}"));
        }
        reader.finish(Self { guard, contact, feeds })
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
    let place = (index, list.feeds.len());
    let kept = settings::without_section(text, "[[feed]]", place, name)?;
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

fn read_contact(reader: &mut Reader, access: &Table) -> Option<Box<str>> {
    let contact = access.get("contact")?;
    let is_plain = |text: &&str| is_name(text) && text.is_ascii();
    let contact = contact.as_str().filter(is_plain);
    if contact.is_none() {
        let problem = format!("must be an address of mail in quotes, of {NAME_MAX} at most");
        reader.find("access: contact", problem);
    }
    contact.map(Into::into)
}

fn read_feed(reader: &mut Reader, at: &str, section: &Table) -> Option<Feed> {
    reader.expect_known(section, at, &["minutes", "name", "url"]);
    let name = reader.name(at, section);
    let url = section.get("url").and_then(Value::as_str).map(Url::parse);
    match &url {
        Some(Ok(_)) => {}
        Some(Err(bad)) => reader.find(&format!("{at}: url"), bad.to_string()),
        None => reader.find(&format!("{at}: url"), "must be an address in quotes"),
    }
    let is_said = section.contains_key("minutes");
    let minutes = reader.number(section, (at, "minutes"), MINUTES);
    let minutes = if is_said { minutes } else { Some(MINUTES_STANDARD) };
    Some(Feed { name: name?, url: url?.ok()?, every: Span::from_minutes(minutes?) })
}

#[cfg(test)]
mod tests;
