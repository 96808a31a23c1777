//! Lists of feeds that come with the program, read from the table that `reading` carries.
//!
//! Addresses are as the outlets published them. An outlet may move or end its feed at any time, and
//! `backsight feeds test` tells.

use std::collections::BTreeSet;

use backsight_domain::time::Span;
use backsight_reading::feed::LISTED;
use toml::{Table, Value};

use super::Feed;
use super::list::MINUTES_STANDARD;
use crate::url::Url;

/// The list that a desk begins with.
pub const STANDARD: &str = "default";

/// The names of all lists, the one that a desk begins with first.
pub fn names() -> Vec<String> {
    let rows = rows();
    let names: BTreeSet<&str> = rows.iter().flat_map(lists).collect();
    let others = names.into_iter().filter(|name| *name != STANDARD);
    [STANDARD].into_iter().chain(others).map(str::to_owned).collect()
}

/// The feeds of a list; none when there is no such list.
pub fn feeds(list: &str) -> Vec<Feed> {
    let rows = rows();
    rows.iter().filter(|row| lists(row).any(|name| name == list)).map(feed).collect()
}

const GOOD: &str = "the table that comes with the program is a good one";

fn rows() -> Vec<Table> {
    let mut table: Table = LISTED.parse().expect(GOOD);
    table.remove("feed").and_then(|rows| rows.try_into().ok()).expect(GOOD)
}

fn lists(row: &Table) -> impl Iterator<Item = &str> {
    row["lists"].as_array().expect(GOOD).iter().map(|name| name.as_str().expect(GOOD))
}

fn feed(row: &Table) -> Feed {
    let text = |key: &str| row.get(key).and_then(Value::as_str).expect(GOOD);
    let url = Url::parse(text("url")).expect(GOOD);
    Feed { name: text("name").into(), url, every: Span::from_minutes(MINUTES_STANDARD) }
}
