//! `learn`: what the desk's own past says, part by part.
//!
//! Without a part it is one page: what trades and refusals came to, how calibrated the confidence
//! is, what is unusual, and what can be said at all. Each part has a page of its own.

mod calibration;
mod dips;
mod finds;
mod health;
mod memory;
mod reaction;
pub(crate) mod readiness;
mod reports;

use backsight_learning::outcome;
use backsight_learning::past::Past;
use backsight_learning::reports::Question;
use backsight_learning::sample::{Calendar, Sample, Saying};
use serde_json::{Map, Value, json};

use crate::answer::{Answer, Failure};
use crate::cli::Learn;
use crate::command::{Context, status};
use crate::json;
use crate::page::{Page, Paint, Table, Tone};
use crate::view;
use crate::words;

pub(crate) use self::health::alert_json;

/// The parts by name, in the order of the summary.
pub(crate) const PARTS: [&str; 14] = [
    "playbook",
    "confidence",
    "sentiment",
    "volume",
    "instrument",
    "time",
    "exit",
    "regime",
    "calibration",
    "reaction",
    "finds",
    "dips",
    "memory",
    "health",
];

/// What every part is told from.
struct Look<'p> {
    past: &'p Past,
    calendar: Calendar,
}

/// Tells what the past says.
pub(crate) fn run(context: &Context, wish: &Learn) -> Result<Answer, Failure> {
    if !context.home.has_journal() {
        return Ok(status::no_desk(context));
    }
    let past = view::past(&context.home)?;
    let look = Look { past: &past, calendar: Calendar::of(&past) };
    let mut page = context.page();
    let json = match &wish.part {
        Some(part) => json!({ part.as_str(): write_part(&mut page, &look, part) }),
        None if context.output.json => every_part(&look),
        None => write_summary(&mut page, &look),
    };
    Ok(Answer::fine(page, json))
}

fn write_part(page: &mut Page, look: &Look<'_>, part: &str) -> Value {
    let value = match part {
        "calibration" => calibration::write(page, look),
        "reaction" => reaction::write(page, look),
        "finds" => finds::write(page, look),
        "dips" => dips::write(page, look),
        "memory" => memory::write(page, look),
        "health" => health::write(page, look),
        question => reports::write(page, look, question_of(question)),
    };
    page.blank();
    page.line(Tone::Dim, "\"12 more\": how many results are missing before anything is said.");
    value
}

fn question_of(name: &str) -> Question {
    let mut questions = Question::ALL.into_iter();
    let asked = questions.find(|question| question.to_string() == name);
    asked.expect("the command line knows the names of the parts")
}

/// Everything, for a program.
fn every_part(look: &Look<'_>) -> Value {
    let mut unseen = Page::new(Paint::Plain);
    let parts = PARTS.map(|part| (part.to_owned(), write_part(&mut unseen, look, part)));
    let (trades, ghosts) = whole(look);
    json!({
        "sessions": look.calendar.len(),
        "signals": look.past.history.signals.len(),
        "forgotten": look.past.history.forgotten,
        "trades": json::sample(&trades),
        "ghosts": json::sample(&ghosts),
        "parts": parts.into_iter().collect::<Map<_, _>>(),
    })
}

/// What matters most, for a person.
fn write_summary(page: &mut Page, look: &Look<'_>) -> Value {
    let (trades, ghosts) = whole(look);
    write_whole(page, look, &trades, &ghosts);
    calibration::write_short(page, look);
    health::write_short(page, look);
    page.heading("More");
    page.line(Tone::Dim, "backsight learn --now: try other settings on the recorded past");
    page.line(Tone::Dim, "backsight learn --readiness: whether it speaks for real money");
    page.words(Tone::Dim, &format!("backsight learn PART, with PART one of {}", PARTS.join(", ")));
    page.line(Tone::Dim, "backsight gates: what each refusal was worth    backsight missed");
    Value::Null
}

/// All trades, and all ghosts one for each episode.
fn whole(look: &Look<'_>) -> (Sample, Sample) {
    let history = &look.past.history;
    let sample = |cases: Vec<outcome::Case<'_>>| {
        let results = cases.iter().map(|case| (case.session(), case.outcome.r_multiple));
        look.calendar.sample(results.collect::<Vec<_>>())
    };
    (sample(outcome::trades(history).collect()), sample(outcome::ghosts(history)))
}

fn write_whole(page: &mut Page, look: &Look<'_>, trades: &Sample, ghosts: &Sample) {
    let sessions = look.calendar.len();
    page.heading(&format!("Looking back on {sessions} sessions, in units of the risk (R)"));
    let columns = ["", ">ended", ">won", ">payoff", ">R each", "95 in 100", "so they"];
    let mut table = Table::new(&columns);
    for (name, sample) in [("trades", trades), ("ghosts, one an episode", ghosts)] {
        table.row([
            name.into(),
            words::count(sample.record.count).into(),
            words::share(sample.record.wins, sample.record.count).into(),
            words::ratio(sample.record.payoff).into(),
            words::expectancy(sample),
            words::interval(sample.interval).into(),
            words::saying_cell(sample),
        ]);
    }
    page.table(&table);
    page.blank();
    page.words(Tone::Plain, &sentence(trades));
    let forgotten = look.past.history.forgotten;
    if 0 < forgotten {
        let sentence = format!(
            "The oldest {} signals are forgotten, for there were more than are kept.",
            words::count(forgotten)
        );
        page.words(Tone::Dim, &sentence);
    }
}

/// What the trades let one say, in a sentence.
fn sentence(trades: &Sample) -> String {
    match trades.says() {
        Saying::Nothing(more) => {
            format!("Nothing can be said of the trades yet: {more} more must close.")
        }
        Saying::FewSessions => {
            "Nothing can be said of the trades yet: they came on too few sessions.".to_owned()
        }
        Saying::Unclear => "The trades may have gained or lost by chance: the interval of what \
                            each made holds zero."
            .to_owned(),
        Saying::Gains => "The trades gained, by more than chance explains.".to_owned(),
        Saying::Loses => "The trades lost, by more than chance explains.".to_owned(),
    }
}
