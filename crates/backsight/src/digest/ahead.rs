//! Before the open: fresh stories about watched symbols, with the levels at which they would be
//! traded, and what is held.
//!
//! An idea is no signal: the playbook decides in the session, with the chart of that minute. Its
//! levels are those of the policy around the last close.

use backsight_domain::price::Price;
use backsight_domain::session::Session;
use backsight_domain::signal::{Direction, Terms};
use backsight_engine::playbook::news;
use backsight_learning::past::Past;
use backsight_learning::past::press::{Read, Told};
use serde_json::{Value, json};

use super::{last_close, write_held, write_proposals, write_waiting};
use crate::json;
use crate::page::{Cell, Table, Tone};
use crate::sheet::Sheet;
use crate::words;

/// Ideas that are told, the clearest first.
const IDEAS: usize = 10;
/// Candidates of discovery that are told.
const CANDIDATES: usize = 5;
/// What a reading must come to, of -1 to 1, to be an idea.
const CLEAR: f64 = 0.1;

/// A story that may be traded.
struct Idea<'p> {
    read: &'p Read,
    told: &'p Told,
    direction: Direction,
    price: Price,
    terms: Terms,
}

/// Makes the digest before a session's open.
pub(super) fn write(past: &Past, session: Session) -> (Sheet, Value) {
    let mut sheet = Sheet::new(format!("Before the open of {}", session.date()));
    let opens = format!(
        "{} New York{}",
        words::time_of_day(session.open()),
        if session.is_half_day() { ", a half day" } else { "" }
    );
    sheet.pair("opens", opens);
    sheet.heading("Ideas");
    let ideas = ideas(past, session);
    write_ideas(&mut sheet, &ideas);
    sheet.heading("Candidates of discovery");
    let candidates = write_candidates(&mut sheet, past, session);
    sheet.heading("Held over the night");
    let held = write_held(&mut sheet, past, session.open());
    sheet.heading("Waits for you");
    let alerts = write_waiting(&mut sheet, past);
    let proposals = write_proposals(&mut sheet, past, session.open());
    let json = json!({
        "opens": session.open().to_string(),
        "half_day": session.is_half_day(),
        "ideas": ideas.iter().map(Idea::json).collect::<Vec<_>>(),
        "candidates": candidates,
        "held": held,
        "alerts": alerts,
        "proposals": proposals,
    });
    (sheet, json)
}

/// The clearest readings since the session before opened, each story once for each symbol.
fn ideas(past: &Past, session: Session) -> Vec<Idea<'_>> {
    let since = Session::previous(session.date()).open();
    let mut ideas: Vec<Idea<'_>> = Vec::new();
    let read = past.press.readings.iter().rev().filter(|it| it.at <= session.open());
    for read in read.take_while(|it| since <= it.at) {
        let reading = &read.reading;
        let is_known = |idea: &Idea<'_>| {
            let known = &idea.read.reading;
            (known.story, known.ticker) == (reading.story, reading.ticker)
        };
        if reading.sentiment.abs() < CLEAR || ideas.iter().any(is_known) {
            continue;
        }
        let slot = past.tape.slot_of(reading.ticker);
        let price = slot.and_then(|slot| last_close(past, slot, session.date()));
        let (Some(price), Some(told)) = (price, past.press.stories.get(&reading.story)) else {
            continue;
        };
        let up = 0.0 < reading.sentiment;
        let direction = if up { Direction::Long } else { Direction::Short };
        let terms = news::terms(&past.policy().news, direction, price);
        ideas.push(Idea { read, told, direction, price, terms });
    }
    ideas.sort_by(|a, b| b.weight().total_cmp(&a.weight()));
    ideas.truncate(IDEAS);
    ideas
}

impl Idea<'_> {
    /// How clear it is, and how sure the reader.
    fn weight(&self) -> f64 {
        self.read.reading.sentiment.abs() * self.read.reading.confidence
    }

    fn json(&self) -> Value {
        let Self { read, told, direction, price, terms } = self;
        let level = |level: Option<Price>| level.map(json::price);
        json!({
            "symbol": read.reading.ticker.as_str(),
            "direction": direction.to_string(),
            "headline": told.story.headline,
            "source": told.story.source,
            "story": told.story.id,
            "told": told.at.to_string(),
            "copies": told.copies,
            "sentiment": read.reading.sentiment,
            "confidence": read.reading.confidence,
            "price": json::price(*price),
            "entry": level(terms.entry),
            "stop": level(terms.stop),
            "target": level(terms.target),
            "second_target": level(terms.second_target),
        })
    }
}

fn write_ideas(sheet: &mut Sheet, ideas: &[Idea<'_>]) {
    if ideas.is_empty() {
        sheet.words(
            Tone::Dim,
            "No story since the last open is clear enough about a watched symbol.",
        );
        return;
    }
    sheet.words(
        Tone::Dim,
        "Levels are those of the policy around the last close. In the session the chart decides.",
    );
    let columns = ["symbol", "way", ">close", ">entry to", ">stop", ">target", ">then"];
    let level = |level: Option<Price>| level.map_or("-".to_owned(), |it| it.to_string());
    let mut table = Table::new(&columns);
    for Idea { read, direction, price, terms, .. } in ideas {
        let tone = if *direction == Direction::Long { Tone::Good } else { Tone::Bad };
        table.row([
            Cell::toned(Tone::Strong, read.reading.ticker.as_str()),
            Cell::toned(tone, direction.to_string()),
            price.to_string().into(),
            level(terms.entry).into(),
            level(terms.stop).into(),
            level(terms.target).into(),
            level(terms.second_target).into(),
        ]);
    }
    sheet.table(table, "");
    let mut table = Table::new(&["symbol", ">tone", ">sure", "told", "story"]);
    for Idea { read, told, .. } in ideas {
        let copies = match told.copies {
            0 => String::new(),
            copies => format!(", {copies} more"),
        };
        table.row([
            read.reading.ticker.as_str().into(),
            format!("{:+.2}", read.reading.sentiment).into(),
            format!("{:.2}", read.reading.confidence).into(),
            words::short_minute(told.at).into(),
            format!("{} ({}{copies})", told.story.headline, told.story.source).into(),
        ]);
    }
    sheet.table(table, "");
}

fn write_candidates(sheet: &mut Sheet, past: &Past, session: Session) -> Value {
    let runs = past.notices.discoveries.iter().rev();
    let run = runs.clone().find(|(at, _)| *at <= session.open());
    let mut candidates = run.map(|(_, run)| run.candidates.clone()).unwrap_or_default();
    candidates.sort_by(|a, b| b.score.total_cmp(&a.score));
    candidates.truncate(CANDIDATES);
    let mut table = Table::new(&["symbol", ">score", ">found at", ">last close"]);
    let mut rows = Vec::new();
    for candidate in candidates {
        let Some(ticker) = past.tape.ticker(candidate.slot) else { continue };
        let close = last_close(past, candidate.slot, session.date());
        table.row([
            Cell::toned(Tone::Strong, ticker.as_str()),
            format!("{:.2}", candidate.score).into(),
            candidate.price.to_string().into(),
            close.map_or("-".to_owned(), |close| close.to_string()).into(),
        ]);
        rows.push(json!({
            "symbol": ticker.as_str(),
            "score": candidate.score,
            "price": json::price(candidate.price),
            "close": close.map(json::price),
        }));
    }
    sheet.table(table, "Discovery found nothing.");
    rows.into()
}
